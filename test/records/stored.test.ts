import t from 'tap'
import { award } from '../../src/records/award.ts'
import { enterprise } from '../../src/records/enterprise.ts'
import { inspection } from '../../src/records/inspection.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { licence } from '../../src/records/licence.ts'
import { penalty } from '../../src/records/penalty.ts'
import { publicationRules } from '../../src/records/rules.ts'
import { isOneOf } from '../../src/records/stored.ts'

const decided = {
  documentNo: '1号',
  conduct: '生产不合格产品',
  types: ['罚款'],
  decidedOn: '2026-03-02',
  authority: '市局',
}
const sampled = { kind: '省级监督抽查', inspectedOn: '2026-03-02', authority: '省局', outcome: '不合格' }
const granted = { kind: '著名商标', level: '省', grantedBy: '省政府', grantedOn: '2026-03-02' }
const licensed = { kind: '其他许可', number: '1', authority: '省局', issuedOn: '2026-03-02', status: '有效' }
const fileOf = (type: string, data: RecordData, more = {}) => ({ records: [{ type, data, ...more }] })

t.test('wrong names of fields and wrong terms do not compile', async (t) => {
  for (const { data } of penalty.in(fileOf('penalty', decided))) {
    // @ts-expect-error: the field is reviewOutcome
    t.equal(data.reviewResult, undefined)
    // @ts-expect-error: 撤消 is no outcome of a review, 撤销 is
    t.not(data.reviewOutcome === '撤消', true)
    // @ts-expect-error: no such type of penalty
    t.notOk(data.types.includes('吊消许可证件'))
    // @ts-expect-error: 一般程序 is what files say, the term is 普通程序
    t.notOk(isOneOf(data.procedure, ['一般程序']))
    // @ts-expect-error: a sum is no text
    t.notOk(data.fine?.startsWith('5'))
  }
  for (const { data } of inspection.in(fileOf('inspection', sampled))) {
    // @ts-expect-error: the field is outcome
    t.equal(data.result, undefined)
    // @ts-expect-error: 不通过 is no outcome
    t.notOk(isOneOf(data.outcome, ['不合格', '不通过']) && data.outcome !== '不合格')
    switch (data.retest) {
      // @ts-expect-error: 变更原结论 is no outcome of a re-test, 改变原结论 is
      case '变更原结论':
        t.fail()
    }
  }
  for (const { data } of award.in(fileOf('award', granted))) {
    // @ts-expect-error: awards are dated by grantedOn
    t.equal(data.decidedOn, undefined)
    // @ts-expect-error: the term is 省
    t.not(data.level === '省级', true)
  }
  for (const { data } of licence.in(fileOf('licence', licensed))) {
    // @ts-expect-error: the field is validTo
    t.equal(data.validUntil, undefined)
    // @ts-expect-error: the term is 吊销
    t.not(data.status === '已吊销', true)
    // @ts-expect-error: a term that this program may not know is not just any text
    const kind: string = data.kind
    t.equal(kind, '其他许可')
  }
  // @ts-expect-error: the term is 在名录中
  t.not(enterprise.partsOf({ name: '甲' }).abnormalList === '在列', true)
  // @ts-expect-error: a rule's terms are terms of the field that it is held against
  t.notOk(isOneOf(penalty.partsOf(decided).procedure, publicationRules.penaltyRescinded.value))
})

t.test(
  'terms and fields that this version does not know are kept as they stand, and meet no rule',
  async (t) => {
    const data = { ...decided, types: ['从业禁止', '罚款'], reviewOutcome: '发回重审', mediated: true }
    const [read] = penalty.in(fileOf('penalty', data))
    t.same(read?.data, data)
    t.equal(read?.data, data, 'nothing is copied')
    t.notOk(isOneOf(read?.data.reviewOutcome, publicationRules.penaltyRescinded.value))
    t.equal(`${read?.data.reviewOutcome}`, '发回重审', 'it can be printed')
    const whole = { ...decided, procedure: '普通程序', types: ['从业禁止'] }
    t.match(penalty.publication(whole), { public: true }, 'a type that nobody knows is no mere warning')
  },
)

t.test('a record that can not be read is left to a person: not public, incomplete, and named', async (t) => {
  const { conduct: _, ...lacking } = decided
  for (const [kind, data, fields] of [
    [penalty, lacking, ['conduct']],
    [penalty, { ...decided, types: '罚款' }, ['types']],
    [penalty, { ...decided, types: [7] }, ['types']],
    [penalty, { ...decided, fine: '五万' }, ['fine']],
    [penalty, { ...decided, decidedOn: '2026年3月2日' }, ['decidedOn']],
    [penalty, { ...decided, decidedOn: '2026-02-30', authority: null }, ['decidedOn', 'authority']],
    [inspection, { ...sampled, outcome: undefined }, ['outcome']],
    [licence, { ...licensed, issuedOn: 20260302 }, ['issuedOn']],
    [award, {}, ['kind', 'level', 'grantedBy', 'grantedOn']],
  ] as const) {
    t.same(kind.in(fileOf(kind.type, data)), [])
    t.match(kind.publication(data), { public: false })
    t.same(
      kind.missing(data).map(({ field, code }) => `${field} ${code}`),
      fields.map((field) => `${field} unreadable`),
    )
    t.same(kind.readOn(data, '2030-01-01'), {})
    t.not(kind.identity(data), kind.identity({ ...data, remark: '另一条' }), 'it is like no other')
  }
  t.match(licence.missing({ ...licensed, issuedOn: 1 })[0]?.detail, /发证日期.*更正/)
})

t.test('records of another kind, and withdrawn ones, are not among those of a kind', async (t) => {
  t.same(penalty.in(fileOf('award', decided)), [])
  t.same(penalty.in(fileOf('penalty', decided, { withdrawn: { at: '' } })), [])
  t.equal(penalty.of({ type: 'penalty', data: decided })?.data.documentNo, '1号')
})

t.test('of the basic information what can be read is read', async (t) => {
  t.same(enterprise.partsOf({ name: '甲', region: 130100, status: '歇业中' }), {
    name: '甲',
    status: '歇业中',
  })
  t.same(enterprise.partsOf({}), {})
  t.equal(penalty.madeBy({ ...decided }), '市局')
  t.equal(award.madeBy({ ...granted, authority: '市局' }), '省政府')
  t.equal(penalty.madeBy({ ...decided, authority: 1 }), undefined)
  t.equal(penalty.datedOn({ ...decided, decidedOn: 1 }), '')
})
