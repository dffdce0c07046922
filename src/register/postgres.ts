import { setImmediate as othersTurn, setTimeout as sleep } from 'node:timers/promises'
import { and, desc, eq, gte, lt, lte } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Pool, PoolClient } from 'pg'
import { isRefusal, placed, prepared, type Stored, type Waiting } from './appending.ts'
import { AHEAD_MS, CLOCK_SUBJECT, ClockApart } from './clock.ts'
import { erasedBy, mustBeCopy, mustBeOf, mustFollow, notFollowing } from './copy.ts'
import { type Entry, entryOf, jsonOf, type StoredEntry } from './entry.ts'
import { type Head, headOf, standingOf } from './fit.ts'
import { hasEnded } from './holder.ts'
import { entry } from './postgres-schema.ts'
import {
  isOfOneRequest,
  isOutOfRoom,
  isPassing,
  isTakenBack,
  serverAt,
  shownAddress,
} from './postgres-server.ts'
import { mustServe } from './postgres-tables.ts'
import {
  type Append,
  type Appended,
  type Command,
  CommandReused,
  entryHead,
  type Movable,
  RegisterFull,
  RegisterMoved,
  RegisterUnavailable,
} from './register.ts'
import { lostEnd } from './standing.ts'

/** How long an append is tried before it is refused, where the settings don't say. */
const PATIENCE_MS = 15_000
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [20, 1_000]
const CONNECTIONS = 4
const MOST_IN_GROUP = 200
const ROWS_AT_ONCE = 500
const WATCH_BATCH = 500
/** Behind the hint that tells of an append at once: a hint may get lost, and some databases have none. */
const WATCH_POLL_MS = 500
const CHANNEL = 'hqc_register'

const COLUMNS = `seq, recorded_at AS "recordedAt", encode(chain, 'hex') AS chain, epoch, moved_to AS "movedTo"`
const HEAD = `SELECT ${COLUMNS} FROM head`
const ENTRIES = `SELECT seq, id, subject, revision, kind, payload, salt, payload_digest, visibility, authority,
  officer, command, recorded_at, digest, encode(chain, 'hex') FROM entry`
/** The two insertions are named, so that the server parses them once for a connection; nothing in them is to be planned. */
const INSERTION = `INSERT INTO entry (seq, id, subject, revision, kind, payload, salt, payload_digest, visibility, authority,
  officer, command, recorded_at, digest, chain)
  SELECT seq, id, subject, revision, kind, payload, salt, payload_digest, visibility, authority, officer, command,
    recorded_at, digest, decode(chain, 'hex')
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
  AS new (seq, id, subject, revision, kind, payload, salt, payload_digest, visibility, authority, officer, command,
    recorded_at, digest, chain)`
const COMMAND_INSERTION = `INSERT INTO command (key, fingerprint, first_seq, count)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[]) ON CONFLICT (key) DO NOTHING`
const NOW_MS = `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)`
const LOCKED_HEAD = `SELECT ${COLUMNS}, ${NOW_MS} AS now FROM head FOR UPDATE`

type Outcome = Appended | { error: unknown }

/** A transaction whose COMMIT was not answered: done if its first entry stands at its position. */
interface Attempt {
  outcomes: readonly Outcome[]
  first: Entry | undefined
}

export interface PostgresRegister extends Movable {
  /** Comes when something may have been appended, and every now and then, until the signal aborts. */
  news(signal: AbortSignal): AsyncIterable<void>
}

export interface PostgresOptions {
  /** How long an append is tried while the server can't be had, in milliseconds. */
  patienceMs?: number
  /** Position up to which it is known to have come: a server that ends before has lost something, and takes nothing. */
  answered?: number
}

/**
 * Register on a PostgreSQL server, for as many nodes as there are. Appends of a node that wait while a transaction is
 * under way share the next one. Each locks the head row, so commit order is the order of positions. Throws `RegisterFault` in
 * words for a database that can't serve: not to be reached, without tables, with those of another version, for reading only.
 *
 * Where the server can't be had an append is tried again until it is known to be done or not: under the head's lock the transaction that
 * was not answered has ended, and its first entry is there or never will be. What could not be told in time rejects with
 * `RegisterUnavailable`; its command tells later.
 */
export async function openPostgresRegister(
  url: string,
  now: () => Date,
  { patienceMs = PATIENCE_MS, answered: answeredBefore = 0 }: PostgresOptions = {},
): Promise<PostgresRegister> {
  const server = serverAt(url, CONNECTIONS)
  try {
    await mustServe(server, url)
  } catch (error) {
    await server.end()
    throw error
  }
  const db = drizzle({ client: server })
  const entries = async (rest: string, values: unknown[], on: Pool | PoolClient = server) => {
    const query = { text: `${ENTRIES} ${rest}`, values, rowMode: 'array' as const }
    return (await on.query<StoredEntry>(query)).rows.map(entryOf)
  }
  const headNow = async () => headOf((await asked<Head>(server, HEAD))[0])

  const address = shownAddress(url)
  let waiting: Waiting[] = []
  let isCommitting = false
  let answered = answeredBefore

  async function commitWaiting(): Promise<void> {
    isCommitting = true
    await othersTurn()
    while (waiting.length > 0) {
      const group = waiting.slice(0, MOST_IN_GROUP)
      waiting = waiting.slice(MOST_IN_GROUP)
      await commit(group)
    }
    isCommitting = false
  }

  /** Commits a group; each of its appends is settled when this resolves. */
  async function commit(group: readonly Waiting[]): Promise<void> {
    const end = performance.now() + patienceMs
    let inDoubt: Attempt | undefined
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const attempt = await attempted(group, inDoubt)
      if ('done' in attempt) return settle(group, attempt.done)
      const { failure, unanswered } = attempt
      inDoubt = unanswered ?? inDoubt
      if (!isPassing(failure)) return failed(group, failure)
      if (performance.now() + pause > end)
        return failed(group, new RegisterUnavailable(inDoubt !== undefined, { cause: failure }))
      await sleep(pause)
    }
  }

  /** One transaction. What fails says whether its COMMIT may have been taken, in which case nobody knows yet. */
  async function attempted(
    group: readonly Waiting[],
    inDoubt: Attempt | undefined,
  ): Promise<{ done: readonly Outcome[] } | { failure: unknown; unanswered?: Attempt | undefined }> {
    let client: PoolClient | undefined
    let unanswered: Attempt | undefined
    try {
      client = await server.connect()
      client.on('error', ignored)
      const before = now()
      const [, [row], known] = await Promise.all([
        client.query('BEGIN ISOLATION LEVEL READ COMMITTED'),
        asked<Head & { now: number }>(client, LOCKED_HEAD),
        lookedUp(client, group),
      ])
      const head = headOf(row)
      if (inDoubt && (await isThere(client, inDoubt))) {
        await client.query('ROLLBACK')
        give(client)
        return { done: inDoubt.outcomes }
      }
      if (head.movedTo !== null) throw new RegisterMoved(head.movedTo)
      // A time that is yet to come would keep all other nodes from appending until it has.
      const there = row?.now ?? 0
      if (before.getTime() - there > AHEAD_MS)
        throw new ClockApart(new Date(there).toISOString(), before.toISOString())
      if (head.seq < answered) throw lostEnd(address, head.seq, answered)
      const { outcomes, stored, commands, erased } = await decided(client, group, head, known)
      const attempt = { outcomes, first: stored[0]?.entry }
      if (attempt.first) unanswered = attempt
      // One that fails fails all that are sent after it, the COMMIT included.
      await Promise.all([
        ...(commands.length > 0 ? [insertCommands(client, commands)] : []),
        ...(stored.length > 0 ? [insert(client, stored, head, erased)] : []),
        client.query('COMMIT'),
      ])
      give(client)
      answered = head.seq
      if (attempt.first) tell()
      return { done: outcomes }
    } catch (failure) {
      // A connection that is given up takes its transaction back, unless that was committed.
      if (client) give(client, true)
      return { failure, unanswered: isTakenBack(failure) ? undefined : unanswered }
    }
  }

  function give(client: PoolClient, isBroken = false): void {
    client.off('error', ignored)
    client.release(isBroken)
  }

  async function isThere(client: PoolClient, { first }: Attempt): Promise<boolean> {
    const rows = await asked<{ id: string }>(client, 'SELECT id FROM entry WHERE seq = $1', [first?.seq])
    return rows[0]?.id === first?.id
  }

  /** What is to be written of a group, one request after the other, those left out that are refused; moves the head on. */
  async function decided(
    client: PoolClient,
    group: readonly Waiting[],
    head: Head,
    { known, revisions }: Awaited<ReturnType<typeof lookedUp>>,
  ) {
    const outcomes: Outcome[] = []
    const stored: Stored[] = []
    const commands: Command[] = []
    const erased: number[] = []
    for (const one of group) {
      const { command: key, fingerprint, erases } = one.request
      try {
        const earlier = fingerprint === undefined ? undefined : known.get(key)
        if (earlier && earlier.fingerprint !== fingerprint) throw new CommandReused(key)
        if (earlier) {
          outcomes.push({ entries: await of(earlier, client, stored), repeated: true })
          continue
        }
        const firstSeq = head.seq + 1
        const own = placed(one, head, (subject) => revisions.get(subject) ?? 0, now())
        for (const { entry } of own) revisions.set(entry.subject, entry.revision)
        stored.push(...own)
        if (fingerprint !== undefined) {
          const done = { key, fingerprint, firstSeq, count: own.length }
          known.set(key, done)
          commands.push(done)
        }
        if (own.length > 0) erased.push(...(erases ?? []))
        outcomes.push({ entries: own.map(({ entry }) => entry), repeated: false })
      } catch (error) {
        if (!isRefusal(error)) throw error
        outcomes.push({ error })
      }
    }
    return { outcomes, stored, commands, erased }
  }

  /** Writes entries and the head that they lead to, and takes payloads away; all is sent before this returns, in this order. */
  function insert(
    client: PoolClient,
    stored: readonly Stored[],
    head: Head,
    erased: readonly number[],
  ): Promise<unknown> {
    const chunks = Array.from({ length: Math.ceil(stored.length / ROWS_AT_ONCE) }, (_, i) =>
      stored.slice(i * ROWS_AT_ONCE, (i + 1) * ROWS_AT_ONCE),
    )
    return Promise.all([
      ...chunks.map((chunk) =>
        client.query({ name: 'insert entries', text: INSERTION, values: columnsOf(chunk) }),
      ),
      ...(erased.length > 0 ? [client.query(ERASURE, [erased])] : []),
      client.query(`UPDATE head SET seq = $1, recorded_at = $2, chain = decode($3, 'hex')`, [
        head.seq,
        head.recordedAt,
        head.chain,
      ]),
    ])
  }

  async function insertCommands(client: PoolClient, commands: readonly Command[]): Promise<void> {
    await client.query({
      name: 'insert commands',
      text: COMMAND_INSERTION,
      values: [
        commands.map(({ key }) => key),
        commands.map(({ fingerprint }) => fingerprint),
        commands.map(({ firstSeq }) => firstSeq),
        commands.map(({ count }) => count),
      ],
    })
  }

  /** Changes something under the lock of the head, once: whoever asks for it looks again where it fails. */
  async function changing(change: (client: PoolClient, head: Head) => Promise<void>): Promise<void> {
    const client = await server.connect()
    client.on('error', ignored)
    let isDone = false
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
      await change(client, headOf((await asked<Head>(client, `${HEAD} FOR UPDATE`))[0]))
      await client.query('COMMIT')
      isDone = true
    } finally {
      give(client, !isDone)
    }
  }

  /** Which of a group's commands were run before, and where its subjects stand. */
  async function lookedUp(client: PoolClient, group: readonly Waiting[]) {
    const keys = group.flatMap(({ request: { command: key, fingerprint } }) =>
      fingerprint === undefined ? [] : [key],
    )
    const subjects = group.flatMap(({ request: { drafts, expect } }) => [
      ...drafts.map(({ subject }) => subject),
      ...(expect?.keys() ?? []),
    ])
    const [known, revisions] = await Promise.all([
      keys.length === 0 ? [] : asked<Command>(client, `${COMMANDS} WHERE key = ANY($1::text[])`, [keys]),
      asked<{ subject: string; revision: number | null }>(client, REVISIONS, [[...new Set(subjects)]]),
    ])
    return {
      known: new Map(known.map((one) => [one.key, one])),
      revisions: new Map(revisions.map(({ subject, revision }) => [subject, revision ?? 0])),
    }
  }

  /** Entries of an earlier command, which may be one of the same group. */
  async function of({ firstSeq, count }: Command, on: Pool | PoolClient, stored: readonly Stored[] = []) {
    const own = stored
      .map(({ entry }) => entry)
      .filter(({ seq }) => seq >= firstSeq && seq < firstSeq + count)
    return own.length > 0
      ? own
      : entries('WHERE seq >= $1 AND seq < $2 ORDER BY seq', [firstSeq, firstSeq + count], on)
  }

  function settle(group: readonly Waiting[], outcomes: readonly Outcome[]): void {
    for (const [i, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[i]
      if (outcome && 'entries' in outcome) resolve(outcome)
      else reject(outcome?.error)
    }
  }

  async function failed(group: readonly Waiting[], error: unknown): Promise<void> {
    // Whatever one request brings that nobody thought of fails alone.
    if (group.length > 1 && isOfOneRequest(error)) {
      for (const one of group) await commit([one])
      return
    }
    const cause = isOutOfRoom(error)
      ? new RegisterFull('no room left for the register', { cause: error })
      : error
    for (const { reject } of group) reject(cause)
  }

  /** Tells whoever listens that there is something new; who does not hear it looks by himself. */
  function tell(): void {
    server.query(`NOTIFY ${CHANNEL}`).catch(ignored)
  }

  /**
   * A position before which no entry is of a time or later. Times rise with positions, so it is found by halving,
   * between the positions at which a person has set the clock back.
   */
  async function firstFrom(time: string): Promise<number> {
    const end = (await headNow()).seq + 1
    const turnings = await asked<{ seq: number }>(
      server,
      'SELECT seq FROM entry WHERE subject = $1 ORDER BY revision',
      [CLOCK_SUBJECT],
    )
    let from = 1
    for (const to of [...turnings.map(({ seq }) => seq), end]) {
      let [low, high] = [from, to]
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const [at] = await asked<{ time: string }>(
          server,
          'SELECT recorded_at AS time FROM entry WHERE seq = $1',
          [middle],
        )
        if ((at?.time ?? '') < time) low = middle + 1
        else high = middle
      }
      if (low < to) return low
      from = to
    }
    return end
  }

  /** Reads, or says that the server can't be had. */
  async function reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw isPassing(error) ? new RegisterUnavailable(false, { cause: error }) : error
    }
  }

  async function* news(signal: AbortSignal): AsyncGenerator<void> {
    const bell = listening(server, signal)
    while (!signal.aborted) {
      // Asked for before looking, so that what comes while one looks is not missed.
      const rung = bell.next()
      yield
      // Whoever rang has no clock left running; the signal rings too.
      const clock = new AbortController()
      await Promise.race([rung, sleep(WATCH_POLL_MS, undefined, { signal: clock.signal }).catch(ignored)])
      clock.abort()
    }
  }

  return {
    address,
    append: (request: Append) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, prepared: prepared(request), resolve, reject })
        if (!isCommitting) commitWaiting()
      }),
    outcome: (key, fingerprint) =>
      reading(async () => {
        const [known] = await asked<Command>(server, `${COMMANDS} WHERE key = $1`, [key])
        if (!known) return undefined
        if (known.fingerprint !== fingerprint) throw new CommandReused(key)
        return of(known, server)
      }),
    read: (position, limit) =>
      reading(() => entries('WHERE seq > $1 ORDER BY seq LIMIT $2', [position, limit])),
    history: (subject) => reading(() => entries('WHERE subject = $1 ORDER BY revision', [subject])),
    bySubject: ({ subject, revision }, limit) =>
      reading(() =>
        entries('WHERE (subject, revision) > ($1, $2) ORDER BY subject, revision LIMIT $3', [
          subject,
          revision,
          limit,
        ]),
      ),
    search: (filters, before, limit) =>
      reading(async () => {
        const { from, to, authority, officer, subject, kind } = filters
        const bounds = [
          ...(from === undefined ? [] : [gte(entry.recordedAt, from), gte(entry.seq, await firstFrom(from))]),
          ...(to === undefined ? [] : [lte(entry.recordedAt, to)]),
        ]
        const conditions = [
          lt(entry.seq, before),
          ...bounds,
          ...(authority === undefined ? [] : [eq(entry.authority, authority)]),
          ...(officer === undefined ? [] : [eq(entry.officer, officer)]),
          ...(subject === undefined ? [] : [eq(entry.subject, subject)]),
          ...(kind === undefined ? [] : [eq(entry.kind, kind)]),
        ]
        const rows = await db
          .select(headColumns)
          .from(entry)
          .where(and(...conditions))
          .orderBy(desc(entry.seq))
          .limit(limit)
        return rows.map(entryHead)
      }),
    head: () => reading(async () => (await headNow()).seq),
    standing: () => reading(async () => standingOf(await headNow())),
    follow: async () => undefined,
    news,
    async *watch(position, signal) {
      let reached = position
      for await (const _ of news(signal))
        for (;;) {
          const found = await entries('WHERE seq > $1 ORDER BY seq LIMIT $2', [reached, WATCH_BATCH]).catch(
            () => [],
          )
          const newest = found.at(-1)
          if (!newest || signal.aborted) break
          reached = newest.seq
          yield found
        }
    },
    probe: () =>
      reading(async () => {
        const { movedTo } = await headNow()
        if (movedTo !== null) throw new RegisterMoved(movedTo)
        await server.query('UPDATE head SET seq = seq')
      }).catch((error: unknown) => {
        throw isOutOfRoom(error) ? new RegisterFull('no room left for the register', { cause: error }) : error
      }),
    lease: (work, holder, forMs) =>
      reading(async () => {
        const [other] = await asked<{ holder: string }>(server, 'SELECT holder FROM lease WHERE work = $1', [
          work,
        ])
        // Who was killed lets go of nothing; nobody waits for a lease that nobody keeps.
        const gone = other !== undefined && hasEnded(other.holder) ? other.holder : holder
        const { rowCount } = await server.query(
          `INSERT INTO lease (work, holder, until) VALUES ($1, $2, ${NOW_MS} + $3)
           ON CONFLICT (work) DO UPDATE SET holder = excluded.holder, until = excluded.until
           WHERE lease.holder IN ($2, $4) OR lease.until < ${NOW_MS}`,
          [work, holder, forMs, gone],
        )
        return (rowCount ?? 0) > 0
      }),
    leases: () =>
      reading(async () => {
        const found = await asked<{ work: string; holder: string; isHeld: boolean }>(
          server,
          `SELECT work, holder, until >= ${NOW_MS} AS "isHeld" FROM lease ORDER BY work`,
        )
        return found.map(({ isHeld, ...own }) => ({ ...own, isLive: isHeld && !hasEnded(own.holder) }))
      }),
    sharedTime: () =>
      reading(async () => {
        const [said] = await asked<{ now: number }>(server, `SELECT ${NOW_MS} AS now`)
        return said && new Date(said.now)
      }),
    behind: async () => 0,
    livesAt: () => reading(async () => (await headNow()).movedTo ?? undefined),
    moveTo: (place, epoch) =>
      changing(async (client, head) => {
        mustBeOf(head, epoch, address)
        await client.query('UPDATE head SET moved_to = $1, epoch = $2', [place ?? null, epoch])
      }),
    take: (taken) =>
      changing(async (client, head) => {
        mustBeCopy(head, address)
        const fresh = taken.filter(({ seq }) => seq > head.seq)
        const known = taken.findLast(({ seq }) => seq <= head.seq)
        if (known) {
          const [there] = await entries('WHERE seq = $1', [known.seq], client)
          if (there?.chain !== known.chain) throw notFollowing(address, head)
        }
        for (const one of fresh) mustFollow(one, head, address)
        const stored = fresh.map((entry) => ({
          entry,
          json: jsonOf(entry),
        }))
        await insert(client, stored, head, fresh.flatMap(erasedBy))
      }),
    commands: (after, since, limit) =>
      reading(() =>
        asked<Command>(server, `${COMMANDS} WHERE key > $1 AND first_seq > $2 ORDER BY key LIMIT $3`, [
          after,
          since,
          limit,
        ]),
      ),
    takeCommands: (commands) => changing((client) => insertCommands(client, commands)),
    async close() {
      while (isCommitting) await sleep(FIRST_PAUSE_MS)
      await server.end()
    },
  }
}

const ERASURE =
  'UPDATE entry SET payload = NULL, salt = NULL WHERE seq = ANY($1::bigint[]) AND payload IS NOT NULL'
/** One look into the index for each subject, whatever the server has counted so far: of a table that it has not counted it reads all. */
const REVISIONS = `SELECT subject, (SELECT max(revision) FROM entry WHERE entry.subject = asked.subject) AS revision
  FROM unnest($1::text[]) AS asked (subject)`
const COMMANDS = 'SELECT key, fingerprint, first_seq AS "firstSeq", count FROM command'

const ignored = () => undefined

async function asked<R extends object>(
  on: Pool | PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const { rows } = await on.query<R>(text, values)
  return rows
}

/**
 * Hears of appends as they are told of, over a connection of its own that is made anew when it breaks. A hint only: none may
 * come, and one may come for nothing.
 */
function listening(server: Pool, signal: AbortSignal) {
  let client: PoolClient | undefined
  let isEnded = false
  let ring: () => void = ignored
  let rung = new Promise<void>((resolve) => {
    ring = resolve
  })
  const again = () => {
    ring()
    rung = new Promise((resolve) => {
      ring = resolve
    })
  }
  const lost = () => {
    client?.release(true)
    client = undefined
  }
  const connect = async () => {
    const fresh = await server.connect()
    if (isEnded) return fresh.release(true)
    client = fresh
    fresh.on('notification', again)
    fresh.on('error', lost)
    await fresh.query(`LISTEN ${CHANNEL}`)
  }
  const keep = () => {
    if (!client && !isEnded) connect().catch(lost)
  }
  keep()
  const timer = setInterval(keep, LISTEN_AGAIN_MS)
  const end = () => {
    isEnded = true
    clearInterval(timer)
    again()
    if (client) lost()
  }
  signal.addEventListener('abort', end, { once: true })
  return { next: () => rung }
}

const LISTEN_AGAIN_MS = 5_000

function columnsOf(stored: readonly Stored[]): unknown[] {
  return [
    stored.map(({ entry }) => entry.seq),
    stored.map(({ entry }) => entry.id),
    stored.map(({ entry }) => entry.subject),
    stored.map(({ entry }) => entry.revision),
    stored.map(({ entry }) => entry.kind),
    stored.map(({ json }) => json),
    stored.map(({ entry }) => entry.salt),
    stored.map(({ entry }) => entry.payloadDigest),
    stored.map(({ entry }) => entry.visibility),
    stored.map(({ entry }) => entry.author.authority),
    stored.map(({ entry }) => entry.author.officer),
    stored.map(({ entry }) => entry.command),
    stored.map(({ entry }) => entry.recordedAt),
    stored.map(({ entry }) => entry.digest),
    stored.map(({ entry }) => entry.chain),
  ]
}

const headColumns = {
  seq: entry.seq,
  id: entry.id,
  subject: entry.subject,
  revision: entry.revision,
  kind: entry.kind,
  visibility: entry.visibility,
  authority: entry.authority,
  officer: entry.officer,
  command: entry.command,
  recordedAt: entry.recordedAt,
}
