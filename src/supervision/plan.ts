import { addMonths, type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { type Dossier, type FileRecord, nameOf, type RecordAs, regionOf } from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { type InspectionData, inspection } from '../records/inspection.ts'
import { licence, standingStatuses } from '../records/licence.ts'
import { isOneOf } from '../records/stored.ts'
import { groupOf, groupsOfLicence, modeFor, type ProductGroup, type Risk, type Scheme } from './scheme.ts'
import { notSupervised, standingOf } from './standing.ts'

export interface Period {
  from: CalendarDate
  to: CalendarDate
}

/** One inspection that the scheme asks for in a period. */
export interface PlanItem {
  /** Names the item: an inspection recorded under it as plan number closes it. */
  id: string
  orgCode: string
  name: string
  region: string
  group: string
  groupName: string
  risk: Risk
  class: string
  /** Whether the class was given by a rating; the default class stands in for enterprises not rated. */
  rated: boolean
  /** What made the class stricter than the one that was given, or that it is past its period. */
  because?: string
  mode: string
  everyMonths: number
  dueOn: CalendarDate
  status: 'done' | 'due' | 'overdue'
  /** The inspection that closed it. */
  inspectedOn?: CalendarDate
  inspection?: string
}

const INSPECTED = ['合格', '不合格', '拒检'] as const

/**
 * Inspections that a file needs in a period: for each product group that it holds a licence in, the next is due as many
 * months after the last as its class and the product's risk ask for; after the licence's issue where there was none.
 * None for a firm that is gone or has moved away.
 */
export function planOf(dossier: Dossier, period: Period, today: CalendarDate, scheme: Scheme): PlanItem[] {
  if (notSupervised(dossier, scheme) !== undefined) return []
  const { class: given, rated, because } = standingOf(dossier, today, scheme)
  const inspections = inspectionsIn(dossier.records)
  const items: PlanItem[] = []
  for (const [group, licensedOn] of licensedGroups(dossier, today, scheme)) {
    const { class: supervision, mode, everyMonths } = modeFor(given, group.risk, scheme)
    const own = inspections
      .filter(({ data }) => groupsInspected(data, dossier.key, scheme).includes(group))
      .map(({ id, data }) => ({ id, on: data.inspectedOn }))
      .sort((a, b) => a.on.localeCompare(b.on))
    let last = licensedOn
    // Walk from inspection to inspection: each closes what was due before it, and sets when the next is due.
    for (const inspection of [...own, undefined]) {
      const dueOn = addMonths(last, everyMonths)
      const closedOn = inspection?.on
      const isInPeriod = dueOn <= period.to && (closedOn === undefined || closedOn >= period.from)
      if (isInPeriod && (closedOn === undefined || closedOn <= period.to))
        items.push({
          id: planItemId(dossier.key, group.id, dueOn),
          orgCode: dossier.key,
          name: nameOf(dossier),
          region: regionOf(dossier),
          group: group.id,
          groupName: group.name,
          risk: group.risk,
          class: supervision,
          rated,
          ...(because !== undefined && { because }),
          mode,
          everyMonths,
          dueOn,
          status: closedOn !== undefined ? 'done' : dueOn < today ? 'overdue' : 'due',
          ...(inspection && { inspectedOn: inspection.on, inspection: inspection.id }),
        })
      if (closedOn !== undefined) last = later(last, closedOn)
    }
  }
  return items
}

/** The next inspection of a product group that a file's licences ask for. */
export interface PlannedNext {
  id: string
  group: ProductGroup
  dueOn: CalendarDate
  mode: string
  /** Day on which the last licence for the group ends. */
  until?: CalendarDate
}

/**
 * When each licensed product group is to be inspected next, on whatever day one asks: by the class that was given, be it
 * past its period, and the list as it stands; `planOf` for a day's state.
 */
export function plannedNext(dossier: Dossier, scheme: Scheme): PlannedNext[] {
  if (notSupervised(dossier, scheme) !== undefined) return []
  const groups = new Map<ProductGroup, Licensed>()
  for (const block of licensedIn(dossier.records, scheme))
    for (const [group, own] of block) groups.set(group, joint(groups.get(group), own))
  // Most firms hold no licence, and some of them many inspections.
  if (groups.size === 0) return []
  const inspected = lastInspectedIn(dossier.records, dossier.key, scheme)
  const isListed = dossier.cases.find(({ status }) => status === 'inForce')
  // The daily job makes an entry of each day on which a publication ends.
  const last = dossier.events.at(-1)
  const asOf = last ? shanghaiDate(new Date(last.at)) : ''
  const { class: given } = standingOf(dossier, isListed?.published?.from ?? '', scheme, asOf)
  return Array.from(groups, ([group, { since, until }]): PlannedNext => {
    const { mode, everyMonths } = modeFor(given, group.risk, scheme)
    const last = inspected.reduce((latest, block) => later(latest, block.get(group) ?? latest), since)
    const dueOn = addMonths(last, everyMonths)
    const id = planItemId(dossier.key, group.id, dueOn)
    return { id, group, dueOn, mode, ...(until !== undefined && { until }) }
  })
}

/** Since when some licences for a group have been there, and the day on which the last of them ends; none where one does not. */
interface Licensed {
  since: CalendarDate
  until?: CalendarDate
}

function joint(one: Licensed | undefined, other: Licensed): Licensed {
  if (!one) return other
  const since = one.since < other.since ? one.since : other.since
  if (one.until === undefined || other.until === undefined) return { since }
  return { since, until: later(one.until, other.until) }
}

const licensedIn = perBlock((records, scheme: Scheme) => {
  const groups = new Map<ProductGroup, Licensed>()
  for (const { data } of licence.in({ records })) {
    if (!isOneOf(data.status, standingStatuses)) continue
    const { issuedOn: since, validTo: until } = data
    for (const group of groupsOfLicence(data, scheme))
      groups.set(group, joint(groups.get(group), { since, ...(until !== undefined && { until }) }))
  }
  return groups
})

/** The last inspection of each group in some records of a file. */
const lastInspectedIn = perBlock((records, key: string, scheme: Scheme) => {
  const last = new Map<ProductGroup, CalendarDate>()
  for (const { data } of inspectionsIn(records))
    for (const group of groupsInspected(data, key, scheme))
      last.set(group, later(last.get(group) ?? data.inspectedOn, data.inspectedOn))
  return last
})

function later(a: CalendarDate, b: CalendarDate): CalendarDate {
  return a > b ? a : b
}

/** The inspections of a file that count for it and came to something: where no sample was found, the next is still due. */
function inspectionsIn(records: readonly FileRecord[]): RecordAs<InspectionData>[] {
  return inspection
    .in({ records })
    .filter(({ data }) => isOneOf(data.outcome, INSPECTED) && inspection.isCounted(data))
}

function planItemId(key: string, group: string, dueOn: CalendarDate): string {
  return `${key}-${group}-${dueOn.replaceAll('-', '')}`
}

/** Product groups with a licence that holds, and since when there has been one. */
function licensedGroups(
  dossier: Dossier,
  today: CalendarDate,
  scheme: Scheme,
): Map<ProductGroup, CalendarDate> {
  const groups = new Map<ProductGroup, CalendarDate>()
  for (const { data } of licence.in(dossier)) {
    if (!isOneOf(data.status, standingStatuses)) continue
    if (data.validTo !== undefined && data.validTo < today) continue
    const { issuedOn } = data
    for (const group of groupsOfLicence(data, scheme)) {
      const known = groups.get(group)
      if (known === undefined || issuedOn < known) groups.set(group, issuedOn)
    }
  }
  return groups
}

/** The groups that an inspection was of: by the plan item that it names, else by its product. */
function groupsInspected({ planNo, product }: InspectionData, key: string, scheme: Scheme): ProductGroup[] {
  return planNo?.startsWith(`${key}-`)
    ? scheme.groups.filter(({ id }) => planNo.startsWith(`${key}-${id}-`))
    : [groupOf(product, scheme)]
}
