import type { Browser, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { Role } from '../../src/authority/roles.ts'
import { loadDemo } from '../../src/demo/demo.ts'
import { openAuthority, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'
import { browserTest, launch, openPage } from './browser.ts'

const PASSWORD = 'seven quiet elephants'
const author = { authority: '系统', officer: '测试' }
const VIEWPORT = { viewport: { width: 1280, height: 900 } }

interface Desk {
  server: TestServer
  url: string
  browser: Browser
  as(login: string, name: string, roles: Role[], authority?: string): Promise<Page>
}

async function desk(t: Test): Promise<Desk> {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launch(t)
  return {
    server,
    url,
    browser,
    async as(login, name, roles, authority = '河北省市场监督管理局') {
      const account = { login, name, authority, roles, staffNo: login }
      await openAuthority(server, authority)
      await server.registry.officers.create({ ...account, password: 'first quiet elephants' }, author)
      await server.registry.officers.setPassword(login, PASSWORD, { author, first: false })
      const page = await openPage(t, browser, `${url}/desk`, VIEWPORT)
      await signIn(page, login)
      return page
    },
  }
}

async function signIn(page: Page, login: string): Promise<void> {
  await page.getByLabel('账号').fill(login)
  await page.getByLabel('密码').fill(PASSWORD)
  await press(page, '登录')
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).first().click()])
}

async function follow(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name }).first().click()])
}

const words = (page: Page) => page.locator('main').innerText()

t.test('a correction by keyboard alone, checked while typing', browserTest, async (t) => {
  const { as, url, server } = await desk(t)
  const page = await as('zhangsan', '张三', ['recorder'], '演示数据')
  const { keyboard } = page
  const file = () => server.registry.files.byCode('DEM000030')
  const record = file().records.find(({ type }) => type === 'inspection')
  await page.goto(`${url}/desk`)
  await keyboard.press('?')
  t.match(await page.getByRole('dialog').innerText(), /登记检查/)
  await keyboard.press('Escape')
  await keyboard.press('/')
  await keyboard.type('jianzhukoujian')
  await page.getByRole('option').first().waitFor()
  await keyboard.press('ArrowDown')
  await Promise.all([page.waitForEvent('load'), keyboard.press('Enter')])
  t.match(await page.locator('h1').innerText(), /示例建筑扣件铸造厂/)
  await page.locator(`#r-${record?.id}`).getByRole('link', { name: '更正' }).focus()
  await Promise.all([page.waitForEvent('load'), keyboard.press('Enter')])
  await page.getByLabel('不合格项目数').focus()
  await keyboard.type('99')
  await keyboard.press('Tab')
  await page.locator('#itemsFailed-fault').waitFor()
  t.match(await page.locator('#itemsFailed-fault').innerText(), /多于检验项目数/, 'as the server would say')
  t.match(await page.locator('.was').innerText(), /原为：0/, 'and what stood before')
  await page.getByLabel('不合格项目数').fill('2')
  await keyboard.press('Tab')
  await page.locator('#itemsFailed-fault').waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: /^原因/ }).focus()
  await keyboard.type('抄错了项目数')
  await Promise.all([page.waitForEvent('load'), keyboard.press('Control+Enter')])
  t.match(await words(page), /已提请，等待另一人确认/, 'it is public: a second person looks at it')
  t.match(await words(page), /不合格项目数\s+0\s+2[\s\S]*您不能确认/)
  const publisher = await as('lisi', '李四', ['publisher'], '演示数据')
  await publisher.goto(page.url())
  await press(publisher, '确认')
  await page.goto(`${url}/desk/enterprises/DEM000030`)
  t.match(await words(page), /更正“监管动态 省级监督抽查 2026-\d\d-\d\d”[\s\S]*原因：抄错了项目数/)
  t.match(file().records.find(({ id }) => id === record?.id)?.data, { itemsFailed: 2 })
})

t.test(
  'the network goes away in mid-form, then the session: nothing typed is lost',
  browserTest,
  async (t) => {
    const { as, url, server } = await desk(t)
    const page = await as('zhangsan', '张三', ['recorder'])
    const context = page.context()
    const form = `${url}/desk/new/inspection?code=DEM000030`
    await page.goto(form)
    await page.getByLabel('产品名称').fill('打了一半的产品')
    await page.getByLabel('检查类别').selectOption('日常巡查')
    await page.getByLabel('检查结果').selectOption('合格')
    await page.route('**/healthz', (route) => route.abort())
    await page.getByRole('button', { name: '保存' }).click()
    await page.locator('[data-said]').waitFor()
    t.match(await page.locator('[data-said]').innerText(), /没有提交。填写的内容都在/)
    t.equal(page.url(), form)
    await page.close()
    const again = await context.newPage()
    await again.goto(form)
    t.equal(await again.getByLabel('产品名称').inputValue(), '打了一半的产品', 'a closed window keeps it too')
    server.clock.set('2026-11-24T09:00:00.000Z')
    await press(again, '保存')
    t.match(again.url(), /\/desk\/sign-in/)
    await signIn(again, 'zhangsan')
    t.match(again.url(), /\/desk\/new\/inspection\?code=DEM000030/, 'back where one was')
    t.equal(await again.getByLabel('产品名称').inputValue(), '打了一半的产品')
    await press(again, '保存')
    t.match(await words(again), /已登记/)
    await again.goto(form)
    t.equal(await again.getByLabel('产品名称').inputValue(), '', 'what was taken is forgotten')
  },
)

t.test('a table is pasted from a page, Word, a spreadsheet, or as bare text', browserTest, async (t) => {
  const { as, url } = await desk(t)
  const page = await as('zhangsan', '张三', ['recorder'])
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const source = await page.context().newPage()
  const head = ['抽样编号', '标称生产企业名称', '食品名称', '批号', '检验结论']
  const cells = (own: readonly string[], mark: (text: string) => string) => own.map(mark).join('')
  const row = ['007', '示例粘贴食品厂', '糕', '00123', '合格']
  const word = (text: string) =>
    `<td width=95 valign=top style='width:71.0pt;border:solid'><p class=MsoNormal><span lang=EN-US style='font-size:10.5pt'>${text}<o:p></o:p></span></p></td>`
  const excel = (text: string) => `<td class=xl65 style='mso-number-format:"\\@"' x:str>${text}</td>`
  const plain = (text: string) => `<td>${text}</td>`
  const ways: Record<string, { html?: string; text?: string }> = {
    page: {
      html: `<h2>公告</h2><table border=1><tr>${cells(head, plain)}</tr><tr>${cells(row, plain)}</tr></table><p>注</p>`,
    },
    Word: {
      html: `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>td{color:red}</style></head><body><!--StartFragment--><table class=MsoTableGrid><tr>${cells(head, word)}</tr><tr>${cells(row, word)}</tr></table><!--EndFragment--></body></html>`,
    },
    'a spreadsheet': {
      html: `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table><col width=72><tr>${cells(head, excel)}</tr><tr>${cells(row, excel)}</tr></table></body></html>`,
    },
    'bare text': { text: `${head.join('\t')}\n${row.join('\t')}\n` },
  }
  for (const [from, { html, text = '' }] of Object.entries(ways)) {
    await page.goto(`${url}/desk/imports`)
    await page.getByLabel('内容').selectOption('inspection')
    await page.locator('summary', { hasText: '粘贴表格' }).click()
    const area = page.getByLabel('从网页、Word 或表格软件复制的表格')
    if (html === undefined) await page.evaluate((text) => navigator.clipboard.writeText(text), text)
    else {
      await source.setContent(html)
      await source.bringToFront()
      await source.keyboard.press('Control+A')
      await source.keyboard.press('Control+C')
      await page.bringToFront()
    }
    await area.focus()
    await page.keyboard.press('Control+V')
    t.notMatch(await area.inputValue(), /style=|<style|class=/, from)
    await press(page, '上传并核对')
    const said = await words(page)
    for (const meaning of ['抽样编号', '批号', '007', '00123'])
      t.match(said, new RegExp(meaning), `${from}: ${meaning}`)
    t.notMatch(said, /MsoNormal|mso-/)
  }
})

t.test(
  '500 rows with 20 faults: looked at, mended in place, imported, taken back',
  browserTest,
  async (t) => {
    const { as, server, url } = await desk(t)
    const { acts } = server.registry
    const codes = Array.from({ length: 50 }, (_, i) => unifiedCode(`DEW${String(i).padStart(5, '0')}`))
    for (const [i, uscc] of codes.entries())
      await acts.open(
        { codes: { uscc }, data: { name: `示例${i}号公司`, region: '130202' } },
        { actor: author, command: `open ${i}` },
      )
    const rows = Array.from({ length: 500 }, (_, i) => {
      const date = i % 25 === 3 ? '2026-02-30' : `2026-0${1 + (i % 9)}-1${Math.floor(i / 50)}`
      return `${codes[i % 50]},日常巡查,${date},唐山市局,产品${i},合格`
    })
    const csv = `统一社会信用代码,检查类别,检查日期,检查机关,产品名称,检查结果\n${rows.join('\n')}\n`
    const page = await as('zhangsan', '张三', ['recorder'])
    await page.goto(`${url}/desk/imports`)
    await page.getByLabel('内容').selectOption('inspection')
    await page
      .getByLabel('文件')
      .setInputFiles({ name: '检查.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await press(page, '上传并核对')
    t.match(await words(page), /新增记录\s*480 行[\s\S]*有误\s*20 行/)
    const wrong = page.locator('input[aria-invalid]')
    t.equal(await wrong.count(), 20)
    for (let i = 0; i < 5; i += 1) await wrong.nth(i).fill('2026-03-01')
    await press(page, '保存改正，重新核对')
    t.match(await words(page), /新增记录\s*485 行[\s\S]*有误\s*15 行/)
    await press(page, /^导入 485 行，跳过有误的 15 行/)
    const loaded = page.waitForEvent('load')
    await server.runImports()
    await loaded
    t.match(await words(page), /已完成[\s\S]*新增记录\s*485 行/, 'the bar’s page shows the end by itself')
    t.equal(server.registry.files.byCode(codes[0] ?? '').records.length, 10)
    const own = page.url()
    await page.locator('summary', { hasText: '整批撤回' }).click()
    await page.getByRole('textbox', { name: /^原因/ }).fill('传错了文件')
    await press(page, '整批撤回导入')
    t.match(await words(page), /整批撤回涉及 485 条/, 'so many take a second person')
    const reviewer = await as('lisi', '李四', ['reviewer'])
    await reviewer.goto(page.url())
    await press(reviewer, '确认办理')
    await server.runImports()
    await page.goto(own)
    t.match(await words(page), /撤回 485 项，恢复 0 处，保留 0 项/)
    const { records } = server.registry.files.byCode(codes[0] ?? '')
    t.ok(records.every(({ withdrawn }) => withdrawn?.reason === '传错了文件'))
  },
)

t.test(
  'a case from proposal to publication with two officers; one’s own is refused',
  browserTest,
  async (t) => {
    const { as, server, url } = await desk(t)
    const penalty = penaltyOf('冀监罚77号', {
      conduct: '无证生产列入目录的产品',
      category: '无证生产经营',
      severity: '严重',
    })
    await server.registry.acts.addRecord('DEM000014', 'penalty', penalty.data, undefined, {
      actor: { authority: '河北省市场监督管理局', officer: '王五' },
      command: 'penalty',
    })
    const zhang = await as('zhangsan', '张三', ['recorder', 'reviewer'])
    await zhang.goto(`${url}/desk/cases`)
    await follow(zhang, '符合列入情形')
    await follow(zhang, '提出列入')
    await zhang.getByLabel('列入情形').selectOption('order-44/unlicensed')
    await zhang.getByLabel('事实').fill('许可证过期后仍生产。')
    await zhang.getByLabel('理由').fill('情节严重。')
    await press(zhang, '提出列入')
    await zhang.getByLabel('送达方式').fill('直接送达')
    await press(zhang, '送达告知')
    await zhang.getByLabel('陈述、申辩的内容').fill('初犯。')
    await zhang.getByLabel('复核意见').fill('不予采纳。')
    await press(zhang, '登记陈述、申辩')
    server.clock.set('2026-12-02T02:00:00.000Z')
    const li = await as('lisi', '李四', ['reviewer', 'publisher'])
    await zhang.reload()
    if (await zhang.getByLabel('账号').isVisible()) await signIn(zhang, 'zhangsan')
    t.match(await words(zhang), /作出决定：须由另一人办理：两步不能是同一个人/)
    t.equal(await zhang.getByRole('button', { name: '作出决定' }).count(), 0)

    await li.goto(`${url}/desk`)
    t.match(await words(li), /等您办理/)
    await follow(li, '作出决定')
    await li.getByLabel(/^决定（必填）/).selectOption({ label: '列入' })
    await li.getByLabel('决定书文号').fill('唐市监列〔2026〕1号')
    await li.getByLabel('理由').first().fill('证据充分。')
    await press(li, '作出决定')
    const [file] = await Promise.all([
      li.waitForEvent('download'),
      li.getByRole('link', { name: 'DOCX' }).last().click(),
    ])
    t.match(file.suggestedFilename(), /列入决定书-示例电线电缆有限公司\.docx/)
    await press(li, '公示')
    t.match(await words(li), /在名单上/)
    const reader = await openPage(
      t,
      li.context().browser() ?? (await launch(t)),
      `${url}/enterprises/DEM000014`,
    )
    t.match(await reader.locator('.verdict').innerText(), /被列入质量失信黑名单/)
  },
)

t.test('a campaign is issued and a sample drawn', browserTest, async (t) => {
  const { as, server, url } = await desk(t)
  const zhang = await as('zhangsan', '张三', ['recorder', 'reviewer', 'publisher'])
  const li = await as('lisi', '李四', ['reviewer', 'publisher'])
  await zhang.goto(`${url}/desk/campaigns`)
  await zhang.getByLabel('标准').selectOption('four-grades')
  await press(zhang, '开展评价')
  await server.registry.campaigns.settled()
  await zhang.reload()
  t.match(await words(zhang), /开展或调整过本次评价的人不能批准/)
  const chart = zhang.locator('img.chart')
  t.ok(
    await chart.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
    'the chart is drawn',
  )
  await li.goto(`${url}/desk`)
  await follow(li, '批准评价')
  await press(li, '批准评价')
  await server.registry.campaigns.settled()
  await li.reload()
  t.match(await words(li), /已发布/)

  await zhang.goto(`${url}/desk/supervision/draws`)
  await zhang.getByLabel(/^名称/).fill('人造板抽查')
  await zhang.getByLabel('您的一份种子').fill('张三在纸上写的一句话，共十六字以上')
  await zhang.getByLabel('产品类别').selectOption('wood-panel')
  await zhang.getByLabel('抽查层级').selectOption('省')
  for (const field of await zhang.getByLabel(/抽取比例/).all()) await field.fill('100')
  await zhang.getByLabel('检查人员名单').fill('张三\n王五')
  await press(zhang, '公布抽取方案')
  await li.goto(`${url}/desk`)
  await follow(li, '提交另一份种子')
  await li.getByLabel('您的一份种子').fill('李四在纸上写的另一句话，共十六字以上')
  await press(li, '提交另一份种子')
  await li.getByLabel('您的一份种子').fill('李四在纸上写的另一句话，共十六字以上')
  await press(li, '开启种子')
  await zhang.goto(`${url}/desk`)
  await follow(zhang, '开启种子')
  await zhang.getByLabel('您的一份种子').fill('张三在纸上写的一句话，共十六字以上')
  await press(zhang, '开启种子')
  t.match(await words(zhang), /抽中 1 家，待检查 1 家[\s\S]*结果与登记的完全一致/)
  await follow(zhang, '登记检查')
  await zhang.goto(`${url}/desk`)
  await follow(zhang, '检查抽中的企业')
  await zhang.getByLabel('检查类别').selectOption('专项检查')
  await zhang.getByLabel('检查结果').selectOption('合格')
  await press(zhang, '保存')
  await zhang.goto(`${url}/desk`)
  t.notMatch(await words(zhang), /检查抽中的企业/)
})
