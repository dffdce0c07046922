import { readFileSync } from 'node:fs'
import { readSettings, type Settings } from '../config.ts'
import { processOf } from '../register/holder.ts'
import type { Register } from '../register/register.ts'
import { openFilesLimit } from './handles.ts'
import { nodeLease, nodeName } from './nodes.ts'

/** A node that runs on this machine, as far as this user may see it. */
export interface RunningNode {
  pid: number
  /** Undefined where they are another user's to see. */
  settings: Settings | undefined
  openFiles: number | undefined
}

/**
 * The node that does the works of a register, where it runs on this machine and is no command; of one that several nodes share, the one
 * whose folder it is. Undefined where none is seen.
 */
export async function runningNode(
  register: Pick<Register, 'leases'>,
  dataDir?: string,
): Promise<RunningNode | undefined> {
  for (const { isLive, holder, work } of await register.leases()) {
    const isMeant = dataDir === undefined || work === nodeLease(nodeName(dataDir), holder, '').work
    const pid = isLive && isMeant ? processOf(holder) : undefined
    if (pid !== undefined && pid !== process.pid)
      return { pid, settings: settingsOf(pid), openFiles: openFilesLimit(pid) }
  }
  return undefined
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
