import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { steps } from './steps.ts'

/**
 * Does before a release what takes longer than every change can wait for: `npm run release [-- name...]`. Says of each step
 * whether it passed and how long it took; exit code 1 when one failed, whose output is shown.
 */

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0)
  throw new Error(`no step ${unknown.join()}; there are ${Object.keys(steps).join(', ')}`)

const root = mkdtempSync(join(tmpdir(), 'registry-release-'))
const LAST = 100
const WIDTH = 300
const NOT_OK = /^\s*not ok /
for (const [name, step] of Object.entries(steps)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const at = Date.now()
  const seconds = () => `${((Date.now() - at) / 1000).toFixed(0)} s`
  // What builds from source there may know no spaces in its path.
  const folder = join(root, name.replaceAll(' ', '-'))
  const log = `${folder}.log`
  try {
    const skipped = await step({ folder, log })
    process.stdout.write(
      `${skipped === undefined ? 'passed ' : 'skipped'} ${name} (${skipped ?? seconds()})\n`,
    )
  } catch (error) {
    process.exitCode = 1
    const said = readFileSync(log, { encoding: 'utf8', flag: 'a+' }).trimEnd().split('\n')
    const failed = said.filter((line) => NOT_OK.test(line)).slice(0, LAST)
    process.stdout.write(
      `FAILED  ${name} (${seconds()}): ${error instanceof Error ? error.message : error}\n${said
        .slice(-LAST)
        .concat(failed.length > 0 ? ['What failed:'] : [], failed)
        .map((line) => line.slice(0, WIDTH))
        .join('\n')}\nAll that it said is in ${log}.\n`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
if (process.exitCode === undefined) rmSync(root, { recursive: true, force: true })
