import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { Mending } from '../../src/exchange/upload.ts'
import { inspection } from '../../src/records/inspection.ts'
import { shownBy, testRegistry } from '../support.ts'
import { importing, openFirms, previewing } from './importing.ts'

/** A file as people in this field really have them, with invented firms (`test/exchange/cases`). */
const inCase = (name: string) => ({ path: new URL(`cases/${name}`, import.meta.url).pathname })

/** Firms that a table names by code and name, for opening their files beforehand. */
function firmsIn(name: string): (readonly [string, string])[] {
  const lines = readFileSync(inCase(name).path, 'utf8').split('\n')
  const firms = lines.flatMap((line) => {
    const cells = line.split(',')
    const code = cells.findIndex((cell) => /^9113\d{4}[0-9A-Z]{10}$/.test(cell))
    const named = cells.find((cell) => /(公司|厂)$/.test(cell))
    return code < 0 || named === undefined ? [] : [[cells[code] ?? '', named] as const]
  })
  return Array.from(new Map(firms))
}

async function taking(t: Test, name: string, type = 'enterprise', made: Partial<Mending> = {}) {
  const parts = await testRegistry(t)
  if (type !== 'enterprise' && name.endsWith('.csv')) await openFirms(parts, firmsIn(name))
  const preview = await previewing(parts, inCase(name), type, made)
  const done = await importing(parts, inCase(name), type, made).catch((error: Error) => ({
    refused: error.message,
    counts: { rows: 0, failed: 0 },
    bad: [],
  }))
  if (preview.problem === undefined)
    t.match(preview.counts, done.counts, 'the preview says what the import does')
  for (const { count, code } of preview.reasons)
    t.ok(count <= preview.counts.failed, `a row counts once for ${code}`)
  const file = (code: string) => shownBy(parts.registry, code)
  const records = (code: string) => parts.registry.files.byCode(code).records.map(({ data }) => data)
  return { parts, preview, done, file, records }
}

t.test('01, 02: identity numbers and placeholders are no codes', async (t) => {
  const identity = await taking(t, '01-identity-number-as-code.csv')
  t.match(identity.done.counts, { opened: 0, failed: 1 })
  t.match(identity.done.bad, [{ faults: [{ header: '统一社会信用代码', detail: /身份证/ }] }])
  const zeros = await taking(t, '02-zeros-as-code.csv')
  t.match(zeros.done.counts, { opened: 0, failed: 2 })
})

t.test('18: places by their former names, without their province, told apart by the code', async (t) => {
  const { done, preview, parts } = await taking(t, '18-old-region-names.csv')
  t.match(done.counts, { rows: 11, opened: 11, failed: 0 })
  const places = Array.from(
    { length: 11 },
    (_, i) => preview.good[i]?.changes.find(({ label }) => label === '行政区划')?.after,
  )
  t.match(places.slice(0, 10), [
    '130110', // 鹿泉市 → 鹿泉区
    '130109', // 藁城市 → 藁城区
    '130109', // 130182
    '130111', // 栾城县 → 栾城区
    '130609', // 徐水县 → 徐水区
    '130408', // 永年县 → 永年区
    '131103', // 冀州市 → 冀州区
    '130505', // 任县 → 任泽区
    '130104', // 石家庄市桥西区
    '130104', // 桥西区
  ])
  t.ok(parts.registry.count() === 11)
})

t.test('06: a code that the spreadsheet took for a number has lost its digits', async (t) => {
  const { done } = await taking(t, '06-code-as-number.xlsx')
  t.match(done.counts, { opened: 0, failed: 2 })
  for (const { faults } of done.bad)
    t.match(faults, [{ code: 'digits-lost', header: '统一社会信用代码', detail: /丢失了数字/ }])
})

for (const [name, code, day] of [
  ['08-libreoffice-1904.xlsx', '91130104MM0000051P', '2012-03-27'],
  ['28-date-serial.xlsx', '91130108MN0000493L', '2012-03-27'],
  ['32-sheetjs-43-seconds.xlsx', '91130102MC0000469Q', '2012-03-27'],
] as const)
  t.test(`${name}: the day that was meant`, async (t) => {
    const { done, file } = await taking(t, name)
    t.match(done.counts, { opened: 1, failed: 0 })
    t.equal(file(code).enterprise.establishedOn, day)
  })

t.test('39: a day that stands at 16:00 is taken, with a warning that names the next', async (t) => {
  const { preview } = await taking(t, '39-exceljs-utc-shift.xlsx')
  t.match(preview, { noted: 1, good: [{ notes: [/2012-03-26 16:00.*2012-03-27/] }] })
})

t.test('10: one cut character spoils its row, not the file', async (t) => {
  const { done, file } = await taking(t, '10-utf8-one-cut-character.csv')
  t.match(done.counts, { opened: 1, failed: 1 })
  t.match(done.bad, [{ line: 3, faults: [{ detail: /第 3 栏含有无法识别的字节/ }] }])
  t.equal(file('91130102ME00000797').enterprise.name, '河北截断一厂')
})

t.test('12: an error cell refuses its row', async (t) => {
  const parts = await testRegistry(t)
  await openFirms(parts, [['91130108MN0000020D', '河北错误厂']])
  const { counts, bad } = await importing(parts, inCase('12-error-cell-fine.xlsx'), 'penalty')
  t.match(counts, { added: 0, failed: 1 })
  t.match(bad, [{ faults: [{ header: '罚款金额', value: '#VALUE!', detail: /错误值 #VALUE!/ }] }])
})

t.test('13: the visible sheet is read, the hidden one shown', async (t) => {
  const { preview, file } = await taking(t, '13-hidden-first-sheet.xlsx')
  t.match(preview, {
    chosen: ['S2'],
    sheets: [
      { name: 'S1', hidden: true },
      { name: 'S2', hidden: false },
    ],
  })
  t.equal(file('91130102MD0000120R').enterprise.address, '新')
})

t.test('15: data on two sheets is put before the officer, and read where both are named', async (t) => {
  const { preview, done } = await taking(t, '15-second-sheet-ignored.xlsx')
  t.match(preview.problem, /2 个工作表含有数据，请指明导入哪一个/)
  t.match(done, { refused: /请指明/ })
  const sheets = preview.sheets.map(({ name }) => name)
  const both = await taking(t, '15-second-sheet-ignored.xlsx', 'enterprise', { sheets })
  t.match(both.done.counts, { failed: 0 })
  t.ok(both.done.counts.rows >= 2)
  const [first = ''] = sheets
  const one = await taking(t, '15-second-sheet-ignored.xlsx', 'enterprise', { sheets: [first] })
  t.ok(one.done.counts.rows < both.done.counts.rows)
  const other = await taking(t, '15-second-sheet-ignored.xlsx', 'enterprise', { sheets: ['没有的'] })
  t.match(other.done, { refused: /没有名为“没有的”的工作表/ })
})

t.test('16: the site’s own export is read', async (t) => {
  const { preview } = await taking(t, '16-own-export.xlsx')
  t.equal(preview.problem, undefined)
  t.ok(preview.counts.opened > 150, `${preview.counts.opened} rows`)
  t.same(
    preview.columns.filter(({ meaning }) => meaning === null).map(({ header }) => header),
    [],
    'it knows its own columns',
  )
})

t.test('19: kinds of penalty as the exchange form has them', async (t) => {
  const name = '19-shuanggongshi-penalty.csv'
  const { done, preview, records } = await taking(t, name, 'penalty')
  t.match(done.counts, { rows: 8, added: 4, failed: 4 })
  t.match(records('91130102MH00000298'), [{ types: ['没收违法所得', '没收非法财物'] }])
  t.match(records('91130102MH0000045X'), [{ types: ['通报批评'] }], '其他-通报批评')
  t.match(preview.words, [
    {
      field: 'types',
      word: '暂扣或者吊销许可证、暂扣或者吊销执照',
      count: 1,
      candidates: ['暂扣许可证件', '吊销许可证件'],
    },
    { word: '行政拘留' },
    { word: '1' },
  ])
  t.match(
    done.bad.flatMap(({ faults }) => faults),
    [{ code: 'word' }, { code: 'word' }, { code: 'word' }, { code: 'money', detail: /最多两位小数/ }],
  )
  const words = { types: { '暂扣或者吊销许可证、暂扣或者吊销执照': ['吊销许可证件'], '1': ['罚款'] } }
  const answered = await taking(t, name, 'penalty', { words })
  t.match(answered.done.counts, { added: 6, failed: 2 })
  t.match(answered.records('91130102MH00000373'), [{ types: ['吊销许可证件'] }])
})

t.test('20: kinds, states and ends of licences as the exchange form has them', async (t) => {
  const name = '20-shuanggongshi-licence.csv'
  const { done, preview, records } = await taking(t, name, 'licence')
  t.match(done.counts, { rows: 8, added: 6, failed: 2 })
  const [ordinary] = records('91130102MH0000010B')
  t.match(ordinary, { kind: '全国工业产品生产许可证', status: '有效' })
  t.notOk(ordinary && 'validTo' in ordinary, '2099-12-31 is no end')
  t.match(preview.words, [
    { field: 'status', word: '2', candidates: ['撤销', '注销', '吊销', '过期', '暂停'] },
    { field: 'status', word: '0' },
  ])
  const words = { status: { '2': ['注销'], '0': ['有效'] } }
  t.match((await taking(t, name, 'licence', { words })).done.counts, { added: 8, failed: 0 })
})

for (const [name, code, firm] of [
  ['22-cr-only.csv', '91130102ME0000140X', '河北回车厂'],
  ['25-sep-line.csv', '91130102ME00001248', '河北分号厂'],
  ['26-excel-text-formula.csv', '91130108MN00004694', '河北等号厂'],
  ['35-html-named-xls.xls', '91130102ME0000212N', '河北网页厂'],
  ['63-excel-97.xls', '91130102MA00063109', '示例甲六三制品有限公司'],
  ['24-guide-sheet-first.xlsx', '91130102MD0000139N', '河北第二表厂'],
  ['36-utf-16be.csv', '91130102ME0000028Y', '河北大端厂'],
] as const)
  t.test(`${name}: read`, async (t) => {
    const { done, file } = await taking(t, name)
    t.equal(done.counts.failed, 0)
    t.match(file(code).enterprise.name, firm)
  })

t.test('30: a password is called what it is', async (t) => {
  t.match((await taking(t, '30-encrypted-workbook.xlsx')).done, { refused: /有密码/ })
})

t.test('44, 45: sums in 万元 are yuan, exactly', async (t) => {
  const heading = await taking(t, '44-heading-in-wan.csv', 'penalty')
  t.match(heading.records('91130102MA0004411K'), [{ fine: 27_000 }])
  const cell = await taking(t, '45-sum-with-unit.csv', 'penalty')
  t.match(cell.records('91130102MA0004518Y'), [{ fine: 58_300 }])
})

t.test('53: what a notice has told is public from its day', async (t) => {
  const { records } = await taking(t, '53-notice-as-ground.csv', 'inspection')
  const [sample = {}] = records('91130102MA0005318T')
  t.match(sample, { noticeNo: '示例省局通告2026年第4号', noticedOn: '2026-05-20' })
  t.match(inspection.publication(sample), { public: true, from: '2026-05-20' })
})

t.test('46: code of one firm and nominal producer of another', async (t) => {
  const parts = await testRegistry(t)
  await openFirms(parts, [['91130102MA00046148', '示例甲四六制品有限公司']])
  const { counts, bad } = await importing(parts, inCase('46-nominal-producer-differs.csv'), 'inspection')
  t.match(counts, { added: 0, failed: 1 })
  t.match(bad, [{ faults: [{ detail: /标称生产企业“示例乙四六制品有限公司”不符/ }] }])
})

t.test('48: a state written as a number is asked once, and never 有效', async (t) => {
  const { done, preview } = await taking(t, '48-state-as-number.csv', 'licence')
  t.match(done.counts, { added: 0, failed: 1 })
  t.match(preview.words, [{ field: 'status', label: '许可状态', word: '2', count: 1 }])
})

t.test('49: three products under one number are one licence with all three', async (t) => {
  const { done, preview, records } = await taking(t, '49-products-under-one-licence.csv', 'licence')
  t.match(done.counts, { rows: 3, added: 3, failed: 0 })
  t.match(records('91130102MA00049136'), [{ product: '直角扣件；旋转扣件；对接扣件' }])
  t.match(preview.good, [{ notes: [/3 行并为一条记录/] }, {}, {}])
})

t.test('41: two samples that differ by their specification are two', async (t) => {
  const { done, records } = await taking(t, '41-samples-by-specification.csv', 'inspection')
  t.match(done.counts, { added: 2, failed: 0 })
  t.match(records('91130102MA0004112M'), [
    { specification: '0.01mm', outcome: '不合格', failedItems: '厚度' },
    { specification: '0.02mm', outcome: '合格' },
  ])
})

t.test('42: rows of one sample are its items, each with value and standard', async (t) => {
  const { done, records } = await taking(t, '42-row-per-failing-item.csv', 'inspection')
  t.match(done.counts, { rows: 2, added: 2, failed: 0 })
  const sample = records('91130102MA00042191')
  t.equal(sample.length, 1)
  t.match(sample, [
    {
      product: '示例糕',
      sampleNo: 'S42001',
      failedItems: '菌落总数；霉菌',
      items: [
        { name: '菌落总数', measured: '2.2×10⁵CFU/g', standard: '≤10⁵CFU/g', verdict: '不合格' },
        { name: '霉菌', measured: '300CFU/g', standard: '≤150CFU/g', verdict: '不合格' },
      ],
    },
  ])
})

t.test('43: a product is known under its other headings', async (t) => {
  const { records } = await taking(t, '43-food-name-heading.csv', 'inspection')
  t.same(
    records('91130102MA0004315A').map(({ product }) => product),
    ['示例蛋糕', '示例面包', '示例饼干'],
  )
})

t.test('58: 检验结果 may hold a measured value, and a failing item tells the outcome', async (t) => {
  const { records } = await taking(t, '58-measured-values.csv', 'inspection')
  t.match(records('91130102MA000581X8'), [
    {
      outcome: '不合格',
      failedItems: '二氧化硫残留量',
      items: [{ name: '二氧化硫残留量', measured: '0.79g/kg', standard: '≤0.2g/kg', verdict: '不合格' }],
    },
  ])
})

t.test('59: item, value and standard in one cell', async (t) => {
  const { records } = await taking(t, '59-item-value-standard-in-one.csv', 'inspection')
  t.match(records('91130102MA0005916N'), [
    {
      outcome: '不合格',
      batch: '2026-01-28',
      madeOn: '2026-01-28',
      area: '食品',
      failedItems: '霉菌；酸价(以脂肪计)',
      items: [
        { name: '霉菌', measured: '2.2×10²CFU/g', standard: '≤25CFU/g' },
        { name: '酸价(以脂肪计)', measured: '3.9mg/g', standard: '≤3mg/g' },
      ],
    },
  ])
})

t.test('51: 见附件 and 无 are no document numbers', async (t) => {
  const { done } = await taking(t, '51-no-number.csv', 'penalty')
  t.match(done.counts, { added: 0, failed: 2 })
  t.match(done.bad, [
    { faults: [{ detail: /“见附件”不是文号/ }] },
    { faults: [{ detail: /处罚决定书文号：必填/ }] },
  ])
})

t.test(
  '52: a confirmed counterfeit is put forward with its remark, and never the named firm’s failing',
  async (t) => {
    const { done, records, preview } = await taking(t, '52-remark-counterfeit.csv', 'inspection')
    t.match(done.counts, { added: 0, proposed: 1, failed: 0 })
    t.match(preview.good, [
      {
        notes: [/“经核实为假冒产品”理解为：标称异议：经核实为假冒/, /确认后才生效/],
      },
    ])
    t.same(records('91130102MA0005211F'), [], 'it stands once a second person has confirmed it')
  },
)

t.test('56: a year is a year, and no day of it', async (t) => {
  const { done, records, parts } = await taking(t, '56-award-by-year.csv', 'award')
  t.match(done.counts, { added: 1, failed: 0 })
  const [stood = {}] = records('91130102MA0005617Q')
  t.match(stood, { kind: '政府质量奖', level: '省', grantedOn: '2017' })
  const before = readFileSync(inCase('56-award-by-year.csv').path, 'utf8')
  const again = async (year: string) => (await importing(parts, before.replace('2017', year), 'award')).counts
  t.match(await again('2017'), { unchanged: 1 })
  t.match(await again('2017年度'), { unchanged: 1 }, 'the same year')
  t.match(await again('2017年9月12日'), { proposed: 1 }, 'the day became known: two persons, as it is public')
  t.match(await again('2018年9月12日'), { added: 1 }, 'another year is another award')
  t.match(await again('2018年9月'), { unchanged: 1 }, 'a day that is known is not lost again')
  t.match(await again('2018'), { unchanged: 1 })
  t.match(await again('2018-10'), { added: 1 }, 'another month is another award')
  t.same(
    records('91130102MA0005617Q').map(({ grantedOn }) => grantedOn),
    ['2017', '2018-09-12', '2018-10'],
  )
})

t.test('54: the national form of penalties', async (t) => {
  const { done, preview, records } = await taking(t, '54-national-penalty-form.csv', 'penalty')
  t.match(done.counts, { added: 1, failed: 0 })
  t.match(records('91130102MA00054144'), [
    { fine: 20_000, confiscatedIncome: 3_500, types: ['罚款', '没收违法所得'] },
  ])
  t.same(
    preview.columns.filter(({ meaning }) => meaning === null).map(({ header }) => header),
    [],
    'each of its headings is known',
  )
})

t.test('65: notes under the table are passed over, and said once', async (t) => {
  const { done, preview } = await taking(t, '65-notes-under-table.csv', 'inspection')
  t.match(done.counts, { rows: 1, added: 1, failed: 0 })
  t.match(preview.passed, { count: 2, first: [{ line: 3, why: 'note', text: /本表所列/ }, { line: 5 }] })
})
