import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '../http/app.ts'

/** One page of each kind that the public, officers and other systems begin with. */
const FIRST = [
  '/',
  '/search?q=%E7%A4%BA%E4%BE%8B',
  '/blacklist',
  '/statistics',
  '/rules',
  '/en',
  '/desk/sign-in',
  '/api/v1/enterprises?limit=1',
  '/api/v1/blacklist',
  '/metrics',
  // What draws charts is loaded with the first of them, elsewhere.
  '/statistics/grades.svg',
  '/openapi.json',
] as const

/** Others have their turn for so long between two of them. */
const PAUSE_MS = 20

/**
 * Asks once for whatever is made or compiled as it is first asked for, a page at a time, so that no visitor waits for it; a file's page
 * where there is a file. Ends early once `isOver`.
 */
export async function warmUp(app: App, file: string | undefined, isOver: () => boolean): Promise<void> {
  const ofFile = file === undefined ? [] : [`/enterprises/${file}`, `/enterprises/${file}/print`]
  for (const url of [...FIRST.slice(0, 2), ...ofFile, ...FIRST.slice(2)]) {
    if (isOver()) return
    // What fails here fails again for who asks, and is told then.
    await app.inject({ url }).catch(() => undefined)
    await pause(PAUSE_MS)
  }
}
