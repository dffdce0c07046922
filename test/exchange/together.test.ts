import t, { type Test } from 'tap'
import { mappingOf } from '../../src/exchange/columns.ts'
import { type ItemCells, itemsOf } from '../../src/exchange/items.ts'
import { togetherWithin } from '../../src/exchange/together.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { inspection } from '../../src/records/inspection.ts'
import { rowInWords } from '../../src/records/rows.ts'
import { text, workbookOf } from '../sheets/workbooks.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms } from './importing.ts'

const [a = '', b = ''] = ['TGE00001', 'TGE00002'].map((body) => unifiedCode(body))
const firms = [
  [a, '示例甲制品有限公司'],
  [b, '示例乙制品有限公司'],
] as const

const PENALTY = '统一社会信用代码,处罚决定书文号,违法行为类型,处罚种类,罚款金额,处罚决定日期,处罚机关'
const penalty = (code: string, number: string, conduct: string, type: string, fine: string) =>
  `${code},${number},${conduct},${type},${fine},2026-03-01,省局`

async function taken(
  t: Test,
  rows: readonly string[],
  type = 'penalty',
  others: readonly (readonly [string, string])[] = [],
) {
  const parts = await testRegistry(t)
  await openFirms(parts, [...firms, ...others])
  const done = await importing(parts, rows.join('\n'), type)
  const records = (code: string) => parts.registry.files.byCode(code).records.map(({ data }) => data)
  return { parts, done, records }
}

t.test('violations and kinds under one decision are one penalty; another party has its own', async (t) => {
  const { parts, done, records } = await taken(t, [
    PENALTY,
    penalty(a, '冀罚1号', '无证生产', '罚款', '20000'),
    penalty(a, '冀罚1号', '伪造检验报告', '没收违法所得', ''),
    penalty(b, '冀罚1号', '无证生产', '警告', ''),
  ])
  t.match(done.counts, { rows: 3, added: 3, failed: 0 })
  t.match(records(a), [{ conduct: '无证生产；伪造检验报告', types: ['罚款', '没收违法所得'], fine: 20_000 }])
  t.match(records(b), [{ conduct: '无证生产', types: ['警告'] }])
  const rows = [
    PENALTY,
    penalty(a, '冀罚1号', '无证生产', '罚款', '20000'),
    penalty(a, '冀罚1号', '伪造检验报告', '没收违法所得', ''),
  ]
  t.match(
    (await importing(parts, rows.join('\n'), 'penalty')).counts,
    { unchanged: 2 },
    'taken twice, nothing changes',
  )
})

t.test(
  'one decision gets in once, however its number is written, and stays as it was written first',
  async (t) => {
    const ways = ['冀罚〔2026〕31号', '冀罚[2026]31号', '冀罚（2026）31号', '冀罚〔2026〕第31号']
    const rows = ways.map((number) => penalty(a, number, '无证生产', '罚款', '20000'))
    const { parts, done, records } = await taken(t, [PENALTY, ...rows])
    t.match(done.counts, { added: 4, failed: 0 }, 'rows beside each other are one record')
    t.match(records(a), [{ documentNo: '冀罚〔2026〕31号', fine: 20_000 }])
    for (const row of rows)
      t.match((await importing(parts, [PENALTY, row].join('\n'), 'penalty')).counts, { unchanged: 1 }, row)
    const paid = [
      `${PENALTY},履行完毕日期`,
      `${penalty(a, '冀罚[2026]31号', '无证生产', '罚款', '20000')},2026-04-01`,
    ]
    t.match((await importing(parts, paid.join('\n'), 'penalty')).counts, { updated: 1 })
    t.match(records(a), [{ documentNo: '冀罚〔2026〕31号', fulfilledOn: '2026-04-01' }])
    t.equal(records(a).length, 1)
    const apart = [PENALTY, rows[0], penalty(a, '冀罚8号', '无证生产', '罚款', '5000'), rows[3]]
    t.match((await importing(parts, apart.join('\n'), 'penalty')).counts, { added: 1, unchanged: 2 })
    t.equal(records(a).length, 2)
  },
)

t.test('what stands in place of a number is none', async (t) => {
  const none = [
    '待补',
    '待定',
    '待编号',
    '（待补）',
    '后补',
    '不详',
    '无文号',
    '见附件',
    '另附',
    '未编号',
    '待查',
    'XXX',
  ]
  const rows = none.map((number) => penalty(a, number, '无证生产', '警告', ''))
  const { done, records } = await taken(t, [PENALTY, ...rows])
  t.match(done.counts, { added: 0, failed: none.length })
  t.strictSame(
    done.bad.map(({ faults }) => faults[0]?.code),
    none.map(() => 'no-number'),
  )
  const lacking = await taken(t, [PENALTY, penalty(a, '无', '无证生产', '警告', '')])
  t.match(lacking.done.counts, { added: 0, failed: 1 })
  t.same([...records(a), ...lacking.records(a)], [])
})

t.test('what contradicts within one thing is asked, and nothing of it goes in', async (t) => {
  const { done, records } = await taken(t, [
    PENALTY,
    penalty(a, '冀罚1号', '无证生产', '罚款', '20000'),
    penalty(a, '冀罚1号', '无证生产', '罚款', '30000'),
    penalty(a, '冀罚2号', '无证生产', '罚款', '5000'),
  ])
  t.match(done.counts, { added: 1, failed: 2 })
  t.match(done.bad, [
    {
      line: 2,
      faults: [
        {
          code: 'contradiction',
          header: '罚款金额',
          detail: /20000、30000.*均未导入.*合并为一行，“罚款金额”填决定书写明的总额/,
        },
      ],
    },
    { line: 3 },
  ])
  t.notMatch(JSON.stringify(done.bad), /改为一致/)
  t.match(records(a), [{ documentNo: '冀罚2号' }])
})

t.test('rows of one thing that stand apart are one, as far as rows are decided together', async (t) => {
  const { done, records } = await taken(t, [
    PENALTY,
    penalty(a, '冀罚1号', '无证生产', '罚款', '20000'),
    penalty(a, '冀罚2号', '无证生产', '罚款', '5000'),
    penalty(a, '冀罚1号', '伪造检验报告', '罚款', '20000'),
  ])
  t.match(done.counts, { added: 3, failed: 0 })
  t.match(records(a), [{ conduct: '无证生产；伪造检验报告' }, { documentNo: '冀罚2号' }])
  const kind = catalogue.kind('penalty')
  if (!kind) throw new Error('no penalties')
  const mapping = mappingOf(['统一社会信用代码', '处罚决定书文号'], kind)
  const rows = ['1', '2', '3', '1', '4', '2', '5', '4', ''].map((no, i) => ({ line: i + 2, cells: [a, no] }))
  for (const [least, most, end] of [
    [1, 9, 8],
    [1, 5, 4],
    [5, 9, 8],
    [7, 7, 7],
    [9, 9, 9],
    [3, 3, 3],
  ] as const)
    t.equal(togetherWithin(rows, { least, most }, mapping, kind), end, `${least} of ${most}`)
})

t.test('a thing is not cut in two between batches', async (t) => {
  const others = Array.from({ length: 999 }, (_, i) => unifiedCode(`TGF${String(i).padStart(5, '0')}`))
  const rows = others.map((code, i) => penalty(code, `冀罚${i}号`, '无证生产', '罚款', '5000'))
  const last = ['一', '二', '三'].map((conduct) => penalty(b, '冀罚9999号', conduct, '罚款', '5000'))
  const named = others.map((code, i) => [code, `示例第${i}号公司`] as const)
  const { done, records } = await taken(t, [PENALTY, ...rows, ...last], 'penalty', named)
  t.match(done.counts, { rows: 1002, added: 1002, failed: 0 })
  t.match(records(b), [{ conduct: '一；二；三' }])
})

t.test('a sample that is said to pass with a failing item is refused', async (t) => {
  const { done } = await taken(
    t,
    [
      '统一社会信用代码,检查类别,检查日期,检查机关,检查结果,不合格项目',
      `${a},省抽,2026-03-01,省局,合格,厚度`,
    ],
    'inspection',
  )
  t.match(done.bad, [{ faults: [{ detail: /检查结果为合格，但填有不合格项目“厚度”/ }] }])
})

const readItems = (cells: ItemCells) => {
  const items = itemsOf(cells)
  if ('fault' in items) throw new Error(items.fault)
  return items
}

t.test('several items in one cell, each whole or the cell asked back', (t) => {
  for (const [cells, expected] of [
    [{ standardFirst: '断裂伸长率（≥200%/150%）、抗张强度' }, ['断裂伸长率|150%|≥200%', '抗张强度||']],
    [{ standardFirst: 'A（≥1/0.5）、B（≥2/1）' }, ['A|0.5|≥1', 'B|1|≥2']],
    [{ standardFirst: 'A（≥1/0.5），B（≥2/1）' }, ['A|0.5|≥1', 'B|1|≥2']],
    [{ standardFirst: 'A(≥1/0.5)和B(≥2/1)' }, ['A|0.5|≥1', 'B|1|≥2']],
    [{ standardFirst: 'A(≥1/0.5)及B' }, ['A|0.5|≥1', 'B||']],
    [{ standardFirst: 'A、B（≥2/1）' }, ['A||', 'B|1|≥2']],
    [{ standardFirst: '铅（以Pb计）（≤0.5/0.8）' }, ['铅（以Pb计）|0.8|≤0.5']],
    [{ standardFirst: '和田枣含量' }, ['和田枣含量||']],
    [{ standardFirst: 'A（≥1/0.5' }, 'unclear'],
    [{ standardFirst: 'A≥1/0.5）' }, 'unclear'],
    [{ standardFirst: 'A（≥1/0.5/3）' }, 'unclear'],
    [{ together: 'A：检出/25g' }, 'unclear'],
    [{ together: 'A║1.2║≤1.0║B║2║≤1' }, 'unclear'],
    [{ together: 'A║1.2║≤1.0║' }, 'unclear'],
    [{ together: 'A、B║1.2║≤1.0' }, ['A||', 'B|1.2|≤1.0']],
    [{ together: 'A║1.2║≤1.0；B║2║≤1' }, ['A|1.2|≤1.0', 'B|2|≤1']],
    [{ together: 'A║1.2║≤1.0，B║2║≤1' }, ['A|1.2|≤1.0', 'B|2|≤1']],
    [{ together: 'A║1.2；B║2' }, ['A|1.2|', 'B|2|']],
    [
      { together: 'A ｜1.2g/kg ｜≤1.0g/kg、B ｜ 检出/25g ｜ 不得检出' },
      ['A|1.2g/kg|≤1.0g/kg', 'B|检出/25g|不得检出'],
    ],
    [{ together: 'A║初检：1.2；复检：1.3║≤1.0' }, ['A|初检：1.2；复检：1.3|≤1.0']],
    [{ name: 'A，B' }, ['A||', 'B||']],
    [{ name: 'A,B' }, ['A||', 'B||']],
    [{ name: 'A\nB' }, ['A||', 'B||']],
    [{ name: '2,4-滴' }, ['2,4-滴||']],
    [{ name: 'A（甲、乙）、B' }, ['A（甲、乙）||', 'B||']],
    [{ name: 'A（甲' }, 'unclear'],
    [{ name: 'A，B', measured: '1，2', standard: '≤0，≤1' }, ['A|1|≤0', 'B|2|≤1']],
  ] as const) {
    const items = itemsOf(cells)
    t.strictSame(
      'fault' in items
        ? 'unclear'
        : items.map(({ name, measured = '', standard = '' }) => [name, measured, standard].join('|')),
      expected,
      JSON.stringify(cells),
    )
  }
  t.end()
})

t.test('items of one sample under merged cells, without a number, are one sample', async (t) => {
  const head = '序号,统一社会信用代码,检查类别,检查日期,检查机关,产品名称,批号,检查结果,不合格项目,实测值'
  const row = (serial: number, product: string, item: string, measured: string) =>
    `${serial},${a},省抽,2026-03-01,省局,${product},B1,不合格,${item},${measured}`
  const one = await taken(
    t,
    [head, row(1, '电缆', '厚度', '0.8'), row(1, '电缆', '伸长率', '150'), row(2, '电线', '厚度', '0.8')],
    'inspection',
  )
  t.match(one.done.counts, { added: 3, failed: 0 })
  t.match(one.records(a), [
    { product: '电缆', failedItems: '厚度；伸长率', items: [{ measured: '0.8' }, { measured: '150' }] },
    { product: '电线', failedItems: '厚度' },
  ])
  t.equal(one.records(a).length, 2)
  const two = await taken(
    t,
    [head, row(1, '电缆', '厚度', '0.8'), row(1, '电缆', '厚度', '0.9'), row(2, '电线', '厚度', '0.8')],
    'inspection',
  )
  t.match(two.done.counts, { added: 1, failed: 2 })
  t.match(two.done.bad, [{ line: 2, faults: [{ detail: /给各行填同一抽样编号/ }] }, { line: 3 }])
  t.match(two.records(a), [{ product: '电线' }])
})

t.test(
  'rows that differ in 序号 and items alone are one sample where its cell is merged over them, and else asked',
  async (t) => {
    const cells = [
      ['序号', '统一社会信用代码', '检查类别', '检查日期', '检查机关', '产品名称', '检查结果', '不合格项目'],
      ['1', a, '省抽', '2026-03-01', '省局', '电缆', '不合格', '厚度'],
      ['2', a, '省抽', '2026-03-01', '省局', '电缆', '不合格', '伸长率'],
      ['3', a, '省抽', '2026-03-01', '省局', '电线', '不合格', '厚度'],
    ]
    const plain = await taken(
      t,
      cells.map((row) => row.join(',')),
      'inspection',
    )
    t.match(plain.done.counts, { added: 1, failed: 2 })
    t.match(plain.done.bad, [
      { line: 2, faults: [{ header: '序号', value: '1；2', detail: /序号却不同（1、2）/ }] },
      { line: 3, faults: [{ detail: /是同一样品的/ }] },
    ])
    t.match(plain.records(a), [{ product: '电线' }], 'nothing of the two is taken')

    const rows = cells.map((row) => `<row>${row.map((cell) => text(cell)).join('')}</row>`).join('')
    const book = async (...refs: string[]) =>
      workbookOf({
        sheets: [
          {
            xml: rows,
            after: `<mergeCells>${refs.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`,
          },
        ],
      })
    const parts = await testRegistry(t)
    await openFirms(parts, [[a, '示例甲公司']])
    const merged = await importing(parts, await book('B2:B3', 'F2:F3'), 'inspection')
    t.match(merged.counts, { added: 3, failed: 0 })
    const records = parts.registry.files.byCode(a).records.map(({ data }) => data)
    t.match(records, [{ product: '电缆', failedItems: '厚度；伸长率' }, { product: '电线' }])
    t.equal(records.length, 2)

    const others = await testRegistry(t)
    await openFirms(others, [[a, '示例甲公司']])
    const firmAlone = await importing(others, await book('B2:B4'), 'inspection')
    t.match(firmAlone.counts, { added: 1, failed: 2 }, 'a firm merged over its samples says nothing of them')

    const cell = (of: string, span = '') => `<td${span}>${of}</td>`
    const page = `<table>${cells
      .map((row, line) =>
        line === 2
          ? `<tr>${row.map((one, i) => (i === 5 ? '' : cell(one))).join('')}</tr>`
          : `<tr>${row.map((one, i) => cell(one, line === 1 && i === 5 ? ' rowspan="2"' : '')).join('')}</tr>`,
      )
      .join('')}</table>`
    const third = await testRegistry(t)
    await openFirms(third, [[a, '示例甲公司']])
    t.match((await importing(third, page, 'inspection')).counts, { added: 3, failed: 0 }, 'of a page too')
  },
)

t.test('合格 under failing items names none, and against a failing sample is asked', async (t) => {
  const head = '统一社会信用代码,抽样编号,检查类别,检查日期,检查机关,检查结果,不合格项目'
  const row = (number: number, outcome: string, failed: string) =>
    `${a},S${number},省抽,2026-03-01,省局,${outcome},${failed}`
  const { done, records } = await taken(
    t,
    [
      head,
      row(1, '合格', '合格'),
      row(2, '合格', '均合格'),
      row(3, '不合格', '合格'),
      row(4, '不合格', 'A（甲'),
    ],
    'inspection',
  )
  t.match(done.counts, { added: 2, failed: 2 })
  t.match(done.bad, [
    { line: 4, faults: [{ code: 'items' }] },
    { line: 5, faults: [{ code: 'items', detail: /括号/ }] },
  ])
  t.match(records(a), [{ items: undefined, failedItems: undefined }, { items: undefined }])
})

t.test('items as tables write them', (t) => {
  const parts = inspection.columns.find(({ field }) => field === 'items')?.parts ?? []
  for (const [cells, text] of [
    [{ name: '霉菌' }, '霉菌'],
    [
      { name: '霉菌、酸价', measured: '220、3.9', standard: '≤25、≤3' },
      '霉菌（实测值 220，标准值 ≤25）；酸价（实测值 3.9，标准值 ≤3）',
    ],
    [{ name: '霉菌、酸价', measured: '220' }, '霉菌、酸价（实测值 220）'],
    [{ name: '霉菌；酸价' }, '霉菌；酸价'],
    [{ name: '霉菌；酸价', measured: '220；3.9' }, '霉菌（实测值 220）；酸价（实测值 3.9）'],
    [{ name: '厚度', measured: '0.8', standard: '≥1.0', unit: 'mm' }, '厚度（实测值 0.8mm，标准值 ≥1.0mm）'],
    [
      { together: '霉菌║220CFU/g║≤25CFU/g；酸价|3.9mg/g|≤3mg/g' },
      '霉菌（实测值 220CFU/g，标准值 ≤25CFU/g）；酸价（实测值 3.9mg/g，标准值 ≤3mg/g）',
    ],
    [{ standardFirst: '二氧化硫（≤0.2g/kg/0.79g/kg）' }, '二氧化硫（实测值 0.79g/kg，标准值 ≤0.2g/kg）'],
    [
      { standardFirst: '铝：≤100/230\n水分：≤14.5/15.2' },
      '铝（实测值 230，标准值 ≤100）；水分（实测值 15.2，标准值 ≤14.5）',
    ],
    [{ measured: '0.79' }, ''],
  ] as const)
    t.equal(
      readItems(cells)
        .map(({ name, measured, standard }) => rowInWords({ name, measured, standard }, { parts }))
        .join('；'),
      text,
      JSON.stringify(cells),
    )
  t.end()
})
