import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { codes, post, ready, shown, until } from '../../scripts/faults/load.ts'
import { cliIn, endAll, startServer } from '../../scripts/faults/processes.ts'
import { startCluster, withoutPostgres } from '../cluster.ts'
import { temporaryFolder } from '../support.ts'

/** Files of a node that all nodes must have alike. */
const SHARED = ['person.key', 'session.key', 'stamp.key', 'stamp-keys.json']

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  t.teardown(endAll)
  await cluster.run('CREATE ROLE hqc LOGIN')

  /** A database that was prepared as the manual says; for the role that runs a node. */
  async function prepared(): Promise<{ owner: string; url: string }> {
    const owner = await cluster.database()
    const { code, stderr } = await cliIn({ DATABASE_URL: owner }, 'database', 'prepare', '--for', 'hqc')
    if (code !== 0) throw new Error(stderr)
    return { owner, url: owner.replace('admin@', 'hqc@') }
  }

  async function keyOf(environment: Record<string, string>): Promise<string> {
    await cliIn(environment, 'init')
    const { stdout, stderr } = await cliIn(
      environment,
      'key',
      'create',
      '--name',
      '省测试局',
      '--scope',
      'admin',
    )
    const key = /hqc_\S+/.exec(stdout)?.[0]
    if (!key) throw new Error(`no key: ${stdout}${stderr}`)
    return key
  }

  const refused = async (t: Test, environment: Record<string, string>, words: RegExp) => {
    const dataDir = environment.DATA_DIR ?? join(temporaryFolder(t), 'data')
    await t.rejects(startServer(dataDir, environment), { message: words }, String(words))
  }

  t.test('the whole registry runs on PostgreSQL with least rights, and is there after a kill', async (t) => {
    const { url, owner } = await prepared()
    const dataDir = join(temporaryFolder(t), 'data')
    const environment = { DATABASE_URL: url, DATA_DIR: dataDir }
    const key = await keyOf(environment)
    const server = await startServer(dataDir, environment)
    const first: string = codes('P').next().value
    const file = { uscc: first, enterprise: { name: '示例机电有限公司', region: '130102' } }
    const answer = await post(server.url, key, '/enterprises', file, { 'idempotency-key': 'one' })
    t.equal(answer.status, 201)
    const again = await post(server.url, key, '/enterprises', file, { 'idempotency-key': 'one' })
    t.equal(again.status, 201, 'the same request again')
    t.same(await again.json(), await answer.json())
    await until('ready', async () => (await ready(server.url)).status === 'ready')
    await server.end('SIGKILL')
    const second = await startServer(dataDir, environment)
    t.same([...(await shown(second.url))], [first])
    const counted = await cluster.run(`SELECT count(*) FROM entry WHERE kind = 'enterprise.opened'`, owner)
    t.same(counted, [{ count: '1' }])
    await second.end('SIGTERM')
    t.equal((await cliIn(environment, 'verify')).code, 0)
  })

  t.test('a database that can not serve is refused in words, and nothing is begun', async (t) => {
    const { url, owner } = await prepared()
    const at = (to: string) => ({ DATABASE_URL: to })
    await refused(
      t,
      at('postgres://hqc@127.0.0.1:1/none'),
      /连接不上数据库[\s\S]*没有服务在这一地址监听[\s\S]*/,
    )
    const begun = join(temporaryFolder(t), 'data')
    await refused(t, { ...at(url.replace(/registry_\d+$/, 'nowhere')), DATA_DIR: begun }, /没有这个数据库/)
    t.notOk(existsSync(join(begun, 'register.db')), 'no register is left of a start that was refused')
    await refused(t, at('mysql://x/y'), /DATABASE_URL=：应为 PostgreSQL 数据库的地址/)
    await refused(t, at('postgres://hqc:geheim word@x'), /^(?![\s\S]*geheim)[\s\S]*DATABASE_URL=：/)
    await refused(t, at(await cluster.database()), /没有登记簿的表；请先执行 [^。]*database prepare/)
    await refused(
      t,
      at(await cluster.database(`ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)),
      /编码是 LATIN1/,
    )

    const change = (statement: string) => cluster.run(statement, owner)
    await change('REVOKE INSERT ON entry FROM hqc')
    await refused(t, at(url), /权限不足（缺 INSERT ON entry）/)
    await change('GRANT INSERT ON entry TO hqc; REVOKE UPDATE (payload, salt) ON entry FROM hqc')
    await refused(t, at(url), /权限不足（缺 UPDATE \(payload, salt\) ON entry）/)
    await change(
      'GRANT UPDATE (payload, salt) ON entry TO hqc; ALTER ROLE hqc SET default_transaction_read_only = on',
    )
    await refused(t, at(url), /只供读取/)
    await change('ALTER ROLE hqc RESET default_transaction_read_only')
    await change('UPDATE __drizzle_migrations SET created_at = created_at + 1')
    await refused(t, at(url), /较新的版本，本程序不能使用/)
    const prepare = () => cliIn({ DATABASE_URL: owner }, 'database', 'prepare')
    t.match(await prepare(), { code: 2, stderr: /较新的版本，本程序不能使用/ })
    const database = new URL(url).pathname.slice(1)
    await cluster.run(`ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    t.match(await prepare(), { code: 2, stderr: /只供读取/ })
    await cluster.run(`ALTER DATABASE ${database} RESET default_transaction_read_only`)
    await refused(t, at(`${url}?sslmode=require`), /数据库没有启用 TLS/)
    await refused(t, at(`${url}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`), /证书文件不存在/)
    await change('UPDATE __drizzle_migrations SET created_at = created_at - 2')
    await refused(t, at(url), /较早的版本；请先备份数据库，再执行 .*database prepare/)
    await change('UPDATE __drizzle_migrations SET created_at = created_at + 1')
    const dataDir = join(temporaryFolder(t), 'data')
    t.equal((await cliIn({ DATABASE_URL: url, DATA_DIR: dataDir }, 'init')).code, 0, 'put right, it serves')
    await keyOf({ DATABASE_URL: url, DATA_DIR: dataDir })
    const other = (await prepared()).url
    await refused(t, { DATABASE_URL: other, DATA_DIR: dataDir }, /是另一份登记簿：纪元为/)
  })

  t.test('the role that runs a node may append and read, and nothing else', async (t) => {
    const { url } = await prepared()
    for (const statement of [
      'DELETE FROM entry',
      `UPDATE entry SET digest = ''`,
      'TRUNCATE command',
      'DELETE FROM head',
      'DROP TABLE entry',
      'CREATE TABLE more (x int)',
      'DELETE FROM lease',
    ])
      await t.rejects(cluster.run(statement, url), { code: '42501' }, statement)
  })

  t.test('the register is verified in its database, not in the copy alone', async (t) => {
    const { url, owner } = await prepared()
    const dataDir = join(temporaryFolder(t), 'data')
    const environment = { DATABASE_URL: url, DATA_DIR: dataDir }
    const key = await keyOf(environment)
    const server = await startServer(dataDir, environment)
    const fresh = codes('V')
    for (let n = 0; n < 3; n += 1) {
      const uscc: string = fresh.next().value
      await post(server.url, key, '/enterprises', { uscc, enterprise: { name: `示例${n}公司` } })
    }
    await server.end('SIGTERM')
    const officer = [
      'create',
      'zhangsan',
      '--name',
      '张三',
      '--authority',
      '省测试局',
      '--role',
      'recorder',
      '--staff-no',
      'S1',
    ]
    t.equal((await cliIn(environment, 'officer', ...officer)).code, 0)
    const bare = { DATABASE_URL: url, DATA_DIR: join(temporaryFolder(t), 'data') }
    await refused(t, bare, /没有写明 NODES_SECRET/)
    const verify = () => cliIn(environment, 'verify')
    const whole = await verify()
    t.match(whole, { code: 0, stdout: /数据库中的 (\d+) 个条目、其副本的 \1 个条目/ })
    const [, head = ''] = /数据库中的 (\d+)/.exec(whole.stdout) ?? []
    const client = new pg.Client(owner)
    await client.connect()
    t.teardown(() => client.end())
    await client.query('BEGIN')
    await client.query('CREATE TABLE saved AS SELECT seq, payload FROM entry')
    await client.query('COMMIT')
    for (const [done, undone, found] of [
      [
        `UPDATE entry SET payload = '{}' WHERE seq = ${head}`,
        `UPDATE entry SET payload = (SELECT payload FROM saved WHERE saved.seq = entry.seq) WHERE seq = ${head}`,
        `序号 ${head}：内容与其摘要不符`,
      ],
      [
        `UPDATE head SET seq = seq + 1`,
        `UPDATE head SET seq = seq - 1`,
        `缺少末尾：头记录到序号 ${Number(head) + 1}`,
      ],
      [`UPDATE entry SET chain = decode(repeat('00', 32), 'hex') WHERE seq = 1`, '', '序号 1：链值不符'],
    ] as const) {
      await client.query(done)
      const { code, stdout } = await verify()
      t.equal(code, 1, done)
      t.match(stdout, '【数据库中的登记簿】')
      t.match(stdout, found)
      if (undone === '') break
      await client.query(undone)
      t.equal((await verify()).code, 0, undone)
    }
    const away = await cliIn({ ...environment, DATABASE_URL: url.replace(/:\d+\//, ':1/') }, 'verify')
    t.equal(away.code, 2, 'what can not be looked at is not called in order')
    t.equal(away.stdout, '')
  })

  t.test('a register is carried over while its server serves, and back', async (t) => {
    const { url } = await prepared()
    const dataDir = join(temporaryFolder(t), 'data')
    const key = await keyOf({ DATA_DIR: dataDir })
    const old = await startServer(dataDir)
    const next = codes('Q')
    const open = async (server: string, status: number, problem?: string) => {
      const uscc: string = next.next().value
      const file = { uscc, enterprise: { name: `示例${uscc}公司`, region: '130102' } }
      const answer = await post(server, key, '/enterprises', file, { 'idempotency-key': uscc })
      t.match(
        [answer.status, await answer.json()],
        [status, problem === undefined ? {} : { type: new RegExp(`/problems/${problem}$`) }],
      )
      return uscc
    }
    const first = await open(old.url, 201)
    const environment = { DATABASE_URL: url, DATA_DIR: dataDir }
    const copied = await cliIn(environment, 'copy', '--to', 'postgresql')
    t.match(copied, { code: 0, stdout: /登记簿已迁到 postgresql:[\s\S]*逐条核对无误/ })
    t.same([...(await shown(old.url))], [first], 'the old one serves reads')
    await open(old.url, 503, 'register-moved')
    await old.end('SIGTERM')
    const alone = await startServer(dataDir)
    t.same([...(await shown(alone.url))], [first], 'so it does when it is started without the database')
    await open(alone.url, 503, 'register-moved')
    await alone.end('SIGTERM')
    const server = await startServer(dataDir, environment)
    const second = await open(server.url, 201)
    await server.end('SIGTERM')
    const back = await cliIn(environment, 'copy', '--to', 'sqlite')
    t.match(back, { code: 0, stdout: /登记簿已迁到 sqlite:[\s\S]*逐条核对无误/ })
    await refused(t, environment, /自成一份|已迁往 sqlite/)
    const home = await startServer(dataDir)
    const third = await open(home.url, 201)
    t.same([...(await shown(home.url))], [first, second, third])
    await home.end('SIGTERM')
    t.equal((await cliIn({ DATA_DIR: dataDir }, 'verify')).code, 0)
  })

  t.test('a second node has what the first has, and each what the other writes', async (t) => {
    const { url } = await prepared()
    const [one, two] = [temporaryFolder(t), temporaryFolder(t)].map((folder) => join(folder, 'data'))
    if (!one || !two) throw new Error('no places')
    const environment = { DATABASE_URL: url }
    const key = await keyOf({ ...environment, DATA_DIR: one })
    const officer = ['--name', '张三', '--authority', '省测试局', '--role', 'recorder', '--staff-no', '1001']
    await cliIn({ ...environment, DATA_DIR: one }, 'officer', 'create', 'zhangsan', ...officer)
    const first = await startServer(one, environment)
    await refused(t, { ...environment, DATA_DIR: `${two}-without-keys` }, /person.key 不见了/)
    mkdirSync(two, { recursive: true })
    for (const name of SHARED) copyFileSync(join(one, name), join(two, name))
    const second = await startServer(two, environment)
    const next = codes('R')
    const seen = async (from: string, at: string) => {
      const uscc: string = next.next().value
      const file = { uscc, enterprise: { name: `示例${uscc}公司`, region: '130102' } }
      const opened = await post(from, key, '/enterprises', file)
      t.equal(opened.status, 201)
      const began = performance.now()
      const position = opened.headers.get('register-position') ?? ''
      const read = await fetch(`${at}/api/v1/enterprises/${uscc.slice(8, 17)}`, {
        headers: { 'min-position': position },
      })
      t.equal(read.status, 200, 'asked for from there on, it is there')
      await until('seen', async () => (await shown(at)).has(uscc), 20)
      return performance.now() - began
    }
    const times = [await seen(first.url, second.url), await seen(second.url, first.url)]
    t.comment(`seen after ${times.map((ms) => ms.toFixed(0)).join(' and ')} ms`)
    for (const server of [first, second]) t.equal((await shown(server.url)).size, 2)
    await first.end('SIGTERM')
    await second.end('SIGTERM')
  })
}
