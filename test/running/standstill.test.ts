import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { codes, post, until } from '../../scripts/faults/load.ts'
import { cliIn, endAll } from '../../scripts/faults/processes.ts'
import { startCluster, withoutPostgres } from '../cluster.ts'
import { hasAll, known, nodesOn } from '../nodes.ts'

/** Longer than a node that has come to itself takes to look at what it holds. */
const A_LOOK_MS = 7_000

interface Message {
  id: string
  isAfterwards: boolean
  after: number
  next: number
}

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  t.teardown(endAll)
  const nodes = await nodesOn(cluster)

  t.test('a node that stood still beyond its leases does nothing twice when it goes on', async (t) => {
    const { urls, key, owner, servers, places } = await nodes(t, { settings: { WEBHOOK_PRIVATE: 'true' } })
    const [one = '', two = ''] = urls
    const [place] = places
    const [still] = servers
    if (!place || !still) return t.fail('no node')
    const [first, second] = [(await known(one)).name, (await known(two)).name]
    const headers = { authorization: `Bearer ${key}` }
    const next = codes('Y')
    const open = async (url: string) => {
      const uscc: string = next.next().value
      const file = { uscc, enterprise: { name: `示例${uscc}公司`, region: '130102' } }
      t.equal((await post(url, key, '/enterprises', file)).status, 201)
    }
    await until('the first has all works', () => hasAll(one, first))

    let isAfterwards = false
    const messages: Message[] = []
    const hook = createServer(async (request, response) => {
      const { data } = JSON.parse(await text(request))
      const { after, next } = data
      messages.push({ id: String(request.headers['webhook-id']), isAfterwards, after, next })
      response.end()
    }).listen(0, '127.0.0.1')
    t.teardown(() => hook.close())
    const opened = await post(one, key, '/consumers', { name: '省信用平台' })
    t.equal(opened.status, 201)
    const { id: consumer } = await opened.json()
    const own = ['--name', '平台', '--authority', '省测试局', '--scope', 'platform:read']
    const { stdout } = await cliIn(place, 'key', 'create', ...own, '--consumer', consumer)
    const address = hook.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const set = await fetch(`${one}/api/v1/consumers/me/webhook`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${/hqc_\S+/.exec(stdout)?.[0]}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ url: `http://127.0.0.1:${port}/` }),
    })
    t.equal(set.status, 200, stdout)

    const COUNT = 4_000
    const rows = Array.from({ length: COUNT }, () => {
      const uscc: string = next.next().value
      return `示例${uscc}公司,${uscc}\n`
    })
    const body = new FormData()
    body.set('type', 'enterprise')
    body.set('file', new Blob([`企业名称,统一社会信用代码\n坏行,1\n${rows.join('')}坏行,2\n`]), 'rows.csv')
    const sent = await fetch(`${one}/api/v1/imports`, { method: 'POST', headers, body })
    const { id } = await sent.json()
    const job = async (url: string) => {
      const own = await (await fetch(`${url}/api/v1/imports/${id}`, { headers })).json()
      const report = await fetch(`${url}/api/v1/imports/${id}/errors.csv`, { headers })
      return { ...own, report: report.status === 200 ? await report.text() : '' }
    }
    await until('it is under way', async () => (await job(two)).counts.rows > 0)
    still.process.kill('SIGSTOP')
    t.equal((await job(two)).status, 'running', 'in its midst')
    await until('all works are taken over', () => hasAll(two, second), 40)
    await until('it is done', async () => (await job(two)).status === 'done', 60)
    const done = await job(two)
    t.match(done, { counts: { rows: COUNT + 2, opened: COUNT, failed: 2 }, report: /坏行[\s\S]*坏行/ })
    await open(two)
    const told = async () => Math.max(0, ...messages.map(({ next }) => next))
    const head = async () => Number((await fetch(`${two}/api/v1/blacklist`)).headers.get('register-position'))
    await until('the second delivers', async () => (await told()) >= (await head()), 60)

    isAfterwards = true
    still.process.kill('SIGCONT')
    await until('the first answers', async () => (await fetch(`${one}/readyz`)).ok, 30)
    for (const url of [one, two, one, two]) await open(url)
    await pause(A_LOOK_MS)
    await until('all is delivered', async () => (await told()) >= (await head()), 60)
    for (const url of [one, two]) t.same(await job(url), done, 'as it was left')
    t.ok(await hasAll(two, second), 'the second goes on with all works')
    const each = `SELECT count(*)::integer AS all, count(DISTINCT subject)::integer AS each FROM entry
      WHERE kind = 'enterprise.opened'`
    t.same(await cluster.run(each, owner), [{ all: COUNT + 5, each: COUNT + 5 }], 'each once')
    const before = new Set(messages.filter((one) => !one.isAfterwards).map(({ id }) => id))
    t.same(
      messages.filter((one) => one.isAfterwards && before.has(one.id)),
      [],
      'nothing is delivered again',
    )
    const distinct = [...new Map(messages.map((one) => [one.id, one])).values()]
    t.same(
      distinct.slice(1).map(({ after }) => after),
      distinct.slice(0, -1).map(({ next }) => next),
      'one message leads on from the other',
    )
  })
}
