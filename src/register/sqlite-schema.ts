import { blob, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Visibility } from './entry.ts'

/** The register's tables, as `migrations/sqlite` makes them; `fillChain` forbids `chain` to be null once it is whole. */
export const entry = sqliteTable(
  'entry',
  {
    seq: integer().primaryKey(),
    id: text().notNull(),
    subject: text().notNull(),
    revision: integer().notNull(),
    kind: text().notNull(),
    payload: text(),
    salt: text(),
    payloadDigest: text('payload_digest').notNull(),
    visibility: text().$type<Visibility>().notNull(),
    authority: text().notNull(),
    officer: text().notNull(),
    command: text().notNull(),
    recordedAt: text('recorded_at').notNull(),
    digest: text().notNull(),
    chain: blob({ mode: 'buffer' }),
  },
  (table) => [uniqueIndex('entry_subject_revision').on(table.subject, table.revision)],
)

export const command = sqliteTable('command', {
  key: text().primaryKey(),
  fingerprint: text().notNull(),
  firstSeq: integer('first_seq').notNull(),
  count: integer().notNull(),
})

/** One row: where the register stands, written with every group of appends. */
export const head = sqliteTable('head', {
  one: integer().primaryKey(),
  seq: integer().notNull(),
  recordedAt: text('recorded_at').notNull(),
  chain: blob({ mode: 'buffer' }).notNull(),
  epoch: text().notNull(),
  /** Where the register was carried over to; it takes no more appends here then. */
  movedTo: text('moved_to'),
})

/** Who does a kind of work, and until when, in milliseconds since 1970, nobody else may. */
export const lease = sqliteTable('lease', {
  work: text().primaryKey(),
  holder: text().notNull(),
  until: integer().notNull(),
})
