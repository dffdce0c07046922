import { SYSTEM } from '../authority/authority.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { basisOf, type Case, isOnItsWay, isOpen } from '../dossier/case.ts'
import { type Dossier, isDissolved } from '../dossier/dossier.ts'
import { recordWith } from '../dossier/per-record.ts'
import { penalty } from '../records/penalty.ts'
import type { Draft } from '../register/entry.ts'
import { carries, caseFor, isChanged, SOME_FALLEN, suspension, TOLD_OF } from './basis.ts'
import { publicationDraft, publicationDue, removalDraft } from './procedure.ts'
import { isAnnulled, meetsGround, rulesOf } from './rule-set.ts'

const AUTHOR = { authority: SYSTEM, officer: '名单即时处理' }

/**
 * What follows at once for listings from what has just happened to a file: a case goes on with those of its penalties
 * that are left. With none left it waits where review changed one, to be judged by the changed decision, and ends
 * elsewhere, as it does when the enterprise no longer exists. One that nobody has decided learns what its penalties say now.
 */
export function listingsAfterEvent(
  before: Dossier | undefined,
  after: Dossier,
  today: CalendarDate,
): Draft[] {
  return after.cases.flatMap((own): Draft[] => {
    if (!isOpen(own)) return reinstatement(own, before, after, today)
    const basis = basisOf(own)
    const left = basis.filter((id) => stands(own, id, before, after, today))
    const back = reinstatement(own, before, after, today)
    if (back.length > 0 && left.length === basis.length) return back
    const fallen = basis.filter((id) => !left.includes(id))
    const changed = [...(own.changed ?? []), ...fallen].filter((id) => isChanged(after, id))
    const isWaiting = own.status === 'suspended'
    if (left.length === 0 && changed.length === 0) return [ending(after.key, own, today, 'annulled', FALLEN)]
    if (isDissolved(after)) return [ending(after.key, own, today, 'dissolved', '企业已注销')]
    const rewritten = isOnItsWay(own) && !own.decided ? rewrittenIn(left, before, after) : []
    if ((fallen.length === 0 && rewritten.length === 0) || isWaiting) return []
    const head = { subject: after.key, author: AUTHOR, visibility: visibilityOf(own) }
    if (left.length === 0)
      return [{ ...head, kind: 'listing.suspended', payload: suspension(own, changed, today) }]
    const payload = {
      case: own.id,
      penalties: left,
      reason: fallen.length > 0 ? SOME_FALLEN : REWRITTEN,
      on: today,
      ...(rewritten.length > 0 && { rewritten }),
      ...(changed.length > 0 && { changed: fallen.filter((id) => changed.includes(id)) }),
    }
    return [{ ...head, kind: 'listing.basisChanged', payload }]
  })
}

/**
 * A case that ended by itself, waits, or lost a penalty, goes on as it was once what brought that about turns out to have been
 * entered in error: an outcome of review that was none, a firm that exists. What persons ended, and what another case has taken up
 * since, stays ended.
 */
function reinstatement(own: Case, before: Dossier | undefined, after: Dossier, today: CalendarDate): Draft[] {
  const isOver = own.published?.until !== undefined && own.published.until <= today
  if (!before || isOver || isDissolved(after) || !mayGoOn(own)) return []
  const whole = [...new Set([...(own.rebased?.penalties ?? own.proposed.penalties), ...basisOf(own)])]
  const standing = whole.filter((id) => {
    const other = caseFor(after, id)
    return carries(own, id, after, today) && (other === undefined || other.id === own.id)
  })
  const isBack = (id: string) => standing.includes(id) && !carries(own, id, before, today)
  const isWholeAgain = own.removed?.cause === 'dissolved' || own.dropped !== undefined
  const exists = isWholeAgain && isDissolved(before) && standing.length > 0
  if (!exists && !standing.some(isBack)) return []
  const wasListed = own.status === 'removed' || own.status === 'suspended'
  const payload = { case: own.id, penalties: standing, on: today, reason: exists ? EXISTS : BACK }
  const head = { subject: after.key, author: AUTHOR, visibility: visibilityOf(own) }
  return [
    { ...head, kind: 'listing.reinstated', payload },
    ...(own.published && wasListed ? [publicationDraft(after.key, own, AUTHOR)] : []),
  ]
}

/**
 * Whether a case is open, or was ended by what happened to its firm or, before it was on the list, to its basis, and by nobody's
 * decision. Of one whose penalties were annulled on the list all that it said is erased: it can only be begun anew.
 */
function mayGoOn({ removed, dropped, ...own }: Case): boolean {
  if (isOpen(own)) return true
  const end = removed?.cause === 'dissolved' ? removed : dropped
  return end?.author.authority === AUTHOR.authority && end.author.officer === AUTHOR.officer
}

const BACK = '作为列入依据的行政处罚的登记有误，已经更正，处罚仍然有效'
const EXISTS = '企业注销的登记有误，已经更正'
const FALLEN = '作为列入依据的行政处罚已被撤销、变更、确认违法或者无效，或者其记录已撤回、更正'

const REWRITTEN = '作为列入依据的行政处罚的内容已变动'

/** Penalties that say something else than they did: what a case tells the party of, field by field. */
function rewrittenIn(
  ids: readonly string[],
  before: Dossier | undefined,
  after: Dossier,
): { id: string; fields: string[] }[] {
  return ids.flatMap((id) => {
    const was = recordWith(before?.records ?? [], id)?.data
    const is = recordWith(after.records, id)?.data
    if (!was || !is || was === is) return []
    const fields = TOLD_OF.filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
    return fields.length > 0 ? [{ id, fields: [...fields] }] : []
  })
}

/** Who may see that a case's basis has changed: the platform, where it has seen the listing. */
function visibilityOf({ published }: Case): Draft['visibility'] {
  return published ? 'platform' : 'internal'
}

/** What the day brings for listings: terms that have ended, publication that is due. */
export function listingsDue(dossier: Dossier, today: CalendarDate): Draft[] {
  const due = dossier.cases.filter(
    (own) => own.status === 'decided' && (publicationDue(own)?.date ?? '9999') <= today,
  )
  return [...listingsOver(dossier, today), ...due.map((own) => publicationDraft(dossier.key, own, AUTHOR))]
}

/** Removals of the listings whose term is over on a day. */
export function listingsOver(dossier: Dossier, today: CalendarDate): Draft[] {
  return dossier.cases.flatMap((own): Draft[] => {
    const until = own.published?.until
    if (!isOpen(own) || until === undefined || today < until) return []
    return [removalDraft(dossier.key, own, until, 'expired', '列入期限届满', AUTHOR)]
  })
}

/** Whether a case may still rest on a penalty: it stands, and meets the ground if it did before what has just happened. */
function stands(
  own: Case,
  id: string,
  before: Dossier | undefined,
  after: Dossier,
  today: CalendarDate,
): boolean {
  const record = recordWith(after.records, id)
  if (!record || record.withdrawn) return false
  const read = penalty.of(record)
  // What this program can't read ends no case: a person has to look.
  if (!read) return true
  if (isAnnulled(read.data)) return false
  const was = recordWith(before?.records ?? [], id)
  if (!was || was.data === record.data) return true
  const ground = rulesOf(own).grounds.find((known) => known.id === own.proposed.ground)
  return !ground || !meetsGround(was, ground, today) || meetsGround(record, ground, today)
}

function ending(
  key: string,
  own: Case,
  today: CalendarDate,
  cause: 'annulled' | 'dissolved',
  reason: string,
): Draft {
  if (own.published) return removalDraft(key, own, today, cause, reason, AUTHOR)
  const payload = { case: own.id, reason }
  return { subject: key, kind: 'listing.dropped', payload, visibility: 'internal', author: AUTHOR }
}
