import type Database from 'better-sqlite3'
import { called } from '../command-line.ts'
import { Sqlite } from './driver.ts'
import { lastMigration, migrateRegister } from './migrate.ts'
import { RegisterFault } from './standing.ts'
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

let known: { made: readonly Part[]; migration: number } | undefined
/** The parts that this program makes. */
function shipped() {
  if (known) return known
  const fresh = new Sqlite(':memory:')
  try {
    migrateRegister(fresh)
    known = { made: partsOf(fresh), migration: lastMigration(fresh) }
    return known
  } finally {
    fresh.close()
  }
}

const partsOf = (connection: Database.Database) => connection.prepare<[], Part>(PARTS).all()

/**
 * What is wrong with the tables themselves, in words: an index that is gone lets in what it kept out, and a trigger that was put in
 * changes entries behind everybody's back. Tables that another version made are passed over. Writes nothing.
 */
function shapeFaults(connection: Database.Database): { words: string; isHarmless: boolean }[] {
  const { made, migration } = shipped()
  if (lastMigration(connection) !== migration) return []
  const own = partsOf(connection)
  const gone = made.flatMap(({ type, name, sql }) => {
    const found = own.find((part) => part.type === type && part.name === name)
    if (!found) return `缺少${CALLED[type]} ${name}：有人在系统之外改动过表的结构。`
    return found.sql === sql ? [] : `${CALLED[type]} ${name} 的结构与本系统所建的不同：有人在系统之外改动过。`
  })
  const added = own.flatMap(({ type, name, sql }) =>
    type !== 'table' && !made.some((part) => part.name === name)
      ? {
          words: `多出${CALLED[type]} ${name}：不是本系统所建，可能在登记时改动别的条目；请先查明，再删去。`,
          isHarmless: type === 'view' || !/^CREATE (UNIQUE|TRIGGER)/i.test(sql),
        }
      : [],
  )
  return [...gone.map((words) => ({ words, isHarmless: false })), ...added]
}

/** Checks the tables themselves against those that this program makes. Writes nothing. */
export function verifyShape(connection: Database.Database, findings: Findings): void {
  for (const { words } of shapeFaults(connection)) findings.add('register', words)
}

/** Throws `RegisterFault` for a register whose tables somebody has changed: what is appended to them may not stay. */
export function mustBeInShape(connection: Database.Database): void {
  const faults = shapeFaults(connection).filter(({ isHarmless }) => !isHarmless)
  if (faults.length > 0)
    throw new RegisterFault(`${faults.map(({ words }) => `register.db ${words}`).join('\n')}
请先保留数据目录的全部文件，并用 ${called('verify')} 查明已有的条目是否完整。
办法：多出的，查明是谁所加之后删去（sqlite3 register.db "DROP TRIGGER …"）；
　　　缺少的或者改动过的，用备份恢复：${called('restore <备份目录> --reason <原因>')}。`)
}
