import {
  closeSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { z } from 'zod'

/** How far a register had come when the anchor was written. */
const anchored = z.object({
  epoch: z.string(),
  position: z.int(),
  /** The chain up to that position, in hex. */
  chain: z.string(),
  at: z.string(),
})
export type Anchored = z.output<typeof anchored>

// Written over in place and within one sector, so that it is the old one or the new one.
const LENGTH = 255

/** Path of the anchor beside a register's file. */
export function anchorPath(register: string): string {
  return `${register.replace(/\.db$/, '')}.anchor`
}

/** What an anchor says; `broken` where nobody can tell, undefined where there is none. */
export function readAnchor(path: string): Anchored | 'broken' | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    return anchored.parse(JSON.parse(text))
  } catch {
    return 'broken'
  }
}

function textOf(note: Anchored): string {
  return `${JSON.stringify(note).padEnd(LENGTH)}\n`
}

/** Puts an anchor beside a register that has none, or another's: whole and on the disk, or not at all. */
export function layAnchor(path: string, note: Anchored): void {
  const beside = `${path}.new`
  writeFileSync(beside, textOf(note), { flush: true, mode: 0o600 })
  renameSync(beside, path)
}

/**
 * The head anchor (锚): a small file outside the register that says how far it has come. It is written after each
 * group of appends is durable, so it is never ahead of a register that lost nothing.
 */
export class Anchor {
  readonly #file: number

  /** Throws where there is none. */
  constructor(path: string) {
    this.#file = openSync(path, 'r+')
  }

  /** Not forced to the disk: it outlives the process, and after a power cut an older one is still true. */
  write(note: Anchored): void {
    writeSync(this.#file, textOf(note), 0)
  }

  close(): void {
    fdatasyncSync(this.#file)
    closeSync(this.#file)
  }
}
