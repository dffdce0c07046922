import { LRUCache } from 'lru-cache'
import { deadlinesOf } from '../blacklist/deadlines.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Deadline } from '../dossier/deadline.ts'
import { type Dossier, fold, ratingInForce } from '../dossier/dossier.ts'
import { isFileSubject } from '../dossier/entries.ts'
import { faceChangesOn, fileJson, type PublicFile, publicFace, warningsOf } from '../dossier/face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { publicationRules } from '../records/rules.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import { supervisionDeadlines } from '../supervision/deadlines.ts'
import { scheme } from '../supervision/scheme.ts'
import type { Connection } from './schema.ts'
import { foldSubject } from './subjects.ts'

/** A file's row as it is written: the dossier and, beside it, what the public sees of it. */
interface FileState {
  dossier: Dossier
  publicRevision: number
  publicPosition: number
  /** Ready answer for the public; null for a withdrawn file. */
  face: string | null
}

interface StoredFile {
  dossier: string
  public_revision: number
  public_position: number
  face: string | null
}

const CHUNK = 1000
const CACHED_DOSSIERS = 2000

/** Applies entries to one generation of the read model, in order, each chunk and its position in one transaction. */
export class Applier {
  readonly #connection: Connection
  readonly #register: Register
  readonly #catalogue: Catalogue
  readonly #statements: ReturnType<typeof prepare>
  // What other processes have applied meanwhile shows in `applied`, and empties this.
  readonly #states = new LRUCache<string, FileState>({ max: CACHED_DOSSIERS })
  #cachedAt = 0

  constructor(connection: Connection, generation: number, register: Register, catalogue: Catalogue) {
    this.#connection = connection
    this.#register = register
    this.#catalogue = catalogue
    this.#statements = prepare(connection, generation)
  }

  /** Position up to which this generation has applied the register. */
  get applied(): number {
    return this.#statements.applied.get() ?? 0
  }

  /** Applies what the register has beyond `applied`; returns the position reached. */
  async catchUp(pause?: () => Promise<void>): Promise<number> {
    for (;;) {
      const from = this.applied
      const entries = await this.#register.read(from, CHUNK)
      const last = entries.at(-1)
      if (!last) return from
      await this.apply(from, entries)
      await pause?.()
    }
  }

  /** Applies entries that follow a position directly; does nothing when another process was quicker. */
  async apply(from: number, entries: readonly Entry[]): Promise<void> {
    const last = entries.at(-1)
    if (!last) return
    // An erasure takes away what the fold had seen, so the file is folded anew from what is left.
    const histories = new Map<string, Entry[]>()
    for (const entry of entries)
      if (entry.kind === 'payload.erased')
        histories.set(entry.subject, await this.#register.history(entry.subject))
    this.#connection
      .transaction(() => {
        if (this.applied !== from) return
        if (this.#cachedAt !== from) this.#states.clear()
        for (const entry of entries) this.#applyOne(entry, histories)
        this.#statements.advance.run(last.seq)
        this.#cachedAt = last.seq
      })
      .immediate()
  }

  #applyOne(entry: Entry, histories: ReadonlyMap<string, Entry[]>): void {
    if (isFileSubject(entry.subject)) this.#applyToFile(entry, histories)
    else this.#applyToSubject(entry)
  }

  #applyToFile(entry: Entry, histories: ReadonlyMap<string, Entry[]>): void {
    const before = this.#state(entry.subject)
    const history = entry.kind === 'payload.erased' ? histories.get(entry.subject) : undefined
    const dossier = history
      ? fold(
          undefined,
          history.filter((past) => past.seq <= entry.seq),
        )
      : fold(before?.dossier, [entry])
    if (!dossier) return
    const on = shanghaiDate(new Date(entry.recordedAt))
    const face = publicFace(dossier, on, this.#catalogue)
    // An erasure counts as a change of the face: what was shown in between can't be told any more.
    const state =
      before && entry.kind !== 'payload.erased' && isUnchanged(before, face)
        ? { ...before, dossier }
        : stateAt(entry, dossier, face)
    this.#states.set(entry.subject, state)
    this.#statements.putFile.run({
      key: dossier.key,
      revision: dossier.revision,
      position: dossier.position,
      publicRevision: state.publicRevision,
      publicPosition: state.publicPosition,
      faceChangesOn: (face && faceChangesOn(dossier, on, this.#catalogue)) ?? null,
      dossier: JSON.stringify(dossier),
      face: state.face,
    })
    this.#index(entry, dossier, before?.dossier)
    if (entry.kind.startsWith('act.') || history) this.#indexProposals(dossier)
    this.#indexProcedures(dossier, before?.dossier, face)
  }

  /** Keeps what is asked for across enterprises beside the file. */
  #index(entry: Entry, dossier: Dossier, before: Dossier | undefined): void {
    const { deleteRecords, putRecord, deleteGrades, putGrade, putRating } = this.#statements
    const { key, records, ratings, enterprise } = dossier
    const region = typeof enterprise.region === 'string' ? enterprise.region : ''
    if (records.length > 0 || (before?.records.length ?? 0) > 0) {
      deleteRecords.run(key)
      for (const { id, type, data, withdrawn } of records) {
        const kind = this.#catalogue.kind(type)
        if (!kind || withdrawn) continue
        const publication = kind.publication(data)
        const [from, until] = publication.public
          ? [publication.from, publication.until ?? null]
          : [null, null]
        putRecord.run(
          key,
          id,
          type,
          String(data[kind.datedBy] ?? ''),
          region,
          from,
          until,
          JSON.stringify(data),
        )
      }
    }
    if (ratings.length === 0 && (before?.ratings.length ?? 0) === 0) return
    deleteGrades.run(key)
    const industry = typeof enterprise.industry === 'string' ? enterprise.industry : ''
    for (const standard of new Set(ratings.map((rating) => rating.standard.id))) {
      const inForce = ratingInForce(dossier, standard)
      if (inForce) putGrade.run(key, standard, inForce.grade, region, industry)
    }
    const last = ratings.at(-1)
    if (entry.kind === 'rating.issued' && last) {
      const { id, campaign, standard, on, grade } = last
      putRating.run(id, key, campaign ?? null, standard.id, on, grade, region)
    }
  }

  #indexProcedures(dossier: Dossier, before: Dossier | undefined, face: PublicFile | undefined): void {
    const { deleteListings, putListing, deleteCases, putCase, deleteDeadlines, putDeadline } =
      this.#statements
    const { key, enterprise, cases } = dossier
    const name = typeof enterprise.name === 'string' ? enterprise.name : ''
    const region = typeof enterprise.region === 'string' ? enterprise.region : ''
    if (cases.length > 0 || (before?.cases.length ?? 0) > 0) {
      deleteListings.run(key)
      deleteCases.run(key)
      for (const { id, status, proposed, decided, removed } of cases) {
        const { authority } = (decided ?? proposed).author
        putCase.run(
          id,
          key,
          removed ? `removed/${removed.cause}` : status,
          region,
          authority,
          removed?.on ?? null,
        )
      }
      for (const listing of face?.listings ?? []) {
        const shown = { ...listing, orgCode: key, uscc: dossier.uscc ?? null, name, region }
        putListing.run(
          ...[
            listing.id,
            key,
            name,
            region,
            listing.ground,
            productsOf(dossier),
            listing.authority,
            listing.from,
          ],
          ...[
            listing.until ?? '9999-12-31',
            shanghaiDate(new Date(listing.publishedAt)),
            JSON.stringify(shown),
          ],
        )
      }
    }
    // Most files of an import hold nothing yet that a clock could run for.
    const isBare = dossier.records.length === 0 && cases.length === 0 && dossier.objections.length === 0
    const clocks = isBare ? [] : [...deadlinesOf(dossier), ...supervisionDeadlines(dossier, scheme)]
    const deadlines = face ? [...clocks, ...warned(dossier), ...doubted(dossier)] : []
    if (deadlines.length === 0 && !before) return
    deleteDeadlines.run(key)
    for (const [n, deadline] of deadlines.entries()) {
      const { what, authority, dueOn, doneOn, until } = deadline
      putDeadline.run(
        ...[key, n, name, region, what, authority, dueOn, doneOn ?? null, until ?? null],
        JSON.stringify(deadline),
      )
    }
  }

  #indexProposals({ key, enterprise, proposals = [] }: Dossier): void {
    this.#statements.deleteProposals.run(key)
    const region = typeof enterprise.region === 'string' ? enterprise.region : ''
    // What was put forward stays in the file alone, so that an erasure reaches it.
    for (const { input: _, ...head } of proposals)
      this.#statements.putProposal.run(head.id, key, head.status, region, JSON.stringify(head))
  }

  #applyToSubject(entry: Entry): void {
    const stored = this.#statements.getSubject.get(entry.subject)
    const state = foldSubject(stored, entry)
    if (state !== undefined) this.#statements.putSubject.run(entry.subject, state)
  }

  #state(key: string): FileState | undefined {
    const cached = this.#states.get(key)
    if (cached) return cached
    const row = this.#statements.getFile.get(key)
    if (!row) return undefined
    return {
      dossier: parseDossier(row.dossier),
      publicRevision: row.public_revision,
      publicPosition: row.public_position,
      face: row.face,
    }
  }
}

/** Doubts about records that their owners have not answered: to be answered as an objection is. */
function doubted({ queries = [], records }: Dossier): Deadline[] {
  return queries
    .filter(({ answered }) => answered === undefined)
    .map(({ id, record, text, at, author }) => {
      const raisedOn = shanghaiDate(new Date(at))
      const { date: dueOn, certain } = workingDaysAfter(raisedOn, publicationRules.objectionDays.value)
      const authority = records.find((known) => known.id === record)?.made.authority ?? ''
      return {
        what: 'query',
        about: id,
        authority,
        dueOn,
        certain,
        consequence: `${author.authority}：${text}`,
      }
    })
}

/** Warnings of a file that nobody has looked into: to be done from the day on which it was opened. */
function warned(dossier: Dossier): Deadline[] {
  return warningsOf(dossier)
    .filter(({ code }) => dossier.settledWarnings?.[code] === undefined)
    .map(({ code, detail }) => ({
      what: 'warning',
      about: code,
      authority: '',
      dueOn: shanghaiDate(new Date(dossier.openedAt)),
      certain: false,
      consequence: detail,
    }))
}

/** Products of an enterprise, to filter the list by. */
function productsOf({ enterprise, records }: Dossier): string {
  const licensed = records.flatMap(({ type, data }) =>
    type === 'licence' && typeof data.product === 'string' ? data.product : [],
  )
  return [typeof enterprise.products === 'string' ? enterprise.products : [], ...new Set(licensed)]
    .flat()
    .join('、')
}

/** Whether the public still sees what it saw: the face is the same but for the entry that it stands at. */
function isUnchanged(
  { publicRevision, publicPosition, face }: FileState,
  next: PublicFile | undefined,
): boolean {
  return face === (next ? fileJson({ ...next, revision: publicRevision, position: publicPosition }) : null)
}

function stateAt({ revision, seq }: Entry, dossier: Dossier, face: PublicFile | undefined): FileState {
  return {
    dossier,
    publicRevision: revision,
    publicPosition: seq,
    face: face ? fileJson({ ...face, revision, position: seq }) : null,
  }
}

/** A dossier that this room wrote. */
export function parseDossier(json: string): Dossier {
  return JSON.parse(json)
}

function prepare(connection: Connection, g: number) {
  return {
    applied: connection.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck(),
    advance: connection.prepare(`UPDATE generation SET applied = ? WHERE id = ${g}`),
    getFile: connection.prepare<[string], StoredFile>(
      `SELECT dossier, public_revision, public_position, face FROM file_${g} WHERE key = ?`,
    ),
    putFile: connection.prepare(
      `INSERT OR REPLACE INTO file_${g}
        (key, revision, position, public_revision, public_position, face_changes_on, dossier, face)
       VALUES (@key, @revision, @position, @publicRevision, @publicPosition, @faceChangesOn, @dossier, @face)`,
    ),
    deleteRecords: connection.prepare(`DELETE FROM record_${g} WHERE key = ?`),
    putRecord: connection.prepare(
      `INSERT INTO record_${g} (key, id, type, dated, region, public_from, public_until, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    deleteGrades: connection.prepare(`DELETE FROM grade_${g} WHERE key = ?`),
    putGrade: connection.prepare(
      `INSERT INTO grade_${g} (key, standard, grade, region, industry) VALUES (?, ?, ?, ?, ?)`,
    ),
    putRating: connection.prepare(`INSERT OR REPLACE INTO rating_${g} VALUES (?, ?, ?, ?, ?, ?, ?)`),
    deleteListings: connection.prepare(`DELETE FROM listing_${g} WHERE key = ?`),
    putListing: connection.prepare(`INSERT INTO listing_${g} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    deleteCases: connection.prepare(`DELETE FROM case_${g} WHERE key = ?`),
    putCase: connection.prepare(`INSERT INTO case_${g} VALUES (?, ?, ?, ?, ?, ?)`),
    deleteDeadlines: connection.prepare(`DELETE FROM deadline_${g} WHERE key = ?`),
    putDeadline: connection.prepare(`INSERT INTO deadline_${g} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    deleteProposals: connection.prepare(`DELETE FROM proposal_${g} WHERE subject = ?`),
    putProposal: connection.prepare(`INSERT INTO proposal_${g} VALUES (?, ?, ?, ?, ?)`),
    getSubject: connection
      .prepare<[string], string>(`SELECT state FROM subject_${g} WHERE subject = ?`)
      .pluck(),
    putSubject: connection.prepare(`INSERT OR REPLACE INTO subject_${g} (subject, state) VALUES (?, ?)`),
  }
}
