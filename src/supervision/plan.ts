import { addMonths, type CalendarDate } from '../calendar/dates.ts'
import { type Dossier, nameOf, type RecordAs, regionOf } from '../dossier/dossier.ts'
import { type InspectionData, inspection } from '../records/inspection.ts'
import { type LicenceData, licence, standingStatuses } from '../records/licence.ts'
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
  const inspections = inspectionsOf(dossier)
  const items: PlanItem[] = []
  for (const [group, licensedOn] of licensedGroups(dossier, today, scheme)) {
    const { class: supervision, mode, everyMonths } = modeFor(given, group.risk, scheme)
    const own = inspections
      .filter(({ data }) => isOf(data, group, dossier.key, scheme))
      .map(({ id, data }) => ({ id, on: data.inspectedOn }))
      .sort((a, b) => (a.on < b.on ? -1 : 1))
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
      if (closedOn !== undefined && closedOn > last) last = closedOn
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
  const groups = licensedGroups(dossier, '', scheme)
  // Most firms hold no licence, and some of them many inspections.
  if (groups.size === 0) return []
  const [inspections, licences] = [inspectionsOf(dossier), licence.in(dossier)]
  const isListed = dossier.cases.find(({ status }) => status === 'inForce')
  const { class: given } = standingOf(dossier, isListed?.published?.from ?? '', scheme)
  return Array.from(groups, ([group, licensedOn]): PlannedNext => {
    const { mode, everyMonths } = modeFor(given, group.risk, scheme)
    const last = inspections
      .filter(({ data }) => isOf(data, group, dossier.key, scheme))
      .reduce((latest, { data }) => later(latest, data.inspectedOn), licensedOn)
    const dueOn = addMonths(last, everyMonths)
    const ends = licences
      .filter(({ data }) => isLicensed(data, group, scheme))
      .map(({ data }) => data.validTo)
    const until = ends.includes(undefined)
      ? undefined
      : ends
          .flatMap((end) => end ?? [])
          .sort()
          .at(-1)
    const id = planItemId(dossier.key, group.id, dueOn)
    return { id, group, dueOn, mode, ...(until !== undefined && { until }) }
  })
}

function later(a: CalendarDate, b: CalendarDate): CalendarDate {
  return a > b ? a : b
}

/** The inspections of a file that count for it and came to something: where no sample was found, the next is still due. */
function inspectionsOf(dossier: Dossier): RecordAs<InspectionData>[] {
  return inspection
    .in(dossier)
    .filter(({ data }) => isOneOf(data.outcome, INSPECTED) && inspection.isCounted(data))
}

function isLicensed(data: LicenceData, group: ProductGroup, scheme: Scheme): boolean {
  return isOneOf(data.status, standingStatuses) && groupsOfLicence(data, scheme).includes(group)
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

function isOf(data: InspectionData, group: ProductGroup, key: string, scheme: Scheme): boolean {
  if (data.planNo?.startsWith(`${key}-`)) return data.planNo.startsWith(`${key}-${group.id}-`)
  return groupOf(data.product, scheme).id === group.id
}
