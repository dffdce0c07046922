import { LRUCache } from 'lru-cache'
import { shanghaiDate } from '../calendar/dates.ts'
import type { HeldThing } from '../dossier/events.ts'
import { platformFace, platformSchema } from '../dossier/platform-face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { StoredEvent, Views } from '../views/views.ts'

interface Parts {
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** Changes of what the platform sees, each as JSON ready to send, and where to go on from. */
export interface EventPage {
  events: readonly { position: number; json: string }[]
  next: number
  /** All of it as it is answered, made when it is first asked for: many ask for the same page. */
  readonly answer: Buffer
}

/** A thing as it stands now, as JSON. */
type Present = Pick<HeldThing, 'type' | 'id' | 'json'>

const KEPT_PAGES = 50

/**
 * The events of the platform's face. Each says what happened then and gives the thing as it stands now, so that a text
 * that was withdrawn or erased is in no event any more, past ones included.
 */
export class PlatformFeed {
  readonly schema: string
  readonly #parts: Parts
  /** Many wait at the same place, and are woken together. */
  readonly #kept = new LRUCache<string, EventPage>({ max: KEPT_PAGES })
  #moment = ''

  constructor(parts: Parts) {
    this.#parts = parts
    this.schema = platformSchema(parts.catalogue)
  }

  /** Events after a position, those of one entry always together; `next` is as far as nothing else has changed. */
  page(after: number, limit: number, epoch: string): EventPage {
    const { views, now } = this.#parts
    const today = shanghaiDate(now())
    const moment = `${views.version} ${today} ${epoch}`
    if (moment !== this.#moment) {
      this.#kept.clear()
      this.#moment = moment
    }
    const asked = `${after}/${limit}`
    const kept = this.#kept.get(asked) ?? this.#read(after, limit, epoch, today)
    this.#kept.set(asked, kept)
    return kept
  }

  #read(after: number, limit: number, epoch: string, today: string): EventPage {
    const { views } = this.#parts
    const { events, upTo } = views.events(after, limit)
    const cut = new Map<string, Present[]>()
    const present = (key: string, isDue: boolean) => {
      const known = cut.get(key) ?? (isDue ? this.#cutAnew(key, today) : views.things(key))
      cut.set(key, known)
      return known
    }
    const state = (event: StoredEvent): string => {
      const { key, id, what, json, changesOn } = event
      const isDue = changesOn !== null && changesOn <= today
      if (what === 'file.restated') return `"states":[${present(key, isDue).map(stated).join()}]`
      const body = isDue ? present(key, true).find((thing) => thing.id === id)?.json : json
      return body ? `"state":${body}` : '"deleted":true'
    }
    const told = events.map((event) => {
      const { position, at, what, key: orgCode, type, id, before, after: now } = event
      const head = { position, at, epoch, schema: this.schema, what, orgCode, type, id, before, after: now }
      return { position, json: `${JSON.stringify(head).slice(0, -1)},${state(event)}}` }
    })
    const next = Math.max(after, upTo)
    const place = JSON.stringify({ next, epoch, schema: this.schema }).slice(1)
    let answer: Buffer | undefined
    return {
      events: told,
      next,
      get answer() {
        answer ??= Buffer.from(`{"items":[${told.map(({ json }) => json).join()}],${place}`)
        return answer
      },
    }
  }

  /** What the platform holds of the files with a record of a type dated in a period, after one of them, in order. */
  dated(
    type: string,
    period: { from: string; to: string },
    after: string,
    limit: number,
  ): { key: string; things: Present[] }[] {
    const { views, now } = this.#parts
    const today = shanghaiDate(now())
    return views.keysDated(type, period, after, limit).map(({ key, changesOn }) => ({
      key,
      things: changesOn !== null && changesOn <= today ? this.#cutAnew(key, today) : views.things(key),
    }))
  }

  /** The day has moved on and the daily job has not run yet: what is told is right all the same. */
  #cutAnew(key: string, today: string): Present[] {
    const { views, catalogue } = this.#parts
    const dossier = views.onDay(key, today)
    const known = new Set(views.things(key).map(({ id }) => id))
    const things = (dossier && platformFace(dossier, today, catalogue)?.things) ?? []
    // What only begins today is told by the entry that the daily job appends.
    return things
      .filter(({ id }) => known.has(id))
      .map(({ type, id, body }) => ({ type, id, json: JSON.stringify(body) }))
  }
}

function stated({ type, id, json }: Present): string {
  return `{"type":"${type}","id":${JSON.stringify(id)},"state":${json}}`
}
