import t from 'tap'
import {
  type ItemCells,
  itemsOf,
  saysNoneFailed,
  withLimits,
  withoutNumbers,
} from '../../src/exchange/items.ts'

/** Items of a sample in columns of their parts: which value is whose, with which unit, and what is asked. */

t.test('the least and the most that is allowed, as one standard with its unit', async (t) => {
  for (const [said, cells, came] of [
    ['neither', { name: '厚度', measured: '1', unit: 'mm' }, { name: '厚度', measured: '1', unit: 'mm' }],
    ['a unit of limits alone', { name: '厚度', limitUnit: 'mm' }, { name: '厚度' }],
    ['the least', { least: '1' }, { standard: '≥1' }],
    ['the most', { most: '2' }, { standard: '≤2' }],
    ['both', { least: '1', most: '2' }, { standard: '≥1，≤2' }],
    ['both, with a unit', { least: '1', most: '2', limitUnit: 'mm' }, { standard: '≥1mm，≤2mm' }],
    ['beside a standard', { least: '1', standard: '≥1.0' }, { standard: '≥1.0' }],
    ['beside what was measured', { most: '2', measured: '3' }, { measured: '3', standard: '≤2' }],
    [
      'each with its own unit',
      { most: '2', limitUnit: 'g/kg', measured: '3', unit: 'mg' },
      { measured: '3mg', standard: '≤2g/kg' },
    ],
    [
      'a unit that stands there already',
      { most: '2', measured: '3mg', unit: 'mg' },
      { measured: '3mg', standard: '≤2' },
    ],
    ['a unit of nothing', { most: '2', unit: 'mg' }, { standard: '≤2' }],
  ] as [string, ItemCells, ItemCells][]) {
    t.same(withLimits(cells), came, said)
    t.same(Object.keys(withLimits(cells)).sort(), Object.keys(came).sort(), said)
  }
})

t.test('a list is parted by the numbers of its items, whether anything else parts them or not', async (t) => {
  for (const [written, ...items] of [
    ['1.导体电阻2.绝缘厚度3.标志', '导体电阻', '绝缘厚度', '标志'],
    ['1．导体电阻2．绝缘厚度', '导体电阻', '绝缘厚度'],
    ['1、总氮2、有效磷', '总氮', '有效磷'],
    ['（1）总氮（2）有效磷', '总氮', '有效磷'],
    ['(1)总氮(2)有效磷', '总氮', '有效磷'],
    ['1）总氮2）有效磷', '总氮', '有效磷'],
    ['1)总氮2)有效磷', '总氮', '有效磷'],
    ['①总氮②有效磷', '总氮', '有效磷'],
    ['1.总氮；2.有效磷。', '总氮', '有效磷'],
    ['2、总氮；1、有效磷', '2、总氮；1、有效磷'],
    ['1.导体电阻', '导体电阻'],
    ['1.2-二氯乙烷', '1.2-二氯乙烷'],
    ['1.铅12.镉', '铅12.镉'],
    ['1.铅0.2.镉', '铅0.2.镉'],
    ['共2项：绳带、纤维含量', '绳带、纤维含量'],
    ['不合格项目：绳带', '不合格项目：绳带'],
  ] as const)
    t.same(withoutNumbers(written).split('\n'), items, written)
  for (const [standardFirst, ...came] of [
    ['低温柔性（-25℃无裂缝/有裂缝）', '-25℃无裂缝', '有裂缝'],
    ['抗破坏性能（不得破坏/破坏）', '不得破坏', '破坏'],
    ['霉菌（≤25/220）', '≤25', '220'],
    // A unit with a slash, and no second value: asked.
    ['霉菌（≤25个/千克）', undefined, undefined],
    ['霉菌（≤25CFU/g）', undefined, undefined],
  ] as const) {
    const items = itemsOf({ standardFirst })
    const [item] = 'fault' in items ? [] : items
    t.same([item?.standard ?? item?.measured, item?.standard && item.measured], came, standardFirst)
  }
  for (const [name, measured, came] of [
    ['1.导体电阻2.绝缘厚度', '1.8.12Ω/km2.0.71mm', ['8.12Ω/km', '0.71mm']],
    ['①甲醛 ②色牢度', '①95mg/kg ②2级', ['95mg/kg', '2级']],
    ['1、标志 2、电气强度', '1、缺失 2、击穿', ['缺失', '击穿']],
    ['1.铅2.镉', '0.3；0.2', ['0.3', '0.2']],
    ['1.铅2.镉', '1.2.5 2.3.1', ['2.5', '3.1']],
    // A figure that may be the number of one.
    ['1.铅2.镉', '1.2；2.3', undefined],
    ['1.铅2.镉', '1.0.2；2.0.3；3.0.4', undefined],
  ] as const) {
    const items = itemsOf({ name, measured })
    t.same('fault' in items ? undefined : items.map((item) => item.measured), came, `${name} ${measured}`)
  }
})

t.test('values beside items: as many as there are, or asked', async (t) => {
  const shown = (cells: ItemCells) => {
    const items = itemsOf(cells)
    return 'fault' in items
      ? 'asked'
      : items.map(({ name, measured = '', standard = '' }) => `${name}|${measured}|${standard}`)
  }
  for (const [said, cells, came] of [
    ['one', { name: 'A', measured: '1', standard: '≤2', unit: 'mm' }, ['A|1mm|≤2mm']],
    ['one without a value', { name: 'A', unit: 'mm' }, ['A||']],
    ['one with several', { name: 'A', measured: '1；2' }, ['A|1；2|']],
    ['one with several, parted by 、', { name: 'A', measured: '1、2' }, ['A|1、2|']],
    ['two with two', { name: 'A；B', measured: '1；2' }, ['A|1|', 'B|2|']],
    ['two with one', { name: 'A；B', measured: '1' }, 'asked'],
    ['two with one, parted by 、', { name: 'A、B', measured: '1' }, ['A、B|1|']],
    ['two with three', { name: 'A；B', measured: '1；2；3' }, 'asked'],
    ['two standards too many', { name: 'A；B', measured: '1；2', standard: '≤1；≤2；≤3' }, 'asked'],
    ['two with one unit', { name: 'A；B', measured: '1；2', unit: 'mm' }, ['A|1mm|', 'B|2mm|']],
    ['two with a unit each', { name: 'A；B', measured: '1；2', unit: 'mm；g' }, ['A|1mm|', 'B|2g|']],
    ['three with two units', { name: 'A；B；C', measured: '1；2；3', unit: 'mm；g' }, 'asked'],
    ['two with three units', { name: 'A；B', measured: '1；2', unit: 'mm；g；s' }, 'asked'],
    ['nothing', {}, []],
    ['values alone', { measured: '1', standard: '≤2' }, []],
    ['brackets that do not close', { name: 'A（甲', measured: '1' }, 'asked'],
    ['numbered', { name: '1.A 2.B', measured: '1；2' }, ['A|1|', 'B|2|']],
    ['numbered by a mark', { name: '1.A；2.B', measured: '1；2' }, ['A|1|', 'B|2|']],
    ['letters that say where', { name: 'N,N-二甲基甲酰胺' }, ['N,N-二甲基甲酰胺||']],
    [
      'others beside',
      { name: "N，N-二甲基甲酰胺，甲醛,p,p'-滴滴涕" },
      ['N，N-二甲基甲酰胺||', '甲醛||', "p,p'-滴滴涕||"],
    ],
    ['letters that are items', { name: '维生素A,B-胡萝卜素' }, ['维生素A||', 'B-胡萝卜素||']],
    ['bars under items alone', { name: '铅║0.8║≤0.5' }, ['铅|0.8|≤0.5']],
    ['two with the standard first', { name: '铅║≤0.5║0.8；镉|≤0.1|0.9' }, ['铅|0.8|≤0.5', '镉|0.9|≤0.1']],
    ['bars with one value', { name: '铅║0.8' }, ['铅|0.8|']],
    ['bars that tell no order', { name: '铅║0.8║0.5' }, 'asked'],
    ['bars with too many', { name: '铅║0.8║≤0.5║x' }, 'asked'],
    ...(['together', 'standardFirst', 'name'] as const).map(
      (cell) =>
        [
          `values that are called what they are, ${cell}`,
          { [cell]: '绝缘厚度（标准值≥0.7mm，实测值0.5mm）' },
          ['绝缘厚度|0.5mm|≥0.7mm'],
        ] as [string, ItemCells, string[]],
    ),
    [
      'values that are called what they are, beside one in its column',
      { name: '绝缘厚度（标准值≥0.7mm，实测值0.5mm）', measured: '0.6mm' },
      ['绝缘厚度（标准值≥0.7mm，实测值0.5mm）|0.6mm|'],
    ],
    [
      'values that are called what they are, beside a standard in its column',
      { name: '绝缘厚度（标准值≥0.7mm，实测值0.5mm）', standard: '≥0.8mm' },
      ['绝缘厚度（标准值≥0.7mm，实测值0.5mm）||≥0.8mm'],
    ],
    ['numbered in circles', { name: '①A②B', measured: '1；2' }, ['A|1|', 'B|2|']],
  ] as [string, ItemCells, string[] | string][])
    t.same(shown(cells), came, said)
})

t.test('what says that none failed, and what names one', async (t) => {
  for (const text of [
    ...[
      '合格',
      '全部合格',
      '均合格',
      '都合格',
      '所检项目合格',
      '所检项目均合格',
      '所检项目全部合格',
      '全项合格',
    ],
    ...[
      '符合',
      '符合标准',
      '符合要求',
      '均符合规定',
      '合格。',
      ' 合格 ',
      '无不合格',
      '没有不合格项',
      '未检出不合格项目',
    ],
    '未发现不合格',
  ])
    t.ok(saysNoneFailed(text), text)
  for (const text of ['不合格', '合格率', '不符合', '标签不合格', '部分合格', '霉菌合格', '无', ''])
    t.notOk(saysNoneFailed(text), text)
})
