import t from 'tap'
import { draftsOfDay, onDay } from '../../src/consequences/day.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import { type Dossier, ratingInForce } from '../../src/dossier/dossier.ts'
import type { Draft } from '../../src/register/entry.ts'
import { award, licence, penalty, sampling, type TestRecord } from '../rating/files.ts'
import { about, Story, withdrawn } from './files.ts'

/** What a day brings to a file: on the day itself, not the day before, what was missed in its order; and the file as the day has it. */

const { rules } = new Story([])

/** A file whose records were entered, and whose case was decided and perhaps published, on a day. */
function fileOf(records: readonly TestRecord[], day: string, more: readonly Draft[] = []): Dossier {
  const own = anticipated(
    undefined,
    [
      about('enterprise.opened', { data: { name: '示例公司', region: '130102', status: '存续' } }),
      ...records.map(({ id, type, data }) => about('record.added', { id, type, data })),
      ...more,
    ],
    `${day}T02:00:00.000Z`,
  )
  if (!own) throw new Error('no file')
  return own
}

const decided = (id: string, publishBy: string): Draft[] => [
  about('listing.proposed', {
    ...{ case: id, ruleSet: { id: 'order-44', version: 1 }, ground: 'unsafe-product', penalties: ['p'] },
    ...{ facts: '', reasons: '', by: 'x' },
  }),
  about('listing.decided', {
    ...{
      case: id,
      listed: true,
      decisionNo: '1',
      decidedOn: '2026-02-02',
      reasons: '',
      measures: [],
      by: 'y',
    },
    listing: {
      ...{ ground: '', basis: '', until: '2029-02-02', publishBy, certain: true },
      repair: { from: '2027-02-02', how: '', conditions: [] },
    },
  }),
]
const listed = (id: string, until: string): Draft[] => [
  ...decided(id, '2026-02-20'),
  about('listing.published', { case: id, from: '2026-02-03', until }),
]

/** Kinds and things, each with its day where it says one. */
const told = (drafts: readonly Draft[]) =>
  drafts.map(({ kind, payload }) => {
    const { id, case: own, on = '' } = Object(payload)
    return [kind, id ?? own, on].filter(Boolean).join(' ')
  })

const small = (id: string, publishedOn: string) => penalty(id, '2026-01-05', { fine: 1_000, publishedOn })

t.test(
  'a publication and a validity end on their day, a listing is published and removed on its',
  async (t) => {
    for (const [said, file, days] of [
      [
        'a penalty that is shown for three months',
        fileOf([small('p', '2026-02-02')], '2026-02-02'),
        [
          ['2026-05-01', []],
          ['2026-05-02', ['record.unpublished p 2026-05-02']],
          ['2026-05-03', ['record.unpublished p 2026-05-02']],
        ],
      ],
      [
        'one that was entered on the day on which its publication began',
        fileOf([small('p', '2026-02-02')], '2026-02-01'),
        [
          ['2026-02-01', []],
          ['2026-02-02', ['record.published p 2026-02-02']],
          ['2026-02-03', ['record.published p 2026-02-02']],
          ['2026-05-02', ['record.published p 2026-02-02', 'record.unpublished p 2026-05-02']],
        ],
      ],
      [
        'two whose ends come in another order than they were entered in',
        fileOf([small('p', '2026-02-04'), small('q', '2026-02-02'), small('r', '2026-02-03')], '2026-02-10'),
        [
          ['2026-05-01', []],
          ['2026-05-02', ['record.unpublished q 2026-05-02']],
          [
            '2026-05-10',
            [
              'record.unpublished q 2026-05-02',
              'record.unpublished r 2026-05-03',
              'record.unpublished p 2026-05-04',
            ],
          ],
        ],
      ],
      [
        'one of two that was withdrawn',
        fileOf([small('p', '2026-02-02'), small('q', '2026-02-02')], '2026-02-10', [withdrawn('p')]),
        [['2026-05-02', ['record.unpublished q 2026-05-02']]],
      ],
      [
        'a licence',
        fileOf([licence('l', { validTo: '2026-03-31' })], '2026-02-02'),
        [
          ['2026-03-31', []],
          ['2026-04-01', ['record.expired l 2026-04-01']],
        ],
      ],
      [
        'a listing whose publication is due',
        fileOf([penalty('p', '2026-01-05')], '2026-02-02', decided('c', '2026-02-27')),
        [
          ['2026-02-26', []],
          ['2026-02-27', ['listing.published c']],
          ['2026-02-28', ['listing.published c']],
        ],
      ],
      [
        'of two listings the one that is due',
        fileOf([penalty('p', '2026-01-05')], '2026-02-02', [
          ...decided('c', '2026-03-02'),
          ...decided('d', '2026-03-03'),
        ]),
        [
          ['2026-03-01', []],
          ['2026-03-02', ['listing.published c']],
          ['2026-03-03', ['listing.published c', 'listing.published d']],
        ],
      ],
      [
        'a listing whose term ends',
        fileOf([penalty('p', '2026-01-05')], '2026-02-10', listed('c', '2029-02-03')),
        [
          ['2029-02-01', []],
          ['2029-02-02', ['record.unpublished p 2029-02-02']],
          ['2029-02-03', ['record.unpublished p 2029-02-02', 'listing.removed c 2029-02-03']],
          ['2029-02-04', ['record.unpublished p 2029-02-02', 'listing.removed c 2029-02-03']],
        ],
      ],
    ] as const)
      for (const [day, expected] of days) {
        const came = told(draftsOfDay(file, day, rules))
        t.same(
          came.filter((line) => !line.startsWith('record.published p 2026-01')),
          expected,
          `${said}: ${day}`,
        )
      }
    const nothing = { ...fileOf([small('p', '2026-02-02')], '2026-02-02'), events: [] }
    t.same(draftsOfDay(nothing, '2026-05-02', rules), [], 'a file of which nothing is told')
  },
)

t.test(
  'a file as the day has it: its listings that are over have ended, nothing else is claimed',
  async (t) => {
    const file = fileOf([penalty('p', '2026-01-05')], '2026-02-10', [
      ...listed('c', '2029-02-03'),
      ...listed('d', '2029-03-03'),
    ])
    for (const [day, statuses] of [
      ['2029-02-02', ['inForce', 'inForce']],
      ['2029-02-03', ['removed', 'inForce']],
      ['2029-02-04', ['removed', 'inForce']],
      ['2029-03-03', ['removed', 'removed']],
    ] as const) {
      const now = onDay(file, day, rules)
      t.same(
        now.cases.map(({ status }) => status),
        statuses,
        day,
      )
      t.same([now.events, now.position, now.revision], [file.events, file.position, file.revision])
    }
    t.equal(onDay(file, '2029-02-02', rules), file, 'where the day brings nothing it is the file itself')
    const gone = anticipated(file, [about('enterprise.withdrawn', { reason: '误' })])
    t.equal(gone && onDay(gone, '2029-02-03', rules), gone, 'one that is withdrawn stays so')
  },
)

t.test(
  'a grade that rests on a listing is another on the day on which that ends, at the same place',
  async (t) => {
    const story = new Story([penalty('p', '2026-01-05'), licence('l'), sampling('s', '2026-01-20', '合格')])
    story.dossier = anticipated(story.dossier, listed('c', '2029-02-03')) ?? story.dossier
    story.rated('2026-03-01', 'enterprise-classes')
    const { dossier: file } = story
    const [first] = file.ratings
    t.equal(ratingInForce(file, 'enterprise-classes')?.grade, 'C')
    const now = onDay(file, '2029-02-03', story.rules)
    const again = onDay(file, '2029-02-03', story.rules)
    t.equal(now.ratings.length, 2)
    t.equal(now.ratings[0]?.position, first?.position, 'the one that was issued stays where it was issued')
    t.equal(now.ratings[1]?.position, file.position, 'what the day makes lies where the file does')
    t.same(
      again.ratings.map(({ id }) => id),
      now.ratings.map(({ id }) => id),
      'whoever asks finds the same',
    )
    const appended = draftsOfDay(file, '2029-02-03', story.rules).filter(
      ({ kind }) => kind === 'rating.issued',
    )
    t.same(
      appended.map(({ payload }) => Object(payload).id),
      [now.ratings[1]?.id],
      'and what the job appends is that',
    )
    t.not(
      onDay(file, '2029-02-04', story.rules).ratings[1]?.id,
      now.ratings[1]?.id,
      'another day, another one',
    )
    t.same(onDay(fileOf([award('a', '国家', '2026-01-01')], '2026-01-01'), '2029-02-03', rules).ratings, [])
  },
)
