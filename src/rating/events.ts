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
import { INCOMPLETE, type RatedLimit, type Rating, READING, rankOfGrade, rate, type Seen } from './rate.ts'
import type { Standard, StandardItem } from './standard.ts'

const AUTHOR = { authority: SYSTEM, officer: '等级即时调整' }

/**
 * The ratings to issue between campaigns because of what has just happened to a file: a grade in force is computed
 * again when what it rests on stands no more or says something else, up as well as down, and when what it rested on does again;
 * it falls when a limit that it does not meet comes to hold by what the public sees, or be it seen or not where the limit acts
 * at once, and is given anew when one of these ceases to. Records that are merely new and only bring points wait for the next campaign.
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
    const others =
      stale === undefined ? saidOtherwise(before, after, inForce, standard, on, catalogue) : new Set<string>()
    if (inForce.grade === null && stale === undefined && others.size === 0) return []
    const rating = rate(after, standard, on, catalogue, READING, seen)
    const isShown = (id: string) => isSeenIn(after, id, on, catalogue)
    const came = limitThatCame(standard, inForce, rating, isShown)
    const went = limitThatWent(standard, inForce, rating)
    const back = isBack(after, inForce, rating, isShown)
    const reason =
      came ??
      went ??
      stale ??
      (others.size > 0 ? '所依据的记录已更新，重新评定' : undefined) ??
      (back ? '此前所依据的记录重新成为依据，重新评定' : nothingLeft(after, inForce, rating))
    if (reason === undefined) return []
    const basis = namedBy(inForce)
    const isNew = stale === undefined && went === undefined && ![...others].some((id) => basis.has(id))
    const touched = came !== undefined && isNew ? 'limited' : others.size > 0 && isNew ? 'apart' : 'basis'
    const { grade, ...adjustment } = adjustmentAfter(standard, inForce, rating, touched)
    const given = grade === undefined ? rating : { ...rating, grade }
    return [ratingDraft(after.key, newId(), standard, on, given, { reason, ...adjustment }, AUTHOR)]
  })
}

/** Records and cases that a rating names. */
function namedBy({ items, limits }: Pick<Rating, 'items' | 'limits'>): Set<string> {
  return new Set([...items, ...limits].flatMap((part) => part.records))
}

/**
 * What becomes of an adjustment by hand where its rating is computed again, by what touched it: what its rating rests on, a limit
 * that came, or something apart from it. It stays where it is as strict as what the standard gives now, and where something apart
 * changed and the standard gives no worse than when it was made; else what the standard gives is shown. A person is asked whether it
 * still holds where what its rating rests on changed, and where it stays not.
 */
function adjustmentAfter(
  standard: Standard,
  { grade, adjusted, adjustmentLapsed }: FileRating,
  { grade: computed }: Rating,
  touched: 'basis' | 'limited' | 'apart',
): Pick<Circumstances, 'adjusted' | 'adjustmentLapsed'> & { grade?: string | null } {
  if (!adjusted) return adjustmentLapsed ? { adjustmentLapsed } : {}
  // Not rated is milder than any grade: what made one worse stands, what made one better has nothing left to stand on.
  const rank = (given: string | null) => (given === null ? -1 : rankOfGrade(standard, given))
  const isAsStrict = computed === null ? rank(grade) > rank(adjusted.from) : rank(grade) >= rank(computed)
  const isKept = isAsStrict || (touched === 'apart' && rank(computed) <= rank(adjusted.from))
  const asked = touched === 'basis' || !isKept ? { grade, reason: adjusted.reason } : adjustmentLapsed
  return {
    ...(isKept && { grade, adjusted: { from: computed, reason: adjusted.reason } }),
    ...(asked && { adjustmentLapsed: asked }),
  }
}

/**
 * Whether a record that an earlier rating named, and the one in force had to leave out, is counted again: a result that was not
 * final any more has become so again.
 */
function isBack(
  { ratings }: Dossier,
  inForce: FileRating,
  { items, limits }: Rating,
  isShown: (id: string) => boolean,
): boolean {
  const counted = namedBy({ items, limits: limits.filter(({ id }) => id !== INCOMPLETE.id) })
  const known = namedBy(inForce)
  const fresh = [...counted].filter((id) => !known.has(id))
  if (fresh.length === 0) return false
  const earlier = ratings.filter(
    ({ id, standard, revoked }) =>
      id !== inForce.id && standard.id === inForce.standard.id && revoked === undefined,
  )
  const before = new Set(earlier.flatMap((own) => [...namedBy(own)]))
  return fresh.some((id) => before.has(id) && isShown(id))
}

/** Whether the public sees a record of a file, or saw it. */
function isSeenIn({ records }: Dossier, id: string, on: CalendarDate, catalogue: Catalogue): boolean {
  const record = recordWith(records, id)
  const kind = record && catalogue.kind(record.type)
  return record !== undefined && kind !== undefined && isSeen(kind, record.data, on)
}

/**
 * The records that a rating looked at, named or left out, which say something else to the standard than they did: what each comes
 * to alone, on one day, before and after. What is counted together with others goes by what each is counted for; what the public
 * saw neither before nor after waits for the next campaign, or a grade would tell of it, as does what came after the rating.
 */
function saidOtherwise(
  before: Dossier | undefined,
  after: Dossier,
  inForce: FileRating,
  standard: Standard,
  on: CalendarDate,
  catalogue: Catalogue,
): Set<string> {
  if (!before || before.records === after.records) return new Set()
  const changed = after.records.filter((record, i) => record !== before.records[i])
  if (changed.length === 0) return new Set()
  const named = namedBy(inForce)
  const alone = ofOneRecord(standard)
  const others = changed.filter((is) => {
    const was = recordWith(before.records, is.id)
    const kind = catalogue.kind(is.type)
    if (!was || !kind || was === is || addedAfter(before, is.id, inForce.position)) return false
    if (!isSeen(kind, is.data, on) && !isSeen(kind, was.data, on)) return false
    const [then, now] = [was, is].map((record) => {
      const { grade, ...said } = rate({ ...after, cases: [], records: [record] }, alone, on, catalogue)
      // A record without a part in it lets a file be rated at all, and nothing more.
      return JSON.stringify([named.has(is.id) && grade, said.items, said.limits])
    })
    return then !== now
  })
  return new Set(others.map(({ id }) => id))
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

/** Why a grade in force can't stay: the rule of a limit that came to hold and leaves no grade so good. */
function limitThatCame(
  standard: Standard,
  inForce: FileRating,
  now: Rating,
  isShown: (id: string) => boolean,
): string | undefined {
  const atOnce = new Set(standard.limits.filter((limit) => limit.atOnce).map(({ id }) => id))
  // What is not known is not good from its entry on; that it is known by then is told once the public sees it.
  const isDue = ({ id, records }: RatedLimit) =>
    id === INCOMPLETE.id || atOnce.has(id) || records.some((record) => isShown(record))
  return now.limits.find(
    (limit) =>
      !inForce.limits.some(({ id }) => id === limit.id) &&
      rankOfGrade(standard, limit.grade) > rankOfGrade(standard, inForce.grade ?? '') &&
      isDue(limit),
  )?.rule
}

/** That a limit of a grade in force which acts at once holds no more. */
function limitThatWent(standard: Standard, inForce: FileRating, now: Rating): string | undefined {
  const atOnce = standard.limits.filter((limit) => limit.atOnce).map(({ id }) => id)
  const goesAtOnce = new Set([...atOnce, AWAITED.id])
  const went = inForce.limits.some(
    ({ id }) => goesAtOnce.has(id) && !now.limits.some((known) => known.id === id),
  )
  // The limit that went is not named: a listing that was removed must not be read from here.
  return went ? '限制等级的情形不再存在，重新评定' : undefined
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
