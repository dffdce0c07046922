import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { meaningsIn } from '../../src/exchange/columns.ts'
import { type Passed, type ReadingChoice, readUpload } from '../../src/exchange/reading.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { textOf } from '../../src/sheets/cell.ts'
import { text, workbookOf } from '../sheets/workbooks.ts'
import { temporaryFolder } from '../support.ts'

async function reading(t: Test, content: string | Buffer, choice: ReadingChoice = {}) {
  const path = join(temporaryFolder(t), 'table')
  writeFileSync(path, content)
  const kind = catalogue.kind('inspection')
  if (!kind) throw new Error('no inspections')
  const headers: string[][] = []
  const rows: { line: number; at?: string | undefined; cells: string[] }[] = []
  const passed: Passed[] = []
  for await (const part of readUpload(path, (cells) => meaningsIn(cells, kind), choice)) {
    if (part.header) headers.push(part.header.cells.map(textOf))
    rows.push(...part.rows.map(({ line, at, cells }) => ({ line, at, cells: cells.map(textOf) })))
    passed.push(...part.passed)
  }
  return { headers, rows, passed }
}

const HEAD = '企业名称,检查日期,检查结果'

t.test('what stands above, under and among the rows of a table is passed over and told', async (t) => {
  const { headers, rows, passed } = await reading(
    t,
    [
      '某省市场监督管理局关于2026年第4号监督抽查结果的通告',
      '填报单位：某局,,',
      '',
      HEAD,
      '示例甲公司,2026-03-01,合格',
      HEAD,
      '示例乙公司,2026-03-02,不合格',
      '合计,,2',
      ',,',
      '注：1.本表仅对所检样品负责',
      '2、排名不分先后',
      '联系人：某处',
    ].join('\n'),
  )
  t.same(headers, [HEAD.split(',')])
  t.same(
    rows.map(({ line }) => line),
    [5, 7],
  )
  t.same(
    passed.map(({ line, why }) => [line, why]),
    [
      [1, 'title'],
      [2, 'title'],
      [6, 'headings-again'],
      [8, 'sum'],
      [10, 'note'],
      [11, 'note'],
      [12, 'note'],
    ],
  )
})

t.test('a place alone heads its rows', async (t) => {
  for (const place of [
    '石家庄市（2家）',
    '石家庄市(共2家)',
    '石家庄市2家',
    '一、石家庄市',
    '正定县：',
    '长安区',
  ]) {
    const { rows, passed } = await reading(t, `${HEAD}\n${place},,\n示例甲公司,2026-03-01,合格\n`)
    t.same([rows.map(({ line }) => line), passed.map(({ line }) => line)], [[3], [2]], place)
  }
  for (const firm of ['示例市场', '某某小区', '石家庄市第二食品厂']) {
    const { rows } = await reading(t, `${HEAD}\n${firm},,\n示例甲公司,2026-03-01,合格\n`)
    t.equal(rows.length, 2, firm)
  }
})

t.test('a row that lost all but its name is no note', async (t) => {
  const { rows } = await reading(t, `${HEAD}\n示例甲公司,,\n一二三食品公司,,\n`)
  t.equal(rows.length, 2)
})

t.test('headings in two rows', async (t) => {
  const { headers, rows } = await reading(
    t,
    '企业名称,检查日期,检查结果,不合格情况,,\n,,,不合格项目,实测值,标准值\n示例甲公司,2026-03-01,不合格,霉菌,220,≤25\n',
  )
  t.same(headers, [['企业名称', '检查日期', '检查结果', '不合格项目', '实测值', '标准值']])
  t.equal(rows.length, 1)
})

t.test('parts under groups are headed by both, however the row of headings is found', async (t) => {
  const table = [
    '示例省局监督抽检结果,,,,,,,,',
    '序号,标称生产企业,,被抽样单位,,食品名称,不合格情况,,检验机构',
    ',名称,地址,名称,地址,,不合格项目,标准值,名称',
    '1,示例甲公司,某路1号,示例乙超市,某路2号,糕,霉菌,≤25,某检验院',
  ].join('\n')
  const both = [
    '序号',
    '标称生产企业名称',
    '标称生产企业地址',
    '被抽样单位名称',
    '被抽样单位地址',
    '食品名称',
    '不合格项目',
    '标准值',
    '检验机构名称',
  ]
  for (const choice of [{}, { headerRow: 2 }, { headerRow: 3 }]) {
    const { headers, rows } = await reading(t, table, choice)
    t.same(headers, [both], JSON.stringify(choice))
    t.equal(rows.length, 1)
  }
  const repeated = await reading(t, `${table}\n${table.split('\n').slice(1, 3).join('\n')}\n`)
  t.equal(repeated.rows.length, 1, 'headings again on a second page are no data')
  const unknown = await reading(
    t,
    '企业名称,检查日期,检查结果,承运人,,不合格情况,\n,,,名称,地址,不合格项目,实测值\n示例甲公司,2026-03-01,合格,某物流,某路,霉菌,1',
  )
  t.same(
    unknown.headers,
    [['企业名称', '检查日期', '检查结果', '承运人名称', '承运人地址', '不合格项目', '实测值']],
    'nobody’s name',
  )
})

t.test('cells merged over rows stand in each of them, headings too', async (t) => {
  const row = (...cells: string[]) => `<row>${cells.map((cell) => text(cell)).join('')}</row>`
  const xml = [
    row('企业名称', '检查日期', '不合格情况', ''),
    row('', '', '不合格项目', '实测值'),
    row('示例甲公司', '2026-03-01', '霉菌', '220'),
    row('', '', '酸价', '3.9'),
    row('示例乙公司', '2026-03-02', '水分', '15'),
  ].join('')
  const merged = ['A1:A2', 'B1:B2', 'C1:D1', 'A3:A4', 'B3:B4']
    .map((ref) => `<mergeCell ref="${ref}"/>`)
    .join('')
  const { headers, rows } = await reading(
    t,
    await workbookOf({ sheets: [{ xml, after: `<mergeCells>${merged}</mergeCells>` }] }),
  )
  t.same(headers, [['企业名称', '检查日期', '不合格项目', '实测值']])
  t.same(
    rows.map(({ cells }) => cells.slice(0, 3)),
    [
      ['示例甲公司', '2026-03-01', '霉菌'],
      ['示例甲公司', '2026-03-01', '酸价'],
      ['示例乙公司', '2026-03-02', '水分'],
    ],
  )
})

t.test('passing and failing on sheets of their own are read together, each row with its place', async (t) => {
  const sheet = (name: string, outcome: string) => ({
    name,
    xml: `<row>${HEAD.split(',')
      .map((cell) => text(cell))
      .join('')}</row><row>${text('示例甲公司')}${text('2026-03-01')}${text(outcome)}</row>`,
  })
  const { rows } = await reading(
    t,
    await workbookOf({ sheets: [sheet('合格', '合格'), sheet('不合格', '不合格')] }),
    {
      sheets: ['合格', '不合格'],
    },
  )
  t.match(rows, [
    { line: 2, at: '“合格”第 2 行', cells: ['示例甲公司', '2026-03-01', '合格'] },
    { line: 4, at: '“不合格”第 2 行', cells: ['示例甲公司', '2026-03-01', '不合格'] },
  ])
})

t.test('a table without headings, and one whose headings are said to stand elsewhere', async (t) => {
  const none = await reading(t, '示例甲公司,2026-03-01,合格\n示例乙公司,2026-03-02,合格\n', { headerRow: 0 })
  t.same(none.headers, [['第 1 栏', '第 2 栏', '第 3 栏']])
  t.equal(none.rows.length, 2)
  const said = await reading(t, `${HEAD}\n甲,乙,丙\n示例甲公司,2026-03-01,合格\n`, { headerRow: 2 })
  t.same(said.headers, [['甲', '乙', '丙']])
  await t.rejects(reading(t, HEAD, { headerRow: 9 }), { message: /第 9 行没有内容/ })
})

/** Headings with what stands above them, and the lines of the rows under them, in the order of a sheet. */
async function partsOf(t: Test, content: string) {
  const path = join(temporaryFolder(t), 'table')
  writeFileSync(path, content)
  const kind = catalogue.kind('inspection')
  if (!kind) throw new Error('no inspections')
  const parts: { above: readonly string[]; headers: string[]; lines: number[] }[] = []
  for await (const part of readUpload(path, (cells) => meaningsIn(cells, kind))) {
    if (part.header)
      parts.push({ above: part.above ?? [], headers: part.header.cells.map(textOf), lines: [] })
    parts.at(-1)?.lines.push(...part.rows.map(({ line }) => line))
  }
  return parts
}

t.test('each table of a sheet has its own headings and titles', async (t) => {
  const [headers, failing] = [HEAD.split(','), ['企业名称', '检查日期', '不合格项目']]
  const row = (name: string) => `${name},2026-03-01,合格`
  for (const [what, lines, parts] of [
    [
      'the same headings again under a title of their own',
      ['通告（第4号）', '一、合格产品', HEAD, row('甲'), '二、不合格产品', HEAD, row('乙'), '注：无'],
      [
        { above: ['通告（第4号）', '一、合格产品'], headers, lines: [4] },
        { above: ['通告（第4号）', '二、不合格产品'], headers, lines: [7] },
      ],
    ],
    [
      'titles of parts under the headings of all',
      [HEAD, '一、合格产品', row('甲'), row('乙'), '二、不合格产品', row('丙')],
      [
        { above: ['一、合格产品'], headers, lines: [3, 4] },
        { above: ['二、不合格产品'], headers, lines: [6] },
      ],
    ],
    [
      'other headings',
      [HEAD, row('甲'), failing.join(','), row('乙')],
      [
        { above: [], headers, lines: [2] },
        { above: [], headers: failing, lines: [4] },
      ],
    ],
    [
      'headings under a title, of which few are known',
      [
        HEAD,
        row('甲'),
        '二、不合格产品',
        '企业,样品,检查日期,不合格原因,厂家电话',
        '乙,门,2026-03-02,耐火,1',
        row('丙'),
      ],
      [
        { above: [], headers, lines: [2] },
        {
          above: ['二、不合格产品'],
          headers: ['企业', '样品', '检查日期', '不合格原因', '厂家电话'],
          lines: [5, 6],
        },
      ],
    ],
    [
      'a row under a title that says a value heads nothing',
      [HEAD, row('甲'), '二、不合格产品', '乙,2026-03-02,检查结果', '丙,合格,不合格'],
      [
        { above: [], headers, lines: [2] },
        { above: ['二、不合格产品'], headers, lines: [4, 5] },
      ],
    ],
    [
      'what a title says of its part goes before what that of the sheet says',
      ['不合格产品名单', HEAD, row('甲'), '合格产品名单', HEAD, row('乙')],
      [
        { above: ['不合格产品名单'], lines: [3] },
        { above: ['合格产品名单'], lines: [6] },
      ],
    ],
    [
      'headings again on each page, notes, and a row that holds a word of the headings begin nothing',
      [HEAD, row('甲'), HEAD, row('乙'), '企业名称,检查日期,合格', '以上为全部', '注：一、无'],
      [{ above: [], headers, lines: [2, 4, 5] }],
    ],
  ] as const) {
    const found = await partsOf(t, lines.join('\n'))
    t.match(found, parts, what)
    t.equal(found.length, parts.length, what)
  }
  const long = Array.from({ length: 60 }, (_, i) => row(`第${i}家`))
  const parts = await partsOf(t, [HEAD, ...long, '二、不合格产品', HEAD, ...long].join('\n'))
  t.same(
    parts.map(({ above, lines }) => [above, lines.length]),
    [
      [[], 60],
      [['二、不合格产品'], 60],
    ],
  )
})

t.test('a table before a richer one is read by its own headings, whatever it has fewer of', async (t) => {
  const few = '序号,统一社会信用代码,企业名称,产品名称,规格型号,抽样日期'
  const rows = [1, 2, 3].map((n) => `${n},91130528MA70000341,示例华鑫电缆有限公司,示例线,${n}mm,2026-5-1`)
  const failing = '1,91131026MA70001300,示例昇辉人造板有限公司,示例板,9mm,2026-5-1'
  for (const [what, headings, more, data] of [
    ['one column more', few, `${few},不合格项目`, `${failing},甲醛`],
    ['two columns more', few, `${few},抽查结果,不合格项目`, `${failing},不合格,甲醛`],
    ['one fewer in the middle', few.replace(',规格型号', ''), `${few},不合格项目`, `${failing},甲醛`],
    ['the richer one first', `${few},抽查结果,不合格项目`, few.replace(',规格型号', ''), failing],
    ['names alone', '序号,获奖企业,统一社会信用代码', few, failing],
  ] as const) {
    const lines = ['一、合格产品名单', headings, ...rows, ',', '二、不合格产品名单', more, data]
    const found = await partsOf(t, lines.join('\n'))
    t.same(
      found.map(({ headers, lines: own }) => [headers, own]),
      [
        [headings.split(','), [3, 4, 5]],
        [more.split(','), [9]],
      ],
      what,
    )
    t.match(found, [{ above: ['一、合格产品名单'] }, { above: ['二、不合格产品名单'] }], what)
  }
  const three = await partsOf(
    t,
    [
      '一、甲',
      few,
      ...rows,
      '二、乙',
      `${few},抽查结果`,
      failing,
      '三、丙',
      `${few},不合格项目,标准值`,
      failing,
    ].join('\n'),
  )
  t.same(
    three.map(({ lines }) => lines),
    [[3, 4, 5], [8], [11]],
    'and of three each',
  )
})

t.test('rows of firms above the headings are not passed over as titles', async (t) => {
  const head = '企业名称,统一社会信用代码,检查日期,检查结果'
  const data = '示例乙公司,91131026MA70001300,2026-03-01,合格'
  for (const [what, above, lines] of [
    ['under headings that nobody knows', ['甲栏,乙栏,丙栏', '示例甲公司,A1,2026-03-01'], /第 4 行.*第 2 行/],
    ['two of them', ['甲栏,乙栏,丙栏', 'a,91131026MA70001300,b', 'a,91130528MA70000341,b'], /第 2、3 行/],
    ['what a form says of the whole', ['企业名称,示例甲公司,检查日期,2026-03-01'], undefined],
    ['the same with colons', ['填报单位：,示例甲公司,电话：,12345'], undefined],
    ['a title', ['示例甲公司,,'], undefined],
  ] as const) {
    const read = reading(t, [...above, ...(lines && above.length < 3 ? [''] : []), head, data].join('\n'))
    if (lines) await t.rejects(read, { message: lines }, what)
    else t.equal((await read).rows.length, 1, what)
  }
  const said = await reading(t, ['甲栏,乙栏,丙栏', '示例甲公司,A1,x', head, data].join('\n'), {
    headerRow: 3,
  })
  t.equal(said.rows.length, 1, 'headings that were pointed at are taken as such')
})
