import type { CalendarDate } from '../calendar/dates.ts'
import { type Case, isOnItsWay } from '../dossier/case.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { Draft } from '../register/entry.ts'
import { publicationDraft, removalDraft } from './procedure.ts'
import { isAnnulled } from './rule-set.ts'

const AUTHOR = { authority: '质量信用档案系统', officer: '名单即时处理' }

/**
 * What follows at once for listings from what has just happened to a file: a case whose penalties were all annulled
 * or withdrawn ends, and so does a listing of an enterprise that no longer exists.
 */
export function listingsAfterEvent(after: Dossier, today: CalendarDate): Draft[] {
  return after.cases.flatMap((own): Draft[] => {
    const ends = isOnItsWay(own) || own.status === 'inForce'
    if (!ends) return []
    if (!own.proposed.penalties.some((id) => stands(after, id)))
      return [
        ending(after.key, own, today, 'annulled', '作为列入依据的行政处罚已被撤销、变更、确认违法或者无效'),
      ]
    if (after.enterprise.status === '注销') return [ending(after.key, own, today, 'dissolved', '企业已注销')]
    return []
  })
}

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

function stands(dossier: Dossier, id: string): boolean {
  const record = dossier.records.find((known) => known.id === id)
  return record !== undefined && !record.withdrawn && !isAnnulled(record.data)
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
