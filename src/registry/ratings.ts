import { versionOf } from '../adoption/adoption.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { FileRating } from '../dossier/dossier.ts'
import { isPublicOn, type PublicRating, publicFace } from '../dossier/face.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Recomputation, recompute } from '../rating/recompute.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'

interface Parts {
  register: Register
  views: Views
  writer: Writer
  catalogue: Catalogue
  now(): Date
}

/** Issued ratings: finding one, computing it again, revoking one that was wrong. */
export class Ratings {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A rating as the public may see it, with the key of its file. */
  publicRating(id: string): { key: string; rating: PublicRating } {
    const { views, catalogue, now } = this.#parts
    const { key } = this.#found(id)
    const dossier = views.dossier(key)
    const face = dossier && publicFace(dossier, shanghaiDate(now()), catalogue)
    const rating = face?.ratings.find((known) => known.id === id)
    if (!rating) throw unknown()
    return { key, rating }
  }

  /** Computes an issued rating again from the register; for the public, from what it sees of the file. */
  async recomputed(
    id: string,
    audience: 'officers' | 'public',
  ): Promise<{ key: string; rating: FileRating; recomputation: Recomputation }> {
    const { register, views, catalogue } = this.#parts
    const { key, rating } = this.#found(id)
    if (audience === 'public') this.publicRating(id)
    const history = views.standard(rating.standard.id)
    const standard = history && versionOf(history, rating.standard.version)?.document
    if (!standard) {
      const { id: of, version } = rating.standard
      const reason = `评价所依据的标准 ${of} 第 ${version} 版不在登记簿中，无法重算。`
      return { key, rating, recomputation: { agrees: null, reason } }
    }
    const file = views.dossier(key)
    const today = shanghaiDate(this.#parts.now())
    const seen = new Set(
      file?.records.filter((record) => isPublicOn(record, today, catalogue)).map((record) => record.id),
    )
    const recomputation = recompute(
      await register.history(key),
      rating,
      standard,
      catalogue,
      (record) => audience === 'officers' || seen.has(record),
    )
    return { key, rating, recomputation }
  }

  #found(id: string): { key: string; rating: FileRating } {
    const { views } = this.#parts
    const key = views.fileOfRating(id)
    const rating =
      key === undefined ? undefined : views.dossier(key)?.ratings.find((known) => known.id === id)
    if (key === undefined || !rating) throw unknown()
    return { key, rating }
  }
}

function unknown(): Refusal {
  return new Refusal('unknown', '没有这次等级评定；请核对编号。')
}
