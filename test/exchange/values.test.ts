import t from 'tap'
import { dayIn, dayOfDate, dayOfNumber, isOpenEnd } from '../../src/exchange/dates.ts'
import { haveInCommon } from '../../src/exchange/rows.ts'
import { numberOf, shifted, unitOfHeading } from '../../src/exchange/sums.ts'
import { termsIn, termsOf, wordTables } from '../../src/exchange/words.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'

t.test('days as people and programs write them', (t) => {
  for (const text of [
    '2026-03-02',
    '2026/3/2',
    '2026.3.2',
    '2026年3月2日',
    '2026 年 3 月 2 日',
    '20260302',
    '20260302101500',
    '2026-03-02 10:15:00.0',
    '2026-03-01T16:00:00.000Z',
    '2026-03-02T08:00:00+08:00',
    '2026-3-2 星期一',
    '2026年3月2日（星期一）',
    '２０２６－０３－０２',
    '二〇二六年三月二日',
    '二○二六年三月二日',
    'Mon Mar 02 2026 00:00:00 GMT+0800 (中国标准时间)',
  ])
    t.same(dayIn(text), { day: '2026-03-02' }, text)
  t.same(dayIn('二○二六年十二月三十日'), { day: '2026-12-30' })
  t.same(dayIn('二〇二六年元月二日'), { day: '2026-01-02' })
  for (const [text, code] of [
    ['2026', 'partial-date'],
    ['2026年3月', 'partial-date'],
    ['2026-03', 'partial-date'],
    ['40995', 'date'],
    ['3/27/2012', 'date'],
    ['26-3-2', 'date'],
    ['', 'date'],
  ] as const)
    t.match(dayIn(text), { code }, text)
  t.match(dayOfNumber({ is: 'number', digits: '40995' }), { day: '2012-03-27' })
  t.match(dayOfNumber({ is: 'number', digits: '39533', epoch: 1904 }), { day: '2012-03-27' })
  t.match(dayOfNumber({ is: 'number', digits: '20120327' }), { day: '2012-03-27' })
  t.match(dayOfNumber({ is: 'number', digits: '2017' }), { code: 'partial-date' }, 'a year is no serial')
  t.match(dayOfNumber({ is: 'number', digits: '0' }), { code: 'date' })
  for (const [digits, isYear] of [
    ['1899', false],
    ['1900', true],
    ['2199', true],
    ['2200', false],
  ] as const)
    t.equal(Object(dayOfNumber({ is: 'number', digits })).code === 'partial-date', isYear, digits)
  t.match(dayOfDate({ is: 'date', serial: 40_994.666_666_666_664, epoch: 1900 }), {
    day: '2012-03-26',
    note: /2012-03-27/,
  })
  t.match(dayOfDate({ is: 'date', serial: 0.5, epoch: 1900 }), { code: 'date' })
  for (const end of ['长期', '长期有效', '永久', '9999-12-31', '2099-12-31', '2099/12/31'])
    t.ok(isOpenEnd(end), end)
  for (const end of ['2099-12-30', '2030-03-09', '-', '']) t.notOk(isOpenEnd(end), end)
  t.end()
})

t.test(
  'a new name of a firm has two characters of the old one in a row, beside place and legal form',
  async (t) => {
    for (const [one, other, isAlike] of [
      ['石家庄甲乙电缆有限公司', '石家庄甲乙有限公司', true],
      ['石家庄电缆甲乙有限公司', '唐山甲乙有限公司', true],
      ['石家庄甲乙丙有限公司', '石家庄乙丙丁有限公司', true],
      ['石家庄甲乙丙有限公司', '石家庄甲丙乙有限公司', false],
      ['石家庄甲乙有限公司', '石家庄丙丁有限公司', false],
    ] as const) {
      t.equal(haveInCommon(one, other), isAlike, `${one} ${other}`)
      t.equal(haveInCommon(other, one), isAlike, `${other} ${one}`)
    }
  },
)

t.test('sums are yuan, exactly', (t) => {
  for (const [text, zeros, value] of [
    ['20000', 0, 20_000],
    ['20,000.50', 0, 20_000.5],
    ['2.7', 4, 27_000],
    ['0.35', 4, 3_500],
    ['5.83万元', 0, 58_300],
    ['5.83万元', 4, 58_300],
    ['27000元', 4, 27_000],
    ['1.005', 4, 10_050],
    ['0.1亿元', 0, 10_000_000],
    ['人民币20000元整', 0, 20_000],
    ['￥1,234,567.89', 0, 1_234_567.89],
    ['0.1234567', 4, 1_234.567],
    ['20000.000000000004', 0, 20_000],
    ['12000.00000004', 0, 12_000],
    ['罚款5.83万元', 0, 58_300],
    ['处罚款人民币2万元整', 0, 20_000],
    ['5.83萬元', 0, 58_300],
    ['20000.001', 0, 20_000.001],
  ] as const)
    t.same(numberOf(text, true, zeros), { value }, `${text} in 10^${zeros}`)
  for (const text of ['罚款', '2万元以下', '二万三', '2万-3万', '约2万元', '20.000,50', '1,2345', ''])
    t.match(numberOf(text, true, 0), { code: 'type' }, text)
  t.equal(shifted('12.3', 4), '123000.0')
  t.equal(unitOfHeading('单位：万元'), 4)
  t.equal(unitOfHeading('美元'), undefined)
  t.end()
})

t.test(
  'every word of the tables stands for terms that its field has, and none is both sure and asked',
  (t) => {
    for (const { type, field, words, asked = {}, source } of wordTables) {
      t.ok(source)
      if (type === 'any') continue
      const column = kindOf(catalogue, type)?.columns.find((known) => known.field === field)
      if (!column) return t.fail(`${type}.${field}`)
      const terms = termsOf(type, column)
      for (const [word, meant] of Object.entries(words)) {
        const all = [meant].flat()
        t.ok(
          all.every((term) => column.terms?.includes(term)),
          `${field}: ${word}`,
        )
        t.match(termsIn(word, column, terms), { value: column.type === 'list' ? all : all[0] }, word)
      }
      for (const [word, candidates] of Object.entries(asked)) {
        t.ok(
          candidates.every((term) => column.terms?.includes(term)),
          `${field}: ${word}`,
        )
        t.match(termsIn(word, column, terms), { word, candidates }, word)
      }
    }
    t.end()
  },
)
