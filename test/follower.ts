import type { EventKind } from '../src/dossier/events.ts'

/** An event as it comes over the API. */
export interface FollowedEvent {
  position: number
  epoch: string
  schema: string
  at: string
  what: EventKind
  orgCode: string
  type: string
  id: string
  before: string | null
  after: string | null
  state?: object
  deleted?: true
  states?: { type: string; id: string; state: object }[]
}

/** A platform that applies events in order, as docs/api.md tells it to, and nothing else. */
export class Follower {
  /** What it holds, as JSON, by file and thing. */
  readonly held = new Map<string, string>()
  readonly #digests = new Map<string, string | null>()
  readonly #restated = new Set<string>()
  position = 0

  /** Begins from a copy: what it holds then, each with its digest. */
  load(
    things: readonly { orgCode: string; type: string; id: string; digest: string; state: object }[],
  ): void {
    for (const thing of things) {
      this.held.set(placeOf(thing), JSON.stringify(thing.state))
      this.#digests.set(placeOf(thing), thing.digest)
    }
  }

  apply(events: readonly FollowedEvent[]): void {
    for (const event of events) {
      const { orgCode, position, states, state, deleted } = event
      if (position < this.position) throw new Error(`event at ${position} after ${this.position}`)
      this.position = position
      if (states) {
        for (const place of [...this.held.keys()])
          if (place.startsWith(`${orgCode} `)) this.held.delete(place)
        for (const place of [...this.#digests.keys()])
          if (place.startsWith(`${orgCode} `)) this.#digests.delete(place)
        for (const one of states) this.held.set(placeOf({ orgCode, ...one }), JSON.stringify(one.state))
        this.#restated.add(orgCode)
        continue
      }
      const place = placeOf(event)
      const isNew = this.#restated.has(orgCode) && !this.#digests.has(place)
      const known = this.#digests.get(place) ?? null
      if (!isNew && known !== event.before)
        throw new Error(`${place} stood at ${known}, the event says ${event.before}`)
      this.#digests.set(place, event.after)
      if (state && !deleted) this.held.set(place, JSON.stringify(state))
      else if (deleted && !state) this.held.delete(place)
      else throw new Error(`an event must give a state or delete: ${JSON.stringify(event)}`)
    }
  }

  /** All that it holds, in one order. */
  get all(): string[] {
    return [...this.held].map(([place, state]) => `${place} ${state}`).sort()
  }
}

export function placeOf({ orgCode, type, id }: { orgCode: string; type: string; id: string }): string {
  return `${orgCode} ${type} ${id}`
}
