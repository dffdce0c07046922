import t from 'tap'
import type { CaseStatus } from '../../src/dossier/case.ts'
import { decisionOn, Firm, grave, people } from './firm.ts'

/** What an objection that is upheld does, by what it is about and how that stands. */

const filed = (firm: Firm, kind: 'record' | 'rating' | 'case', id: string): string => {
  firm.do('file-objection', undefined, { about: { kind, id }, on: firm.today, grounds: '不服' })
  return firm.dossier.objections.at(-1)?.id ?? ''
}
const settled = (firm: Firm, id: string, input: object) =>
  firm.do('settle-objection', id, { outcome: '经核查', ...input }, people.city)
/** Kinds of the entries, the remedy that the settlement names first. */
const effect = (drafts: ReturnType<typeof settled>): unknown[] => [
  Object(drafts[0]?.payload).remedy,
  ...drafts.slice(1).map(({ kind }) => kind),
]

/** A firm with a case in a state. */
const reached: Readonly<Record<CaseStatus, (firm: Firm) => string>> = {
  proposed: (firm) => firm.propose(),
  noticed: (firm) => {
    const id = firm.propose()
    firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
    return id
  },
  stated: (firm) => {
    const id = reached.noticed(firm)
    firm.step(id, { step: 'statement', on: '2026-03-02', statement: '陈述', answer: '答复' })
    return id
  },
  consented: (firm) => {
    const id = reached.noticed(firm)
    firm.today = '2026-03-10'
    firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
    return id
  },
  consentRefused: (firm) => {
    const id = reached.noticed(firm)
    firm.today = '2026-03-10'
    firm.step(id, { step: 'consent', granted: false, reasons: '不同意' }, people.city)
    return id
  },
  notListed: (firm) => {
    const id = reached.consented(firm)
    firm.step(id, decisionOn('2026-03-10', { listed: false }), people.head)
    return id
  },
  decided: (firm) => firm.listed(['p'], { publish: false }),
  inForce: (firm) => firm.listed(),
  suspended: (firm) => {
    const id = firm.listed()
    firm.review('p', { reviewOutcome: '变更', reviewedOn: firm.today })
    return id
  },
  removed: (firm) => {
    const id = firm.listed()
    firm.step(id, { step: 'revocation', reason: '有误' }, people.city)
    return id
  },
  dropped: (firm) => {
    const id = firm.propose()
    firm.step(id, { step: 'dropping', reason: '终止' })
    return id
  },
}

t.test('an objection to a case that is upheld ends the case, whatever state it is in', async (t) => {
  const removal = ['removed', 'listing.removed']
  const dropping = ['removed', 'listing.dropped']
  const table: [CaseStatus, effect: string[], then: CaseStatus][] = [
    ['proposed', dropping, 'dropped'],
    ['noticed', dropping, 'dropped'],
    ['stated', dropping, 'dropped'],
    ['consented', dropping, 'dropped'],
    ['consentRefused', ['none'], 'consentRefused'],
    ['notListed', ['none'], 'notListed'],
    ['decided', removal, 'removed'],
    ['inForce', removal, 'removed'],
    ['suspended', removal, 'removed'],
    ['removed', ['none'], 'removed'],
    ['dropped', ['none'], 'dropped'],
  ]
  for (const [status, upheld, then] of table) {
    const firm = new Firm([grave('p')])
    const id = reached[status](firm)
    t.equal(firm.case(id).status, status)
    t.same(effect(settled(firm, filed(firm, 'case', id), { upheld: false })), [undefined], status)
    t.equal(firm.case(id).status, status, `${status}: not upheld, nothing moves`)
    const drafts = settled(firm, filed(firm, 'case', id), { upheld: true })
    t.same(effect(drafts), upheld, status)
    t.equal(firm.case(id).status, then, status)
    if (status === 'inForce')
      t.match(drafts[1]?.payload, { case: id, on: '2026-03-10', cause: 'revoked', reason: /异议成立/ })
    t.match(firm.dossier.objections.at(-1)?.settled, { upheld: true, on: firm.today, outcome: '经核查' })
  }
})

t.test('of two cases the one that the objection is about ends', async (t) => {
  const firm = new Firm([grave('p'), grave('q')])
  const [first, second] = [firm.propose(['p']), firm.propose(['q'])]
  settled(firm, filed(firm, 'case', second), { upheld: true })
  t.same(
    [first, second].map((id) => firm.case(id).status),
    ['proposed', 'dropped'],
  )
})

t.test(
  'an objection to a record withdraws or corrects it, one to a rating revokes it, each of two',
  async (t) => {
    const firm = new Firm([grave('p'), grave('q'), grave('r')])
    const states = () => firm.dossier.records.map(({ id, withdrawn, data }) => [id, !!withdrawn, data.fine])
    t.same(effect(settled(firm, filed(firm, 'record', 'q'), { upheld: true })), [
      'withdrawn',
      'record.withdrawn',
    ])
    t.match(states(), [
      ['p', false],
      ['q', true],
      ['r', false],
    ])
    const corrected = settled(firm, filed(firm, 'record', 'r'), { upheld: true, corrected: { fine: 7 } })
    t.same(effect(corrected), ['corrected', 'record.corrected'])
    t.match(states(), [
      ['p', false],
      ['q', true],
      ['r', false, 7],
    ])
    const open = filed(firm, 'record', 'p')
    firm.withdraw('p')
    t.same(effect(settled(firm, open, { upheld: true })), ['none'], 'withdrawn meanwhile')

    for (const id of ['a', 'b'])
      firm.fact('rating.issued', {
        id,
        standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
        on: '2026-03-01',
        grade: 'B',
        points: 80,
        items: [],
        limits: [],
      })
    t.same(effect(settled(firm, filed(firm, 'rating', 'b'), { upheld: true })), ['revoked', 'rating.revoked'])
    t.same(
      firm.dossier.ratings.map(({ id, revoked }) => [id, !!revoked]),
      [
        ['a', false],
        ['b', true],
      ],
    )
    t.same(effect(settled(firm, filed(firm, 'rating', 'b'), { upheld: true })), ['none'], 'revoked before')
  },
)

t.test('what is right instead is said only where a record is corrected', async (t) => {
  const firm = new Firm([grave('p'), grave('q')])
  const corrected = { fine: 7 }
  const refused = (kind: 'record' | 'case', id: string, upheld: boolean) =>
    firm.refusal(
      'settle-objection',
      filed(firm, kind, id),
      { upheld, outcome: '经核查', corrected },
      people.city,
    ).faults
  t.same(refused('record', 'p', false), ['/corrected not-needed'])
  t.same(refused('case', firm.propose(['q']), true), ['/corrected not-needed'])
  t.same(refused('record', 'q', true), [])
})
