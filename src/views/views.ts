import { type ApiKey, keySubject } from '../access/keys.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { type StandardHistory, standardSubject } from '../rating/adopted.ts'
import { type Campaign, campaignSubject } from '../rating/campaign.ts'
import { type Draw, drawSubject } from '../supervision/draw.ts'
import { parseDossier } from './apply.ts'
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

/** Names of the tables that reports may ask. */
export interface ReportTables {
  file: string
  record: string
  grade: string
  rating: string
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
    return this.#subject(keySubject(id))
  }

  apiKeys(): ApiKey[] {
    return this.#subjects(keySubject(''))
  }

  standard(id: string): StandardHistory | undefined {
    return this.#subject(standardSubject(id))
  }

  standards(): StandardHistory[] {
    return this.#subjects(standardSubject(''))
  }

  campaign(id: string): Campaign | undefined {
    return this.#subject(campaignSubject(id))
  }

  campaigns(): Campaign[] {
    return this.#subjects(campaignSubject(''))
  }

  draw(id: string): Draw | undefined {
    return this.#subject(drawSubject(id))
  }

  draws(): Draw[] {
    return this.#subjects(drawSubject(''))
  }

  /** Keys after `after`, in order, of files in a region (by the first digits of its code) with records of a type. */
  keysWith(type: string, regionPrefix: string, after: string, limit: number): string[] {
    return this.#current.keysWith.all(type, after, regionPrefix, `${regionPrefix}\u{10ffff}`, limit)
  }

  /** Runs a report's query over the records that stand and the grades in force. */
  reported<Row>(query: (tables: ReportTables) => string, ...values: (string | number)[]): Row[] {
    const { tables, connection } = this.#current
    return connection.prepare<unknown[], Row>(query(tables)).all(...values)
  }

  /** Keys after `after`, in order, of files that stand open, with their dossiers. */
  dossiers(after: string, limit: number): Dossier[] {
    return this.#current.dossiers.all(after, limit).map(parseDossier)
  }

  /** Key of the file that a rating is in. */
  fileOfRating(id: string): string | undefined {
    return this.#current.fileOfRating.get(id)
  }

  /** Ids of the ratings of a campaign in the order of their files. */
  ratingsOf(campaign: string, after: string, limit: number): { id: string; key: string }[] {
    return this.#current.ratingsOf.all(campaign, after, limit)
  }

  /** How many ratings a campaign has issued. */
  countRatingsOf(campaign: string): number {
    return this.#current.countRatingsOf.get(campaign) ?? 0
  }

  // What stands under a subject was written by the fold that its prefix names.
  #subject<T>(subject: string): T | undefined {
    const state = this.#current.subject.get(subject)
    return state === undefined ? undefined : JSON.parse(state)
  }

  #subjects<T>(prefix: string): T[] {
    return this.#current.subjects.all(prefix, `${prefix}\u{10ffff}`).map((state) => JSON.parse(state))
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
    subject: connection.prepare<[string], string>(`SELECT state FROM subject_${g} WHERE subject = ?`).pluck(),
    subjects: connection
      .prepare<[string, string], string>(
        `SELECT state FROM subject_${g} WHERE subject BETWEEN ? AND ? ORDER BY subject`,
      )
      .pluck(),
    dossiers: connection
      .prepare<[string, number], string>(
        `SELECT dossier FROM file_${g} WHERE key > ? AND face IS NOT NULL ORDER BY key LIMIT ?`,
      )
      .pluck(),
    connection,
    tables: { file: `file_${g}`, record: `record_${g}`, grade: `grade_${g}`, rating: `rating_${g}` },
    keysWith: connection
      .prepare<[string, string, string, string, number], string>(
        `SELECT DISTINCT key FROM record_${g} WHERE type = ? AND key > ? AND region BETWEEN ? AND ?
         ORDER BY key LIMIT ?`,
      )
      .pluck(),
    fileOfRating: connection.prepare<[string], string>(`SELECT key FROM rating_${g} WHERE id = ?`).pluck(),
    ratingsOf: connection.prepare<[string, string, number], { id: string; key: string }>(
      `SELECT id, key FROM rating_${g} WHERE campaign = ? AND key > ? ORDER BY key LIMIT ?`,
    ),
    countRatingsOf: connection
      .prepare<[string], number>(`SELECT count(*) FROM rating_${g} WHERE campaign = ?`)
      .pluck(),
    count: connection.prepare<[], number>(`SELECT count(*) FROM file_${g} WHERE face IS NOT NULL`).pluck(),
  }
}
