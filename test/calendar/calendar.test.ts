import t from 'tap'
import { addDays, addMonths, endOfDate, isCalendarDate, shanghaiDate } from '../../src/calendar/dates.ts'
import { coveredYears, workingDaysAfter } from '../../src/calendar/workdays.ts'

t.test('dates in China', async (t) => {
  t.ok(isCalendarDate('2024-02-29'))
  t.notOk(isCalendarDate('2026-02-29'))
  t.notOk(isCalendarDate('2026-13-01'))
  t.equal(shanghaiDate(new Date('2026-11-23T16:00:00Z')), '2026-11-24')
  t.equal(endOfDate('2026-11-24'), '2026-11-24T15:59:59.999Z')
  t.equal(addDays('2026-12-31', 1), '2027-01-01')
  t.equal(addMonths('2026-01-31', 1), '2026-02-28')
})

t.test('working days follow the State Council notice, swapped Saturdays included', async (t) => {
  t.same(workingDaysAfter('2026-09-25', 20), { date: '2026-10-29', certain: true })
  t.ok(coveredYears.has(2026))
  const far = Math.max(...coveredYears) + 2
  t.equal(workingDaysAfter(`${far}-03-01`, 5).certain, false, 'a year without a notice is an estimate')
})
