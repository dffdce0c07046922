import type { CalendarDate } from '../calendar/dates.ts'
import { basisOf, type Case, isOnItsWay } from '../dossier/case.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { enterprise } from '../records/enterprise.ts'
import { penalty } from '../records/penalty.ts'
import type { Draft } from '../register/entry.ts'
import { publicationDraft, removalDraft, rulesOf } from './procedure.ts'
import { isAnnulled, meetsGround } from './rule-set.ts'

const AUTHOR = { authority: '质量信用档案系统', officer: '名单即时处理' }

/**
 * What follows at once for listings from what has just happened to a file: a case goes on with those of its penalties
 * that are left, and ends, as a listing does, when none is left or the enterprise no longer exists.
 */
export function listingsAfterEvent(
  before: Dossier | undefined,
  after: Dossier,
  today: CalendarDate,
): Draft[] {
  return after.cases.flatMap((own): Draft[] => {
    const isLive = isOnItsWay(own) || own.status === 'inForce'
    if (!isLive) return []
    const basis = basisOf(own)
    const left = basis.filter((id) => stands(own, id, before, after, today))
    if (left.length === 0) return [ending(after.key, own, today, 'annulled', FALLEN)]
    if (enterprise.partsOf(after.enterprise).status === '注销')
      return [ending(after.key, own, today, 'dissolved', '企业已注销')]
    if (left.length === basis.length) return []
    const payload = { case: own.id, penalties: left, reason: SOME_FALLEN }
    const visibility = own.status === 'inForce' ? 'platform' : 'internal'
    return [{ subject: after.key, kind: 'listing.basisChanged', payload, visibility, author: AUTHOR }]
  })
}

const FALLEN = '作为列入依据的行政处罚已被撤销、变更、确认违法或者无效，或者其记录已撤回、更正'
const SOME_FALLEN = '作为列入依据的部分行政处罚不再有效，以其余处罚为依据'

/** What the day brings for listings: publication that is due, terms that have ended. */
export function listingsDue(dossier: Dossier, today: CalendarDate): Draft[] {
  return dossier.cases.flatMap((own): Draft[] => {
    const until = own.published?.until
    if (own.status === 'inForce' && until !== undefined && until <= today)
      return [removalDraft(dossier.key, own.id, until, 'expired', '列入期限届满', AUTHOR)]
    if (own.status === 'decided' && (own.decided?.listing?.publishBy ?? '9999') <= today)
      return [publicationDraft(dossier.key, own, AUTHOR)]
    return []
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
  const record = after.records.find((known) => known.id === id)
  if (!record || record.withdrawn) return false
  const read = penalty.of(record)
  // What this program can't read ends no case: a person has to look.
  if (!read) return true
  if (isAnnulled(read.data)) return false
  const was = before?.records.find((known) => known.id === id)
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
  if (own.status === 'inForce') return removalDraft(key, own.id, today, cause, reason, AUTHOR)
  const payload = { case: own.id, reason }
  return { subject: key, kind: 'listing.dropped', payload, visibility: 'internal', author: AUTHOR }
}
