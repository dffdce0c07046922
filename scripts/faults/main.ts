import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faults } from './faults.ts'
import { endAll } from './processes.ts'

/**
 * Does harm to whole registries and holds them to what they promise: `npm run faults [-- name...]`. Exit code 1 when a
 * promise is broken. Takes some minutes.
 */

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in faults))
if (unknown.length > 0)
  throw new Error(`no fault ${unknown.join()}; there are ${Object.keys(faults).join(', ')}`)

const root = mkdtempSync(join(tmpdir(), 'registry-faults-'))
for (const [name, fault] of Object.entries(faults)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const at = Date.now()
  const seconds = () => `${((Date.now() - at) / 1000).toFixed(0)} s`
  try {
    const skipped = await fault(join(root, name))
    process.stdout.write(
      `${skipped === undefined ? 'kept   ' : 'skipped'} ${name} (${skipped ?? seconds()})\n`,
    )
  } catch (error) {
    process.exitCode = 1
    process.stdout.write(`BROKEN  ${name} (${seconds()})\n${error instanceof Error ? error.stack : error}\n`)
  } finally {
    endAll()
  }
}
rmSync(root, { recursive: true, force: true })
