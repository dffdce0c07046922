import t from 'tap'
import { openPostgresRegister } from '../../src/register/postgres.ts'
import { preparedIn, startCluster, withoutPostgres } from '../cluster.ts'
import { registerContract } from './contract.ts'

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  registerContract(t, () => {
    const url = preparedIn(cluster)
    return async (now) => openPostgresRegister(await url, now)
  })
}
