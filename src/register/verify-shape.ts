import Database from 'better-sqlite3'
import { lastMigration, migrateRegister } from './migrate.ts'
import type { Findings } from './verify.ts'

interface Part {
  type: string
  name: string
  sql: string
}

const PARTS = `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name <> '__drizzle_migrations'
  ORDER BY type, name`
const CALLED: Readonly<Record<string, string>> = {
  table: '表',
  index: '索引',
  trigger: '触发器',
  view: '数据库视图',
}

/**
 * Checks the tables themselves against those that this program makes: an index that is gone lets in what it kept out, and a trigger that
 * was put in changes entries behind everybody's back. One whose tables another version made is passed over. Writes nothing.
 */
export function verifyShape(connection: Database.Database, findings: Findings): void {
  const fresh = new Database(':memory:')
  try {
    migrateRegister(fresh)
    if (lastMigration(connection) !== lastMigration(fresh)) return
    const parts = (of: Database.Database) => of.prepare<[], Part>(PARTS).all()
    const [own, made] = [parts(connection), parts(fresh)]
    for (const { type, name, sql } of made) {
      const found = own.find((part) => part.type === type && part.name === name)
      if (!found) findings.add('register', `缺少${CALLED[type]} ${name}：有人在系统之外改动过表的结构。`)
      else if (found.sql !== sql)
        findings.add('register', `${CALLED[type]} ${name} 的结构与本系统所建的不同：有人在系统之外改动过。`)
    }
    for (const { type, name } of own)
      if (type !== 'table' && !made.some((part) => part.name === name))
        findings.add(
          'register',
          `多出${CALLED[type]} ${name}：不是本系统所建，可能在登记时改动别的条目；请先查明，再删去。`,
        )
  } finally {
    fresh.close()
  }
}
