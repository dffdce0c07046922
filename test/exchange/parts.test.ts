import t from 'tap'
import { mappingOf } from '../../src/exchange/columns.ts'
import type { Item } from '../../src/exchange/items.ts'
import type { RowReading } from '../../src/exchange/row-reading.ts'
import { faultOfSerials, groupsOf, together, togetherWithin } from '../../src/exchange/together.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import type { TableRow } from '../../src/sheets/table.ts'

/** Which rows of a table are parts of one thing, and what that thing then says. */

function kindNamed(type: string) {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(type)
  return kind
}
/** A table of these columns, its cells parted by commas; a row may be hidden, faulty or have merged cells. */
function table(type: string, head: string, rows: readonly (string | [string, Partial<TableRow>])[]) {
  const kind = kindNamed(type)
  return {
    kind,
    mapping: mappingOf(head.split(','), kind),
    rows: rows.map((row, i): TableRow => {
      const [cells, more] = typeof row === 'string' ? [row, {}] : row
      return { line: i + 1, cells: cells.split(','), ...more }
    }),
  }
}
function grouped(...of: Parameters<typeof table>): string {
  const { rows, mapping, kind } = table(...of)
  return groupsOf(rows, mapping, kind)
    .map((group) => group.map(({ line }) => line).join('+'))
    .join(' ')
}

t.test('rows that share a firm and a number are one thing, wherever they stand', async (t) => {
  const PENALTY = '统一社会信用代码,组织机构代码,企业名称,处罚决定书文号,违法行为类型'
  for (const [said, rows, groups] of [
    ['beside each other', ['甲,,,1号,一', '甲,,,1号,二'], '1+2'],
    ['apart', ['甲,,,1号,一', '甲,,,2号,一', '甲,,,1号,二'], '1+3 2'],
    ['three, two of them alike', ['甲,,,1号,一', '甲,,,1号,一', '甲,,,1号,二'], '1+2+3'],
    ['the same word for word', ['甲,,,1号,一', '甲,,,1号,一'], '1 2'],
    ['its number written otherwise', ['甲,,,冀〔2026〕1号,一', '甲,,,冀[2026]第1号,二'], '1+2'],
    ['another number', ['甲,,,1号,一', '甲,,,2号,二'], '1 2'],
    ['another unified code', ['甲,,,1号,一', '乙,,,1号,二'], '1 2'],
    ['another organisation code', [',甲,,1号,一', ',乙,,1号,二'], '1 2'],
    ['another name', [',,甲,1号,一', ',,乙,1号,二'], '1 2'],
    ['no number', ['甲,,,,一', '甲,,,,二'], '1 2'],
    ['what stands for none', ['甲,,,/,一', '甲,,,/,二'], '1 2'],
    ['a row that is hidden', ['甲,,,1号,一', ['甲,,,1号,二', { hidden: true }], '甲,,,1号,三'], '1+3 2'],
    ['one that can’t be read', ['甲,,,1号,一', ['甲,,,1号,二', { fault: '坏' }], '甲,,,1号,三'], '1+3 2'],
  ] as const)
    t.equal(
      grouped(
        'penalty',
        PENALTY,
        rows.map((row) => (typeof row === 'string' ? row : [row[0], row[1]])),
      ),
      groups,
      said,
    )
  for (const [head, rows, groups] of [
    ['产品名称', ['甲,1,一', '甲,1,二'], '1+2'],
    ['产品单元,规格', ['甲,1,绞线,一', '甲,1,控制电缆,二', '甲,1,绞线,三'], '1+3 2'],
    ['产品单元', ['甲,1,', '甲,1,'], '1 2'],
  ] as const)
    t.equal(grouped('licence', `统一社会信用代码,许可证编号,${head}`, rows), groups, head)
  for (const [head, rows, groups] of [
    ['企业代码', ['甲,1号,一', '甲,1号,二'], '1+2'],
    ['企业代码', ['甲,1号,一', '乙,1号,二'], '1 2'],
    ['企业名称', ['甲,1号,一', '乙,1号,二'], '1 2'],
  ] as const)
    t.equal(
      grouped('penalty', `${head},处罚决定书文号,违法行为类型`, rows),
      groups,
      `${head}: ${rows.join(' ')}`,
    )
  t.equal(
    grouped('award', '统一社会信用代码,文号,产品或项目', ['甲,1,一', '甲,1,二']),
    '1 2',
    'of awards none',
  )
})

t.test('samples are told apart by their own number, else by the report and what it is about', async (t) => {
  for (const [said, head, rows, groups] of [
    ['one number of a sample', '抽样编号,产品名称', ['1,电缆', '1,电线'], '1+2'],
    ['its number before the report’s', '抽样编号,检验报告编号', ['1,甲', '1,乙'], '1+2'],
    ['in either order of columns', '检验报告编号,抽样编号', ['甲,1', '乙,1'], '1+2'],
    ['two of one report', '检验报告编号,抽样编号', ['甲,1', '甲,2'], '1 2'],
    ['one report, one product', '检验报告编号,产品名称,检查结果', ['甲,电缆,合格', '甲,电缆,不合格'], '1+2'],
    ['of two products', '检验报告编号,产品名称', ['甲,电缆', '甲,电线'], '1 2'],
    ['of two specifications', '检验报告编号,规格型号', ['甲,一', '甲,二'], '1 2'],
    ['of two batches', '检验报告编号,批号', ['甲,一', '甲,二'], '1 2'],
    ['of two days of make', '检验报告编号,生产日期', ['甲,2026-01-01', '甲,2026-01-02'], '1 2'],
    ['of two brands, which tell nothing apart', '检验报告编号,商标', ['甲,一', '甲,二'], '1+2'],
    ['of another producer', '抽样编号,标称生产者', ['1,甲', '1,乙'], '1 2'],
    ['of another code of the producer', '抽样编号,标称生产者代码', ['1,甲', '1,乙'], '1 2'],
    ['the producer’s address written otherwise', '抽样编号,标称生产者地址', ['1,甲', '1,乙'], '1+2'],
  ] as const)
    t.equal(
      grouped(
        'inspection',
        `组织机构代码,${head}`,
        rows.map((row) => `M,${row}`),
      ),
      groups,
      said,
    )
})

t.test(
  'samples without a number are one where they say the same beside their items, one below the other',
  async (t) => {
    const HEAD = '组织机构代码,序号,产品名称,规格型号,检查结果,不合格项目,不知何物'
    for (const [said, rows, groups] of [
      ['two items', ['M,1,电缆,A,不合格,厚度,', 'M,1,电缆,A,不合格,长度,'], '1+2'],
      ['three', ['M,1,电缆,A,,厚度,', 'M,1,电缆,A,,长度,', 'M,1,电缆,A,,宽度,'], '1+2+3'],
      ['their place in the list is no matter', ['M,1,电缆,A,,厚度,', 'M,2,电缆,A,,长度,'], '1+2'],
      ['each with its verdict', ['M,1,电缆,A,不合格,厚度,', 'M,1,电缆,A,合格,长度,'], '1+2'],
      ['columns of no meaning', ['M,1,电缆,A,,厚度,一', 'M,1,电缆,A,,长度,二'], '1+2'],
      ['another between', ['M,1,电缆,A,,厚度,', 'M,2,电线,A,,厚度,', 'M,1,电缆,A,,长度,'], '1 2 3'],
      ['another specification', ['M,1,电缆,A,,厚度,', 'M,1,电缆,B,,长度,'], '1 2'],
      ['another firm', ['M,1,电缆,A,,厚度,', 'N,1,电缆,A,,长度,'], '1 2'],
      ['no product', ['M,1,,A,,厚度,', 'M,1,,A,,长度,'], '1 2'],
      ['no item, and contradictory', ['M,1,电缆,A,不合格,,', 'M,1,电缆,A,合格,,'], '1+2'],
      ['no item, and alike', ['M,1,电缆,A,合格,,', 'M,2,电缆,A,合格,,'], '1 2'],
      ['no item, and another product', ['M,1,电缆,A,合格,,', 'M,2,电线,A,不合格,,'], '1 2'],
      [
        'one cell of the product over both',
        [
          ['M,1,电缆,A,,厚度,', { merged: { 2: 1 } }],
          ['M,2,电缆,A,,长度,', { merged: { 2: 1 } }],
        ],
        '1+2',
      ],
      [
        'a cell of the product each',
        [
          ['M,1,电缆,A,,厚度,', { merged: { 2: 1 } }],
          ['M,2,电缆,A,,长度,', { merged: { 2: 2 } }],
        ],
        '1 2',
      ],
    ] as [string, (string | [string, Partial<TableRow>])[], string][])
      t.equal(grouped('inspection', HEAD, rows), groups, said)
    const parts = '组织机构代码,产品名称,检验项目,实测值,检验结果'
    t.equal(
      grouped('inspection', parts, ['M,电缆,厚度,1,合格', 'M,电缆,长度,2,不合格']),
      '1+2',
      'in columns of parts',
    )
    t.equal(
      grouped('penalty', '组织机构代码,违法行为类型,处罚内容', ['M,一,甲', 'M,一,甲']),
      '1 2',
      'penalties without a number are never one',
    )
  },
)

t.test('as many rows are decided together as are parts of one thing within reach', async (t) => {
  const numbered = table('penalty', '统一社会信用代码,处罚决定书文号', [
    ...['甲,1', '甲,2', '甲,2', '乙,9', '甲,1', '乙,8', '乙,7'],
  ])
  for (const [least, most, end] of [
    [1, 7, 5],
    [2, 7, 5],
    [2, 4, 3],
    [2, 2, 2],
    [3, 4, 3],
    [5, 7, 5],
    [6, 7, 6],
    [7, 7, 7],
    [9, 9, 7],
  ] as const)
    t.equal(
      togetherWithin(numbered.rows, { least, most }, numbered.mapping, numbered.kind),
      end,
      `numbered, ${least} of ${most}`,
    )
  const samples = table('inspection', '组织机构代码,产品名称,不合格项目', [
    ...['M,电缆,一', 'M,电缆,二', 'M,电缆,三', 'M,电线,一', 'M,电缆,四'],
  ])
  for (const [least, most, end] of [
    [1, 5, 3],
    [1, 2, 2],
    [2, 5, 3],
    [3, 5, 3],
    [4, 5, 4],
  ] as const)
    t.equal(
      togetherWithin(samples.rows, { least, most }, samples.mapping, samples.kind),
      end,
      `without a number, ${least} of ${most}`,
    )
})

t.test('rows alike but for serial number and items: one sample, or asked', async (t) => {
  const told = (type: string, head: string, rows: readonly (string | [string, Partial<TableRow>])[]) => {
    const { rows: own, mapping, kind } = table(type, `组织机构代码,${head}`, rows)
    return faultOfSerials(own, mapping, kind)?.value
  }
  for (const [said, type, head, rows, value] of [
    ['two serials', 'inspection', '序号,产品名称', ['M,1,电缆', 'M,2,电缆'], '1；2'],
    [
      'four, of which three are told',
      'inspection',
      '序号,产品名称',
      ['M,1,a', 'M,2,a', 'M,3,a', 'M,4,a'],
      '1；2；3',
    ],
    ['one serial', 'inspection', '序号,产品名称', ['M,1,电缆', 'M,1,电缆'], undefined],
    ['no column of serials', 'inspection', '产品名称', ['M,电缆', 'M,电缆'], undefined],
    ['of penalties', 'penalty', '序号,处罚决定书文号', ['M,1,1号', 'M,2,1号'], undefined],
    ['with the number of the sample', 'inspection', '序号,抽样编号', ['M,1,S', 'M,2,S'], undefined],
    ['which one of them lacks', 'inspection', '序号,抽样编号', ['M,1,S', 'M,2,'], '1；2'],
    ['with a report', 'inspection', '序号,检验报告编号', ['M,1,S', 'M,2,S'], undefined],
    ['which one of them lacks', 'inspection', '序号,检验报告编号', ['M,1,/', 'M,2,S'], '1；2'],
    [
      'under one cell of the product',
      'inspection',
      '序号,产品名称',
      [
        ['M,1,电缆', { merged: { 2: 1 } }],
        ['M,2,电缆', { merged: { 2: 1 } }],
      ],
      undefined,
    ],
    [
      'which covers one of them',
      'inspection',
      '序号,产品名称',
      [['M,1,电缆', { merged: { 2: 1 } }], 'M,2,电缆'],
      '1；2',
    ],
    [
      'under one cell of another column',
      'inspection',
      '序号,产品名称',
      [
        ['M,1,电缆', { merged: { 0: 1 } }],
        ['M,2,电缆', { merged: { 0: 1 } }],
      ],
      '1；2',
    ],
  ] as [string, string, string, (string | [string, Partial<TableRow>])[], string | undefined][])
    t.equal(told(type, head, rows), value, said)
})

const reading = (record: RecordData, more: Partial<RowReading> = {}): RowReading => ({
  ...{ codes: {}, record, enterprise: {}, within: undefined, items: [], hash: 'h', notes: [] },
  ...{ judgesSample: false, doubts: [], isNumberedByDecision: false },
  ...more,
})
/** What rows come to: the record, or the fields that contradict. */
function put(type: string, rows: readonly RowReading[]) {
  const whole = together(rows, kindNamed(type))
  return 'faults' in whole ? { contradict: whole.faults.map(({ header }) => header) } : whole
}

t.test(
  'field by field: what parts of one thing may each have of their own, and what contradicts',
  async (t) => {
    const OWN: Readonly<Record<string, readonly string[]>> = {
      penalty: [
        'conduct',
        'facts',
        'violatedProvision',
        'penaltyBasis',
        'content',
        'types',
        'revokedLicence',
      ],
      licence: ['product', 'productGroup', 'specification', 'scope'],
      inspection: ['failedItems', 'findings', 'items'],
      award: [],
      interview: [],
    }
    for (const [type, own] of Object.entries(OWN))
      for (const { field, label } of kindNamed(type).columns) {
        const [one, other] = field === 'types' ? [['罚款'], ['警告', '罚款']] : ['甲', '乙']
        const joined = field === 'types' ? ['罚款', '警告'] : field === 'items' ? [] : '甲；乙'
        const came = put(type, [reading({ [field]: one }), reading({ [field]: other })])
        const words = `${type} ${field}`
        if (own.includes(field)) t.match(came, { record: { [field]: joined } }, words)
        else t.same(came, { contradict: [label] }, words)
        t.match(
          put(type, [reading({ [field]: one }), reading({})]),
          { record: { [field]: one } },
          `${words}, once`,
        )
        t.match(
          put(type, [reading({}), reading({ [field]: one })]),
          { record: { [field]: one } },
          `${words}, below`,
        )
        // Of samples without a number that are alike in all, nobody knows whether they are two.
        const numbered = type === 'inspection' ? { reportNo: '甲号' } : {}
        t.match(
          put(type, [reading({ ...numbered, [field]: one }), reading({ ...numbered, [field]: one })]),
          { record: { [field]: one } },
          `${words}, twice`,
        )
        if (type === 'inspection' && field !== 'sampleNo' && field !== 'reportNo')
          t.same(
            put(type, [reading({ [field]: one }), reading({ [field]: one })]),
            { contradict: [undefined] },
            `${words}, twice without a number`,
          )
      }
    t.match(
      put('penalty', [reading({ documentNo: '冀〔2026〕1号' }), reading({ documentNo: '冀[2026]第1号' })]),
      { record: { documentNo: '冀〔2026〕1号' } },
      'a number as it was written first',
    )
    t.match(
      put('penalty', [reading({ conduct: '甲' }), reading({ conduct: '乙' }), reading({ conduct: '甲' })]),
      { record: { conduct: '甲；乙' } },
      'each part once',
    )
    t.same(
      put('penalty', [
        reading({ fine: 1, procedure: '普通程序' }),
        reading({ fine: 2, procedure: '简易程序' }),
      ]),
      { contradict: ['处罚程序', '罚款金额'] },
      'all that contradicts is told at once',
    )
  },
)

t.test('the items and the verdict of a sample that several rows make up', async (t) => {
  const failed = (name: string): Item => ({ name, verdict: '不合格' })
  const passed = (name: string): Item => ({ name, verdict: '合格' })
  const row = (outcome: string | undefined, items: Item[], more: RecordData = {}) =>
    reading(
      {
        ...more,
        ...(outcome !== undefined && { outcome }),
        ...(items.length > 0 && { items, failedItems: items.map(({ name }) => name).join('；') }),
      },
      { items },
    )
  const [bad, good, worse] = [failed('厚度'), passed('长度'), failed('宽度')]
  for (const [said, rows, came] of [
    [
      'one fails, one passes',
      [row('不合格', [bad]), row('合格', [good])],
      { outcome: '不合格', items: [bad, good], failedItems: '厚度' },
    ],
    [
      'both fail',
      [row('不合格', [bad]), row('不合格', [worse])],
      { outcome: '不合格', items: [bad, worse], failedItems: '厚度；宽度' },
    ],
    [
      'the same twice',
      [row('不合格', [bad]), row('不合格', [bad]), row('不合格', [worse])],
      { items: [bad, worse] },
    ],
    ['a verdict without its item', [row('不合格', [bad]), row('合格', [])], ['检查结果']],
    ['a verdict that is none of an item', [row('不合格', [bad]), row('拒检', [good])], ['检查结果']],
    [
      'one item measured twice, without a number',
      [row('不合格', [{ ...bad, measured: '1' }]), row('不合格', [{ ...bad, measured: '2' }])],
      ['检验项目'],
    ],
    [
      'of one sample',
      ['1', '2'].map((measured) => row('不合格', [{ ...bad, measured }], { sampleNo: 'S' })),
      { items: [{ measured: '1' }, { measured: '2' }], failedItems: '厚度' },
    ],
    [
      'of one report',
      ['1', '2'].map((measured) => row('不合格', [{ ...bad, measured }], { reportNo: 'S' })),
      { items: [{ measured: '1' }, { measured: '2' }], failedItems: '厚度' },
    ],
  ] as [string, RowReading[], RecordData | string[]][]) {
    const whole = put('inspection', rows)
    if (Array.isArray(came)) t.same(whole, { contradict: came }, said)
    else t.match(whole, { record: came }, said)
  }
})

t.test('what is said of rows put together, and how they are known again', async (t) => {
  const whole = (type: string, record: RecordData, ...hashes: string[]) =>
    together(
      hashes.map((hash) =>
        reading(record, { hash, items: [{ name: hash }], notes: [{ code: hash, detail: hash }] }),
      ),
      kindNamed(type),
    )
  t.match(whole('inspection', {}, 'a', 'b'), {
    notes: [
      { code: 'a' },
      { code: 'b' },
      { code: 'together', detail: '没有编号、除检验项目外完全相同的 2 行并为一条记录。' },
    ],
  })
  for (const [type, record] of [
    ['inspection', { sampleNo: 'S' }],
    ['inspection', { reportNo: 'S' }],
    ['penalty', {}],
  ] as const)
    t.match(whole(type, record, 'a', 'b', 'c'), {
      notes: [{}, {}, {}, { detail: '编号相同的 3 行并为一条记录。' }],
    })
  const hash = (...hashes: string[]) => {
    const came = whole('penalty', {}, ...hashes)
    return 'hash' in came ? came.hash : ''
  }
  t.equal(hash('a'), 'a')
  t.equal(hash('a', 'a'), 'a', 'what is written twice says nothing more')
  t.equal(hash('a', 'b'), hash('b', 'a'), 'in either order')
  t.equal(hash('a', 'b'), hash('b', 'a', 'a'))
  t.not(hash('a', 'b'), hash('a', 'c'))
  t.match(hash('a', 'b'), /^[0-9a-f]{16}$/)
  t.throws(() => together([], kindNamed('penalty')), /no rows/)
})
