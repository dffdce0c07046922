import type { CalendarDate } from '../calendar/dates.ts'
import { isInPlaceOf, isVoid, type PenaltyData, penalty } from '../records/penalty.ts'
import type { Dossier, RecordAs } from './dossier.ts'
import { joined, perBlock } from './per-record.ts'

/** Limit of a file while a changed decision is awaited; it may be told of without the penalty that was taken from the public. */
export const AWAITED = {
  id: 'awaited-decision',
  rule: '处罚决定经复议或者诉讼变更，变更后的决定登记之前，等级不因此提高',
}

/** Whether review put another of some decisions in the place of one. */
function isReplaced(all: readonly RecordAs<PenaltyData>[], record: RecordAs<PenaltyData>): boolean {
  return all.some((other) => other !== record && isInPlaceOf(other.data, record.data))
}

/** The decisions in whose place one came, one after the other: review may change a changed decision again. */
function formerOf(
  all: readonly RecordAs<PenaltyData>[],
  record: RecordAs<PenaltyData>,
): RecordAs<PenaltyData>[] {
  const found = new Set([record])
  for (const later of found)
    for (const former of all) if (isInPlaceOf(later.data, former.data)) found.add(former)
  found.delete(record)
  return [...found]
}

const changedIn = perBlock((records) =>
  penalty.in({ records }).filter(({ data }) => data.reviewOutcome === '变更'),
)

/**
 * Decisions that review changed (变更) while what came in their place is not on file yet: of penalties that the public would see, had
 * they stood. Changed is not annulled, so what is not known of them is not good.
 */
export function awaitedDecisions(dossier: Pick<Dossier, 'records'>): RecordAs<PenaltyData>[] {
  // Most files hold none, and each of their writes asks.
  if (joined(changedIn(dossier.records)).length === 0) return []
  return punishments(dossier).filter(
    ({ data: { reviewOutcome, ...decided } }) =>
      reviewOutcome === '变更' && penalty.publication(decided).public,
  )
}

/** A penalty that tells against a firm, and the day on which it was first punished so. */
export interface Punished extends RecordAs<PenaltyData> {
  punishedOn: CalendarDate
}

/**
 * What a firm was punished for and when (受到处罚): penalties that are not void. A decision that review put in another's place
 * is no second penalty: it stands for both, on the day of the first, as soon as it is on file.
 */
export function punishments(dossier: Pick<Dossier, 'records'>): Punished[] {
  const all = penalty.in(dossier).filter(({ data }) => !isVoid(data))
  // Only these, which are few, others may stand in the place of.
  const changed = all.filter(({ data }) => data.reviewOutcome === '变更')
  const replaced = changed.filter((record) => isReplaced(all, record))
  return all
    .filter((record) => !replaced.includes(record))
    .map((record) => {
      const days = formerOf(changed, record).map(({ data }) => data.decidedOn)
      const [punishedOn = record.data.decidedOn] = [record.data.decidedOn, ...days].sort()
      return { ...record, punishedOn }
    })
}
