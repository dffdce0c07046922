import t from 'tap'
import { listingsAfterEvent } from '../../src/blacklist/consequences.ts'
import { openSteps } from '../../src/blacklist/procedure.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { decisionOn, Firm, grave, people } from './firm.ts'

const notice = (servedOn: string) => ({ step: 'notice', servedOn, way: '直接送达' }) as const
const consented = (granted: boolean) => ({ step: 'consent', granted, reasons: '已审' }) as const
const stated = (on: string) => ({ step: 'statement', on, statement: '陈述', answer: '答复' }) as const
const names = (firm: Firm, id: string) => openSteps(firm.case(id), firm.today).map(({ step }) => step)

/** A case after its notice of 2 March, whose five working days end on the 9th, consented to on the 10th where it was. */
function noticed(consent?: boolean, records = [grave('p')]): { firm: Firm; id: string } {
  const firm = new Firm(records)
  const id = firm.propose(records.map((record) => record.id))
  firm.step(id, notice('2026-03-02'))
  firm.today = '2026-03-10'
  if (consent !== undefined) firm.step(id, consented(consent), people.city)
  return { firm, id }
}

t.test('what has ended is open to nothing, however it ended', async (t) => {
  const refused = noticed(false)
  t.same([refused.firm.case(refused.id).status, names(refused.firm, refused.id)], ['consentRefused', []])
  const not = noticed(true)
  not.firm.step(not.id, decisionOn('2026-03-10', { listed: false }), people.head)
  t.same([not.firm.case(not.id).status, names(not.firm, not.id)], ['notListed', []])
  const dropped = noticed()
  dropped.firm.step(dropped.id, { step: 'dropping', reason: '撤案' })
  t.same([dropped.firm.case(dropped.id).status, names(dropped.firm, dropped.id)], ['dropped', []])
  const removed = new Firm()
  const id = removed.listed()
  removed.step(id, { step: 'revocation', reason: '有误' }, people.head)
  t.same([removed.case(id).status, names(removed, id)], ['removed', []])
})

t.test('a statement after its period: heard before the consent, refused after it', async (t) => {
  for (const [consent, on, refused] of [
    [undefined, '2026-03-09', false],
    [undefined, '2026-03-10', false],
    [true, '2026-03-02', false],
    [true, '2026-03-09', false],
    [true, '2026-03-10', true],
  ] as const) {
    const { firm, id } = noticed(consent)
    t.same(
      firm.refusedStep(id, stated(on)).faults,
      refused ? ['/on statement-period'] : [],
      `${consent ? 'consented to' : 'noticed'}, ${on}`,
    )
  }
})

t.test('a hearing that the file does not show: the decision waits, for each penalty', async (t) => {
  const big = (id: string, more: RecordData = {}) => grave(id, '2026-02-02', { fine: 500_000, ...more })
  const shown = { hearing: '当事人未要求', hearingToldOn: '2026-01-05' }
  for (const [what, records, isRefused] of [
    ['small', [grave('p')], false],
    ['shown', [big('p', shown)], false],
    ['not shown', [big('p')], true],
    ['shown for one of two', [big('p', shown), big('q')], true],
  ] as const) {
    const { firm, id } = noticed(true, [...records])
    const { faults } = firm.refusedStep(id, decisionOn('2026-03-10'), people.head)
    t.same(faults, isRefused ? ['/listed hearing'] : [], what)
    t.same(
      firm.refusedStep(id, decisionOn('2026-03-10', { listed: false }), people.head).faults,
      [],
      `${what}: not to list needs none`,
    )
  }
})

t.test('a case falls with its penalties, not with what leaves them as grave as before', async (t) => {
  const after = (changes: RecordData | 'withdrawn', records = [grave('p')]) => {
    const { firm } = noticed(undefined, records)
    const before = firm.dossier
    if (changes === 'withdrawn') firm.withdraw('p')
    else firm.change('p', changes)
    return listingsAfterEvent(before, firm.dossier, firm.today).map(({ kind }) => kind)
  }
  for (const [what, changes, kinds] of [
    ['paid', { fulfilledOn: '2026-03-01' }, []],
    ['upheld', { reviewOutcome: '维持', reviewedOn: '2026-03-10' }, []],
    ['annulled', { reviewOutcome: '撤销', reviewedOn: '2026-03-10' }, ['listing.dropped']],
    ['held void', { reviewOutcome: '确认无效', reviewedOn: '2026-03-10' }, ['listing.dropped']],
    ['withdrawn', 'withdrawn', ['listing.dropped']],
  ] as const)
    t.same(after(changes), kinds, what)
  t.same(
    after('withdrawn', [grave('p'), grave('q')]).includes('listing.dropped'),
    false,
    'one of two is left',
  )
})
