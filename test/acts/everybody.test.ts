import { randomUUID } from 'node:crypto'
import t from 'tap'
import { shippedActs } from '../../src/acts/shipped.ts'
import { scopesOf } from '../../src/authority/roles.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { commitmentOf } from '../../src/supervision/draw.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { licenceOf, penaltyOf, unifiedCode } from '../support.ts'
import {
  ALL,
  type Anybody,
  everyone,
  MACHINE,
  may,
  mayConfirm,
  type Name,
  personNamed,
  staffedBureau,
  table,
} from './everybody.ts'
import { actOf } from './office.ts'

/**
 * Every act, tried by every kind of person by API and desk, in the order of a bureau's year: who is refused changes nothing
 * and is on record; who may is let in; the rightful one does it, and where that takes two, the rightful two. Who may is read
 * from `everybody.txt`.
 */

/** The lines of a form, for what of an input is made of them. */
function linesOf(input: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input).flatMap(([field, value]): [string, string][] => {
      if (Array.isArray(value)) return [[field, value.join('\n')]]
      return typeof value === 'string' ? [[field, value]] : []
    }),
  )
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
  const server = await staffedBureau(t)
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
      const { items = [] } = (await send(who, 'GET', '/proposals?whose=confirmable&limit=200')).json()
      const isListed = items.some(({ id }: { id: string }) => id === own)
      t.equal(isListed, mayConfirm(who, line, by), `${said}: in their list`)
      if (mayConfirm(who, line, by)) {
        const seen = await send(who, 'GET', `/proposals/${own}`)
        t.equal(seen.json().hindrance, undefined, said)
        const moved = seen
          .json()
          .changes.filter((one: { before: string; after: string }) => one.before !== one.after)
        t.ok(moved.length > 0, `${said}: is shown what changes, before and after`)
        const page = (
          await (who === MACHINE ? undefined : visitors.get(who))?.visitor.get(`/desk/proposals/${own}`)
        )?.body
        if (page !== undefined) t.match(page, /<h2>确认后的变动/, `${said} at the desk`)
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
    const confirmed = await send(confirm, 'POST', `/proposals/${own}/confirmation`)
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
  const atDirectory = { issuer: 'https://sso', subject: 'sso new-one', login: 'new-one' }
  await registry.officers.ofDirectory(atDirectory)
  await run('unbind-officer', 'new-one', {})
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
  const c = await open('EACH0006', '示例己公司', { abnormalList: '不在名录中' })
  const ended = await punish(c, '县罚6号', { severity: '一般', fulfilledOn: '2026-12-01' })
  const early = (line: string, input: object, by: Name = '县录') =>
    step({ line, by, code: c, id: ended, input })
  await early('apply-early-end', { on: '2027-12-03', grounds: '已履行' })
  await early('check-early-end', { findings: '属实' })
  await early('decide-early-end', { granted: true, reasons: '同意' }, '县审')
  await step({
    line: 'revoke-early-end',
    by: '县审',
    code: c,
    id: ended,
    input: { reason: '有误' },
    confirm: '市审',
  })
  await send('县录', 'PATCH', `/enterprises/${b}/records/${carrying}`, {
    data: { fulfilledOn: '2026-12-20' },
  })
  await onCase('apply-for-repair', again, { on: '2027-12-03', grounds: '已履行' })
  await onCase('accept-repair', again, { accepted: true, reasons: '受理' })
  await onCase('inspect-repair', again, { on: '2027-12-03', findings: '属实' })
  await onCase('decide-repair', again, { granted: true, reasons: '准予' }, { by: '县审' })
  await onCase('revoke-repair', again, { reason: '有误' }, { by: '县审', confirm: '市审' })

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
  await run(
    'merge-authority',
    ids.get('县'),
    { into: ids.get('邻'), takesOver: true },
    { by: '市管', confirm: '省管' },
  )
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

t.test('the table has every act', (t) => {
  const known = new Set(Array.from(table.values(), ({ act }) => act))
  t.same(
    shippedActs.map(({ name }) => name).filter((name) => !known.has(name)),
    [],
  )
  t.end()
})
