import t from 'tap'
import {
  lateTransfers,
  ReachedDays,
  standOf,
  stepsOf,
  type Transfer,
  timelinessReport,
} from '../../src/computing/timeliness.ts'

/** 2026-09-24 is a Thursday; 25 September (中秋) and 1 to 7 October are free, 20 September and 10 October are worked. */
const decidedOn = '2026-09-23'
const own = (more: Partial<Transfer> = {}): Transfer => ({
  ...{
    key: 'DEM000019',
    id: 'p',
    type: 'penalty',
    number: '1号',
    firm: '示例公司',
    authority: '省局',
    decidedOn,
  },
  ...{ position: 10, at: '2026-09-24T02:00:00.000Z', publicFrom: '2026-10-15', receivedOn: null },
  ...more,
})
const nobody = new ReachedDays([])
const reached = (day: string, position = 10, what: 'sent' | 'acknowledged' = 'sent', consumer = '省') => ({
  ...{ consumer, what, day, position },
})

t.test('seven working days, counted by the calendar of holidays, and the day itself is in time', (t) => {
  const { entered, pulled } = stepsOf(own(), new ReachedDays([reached('2026-10-09')]), '2026-10-20')
  t.same(entered, { dueOn: pulled.dueOn, doneOn: '2026-09-24' })
  t.equal(pulled.dueOn, '2026-10-10', 'a Saturday that is worked')
  for (const [doneOn, stand] of [
    ['2026-10-09', 'inTime'],
    ['2026-10-10', 'inTime'],
    ['2026-10-11', 'late'],
  ] as const)
    t.equal(standOf({ dueOn: '2026-10-10', doneOn }, '2026-10-20'), stand, doneOn)
  for (const [today, stand] of [
    ['2026-10-09', 'waiting'],
    ['2026-10-10', 'waiting'],
    ['2026-10-11', 'late'],
  ] as const)
    t.equal(standOf({ dueOn: '2026-10-10', doneOn: undefined }, today), stand, today)
  t.end()
})

t.test(
  'a penalty is public within twenty working days, ten from another province’s; a licence within seven',
  (t) => {
    const publicOf = (more: Partial<Transfer>, today = '2026-12-01') =>
      stepsOf(own(more), nobody, today).public
    t.same(publicOf({}), { dueOn: '2026-10-28', doneOn: '2026-10-15' })
    t.same(publicOf({}, '2026-10-14').doneOn, undefined, 'not yet')
    t.same(publicOf({}, '2026-10-15').doneOn, '2026-10-15')
    t.same(publicOf({ receivedOn: '2026-09-24' }).dueOn, '2026-10-15')
    t.same(publicOf({ type: 'licence' }).dueOn, '2026-10-10')
    t.same(publicOf({ publicFrom: '2026-09-23' }).doneOn, '2026-09-24', 'not before it was entered')
    t.same(publicOf({ publicFrom: null }).doneOn, undefined)
    t.end()
  },
)

t.test('a position is reached on the first day that some consumer had come so far', (t) => {
  const days = [
    reached('2026-10-10', 9),
    reached('2026-10-12', 11),
    reached('2026-10-11', 10, 'sent', '市'),
    reached('2026-10-13', 10, 'acknowledged'),
  ]
  t.equal(new ReachedDays(days).dayOf('sent', 10), '2026-10-11')
  t.equal(new ReachedDays(days, '省').dayOf('sent', 10), '2026-10-12')
  t.equal(new ReachedDays(days).dayOf('sent', 9), '2026-10-10')
  t.equal(new ReachedDays(days).dayOf('sent', 12), undefined)
  t.equal(new ReachedDays(days).dayOf('acknowledged', 10), '2026-10-13')
  const before = stepsOf(own(), new ReachedDays([reached('2026-09-01', 99)]), '2026-12-01')
  t.equal(before.pulled.doneOn, '2026-09-24', 'of an epoch before')
  t.end()
})

t.test('what is about to be late is told the day before, on the day, and after', (t) => {
  const state = (today: string, days = nobody, more: Partial<Transfer> = {}) =>
    lateTransfers([own(more)], days, today).map(({ step, dueOn, state }) => [step, dueOn, state])
  t.same(state('2026-10-08'), [], 'two working days before')
  t.same(state('2026-10-09'), [['pulled', '2026-10-10', '下一工作日到期']])
  t.same(state('2026-10-10'), [['pulled', '2026-10-10', '今日到期']])
  t.same(state('2026-10-11'), [['pulled', '2026-10-10', '已逾期']])
  const pulled = new ReachedDays([reached('2026-10-09')])
  t.same(state('2026-10-10', pulled), [['acknowledged', '2026-10-10', '今日到期']])
  const both = new ReachedDays([reached('2026-10-09'), reached('2026-10-09', 10, 'acknowledged')])
  t.same(state('2026-10-12', both), [])
  t.same(state('2026-10-12', nobody, { position: null, at: null }), [], 'the platform is not told of it')
  const overHolidays = { decidedOn: '2026-09-21', at: '2026-09-22T02:00:00.000Z' }
  t.same(state('2026-09-29', nobody, overHolidays), [])
  for (const today of ['2026-09-30', '2026-10-07'])
    t.same(state(today, nobody, overHolidays), [['pulled', '2026-10-08', '下一工作日到期']], today)
  t.end()
})

t.test('the report counts by kind, authority and month', (t) => {
  const transfers = [
    own(),
    own({ id: 'q', position: 20, at: '2026-10-13T02:00:00.000Z' }),
    own({ id: 'r', position: null, at: null }),
    own({ id: 's', type: 'licence', decidedOn: '2026-10-09', authority: '市局' }),
  ]
  const days = new ReachedDays([reached('2026-10-10', 10)])
  const period = { from: '2026-09-01', to: '2026-10-31' }
  const rows = (by: 'authority' | 'month' | 'all', today = '2026-10-14') =>
    timelinessReport(transfers, days, by, period, today).rows
  t.match(rows('authority'), [
    { kind: '行政许可', authority: '市局', records: 1, pulledRate: 100, acknowledgedRate: null },
    {
      ...{ kind: '行政处罚', authority: '省局', records: 3, untold: 1, enteredRate: 50, enteredLate: 1 },
      ...{ pulledRate: 50, pulledLate: 1, acknowledgedRate: 0, acknowledgedLate: 2, publicRate: null },
    },
  ])
  t.match(
    rows('month').map(({ month, kind }) => [month, kind]),
    [
      ['2026-09', '行政处罚'],
      ['2026-10', '行政许可'],
    ],
  )
  t.equal(rows('all').length, 2)
  t.end()
})
