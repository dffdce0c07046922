import t from 'tap'
import { basisOf, isInForce, isOnItsWay, isOpen, lastText } from '../../src/dossier/case.ts'
import { fold } from '../../src/dossier/dossier.ts'
import { entriesOf, type Fact, opened, proposed } from './entries.ts'

/** What each step leaves of a case, of two cases that of the one; of early ends and texts of decisions alike. */

function folded(facts: readonly Fact[]) {
  const dossier = fold(undefined, entriesOf([opened, ...facts]))
  if (!dossier) throw new Error('no file')
  return dossier
}
const ofCase = (kind: string, more: object = {}): Fact => [
  `listing.${kind}`,
  { case: 'c', by: 'x', reasons: '', reason: '', ...more },
]
const noticed = ofCase('noticed', { servedOn: '2026-03-02', way: '', statementUntil: '', certain: true })
const stated = (statement: string) => ofCase('stated', { on: '2026-03-03', statement, answer: '' })
const consented = (granted: boolean) => ofCase('consented', { granted })
const decided = (isListed: boolean) =>
  ofCase('decided', {
    ...{ listed: isListed, decisionNo: '1号', decidedOn: '2026-03-05', measures: [] },
    listing: {
      ...{ ground: '', basis: '', until: '2029-03-05', publishBy: '2026-03-31', certain: true },
      repair: { from: '2027-03-05', how: '', conditions: [] },
    },
  })
const published = (from = '2026-03-05') => ofCase('published', { from, until: '2029-03-05' })
const changedBasis = (penalties: string[], more: object = {}) =>
  ofCase('basisChanged', { penalties, ...more })
const suspended = (changed: string[]) =>
  ofCase('suspended', { changed, on: '2026-03-06', dueOn: '2026-04-06', certain: true })
const rebased = ofCase('rebased', { penalties: ['n'], facts: '新事实', reasons: '新理由' })
const restated = ofCase('restated', { facts: '再事实', reasons: '再理由' })
const affirmed = ofCase('affirmed')
const removed = ofCase('removed', { on: '2026-03-20', cause: 'expired' })
const dropped = ofCase('dropped')
const listing = [noticed, consented(true), decided(true), published()]
const repair = (step: string, more: object = {}) => ofCase(`repair${step}`, { on: '2026-03-10', ...more })
const [applied, accepted, inspected, granted] = [
  repair('Applied', { grounds: '' }),
  repair('Accepted', { accepted: true }),
  repair('Inspected', { findings: '' }),
  repair('Decided', { granted: true }),
]

t.test('where a case stands after its steps; open or not, on its way or not', async (t) => {
  for (const [facts, status, open, way] of [
    [[], 'proposed', true, true],
    [[noticed], 'noticed', true, true],
    [[noticed, stated('甲')], 'stated', true, true],
    [[noticed, consented(true)], 'consented', true, true],
    [[noticed, consented(false)], 'consentRefused', false, false],
    [[noticed, decided(true)], 'decided', true, true],
    [[noticed, decided(false)], 'notListed', false, false],
    [listing, 'inForce', true, false],
    [[...listing, suspended(['p'])], 'suspended', true, false],
    [[...listing, suspended(['p']), rebased], 'inForce', true, false],
    [[noticed, suspended(['p']), rebased], 'proposed', true, true],
    [[noticed, decided(true), suspended(['p']), rebased], 'decided', true, true],
    [[noticed, decided(true), rebased], 'decided', true, true],
    [[noticed, stated('甲'), restated], 'proposed', true, true],
    [[...listing, removed], 'removed', false, false],
    [[noticed, dropped], 'dropped', false, false],
  ] as [Fact[], string, boolean, boolean][]) {
    const { cases } = folded([proposed('b'), proposed('c'), proposed('d'), ...facts])
    const [before, own, after] = cases
    const said = facts.map(([kind]) => kind).join()
    t.same(
      cases.map(({ status }) => status),
      ['proposed', status, 'proposed'],
      said,
    )
    t.same(own && [isOpen(own), isOnItsWay(own)], [open, way], said)
    t.same(
      [before, after],
      folded([proposed('b'), proposed('c'), proposed('d')]).cases.filter(({ id }) => id !== 'c'),
    )
  }
})

t.test('what was said is kept in order, and begins anew with a case that tells the party anew', async (t) => {
  const of = (...facts: Fact[]) => folded([proposed('c'), ...facts]).cases[0]
  const said = (own: ReturnType<typeof of>) => own?.statements?.map(({ statement }) => statement)
  t.equal(said(of(noticed)), undefined)
  const heard = [noticed, stated('甲'), stated('乙'), consented(true)]
  t.same(said(of(...heard)), ['甲', '乙'])
  t.equal(of(...heard)?.stated?.statement, '乙', 'the last')
  for (const [name, anew, facts] of [
    ['restated', restated, '再事实'],
    ['rebased', rebased, '新事实'],
  ] as const) {
    const own = of(
      ...heard,
      changedBasis(['p'], { rewritten: [{ id: 'p', fields: ['fine'] }] }),
      affirmed,
      anew,
    )
    t.same(
      [own?.noticed, own?.stated, own?.statements, own?.consented, own?.overtaken, own?.affirmed],
      Array(6).fill(undefined),
      name,
    )
    t.same([own?.status, own?.proposed.facts, own?.before?.status], ['proposed', facts, 'consented'], name)
    t.same(said(own?.before), ['甲', '乙'], `${name}: kept`)
    t.ok(own?.[name], name)
  }
})

t.test('what a case rests on, what of it was changed, what it would go on over', async (t) => {
  const of = (...facts: Fact[]) => folded([proposed('c', ['p', 'q']), ...facts]).cases[0]
  const rewritten = [{ id: 'p', fields: ['fine'] }]
  for (const [said, facts, basis, changed, overtaken] of [
    ['nothing', [], ['p', 'q'], undefined, undefined],
    ['one fell', [changedBasis(['q'])], ['q'], undefined, { on: '2026-03-03', rewritten: [], fallen: ['p'] }],
    [
      'one changed',
      [changedBasis(['q'], { changed: ['p'], on: '2026-03-01' })],
      ['q'],
      ['p'],
      { on: '2026-03-01', rewritten: [], fallen: ['p'] },
    ],
    [
      'one after the other',
      [changedBasis(['q'], { changed: ['p'] }), changedBasis([], { changed: ['q'], rewritten })],
      [],
      ['p', 'q'],
      { on: '2026-03-04', rewritten, fallen: ['p', 'q'] },
    ],
    [
      'one says something else, twice',
      [changedBasis(['p', 'q'], { rewritten }), changedBasis(['p', 'q'], { rewritten })],
      ['p', 'q'],
      undefined,
      { on: '2026-03-04', rewritten: [...rewritten, ...rewritten], fallen: [] },
    ],
    ['decided', [noticed, decided(true), changedBasis(['q'])], ['q'], undefined, undefined],
    ['listed', [...listing, changedBasis(['q'])], ['q'], undefined, undefined],
    ['dropped', [dropped, changedBasis(['q'])], ['q'], undefined, undefined],
    ['affirmed', [changedBasis(['q']), affirmed], ['q'], undefined, undefined],
    ['waits', [...listing, suspended(['p', 'q'])], ['p', 'q'], ['p', 'q'], undefined],
    ['judged anew', [...listing, suspended(['p', 'q']), rebased], ['n'], undefined, undefined],
  ] as [string, Fact[], string[], string[] | undefined, object | undefined][]) {
    const own = of(...facts)
    t.same(own && basisOf(own), basis, said)
    t.same([own?.changed, own?.overtaken], [changed, overtaken], said)
    const changes = facts.filter(([kind]) => /basisChanged|suspended/.test(kind))
    t.equal(own?.basisChanges?.length ?? 0, changes.length, `${said}: each change stays told`)
  }
})

t.test('a listing stands from its first day until its end, that of its first publication', async (t) => {
  const of = (...facts: Fact[]) => folded([proposed('c'), ...facts]).cases[0]
  const days = ['2026-03-04', '2026-03-05', '2029-03-04', '2029-03-05']
  for (const [said, facts, standing] of [
    ['decided', listing.slice(0, 3), [false, false, false, false]],
    ['published', listing, [false, true, true, false]],
    ['published again', [...listing, published('2026-03-20')], [false, true, true, false]],
    [
      'without an end',
      [...listing.slice(0, 3), ofCase('published', { from: '2026-03-05' })],
      [false, true, true, true],
    ],
    ['waits', [...listing, suspended(['p'])], [false, false, false, false]],
    ['judged anew', [...listing, suspended(['p']), rebased], [false, true, true, false]],
    ['removed', [...listing, removed], [false, false, false, false]],
  ] as [string, Fact[], boolean[]][]) {
    const own = of(...facts)
    t.same(
      days.map((on) => own && isInForce(own, on)),
      standing,
      said,
    )
  }
})

t.test('how an application for repair stands, and how many came to nothing before it', async (t) => {
  for (const [facts, status, earlier] of [
    [[], undefined, 0],
    [[applied], 'applied', 0],
    [[applied, accepted], 'accepted', 0],
    [[applied, repair('Accepted', { accepted: false })], 'rejected', 0],
    [[applied, accepted, inspected], 'inspected', 0],
    [[applied, accepted, inspected, granted], 'granted', 0],
    [[applied, accepted, inspected, repair('Decided', { granted: false })], 'refused', 0],
    [[applied, repair('Accepted', { accepted: false }), applied], 'applied', 1],
    [[accepted], undefined, 0],
  ] as [Fact[], string | undefined, number][]) {
    const [own, other] = folded([proposed('c'), proposed('d'), ...listing, ...facts]).cases
    const said = facts.map(([kind]) => kind).join()
    t.same([own?.repair?.status, own?.formerRepairs?.length ?? 0], [status, earlier], said)
    t.equal(other?.repair, undefined, `${said}: of this case alone`)
  }
  const [whole] = folded([proposed('c'), ...listing, applied, accepted, inspected, granted]).cases
  t.match(whole?.repair, {
    applied: { grounds: '' },
    accepted: { accepted: true },
    inspected: { findings: '' },
    decided: { granted: true },
  })
})

t.test('an early end is that of its penalty, the last that was applied for', async (t) => {
  const end = (kind: string, record: string, more: object = {}): Fact => [
    `publication.end${kind}`,
    { record, by: 'x', reasons: '', findings: '', grounds: '', on: '2026-03-02', dueOn: '', ...more },
  ]
  const stand = (...facts: Fact[]) =>
    folded(facts).earlyEnds.map(({ record, status }) => `${record} ${status}`)
  const both = [end('Applied', 'p'), end('Applied', 'q')]
  t.same(stand(...both), ['p applied', 'q applied'])
  t.same(stand(...both, end('Checked', 'p')), ['p checked', 'q applied'])
  t.same(stand(...both, end('Decided', 'q', { granted: true })), ['p applied', 'q granted'])
  t.same(stand(...both, end('Decided', 'p', { granted: false }), end('Applied', 'p')), [
    'p refused',
    'q applied',
    'p applied',
  ])
  t.same(
    stand(
      ...both,
      end('Decided', 'p', { granted: false }),
      end('Applied', 'p'),
      end('Decided', 'p', { granted: true }),
    ),
    ['p refused', 'q applied', 'p granted'],
  )
  t.match(folded([...both, end('Checked', 'p', { findings: '核' })]).earlyEnds[0], {
    checked: { findings: '核' },
  })
})

t.test('a review is of the text that was attached last to its penalty', async (t) => {
  const attached = (record: string, text: string): Fact => [
    'document.attached',
    { record, text, masked: 0, toldOn: '', by: 'x' },
  ]
  const reviewed = (record: string, approved: boolean): Fact => [
    'document.reviewed',
    { record, approved, reasons: '', by: 'y' },
  ]
  const own = folded([
    attached('p', '一'),
    reviewed('p', false),
    attached('q', '二'),
    attached('p', '三'),
    reviewed('p', true),
    attached('p', '四'),
  ])
  t.same(
    own.decisionTexts?.map(({ attached: { text }, status }) => `${text} ${status}`),
    ['一 returned', '二 attached', '三 approved', '四 attached'],
  )
  const last = (record: string, status?: 'attached' | 'approved' | 'returned') =>
    lastText(own, record, status)?.attached.text
  t.same(
    [last('p'), last('p', 'approved'), last('p', 'returned'), last('q'), last('q', 'approved')],
    ['四', '三', '一', '二', undefined],
  )
  t.equal(lastText({}, 'p'), undefined)
})

t.test('an objection is settled once, of two the one', async (t) => {
  const filed = (id: string): Fact => [
    'objection.filed',
    { id, about: { kind: 'record', id: 'p' }, on: '', grounds: '', dueOn: '', certain: true },
  ]
  const settled: Fact = ['objection.settled', { id: 'b', on: '2026-03-03', upheld: true, outcome: '更正' }]
  t.same(
    folded([filed('a'), filed('b'), settled]).objections.map(({ id, settled, filedAt }) => [
      id,
      settled?.outcome,
      filedAt.slice(0, 10),
    ]),
    [
      ['a', undefined, '2026-03-02'],
      ['b', '更正', '2026-03-03'],
    ],
  )
})

t.test('what came of a case’s basis stays told after a new one', async (t) => {
  const change = (kind: string, payload: object): Fact => [
    `listing.${kind}`,
    { case: 'c', reason: kind, ...payload },
  ]
  const [own] = folded([
    proposed('c'),
    ...listing,
    change('basisChanged', { penalties: ['p'], on: '2026-03-01' }),
    change('suspended', { changed: ['p'], on: '2026-03-02', dueOn: '2026-04-01', certain: true }),
    change('rebased', { penalties: ['q'], facts: '', reasons: '' }),
  ]).cases
  t.same(
    own?.basisChanges?.map(({ reason }) => reason),
    ['basisChanged', 'suspended'],
  )
  t.equal(own?.suspended, undefined)
})
