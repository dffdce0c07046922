import type { FileRating } from '../dossier/dossier.ts'
import { factOf } from '../dossier/entries.ts'
import { dossierAt } from '../dossier/past.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import { type Rating, rate } from './rate.ts'
import type { Standard } from './standard.ts'

export type Recomputation =
  | { agrees: true; recomputed: Rating }
  | { agrees: false; recomputed: Rating; differences: string[] }
  | { agrees: null; reason: string }

/**
 * Computes an issued rating again from its file's entries up to its position, and compares. Where `counts` leaves out records that
 * whoever asks may not learn of, entries may be those of the rest alone; the records that the rating names always count.
 */
export function recompute(
  entries: readonly Entry[],
  issued: FileRating,
  standard: Standard,
  catalogue: Catalogue,
  counts: (id: string) => boolean = () => true,
): Recomputation {
  const known = entries.filter((entry) => entry.seq <= issued.position)
  const dossier = dossierAt(known, { position: issued.position })
  if (!dossier) return { agrees: null, reason: '评价所依据的档案不存在。' }
  const named = new Set([...issued.items, ...issued.limits].flatMap((part) => part.records))
  const records = dossier.records.filter(({ id }) => named.has(id) || counts(id))
  const there = new Set([...records, ...dossier.cases].map(({ id }) => id))
  // What was erased may not be among the entries of the public alone; which it was, the erasure names.
  const isErased = known.some(({ payload }) => payload === null) || entries.some(erasesUpTo(issued.position))
  if (isErased && [...named].some((id) => !there.has(id)))
    return { agrees: null, reason: '评价所依据的部分内容已依法删除，无法重算；其摘要仍可核对。' }
  const recomputed = rate({ ...dossier, records }, standard, issued.on, catalogue, issued.reading ?? 1)
  const differences = differencesBetween(issued, recomputed)
  return differences.length === 0 ? { agrees: true, recomputed } : { agrees: false, recomputed, differences }
}

/** Tells whether an entry is an erasure of something up to a position. */
function erasesUpTo(position: number): (entry: Entry) => boolean {
  return (entry) => {
    const fact = entry.kind === 'payload.erased' ? factOf(entry) : undefined
    return fact?.kind === 'payload.erased' && fact.payload.positions.some((erased) => erased <= position)
  }
}

function differencesBetween(issued: FileRating, now: Rating): string[] {
  const grade = issued.adjusted ? issued.adjusted.from : issued.grade
  const differences: string[] = []
  if (grade !== now.grade)
    differences.push(`等级：发布为 ${grade ?? '未评定'}，重算为 ${now.grade ?? '未评定'}。`)
  if (issued.points !== now.points) differences.push(`分值：发布为 ${issued.points}，重算为 ${now.points}。`)
  for (const part of ['items', 'limits'] as const) {
    const [then, again] = [issued[part], now[part]].map((list) =>
      JSON.stringify(list.map(({ id, records }) => [id, [...records].sort()])),
    )
    if (then !== again) differences.push(`${part === 'items' ? '评价项' : '限制'}所依据的记录不同。`)
  }
  return differences
}
