import { type CsvReader, csvHeading, csvLines, type TableColumn } from '../exchange/export.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { enterprise } from '../records/catalogue.ts'
import { sights } from '../records/sight.ts'
import { CopyDatabase, type Told } from './database.ts'
import { LineFile, type WrittenFile } from './written.ts'

const PLACE = [
  { field: 'orgCode', label: '档案编号' },
  { field: 'id', label: '编号' },
]

/** Columns of what is no record. */
const OTHERS: Readonly<Record<string, readonly TableColumn[]>> = {
  rating: [
    { field: 'standard', label: '标准' },
    { field: 'on', label: '评价日期' },
    { field: 'grade', label: '等级' },
    { field: 'inForce', label: '现行' },
    { field: 'authority', label: '评定机关' },
  ],
  listing: [
    { field: 'ground', label: '列入情形' },
    { field: 'basis', label: '依据' },
    { field: 'decisionNo', label: '决定文号' },
    { field: 'decidedOn', label: '决定日期' },
    { field: 'authority', label: '列入机关' },
    { field: 'from', label: '列入日期' },
    { field: 'until', label: '期满日期' },
  ],
}

/** A copy's tables: one CSV file for each kind of thing, with the columns that its audience may see, and a database with all of them. */
export class CopyTables {
  readonly #files: ReadonlyMap<string, { file: LineFile; columns: readonly TableColumn[] }>
  readonly #database: CopyDatabase
  readonly #reader: CsvReader

  constructor(folder: string, told: Told, { kinds }: Catalogue) {
    const { audience } = told
    // Open data is opened in spreadsheets, too; the platform stores what it takes.
    this.#reader = audience === 'public' ? 'person' : 'program'
    const ofKinds = [enterprise, ...kinds].map(({ type, columns }) => {
      const seen = columns.filter(({ sight = 'officers' }) => audience in sights[sight].value)
      return [type, type === enterprise.type ? [...CODES, ...seen, FORMER] : seen] as const
    })
    this.#files = new Map(
      [...ofKinds, ...Object.entries(OTHERS)].map(([type, own]) => {
        const columns = [...PLACE, ...own.map(columnOf)]
        return [type, { file: new LineFile(folder, `${type}.csv.gz`, csvHeading(columns)), columns }]
      }),
    )
    const tables = Array.from(this.#files, ([type, { columns }]) => [type, columns] as const)
    this.#database = new CopyDatabase(folder, told, new Map(tables))
  }

  /** Adds a row; what there is no table for is left out, as it stands in the lines whole. */
  async add(type: string, place: { orgCode: string; id: string }, values: object): Promise<void> {
    const table = this.#files.get(type)
    if (!table) return
    const row = { ...values, ...place }
    this.#database.add(type, row)
    await table.file.add(csvLines(table.columns, [row], this.#reader))
  }

  async end(): Promise<WrittenFile[]> {
    const written: WrittenFile[] = []
    for (const { file } of this.#files.values()) written.push(await file.end())
    return [...written, await this.#database.end()]
  }
}

function columnOf({ field, label, parts }: TableColumn): TableColumn {
  return { field, label, ...(parts && { parts }) }
}

const CODES = [{ field: 'uscc', label: '统一社会信用代码' }]
const FORMER = { field: 'formerNames', label: '曾用名' }
