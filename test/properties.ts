import fc from 'fast-check'
import t from 'tap'

/**
 * Properties are tried with one seed, which every run prints: `SEED=… npm test` tries the same again. `npm run mutants`
 * sets it, so that a mistake is found, or not, the same way each time.
 */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
fc.configureGlobal({ seed })
t.comment(`SEED=${seed}`)

export { fc }
