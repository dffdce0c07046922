import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { read, utils } from '@e965/xlsx'
import t, { type Test } from 'tap'
import { writable } from '../../src/codes/characters.ts'
import { xlsxOf } from '../../src/exchange/export.ts'
import { textOf } from '../../src/sheets/cell.ts'
import { openTable } from '../../src/sheets/open.ts'
import { bounded, fc } from '../properties.ts'
import { temporaryFolder } from '../support.ts'

const written = (texts: readonly string[], label = '内容', title = '往返') =>
  xlsxOf({ title, columns: [{ field: 'text', label }], rows: texts.map((text) => ({ text })) })

/** The first column of a workbook, its heading first, as our own reader has it. */
async function readHere(t: Test, workbook: Buffer): Promise<string[]> {
  const path = join(temporaryFolder(t), 'table.xlsx')
  writeFileSync(path, workbook)
  const file = await openTable(path)
  const texts: string[] = []
  for await (const { rows } of file.sheets[0]?.parts() ?? [])
    texts.push(...rows.map(({ cells: [cell = ''] }) => textOf(cell)))
  await file.close()
  return texts
}

/** The same as a spreadsheet program's library has it. */
function readElsewhere(workbook: Buffer): unknown[] {
  const { Sheets, SheetNames } = read(workbook)
  const sheet = Sheets[SheetNames[0] ?? '']
  return sheet ? utils.sheet_to_json<unknown[]>(sheet, { header: 1 }).map(([cell]) => cell) : []
}

/** Each spells something else to whoever opens a workbook, unless it is written as what it is. */
const SPELT = [
  '_x0039_',
  '13010219_x0039_001011237',
  '转义_x202E_司公限有_x0000_有限公司',
  '_xD800_',
  '_x005F_',
  '_x005F_x0039_',
  '_x0041_x0042_',
  '_x0041__x0042_',
  '__x0041__',
  '_x_x0041_',
  '_xabcd_',
  '_XABCD_',
  '_x123_',
  '_x202E\r一',
  '_x0039\r\n_x0039',
  '一\r二',
  '一\r\n二\n三',
  '=1+1',
  '<t>&amp;_x0041_</t>',
]

t.test('no text spells another one in a workbook: in a cell, a heading, the title of a sheet', async (t) => {
  const workbook = await written(SPELT)
  t.same(await readHere(t, workbook), ['内容', ...SPELT])
  // That library takes any line end for one.
  t.same(readElsewhere(workbook), ['内容', ...SPELT.map((text) => text.replaceAll('\r\n', '\n'))])
  for (const text of SPELT.filter((text) => !/[\r\n&<]/.test(text)))
    t.same(await readHere(t, await written(['值'], text)), [text, '值'])
  const { SheetNames } = read(await written([], '内容', '表_x0039_'))
  t.not(SheetNames[0], '表9')
})

const piece = fc.oneof(
  fc.constantFrom('_', 'x', '_x', '0039', '_x0039_', '005F', '202E', 'd800', '\r', '\n', '&#57;', '<', '中'),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const someTexts = fc.array(
  fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => `·${pieces.join('')}·`),
  { minLength: 1, maxLength: 20 },
)

t.test('what is written is what is read', async (t) => {
  await fc.assert(
    fc.asyncProperty(someTexts, async (texts) => {
      const workbook = await written(texts)
      const want = ['内容', ...texts.map(writable)]
      const here = await readHere(t, workbook)
      const different = want.findIndex((text, i) => text !== here[i])
      if (different >= 0) throw new Error(JSON.stringify([want[different], here[different]]))
    }),
    bounded(150),
  )
  t.pass()
})
