import { isPutForward, waitingWithdrawal } from '../acts/withdraw-import.ts'
import { importSubject } from '../authority/proposal.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Catalogue, kindOf } from '../records/catalogue.ts'
import { type Entry, newId } from '../register/entry.ts'
import { type Register, RegisterFull, RegisterUnavailable } from '../register/register.ts'
import { consequencesOf } from '../registry/consequences.ts'
import { isOfImport, undoingCommand } from '../registry/undoing.ts'
import { whoActs } from '../registry/who-acts.ts'
import { BadTable } from '../sheets/table.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { COUNTED, countsOf, type ImportProgress, runImport } from './import.ts'
import {
  ENDED_PROCESS,
  importCommand,
  importerOf,
  isUnfinished,
  MOST_ATTEMPTS,
  type StoredJob,
  type Withdrawal,
} from './job.ts'
import { type JobStore, Overtaken } from './job-store.ts'
import { reportText } from './report.ts'
import { undoImport } from './undo.ts'

interface RunnerOptions {
  jobs: JobStore
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
  readonly #stopping = new AbortController()
  #running: Promise<boolean> | undefined
  #asked = false

  constructor(options: RunnerOptions) {
    this.#options = options
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
      // Whoever asks while the last look is being taken is looked after by one more.
      while (this.#asked) {
        this.#asked = false
        for (let job = await this.#next(); job; job = await this.#next())
          if (!(await this.#do(job))) return false
      }
      return true
    } finally {
      this.#running = undefined
    }
  }

  async #next(): Promise<StoredJob | undefined> {
    if (this.#stopping.signal.aborted) return undefined
    await this.#options.jobs.follow()
    return this.#options.jobs.nextUnfinished()
  }

  /** Does what is left of a job; false when it has to wait until there is room. What another has taken over is left to it. */
  async #do(job: StoredJob): Promise<boolean> {
    try {
      return await (isUnfinished(job.status) ? this.#run(job) : this.#undo(job))
    } catch (error) {
      if (error instanceof Overtaken) return true
      throw error
    }
  }

  async #run(job: StoredJob): Promise<boolean> {
    const { register, writer, views, catalogue, now } = this.#options
    const kind = kindOf(catalogue, job.type)
    let state = await this.#options.jobs.begin(job, {
      status: 'running',
      attempts: job.attempts + 1,
      begunAfter: job.begunAfter ?? (await register.head()),
    })
    try {
      if (state.attempts > MOST_ATTEMPTS) throw new GivenUp()
      if (!kind) throw new BadTable(`没有“${job.type}”这种记录。`)
      // What a crash left beyond the last saved state goes.
      if (state.reportBytes > 0) await this.#options.jobs.report(state, '')
      await runImport({
        path: await this.#options.jobs.uploadPath(job.id),
        kind,
        actor: importerOf(job),
        command: importCommand(job.id),
        // A job of before has no such id; what it finds again it has brought or changed itself at worst.
        since: job.since === '' ? newId() : job.since,
        mending: this.#options.jobs.mending(job.id),
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
      if (error instanceof Overtaken) throw error
      if (isFull(error)) return false
      if (![BadTable, Refusal, GivenUp].some((known) => error instanceof known))
        this.#options.onFailure(error, job.id)
      const told = await this.#told(state)
      state = { ...told, status: 'failed', finishedAt: now().toISOString(), problem: problemOf(error) }
    }
    await this.#options.jobs.save(state)
    // The upload may hold what the registry must not keep; the rows that failed are in the report.
    await this.#options.jobs.release(job.id)
    return true
  }

  /** Takes a whole import back, entry by entry from where it stopped. */
  async #undo(job: StoredJob): Promise<boolean> {
    const { register, writer, views, catalogue, now } = this.#options
    const { positions, withdrawal: asked } = job
    if (!asked) return true
    let state: Withdrawal = { ...asked, status: 'running' }
    const own = await this.#options.jobs.begin(job)
    const save = () => this.#options.jobs.save({ ...own, withdrawal: state })
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
      if (error instanceof Overtaken) throw error
      if (isFull(error)) return false
      const problem =
        error instanceof Refusal ? `${error.title}已撤回的部分有效；其余的请由有权限的人撤回。` : undefined
      if (problem === undefined) this.#options.onFailure(error, job.id)
      state = {
        ...state,
        status: 'failed',
        finishedAt: now().toISOString(),
        ...(problem !== undefined && { problem }),
      }
    }
    await save()
    return true
  }

  /** Puts what others rely on forward for a second person, all of an import together; once, be it cut off and begun again. */
  async #putForward(id: string, { reason, actor, counts: { waiting } }: Withdrawal): Promise<void> {
    const { writer, views, catalogue, now } = this.#options
    const beside = views.besides(importSubject(id))
    const who = whoActs(views, actor)
    if (isPutForward(id, beside.proposals, who)) return
    const at = { file: () => undefined, today: shanghaiDate(now()), catalogue, newId, ...who }
    const { drafts, expect: own } = waitingWithdrawal(id, beside, { reason, waiting }, at)
    const expect = new Map([...who.saw, ...own])
    await writer.append({ drafts, expect, command: undoingCommand(importCommand(id)) })
  }

  /** A job with all that it has appended, as the entries tell: what a run was cut off after may not have been noted. */
  async #told(job: StoredJob): Promise<StoredJob> {
    const { register } = this.#options
    await register.follow()
    const own: Entry[] = []
    let position = job.positions?.last ?? job.begunAfter ?? (await register.head())
    for (;;) {
      const entries = await register.read(position, ENTRIES_A_LOOK)
      const last = entries.at(-1)
      if (!last) break
      own.push(...entries.filter((entry) => isOfImport(entry, importCommand(job.id))))
      position = last.seq
    }
    const [first, last] = [own[0], own.at(-1)]
    if (!first || !last) return job
    const [counts, more] = [{ ...job.counts }, countsOf(own)]
    for (const name of COUNTED) counts[name] += more[name]
    return { ...job, counts, positions: { first: job.positions?.first ?? first.seq, last: last.seq } }
  }

  async #progressed(state: StoredJob, progress: ImportProgress): Promise<StoredJob> {
    const text =
      progress.bad.length > 0 ? reportText(progress.headers, progress.bad, state.reportBytes === 0) : ''
    if (text !== '') await this.#options.jobs.report(state, text)
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
    await this.#options.jobs.save(next)
    const from = {
      job: state.id,
      type: state.type,
      authority: state.actor.authority,
      at: this.#options.now(),
    }
    await this.#options.jobs.waiting.keep(progress.bad, progress.headers, from)
    return next
  }
}

/** A job that was begun again and again and never came on. */
class GivenUp extends Error {}

function problemOf(error: unknown): string {
  if (error instanceof GivenUp) return ENDED_PROCESS
  if (error instanceof BadTable) return error.message
  if (error instanceof Refusal)
    return `${error.title}已导入的内容都已保存；其余的请由有权限的人重新导入同一文件，即可补齐。`
  return '导入意外中止；已导入的内容都已保存，重新导入同一文件即可补齐。如再次发生，请联系系统管理员。'
}

/** Whether there is no room, or the register can't be had: the work is whole as far as it has come, and goes on when there is. */
function isFull(error: unknown): boolean {
  if (error instanceof RegisterFull || error instanceof RegisterUnavailable) return true
  return (
    error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'SQLITE_FULL')
  )
}

const KEPT_SHOWN = 100
const ENTRIES_A_LOOK = 500
