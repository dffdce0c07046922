import type { PublicKey } from '../checking/published-keys.ts'
import { Held, type Place, type Receipt, type Thing } from './held.ts'
import { type Page, Refused, type Source, type Step } from './source.ts'
import { provenCopy, settleKeys } from './trust.ts'

/** As many as the feed gives at most, and as many receipts as it takes at once. */
const A_PAGE = 1000
/** How long it waits for something new at a time. */
const LONGEST_WAIT_S = 30

/** What a mirror tells whoever runs it. */
export interface Progress {
  /** A copy was taken in, with so many things, because the mirror was new or could not go on from where it was. */
  copied?: { things: number; why?: string; madeAt?: string }
  /** A page was taken in and acknowledged. */
  applied?: { steps: number; position: number }
  /** Keys that it goes by from now on: published when it first asked, or vouched for by one that it knew. */
  trusted?: { kids: string[]; how: 'first' | 'vouched' }
}

interface Manner {
  /** Whether it goes on waiting for what is new. */
  follow: boolean
  /** Whether it hands in receipts and its position, as a registered consumer does. */
  acknowledges: boolean
  /** The keys that its operator knows the registry's copies by, in the place of those that it has. */
  keys?: readonly PublicKey[]
  signal: AbortSignal
  tell(progress: Progress): void
}

/** The feed names a state before that is not the one held: something is missing. */
class Missing extends Error {}

/**
 * Brings a mirror up to what its source holds: the latest copy first, then page by page what has moved, each taken in
 * before it is acknowledged. What the source does not go on from (another epoch, another schema), and a gap, begin anew.
 */
export async function mirror(source: Source, path: string, manner: Manner): Promise<Place> {
  const held = new Held(path, source.audience)
  try {
    await settleKeys(source, held, manner.keys, told(manner.tell, 'first'))
    let place = held.place() ?? (await begin(source, held, path, manner))
    let [isNew, begun] = [true, 0]
    while (!manner.signal.aborted) {
      const page = await source
        .page(place, A_PAGE, manner.follow && !isNew ? LONGEST_WAIT_S : 0)
        .catch(elsewhere)
      const taken = page instanceof Refused ? page : take(held, place, page)
      if (taken instanceof Error) {
        // A copy may be older than a schema; what does not follow on the feed's own beginning never will.
        if (begun === 2) throw taken
        begun += 1
        place = await begin(source, held, path, manner, { why: taken.message, fromCopy: begun === 1 })
        continue
      }
      place = taken.place
      isNew = taken.steps > 0
      if (isNew) manner.tell({ applied: { steps: taken.steps, position: place.position } })
      if (manner.acknowledges) await settle(source, held, place)
      if (isNew) begun = 0
      else if (!manner.follow) return place
    }
    return place
  } catch (error) {
    // Who was asked to stop has stopped; all that was taken in is there.
    const place = held.place()
    if (manner.signal.aborted && place) return place
    throw error
  } finally {
    held.close()
  }
}

function told(tell: Manner['tell'], how: 'first' | 'vouched') {
  return (keys: readonly PublicKey[]) => tell({ trusted: { kids: keys.map(({ kid }) => kid), how } })
}

/** The source's refusal to go on from a place (409); any other error is thrown on. */
function elsewhere(error: unknown): Refused {
  if (error instanceof Refused && error.status === 409) return error
  throw error
}

/** A copy may be had no more at any moment, as soon as something in it was erased; the next list is without it. */
const COPIES_TRIED = 3

/** Takes in the latest copy in the place of all that is held; where there is none yet, the feed is followed from its beginning. */
async function begin(
  source: Source,
  held: Held,
  path: string,
  manner: Manner,
  { why, fromCopy }: { why?: string; fromCopy: boolean } = { fromCopy: true },
): Promise<Place> {
  for (let tries = 1; ; tries += 1)
    try {
      const copy = fromCopy ? await provenCopy(source, held, told(manner.tell, 'vouched')) : undefined
      const place: Place = copy
        ? { epoch: copy.own.epoch, schema: copy.own.schema, position: copy.own.position }
        : await unstarted(source)
      await held.replace(copy ? source.things(copy, path) : nothing(), place)
      const madeAt = copy?.own.madeAt
      manner.tell({
        copied: {
          things: held.count(),
          ...(why !== undefined && { why }),
          ...(madeAt !== undefined && { madeAt }),
        },
      })
      return place
    } catch (error) {
      const isGone = error instanceof Refused && error.status === 404
      if (!isGone || tries === COPIES_TRIED) throw error
    }
}

async function* nothing(): AsyncGenerator<Thing> {}

async function unstarted(source: Source): Promise<Place> {
  const { epoch, schema } = await source.page({ position: 0, epoch: '', schema: '' }, 1)
  return { epoch, schema, position: 0 }
}

/** Takes in a page; gives the gap where it does not follow on what is held, and nothing of it is taken in then. */
function take(held: Held, before: Place, page: Page): { place: Place; steps: number } | Missing {
  const { steps, next, epoch, schema } = page
  if (steps.length === 0 && next === before.position) return { place: before, steps: 0 }
  const place = { epoch, schema, position: next }
  const known: Known = { digests: new Map(), restated: new Set() }
  const owed: Receipt[] = []
  for (const step of steps) {
    const receipt = receiptFor(held, known, step)
    if (receipt instanceof Missing) return receipt
    owed.push(receipt)
  }
  held.apply(
    steps.flatMap((step) =>
      'things' in step
        ? [{ restated: step.restated, position: step.position }, ...step.things.map((thing) => ({ thing }))]
        : [{ thing: step.thing }],
    ),
    place,
    owed,
  )
  return { place, steps: steps.length }
}

/** What a page has told so far. */
interface Known {
  digests: Map<string, string | null | undefined>
  restated: Set<string>
}

/** The receipt for a step; the gap where the state before it is not the one that it names. */
function receiptFor(held: Held, { digests, restated }: Known, step: Step): Receipt | Missing {
  if ('things' in step) {
    const { restated: orgCode, position, id } = step
    // No digest is told with these; until the next change of each, none can be held against it.
    restated.add(orgCode)
    for (const at of digests.keys()) if (at.startsWith(`${orgCode} `)) digests.delete(at)
    return { orgCode, id, position }
  }
  const { thing, before } = step
  const { orgCode, id, position } = thing
  const at = `${orgCode} ${id}`
  const own = digests.has(at) || restated.has(orgCode) ? digests.get(at) : held.digest(orgCode, id)
  if (before !== undefined && own !== undefined && own !== before)
    return new Missing(`${orgCode} 的 ${id} 与所存的不相衔接`)
  digests.set(at, thing.digest ?? (thing.state === null ? null : undefined))
  return { orgCode, id, position }
}

async function settle(source: Source, held: Held, place: Place): Promise<void> {
  for (let owed = held.owed(A_PAGE); owed.length > 0; owed = held.owed(A_PAGE)) {
    await source.receive(owed)
    held.settle(owed)
  }
  // Begun anew, a mirror may be behind what it once acknowledged.
  const { acknowledged, epoch } = await source.standing()
  if (epoch !== place.epoch || acknowledged < place.position) await source.acknowledge(place)
}

/**
 * Holds what is mirrored against the latest copy: everything that has not moved since must be the same, nothing missing and nothing
 * more. Gives what is wrong, in words; undefined where there is no copy to hold it against. Throws `Unproven` for a copy that is not the source's.
 */
export async function checkMirror(
  source: Source,
  path: string,
  tell: Manner['tell'],
): Promise<string[] | undefined> {
  const held = new Held(path, source.audience)
  try {
    const place = held.place()
    const copy = await provenCopy(source, held, told(tell, 'vouched'))
    if (!place || !copy) return undefined
    if (copy.own.epoch !== place.epoch || copy.own.schema !== place.schema)
      return ['最近的副本属于另一纪元或者口径；请先更新。']
    if (copy.own.position > place.position) return ['最近的副本比所存的新；请先更新。']
    const faults: string[] = []
    let same = 0
    for await (const thing of source.things(copy, `${path}.check`)) {
      if (held.hasMoved(thing.orgCode, thing.id, copy.own.position)) continue
      if (held.thing(thing.orgCode, thing.id)?.state === thing.state) same += 1
      else faults.push(`${thing.orgCode} 的 ${thing.id} 与副本不符。`)
    }
    const more = held.count(copy.own.position) - same
    if (faults.length === 0 && more > 0) faults.push(`多出 ${more} 项副本中没有的。`)
    return faults
  } finally {
    held.close()
  }
}
