import t from 'tap'
import {
  addDays,
  addMonths,
  endOfDate,
  isCalendarDate,
  shanghaiDate,
  shanghaiTime,
  startOfDate,
  wholeMonths,
} from '../../src/calendar/dates.ts'
import { coveredYears, workingDaysAfter } from '../../src/calendar/workdays.ts'

t.test('a date exists and is written with all its digits', async (t) => {
  for (const date of ['2024-02-29', '2026-01-01', '2026-12-31', '0001-01-01', '9999-12-31'])
    t.ok(isCalendarDate(date), date)
  for (const text of [
    '2026-02-29',
    '2026-13-01',
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

t.test('a day in China begins and ends eight hours before the day in Greenwich', async (t) => {
  t.equal(startOfDate('2026-11-24'), '2026-11-23T16:00:00.000Z')
  t.equal(endOfDate('2026-11-24'), '2026-11-24T15:59:59.999Z')
  t.equal(shanghaiDate(new Date('2026-11-23T15:59:59.999Z')), '2026-11-23', 'the moment before')
  t.equal(shanghaiDate(new Date('2026-11-23T16:00:00.000Z')), '2026-11-24', 'the moment itself')
  t.equal(shanghaiTime(new Date('2026-12-31T15:59:59.999Z')), '2026-12-31 23:59')
  t.equal(shanghaiTime(new Date('2026-12-31T16:00:00.000Z')), '2027-01-01 00:00')
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
    ['2026-06-30', 0, '2026-06-30'],
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

// Counted by hand with the State Council's notices for 2025 and 2026 (国办发明电〔2024〕12 号、〔2025〕7 号).
t.test('working days follow the State Council notice, swapped weekends included', async (t) => {
  for (const [from, count, last, why] of [
    ['2026-03-02', 1, '2026-03-03', 'the day itself does not count'],
    ['2026-03-06', 1, '2026-03-09', 'over a weekend'],
    ['2026-03-07', 1, '2026-03-09', 'from a Saturday'],
    ['2026-03-02', 5, '2026-03-09', 'a plain week'],
    ['2026-02-13', 1, '2026-02-14', 'the Saturday before spring festival is worked'],
    ['2026-02-14', 1, '2026-02-24', 'spring festival, 15 to 23 February'],
    ['2026-02-14', 5, '2026-02-28', 'and the Saturday after it is worked'],
    ['2026-04-03', 1, '2026-04-07', 'Qingming, 4 to 6 April'],
    ['2026-04-30', 1, '2026-05-06', '1 to 5 May'],
    ['2026-05-08', 1, '2026-05-09', 'a Saturday worked for May'],
    ['2026-06-18', 1, '2026-06-22', 'dragon boat, 19 to 21 June'],
    ['2026-09-25', 20, '2026-10-29', 'mid-autumn and national day'],
    ['2026-09-30', 1, '2026-10-08', 'national day, 1 to 7 October'],
    ['2026-10-09', 1, '2026-10-10', 'the Saturday after it is worked'],
    ['2025-09-30', 3, '2025-10-11', 'in 2025 to 8 October, and Saturday the 11th is worked'],
    ['2025-12-31', 1, '2026-01-04', 'new year, 1 to 3 January, and Sunday the 4th is worked'],
  ] as const)
    t.same(workingDaysAfter(from, count), { date: last, certain: true }, `${from} + ${count}: ${why}`)
  t.same(workingDaysAfter('2026-03-02', 0), { date: '2026-03-02', certain: true })
})

t.test('a count that leaves the years with a notice is an estimate', async (t) => {
  const last = Math.max(...coveredYears)
  t.ok(coveredYears.has(2026))
  t.equal(workingDaysAfter(`${last}-11-02`, 5).certain, true)
  t.equal(workingDaysAfter(`${last}-12-30`, 1).certain, true, 'its last day is still covered')
  t.equal(workingDaysAfter(`${last}-12-31`, 1).certain, false, 'the next year is not')
  t.equal(workingDaysAfter(`${last + 2}-03-01`, 5).certain, false)
  t.same(
    workingDaysAfter(`${last}-12-31`, 1),
    workingDaysAfter(`${last}-12-31`, 1),
    'asked twice, the same answer',
  )
})
