import { setTimeout as sleep } from 'node:timers/promises'
import { type Meilisearch, MeilisearchApiError, type Task } from 'meilisearch'

/** Told of a document that Meilisearch refuses whatever is tried; everything else goes on. */
export type OnRefused = (id: string, reason: string) => void

export interface TaskOptions {
  onRefused: OnRefused
  /** Bytes of documents in one task, and tasks that are on their way at a time. */
  batchBytes?: number
  inFlight?: number
  /** First pause before a request is tried again; each further one is twice as long. */
  retryMs?: number
  tries?: number
  /** How long a task may take. */
  taskMs?: number
}

const BATCH_BYTES = 8 * 1024 * 1024
const IN_FLIGHT = 3
const RETRY_MS = 200
const TRIES = 5
const TASK_MS = 30 * 60_000
const [POLL_MS, SLOWEST_POLL_MS] = [10, 500]

/** A task that Meilisearch took and could not do. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed'
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** Sends work to Meilisearch and sees it through: what resolves has been done, not merely taken. */
export class Tasks {
  readonly #client: Meilisearch
  readonly #options: TaskOptions

  constructor(client: Meilisearch, options: TaskOptions) {
    this.#client = client
    this.#options = options
  }

  /** Does one thing; rejects with `TaskFailed` when it was taken and failed, with the client's error when it was not. */
  async run(enqueue: () => Promise<{ taskUid: number }>): Promise<void> {
    const { taskUid } = await this.tried(enqueue)
    const { taskMs = TASK_MS } = this.#options
    let pause = POLL_MS
    for (const end = performance.now() + taskMs; performance.now() < end; ) {
      const task = await this.tried(() => this.#client.tasks.getTask(taskUid))
      if (task.status === 'succeeded') return
      if (task.status === 'failed' || task.status === 'canceled') throw failureOf(task)
      await sleep(pause)
      pause = Math.min(SLOWEST_POLL_MS, pause * 2)
    }
    throw new TaskFailed('task_timeout', `task ${taskUid} took longer than ${taskMs} ms`)
  }

  /**
   * Adds documents, in batches by their size, several on their way at a time, and one more with the last batch, once
   * all others are in. A batch that is refused is halved until the document at fault stands alone and is reported; the
   * others are in.
   */
  async add<D extends { id: string }>(index: string, documents: readonly D[], last: D): Promise<void> {
    const { batchBytes = BATCH_BYTES, inFlight = IN_FLIGHT } = this.#options
    const waiting = batches(documents, batchBytes)
    const final = waiting.pop() ?? []
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.#addBatch(index, next)
    }
    await Promise.all(Array.from({ length: inFlight }, worker))
    await this.#addBatch(index, [...final, last])
  }

  async #addBatch<D extends { id: string }>(index: string, documents: readonly D[]): Promise<void> {
    try {
      await this.run(() => this.#client.index<D>(index).addDocuments([...documents]))
    } catch (error) {
      if (!isRefusal(error)) throw error
      const [first] = documents
      if (documents.length > 1) {
        const half = Math.ceil(documents.length / 2)
        await this.#addBatch(index, documents.slice(0, half))
        await this.#addBatch(index, documents.slice(half))
      } else if (first) this.#options.onRefused(first.id, error.message)
    }
  }

  /** Tries again what the network or an overloaded server broke off; what was wrong is wrong the next time too. */
  async tried<T>(act: () => Promise<T>): Promise<T> {
    const { retryMs = RETRY_MS, tries = TRIES } = this.#options
    for (let attempt = 1; ; attempt += 1)
      try {
        return await act()
      } catch (error) {
        if (attempt >= tries || !isPassing(error)) throw error
        await sleep(retryMs * 2 ** (attempt - 1))
      }
  }
}

function failureOf({ error, status, uid }: Task): TaskFailed {
  return new TaskFailed(error?.code ?? status, error?.message ?? `task ${uid} was ${status}`)
}

/** Faults that lie with the server and may be gone the next time. */
const OURS = new Set([
  'internal',
  'io_error',
  'no_space_left_on_device',
  'task_timeout',
  'canceled',
  'too_many_open_files',
])

/** Whether it is the documents that Meilisearch does not take. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof TaskFailed) return !OURS.has(error.code)
  return error instanceof MeilisearchApiError && [400, 413, 422].includes(error.response.status)
}

/** Whether an error may pass by itself. */
function isPassing(error: unknown): boolean {
  if (error instanceof MeilisearchApiError)
    return error.response.status >= 500 || error.response.status === 429
  return !(error instanceof TaskFailed)
}

function batches<D>(documents: readonly D[], bytes: number): D[][] {
  const all: D[][] = []
  let room = 0
  for (const document of documents) {
    const size = Buffer.byteLength(JSON.stringify(document)) + 1
    const last = all.at(-1)
    if (last && size <= room) last.push(document)
    else {
      all.push([document])
      room = bytes
    }
    room -= size
  }
  return all
}
