import { versionOf } from '../adoption/adoption.ts'
import { type FileRating, fold } from '../dossier/dossier.ts'
import type { PublicFile, PublicRating } from '../dossier/face.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Recomputation, recompute } from '../rating/recompute.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { Faces } from '../views/faces.ts'
import type { Views } from '../views/views.ts'
import { PublicEntries } from './public-entries.ts'

interface Parts {
  register: Register
  views: Views
  faces: Faces
  catalogue: Catalogue
  now(): Date
}

/** Issued ratings: finding one, computing it again. */
export class Ratings {
  readonly #parts: Parts
  readonly #entries: PublicEntries

  constructor(parts: Parts) {
    this.#parts = parts
    this.#entries = new PublicEntries(parts)
  }

  /** A rating as the public may see it, with the key of its file. */
  publicRating(id: string): { key: string; rating: PublicRating } {
    const { key, rating } = this.#shown(id)
    return { key, rating }
  }

  /** Computes an issued rating again from the register; for the public, from what it sees of the file and nothing else. */
  async recomputed(
    id: string,
    audience: 'officers' | 'public',
  ): Promise<{ key: string; rating: FileRating; recomputation: Recomputation }> {
    return audience === 'officers' ? this.#recomputedWhole(id) : this.#recomputedShown(id)
  }

  async #recomputedWhole(id: string) {
    const { register, views } = this.#parts
    const key = this.#keyOf(id)
    const rating = views.dossier(key)?.ratings.find((known) => known.id === id)
    if (!rating) throw unknown()
    return { key, rating, recomputation: this.#recomputation(rating, await register.history(key)) }
  }

  async #recomputedShown(id: string) {
    const { key, file } = this.#shown(id)
    const entries = await this.#entries.rated(key)
    const rating = fold(undefined, entries)?.ratings.find((known) => known.id === id)
    if (!rating) throw unknown()
    const seen = new Set(Object.values(file.sections).flatMap((records) => records.map((own) => own.id)))
    return { key, rating, recomputation: this.#recomputation(rating, entries, (record) => seen.has(record)) }
  }

  #recomputation(
    rating: FileRating,
    entries: readonly Entry[],
    counts?: (record: string) => boolean,
  ): Recomputation {
    const { views, catalogue } = this.#parts
    const { id, version } = rating.standard
    const history = views.standard(id)
    const standard = history && versionOf(history, version)?.document
    if (standard) return recompute(entries, rating, standard, catalogue, counts)
    const reason = `评价所依据的标准 ${id} 第 ${version} 版不在登记簿中，无法重算。`
    return { agrees: null, reason }
  }

  #shown(id: string): { key: string; file: PublicFile; rating: PublicRating } {
    const key = this.#keyOf(id)
    const { views, faces } = this.#parts
    const file = views.head(key)?.isWithdrawn === false ? faces.file(key)?.file : undefined
    const rating = file?.ratings.find((known) => known.id === id)
    if (!file || !rating) throw unknown()
    return { key, file, rating }
  }

  #keyOf(id: string): string {
    const key = this.#parts.views.fileOfRating(id)
    if (key === undefined) throw unknown()
    return key
  }
}

function unknown(): Refusal {
  return new Refusal('unknown', '没有这次等级评定；请核对编号。')
}
