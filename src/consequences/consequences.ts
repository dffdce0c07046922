import { listingsAfterEvent } from '../blacklist/consequences.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import type { StandardHistory } from '../rating/adopted.ts'
import { ratingsAfterEvent } from '../rating/events.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { penalty } from '../records/penalty.ts'
import type { Draft } from '../register/entry.ts'
import { lapsingProposals } from './proposals.ts'
import { retractions } from './publication.ts'

/** What consequences are drawn by, beside the file and the day. */
export interface Rules {
  catalogue: Catalogue
  standards: readonly StandardHistory[]
  newId(): string
}

type Stage = (before: Dossier | undefined, after: Dossier, on: CalendarDate, rules: Rules) => Draft[]

/**
 * Which fact touches what, in the order in which one rests on the other:
 *
 * | stage | facts | what rests on them |
 * |---|---|---|
 * | publication | a penalty withdrawn, annulled, changed on review | its publication, with the reason told |
 * | listings | the same; corrected so that its ground is no longer met, or says something else; the enterprise gone | cases, what their party was told, listings, what they show |
 * | ratings | a record named withdrawn, corrected, completed or updated to another effect, its publication ended; a licence revoked; a listing begun or ended; a rating revoked | grades and classes in force, with their explanations |
 * | proposals | whatever they saw was touched, the record that they would enter was entered | acts that wait for a second person |
 *
 * Honours, plans, coverage and statistics are views and rest on nothing that was issued; bulletins, draws and
 * campaigns read at their next act what has fallen since.
 */
const STAGES: readonly Stage[] = [
  (before, after, on, { catalogue }) => retractions(before, after, on, catalogue),
  (before, after, on) => listingsAfterEvent(before, after, on),
  (before, after, on, { standards, catalogue, newId }) =>
    ratingsAfterEvent(before, after, standards, on, catalogue, newId),
  (_, after, on, { catalogue }) => lapsingProposals(after, on, catalogue),
]

/**
 * What follows at once from what has happened to a file, to be appended with it: every stage sees what those before it
 * came to. Pure but for the ids that it gives; whatever way a fact came in, the same follows.
 */
export function consequences(
  before: Dossier | undefined,
  after: Dossier,
  on: CalendarDate,
  rules: Rules,
): Draft[] {
  const drafts: Draft[] = []
  let now = after
  for (const stage of STAGES) {
    const own = stage(before, now, on, rules)
    if (own.length === 0) continue
    drafts.push(...own)
    now = anticipated(now, own) ?? now
  }
  return drafts
}

const penalised = perBlock((records) => records.some(({ type }) => type === penalty.type))

/** Whether anything was issued in a file that could rest on its facts: most files of an import have nothing yet. */
export function hasIssued({ ratings, cases, proposals, records }: Dossier): boolean {
  return (
    ratings.length > 0 ||
    cases.length > 0 ||
    proposals?.some(({ status }) => status === 'open') ||
    penalised(records).includes(true)
  )
}
