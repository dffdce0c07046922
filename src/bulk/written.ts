import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { z } from 'zod'

/** A file of a copy, as its manifest names it. */
export const writtenFile = z.object({
  name: z.string(),
  /** Lines, a heading not counted. */
  lines: z.int(),
  /** Size and SHA-256 of the file as it lies there, compressed. */
  bytes: z.int(),
  sha256: z.string(),
})
export type WrittenFile = z.output<typeof writtenFile>

const BATCH = 64 * 1024

/** A file that is compressed as it is written, with its size and digest as it lies there. */
export class CompressedFile {
  readonly #name: string
  readonly #gzip = createGzip()
  readonly #done: Promise<void>
  readonly #hash = createHash('sha256')
  #bytes = 0

  constructor(folder: string, name: string) {
    this.#name = name
    const counting = new Transform({
      transform: (chunk: Buffer, _, done) => {
        this.#hash.update(chunk)
        this.#bytes += chunk.length
        done(null, chunk)
      },
    })
    this.#done = pipeline(this.#gzip, counting, createWriteStream(join(folder, name), { flush: true }))
    // Told where it is waited for.
    this.#done.catch(() => undefined)
  }

  /** Resolves once there is room for more. */
  async write(part: string | Buffer): Promise<void> {
    if (!this.#gzip.write(part)) await Promise.race([once(this.#gzip, 'drain'), this.#done])
  }

  async end(): Promise<Omit<WrittenFile, 'lines'>> {
    this.#gzip.end()
    await this.#done
    return { name: this.#name, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}

/** A compressed file that is written line by line; it holds a batch at most. */
export class LineFile {
  readonly #file: CompressedFile
  #lines = 0
  #batch = ''

  constructor(folder: string, name: string, heading = '') {
    this.#file = new CompressedFile(folder, name)
    this.#batch = heading
  }

  async add(line: string): Promise<void> {
    this.#lines += 1
    this.#batch += line
    if (this.#batch.length >= BATCH) await this.#flush()
  }

  /** Closes it; gives what the manifest says of it. */
  async end(): Promise<WrittenFile> {
    await this.#flush()
    return { lines: this.#lines, ...(await this.#file.end()) }
  }

  async #flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = ''
    if (batch !== '') await this.#file.write(batch)
  }
}
