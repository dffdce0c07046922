import { fileURLToPath } from 'node:url'
import type Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { fillChain } from './chain.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))

/**
 * Brings a register's tables to what this program writes. Kept as drizzle's own migrator keeps it, but under the
 * write lock, so that several threads and processes may open a register at once.
 */
export function migrateRegister(connection: Database.Database): void {
  const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS })
  const missing = () => {
    const last = lastMigration(connection)
    return migrations.filter(({ folderMillis }) => folderMillis > last)
  }
  if (missing().length > 0)
    connection
      .transaction(() => {
        connection.exec(
          'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)',
        )
        const keep = connection.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
        for (const { sql, hash, folderMillis } of missing()) {
          for (const statement of sql) connection.exec(statement)
          keep.run(hash, folderMillis)
        }
      })
      .immediate()
  fillChain(connection)
}

/** Number of the last migration that a register's tables have; 0 for none. */
export function lastMigration(connection: Database.Database): number {
  const known = connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'`).get()
  if (!known) return 0
  const last = connection
    .prepare<[], number>('SELECT max(created_at) FROM __drizzle_migrations')
    .pluck()
    .get()
  return Number(last ?? 0)
}
