import t from 'tap'
import {
  addDays,
  addMonths,
  endOfDate,
  isCalendarDate,
  minuteOf,
  shanghaiDate,
  shanghaiSecond,
  shanghaiTime,
  startOfDate,
  wholeMonths,
} from '../../src/calendar/dates.ts'

t.test('a date exists and is written with all its digits', async (t) => {
  for (const date of ['2024-02-29', '1600-02-29', '2026-01-01', '2026-12-31', '0001-01-01', '9999-12-31'])
    t.ok(isCalendarDate(date), date)
  for (const text of [
    '2026-02-29',
    '2026-13-01',
    '2100-02-29',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '20260101',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '12026-01-01',
    '',
  ])
    t.notOk(isCalendarDate(text), text)
})

t.test('each month has its last day', async (t) => {
  for (const [i, last] of [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].entries()) {
    const month = `2026-${String(i + 1).padStart(2, '0')}`
    for (let day = 27; day <= 32; day += 1)
      t.equal(isCalendarDate(`${month}-${day}`), day <= last, `${month}-${day}`)
    t.equal(addMonths('2025-12-31', i + 1), `${month}-${last}`)
  }
})

t.test('a day in China begins and ends eight hours before the day in Greenwich', async (t) => {
  t.equal(startOfDate('2026-11-24'), '2026-11-23T16:00:00.000Z')
  t.equal(endOfDate('2026-11-24'), '2026-11-24T15:59:59.999Z')
  t.equal(shanghaiDate(new Date('2026-11-23T15:59:59.999Z')), '2026-11-23', 'the moment before')
  t.equal(shanghaiDate(new Date('2026-11-23T16:00:00.000Z')), '2026-11-24', 'the moment itself')
  t.equal(shanghaiTime(new Date('2026-12-31T15:59:59.999Z')), '2026-12-31 23:59')
  t.equal(shanghaiTime(new Date('2026-12-31T16:00:00.000Z')), '2027-01-01 00:00')
  t.equal(shanghaiSecond(new Date('2026-12-31T15:59:59.999Z')), '2026-12-31 23:59:59')
  t.equal(shanghaiSecond(new Date('2026-12-31T16:00:00.000Z')), '2027-01-01 00:00:00')
})

t.test('a minute lasts from its first moment to its last', async (t) => {
  const minute = minuteOf(new Date('2026-11-24T08:30:00.000Z'))
  for (const [moment, later] of [
    ['2026-11-24T08:29:59.999Z', -1],
    ['2026-11-24T08:30:00.000Z', 0],
    ['2026-11-24T08:30:59.999Z', 0],
    ['2026-11-24T08:31:00.000Z', 1],
    ['2026-11-25T08:30:00.000Z', 1440],
  ] as const)
    t.equal(minuteOf(new Date(moment)) - minute, later, moment)
})

t.test('days and months later', async (t) => {
  for (const [date, days, later] of [
    ['2026-12-31', 1, '2027-01-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-01-01', 365, '2027-01-01'],
    ['2026-01-01', 0, '2026-01-01'],
  ] as const)
    t.equal(addDays(date, days), later, `${date} + ${days} days`)
  for (const [date, months, later] of [
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-01-15', 1, '2026-02-15'],
    ['2026-10-31', 1, '2026-11-30'],
    ['2026-11-30', 1, '2026-12-30'],
    ['2026-12-01', 1, '2027-01-01'],
    ['2026-12-31', 36, '2029-12-31'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-01-31', -11, '2025-02-28'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2000-01-31', 1, '2000-02-29'],
    ['2100-01-31', 1, '2100-02-28'],
    ['2026-06-30', 0, '2026-06-30'],
    ['0001-01-31', 1, '0001-02-28'],
  ] as const)
    t.equal(addMonths(date, months), later, `${date} + ${months} months`)
})

t.test('whole months are over on the same day, not on the day before', async (t) => {
  for (const [from, to, months] of [
    ['2026-01-15', '2026-02-14', 0],
    ['2026-01-15', '2026-02-15', 1],
    ['2026-01-15', '2026-02-16', 1],
    ['2025-11-20', '2026-11-19', 11],
    ['2025-11-20', '2026-11-20', 12],
    ['2025-11-20', '2027-01-20', 14],
    ['2026-01-31', '2026-02-28', 1],
    ['2026-06-01', '2026-06-01', 0],
  ] as const)
    t.equal(wholeMonths(from, to), months, `${from} to ${to}`)
})
