import { createHash, randomUUID } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { appendFile, copyFile, mkdir, open, readdir, rm, stat, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as othersTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import { type NamesOf, ofNames } from '../authority/authorities.ts'
import { SharedFiles } from '../beside/shared-files.ts'
import { type NodesDatabase, type Store, storeOf } from '../beside/store.ts'
import { openBeside } from '../register/beside.ts'
import { newId } from '../register/entry.ts'
import { CommandReused } from '../register/register.ts'
import { carryOver, clearCarriedOver } from './carried-over.ts'
import { type Effect, effect } from './effects.ts'
import { noCounts } from './import.ts'
import {
  ENDED_PROCESS,
  type Hand,
  handedOn,
  importCommand,
  isUnfinished,
  MOST_ATTEMPTS,
  mustBePreview,
  type NewJob,
  type StoredJob,
  storedJob,
  type Withdrawal,
} from './job.ts'
import type { EffectFile, Preview } from './preview.ts'
import { TEMPLATE_TABLES, Templates } from './templates.ts'
import { keptMending, type Mending, mending, nothingMended } from './upload.ts'
import { WAITING_TABLES, WaitingRows } from './waiting.ts'

/** What an authority last said of the words and headings of a kind, and of which files names mean. */
const remembered = z.object({
  words: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
  columns: z.record(z.string(), z.string()),
  firms: z.record(z.string(), z.string()).default({}),
})
export type Remembered = z.output<typeof remembered>

/** What was said, and what was said after it. */
function saidAlso(before: Remembered, { words, columns, firms }: Remembered): Remembered {
  const named = Object.entries({ ...before.firms, ...firms }).slice(-MOST_NAMES)
  const both = {
    words: { ...before.words },
    columns: { ...before.columns, ...columns },
    firms: Object.fromEntries(named),
  }
  for (const [field, own] of Object.entries(words)) both.words[field] = { ...both.words[field], ...own }
  return both
}

/** Names whose files are remembered. */
const MOST_NAMES = 20_000
const DAY_MS = 24 * 3_600_000
/** A job that has ended. */
const KEPT_MS = 30 * DAY_MS
/** An upload that was looked at and neither imported nor thrown away. */
const PREVIEW_KEPT_MS = 3 * DAY_MS
/** Takes some milliseconds. */
const PRUNED_AT_ONCE = 100
const FORMAT = 1

/** Where jobs are kept. */
export interface JobPlaces {
  /** The database that holds their rows. */
  jobs: string
  /** The folder in which uploads lie, and what is told of their rows. */
  imports: string
}

type Statements = ReturnType<typeof prepare>

/** Another run of the job has begun since: a process that stood still for longer than its lease is no more the one that does the work. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

/**
 * Import jobs as rows of a database beside the register, whatever process looks: what is asked of them costs the same
 * however many there have been. Uploads lie beside it by their digests, each once; a job's report of bad rows, and what
 * its rows would do, in a folder of its own. Where there are several nodes, all have the rows and the files.
 */
export class JobStore {
  readonly #db: Database.Database
  readonly #folder: string
  readonly #statements: Statements
  readonly #store: Store
  /** Where the files are that all nodes have; undefined where the folder is all there is. */
  readonly #files: SharedFiles | undefined
  readonly #namesOf: NamesOf
  /** Rows of imports whose firms have no file yet. */
  readonly waiting: WaitingRows
  /** What authorities' tables of one shape mean, under names. */
  readonly templates: Templates

  constructor(
    { jobs, imports }: JobPlaces,
    database: NodesDatabase = '',
    /** What is shared within an authority stays its own when it is renamed or taken over. */
    namesOf: NamesOf = (authority) => [authority],
  ) {
    this.#folder = imports
    this.#namesOf = namesOf
    this.#db = openBeside(jobs)
    // An upload that was acknowledged is not to be lost with the power.
    this.#db.pragma('synchronous = FULL')
    this.#db.exec(TABLES + WAITING_TABLES + TEMPLATE_TABLES)
    this.#statements = prepare(this.#db)
    if (this.#db.pragma('user_version', { simple: true }) !== FORMAT) this.#carryOver()
    this.#store = storeOf(
      this.#db,
      { store: 'imports', tables: ['job', 'answer', 'waiting', 'waiting_closed', 'template'] },
      database,
    )
    this.#files = database === '' ? undefined : new SharedFiles(join(imports, FETCHED), database)
    this.waiting = new WaitingRows(this.#db, this.#store, namesOf)
    this.templates = new Templates(this.#db, this.#store, namesOf)
  }

  /** Brings them to where all nodes are. */
  follow(): Promise<void> {
    return this.#store.follow()
  }

  /** As of a store. */
  probe(): Promise<void> {
    return this.#store.probe()
  }

  /** Gives all nodes the files of jobs that this one had before there were others. */
  async share(): Promise<void> {
    if (!this.#files) return
    await this.follow()
    for (const { id, upload } of this.#statements.files.all())
      for (const name of [
        ...(upload === null ? [] : [uploadName(upload)]),
        reportName(id),
        effectsName(id),
      ]) {
        const path = join(this.#folder, name)
        if (existsSync(path) && !(await this.#files.has(name))) await this.#files.put(name, path)
      }
  }

  #carryOver(): void {
    const { insert, remember, state } = this.#statements
    this.#db
      .transaction(() =>
        carryOver(this.#folder, {
          job: (job, own) => insert.run({ ...rowOf(job), ...own }),
          answers: (authority, type, said) => remember.run(authority, type, said),
          uploadPath: (digest) => join(this.#folder, uploadName(digest)),
        }),
      )
      .immediate()
    clearCarriedOver(this.#folder, (id) => state.get(id) !== undefined)
    this.#db.pragma(`user_version = ${FORMAT}`)
  }

  /** Changes whenever any job has, whoever changed it. */
  get version(): number {
    return this.#store.version
  }

  /** Keeps an upload as a job that waits; nothing stays when the upload breaks off. */
  async create(upload: Readable, job: NewJob, status: 'waiting' | 'preview' = 'waiting'): Promise<StoredJob> {
    return this.#create(upload, { ...job, id: randomUUID() }, status).then(({ job: created }) => created)
  }

  /**
   * The same under a key for repeating: an upload that is sent again stands for the job that the first one became, told
   * as `repeated`. Throws `CommandReused` where the key was used for another upload.
   */
  async createOnce(
    repeatKey: string,
    upload: Readable,
    job: NewJob,
  ): Promise<{ job: StoredJob; repeated: boolean }> {
    const made = await this.#create(upload, { ...job, id: repeatedId(job.keyId, repeatKey) }, 'preview')
    const { digest, type } = made.job
    if (made.repeated && (digest !== made.digest || type !== job.type))
      throw new CommandReused(importCommand(made.job.id))
    return made
  }

  /** Brings the files of jobs that all nodes have into the folder, as one alone keeps them. */
  async bringHome(): Promise<void> {
    for (const { id, upload } of this.#statements.files.all())
      for (const name of [
        ...(upload === null ? [] : [uploadName(upload)]),
        reportName(id),
        effectsName(id),
      ]) {
        const there = await this.#files?.at(name)
        const path = join(this.#folder, name)
        if (there === undefined) continue
        await mkdir(dirname(path), { recursive: true })
        await copyFile(there, path)
      }
    await rm(join(this.#folder, FETCHED), { recursive: true, force: true })
  }

  /** Takes an upload in, and makes a job of it unless there is one of that id. */
  async #create(upload: Readable, job: NewJob & { id: string }, status: 'waiting' | 'preview') {
    const { path, digest } = await this.#received(upload)
    // Of a folder each file is kept once; what several nodes may let go of at a time is each job's own.
    const name = this.#files ? `${digest}-${job.id}` : digest
    const stored: StoredJob = {
      ...job,
      status,
      digest,
      progress: 0,
      counts: noCounts(),
      ignoredColumns: [],
      line: 0,
      attempts: 0,
      run: '',
      since: newId(),
      reportBytes: 0,
    }
    try {
      await this.follow()
      const isNew = this.now(job.id) === undefined
      if (isNew) await this.#files?.put(uploadName(name), path)
      const known = await this.#store.change(() => {
        const before = this.now(job.id)
        if (before) return before
        if (!this.#files) renameSync(path, join(this.#folder, uploadName(name)))
        this.#statements.insert.run({ ...rowOf(stored), upload: name, mending: null, preview: null })
        return undefined
      })
      return { job: known ?? stored, digest, repeated: known !== undefined }
    } finally {
      await rm(path, { force: true })
    }
  }

  /** Writes an upload beside its place, durably. */
  async #received(upload: Readable): Promise<{ path: string; digest: string }> {
    const folder = join(this.#folder, UPLOADS)
    await mkdir(folder, { recursive: true })
    const path = join(folder, `${randomUUID()}${COMING}`)
    const content = createHash('sha256')
    const hashed = async function* (chunks: AsyncIterable<Buffer | string>) {
      for await (const chunk of chunks) {
        content.update(chunk)
        yield chunk
      }
    }
    try {
      // Opened before anything can fail: a file that opens by itself may come after it was taken away.
      const fd = openSync(path, 'wx', 0o600)
      await pipeline(upload, hashed, createWriteStream(path, { fd, flush: true }))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    return { path, digest: content.digest('hex') }
  }

  async find(id: string): Promise<StoredJob | undefined> {
    return this.now(id)
  }

  /** The same in this very turn, for what is decided on it. */
  now(id: string): StoredJob | undefined {
    const state = this.#statements.state.get(id)
    return state === undefined ? undefined : storedJob.parse(JSON.parse(state))
  }

  /**
   * Begins a run of a job as it was found, with what that changes in it; it alone writes to the job until the next one begins.
   * Throws `Overtaken` where another has begun since.
   */
  async begin(job: StoredJob, changes: Partial<StoredJob> = {}): Promise<StoredJob> {
    const begun = { ...job, ...changes, run: newId() }
    await this.#asRun(job, () => this.#statements.update.run(rowOf(begun)))
    return begun
  }

  /** Replaces the state of a job that a run has begun. Throws `Overtaken` where another has begun since. */
  async save(job: StoredJob): Promise<void> {
    await this.#asRun(job, () => this.#statements.update.run(rowOf(job)))
  }

  async #asRun({ id, run }: StoredJob, act: () => unknown): Promise<void> {
    const isOwn = await this.#store.change(() => {
      if (this.now(id)?.run !== run) return false
      act()
      return true
    })
    if (!isOwn) throw new Overtaken(id)
  }

  /** Replaces the state of a job by what the present one comes to, in one act; nothing where that is undefined. */
  change(id: string, change: (job: StoredJob) => StoredJob | undefined): Promise<StoredJob | undefined> {
    return this.#store.change(() => this.#changed(id, change))
  }

  #changed(id: string, change: (job: StoredJob) => StoredJob | undefined): StoredJob | undefined {
    const before = this.now(id)
    const after = before && change(before)
    if (after) this.#statements.update.run(rowOf(after))
    return after ?? before
  }

  /** What was last said of a kind's words and headings by an authority, to be offered again. */
  remembered({ type, actor }: Pick<StoredJob, 'type' | 'actor'>): Remembered {
    const names = JSON.stringify(this.#namesOf(actor.authority))
    return this.#statements.remembered
      .all(names, type, actor.authority)
      .map((said) => remembered.parse(JSON.parse(said)))
      .reduce(saidAlso, { words: {}, columns: {}, firms: {} })
  }

  #remember(job: StoredJob): void {
    const { words = {}, columns = {}, firms = {} } = this.mending(job.id)
    if ([words, columns, firms].every((said) => Object.keys(said).length === 0)) return
    const kept = saidAlso(this.remembered(job), { words, columns, firms })
    this.#statements.remember.run(job.actor.authority, job.type, JSON.stringify(kept))
  }

  /** Marks a job as one that will not be gone on with, and why. */
  async fail(job: StoredJob, problem: string, at: Date): Promise<void> {
    await this.save({ ...job, status: 'failed', problem, finishedAt: at.toISOString() })
    await this.release(job.id)
  }

  /**
   * Has the job that was being run when its thread ended given up by the next one, which tells what came of it and reads no upload;
   * one that ends that thread too is given up here.
   */
  async giveUpRunning(at: Date): Promise<void> {
    for (const job of this.#unfinished())
      if (job.status !== 'running') continue
      else if (job.attempts > MOST_ATTEMPTS) await this.fail(job, ENDED_PROCESS, at)
      else await this.save({ ...job, attempts: MOST_ATTEMPTS })
  }

  /**
   * Lets an upload that was looked at be imported, as the act of whoever asks; of whoever sent it, where nobody is named. Asked
   * twice, it is imported once.
   */
  start(job: Pick<StoredJob, 'id'>, hand?: Omit<Hand, 'did'>): Promise<StoredJob | undefined> {
    return this.change(job.id, (before) => {
      const present = hand ? handedOn(before, { did: 'started', ...hand }) : before
      if (present.status !== 'preview') return undefined
      this.#remember(present)
      this.waiting.started(present.id)
      return { ...present, status: 'waiting', counts: noCounts() }
    })
  }

  /**
   * Asks for an import to be taken back whole; asked twice, it is taken back once. Once a second person has confirmed it,
   * or what others rely on is to be put forward again, it is gone through again for that.
   */
  async askWithdrawal(
    id: string,
    by: Pick<Withdrawal, 'reason' | 'actor' | 'askedAt' | 'isConfirmed'>,
  ): Promise<void> {
    const { reason, actor: who, askedAt, isConfirmed } = by
    const asked = { reason, actor: who, askedAt, isConfirmed, keyId: who.id ?? '' }
    await this.change(id, ({ withdrawal: before, ...job }) => {
      this.waiting.forget(id)
      const isAgain = before && !isUnfinished(before.status) && before.counts.waiting > 0
      if (before && (before.isConfirmed || !(isConfirmed || isAgain))) return undefined
      const { withdrawn = 0, restored = 0 } = before?.counts ?? {}
      const counts = { withdrawn, restored, kept: 0, waiting: 0 }
      return { ...job, withdrawal: { status: 'waiting', ...asked, after: 0, counts, kept: [] } }
    })
  }

  /** Throws an upload away that waits to be imported; refuses any other. */
  discard(id: string): Promise<void> {
    return this.#discardAll([id], () => mustBePreview(this.now(id)))
  }

  /** Removes jobs with all that is theirs, their rows in one transaction, unless `check` throws in it. */
  async #discardAll(ids: readonly string[], check: () => void = () => undefined): Promise<void> {
    const freed = await this.#store.change(() => {
      check()
      return ids.map((id) => {
        const upload = this.#released(id)
        this.waiting.givenUp(id)
        this.#statements.remove.run(id)
        return upload
      })
    })
    for (const upload of freed) await this.#removeShared(upload)
    for (const id of ids) {
      if (!isId(id)) continue
      await rm(join(this.#folder, id), { recursive: true, force: true })
      for (const name of [reportName(id), effectsName(id)]) await this.#files?.remove(name)
    }
  }

  /** Lets go of a job's upload; the file goes with the last job that it is of. */
  async release(id: string): Promise<void> {
    await this.#removeShared(await this.#store.change(() => this.#released(id)))
  }

  /** The upload that no other job is of, once this one has let go of it. */
  #released(id: string): string | undefined {
    const name = this.#statements.upload.get(id) ?? null
    this.#statements.release.run(id)
    if (name === null || this.#statements.hasUpload.get(name) !== undefined) return undefined
    if (!this.#files) rmSync(join(this.#folder, uploadName(name)), { force: true })
    return name
  }

  async #removeShared(upload: string | undefined): Promise<void> {
    if (upload !== undefined) await this.#files?.remove(uploadName(upload))
  }

  /** What was mended in an upload. */
  mending(id: string): Mending {
    const made = this.#statements.mending.get(id) ?? null
    return made === null ? nothingMended : mending.parse(JSON.parse(made))
  }

  /** Keeps what was said about an upload; refuses what can't be kept, and an upload that has been begun with since. */
  async saveMending(id: string, made: Mending): Promise<void> {
    const text = keptMending(made)
    await this.#ofPreview(id, () => this.#statements.saveMending.run(text, id))
  }

  /** Does something to an upload that waits to be imported, in one act with seeing that it does; refuses any other. */
  async #ofPreview<T>(id: string, act: () => T): Promise<T> {
    return this.#store.change(() => {
      mustBePreview(this.now(id))
      return act()
    })
  }

  /** What an import of the upload would do, as it was last found out. */
  preview(id: string): Preview | undefined {
    const found = this.#statements.preview.get(id) ?? null
    // Only `savePreview` writes there; what an earlier version wrote names no fields that the rules lack, and no notes of the file.
    return found === null ? undefined : { incomplete: [], notes: [], ...JSON.parse(found) }
  }

  /** Keeps what was found out of an upload that is still to be imported, with its counts. */
  async savePreview(id: string, found: Preview): Promise<void> {
    if (existsSync(this.effectsPath(id))) await this.#files?.put(effectsName(id), this.effectsPath(id))
    await this.#store.change(() => {
      this.#statements.savePreview.run(JSON.stringify(found), id)
      this.#changed(id, (job) => (job.status === 'preview' ? { ...job, counts: found.counts } : undefined))
    })
  }

  /** Everybody who sent an upload that is kept, and the text by which lists ask for theirs. */
  senders(): Sender[] {
    const texts = this.#statements.senders.all()
    return texts.map((text) => ({ text, actor: storedJob.shape.actor.parse(JSON.parse(text)) }))
  }

  /** Jobs that some people have sent, the latest first, after a place in that order. */
  latest(
    senders: readonly Sender[],
    {
      status = '',
      after,
      limit,
    }: { status?: string | undefined; after?: JobPlace | undefined; limit: number },
  ): StoredJob[] {
    const { createdAt, id } = after ?? { createdAt: END_OF_TIME, id: '' }
    const texts = JSON.stringify(senders.map(({ text }) => text))
    return this.#statements.latest
      .all({ senders: texts, status, createdAt, id, limit })
      .map((state) => storedJob.parse(JSON.parse(state)))
  }

  /** The oldest job that waits or was cut off. */
  nextUnfinished(): StoredJob | undefined {
    return this.#unfinished(1)[0]
  }

  /** How many jobs there are, how many of them wait or run. */
  counts(): { all: number; unfinished: number } {
    return this.#statements.counts.get() ?? { all: 0, unfinished: 0 }
  }

  #unfinished(most = -1): StoredJob[] {
    return this.#statements.unfinished.all(most).map((state) => storedJob.parse(JSON.parse(state)))
  }

  /**
   * Removes jobs that ended 30 days ago, uploads that nobody confirmed in three days, and what an upload that broke off
   * with its process has left a day ago. However many are due, others have their turn between some and the next. Returns how
   * many jobs went.
   */
  async prune(now: Date): Promise<number> {
    let count = 0
    for (let due = this.#due(now); due.length > 0; due = this.#due(now)) {
      await this.#discardAll(due)
      count += due.length
      await othersTurn()
    }
    await this.#store.change(() => this.waiting.prune(now))
    await this.#files?.prune(now)
    await this.#pruneFiles()
    const folder = join(this.#folder, UPLOADS)
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.endsWith(COMING)) continue
      const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Number.NaN }))
      if (mtimeMs < now.getTime() - DAY_MS) await rm(join(folder, name), { force: true })
    }
    return count
  }

  #due(now: Date): string[] {
    return this.#statements.due.all(now.toISOString(), PRUNED_AT_ONCE)
  }

  /** Takes away the files of jobs that are no more, or never came to be. */
  async #pruneFiles(): Promise<void> {
    const { state, hasUpload } = this.#statements
    for (const name of (await this.#files?.old()) ?? []) {
      const [first = '', second = ''] = name.split('/')
      if (first !== UPLOADS && !isId(first)) continue
      const isKept = first === UPLOADS ? hasUpload.get(second) !== undefined : state.get(first) !== undefined
      if (!isKept) await this.#files?.remove(name)
    }
  }

  /** What rows of an upload would do, some of them after a line, as it was last found out. */
  async effects(
    id: string,
    wanted: (row: Effect) => boolean,
    after: number,
    limit: number,
  ): Promise<Effect[]> {
    const found: Effect[] = []
    for await (const row of this.#allEffects(id)) {
      if (row.line > after && wanted(row)) found.push(row)
      if (found.length >= limit) break
    }
    return found
  }

  async *#allEffects(id: string): AsyncGenerator<Effect> {
    const path = await this.#at(effectsName(id))
    if (path === undefined) return
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
    for await (const line of lines) yield effect.parse(JSON.parse(line))
  }

  /** Where a job's upload lies; it is there until the job has ended. */
  async uploadPath(id: string): Promise<string> {
    const name = uploadName(this.#statements.upload.get(id) ?? id)
    return (await this.#at(name)) ?? join(this.#folder, name)
  }

  /** Where it is written what rows do, for `savePreview` to keep. */
  effectsPath(id: string): string {
    return join(this.#folder, effectsName(id))
  }

  /** Where a job's report of bad rows lies; undefined where there is none. */
  reportPath(id: string): Promise<string | undefined> {
    return this.#at(reportName(id))
  }

  /** Adds to a job's report after what it has, in the place of what a crash left there. Throws `Overtaken` as `save` does. */
  async report(job: StoredJob, text: string): Promise<void> {
    await this.#asRun(job, () => undefined)
    const { id, reportBytes: from } = job
    if (this.#files) return this.#files.write(reportName(id), text, from)
    const path = join(this.#folder, reportName(id))
    await mkdir(dirname(path), { recursive: true })
    if (existsSync(path)) await truncate(path, from)
    await appendFile(path, text, { flush: true })
  }

  async close(): Promise<void> {
    await this.#files?.close()
    await this.#store.close()
    this.#db.close()
  }

  async #at(name: string): Promise<string | undefined> {
    const path = join(this.#folder, name)
    if (this.#files) return this.#files.at(name)
    return existsSync(path) ? path : undefined
  }
}

/** A file for what rows do, in place of what stood there. */
export async function openEffects(path: string): Promise<EffectFile> {
  mkdirSync(join(path, '..'), { recursive: true })
  const file = await open(path, 'w')
  return {
    add: async (effects) => {
      if (effects.length > 0) await file.appendFile(effects.map((row) => `${JSON.stringify(row)}\n`).join(''))
    },
    close: () => file.close(),
  }
}

const UPLOADS = 'uploads'
/** What was fetched from the other nodes lies there by itself. */
const FETCHED = 'fetched'
/** Ends the name of an upload that has not come whole. */
const COMING = '.coming'

/** Whoever sent uploads. */
export interface Sender {
  text: string
  actor: Actor
}

/** Place of a job in the order of their coming. */
export type JobPlace = Pick<StoredJob, 'createdAt' | 'id'>

const END_OF_TIME = '9999'
/** Whoever sent a job's upload, as its state has it. */
const SENDER = `json_extract(state, '$.actor')`
const STATUS = `json_extract(state, '$.status')`

const TABLES = `
  CREATE TABLE IF NOT EXISTS job (
    id TEXT PRIMARY KEY,
    unfinished INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- When it is to be forgotten; null while something is to be done.
    due_at TEXT,
    -- Name of its upload, which its digest begins, while that is kept.
    upload TEXT,
    state TEXT NOT NULL,
    mending TEXT,
    preview TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS job_unfinished ON job (created_at) WHERE unfinished = 1;
  CREATE INDEX IF NOT EXISTS job_created ON job (created_at);
  CREATE INDEX IF NOT EXISTS job_sent ON job (${SENDER}, created_at, id, ${STATUS});
  CREATE INDEX IF NOT EXISTS job_due ON job (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS job_upload ON job (upload) WHERE upload IS NOT NULL;
  CREATE TABLE IF NOT EXISTS answer (
    authority TEXT NOT NULL, type TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (authority, type)
  ) STRICT, WITHOUT ROWID;
`

function prepare(db: Database.Database) {
  const text = <P extends unknown[]>(query: string) => db.prepare<P, string>(query).pluck()
  return {
    insert: db.prepare(
      `INSERT OR IGNORE INTO job VALUES (@id, @unfinished, @keyId, @createdAt, @dueAt, @upload, @state, @mending, @preview)`,
    ),
    update: db.prepare(
      'UPDATE job SET unfinished = @unfinished, due_at = @dueAt, state = @state WHERE id = @id',
    ),
    remove: db.prepare('DELETE FROM job WHERE id = ?'),
    state: text<[string]>('SELECT state FROM job WHERE id = ?'),
    unfinished: text<[number]>('SELECT state FROM job WHERE unfinished = 1 ORDER BY created_at LIMIT ?'),
    senders: text<[]>(`SELECT DISTINCT ${SENDER} FROM job`),
    latest: text<[{ senders: string; status: string; createdAt: string; id: string; limit: number }]>(
      `SELECT state FROM job
       WHERE ${SENDER} IN (SELECT value FROM json_each(@senders)) AND (created_at, id) < (@createdAt, @id)
         AND (@status = '' OR ${STATUS} = @status)
       ORDER BY created_at DESC, id DESC LIMIT @limit`,
    ),
    due: text<[string, number]>('SELECT id FROM job WHERE due_at < ? ORDER BY due_at LIMIT ?'),
    counts: db.prepare<[], { all: number; unfinished: number }>(
      `SELECT (SELECT count(*) FROM job) AS "all", (SELECT count(*) FROM job WHERE unfinished = 1) AS unfinished`,
    ),
    upload: db.prepare<[string], string | null>('SELECT upload FROM job WHERE id = ?').pluck(),
    files: db.prepare<[], { id: string; upload: string | null }>('SELECT id, upload FROM job'),
    hasUpload: db.prepare<[string], number>('SELECT 1 FROM job WHERE upload = ? LIMIT 1').pluck(),
    release: db.prepare('UPDATE job SET upload = NULL WHERE id = ?'),
    mending: db.prepare<[string], string | null>('SELECT mending FROM job WHERE id = ?').pluck(),
    saveMending: db.prepare('UPDATE job SET mending = ? WHERE id = ?'),
    preview: db.prepare<[string], string | null>('SELECT preview FROM job WHERE id = ?').pluck(),
    savePreview: db.prepare('UPDATE job SET preview = ? WHERE id = ?'),
    remembered: text<[string, string, string]>(
      `SELECT said FROM answer WHERE ${ofNames()} AND type = ? ORDER BY authority = ?`,
    ),
    remember: db.prepare('INSERT OR REPLACE INTO answer VALUES (?, ?, ?)'),
  }
}

function uploadName(upload: string): string {
  return `${UPLOADS}/${upload}`
}

function reportName(id: string): string {
  return `${id}/errors.csv`
}

function effectsName(id: string): string {
  return `${id}/effects.jsonl`
}

/** What of a job is looked for, and its whole state. */
function rowOf(job: StoredJob) {
  const { id, status, keyId, createdAt, finishedAt, withdrawal } = job
  const isOpen = isUnfinished(status) || (withdrawal !== undefined && isUnfinished(withdrawal.status))
  return {
    ...{ id, keyId, createdAt },
    unfinished: isOpen ? 1 : 0,
    dueAt: isOpen ? null : dueAt(status, createdAt, finishedAt),
    state: JSON.stringify(job),
  }
}

function dueAt(status: StoredJob['status'], createdAt: string, finishedAt: string | undefined): string {
  const [from, kept] =
    status === 'preview' ? [createdAt, PREVIEW_KEPT_MS] : [finishedAt ?? createdAt, KEPT_MS]
  return new Date(Date.parse(from) + kept).toISOString()
}

function isId(id: string): boolean {
  return z.uuid().safeParse(id).success
}

/** Id of the job that an upload under a key for repeating becomes: whoever sends it again finds it by the same. */
function repeatedId(keyId: string, repeatKey: string): string {
  const digits = createHash('sha256').update(`${keyId}\n${repeatKey}`).digest('hex')
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
  ]
  return [...parts, digits.slice(20, 32)].join('-')
}
