import { readFileSync } from 'node:fs'

/** Handles that databases, uploads and threads may need at one time. */
const KEPT_BACK = 256
const MOST_CONNECTIONS = 20_000
const FEWEST_CONNECTIONS = 16

/** How many files and connections a process, this one by default, may have open at once; undefined where the system doesn't say. */
export function openFilesLimit(pid: number | 'self' = 'self'): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}

/** Connections that are taken at once: so many that handles are left for the node's own files. */
export function connectionsAllowed(limit: number | undefined): number {
  if (limit === undefined) return MOST_CONNECTIONS
  const left = Math.max(limit - KEPT_BACK, Math.floor(limit / 2))
  return Math.min(MOST_CONNECTIONS, Math.max(FEWEST_CONNECTIONS, left))
}
