import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, statSync } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool, PoolClient } from 'pg'
import { serverAt } from '../register/postgres-server.ts'
import { reaching, transaction } from './transaction.ts'

const PART_BYTES = 1024 * 1024
const CONNECTIONS = 2
const DAY_MS = 24 * 3_600_000
const NOW_MS = 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)'

interface Held {
  version: string
  bytes: number
  parts: number
}

/**
 * Files that all nodes share: kept in their database in parts, fetched into a folder here by whoever reads one, each version
 * once. What can't be had for now rejects with `RegisterUnavailable`.
 */
export class SharedFiles {
  readonly #server: Pool
  readonly #folder: string

  constructor(folder: string, database: string) {
    this.#folder = folder
    this.#server = serverAt(database, CONNECTIONS)
  }

  /** Where a file can be read on this machine; undefined where there is none of that name. */
  async at(name: string): Promise<string | undefined> {
    for (;;) {
      const held = await this.#held(name)
      if (!held) return undefined
      const path = join(this.#folder, `${createHash('sha256').update(name).digest('hex')}-${held.version}`)
      if (existsSync(path) && statSync(path).size === held.bytes) return path
      if (await this.#fetched(name, held, path)) return path
    }
  }

  /** Whether there is a file of that name. */
  async has(name: string): Promise<boolean> {
    return (await this.#held(name)) !== undefined
  }

  /** Keeps what a file here holds under a name, in the place of what that held. */
  async put(name: string, path: string): Promise<void> {
    await this.#replaced(name, 0, () => createReadStream(path, { highWaterMark: PART_BYTES }))
  }

  /** Writes text after the first so many bytes of a file, in the place of whatever follows them. */
  async write(name: string, text: string, from: number): Promise<void> {
    await this.#replaced(name, from, () => (text === '' ? [] : [Buffer.from(text)]))
  }

  async remove(name: string): Promise<void> {
    await transaction(this.#server, async (client) => {
      await client.query('DELETE FROM shared_part WHERE name = $1', [name])
      await client.query('DELETE FROM shared_file WHERE name = $1', [name])
    })
  }

  /** Names that begin so, in their order. */
  async list(beginning: string): Promise<string[]> {
    return reaching(async () => {
      const { rows } = await this.#server.query<{ name: string }>(
        'SELECT name FROM shared_file WHERE left(name, length($1)) = $1 ORDER BY name',
        [beginning],
      )
      return rows.map(({ name }) => name)
    })
  }

  /** Names of what was written more than a day ago. */
  async old(): Promise<string[]> {
    return reaching(async () => {
      const { rows } = await this.#server.query<{ name: string }>(
        `SELECT name FROM shared_file WHERE at < ${NOW_MS} - $1`,
        [DAY_MS],
      )
      return rows.map(({ name }) => name)
    })
  }

  /** Takes away what was fetched here more than a day ago; it is fetched again where it is asked for. */
  async prune(now: Date): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name)
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.NaN }))
      if (mtimeMs < now.getTime() - DAY_MS) await rm(path, { force: true })
    }
  }

  close(): Promise<void> {
    return this.#server.end()
  }

  #held(name: string): Promise<Held | undefined> {
    return reaching(async () => {
      const asked = 'SELECT version, bytes, parts FROM shared_file WHERE name = $1'
      return (await this.#server.query<Held>(asked, [name])).rows[0]
    })
  }

  /** Brings a version here; false where it was replaced meanwhile. */
  async #fetched(name: string, { bytes, parts }: Held, path: string): Promise<boolean> {
    mkdirSync(this.#folder, { recursive: true })
    const coming = join(this.#folder, `${randomUUID()}.coming`)
    const file = await open(coming, 'w')
    try {
      let written = 0
      for (let part = 0; part < parts; part += 1) {
        const { rows } = await reaching(() =>
          this.#server.query<{ content: Buffer }>(
            'SELECT content FROM shared_part WHERE name = $1 AND part = $2',
            [name, part],
          ),
        )
        const content = rows[0]?.content
        if (!content) return false
        await file.write(content)
        written += content.length
      }
      if (written !== bytes) return false
      await rename(coming, path)
      return true
    } finally {
      await file.close()
      await rm(coming, { force: true })
    }
  }

  async #replaced(
    name: string,
    from: number,
    chunks: () => AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<void> {
    await transaction(this.#server, async (client) => {
      await client.query(
        `INSERT INTO shared_file (name, version, bytes, parts, at) VALUES ($1, '', 0, 0, 0) ON CONFLICT (name) DO NOTHING`,
        [name],
      )
      await client.query('SELECT 1 FROM shared_file WHERE name = $1 FOR UPDATE', [name])
      const kept = from === 0 ? [] : await this.#partsWithin(client, name, from)
      await client.query('DELETE FROM shared_part WHERE name = $1 AND part >= $2', [name, kept.length])
      let [bytes, parts] = [kept.reduce((sum, size) => sum + size, 0), kept.length]
      if (bytes !== from) throw new Error(`${name} has no end of a part after ${from} bytes`)
      for await (const content of chunks()) {
        await client.query('INSERT INTO shared_part (name, part, content) VALUES ($1, $2, $3)', [
          ...[name, parts, content],
        ])
        bytes += content.length
        parts += 1
      }
      await client.query(
        `UPDATE shared_file SET version = $2, bytes = $3, parts = $4, at = ${NOW_MS} WHERE name = $1`,
        [name, randomUUID(), bytes, parts],
      )
    })
  }

  /** Sizes of the parts that make up the first so many bytes. */
  async #partsWithin(client: PoolClient, name: string, from: number): Promise<number[]> {
    const { rows } = await client.query<{ size: number }>(
      'SELECT octet_length(content) AS size FROM shared_part WHERE name = $1 ORDER BY part',
      [name],
    )
    const within: number[] = []
    let sum = 0
    for (const { size } of rows) {
      sum += size
      if (sum > from) break
      within.push(size)
    }
    return within
  }
}
