import t from 'tap'
import { bulletinsDue } from '../../src/blacklist/bulletin-schedule.ts'

/** When an authority's bulletin is due: each period of the calendar that is over and was not told of. */

const due = (
  today: string,
  {
    every = 'quarter',
    began = '2026-01-01',
    issued = [],
    busy = true,
  }: Partial<{
    every: Parameters<typeof bulletinsDue>[0]
    began: string | null
    issued: [string, string][]
    busy: boolean
  }> = {},
) =>
  bulletinsDue(
    every,
    issued.map(([from, to]) => ({ from, to })),
    began ?? undefined,
    today,
    () => busy,
  ).map(({ from, to, dueOn }) => `${from} ${to} ${dueOn}`)

// 2026-04-01 is a Wednesday; Qingming is free from Saturday the 4th to Monday the 6th.
const FIRST = '2026-01-01 2026-03-31 2026-04-15'
// 1 July is a Wednesday.
const SECOND = '2026-04-01 2026-06-30 2026-07-14'

t.test('a quarter on the days about its end', async (t) => {
  t.same(due('2026-03-30'), [])
  t.same(due('2026-03-31'), [], 'its last day')
  t.same(due('2026-04-01'), [FIRST], 'the day after')
  t.same(due('2026-04-16'), [FIRST], 'and when it is overdue')
  t.same(due('2026-07-01'), [FIRST, SECOND], 'one that was missed stays')
  const told: [string, string][] = [['2026-01-01', '2026-03-31']]
  t.same(due('2026-04-01', { issued: told }), [])
  t.same(due('2026-06-30', { issued: told }), [])
  t.same(due('2026-07-01', { issued: told }), [SECOND])
  t.same(due('2026-07-01', { issued: [['2026-01-01', '2026-06-30']] }), [], 'one for both')
})

t.test('told of early: what is left is due where something happened in it', async (t) => {
  const issued: [string, string][] = [['2026-01-01', '2026-03-20']]
  t.same(due('2026-03-31', { issued }), [])
  t.same(due('2026-04-01', { issued }), ['2026-03-21 2026-03-31 2026-04-15'])
  t.same(due('2026-04-01', { issued, busy: false }), [])
  t.same(due('2026-04-01', { issued: [['2026-01-10', '2026-03-20']] }), [
    '2026-01-01 2026-01-09 2026-04-15',
    '2026-03-21 2026-03-31 2026-04-15',
  ])
  t.same(
    due('2026-04-01', {
      issued: [
        ['2026-02-01', '2026-03-31'],
        ['2026-01-01', '2026-02-10'],
      ],
    }),
    [],
    'overlapping, in no order',
  )
  t.same(due('2026-04-01', { busy: false }), [FIRST], 'a whole quarter even where nothing happened')
})

t.test('a bulletin about an end of a quarter takes its own days out of it, and no others', async (t) => {
  for (const [from, to, left] of [
    ['2025-12-01', '2025-12-31', [FIRST]],
    ['2025-12-01', '2026-01-01', ['2026-01-02 2026-03-31 2026-04-15']],
    ['2025-12-01', '2026-01-02', ['2026-01-03 2026-03-31 2026-04-15']],
    ['2026-03-30', '2026-04-30', ['2026-01-01 2026-03-29 2026-04-15']],
    ['2026-03-31', '2026-04-30', ['2026-01-01 2026-03-30 2026-04-15']],
    ['2026-04-01', '2026-04-30', [FIRST]],
    ['2026-01-01', '2026-03-30', ['2026-03-31 2026-03-31 2026-04-15']],
    ['2026-01-02', '2026-03-31', ['2026-01-01 2026-01-01 2026-04-15']],
  ] as const)
    t.same(due('2026-05-04', { issued: [[from, to]] }), left, `${from} to ${to}`)
})

t.test(
  'from the first day that there was anything to tell of, for as long as bulletins are asked for',
  async (t) => {
    t.same(due('2026-04-01', { began: '2026-03-31' }), ['2026-03-31 2026-03-31 2026-04-15'])
    t.same(due('2026-04-01', { began: '2026-04-01' }), [])
    t.same(due('2026-04-01', { began: null }), [])
    t.same(due('2026-04-01', { every: 'off' }), [])
    t.same(due('2026-02-01', { every: 'month' }), ['2026-01-01 2026-01-31 2026-02-13'])
    t.same(due('2026-06-30', { every: 'half-year' }), [])
    t.same(due('2026-07-01', { every: 'half-year' }), ['2026-01-01 2026-06-30 2026-07-14'])
    t.same(due('2026-12-31', { every: 'year' }), [])
    t.same(
      due('2027-01-01', { every: 'year', began: '2026-05-05' })[0]?.slice(0, 21),
      '2026-05-05 2026-12-31',
    )
  },
)

t.test('bulletins of other days and what lies between two', async (t) => {
  for (const [what, issued, expected] of [
    ['of an earlier time alone', [['2025-10-01', '2025-12-31']], [FIRST]],
    ['of a later time alone', [['2026-04-01', '2026-04-10']], [FIRST]],
    ['to the day before', [['2026-01-01', '2026-03-30']], ['2026-03-31 2026-03-31 2026-04-15']],
    ['to its last day', [['2026-01-01', '2026-03-31']], []],
    ['from the day after its first', [['2026-01-02', '2026-03-31']], ['2026-01-01 2026-01-01 2026-04-15']],
    [
      'a day between two',
      [
        ['2026-01-01', '2026-02-10'],
        ['2026-02-12', '2026-03-31'],
      ],
      ['2026-02-11 2026-02-11 2026-04-15'],
    ],
    [
      'one after the other',
      [
        ['2026-01-01', '2026-02-10'],
        ['2026-02-11', '2026-03-31'],
      ],
      [],
    ],
    [
      'one within another',
      [
        ['2026-01-01', '2026-03-20'],
        ['2026-02-01', '2026-02-28'],
      ],
      ['2026-03-21 2026-03-31 2026-04-15'],
    ],
  ] as const)
    t.same(due('2026-04-01', { issued: issued.map(([from, to]) => [from, to]) }), expected, what)
})
