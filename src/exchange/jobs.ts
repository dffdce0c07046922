import { createHash, type Hash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { waitingWithdrawal } from '../acts/withdraw-import.ts'
import { importSubject, waitingIn } from '../authority/proposal.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { type Catalogue, kindOf } from '../records/catalogue.ts'
import { newId } from '../register/entry.ts'
import { CommandReused, type Register, RegisterFull } from '../register/register.ts'
import { consequencesOf } from '../registry/consequences.ts'
import { whoActs } from '../registry/who-acts.ts'
import { BadTable } from '../sheets/table.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { type Effect, effect } from './effects.ts'
import { type ImportProgress, importCounts, noCounts, runImport } from './import.ts'
import type { EffectFile, Preview } from './preview.ts'
import { reportText } from './report.ts'
import { undoImport } from './undo.ts'
import { type Mending, mending, nothingMended } from './upload.ts'

/** An import as it is kept on disk and shown. */
export const importJob = z.object({
  id: z.uuid(),
  type: z.string().meta({ description: 'enterprise 或记录类型' }),
  status: z.enum(['preview', 'waiting', 'running', 'done', 'failed']),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  /** Share of the file that has been read, 0 to 1. */
  progress: z.number(),
  counts: importCounts,
  ignoredColumns: z.array(z.string()),
  /** Why the file as a whole was refused. */
  problem: z.string().optional(),
})

const actor = z.object({
  authority: z.string(),
  officer: z.string(),
  region: z.string().optional(),
  id: z.string().optional(),
})

/** Taking back a whole import as one act. */
const withdrawal = z.object({
  status: z.enum(['waiting', 'running', 'done', 'failed']),
  reason: z.string(),
  keyId: z.string(),
  actor,
  askedAt: z.string(),
  /** Position up to which the import's entries have been undone. */
  after: z.int(),
  counts: z.object({
    withdrawn: z.int(),
    restored: z.int(),
    kept: z.int(),
    /** What others rely on: it waits for a second person. */
    waiting: z.int().default(0),
  }),
  /** Whether a second person has confirmed it. */
  isConfirmed: z.boolean().default(false),
  /** What was left as it is, and why; the first of them. */
  kept: z.array(z.object({ key: z.string(), name: z.string(), why: z.string() })),
  finishedAt: z.string().optional(),
})
export type Withdrawal = z.output<typeof withdrawal>

/** What only the runner needs to know: who asked, and how far the durable part goes. */
const storedJob = importJob.extend({
  keyId: z.string(),
  actor,
  line: z.int(),
  /** How often it was begun since it last came on: what ends the process each time is not tried for ever. */
  attempts: z.int().default(0),
  /** An id made with the job: records with later ones are its own. */
  since: z.string().default(''),
  reportBytes: z.int(),
  /** Name of the file as it was sent. */
  fileName: z.string().optional(),
  /** SHA-256 of the file, where it was sent under a key for repeating. */
  digest: z.string().optional(),
  /** Stretch of the register in which the import's entries stand. */
  positions: z.object({ first: z.int(), last: z.int() }).optional(),
  withdrawal: withdrawal.optional(),
})
export type StoredJob = z.output<typeof storedJob>

/** An upload before it is one: what it is to bring, and who sent it. */
type NewJob = Pick<StoredJob, 'type' | 'keyId' | 'actor' | 'createdAt' | 'fileName'>

/** Answers by authority and kind. */
const ANSWERS = 'answers.json'
const remembered = z.object({
  words: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
  columns: z.record(z.string(), z.string()),
})
type Remembered = z.output<typeof remembered>
const answers = z.record(z.string(), z.record(z.string(), remembered))

const KEPT_MS = 30 * 24 * 3_600_000
/** An upload that was looked at and neither imported nor thrown away. */
const PREVIEW_KEPT_MS = 3 * 24 * 3_600_000

/** Import jobs on disk: a folder each with the upload, the state, and the report of bad rows. */
export class JobFolder {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Keeps an upload as a job that waits; nothing stays when the upload breaks off. */
  async create(upload: Readable, job: NewJob, status: 'waiting' | 'preview' = 'waiting'): Promise<StoredJob> {
    const id = randomUUID()
    await mkdir(join(this.#directory, id), { recursive: true })
    try {
      await pipeline(upload, createWriteStream(this.uploadPath(id)))
    } catch (error) {
      await this.discard(id)
      throw error
    }
    const stored: StoredJob = {
      ...job,
      id,
      status,
      progress: 0,
      counts: noCounts(),
      ignoredColumns: [],
      line: 0,
      attempts: 0,
      since: newId(),
      reportBytes: 0,
    }
    await this.save(stored)
    return stored
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
    const content = createHash('sha256')
    const created = await this.create(Readable.from(hashedBy(content, upload)), job, 'preview')
    const own = { ...created, id: repeatedId(job.keyId, repeatKey), digest: content.digest('hex') }
    const { id } = own
    await this.save(own, created.id)
    try {
      await rename(join(this.#directory, created.id), join(this.#directory, id))
      return { job: own, repeated: false }
    } catch (error) {
      await this.discard(created.id)
      const known = await this.find(id)
      if (!known) throw error
      if (known.digest !== own.digest || known.type !== own.type) throw new CommandReused(importCommand(id))
      return { job: known, repeated: true }
    }
  }

  async find(id: string): Promise<StoredJob | undefined> {
    return this.now(id)
  }

  /** The same in this very turn, for what is decided on it. */
  now(id: string): StoredJob | undefined {
    if (!z.uuid().safeParse(id).success) return undefined
    try {
      return storedJob.parse(JSON.parse(readFileSync(join(this.#directory, id, 'job.json'), 'utf8')))
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** Replaces the state in one act, so that a crash leaves the old one or the new one. */
  async save(job: StoredJob, folder = job.id): Promise<void> {
    const path = join(this.#directory, folder, 'job.json')
    await writeFile(`${path}.new`, JSON.stringify(job), { flush: true })
    await rename(`${path}.new`, path)
  }

  /** What was last said of a kind's words and headings by an authority, to be offered again. */
  async remembered({ type, actor }: Pick<StoredJob, 'type' | 'actor'>): Promise<Remembered> {
    return rememberedIn(await this.#answers(), { type, actor })
  }

  async #remember(job: StoredJob): Promise<void> {
    const { words = {}, columns = {} } = await this.mending(job.id)
    if (Object.keys(words).length + Object.keys(columns).length === 0) return
    const all = await this.#answers()
    const before = rememberedIn(all, job)
    const kept = { words: { ...before.words }, columns: { ...before.columns, ...columns } }
    for (const [field, own] of Object.entries(words)) kept.words[field] = { ...kept.words[field], ...own }
    const own = { ...all[job.actor.authority], [job.type]: kept }
    await writeFile(join(this.#directory, ANSWERS), JSON.stringify({ ...all, [job.actor.authority]: own }), {
      flush: true,
    })
  }

  async #answers(): Promise<z.output<typeof answers>> {
    const text = await readFile(join(this.#directory, ANSWERS), 'utf8').catch(missing)
    return text === undefined ? {} : answers.parse(JSON.parse(text))
  }

  /** Marks a job as one that will not be gone on with, and why. */
  async fail(job: StoredJob, problem: string, at: Date): Promise<void> {
    await this.save({ ...job, status: 'failed', problem, finishedAt: at.toISOString() })
    await rm(this.uploadPath(job.id), { force: true })
  }

  /** Marks the job that was being run when its thread ended, so that it does not end the next one. */
  async failRunning(at: Date): Promise<void> {
    for (const job of await this.#all()) if (job.status === 'running') await this.fail(job, ENDED_PROCESS, at)
  }

  /** Lets an upload that was looked at be imported; asked twice, it is imported once. */
  async start(job: StoredJob): Promise<StoredJob> {
    if (job.status !== 'preview') return job
    await this.#remember(job)
    const started: StoredJob = { ...job, status: 'waiting', counts: noCounts() }
    await this.save(started)
    return started
  }

  /**
   * Asks for an import to be taken back whole; asked twice, it is taken back once. Once a second person has confirmed it,
   * it is gone through again for what others rely on.
   */
  async askWithdrawal(
    id: string,
    by: Pick<Withdrawal, 'reason' | 'actor' | 'askedAt' | 'isConfirmed'>,
  ): Promise<void> {
    const job = this.now(id)
    const before = job?.withdrawal
    if (!job || (before && (before.isConfirmed || !by.isConfirmed))) return
    const { withdrawn = 0, restored = 0 } = before?.counts ?? {}
    const counts = { withdrawn, restored, kept: 0, waiting: 0 }
    const { reason, actor: who, askedAt, isConfirmed } = by
    const asked = { reason, actor: who, askedAt, isConfirmed, keyId: who.id ?? '' }
    await this.save({ ...job, withdrawal: { status: 'waiting', ...asked, after: 0, counts, kept: [] } })
  }

  async discard(id: string): Promise<void> {
    await rm(join(this.#directory, id), { recursive: true, force: true })
  }

  /** What was mended in an upload. */
  async mending(id: string): Promise<Mending> {
    const text = await readFile(join(this.#directory, id, 'mending.json'), 'utf8').catch(missing)
    return text === undefined ? nothingMended : mending.parse(JSON.parse(text))
  }

  async saveMending(id: string, made: Mending): Promise<void> {
    await writeFile(join(this.#directory, id, 'mending.json'), JSON.stringify(made), { flush: true })
  }

  /** What an import of the upload would do, as it was last found out. */
  async preview(id: string): Promise<Preview | undefined> {
    const text = await readFile(join(this.#directory, id, 'preview.json'), 'utf8').catch(missing)
    // Only `savePreview` writes there.
    return text === undefined ? undefined : JSON.parse(text)
  }

  async savePreview(id: string, found: Preview): Promise<void> {
    await writeFile(join(this.#directory, id, 'preview.json'), JSON.stringify(found))
  }

  /** Jobs, the latest first; those of one key or account only, if asked. */
  async latest(most: number, keyId?: string): Promise<StoredJob[]> {
    const jobs = await this.#all()
    return jobs
      .filter((job) => keyId === undefined || job.keyId === keyId)
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .slice(0, most)
  }

  /** The oldest job that waits or was cut off. */
  async nextUnfinished(): Promise<StoredJob | undefined> {
    const jobs = await this.#all()
    return jobs
      .filter(
        ({ status, withdrawal: undoing }) =>
          isUnfinished(status) || (undoing !== undefined && isUnfinished(undoing.status)),
      )
      .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))[0]
  }

  /** Removes jobs that ended 30 days ago and uploads that never became one. */
  async prune(now: Date): Promise<void> {
    const border = new Date(now.getTime() - KEPT_MS).toISOString()
    const forgotten = new Date(now.getTime() - PREVIEW_KEPT_MS).toISOString()
    for (const id of await this.#ids()) {
      const job = await this.find(id)
      if (!job) {
        const { mtimeMs } = await stat(join(this.#directory, id))
        if (mtimeMs < now.getTime() - 24 * 3_600_000) await this.discard(id)
      } else if (
        job.status === 'preview'
          ? job.createdAt < forgotten
          : job.finishedAt !== undefined && job.finishedAt < border
      )
        await this.discard(id)
    }
  }

  /** What rows of an upload would do, some of them from a place on, as it was last found out. */
  async effects(
    id: string,
    wanted: (row: Effect) => boolean,
    from: number,
    limit: number,
  ): Promise<Effect[]> {
    const found: Effect[] = []
    let place = 0
    for await (const row of this.#allEffects(id)) {
      if (!wanted(row)) continue
      if (place >= from) found.push(row)
      place += 1
      if (found.length >= limit) break
    }
    return found
  }

  async *#allEffects(id: string): AsyncGenerator<Effect> {
    const lines = createInterface({
      input: createReadStream(this.effectsPath(id)),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    try {
      for await (const line of lines) yield effect.parse(JSON.parse(line))
    } catch (error) {
      missing(error)
    }
  }

  effectsPath(id: string): string {
    return join(this.#directory, id, 'effects.jsonl')
  }

  uploadPath(id: string): string {
    return join(this.#directory, id, 'upload')
  }

  reportPath(id: string): string {
    return join(this.#directory, id, 'errors.csv')
  }

  async #ids(): Promise<string[]> {
    const names = (await readdir(this.#directory).catch(missing)) ?? []
    return names.filter((name) => z.uuid().safeParse(name).success)
  }

  async #all(): Promise<StoredJob[]> {
    const jobs = await Promise.all((await this.#ids()).map((id) => this.find(id)))
    return jobs.flatMap((job) => job ?? [])
  }
}

/** A file for what rows do, in place of what stood there. */
export async function openEffects(path: string): Promise<EffectFile> {
  const file = await open(path, 'w')
  return {
    add: async (effects) => {
      if (effects.length > 0) await file.appendFile(effects.map((row) => `${JSON.stringify(row)}\n`).join(''))
    },
    close: () => file.close(),
  }
}

interface RunnerOptions {
  directory: string
  register: Register
  writer: Writer
  views: Views
  catalogue: Catalogue
  now(): Date
  /** Told of an import that ended for a reason that does not lie in its file. */
  onFailure(error: unknown, job: string): void
}

/** Runs import jobs one after the other; one that a crash cut off goes on where its last durable batch ended. */
export class ImportJobs {
  readonly #options: RunnerOptions
  readonly #folder: JobFolder
  readonly #stopping = new AbortController()
  #running: Promise<boolean> | undefined
  #asked = false

  constructor(options: RunnerOptions) {
    this.#options = options
    this.#folder = new JobFolder(options.directory)
  }

  /**
   * Resolves when no job waits any more, with true; with false when what is left has to be tried again later, because
   * the disk is full.
   */
  runWaiting(): Promise<boolean> {
    this.#asked = true
    this.#running ??= this.#runAll()
    return this.#running
  }

  /** Stops after the batch in hand; the rest goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running?.catch(() => undefined)
  }

  async #runAll(): Promise<boolean> {
    try {
      await this.#folder.prune(this.#options.now())
      // Whoever asks while the last look is being taken is looked after by one more.
      while (this.#asked) {
        this.#asked = false
        for (let job = await this.#next(); job; job = await this.#next())
          if (!(await (isUnfinished(job.status) ? this.#run(job) : this.#undo(job)))) return false
      }
      return true
    } finally {
      this.#running = undefined
    }
  }

  async #next(): Promise<StoredJob | undefined> {
    return this.#stopping.signal.aborted ? undefined : this.#folder.nextUnfinished()
  }

  /** Runs a job; false when it has to wait until there is room. */
  async #run(job: StoredJob): Promise<boolean> {
    const { register, writer, views, catalogue, now } = this.#options
    const kind = kindOf(catalogue, job.type)
    let state: StoredJob = { ...job, status: 'running', attempts: job.attempts + 1 }
    if (state.attempts > MOST_ATTEMPTS) {
      await this.#folder.fail(state, ENDED_PROCESS, now())
      return true
    }
    try {
      await this.#folder.save(state)
      if (!kind) throw new BadTable(`没有“${job.type}”这种记录。`)
      await this.#cutReport(state)
      await runImport({
        path: this.#folder.uploadPath(job.id),
        kind,
        actor: job.actor,
        command: importCommand(job.id),
        // A job of before has no such id; what it finds again it has brought or changed itself at worst.
        since: job.since === '' ? newId() : job.since,
        mending: await this.#folder.mending(job.id),
        from: { line: job.line, counts: job.counts },
        writer,
        outcome: register.outcome,
        views,
        catalogue,
        now,
        newId,
        consequences: (before, drafts) => consequencesOf(before, drafts, { views, catalogue, now }),
        signal: this.#stopping.signal,
        onProgress: async (progress) => {
          state = await this.#progressed(state, progress)
        },
      })
      if (this.#stopping.signal.aborted) return true
      await writer.catchUp()
      state = { ...state, status: 'done', progress: 1, finishedAt: now().toISOString() }
    } catch (error) {
      if (isFull(error)) return false
      if (!(error instanceof BadTable)) this.#options.onFailure(error, job.id)
      state = { ...state, status: 'failed', finishedAt: now().toISOString(), problem: problemOf(error) }
    }
    await this.#folder.save(state)
    // The upload may hold what the registry must not keep; the rows that failed are in the report.
    await rm(this.#folder.uploadPath(job.id), { force: true })
    return true
  }

  /** Takes a whole import back, entry by entry from where it stopped. */
  async #undo(job: StoredJob): Promise<boolean> {
    const { register, writer, views, catalogue, now } = this.#options
    const { positions, withdrawal: asked } = job
    if (!asked) return true
    let state: Withdrawal = { ...asked, status: 'running' }
    const save = () => this.#folder.save({ ...job, withdrawal: state })
    try {
      if (positions)
        await undoImport({
          command: importCommand(job.id),
          positions,
          after: state.after,
          reason: asked.reason,
          isConfirmed: asked.isConfirmed,
          actor: asked.actor,
          register,
          writer,
          views,
          catalogue,
          now,
          newId,
          consequences: (before, drafts) => consequencesOf(before, drafts, { views, catalogue, now }),
          signal: this.#stopping.signal,
          onProgress: async ({ after, counts: step, kept }) => {
            state = {
              ...state,
              after,
              counts: {
                withdrawn: state.counts.withdrawn + step.withdrawn,
                restored: state.counts.restored + step.restored,
                kept: state.counts.kept + kept.length,
                waiting: state.counts.waiting + step.waiting,
              },
              kept: [...state.kept, ...kept].slice(0, KEPT_SHOWN),
            }
            await save()
          },
        })
      if (this.#stopping.signal.aborted) return true
      await writer.catchUp()
      if (state.counts.waiting > 0) await this.#putForward(job.id, state)
      state = { ...state, status: 'done', finishedAt: now().toISOString() }
    } catch (error) {
      if (isFull(error)) return false
      this.#options.onFailure(error, job.id)
      state = { ...state, status: 'failed', finishedAt: now().toISOString() }
    }
    await save()
    return true
  }

  /** Puts what others rely on forward for a second person, all of an import together; once, be it cut off and begun again. */
  async #putForward(id: string, { reason, actor, counts: { waiting } }: Withdrawal): Promise<void> {
    const { writer, views, catalogue, now } = this.#options
    const beside = views.besides(importSubject(id))
    if (waitingIn(beside)) return
    const at = {
      file: () => undefined,
      today: shanghaiDate(now()),
      catalogue,
      newId,
      ...whoActs(views, actor),
    }
    const { drafts, expect } = waitingWithdrawal(id, beside, { reason, waiting }, at)
    await writer.append({ drafts, expect, command: `${importCommand(id)}/withdrawal` })
  }

  async #progressed(state: StoredJob, progress: ImportProgress): Promise<StoredJob> {
    const text =
      progress.bad.length > 0 ? reportText(progress.headers, progress.bad, state.reportBytes === 0) : ''
    if (text !== '') await appendFile(this.#folder.reportPath(state.id), text, { flush: true })
    const next = {
      ...state,
      attempts: 1,
      counts: progress.counts,
      line: progress.line,
      progress: progress.read,
      ignoredColumns: [...progress.ignored],
      reportBytes: state.reportBytes + Buffer.byteLength(text),
      ...(progress.appended && {
        positions: {
          first: state.positions?.first ?? progress.appended.first,
          last: progress.appended.last,
        },
      }),
    }
    await this.#folder.save(next)
    return next
  }

  /** Takes away what a crash left in the report beyond the last saved state. */
  async #cutReport({ id, reportBytes }: StoredJob): Promise<void> {
    await truncate(this.#folder.reportPath(id), reportBytes).catch(missing)
  }
}

function problemOf(error: unknown): string {
  if (error instanceof BadTable) return error.message
  return '导入意外中止；已导入的内容都已保存，重新导入同一文件即可补齐。如再次发生，请联系系统管理员。'
}

/** Whether there is no room: the work is whole as far as it has come, and goes on when there is. */
function isFull(error: unknown): boolean {
  if (error instanceof RegisterFull) return true
  return (
    error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'SQLITE_FULL')
  )
}

function rememberedIn(
  all: z.output<typeof answers>,
  { type, actor }: Pick<StoredJob, 'type' | 'actor'>,
): Remembered {
  return all[actor.authority]?.[type] ?? { words: {}, columns: {} }
}

/** A stream as it is, told to a hash on its way. */
async function* hashedBy(hash: Hash, upload: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of upload) {
    hash.update(chunk)
    yield chunk
  }
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

function missing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}

function isUnfinished(status: StoredJob['status']): boolean {
  return status === 'waiting' || status === 'running'
}

/** Names an import in the register's commands. */
function importCommand(id: string): string {
  return `import/${id}`
}

const KEPT_SHOWN = 100
/** So often a job may be begun without coming on. */
const MOST_ATTEMPTS = 3
const ENDED_PROCESS =
  '读取这份文件时程序异常终止，已不再重试；已导入的内容都已保存。请检查文件是否过大或损坏，另存为 CSV 后重新导入。'

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
