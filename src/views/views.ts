import type { ApiKey } from '../access/keys.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { parseDossier, parseKeyRow } from './apply.ts'
import { type Connection, currentGeneration, openViews } from './schema.ts'

/** What the public sees of a file, as bytes ready to send. */
export interface StoredFace {
  key: string
  /** Position and revision of the entry that last changed it. */
  position: number
  revision: number
  /** Null for a withdrawn file. */
  json: string | null
  /** Day from which the stored face no longer holds by itself and is to be cut anew. */
  changesOn: string | null
}

interface FaceRow {
  key: string
  public_position: number
  public_revision: number
  face: string | null
  face_changes_on: string | null
}

/** Queries on the local read model; always sees what has been applied last, whoever applied it. */
export class Views {
  readonly #connection: Connection
  readonly #dataVersion
  #seen = -1
  #looked = false
  #generation = -1
  #statements: ReturnType<typeof prepare>

  constructor(path: string) {
    this.#connection = openViews(path, 'read')
    this.#dataVersion = this.#connection.prepare<[], number>('PRAGMA data_version').pluck()
    this.#generation = currentGeneration(this.#connection) ?? 1
    this.#statements = prepare(this.#connection, this.#generation)
  }

  /** Changes whenever anything has been applied since the last look; what was read before may be old then. */
  get version(): number {
    // Many reads of one turn look once: asking costs as much as reading a file.
    if (this.#looked) return this.#seen
    this.#looked = true
    queueMicrotask(() => {
      this.#looked = false
    })
    const version = this.#dataVersion.get() ?? 0
    if (version !== this.#seen) {
      this.#seen = version
      const generation = currentGeneration(this.#connection) ?? 1
      if (generation !== this.#generation) {
        this.#generation = generation
        this.#statements = prepare(this.#connection, generation)
      }
    }
    return version
  }

  get #current() {
    this.version
    return this.#statements
  }

  /** Position up to which the register has been applied. */
  applied(): number {
    return this.#current.applied.get() ?? 0
  }

  face(key: string): StoredFace | undefined {
    const row = this.#current.face.get(key)
    return row && faceOf(row)
  }

  dossier(key: string): Dossier | undefined {
    const json = this.#current.dossier.get(key)
    return json === undefined ? undefined : parseDossier(json)
  }

  /** Files whose face changed after a position, in the order of their last changes. */
  changes(since: number, limit: number): StoredFace[] {
    return this.#current.changes.all(since, limit).map(faceOf)
  }

  /** Keys after `after`, in order, of files whose face changes by itself on or before a day. */
  dueBy(day: string, after: string, limit: number): string[] {
    return this.#current.dueBy.all(day, after, limit)
  }

  apiKey(id: string): ApiKey | undefined {
    const json = this.#current.apiKey.get(id)
    return json === undefined ? undefined : parseKeyRow(json)
  }

  apiKeys(): ApiKey[] {
    return this.#current.apiKeys.all().map(parseKeyRow)
  }

  /** How many files stand open. */
  count(): number {
    return this.#current.count.get() ?? 0
  }

  /** Runs reads on one state of the views: cheaper than each by itself, and nothing is applied between them. */
  snapshot<T>(reads: () => T): T {
    return this.#connection.transaction(reads).deferred()
  }

  close(): void {
    this.#connection.close()
  }
}

function faceOf(row: FaceRow): StoredFace {
  return {
    key: row.key,
    position: row.public_position,
    revision: row.public_revision,
    json: row.face,
    changesOn: row.face_changes_on,
  }
}

function prepare(connection: Connection, g: number) {
  const face = `key, public_position, public_revision, face, face_changes_on FROM file_${g}`
  return {
    applied: connection.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck(),
    face: connection.prepare<[string], FaceRow>(`SELECT ${face} WHERE key = ?`),
    dossier: connection.prepare<[string], string>(`SELECT dossier FROM file_${g} WHERE key = ?`).pluck(),
    changes: connection.prepare<[number, number], FaceRow>(
      `SELECT ${face} WHERE public_position > ? ORDER BY public_position LIMIT ?`,
    ),
    dueBy: connection
      .prepare<[string, string, number], string>(
        `SELECT key FROM file_${g} WHERE face_changes_on <= ? AND key > ? ORDER BY key LIMIT ?`,
      )
      .pluck(),
    apiKey: connection.prepare<[string], string>(`SELECT key FROM api_key_${g} WHERE id = ?`).pluck(),
    apiKeys: connection.prepare<[], string>(`SELECT key FROM api_key_${g} ORDER BY id`).pluck(),
    count: connection.prepare<[], number>(`SELECT count(*) FROM file_${g} WHERE face IS NOT NULL`).pluck(),
  }
}
