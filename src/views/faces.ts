import { shanghaiDate } from '../calendar/dates.ts'
import { fileJson, type PublicFile, publicFace } from '../dossier/face.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { ByteCache } from './byte-cache.ts'
import type { FileHead, StoredFace, Views } from './views.ts'

/** A file's answer to the public, ready to send. */
export interface Face {
  key: string
  etag: string
  bytes: Uint8Array
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
    return this.known(key) ?? this.make(key)
  }

  /** The same, where it stands ready. */
  known(key: string): Face | undefined {
    this.#lookAtMoment()
    return this.#kept.get(key)
  }

  /** The same, made and kept. */
  make(key: string): Face | undefined {
    this.#lookAtMoment()
    const face = this.cut(key)
    if (face) this.#kept.set(key, face)
    return face
  }

  /** What is kept holds until anything is applied or the day is over. */
  #lookAtMoment(): void {
    const { views, now } = this.#parts
    const [version, today] = [views.version, shanghaiDate(now())]
    if (version === this.#version && today === this.#day) return
    this.#kept.clear()
    this.#version = version
    this.#day = today
  }

  /** The same, made and kept nowhere. */
  cut(key: string): Face | undefined {
    const today = shanghaiDate(this.#parts.now())
    const stored = this.#parts.views.face(key)
    if (!stored) return undefined
    const json = this.#jsonOf(stored, today)
    if (json === null) throw gone()
    return { key, etag: etagOf(stored, today), bytes: Buffer.from(json) }
  }

  /** The version that it bears, of a file whose head is known. */
  etag(head: FileHead): string {
    return etagOf(head, shanghaiDate(this.#parts.now()))
  }

  /** Files whose face changed after a position, in the order of their last changes, each as it is today. */
  changes(since: number, limit: number): Pick<StoredFace, 'key' | 'position' | 'json'>[] {
    const { views, now } = this.#parts
    const today = shanghaiDate(now())
    return views.changes(since, limit).map((stored) => ({ ...stored, json: this.#jsonOf(stored, today) }))
  }

  /** Changes whenever a face may have: with what was applied, with the day. */
  moment(): string {
    const { views, now } = this.#parts
    return `${views.version} ${shanghaiDate(now())}`
  }

  /** Keys of files whose face changed after a position, or has been changed by time and waits for the daily job. */
  changedSince(position: number): ReadonlySet<string> {
    const { views, now } = this.#parts
    return new Set(views.changedKeys(position, shanghaiDate(now())))
  }

  /** The same as data, with the version that it bears. */
  file(key: string): { etag: string; file: PublicFile } | undefined {
    const { views, now } = this.#parts
    const today = shanghaiDate(now())
    const shown = views.shown(key)
    if (!shown) return undefined
    if (!shown.file) throw gone()
    const file = isOfBefore(shown, today) ? this.#anew(key, shown.position, today) : shown.file
    if (!file) throw gone()
    return { etag: etagOf(shown, today), file }
  }

  /** What is stored as it is to be sent today; null for a withdrawn file. */
  #jsonOf(stored: StoredFace, today: string): string | null {
    if (!isOfBefore(stored, today)) return stored.json
    const face = this.#anew(stored.key, stored.position, today)
    return face ? fileJson(face) : null
  }

  /** The day has moved on and the daily job has not run yet: what is shown is right all the same. */
  #anew(key: string, position: number, today: string): PublicFile | undefined {
    const { views, catalogue } = this.#parts
    const dossier = views.onDay(key, today)
    const face = dossier && publicFace(dossier, today, catalogue)
    return face && { ...face, revision: position, position }
  }
}

/** Whether time has changed what the public sees of a file since it was stored. */
function isOfBefore({ changesOn }: Pick<StoredFace, 'changesOn'>, today: string): boolean {
  return changesOn !== null && today >= changesOn
}

/** Version of what the public sees; never one that the officers' view of the same file could bear. */
function etagOf(stored: Pick<StoredFace, 'position' | 'changesOn'>, today: string): string {
  const mark = `p${stored.position}`
  return `"${isOfBefore(stored, today) ? `${mark}-${today}` : mark}"`
}

/** That a file was withdrawn, without saying what it held. */
export function gone(): Refusal {
  return new Refusal('gone', '该档案已撤回，不再提供。')
}
