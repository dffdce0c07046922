import { versionOf } from '../adoption/adoption.ts'
import { SYSTEM } from '../authority/authority.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { type Dossier, type FileRating, ratingInForce } from '../dossier/dossier.ts'
import { recordWith } from '../dossier/per-record.ts'
import { AWAITED } from '../dossier/punishments.ts'
import { type AwardData, award } from '../records/award.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type InspectionData, inspection } from '../records/inspection.ts'
import { isOver, type RecordData, type RecordKind } from '../records/kind.ts'
import { type PenaltyData, penalty } from '../records/penalty.ts'
import type { Draft } from '../register/entry.ts'
import type { StandardHistory } from './adopted.ts'
import { INCOMPLETE, type Rating, READING, rankOfGrade, rate, type Seen } from './rate.ts'
import type { Standard, StandardItem } from './standard.ts'

const AUTHOR = { authority: SYSTEM, officer: '等级即时调整' }

/**
 * The ratings to issue between campaigns because of what has just happened to a file: a grade in force is computed
 * again when what it rests on stands no more or says something else, up as well as down; it falls when a limit that acts
 * at once comes to hold, and is given anew when such a limit ceases to. Records that are merely new wait for the next campaign.
 */
export function ratingsAfterEvent(
  before: Dossier | undefined,
  after: Dossier,
  standards: readonly StandardHistory[],
  on: CalendarDate,
  catalogue: Catalogue,
  newId: () => string,
): Draft[] {
  const seen: Seen = new Map()
  return standards.flatMap((history) => {
    const inForce = ratingInForce(after, history.id)
    const standard = inForce && versionOf(history, inForce.standard.version)?.document
    if (!inForce || !standard) return []
    const stale = staleBecause(after, inForce, on, catalogue)
    const isOther = stale === undefined && isSaidOtherwise(before, after, inForce, standard, on, catalogue)
    if (inForce.grade === null && stale === undefined && !isOther) return []
    const rating = rate(after, standard, on, catalogue, READING, seen)
    const reason =
      reasonFor(standard, inForce, rating) ??
      stale ??
      (isOther ? '所依据的记录已更新，重新评定' : nothingLeft(after, inForce, rating))
    if (reason === undefined) return []
    const lapsed = inForce.adjusted
      ? { grade: inForce.grade, reason: inForce.adjusted.reason }
      : inForce.adjustmentLapsed
    const circumstances = { reason, ...(lapsed && { adjustmentLapsed: lapsed }) }
    return [ratingDraft(after.key, newId(), standard, on, rating, circumstances, AUTHOR)]
  })
}

/**
 * Whether a record that a rating looked at, named or left out, says something else to the standard than it did: what it comes
 * to alone, on one day, before and after. What is counted together with others goes by what each is counted for; what the public
 * does not see yet waits for the next campaign, or a grade would tell of it, as does what came after the rating.
 */
function isSaidOtherwise(
  before: Dossier | undefined,
  after: Dossier,
  { items, limits, position }: FileRating,
  standard: Standard,
  on: CalendarDate,
  catalogue: Catalogue,
): boolean {
  if (!before || before.records === after.records) return false
  const changed = after.records.filter((record, i) => record !== before.records[i])
  if (changed.length === 0) return false
  const named = new Set([...items, ...limits].flatMap((part) => part.records))
  const alone = ofOneRecord(standard)
  return changed.some((is) => {
    const was = recordWith(before.records, is.id)
    const kind = catalogue.kind(is.type)
    if (!was || !kind || was === is || !isSeen(kind, is.data, on) || addedAfter(before, is.id, position))
      return false
    const [then, now] = [was, is].map((record) => {
      const { grade, ...said } = rate({ ...after, cases: [], records: [record] }, alone, on, catalogue)
      // A record without a part in it lets a file be rated at all, and nothing more.
      return JSON.stringify([named.has(is.id) && grade, said.items, said.limits])
    })
    return then !== now
  })
}

/** Whether a record was entered only after a rating was computed. */
function addedAfter({ events }: Dossier, id: string, position: number): boolean {
  return events.some((event) => event.id === id && event.kind === 'record.added' && event.position > position)
}

/** Whether the public sees what a record says, or saw it. */
function isSeen(kind: RecordKind, data: RecordData, on: CalendarDate): boolean {
  const publication = kind.publication(data)
  return isOver(publication, on) || (publication.public && publication.from <= on)
}

/** A standard that tells of one record what each part makes of it, be it one that alone lets no file be rated. */
function ofOneRecord({ rated, items, ...standard }: Standard): Standard {
  const any = [...rated.any, ...items.map(({ select }) => select)]
  return { ...standard, rated: { ...rated, any }, items: items.map(ofOne) }
}

/** An item as it counts a record that stands alone: a share of few is a share too. */
function ofOne(item: StandardItem): StandardItem {
  return item.ratio ? { ...item, ratio: { ...item.ratio, fewest: 1 } } : item
}

/** The fields of a kind whose entry looks at a record anew: a review or a lawsuit, a re-test, an award taken back. */
const REVIEWS = new Map<string, readonly string[]>([
  [penalty.type, ['reviewOutcome'] satisfies (keyof PenaltyData)[]],
  [inspection.type, ['retest', 'dispute', 'faultStage', 'role'] satisfies (keyof InspectionData)[]],
  [award.type, ['revokedOn'] satisfies (keyof AwardData)[]],
])

/**
 * Why a rating rests on what stands no more, in words that name no record; undefined where all that it names still
 * stands as it saw it.
 */
export function staleBecause(
  { events, records, cases }: Dossier,
  { items, limits, position }: FileRating,
  on: CalendarDate,
  catalogue: Catalogue,
): string | undefined {
  const named = new Set([...items, ...limits].flatMap((part) => part.records))
  if (named.size === 0) return undefined
  for (const { id, removed } of cases)
    if (named.has(id) && (removed?.cause === 'revoked' || removed?.cause === 'annulled'))
      return '限制等级的情形不再存在，重新评定'
  const known = new Map(records.filter(({ id }) => named.has(id)).map((record) => [record.id, record]))
  for (const event of events) {
    const record = event.position > position ? known.get(event.id ?? '') : undefined
    if (!record) continue
    if (event.kind === 'record.withdrawn') return '所依据的记录已撤回，重新评定'
    if (event.kind === 'record.corrected') return '所依据的记录已更正，重新评定'
    const reviewed = event.fields?.some((field) => REVIEWS.get(record.type)?.includes(field)) ?? false
    const isUpheld = penalty.of(record)?.data.reviewOutcome === '维持'
    if (event.kind === 'record.updated' && reviewed && !isUpheld)
      return '所依据的记录经复议、诉讼、复检或者复核有新的结论，重新评定'
  }
  const limitedBy = (limit: string) => new Set(limits.flatMap((own) => (own.id === limit ? own.records : [])))
  const [lacking, awaited] = [limitedBy(INCOMPLETE.id), limitedBy(AWAITED.id)]
  for (const { id, type, data } of known.values()) {
    const kind = catalogue.kind(type)
    // Until the public sees it, what was supplied tells nobody anything; what they never see holds nothing against the firm.
    const isDone = kind !== undefined && lacking.has(id) && kind.missing(data).length === 0
    if (isDone && (isSeen(kind, data, on) || !kind.publication(data).public))
      return '所依据的记录已补齐，重新评定'
    // Its period may be over, or have been ended early; what review changed is over as long as its limit holds.
    if (kind && !awaited.has(id) && isOver(kind.publication(data), on))
      return '所依据的记录已停止公示，重新评定'
  }
  return undefined
}

/** Why there is no grade any more: records that let the file be rated at all, which no item names, were taken back. */
function nothingLeft({ events }: Dossier, inForce: FileRating, now: Rating): string | undefined {
  if (inForce.grade === null || now.grade !== null) return undefined
  const isTaken = events.some(
    ({ kind, position }) =>
      position > inForce.position && (kind === 'record.withdrawn' || kind === 'record.corrected'),
  )
  return isTaken ? now.reason : undefined
}

function reasonFor(standard: Standard, inForce: FileRating, now: Rating): string | undefined {
  const atOnce = new Set(standard.limits.filter((limit) => limit.atOnce).map(({ id }) => id))
  // What is not known is not good from its entry on; that it is known by then is told once the public sees it.
  const comesAtOnce = new Set([...atOnce, INCOMPLETE.id])
  const came = now.limits.find(
    ({ id, grade }) =>
      comesAtOnce.has(id) &&
      !inForce.limits.some((known) => known.id === id) &&
      rankOfGrade(standard, grade) > rankOfGrade(standard, inForce.grade ?? ''),
  )
  if (came) return came.rule
  const goesAtOnce = new Set([...atOnce, AWAITED.id])
  const went = inForce.limits.find(
    ({ id }) => goesAtOnce.has(id) && !now.limits.some((known) => known.id === id),
  )
  // The limit that went is not named: a listing that was removed must not be read from here.
  return went && '限制等级的情形不再存在，重新评定'
}

/** What is said of a rating beside its outcome. */
export interface Circumstances {
  position?: number
  reason?: string
  campaign?: string
  adjusted?: { from: string | null; reason: string }
  adjustmentLapsed?: { grade: string | null; reason: string }
}

/** Entry of an issued rating. */
export function ratingDraft(
  key: string,
  id: string,
  { id: standard, version, shownAs }: Standard,
  on: CalendarDate,
  rating: Rating,
  circumstances: Circumstances,
  author: Draft['author'],
): Draft {
  const payload = {
    id,
    standard: { id: standard, version, shownAs },
    on,
    reading: READING,
    ...rating,
    ...circumstances,
  }
  // What a rating rests on may not be public yet, so the public reads it from the file's face alone.
  return { subject: key, kind: 'rating.issued', payload, visibility: 'platform', author }
}
