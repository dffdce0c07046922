import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
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

/**
 * The head anchor (锚): a small file outside the register that says how far it has come. It is written after each
 * group of appends is durable, so it is never ahead of a register that lost nothing.
 */
export class Anchor {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, readAnchor(path) === undefined ? 'w+' : 'r+')
  }

  /** Not forced to the disk: it outlives the process, and after a power cut an older one is still true. */
  write(note: Anchored): void {
    writeSync(this.#file, `${JSON.stringify(note).padEnd(LENGTH)}\n`, 0)
  }

  close(): void {
    fdatasyncSync(this.#file)
    closeSync(this.#file)
  }
}
