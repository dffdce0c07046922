import { sql } from 'drizzle-orm'
import { bigint, check, customType, integer, pgTable, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Visibility } from './entry.ts'

/** Ordered by bytes whatever the database's language: a dictionary's order changes with the system below, and breaks indexes. */
export const text = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
export const whole = () => bigint({ mode: 'number' })

/** The register's tables on PostgreSQL, as `migrations/postgres` makes them; what they hold is said in `sqlite-schema.ts`. */
export const entry = pgTable(
  'entry',
  {
    seq: whole().primaryKey(),
    id: text().notNull(),
    subject: text().notNull(),
    revision: integer().notNull(),
    kind: text().notNull(),
    /** As text: a digest holds for what was written, letter by letter. */
    payload: text(),
    salt: text(),
    payloadDigest: text('payload_digest').notNull(),
    visibility: text().$type<Visibility>().notNull(),
    authority: text().notNull(),
    officer: text().notNull(),
    command: text().notNull(),
    recordedAt: text('recorded_at').notNull(),
    digest: text().notNull(),
    chain: bytes().notNull(),
  },
  (table) => [uniqueIndex('entry_subject_revision').on(table.subject, table.revision)],
)

export const command = pgTable('command', {
  key: text().primaryKey(),
  fingerprint: text().notNull(),
  firstSeq: bigint('first_seq', { mode: 'number' }).notNull(),
  count: integer().notNull(),
})

/** One row, locked by each group of appends: commit order is the order of positions. */
export const head = pgTable(
  'head',
  {
    one: integer().primaryKey(),
    seq: whole().notNull(),
    recordedAt: text('recorded_at').notNull(),
    chain: bytes().notNull(),
    epoch: text().notNull(),
    movedTo: text('moved_to'),
  },
  () => [check('head_one', sql`one = 1`)],
)

export const lease = pgTable('lease', {
  work: text().primaryKey(),
  holder: text().notNull(),
  /** By the database's clock. */
  until: whole().notNull(),
})
