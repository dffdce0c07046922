import t from 'tap'
import { deadlinesOf } from '../../src/blacklist/deadlines.ts'
import { publicDecision, publicFace } from '../../src/dossier/face.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { Firm, grave, people } from '../blacklist/firm.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

/** The decision of a penalty beside its summary: masked, reviewed by another, public as long as the penalty is. */

const attached = { text: '当事人生产不合格电缆。联系电话13812345678。', toldOn: '2026-02-05' }
const firm = (more = {}) => new Firm([grave('p', '2026-02-02', { publishedOn: '2026-03-10', ...more })])
const text = (own: Firm, on: string) => publicDecision(own.dossier, 'p', on, catalogue)?.text

t.test('public from the penalty’s first day to its last, once it was approved', async (t) => {
  const own = firm()
  own.do('attach-decision', 'p', attached)
  t.equal(text(own, '2026-03-10'), undefined, 'not reviewed')
  t.match(own.refusal('review-decision', 'p', { approved: true, reasons: '一致' }), { reason: 'forbidden' })
  own.do('review-decision', 'p', { approved: true, reasons: '一致' }, people.head)
  t.equal(text(own, '2026-03-09'), undefined, 'the day before')
  t.equal(text(own, '2026-03-10'), '当事人生产不合格电缆。联系电话××××。')
  t.equal(text(own, '2029-03-09'), '当事人生产不合格电缆。联系电话××××。')
  t.equal(text(own, '2029-03-10'), undefined, 'the publication has ended')
  const face = (on: string) =>
    publicFace(own.dossier, on, catalogue)?.sections.penalties?.map(({ hasText }) => hasText)
  t.same(face('2026-03-10'), [true])
  own.change('p', { reviewOutcome: '撤销', reviewedOn: '2026-04-01' })
  t.equal(text(own, '2026-04-01'), undefined, 'annulled')
})

t.test('returned, attached again; what was approved stays until another is', async (t) => {
  const own = firm()
  t.match(own.hindrance('review-decision', 'p', people.head), /没有待审核/)
  own.do('attach-decision', 'p', attached)
  const clocks = () => deadlinesOf(own.dossier, catalogue).filter(({ what }) => what === 'documentReview')
  t.match(clocks(), [{ about: 'p', dueOn: '2026-03-10' }], 'by the day on which the penalty is to be public')
  own.do('review-decision', 'p', { approved: false, reasons: '缺第二页' }, people.head)
  t.same(clocks(), [])
  t.equal(text(own, '2026-03-10'), undefined)
  t.match(own.refusal('review-decision', 'p', { approved: true, reasons: '再看' }, people.head), {
    reason: 'exists',
  })
  own.do('attach-decision', 'p', { ...attached, text: '全文一' })
  own.do('review-decision', 'p', { approved: true, reasons: '一致' }, people.head)
  own.do('attach-decision', 'p', { ...attached, text: '全文二' }, people.third)
  t.equal(text(own, '2026-03-10'), '全文一')
  own.do('review-decision', 'p', { approved: true, reasons: '一致' }, people.clerk)
  t.equal(text(own, '2026-03-10'), '全文二')
})

t.test('what can’t be attached', async (t) => {
  const faults = (more: object, own = firm()) =>
    own.refusal('attach-decision', 'p', { ...attached, ...more }).faults
  t.same(faults({}), [])
  t.same(faults({ toldOn: '2026-02-01' }), ['/toldOn before-start'], 'told before it was decided')
  t.same(faults({ toldOn: '2026-02-02' }), [])
  t.same(faults({ toldOn: '2026-03-02' }), [], 'today')
  t.same(faults({ toldOn: '2026-03-03' }), ['/toldOn future-date'])
  t.same(faults({ mask: '不合格\n张三' }), ['/mask unknown'])
  t.same(faults({ keep: '李四' }), ['/keep unknown'])
  t.same(faults({ text: ' ' }), ['/text invalid'])
  t.same(faults({ text: '字'.repeat(20_000) }), [])
  t.same(faults({ text: '字'.repeat(20_001) }), ['/text too-big'])
  t.same(faults({}, firm({ procedure: '简易程序' })), ['/text not-public'], 'a penalty that is not public')
  t.same(faults({}, firm({ types: ['警告'] })), ['/text not-public'])
  t.match(firm().refusal('attach-decision', 'p', attached, people.elsewhere), { reason: 'forbidden' })
})

t.test('over the API and on the pages; what was masked is nowhere', async (t) => {
  const server = await testServer(t)
  const clerk = await server.authorization(['records:write', 'records:read'])
  const chief = await server.authorization(['listings:decide', 'records:read'])
  const uscc = unifiedCode('DECT0001')
  const code = uscc.slice(8, 17)
  const post = (url: string, payload: object, headers = clerk) =>
    server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload })
  await post('/enterprises', { uscc, enterprise: { name: '示例电缆公司' } })
  const { id } = (
    await post(
      `/enterprises/${code}/records`,
      penaltyOf('罚1号', { decidedOn: '2026-11-02', publishedOn: '2026-11-10', authority: '测试局' }),
    )
  ).json()
  const own = `/enterprises/${code}/records/${id}/decision`
  const read = () => server.app.inject(`/api/v1${own}`)
  t.equal((await read()).statusCode, 404)
  const given = { text: '全文：当事人张某某，电话13812345678。', mask: '张某某', toldOn: '2026-11-03' }
  const made = await post(own, given)
  t.match(made.json(), { status: 'attached', masked: 2, text: '全文：当事人××××，电话××××。' })
  t.equal((await read()).statusCode, 404, 'not before the review')
  t.equal((await post(`${own}/review`, { approved: true, reasons: '一致' }, chief)).statusCode, 200)
  t.match((await read()).json(), {
    orgCode: code,
    record: { id, data: { documentNo: '罚1号' } },
    text: '全文：当事人××××，电话××××。',
  })
  t.match((await server.app.inject(`/enterprises/${code}`)).body, `/enterprises/${code}/decisions/${id}`)
  const page = await server.app.inject(`/enterprises/${code}/decisions/${id}`)
  t.match(page, { statusCode: 200, body: /行政处罚信息摘要[\s\S]*决定书全文[\s\S]*当事人××××/ })
  t.equal((await server.app.inject(`/enterprises/${code}/decisions/none`)).statusCode, 404)
  const entries = await server.register.history(code)
  t.notMatch(JSON.stringify(entries), /13812345678|张某某/, 'not in the register either')
})
