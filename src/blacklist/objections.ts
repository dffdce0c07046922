import type { CalendarDate } from '../calendar/dates.ts'
import { type Deadline, keptDeadline, workingDaysAfter } from '../calendar/workdays.ts'
import { isOpen, type Objection } from '../dossier/case.ts'
import { correctRecord, type Decision, type Situation, withdrawRecord } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { recordWith } from '../dossier/per-record.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { RecordData } from '../records/kind.ts'
import { publicationRules } from '../records/rules.ts'
import type { Draft } from '../register/entry.ts'
import { authorOf, draft, pastDay, removalDraft, steps } from './procedure.ts'

export interface NewObjection {
  about: Objection['about']
  on: CalendarDate
  grounds: string
  /** Who else has to help to look into it (协助核查的单位). */
  assistedBy?: string | undefined
}

/** Files an enterprise's objection (异议) to a record, a rating or a listing; the clock runs from its day. */
export function fileObjection(
  dossier: Dossier,
  { about, on, grounds, assistedBy }: NewObjection,
  at: Situation,
): Decision & { objectionId: string } {
  pastDay('/on', on, at.today)
  const isKnown = {
    record: dossier.records.some(({ id, withdrawn }) => id === about.id && !withdrawn),
    rating: dossier.ratings.some(({ id }) => id === about.id),
    case: dossier.cases.some(({ id }) => id === about.id),
  }[about.kind]
  if (!isKnown) throw invalid('/about/id', 'unknown', '档案中没有所异议的记录、等级或列入案件；请核对编号。')
  if (dossier.objections.some((known) => known.about.id === about.id && !known.settled))
    throw new Refusal('exists', '对同一事项的异议正在处理中，请等待结果。')
  const { date: dueOn, certain } = workingDaysAfter(on, objectionDays({ assistedBy }))
  const objectionId = at.newId()
  const filed = draft(dossier, at, 'objection.filed', {
    id: objectionId,
    about,
    on,
    grounds,
    ...(assistedBy !== undefined && { assistedBy }),
    dueOn,
    certain,
  })
  return { ...steps(dossier, [filed]), objectionId }
}

/** Working days in which an objection is settled: more where others have to help to look into it. */
function objectionDays({ assistedBy }: { assistedBy?: string | undefined }): number {
  const { objectionDays: own, assistedObjectionDays: assisted } = publicationRules
  return (assistedBy === undefined ? own : assisted).value
}

/** The last day on which an objection is settled in time. */
export function objectionDue({ on, dueOn: date, certain, assistedBy }: Objection): Deadline {
  return keptDeadline({ date, certain }, on, objectionDays({ assistedBy }))
}

export interface Settlement {
  upheld: boolean
  outcome: string
  /** What is right instead, where an upheld objection is met by correcting the record: a merge patch. */
  corrected?: RecordData | undefined
}

/**
 * Settles an objection with its reasons. One that is upheld carries its remedy in the same act: the record is corrected
 * or withdrawn, the rating revoked, the firm taken off the list, the case ended.
 */
export function settleObjection(
  dossier: Dossier,
  id: string,
  { upheld, outcome, corrected }: Settlement,
  at: Situation,
): Decision {
  const objection = dossier.objections.find((known) => known.id === id)
  if (!objection) throw new Refusal('unknown', '档案中没有这一异议；请核对编号。')
  if (objection.settled) throw new Refusal('exists', `该异议已于 ${objection.settled.on} 处理完毕。`)
  if (corrected !== undefined && (!upheld || objection.about.kind !== 'record'))
    throw invalid('/corrected', 'not-needed', '只有对记录的异议成立时才填写更正内容。')
  const remedy = upheld ? remedyOf(dossier, objection, corrected, at) : { drafts: [], remedy: undefined }
  const settled = draft(dossier, at, 'objection.settled', {
    id,
    on: at.today,
    upheld,
    outcome,
    ...(remedy.remedy && { remedy: remedy.remedy }),
  })
  return steps(dossier, [settled, ...remedy.drafts])
}

function remedyOf(
  dossier: Dossier,
  { about }: Objection,
  corrected: RecordData | undefined,
  at: Situation,
): { remedy: 'withdrawn' | 'corrected' | 'removed' | 'revoked' | 'none'; drafts: Draft[] } {
  const own = dossier.cases.find((known) => known.id === about.id)
  if (own) {
    if (!isOpen(own)) return { remedy: 'none', drafts: [] }
    const drafts = own.decided
      ? [removalDraft(dossier.key, own, at.today, 'revoked', '异议成立，撤销列入', authorOf(at.actor))]
      : [draft(dossier, at, 'listing.dropped', { case: own.id, reason: '异议成立' })]
    return { remedy: 'removed', drafts }
  }
  const record = dossier.records.find((known) => known.id === about.id)
  if (record && !record.withdrawn) {
    const { drafts } = corrected
      ? correctRecord(dossier, record.id, corrected, '异议成立', at)
      : withdrawRecord(dossier, record.id, '异议成立', at)
    return { remedy: corrected ? 'corrected' : 'withdrawn', drafts }
  }
  const rating = dossier.ratings.find((known) => known.id === about.id)
  if (rating && !rating.revoked) {
    const payload = { id: rating.id, reason: '异议成立' }
    return {
      remedy: 'revoked',
      drafts: [
        {
          subject: dossier.key,
          kind: 'rating.revoked',
          payload,
          visibility: 'public',
          author: authorOf(at.actor),
        },
      ],
    }
  }
  return { remedy: 'none', drafts: [] }
}

/** Objections that stand open; one to a record is over with it. */
export function openObjections({ objections, records }: Dossier): Objection[] {
  return objections.filter(({ settled, about }) => !settled && !recordWith(records, about.id)?.withdrawn)
}
