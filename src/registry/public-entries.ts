import { LRUCache } from 'lru-cache'
import { shanghaiDate } from '../calendar/dates.ts'
import { type PublicGround, publicGround } from '../dossier/past.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { Views } from '../views/views.ts'

interface Parts {
  register: Pick<Register, 'bySubject'>
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** So many files are kept with what their public past is told by. */
const KEPT = 200

/** The entries that the public's past of a file is told by, and no others: those are not to be told by the time that it takes. */
export class PublicEntries {
  readonly #parts: Parts
  readonly #grounds = new LRUCache<string, { of: string; ground: PublicGround }>({ max: KEPT })

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What the public's past of a file is told by today, kept until the public sees something else; undefined where nothing is public. */
  ground(key: string): PublicGround | undefined {
    const { views, catalogue, now } = this.#parts
    const today = shanghaiDate(now())
    const of = `${views.publicPosition(key)} ${today}`
    const kept = this.#grounds.get(key)
    if (kept?.of === of) return kept.ground
    const dossier = views.dossier(key)
    const ground = dossier && publicGround(dossier, today, catalogue)
    if (ground) this.#grounds.set(key, { of, ground })
    return ground
  }

  /** Those entries, in order: what follows upon each other is read together. */
  async entries(subject: string): Promise<Entry[]> {
    const revisions = this.ground(subject)?.revisions ?? []
    const found: Entry[] = []
    for (let from = 0, to = 0; from < revisions.length; from = to) {
      const first = revisions[from] ?? 0
      for (to = from + 1; revisions[to] === first + to - from; ) to += 1
      found.push(...(await this.#parts.register.bySubject({ subject, revision: first - 1 }, to - from)))
    }
    return found
  }
}
