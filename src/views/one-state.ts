import type { CalendarDate } from '../calendar/dates.ts'
import { onDay } from '../consequences/day.ts'
import type { HeldThing } from '../dossier/events.ts'
import { publicFace } from '../dossier/face.ts'
import { type StandardHistory, standardSubject } from '../rating/adopted.ts'
import { type Catalogue, catalogue as shipped } from '../records/catalogue.ts'
import { currentGeneration, openViews } from './schema.ts'
import { dossierFrom, readyFace } from './snapshot.ts'

/** A thing of the platform's with the file that it is in. */
export interface PlacedThing extends HeldThing {
  key: string
}

/** A public file as it is stored: its face, null where it was withdrawn. */
export interface PlacedFile {
  key: string
  position: number
  json: string | null
}

interface FileRow {
  key: string
  position: number
  /** The day as on which it is to be shown. */
  cutOn: string
  /** Whether time has changed it since it was stored. */
  due: number | null
  open: number
  /** Position at which the file was written whole. */
  snapshot: number
  /** Null where entries have come since then. */
  face: string | null
  dossier: string | null
}

/** Something that moved after a position: the thing as it stands now, or that it is gone, or that its file was restated. */
export interface MovedThing {
  key: string
  type: string
  id: string
  restated: number
  position: number | null
  digest: string | null
  json: string | null
}

/**
 * One state of the views, read from beginning to end while others go on writing; rows come one by one, so that memory
 * stays flat. Close it: what it holds back grows with time.
 */
export class OneState {
  readonly position: number
  readonly #connection
  readonly #g: number
  readonly #catalogue: Catalogue
  readonly #standards: readonly StandardHistory[]

  constructor(path: string, catalogue: Catalogue = shipped) {
    this.#catalogue = catalogue
    this.#connection = openViews(path, 'read')
    this.#connection.exec('BEGIN')
    this.#g = currentGeneration(this.#connection) ?? 1
    const applied = this.#connection.prepare<[], number>(
      `SELECT applied FROM generation WHERE id = ${this.#g}`,
    )
    this.position = applied.pluck().get() ?? 0
    // The views wrote them.
    this.#standards = this.#connection
      .prepare<[string, string], string>(`SELECT state FROM subject_${this.#g} WHERE subject BETWEEN ? AND ?`)
      .pluck()
      .all(standardSubject(''), `${standardSubject('')}\u{10ffff}`)
      .map((state): StandardHistory => JSON.parse(state))
  }

  /** What the platform holds, file by file, the basic information first. */
  things(): IterableIterator<PlacedThing> {
    return this.#connection
      .prepare<[], PlacedThing>(
        `SELECT key, type, id, json, position, digest FROM thing_${this.#g} ORDER BY key, id <> key, id`,
      )
      .iterate()
  }

  /** The same of one file; it may be asked for while others are read. */
  thingsOf(key: string): PlacedThing[] {
    return this.#connection
      .prepare<[string], PlacedThing>(
        `SELECT key, type, id, json, position, digest FROM thing_${this.#g} WHERE key = ? ORDER BY id <> key, id`,
      )
      .all(key)
  }

  /** What of it moved after a position, each thing once; a file that was restated first, by its own id. */
  moved(after: number): IterableIterator<MovedThing> {
    return this.#connection
      .prepare<[number], MovedThing>(
        `SELECT m.key, m.type, m.id, m.restated, t.position, t.digest, t.json FROM
           (SELECT key, max(type) AS type, id, max(what = 'file.restated') AS restated FROM event_${this.#g}
            WHERE position > ? GROUP BY key, id) m
         LEFT JOIN thing_${this.#g} t ON t.key = m.key AND t.id = m.id ORDER BY m.key, m.restated DESC, m.id`,
      )
      .iterate(after)
  }

  /**
   * What the public sees on a day, file by file: those that stand, or all that changed after a position, with time or
   * otherwise. The daily job need not have run that day.
   */
  *files(day: CalendarDate, after?: number): Generator<PlacedFile, undefined> {
    const g = this.#g
    const which =
      after === undefined
        ? 'f.outline IS NOT NULL'
        : 'f.public_position > @after OR f.face_changes_on <= @day'
    const rows = this.#connection.prepare<{ day: string; after: number }, FileRow>(
      `SELECT f.key, f.public_position AS position, iif(f.face_changes_on <= @day, @day, f.cut_on) AS cutOn,
         f.face_changes_on <= @day AS due,
         f.outline IS NOT NULL AS open, s.position AS snapshot,
         CASE WHEN s.position >= f.public_position AND (f.face_changes_on <= @day) IS NOT TRUE THEN s.face END AS face,
         CASE WHEN s.position < f.public_position OR f.face_changes_on <= @day THEN s.dossier END AS dossier
       FROM file_${g} f JOIN snapshot_${g} s ON s.key = f.key WHERE ${which} ORDER BY f.key`,
    )
    const tail = this.#connection
      .prepare<[string, number], string>(
        `SELECT entry FROM tail_${g} WHERE key = ? AND position > ? ORDER BY position`,
      )
      .pluck()
    for (const row of rows.iterate({ day, after: after ?? -1 })) {
      const { key, position } = row
      yield {
        key,
        position,
        json: row.open === 0 ? null : (row.face ?? this.#cut(row, tail.all(key, row.snapshot))),
      }
    }
  }

  /** What the public sees of a file that was not written anew with its last entry, or that time has changed since. */
  #cut({ position, cutOn, due, dossier }: FileRow, tail: readonly string[]): string | null {
    if (dossier === null) return readyFace({ shown: undefined, publicPosition: position })
    const own = dossierFrom(dossier, tail)
    const rules = { catalogue: this.#catalogue, standards: this.#standards }
    const shown = publicFace(due === 1 ? onDay(own, cutOn, rules) : own, cutOn, this.#catalogue)
    return readyFace({ shown, publicPosition: position })
  }

  /** Whether anything was erased after a position. */
  erasedAfter(position: number): boolean {
    return (
      this.#connection
        .prepare(`SELECT 1 FROM event_${this.#g} WHERE position > ? AND what = 'file.restated' LIMIT 1`)
        .get(position) !== undefined
    )
  }

  close(): void {
    this.#connection.close()
  }
}
