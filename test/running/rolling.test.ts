import t from 'tap'
import { codes, missing, openFiles, post, shown, until } from '../../scripts/faults/load.ts'
import { cliIn, endAll, startServer } from '../../scripts/faults/processes.ts'
import { openPostgresRegister } from '../../src/register/postgres.ts'
import { startCluster, withoutPostgres } from '../cluster.ts'
import { known, nodesOn } from '../nodes.ts'

/** The program of the last version, where a release tries the two side by side; else this one stands for both. */
const { LAST_VERSION: last } = process.env
const author = { authority: '省测试局', officer: '李四' }

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  t.teardown(endAll)
  const nodes = await nodesOn(cluster)

  t.test(
    'nodes are upgraded one after the other while both are written to; what the next version writes the last one keeps',
    async (t) => {
      const { urls, places, servers, key, owner } = await nodes(t, { program: last })
      const [one = '', two = ''] = urls
      const headers = { authorization: `Bearer ${key}` }
      const uscc: string = codes('U').next().value
      const code = uscc.slice(8, 17)
      const opened = await post(one, key, '/enterprises', { uscc, enterprise: { name: '示例滚动公司' } })
      t.equal(opened.status, 201)

      // As a node of the next version would: tables that it adds, entries of kinds that this one has never heard of.
      await cluster.run(
        `CREATE TABLE of_the_next_version (id TEXT PRIMARY KEY);
      ALTER TABLE beside_row ADD COLUMN of_the_next_version TEXT`,
        owner,
      )
      const next = await openPostgresRegister(owner, () => new Date())
      const draft = (subject: string, kind: string, payload: object) => ({
        ...{ subject, kind, payload, author, visibility: 'internal' as const },
      })
      const drafts = [
        draft(code, 'enterprise.relocated', { to: '雄安新区' }),
        draft(code, 'record.added', { id: 'r-new', type: 'commitment', data: { text: '信用承诺' } }),
        draft('sandbox/1', 'sandbox.opened', { any: 1 }),
      ]
      const { entries } = await next.append({ drafts, command: 'next-version' })
      await next.close()
      const position = String(entries.at(-1)?.seq)
      const file = async (url: string) => {
        const answer = await fetch(`${url}/api/v1/enterprises/${code}`, {
          headers: { ...headers, 'min-position': position },
        })
        return { status: answer.status, text: await answer.text() }
      }
      const seen = async (url: string, words: string) => {
        const { status, text } = await file(url)
        t.equal(status, 200, words)
        t.match(
          JSON.parse(text).unknown,
          {
            entries: [{ kind: 'enterprise.relocated' }],
            records: [{ id: 'r-new', type: 'commitment' }],
          },
          words,
        )
        const open = await (await fetch(`${url}/api/v1/enterprises/${code}`)).text()
        t.notMatch(open, /雄安|信用承诺/, `${words}: the public sees nothing that nobody has judged`)
      }
      await seen(one, 'kept and shown to officers as unknown')
      await seen(two, 'on the other node too')

      /** Writes to a node until something is done, and gives what was acknowledged. */
      const meanwhile = async (url: string, letter: string, act: () => Promise<void>) => {
        let isOver = false
        const writing = openFiles(url, key, codes(letter), { clients: 3, stop: () => isOver })
        await act()
        isOver = true
        return writing
      }
      const prepared = await cliIn({ DATABASE_URL: owner }, 'database', 'prepare', '--for', 'hqc')
      t.equal(prepared.code, 0, prepared.stderr)
      const acknowledged: string[] = []
      const now = [one, two]
      for (const [i, letter] of ['R', 'T'].entries()) {
        const [place, other = ''] = [places[i], now[1 - i]]
        if (!place) return t.fail('no node')
        const written = await meanwhile(other, letter, async () => {
          await servers[i]?.end('SIGTERM')
          const upgraded = await startServer(place.DATA_DIR, place)
          t.teardown(() => upgraded.end('SIGTERM'))
          now[i] = upgraded.url
        })
        acknowledged.push(...written)
        t.ok(written.size > 0, `written while node ${i + 1} was upgraded`)
        for (const url of now) {
          await until(
            'both show all',
            async () => missing(new Set(acknowledged), await shown(url)).length === 0,
            30,
          )
          await seen(url, `after the upgrade of node ${i + 1}`)
        }
      }
      t.equal((await known(now[0] ?? '')).nodes.length, 2)
      const twice = `SELECT subject FROM entry WHERE kind = 'enterprise.opened' GROUP BY subject HAVING count(*) > 1`
      t.same(await cluster.run(twice, owner), [])
    },
  )
}
