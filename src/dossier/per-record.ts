import type { CalendarDate } from '../calendar/dates.ts'
import type { RecordKind } from '../records/kind.ts'
import { once } from '../records/once.ts'
import { sameFrom } from './alike.ts'
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

/** Text of a part of a face. */
export const partJson = once((part: object): string => JSON.stringify(part))

/** So many records are looked at together. */
const BLOCK = 64

const blockBegunBy = new WeakMap<FileRecord, readonly FileRecord[]>()
const knownBlocks = new WeakMap<readonly FileRecord[], readonly (readonly FileRecord[])[]>()

/** A file's records in blocks; a block in which no record is another than before is the very same array. */
function blocksOf(records: readonly FileRecord[]): readonly (readonly FileRecord[])[] {
  const known = knownBlocks.get(records)
  if (known) return known
  const blocks: (readonly FileRecord[])[] = []
  for (let from = 0; from < records.length; from += BLOCK) {
    const first = records[from]
    const before = first && blockBegunBy.get(first)
    const block = before && isBlockAt(records, from, before) ? before : records.slice(from, from + BLOCK)
    if (first) blockBegunBy.set(first, block)
    blocks.push(block)
  }
  knownBlocks.set(records, blocks)
  return blocks
}

/** The records with another one in a place; its block alone is another. */
export function replacedAt(records: readonly FileRecord[], place: number, record: FileRecord): FileRecord[] {
  const replaced = records.with(place, record)
  const blocks = knownBlocks.get(records)
  const at = Math.floor(place / BLOCK)
  const own = blocks?.[at]
  if (blocks && own) knownBlocks.set(replaced, blocks.with(at, own.with(place - at * BLOCK, record)))
  return replaced
}

function isBlockAt(records: readonly FileRecord[], from: number, block: readonly FileRecord[]): boolean {
  if (block.length !== Math.min(BLOCK, records.length - from)) return false
  for (let i = 0; i < block.length; i += 1) if (block[i] !== records[from + i]) return false
  return true
}

/**
 * What depends on some records, in the order of a file, and on what is given beside, computed for each block of a file and
 * kept with it: an entry touches a record or two of thousands. What is given is shared, so nobody may change it.
 */
export function perBlock<G extends readonly unknown[], T>(
  compute: (block: readonly FileRecord[], ...given: G) => T,
): (records: readonly FileRecord[], ...given: G) => T[] {
  const known = new WeakMap<readonly FileRecord[], { given: G; value: T }>()
  return (records, ...given) => {
    const values: T[] = []
    for (const block of blocksOf(records)) {
      const last = known.get(block)
      if (last && sameFrom(given, last.given) === given.length) {
        values.push(last.value)
        continue
      }
      const value = compute(block, ...given)
      known.set(block, { given, value })
      values.push(value)
    }
    return values
  }
}

/** What blocks come to, one after the other; many times as quick as `flat`, which looks into each of them. */
export function joined<T>(blocks: readonly (readonly T[])[]): T[] {
  const all: T[] = []
  return all.concat(...blocks)
}

/** Places of records by their ids, from the beginning of a block. */
const placesIn = perBlock((records) => {
  const places = new Map<string, number>()
  for (const [i, { id }] of records.entries()) if (!places.has(id)) places.set(id, i)
  return places
})

/** Place of the record of an id, -1 where there is none; of a large file many are asked for. */
export function placeOf(records: readonly FileRecord[], id: string): number {
  if (records.length <= BLOCK) return records.findIndex((record) => record.id === id)
  for (const [block, places] of placesIn(records).entries()) {
    const place = places.get(id)
    if (place !== undefined) return block * BLOCK + place
  }
  return -1
}

/** The record of an id. */
export function recordWith(records: readonly FileRecord[], id: string): FileRecord | undefined {
  return records[placeOf(records, id)]
}
