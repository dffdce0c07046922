import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { attacks, requirements } from './walls.ts'

/**
 * Tries the walls: `npm run walls [-- --seconds 600]` repeats every attack that was once reproduced and lets each fuzzer go on
 * for that long, one after the other; says what comes of ASVS 5.0, levels 1 and 2. Exit code 1 where anything gave way.
 */

const PRESET_SECONDS = '60'
const { values } = parseArgs({ options: { seconds: { type: 'string', default: PRESET_SECONDS } } })
const seconds = Number(values.seconds)
if (!Number.isInteger(seconds) || seconds < 1) throw new Error('--seconds takes a whole number from 1 on')

const counts = new Map<string, number>()
for (const { state, of } of requirements) counts.set(state, (counts.get(state) ?? 0) + of.length)
process.stdout.write(
  `ASVS 5.0, levels 1 and 2: ${Array.from(counts, ([state, count]) => `${count} ${state}`).join(', ')}\n`,
)
for (const { of, state, how } of requirements)
  if (state === 'open') process.stdout.write(`  open ${of.join(' ')}: ${how}\n`)

const files = new Set(attacks.flatMap(({ tests }) => tests.map(({ file }) => file)))
for (const file of ['test/walls/asvs.test.ts', 'test/api/fuzz.test.ts']) files.add(file)
let failed = 0
for (const file of Array.from(files).sort()) {
  const at = Date.now()
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, WALLS_SECONDS: String(seconds), TAP_TIMEOUT: String(60 * 60 * 24) },
  })
  process.stdout.write(
    `${status === 0 ? 'held  ' : 'FAILED'} ${file} (${Math.round((Date.now() - at) / 1000)} s)\n`,
  )
  if (status === 0) continue
  failed += 1
  process.stdout.write(
    stdout
      .split('\n')
      .filter((line) => /not ok|SEED|Counterexample|Error/.test(line))
      .join('\n'),
  )
  process.stdout.write('\n')
}
process.exitCode = failed === 0 ? 0 : 1
