import { Sqlite } from '../../src/register/driver.ts'

/** A durable append and nothing else, into a file of its own. */
export function bareAppend(path: string): (body: string) => void {
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, body TEXT)')
  const insert = db.prepare('INSERT INTO entry (body) VALUES (?)')
  return (body) => {
    insert.run(body)
  }
}
