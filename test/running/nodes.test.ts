import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { codes, post, shown, until } from '../../scripts/faults/load.ts'
import { cliIn, endAll, startServer } from '../../scripts/faults/processes.ts'
import { startCluster, withoutPostgres } from '../cluster.ts'
import { hasAll, known, NODES_SECRET, nodesOn } from '../nodes.ts'
import { temporaryFolder } from '../support.ts'

const BY = ['--authority', '省测试局', '--officer', '李四']
const PASSWORD = '河北质量档案2026'

/** Somebody whose requests go to one node after the other, as a balancer sends them that knows of no sessions. */
class Visitor {
  readonly #urls: readonly string[]
  #turn = 0
  #cookie = ''
  #token = ''

  constructor(urls: readonly string[]) {
    this.#urls = urls
  }

  get url(): string {
    this.#turn += 1
    return this.#urls[this.#turn % this.#urls.length] ?? ''
  }

  async page(path: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.url}${path}`, {
      headers: { cookie: this.#cookie },
      redirect: 'manual',
    })
    const text = await answer.text()
    this.#token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? this.#token
    return { status: answer.status, text }
  }

  /** Sends a form, with a table where one is given, and says where it leads to. */
  async send(path: string, fields: Record<string, string>, table?: string): Promise<string> {
    const own = { ...fields, token: this.#token, command: crypto.randomUUID() }
    const body = table === undefined ? new URLSearchParams(own) : new FormData()
    if (body instanceof FormData && table !== undefined) {
      for (const [name, value] of Object.entries(own)) body.set(name, value)
      body.set('file', new Blob([table]), 'rows.csv')
    }
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { cookie: this.#cookie },
      redirect: 'manual',
      body,
    })
    const text = await answer.text()
    const [cookie] = answer.headers.getSetCookie().filter((one) => one.startsWith('desk='))
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? ''
    return answer.headers.get('location') ?? `${answer.status} ${text}`
  }
}

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  t.teardown(endAll)
  const nodes = await nodesOn(cluster)
  /** Two that do each other no harm, for all tests that do them none. */
  const pair = await nodes(t)

  t.test('whoever signs in on one node is signed in on all, and signed out', async (t) => {
    const { urls, places, password } = pair
    const [one, two] = places.map(({ DATA_DIR }) =>
      ['person.key', 'session.key', 'stamp.key', 'stamp-keys.json'].map((name) =>
        readFileSync(join(DATA_DIR, name), 'utf8'),
      ),
    )
    t.same(one, two, 'the second has the keys of the first')
    const visitor = new Visitor(urls)
    t.match(await visitor.send('/desk/sign-in', { login: 'zhangsan', password }), /^\/desk/)
    await visitor.page('/desk/account')
    const change = { current: password, password: PASSWORD, again: PASSWORD }
    t.equal(await visitor.send('/desk/account/password', change), '/desk')
    for (let i = 0; i < 20; i += 1) {
      const { status, text } = await visitor.page('/desk/account')
      t.equal(status, 200, `page ${i}`)
      t.equal(text.match(/name="session"/g)?.length ?? 0, 0, 'no other session stands')
    }
    const other = new Visitor(urls)
    await other.send('/desk/sign-in', { login: 'zhangsan', password: PASSWORD })
    t.match((await visitor.page('/desk/account')).text, /name="session"/, 'the other session is seen')
    await visitor.send('/desk/account/sign-out-everywhere', {})
    for (const who of [visitor, visitor, other, other])
      t.equal((await who.page('/desk/account')).status, 303, 'over on every node')
  })

  t.test(
    'doctor looks at the database and finds the node of its folder; no key is renewed beside nodes that run',
    async (t) => {
      for (const place of pair.places) {
        const { code, stdout } = await cliIn(place, 'doctor', '--json')
        const found: { about: string; grade: string; words: string }[] = JSON.parse(stdout)
        const about = (name: string) => found.find((one) => one.about === name)
        t.match(about('数据库'), {
          grade: '正常',
          words: /可以读写，登记簿到序号 \d+，运行中的节点：.+、.+，时钟相符/,
        })
        t.match(about('设置')?.words, /服务正在运行/)
        t.equal(code, found.some(({ grade }) => grade === '有误') ? 1 : 0)
        const { DATABASE_URL: _, ...without } = place
        t.match((await cliIn(without, 'doctor')).stdout, /有误 {2}数据库：.*的副本，而没有写明 DATABASE_URL/)
        const away = { ...place, DATABASE_URL: place.DATABASE_URL.replace(/:\d+\//, ':1/') }
        t.match((await cliIn(away, 'doctor')).stdout, /有误 {2}数据库：连接不上数据库/)
      }
      const [one] = pair.places
      const refused = one && (await cliIn(one, 'database', 'renew-stamp'))
      t.match(refused, { code: 2, stderr: /还有运行中的节点：.+、.+没有换/ })
    },
  )

  t.test('what is done on one node is there on the other with the next request', async (t) => {
    const { urls, key } = pair
    const next = codes('R')
    for (let i = 0; i < 20; i += 1) {
      const uscc: string = next.next().value
      const file = { uscc, enterprise: { name: `示例${uscc}公司`, region: '130102' } }
      t.equal((await post(urls[i % 2] ?? '', key, '/enterprises', file)).status, 201)
      const read = await fetch(`${urls[(i + 1) % 2]}/api/v1/enterprises/${uscc.slice(8, 17)}`, {
        headers: { authorization: `Bearer ${key}` },
      })
      t.equal(read.status, 200)
    }
  })

  t.test(
    'an upload on one node is looked at, mended and confirmed on the other, by a key and at the desk',
    async (t) => {
      const { urls, key } = pair
      const next = codes('T')
      const rows = (count: number) =>
        `企业名称,统一社会信用代码\n${Array.from({ length: count }, () => {
          const uscc: string = next.next().value
          return `示例${uscc}公司,${uscc}\n`
        }).join('')}坏行,1\n`
      const headers = { authorization: `Bearer ${key}` }
      const ask = async (turn: number, path: string, more: RequestInit = {}) => {
        const answer = await fetch(`${urls[turn % 2]}/api/v1/imports${path}`, { headers, ...more })
        return { status: answer.status, text: await answer.text() }
      }
      const body = new FormData()
      body.set('type', 'enterprise')
      body.set('file', new Blob([rows(30)]), 'rows.csv')
      const sent = await ask(0, '?preview=true', { method: 'POST', body })
      t.equal(sent.status, 202, sent.text)
      const { id } = JSON.parse(sent.text)
      for (const turn of [1, 0, 1]) {
        t.match(JSON.parse((await ask(turn, `/${id}`)).text), {
          status: 'preview',
          counts: { rows: 31, opened: 30 },
        })
        t.equal(JSON.parse((await ask(turn, `/${id}/rows?outcome=opened&limit=500`)).text).rows.length, 30)
      }
      const mended = await ask(1, `/${id}`, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ rows: { 3: ['也坏', 'x'] } }),
      })
      t.match(JSON.parse(mended.text), { counts: { opened: 29, failed: 2 } })
      const again = await ask(0, `/${id}/rows?outcome=failed&limit=500`)
      t.equal(JSON.parse(again.text).rows.length, 2, 'the other node shows what was found out anew')
      for (const turn of [0, 1]) t.equal((await ask(turn, `/${id}/start`, { method: 'POST' })).status, 202)
      await until('it is done', async () => JSON.parse((await ask(1, `/${id}`)).text).status === 'done', 30)
      for (const turn of [0, 1]) {
        t.match(JSON.parse((await ask(turn, `/${id}`)).text), {
          status: 'done',
          counts: { opened: 29, failed: 2 },
        })
        const { text } = await ask(turn, `/${id}/errors.csv`)
        t.match(text, /也坏[\s\S]*坏行/, 'with its report')
      }

      const visitor = new Visitor(urls)
      await visitor.send('/desk/sign-in', { login: 'zhangsan', password: PASSWORD })
      await visitor.page('/desk/account')
      const address = await visitor.send('/desk/imports', { type: 'enterprise' }, rows(5))
      t.match(address, /^\/desk\/imports\//)
      for (const _ of [1, 2]) t.match((await visitor.page(address)).text, /新建档案|核对/)
      t.equal(await visitor.send(`${address}/start`, {}), address)
      await until('done', async () => JSON.parse((await visitor.page(`${address}/progress`)).text).done, 30)
      for (const _ of [1, 2])
        t.equal((await visitor.page(`${address}/errors.csv`)).text.match(/坏行/g)?.length, 1)
    },
  )

  t.test(
    'a node that is killed: another goes on with its work within half a minute, each step once',
    async (t) => {
      const { urls, key, owner, servers, places } = await nodes(t)
      const [one, two] = [urls[0] ?? '', urls[1] ?? '']
      const headers = { authorization: `Bearer ${key}` }
      const next = codes('U')
      const COUNT = 4_000
      const rows = Array.from({ length: COUNT }, () => {
        const uscc: string = next.next().value
        return `示例${uscc}公司,${uscc}\n`
      })
      const names = [(await known(one)).name, (await known(two)).name]
      const [first = '', second = ''] = names
      t.same(
        (await known(one)).nodes.map(({ name }) => name),
        [...names].sort(),
      )
      t.equal(new Set((await known(two)).nodes.map(({ rules }) => rules)).size, 1)
      await until('the first has all works', () => hasAll(one, first))

      const standard = await cliIn(places[0] ?? {}, 'standard', 'adopt', 'four-grades', ...BY)
      t.equal(standard.code, 0, standard.stderr)
      const body = new FormData()
      body.set('type', 'enterprise')
      body.set('file', new Blob([`企业名称,统一社会信用代码\n${rows.join('')}`]), 'rows.csv')
      const sent = await fetch(`${one}/api/v1/imports`, { method: 'POST', headers, body })
      t.equal(sent.status, 202)
      const { id } = await sent.json()
      const job = async () => (await fetch(`${two}/api/v1/imports/${id}`, { headers })).json()
      await until('it is under way', async () => (await job()).counts.rows > 0)
      const before = await job()
      t.equal(before.status, 'running')
      await servers[0]?.end('SIGKILL')
      // As of another machine: nobody can see that it has ended.
      await cluster.run(`UPDATE lease SET holder = 'elsewhere/0/' || holder`, owner)
      const began = performance.now()
      await until('all works are taken over', () => hasAll(two, second), 40)
      const seconds = (performance.now() - began) / 1000
      t.ok(seconds < 30, `taken over after ${seconds.toFixed(1)} s, at ${before.counts.rows} rows`)
      await until('it is done', async () => (await job()).status === 'done')
      t.match(await job(), { counts: { rows: COUNT, failed: 0 } })
      const opened = `SELECT count(*)::integer AS all, count(DISTINCT subject)::integer AS each FROM entry
      WHERE kind = 'enterprise.opened'`
      t.same(await cluster.run(opened, owner), [{ all: COUNT, each: COUNT }], 'each once')
      // Each lease ends by itself: that of the node may have been renewed after those of its works.
      await until('the dead one is no more', async () => {
        const { nodes: alive } = await known(two)
        return alive.length === 1 && alive[0]?.name === second
      })

      const again = await startServer(places[0]?.DATA_DIR ?? '', places[0])
      t.teardown(() => again.end('SIGTERM'))
      const campaign = await post(again.url, key, '/campaigns', { standard: { id: 'four-grades' } })
      t.equal(campaign.status, 202, 'begun on the node that does not draft')
      const { id: own } = await campaign.json()
      const drafts = async (url: string) =>
        (await fetch(`${url}/api/v1/campaigns/${own}`, { headers })).json()
      for (const url of [again.url, two])
        await until('it is drafted', async () => (await drafts(url)).progress?.done === true, 30)
      t.same(await drafts(again.url), await drafts(two), 'and every node shows it')
      await (await fetch(`${again.url}/api/v1/imports/${id}`, { headers })).arrayBuffer()
      const [seen] = await cluster.run(
        `SELECT count(*)::integer AS count FROM access WHERE about = '${id}'`,
        owner,
      )
      t.ok(Object(seen).count > 0, 'who looked at what is written down for all nodes')
    },
  )

  t.test('a node begins from a snapshot of another, computes nothing anew, and follows', async (t) => {
    const { places, urls, key } = await nodes(t, { count: 1 })
    const [place] = places
    if (!place) return t.fail('no node')
    const next = codes('X')
    const open = async () => {
      const uscc: string = next.next().value
      const file = { uscc, enterprise: { name: `快照${uscc}公司`, region: '130102' } }
      t.equal((await post(urls[0] ?? '', key, '/enterprises', file)).status, 201)
      return uscc
    }
    const before = [await open(), await open()]
    const folder = join(temporaryFolder(t), 'snapshot')
    const made = await cliIn(place, 'snapshot', folder)
    t.match(made, { code: 0, stdout: /已把视图和检索索引写入/ })
    t.same(readdirSync(folder).sort(), ['register.anchor', 'register.db', 'search.db', 'views.db'])
    t.match(await cliIn(place, 'snapshot', folder), { code: 2, stderr: /已有内容/ })
    t.match(await cliIn({ DATA_DIR: place.DATA_DIR }, 'snapshot', `${folder}-2`), {
      code: 2,
      stderr: /两份登记簿/,
    })
    const after = await open()
    const server = await startServer(folder, { ...place, DATA_DIR: folder })
    t.teardown(() => server.end('SIGTERM'))
    t.notMatch(server.log(), /重新计算/)
    t.same([...(await shown(server.url))].sort(), [...before, after].sort())
    const found = await fetch(`${server.url}/api/v1/enterprises?q=${encodeURIComponent('快照')}`)
    t.equal((await found.json()).items.length, 3)
  })

  t.test('golden copies that one node makes are had by all', async (t) => {
    const { urls } = pair
    const copies = (url: string) => fetch(`${url}/bulk/public`).then((answer) => answer.json())
    const [one = '', two = ''] = urls
    await until('both have it', async () => {
      const [own, theirs] = [await copies(one), await copies(two)]
      return own.items?.length === 1 && JSON.stringify(own.items) === JSON.stringify(theirs.items)
    })
    t.pass()
  })

  t.test('what nodes shared beside the register comes home with it', async (t) => {
    const { places, servers, key, urls, owner } = await nodes(t)
    const [, second] = places
    if (!second) return t.fail('no node')
    const body = new FormData()
    body.set('type', 'enterprise')
    const uscc: string = codes('W').next().value
    body.set('file', new Blob([`企业名称,统一社会信用代码\n示例公司,${uscc}\n`]), 'rows.csv')
    const headers = { authorization: `Bearer ${key}` }
    const sent = await fetch(`${urls[0]}/api/v1/imports?preview=true`, { method: 'POST', headers, body })
    const { id } = await sent.json()
    await (await fetch(`${urls[1]}/api/v1/imports/${id}`, { headers })).arrayBuffer()
    for (const server of servers) await server.end('SIGTERM')
    const [looks] = await cluster.run('SELECT count(*)::integer AS count FROM access', owner)
    const { stdout, code } = await cliIn(second, 'copy', '--to', 'sqlite')
    t.equal(code, 0, stdout)
    const home = { DATA_DIR: second.DATA_DIR, RATE_LIMIT: '0' }
    const alone = await startServer(second.DATA_DIR, home)
    t.teardown(() => alone.end('SIGTERM'))
    const started = await fetch(`${alone.url}/api/v1/imports/${id}/start`, { method: 'POST', headers })
    t.equal(started.status, 202)
    const job = async () => (await fetch(`${alone.url}/api/v1/imports/${id}`, { headers })).json()
    await until('it is imported', async () => (await job()).status === 'done', 30)
    t.match(await job(), { counts: { opened: 1 } })
    t.ok(Object(looks).count > 0)
    t.same(
      await cluster.run('SELECT count(*)::integer AS count FROM access', owner),
      [{ count: 0 }],
      'handed over',
    )
  })

  t.test('nodes that run by other rules are named', async (t) => {
    const { urls, owner } = await nodes(t, { count: 1 })
    const at = Date.now() + 60_000
    await cluster.run(`INSERT INTO lease VALUES ('node/old-node', 'x/y/1/2/3/0123456789ab', ${at})`, owner)
    const found = await (await fetch(`${urls[0]}/readyz`)).json()
    t.equal(found.status, 'ready')
    t.match(found.reasons, [/各节点的规则版本不同：.*old-node（0123456789ab）.*请尽快升级/])
  })

  t.test(
    'keys: another secret, another key of persons are refused in words; the stamp is renewed for all',
    async (t) => {
      const { places, servers } = pair
      const [one, two] = places
      if (!one || !two) return t.fail('no nodes')
      await Promise.all(servers.map((server) => server.end('SIGTERM')))
      const refused = (environment: Record<string, string>, words: RegExp) =>
        t.rejects(startServer(environment.DATA_DIR ?? '', environment), { message: words })
      const fresh = { ...one, DATA_DIR: join(temporaryFolder(t), 'data') }
      await refused(
        { ...fresh, NODES_SECRET: `${NODES_SECRET}!` },
        /NODES_SECRET 与建立各节点共用的密钥时所用的不同/,
      )
      await refused({ ...fresh, NODES_SECRET: 'short' }, /NODES_SECRET=：应为 32 个以上的字符/)
      const { NODES_SECRET: _, ...alone } = { ...fresh, DATA_DIR: join(temporaryFolder(t), 'data') }
      await refused(alone, /person.key 不见了/)
      const kept = await cluster.run('SELECT name, sealed FROM shared_key ORDER BY name', one.DATABASE_URL)
      t.same(
        kept.map((row) => Object(row).name),
        ['person', 'session', 'stamp'],
      )
      const person = readFileSync(join(one.DATA_DIR, 'person.key')).toString('base64')
      t.notOk(JSON.stringify(kept).includes(person.slice(0, 20)), 'sealed')

      const stamp = (place: { DATA_DIR: string }) => readFileSync(join(place.DATA_DIR, 'stamp.key'), 'utf8')
      const before = stamp(one)
      t.equal((await cliIn(one, 'database', 'renew-stamp')).code, 0)
      t.not(stamp(one), before)
      t.equal(stamp(two), before)
      const again = await startServer(two.DATA_DIR, two)
      t.equal(stamp(two), stamp(one), 'the other takes it with its next start')
      const published = await (await fetch(`${again.url}/check/keys.json`)).json()
      t.match(published.keys, [{ until: String }, { until: null }])
      await again.end('SIGTERM')
    },
  )
}
