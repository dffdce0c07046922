import t from 'tap'
import { rowsApart, setsUnder } from '../../src/exchange/side-by-side.ts'
import { textRow, workbookOf } from '../sheets/workbooks.ts'
import { shownBy, testRegistry, unifiedCode } from '../support.ts'
import { importing } from './importing.ts'

const codes = Array.from({ length: 7 }, (_, i) => unifiedCode(`DEM${String(i).padStart(5, '0')}`))
const firm = (i: number) => `示例${'甲乙丙丁戊己庚'[i]}公司,${codes[i]}`

t.test('headings that are said again at one distance make sets of columns', async (t) => {
  for (const [headings, width, count] of [
    ['序号,企业名称,序号,企业名称', 2, 2],
    ['企业名称,企业名称,企业名称', 1, 3],
    ['序号,企业名称,代码,,序号,企业名称,代码', 4, 2],
    ['序号,企业 名称,序号,企业名称,,', 2, 2],
  ] as const)
    t.same(setsUnder(headings.split(',')), { width, count }, headings)
  for (const headings of [
    '序号,企业名称',
    '序号,企业名称,序号',
    '序号,企业名称,序号,单位名称',
    '企业名称,代码,名称,代码',
    ',企业名称,,企业名称',
    '',
  ])
    t.equal(setsUnder(headings.split(',')), undefined, headings)
})

t.test('a row of the sheet is as many as its sets hold anything, each with its place', async (t) => {
  const sets = { width: 2, count: 2 }
  const apart = (cells: string[], line = 5) =>
    rowsApart({ line, cells }, sets).map((row) => [row.line, row.cells, row.at])
  t.same(apart(['1', '甲', '2', '乙']), [
    [9, ['1', '甲'], '第 5 行第 1 组'],
    [10, ['2', '乙'], '第 5 行第 2 组'],
  ])
  t.same(apart(['1', '甲', '', '']), [[9, ['1', '甲'], '第 5 行第 1 组']])
  t.equal(apart(['1', '甲', '2', '']).length, 1, 'numbered in advance')
  t.equal(apart(['1', '甲', '乙', '']).length, 2)
  t.equal(rowsApart({ line: 5, cells: ['12', '34'] }, { width: 1, count: 2 }).length, 2, 'all that it says')
  t.same(
    apart(['', '', '2', '乙']).map(([line]) => line),
    [9, 10],
  )
  t.same(
    apart(['1', '甲', '2', '乙', '多']).at(-1),
    [10, ['2', '乙', '多'], '第 5 行第 2 组'],
    'nothing is cut',
  )
  t.same(apart(['序号', '企业名称', '序号', '企业名称']), [[9, ['序号', '企业名称'], '第 5 行第 1 组']])
  t.match(rowsApart({ line: 2, cells: ['a', 'b', 'c', 'd'], merged: { 1: 2, 2: 1 }, hidden: true }, sets), [
    { merged: { 1: 2 }, hidden: true },
    { merged: { 0: 1 }, hidden: true },
  ])
  t.same(rowsApart({ line: 3, cells: [], fault: '坏' }, sets), [
    { line: 5, cells: [], fault: '坏', at: '第 3 行' },
  ])
})

t.test('a list whose other half stands beside it goes in whole', async (t) => {
  const head = '序号,企业名称,统一社会信用代码'
  const rows = [0, 1, 2].map((i) => `${i + 1},${firm(i)},,${i + 5},${i < 2 ? firm(i + 4) : ','}`)
  const table = [
    '河北省企业名录',
    `${head},,${head}`,
    ...rows,
    `4,${firm(3)},,,,`,
    '注：以上排名不分先后',
  ].join('\n')
  const parts = await testRegistry(t)
  const { counts, bad } = await importing(parts, table)
  t.match(counts, { rows: 6, opened: 6, failed: 0 }, JSON.stringify(bad))
  for (const i of [0, 1, 2, 3, 4, 5])
    t.equal(shownBy(parts.registry, codes[i] ?? '').enterprise.name, `示例${'甲乙丙丁戊己'[i]}公司`)
  t.match((await importing(parts, table)).counts, { rows: 6, unchanged: 6 }, 'and once')
})

t.test(
  'what is wrong in a half is told of by its row and half; the row of headings may be said',
  async (t) => {
    const parts = await testRegistry(t)
    const head = '企业名称,统一社会信用代码'
    const wrong = '示例庚公司,130100000012345'
    const table = `名录\n${head},${head}\n${firm(0)},${firm(1)}\n${firm(2)},${wrong}\n`
    for (const made of [{}, { headerRow: 2 }]) {
      const { bad, counts } = await importing(parts, table, 'enterprise', made)
      t.match(counts, { rows: 4, failed: 1 })
      t.match(bad, [{ at: '第 4 行第 2 组', line: 8 }])
    }
    const sheet = (name: string, i: number) => ({
      name,
      xml: textRow(`${head},${head}`) + textRow(`${firm(i)},${wrong}`),
    })
    const upload = await workbookOf({ sheets: [sheet('上', 3), sheet('下', 4)] })
    const two = await importing(parts, upload, 'enterprise', { sheets: ['上', '下'] })
    t.same(
      two.bad.map(({ at }) => at),
      ['“上”第 2 行第 2 组', '“下”第 2 行第 2 组'],
    )
    t.match(two.counts, { rows: 4, opened: 2, failed: 2 })
  },
)

t.test('awards in halves', async (t) => {
  const parts = await testRegistry(t)
  await importing(parts, `企业名称,统一社会信用代码\n${[0, 1, 2].map(firm).join('\n')}\n`)
  const head = '序号,企业名称,统一社会信用代码,获奖名称'
  const table = `${head},${head}\n1,${firm(0)},河北省名牌产品,2,${firm(1)},河北省名牌产品\n3,${firm(2)},河北省名牌产品,,,,\n`
  const constants = { 授予机关: '河北省人民政府', 授予日期: '2025-12-01', 级别: '省级' }
  t.match((await importing(parts, table, 'award', { constants })).counts, { rows: 3, added: 3, failed: 0 })
})
