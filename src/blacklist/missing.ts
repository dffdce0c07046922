import { type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import type { Dossier } from '../dossier/dossier.ts'

/** A condition of a decision that was taken, and that the file says now was not met. */
export interface Missing {
  /** The record or case that says so. */
  id: string
  words: string
}

export function inWords(missing: readonly Missing[]): string {
  return missing.map(({ words }) => words).join('；')
}

/** The day since which the file has said so: when what says it was last entered or changed, else when it was decided. */
export function saidSince({ events }: Dossier, missing: readonly Missing[], decidedAt: string): CalendarDate {
  const ids = new Set(missing.map(({ id }) => id))
  const last = events.findLast(({ id, at }) => id !== undefined && ids.has(id) && at > decidedAt)
  return shanghaiDate(new Date(last?.at ?? decidedAt))
}
