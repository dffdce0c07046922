import type { CalendarDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import { basisOf, type Case, isOpen } from '../dossier/case.ts'
import type { CasePayload } from '../dossier/case-entries.ts'
import type { Dossier, RecordAs } from '../dossier/dossier.ts'
import { recordWith } from '../dossier/per-record.ts'
import { isInPlaceOf, type PenaltyData, penalty } from '../records/penalty.ts'
import { isAnnulled, meetsGround, rulesOf } from './rule-set.ts'

/**
 * The case that rests on a penalty and has not ended: no fact carries two listings, be the decision on file twice
 * under one number written in two ways.
 */
export function caseOn(dossier: Dossier, id: string): Case | undefined {
  const open = dossier.cases.filter(isOpen)
  if (open.length === 0) return undefined
  const same = new Set([id, ...sameDecisions(dossier, id)])
  return open.find((own) => basisOf(own).some((record) => same.has(record)))
}

/**
 * The case that a penalty can carry no other beside: one that has not ended, or that was decided and has run its course. What was
 * revoked, or broken off before anybody decided, has not listed the fact (不得以同一事实重复列入).
 */
export function caseFor(dossier: Dossier, id: string): Case | undefined {
  const over = dossier.cases.filter(hasRunItsCourse)
  const open = caseOn(dossier, id)
  if (open || over.length === 0) return open
  const same = new Set([id, ...sameDecisions(dossier, id), ...inPlaceOf(dossier, id)])
  return over.find((own) => basisOf(own).some((record) => same.has(record)))
}

/** Whether a penalty carries a case: it stands, is not void, and meets the ground. */
export function carries(own: Case, id: string, dossier: Dossier, today: CalendarDate): boolean {
  const record = recordWith(dossier.records, id)
  const ground = rulesOf(own).grounds.find((known) => known.id === own.proposed.ground)
  const data = record && !record.withdrawn ? penalty.of(record)?.data : undefined
  return (
    record !== undefined &&
    data !== undefined &&
    !isAnnulled(data) &&
    (!ground || meetsGround(record, ground, today))
  )
}

/** Whether review changed a penalty (变更), so that another decision stands in its place. */
export function isChanged({ records }: Dossier, id: string): boolean {
  const record = recordWith(records, id)
  return record !== undefined && penalty.of(record)?.data.reviewOutcome === '变更'
}

/** Why a case goes on with a part of its penalties. */
export const SOME_FALLEN = '作为列入依据的部分行政处罚不再有效，以其余处罚为依据'

/** What a case waits for all of whose penalties review has changed: to be judged by the decisions in their place. */
export function suspension(
  own: Case,
  changed: readonly string[],
  today: CalendarDate,
): CasePayload<'listing.suspended'> {
  const { date: dueOn, certain } = workingDaysAfter(today, rulesOf(own).decision.workingDays)
  const reason = '作为列入依据的行政处罚决定经复议或者诉讼变更，待按变更后的决定重新认定'
  return { case: own.id, changed: [...new Set(changed)], on: today, reason, dueOn, certain }
}

/** All penalties, by id, that need no other case. */
export function coveredByCases(dossier: Dossier): ReadonlySet<string> {
  const open = dossier.cases.filter(isOpen).flatMap(basisOf)
  const over = dossier.cases.filter(hasRunItsCourse).flatMap(basisOf)
  return new Set([
    ...[...open, ...over].flatMap((id) => [id, ...sameDecisions(dossier, id)]),
    ...over.flatMap((id) => inPlaceOf(dossier, id)),
  ])
}

/** Whether a case has said for good what follows from its facts. */
function hasRunItsCourse(own: Case): boolean {
  if (own.status === 'notListed') return true
  return own.status === 'removed' && (own.removed?.cause === 'expired' || own.removed?.cause === 'repaired')
}

/** Records of decisions in whose place a penalty stands after review, or that stand in its. */
function inPlaceOf(dossier: Dossier, id: string): string[] {
  const all = penalty.in(dossier)
  const own = all.find((record) => record.id === id)?.data
  if (!own) return []
  return all
    .filter(({ data }) => penalty.replaces(data, own) || penalty.replaces(own, data))
    .map((record) => record.id)
}

/** Other records of the decision that a penalty is: the same number, neither in the other's place after review. */
function sameDecisions(dossier: Dossier, id: string): string[] {
  const all = penalty.in(dossier)
  const own = all.find((record) => record.id === id)?.data
  if (!own) return []
  const number = penalty.identity(own)
  return all
    .filter(
      ({ data }) =>
        penalty.identity(data) === number && !penalty.replaces(data, own) && !penalty.replaces(own, data),
    )
    .map((record) => record.id)
}

/**
 * What a decision says of itself, of which the party to a case is told: where one of these changes, it was told of something
 * else. Dates of publication and fulfilment, outcomes of review, and what is for the office alone are none of it.
 */
export const TOLD_OF = [
  'documentNo',
  'replacesNo',
  'procedure',
  'conduct',
  'category',
  'facts',
  'violatedProvision',
  'penaltyBasis',
  'types',
  'content',
  'fine',
  'confiscatedIncome',
  'confiscatedGoods',
  'confiscatedTotal',
  'total',
  'revokedLicence',
  'refusedLicence',
  'restrictionEndsOn',
  'decidedOn',
  'authority',
  'severity',
] as const satisfies readonly (keyof PenaltyData)[]

/** What has changed in a case's basis since it was stated or told, in words; undefined where nothing has. */
export function changeOfBasis(dossier: Dossier, { overtaken }: Case): string | undefined {
  if (!overtaken) return undefined
  const named = (id: string) => {
    const record = dossier.records.find((known) => known.id === id)
    const number = record && penalty.partsOf(record.data).documentNo
    // One that was withdrawn says nothing any more.
    return number === undefined ? '所依据的一项处罚' : `处罚 ${number} `
  }
  const labels = (fields: readonly string[]) =>
    penalty.columns.flatMap(({ field, label }) => (fields.includes(field) ? [label] : [])).join('、')
  const changes = [
    ...overtaken.rewritten.map(({ id, fields }) => `${named(id)}的${labels(fields)}已变动`),
    ...overtaken.fallen.map((id) => `${named(id)}不再有效`),
  ]
  return `${Array.from(new Set(changes)).join('，')}（${overtaken.on}）`
}

/** The penalties that a case rests on, those that still stand. */
export function penaltiesOf(dossier: Dossier, own: Case): RecordAs<PenaltyData>[] {
  return penalty.in(dossier).filter(({ id }) => basisOf(own).includes(id))
}

/**
 * The penalties that a case may go on upon after review has changed one of its own (变更): decisions that came in the
 * changed one's place, not before the day of its outcome, and what is left of its own; each meets the ground and
 * carries no other case. None where review has changed nothing.
 */
export function newBasisOf(dossier: Dossier, own: Case, today: CalendarDate): RecordAs<PenaltyData>[] {
  const ground = rulesOf(own).grounds.find(({ id }) => id === own.proposed.ground)
  const since = changedOf(dossier, own)
    .map(({ data }) => data.reviewedOn ?? data.decidedOn)
    .sort()[0]
  if (!ground || own.changed === undefined) return []
  const basis = new Set([...basisOf(own), ...own.changed])
  return penalty
    .in(dossier)
    .filter(
      (record) =>
        meetsGround(record, ground, today) &&
        (caseFor(dossier, record.id) ?? own) === own &&
        (basis.has(record.id) || (since !== undefined && record.data.decidedOn >= since)),
    )
}

/** The open case that a changed decision belongs to: review put it in the place of one that the case rested on. */
export function caseAwaiting(dossier: Dossier, { id, data }: RecordAs<PenaltyData>): Case | undefined {
  return dossier.cases.find(
    (own) =>
      isOpen(own) &&
      !basisOf(own).includes(id) &&
      changedOf(dossier, own).some((changed) => isInPlaceOf(data, changed.data)),
  )
}

/** Penalties of a case that review changed, those that still stand so. */
function changedOf(dossier: Dossier, { changed = [] }: Case): RecordAs<PenaltyData>[] {
  return penalty.in(dossier).filter(({ id, data }) => changed.includes(id) && data.reviewOutcome === '变更')
}
