import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endAll } from '../faults/processes.ts'
import { environments } from './environments.ts'

/**
 * Takes the program to the places where it is really run, as real processes: `npm run environments [-- name...]`. What
 * this machine can't do is skipped by name. Exit code 1 when a promise is broken.
 */

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in environments))
if (unknown.length > 0)
  throw new Error(`no environment ${unknown.join()}; there are ${Object.keys(environments).join(', ')}`)

const root = mkdtempSync(join(tmpdir(), 'registry-environments-'))
// Other users go through it to what is theirs.
chmodSync(root, 0o755)
for (const [name, { run }] of Object.entries(environments)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  try {
    const skipped = await run(join(root, name.replaceAll(' ', '-')))
    process.stdout.write(skipped === undefined ? `kept    ${name}\n` : `skipped ${name} (${skipped})\n`)
  } catch (error) {
    process.exitCode = 1
    process.stdout.write(`BROKEN  ${name}\n${error instanceof Error ? error.stack : error}\n`)
  } finally {
    endAll()
  }
}
rmSync(root, { recursive: true, force: true })
