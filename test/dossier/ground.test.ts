import t from 'tap'
import { fold } from '../../src/dossier/dossier.ts'
import { publicGround, type Stretches } from '../../src/dossier/past.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { licence, penalty } from '../rating/files.ts'
import { entriesOf, type Fact, listed, objected, opened, rated } from './entries.ts'

/**
 * Which entries the public's answers about a file rest on, fact by fact: of two of a thing the one that shows. Revision 1 opens the
 * file, so the first fact of a line is revision 2.
 */

const TODAY = '2026-03-20'
const added = (id: string, { type, data }: ReturnType<typeof penalty>): Fact => [
  'record.added',
  { id, type, data },
]
const fined = (id: string, more = {}) =>
  added(id, penalty(id, '2026-01-05', { publishedOn: '2026-01-10', ...more }))
const never = (id: string) => fined(id, { procedure: '简易程序' })
const updated = (id: string, changes: object = { fulfilledOn: '2026-02-01' }): Fact => [
  'record.updated',
  { id, changes },
]
const withdrawn = (id: string): Fact => ['record.withdrawn', { id, reason: '' }]
const removed = (cause: string): Fact => [
  'listing.removed',
  { case: 'c', on: '2026-03-10', cause, reason: '' },
]
const attached = (record: string): Fact => [
  'document.attached',
  { record, text: '文', masked: 0, toldOn: '2026-03-01', by: 'x' },
]
const reviewed = (record: string, approved: boolean): Fact => [
  'document.reviewed',
  { record, approved, reasons: '', by: 'y' },
]
const note: Fact = ['note.added', { id: 'n', text: '' }]
const erased: Fact = ['payload.erased', { positions: [], reason: '' }]
const ofCase = (kind: string, more: object = {}): Fact => [`listing.${kind}`, { case: 'c', by: 'x', ...more }]

function ground(facts: readonly Fact[], on = TODAY) {
  const dossier = fold(undefined, entriesOf([opened, ...facts]))
  if (!dossier) throw new Error('no file')
  return publicGround(dossier, on, catalogue)
}

const revisions = (stretches: Stretches) =>
  stretches.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))

t.test('what tells of what shows, or did', async (t) => {
  for (const [said, facts, told] of [
    ['the file alone', [], []],
    ['a change', [['enterprise.changed', { changes: { address: '' } }]], [2]],
    ['a change of what stays inside', [['enterprise.changed', { changes: { legalRepresentative: '' } }]], []],
    ['a change of nothing', [['enterprise.changed', { uscc: '91350100M000100Y43', changes: {} }]], [2]],
    ['a correction', [['enterprise.corrected', { changes: { name: '' }, reason: '' }]], [2]],
    ['a note', [note], []],
    ['what is not known', [['something.later', {}]], []],
    ['a public record and its change', [fined('p'), updated('p')], [2, 3]],
    ['a change of it that stays inside', [fined('p'), updated('p', { remark: '' })], [2]],
    ['a change of it that changes nothing', [fined('p'), updated('p', {})], [2, 3]],
    ['one that never is', [never('p'), updated('p')], []],
    ['one of two', [never('p'), fined('q'), updated('p'), updated('q')], [3, 5]],
    ['one that will be tomorrow', [fined('p', { publishedOn: '2026-03-21' })], []],
    ['one that is from today on', [fined('p', { publishedOn: '2026-03-20' })], [2]],
    ['one whose time is over', [fined('p', { publicationEndsOn: '2026-03-10' })], [2]],
    ['one that was withdrawn', [fined('p'), fined('q'), withdrawn('p')], [3]],
    ['of an unknown kind', [['record.added', { id: 'x', type: 'of-later', data: {} }]], []],
    ['a rating, and its revocation', [rated('r'), ['rating.revoked', { id: 'r', reason: '' }]], [2, 3]],
    ['a case on its way', [fined('p'), ...listed('c').slice(0, 2)], [2]],
    ['a listing', [fined('p'), ...listed('c')], [2, 3, 4, 5]],
    [
      'another beside it on its way',
      [fined('p'), ...listed('d', []).slice(0, 2), ...listed('c')],
      [2, 5, 6, 7],
    ],
    ['a listing on what does not show itself', [never('p'), never('q'), ...listed('c')], [2, 4, 5, 6]],
    ['a listing that is over', [fined('p'), ...listed('c'), removed('expired')], [2, 3, 4, 5, 6]],
    ...(['repairApplied', 'repairAccepted', 'repairInspected', 'repairDecided', 'affirmed'] as const).map(
      (kind): [string, Fact[], number[]] => [
        kind,
        [
          fined('p'),
          ...listed('c'),
          ofCase(kind, {
            on: '2026-03-08',
            grounds: '',
            accepted: true,
            granted: true,
            reasons: '',
            findings: '',
          }),
        ],
        [2, 3, 4, 5],
      ],
    ),
    [
      'another basis of a listing',
      [fined('p'), ...listed('c'), ofCase('basisChanged', { penalties: ['p'], reason: '' })],
      [2, 3, 4, 5, 6],
    ],
    ['an objection to what shows', [fined('p'), objected('o', 'record', 'p')], [2, 3]],
    ['an objection to what does not', [never('p'), objected('o', 'record', 'p')], []],
    ['an objection to a listing', [fined('p'), ...listed('c'), objected('o', 'case', 'c')], [2, 3, 4, 5, 6]],
    [
      'of two objections one, and its end',
      [
        fined('p'),
        never('q'),
        objected('o', 'record', 'q'),
        objected('s', 'record', 'p'),
        ['objection.settled', { id: 'o', on: '2026-03-05', upheld: false, outcome: '' }],
        ['objection.settled', { id: 's', on: '2026-03-05', upheld: false, outcome: '' }],
      ],
      [2, 5, 7],
    ],
    [
      'a publication taken back',
      [
        fined('p', { reviewOutcome: '撤销' }),
        ['record.unpublished', { id: 'p', on: '2026-03-02', reason: '撤销' }],
        note,
      ],
      [2, 3],
    ],
    ['a text not reviewed', [fined('p'), attached('p')], [2]],
    ['a text returned', [fined('p'), attached('p'), reviewed('p', false)], [2]],
    ['a text approved', [fined('p'), attached('p'), reviewed('p', true)], [2, 3, 4]],
    ['a text of what does not show', [never('p'), attached('p'), reviewed('p', true)], []],
    [
      'the second of two texts',
      [fined('p'), attached('p'), reviewed('p', false), attached('p'), reviewed('p', true)],
      [2, 5, 6],
    ],
    [
      'a text with another after it that nobody has approved',
      [fined('p'), attached('p'), reviewed('p', true), attached('p'), reviewed('p', false)],
      [2, 3, 4],
    ],
    [
      'of two penalties one',
      [fined('p'), fined('q'), attached('p'), attached('q'), reviewed('p', true)],
      [2, 3, 4, 6],
    ],
    ['an erasure', [fined('p'), erased], [2]],
  ] as [string, Fact[], number[]][])
    t.same(revisions(ground(facts).told), [1, ...told], said)
})

t.test('of one day two texts tell of the first alone: no more can be told apart', async (t) => {
  const at = '2026-03-05T02:00:00.000Z'
  const facts = [opened, fined('p'), attached('p'), attached('p'), reviewed('p', true)]
  const dossier = fold(undefined, entriesOf(facts, { recordedAt: at }))
  t.same(dossier && revisions(publicGround(dossier, TODAY, catalogue).told), [1, 2, 3, 5])
})

t.test('what its ratings are computed again from', async (t) => {
  for (const [said, facts, rest] of [
    ['no rating', [fined('p')], []],
    ['up to the last', [fined('p'), rated('r', ['p']), fined('q')], [1, 2, 3]],
    [
      'up to the last of two',
      [fined('p'), rated('r', ['p']), fined('q'), rated('s', ['p'])],
      [1, 2, 3, 4, 5],
    ],
    ['what it names, though nobody sees it', [never('p'), never('q'), rated('r', ['p'])], [1, 2, 4]],
    [
      'what of a record stays inside',
      [fined('p'), updated('p', { remark: '' }), rated('r', ['p'])],
      [1, 2, 3, 4],
    ],
    [
      'what of another that shows stays inside',
      [fined('p'), updated('p', { remark: '' }), rated('r')],
      [1, 2, 3, 4],
    ],
    [
      'what a limit names',
      [never('p'), rated('r', [], { limits: [{ id: 'l', rule: '', grade: 'C', records: ['p'] }] })],
      [1, 2, 3],
    ],
    ['a text of its decision that nobody reads', [fined('p'), attached('p'), rated('r', ['p'])], [1, 2, 4]],
    [
      'a text that was returned, before one that is read',
      [
        ...[fined('p'), attached('p'), reviewed('p', false), attached('p'), reviewed('p', true)],
        rated('r', ['p']),
      ],
      [1, 2, 5, 6, 7],
    ],
    ['what it names is erased', [rated('r', ['c']), note, erased], [1, 2, 4]],
    ['one of two that it names is', [fined('p'), rated('r', ['p', 'c']), erased], [1, 2, 3, 4]],
    ['nothing that it names is', [fined('p'), rated('r', ['p']), erased], [1, 2, 3]],
    ['it names a case', [fined('p'), ...listed('c'), rated('r', ['c']), erased], [1, 2, 3, 4, 5, 6]],
  ] as [string, Fact[], number[]][])
    t.same(revisions(ground(facts).rated), rest, said)
})

t.test('the texts of decisions, each with the entries of its penalty and of itself', async (t) => {
  const facts: Fact[] = [
    ...[fined('p'), fined('q'), updated('q'), attached('p'), attached('q'), updated('p', { remark: '' })],
    ...[reviewed('p', true), reviewed('q', false), objected('o', 'record', 'p')],
  ]
  const { texts } = ground(facts)
  t.same(texts, {
    p: [
      [2, 2],
      [5, 5],
      [7, 8],
    ],
  })
})

t.test('a text that was returned is none of the entries of the one that is read', async (t) => {
  const { texts } = ground([
    ...[fined('p'), attached('p'), reviewed('p', false), attached('p'), reviewed('p', true), attached('p')],
  ])
  t.same(texts, {
    p: [
      [2, 2],
      [5, 6],
    ],
  })
})

t.test('what a rating rests on and that stands no more', async (t) => {
  const limit = { limits: [{ id: 'l', rule: '', grade: 'C', records: ['q'] }] }
  for (const [said, facts, gone] of [
    ['all stand', [fined('p'), rated('r', ['p'])], []],
    ['withdrawn', [fined('p'), fined('q'), rated('r', ['p']), withdrawn('p'), withdrawn('q')], ['p']],
    ['named by a limit', [fined('p'), fined('q'), rated('r', ['p'], limit), withdrawn('q')], ['q']],
    ['named by nothing', [fined('p'), rated('r'), withdrawn('p')], []],
    ['over today', [fined('p', { publicationEndsOn: '2026-03-20' }), rated('r', ['p'])], ['p']],
    ['over tomorrow', [fined('p', { publicationEndsOn: '2026-03-21' }), rated('r', ['p'])], []],
    ['one that is never public', [never('p'), rated('r', ['p'])], []],
    ['rescinded', [fined('p'), rated('r', ['p']), updated('p', { reviewOutcome: '撤销' })], ['p']],
    ['a case that stands', [...listed('c'), rated('r', ['c'])], []],
    ['a case removed', [...listed('c'), rated('r', ['c']), removed('expired')], ['c']],
    [
      'a case that waits',
      [
        ...listed('c'),
        rated('r', ['c']),
        ofCase('suspended', {
          changed: [],
          on: '2026-03-06',
          reason: '',
          dueOn: '2026-04-06',
          certain: true,
        }),
      ],
      ['c'],
    ],
    ['a licence', [added('l', licence('l')), rated('r', ['l'])], []],
    [
      'of an unknown kind',
      [['record.added', { id: 'x', type: 'of-later', data: {} }], rated('r', ['x'])],
      [],
    ],
  ] as [string, Fact[], string[]][])
    t.same(ground(facts).gone, gone, said)
})
