import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Names this process, for leases: whoever else runs on this machine can tell by it whether the process has ended. Where
 * the system does not say (it is no Linux), the name tells nothing.
 */
export function holderName(): string {
  const [here, startedAt] = [thisMachine(), startOf(process.pid)]
  const own = randomUUID()
  return here === undefined || startedAt === undefined
    ? own
    : [here, process.pid, startedAt, own, machine()].join('/')
}

/**
 * Whether the process that bears a name has provably ended: this machine tells so of its own, and whatever ran before it was
 * started anew has. False for one of another machine or container.
 */
export function hasEnded(holder: string): boolean {
  const [boot, space, pid, startedAt, , where = ''] = holder.split('/')
  const here = thisMachine()
  if (startedAt === undefined || here === undefined) return false
  if (`${boot}/${space}` === here) return startOf(Number(pid)) !== startedAt
  return !here.startsWith(`${boot}/`) && where !== '' && where === machine()
}

/** Whether a process with a number runs, in the space of this one's numbers. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's runs all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Number of the process that bears a name, where it runs on this machine; undefined where that can't be told. */
export function processOf(holder: string): number | undefined {
  const [boot, space, pid, startedAt] = holder.split('/')
  if (startedAt === undefined || `${boot}/${space}` !== thisMachine()) return undefined
  return startOf(Number(pid)) === startedAt ? Number(pid) : undefined
}

/**
 * The machine through all its starts; empty where nobody gave it a number of its own (most containers). Machines that were copied
 * have one number, but not one name. Digested, as the number is for the machine alone.
 */
function machine(): string {
  try {
    const number = readFileSync('/etc/machine-id', 'utf8').trim()
    if (number === '') return ''
    return createHash('sha256').update(`${number} ${hostname()}`).digest('hex').slice(0, 16)
  } catch {
    return ''
  }
}

/** The machine since its last start, and in it those processes that can see each other. */
function thisMachine(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const [, space] = /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid')) ?? []
    return space === undefined ? undefined : `${boot}/${space}`
  } catch {
    return undefined
  }
}

/** When a process began, in ticks since the machine did; undefined where there is none that still runs. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Its name, in brackets, may hold anything.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? undefined : rest[18]
  } catch {
    return undefined
  }
}
