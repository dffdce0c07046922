import t from 'tap'
import { type Dossier, fold } from '../../src/dossier/dossier.ts'
import { eventKinds, type HeldThing, tell } from '../../src/dossier/events.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { award, licence, penalty } from '../rating/files.ts'
import { entriesOf, type Fact, listed, objected, opened, rated } from './entries.ts'

/** What the platform is told of each entry: which thing, what happened to it, from which entry to which. */

const added = ({ id, type, data }: ReturnType<typeof penalty>): Fact => ['record.added', { id, type, data }]
// Public from 2026-03-02 on, entered on the day before or on later ones.
const fined = (id: string, more = {}) =>
  added(penalty(id, '2026-01-05', { publishedOn: '2026-01-10', ...more }))
const award1 = added(award('a', '省', '2025-05-01'))

/** The events of the last of some entries, each as a line: `type id what before → after`. */
function told(facts: readonly Fact[], isRestated = false): string[] {
  let dossier: Dossier | undefined
  let things: readonly HeldThing[] = []
  let last: string[] = []
  const entries = entriesOf(facts)
  for (const [i, entry] of entries.entries()) {
    dossier = fold(dossier, [entry])
    if (!dossier) throw new Error('no file')
    const now = tell(things, dossier, entry, catalogue, isRestated && i === entries.length - 1)
    for (const event of now.events)
      if (event.position !== entry.seq || event.at !== entry.recordedAt) throw new Error('of another entry')
    last = now.events.map(
      ({ type, id, what, before, after }) => `${type} ${id} ${what} ${before ?? '–'} → ${after ?? '–'}`,
    )
    things = now.things
  }
  return last
}

t.test('each thing that happens is told by its name, of the thing that it happened to alone', async (t) => {
  const names = new Set<string>()
  for (const [said, facts, expected] of [
    ['a file', [], ['enterprise M000100Y4 file.opened – → d10']],
    [
      'an address',
      [['enterprise.changed', { changes: { address: '路' } }]],
      ['enterprise M000100Y4 file.changed d10 → d11'],
    ],
    [
      'another name',
      [['enterprise.changed', { changes: { name: '新名' } }]],
      ['enterprise M000100Y4 file.renamed d10 → d11'],
    ],
    [
      'a name corrected',
      [['enterprise.corrected', { changes: { name: '新名' }, reason: '误' }]],
      ['enterprise M000100Y4 file.corrected d10 → d11'],
    ],
    [
      'a file withdrawn',
      [fined('p'), ['enterprise.withdrawn', { reason: '误' }]],
      ['enterprise M000100Y4 file.withdrawn d10 → –', 'penalty p record.withdrawn d11 → –'],
    ],
    ['a note', [['note.added', { id: 'n', text: '' }]], []],
    ['a record', [fined('p')], ['penalty p record.added – → d11']],
    ['the second of two', [fined('p'), fined('q')], ['penalty q record.added – → d12']],
    [
      'the first of two updated',
      [fined('p'), fined('q'), ['record.updated', { id: 'p', changes: { fulfilledOn: '2026-02-01' } }]],
      ['penalty p record.updated d11 → d13'],
    ],
    [
      'the second of two updated',
      [fined('p'), fined('q'), ['record.updated', { id: 'q', changes: { fulfilledOn: '2026-02-01' } }]],
      ['penalty q record.updated d12 → d13'],
    ],
    [
      'what the platform does not see',
      [fined('p'), ['record.updated', { id: 'p', changes: { remark: '注' } }]],
      [],
    ],
    [
      'a record corrected',
      [fined('p'), ['record.corrected', { id: 'p', changes: { fine: 1 }, reason: '误' }]],
      ['penalty p record.corrected d11 → d12'],
    ],
    [
      'one of two withdrawn',
      [fined('p'), fined('q'), ['record.withdrawn', { id: 'p', reason: '误' }]],
      ['penalty p record.withdrawn d11 → –'],
    ],
    [
      'an end of publication by a change',
      [fined('p'), ['record.updated', { id: 'p', changes: { reviewOutcome: '撤销' } }]],
      ['penalty p publication.ended d11 → –'],
    ],
    [
      'a licence that ran out',
      [added(licence('l', { validTo: '2026-03-02' })), ['record.expired', { id: 'l', on: '2026-03-03' }]],
      ['licence l record.expired d11 → d12'],
    ],
    [
      'a publication that began',
      [fined('p', { publishedOn: '2026-03-03' }), ['record.published', { id: 'p', on: '2026-03-03' }]],
      ['penalty p publication.begun d11 → d12'],
    ],
    [
      'a publication that began by the day, with an entry of another',
      [fined('p', { publishedOn: '2026-03-03' }), ['note.added', { id: 'n', text: '' }]],
      ['penalty p publication.begun d11 → d12'],
    ],
    [
      'a publication that a change begins',
      [
        fined('p', { publishedOn: '2026-03-03' }),
        ['record.updated', { id: 'p', changes: { publishedOn: '2026-03-02' } }],
      ],
      ['penalty p record.updated d11 → d12'],
    ],
    [
      'one that a correction begins',
      [
        fined('p', { publishedOn: '2026-03-03' }),
        ['record.corrected', { id: 'p', changes: { publishedOn: '2026-03-02' }, reason: '误' }],
      ],
      ['penalty p record.corrected d11 → d12'],
    ],
    [
      'two that began on a day',
      [
        fined('p', { publishedOn: '2026-03-04' }),
        fined('q', { publishedOn: '2026-03-04' }),
        ['record.published', { id: 'p', on: '2026-03-04' }],
      ],
      ['penalty p publication.begun d11 → d13', 'penalty q publication.begun d12 → d13'],
    ],
    [
      'a licence that ran out meanwhile, by an entry of another',
      [added(licence('l', { validTo: '2026-03-02' })), fined('p')],
      ['licence l record.updated d11 → d12', 'penalty p record.added – → d12'],
    ],
    [
      'a publication that ended by the day',
      [fined('p', { publicationEndsOn: '2026-03-03' }), award1],
      ['award a record.added – → d12', 'penalty p publication.ended d11 → –'],
    ],
    [
      'an objection to one of two',
      [fined('p'), fined('q'), objected('o', 'record', 'q')],
      ['penalty q objection.filed d12 → d13'],
    ],
    [
      'an objection settled',
      [
        fined('p'),
        objected('o', 'record', 'p'),
        ['objection.settled', { id: 'o', on: '2026-03-04', upheld: false, outcome: '' }],
      ],
      ['penalty p objection.settled d12 → d13'],
    ],
    ['a rating', [rated('r')], ['rating r rating.issued – → d11']],
    [
      'a rating in the place of another',
      [rated('r'), rated('s')],
      ['rating s rating.issued – → d12', 'rating r rating.changed d11 → d12'],
    ],
    [
      'a rating revoked',
      [rated('r'), ['rating.revoked', { id: 'r', reason: '误' }]],
      ['rating r rating.revoked d11 → d12'],
    ],
    [
      'the second of two revoked',
      [rated('r'), rated('s'), ['rating.revoked', { id: 's', reason: '误' }]],
      ['rating s rating.revoked d12 → d13', 'rating r rating.changed d12 → d13'],
    ],
    [
      'a rating that rested on what was withdrawn, in force no more',
      [fined('p'), rated('r', ['p']), rated('s'), ['record.withdrawn', { id: 'p', reason: '误' }]],
      ['penalty p record.withdrawn d11 → –', 'rating r rating.ended d13 → –'],
    ],
    ['a case on its way', [fined('p'), ...listed('c').slice(0, 2)], []],
    ['a listing', [fined('p'), ...listed('c')], ['listing c listing.published – → d14']],
    [
      'a listing objected to',
      [fined('p'), ...listed('c'), objected('o', 'case', 'c')],
      ['listing c listing.changed d14 → d15'],
    ],
    [
      'a listing removed',
      [
        fined('p'),
        ...listed('c'),
        ['listing.removed', { case: 'c', on: '2026-03-05', cause: 'revoked', reason: '' }],
      ],
      ['listing c listing.removed d14 → –'],
    ],
    [
      'a file opened again',
      [['enterprise.withdrawn', { reason: '误' }], opened],
      ['enterprise M000100Y4 file.opened – → d12'],
    ],
  ] as [string, Fact[], string[]][]) {
    const lines = told([opened, ...facts])
    t.same(lines, expected, said)
    for (const line of lines) names.add(line.split(' ')[2] ?? '')
  }
  const erased: Fact = ['payload.erased', { positions: [], reason: '' }]
  const restated = told([opened, fined('p'), erased], true)
  t.same(restated, ['enterprise M000100Y4 file.restated – → d12'], 'an erasure restates the file as a whole')
  names.add('file.restated')
  t.same([...names].sort(), [...eventKinds].sort(), 'no kind is left untried')
})

t.test('after an erasure all is told from where it stands then', async (t) => {
  const erased: Fact = ['payload.erased', { positions: [], reason: '' }]
  const facts: Fact[] = [opened, fined('p'), fined('q'), erased]
  const entries = entriesOf(facts)
  const dossier = fold(undefined, entries)
  if (!dossier) throw new Error('no file')
  const [last] = entries.slice(-1)
  if (!last) throw new Error('no entry')
  const before = tell([], dossier, { ...last, digest: 'before', seq: 12 }, catalogue, false).things
  const { things, events } = tell(before, dossier, last, catalogue, true)
  t.same(
    things.map(({ id, position, digest }) => [id, position, digest]),
    ['M000100Y4', 'p', 'q'].map((id) => [id, 13, 'd13']),
  )
  t.equal(events.length, 1)
  const again = tell(before, dossier, last, catalogue, false)
  t.same(again, { things: before, events: [] }, 'where nothing is another, nothing is told')
})
