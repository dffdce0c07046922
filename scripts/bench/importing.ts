import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { Sqlite } from '../../src/register/driver.ts'
import { importEnterprises, openData } from './filled.ts'
import { elapsed, type Measurement } from './measurement.ts'

/** Import of a file until every enterprise can be found, against parsing it into one table and one FTS5 table. */
export async function measureImport(folder: string, csv: string): Promise<Measurement> {
  const bare = await elapsed(() => bareImport(join(folder, 'bare.db'), csv))
  const data = await openData(join(folder, 'import'))
  let opened = 0
  const ours = await elapsed(async () => {
    opened = await importEnterprises(data, csv)
  })
  await data.close()
  return {
    name: 'import until searchable, speed',
    ratio: bare / ours,
    target: { atLeast: 0.25 },
    detail: `${opened} files in ${ours.toFixed(0)} ms, bare ${bare.toFixed(0)} ms`,
  }
}

async function bareImport(path: string, csv: string): Promise<void> {
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(`
    CREATE TABLE enterprise (code TEXT PRIMARY KEY, name TEXT, established TEXT, form TEXT, city TEXT);
    CREATE INDEX enterprise_name ON enterprise (name);
    CREATE VIRTUAL TABLE names USING fts5(text, content='', contentless_delete=1);
  `)
  const insert = db.prepare('INSERT OR IGNORE INTO enterprise VALUES (?, ?, ?, ?, ?)')
  const index = db.prepare('INSERT INTO names (rowid, text) VALUES (?, ?)')
  let count = 0
  const write = db.transaction((rows: string[][]) => {
    for (const [name = '', code, established, form, city] of rows) {
      insert.run(code, name, established, form, city)
      count += 1
      index.run(count, Array.from(name).join(' '))
    }
  })
  let rows: string[][] = []
  for await (const row of createReadStream(csv).pipe(parse({ bom: true, from_line: 2 }))) {
    rows.push(row)
    if (rows.length < 1000) continue
    write(rows)
    rows = []
  }
  write(rows)
  db.close()
}
