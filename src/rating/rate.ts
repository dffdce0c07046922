import { addMonths, type CalendarDate, isCalendarDate, wholeMonths } from '../calendar/dates.ts'
import { earliestOf, latestOf, type PartialDate } from '../calendar/partial-date.ts'
import { isInForce } from '../dossier/case.ts'
import type { Dossier, FileRecord } from '../dossier/dossier.ts'
import { AWAITED, awaitedDecisions } from '../dossier/punishments.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { meetsField } from '../records/condition.ts'
import type { InspectionData } from '../records/inspection.ts'
import { isOver, type Publication, type RecordData, type RecordKind } from '../records/kind.ts'
import { type LicenceData, licence } from '../records/licence.ts'
import { type PenaltyData, penalty } from '../records/penalty.ts'
import type { Selection, Standard, StandardItem, Where } from './standard.ts'

/** What a standard makes of a file on a day. */
export interface Rating {
  /** Null for 未评定: the file holds nothing to rate by. */
  grade: string | null
  points: number
  /** Why there is no grade, in Chinese. */
  reason?: string
  items: RatedItem[]
  limits: RatedLimit[]
  next?: NextGrade
  /** Records that could not be counted as only their year or month is known, by id. */
  unclear?: string[]
  /** The day from which a limit that acts at once holds no more, by the passing of time alone: the first of several. */
  limitedUntil?: CalendarDate
}

/** An item of the standard with the records that it counted, by id in order; items that counted none are left out. */
export interface RatedItem {
  id: string
  rule: string
  points: number
  records: string[]
}

export interface RatedLimit {
  id: string
  rule: string
  grade: string
  records: string[]
}

/** What stands between the enterprise and the next better grade. */
export interface NextGrade {
  grade: string
  /** Points that are missing; 0 when only limits stand in the way. */
  missing: number
  limits: string[]
  /** Items that take points, the most first: where points can be won back. */
  items: string[]
}

/**
 * How files are read, as issued ratings name it, so that each is computed again as it was made. 1 counted records whose
 * publication had ended, took a revoked licence for harmless once it was 注销, and did not ask what records lacked; 2
 * dated a licence that was 注销 after its revocation by the later of the two, and did not ask what licences lacked; 3
 * counted samples that are another's failing; 4 counted what is dated on the last days of a month a day or more beyond its
 * period, where that ends in a shorter month, and did not ask why a licence was taken back; 5 took a penalty that review
 * changed for one that was annulled, until the changed decision was entered; 6 did not ask how grave a violation or a failing
 * was, nor what a re-inspection came to.
 */
export const READING = 7

/** Since which reading a field is asked for where its absence leaves open what a rule makes of a record; the others since 2. */
const ASKED_SINCE: Readonly<Record<string, number>> = {
  ['withdrawalCause' satisfies keyof LicenceData]: 5,
  ['severity' satisfies keyof PenaltyData & keyof InspectionData]: 7,
  ['reinspectionOutcome' satisfies keyof InspectionData]: 7,
}

/** Limit of a file with a record that tells of a failure and lacks what a rule needs: not known is not good. */
export const INCOMPLETE = { id: 'incomplete', rule: '有不利记录缺少适用规则所需的内容，补齐前不评为最高等级' }

/**
 * Rates a file by a standard as on a day: the same entries give the same rating, in whatever order they came. Records
 * that are withdrawn, whose publication has ended or was taken back, or that are another's failing, never count. A limit that holds gives its grade even to a file
 * with nothing else to rate by. `seen` is shared by ratings of one day and reading, so that each record is looked at once.
 */
export function rate(
  dossier: Dossier,
  standard: Standard,
  on: CalendarDate,
  catalogue: Catalogue,
  reading = READING,
  seen?: Seen,
): Rating {
  const read = new Reading(dossier, standard, on, catalogue, reading, seen)
  const limits: RatedLimit[] = []
  const ends: CalendarDate[] = []
  for (const { id, rule, grade, listed, select, atOnce } of standard.limits) {
    if (listed) {
      const cases = dossier.cases.filter((own) => isInForce(own, on)).map((own) => own.id)
      if (cases.length > 0) limits.push({ id, rule, grade, records: cases.sort() })
    } else if (select) {
      const found = read.records(select)
      if (found.length > 0) limits.push({ id, rule, grade, records: idsOf(found) })
      const end = atOnce ? read.endOf(select, found) : undefined
      if (end !== undefined) ends.push(end)
    }
  }
  const second = standard.grades[1]
  if (second && read.incomplete.length > 0)
    limits.push({ ...INCOMPLETE, grade: second.grade, records: [...read.incomplete].sort() })
  const hold = read.isChanged ? asDecided(dossier, standard, on, catalogue, reading, seen) : undefined
  const isRatedAlone =
    limits.length > 0 || standard.rated.any.some((selection) => read.records(selection).length > 0)
  const isRated = isRatedAlone || hold !== undefined
  if (!isRated)
    return {
      grade: null,
      points: standard.start,
      reason: `未评定：${standard.rated.rule}`,
      items: [],
      limits,
    }

  const items: RatedItem[] = []
  let points = standard.start
  for (const item of standard.items) {
    const counted = read.counted(item)
    if (counted.length === 0) continue
    const own = rounded(item.ratio ? read.ratio(counted, item.ratio) : read.sum(counted, item.points))
    points += own
    items.push({ id: item.id, rule: item.rule, points: own, records: idsOf(counted) })
  }
  points = rounded(points)
  const ranks = [rankOf(standard, points), ...limits.map(({ grade }) => rankOfGrade(standard, grade))]
  if (hold && (!isRatedAlone || rankOfGrade(standard, hold.grade) > Math.max(...ranks))) {
    limits.push(hold)
    ranks.push(rankOfGrade(standard, hold.grade))
  }
  const rank = Math.max(...ranks)
  const grade = standard.grades[rank]?.grade ?? null
  const next = nextGrade(standard, rank, points, items, limits)
  const [limitedUntil] = ends.sort()
  return {
    grade,
    points,
    items,
    limits,
    ...(next && { next }),
    ...(limitedUntil !== undefined && { limitedUntil }),
    ...(read.unclear.size > 0 && { unclear: [...read.unclear].sort() }),
  }
}

/**
 * The limit that penalties keep which review changed while nobody has entered what they became: the grade that the file would
 * have with them as they were decided. Undefined where no such decision is awaited.
 */
function asDecided(
  dossier: Dossier,
  standard: Standard,
  on: CalendarDate,
  catalogue: Catalogue,
  reading: number,
  seen?: Seen,
): RatedLimit | undefined {
  const awaited = new Set(awaitedDecisions(dossier).map(({ id }) => id))
  if (awaited.size === 0) return undefined
  const records = dossier.records.map((record): FileRecord => {
    const { reviewOutcome: _, ...data } = record.data
    return awaited.has(record.id) ? { ...record, data } : record
  })
  const { grade } = rate({ ...dossier, records }, standard, on, catalogue, reading, seen)
  return grade === null ? undefined : { ...AWAITED, grade, records: [...awaited].sort() }
}

/** Place of a grade in its standard, 0 for the best; the last place for one that it does not have. */
export function rankOfGrade(standard: Standard, grade: string): number {
  const rank = standard.grades.findIndex((known) => known.grade === grade)
  return rank < 0 ? standard.grades.length - 1 : rank
}

function rankOf(standard: Standard, points: number): number {
  return standard.grades.findIndex(({ atLeast }) => atLeast === undefined || points >= atLeast)
}

function nextGrade(
  standard: Standard,
  rank: number,
  points: number,
  items: readonly RatedItem[],
  limits: readonly RatedLimit[],
): NextGrade | undefined {
  const better = standard.grades[rank - 1]
  if (!better) return undefined
  return {
    grade: better.grade,
    missing: Math.max(0, rounded((better.atLeast ?? 0) - points)),
    limits: limits.filter(({ grade }) => rankOfGrade(standard, grade) > rank - 1).map(({ id }) => id),
    items: items
      .filter((item) => item.points < 0)
      .sort((a, b) => a.points - b.points)
      .map(({ id }) => id),
  }
}

/** What no date begins with. */
const NONE = '-'

/** The records of a file as a standard looks at them on a day; each selection is made once. */
class Reading {
  readonly #standard: Standard
  readonly #on: CalendarDate
  readonly #catalogue: Catalogue
  readonly #reading: number
  readonly #byType = new Map<string, ReadRecord[]>()

  /** Records that lack what a rule needs, by id. */
  readonly incomplete: string[] = []

  /** Whether review changed a penalty of the file. */
  isChanged = false

  /** Records of which only the year or month is known where a rule needs the day, by id. */
  readonly unclear = new Set<string>()

  constructor(
    dossier: Dossier,
    standard: Standard,
    on: CalendarDate,
    catalogue: Catalogue,
    reading: number,
    seen?: Seen,
  ) {
    this.#standard = standard
    this.#on = on
    this.#catalogue = catalogue
    this.#reading = reading
    for (const record of dossier.records) {
      if (record.withdrawn) continue
      const kind = catalogue.kind(record.type)
      if (!kind) continue
      const known = seen?.get(record)
      const looked = known ?? lookedAt(record, kind, on, reading)
      if (!known) seen?.set(record, looked)
      this.isChanged ||= looked.isChanged
      if (!looked.isCounted) continue
      if (looked.isLacking) this.incomplete.push(record.id)
      const read: ReadRecord = { ...looked.read }
      const ofType = this.#byType.get(record.type)
      if (ofType) ofType.push(read)
      else this.#byType.set(record.type, [read])
    }
  }

  records({ records, where, within, countedFrom }: Selection): ReadRecord[] {
    const all = this.#byType.get(records)
    if (!all || !this.#catalogue.kind(records)) return []
    const months = within === 'ever' ? undefined : (within ?? this.#standard.period.months)
    const from = months === undefined ? '' : addMonths(this.#on, -months)
    const month = this.#reading > 4 && from !== '' ? from.slice(0, 7) : NONE
    // A period that ends in a shorter month ends with it: what is dated 29 February counts to 28 February.
    const isPast = (day: CalendarDate) =>
      day <= from || (day.startsWith(month) && addMonths(day, months ?? 0) <= this.#on)
    return all.filter((record) => {
      const dated = countedFrom === undefined ? record.dated : dateIn(record, countedFrom)
      if (dated === undefined) return countedFrom !== undefined && this.#meets(record, where)
      const [first, last] = [earliestOf(dated), latestOf(dated)]
      const isBegun = isPast(first)
      const isWithin = !isBegun && last <= this.#on
      const isOutside = (first === last ? isBegun : isPast(last)) || first > this.#on
      if (isOutside || !this.#meets(record, where)) return false
      if (!isWithin) this.unclear.add(record.id)
      return isWithin
    })
  }

  /** The records that an item counts; what fades day by day needs its day. */
  counted({ select, points }: StandardItem): ReadRecord[] {
    const found = this.records(select)
    if (points?.fade === undefined) return found
    return found.filter(({ id, dated }) => {
      const isKnown = isCalendarDate(dated)
      if (!isKnown) this.unclear.add(id)
      return isKnown
    })
  }

  /** The day on which the last of some records counts no more; undefined where none is known. */
  endOf({ within, countedFrom }: Selection, found: readonly ReadRecord[]): CalendarDate | undefined {
    if (countedFrom === undefined || within === 'ever') return undefined
    const days = found.map((record) => dateIn(record, countedFrom))
    const last = days.includes(undefined) ? undefined : days.sort().at(-1)
    return last === undefined ? undefined : addMonths(latestOf(last), within ?? this.#standard.period.months)
  }

  sum(records: readonly ReadRecord[], rule: StandardItem['points']): number {
    if (!rule) return 0
    const { each, by, fade, atMost } = rule
    let sum = 0
    for (const { data, dated } of records) {
      const term = by && [data[by.field]].flat().join()
      const own =
        by && term !== undefined && Object.hasOwn(by.points, term) ? (by.points[term] ?? each) : each
      sum += fade === undefined ? own : (own * Math.max(0, fade - wholeMonths(dated, this.#on))) / fade
    }
    return atMost === undefined ? sum : Math.max(-atMost, Math.min(atMost, sum))
  }

  ratio(records: readonly ReadRecord[], { part, steps, fewest }: NonNullable<StandardItem['ratio']>): number {
    if (records.length < fewest) return 0
    const share = records.filter((record) => this.#meets(record, part)).length / records.length
    return steps.find(({ atLeast }) => share >= atLeast)?.points ?? 0
  }

  #meetsNamed(record: ReadRecord, name: string): boolean {
    record.met ??= new Map()
    const known = record.met.get(name)
    if (known !== undefined) return known
    const met = this.#meets(record, this.#standard.conditions[name]?.where ?? [])
    record.met.set(name, met)
    return met
  }

  #meets(record: ReadRecord, where: Where): boolean {
    return where.every((condition) => {
      if ('condition' in condition) return this.#meetsNamed(record, condition.condition)
      if ('published' in condition) return record.publication.public && record.publication.from <= this.#on
      return meetsField(record.data[condition.field], condition, this.#on)
    })
  }
}

interface ReadRecord {
  /** Conditions with names that were looked at, each once, however many others share them. */
  met?: Map<string, boolean>
  id: string
  data: RecordData
  dated: PartialDate
  publication: Publication
}

/** What a record says on a day as a reading takes it, whatever the standard. */
interface Looked {
  read: ReadRecord
  isCounted: boolean
  isLacking: boolean
  isChanged: boolean
}

/** Records that were looked at already. */
export type Seen = Map<FileRecord, Looked>

function lookedAt(record: FileRecord, kind: RecordKind, on: CalendarDate, reading: number): Looked {
  const { id, data, type } = record
  const isPlain = reading < 2
  const publication = kind.publication(data)
  const isCounted = (isPlain || !isOver(publication, on)) && (reading < 4 || kind.isCounted(data))
  const isAsked = isCounted && !isPlain && (reading > 2 || type !== licence.type)
  const isLacking = isAsked && kind.missing(data).some(({ field }) => reading >= (ASKED_SINCE[field] ?? 2))
  const revoked = isPlain ? undefined : revocationOf(record, reading)
  const { changes } = kind.readOn(data, on)
  const said = changes ? { ...data, ...changes } : data
  const read = { id, data: revoked ? { ...said, ...revoked } : said, dated: kind.dateOf(data), publication }
  const isChanged = reading > 5 && type === penalty.type && penalty.partsOf(data).reviewOutcome === '变更'
  return { read, isCounted, isLacking, isChanged }
}

function dateIn({ data }: ReadRecord, field: string): CalendarDate | undefined {
  const value = data[field]
  return typeof value === 'string' ? value : undefined
}

/** What a revocation makes of a licence that the register calls otherwise since. */
function revocationOf({ revoked }: FileRecord, reading: number): RecordData | undefined {
  if (!revoked) return undefined
  return reading < 3 ? { status: revoked.status } : { status: revoked.status, statusChangedOn: revoked.on }
}

function idsOf(records: readonly ReadRecord[]): string[] {
  return records.map(({ id }) => id).sort()
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100
}
