import { readdirSync, readFileSync, statSync } from 'node:fs'
import { readSettings, type Settings } from '../config.ts'
import { processOf } from '../register/holder.ts'
import type { Register } from '../register/register.ts'
import { openFilesLimit } from './handles.ts'
import { nodeLease, nodeName } from './nodes.ts'
import { pathsIn } from './paths.ts'

/** A node that runs on this machine, as far as this user may see it. */
export interface RunningNode {
  pid: number
  /** Undefined where they are another user's to see. */
  settings: Settings | undefined
  openFiles: number | undefined
}

/**
 * The node that does the works of a register, where it runs on this machine, is no command and works in this folder: a copy of one
 * holds the leases of the first. Of a register that several nodes share it is the one that says so. Undefined where none is seen.
 */
export async function runningNode(
  register: Pick<Register, 'leases'>,
  dataDir: string,
  isShared = false,
): Promise<RunningNode | undefined> {
  for (const { isLive, holder, work } of await register.leases()) {
    const isMeant = !isShared || work === nodeLease(nodeName(dataDir), holder, '').work
    const pid = isLive && isMeant ? processOf(holder) : undefined
    if (pid !== undefined && pid !== process.pid && (isShared || mayHaveOpen(pid, pathsIn(dataDir).register)))
      return { pid, settings: settingsOf(pid), openFiles: openFilesLimit(pid) }
  }
  return undefined
}

/** Whether a process has a file open, by what the file is and not by its name; true where this user may not see it. */
function mayHaveOpen(pid: number, path: string): boolean {
  const { dev, ino } = statSync(path)
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const open = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false })
      return open?.ino === ino && open.dev === dev
    })
  } catch {
    return true
  }
}

/** Settings that a process was started with. */
function settingsOf(pid: number): Settings | undefined {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const environment = pairs.map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    })
    return readSettings(Object.fromEntries(environment))
  } catch {
    return undefined
  }
}
