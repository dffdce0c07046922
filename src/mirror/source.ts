import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { LINES } from '../bulk/copy.ts'
import type { Manifest } from '../bulk/manifest.ts'
import type { PublicKey } from '../checking/published-keys.ts'
import type { Receipt, Thing } from './held.ts'
import { keySet } from './trust.ts'

const TRIES = 6
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
/** Longer than the longest wait that can be asked for. */
const ANSWER_MS = 90_000
const LONGEST_WAIT_S = 60
/** Bytes of an answer, far more than a page of a thousand files has; what has more would fill this machine's memory. */
const MOST_BYTES = 256 * 1024 * 1024
/** The signed manifest, in a copy's folder. */
const SIGNED = 'manifest.jws'

/** The source has refused, in its own words; `status` is HTTP's. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

const problem = z.object({ title: z.string() })
/** A path of the registry that is followed: no other host, which would be shown the key. */
const path = z.string().regex(/^\/(?![/\\])/)
const copies = z.object({ items: z.array(z.object({ href: path })) })
const thing = z.object({ type: z.string(), id: z.string(), state: z.unknown() })
const event = z.object({
  position: z.int(),
  orgCode: z.string(),
  type: z.string(),
  id: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  state: z.unknown().optional(),
  deleted: z.literal(true).optional(),
  states: z.array(thing).optional(),
})
const events = z.object({
  items: z.array(event),
  next: z.int(),
  epoch: z.string(),
  schema: z.string(),
})
const standing = z.object({ acknowledged: z.int(), epoch: z.string() })
const change = z.object({
  position: z.int(),
  orgCode: z.string(),
  file: z.unknown().optional(),
  deleted: z.literal(true).optional(),
})
const changes = z.object({ items: z.array(change), next: z.int(), epoch: z.string() })
const line = z.object({
  orgCode: z.string(),
  type: z.string().default('file'),
  id: z.string().optional(),
  position: z.int(),
  digest: z.string().nullable().default(null),
  state: z.unknown().optional(),
  file: z.unknown().optional(),
})

/** What happened to one thing, or to a file as a whole. */
export type Step =
  | { restated: string; position: number; id: string; things: Thing[] }
  | { thing: Thing; before: string | null | undefined }

/** A page of what has moved. */
export interface Page {
  steps: Step[]
  next: number
  epoch: string
  schema: string
}

/** A registry that is followed over HTTP: with a key as the platform sees it, without one as the public does. */
export class Source {
  readonly #url: string
  readonly #key: string | undefined
  readonly #signal: AbortSignal

  constructor(url: string, key: string | undefined, signal: AbortSignal) {
    this.#url = url.replace(/\/$/, '')
    this.#key = key
    this.#signal = signal
  }

  get audience(): 'platform' | 'public' {
    return this.#key === undefined ? 'public' : 'platform'
  }

  /** The public keys that it publishes now; none where it publishes none. */
  async publishedKeys(): Promise<PublicKey[]> {
    try {
      return keySet.parse(await this.#json('/check/keys.json')).keys
    } catch (error) {
      if (error instanceof z.ZodError || (error instanceof Refused && error.status === 404)) return []
      throw error
    }
  }

  /** The latest copy's manifest as it was signed, still to be proven, and where its files lie; undefined where none was made yet. */
  async copy(): Promise<{ jws: string; folder: string } | undefined> {
    const { items } = copies.parse(await this.#json(`/bulk/${this.audience}`))
    const [last] = items
    if (!last) return undefined
    const folder = last.href.slice(0, last.href.lastIndexOf('/'))
    const jws = await this.#tried(async () => textIn(await this.#ask(`${folder}/${SIGNED}`))).catch(unsigned)
    return { jws: jws.trim(), folder }
  }

  /**
   * The things of a copy, by way of a file that a later try goes on with. Throws where it doesn't bear the digest that the manifest
   * gives.
   */
  async *things({ own, folder }: { own: Manifest; folder: string }, beside: string): AsyncGenerator<Thing> {
    const path = `${beside}.${folder.slice(folder.lastIndexOf('/') + 1)}.part`
    dropParts(beside, path)
    const lines = own.files.find(({ name }) => name === LINES)
    if (!lines) throw new Error(`the copy names no ${LINES}`)
    await this.#download(`${folder}/${LINES}`, path, lines.bytes)
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk)
    if (hash.digest('hex') !== lines.sha256) {
      rmSync(path)
      throw new Refused(200, '取得的副本与清单的摘要不符，已删去；请再执行一次。')
    }
    const texts = createInterface({ input: createReadStream(path).pipe(createGunzip()) })
    for await (const text of texts) {
      const { orgCode, type, id = orgCode, position, digest, state, file } = line.parse(JSON.parse(text))
      yield { orgCode, type, id, position, digest, state: JSON.stringify(state ?? file) }
    }
    rmSync(path)
  }

  /** What has moved after a position; waits so many seconds where nothing has. Of no epoch, it is the beginning that is asked for. */
  async page(
    after: { position: number; epoch: string; schema: string },
    limit: number,
    wait = 0,
  ): Promise<Page> {
    const seconds = Math.min(wait, LONGEST_WAIT_S)
    const { position, epoch, schema } = after
    const named = Object.entries({ epoch, schema: this.audience === 'public' ? '' : schema })
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
    const asked = `limit=${limit}&wait=${seconds}${named.join('')}`
    if (this.audience === 'public') {
      const page = changes.parse(await this.#json(`/api/v1/changes?since=${position}&${asked}`))
      return { ...page, schema, steps: page.items.map(fileStep) }
    }
    const page = events.parse(await this.#json(`/api/v1/events?after=${position}&${asked}`))
    return { ...page, steps: page.items.map(thingStep) }
  }

  /** Says that things were taken in (回执); it may be said again. */
  async receive(receipts: readonly Receipt[]): Promise<void> {
    const items = receipts.map((receipt) => ({ ...receipt, outcome: 'taken' }))
    await this.#json('/api/v1/consumers/me/receipts', { method: 'POST', body: JSON.stringify({ items }) })
  }

  /** How far the source knows it to have come. */
  async standing(): Promise<z.output<typeof standing>> {
    return standing.parse(await this.#json('/api/v1/consumers/me'))
  }

  /** Says how far it has come. */
  async acknowledge({ position, epoch }: { position: number; epoch: string }): Promise<void> {
    await this.#json('/api/v1/consumers/me/position', {
      method: 'PUT',
      body: JSON.stringify({ position, epoch }),
    })
  }

  async #json(
    path: string,
    sent: { method: string; body: string } | undefined = undefined,
  ): Promise<unknown> {
    return this.#tried(async () => JSON.parse(await textIn(await this.#ask(path, sent))))
  }

  /** Loads a file, going on with what is there already. */
  async #download(path: string, to: string, bytes: number): Promise<void> {
    await this.#tried(async () => {
      const size = existsSync(to) ? statSync(to).size : 0
      if (size === bytes) return
      const range = size > 0 && size < bytes ? { range: `bytes=${size}-` } : undefined
      const answer = await this.#ask(path, range && { headers: range })
      if (!answer.body) throw new Error('no body')
      await pipeline(
        // No more than was signed: the disk is not the source's to fill.
        within(answer.body, answer.status === 206 ? bytes - size : bytes),
        createWriteStream(to, { flags: answer.status === 206 ? 'a' : 'w' }),
      )
    })
  }

  async #ask(
    path: string,
    { headers, ...sent }: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const answer = await fetch(`${this.#url}${path}`, {
      ...sent,
      headers: {
        ...headers,
        ...(sent.body !== undefined && { 'content-type': 'application/json' }),
        ...(this.#key !== undefined && { authorization: `Bearer ${this.#key}` }),
      },
      // A key is shown to the address that was named and to no other.
      redirect: 'error',
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_MS)]),
    })
    if (answer.ok) return answer
    const told = problem.safeParse(
      await textIn(answer)
        .then(JSON.parse)
        .catch(() => undefined),
    )
    const pause = pauseIn(answer.headers.get('retry-after'))
    const refused = new Refused(answer.status, told.data?.title ?? `HTTP ${answer.status}`)
    throw answer.status === 429 || answer.status >= 500 ? new Later(refused, pause) : refused
  }

  /** Tries again, more and more slowly, what the line or the moment is to blame for. */
  async #tried<T>(act: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1)
      try {
        return await act()
      } catch (error) {
        const isFinal = error instanceof Refused || this.#signal.aborted || tries === TRIES
        if (isFinal) throw error instanceof Later ? error.why : error
        const asked = error instanceof Later ? error.pauseMs : 0
        const pause = Math.min(Math.max(asked, FIRST_PAUSE_MS * 2 ** (tries - 1)), LONGEST_PAUSE_MS)
        await delay(pause, undefined, { signal: this.#signal })
      }
  }
}

/** What was loaded of other copies and not taken in goes: it may hold what was erased since. */
function dropParts(beside: string, kept: string): void {
  const folder = dirname(resolve(beside))
  for (const name of readdirSync(folder)) {
    const isPart = name.startsWith(`${basename(beside)}.`) && /\.\d+-\w+\.part$/.test(name)
    if (isPart && name !== basename(kept)) rmSync(join(folder, name))
  }
}

/** The text of an answer; refuses one that is longer than any. */
async function textIn({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  if (body) for await (const chunk of within(body, MOST_BYTES)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What comes of a body, up to so many bytes; refuses one that has more, and takes no more of it. */
async function* within(body: ReadableStream<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.byteLength
    if (bytes > most) {
      await reader.cancel()
      throw new Refused(200, `对方所给的超过应有的长度（${most} 字节），不取；请与对方核对。`)
    }
    yield read.value
  }
}

/** Milliseconds that an answer asks to wait: seconds, or until a date (RFC 9110, 10.2.3); 0 for what is neither. */
export function pauseIn(said: string | null, now = Date.now()): number {
  if (said === null) return 0
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1000
  // Digits alone, and words, are read as some date too.
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} /.test(said)
    ? Math.max(0, Date.parse(said) - now) || 0
    : 0
}

/** Says of a signature that is not given (404) what that means: gone with its copy, or withheld. */
function unsigned(error: unknown): never {
  if (error instanceof Refused && error.status === 404)
    throw new Refused(404, `副本没有签名（${SIGNED}），不取。若副本刚因依法删去而停用，请稍后再执行一次。`)
  throw error
}

/** Refused for now. */
class Later extends Error {
  constructor(
    readonly why: Refused,
    readonly pauseMs: number,
  ) {
    super(why.message)
  }
}

function fileStep({ position, orgCode, file, deleted }: z.output<typeof change>): Step {
  const state = deleted ? null : JSON.stringify(file)
  return { thing: { orgCode, type: 'file', id: orgCode, position, digest: null, state }, before: undefined }
}

function thingStep({ position, orgCode, type, id, before, after, ...own }: z.output<typeof event>): Step {
  if (own.states) {
    const things = own.states.map((one) => ({
      ...{ orgCode, type: one.type, id: one.id, position, digest: null },
      state: JSON.stringify(one.state),
    }))
    return { restated: orgCode, position, id, things }
  }
  const state = own.deleted ? null : JSON.stringify(own.state)
  return { thing: { orgCode, type, id, position, digest: after, state }, before }
}
