import t, { type Test } from 'tap'
import { formOf } from '../../src/desk/forms.ts'
import { penalty } from '../../src/records/penalty.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'
import { signedIn } from './visitor.ts'

/** What is put forward at the desk: told apart in the queue, still told once it is over, with people and acts by name. */

const uscc = unifiedCode('PRAP0001')
const key = uscc.slice(8, 17)
const file = `/desk/enterprises/${key}`
const AUTHORITY = '石家庄市局'
const PROVINCE = '河北省市场监督管理局'

async function office(t: Test) {
  const server = await testServer(t)
  const { acts, files } = server.registry
  const by = (command: string) => ({ actor: { authority: AUTHORITY, officer: '市甲' }, command })
  const clerk = await signedIn(server, {
    ...{ login: 'shilu', name: '王芳', authority: AUTHORITY },
    roles: ['recorder'],
  })
  const reviewer = await signedIn(server, {
    ...{ login: 'shishen', name: '王芳', authority: AUTHORITY },
    roles: ['reviewer'],
  })
  await acts.open({ codes: { uscc }, data: { name: '示例公司', region: '130102' } }, by('open'))
  for (const no of ['石罚1号', '石罚2号']) {
    const { data } = penaltyOf(no, { authority: AUTHORITY, fine: 20_000 })
    await acts.addRecord(key, 'penalty', data, undefined, by(no))
  }
  const [first = '', second = ''] = files.byCode(key).records.map(({ id }) => id)
  /** Puts a change of one field forward; gives the address of the proposal. */
  const corrects = async (id: string, field: string, value: string, reason: string) => {
    const page = `${file}/records/${id}/correct`
    const { data } = files.byCode(key).records.find((known) => known.id === id) ?? { data: {} }
    const sent = await clerk.fill(page, { ...formOf(data, penalty), [field]: value, reason })
    return String(sent.headers.location).split('?')[0] ?? ''
  }
  const withdraws = async (id: string, reason: string) => {
    const to = `/desk/acts/withdraw-record?code=${key}&id=${id}`
    return String((await clerk.fill(to, { reason })).headers.location).split('?')[0] ?? ''
  }
  return { server, clerk, reviewer, first, second, corrects, withdraws }
}

t.test('rows of the queue are told apart by the record and what is to become of it', async (t) => {
  const { reviewer, clerk, first, second, withdraws } = await office(t)
  await withdraws(first, '重复登记')
  await withdraws(second, '重复登记')
  for (const body of [(await reviewer.get('/desk')).body, (await clerk.get('/desk')).body]) {
    t.match(body, /撤回记录<\/a> 示例公司，违法违规 石罚1号 \d{4}-\d\d-\d\d/)
    t.match(body, /撤回记录<\/a> 示例公司，违法违规 石罚2号 \d{4}-\d\d-\d\d/)
  }
  const { body } = await reviewer.get('/desk/proposals')
  t.match(body, /违法违规 石罚1号[\s\S]*违法违规 石罚2号/)
})

t.test('what is confirmed, refused or overtaken still tells before and after, why and by whom', async (t) => {
  const { server, clerk, reviewer, first, second, corrects, withdraws } = await office(t)
  const { app, registry } = server
  const confirmed = await corrects(first, 'fine', '30000', '少写一个零')
  t.match(confirmed, /^\/desk\/proposals\//)
  t.match((await reviewer.get('/desk')).body, /更正记录<\/a> 示例公司，违法违规 石罚1号 [\d-]+：罚款金额/)
  t.equal((await reviewer.fill(confirmed, {}, `${confirmed}/confirm`)).statusCode, 303)
  t.match(registry.files.byCode(key).records[0]?.data, { fine: 30_000 })
  const refused = await corrects(second, 'fine', '50000', '记错了')
  await reviewer.fill(refused, { reason: '决定书写的就是两万' }, `${refused}/refuse`)
  const overtaken = await corrects(second, 'fine', '60000', '又看了一遍')
  const withdrawal = await withdraws(second, '不该登记')
  t.equal((await reviewer.fill(withdrawal, {}, `${withdrawal}/confirm`)).statusCode, 303)
  for (const [page, status, before, after, reason] of [
    [confirmed, /已确认/, '20,000', '30,000', '少写一个零'],
    [refused, /已退回/, '20,000', '50,000', '记错了'],
    [overtaken, /已失效/, '20,000', '60,000', '又看了一遍'],
    [withdrawal, /已确认/, '20,000', undefined, '不该登记'],
  ] as const) {
    const { body } = await clerk.get(page)
    t.match(body, status)
    t.match(body, new RegExp(`<del>${before}`), `${reason}: before`)
    if (after !== undefined) t.match(body, new RegExp(`<ins>${after}`), `${reason}: after`)
    t.match(body, new RegExp(`理由</dt><dd class="long">${reason}`))
    t.match(body, /石家庄市局 王芳（shilu）/, 'namesakes are told apart by account')
  }
  t.match((await clerk.get(confirmed)).body, /王芳（shishen）/)

  const headers = await server.authorization(['listings:decide', 'records:read'])
  const id = overtaken.split('/').at(-1)
  const late = await app.inject({
    method: 'POST',
    url: `/api/v1/proposals/${id}/confirmation`,
    headers,
    payload: {},
  })
  t.match(late.json(), {
    status: 409,
    title: /石家庄市局王芳（shilu）提请的“更正记录”（示例公司，违法违规：罚款金额）已经失效/,
    proposalStatus: 'lapsed',
    act: 'correct-record',
    label: '更正记录',
    settledReason: /./,
  })
  const told = (await app.inject({ url: `/api/v1/proposals/${id}`, headers })).json()
  t.match(told, {
    status: 'lapsed',
    part: '违法违规：罚款金额',
    changes: [{ label: /罚款金额/, before: /20,000/, after: /60,000/ }],
  })

  const history = (await clerk.get(file)).body
  t.match(history, /提请另一人确认[\s\S]{0,200}更正记录（违法违规 石罚1号 [\d-]+：罚款金额）/)
  t.match(history, /提请失效[\s\S]{0,200}更正记录（[^）]*罚款金额）/)
  t.match(history, /王芳（shilu）[\s\S]*王芳（shishen）|王芳（shishen）[\s\S]*王芳（shilu）/)

  const auditor = await signedIn(server, { login: 'cha', name: '察', roles: ['auditor', 'administrator'] })
  const { body } = await auditor.get('/desk/audit')
  t.match(body, /提请另一人确认：更正记录，违法违规 石罚1号/)
  t.match(body, /提请失效：更正记录/)
  t.match(body, />账号 shilu（王芳）</)
  t.match(body, />石家庄市局</)
  t.notMatch(body, />(authority|officer|key|import)\/[^<]*</, 'no raw subject')
  const csv = (await auditor.get('/desk/audit?format=csv')).body
  t.match(csv, /officer\/shilu/, 'a file has the number of what it is about too')
})

t.test(
  'what was put forward about accounts and authorities is told in words, while it waits and after',
  async (t) => {
    const server = await testServer(t)
    const { registry } = server
    const admin = await signedIn(server, { login: 'guan', name: '管甲', roles: ['administrator'] })
    const second = await signedIn(server, { login: 'guaner', name: '管乙', roles: ['administrator'] })
    await signedIn(server, { login: 'lulu', name: '录甲', authority: '长安区局', roles: ['recorder'] })
    await signedIn(server, { login: 'qiao', name: '正甲', authority: '正定县局', roles: ['recorder'] })
    const idOf = (name: string) => registry.authorities.all().find((one) => one.name === name)?.id ?? ''
    const proposed = async (to: string, form: Record<string, string | string[]>) =>
      String((await admin.fill(to, form)).headers.location).split('?')[0] ?? ''
    const duties = await proposed('/desk/acts/grant-duties?id=lulu', { roles: ['reviewer'] })
    const changed = await proposed(`/desk/acts/change-authority?id=${idOf('正定县局')}`, {
      above: idOf(PROVINCE),
    })
    t.match((await second.get('/desk/officers')).body, /给予岗位待确认/)
    t.match((await second.get('/desk/authorities')).body, /调整机关待确认/, 'named by the act that waits')
    t.notMatch((await second.get('/desk/authorities')).body, /合并待确认/)
    const isTold = async (page: string, words: RegExp) => {
      const { body } = await second.get(page)
      t.match(body, words, page)
      t.notMatch(body, />[^<]*(reviewer|[0-9a-f]{8}-[0-9a-f]{4}-)[^<]*<\/dd>/, 'no raw value')
    }
    await isTold(duties, /岗位<\/dt><dd class="long">审核</)
    await isTold(changed, /上级机关<\/dt><dd class="long">河北省市场监督管理局</)
    await second.fill(duties, {}, `${duties}/confirm`)
    await isTold(duties, /录入<\/td>[\s\S]*<ins>录入、审核<\/ins>/)
    await second.fill(changed, { reason: '仍由市局领导' }, `${changed}/refuse`)
    await isTold(changed, /仍由市局领导/)
    const merged = await proposed(`/desk/acts/merge-authority?id=${idOf('长安区局')}`, {
      into: idOf('正定县局'),
      takesOver: 'yes',
    })
    await isTold(merged, /并入<\/dt><dd class="long">正定县局</)
    await second.fill(merged, {}, `${merged}/confirm`)
    await isTold(merged, /并入<\/dt><dd class="long">正定县局</)
    t.match((await second.get('/desk/authorities')).body, /已并入正定县局/)
  },
)
