import { join } from 'node:path'
import t from 'tap'
import { environments } from '../scripts/environments/environments.ts'
import { endAll } from '../scripts/faults/processes.ts'
import { temporaryFolder } from './support.ts'

t.teardown(endAll)

for (const [name, { quick, run }] of Object.entries(environments))
  if (quick)
    t.test(name, async (t) => {
      const skipped = await run(join(temporaryFolder(t), 'place'))
      t.pass(skipped ?? 'kept')
    })
