import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { shippedActs } from '../../src/acts/shipped.ts'
import { duties, type Role, scopesOf } from '../../src/authority/roles.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { commitmentOf } from '../../src/supervision/draw.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { officer, Visitor } from '../desk/visitor.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { actOf } from './office.ts'

/**
 * Every act, tried by every kind of person by API and desk, in the order of a bureau's year: who is refused changes nothing
 * and is on record; who may is let in; the rightful one does it, and where that takes two, the rightful two. Who may is read
 * from `everybody.txt`.
 */

const AUTHORITIES = {
  省: { name: '省局' },
  市: { name: '石家庄市局', region: '130100' },
  县: { name: '长安区局', region: '130102' },
  邻: { name: '桥西区局', region: '130104' },
  外: { name: '唐山市局', region: '130200' },
} as const
type Place = keyof typeof AUTHORITIES

interface Person {
  at: Place
  roles: readonly Role[]
  /** The person, where an account is somebody's second. */
  staffNo?: string
}

const ALL: readonly Role[] = ['recorder', 'reviewer', 'publisher']
const people = {
  县录: { at: '县', roles: ['recorder'], staffNo: 'one' },
  县录二: { at: '县', roles: ALL, staffNo: 'one' },
  县审: { at: '县', roles: ALL },
  县发: { at: '县', roles: ['publisher'] },
  县管: { at: '县', roles: ['administrator'] },
  县管二: { at: '县', roles: ['administrator'] },
  监察: { at: '县', roles: ['auditor'] },
  停用: { at: '县', roles: ALL },
  邻审: { at: '邻', roles: ALL },
  邻管: { at: '邻', roles: ['administrator'] },
  外审: { at: '外', roles: ALL },
  外管: { at: '外', roles: ['administrator'] },
  市审: { at: '市', roles: ALL },
  市管: { at: '市', roles: ['administrator'] },
  省审: { at: '省', roles: ALL },
  省审二: { at: '省', roles: ALL },
  省管: { at: '省', roles: ['administrator'] },
} satisfies Record<string, Person>
type Name = keyof typeof people
const names = Object.keys(people) as Name[]
const personNamed: Readonly<Record<Name, Person>> = people
/** A machine's key of the county, with every right of its officers. */
const MACHINE = '县机'
const everyone = [...names, MACHINE] as const
type Anybody = (typeof everyone)[number]

interface Line {
  act: string
  duties: string[]
  at: string[]
  /** Who had a hand in it already. */
  apart: string
  confirm?: { duties: string[]; at: string[] }
}

/** The table as it is written: what an official reads. */
const table = new Map(
  readFileSync(new URL('everybody.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'))
    .map((text): [string, Line] => {
      const [name = '', held = '', at = '', apart = '', confirm = ''] = text
        .split('|')
        .map((part) => part.trim())
      const words = (said: string) => said.split(' ').filter((word) => word !== '')
      const [second = '', where = ''] = confirm.split('，')
      return [
        name,
        {
          ...{ act: name.split('@')[0] ?? '', duties: words(held), at: words(at), apart },
          ...(confirm !== '' && { confirm: { duties: words(second), at: words(where) } }),
        },
      ]
    }),
)

const placeOf = (who: Anybody): Place => (who === MACHINE ? '县' : personNamed[who].at)
const dutiesOf = (who: Anybody): string[] =>
  who === MACHINE ? ['录入', '审核', '发布'] : personNamed[who].roles.map((role) => duties[role].label)
const identityOf = (who: string): string =>
  names.some((name) => name === who) ? (personNamed[who as Name].staffNo ?? who) : who
const fits = (who: Anybody, asked: { duties: string[]; at: string[] }) =>
  who !== '停用' &&
  asked.at.includes(placeOf(who)) &&
  asked.duties.some((duty) => dutiesOf(who).includes(duty))

/** Whether somebody may, by the table. */
function may(who: Anybody, line: Line): boolean {
  if (!fits(who, line)) return false
  // A machine is nobody's second pair of eyes in its own authority.
  return line.apart === '' || (who !== MACHINE && identityOf(who) !== identityOf(line.apart))
}

/** Whether somebody may confirm what another put forward, by the table. */
function mayConfirm(who: Anybody, line: Line, proposer: Name): boolean {
  if (!line.confirm || !fits(who, line.confirm) || who === MACHINE) return false
  const hands = [proposer, ...(line.apart === '' ? [] : [line.apart])].map(identityOf)
  return !hands.includes(identityOf(who))
}

/** The lines of a form, for what of an input is made of them. */
function linesOf(input: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input).flatMap(([field, value]): [string, string][] => {
      if (Array.isArray(value)) return [[field, value.join('\n')]]
      return typeof value === 'string' ? [[field, value]] : []
    }),
  )
}

async function bureau(t: Test) {
  const server = await testServer(t)
  const { registry, app } = server
  const author = { authority: '系统管理', officer: '命令行' }
  const ids = new Map<Place, string>()
  for (const [place, { name, ...more }] of Object.entries(AUTHORITIES)) {
    const above = place === '省' ? undefined : ids.get(place === '县' || place === '邻' ? '市' : '省')
    ids.set(place as Place, (await registry.authorities.open({ name, ...more, above }, author)).id)
  }
  const logins = new Map<Name, string>()
  const headers = new Map<Anybody, { authorization: string }>()
  const accounts = new Map<Anybody, string>()
  for (const [i, who] of names.entries()) {
    const { at, roles, staffNo = who } = personNamed[who]
    const login = `person-${i}`
    const { name: authority } = AUTHORITIES[at]
    await officer(server, { login, name: who, authority, roles: [...roles], staffNo })
    const made = await registry.keys.create(
      { name: who, authority, scopes: scopesOf(roles), actsFor: login },
      author,
    )
    logins.set(who, login)
    headers.set(who, { authorization: `Bearer ${made.text}` })
    accounts.set(who, `key/${made.key.id}`)
  }
  const machine = await registry.keys.create(
    { name: '机器', authority: '长安区局', scopes: scopesOf(ALL) },
    author,
  )
  headers.set(MACHINE, { authorization: `Bearer ${machine.text}` })
  accounts.set(MACHINE, `key/${machine.key.id}`)
  const visitors = new Map<Name, { visitor: Visitor; token: string }>()
  /** Everybody signs in, and one account is closed behind its session. */
  const signIn = async () => {
    for (const who of names) {
      const known = visitors.has(who)
      if (who === '停用' && known) continue
      const visitor = new Visitor(server)
      await visitor.signIn(logins.get(who) ?? '')
      const { body } = await visitor.get('/desk/account')
      const [, token = ''] = /name="token" value="([^"]*)"/.exec(body) ?? []
      visitors.set(who, { visitor, token })
    }
  }
  await signIn()
  await registry.acts.carryOut('disable-officer', { id: logins.get('停用') ?? '' }, {}, author)
  const send = (who: Anybody, method: 'POST' | 'PATCH' | 'GET', url: string, payload?: object) =>
    app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { ...headers.get(who), ...(method !== 'GET' && { 'if-match': '*' }) },
      ...(payload && { payload }),
    })
  const headersOf = (who: Anybody) => headers.get(who) ?? { authorization: '' }
  return { ...server, author, ids, logins, accounts, visitors, signIn, send, headersOf }
}

interface Step {
  /** Its line of the table: the act, and the occasion where it comes twice. */
  line: string
  by: Name
  code?: string
  id?: string
  input?: object
  confirm?: Name
}

t.test('every act by everybody, in the order of a bureau’s year', async (t) => {
  const server = await bureau(t)
  const { registry, app, clock, ids, logins, accounts, visitors, signIn, send, author, headersOf } = server
  const tried = new Set<string>()

  const nothingChanged = async (who: Anybody, at: number, said: string) => {
    t.equal(registry.position(), at, `${said}: nothing has changed`)
    const [log] = await registry.accesses.find({ act: 'refused' }, 1e9, 1)
    const own = [accounts.get(who), who === MACHINE ? '' : `officer/${logins.get(who)}`]
    t.ok(own.includes(log?.by), `${said}: on record`)
  }

  /** Tries a step as everybody who may not, looks as everybody who may, and does it as the rightful. */
  const step = async ({ line: name, by, code, id, input = {}, confirm }: Step) => {
    const line = table.get(name)
    if (!line) throw new Error(`${name} is not in the table`)
    tried.add(name)
    const act = actOf(line.act)
    const { method, path, step: kind, body: field } = act.route
    if (method === 'DELETE') throw new Error('no act is a DELETE')
    const url = path.replace(':code', code ?? '').replace(':id', id ?? '')
    const bodyOf = (own: object) =>
      field === undefined
        ? { ...own, ...(kind !== undefined && { step: kind }) }
        : (Object(own)[field] ?? own)
    const query = new URLSearchParams({
      ...(code !== undefined && { code }),
      ...(id !== undefined && { id }),
    })
    const desk = `/desk/acts/${act.name}?${query}`
    for (const who of everyone) {
      const said = `${name} by ${who}`
      const at = registry.position()
      const session = who === MACHINE ? undefined : visitors.get(who)
      const sent = () =>
        session?.visitor.send(desk, { ...linesOf(input), token: session.token, command: randomUUID() })
      if (who === '停用') {
        t.equal((await send(who, method, url, bodyOf(input))).statusCode, 401, said)
        t.equal((await sent())?.statusCode, 303, `${said}: the session is over`)
        t.equal(registry.position(), at)
      } else if (!may(who, line)) {
        const answer = await send(who, method, url, bodyOf(input))
        t.equal(answer.statusCode, 403, `${said}: ${answer.body.slice(0, 200)}`)
        await nothingChanged(who, at, said)
        // What is made anew is judged by what is asked of it, which the form asks in another way.
        if (
          !session ||
          (act.on === 'register' &&
            act.rights.some((right) => scopesOf(personNamed[who as Name].roles).includes(right)))
        )
          continue
        t.equal((await sent())?.statusCode, 403, `${said} at the desk`)
        await nothingChanged(who, at, `${said} at the desk`)
      } else {
        if (act.on !== 'register') {
          // Who may is judged before what they say: what makes no sense is refused as such, and to nobody else.
          const answer = await send(who, method, url, bodyOf({ nothingKnown: true }))
          t.equal(answer.statusCode, 422, `${said}: ${answer.body.slice(0, 200)}`)
        }
        const page = (await session?.visitor.get(desk))?.body
        if (page !== undefined)
          t.ok(page.includes(`method="post" action="/desk/acts/${act.name}`), `${said} is offered the form`)
      }
    }
    const done = await send(by, method, url, bodyOf(input))
    if (!confirm) {
      t.ok(done.statusCode < 300, `${name} is done by ${by}: ${done.body.slice(0, 300)}`)
      return { json: done.body === '' ? {} : done.json() }
    }
    t.equal(done.statusCode, 202, `${name} is put forward: ${done.body.slice(0, 300)}`)
    const { id: own } = done.json()
    for (const who of everyone) {
      if (who === '停用') continue
      const said = `${name} confirmed by ${who}`
      const at = registry.position()
      if (mayConfirm(who, line, by)) {
        const seen = await send(who, 'GET', `/proposals/${own}`)
        t.equal(seen.json().hindrance, undefined, said)
        continue
      }
      t.equal((await send(who, 'POST', `/proposals/${own}/confirmation`, {})).statusCode, 403, said)
      await nothingChanged(who, at, said)
      const session = who === MACHINE ? undefined : visitors.get(who)
      const to = `/desk/proposals/${own}/confirm`
      const form = { token: session?.token ?? '', command: randomUUID() }
      if (session) t.equal((await session.visitor.send(to, form)).statusCode, 403, `${said} at the desk`)
    }
    t.ok(mayConfirm(confirm, line, by))
    const confirmed = await send(confirm, 'POST', `/proposals/${own}/confirmation`, {})
    t.equal(confirmed.json().status, 'confirmed', `${name}: ${confirmed.body.slice(0, 300)}`)
    return { json: done.json() }
  }
  const later = async (day: string) => {
    clock.set(`${day}T02:00:00.000Z`)
    await signIn()
  }
  const post = async (who: Name, url: string, payload: object) => {
    const answer = await send(who, 'POST', url, payload)
    t.ok(answer.statusCode < 300, `${url}: ${answer.body.slice(0, 300)}`)
    return answer.json()
  }
  const open = async (body: string, name: string, more: object = {}) => {
    const uscc = unifiedCode(body)
    await post('县录', '/enterprises', { uscc, enterprise: { name, region: '130102', ...more } })
    return uscc.slice(8, 17)
  }
  const county = {
    authority: '长安区局',
    severity: '严重',
    decidedOn: '2026-11-02',
    publishedOn: '2026-11-10',
  }
  const punish = async (code: string, no: string, more: object = {}) =>
    (await post('县录', `/enterprises/${code}/records`, penaltyOf(no, { ...county, ...more }))).id as string

  // Files and records.
  const a = await open('EACH0001', '示例甲公司')
  const odd = `91130102EACH0010${organisationCheckCharacter('EACH0010') === '1' ? '2' : '1'}`
  await post('县录', '/enterprises', {
    ...{ uscc: odd + unifiedCheckCharacter(odd), enterprise: { name: '示例代码公司', region: '130102' } },
  })
  await step({
    ...{ line: 'settle-warning', by: '县录', code: odd.slice(8) },
    input: { code: 'embedded-code', reason: '营业执照如此' },
  })
  const file = (line: string, input: object, by: Name = '县录') => step({ line, by, code: a, input })
  await file('add-note', { text: '备注' })
  const added = await file('add-record', penaltyOf('县罚1号', county))
  const id: string = added.json.id
  await step({
    ...{ line: 'add-record@以市局名义', by: '县录', code: a, confirm: '市审' },
    input: penaltyOf('市罚9号', { ...county, authority: '石家庄市局' }),
  })
  await file('change-file', { enterprise: { address: '某路1号' } })
  await file('correct-file', { enterprise: { address: '某路2号' }, reason: '误录' })
  const record = (line: string, input: object, more: Partial<Step> = {}) =>
    step({ line, by: '县录', code: a, id, input, ...more })
  const query = await record('raise-query', { text: '金额有误' })
  await step({ line: 'answer-query', by: '县录', code: a, id: query.json.id, input: { answer: '无误' } })
  await record('update-record', { data: { fulfilledOn: '2026-11-20' } })
  await record('correct-record', { data: { fine: 40_000 }, reason: '笔误' }, { confirm: '县审' })
  await record('attach-decision', { text: '当事人生产不合格电缆。', toldOn: '2026-11-05' })
  await record('review-decision', { approved: true, reasons: '一致' }, { by: '县审' })
  const objection = await file('file-objection', {
    ...{ about: { kind: 'record', id }, on: '2026-11-20', grounds: '金额不符' },
  })
  await step({
    ...{ line: 'settle-objection', by: '县审', confirm: '县发', code: a, id: objection.json.id },
    input: { upheld: true, outcome: '属实', corrected: { fine: 30_000 } },
  })

  // A case that is dropped, and one that goes on later.
  const b = await open('EACH0002', '示例乙公司')
  const carrying = await punish(b, '县罚2号')
  const proposal = (ids: string[]) => ({
    ...{ ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由', penalties: ids },
  })
  const begun = await step({ line: 'propose-listing', by: '县录', code: b, input: proposal([carrying]) })
  const dropped: string = begun.json.id
  const onCase = (line: string, own: string, input: object, more: Partial<Step> = {}) =>
    step({ line, by: '县录', id: own, input, ...more })
  await onCase('serve-notice', dropped, { servedOn: '2026-11-24', way: '直接送达' })
  await onCase('record-statement', dropped, { on: '2026-11-24', statement: '陈述', answer: '不采纳' })
  const rewrite = async (changes: object) => {
    const asked = await send('县录', 'PATCH', `/enterprises/${b}/records/${carrying}`, { data: changes })
    t.equal(asked.statusCode, 202, asked.body)
    await post('县审', `/proposals/${asked.json().id}/confirmation`, {})
  }
  await rewrite({ conduct: '生产不合格电缆' })
  await onCase('restate-listing', dropped, { facts: '改写的事实', reasons: '理由' })
  await rewrite({ conduct: '生产、销售不合格电缆' })
  await onCase('affirm-notice', dropped, { reasons: '与所告知的相同' }, { confirm: '县审' })
  await onCase('drop-case', dropped, { reason: '另行处理' })
  const again: string = (await post('县录', `/enterprises/${b}/cases`, proposal([carrying]))).id
  await post('县录', `/cases/${again}/steps`, { step: 'notice', servedOn: '2026-11-24', way: '直接送达' })

  // Standards and rules.
  const [four] = shippedStandards
  const rules = ruleSets[0]
  if (!four || !rules) throw new Error('nothing is shipped')
  const adopt = { by: '省审' as const, id: four.id }
  await step({ ...adopt, line: 'propose-standard', input: { document: four } })
  await step({ ...adopt, line: 'refuse-standard', input: { reason: '不妥' } })
  await step({ ...adopt, line: 'propose-shipped-standard' })
  await step({ ...adopt, line: 'adopt-standard', by: '省审二' })
  const next = { document: { ...rules, version: rules.version + 1 } }
  await step({ line: 'propose-rules', by: '省审', id: rules.id, input: next })
  await step({ line: 'refuse-rules', by: '省审', id: rules.id, input: { reason: '不妥' } })
  await step({ line: 'propose-rules@再次', by: '省审', id: rules.id, input: next })
  await step({ line: 'adopt-rules', by: '省审二', id: rules.id })

  // Ratings.
  const rated = await open('EACH0003', '示例丙公司', { industry: 'C3831' })
  await post('县录', `/enterprises/${rated}/records`, licenceOf('XK-1', { authority: '长安区局' }))
  const campaign = async (line?: string): Promise<string> => {
    const input = { standard: { id: four.id }, scope: { region: '130102', enterprises: [rated] } }
    const own =
      line === undefined
        ? await post('县录二', '/campaigns', input)
        : (await step({ line, by: '县录二', input })).json
    await registry.campaigns.settled()
    return own.id
  }
  const first = await campaign('start-campaign')
  const onCampaign = async (line: string, own: string, input: object = {}, by: Name = '县录二') => {
    await step({ line, by, id: own, input })
    await registry.campaigns.settled()
  }
  await onCampaign('adjust-campaign', first, { enterprise: rated, grade: 'C', reason: '另有情况' })
  await onCampaign('redraft-campaign', first)
  await onCampaign('return-campaign', first, { reason: '不妥' }, '县审')
  await onCampaign('cancel-campaign', first, { reason: '另行开展' })
  await onCampaign('approve-campaign', await campaign(), {}, '县审')
  const rating = registry.files.byCode(rated).ratings[0]?.id ?? ''
  await step({ line: 'revoke-rating', by: '县审', confirm: '县发', id: rating, input: { reason: '有误' } })

  // A draw.
  const [one, other] = ['甲的一份种子，十六个字以上的一句话', '乙的一份种子，十六个字以上的一句话']
  const drawn = await step({
    ...{ line: 'begin-draw', by: '县录二' },
    input: {
      ...{ name: '抽查', group: scheme.groups[0]?.id, region: '130102', level: '县' },
      ...{ period: { from: '2026-11-24', to: '2027-03-01' }, rates: { AA: 1, A: 1, B: 1, C: 1 } },
      ...{ inspectors: ['甲', '乙'], commitment: commitmentOf(one) },
    },
  })
  const draw: string = drawn.json.id
  await step({ line: 'join-draw', by: '县审', id: draw, input: { commitment: commitmentOf(other) } })
  await step({ line: 'open-draw', by: '县审', id: draw, input: { part: other } })

  await step({
    ...{ line: 'take-roster', by: '省审' },
    input: {
      ...{ kind: '全国工业产品生产许可证', source: '省局许可系统导出', on: '2026-11-24' },
      holders: [{ name: '示例丙公司' }],
    },
  })

  // Taking back.
  const taken = await open('EACH0004', '示例丁公司')
  const rows = `统一社会信用代码,企业名称,许可证类别,证书编号,产品名称,发证机关,发证日期,有效期至\n${unifiedCode('EACH0004')},示例丁公司,全国工业产品生产许可证,XK-2,电线电缆,长安区局,2024-03-01,2029-02-28\n`
  const boundary = 'x-boundary'
  const uploaded = await app.inject({
    method: 'POST',
    url: '/api/v1/imports?type=licence',
    headers: { ...headersOf('县录'), 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${rows}\r\n--${boundary}--\r\n`,
  })
  t.equal(uploaded.statusCode, 202, uploaded.body)
  await server.runImports()
  t.equal(registry.files.byCode(taken).records.length, 1)
  await step({ line: 'withdraw-import', by: '县录', id: uploaded.json().id, input: { reason: '误传' } })
  await record('withdraw-record', { reason: '误录' }, { confirm: '县审' })
  await step({
    ...{ line: 'withdraw-file', by: '县录', confirm: '县审', code: await open('EACH0005', '示例戊公司') },
    input: { reason: '误建' },
  })

  // Authorities, keys, accounts.
  const run = (line: string, own: string | undefined, input: object, more: Partial<Step> = {}) =>
    step({ line, by: '县管', ...(own !== undefined && { id: own }), input, ...more })
  const { json: consumer } = await run('open-consumer', undefined, { name: '信用平台' })
  await run('close-consumer', consumer.id, {})
  await run('open-authority', undefined, { name: '裕华区局', region: '130108' }, { by: '市管' })
  await run('change-authority', ids.get('县'), { contacts: '0311' })
  const { json: made } = await run('create-key', undefined, {
    ...{ name: '另一系统', authority: '长安区局', scopes: ['records:read'] },
  })
  await run('grant-scopes', made.id, { scopes: ['listings:decide'] }, { confirm: '县管二' })
  await run('revoke-key', made.id, {})
  const account = { name: '新人', authority: '长安区局', roles: ['recorder'] }
  await run('create-officer', undefined, { ...account, login: 'new-one', staffNo: 'new' })
  await run('change-officer', 'new-one', { ...account, name: '新名' })
  await run('change-officer@管理员自己的账号', logins.get('县管二'), {
    name: '县管二',
    authority: '长安区局',
    roles: ['administrator'],
  })
  await signIn()
  await run('grant-duties', 'new-one', { roles: ['reviewer'] }, { confirm: '县管二' })
  await run('reset-password', 'new-one', {}, { confirm: '县管二' })
  await run('disable-officer', 'new-one', {})

  // The case goes on.
  await later('2026-12-02')
  await onCase('consent-to-listing', again, { granted: true, reasons: '同意' }, { by: '市审' })
  await onCase(
    'decide-listing',
    again,
    { listed: true, decisionNo: '1号', decidedOn: '2026-12-02', reasons: '理由' },
    { by: '县审' },
  )
  await onCase('publish-listing', again, {}, { by: '县审' })
  const period = { from: '2026-12-01', to: '2026-12-02' }
  const bulletin = await step({ line: 'draft-bulletin', by: '县录', input: period })
  await onCase('return-bulletin', bulletin.json.id, { reason: '不妥' }, { by: '县审' })
  await onCase('discard-bulletin', bulletin.json.id, { reason: '另拟' })
  const final = await post('县录', '/bulletins', period)
  await onCase('issue-bulletin', final.id, {}, { by: '县审' })

  await later('2027-12-03')
  const c = await open('EACH0006', '示例己公司')
  const ended = await punish(c, '县罚6号', { severity: '一般', fulfilledOn: '2026-12-01' })
  const early = (line: string, input: object, by: Name = '县录') =>
    step({ line, by, code: c, id: ended, input })
  await early('apply-early-end', { on: '2027-12-03', grounds: '已履行' })
  await early('check-early-end', { findings: '属实' })
  await early('decide-early-end', { granted: true, reasons: '同意' }, '县审')
  await send('县录', 'PATCH', `/enterprises/${b}/records/${carrying}`, {
    data: { fulfilledOn: '2026-12-20' },
  })
  await onCase('apply-for-repair', again, { on: '2027-12-03', grounds: '已履行' })
  await onCase('accept-repair', again, { accepted: true, reasons: '受理' })
  await onCase('inspect-repair', again, { on: '2027-12-03', findings: '属实' })
  await onCase('decide-repair', again, { granted: true, reasons: '准予' }, { by: '县审' })

  // A case whose penalty is changed, in a firm that moves.
  const d = await open('EACH0007', '示例庚公司')
  const recent = { decidedOn: '2027-11-02', publishedOn: '2027-11-10' }
  const changed = await punish(d, '县罚7号', recent)
  const own: string = (await post('县录', `/enterprises/${d}/cases`, proposal([changed]))).id
  await post('县录', `/cases/${own}/steps`, { step: 'notice', servedOn: '2027-12-03', way: '直接送达' })
  await later('2027-12-20')
  await post('市审', `/cases/${own}/steps`, { step: 'consent', granted: true, reasons: '同意' })
  const listed = { listed: true, decisionNo: '2号', decidedOn: '2027-12-20', reasons: '理由' }
  await post('县审', `/cases/${own}/steps`, { step: 'decision', ...listed })
  await post('县审', `/cases/${own}/steps`, { step: 'publication' })
  const review = { data: { reviewOutcome: '变更', reviewedOn: '2027-12-20' } }
  const reviewed = await send('县录', 'PATCH', `/enterprises/${d}/records/${changed}`, review)
  t.equal(reviewed.statusCode, 202, reviewed.body)
  await post('县审', `/proposals/${reviewed.json().id}/confirmation`, {})
  const instead = await punish(d, '县罚7号', {
    ...recent,
    decidedOn: '2027-12-20',
    publishedOn: '2027-12-20',
    caseNo: '二',
  })
  await onCase(
    'rebase-listing',
    own,
    { penalties: [instead], facts: '变更后的事实', reasons: '仍属较重' },
    { confirm: '县审' },
  )
  const moved = await send('省审', 'PATCH', `/enterprises/${d}`, { enterprise: { region: '130202' } })
  if (moved.statusCode === 202) await post('省审二', `/proposals/${moved.json().id}/confirmation`, {})
  t.equal(registry.files.byCode(d).enterprise.region, '130202')
  await step({
    ...{ line: 'add-record@企业迁到唐山', by: '外审', code: d },
    input: penaltyOf('唐罚1号', { ...recent, authority: '唐山市局' }),
  })
  await step({
    ...{ line: 'update-record@企业迁到唐山', by: '县录', code: d, id: instead },
    input: { data: { fulfilledOn: '2027-12-20' } },
  })
  await onCase('revoke-listing@企业迁到唐山', own, { reason: '有误' }, { by: '县录二', confirm: '县审' })

  // Authorities and people under other names, and under another roof.
  await run('rename-authority', ids.get('县'), { name: '长安区市场监管局' }, { by: '市管' })
  const renamed = { name: '另一名', authority: '长安区市场监管局', roles: [...ALL] }
  await registry.acts.carryOut('change-officer', { id: logins.get('县录二') ?? '' }, renamed, author)
  await signIn()
  await step({
    ...{ line: 'withdraw-record@机关和人都更名', by: '县录', confirm: '县审', code: c, id: ended },
    input: { reason: '误录' },
  })
  const e = await open('EACH0008', '示例辛公司')
  const inherited = await punish(e, '县罚8号', recent)
  await run('merge-authority', ids.get('县'), { into: ids.get('邻') }, { by: '市管', confirm: '省管' })
  await step({
    ...{ line: 'update-record@县局并入邻县局', by: '邻审', code: e, id: inherited },
    input: { data: { fulfilledOn: '2027-12-20' } },
  })
  await step({
    ...{ line: 'correct-record@县局并入邻县局', by: '县录', confirm: '邻审', code: e, id: inherited },
    input: { data: { fine: 1 }, reason: '笔误' },
  })
  t.same(
    Array.from(table.keys()).filter((name) => !tried.has(name)),
    [],
    'each line of the table was tried',
  )
})

t.test(
  'the command line is the second administrator, and nobody’s second pair of eyes in a file',
  async (t) => {
    const server = await bureau(t)
    const { registry, writer, folder, logins, send } = server
    const { commandLine } = await import('../cli/command.ts')
    const command = commandLine(folder)
    const done = async (...args: string[]) => {
      const said = await command(args)
      await writer.catchUp()
      return said
    }
    const uscc = unifiedCode('EACH0009')
    const code = uscc.slice(8, 17)
    await send('县录', 'POST', '/enterprises', { uscc, enterprise: { name: '示例公司', region: '130102' } })
    const withdrawn = await send('县录', 'POST', `/enterprises/${code}/withdrawal`, { reason: '误建' })
    const made = await send('县管', 'POST', '/keys', {
      ...{ name: '系统', authority: '长安区局', scopes: ['records:read'] },
    })
    const { id } = made.json()
    const login = logins.get('县录') ?? ''
    for (const [url, payload] of [
      [`/keys/${id}/scopes`, { scopes: ['listings:decide'] }],
      [`/officers/${login}/duties`, { roles: ['reviewer'] }],
    ] as const)
      t.equal((await send('县管', 'POST', url, payload)).statusCode, 202, url)
    t.notOk(registry.keys.one(id)?.scopes.includes('listings:decide'))
    t.equal((await done('key', 'confirm', id)).code, 0)
    t.ok(registry.keys.one(id)?.scopes.includes('listings:decide'))
    t.equal((await done('officer', 'confirm', login)).code, 0)
    t.ok(registry.officers.one(login)?.roles.includes('reviewer'))
    const at = registry.position()
    for (const args of [
      ['officer', 'confirm', login],
      ['key', 'confirm', withdrawn.json().id],
      ['officer', 'confirm', code],
    ]) {
      const { code: exit, stderr } = await done(...args)
      t.not(exit, 0, args.join(' '))
      t.match(stderr, /没有等待确认的提请/, args.join(' '))
    }
    t.equal(registry.position(), at, 'nothing has changed')
    t.equal(registry.acts.proposal(withdrawn.json().id, { authority: '', officer: '' }).own.status, 'open')
    t.equal((await done('key', 'revoke', id)).code, 0)
    t.equal((await done('key', 'revoke', id)).code, 2, 'what is closed is closed for everybody')
  },
)

t.test('the table has every act', (t) => {
  const known = new Set(Array.from(table.values(), ({ act }) => act))
  t.same(
    shippedActs.map(({ name }) => name).filter((name) => !known.has(name)),
    [],
  )
  t.end()
})
