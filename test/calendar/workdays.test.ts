import t from 'tap'
import { addDays } from '../../src/calendar/dates.ts'
import {
  coveredYears,
  isCovered,
  isWorkingDay,
  keptDeadline,
  printedDeadline,
  workingDayFrom,
  workingDaysAfter,
  workingDaysBefore,
  workingDaysBetween,
} from '../../src/calendar/workdays.ts'

t.test('working days follow the State Council notice, day by day', async (t) => {
  const worked = (from: string, days: number) =>
    Array.from({ length: days }, (_, i) => (isWorkingDay(addDays(from, i)) ? '+' : '.')).join('')
  // 国办发明电〔2025〕7号: spring festival of 2026 from Sunday 15 to Monday 23 February, worked on two Saturdays.
  t.equal(worked('2026-02-13', 16), '++.........+++++', 'spring festival 2026, Friday 13 to Saturday 28')
  t.equal(worked('2026-09-18', 24), '+.+++++...+++.......+++.', 'national day 2026')
  t.equal(worked('2025-12-31', 5), '+...+', 'the turn of 2026, Sunday 4 January worked')
  t.equal(worked('2025-01-26', 15), '++........++++.', 'spring festival 2025')
  t.equal(worked('2018-12-28', 6), '++...+', 'the turn of 2019: Saturday worked, Monday free')
})

t.test('a count of working days: the day before, on, after; over each kind of holiday', async (t) => {
  for (const [from, count, date] of [
    ['2026-11-24', 0, '2026-11-24'],
    ['2026-11-24', 1, '2026-11-25'],
    ['2026-11-26', 1, '2026-11-27'],
    ['2026-11-27', 1, '2026-11-30'],
    ['2026-11-28', 1, '2026-11-30'],
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-14', 1, '2026-02-24'],
    ['2026-02-20', 5, '2026-02-28'],
    ['2026-09-25', 20, '2026-10-29'],
    ['2026-09-30', 1, '2026-10-08'],
    ['2026-10-08', 2, '2026-10-10'],
    ['2026-04-03', 1, '2026-04-07'],
    ['2026-04-30', 1, '2026-05-06'],
    ['2026-05-08', 1, '2026-05-09'],
    ['2026-06-18', 1, '2026-06-22'],
    ['2025-09-30', 3, '2025-10-11'],
    ['2025-12-31', 1, '2026-01-04'],
    ['2025-12-31', 2, '2026-01-05'],
  ] as const)
    t.same(workingDaysAfter(from, count), { date, certain: true }, `${from} + ${count}`)
})

t.test('beyond the notices a count is provisional, and the law alone makes days free', async (t) => {
  const last = Math.max(...coveredYears())
  t.ok(coveredYears().has(2026))
  t.ok(isCovered(`${last}-12-28`))
  for (const day of [
    `${last}-12-29`,
    `${last}-12-31`,
    `${last + 1}-01-01`,
    `${last + 1}-06-15`,
    '1999-10-08',
  ])
    t.notOk(isCovered(day), day)
  t.ok(isCovered('2025-12-31'), 'the next year is known')
  t.equal(workingDaysAfter(`${last}-12-20`, 40).certain, false)
  for (const day of [
    '2031-01-01',
    '2031-05-01',
    '2031-05-02',
    '2031-10-01',
    '2031-10-03',
    // Lunar new year 2031 is 23 January; its eve counts too. 端午 is 24 June, 中秋 1 October, 清明 5 April (a Saturday).
    '2031-01-22',
    '2031-01-23',
    '2031-01-24',
    '2031-06-24',
    // 2029: lunar new year is Tuesday 13 February; 2030: 端午 is 5 June, 中秋 12 September.
    '2029-02-12',
    '2029-02-13',
    '2029-02-14',
    '2029-02-15',
    '2030-06-05',
    '2030-09-12',
    '2030-10-01',
    '2030-10-02',
    '2030-10-03',
  ])
    t.notOk(isWorkingDay(day), day)
  for (const day of [
    '2031-01-21',
    '2031-01-27',
    '2031-04-04',
    '2031-04-07',
    '2031-05-05',
    '2031-06-25',
    '2031-10-06',
    '2029-02-16',
    '2030-06-06',
    '2030-09-11',
    '2030-10-04',
  ])
    t.ok(isWorkingDay(day), day)
  for (const day of ['2012-05-02', '2014-01-30'])
    t.ok(isWorkingDay(day), `${day}: where there is a notice, it alone counts, not the law of today`)
  t.notOk(isWorkingDay('2028-04-04'), '清明')
})

t.test('a deadline is printed for what it is', async (t) => {
  t.equal(printedDeadline({ date: '2026-10-09', certain: true }), '2026年10月9日')
  t.equal(printedDeadline({ date: '2027-01-04', certain: false }), '暂按2027年1月4日，以国务院节假日安排为准')
})

t.test('a period whose last day is free ends on the next that is worked', async (t) => {
  for (const [day, last] of [
    ['2026-09-30', '2026-09-30'],
    ['2026-10-01', '2026-10-08'],
    ['2026-10-07', '2026-10-08'],
    ['2026-10-08', '2026-10-08'],
    ['2026-10-10', '2026-10-10'],
    ['2026-10-11', '2026-10-12'],
    ['2026-02-14', '2026-02-14'],
    ['2026-02-15', '2026-02-24'],
  ] as const)
    t.equal(workingDayFrom(day), last, day)
})

t.test('a deadline that was provisional is counted again, a certain one stays as it was told', async (t) => {
  const counted = { date: '2026-10-29', certain: true }
  t.same(keptDeadline({ date: '2026-10-23', certain: false }, '2026-09-25', 20), counted)
  t.same(keptDeadline({ date: '2026-10-23', certain: true }, '2026-09-25', 20), {
    date: '2026-10-23',
    certain: true,
  })
})

t.test('working days before a day are counted as those after', async (t) => {
  for (const [day, count, before] of [
    ['2026-10-09', 1, '2026-10-08'],
    ['2026-10-08', 1, '2026-09-30'],
    ['2026-10-09', 2, '2026-09-30'],
    ['2026-09-21', 1, '2026-09-20'],
    ['2026-10-03', 1, '2026-09-30'],
  ] as const)
    t.equal(workingDaysBefore(day, count), before, `${count} before ${day}`)
})

t.test('working days until a day: that one counts, the one begun from does not', async (t) => {
  for (const [from, to, count] of [
    ['2026-11-25', '2026-11-24', 0],
    ['2026-11-25', '2026-11-25', 0],
    ['2026-11-25', '2026-11-26', 1],
    ['2026-11-25', '2026-11-27', 2],
    ['2026-11-27', '2026-11-29', 0],
    ['2026-11-27', '2026-11-30', 1],
    ['2026-09-30', '2026-10-07', 0],
    ['2026-09-30', '2026-10-08', 1],
    ['2026-10-08', '2026-10-10', 2],
  ] as const)
    t.equal(workingDaysBetween(from, to), count, `${from} to ${to}`)
})
