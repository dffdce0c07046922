import { shanghaiDate } from '../calendar/dates.ts'
import { fileJson, type PublicFile, publicFace, publicFileOf } from '../dossier/face.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { ByteCache } from './byte-cache.ts'
import type { Views } from './views.ts'

/** A file's answer to the public, ready to send. */
export interface Face {
  key: string
  etag: string
  bytes: Buffer
}

interface Parts {
  views: Views
  catalogue: Catalogue
  now(): Date
}

const CACHED_BYTES = 64 * 1024 * 1024
/** What a face takes beside its bytes. */
const FACE_BYTES = 200

/** What the public sees of files, as it is stored, or cut anew where the day has moved on. */
export class Faces {
  readonly #parts: Parts
  readonly #kept = new ByteCache<Face>('files', CACHED_BYTES, ({ bytes }) => bytes.length + FACE_BYTES)
  #version = -1
  #day = ''

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What the public sees under a key; undefined when the key is no file's. Refuses with `gone` for a withdrawn one. */
  face(key: string): Face | undefined {
    const { views, now } = this.#parts
    const today = shanghaiDate(now())
    const version = views.version
    if (version !== this.#version || today !== this.#day) {
      this.#kept.clear()
      this.#version = version
      this.#day = today
    }
    const kept = this.#kept.get(key)
    if (kept) return kept
    const face = this.#cut(key, today)
    if (face) this.#kept.set(key, face)
    return face
  }

  /** The same as data. */
  shown(key: string): PublicFile | undefined {
    const face = this.face(key)
    return face && publicFileOf(face.bytes.toString(), this.#parts.catalogue)
  }

  #cut(key: string, today: string): Face | undefined {
    const { views, catalogue } = this.#parts
    const stored = views.face(key)
    if (!stored) return undefined
    if (stored.json === null) throw gone()
    const { position, changesOn } = stored
    // Never one that the officers' view of the same file could bear.
    const mark = `p${position}`
    if (changesOn === null || today < changesOn)
      return { key, etag: `"${mark}"`, bytes: Buffer.from(stored.json) }
    // The day has moved on and the daily job has not run yet: the page is right all the same.
    const dossier = views.dossier(key)
    const face = dossier && publicFace(dossier, today, catalogue)
    if (!face) throw gone()
    const json = fileJson({ ...face, revision: position, position })
    return { key, etag: `"${mark}-${today}"`, bytes: Buffer.from(json) }
  }
}

/** That a file was withdrawn, without saying what it held. */
export function gone(): Refusal {
  return new Refusal('gone', '该档案已撤回，不再提供。')
}
