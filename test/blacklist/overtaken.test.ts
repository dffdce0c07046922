import t from 'tap'
import { TOLD_OF } from '../../src/blacklist/basis.ts'
import { deadlinesOf } from '../../src/blacklist/deadlines.ts'
import { documentOf } from '../../src/blacklist/documents.ts'
import { openSteps } from '../../src/blacklist/procedure.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { penalty as penaltyKind } from '../../src/records/penalty.ts'
import { decisionOn, Firm, grave, people, TERMS } from './firm.ts'

/** A case whose basis changes on its way: the decision is about what the party was told. */

const notice = (servedOn: string) => ({ step: 'notice', servedOn, way: '直接送达' }) as const
const consent = { step: 'consent', granted: true, reasons: '同意' } as const
const restating = { step: 'restating', facts: '罚款十万元', reasons: '更重' } as const
const affirming = { step: 'affirming', reasons: '文字订正' } as const
const stepsOf = (firm: Firm, id: string) => openSteps(firm.case(id), firm.today).map(({ step }) => step)

/** A case taken as far as a status. */
function caseAt(status: string, records = [grave('p')]): { firm: Firm; id: string } {
  const firm = new Firm(records)
  if (status === 'decided' || status === 'inForce')
    return { firm, id: firm.listed(undefined, { publish: status === 'inForce' }) }
  const id = firm.propose(records.map((record) => record.id))
  if (status !== 'proposed') firm.step(id, notice('2026-03-02'))
  if (status === 'stated')
    firm.step(id, { step: 'statement', on: '2026-03-02', statement: '陈', answer: '复' })
  if (status === 'consented') {
    firm.today = '2026-03-10'
    firm.step(id, consent, people.city)
  }
  return { firm, id }
}

t.test('what a decision says changes: the case waits for a notice, whatever it has come to', async (t) => {
  for (const [status, open] of [
    ['proposed', ['restating', 'affirming', 'dropping']],
    ['noticed', ['restating', 'affirming', 'statement', 'dropping']],
    ['stated', ['restating', 'affirming', 'statement', 'dropping']],
    ['consented', ['restating', 'affirming', 'dropping']],
  ] as const) {
    const { firm, id } = caseAt(status)
    firm.today = '2026-03-11'
    t.same(firm.review('p', { conduct: '另一行为' }), ['listing.basisChanged'], status)
    t.equal(firm.case(id).status, status)
    t.same(
      [...stepsOf(firm, id)].sort(),
      [...open].filter((step) => step !== 'statement' || status !== 'consented').sort(),
      status,
    )
    for (const step of status === 'proposed' ? [notice('2026-03-11')] : [consent, decisionOn('2026-03-11')]) {
      const refused = firm.refusedStep(id, step, step.step === 'consent' ? people.city : people.head)
      t.equal(refused.reason, 'exists', `${status} ${step.step}`)
      t.match(refused.title, /处罚 p 的违法行为类型已变动（2026-03-11）.*现在可以：.*重新告知/)
    }
    t.same(
      deadlinesOf(firm.dossier, catalogue).flatMap(({ what, dueOn, about }) =>
        about === id ? [`${what} ${dueOn}`] : [],
      ),
      ['restating 2026-04-09'],
      'twenty working days, Qingming out',
    )
  }
})

t.test('a decision that was taken stands as it was taken', async (t) => {
  for (const status of ['decided', 'inForce']) {
    const { firm, id } = caseAt(status)
    t.same(firm.review('p', { conduct: '另一行为' }), [], status)
    t.equal(firm.case(id).overtaken, undefined)
  }
})

t.test('which changes are told of, field by field', async (t) => {
  const others: Record<string, unknown> = {
    documentNo: 'p2',
    procedure: undefined,
    category: undefined,
    types: ['吊销许可证件'],
    fine: 90_000,
    confiscatedIncome: 1,
    confiscatedGoods: 1,
    confiscatedTotal: 1,
    total: 90_000,
    restrictionEndsOn: '2027-02-02',
    decidedOn: '2026-02-01',
    severity: '较重',
  }
  const never = ['procedure', 'category']
  for (const column of penaltyKind.columns) {
    const { firm, id } = caseAt('noticed')
    const { field, type } = column
    const value = others[field] ?? (type === 'date' ? '2026-03-01' : (column.terms?.[0] ?? '另文'))
    if (never.includes(field) || field === 'reviewOutcome') continue
    firm.review('p', { [field]: value })
    t.equal(
      firm.case(id).overtaken !== undefined,
      TOLD_OF.some((told) => told === field),
      field,
    )
  }
  t.same(TOLD_OF.length, 21)
  const { firm } = caseAt('noticed')
  t.same(firm.review('p', { procedure: '简易程序' }), ['listing.dropped'], 'the ground is met no more')
  const other = caseAt('noticed')
  t.same(other.firm.review('p', { category: TERMS.unlicensed }), ['listing.dropped'])
  const upheld = caseAt('noticed')
  t.same(upheld.firm.review('p', { reviewOutcome: '维持', reviewedOn: '2026-03-02' }), [])
})

t.test('facts are written anew, and the period runs again from the new notice', async (t) => {
  const { firm, id } = caseAt('consented')
  firm.review('p', { fine: 90_000 })
  firm.step(id, restating, people.third)
  t.match(firm.case(id), {
    status: 'proposed',
    proposed: { facts: '罚款十万元' },
    before: { status: 'consented' },
  })
  for (const gone of ['noticed', 'statements', 'consented', 'overtaken'] as const)
    t.equal(firm.case(id)[gone], undefined, gone)
  t.same(firm.refusedStep(id, notice('2026-03-09')).faults, ['/servedOn before-start'], 'the day before')
  firm.step(id, notice('2026-03-10'))
  t.equal(firm.case(id).noticed?.statementUntil, '2026-03-17')
  firm.today = '2026-03-17'
  t.equal(firm.refusedStep(id, consent, people.city).reason, 'exists')
  firm.today = '2026-03-18'
  firm.step(id, consent, people.city)
  t.equal(
    firm.refusedStep(id, decisionOn('2026-03-17'), people.head).faults[0],
    '/decidedOn statement-period',
  )
  t.equal(firm.refusedStep(id, decisionOn('2026-03-18'), people.third).reason, 'forbidden', 'who wrote them')
  firm.step(id, decisionOn('2026-03-18'), people.head)
  t.match(documentOf('decision', firm.dossier, firm.case(id))?.paragraphs[0], /罚款十万元/)
  t.equal(documentOf('rebasing', firm.dossier, firm.case(id)), undefined)
})

t.test('two persons hold that a change is none of what was told', async (t) => {
  for (const status of ['proposed', 'noticed', 'consented'] as const) {
    const { firm, id } = caseAt(status)
    firm.today = '2026-03-10'
    firm.review('p', { penaltyBasis: '第四十九条' })
    t.match(firm.second('affirm-notice', id, { reasons: '文字订正' }), /不再告知/)
    firm.step(id, affirming)
    t.match(firm.case(id), { status, overtaken: undefined, affirmed: { reasons: '文字订正' } })
    t.ok(
      stepsOf(firm, id).includes(
        status === 'proposed' ? 'notice' : status === 'noticed' ? 'consent' : 'decision',
      ),
    )
    firm.review('p', { penaltyBasis: '第五十条' })
    t.same(
      firm.case(id).overtaken?.rewritten,
      [{ id: 'p', fields: ['penaltyBasis'] }],
      'only what came since',
    )
  }
  const { firm, id } = caseAt('noticed')
  t.equal(firm.refusedStep(id, affirming).reason, 'exists', 'nothing has changed')
  t.equal(firm.refusedStep(id, restating).reason, 'exists')
})

t.test('of two penalties one falls before the decision: the party was told of both', async (t) => {
  const { firm, id } = caseAt('noticed', [grave('p'), grave('q', '2026-02-03')])
  firm.today = '2026-03-10'
  t.same(firm.review('q', { reviewOutcome: '撤销', reviewedOn: '2026-03-10' }), ['listing.basisChanged'])
  t.match(firm.refusedStep(id, consent, people.city).title, /处罚 q 不再有效（2026-03-10）/)
  firm.step(id, restating)
  firm.step(id, notice('2026-03-10'))
  t.same(firm.case(id).noticed?.named?.penalties, ['p'])
  const other = caseAt('noticed', [grave('p'), grave('q', '2026-02-03')])
  other.firm.review('p', { conduct: '甲' })
  other.firm.review('q', { conduct: '乙' })
  t.match(other.firm.refusedStep(other.id, consent, people.city).title, /处罚 p 的.*处罚 q 的/)
  other.firm.review('q', { reviewOutcome: '变更', reviewedOn: '2026-03-02' })
  t.same(stepsOf(other.firm, other.id)[0], 'rebasing', 'the changed decision may join it')
})

t.test('a decision does not go beyond the notice', async (t) => {
  const firm = new Firm([grave('p')])
  const id = firm.propose(['p'], { measures: ['甲', '乙'] })
  firm.step(id, notice('2026-03-02'))
  t.same(firm.case(id).noticed?.named, { ground: 'unsafe-product', penalties: ['p'], measures: ['甲', '乙'] })
  t.match(documentOf('notice', firm.dossier, firm.case(id))?.paragraphs[4], /措施：甲；乙。/)
  firm.today = '2026-03-10'
  firm.step(id, consent, people.city)
  const decided = (measures: string[]) =>
    firm.refusedStep(id, decisionOn('2026-03-10', { measures }), people.head).faults
  t.same(decided(['甲', '丙']), ['/measures/1 not-told'])
  t.same(decided(['甲']), [], 'fewer')
  t.same(decided([]), ['/measures required'], 'but some')
  t.same(decided(['甲', '乙']), [])
  t.equal(
    firm.refusedStep(id, decisionOn('2026-03-10', { listed: false, measures: ['丙'] }), people.head).reason,
    '',
    'not listed, no measure applies',
  )
  const stranger = new Firm([grave('p'), grave('q', '2026-02-03')])
  const own = stranger.propose(['p'])
  stranger.step(own, notice('2026-03-02'))
  stranger.fact('listing.basisChanged', { case: own, penalties: ['p', 'q'], reason: '' })
  stranger.step(own, affirming)
  stranger.today = '2026-03-10'
  stranger.step(own, consent, people.city)
  t.match(stranger.refusedStep(own, decisionOn('2026-03-10'), people.head).title, /超出了告知书/)
})

t.test('a notice reads as it was served, whatever its records say now', async (t) => {
  const { firm, id } = caseAt('noticed')
  const printed = () => documentOf('notice', firm.dossier, firm.case(id))?.paragraphs.join('\n')
  const served = printed()
  t.match(served, /作出的p行政处罚决定/)
  firm.review('p', { documentNo: '另号' })
  t.equal(printed(), served)
  firm.step(id, restating)
  t.match(printed(), /作出的另号行政处罚决定/)
})

t.test('a case that has ended is open to nothing, whatever overtook it', async (t) => {
  for (const status of ['proposed', 'noticed', 'stated', 'consented']) {
    const { firm, id } = caseAt(status)
    firm.review('p', { conduct: '另一行为' })
    t.ok(firm.case(id).overtaken)
    firm.step(id, { step: 'dropping', reason: '终止' })
    t.same(stepsOf(firm, id), [], status)
    const refused = firm.refusedStep(id, consent, people.city)
    t.match(refused, { reason: 'exists', title: /案件已结束/ }, status)
    t.notMatch(refused.title, /已变动/, 'what changed in its basis is of no matter any more')
  }
})
