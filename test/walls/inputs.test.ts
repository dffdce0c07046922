import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { write } from '@e965/xlsx'
import t from 'tap'
import { openTable } from '../../src/sheets/open.ts'
import { BadTable } from '../../src/sheets/table.ts'
import { signedIn } from '../desk/visitor.ts'
import { importing } from '../exchange/importing.ts'
import { bounded, fc } from '../properties.ts'
import { routesOf } from '../routes.ts'
import { text, workbookOf } from '../sheets/workbooks.ts'
import { temporaryFolder, testRegistry, testServer, unifiedCode } from '../support.ts'

/**
 * Whatever comes in, made like the real thing and then spoilt: answered with a fault of whoever sent it, never of ours, and
 * soon. Bodies of the API's routes are tried in `test/api/fuzz.test.ts`. `npm run walls` goes on for longer.
 */

const code = unifiedCode('WALL0021')
/** A table of a hundred rows takes tens of milliseconds; what takes a hundred times that was held up. */
const LONGEST_MS = 3_000

async function soon<T>(what: string, act: () => Promise<T>): Promise<T> {
  // Of this process's own, since others may use the machine too.
  const at = process.cpuUsage()
  const done = await act()
  const { user, system } = process.cpuUsage(at)
  const ms = (user + system) / 1000
  if (ms > LONGEST_MS) throw new Error(`${what} took ${Math.round(ms)} ms`)
  return done
}

/** Places of the headers of a ZIP's entries (PK…), where sizes, counts and offsets stand. */
function headersIn(bytes: Buffer): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf('PK'); at >= 0; at = bytes.indexOf('PK', at + 2)) found.push(at)
  return found
}

/** How a workbook is spoilt: bytes of its headers, a piece cut out or doubled, the end cut off. */
const spoiling = fc.oneof(
  fc.record({
    way: fc.constant('header' as const),
    which: fc.nat(40),
    at: fc.nat(45),
    value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
    length: fc.constantFrom(1, 2, 4),
  }),
  fc.record({ way: fc.constant('byte' as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({ way: fc.constant('cut' as const), at: fc.nat(), length: fc.nat(500) }),
  fc.record({ way: fc.constant('end' as const), at: fc.nat() }),
)

function spoilt(
  bytes: Buffer,
  ways: readonly (typeof spoiling extends fc.Arbitrary<infer W> ? W : never)[],
): Buffer {
  let all: Buffer = Buffer.from(bytes)
  for (const way of ways) {
    if (all.length === 0) return all
    const at = way.at % all.length
    if (way.way === 'header') {
      const headers = headersIn(all)
      const from = (headers[way.which % Math.max(1, headers.length)] ?? 0) + way.at
      all.fill(way.value, Math.min(from, all.length), Math.min(from + way.length, all.length))
    } else if (way.way === 'byte') all[at] = way.value
    else if (way.way === 'cut') all = Buffer.concat([all.subarray(0, at), all.subarray(at + way.length)])
    else all = all.subarray(0, at)
  }
  return all
}

t.test('merged cells and hidden columns, however many and far, hold nothing up', async (t) => {
  const folder = temporaryFolder(t)
  const head = ['企业名称', '统一社会信用代码']
  const cell = (text: string, more = '') => `<Cell${more}><Data ss:Type="String">${text}</Data></Cell>`
  const xml = (inner: string) =>
    `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>${inner}</Table></Worksheet></Workbook>`
  const merges = Array.from({ length: 4000 }, (_, i) => ({
    s: { r: 0, c: i % 256 },
    e: { r: 65_535, c: i % 256 },
  }))
  const sheet = {
    '!ref': 'A1:B3',
    A1: { t: 's', v: head[0] },
    B1: { t: 's', v: head[1] },
    B2: { t: 's', v: code },
    B3: { t: 's', v: code },
    '!merges': merges,
  }
  const wide = Array.from({ length: 20_000 }, (_, i) =>
    cell('x', ` ss:Index="${i + 1}" ss:MergeDown="99999"`),
  ).join('')
  const row = `<Row>${cell(code)}</Row>`
  for (const [what, bytes] of Object.entries({
    'merged .xls': write({ SheetNames: ['A'], Sheets: { A: sheet } }, { bookType: 'xls', type: 'buffer' }),
    'merged XML': xml(`<Row>${wide}</Row>${row.repeat(20_000)}`),
    'hidden columns': xml(
      `<Column ss:Index="-2000000000" ss:Hidden="1"/><Row>${head.map((one) => cell(one)).join('')}</Row>${row}`,
    ),
    'endless columns': xml(
      `<Column ss:Index="-Infinity" ss:Span="1e300" ss:Hidden="1"/><Row>${cell('x', ' ss:Index="-5"')}${cell('y', ' ss:Index="NaN"')}</Row>`,
    ),
  })) {
    const path = join(folder, 'table.xls')
    writeFileSync(path, bytes)
    const rows = await soon(what, async () => {
      let count = 0
      // What reaches down over more cells than any table has is given up in words, however soon that is.
      const given = await openTable(path).catch((error: unknown) => {
        if (error instanceof BadTable) return error
        throw error
      })
      if (given instanceof BadTable) return given.message
      for (const { parts } of given.sheets) for await (const part of parts()) count += part.rows.length
      await given.close()
      return count
    })
    if (what === 'merged XML') t.match(rows, /合并单元格向下覆盖的格超过/)
    else t.ok(Number(rows) > 0, `${what}: ${rows}`)
  }
})

t.test('a spoilt workbook is refused in words, within bounds of time and memory', async (t) => {
  const folder = temporaryFolder(t)
  const sound = await workbookOf({
    shared: `<si><t>企业名称</t></si><si><t>${code}</t></si>`,
    styles: '<cellXfs><xf numFmtId="14"/></cellXfs>',
    sheets: [
      {
        xml: `<row r="1">${text('企业名称', 'A1')}<c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="0"><v>45000</v></c></row>`,
      },
    ],
  })
  let read = 0
  const before = process.memoryUsage().rss
  await fc.assert(
    fc.asyncProperty(fc.array(spoiling, { minLength: 1, maxLength: 4 }), async (ways) => {
      const path = join(folder, 'spoilt.xlsx')
      writeFileSync(path, spoilt(sound, ways))
      await soon('a workbook', async () => {
        try {
          const file = await openTable(path)
          try {
            for (const sheet of file.sheets) for await (const { rows } of sheet.parts()) read += rows.length
          } finally {
            await file.close()
          }
        } catch (error) {
          if (!(error instanceof BadTable)) throw error
        }
      })
    }),
    bounded(400),
  )
  t.ok(read > 0, 'some were read')
  t.ok(process.memoryUsage().rss - before < 400 * 2 ** 20, 'and none took all memory')
})

t.test('cells and headings of any length hold nothing up', async (t) => {
  const parts = await testRegistry(t)
  const long = (piece: string) => piece.repeat(Math.ceil(60_000 / piece.length))
  for (const piece of [
    ' ',
    '（',
    '[',
    '(',
    '　',
    '\t ',
    '1',
    '2026-',
    '名单 ',
    '||',
    '║ ',
    '。',
    '<',
    'ab ',
    '张三，',
    '号楼',
    '0.',
  ]) {
    const cell = `"${long(piece).replaceAll('"', '""')}"`
    for (const [type, table] of [
      [
        'enterprise',
        `企业名称,统一社会信用代码,成立日期\n示例公司,${code},2026${cell.slice(1, -1).replaceAll(',', '')}\n`,
      ],
      ['enterprise', `企业名称,统一社会信用代码,${cell}\n示例公司,${code},x\n`],
      ['penalty', `统一社会信用代码,处罚决定书文号,处罚决定日期,处罚内容\n${code},1号,${cell},${cell}\n`],
      ['inspection', `统一社会信用代码,检查日期,检查结果,不合格项目\n${code},2026-01-01,不合格,${cell}\n`],
    ] as const)
      await soon(`${type} with ${JSON.stringify(piece)}`, () => importing(parts, table, type)).catch(
        (error) => {
          if (!(error instanceof BadTable)) t.fail(error instanceof Error ? error.message : '')
        },
      )
  }
  t.pass()
})

/** Values of addresses that people and machines send. */
const value = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      '0',
      '-1',
      '1e9',
      '99999999999999999999',
      '2026-02-30',
      '9999-12-31',
      '0000-00-00',
      '130102',
      '石家庄市',
    ],
    ...[
      '*',
      '"',
      "' OR 1=1 --",
      '%00',
      '\u0000',
      '\u202e',
      '../../etc/passwd',
      '__proto__',
      'constructor',
      '[]',
      '{}',
    ],
    ...['a'.repeat(3000), ' '.repeat(3000), '（'.repeat(300), code, code.slice(8, 17), 'WzFd', 'eyJhIjoxfQ'],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const NAMES = [
  'q',
  'region',
  'kind',
  'order',
  'cursor',
  'by',
  'from',
  'to',
  'asOf',
  'position',
  'limit',
  'since',
  'format',
  'sort',
  'page',
  'id',
  'code',
  'status',
  'grade',
  'listed',
  'theme',
  'size',
  'after',
  'year',
]

t.test('no address of any route, signed in or not, is answered with a fault of ours', async (t) => {
  const server = await testServer(t)
  const visitor = await signedIn(server, {
    login: 'zhangsan',
    roles: ['recorder', 'reviewer', 'publisher', 'auditor'],
  })
  const paths = routesOf(server.app)
    .filter(({ path, methods }) => methods.includes('GET') && !/^\/(metrics|docs)|\*/.test(path))
    .map(({ path }) => path)
  t.ok(paths.length > 150, `${paths.length} routes`)
  // The library of charts is loaded with the first of them.
  await visitor.get('/statistics/grades.svg')
  const encoded = (own: string) => encodeURIComponent(own.toWellFormed())
  const asked = fc.record({
    path: fc.constantFrom(...paths),
    parts: fc.array(value, { minLength: 3, maxLength: 3 }),
    query: fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(asked, async ({ path, parts, query }) => {
      let i = 0
      const address = path.replaceAll(/:\w+/g, () => {
        i += 1
        return encoded(parts[i % parts.length] ?? '')
      })
      const search = query.map(([name, own]) => `${name}=${encoded(own)}`).join('&')
      const answer = await soon(address.slice(0, 80), () => visitor.get(`${address}?${search}`))
      if (answer.statusCode >= 500 && answer.statusCode !== 503)
        throw new Error(`${answer.statusCode} ${address}?${search}: ${answer.body.slice(0, 300)}`)
    }),
    bounded(600),
  )
  t.pass()
})

t.test(
  'no body of a form or an upload, however it is spoilt, is answered with a fault of ours',
  async (t) => {
    const server = await testServer(t)
    const key = await server.authorization(['records:write'])
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          '--b\r\n',
          '--b--\r\n',
          '\r\n',
          '\r\n\r\n',
          '--b',
          'content-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
        ],
        ...[
          'content-disposition: form-data; name="type"\r\n\r\nenterprise',
          'content-type: text/csv\r\n',
          'content-disposition: form-data\r\n\r\n',
        ],
        ...[
          `企业名称,统一社会信用代码\n示例,${code}\n`,
          'a=1&b=%',
          'q=%E7&q',
          '\u0000',
          '='.repeat(300),
          '{"rows":[{"code":1}]}',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
    )
    const types = [
      'multipart/form-data; boundary=b',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'application/json',
      'text/csv',
      'application/x-ndjson',
      'application/jose+json',
      'text/plain',
      'multipart/form-data; boundary=',
    ]
    const sent = fc.record({
      url: fc.constantFrom(
        '/api/v1/imports?type=enterprise',
        '/api/v1/checks',
        '/check',
        '/check/record',
        '/desk/sign-in',
        '/check/again',
      ),
      type: fc.constantFrom(...types),
      pieces: fc.array(piece, { maxLength: 8 }),
    })
    await fc.assert(
      fc.asyncProperty(sent, async ({ url, type, pieces }) => {
        const headers = { 'content-type': type, ...(url.startsWith('/api/v1/imports') && key) }
        const payload = Buffer.from(pieces.join(''))
        const answer = await soon(url, () => server.app.inject({ method: 'POST', url, headers, payload }))
        if (answer.statusCode >= 500 && answer.statusCode !== 503)
          throw new Error(`${answer.statusCode} ${url}: ${answer.body.slice(0, 300)}`)
      }),
      bounded(500),
    )
    t.pass()
  },
)
