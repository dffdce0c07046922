import t from 'tap'
import { fileDeadlines } from '../../src/blacklist/deadlines.ts'
import { openSteps } from '../../src/blacklist/procedure.ts'
import { isInForce } from '../../src/dossier/case.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { decisionOn, Firm, grave, people, proposalOf } from './firm.ts'

/** Repair that was granted on what the file doesn't say any more: whose task it is, and how the listing goes on. */

const GRANTED = '2027-03-10'
const LAST = '2029-03-09'
/** A firm that was listed on 2026-03-10 for three years and repaired on 2027-03-10. */
function repaired(penalties: readonly string[] = ['p']): { firm: Firm; id: string } {
  const firm = new Firm(penalties.map((name) => grave(name)))
  const id = firm.listed(penalties)
  firm.today = GRANTED
  firm.step(id, { step: 'repairApplication', on: GRANTED, grounds: '已整改' })
  firm.step(id, { step: 'repairAcceptance', accepted: true, reasons: '受理' })
  firm.step(id, { step: 'repairInspection', on: GRANTED, findings: '属实' })
  firm.step(id, { step: 'repairDecision', granted: true, reasons: '准予' }, people.head)
  return { firm, id }
}
const doubts = (firm: Firm) =>
  fileDeadlines(firm.dossier, catalogue).filter(({ what }) => what === 'repairBasis')
const steps = (firm: Firm, id: string) => openSteps(firm.case(id), firm.today).map(({ step }) => step)
const revoking = { step: 'repairRevocation', reason: '列入后又受到较重行政处罚' } as const

t.test('a heavier penalty that becomes known after the repair was granted', async (t) => {
  for (const [what, decidedOn, more, isDoubted] of [
    ['the day before the listing', '2026-03-09', {}, false],
    ['of the day of the listing', '2026-03-10', {}, true],
    ['of the day before the repair', '2027-03-09', {}, true],
    ['of the day of the repair', '2027-03-10', {}, true],
    ['of the day after', '2027-03-11', {}, false],
    ['annulled', '2026-08-03', { reviewOutcome: '撤销' }, false],
    ['a light one', '2026-08-03', { severity: '一般' }, false],
    ['heavier by its type', '2026-08-03', { severity: '一般', types: ['责令关闭'] }, true],
  ] as [string, string, RecordData, boolean][]) {
    const { firm, id } = repaired()
    t.same(doubts(firm), [], `${what}: granted rightly, as far as was known`)
    firm.today = '2027-04-01'
    firm.add(grave('q', decidedOn, more))
    if (!isDoubted) {
      t.same(doubts(firm), [], what)
      continue
    }
    t.match(doubts(firm), [{ about: id, dueOn: '2027-04-09', until: LAST, consequence: /q/ }], what)
    firm.withdraw('q')
    t.same(doubts(firm), [], `${what}: wrongly entered`)
  }
})

t.test('a duty that was not fulfilled by then, of each penalty of the case', async (t) => {
  for (const [fulfilledOn, consequence] of [
    ['2027-03-09', undefined],
    ['2027-03-10', undefined],
    ['2027-03-11', /处罚 q 于 2027-03-11 才履行完毕/],
    [undefined, /处罚 q 没有登记履行完毕/],
  ] as const) {
    const { firm } = repaired(['p', 'q'])
    firm.today = '2027-04-01'
    firm.change('q', { fulfilledOn: fulfilledOn ?? null })
    t.match(doubts(firm), consequence ? [{ consequence }] : [], fulfilledOn ?? 'none')
    t.equal(doubts(firm).length, consequence ? 1 : 0)
    if (!consequence) continue
    firm.change('q', { reviewOutcome: '撤销' })
    t.same(doubts(firm), [], 'what is annulled obliges to nothing')
  }
})

t.test('a repair that is taken back puts the firm on the list again, for the rest of its term', async (t) => {
  const { firm, id } = repaired()
  const term = firm.case(id).published
  firm.today = '2027-04-01'
  firm.add(grave('q', '2026-08-03'))
  const drafts = firm.step(id, revoking, people.head)
  t.same(
    drafts.map(({ kind, visibility }) => [kind, visibility]),
    [
      ['listing.repairRevoked', 'internal'],
      ['listing.reinstated', 'internal'],
      ['listing.published', 'public'],
    ],
  )
  t.match(firm.case(id), {
    status: 'inForce',
    removed: undefined,
    published: term,
    repair: { status: 'revoked', revoked: { reason: revoking.reason, by: 'head' } },
    decided: { decidedOn: '2026-03-10' },
  })
  t.equal(isInForce(firm.case(id), LAST), true)
  t.equal(isInForce(firm.case(id), '2029-03-10'), false, 'and gains no day')
  t.same(doubts(firm), [])
  t.same(steps(firm, id), ['repairApplication', 'revocation'], 'repair may be applied for again')
  firm.withdraw('q')
  firm.step(id, { step: 'repairApplication', on: '2027-04-01', grounds: '已整改' })
  t.match(firm.case(id), { repair: { status: 'applied' }, formerRepairs: [{ status: 'revoked' }] })
})

t.test('what can be taken back: repair alone, while the listing would stand', async (t) => {
  const { firm, id } = repaired()
  for (const [today, open] of [
    ['2029-03-09', ['repairRevocation']],
    ['2029-03-10', []],
  ] as const) {
    firm.today = today
    t.same(steps(firm, id), open, today)
  }
  const other = new Firm()
  const own = other.listed()
  t.equal(other.refusedStep(own, revoking, people.head).reason, 'exists', 'nothing was repaired')
  other.step(own, { step: 'revocation', reason: '有误' }, people.head)
  t.equal(other.refusedStep(own, revoking, people.head).reason, 'exists', 'nor where the listing was revoked')
})

t.test('the listing goes on with what is left of its basis', async (t) => {
  const two = repaired(['p', 'q'])
  two.firm.change('p', { reviewOutcome: '撤销' })
  two.firm.step(two.id, revoking, people.head)
  t.match(two.firm.case(two.id), { status: 'inForce', basis: ['q'], changed: undefined })
})

t.test('what nothing is left of, or no firm, is not brought back and is nobody’s task', async (t) => {
  const { firm, id } = repaired()
  firm.today = '2027-04-01'
  firm.add(grave('q', '2026-08-03'))
  t.equal(doubts(firm).length, 1)
  const before = firm.dossier
  for (const [what, lose, fault] of [
    ['annulled', () => firm.change('p', { reviewOutcome: '撤销' }), ' annulled'],
    ['withdrawn', () => firm.withdraw('p'), ' annulled'],
    ['of another ground', () => firm.change('p', { severity: '一般' }), ' annulled'],
    ['dissolved', () => firm.fact('enterprise.changed', { changes: { status: '注销' } }), ' dissolved'],
  ] as const) {
    lose()
    t.same(firm.refusedStep(id, revoking, people.head).faults, [fault], what)
    t.same(doubts(firm), [], what)
    firm.dossier = before
  }
})

t.test(
  'a penalty that review changed meanwhile has the listing judged anew, by no second case',
  async (t) => {
    const changed = { reviewOutcome: '变更', reviewedOn: '2027-03-15' }
    const inItsPlace = grave('r', '2027-03-15', { replacesNo: 'p' })
    const one = repaired()
    one.firm.today = '2027-04-01'
    one.firm.change('p', changed)
    one.firm.add(inItsPlace)
    one.firm.add(grave('q', '2026-08-03'))
    t.match(doubts(one.firm), [{ about: one.id }], 'something can be brought back')
    const drafts = one.firm.step(one.id, revoking, people.head)
    t.same(
      drafts.map(({ kind }) => kind),
      ['listing.repairRevoked', 'listing.reinstated', 'listing.suspended'],
      'nothing is published upon a decision that stands no more',
    )
    t.match(one.firm.case(one.id), { status: 'suspended', changed: ['p'] })
    t.same(steps(one.firm, one.id), ['rebasing', 'revocation'])

    const two = repaired(['p', 'q'])
    two.firm.today = '2027-04-01'
    two.firm.change('p', changed)
    two.firm.add(inItsPlace)
    two.firm.step(two.id, revoking, people.head)
    t.match(two.firm.case(two.id), { status: 'inForce', basis: ['q'], changed: ['p'] })
    t.same(steps(two.firm, two.id), ['rebasing', 'repairApplication', 'revocation'])
    t.equal(
      two.firm.refusal('propose-listing', undefined, proposalOf(['r'])).reason,
      'exists',
      'one fact, one listing',
    )
  },
)

t.test('five working days from what says so, whatever else is entered', async (t) => {
  const { firm } = repaired()
  firm.today = '2027-04-01'
  firm.add(grave('q', '2026-08-03'))
  for (const [day, enter] of [
    ['2027-04-20', () => firm.add(grave('r', '2027-04-12', { severity: '一般' }))],
    ['2027-09-01', () => firm.fact('enterprise.changed', { changes: { address: '石家庄市长安区 2 号' } })],
  ] as const) {
    firm.today = day
    enter()
    t.match(doubts(firm), [{ dueOn: '2027-04-09' }], day)
  }
})

t.test('on the days of a repair that was taken back the firm was not on the list', async (t) => {
  const { firm, id } = repaired()
  firm.today = '2027-04-01'
  firm.step(id, revoking, people.head)
  for (const [day, isListed] of [
    ['2027-03-09', true],
    ['2027-03-10', false],
    ['2027-03-31', false],
    ['2027-04-01', true],
  ] as const)
    t.equal(isInForce(firm.case(id), day), isListed, day)
})

t.test('two persons, of the authority that made the case or one above', async (t) => {
  const { firm, id } = repaired()
  t.match(firm.second('revoke-repair', id, { reason: '有误' }, people.head), /回到名单/)
  t.equal(firm.refusedStep(id, revoking, people.city).reason, '')
  t.equal(firm.refusedStep(id, revoking, people.elsewhere).reason, 'forbidden')
})

t.test('by the rules of 2012 any later penalty bars repair, by those of today a heavier one', async (t) => {
  for (const [ruleSet, more, isBarred] of [
    ['order-44', { severity: '一般' }, false],
    ['order-44', { severity: '较重' }, true],
    ['aqsiq', { severity: '一般' }, true],
    ['aqsiq', { types: ['警告'], severity: '一般' }, true],
    ['aqsiq', { severity: '严重' }, true],
  ] as [string, RecordData, boolean][]) {
    const firm = new Firm()
    const id = firm.propose(['p'], { ruleSet })
    firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
    firm.today = '2026-03-17'
    firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
    firm.step(id, decisionOn('2026-03-17'), people.head)
    firm.step(id, { step: 'publication' }, people.head)
    firm.today = '2027-03-17'
    firm.step(id, { step: 'repairApplication', on: '2027-03-17', grounds: '已整改' })
    firm.add(grave('q', '2026-05-20', more))
    const accepting = { step: 'repairAcceptance', accepted: true, reasons: '受理' } as const
    const said = `${ruleSet} ${JSON.stringify(more)}`
    t.same(firm.refusedStep(id, accepting).faults, isBarred ? ['/accepted punished-again'] : [], said)
    firm.withdraw('q')
    t.same(firm.refusedStep(id, accepting).faults, [], `${said}: withdrawn`)
  }
})
