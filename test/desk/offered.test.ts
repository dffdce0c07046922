import t from 'tap'
import { z } from 'zod'
import { type ActAnswer, act } from '../../src/acts/act.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import { type TargetName, targets } from '../../src/acts/targets.ts'
import type { Address } from '../../src/authority/proposal.ts'
import { loadDemo } from '../../src/demo/demo.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { signedIn } from './visitor.ts'

const CODE = 'DEM000030'
const PROVINCE = '河北省市场监督管理局'
const province = { authority: PROVINCE, officer: '省甲' }

/** An act that the registry does not have, upon a thing of a kind, or one that makes such a thing. */
function madeUp(
  on: TargetName,
  makes?: ActAnswer,
  {
    name = `try-${makes ?? on}`,
    ...more
  }: { name?: string; second?: { when: string; why(): string }; leavesRoom?: true } = {},
) {
  return act({
    name,
    label: `试办 ${makes === undefined ? '' : '新 '}${makes ?? on}`,
    on,
    input: z.strictObject({}),
    right: ['records:read', 'officers:write'],
    whose: 'place',
    route: { method: 'POST', path: `/${name}/${makes ?? on}/:id`, answer: makes ?? 'nothing' },
    decide: () => ({ key: CODE, drafts: [], expect: new Map() }),
    ...more,
  })
}

const things = Object.keys(targets).filter((name): name is TargetName => name !== 'register')
const made: readonly ActAnswer[] = [
  'authority',
  'key',
  'consumer',
  'officer',
  'standard',
  'rules',
  'campaign',
  'bulletin',
  'draw',
  'roster',
  'made',
]

t.test('an act is offered on the page of what it touches by its definition alone', async (t) => {
  const upon = things.map((on) => madeUp(on))
  const making = made.map((answer) => madeUp('register', answer))
  // One upon a thing and one that makes another are told apart by name.
  const acts = [
    ...shippedActs,
    ...upon,
    ...making.map((own) => ({
      ...own,
      name: `${own.name}-anew`,
      route: { ...own.route, path: `/anew${own.route.path}` },
    })),
  ]
  const server = await testServer(t, { acts })
  const { registry, register, writer, clock } = server
  await loadDemo(register, writer, registry.catalogue, clock.now())
  const clerk = await signedIn(server, { login: 'zhangsan', roles: ['recorder', 'reviewer', 'publisher'] })
  const administrator = await signedIn(server, { login: 'lisi', roles: ['administrator'] })
  const dossier = () => registry.files.byCode(CODE)
  const record = dossier().records[0]?.id ?? ''
  const asked = { code: CODE, id: record }
  await registry.acts.carryOut('raise-query', asked, { text: '日期有误？' }, province)
  const objected = { about: `record:${record}`, on: '2026-11-20', grounds: '不符' }
  await registry.acts.carryOut('file-objection', { code: CODE }, objected, province)
  await registry.acts.carryOut('open-consumer', {}, { name: '信用平台' }, province)
  const { data } = licenceOf('XK-1', { issuedOn: '2026-01-10', validTo: '2029-02-28' })
  await registry.acts.addRecord(CODE, 'licence', data, undefined, { actor: province, command: 'licence' })
  await clerk.fill(
    '/desk/supervision/draws',
    {
      ...{ name: '抽查', commitment: '张三随手写下的一句话，足足十六字', group: 'wire-cable', level: '市' },
      ...{ from: '2026-01-01', to: '2026-12-31', B: '100', inspectors: '张三\n王五', inspectorsEach: '2' },
    },
    '/desk/acts/begin-draw',
  )
  const wanted = { name: '平台', authority: PROVINCE, scopes: ['records:read'] }
  await administrator.fill('/desk/keys', wanted, '/desk/acts/create-key')
  const upload = await clerk.upload(
    '/desk/imports',
    '/desk/imports',
    { type: 'enterprise' },
    'x.csv',
    '组织机构代码,企业名称\nDEM000030,示例\n',
  )
  const file = `/desk/enterprises/${CODE}`
  const pages: Readonly<Record<string, string>> = {
    file,
    record: file,
    rating: file,
    query: file,
    objection: `${file}/objections/${dossier().objections[0]?.id}`,
    case: `/desk/cases/${dossier().cases[0]?.id}`,
    authority: '/desk/authorities',
    key: '/desk/keys',
    officer: '/desk/officers/zhangsan',
    consumer: '/desk/system',
    standard: '/desk/standards/four-grades',
    rules: `/desk/rule-sets/${registry.ruleSets.inForce()[0]?.id}`,
    campaign: `/desk/campaigns/${registry.campaigns.all()[0]?.id}`,
    bulletin: `/desk/bulletins/${registry.bulletins.issued()[0]?.id}`,
    draw: `/desk/supervision/draws/${registry.supervision.draws()[0]?.id}`,
    import: String(upload.headers.location).split('?')[0] ?? '',
  }
  const lists: Readonly<Record<string, string>> = {
    authority: '/desk/authorities',
    key: '/desk/keys',
    officer: '/desk/officers',
    consumer: '/desk/system',
    standard: '/desk/standards',
    rules: '/desk/rule-sets',
    campaign: '/desk/campaigns',
    bulletin: '/desk/bulletins',
    draw: '/desk/supervision/draws',
    roster: '/desk/reports/roster',
    made: '/desk',
  }
  const ofAdministrators = ['authority', 'key', 'officer', 'consumer']
  const read = async (name: string, address: string) => {
    const { statusCode, body } = await (ofAdministrators.includes(name) ? administrator : clerk).get(address)
    t.equal(statusCode, 200, address)
    return body
  }
  for (const { name, label, on } of upon) {
    const body = await read(on, pages[on] ?? '')
    t.match(body, new RegExp(`/desk/acts/${name}\\?[^"]*"[\\s\\S]*${label}`), `${on} at ${pages[on]}`)
  }
  for (const [i, answer] of made.entries()) {
    const body = await read(answer, lists[answer] ?? '')
    t.ok(body.includes(`/desk/acts/try-${answer}-anew`), `${answer} at ${lists[answer]}`)
    t.ok(body.includes(making[i]?.label ?? '?'), answer)
  }
})

t.test('what waits for a second person is led to wherever its act is offered', async (t) => {
  const second = { when: '', why: () => '试办须两人' }
  const kinds = [
    'file',
    'record',
    'rating',
    'query',
    'objection',
    'case',
    'authority',
    'key',
    'officer',
  ] as const
  const whole = kinds.map((on) => madeUp(on, undefined, { name: `whole-${on}`, second }))
  const roomy = kinds.map((on) => madeUp(on, undefined, { name: `roomy-${on}`, second, leavesRoom: true }))
  const server = await testServer(t, { acts: [...shippedActs, ...whole, ...roomy] })
  const { registry, register, writer, clock } = server
  await loadDemo(register, writer, registry.catalogue, clock.now())
  const clerk = await signedIn(server, { login: 'zhangsan', roles: ['recorder', 'reviewer', 'publisher'] })
  const administrator = await signedIn(server, { login: 'lisi', roles: ['administrator'] })
  const { key: made } = await registry.keys.create(
    { name: '平台', authority: PROVINCE, scopes: ['records:read'] },
    province,
  )
  const dossier = () => registry.files.byCode(CODE)
  const record = dossier().records[0]?.id ?? ''
  await registry.acts.carryOut('raise-query', { code: CODE, id: record }, { text: '日期有误？' }, province)
  const objected = { about: `record:${record}`, on: '2026-11-20', grounds: '不符' }
  await registry.acts.carryOut('file-objection', { code: CODE }, objected, province)
  const file = `/desk/enterprises/${CODE}`
  const { objections, cases, ratings, queries } = dossier()
  const [authority] = registry.authorities.all()
  const at: Readonly<Record<(typeof kinds)[number], { page: string; on: Address }>> = {
    file: { page: file, on: { code: CODE } },
    record: { page: file, on: { code: CODE, id: record } },
    rating: { page: file, on: { code: CODE, id: ratings.at(-1)?.id } },
    query: { page: file, on: { code: CODE, id: queries?.[0]?.id } },
    objection: { page: `${file}/objections/${objections[0]?.id}`, on: { code: CODE, id: objections[0]?.id } },
    case: { page: `/desk/cases/${cases[0]?.id}`, on: { code: CODE, id: cases[0]?.id } },
    authority: { page: '/desk/authorities', on: { id: authority?.id } },
    key: { page: '/desk/keys', on: { id: made.id } },
    officer: { page: '/desk/officers/zhangsan', on: { id: 'zhangsan' } },
  }
  for (const own of [...whole, ...roomy]) {
    const { name, label } = own
    const kind = kinds.find((known) => known === own.on) ?? 'file'
    const { page, on } = at[kind]
    const leavesRoom = name.startsWith('roomy')
    const who = ['authority', 'key', 'officer'].includes(kind) ? administrator : clerk
    const asked = new URLSearchParams(Object.entries(on).map(([field, said]) => [field, said ?? '']))
    const address = `/desk/acts/${name}?${asked}`
    const shown = async (where: string) => {
      const { statusCode, body } = await who.get(where)
      t.equal(statusCode, 200, where)
      return body.replaceAll('&amp;', '&')
    }
    const offered = (body: string) =>
      body.includes(`href="${address}"`) || body.includes(`action="${address}"`)
    t.ok(offered(await shown(page)), `${label} is offered at ${page}`)
    const put = () =>
      registry.acts.perform(
        registry.acts.named(name),
        on,
        {},
        { actor: province, command: `${name}/${Math.random()}` },
      )
    const to = `/desk/proposals/${(await put()).proposal?.id}`
    await t.rejects(put(), { message: /^同一事项已由/ }, `${label} once`)
    const after = await shown(page)
    t.equal(offered(after), leavesRoom, `${label}: no form is offered that is refused`)
    const links = Array.from(
      after.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g),
      ([, href, said]) => `${href} ${said}`,
    )
    t.ok(
      links.some((link) => [`${to} ${label}（待确认）`, `${to} 查看、确认或者收回`].includes(link)),
      `${label} leads to what waits`,
    )
    const form = await shown(address)
    t.match(form, `省甲 提请的“${label}”正在等待另一人确认：<a href="${to}">`)
    t.equal(form.includes(`action="${address}"`), leavesRoom, `${label}: its own page`)
    await registry.acts.refuse(to.slice('/desk/proposals/'.length), '不妥', {
      actor: { ...province, officer: '省乙' },
      command: `no ${name}`,
    })
    t.ok(offered(await shown(page)), `${label} is offered again`)
    t.notMatch(await shown(address), '正在等待另一人确认')
  }
})

t.test('no entrance leads to a refusal: one line says whose it is, who may, and what is left', async (t) => {
  const server = await testServer(t)
  const { acts, files } = server.registry
  const uscc = unifiedCode('ENTR0001')
  const key = uscc.slice(8, 17)
  await acts.open(
    { codes: { uscc }, data: { name: '示例公司', region: '130102' } },
    { actor: province, command: 'open' },
  )
  const people = {
    owner: await signedIn(server, { login: 'shi', authority: '石家庄市局', roles: ['recorder'] }),
    ownersReviewer: await signedIn(server, {
      login: 'shishen',
      authority: '石家庄市局',
      roles: ['reviewer'],
    }),
    county: await signedIn(server, { login: 'xian', authority: '长安区局', roles: ['recorder'] }),
    elsewhere: await signedIn(server, { login: 'tang', authority: '唐山市局', roles: ['recorder'] }),
    province: await signedIn(server, { login: 'sheng', roles: ['recorder'] }),
    auditor: await signedIn(server, { login: 'cha', roles: ['auditor'] }),
  }
  const { data } = penaltyOf('石罚1号', { authority: '石家庄市局', conduct: '无证生产', severity: '严重' })
  await acts.addRecord(key, 'penalty', data, undefined, {
    actor: { authority: '石家庄市局', officer: '市甲' },
    command: 'penalty',
  })
  const id = files.byCode(key).records[0]?.id ?? ''
  const page = `/desk/enterprises/${key}`
  const offeredTo = async (who: keyof typeof people) => {
    const { body } = await people[who].get(page)
    const row = body.slice(body.indexOf(`id="r-${id}"`)).split('</article>')[0] ?? ''
    const links = Array.from(
      body.matchAll(
        /href="(\/desk\/(?:acts|new|enterprises\/[^"/]+\/(?:change|correct|records\/[^"/]+\/(?:update|correct)))[^"]*)"/g,
      ),
      ([, to = '']) => to.replaceAll('&amp;', '&'),
    ).filter((to) => !to.startsWith('/desk/new') || to.includes('code='))
    for (const to of links) {
      const shown = await people[who].get(to)
      t.equal(shown.statusCode, 200, `${who}: ${to}`)
      t.match(
        shown.body,
        /<form method="post" action="\/desk\/(acts|enterprises|new)\//,
        `${who}: ${to} has a form`,
      )
    }
    const labels = Array.from(row.matchAll(/<a href="\/desk\/[^"]*">([^<]*)<\/a>/g), ([, label]) => label)
    const [line] = Array.from(
      row.matchAll(/<p class="hint">([^<]*：该事项属[^<]*)<\/p>/g),
      ([, said]) => said,
    )
    return { labels, line, bar: body.includes('>变更基本信息</a>') }
  }
  const own = ['更新记录', '更正记录', '附处罚决定书', '申请提前停止公示', '登记异议', '提出列入', '撤回记录']
  t.same(await offeredTo('owner'), { labels: ['处罚决定书', ...own], line: undefined, bar: true })
  t.same(await offeredTo('ownersReviewer'), { labels: ['处罚决定书'], line: undefined, bar: false })
  t.same(await offeredTo('county'), {
    labels: ['处罚决定书', '提出疑义', '登记异议'],
    line: '更新记录、更正记录、撤回记录：该事项属石家庄市局，由石家庄市局或者其上级机关办理；您可以向其提出疑义。',
    bar: true,
  })
  t.same(await offeredTo('elsewhere'), {
    labels: ['处罚决定书'],
    line: '更新记录、更正记录、撤回记录：该事项属石家庄市局，由石家庄市局或者其上级机关办理。',
    bar: false,
  })
  t.same(await offeredTo('province'), {
    labels: ['处罚决定书', '更新记录', '更正记录', '提出疑义', '登记异议', '撤回记录'],
    line: '附处罚决定书、申请提前停止公示：该事项属石家庄市局，由石家庄市局办理；您可以向其提出疑义。',
    bar: true,
  })
  t.same(await offeredTo('auditor'), { labels: ['处罚决定书'], line: undefined, bar: false })

  const doubt = `/desk/acts/raise-query?code=${key}&id=${id}`
  await people.county.fill(doubt, { text: '日期似有误' })
  const answer = /日期似有误[\s\S]*href="\/desk\/acts\/answer-query\?[^"]*"[^>]*>答复疑义/
  t.match((await people.owner.get(page)).body, answer, 'the owner answers where the record stands')
  t.match((await people.county.get(page)).body, /日期似有误/, 'who asked sees what they asked')
  t.notMatch((await people.elsewhere.get(page)).body, /日期似有误/)
})

t.test('a firm that moves is told of as where it goes, with who may move it', async (t) => {
  const server = await testServer(t)
  const uscc = unifiedCode('MAUE0001')
  const key = uscc.slice(8, 17)
  await server.registry.acts.open(
    { codes: { uscc }, data: { name: '示例公司', region: '130102' } },
    { actor: province, command: 'open' },
  )
  const county = await signedIn(server, { login: 'xian', authority: '长安区局', roles: ['recorder'] })
  const moved = (region: string) =>
    county.fill(`/desk/enterprises/${key}/change`, {
      name: '示例公司',
      region,
      status: '存续',
      reason: '迁址',
    })
  t.match(
    (await moved('130203')).body,
    /变更后该企业在[^<]*路北区，不属[^<]*长安区管辖：迁移由两地共同的上级机关办理，请与省级机关联系。/,
  )
  t.match((await moved('130104')).body, /变更后该企业在[^<]*桥西区[^<]*请与市级机关联系。/)
  const city = await signedIn(server, { login: 'shi', authority: '石家庄市局', roles: ['recorder'] })
  const done = await city.fill(`/desk/enterprises/${key}/change`, {
    ...{ name: '示例公司', region: '130104', status: '存续', reason: '迁址' },
  })
  t.equal(done.statusCode, 303, 'the city is above both')
})
