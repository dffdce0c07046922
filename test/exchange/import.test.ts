import t from 'tap'
import writeXlsx from 'write-excel-file/node'
import { reportText } from '../../src/exchange/report.ts'
import { text, workbookOf } from '../sheets/workbooks.ts'
import { shownBy, type TestRegistry, testRegistry, unifiedCode } from '../support.ts'
import { effectsOf, importing } from './importing.ts'

const codes = Array.from({ length: 30 }, (_, i) => unifiedCode(`DEM${String(i).padStart(5, '0')}`))
const HEADER = '企业名称,统一社会信用代码,成立日期,企业类型,所在地市'

const file = (parts: TestRegistry, code = codes[0] ?? '') => shownBy(parts.registry, code)

t.test('a file taken twice changes nothing the second time', async (t) => {
  const parts = await testRegistry(t)
  const csv = `${HEADER}\n${codes.map((code, i) => `示例${i}号公司,${code},2001-0${(i % 9) + 1}-02,有限责任公司,石家庄`).join('\n')}\n`
  t.match((await importing(parts, csv)).counts, { rows: 30, opened: 30, failed: 0 })
  const head = await parts.register.head()
  t.match((await importing(parts, csv)).counts, { rows: 30, unchanged: 30, failed: 0 })
  t.equal(await parts.register.head(), head)
  t.match(file(parts).enterprise, { name: '示例0号公司', region: '130102', establishedOn: '2001-01-02' })
  t.equal((await parts.registry.search({ text: '示例17号', filters: {}, limit: 5 })).hits.length, 1)
})

t.test(
  'a name that changed is a new name, a blank cell erases nothing, an older file undoes nothing',
  async (t) => {
    const parts = await testRegistry(t)
    const [code] = codes
    const first = `${HEADER}\n示例旧名公司,${code},2001-01-02,有限责任公司,石家庄\n`
    await importing(parts, first)
    t.match((await importing(parts, `${HEADER}\n示例新名公司,${code},,N/A,\n`)).counts, { updated: 1 })
    t.match(file(parts).enterprise, {
      name: '示例新名公司',
      formerNames: ['示例旧名公司'],
      establishedOn: '2001-01-02',
      legalForm: '有限责任公司',
    })
    t.match((await importing(parts, first)).counts, { unchanged: 1 }, 'the same row is never taken twice')
    t.equal(file(parts).enterprise.name, '示例新名公司')
  },
)

t.test('encodings, separators, line ends, headers of other systems', async (t) => {
  const [a, b, c, d, e] = codes
  const gb = (text: string) => Buffer.from(gb18030(text))
  for (const [what, content, code] of [
    ['GB18030', gb(`企业名称,统一社会信用代码\r\n示例公司,${a}\r\n`), a],
    ['UTF-8 with a mark', `\ufeff企业名称,统一社会信用代码\n示例公司,${b}`, b],
    ['UTF-16 with tabs', Buffer.from(`\ufeff企业名称\t统一社会信用代码\n示例公司\t${c}\n`, 'utf16le'), c],
    ['elements', `XK_XDR_MC,CF_XDR_SHXYM\n"示例,公司",${d?.toLowerCase()}\n`, d],
    ['field names', `name;uscc\n示例公司;${e?.slice(0, 2)} ${e?.slice(2)}\n`, e],
  ] as const) {
    const parts = await testRegistry(t)
    t.match((await importing(parts, content)).counts, { opened: 1, failed: 0 }, what)
    t.match(file(parts, code).enterprise.name, /^示例,?公司$/, what)
  }
})

t.test('bad rows are named with line, column, value and reason; the report, mended, is taken', async (t) => {
  const parts = await testRegistry(t)
  const [a, b, c, d] = codes
  const csv = [
    HEADER,
    `示例甲公司,${a},2001-01-02,有限责任公司,石家庄`,
    `示例乙公司,${b?.slice(0, 17)}${b?.endsWith('A') ? 'B' : 'A'},2001-01-02,有限责任公司,石家庄`,
    `示例丙公司,130100000012345,2001-01-02,有限责任公司,石家庄`,
    `=cmd()|示例丁公司,${c},2001-02-30,有限责任公司,石家庄`,
    `"示例戊公司,${d},2001-02-03,有限责任公司,石家庄`,
    `示例己公司,${codes[5]},2001/2/3,有限责任公司,月球`,
    `示例庚公司,${codes[6]},2001年2月3日,有限责任公司,石家庄,多出一栏`,
    `示例辛公司,${codes[7]},20010203,有限责任公司,石家庄`,
    '',
  ].join('\n')
  const { counts, bad, headers } = await importing(parts, csv)
  t.match(counts, { rows: 8, opened: 3, failed: 5 }, 'a place that tells nothing yields to the code')
  t.same(
    bad.map(({ line }) => line),
    [3, 4, 5, 6, 8],
  )
  t.match(bad[0]?.faults, [{ header: '统一社会信用代码', detail: /第 18 位校验码应为/ }])
  t.match(bad[1]?.faults, [{ detail: /15 位工商注册号/ }])
  t.match(bad[2]?.faults, [{ header: '成立日期', value: '2001-02-30' }])
  t.match(bad[3]?.faults, [{ detail: /引号没有成对/ }])
  t.match(file(parts, codes[5]).enterprise, { name: '示例己公司', region: '130102' })
  t.match(bad[4]?.faults, [{ detail: /本行有 6 栏/ }])
  const report = reportText(headers, bad, true)
  t.notMatch(report, /(^|\n|,)=cmd/, 'no formula')
  const mended = report
    .replace(/,\d{17}[0-9A-Z]|,91130102DEM00001\w\w/g, (wrong) =>
      wrong.includes('DEM00001') ? `,${b}` : wrong,
    )
    .replace('130100000012345', codes[8] ?? '')
    .replace('2001-02-30', '2001-02-03')
  const again = await importing(parts, mended)
  t.match(again.counts, { opened: 4, failed: 1 })
  t.equal(file(parts, c).enterprise.name, '=cmd()|示例丁公司')
})

t.test('a stray quote spoils its own line only', async (t) => {
  const parts = await testRegistry(t)
  const lines = codes
    .slice(0, 20)
    .map((code, i) => `${i === 4 || i === 11 ? '"' : ''}示例${i}公司,${code},,,`)
  const { counts, bad } = await importing(parts, [HEADER, ...lines].join('\n'))
  t.match(counts, { opened: 18, failed: 2 })
  t.same(
    bad.map(({ line }) => line),
    [6, 13],
  )
})

t.test('a quoted cell may hold separators, quotes and line breaks', async (t) => {
  const parts = await testRegistry(t)
  const csv = `企业名称,统一社会信用代码,主要产品\n示例公司,${codes[0]},"电线,""电缆""\n光缆"\n示例二公司,${codes[1]},铁\n`
  t.match((await importing(parts, csv)).counts, { opened: 2, failed: 0 })
  t.equal(file(parts).enterprise.products, '电线,"电缆"\n光缆')
})

t.test('records under their enterprise, licences open files', async (t) => {
  const parts = await testRegistry(t)
  const [a, b] = codes
  const licences = [
    'XK_XDR_MC,XK_XDR_SHXYM,XK_XKLB,XK_XKBH,XK_XKJG,XK_JDRQ,XK_YXQZI,XK_ZT,XK_NR,XK_FRDB',
    `示例甲公司,${a},工业产品生产许可证,XK06-001-00001,省局,2024/3/1,2029/2/28,1,电线电缆,示例人`,
    `,${b},工业产品生产许可证,XK06-001-00002,省局,2024/3/1,2029/2/28,1,电线电缆,`,
  ].join('\n')
  const first = await importing(parts, licences, 'licence')
  t.match(first.counts, { opened: 1, failed: 1 })
  t.match(first.bad, [{ faults: [{ detail: /补填企业名称/ }] }])
  t.match(file(parts).sections.licences, [
    { data: { kind: '全国工业产品生产许可证', validTo: '2029-02-28', status: '有效' } },
  ])
  const penalties = (fine: string) =>
    [
      'CF_XDR_MC,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,处罚程序,CF_FR_SFZ',
      `示例甲公司,${a},冀市监罚〔2026〕1号,生产不合格产品,罚款、没收违法所得,罚款,${fine},2026-09-01,省局,普通程序,`,
      `示例别的公司,${a},冀市监罚〔2026〕2号,生产不合格产品,罚款,罚款,1,2026-09-01,省局,普通程序,`,
      `示例甲公司,${a},冀市监罚〔2026〕3号,生产不合格产品,罚款,罚款,1,2026-09-01,省局,普通程序,11010519491231002X`,
    ].join('\n')
  const second = await importing(parts, penalties('1.25'), 'penalty')
  t.match(second.counts, { added: 1, failed: 2 })
  t.match(second.bad[0]?.faults, [{ detail: /不符/ }], 'a row whose name is another enterprise’s')
  t.match(second.bad[1]?.faults, [{ detail: /身份证号/ }])
  t.match(
    file(parts).sections.penalties,
    [{ data: { fine: 12_500, types: ['罚款', '没收违法所得'] } }],
    'CF_NR_FK is in 10,000 yuan',
  )
  t.match((await importing(parts, penalties('1.25'), 'penalty')).counts, { unchanged: 1 })
  t.match((await importing(parts, penalties('1.3'), 'penalty')).counts, { proposed: 1 })
  t.match(file(parts).sections.penalties, [{ data: { fine: 12_500 } }], 'until another person confirms')
  for (const [said, fine] of [
    ['1.25', '12500元'],
    ['1.3', '13000元'],
  ] as const) {
    const [first] = await effectsOf(parts, penalties(said), 'penalty')
    t.match(first, { outcome: 'unchanged' })
    const told = first?.notes.find((note) => note.includes('等待另一人确认'))
    t.ok(
      told?.includes(`罚款金额“${fine}”`),
      `a row that says ${said} is told that a proposal waits: ${told}`,
    )
    t.notOk(told?.includes('处罚决定日期'), 'and of nothing else')
  }
})

t.test('a row about a firm is told of what waits upon what it says', async (t) => {
  const parts = await testRegistry(t)
  const [code = ''] = codes
  const named = (name: string) => `企业名称,统一社会信用代码,成立日期\n${name},${code},2001-01-02\n`
  await importing(parts, named('示例甲公司'))
  const change = { enterprise: { name: '示例甲集团公司' }, reason: '更名' }
  const waits = {
    id: 'p1',
    act: 'change-file',
    on: {},
    input: change,
    saw: 1,
    why: '公开',
    by: 'officer/zhangsan',
  }
  await parts.writer.append({
    drafts: [
      {
        subject: code.slice(8, 17),
        kind: 'act.proposed',
        payload: waits,
        visibility: 'internal',
        author: { authority: '省局', officer: '张三' },
      },
    ],
    expect: new Map([[code.slice(8, 17), 1]]),
    command: 'officer/zhangsan/form/1',
  })
  const [first] = await effectsOf(parts, named('示例甲公司'))
  t.match(first, {
    outcome: 'unchanged',
    notes: [/正在等待另一人确认，涉及本行写明的企业名称“示例甲公司”；/],
  })
})

t.test('what two persons are waited for is told beside what was understood of the row', async (t) => {
  const parts = await testRegistry(t)
  const table = (fine: string) =>
    `企业名称,统一社会信用代码,处罚决定书文号,处罚决定日期,处罚机关,处罚程序,违法行为类型,处罚种类,处罚内容,罚款金额\n示例甲公司,${codes[0]},1号,2026-03-02,省局,普通程序,生产不合格产品,罚款,\u200b罚款若干,${fine}\n`
  await importing(parts, `企业名称,统一社会信用代码\n示例甲公司,${codes[0]}\n`)
  t.match((await importing(parts, table('20000'), 'penalty')).counts, { added: 1 })
  t.match((await importing(parts, table('30000'), 'penalty')).counts, { proposed: 1 })
  const [again] = await effectsOf(parts, table('30000'), 'penalty')
  t.match(again, { outcome: 'unchanged', notes: [/处罚内容：/, /等待另一人确认/] })
})

t.test('a refused row of one of two sheets is named by its sheet', async (t) => {
  const parts = await testRegistry(t)
  const sheet = (name: string, code: string) => ({
    name,
    xml: `<row>${text('企业名称')}${text('统一社会信用代码')}</row><row>${text('示例公司')}${text(code)}</row>`,
  })
  const upload = await workbookOf({ sheets: [sheet('甲', codes[0] ?? ''), sheet('乙', '130100000012345')] })
  const { bad } = await importing(parts, upload, 'enterprise', { sheets: ['甲', '乙'] })
  t.same(
    bad.map(({ at }) => at),
    ['“乙”第 2 行'],
  )
  const alone = await importing(parts, `企业名称,统一社会信用代码\n示例公司,130100000012345\n`)
  t.same(
    alone.bad.map(({ line, at }) => [line, at]),
    [[2, undefined]],
  )
})

t.test('two enterprises under one organisation code are a fault of the row that names both', async (t) => {
  const parts = await testRegistry(t)
  const other = unifiedCode('DEM00000', '130202')
  const { counts, bad } = await importing(
    parts,
    `企业名称,统一社会信用代码\n示例甲公司,${codes[0]}\n示例乙公司,${other}\n`,
  )
  t.match(counts, { opened: 1, failed: 1 })
  t.match(bad[0]?.faults[0]?.detail, /示例甲公司.*示例乙公司/)
})

t.test('XLSX with dates and numbers', async (t) => {
  const parts = await testRegistry(t)
  const xlsx = await workbook([
    ['企业名称', '统一社会信用代码', '成立日期'],
    ['示例公司', codes[0] ?? '', new Date('2003-04-18T00:00:00Z')],
  ])
  t.match((await importing(parts, xlsx)).counts, { opened: 1 })
  t.equal(file(parts).enterprise.establishedOn, '2003-04-18')
})

t.test('files that are no table', async (t) => {
  const parts = await testRegistry(t)
  const refused = async (what: string, content: string | Buffer, reason: RegExp, type?: string) => {
    await t.rejects(importing(parts, content, type), { name: 'BadTable', message: reason }, what)
  }
  await refused('empty', '', /空/)
  await refused('no code', '名称,日期\n示例,2001-01-01\n', /没有“统一社会信用代码”/)
  await refused('a column missing', `统一社会信用代码,文号\n${codes[0]},1\n`, /缺少必填栏/, 'penalty')
  await refused('two columns alike', `企业名称,名称,统一社会信用代码\n`, /含义相同/)
  await refused('broken XLSX', Buffer.from('PK\u0003\u0004broken'), /XLSX/)
  await refused('old Excel', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xls/)
  await refused('binary', Buffer.from([0, 1, 2, 3, 0, 0, 255, 254]), /./)
  t.equal(await parts.register.head(), 0)
})

t.test('ten megabytes of one line', async (t) => {
  const parts = await testRegistry(t)
  const csv = `企业名称,统一社会信用代码\n${'长'.repeat(3_500_000)}\n示例公司,${codes[0]}\n`
  const { counts, bad } = await importing(parts, csv)
  t.match(counts, { opened: 1, failed: 1 })
  t.match(bad[0]?.faults[0]?.detail, /超过 65536/)
})

t.test('rows of one file about one enterprise build on each other', async (t) => {
  const parts = await testRegistry(t)
  const csv = `企业名称,统一社会信用代码\n示例甲公司,${codes[0]}\n示例乙公司,${codes[0]}\n示例丙公司,${codes[0]}\n`
  t.match((await importing(parts, csv)).counts, { opened: 1, updated: 2 })
  t.same(file(parts).enterprise.formerNames, ['示例甲公司', '示例乙公司'])
})

async function workbook(rows: (string | Date)[][]): Promise<Buffer> {
  return writeXlsx(
    rows.map((row) =>
      row.map((value) => (value instanceof Date ? { value, format: 'yyyy-mm-dd' } : { value })),
    ),
  ).toBuffer()
}

/** GB18030 bytes of a text, by asking the decoder for each pair of bytes what it means. */
function gb18030(text: string): number[] {
  const decoder = new TextDecoder('gb18030')
  const bytes = new Map<string, number[]>()
  for (let high = 0x81; high <= 0xfe; high += 1)
    for (let low = 0x40; low <= 0xfe; low += 1) {
      const pair = [high, low]
      bytes.set(decoder.decode(Uint8Array.from(pair)), pair)
    }
  return Array.from(text).flatMap((character) => {
    const code = character.charCodeAt(0)
    return code < 0x80 ? [code] : (bytes.get(character) ?? [])
  })
}
