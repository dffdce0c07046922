import { SYSTEM } from '../authority/authority.ts'
import { listingsDue, listingsOver } from '../blacklist/consequences.ts'
import { type CalendarDate, shanghaiDate, startOfDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { transitions } from '../dossier/face.ts'
import { type Draft, idFrom } from '../register/entry.ts'
import { consequences, hasIssued, type Rules } from './consequences.ts'

/** What the day is judged by; ids follow from the file and the day, so that whoever reads before the job finds what it appends. */
export type DayRules = Omit<Rules, 'newId'>

/**
 * What the day brings to a file and nobody has appended yet, with what follows: publications that begin or end, terms and limits
 * that end, listings whose publication is due.
 */
export function draftsOfDay(dossier: Dossier, today: CalendarDate, rules: DayRules): Draft[] {
  const last = dossier.events.at(-1)
  if (!last) return []
  const from = shanghaiDate(new Date(last.at))
  const timed = transitions(dossier, rules.catalogue)
    .filter(({ on }) => on > from && on <= today)
    .sort((a, b) => a.on.localeCompare(b.on))
    .map(
      ({ kind, id, on }): Draft => ({
        subject: dossier.key,
        kind,
        payload: { id, on },
        visibility: 'platform',
        author: { authority: SYSTEM, officer: '到期处理' },
      }),
    )
  return withConsequences(dossier, [...timed, ...listingsDue(dossier, today)], today, rules)
}

/**
 * A file as the day has it, whether or not the daily job has run: listings whose term is over have ended, and grades rest on
 * nothing that time has taken. It claims no entry that isn't there: events, position and revision stay. What the job
 * itself does (a publication that is due) comes with it.
 */
export function onDay(dossier: Dossier, today: CalendarDate, rules: DayRules): Dossier {
  const drafts = withConsequences(dossier, listingsOver(dossier, today), today, rules)
  const after = drafts.length > 0 ? anticipated(dossier, drafts, startOfDate(today)) : undefined
  if (!after) return dossier
  const { events, position, revision } = dossier
  const known = new Set(dossier.ratings.map(({ id }) => id))
  const ratings = after.ratings.map((rating) => (known.has(rating.id) ? rating : { ...rating, position }))
  return { ...after, ratings, events, position, revision }
}

function withConsequences(
  dossier: Dossier,
  drafts: readonly Draft[],
  today: CalendarDate,
  rules: DayRules,
): Draft[] {
  const after = hasIssued(dossier) ? anticipated(dossier, drafts, startOfDate(today)) : undefined
  if (!after) return [...drafts]
  return [...drafts, ...consequences(dossier, after, today, { ...rules, newId: idsOf(dossier, today) })]
}

/** Ids for what the day makes of a file as it stands: the same whoever asks. */
function idsOf({ key, position }: Dossier, today: CalendarDate): () => string {
  let given = 0
  return () => {
    given += 1
    return idFrom(`${key} ${position} ${today} ${given}`, Date.parse(startOfDate(today)))
  }
}
