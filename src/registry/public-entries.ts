import { shanghaiDate } from '../calendar/dates.ts'
import { type PublicGround, publicGround, type Stretches } from '../dossier/past.ts'
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

/** The first entry of every file, which opens it. */
const OPENING: Stretches[number] = [1, 1]

/** The entries that the public's answers about a file rest on, and no others: those are not to be told by the time that it takes. */
export class PublicEntries {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What the public's answers about a file rest on today; undefined where nothing is public. */
  ground(key: string): PublicGround | undefined {
    const { views, catalogue, now } = this.#parts
    const today = shanghaiDate(now())
    const kept = views.ground(key)
    if (!kept) return undefined
    const { ground, changesOn } = kept
    if (ground && (changesOn === null || today < changesOn)) return ground
    // The day has moved on and the daily job has not run yet, or a large file has changed since it was written whole.
    const dossier = views.dossier(key)
    return dossier && publicGround(dossier, today, catalogue)
  }

  /** Those that tell of what shows of a file, or did; in order. */
  async told(key: string): Promise<Entry[]> {
    return this.#read(key, this.ground(key)?.told)
  }

  /** Those that the ratings of a file are computed again from, in order. */
  async rated(key: string): Promise<Entry[]> {
    return this.#read(key, this.ground(key)?.rated)
  }

  /** Those of a record and the text of its decision, with the opening of its file; none where that can't be read. */
  async decided(key: string, id: string): Promise<Entry[]> {
    const own = new Map(Object.entries(this.ground(key)?.texts ?? {})).get(id)
    return this.#read(key, own && [OPENING, ...own])
  }

  /** Each by itself: what is read together would tell by the time how many stretches there are, and so what lies between. */
  async #read(subject: string, stretches: Stretches = []): Promise<Entry[]> {
    const { register } = this.#parts
    const found: Entry[] = []
    for (const [first, last] of stretches)
      for (let revision = first; revision <= last; revision += 1)
        found.push(...(await register.bySubject({ subject, revision: revision - 1 }, 1)))
    return found
  }
}
