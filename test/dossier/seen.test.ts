import t from 'tap'
import { fold } from '../../src/dossier/dossier.ts'
import { ALL, ERASED, eventsSeen, revisionSeen } from '../../src/dossier/seen.ts'
import { penalty } from '../rating/files.ts'
import { entriesOf, type Fact, listed, objected, opened } from './entries.ts'

/** What an officer who may not see a case sees of a file's events, and by which number they know its state. */

const fined = (id: string): Fact => ['record.added', { ...penalty(id, '2026-01-05'), id }]
const suspended: Fact = [
  'listing.suspended',
  { case: 'c', changed: ['p'], on: '2026-03-06', reason: '', dueOn: '2026-04-06', certain: true },
]
const removed: Fact = ['listing.removed', { case: 'c', on: '2026-03-06', cause: 'revoked', reason: '' }]
const repaired: Fact = ['listing.repairApplied', { case: 'c', on: '2026-03-06', grounds: '', by: 'x' }]
const basis: Fact = ['listing.basisChanged', { case: 'c', penalties: [], reason: '' }]
const rebased: Fact = ['listing.rebased', { case: 'c', penalties: ['q'], facts: '', reasons: '', by: 'x' }]
const note: Fact = ['note.added', { id: 'n', text: '' }]
const erased: Fact = ['payload.erased', { positions: [], reason: '' }]
const later: Fact = ['something.later', {}]

const HIDDEN = { isAll: false, hidden: new Set(['c', 'o']) }

t.test('what is hidden, what of it the list tells all the same, and the number of that', async (t) => {
  // Positions: 10 the file, 11 p, 12 q, 13 to 15 the listing where there is one.
  for (const [said, facts, hidden, positions, revision] of [
    ['nothing hidden', [], HIDDEN, [10, 11, 12], 12],
    ['a note', [note], HIDDEN, [10, 11, 12, 13], 13],
    ['an objection that does not show', [objected('o', 'record', 'p')], HIDDEN, [10, 11, 12], 12],
    [
      'of two objections one',
      [objected('o', 'record', 'p'), objected('s', 'record', 'q')],
      HIDDEN,
      [10, 11, 12, 14],
      14,
    ],
    ['a case on its way', listed('c').slice(0, 2), HIDDEN, [10, 11, 12], 12],
    ['another case', listed('d').slice(0, 2), HIDDEN, [10, 11, 12, 13, 14], 14],
    ['a listing', listed('c'), HIDDEN, [10, 11, 12, 15], 15],
    ['its removal', [...listed('c'), removed], HIDDEN, [10, 11, 12], 16],
    ['its suspension', [...listed('c'), suspended], HIDDEN, [10, 11, 12], 16],
    ['another basis of it', [...listed('c'), basis], HIDDEN, [10, 11, 12, 15], 16],
    ['its rebasing', [...listed('c'), suspended, rebased], HIDDEN, [10, 11, 12, 15], 17],
    ['an application within it', [...listed('c'), repaired], HIDDEN, [10, 11, 12, 15], 15],
    ['another basis of one on its way', [...listed('c').slice(0, 2), basis], HIDDEN, [10, 11, 12], 12],
    ['an erasure', [erased], HIDDEN, [10, 11, 12, 13], 13],
    ['one that is hidden', [erased], { isAll: false, hidden: new Set([ERASED]) }, [10, 11, 12], 12],
    ['what is not known', [later], HIDDEN, [10, 11, 12], 13],
    ['what is not known, and a note after it', [later, note], HIDDEN, [10, 11, 12, 14], 14],
  ] as [string, Fact[], typeof HIDDEN, number[], number][]) {
    const dossier = fold(undefined, entriesOf([opened, fined('p'), fined('q'), ...facts]))
    if (!dossier) throw new Error('no file')
    const seen = eventsSeen(dossier, hidden, '2026-03-20')
    t.same(
      seen.map((event) => event.position),
      positions,
      said,
    )
    t.same(
      seen.map((event) => event.revision),
      positions,
      `${said}: numbered by their positions`,
    )
    t.equal(revisionSeen(dossier, hidden), revision, said)
    t.same(
      eventsSeen(dossier, ALL, '2026-03-20'),
      dossier.events,
      `${said}: all, as they are, to whoever sees all`,
    )
    t.equal(revisionSeen(dossier, ALL), 3 + facts.length, said)
  }
})

t.test('a listing is told to whoever may not see its case on the days that it is in force', async (t) => {
  const dossier = fold(undefined, entriesOf([opened, ...listed('c')]))
  for (const [on, isTold] of [
    ['2026-03-02', false],
    ['2026-03-03', true],
    ['2029-03-02', true],
    ['2029-03-03', false],
  ] as const)
    t.equal(dossier && eventsSeen(dossier, HIDDEN, on).length, isTold ? 2 : 1, on)
})
