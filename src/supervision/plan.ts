import { addMonths, type CalendarDate } from '../calendar/dates.ts'
import type { Dossier, FileRecord } from '../dossier/dossier.ts'
import { groupOf, modeFor, type ProductGroup, type Risk, type Scheme } from './scheme.ts'
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

const LICENSED = ['有效', '变更', '暂停']
const INSPECTED = ['合格', '不合格', '拒检']

/**
 * Inspections that a file needs in a period: for each product group that it holds a licence in, the next is due as many
 * months after the last as its class and the product's risk ask for; after the licence's issue where there was none.
 * None for a firm that is gone or has moved away.
 */
export function planOf(dossier: Dossier, period: Period, today: CalendarDate, scheme: Scheme): PlanItem[] {
  if (notSupervised(dossier, scheme) !== undefined) return []
  const { class: given, rated, because } = standingOf(dossier, today, scheme)
  const records = dossier.records.filter(({ withdrawn }) => !withdrawn)
  const inspections = records.filter(
    ({ type, data }) => type === 'inspection' && INSPECTED.includes(String(data.outcome)),
  )
  const items: PlanItem[] = []
  for (const [group, licensedOn] of licensedGroups(records, today, scheme)) {
    const { class: supervision, mode, everyMonths } = modeFor(given, group.risk, scheme)
    const own = inspections
      .filter(({ data }) => isOf(data, group, dossier.key, scheme))
      .map(({ id, data }) => ({ id, on: String(data.inspectedOn) }))
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
          name: String(dossier.enterprise.name),
          region: typeof dossier.enterprise.region === 'string' ? dossier.enterprise.region : '',
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
  const records = dossier.records.filter(({ withdrawn }) => !withdrawn)
  const isListed = dossier.cases.find(({ status }) => status === 'inForce')
  const { class: given } = standingOf(dossier, isListed?.published?.from ?? '', scheme)
  return Array.from(licensedGroups(records, '', scheme), ([group, licensedOn]): PlannedNext => {
    const { mode, everyMonths } = modeFor(given, group.risk, scheme)
    const last = records
      .filter(
        ({ type, data }) =>
          type === 'inspection' &&
          INSPECTED.includes(String(data.outcome)) &&
          isOf(data, group, dossier.key, scheme),
      )
      .reduce((latest, { data }) => later(latest, String(data.inspectedOn)), licensedOn)
    const dueOn = addMonths(last, everyMonths)
    const ends = records
      .filter(({ type, data }) => type === 'licence' && isLicensed(data, group, scheme))
      .map(({ data }) => (typeof data.validTo === 'string' ? data.validTo : undefined))
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

function isLicensed(data: FileRecord['data'], group: ProductGroup, scheme: Scheme): boolean {
  return (
    LICENSED.includes(String(data.status)) && groupOf(data.productGroup ?? data.product, scheme) === group
  )
}

function planItemId(key: string, group: string, dueOn: CalendarDate): string {
  return `${key}-${group}-${dueOn.replaceAll('-', '')}`
}

/** Product groups with a licence that holds, and since when there has been one. */
function licensedGroups(
  records: readonly FileRecord[],
  today: CalendarDate,
  scheme: Scheme,
): Map<ProductGroup, CalendarDate> {
  const groups = new Map<ProductGroup, CalendarDate>()
  for (const { type, data } of records) {
    if (type !== 'licence' || !LICENSED.includes(String(data.status))) continue
    if (typeof data.validTo === 'string' && data.validTo < today) continue
    const group = groupOf(data.productGroup ?? data.product, scheme)
    const issuedOn = String(data.issuedOn)
    const known = groups.get(group)
    if (known === undefined || issuedOn < known) groups.set(group, issuedOn)
  }
  return groups
}

function isOf(data: FileRecord['data'], group: ProductGroup, key: string, scheme: Scheme): boolean {
  if (typeof data.planNo === 'string' && data.planNo.startsWith(`${key}-`))
    return data.planNo.startsWith(`${key}-${group.id}-`)
  return groupOf(data.product, scheme).id === group.id
}
