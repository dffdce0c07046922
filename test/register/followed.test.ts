import { join } from 'node:path'
import t, { type Test } from 'tap'
import { anchorPath, readAnchor } from '../../src/register/anchor.ts'
import { carryOver } from '../../src/register/carry.ts'
import { beginEpoch } from '../../src/register/epoch.ts'
import { openFollowed } from '../../src/register/followed.ts'
import { openPostgresRegister } from '../../src/register/postgres.ts'
import { RegisterMoved } from '../../src/register/register.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { Findings, verifyRegister } from '../../src/register/verify.ts'
import { preparedIn, startCluster, withoutPostgres } from '../cluster.ts'
import { proxyTo } from '../proxy.ts'
import { temporaryFolder } from '../support.ts'
import { registerContract } from './contract.ts'

const now = () => new Date('2026-03-02T02:00:00Z')
const author = { authority: '省局', officer: '张三' }
const draft = (subject: string, payload: unknown = { a: 1 }) =>
  ({ subject, kind: 'record.added', payload, visibility: 'public', author }) as const
const request = (command: string) => ({ drafts: [draft(command)], command, fingerprint: 'f' })
const erasure = {
  drafts: [{ ...draft('A', { positions: [1], reason: '依法删除' }), kind: 'payload.erased' }],
  erases: [1],
  command: 'erase',
}

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  const prepared = () => preparedIn(cluster)
  const fileIn = (t: Test) => join(temporaryFolder(t), 'register.db')

  t.test('a node that follows keeps the contract', async (t) => {
    registerContract(t, (t) => {
      const [path, url] = [fileIn(t), prepared()]
      return async (now) => openFollowed(openSqliteRegister(path, now), await url, now)
    })
  })

  t.test('what one node appends another finds in a copy of its own, erasures included', async (t) => {
    const url = await prepared()
    const open = (path: string) => openFollowed(openSqliteRegister(path, now), url, now)
    const paths = [fileIn(t), fileIn(t)] as const
    const [one, two] = [await open(paths[0]), await open(paths[1])]
    const stop = new AbortController()
    const seen: number[] = []
    const watching = (async () => {
      for await (const entries of two.watch(0, stop.signal)) {
        seen.push(...entries.map(({ seq }) => seq))
        if (seen.length >= 4) stop.abort()
      }
    })()
    await one.append({ drafts: [draft('A', { secret: 'CANARY-1' }), draft('B')], command: 'x' })
    await one.append(request('C'))
    await one.append(erasure)
    await watching
    t.same(seen, [1, 2, 3, 4])
    t.same(await two.read(0, 9), await one.read(0, 9))
    t.notMatch(JSON.stringify(await two.read(0, 9)), 'CANARY-1')
    t.same(await two.standing(), await one.standing())
    t.match(readAnchor(anchorPath(paths[1])), { position: 4 })
    t.match((await two.outcome('C', 'f')) ?? [], [{ seq: 3 }], 'a command is known on both')
    t.match(await two.append(request('C')), { repeated: true, entries: [{ seq: 3 }] })
    await one.append(request('D'))
    await t.rejects(two.append({ ...request('E'), expect: new Map([['D', 0]]) }), {
      name: 'Conflict',
      actual: 1,
    })
    t.equal(await two.head(), 5, 'who was too late has what was quicker')
    await one.close()
    await two.close()
    const again = await open(paths[1])
    t.equal(await again.head(), 5)
    await again.close()
  })

  t.test('reading goes on without the server', async (t) => {
    const direct = await prepared()
    const proxy = await proxyTo(cluster.port)
    const url = direct.replace(`:${cluster.port}/`, `:${proxy.port}/`)
    const register = await openFollowed(openSqliteRegister(fileIn(t), now), url, now)
    await register.append(request('A'))
    proxy.shut(true)
    t.match(await register.read(0, 9), [{ seq: 1 }])
    t.match(await register.standing(), { position: 1 })
    await t.rejects(register.lease('daily', 'one', 1000), { name: 'RegisterUnavailable', inDoubt: false })
    await t.rejects(register.probe(), { name: 'RegisterUnavailable' })
    await register.close()
    await proxy.close()
  })

  t.test(
    'a register is carried over and back with its epoch, and the place that it left takes nothing',
    async (t) => {
      const path = fileIn(t)
      const url = await prepared()
      const file = openSqliteRegister(path, now)
      await file.append({ drafts: [draft('A', { secret: 1 }), draft('B')], command: 'x' })
      await file.append(request('C'))
      await file.append(erasure)
      const before = await file.read(0, 9)
      const { epoch } = await file.standing()
      const told: string[] = []
      const tell = (words: string) => told.push(words)
      const there = await openPostgresRegister(url, now)
      t.match(await carryOver(file, there, { tell }), { position: 4, epoch })
      t.same(await there.read(0, 9), before)
      await t.rejects(file.append(request('D')), RegisterMoved)
      t.same(await file.read(0, 9), before, 'and serves reads')
      await t.rejects(carryOver(file, there, { tell }), /已在 .*未作改动/)
      await file.close()

      const node = await openFollowed(openSqliteRegister(path, now), url, now)
      t.match(await node.append(request('C')), { repeated: true, entries: [{ seq: 3 }] })
      t.match((await node.append(request('D'))).entries, [{ seq: 5 }])
      await node.close()

      const home = openSqliteRegister(path, now)
      await t.rejects(home.append(request('E')), RegisterMoved)
      t.match(await carryOver(there, home, { tell }), { position: 5, epoch })
      await t.rejects(there.append(request('E')), RegisterMoved)
      t.match(await home.append(request('D')), { repeated: true, entries: [{ seq: 5 }] })
      t.match((await home.append(request('E'))).entries, [{ seq: 6 }])
      const findings = new Findings()
      await verifyRegister(home, () => readAnchor(anchorPath(path)), findings)
      t.same(findings.all, [])
      await home.close()
      await there.close()
      await t.rejects(
        openFollowed(openSqliteRegister(fileIn(t), now), url, now),
        /已迁往 sqlite:\/\//,
        'a node that was left behind is told',
      )
    },
  )

  t.test('a copy that was cut off is gone on with; a forged one does not take over', async (t) => {
    const file = openSqliteRegister(fileIn(t), now)
    for (const name of ['A', 'B', 'C']) await file.append(request(name))
    const url = await prepared()
    const there = await openPostgresRegister(url, now)
    const { epoch } = await file.standing()
    await there.moveTo(file.address, epoch)
    await there.take(await file.read(0, 2))
    await t.rejects(there.append(request('X')), RegisterMoved, 'half a copy takes no appends')
    await cluster.run(`UPDATE entry SET payload = '{"a":2}' WHERE seq = 2`, url)
    const tell = () => undefined
    await t.rejects(carryOver(file, there, { tell }), /核对不符[\s\S]*序号 2：内容与其摘要不符/)
    t.match((await file.append(request('D'))).entries, [{ seq: 4 }], 'the old place goes on')
    await cluster.run(`UPDATE entry SET payload = '{"a":1}' WHERE seq = 2`, url)
    t.match(await carryOver(file, there, { tell }), { position: 4, epoch })
    t.match(await there.append(request('A')), { repeated: true, entries: [{ seq: 1 }] })
    await file.close()
    await there.close()
  })

  t.test('what is not one register is refused, in words', async (t) => {
    const [url, other] = [await prepared(), await prepared()]
    const open = (path: string, url: string) => openFollowed(openSqliteRegister(path, now), url, now)
    const path = fileIn(t)
    const node = await open(path, url)
    for (const name of ['A', 'B', 'C']) await node.append(request(name))
    await node.close()
    await t.rejects(open(path, other), /是另一份登记簿：纪元为 [0-9a-f]{16}，数据目录中的副本为/)
    const alone = fileIn(t)
    const file = openSqliteRegister(alone, now)
    await file.append(request('A'))
    await file.close()
    await t.rejects(open(alone, url), /自成一份[\s\S]*copy --to postgresql/)
    // A standby that had not followed was promoted: the last entry is gone there.
    const end = `(SELECT chain FROM entry WHERE seq = 2)`
    await cluster.run(`DELETE FROM entry WHERE seq = 3; UPDATE head SET seq = 2, chain = ${end}`, url)
    await t.rejects(open(path, url), /缺少末尾：只到序号 2，而已答复到序号 3/)
    // Others went on there meanwhile: the positions are the same, the entries are not.
    const there = await openPostgresRegister(url, now)
    await there.append(request('X'))
    await t.rejects(open(path, url), /接不上它/)
    await there.append(request('Y'))
    await t.rejects(open(path, url), /接不上它/)
    await there.close()
  })

  t.test('a server that lost its end while a node runs takes nothing from it', async (t) => {
    const [url, path] = [await prepared(), fileIn(t)]
    const node = await openFollowed(openSqliteRegister(path, now), url, now)
    for (const name of ['A', 'B', 'C']) await node.append(request(name))
    const end = `(SELECT chain FROM entry WHERE seq = 2)`
    await cluster.run(`DELETE FROM entry WHERE seq = 3; UPDATE head SET seq = 2, chain = ${end}`, url)
    await t.rejects(node.append(request('D')), /缺少末尾：只到序号 2，而已答复到序号 3/)
    t.same(await cluster.run('SELECT seq FROM head', url), [{ seq: '2' }])
    await node.close()
    // What the manual says then: the copy has all that was answered, and becomes a register of its own in a new epoch.
    const { position } = beginEpoch(path)
    t.equal(position, 3)
    const own = openSqliteRegister(path, now)
    t.match((await own.append(request('D'))).entries, [{ seq: 4 }])
    const there = await openPostgresRegister(await prepared(), now)
    t.match(await carryOver(own, there, { tell: () => undefined }), { position: 4 })
    await own.close()
    await there.close()
  })
}
