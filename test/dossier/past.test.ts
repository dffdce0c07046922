import t from 'tap'
import { fold } from '../../src/dossier/dossier.ts'
import { publicFace } from '../../src/dossier/face.ts'
import { dossierAt, type Moment, mendedPast, publicGround, publicPast } from '../../src/dossier/past.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Entry } from '../../src/register/entry.ts'
import { penalty } from '../rating/files.ts'
import { entriesOf, type Fact, opened } from './entries.ts'

/** The past as officers and as the public may ask for it: by position or time, to the moment; nothing that is hidden today. */

const TODAY = '2026-11-24'
const entries = (...facts: Fact[]) => entriesOf(facts)
const fined = (id: string): Fact => [
  'record.added',
  { ...penalty(id, '2026-01-05', { publishedOn: '2026-01-10' }), id },
]
const proposed = (id: string): Fact => [
  'listing.proposed',
  {
    case: id,
    ruleSet: { id: 'order-44', version: 2 },
    ground: 'unsafe-product',
    penalties: ['p'],
    facts: '',
    reasons: '',
    by: 'x',
  },
]
const rated = (id: string, grade: string): Fact => [
  'rating.issued',
  {
    id,
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
    on: '2026-03-01',
    grade,
    points: 80,
    items: [],
    limits: [],
  },
]
const past = (all: Entry[], moment: Moment, day = '2026-03-31', today = TODAY) => {
  const now = fold(undefined, all)
  const present = now && publicFace(now, today, catalogue)
  return present && publicPast(present, publicGround(now, today, catalogue), all, moment, day, catalogue)
}
const shown = (all: Entry[], moment: Moment, day?: string) => {
  const file = past(all, moment, day)
  return (
    file && [
      file.enterprise.name,
      (file.sections.penalties ?? []).map(({ id }) => id).sort(),
      file.listings.map(({ id }) => id),
      file.ratings.map(({ id, revokedAt }) => (revokedAt ? `${id} revoked` : id)),
    ]
  )
}

t.test(
  'what stood at a moment: the entry of that very position or time counts, the next does not',
  async (t) => {
    const all = entries(opened, fined('p'), fined('q'))
    for (const [moment, expected] of [
      [{ position: 9 }, undefined],
      [{ position: 10 }, []],
      [{ position: 11 }, ['p']],
      [{ position: 12 }, ['p', 'q']],
      [{ time: '2026-03-01T01:59:59.999Z' }, undefined],
      [{ time: '2026-03-01T02:00:00.000Z' }, []],
      [{ time: '2026-03-02T01:59:59.999Z' }, []],
      [{ time: '2026-03-02T02:00:00.000Z' }, ['p']],
      [{ time: '2026-04-01T00:00:00.000Z' }, ['p', 'q']],
    ] as const) {
      t.same(
        dossierAt(all, moment)?.records.map(({ id }) => id),
        expected,
        JSON.stringify(moment),
      )
      t.same(shown(all, moment)?.[1], expected, JSON.stringify(moment))
    }
  },
)

t.test('what was mended later is mended in the past, what changed later is not', async (t) => {
  const listed: Fact[] = [
    proposed('c'),
    [
      'listing.decided',
      {
        case: 'c',
        listed: true,
        decisionNo: '1号',
        decidedOn: '2026-03-03',
        reasons: '',
        measures: [],
        listing: {
          ground: '',
          basis: '',
          until: '2029-03-03',
          publishBy: '2026-03-31',
          certain: true,
          repair: { from: '2027-03-03', how: '', conditions: [] },
        },
        by: 'x',
      },
    ],
    ['listing.published', { case: 'c', from: '2026-03-03', until: '2029-03-03' }],
  ]
  const before: Fact[] = [opened, fined('p'), fined('q'), ...listed, rated('r', 'B'), rated('s', 'C')]
  const moment = { position: 9 + before.length }
  const table: [later: Fact, expected: unknown][] = [
    [
      ['note.added', { id: 'n', text: '' }],
      ['示例公司', ['p', 'q'], ['c'], ['r', 's']],
    ],
    [
      ['enterprise.corrected', { changes: { name: '更正' }, reason: '' }],
      ['更正', ['p', 'q'], ['c'], ['r', 's']],
    ],
    [
      ['enterprise.changed', { changes: { name: '更名' } }],
      ['示例公司', ['p', 'q'], ['c'], ['r', 's']],
    ],
    [['enterprise.withdrawn', { reason: '' }], undefined],
    [
      ['record.withdrawn', { id: 'p', reason: '' }],
      ['示例公司', ['q'], ['c'], ['r', 's']],
    ],
    [
      ['record.corrected', { id: 'q', changes: { procedure: '简易程序' }, reason: '' }],
      ['示例公司', ['p'], ['c'], ['r', 's']],
    ],
    [
      ['record.updated', { id: 'q', changes: { reviewOutcome: '撤销' } }],
      ['示例公司', ['p'], ['c'], ['r', 's']],
    ],
    [
      ['rating.revoked', { id: 's', reason: '' }],
      ['示例公司', ['p', 'q'], ['c'], ['r', 's revoked']],
    ],
    [
      ['listing.removed', { case: 'c', on: '2026-03-20', cause: 'revoked', reason: '' }],
      ['示例公司', ['p', 'q'], [], ['r', 's']],
    ],
  ]
  for (const [later, expected] of table) {
    const all = entries(...before, later)
    const found = shown(all, moment)
    t.same(
      found?.map((part) => (Array.isArray(part) ? [...part].sort() : part)),
      expected,
      later[0],
    )
  }
  const mended = mendedPast(entries(...before, ['rating.revoked', { id: 's', reason: '' }]), moment)
  t.same(
    mended?.ratings.map(({ id, revoked }) => [id, !!revoked]),
    [
      ['r', false],
      ['s', true],
    ],
  )
  const removed = entries(...before, [
    'listing.removed',
    { case: 'c', on: '2026-03-20', cause: 'repaired', reason: '' },
  ])
  t.equal(mendedPast(removed, moment)?.cases[0]?.status, 'removed')
})

t.test('a listing of the past names only the penalties that it still rests on', async (t) => {
  const named = (all: Entry[], position: number) =>
    past(all, { position })?.listings.map(({ penalties }) =>
      penalties.map(({ documentNo }) => documentNo).sort(),
    )
  const [, about] = proposed('c')
  const before: Fact[] = [
    opened,
    fined('p'),
    fined('q'),
    ['listing.proposed', { ...Object(about), penalties: ['p', 'q'] }],
    [
      'listing.decided',
      {
        ...{ case: 'c', listed: true, decisionNo: '1号', decidedOn: '2026-03-05', reasons: '', measures: [] },
        listing: {
          ...{ ground: '', basis: '', until: '2029-03-05', publishBy: '2026-03-31', certain: true },
          repair: { from: '2027-03-05', how: '', conditions: [] },
        },
        by: 'x',
      },
    ],
    ['listing.published', { case: 'c', from: '2026-03-05', until: '2029-03-05' }],
  ]
  t.same(named(entries(...before), 15), [['p', 'q']])
  const annulled: Fact[] = [
    ['record.updated', { id: 'q', changes: { reviewOutcome: '撤销', reviewedOn: '2026-03-07' } }],
    ['listing.basisChanged', { case: 'c', penalties: ['p'], reason: '撤销' }],
  ]
  t.same(named(entries(...before, ...annulled), 15), [['p']], 'as of a moment when it rested on both')
  t.same(named(entries(...before, ...annulled), 17), [['p']])
  t.same(named(entries(...before), 14), [], 'nor is it there before it was published')
})

t.test('a record that is not public today, or not on the day, is not in the past', async (t) => {
  const all = entries(opened, fined('p'), [
    'record.added',
    { ...penalty('w', '2026-01-05', { publicationEndsOn: '2026-06-01', publishedOn: '2026-01-10' }) },
  ])
  t.same(shown(all, { position: 12 })?.[1], ['p'], 'its publication has ended')
  t.same(
    past(all, { position: 12 }, '2026-03-31', '2026-05-31')?.sections.penalties?.map(({ id }) => id),
    ['w', 'p'],
    'on the last day of it both show',
  )
  t.same(shown(all, { position: 12 }, '2026-01-09')?.[1], [], 'the day before its publication began')
  t.same(shown(all, { position: 12 }, '2026-01-10')?.[1], ['p'])
})

t.test('the history ends with the moment, and so do revision and position', async (t) => {
  const all = entries(opened, fined('p'), fined('q'), [
    'enterprise.corrected',
    { changes: { name: '更正' }, reason: '' },
  ])
  const at = past(all, { position: 11 })
  t.same(
    at?.history.map(({ position }) => position),
    [10, 11],
  )
  t.match(at, { revision: 11, position: 11, enterprise: { name: '更正' } })
  const hidden = entries(opened, fined('p'), fined('q'), ['record.withdrawn', { id: 'q', reason: '' }])
  t.same(
    past(hidden, { position: 12 })?.history.map(({ position }) => position),
    [10, 11],
    'what is gone is not in it',
  )
})

t.test('objections are told of what shows', async (t) => {
  const objected = (id: string, about: string): Fact => [
    'objection.filed',
    {
      id,
      about: { kind: 'record', id: about },
      on: '2026-03-04',
      grounds: '',
      dueOn: '2026-03-09',
      certain: true,
    },
  ]
  const all = entries(opened, fined('p'), fined('q'), objected('op', 'p'), objected('oq', 'q'))
  const about = (given: Entry[]) => past(given, { position: 14 })?.objections.map((own) => own.about.id)
  t.same(about(all), ['p', 'q'])
  t.same(
    about([
      ...all,
      ...entries(opened, opened, opened, opened, opened, ['record.withdrawn', { id: 'q', reason: '' }]).slice(
        5,
      ),
    ]),
    ['p'],
  )
})
