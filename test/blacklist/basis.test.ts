import t from 'tap'
import { caseAwaiting, caseOn, changeOfBasis, coveredByCases, newBasisOf } from '../../src/blacklist/basis.ts'
import { listingsDue } from '../../src/blacklist/consequences.ts'
import { decisionOn, Firm, grave, people } from './firm.ts'

/** Upon which penalties a case goes on, and from which day its notice can have been served. */

const changed = { reviewOutcome: '变更', reviewedOn: '2026-03-10' }

t.test('which decisions a case may go on upon once review has changed one of its own', async (t) => {
  for (const [said, more, isOffered] of [
    ['the day before the outcome', { decidedOn: '2026-03-09' }, false],
    ['on its day', { decidedOn: '2026-03-10' }, true],
    ['the day after', { decidedOn: '2026-03-11' }, true],
    ['not grave enough', { decidedOn: '2026-03-10', severity: '一般' }, false],
    ['annulled', { decidedOn: '2026-03-10', reviewOutcome: '撤销' }, false],
    ['changed again', { decidedOn: '2026-03-10', reviewOutcome: '变更' }, false],
    ['upheld', { decidedOn: '2026-03-10', reviewOutcome: '维持' }, true],
    ['of another conduct', { decidedOn: '2026-03-10', category: '伪造、冒用标志或者证号' }, false],
  ] as const) {
    const firm = new Firm([grave('p'), grave('r', '2026-02-03')])
    const id = firm.propose(['p', 'r'])
    firm.today = '2026-03-20'
    firm.review('p', changed)
    const { decidedOn, ...rest } = more
    firm.add(grave('q', decidedOn, { documentNo: 'q', ...rest }))
    const offered = () => newBasisOf(firm.dossier, firm.case(id), firm.today).map((record) => record.id)
    t.same(offered(), isOffered ? ['r', 'q'] : ['r'], said)
    firm.withdraw('q')
    t.same(offered(), ['r'], `${said}, withdrawn`)
  }
  const firm = new Firm([grave('p'), grave('r', '2026-02-03')])
  const id = firm.propose(['p'])
  const offered = () => newBasisOf(firm.dossier, firm.case(id), firm.today).map((record) => record.id)
  t.same(offered(), [], 'nothing was changed')
  firm.today = '2026-03-20'
  firm.review('p', changed)
  firm.add(grave('q', '2026-03-12', { documentNo: 'q' }))
  t.same(offered(), ['q'])
  const other = firm.propose(['q'])
  t.same(offered(), [], "it carries another's case")
  firm.step(other, { step: 'dropping', reason: '另案' })
  t.same(offered(), ['q'], 'which has ended')
})

t.test('the earliest of two outcomes opens the way; one without a day its own decision’s', async (t) => {
  for (const [said, first, second, since] of [
    ['two days', { reviewedOn: '2026-03-12' }, { reviewedOn: '2026-03-10' }, '2026-03-10'],
    ['the first without one', {}, { reviewedOn: '2026-03-10' }, '2026-02-02'],
  ] as const) {
    const firm = new Firm([grave('p', '2026-02-02'), grave('r', '2026-02-03')])
    const id = firm.propose(['p', 'r'])
    firm.today = '2026-03-20'
    firm.review('p', { reviewOutcome: '变更', ...first })
    firm.review('r', { reviewOutcome: '变更', ...second })
    const days = ['2026-02-01', '2026-02-02', '2026-03-09', '2026-03-10', '2026-03-12']
    for (const day of days) firm.add(grave(`q${day}`, day, { documentNo: `q${day}` }))
    t.same(
      newBasisOf(firm.dossier, firm.case(id), firm.today).map(({ data }) => data.decidedOn),
      days.filter((day) => day >= since),
      said,
    )
  }
})

t.test('from which day a notice can have been served', async (t) => {
  const days = (firm: Firm, id: string, ...servedOn: string[]) =>
    servedOn.map(
      (day) => firm.refusedStep(id, { step: 'notice', servedOn: day, way: '直接送达' }).reason === '',
    )
  const firm = new Firm([grave('p', '2026-02-02'), grave('q', '2026-02-05'), grave('r', '2026-02-27')])
  const id = firm.propose(['p', 'q'])
  t.same(
    days(firm, id, '2026-02-04', '2026-02-05', '2026-02-06', '2026-03-02', '2026-03-03'),
    [false, true, true, true, false],
    'from the later of its two penalties on, up to today',
  )
  firm.step(id, { step: 'notice', servedOn: '2026-02-06', way: '直接送达' })
  firm.today = '2026-03-10'
  firm.change('p', { conduct: '另一事实' })
  firm.fact('listing.basisChanged', {
    ...{ case: id, penalties: ['p', 'q'], reason: '更正', on: '2026-03-10' },
    rewritten: [{ id: 'p', fields: ['conduct'] }],
  })
  firm.step(id, { step: 'restating', facts: '新事实', reasons: '新理由' })
  firm.today = '2026-03-16'
  t.same(
    days(firm, id, '2026-03-09', '2026-03-10', '2026-03-11', '2026-03-16', '2026-03-17'),
    [false, true, true, true, false],
    'from the day on which it was written anew',
  )
})

t.test('which case a penalty carries, and which a changed decision belongs to', async (t) => {
  const firm = new Firm([
    grave('p', '2026-02-02', { documentNo: '冀 1' }),
    grave('q', '2026-02-03'),
    grave('twin', '2026-02-02', { documentNo: '冀1' }),
  ])
  t.equal(caseOn(firm.dossier, 'p'), undefined)
  const id = firm.propose(['p'])
  t.same(
    ['p', 'twin', 'q', 'x'].map((one) => caseOn(firm.dossier, one)?.id),
    [id, id, undefined, undefined],
  )
  t.same([...coveredByCases(firm.dossier)].sort(), ['p', 'twin'])
  firm.step(id, { step: 'dropping', reason: '误' })
  t.same([caseOn(firm.dossier, 'p'), coveredByCases(firm.dossier).size], [undefined, 0], 'it has ended')

  const waiting = new Firm([grave('p'), grave('r', '2026-02-03')])
  const own = waiting.propose(['p'])
  waiting.today = '2026-03-20'
  waiting.review('p', changed)
  const decision = (one: string, more: object = {}) => {
    waiting.add(grave(one, '2026-03-12', { documentNo: 'p', ...more }))
    const record = waiting.dossier.records.find((known) => known.id === one)
    const read = record && newBasisOf(waiting.dossier, waiting.case(own), waiting.today)
    const data = read?.find((known) => known.id === one)
    return data && caseAwaiting(waiting.dossier, data)?.id
  }
  t.equal(decision('q'), own)
  t.equal(decision('n', { documentNo: 'n' }), undefined, 'under another number, and it names none')
  t.equal(decision('m', { documentNo: 'm', replacesNo: 'p' }), own, 'which it names')
})

t.test('what is told of a basis that has changed', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03'), grave('r', '2026-02-04')])
  const id = firm.propose(['p', 'q', 'r'])
  t.equal(changeOfBasis(firm.dossier, firm.case(id)), undefined)
  firm.fact('listing.basisChanged', {
    ...{ case: id, penalties: ['p', 'r'], reason: '', on: '2026-03-01' },
    rewritten: [{ id: 'p', fields: ['fine', 'decidedOn', 'remark2'] }],
  })
  t.equal(
    changeOfBasis(firm.dossier, firm.case(id)),
    '处罚 p 的罚款金额、处罚决定日期已变动，处罚 q 不再有效（2026-03-01）',
  )
  firm.fact('listing.basisChanged', { case: id, penalties: ['p'], reason: '', on: '2026-03-02' })
  firm.withdraw('r')
  t.match(
    changeOfBasis(firm.dossier, firm.case(id)),
    /处罚 q 不再有效，所依据的一项处罚不再有效（2026-03-02）$/,
  )
})

t.test('what the day brings for listings: to the day, each case its own', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03')])
  const id = firm.listed(['p'])
  firm.today = '2026-03-11'
  const other = firm.propose(['q'])
  firm.step(other, { step: 'notice', servedOn: '2026-03-11', way: '直接送达' })
  firm.today = '2026-03-20'
  firm.step(other, { step: 'consent', granted: true, reasons: '同意' }, people.city)
  firm.step(other, decisionOn('2026-03-20'), people.head)
  const due = (on: string) =>
    listingsDue(firm.dossier, on).map(
      ({ kind, payload }) => `${kind} ${Object(payload).case === id ? '一' : '二'}`,
    )
  const by = firm.case(other).decided?.listing?.publishBy ?? ''
  t.equal(by, '2026-04-20', 'twenty working days, 清明 among them')
  for (const [on, expected] of [
    ['2026-04-19', []],
    ['2026-04-20', ['listing.published 二']],
    ['2029-03-09', ['listing.published 二']],
    ['2029-03-10', ['listing.removed 一', 'listing.published 二']],
  ] as const)
    t.same(due(on), expected, on)
  firm.step(id, { step: 'revocation', reason: '误' }, people.city)
  t.same(due('2029-03-10'), ['listing.published 二'], 'one that has ended ends once')
})
