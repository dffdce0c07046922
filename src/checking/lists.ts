import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../register/holder.ts'

/** Lists (名单) that were handed in, each in a file of its own until it has been read. A name says which process it is of. */

/** Path of a new list in a folder, which is made where it is not there. Throws what the system has against it. */
export function newListIn(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${process.pid}-${randomUUID()}`)
}

/** Takes away the lists of processes that have ended, which were killed before they had read them. */
export function takeAwayLists(folder: string): void {
  for (const name of namesIn(folder)) {
    const pid = Number.parseInt(name, 10)
    if (pid === process.pid || !isRunning(pid)) rmSync(join(folder, name), { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
