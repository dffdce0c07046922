import { createReadStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { cellsOf, type TableCell, type TableColumn } from '../exchange/export.ts'
import { Sqlite } from '../register/driver.ts'
import type { Manifest } from './manifest.ts'
import { CompressedFile, type WrittenFile } from './written.ts'

/** The tables of a copy in one file. */
const NAME = 'registry.sqlite'

/** What a copy is of, and where its changes are gone on from. */
export type Told = Pick<Manifest, 'audience' | 'epoch' | 'position' | 'on' | 'schema'>

/**
 * A copy's tables as one SQLite file: a table for each kind of thing, with the columns of its CSV file under their names in the API,
 * texts as they were decided; `label` tells what columns are called, `copy` what it is a copy of. A row at a time, so memory stays flat.
 */
export class CopyDatabase {
  readonly #folder: string
  readonly #connection: Database.Database
  readonly #tables = new Map<string, { columns: readonly TableColumn[]; put: Database.Statement }>()
  #rows = 0

  constructor(folder: string, told: Told, tables: ReadonlyMap<string, readonly TableColumn[]>) {
    this.#folder = folder
    this.#connection = new Sqlite(join(folder, NAME))
    // Nobody reads it before it is whole; one that was not finished is made anew.
    for (const pragma of ['journal_mode = OFF', 'synchronous = OFF']) this.#connection.pragma(pragma)
    this.#connection.exec('BEGIN')
    this.#connection.exec('CREATE TABLE copy (name TEXT PRIMARY KEY, value) WITHOUT ROWID')
    const tell = this.#connection.prepare('INSERT INTO copy VALUES (?, ?)')
    for (const [name, value] of Object.entries(told)) tell.run(name, stored(value))
    this.#connection.exec('CREATE TABLE label ("table" TEXT, "column" TEXT, label TEXT)')
    const label = this.#connection.prepare('INSERT INTO label VALUES (?, ?, ?)')
    for (const [table, columns] of tables) {
      this.#connection.exec(`CREATE TABLE "${table}" (${columns.map(({ field }) => `"${field}"`).join()})`)
      for (const column of columns) label.run(table, column.field, column.label)
      const put = this.#connection.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => '?').join()})`)
      this.#tables.set(table, { columns, put })
    }
  }

  /** Adds a row to a table that there is. */
  add(name: string, row: Readonly<Record<string, unknown>>): void {
    const table = this.#tables.get(name)
    if (!table) return
    const [cells = []] = cellsOf(table.columns, [row])
    table.put.run(cells.map(stored))
    this.#rows += 1
  }

  /** Closes and compresses it; gives what the manifest says of it. */
  async end(): Promise<WrittenFile> {
    for (const table of this.#tables.keys())
      this.#connection.exec(`CREATE INDEX "${table}.orgCode" ON "${table}" (orgCode)`)
    this.#connection.exec('COMMIT')
    this.#connection.close()
    const path = join(this.#folder, NAME)
    const file = new CompressedFile(this.#folder, `${NAME}.gz`)
    for await (const chunk of createReadStream(path)) await file.write(chunk)
    rmSync(path)
    return { lines: this.#rows, ...(await file.end()) }
  }
}

/** A cell as the database holds it: a whole number as one, since a plain number is bound as a real. */
function stored(cell: TableCell): string | number | bigint | null {
  if (typeof cell === 'boolean') return cell ? 1n : 0n
  return typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : (cell ?? null)
}
