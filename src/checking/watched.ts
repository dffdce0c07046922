import type { CheckService } from './checks.ts'
import { ChecksBusy } from './request.ts'

/** What batch checks hold now, and how many were refused for want of room. */
export interface CheckFigures {
  held: number
  rows: number
  refused: number
}

/** Batch checks of which it is known how many are held: each that was begun here, until it is known no more. */
export function watchedChecks<C extends Pick<CheckService, 'begin' | 'state'>>(
  checks: C,
): { checks: C; figures(): Promise<CheckFigures> } {
  const begun = new Set<string>()
  let refused = 0
  return {
    checks: {
      ...checks,
      async begin(...asked: Parameters<CheckService['begin']>) {
        try {
          const id = await checks.begin(...asked)
          begun.add(id)
          return id
        } catch (error) {
          if (error instanceof ChecksBusy) refused += 1
          throw error
        }
      },
    },
    async figures() {
      let rows = 0
      for (const id of begun) {
        const state = await checks.state(id)
        if (state) rows += state.checked
        else begun.delete(id)
      }
      return { held: begun.size, rows, refused }
    },
  }
}
