import pg from 'pg'
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

  t.test(
    'an append looks at the subjects it names, however little the server has counted its tables',
    async (t) => {
      const url = await preparedIn(cluster)
      const rowsRead = async () => {
        const client = new pg.Client(url)
        await client.connect()
        const { rows } = await client.query<{ read: string }>(
          `SELECT seq_tup_read AS read FROM pg_stat_user_tables WHERE relname = 'entry'`,
        )
        await client.end()
        return Number(rows[0]?.read)
      }
      const appendAll = async (subjects: readonly string[]) => {
        const register = await openPostgresRegister(url, () => new Date())
        const drafts = subjects.map((subject) => ({
          subject,
          kind: 'filled',
          payload: {},
          visibility: 'internal' as const,
          author: { authority: '省市场监管局', officer: '张三' },
        }))
        await Promise.all(drafts.map((draft) => register.append({ drafts: [draft], command: draft.subject })))
        // The server counts a connection's reading when that ends.
        await register.close()
      }
      await appendAll(Array.from({ length: 3_000 }, (_, n) => `filled/${n}`))
      const before = await rowsRead()
      await appendAll(Array.from({ length: 200 }, (_, n) => `fresh/${n}`))
      t.ok((await rowsRead()) - before < 3_000, 'no append reads the table through')
    },
  )
}
