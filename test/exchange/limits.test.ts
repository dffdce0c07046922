import t from 'tap'
import { areUnitsApart, meetsStandard } from '../../src/exchange/limits.ts'
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
    ['800μg/kg', '≤0.5mg/kg', false],
    ['500μg/kg', '≤0.5mg/kg', true],
    ['500.0ug/kg', '≤0.5mg/kg', true],
    ['520μg/kg', '≤0.5mg/kg', undefined],
    ['200mg/kg', '≤0.1g/kg', false],
    ['0.1g/kg', '≤100mg/kg', true],
    ['0.05%', '≤0.5g/kg', true],
    ['0.06%', '≤0.5g/kg', false],
    ['0.3g/100g', '≤0.25%', false],
    ['200毫克/千克', '≤0.1克/千克', false],
    ['200MG/KG', '≤100mg/kg', false],
    ['0.3%', '≤2g/L', undefined],
    ['3mg/L', '≤2mg/kg', undefined],
    ['3cm', '≥25mm', true],
    ['0.6MPa', '≥500kPa', true],
    ['5mΩ', '≥1MΩ', false],
    ['5MΩ', '≤6mΩ', false],
    ['5MΩ', '≥1mω', undefined],
    ['3.5N/mm²', '≥3MPa', true],
    ['200CFU/G', '≤100CFU/g', false],
    ['200CFU/mL', '≤100CFU/g', undefined],
    ['3个', '≤2枚', undefined],
    ['600', '≤0.5mg/kg', undefined],
    ['9mg/kg', '0.5～8g/kg', false],
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

t.test('units that can be counted in each other, and units that are asked to be looked at', (t) => {
  for (const [measured, standard, apart] of [
    ['1mg/kg', '≤2mg/kg', false],
    ['1mg/kg', '≤2g/kg', false],
    ['1mg/kg', '≤2mg/L', true],
    ['1mg/kg', '≥1mg/kg，≤2mg/L', true],
    ['1mg/kg', '≤2', false],
    ['1', '≤2mg/L', false],
    ['1CFU/mL', '≤2CFU/g', true],
    ['未检出', '不得检出', false],
    ['1%', '≤2g/L', true],
    ['1%', '≤2g/kg', false],
    ['1.2mg', 'GB 2762', false],
    ['', '', false],
  ] as const)
    t.equal(areUnitsApart(measured, standard), apart, `${measured} against ${standard}`)
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

t.test('which verdict is the sample’s and which the item’s, by the headings beside each other', async (t) => {
  const parts = await testRegistry(t)
  await openFirms(parts, [[USCC, NAME]])
  const kept = (number: string) =>
    inspection.in(parts.registry.files.byCode(USCC)).find(({ data }) => data.sampleNo === number)?.data
  let n = 0
  for (const [head, rows, outcome, verdicts] of [
    ['检验项目,实测值,标准值,判定,检验结论', ['氮,9,≥8,合格,合格'], '合格', ['合格']],
    [
      '检验项目,实测值,标准值,判定,检验结论',
      ['氮,9,≥8,合格,不合格', '磷,1,≥8,不合格,不合格'],
      '不合格',
      ['合格', '不合格'],
    ],
    [
      '检验项目,实测值,标准值,结果判定,检验结论',
      ['氮,9,≥8,合格,不合格', '磷,1,≥8,不合格,不合格'],
      '不合格',
      ['合格', '不合格'],
    ],
    [
      '检验项目,实测值,标准值,是否合格,抽查结果',
      ['氮,9,≥8,是,不合格', '磷,1,≥8,否,不合格'],
      '不合格',
      ['合格', '不合格'],
    ],
    [
      '检验项目,检验结果,判定结果,综合结论',
      ['氮,9,符合,不合格', '磷,1,不符合,不合格'],
      '不合格',
      ['合格', '不合格'],
    ],
    ['检验项目,检验结果,标准值,检验结论', ['氮,1,≥8,不合格'], '不合格', ['不合格']],
    ['检验项目,检验结果,检验结论', ['氮,符合,不合格', '磷,不符合,不合格'], '不合格', ['合格', '不合格']],
    ['检验项目,实测值,标准值,判定,检验结论', ['氮,1,≥8,不合格,合格'], 'contradiction', []],
    ['判定,检验结论', ['合格,合格'], '合格', undefined],
    ['单项判定,检验结论', ['不合格,合格'], 'contradiction', []],
    ['是否合格', ['是'], '合格', undefined],
    ['判定,检验结论', ['合格,不合格'], 'contradiction', []],
    ['检验结论,是否合格', ['不合格,是'], 'contradiction', []],
    ['检验项目,实测值,标准值,判定', ['氮,9,≥8,合格'], '合格', ['合格']],
    [
      '检验项目,实测值,标准值,判定,单项判定',
      ['氮,9,≥8,不合格,合格', '磷,1,≥8,不合格,不合格'],
      '不合格',
      ['合格', '不合格'],
    ],
  ] as [string, string[], string, string[] | undefined][]) {
    n += 1
    const number = `PT-2026-${n}`
    const lines = rows.map((row) => [number, OWN, row].join())
    const { bad } = await importing(parts, [`抽样编号,${COMMON},${head}`, ...lines].join('\n'), 'inspection')
    if (outcome === 'contradiction') {
      t.same(
        Array.from(new Set(bad.flatMap(({ faults }) => faults.map(({ code }) => code)))),
        [outcome],
        `${head}: ${rows}`,
      )
      t.equal(kept(number), undefined)
      continue
    }
    t.same(bad, [], `${head}: ${rows}`)
    t.equal(kept(number)?.outcome, outcome, `${head}: ${rows}`)
    t.same(
      kept(number)?.items?.map(({ verdict }) => verdict),
      verdicts,
      `${head}: ${rows}`,
    )
  }
})
