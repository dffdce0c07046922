import type { CalendarDate } from '../calendar/dates.ts'
import type { RecordKind } from '../records/kind.ts'
import type { FileRecord } from './dossier.ts'

/**
 * What depends on a record, its kind and a day alone, computed once for them: an entry leaves most records of a file as
 * they were, and the fold leaves those the same objects. What is given is shared, so nobody may change it.
 */
export function perRecord<T>(
  compute: (record: FileRecord, kind: RecordKind, on: CalendarDate) => T,
): (record: FileRecord, kind: RecordKind, on: CalendarDate) => T {
  const known = new WeakMap<FileRecord, { kind: RecordKind; on: CalendarDate; value: T }>()
  return (record, kind, on) => {
    const last = known.get(record)
    if (last?.kind === kind && last.on === on) return last.value
    const value = compute(record, kind, on)
    known.set(record, { kind, on, value })
    return value
  }
}

/** Any day, for what depends on none. */
export const ANY_DAY: CalendarDate = ''

/** What depends on an object that nobody changes, computed once for it. */
export function once<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { value: V }>()
  return (of) => {
    const last = known.get(of)
    if (last) return last.value
    const value = compute(of)
    known.set(of, { value })
    return value
  }
}

/** Text of a part of a face. */
export const partJson = once((part: object): string => JSON.stringify(part))
