import { versionOf } from '../adoption/adoption.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { type Dossier, type FileRating, ratingInForce } from '../dossier/dossier.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Draft } from '../register/entry.ts'
import type { StandardHistory } from './adopted.ts'
import { type Rating, rankOfGrade, rate } from './rate.ts'
import type { Standard } from './standard.ts'

const AUTHOR = { authority: '质量信用档案系统', officer: '等级即时调整' }

/**
 * The ratings to issue between campaigns because of what has just happened to a file: a grade in force falls when a
 * limit that acts at once comes to hold, and is given anew when such a limit ceases to.
 */
export function ratingsAfterEvent(
  after: Dossier,
  standards: readonly StandardHistory[],
  on: CalendarDate,
  catalogue: Catalogue,
  newId: () => string,
): Draft[] {
  return standards.flatMap((history) => {
    const inForce = ratingInForce(after, history.id)
    const standard = inForce && versionOf(history, inForce.standard.version)?.document
    if (!inForce || !standard || inForce.grade === null) return []
    const rating = rate(after, standard, on, catalogue)
    const reason = reasonFor(standard, inForce, rating)
    return reason === undefined
      ? []
      : [ratingDraft(after.key, newId(), standard, on, rating, { reason }, AUTHOR)]
  })
}

function reasonFor(standard: Standard, inForce: FileRating, now: Rating): string | undefined {
  const atOnce = new Set(standard.limits.filter((limit) => limit.atOnce).map(({ id }) => id))
  const came = now.limits.find(
    ({ id, grade }) =>
      atOnce.has(id) &&
      !inForce.limits.some((known) => known.id === id) &&
      rankOfGrade(standard, grade) > rankOfGrade(standard, inForce.grade ?? ''),
  )
  if (came) return came.rule
  const went = inForce.limits.find(({ id }) => atOnce.has(id) && !now.limits.some((known) => known.id === id))
  // The limit that went is not named: a listing that was removed must not be read from here.
  return went && '限制等级的情形不再存在，重新评定'
}

/** What is said of a rating beside its outcome. */
export interface Circumstances {
  position?: number
  reason?: string
  campaign?: string
  adjusted?: { from: string | null; reason: string }
}

/** Entry of an issued rating. */
export function ratingDraft(
  key: string,
  id: string,
  { id: standard, version, shownAs }: Standard,
  on: CalendarDate,
  rating: Rating,
  circumstances: Circumstances,
  author: Draft['author'],
): Draft {
  const payload = { id, standard: { id: standard, version, shownAs }, on, ...rating, ...circumstances }
  // What a rating rests on may not be public yet, so the public reads it from the file's face alone.
  return { subject: key, kind: 'rating.issued', payload, visibility: 'platform', author }
}
