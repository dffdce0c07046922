import type { Given } from './given.ts'
import type { SentList } from './sent.ts'

/** Rows that one check takes. */
export const MOST_ROWS = 100_000

/** What a check is made of. */
export type Source =
  /** A file, which is removed once it has been read. */
  | { path: string }
  /** Rows of a program. */
  | { rows: readonly Given[] }
  /** Rows as a program sent them. */
  | { sent: SentList }
  /** A record of an earlier check: the same is asked again, and what changed is marked. */
  | { record: string }

/** In which order rows are shown: as they were asked for, or the grave ones first. */
export const rowOrders = ['given', 'grave'] as const
export type RowOrder = (typeof rowOrders)[number]

export type CheckFile = 'csv' | 'xlsx' | 'record'

/** Refused because too much is being checked. */
export class ChecksBusy extends Error {
  override readonly name = 'ChecksBusy'
}

/** Path of the page that verifies a stamp, which is put behind it. */
export const STAMP_PATH = '/check/record?stamp='
