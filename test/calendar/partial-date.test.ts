import t from 'tap'
import { earliestOf, isPartialDate, latestOf, mayBeSame } from '../../src/calendar/partial-date.ts'

t.test('dates known to the day, the month or the year', async (t) => {
  for (const [date, first, last] of [
    ['2017', '2017-01-01', '2017-12-31'],
    ['2017-09', '2017-09-01', '2017-09-30'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2023-02', '2023-02-01', '2023-02-28'],
    ['2017-12', '2017-12-01', '2017-12-31'],
    ['2017-09-12', '2017-09-12', '2017-09-12'],
  ] as const) {
    t.ok(isPartialDate(date), date)
    t.same([earliestOf(date), latestOf(date)], [first, last], date)
  }
  for (const text of [
    '',
    '17',
    '201',
    '20171',
    '2017-',
    '2017-9',
    '2017-00',
    '2017-13',
    '2017-02-29',
    '二〇一七',
  ])
    t.notOk(isPartialDate(text), text)
})

t.test('dates that may be the same one', async (t) => {
  t.ok(mayBeSame('2017', '2017-09-12'))
  t.ok(mayBeSame('2017-09-12', '2017-09'))
  t.ok(mayBeSame('2017', '2017'))
  t.notOk(mayBeSame('2017-09', '2017-10'))
  t.notOk(mayBeSame('2017-09', '2017-10-12'))
  t.notOk(mayBeSame('2017', '2018'))
})
