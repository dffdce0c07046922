import type { Made } from '../authority/authorities.ts'
import type { Maker } from '../authority/maker.ts'
import { addDays, type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import type { CaseFact, CasePayload } from './case-entries.ts'

export type CaseStatus =
  | 'proposed'
  | 'noticed'
  | 'stated'
  | 'consented'
  | 'consentRefused'
  | 'decided'
  | 'notListed'
  | 'inForce'
  | 'suspended'
  | 'removed'
  | 'dropped'

export type RepairStatus =
  | 'applied'
  | 'accepted'
  | 'rejected'
  | 'inspected'
  | 'refused'
  | 'granted'
  | 'revoked'

interface Done {
  at: string
  author: Maker
}

/** A listing case (列入案件): every step that was taken, with who took it when. */
export interface Case {
  id: string
  status: CaseStatus
  proposed: CasePayload<'listing.proposed'> & Done
  noticed?: CasePayload<'listing.noticed'> & Done
  /** The party's last statement. */
  stated?: CasePayload<'listing.stated'> & Done
  /** Every statement, the first first. */
  statements?: readonly (CasePayload<'listing.stated'> & Done)[]
  consented?: CasePayload<'listing.consented'> & Done
  decided?: CasePayload<'listing.decided'> & Done
  published?: CasePayload<'listing.published'> & Done
  /** The penalties that it rests on now, where they are not those it was proposed on. */
  basis?: readonly string[]
  /** Penalties it rested on that review changed, while nobody has judged it by what came in their place. */
  changed?: readonly string[]
  /** What changed in the basis since facts were stated or the party was told of them: nothing is decided upon it as it is. */
  overtaken?: Overtaken
  /** The last time that its facts were written anew upon a changed basis. */
  restated?: CasePayload<'listing.restated'> & Done
  /** The last time that a change of its basis was held to be none of what the party was told. */
  affirmed?: CasePayload<'listing.affirmed'> & Done
  /** Waits to be judged by a changed decision, and goes on from where it was. */
  suspended?: CasePayload<'listing.suspended'> & Done & { from: CaseStatus }
  /** The last time that it was given a new basis. */
  rebased?: CasePayload<'listing.rebased'> & Done
  /** The case as it stood upon the basis before, where it began anew: what was said and done is kept. */
  before?: Case
  removed?: CasePayload<'listing.removed'> & Done
  dropped?: CasePayload<'listing.dropped'> & Done
  /** Where a case stood that has ended. */
  endedFrom?: CaseStatus
  repair?: Repair
  /** Applications for repair that came to nothing, the latest last. */
  formerRepairs?: readonly Repair[]
  /** What came of its basis that others than the case's own steps have changed, the latest last. */
  basisChanges?: readonly (Done & { reason: string })[]
}

/** What has changed in the basis of a case on its way: what penalties say, and which stand no more. */
export interface Overtaken {
  /** Day of the last change. */
  on: CalendarDate
  rewritten: readonly { id: string; fields: readonly string[] }[]
  fallen: readonly string[]
}

export interface Repair {
  status: RepairStatus
  applied: CasePayload<'listing.repairApplied'> & Done
  accepted?: CasePayload<'listing.repairAccepted'> & Done
  inspected?: CasePayload<'listing.repairInspected'> & Done
  decided?: CasePayload<'listing.repairDecided'> & Done
  revoked?: CasePayload<'listing.repairRevoked'> & Done
}

export interface Objection extends CasePayload<'objection.filed'> {
  filedAt: string
  /** Who took it in. */
  filedBy: Maker
  settled?: CasePayload<'objection.settled'>
}

/** An application to end a penalty's publication early. */
export interface EarlyEnd {
  record: string
  status: 'applied' | 'checked' | 'granted' | 'refused' | 'revoked'
  applied: CasePayload<'publication.endApplied'> & Done
  checked?: CasePayload<'publication.endChecked'> & Done
  decided?: CasePayload<'publication.endDecided'> & Done
  revoked?: CasePayload<'publication.endRevoked'> & Done
}

/** The text of a penalty's decision on its way to the public: attached, approved in review or returned. */
export interface DecisionText {
  record: string
  status: 'attached' | 'approved' | 'returned'
  attached: CasePayload<'document.attached'> & Done
  reviewed?: CasePayload<'document.reviewed'> & Done
}

/** What a file holds of procedures. */
export interface Procedures {
  cases: Case[]
  objections: Objection[]
  earlyEnds: EarlyEnd[]
  /** Texts of decisions in the order in which they were attached; none in most files. */
  decisionTexts?: DecisionText[]
}

/** Who made a case: whose authority proposed it. */
export function caseMadeBy({ proposed: { author, by, region } }: Case): Made {
  return { authority: author.authority, account: by, region }
}

/** The procedures after one more step. */
export function foldProcedures<P extends Procedures>(before: P, fact: CaseFact, done: Done): P {
  const { kind, payload } = fact
  switch (kind) {
    case 'listing.proposed': {
      const proposed = {
        id: payload.case,
        status: 'proposed' as const,
        proposed: { ...payload, ...done },
      }
      return { ...before, cases: [...before.cases, proposed] }
    }
    case 'listing.noticed':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: 'noticed',
        noticed: { ...payload, ...done },
      }))
    case 'listing.stated':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: 'stated',
        stated: { ...payload, ...done },
        statements: [...(own.statements ?? []), { ...payload, ...done }],
      }))
    case 'listing.consented':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: payload.granted ? 'consented' : 'consentRefused',
        consented: { ...payload, ...done },
      }))
    case 'listing.decided':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: payload.listed ? 'decided' : 'notListed',
        decided: { ...payload, ...done },
      }))
    case 'listing.published':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: 'inForce',
        // Published again upon a new basis it stands where it stood.
        published: own.published ?? { ...payload, ...done },
      }))
    case 'listing.basisChanged':
      return onCase(before, payload.case, (own) => {
        const overtaken = overtakenBy(own, payload, done)
        return {
          ...own,
          basis: payload.penalties,
          basisChanges: [...(own.basisChanges ?? []), { reason: payload.reason, ...done }],
          ...(payload.changed && { changed: [...(own.changed ?? []), ...payload.changed] }),
          ...(overtaken && { overtaken }),
        }
      })
    case 'listing.suspended':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: 'suspended',
        changed: payload.changed,
        basisChanges: [...(own.basisChanges ?? []), { reason: payload.reason, ...done }],
        suspended: { ...payload, ...done, from: own.status },
      }))
    case 'listing.reinstated':
      return onCase(before, payload.case, (own) => reinstated(own, payload, done))
    case 'listing.rebased':
      return onCase(before, payload.case, (own) => rebased(own, { ...payload, ...done }))
    case 'listing.restated': {
      const { facts, reasons } = payload
      return onCase(before, payload.case, (own) =>
        begunAnew({ ...own, restated: { ...payload, ...done } }, { facts, reasons }, own),
      )
    }
    case 'listing.affirmed':
      return onCase(before, payload.case, ({ overtaken: _, ...own }) => ({
        ...own,
        affirmed: { ...payload, ...done },
      }))
    case 'listing.removed':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: 'removed',
        removed: { ...payload, ...done },
        endedFrom: own.status,
      }))
    case 'listing.dropped':
      return onCase(before, payload.case, (own) => ({
        ...own,
        status: 'dropped',
        dropped: { ...payload, ...done },
        endedFrom: own.status,
      }))
    case 'listing.repairApplied':
      return onCase(before, payload.case, (own) => ({
        ...own,
        repair: { status: 'applied', applied: { ...payload, ...done } },
        ...(own.repair && { formerRepairs: [...(own.formerRepairs ?? []), own.repair] }),
      }))
    case 'listing.repairAccepted':
      return onRepair(before, payload.case, payload.accepted ? 'accepted' : 'rejected', {
        accepted: { ...payload, ...done },
      })
    case 'listing.repairInspected':
      return onRepair(before, payload.case, 'inspected', { inspected: { ...payload, ...done } })
    case 'listing.repairDecided':
      return onRepair(before, payload.case, payload.granted ? 'granted' : 'refused', {
        decided: { ...payload, ...done },
      })
    case 'listing.repairRevoked':
      return onRepair(before, payload.case, 'revoked', { revoked: { ...payload, ...done } })
    case 'objection.filed':
      return {
        ...before,
        objections: [...before.objections, { ...payload, filedAt: done.at, filedBy: done.author }],
      }
    case 'objection.settled':
      return {
        ...before,
        objections: before.objections.map((own) =>
          own.id === payload.id ? { ...own, settled: payload } : own,
        ),
      }
    case 'document.attached': {
      const own = { record: payload.record, status: 'attached' as const, attached: { ...payload, ...done } }
      return { ...before, decisionTexts: [...(before.decisionTexts ?? []), own] }
    }
    case 'document.reviewed': {
      const last = lastText(before, payload.record)
      const status = payload.approved ? ('approved' as const) : ('returned' as const)
      return {
        ...before,
        decisionTexts: before.decisionTexts?.map((own) =>
          own === last ? { ...own, status, reviewed: { ...payload, ...done } } : own,
        ),
      }
    }
    case 'publication.endApplied':
      return {
        ...before,
        earlyEnds: [
          ...before.earlyEnds,
          { record: payload.record, status: 'applied', applied: { ...payload, ...done } },
        ],
      }
    case 'publication.endChecked':
      return onEarlyEnd(before, payload.record, { status: 'checked', checked: { ...payload, ...done } })
    case 'publication.endDecided':
      return onEarlyEnd(before, payload.record, {
        status: payload.granted ? 'granted' : 'refused',
        decided: { ...payload, ...done },
      })
    case 'publication.endRevoked':
      return onEarlyEnd(before, payload.record, { status: 'revoked', revoked: { ...payload, ...done } })
  }
}

/** The text of a penalty's decision that was attached last; the approved one only, if asked. */
export function lastText(
  { decisionTexts = [] }: Pick<Procedures, 'decisionTexts'>,
  record: string,
  status?: DecisionText['status'],
): DecisionText | undefined {
  return decisionTexts.findLast(
    (own) => own.record === record && (status === undefined || own.status === status),
  )
}

/** The day of a step that may have been taken on paper before it was entered: as entered, where nobody said another. */
export function dayOf({ on, at }: { on?: CalendarDate | undefined; at: string }): CalendarDate {
  return on ?? shanghaiDate(new Date(at))
}

/** The penalties that a case rests on now, by id. */
export function basisOf({ basis, proposed }: Case): readonly string[] {
  return basis ?? proposed.penalties
}

/**
 * The case upon its new basis. A decision that was taken stands, with all its dates; short of one the party has to be told
 * anew, since it was told of other facts.
 */
function rebased({ suspended, changed: _, ...own }: Case, now: CasePayload<'listing.rebased'> & Done): Case {
  const { penalties: basis, facts, reasons } = now
  const next = { ...own, basis, rebased: now }
  if (own.decided) return { ...next, status: suspended?.from ?? own.status }
  return begunAnew(next, { facts, reasons }, own)
}

/** The case as it was before what was entered in error: not ended, not waiting, upon the penalties that stand again. */
function reinstated(
  { removed: _, dropped: __, endedFrom, suspended, changed = [], overtaken, ...own }: Case,
  { penalties, reason }: CasePayload<'listing.reinstated'>,
  done: Done,
): Case {
  const still = changed.filter((id) => !penalties.includes(id))
  const fallen = overtaken?.fallen.filter((id) => !penalties.includes(id)) ?? []
  const isOvertaken = overtaken && (fallen.length > 0 || overtaken.rewritten.length > 0)
  const was = endedFrom ?? own.status
  return {
    ...own,
    status: was === 'suspended' ? (suspended?.from ?? was) : was,
    basis: penalties,
    basisChanges: [...(own.basisChanges ?? []), { reason, ...done }],
    ...(still.length > 0 && { changed: still }),
    ...(isOvertaken && { overtaken: { ...overtaken, fallen } }),
  }
}

/** A case that has to tell the party anew; what was said and done before is kept. */
function begunAnew(
  {
    noticed: _,
    stated: __,
    statements: ___,
    consented: ____,
    overtaken: _____,
    affirmed: ______,
    ...own
  }: Case,
  stated: { facts: string; reasons: string },
  before: Case,
): Case {
  return { ...own, status: 'proposed', proposed: { ...own.proposed, ...stated }, before }
}

/** What a case that nobody has decided yet would go on over, once its basis has changed again; undefined for others. */
function overtakenBy(
  own: Case,
  { penalties, rewritten = [], on }: CasePayload<'listing.basisChanged'>,
  { at }: Done,
): Overtaken | undefined {
  if (!isOnItsWay(own) || own.decided) return undefined
  const fallen = basisOf(own).filter((id) => !penalties.includes(id))
  return {
    on: on ?? shanghaiDate(new Date(at)),
    rewritten: [...(own.overtaken?.rewritten ?? []), ...rewritten],
    fallen: [...(own.overtaken?.fallen ?? []), ...fallen],
  }
}

/** Whether a case stands on the public list on a day. */
export function isInForce(own: Case, on: CalendarDate): boolean {
  const { status, published, removed } = own
  if (!published || removed || status === 'suspended' || wasRepaired(own, on)) return false
  return published.from <= on && (published.until === undefined || on < published.until)
}

/** Whether a listing was off the list on a day, by a repair that was taken back since. */
function wasRepaired({ repair, formerRepairs = [] }: Case, on: CalendarDate): boolean {
  return [...formerRepairs, ...(repair ? [repair] : [])].some(
    ({ decided, revoked }) =>
      decided !== undefined &&
      revoked !== undefined &&
      dayOf({ on: undefined, at: decided.at }) <= on &&
      on < dayOf({ on: undefined, at: revoked.at }),
  )
}

/** Whether a case has not ended: on its way, on the list, or waiting to be judged by a changed decision. */
export function isOpen(own: Case): boolean {
  return isOnItsWay(own) || own.status === 'inForce' || own.status === 'suspended'
}

/** Whether a case is still on its way: neither ended nor on the list. */
export function isOnItsWay({ status }: Case): boolean {
  return ['proposed', 'noticed', 'stated', 'consented', 'decided'].includes(status)
}

function onCase<P extends Procedures>(before: P, id: string, change: (own: Case) => Case): P {
  return { ...before, cases: before.cases.map((own) => (own.id === id ? change(own) : own)) }
}

function onRepair<P extends Procedures>(
  before: P,
  id: string,
  status: RepairStatus,
  step: Partial<Repair>,
): P {
  return onCase(before, id, (own) =>
    own.repair ? { ...own, repair: { ...own.repair, ...step, status } } : own,
  )
}

function onEarlyEnd<P extends Procedures>(before: P, record: string, step: Partial<EarlyEnd>): P {
  const last = before.earlyEnds.findLast((own) => own.record === record)
  return { ...before, earlyEnds: before.earlyEnds.map((own) => (own === last ? { ...own, ...step } : own)) }
}

/** The next day on which a case changes by itself, past or to come; undefined when none does. */
export function casesChangeOn({ cases }: Pick<Procedures, 'cases'>): CalendarDate | undefined {
  const days = cases.flatMap(({ status, published, decided }) => {
    if (status === 'inForce' || status === 'suspended') return published?.until ?? []
    const listing = status === 'decided' ? decided?.listing : undefined
    // One that was set before its holiday notice may come a few days sooner by it.
    return listing ? (listing.certain ? listing.publishBy : addDays(listing.publishBy, -7)) : []
  })
  return days.sort()[0]
}
