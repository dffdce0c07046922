import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { environments } from '../scripts/environments/environments.ts'
import { promises } from '../scripts/environments/promises.ts'
import { faults } from '../scripts/faults/faults.ts'
import { endAll } from '../scripts/faults/processes.ts'
import { temporaryFolder } from './support.ts'

t.teardown(endAll)

t.test('each promise names what shows it, and each environment and fault shows one', async (t) => {
  const named = new Set(Object.values(promises).flat())
  for (const one of named) {
    const [, kind = '', name = ''] = /^(environment|fault|test\/\S+) (.+)$/.exec(one) ?? []
    if (kind === 'environment') t.ok(name in environments, one)
    else if (kind === 'fault') t.ok(name in faults, one)
    else t.ok(readFileSync(new URL(`../${kind}`, import.meta.url), 'utf8').includes(name), one)
  }
  for (const name of Object.keys(environments)) t.ok(named.has(`environment ${name}`), name)
  for (const name of Object.keys(faults)) t.ok(named.has(`fault ${name}`), name)
})

for (const [name, { quick, run }] of Object.entries(environments))
  if (quick)
    t.test(name, async (t) => {
      const skipped = await run(join(temporaryFolder(t), 'place'))
      t.pass(skipped ?? 'kept')
    })
