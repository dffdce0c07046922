import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { acting } from '../acting.ts'
import { testServer } from '../support.ts'
import { browserTest, fits, launch } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What a page of other colours alone can break. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block']
/** A page is looked at in each, without being asked for anew. */
const LOOKS = [
  [320, 'light'],
  [320, 'dark'],
  [1440, 'dark'],
  [1440, 'light'],
] as const

/** Holds the page that is open to axe, in each look. */
async function holdToAxe(t: Test, page: Page, path: string): Promise<void> {
  await page.evaluate(AXE)
  for (const [width, colorScheme] of LOOKS) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    const runOnly = colorScheme === 'light' ? RULES : { type: 'rule', values: RULES_OF_COLOUR }
    const results: AxeResults = await page.evaluate(
      `axe.run(${JSON.stringify({ runOnly, resultTypes: ['violations'] })})`,
    )
    for (const { id, help, nodes } of results.violations)
      t.fail(`${path} ${width} ${colorScheme} ${id}: ${help}`, { nodes: nodes.map(({ html }) => html) })
    t.ok(await fits(page), `${path} ${width} ${colorScheme}`)
  }
}

t.test('axe finds nothing on any page, light and dark, narrow and wide', browserTest, async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const { items } = server.registry.listings.list({ on: '2026-11-24' }, undefined, 1)
  const [bulletin] = server.registry.bulletins.issued()
  const form = new FormData()
  form.set('list', '示例建筑扣件铸造厂\n没有这家\n91130283DEM0000301')
  const checked = await fetch(`${url}/check`, { method: 'POST', body: form })
  const pages = [
    ...[
      '/',
      '/search?q=示例',
      '/search?q=没有这样的名称',
      '/enterprises/DEM000030',
      '/enterprises/DEM000014',
    ],
    ...['/enterprises/DEM000030/print', '/enterprises/DEM000014?asOf=2026-11-23', '/nothing/here'],
    ...['/blacklist', `/blacklist/${items[0]?.id}`, '/bulletins', `/bulletins/${bulletin?.id}`, '/honours'],
    ...['/check', new URL(checked.url).pathname, '/check/record', '/check/unknown'],
    ...['/statistics', '/statistics/pass-rates', '/statistics/pass-rates?by=month', '/statistics/grades'],
    ...['/rules', '/rules/four-grades', '/rules/order-44', '/open-data', '/rights', '/privacy'],
    ...['/accessibility', '/changes', '/en', '/en/enterprises/DEM000030', '/en/rules'],
  ]
  const browser = await launch(t)
  const page = await (await browser.newContext({ bypassCSP: true })).newPage()
  for (const path of pages) {
    await page.goto(`${url}${path}`)
    await holdToAxe(t, page, path)
  }
})

t.test('the desk too, signed in', browserTest, async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const author = { authority: '系统', officer: '测试' }
  const account = { name: '张三', authority: '河北省市场监督管理局' }
  const [first, password] = ['first quiet elephants', 'seven quiet elephants']
  const duties = ['recorder', 'reviewer', 'publisher', 'auditor'] as const
  for (const [login, roles] of [
    ['zhangsan', [...duties]],
    ['admin', ['administrator' as const]],
  ] as const) {
    await server.registry.officers.create(
      { ...account, login, staffNo: login, roles: [...roles], password: first },
      author,
    )
    await server.registry.officers.setPassword(login, password, { author, first: false })
  }
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launch(t)
  const dossier = server.registry.files.byCode('DEM000030')
  const [record] = dossier.records
  const penalty = dossier.records.find(({ type }) => type === 'penalty')
  const [own] = dossier.cases
  const actor = { id: 'officer/lisi', authority: account.authority, officer: '李四' }
  const by = (command: string) => ({ actor, command })
  const { registry } = server
  const begun = await registry.acts.perform(
    registry.acts.named('start-campaign'),
    {},
    { standard: { id: 'four-grades' } },
    by('campaign'),
  )
  const campaign = { id: begun.subject.slice('campaign/'.length) }
  await registry.campaigns.settled()
  const period = { from: '2026-01-01', to: '2026-11-24' }
  const drawn = await registry.acts.perform(
    registry.acts.named('begin-draw'),
    {},
    {
      name: '抽查',
      commitment: 'a'.repeat(64),
      group: 'wood-panel',
      level: '省',
      period,
      rates: { A: 1, B: 1, C: 1, AA: 1 },
      inspectors: ['张三'],
      inspectorsEach: 1,
    },
    by('draw'),
  )
  const draw = { id: drawn.subject.slice('draw/'.length) }
  const drafted = await registry.acts.perform(
    registry.acts.named('draft-bulletin'),
    {},
    period,
    by('bulletin'),
  )
  const bulletin = { id: drafted.made }
  const about = { kind: 'record', id: record?.id ?? '' } as const
  const objection = await acting(registry).object(
    'DEM000030',
    { about, on: '2026-11-20', grounds: '有误' },
    by('objection'),
  )
  async function signedIn(login: string) {
    const page = await (await browser.newContext({ bypassCSP: true })).newPage()
    await page.goto(`${url}/desk`)
    await page.getByLabel('账号').fill(login)
    await page.getByLabel('密码').fill(password)
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '登录' }).click()])
    return page
  }
  async function checkedAt(page: Page, path: string) {
    const answer = await page.goto(`${url}${path}`)
    t.equal(answer?.status(), path === '/desk/nothing' ? 404 : 200, path)
    await holdToAxe(t, page, path)
  }
  const page = await signedIn('zhangsan')
  const administrator = await signedIn('admin')
  await page.goto(`${url}/desk/imports`)
  await page.getByLabel('内容').selectOption('inspection')
  const table =
    '组织机构代码,检查类别,检查日期,检查机关,检查结果,其他\nDEM000030,日常巡查,2026-13-01,局,合格,x\n'
  await page
    .getByLabel('文件')
    .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(table) })
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '上传并核对' }).click()])
  const imported = new URL(page.url()).pathname
  for (const path of [
    ...[
      '/desk',
      '/desk/new',
      '/desk/new/inspection',
      '/desk/new/penalty?code=DEM000030',
      '/desk/find?q=示例',
    ],
    ...['/desk/enterprises/DEM000030', `/desk/enterprises/DEM000030/records/${record?.id}/correct`],
    ...['/desk/enterprises/DEM000030/change', '/desk/account', '/desk/sign-in', '/desk/nothing'],
    ...[
      '/desk?what=inspection',
      '/desk/new-file',
      '/desk/imports',
      imported,
      '/desk/enterprises/DEM000030/differences',
    ],
    ...['/desk/acts/withdraw-file?code=DEM000030', '/desk/acts/file-objection?code=DEM000030'],
    `/desk/enterprises/DEM000030/objections/${objection.id}`,
    `/desk/enterprises/DEM000030/records/${penalty?.id}/early-end`,
    `/desk/enterprises/DEM000030/records/${record?.id}/withdraw`,
    ...[
      '/desk/cases',
      '/desk/cases/candidates',
      '/desk/acts/propose-listing?code=DEM000030',
      `/desk/cases/${own?.id}`,
    ],
    `/desk/cases/${own?.id}/documents/decision`,
    ...[
      '/desk/bulletins',
      `/desk/bulletins/${bulletin.id}`,
      '/desk/campaigns',
      `/desk/campaigns/${campaign.id}`,
    ],
    ...[
      '/desk/standards',
      '/desk/standards/four-grades',
      '/desk/rule-sets',
      '/desk/rule-sets/order-44',
      '/desk/supervision',
      '/desk/supervision/follow-ups',
    ],
    ...['/desk/supervision/renewals', '/desk/supervision/scheme', '/desk/supervision/draws'],
    `/desk/supervision/draws/${draw.id}`,
    ...['/desk/reports/coverage', '/desk/reports/grades', '/desk/reports/indicators', '/desk/audit'],
    ...['/desk/audit/accesses', '/desk/system'],
  ]) {
    await checkedAt(page, path)
  }
  for (const path of ['/desk/officers', '/desk/officers/zhangsan', '/desk/keys'])
    await checkedAt(administrator, path)
})

t.test('text at twice its size, on the narrowest screen, loses nothing', browserTest, async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launch(t)
  const context = await browser.newContext({ viewport: { width: 640, height: 900 }, bypassCSP: true })
  const page = await context.newPage()
  for (const path of [
    '/',
    '/enterprises/DEM000030',
    '/blacklist',
    '/check',
    '/search?q=示例',
    '/rules/four-grades',
  ]) {
    await page.goto(`${url}${path}`)
    await page.addStyleTag({ content: 'html { font-size: 34px } * { font-size: 34px !important }' })
    t.ok(await fits(page), path)
  }
})
