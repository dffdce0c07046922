import t from 'tap'
import { bounded } from '../../src/sheets/bounded.ts'
import { BadTable, type TableFile, type TableRow } from '../../src/sheets/table.ts'

const MOST = { row: 10, sheet: 25 }

/** A file with one sheet of these rows, each a part of its own. */
function fileOf(rows: readonly TableRow[]): TableFile {
  async function* parts() {
    for (const row of rows) yield { rows: [row], read: 1 }
  }
  return { format: 'xlsx', sheets: [{ name: '表', hidden: false, parts }], close: async () => undefined }
}

async function read(rows: readonly TableRow[]): Promise<TableRow[]> {
  const [sheet] = bounded(fileOf(rows), MOST.sheet, MOST.row).sheets
  const found: TableRow[] = []
  for await (const part of sheet?.parts() ?? []) found.push(...part.rows)
  return found
}

const row = (line: number, ...cells: TableRow['cells']): TableRow => ({ line, cells })

t.test('a row of as many characters as may be is whole, one more is passed over and said', async (t) => {
  const number = { is: 'number', digits: '12345678901234567890' } as const
  t.same(await read([row(1, 'a'.repeat(4), 'b'.repeat(6))]), [row(1, 'aaaa', 'bbbbbb')])
  t.same(await read([row(1, 'a'.repeat(10), number)]), [row(1, 'a'.repeat(10), number)], 'of texts')
  const [long, next] = await read([row(1, 'a'.repeat(5), 'b'.repeat(6)), row(2, 'c')])
  t.same(long, { line: 1, cells: [], fault: '本行各栏合计 11 个字符，超过 10 的上限。' })
  t.same(next, row(2, 'c'), 'and those after it are read')
  const known = { ...row(1, 'a'.repeat(11)), fault: '坏' }
  t.match(await read([known]), [{ cells: [], fault: '坏' }], 'what was wrong before stays said')
})

t.test('a sheet of as many characters as may be is read to its end, one of more is refused', async (t) => {
  const rows = (last: number) => [row(1, 'a'.repeat(10)), row(2, 'b'.repeat(10)), row(3, 'c'.repeat(last))]
  t.equal((await read(rows(5))).length, 3)
  await t.rejects(
    read(rows(6)),
    new BadTable(
      '工作表中的文字合计超过 25 个字符（同一段文字在许多单元格中重复的，逐格计算）；请删去无关的栏，或拆成几份导入。',
    ),
  )
  await t.rejects(read([...rows(5), row(4, 'a')]), BadTable)
  await t.rejects(read([row(1, 'a'.repeat(26))]), BadTable, 'those of rows that are passed over count')
})
