import t from 'tap'
import { fold } from '../../src/dossier/dossier.ts'
import { publicFace } from '../../src/dossier/face.ts'
import { publicGround, publicPast } from '../../src/dossier/past.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { licence, penalty } from '../rating/files.ts'
import { entriesOf, type Fact, opened } from './entries.ts'

/** Which lines of a file's history the public sees, fact by fact, today and as of a past day. */

const TODAY = '2026-11-24'
const shownOf = (events: readonly { kind: string; id?: string }[] | undefined) =>
  events?.map(({ kind, id }) => (id === undefined ? kind : `${kind} ${id}`))

function today(facts: readonly Fact[]) {
  const dossier = fold(undefined, entriesOf(facts))
  return dossier && shownOf(publicFace(dossier, TODAY, catalogue)?.history)
}
/** As of the day after some facts. */
function past(facts: readonly Fact[], count: number) {
  const moment = { position: 9 + count }
  const entries = entriesOf(facts)
  const now = fold(undefined, entries)
  const present = now && publicFace(now, TODAY, catalogue)
  if (!now || !present) return undefined
  const ground = publicGround(now, TODAY, catalogue)
  return shownOf(publicPast(present, ground, entries, moment, '2026-03-31', catalogue)?.history)
}

const OPENED = 'enterprise.opened'
const added = (id: string, more: object = {}): Fact => {
  const { type, data } = penalty(id, '2026-01-05', { publishedOn: '2026-01-10', ...more })
  return ['record.added', { id, type, data }]
}
const rating = (id: string): Fact => [
  'rating.issued',
  {
    ...{ id, standard: { id: 'four-grades', version: 1, shownAs: 'grade' }, on: '2026-03-01', grade: 'B' },
    ...{ points: 80, items: [], limits: [] },
  },
]
const listing: readonly Fact[] = [
  [
    'listing.proposed',
    {
      ...{ case: 'c', ruleSet: { id: 'order-44', version: 2 }, ground: 'unsafe-product', penalties: ['p'] },
      ...{ facts: '', reasons: '', by: 'x' },
    },
  ],
  [
    'listing.decided',
    {
      ...{
        case: 'c',
        listed: true,
        decisionNo: '1',
        decidedOn: '2026-03-03',
        reasons: '',
        measures: [],
        by: 'y',
      },
      listing: {
        ...{ ground: '', basis: '', until: '2029-03-10', publishBy: '2026-12-31', certain: true },
        repair: { from: '2027-01-01', how: '', conditions: [] },
      },
    },
  ],
  ['listing.published', { case: 'c', from: '2026-03-10', until: '2029-03-10' }],
]

t.test('which lines of its history the public sees of a file', async (t) => {
  for (const [said, facts, lines] of [
    ['a change', [['enterprise.changed', { changes: { address: '甲路' } }]], ['enterprise.changed']],
    ['of what is internal alone', [['enterprise.changed', { changes: { legalRepresentative: '甲' } }]], []],
    [
      'of that and another',
      [['enterprise.changed', { changes: { legalRepresentative: '甲', address: '甲路' } }]],
      ['enterprise.changed'],
    ],
    ['a public record', [added('p')], ['record.added p']],
    ['one that is not', [added('p', { procedure: '简易程序' })], []],
    ['one of two', [added('p', { procedure: '简易程序' }), added('q')], ['record.added q']],
    ['one withdrawn', [added('p'), ['record.withdrawn', { id: 'p', reason: '' }]], []],
    [
      'its own change',
      [added('p'), ['record.updated', { id: 'p', changes: { fulfilledOn: '2026-02-01' } }]],
      ['record.added p', 'record.updated p'],
    ],
    ['what is erased', [['payload.erased', { positions: [99], reason: '' }]], []],
    ['a note', [['note.added', { id: 'n', text: '' }]], []],
    ['a rating', [rating('r')], ['rating.issued r']],
    [
      'a rating revoked',
      [rating('r'), ['rating.revoked', { id: 'r', reason: '' }]],
      ['rating.issued r', 'rating.revoked r'],
    ],
    ['a listing on its way', listing.slice(0, 2), []],
    ['a listing', listing, ['listing.published c']],
    [
      'a listing removed',
      [...listing, ['listing.removed', { case: 'c', on: '2026-03-20', cause: 'revoked', reason: '' }]],
      [],
    ],
    ['withdrawn and opened again', [['enterprise.withdrawn', { reason: '' }], opened], [OPENED]],
  ] as [string, Fact[], string[]][])
    t.same(today([opened, ...facts]), [OPENED, ...lines], said)
  t.equal(today([opened, ['enterprise.withdrawn', { reason: '' }]]), undefined)
})

t.test('which lines of a past day: those of then, of what is shown then and now', async (t) => {
  const withdrawn: Fact = ['record.withdrawn', { id: 'p', reason: '' }]
  const corrected: Fact = ['enterprise.corrected', { changes: { address: '甲路' }, reason: '' }]
  const removed: Fact = ['listing.removed', { case: 'c', on: '2026-03-20', cause: 'revoked', reason: '' }]
  const changed: Fact = ['record.updated', { id: 'p', changes: { fulfilledOn: '2026-02-01' } }]
  for (const [said, facts, count, lines] of [
    ['up to the first', [added('p')], 1, []],
    ['up to the second', [added('p')], 2, ['record.added p']],
    ['what came later', [added('p'), changed, added('q')], 2, ['record.added p']],
    ['up to the change', [added('p'), changed, added('q')], 3, ['record.added p', 'record.updated p']],
    ['what is withdrawn since', [added('p'), added('q'), withdrawn], 3, ['record.added q']],
    ['a correction since', [corrected], 1, []],
    ['a correction by then', [corrected], 2, ['enterprise.corrected']],
    ['a rating', [rating('r'), rating('s')], 2, ['rating.issued r']],
    [
      'a rating revoked since',
      [rating('r'), ['rating.revoked', { id: 'r', reason: '' }]],
      2,
      ['rating.issued r'],
    ],
    ['a listing', listing, 4, ['listing.published c']],
    ['the day before', listing, 3, []],
    ['a listing removed since', [...listing, removed], 4, []],
  ] as [string, Fact[], number, string[]][])
    t.same(past([opened, ...facts], count), [OPENED, ...lines], said)
})

t.test('a licence that is public shows its own lines too', async (t) => {
  const { type, data } = licence('l')
  t.same(today([opened, ['record.added', { id: 'l', type, data }]]), [OPENED, 'record.added l'])
})
