import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { digitsOf, textOf } from '../../src/sheets/cell.ts'
import { formatOf } from '../../src/sheets/formats.ts'
import { openTable } from '../../src/sheets/open.ts'
import { serialText } from '../../src/sheets/serial.ts'
import type { TableRow } from '../../src/sheets/table.ts'
import { temporaryFolder } from '../support.ts'
import { doublingXls, text, workbookOf, zipOf } from './workbooks.ts'

async function sheetsOf(t: Test, content: string | Buffer) {
  const path = join(temporaryFolder(t), 'table')
  writeFileSync(path, content)
  const file = await openTable(path)
  try {
    const sheets = []
    for (const { name, hidden, parts } of file.sheets) {
      const rows: TableRow[] = []
      let hiddenColumns: readonly number[] = []
      for await (const part of parts()) {
        rows.push(...part.rows)
        hiddenColumns = part.hiddenColumns ?? []
      }
      sheets.push({ name, hidden, rows, hiddenColumns })
    }
    return { format: file.format, sheets }
  } finally {
    await file.close()
  }
}

async function rowsOf(t: Test, content: string | Buffer): Promise<TableRow[]> {
  return (await sheetsOf(t, content)).sheets[0]?.rows ?? []
}

const textsOf = async (t: Test, content: string | Buffer) =>
  (await rowsOf(t, content)).map(({ cells }) => cells.map(textOf))

const refused = (t: Test, content: string | Buffer, why: RegExp, what: string) =>
  t.rejects(sheetsOf(t, content), { name: 'BadTable', message: why }, what)

t.test('a number stands for a code only where all of its digits are there', (t) => {
  for (const [digits, read] of [
    ['123456789', '123456789'],
    ['911301020000123', '911301020000123'],
    ['9.11301E5', '911301'],
    ['9007199254740991', '9007199254740991'],
    ['911301020000123456', '911301020000123456'],
    ['1301020000123450', undefined],
    ['911301020000123000', undefined],
    ['9.1130102000012301E+17', undefined],
    ['911301020000123008', undefined],
    ['12.5', undefined],
    ['-5', undefined],
  ] as const)
    t.equal(digitsOf({ is: 'number', digits }), read, digits)
  t.equal(
    digitsOf({ is: 'number', digits: '12345678', places: 9 }),
    '012345678',
    'zeros that its format shows',
  )
  t.end()
})

t.test('serials are days, in both systems', (t) => {
  for (const [serial, epoch, day] of [
    [1, 1900, '1900-01-01'],
    [59, 1900, '1900-02-28'],
    [60, 1900, undefined],
    [61, 1900, '1900-03-01'],
    [40_995, 1900, '2012-03-27'],
    [40_994.999_502_314_8, 1900, '2012-03-27'],
    [40_994.999, 1900, '2012-03-26T23:58:34'],
    [40_995.354_166_67, 1900, '2012-03-27T08:30:00'],
    [0.5, 1900, '12:00:00'],
    [0, 1904, '1904-01-01'],
    [39_533, 1904, '2012-03-27'],
    [-1, 1900, undefined],
    [3_000_000, 1900, undefined],
  ] as const)
    t.equal(serialText(serial, epoch), day, `${serial} from ${epoch}`)
  t.end()
})

t.test('a format that shows no day, by its number and by its text', (t) => {
  for (const [id, code, shows] of [
    [14, undefined, undefined],
    [17, undefined, 'month'],
    [22, undefined, undefined],
    [27, undefined, 'month'],
    [28, undefined, undefined],
    [31, undefined, undefined],
    [57, undefined, 'month'],
    [58, undefined, undefined],
    [170, 'yyyy"年"m"月"', 'month'],
    [170, 'yyyy"年"m"月"d"日"', undefined],
    [170, 'yyyy', 'year'],
    [170, '[$-804]yyyy"年度"', 'year'],
    [170, 'mmm-yy', 'month'],
    [170, 'h:mm', undefined],
    [170, 'm"月"', undefined],
    [0, undefined, undefined],
  ] as const)
    t.equal(formatOf(id, code).shows, shows, `${id} ${code}`)
  const number = (digits: string, id: number, code?: string) => {
    const { beside } = formatOf(id, code)
    return textOf({ is: 'number', digits, ...(beside && { beside }) })
  }
  for (const [digits, id, code, text] of [
    ['0.412', 9, undefined, '41.2%'],
    ['0.412', 10, undefined, '41.2%'],
    ['0.412', 170, '0.0%', '41.2%'],
    ['0.07', 170, '0%', '7%'],
    ['0.45', 170, '"≥"0.0%', '≥45%'],
    ['9', 170, '"≤"0.0', '≤9'],
    ['9', 170, '\\>0', '>9'],
    ['41.2', 170, '0.0"%"', '41.2%'],
    ['8.5', 170, '0.0"mg/kg"', '8.5mg/kg'],
    ['5.8', 170, '#,##0.0"万元"', '5.8万元'],
    ['5.8', 170, '[<=100]0.0;0', '5.8'],
    ['5.8', 170, '[Red]0.0_);(0.0)', '5.8'],
    ['5.8', 170, '#,##0.00', '5.8'],
    ['5.8', 0, undefined, '5.8'],
    ['5.8', 170, 'General', '5.8'],
  ] as const)
    t.equal(number(digits, id, code), text, `${digits} ${code ?? id}`)
  const cell = (serial: number, shows?: 'year' | 'month') =>
    textOf({ is: 'date', serial, epoch: 1900, ...(shows && { shows }) })
  t.equal(cell(42_979, 'month'), '2017-09')
  t.equal(cell(42_980, 'month'), '2017-09-02', 'a day that somebody typed')
  t.equal(cell(42_736, 'year'), '2017')
  t.equal(cell(42_767, 'year'), '2017-02', 'not the first of a year')
  t.equal(cell(42_979), '2017-09-01')
  t.end()
})

t.test('cells of every type, with and without addresses and prefixes', async (t) => {
  const styles =
    '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="171" formatCode="000000000"/><numFmt numFmtId="172" formatCode="&quot;day&quot;0.00[Red]"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="31"/></cellXfs>'
  const shared =
    '<si><t>一</t></si><si><r><t>二</t></r><r><rPr/><t>三</t></r><rPh sb="0" eb="1"><t>er</t></rPh></si><si><t>a_x000D_b</t></si>'
  const xml = `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>
    <row><c><v>20000.000000000004</v></c><c s="1"><v>40995</v></c><c s="2"><v>12345678</v></c><c s="3"><v>1.5</v></c><c s="4"><v>40995</v></c></row>
    <row r="7"><c r="B7" t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>值</v></c><c><f>SUM(A1:A9)</f></c><c><f>A1</f><v>5</v></c><c t="d"><v>2012-03-27</v></c></row>`
  const expected = [
    ['一', '二三', 'a\rb'],
    ['20000', '2012-03-27', '12345678', '1.5', '2012-03-27'],
    ['', 'TRUE', '#N/A', '值', '=SUM(A1:A9)', '5', '2012-03-27'],
  ]
  const plain = await rowsOf(t, await workbookOf({ sheets: [{ xml }], shared, styles }))
  t.same(
    plain.map(({ cells }) => cells.map(textOf)),
    expected,
  )
  t.same(
    plain.map(({ line }) => line),
    [1, 2, 7],
  )
  t.match(plain[1]?.cells[2], { is: 'number', places: 9 })
  t.same(
    await textsOf(t, await workbookOf({ sheets: [{ xml }], shared, styles, strict: true })),
    expected,
    'strict',
  )
  const prefixed = xml.replaceAll(/<(\/?)(row|c|v|f)\b/g, '<$1x:$2')
  t.same(
    await textsOf(t, await workbookOf({ sheets: [{ xml: prefixed }], shared, styles })),
    expected,
    'prefixes',
  )
})

for (const date1904 of ['1', 'true'])
  t.test(`a workbook that counts from 1904 (${date1904})`, async (t) => {
    const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    const xml = '<row><c s="0"><v>39533</v></c></row>'
    const workbookPr = `<workbookPr date1904="${date1904}"/>`
    t.same(await textsOf(t, await workbookOf({ sheets: [{ xml }], styles, workbookPr })), [['2012-03-27']])
  })

t.test('what a table hides is told', async (t) => {
  const xml = `<row>${text('一')}${text('二')}</row><row hidden="1">${text('三')}</row>`
  const { sheets } = await sheetsOf(
    t,
    await workbookOf({
      sheets: [
        { xml, before: '<cols><col min="2" max="16384" hidden="true"/></cols>' },
        { xml, state: 'hidden' },
        { xml, state: 'veryHidden' },
      ],
    }),
  )
  t.same(
    sheets.map(({ hidden }) => hidden),
    [false, true, true],
  )
  t.match(sheets[0]?.rows, [{ line: 1 }, { line: 2, hidden: true }])
  t.equal(sheets[0]?.hiddenColumns[0], 1)
})

t.test(
  'formatted nothing to the end of the sheet is no row, and a cell far out spoils its row only',
  async (t) => {
    const empty = Array.from(
      { length: 50_000 },
      (_, i) => `<row r="${i + 3}" s="1"><c r="A${i + 3}" s="1"/></row>`,
    )
    const xml = `<row r="1">${text('一', 'A1')}</row><row r="2">${text('二', 'XFD2')}</row>${empty.join('')}<row r="1048576">${text('三', 'A1048576')}</row>`
    const rows = await rowsOf(t, await workbookOf({ sheets: [{ xml }] }))
    t.match(rows, [
      { line: 1, cells: ['一'] },
      { line: 2, fault: /16384 栏，超过 200 栏/ },
      { line: 1_048_576, cells: ['三'] },
    ])
  },
)

t.test('archives that unpack to more than any table, and broken ones', async (t) => {
  const deep = await workbookOf({ sheets: [{ xml: '<row>'.repeat(300) }] })
  await refused(t, deep, /嵌套过深/, 'depth')
  const comment = await workbookOf({ sheets: [{ xml: `<!--${'x'.repeat(3_000_000)}--><row/>` }] })
  await refused(t, comment, /过长的标记/, 'one endless mark')
  const zeros = await workbookOf({ sheets: [{ xml: `<row>${text('0'.repeat(3_000_000))}</row>` }] })
  await refused(t, zeros, /过长的标记或文字/, 'one endless text')
  const hollow = await workbookOf({ sheets: [{ xml: `<row>${'<c/>'.repeat(5_000_000)}</row>` }] })
  t.ok(hollow.length < 100_000)
  await refused(t, hollow, /展开后过大/, 'a ratio beyond any table')
  const good = await workbookOf({ sheets: [{ xml: `<row>${text('一')}</row>` }] })
  await refused(t, good.subarray(0, good.length - 30), /不完整或已损坏/, 'cut off')
  await refused(t, await workbookOf({ sheets: [{ xml: '<row r="1048577"/>' }] }), /行数超过/, 'a row too far')
  const shared = await workbookOf({ sheets: [{ xml: '<row><c t="s"><v>9</v></c></row>' }], shared: '' })
  t.match(await rowsOf(t, shared), [{ fault: /指向文件中不存在的文字/ }])
  const many = Object.fromEntries(Array.from({ length: 6000 }, (_, i) => [`f${i}`, '']))
  await refused(t, await zipOf(many), /展开后过大/, 'thousands of parts')
})

t.test('what is no table is called what it is', async (t) => {
  for (const [content, why] of [
    ['', /空的/],
    ['%PDF-1.7\n', /PDF/],
    ['{\\rtf1 x}', /RTF/],
    [Buffer.from('89504e470d0a1a0a00', 'hex'), /图片/],
    [Buffer.from('ffd8ffe000104a46', 'hex'), /图片/],
    ['Rar!\x1a\x07', /RAR/],
    [gzipSync('uscc,name\n'), /GZIP.*请先解压/],
    ['{"uscc": "1"}', /JSON/],
    ['[{"uscc": "1"}]', /JSON/],
    ['<?xml version="1.0"?><firms><firm/></firms>', /XML/],
    ['<html><body><p>没有</p></body></html>', /网页中没有表格/],
    ['MIME-Version: 1.0\r\n', /\.mht/],
    [await zipOf({ 'a.csv': 'x' }), /压缩包/],
    [await zipOf({ 'word/document.xml': '<x/>', '_rels/.rels': '' }), /Word/],
    [await zipOf({ mimetype: 'x', 'content.xml': '<x/>' }), /开放文档/],
    [await zipOf({ 'xl/workbook.bin': 'x' }), /xlsb/],
    [Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('WordDocument', 'utf16le')]), /Word/],
    [
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
      /密码/,
    ],
    [
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('Workbook', 'utf16le')]),
      /不完整或已损坏/,
    ],
    [Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 256)), /不是文本/],
  ] as const)
    await refused(t, content, why, String(why))
})

t.test('CSV as it comes', async (t) => {
  for (const [what, content] of [
    ['line feeds', '一,二\n三,四\n'],
    ['both', '一,二\r\n三,四\r\n'],
    ['carriage returns', '一,二\r三,四\r'],
    ['semicolons', '一;二\n三;四'],
    ['tabs', '一\t二\n三\t四'],
    ['bars', '一|二\n三|四'],
    ['a named separator', 'sep=^\n一^二\n三^四'],
    ['a mark', '\ufeff一,二\n三,四'],
    ['a mark within, where files were joined', '一,二\n\ufeff三,四'],
    ['the end of a file of DOS', '一,二\r\n三,四\r\n\u001a'],
    ['wide commas', '一，二\n三，四'],
    ['wide semicolons', '一；二\n三；四'],
    ['UTF-16, little end', Buffer.from('\ufeff一,二\n三,四', 'utf16le')],
    ['UTF-16, big end', Buffer.from('\ufeff一,二\n三,四', 'utf16le').swap16()],
    ['text formulas', '="一",二\n三,"=""四"""'],
    ['GB18030', Buffer.from([0xd2, 0xbb, 0x2c, 0xb6, 0xfe, 0x0a, 0xc8, 0xfd, 0x2c, 0xcb, 0xc4])],
  ] as const)
    t.same(
      await textsOf(t, content),
      [
        ['一', '二'],
        ['三', '四'],
      ],
      what,
    )
  t.same(await textsOf(t, '一，一,二\n三，三,四\n'), [
    ['一，一', '二'],
    ['三，三', '四'],
  ])
  t.same(await textsOf(t, Buffer.from('a,b\nc,d\n', 'utf16le')), [
    ['a', 'b'],
    ['c', 'd'],
  ])
  t.same(await textsOf(t, '某省情况表\n一,二,三\n四,五;六,七\n'), [
    ['某省情况表'],
    ['一', '二', '三'],
    ['四', '五;六', '七'],
  ])
})

t.test('bytes that are no text spoil their row only', async (t) => {
  const lines = ['编号,名称', '1,示例甲公司', `2,${'\0'.repeat(500)}`, '3,示例\u0007乙公司', '4,示例丙公司']
  t.match(await rowsOf(t, lines.join('\n')), [
    { line: 1 },
    { line: 2 },
    { line: 3, fault: /第 2 栏含有空字节/ },
    { line: 4, fault: /控制字符/ },
    { line: 5, cells: ['4', '示例丙公司'] },
  ])
  const cut = Buffer.from('编号,名称\n1,示例甲公司\n2,示例乙公\n3,示例丙公司\n')
  const at = cut.indexOf('公\n3')
  const rows = await rowsOf(t, Buffer.concat([cut.subarray(0, at + 1), cut.subarray(at + 3)]))
  t.match(rows, [{}, {}, { line: 3, fault: /无法识别的字节/ }, { cells: ['3', '示例丙公司'] }])
  const gb = Buffer.from([0xd2, 0xbb, 0x0a, 0xd2, 0xff, 0x0a, 0xb6, 0xfe, 0x0a])
  t.match(await rowsOf(t, gb), [{ cells: ['一'] }, { fault: /无法识别的字节/ }, { cells: ['二'] }])
  const nulls = `编号,名称\n${'\0'.repeat(200_000)}\n2,示例乙公司\n`
  t.match(await rowsOf(t, nulls), [{}, { fault: /长达 200000 个字符/ }, { line: 3 }])
})

t.test('tables of web pages, with spans, breaks and tables within tables', async (t) => {
  const page = `<html><head><meta charset="gb2312"><style>td{}</style></head><body><table>
    <tr><th colspan=2>企业</th><th>结果</th></tr>
    <tr><td rowspan="2">甲&amp;乙<br>公司</td><td>一
      号</td><td>合格</td></tr>
    <tr style="display: none"><td>二号</td><td>不合格</td></tr></table>
    <table><tr><td>别的</td></tr></table></body></html>`
  const { format, sheets } = await sheetsOf(t, page)
  t.equal(format, 'html')
  t.same(
    sheets.map(({ name, rows }) => [name, rows.map(({ cells }) => cells.map(textOf))]),
    [
      [
        '表 1',
        [
          ['企业', '', '结果'],
          ['甲&乙\n公司', '一 号', '合格'],
          ['甲&乙\n公司', '二号', '不合格'],
        ],
      ],
      ['表 2', [['别的']]],
    ],
  )
  t.match(sheets[0]?.rows[2], { hidden: true })
})

t.test('an XML spreadsheet of 2003', async (t) => {
  const cell = (type: string, value: string, more = '') =>
    `<Cell ${more}><Data ss:Type="${type}">${value}</Data></Cell>`
  const xml = `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
    <Worksheet ss:Name="名录"><Table><Column ss:Index="2" ss:Hidden="1"/><Row>${cell('String', '一', 'ss:MergeDown="1"')}${cell('Number', '5')}</Row>
    <Row ss:Index="2" ss:Hidden="1">${cell('DateTime', '2012-03-27T00:00:00.000', 'ss:Index="3"')}${cell('Error', '#N/A')}</Row></Table></Worksheet>
    <Worksheet ss:Name="隐藏"><Table/><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>`
  const { format, sheets } = await sheetsOf(t, xml)
  t.equal(format, 'xml')
  t.match(sheets, [
    {
      name: '名录',
      hidden: false,
      hiddenColumns: [1],
      rows: [
        { line: 1, cells: ['一', { digits: '5' }] },
        { line: 2, hidden: true, cells: ['一', '', '2012-03-27', { is: 'error' }] },
      ],
    },
    { name: '隐藏', hidden: true },
  ])
})

t.test('records in XML are a table: the names of their cells are its heading', async (t) => {
  const xml = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
  t.same(
    await textsOf(
      t,
      xml(
        '<RECORDS><RECORD><a>1</a><b/></RECORD><RECORD><b>x &amp; &#13;<![CDATA[<y>]]></b><c>3</c></RECORD><RECORD/></RECORDS>',
      ),
    ),
    [
      ['a', 'b', 'c'],
      ['1', ''],
      ['', 'x & \r<y>', '3'],
    ],
  )
  const [, twice] = await rowsOf(t, xml('<r><o><a>1</a><a>2</a></o></r>'))
  t.match(twice, { line: 2, fault: '本条中有两个“a”' })
  await refused(t, xml('<r><o><a><b>1</b></a></o></r>'), /多层的结构/, 'deeper')
  await refused(
    t,
    xml('<r><o><a>1</a></o><o><a>2</a>'),
    /不完整.*第 2 行第 29 个字符之后（第 1 条之后）/,
    'cut off',
  )
  await refused(t, xml('<r><o><a>A&B</a></o></r>'), /损坏：第 2 行第 9 个字符之后/, 'a bare ampersand')
  t.same(
    await textsOf(t, `\n \n${xml('<r><o><a>1</a></o></r>')}`),
    [['a'], ['1']],
    'a line left empty before',
  )
  await refused(t, xml('<r/>'), /没有逐条的记录/, 'nothing in it')
  await refused(t, xml(`<r><o><a>${'x'.repeat(9)}</a></o></r`), /不完整/, 'cut off in a tag')
})

/** Twenty rows, by format: what the file begins with, each row, and what it ends with. */
const WHOLE: Readonly<Record<string, { row: string; fileOf: (rows: string) => string | Promise<Buffer> }>> = {
  xlsx: {
    row: `<row>${text('一')}</row>`,
    fileOf: (rows) => workbookOf({ sheets: [{ xml: rows, name: '名单' }] }),
  },
  spreadsheet: {
    row: '<Row><Cell><Data ss:Type="String">一</Data></Cell></Row>',
    fileOf: (rows) =>
      `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名单"><Table>${rows}</Table></Worksheet></Workbook>`,
  },
  records: { row: '<o><a>一</a></o>', fileOf: (rows) => `<?xml version="1.0"?><r>${rows}</r>` },
}

/** Ways in which markup breaks between two rows. */
const BREAKS: Readonly<Record<string, string>> = {
  'an end too many, and marks that are none': '</row></row></Row></Row></o></o><bad><<&&&',
  'an end of what never began': '</b>',
  'what never ends': '<b>',
  'a mark within a mark': '<b <c/>',
  'an ampersand': '&',
  'an entity that is none': '&nbsp;',
  'a control character': '\u0001',
}

for (const [format, { row, fileOf }] of Object.entries(WHOLE))
  t.test(`${format}: markup that breaks refuses the file, and says where`, async (t) => {
    const rows = await rowsOf(t, await fileOf(row.repeat(20)))
    t.equal(rows.length, format === 'records' ? 21 : 20, 'whole')
    for (const [what, broken] of Object.entries(BREAKS))
      await refused(
        t,
        await fileOf(row.repeat(10) + broken + row.repeat(10)),
        what === 'what never ends' && format === 'records'
          ? /多层的结构/
          : /损坏：第 1 行第 \d+ 个字符之后（.*第 \d+ (行|条)之后）.*请重新/,
        what,
      )
    const half = row.slice(0, row.length / 2)
    const cut =
      format === 'xlsx'
        ? await cutSheet(row.repeat(10) + half)
        : (await fileOf(row.repeat(20))).toString().split(row).slice(0, 11).join(row) + half
    await refused(
      t,
      cut,
      /不完整或已损坏：第 1 行第 \d+ 个字符之后（.*第 1[01] (行|条)之后）.*请重新/,
      'cut off',
    )
  })

t.test('a number is no longer than any that a program writes', async (t) => {
  for (const [length, is] of [
    [64, { is: 'number' }],
    [65, '9'.repeat(65)],
  ] as const) {
    const digits = '9'.repeat(length)
    const spreadsheet = `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="Number">${digits}</Data></Cell></Row></Table></Worksheet></Workbook>`
    for (const content of [
      await workbookOf({ sheets: [{ xml: `<row><c><v>${digits}</v></c></row>` }] }),
      spreadsheet,
    ])
      t.match((await rowsOf(t, content))[0]?.cells, [is], `${length}`)
  }
})

t.test('of sheets as many as are read, and each once', async (t) => {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const many = (count: number, of: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => of(i)).join('')
  const workbook = (sheets: string, relations: string) =>
    zipOf({
      '_rels/.rels': `<Relationships><Relationship Id="a" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      'xl/workbook.xml': `<workbook xmlns:r="${office}"><sheets>${sheets}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${relations}</Relationships>`,
      'xl/sheet.xml': `<worksheet><sheetData><row>${text('甲')}</row></sheetData></worksheet>`,
    })
  const sheet = (i: number, id: string) => `<sheet name="S${i}" sheetId="${i}" r:id="${id}"/>`
  const relation = (id: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/worksheet" Target="${target}"/>`
  const xml = (count: number) =>
    `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">${many(count, (i) => `<Worksheet ss:Name="S${i}"><Table><Row><Cell><Data ss:Type="String">甲</Data></Cell></Row></Table></Worksheet>`)}</Workbook>`
  const html = (count: number) =>
    `<html><body>${many(count, () => '<table><tr><td>甲</td></tr></table>')}</body></html>`
  for (const [content, why] of [
    [
      await workbook(
        many(501, (i) => sheet(i, `s${i}`)),
        many(501, (i) => relation(`s${i}`, `sheet${i}.xml`)),
      ),
      /500 张/,
    ],
    [
      await workbook(
        sheet(1, 'none'),
        many(5_001, (i) => relation(`q${i}`, 'x')),
      ),
      /引用的部分过多/,
    ],
    [await workbook(sheet(1, 'r') + sheet(2, 'r'), relation('r', 'sheet.xml')), /指向同一内容/],
    [
      await workbook(sheet(1, 'r') + sheet(2, 'q'), relation('r', 'sheet.xml') + relation('q', 'sheet.xml')),
      /指向同一内容/,
    ],
    [xml(501), /500 张/],
    [html(501), /500 张/],
  ] as const)
    await refused(t, content, why, String(why))
  const whole = await workbook(
    many(500, (i) => sheet(i, `s${i}`)),
    relation('s0', 'sheet.xml') + many(4_999, (i) => relation(`s${i + 1}`, `sheet${i + 1}.xml`)),
  )
  for (const content of [whole, xml(500), html(500)]) {
    const path = join(temporaryFolder(t), 'table')
    writeFileSync(path, content)
    const file = await openTable(path)
    t.equal(file.sheets.length, 500)
    await file.close()
  }
})

/** A workbook whose only sheet ends behind these rows. */
function cutSheet(rows: string): Promise<Buffer> {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return zipOf({
    '_rels/.rels': `<Relationships><Relationship Id="a" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns:r="${office}"><sheets><sheet name="名单" r:id="b"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="b" Type="${office}/worksheet" Target="sheet.xml"/></Relationships>`,
    'xl/sheet.xml': `<worksheet><sheetData>${rows}`,
  })
}

const COLUMNS = 200

/** Tables whose first row reaches down over so many empty ones, by format. */
const REACHING: Readonly<Record<string, (rows: number) => string | Promise<Buffer>>> = {
  xlsx: (rows) => {
    const [first, refs] = [
      Array.from({ length: COLUMNS }, (_, i) => text(`列${i}`)).join(''),
      Array.from({ length: COLUMNS }, (_, i) => `<mergeCell ref="${letters(i)}1:${letters(i)}1048576"/>`),
    ]
    const xml = `<row r="1">${first}</row>${'<row/>'.repeat(rows)}`
    return workbookOf({ sheets: [{ xml, after: `<mergeCells>${refs.join('')}</mergeCells>` }] })
  },
  xml: (rows) => {
    const cell = '<Cell ss:MergeDown="1048000"><Data ss:Type="String">一</Data></Cell>'
    return `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
      <Worksheet ss:Name="a"><Table><Row>${cell.repeat(COLUMNS)}</Row>${'<Row/>'.repeat(rows)}</Table></Worksheet></Workbook>`
  },
  html: (rows) =>
    `<html><table><tr>${'<td rowspan="65536">一</td>'.repeat(COLUMNS)}</tr>${'<tr>'.repeat(rows)}</table></html>`,
}

/** A column as workbooks name it, from 0. */
function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : `${letters(Math.floor(column / 26) - 1)}${last}`
}

for (const [format, tableOf] of Object.entries(REACHING))
  t.test(`a small ${format} whose cells reach down over very many empty rows is given up`, async (t) => {
    const own = await rowsOf(t, await tableOf(50))
    t.equal(own.length, 51)
    t.match(own[50], { line: 51, merged: { 0: 1, 199: 1 } })
    t.equal(own[50]?.cells.length, COLUMNS)
    await refused(t, await tableOf(30_000), /合并单元格|过大/, format)
  })

t.test('in what cells reach down over, an own text stays, and the next sheet begins anew', async (t) => {
  const xml = `<row r="1">${text('一')}${text('二')}</row><row r="2">${text('', 'A2')}${text('自', 'B2')}</row><row r="4">${text('三', 'C4')}</row>`
  const after = '<mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B1:B4"/></mergeCells>'
  const { sheets } = await sheetsOf(
    t,
    await workbookOf({ sheets: [{ xml, after }, { xml: `<row r="2">${text('他')}</row>` }] }),
  )
  t.same(
    sheets.map(({ rows }) => rows.map(({ line, cells, merged }) => [line, cells, merged])),
    [
      [
        [1, ['一', '二'], { 0: 1, 1: 1 }],
        [2, ['一', '自'], { 0: 1 }],
        [4, ['', '二', '三'], { 1: 1 }],
      ],
      [[2, ['他'], undefined]],
    ],
  )
})

t.test('formulas of an old workbook are not written out: only what they came to is read', async (t) => {
  const { format, sheets } = await sheetsOf(t, doublingXls(60))
  t.equal(format, 'xls')
  t.equal(sheets[0]?.rows.length, 60)
  t.match(sheets[0]?.rows[59]?.cells, [{ is: 'number', digits: '0' }])
})
