import type { CalendarDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Objection } from '../dossier/case.ts'
import { type Decision, idOf, type Situation } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { publicationRules } from '../records/rules.ts'
import { authorOf, draft, mayAct, mustSay, pastDay, removalDraft, steps } from './procedure.ts'

export interface NewObjection {
  about: Objection['about']
  on: CalendarDate
  grounds: string
}

/** Files an enterprise's objection (异议) to a record, a rating or a listing; the clock runs from its day. */
export function fileObjection(
  dossier: Dossier,
  { about, on, grounds }: NewObjection,
  at: Situation,
): Decision & { objectionId: string } {
  mayAct(at.actor, dossier)
  pastDay('/on', on, at.today)
  mustSay('/grounds', grounds, 10_000)
  const isKnown = {
    record: dossier.records.some(({ id, withdrawn }) => id === about.id && !withdrawn),
    rating: dossier.ratings.some(({ id }) => id === about.id),
    case: dossier.cases.some(({ id }) => id === about.id),
  }[about.kind]
  if (!isKnown) throw invalid('/about/id', 'unknown', '档案中没有所异议的记录、等级或列入案件；请核对编号。')
  if (dossier.objections.some((known) => known.about.id === about.id && !known.settled))
    throw new Refusal('exists', '对同一事项的异议正在处理中，请等待结果。')
  const { date: dueOn, certain } = workingDaysAfter(on, publicationRules.objectionDays.value)
  const objectionId = at.newId()
  const filed = draft(dossier, at, 'objection.filed', { id: objectionId, about, on, grounds, dueOn, certain })
  return { ...steps(dossier, [filed]), objectionId }
}

/** Settles an objection with its reasons; one that is upheld against a listing takes the firm off the list at once. */
export function settleObjection(
  dossier: Dossier,
  id: string,
  { upheld, outcome }: { upheld: boolean; outcome: string },
  at: Situation,
): Decision {
  mayAct(at.actor, dossier)
  mustSay('/outcome', outcome, 10_000)
  const objection = dossier.objections.find((known) => known.id === id)
  if (!objection) throw new Refusal('unknown', '档案中没有这一异议；请核对编号。')
  if (objection.settled) throw new Refusal('exists', `该异议已于 ${objection.settled.on} 处理完毕。`)
  const { about } = objection
  const listed = dossier.cases.find((own) => own.id === about.id)
  if (upheld && listed?.proposed.by === idOf(at.actor))
    throw new Refusal('forbidden', '提出列入的人不能处理对该列入的异议，请由另一人办理。')
  const settled = draft(dossier, at, 'objection.settled', { id, on: at.today, upheld, outcome })
  const removal =
    upheld && listed?.status === 'inForce'
      ? [removalDraft(dossier.key, listed.id, at.today, 'revoked', '异议成立，撤销列入', authorOf(at.actor))]
      : []
  return steps(dossier, [settled, ...removal])
}

/** Objections that stand open. */
export function openObjections(dossier: Dossier): Objection[] {
  return dossier.objections.filter(({ settled }) => !settled)
}
