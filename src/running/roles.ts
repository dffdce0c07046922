import cluster from 'node:cluster'
import { z } from 'zod'
import { ENDING } from './signals.ts'

/**
 * What a process is to the others of its node: the only one; the one that does all, or one that reads, among several
 * (`WORKERS`). Several are begun, watched and ended by one that does nothing else.
 */

const role = z.object({ role: z.enum(['all', 'reading']), meeting: z.string() })
/** What a process among several does, and in which folder they meet. */
export type Role = z.output<typeof role>

/** Name in the environment of what a process is told to be. */
const VARIABLE = 'REGISTRY_ROLE'

/** The role of this process among several; undefined for the only one, and for the one that begins the others. */
export function roleHere(): Role | undefined {
  return cluster.isWorker ? role.parse(JSON.parse(process.env[VARIABLE] ?? '')) : undefined
}

/** Environment of a process with a role. */
export function environmentOf(own: Role): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(own) }
}

const message = z.enum(['ready', 'end'])
/** What the processes of a node say to each other: it is up, or it is to end. */
export type Message = z.output<typeof message>

export function messageIn(said: unknown): Message | undefined {
  return message.safeParse(said).data
}

/**
 * Calls back each time this process is asked to end: by a signal, or among several by the one that began it, or by that
 * one's own end. A signal to all of them at once, as service managers and terminals send it, counts once.
 */
export function whenAskedToEnd(end: (why: string) => void): void {
  const isAlone = !cluster.isWorker
  for (const signal of ENDING)
    process.on(signal, () => {
      if (isAlone) end(signal)
    })
  if (isAlone) return
  process.on('message', (said) => {
    if (messageIn(said) === 'end') end('end')
  })
  process.on('disconnect', () => end('disconnect'))
  if (!process.connected) end('disconnect')
}
