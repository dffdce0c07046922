import fc from 'fast-check'
import t from 'tap'

/**
 * Properties are tried with one seed, which every run prints: `SEED=… npm test` tries the same again. `npm run mutants`
 * sets it, so that a mistake is found, or not, the same way each time.
 */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
fc.configureGlobal({ seed })
t.comment(`SEED=${seed}`)

const { WALLS_SECONDS: seconds } = process.env

/** So many runs of a property; `npm run walls` lets it go on for a share of the seconds it was given. */
export function bounded(numRuns: number, share = 1): fc.Parameters<unknown> {
  if (seconds === undefined) return { numRuns }
  return { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: Number(seconds) * 1000 * share }
}

export { fc }
