import t from 'tap'
import { openPostgresRegister } from '../../src/register/postgres.ts'
import { prepareTables } from '../../src/register/postgres-tables.ts'
import { startCluster, withoutPostgres } from '../cluster.ts'
import { registerContract } from './contract.ts'

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  registerContract(t, () => {
    const url = cluster.database().then(async (url) => {
      await prepareTables(url)
      return url
    })
    return async (now) => openPostgresRegister(await url, now)
  })
}
