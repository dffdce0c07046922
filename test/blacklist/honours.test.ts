import t from 'tap'
import { honouredOn } from '../../src/blacklist/honours.ts'
import { addDays } from '../../src/calendar/dates.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { sampling } from '../rating/files.ts'
import { award, Firm, penalty, people } from './firm.ts'

const ON = '2026-11-24'

/** A firm of grade A with an award, and whatever else. */
function firm(records: Parameters<typeof penalty>[] | never[] = [], grade: string | null = 'A'): Firm {
  const own = new Firm([award('a', '省', '2024-05-01'), ...records.map((given) => penalty(...given))])
  own.fact('rating.issued', {
    id: 'r',
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
    on: '2026-10-01',
    grade,
    points: 94,
    items: [],
    limits: [],
  })
  return own
}
const isHonoured = (own: Firm, on = ON) => honouredOn(own.dossier, on, catalogue).length === 1

t.test('who is honoured', async (t) => {
  t.same(honouredOn(firm().dossier, ON, catalogue), [
    {
      orgCode: 'M000100Y4',
      name: '示例公司',
      region: '130102',
      grade: 'A',
      awards: [{ kind: '河北名牌产品', level: '省', grantedOn: '2024-05-01' }],
    },
  ])
  for (const grade of ['B', 'C', 'D', null]) t.notOk(isHonoured(firm([], grade)), `grade ${grade}`)
  t.notOk(isHonoured(new Firm([award('a', '省', '2024-05-01')])), 'never rated')
})

t.test('an award must hold on the day', async (t) => {
  const withAward = (more: Record<string, unknown>) => {
    const own = firm()
    own.change('a', more)
    return own
  }
  t.ok(isHonoured(withAward({ validTo: '2026-11-25' })))
  t.ok(isHonoured(withAward({ validTo: '2026-11-24' })), 'on its last day')
  t.notOk(isHonoured(withAward({ validTo: '2026-11-23' })), 'the day after')
  t.notOk(isHonoured(withAward({ revokedOn: '2026-11-01' })))
  const two = firm()
  two.add(award('b', '国家', '2025-05-01', { title: '电缆' }))
  t.match(honouredOn(two.dossier, ON, catalogue), [
    { awards: [{ level: '省' }, { level: '国家', title: '电缆' }] },
  ])
  two.withdraw('a')
  t.match(honouredOn(two.dossier, ON, catalogue), [{ awards: [{ level: '国家' }] }], 'one of two withdrawn')
  two.withdraw('b')
  t.notOk(isHonoured(two))
})

t.test('nothing adverse in 24 months', async (t) => {
  for (const [decidedOn, honoured] of [
    ['2024-11-23', true],
    ['2024-11-24', true],
    ['2024-11-25', false],
    ['2026-10-01', false],
    [ON, true],
  ] as const)
    t.equal(isHonoured(firm([['p', decidedOn]])), honoured, `a penalty of ${decidedOn}`)
  for (const [outcome, honoured] of [
    ['合格', true],
    ['未抽到样品', true],
    ['不合格', false],
    ['拒检', false],
  ] as const) {
    const own = firm()
    own.add(sampling('i', '2026-03-01', outcome))
    t.equal(isHonoured(own), honoured, outcome)
  }
  for (const [inspectedOn, honoured] of [
    ['2024-11-24', true],
    ['2024-11-25', false],
  ] as const) {
    const own = firm()
    own.add(sampling('i', inspectedOn, '不合格'))
    t.equal(isHonoured(own), honoured, `failed on ${inspectedOn}`)
  }
  for (const [said, honoured] of [
    [{ role: '标称生产者' }, false],
    [{ role: '被抽样单位' }, true],
    [{ role: '被抽样单位', faultStage: '销售环节' }, false],
    [{ role: '标称生产者', dispute: '处理中' }, true],
  ] as const) {
    const own = firm()
    own.add(sampling('i', '2026-03-01', '不合格', said))
    t.equal(isHonoured(own), honoured, JSON.stringify(said))
  }
  const one = firm([
    ['p', '2026-03-01'],
    ['q', '2026-04-01'],
  ])
  one.withdraw('p')
  t.notOk(isHonoured(one), 'one of two penalties withdrawn')
  one.withdraw('q')
  t.ok(isHonoured(one))
})

t.test('a penalty that went to review, outcome by outcome', async (t) => {
  for (const [reviewOutcome, decidedOn, honoured] of [
    ['维持', '2024-11-25', false],
    ['维持', '2024-11-24', true],
    ['变更', '2024-11-25', false],
    ['变更', '2024-11-24', true],
    ['撤销', '2024-11-25', true],
    ['确认违法', '2024-11-25', true],
    ['确认无效', '2024-11-25', true],
  ] as const) {
    const own = firm([['p', decidedOn, { reviewOutcome, reviewedOn: '2025-03-01' }]])
    t.equal(isHonoured(own), honoured, `${reviewOutcome} of ${decidedOn}`)
  }
  const small = { reviewOutcome: '变更', reviewedOn: '2025-03-01', procedure: '简易程序' }
  t.ok(isHonoured(firm([['p', '2025-01-01', small]])), 'of one that nobody would have seen nothing is told')
})

t.test('what the public does not see yet, or any more, tells of nothing', async (t) => {
  const own = firm([['p', '2026-11-20']])
  const from = catalogue.kind('penalty')?.publication(own.dossier.records.at(-1)?.data ?? {})
  const day = from?.public ? from.from : ''
  t.ok(day > '2026-11-20', 'a penalty is published some days after it was decided')
  t.ok(isHonoured(own, addDays(day, -1)), 'the day before')
  t.notOk(isHonoured(own, day), 'the day of publication')
})

t.test('what is not known is not good, of what the public sees', async (t) => {
  const old = (more: Record<string, unknown>) => isHonoured(firm([['p', '2024-02-10', more]]))
  t.ok(old({ fine: 50_000 }), 'a penalty of more than 24 months ago')
  t.notOk(old({ fine: undefined }), 'without the sum of its fine')
  t.ok(old({ fine: undefined, procedure: undefined }), 'that is not public')
  const own = firm()
  own.add(sampling('i', '2026-11-01', '不合格', { deliveredOn: undefined }))
  t.ok(isHonoured(own), 'a failing that has not reached the firm is not public: the list does not tell of it')
  const reached = firm()
  reached.add(sampling('i', '2026-11-18', '不合格', { deliveredOn: '2026-11-20' }))
  t.ok(isHonoured(reached), 'nor of one that may still be tested again')
})

t.test('never while on the list', async (t) => {
  const own = firm([['p', '2024-02-02', { severity: '严重' }]])
  t.ok(isHonoured(own, '2026-03-02'))
  const id = own.propose()
  t.ok(isHonoured(own, '2026-03-02'), 'a case on its way is not yet a listing')
  own.step(id, { step: 'dropping', reason: '终止' })
  own.listed()
  t.notOk(isHonoured(own, '2026-03-10'))
  t.notOk(isHonoured(own, '2029-03-09'))
  const [, listing] = own.dossier.cases
  own.step(listing?.id ?? '', { step: 'revocation', reason: '有误' }, people.city)
  t.ok(isHonoured(own, '2026-03-10'))
})
