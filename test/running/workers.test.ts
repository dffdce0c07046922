import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { Agent, request as ask, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { codes, post, until } from '../../scripts/faults/load.ts'
import { childrenOf, endAll, keyOf, type Server, startServer } from '../../scripts/faults/processes.ts'
import { temporaryFolder } from '../support.ts'

t.teardown(endAll)

const PROCESSES = 3

/** Asks over a connection of its own, which falls to one process after the other. */
async function asked(
  url: string,
  { method = 'GET', headers = {}, body = '' } = {},
): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> {
  const agent = new Agent({ keepAlive: false })
  const sent = ask(url, { agent, method, headers }).end(body)
  const [answer]: IncomingMessage[] = await once(sent, 'response')
  answer?.setEncoding('utf8')
  let text = ''
  for await (const chunk of answer ?? []) text += chunk
  return { status: answer?.statusCode ?? 0, headers: answer?.headers ?? {}, text }
}

/** The same of each process, three times. */
function ofEach(url: string, more = {}) {
  return Promise.all(Array.from({ length: 3 * PROCESSES }, () => asked(url, more)))
}

const listening = ({ log }: Server) => log().match(/Server listening/g)?.length ?? 0

/** Processes by which a route was answered, and how often. */
function answeredBy({ log }: Server, route: string): number[] {
  const counts = new Map<string, number>()
  for (const line of log().split('\n')) {
    const pid = /"pid":(\d+)/.exec(line)?.[1]
    if (pid !== undefined && line.includes(`"route":"${route}"`)) counts.set(pid, (counts.get(pid) ?? 0) + 1)
  }
  return [...counts.values()]
}

const running = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

t.test('several processes answer as one does', async (t) => {
  // No socket's path is as long as this folder's, and no folder for temporary files is needed.
  const folder = join(temporaryFolder(t), 'x'.repeat(120))
  const left = join(folder, '.processes-999999999')
  const key = await keyOf(folder, 'admin,records:write')
  mkdirSync(left)
  const server = await startServer(folder, {
    ...{ WORKERS: String(PROCESSES), RATE_LIMIT: '0', METRICS: 'local', TMPDIR: '/nonexistent' },
  })
  const { url } = server
  await until('all listen', async () => listening(server) === PROCESSES)
  t.notOk(existsSync(left), 'what processes that were killed have left is taken away')
  const authorization = `Bearer ${key}`

  await t.test('what was written by any is read from each with the next request', async (t) => {
    const next = codes('W')
    for (let n = 0; n < 12; n += 1) {
      const uscc: string = next.next().value
      const file = { uscc, enterprise: { name: `示例${uscc}公司`, region: '130102' } }
      const written = await asked(`${url}/api/v1/enterprises`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(file),
      })
      t.equal(written.status, 201)
      const address = `${url}/api/v1/enterprises/${uscc.slice(8, 17)}`
      t.same([...new Set((await ofEach(address)).map(({ status }) => status))], [200], 'the file')
      const found = await ofEach(`${url}/api/v1/enterprises?q=${uscc}`)
      t.same([...new Set(found.map(({ text }) => JSON.parse(text).items.length))], [1], 'the search')
    }
    t.equal(answeredBy(server, '/api/v1/enterprises/:code').length, PROCESSES, 'each of them answers reads')
  })

  await t.test('what only one knows is the same whoever is asked', async (t) => {
    t.same([...new Set((await ofEach(`${url}/nowhere`)).map(({ status }) => status))], [404])
    const own = await ofEach(`${url}/api/v1/entries?limit=1`, { headers: { authorization } })
    t.same([...new Set(own.map(({ status }) => status))], [200], 'a key is known, and what it may')
    t.equal(answeredBy(server, '/api/v1/entries').length, 1, 'by the one that notes who looked')
    const wrong = await ofEach(`${url}/blacklist`, { method: 'DELETE' })
    t.same([...new Set(wrong.map(({ status }) => status))], [405])
    const began = await asked(`${url}/api/v1/checks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows: [{ name: '示例公司' }] }),
    })
    t.equal(began.status, 202, began.text)
    const kept = await ofEach(`${url}${began.headers.location}`)
    t.same([...new Set(kept.map(({ status }) => status))], [200], 'a check is found again')
    const past = await ofEach(`${url}/blacklist?asOf=2026-01-01`)
    t.same([...new Set(past.map(({ status }) => status))], [200])
  })

  await t.test(
    'where a request came from is known to the one that answers it, and nobody can say otherwise',
    async (t) => {
      const statuses = async (headers: Record<string, string>) => [
        ...new Set((await ofEach(`${url}/metrics`, { headers })).map(({ status }) => status)),
      ]
      t.same(await statuses({}), [200], 'from this machine')
      t.same(await statuses({ 'x-forwarded-for': '203.0.113.9' }), [403], 'by a proxy')
      t.same(await statuses({ 'registry-visitor': '203.0.113.9' }), [200], 'by no word of the visitor’s own')
    },
  )

  await t.test('what each process measures of itself is told together, by whoever is asked', async (t) => {
    await ofEach(`${url}/blacklist`)
    const all = childrenOf(server)
    for (const { text } of await ofEach(`${url}/metrics`)) {
      const by = (line: string) => /process="([^"]+)"/.exec(line)?.[1]
      const lines = text.split('\n')
      const names = all.slice(1).map((pid) => `reading-${pid}`)
      const memory = lines.filter((line) => line.startsWith('process_resident_memory_bytes'))
      t.same(memory.map(by).sort(), ['all', ...names].sort())
      const pages = lines.filter((line) => /^http_request_duration_seconds_count.*"\/blacklist"/.test(line))
      t.same(
        pages
          .filter((line) => line.includes('method="GET"'))
          .map(by)
          .sort(),
        ['all', ...names].sort(),
        'of each that has answered',
      )
      t.equal(lines.filter((line) => line.startsWith('# TYPE http_request_duration_seconds ')).length, 1)
      t.equal(
        lines.filter((line) => line.startsWith('register_head_position ')).length,
        1,
        'what all share, once',
      )
    }
    const handed = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^http_request_duration_seconds_count.*"\/api\/v1\/entries"/.test(line))
        .map((line) => Number(line.split(' ').at(-1)))
    t.same(handed((await asked(`${url}/metrics`)).text), [3 * PROCESSES], 'what is handed on counts once')
  })

  await t.test('bodies go through whole, both ways, and what waits is told when it comes', async (t) => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `示例${n}公司`).join('\n')
    const form = new FormData()
    form.set('file', new Blob([`企业名称\n${rows}`]), 'firms.csv')
    const refused = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(3_000_000) }
    const early = await ofEach(`${url}/api/v1/checks`, refused)
    t.same([...new Set(early.map(({ status }) => status))], [415], 'refused before the whole has come')
    for (let n = 0; n < PROCESSES; n += 1) {
      const answer = await fetch(`${url}/check`, {
        method: 'POST',
        body: form,
        headers: { connection: 'close' },
      })
      t.match(answer.url, /\/check\/[\w-]+$/, await answer.text())
    }
    const copies = await ofEach(`${url}/openapi.json`)
    t.equal(new Set(copies.map(({ text }) => text)).size, 1)
    const { position } = JSON.parse((await asked(`${url}/readyz`)).text)
    const waiting = Promise.all(
      Array.from({ length: PROCESSES }, () =>
        asked(`${url}/api/v1/changes?since=${position}&wait=20`).then(
          ({ text }) => JSON.parse(text).items.length,
        ),
      ),
    )
    const uscc: string = codes('Y').next().value
    const file = { uscc, enterprise: { name: '示例等候公司', region: '130102' } }
    t.equal((await post(url, key, '/enterprises', file)).status, 201)
    t.same(
      await waiting,
      Array.from({ length: PROCESSES }, () => 1),
    )
  })

  await t.test('one that reads and is killed is begun again; meanwhile the others answer', async (t) => {
    const before = childrenOf(server)
    t.equal(before.length, PROCESSES)
    const last = before.at(-1) ?? 0
    process.kill(last, 'SIGKILL')
    await until('it is noticed', async () => server.log().includes('it is begun again'))
    t.same([...new Set((await ofEach(`${url}/blacklist`)).map(({ status }) => status))], [200])
    await until('another listens', async () => listening(server) === PROCESSES + 1)
    const after = childrenOf(server)
    t.equal(after.length, PROCESSES)
    t.notOk(after.includes(last))
  })

  await t.test('they end together, in good order, by a signal to all of them at once too', async (t) => {
    const all = childrenOf(server)
    const ended = server.end('SIGTERM')
    for (const pid of all) process.kill(pid, 'SIGTERM')
    t.equal((await ended).code, 0)
    t.same(all.filter(running), [])
    t.equal(server.log().match(/"stopping"/g)?.length, PROCESSES)
  })
})

t.test('with the one that does all the node ends, as it does alone', async (t) => {
  const folder = temporaryFolder(t)
  const server = await startServer(folder, { WORKERS: '2' })
  await until('all listen', async () => listening(server) === 2)
  const all = childrenOf(server)
  const ended = once(server.process, 'exit')
  process.kill(all[0] ?? 0, 'SIGKILL')
  const [code] = await ended
  t.equal(code, 1)
  await until('none is left', async () => !all.some(running))
})

t.test('who is asked to end before all are up ends all the same', async (t) => {
  const server = await startServer(temporaryFolder(t), { WORKERS: '2' })
  await until('the second is begun', async () => childrenOf(server).length === 2)
  const all = childrenOf(server)
  t.equal(listening(server), 1)
  t.equal((await server.end('SIGTERM')).code, 0)
  t.same(all.filter(running), [])
})

t.test('a start that can not be is said once, in words', async (t) => {
  const folder = temporaryFolder(t)
  const first = await startServer(folder, { WORKERS: '2' })
  const { port } = new URL(first.url)
  const other = startServer(temporaryFolder(t), { WORKERS: '2', PORT: port })
  await t.rejects(other, /ended with 2: .*无法启动/)
  for (const wrong of ['0', '65', 'x', '1.5'])
    await t.rejects(
      startServer(folder, { WORKERS: wrong }),
      new RegExp(`ended with 2: .*WORKERS=${wrong}`, 's'),
    )
  await first.end('SIGTERM')
})
