import t from 'tap'
import { meetsStandard } from '../../src/exchange/limits.ts'
import { inspection } from '../../src/records/inspection.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms } from './importing.ts'

t.test('a value against what the standard asks, where the two can be compared', (t) => {
  for (const [measured, standard, met] of [
    ['0.5', '≤0.5', true],
    ['0.6', '≤0.5', false],
    ['0.54', '≤0.5', undefined],
    ['0.55', '≤0.5', false],
    ['15.2%', '≥14.0%', true],
    ['9.1%', '≥15.0%', false],
    ['13.96%', '≥14.0%', undefined],
    ['0.4', '<0.5', true],
    ['0.46', '<0.5', undefined],
    ['0.5', '<0.5', false],
    ['0.6', '>0.5', true],
    ['0.5', '＞0.5', false],
    ['6mg/g', '≤5mg/g', false],
    ['6mg/g', '不大于5mg/g', false],
    ['0.30g/100g', '≤0.25g/100g', false],
    ['0.31g/100mL', '≥0.40g/100mL', false],
    ['0.8 mg/kg', '≤ 1.0mg/kg', true],
    ['800μg/kg', '≤0.5mg/kg', undefined],
    ['0.8', '≤0.5mg/kg', undefined],
    ['2×10⁵CFU/g', '≤10⁵CFU/g', false],
    ['9.0×10⁴CFU/g', '≤10⁵CFU/g', true],
    ['7.0', '6.5～8.5', true],
    ['9.0', '6.5-8.5', false],
    ['7.0', '≥6.5，≤8.5', true],
    ['6.0', '≥6.5，≤8.5', false],
    ['未检出', '不得检出', true],
    ['检出', '不得检出', false],
    ['检出/25g', '不得检出/25g', false],
    ['<10', '≤5', undefined],
    ['0.6', '≤0.5（允许误差20%）', undefined],
    ['0.6', '0.5±0.1', undefined],
    ['0.6', 'GB 2762-2022', undefined],
    ['初检：0.6；复检：0.4', '≤0.5', undefined],
    ['符合', '≤0.5', undefined],
    ['0.6', '', undefined],
    ['0.6', 'n=5,c=2,m=10⁴,M=10⁵CFU/g', undefined],
  ] as const)
    t.equal(meetsStandard(measured, standard), met, `${measured} against ${standard}`)
  t.end()
})

const USCC = unifiedCode('DEM00001')
const NAME = '示例甲复合肥厂'
const COMMON = '统一社会信用代码,标称生产企业,产品名称,检查类别,检查日期,检查机关'
const OWN = `${USCC},${NAME},肥,省抽,2026-09-01,河北省市场监督管理局`

t.test('verdicts on items and on their sample are told apart, and held against the values', async (t) => {
  const byRow = `抽样编号,${COMMON},检验项目,实测值,标准值,检验结论`
  const both = `抽样编号,${COMMON},检验项目,实测值,标准值,单项判定,检验结论`
  const row = (number: string, ...cells: string[]) => [number, OWN, ...cells].join()
  for (const [what, head, rows, after, faults] of [
    [
      'the failing of a sample in each row',
      byRow,
      [
        row('一', '总氮', '15.2%', '≥14.0%', '不合格'),
        row('一', '有效磷', '9.1%', '≥15.0%', '不合格'),
        row('一', '水分', '1.0%', '≤2.0%', '不合格'),
      ],
      ['不合格', '有效磷', '总氮', '有效磷不合格', '水分'],
      [],
    ],
    [
      'verdicts on items in each row',
      byRow,
      [row('二', '总氮', '15.2%', '≥14.0%', '合格'), row('二', '有效磷', '9.1%', '≥15.0%', '不合格')],
      ['不合格', '有效磷', '总氮合格', '有效磷不合格'],
      [],
    ],
    [
      'what no values tell is as the row says',
      byRow,
      [row('三', '总氮', '', '', '不合格'), row('三', '水分', '1.0%', '2.0', '不合格')],
      ['不合格', '总氮；水分', '总氮不合格', '水分不合格'],
      [],
    ],
    [
      'no item of a failing sample fails',
      byRow,
      [row('四', '总氮', '15.2%', '≥14.0%', '不合格'), row('四', '水分', '1.0%', '≤2.0%', '不合格')],
      undefined,
      ['verdict-differs', 'verdict-differs', 'verdict-differs', 'verdict-differs'],
    ],
    [
      'passed against its value',
      byRow,
      [row('五', '铅', '0.6', '≤0.5', '合格')],
      undefined,
      ['verdict-differs'],
    ],
    [
      'passed within what is allowed for, as the report has it',
      byRow,
      [row('六', '铅', '0.6', '≤0.5（允许误差20%）', '合格')],
      ['合格', undefined, '铅合格'],
      [],
    ],
    [
      'both verdicts',
      both,
      [row('七', '铅', '0.8', '≤0.5', '不合格', '不合格'), row('七', '镉', '0.1', '≤0.5', '合格', '不合格')],
      ['不合格', '铅', '铅不合格', '镉合格'],
      [],
    ],
    [
      'the sample’s in one of its rows',
      both,
      [row('八', '铅', '0.8', '≤0.5', '不合格', ''), row('八', '镉', '0.1', '≤0.5', '合格', '不合格')],
      ['不合格', '铅', '铅不合格', '镉合格'],
      [],
    ],
    [
      'an item’s left open',
      both,
      [row('九', '铅', '0.8', '≤0.5', '不合格', '不合格'), row('九', '镉', '0.1', '≤0.5', '', '不合格')],
      ['不合格', '铅', '铅不合格', '镉'],
      [],
    ],
    [
      'a passing sample',
      both,
      [row('十', '铅', '0.1', '≤0.5', '符合', '合格')],
      ['合格', undefined, '铅合格'],
      [],
    ],
    [
      'a failing item of a passing sample',
      both,
      [row('十一', '铅', '0.6', '≤0.5', '不合格', '合格')],
      undefined,
      ['contradiction', 'contradiction'],
    ],
    [
      'an item that failed within its limit',
      both,
      [row('十二', '铅', '0.4', '≤0.5', '不合格', '不合格')],
      undefined,
      ['verdict-differs'],
    ],
    [
      'the sample both ways',
      both,
      [
        row('十三', '铅', '0.6', '≤0.5', '不合格', '不合格'),
        row('十三', '镉', '0.1', '≤0.5', '合格', '合格'),
      ],
      undefined,
      ['contradiction', 'contradiction'],
    ],
  ] as const) {
    const parts = await testRegistry(t)
    await openFirms(parts, [[USCC, NAME]])
    const { bad } = await importing(parts, [head, ...rows].join('\n'), 'inspection')
    const found = inspection
      .in(parts.registry.files.byCode(USCC))
      .map(({ data: { outcome, failedItems, items = [] } }) => [
        outcome,
        failedItems,
        ...items.map(({ name, verdict }) => `${name}${verdict ?? ''}`),
      ])
    t.same(found, after ? [after] : [], what)
    t.same(
      bad.flatMap((one) => one.faults.map(({ code }) => code)),
      faults,
      what,
    )
  }
})
