import { existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isRunning } from '../register/holder.ts'

/**
 * Where the processes of one node reach each other: sockets in a folder of the data directory, which nobody else may enter and nobody
 * clears by age, as they do temporary folders. It bears the number of the process that began the others.
 */

const NAME = '.processes-'
/** Where the system shows what a process has open. */
const OPEN = '/proc/self/fd'

/** The folder in which the processes that this one begins meet. */
export function meetingIn(dataDir: string): string {
  return join(resolve(dataDir), `${NAME}${process.pid}`)
}

/** Makes the folder, and takes away those of processes that were killed; gives a lasting path to it. Throws what the system has against it. */
export function makeMeeting(folder: string): string {
  const [dataDir, own] = [resolve(folder, '..'), Number(folder.slice(folder.lastIndexOf(NAME) + NAME.length))]
  for (const name of readdirSync(dataDir).filter((one) => one.startsWith(NAME))) {
    const pid = Number(name.slice(NAME.length))
    if (pid === own || !isRunning(pid)) rmSync(join(dataDir, name), { recursive: true, force: true })
  }
  mkdirSync(folder, { mode: 0o700 })
  return lastingPath(folder)
}

/**
 * A short path to a folder that stays right for this process when the folder is renamed: a socket's takes hardly more than a hundred
 * characters. The folder's own where the system has none.
 */
export function lastingPath(folder: string): string {
  return existsSync(OPEN) ? `${OPEN}/${openSync(folder, 'r')}` : folder
}

/** The socket at which the process that does all answers what the others hand on. */
export function handingSocket(folder: string): string {
  return join(folder, 'socket')
}

const FIGURES = 'figures-'

/** The socket at which this process tells what it measures of itself. */
export function figuresSocket(folder: string): string {
  return join(folder, `${FIGURES}${process.pid}`)
}

/** The sockets of all that tell what they measure. */
export function figuresSockets(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(FIGURES))
  return names.map((name) => join(folder, name))
}
