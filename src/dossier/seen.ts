import { once } from '../records/once.ts'
import { isInForce } from './case.ts'
import type { Dossier, FileEvent } from './dossier.ts'

/** What of a file somebody among officers sees. */
export interface Seen {
  /** Whether they see whatever is there, of any authority: the file's own entries are counted for them alone. */
  isAll: boolean
  /** Ids of the cases, proposals and objections that they don't see, and `ERASED`. */
  hidden: ReadonlySet<string>
}

/** Stands among ids of what is hidden for all that was erased with cases. */
export const ERASED = 'erased'

/** Whoever sees whatever is there. */
export const ALL: Seen = { isAll: true, hidden: new Set() }

/** Of a case that was published, what makes the public's list another. */
const LISTED: ReadonlySet<string> = new Set([
  'listing.published',
  'listing.suspended',
  'listing.basisChanged',
  'listing.reinstated',
  'listing.rebased',
  'listing.removed',
])

/** An event numbered by its position: a count of the file's own entries would tell how many do not show. */
export const toldEvent = once((event: FileEvent): FileEvent => ({ ...event, revision: event.position }))

function isHidden({ kind, id = '' }: FileEvent, hidden: ReadonlySet<string>): boolean {
  return hidden.has(kind === 'payload.erased' ? ERASED : id)
}

/** The events of a file that somebody sees on a day, those that anyone sees among them. */
export function eventsSeen({ events, cases }: Dossier, { isAll, hidden }: Seen, on: string): FileEvent[] {
  if (isAll) return events
  const listed = new Set(cases.filter((own) => isInForce(own, on)).map(({ id }) => id))
  const isTold = ({ kind, id = '' }: FileEvent) => kind === 'listing.published' && listed.has(id)
  return events.filter((event) => !isHidden(event, hidden) || isTold(event)).map(toldEvent)
}

/**
 * The number that a file's state bears for somebody (版次): how many entries it has, for whoever sees all of them; for others the
 * position of the last that changed anything of what they see, so that no gap tells of the rest.
 */
export function revisionSeen({ revision, events, unknown }: Dossier, { isAll, hidden }: Seen): number {
  if (isAll) return revision
  const told = new Set<string>()
  let last = unknown?.at(-1)?.position ?? 0
  for (const event of events) {
    const { kind, id = '', position } = event
    if (kind === 'listing.published') told.add(id)
    if (!isHidden(event, hidden) || (told.has(id) && LISTED.has(kind))) last = Math.max(last, position)
  }
  return last
}
