import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { z } from 'zod'

export type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** What a table of the members of an index is made of, by the names of its parts: columns of numbers, and words. */
export interface TableParts {
  columns: Record<string, readonly Column[]>
  longKeys: readonly (readonly [place: number, key: string])[]
  profiles: readonly string[]
  closed: number
}

/** Parts as they come back: the columns' bytes. */
export interface KeptParts extends Omit<TableParts, 'columns'> {
  columns: Record<string, readonly ArrayBuffer[]>
}

/** Which rows a kept table holds: those of a generation of the index, up to a version. */
export interface KeptOf {
  generation: string
  version: number
}

const trailer = z.object({
  of: z.object({ generation: z.string(), version: z.int() }),
  columns: z.record(z.string(), z.array(z.object({ bytes: z.int().nonnegative(), crc: z.int() }))),
  longKeys: z.array(z.tuple([z.number(), z.string()])),
  profiles: z.array(z.string()),
  closed: z.int().nonnegative(),
})

/** The end of the file: how long the trailer before it is, and its check. */
const END_BYTES = 8
/** Columns begin at such places, so that numbers of eight bytes can be read where they lie. */
const STEP_BYTES = 16 * 1024 * 1024

/**
 * A table as a file beside its index, so that a start needn't compute it from each row: whatever has come since is followed
 * from there. The index stays what counts: a file that is missing, damaged or another index's is as good as none.
 */
export class KeptTable {
  readonly #path: string
  readonly #making: string
  /** Goes on with each removal, so that what is being written then never takes its place. */
  #round = 0
  #writing: Promise<boolean> | undefined

  constructor(path: string) {
    this.#path = path
    this.#making = `${path}.new`
  }

  /** Takes away what is kept and what is being written: texts may be in it that were erased. */
  remove(): void {
    this.#round += 1
    for (const path of [this.#path, this.#making]) rmSync(path, { force: true })
  }

  /** Keeps a table in place of the one before; false where it was removed meanwhile or can't be written now. */
  keep(of: KeptOf, parts: TableParts): Promise<boolean> {
    this.#writing ??= this.#keep(of, parts)
      .catch(async () => {
        await rm(this.#making, { force: true }).catch(() => undefined)
        return false
      })
      .finally(() => {
        this.#writing = undefined
      })
    return this.#writing
  }

  async #keep(of: KeptOf, { columns, ...words }: TableParts): Promise<boolean> {
    const round = this.#round
    const file = await open(this.#making, 'w', 0o600)
    const told: z.input<typeof trailer>['columns'] = {}
    try {
      for (const [name, own] of Object.entries(columns)) {
        told[name] = []
        for (const column of own) {
          const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength)
          let crc = 0
          for (let at = 0; at < bytes.length; at += STEP_BYTES) {
            const step = bytes.subarray(at, at + STEP_BYTES)
            crc = crc32(step, crc)
            await file.write(step)
            if (this.#round !== round) return false
          }
          told[name].push({ bytes: bytes.length, crc })
        }
      }
      const text = Buffer.from(JSON.stringify({ of, columns: told, ...words }))
      const end = Buffer.alloc(END_BYTES)
      end.writeUInt32LE(text.length, 0)
      end.writeUInt32LE(crc32(text), 4)
      await file.write(Buffer.concat([text, end]))
    } finally {
      await file.close()
    }
    if (this.#round !== round) return false
    await rename(this.#making, this.#path)
    return true
  }

  /** The table of a generation that is kept, if it is whole and holds nothing that the index, at a version, does not. */
  kept(generation: string, version: number): (KeptParts & { of: KeptOf }) | undefined {
    rmSync(this.#making, { force: true })
    if (!existsSync(this.#path)) return undefined
    const file = openSync(this.#path, 'r')
    try {
      const head = trailerOf(file)
      if (!head || head.of.generation !== generation || head.of.version > version) return undefined
      const columns: Record<string, ArrayBuffer[]> = {}
      let at = 0
      for (const [name, own] of Object.entries(head.columns)) {
        columns[name] = []
        for (const { bytes, crc } of own) {
          const buffer = new ArrayBuffer(bytes)
          const part = new Uint8Array(buffer)
          if (readSync(file, part, 0, bytes, at) !== bytes || crc32(part) !== crc) return undefined
          columns[name].push(buffer)
          at += bytes
        }
      }
      return { ...head, columns }
    } finally {
      closeSync(file)
    }
  }

  /** Leaves off what is being written. */
  async close(): Promise<void> {
    this.#round += 1
    await this.#writing
    rmSync(this.#making, { force: true })
  }
}

function trailerOf(file: number): z.output<typeof trailer> | undefined {
  const { size } = fstatSync(file)
  const end = Buffer.alloc(END_BYTES)
  if (size < END_BYTES || readSync(file, end, 0, END_BYTES, size - END_BYTES) !== END_BYTES) return undefined
  const length = end.readUInt32LE(0)
  if (length > size - END_BYTES) return undefined
  const text = Buffer.alloc(length)
  readSync(file, text, 0, length, size - END_BYTES - length)
  if (crc32(text) !== end.readUInt32LE(4)) return undefined
  return trailer.safeParse(JSON.parse(text.toString())).data
}
