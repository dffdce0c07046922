import { index, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { bytes, text, whole } from '../register/postgres-schema.ts'

/** How far each store beside the register has come; locked by each change, so that commit order is the order of numbers. */
export const besideHead = pgTable('beside_head', {
  store: text().primaryKey(),
  seq: whole().notNull(),
  /** Up to here rows that are gone have been forgotten: who has come less far reads everything anew. */
  forgotten: whole().notNull(),
})

/** A row of a store's table as JSON, under its primary key; null where it is gone. */
export const besideRow = pgTable(
  'beside_row',
  {
    store: text().notNull(),
    place: text().notNull(),
    key: text().notNull(),
    /** The change that last touched it. */
    seq: whole().notNull(),
    /** When, in milliseconds by the database's clock. */
    at: whole().notNull(),
    row: text(),
  },
  (table) => [
    primaryKey({ columns: [table.store, table.place, table.key] }),
    index('beside_row_seq').on(table.store, table.seq),
  ],
)

/** A file that all nodes share, in parts of at most a megabyte. */
export const sharedPart = pgTable(
  'shared_part',
  {
    name: text().notNull(),
    part: integer().notNull(),
    content: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.part] })],
)

/** The files that there are: how long each is, and what changes whenever it has. */
export const sharedFile = pgTable('shared_file', {
  name: text().primaryKey(),
  version: text().notNull(),
  bytes: whole().notNull(),
  parts: integer().notNull(),
  at: whole().notNull(),
})

/** Keys that all nodes share, sealed. */
export const sharedKey = pgTable('shared_key', {
  name: text().primaryKey(),
  sealed: text().notNull(),
})

/** The log of accesses (查阅记录) of all nodes; the columns are those of `authority/access-log.ts`. */
export const access = pgTable(
  'access',
  {
    id: whole().primaryKey().generatedAlwaysAsIdentity(),
    at: text().notNull(),
    act: text().notNull(),
    by: text().notNull(),
    officer: text().notNull(),
    authority: text().notNull(),
    about: text().notNull(),
    detail: text().notNull(),
  },
  (table) => [
    index('access_about').on(table.about),
    index('access_by').on(table.by),
    index('access_at').on(table.at),
  ],
)
