import { listingsAfterEvent } from '../blacklist/consequences.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import { type Dossier, versionOf } from '../dossier/dossier.ts'
import { ratingsAfterEvent } from '../rating/events.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'

interface Parts {
  views: Views
  catalogue: Catalogue
  now(): Date
}

const AUTHOR = { authority: '质量信用档案系统', officer: '即时处理' }

/**
 * What follows at once from drafts about a file, to be appended with them: listings that end with their penalties,
 * grades that a listing or a revoked licence lowers, proposals that lapse with what they saw.
 */
export function consequencesOf(
  before: Dossier | undefined,
  decided: readonly Draft[],
  { views, catalogue, now }: Parts,
): Draft[] {
  if (!before || decided.length === 0) return []
  const hasProposals = before.proposals?.some(({ status }) => status === 'open') ?? false
  const { ratings: issued, cases } = before
  if (issued.length === 0 && cases.length === 0 && !hasProposals) return []
  const today = shanghaiDate(now())
  const after = anticipated(before, decided)
  if (!after) return []
  if (after.withdrawn) return lapsing(after)
  const listings = listingsAfterEvent(after, today)
  const settled = listings.length === 0 ? after : anticipated(before, [...decided, ...listings])
  if (!settled) return listings
  const ratings = ratingsAfterEvent(settled, views.standards(), today, catalogue, newId)
  return [...listings, ...ratings, ...(hasProposals ? lapsing(settled) : [])]
}

/** Proposals whose thing has been touched since they saw it: they lapse in the same append. */
function lapsing(after: Dossier): Draft[] {
  return (after.proposals ?? [])
    .filter(({ status, on, saw }) => status === 'open' && versionOf(after, on.id) !== saw)
    .map(({ id }) => ({
      subject: after.key,
      kind: 'act.lapsed',
      payload: { id, reason: '所涉及的内容已有变动，请按现状重新提请' },
      visibility: 'internal',
      author: AUTHOR,
    }))
}
