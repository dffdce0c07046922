import type Database from 'better-sqlite3'
import { Sqlite } from '../../src/register/driver.ts'
import { inventedFirms } from './firms.ts'

/** The plainest search that gives the shortest names first: one FTS5 table whose ids begin with the names' lengths. */
export function bareIndex(path: string, size: number) {
  const db = new Sqlite(path)
  db.exec(`
    CREATE TABLE IF NOT EXISTS enterprise (id INTEGER PRIMARY KEY, name TEXT);
    CREATE VIRTUAL TABLE IF NOT EXISTS names USING fts5(text, content='', contentless_delete=1);
  `)
  const insert = db.prepare('INSERT INTO enterprise VALUES (?, ?)')
  const index = db.prepare('INSERT INTO names (rowid, text) VALUES (?, ?)')
  const rows = Array.from(inventedFirms(size), ({ name }, i) => ({
    name,
    id: name.length * 2 ** 32 + i,
  })).sort((a, b) => a.id - b.id)
  db.transaction(() => {
    for (const { id, name } of rows) {
      insert.run(id, name)
      index.run(id, Array.from(name).join(' '))
    }
  })()
  return bareQuery(db)
}

export function openBareIndex(path: string) {
  return bareQuery(new Sqlite(path, { readonly: true }))
}

function bareQuery(db: Database.Database) {
  const found = db
    .prepare<[string], string>(
      'SELECT e.name FROM names n JOIN enterprise e ON e.id = n.rowid WHERE names MATCH ? ORDER BY n.rowid LIMIT 20',
    )
    .pluck()
  return {
    query: (text: string): string[] => found.all(`"${Array.from(text).join(' ')}"`),
    close: () => db.close(),
  }
}
