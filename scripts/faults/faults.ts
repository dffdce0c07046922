import { strict as assert } from 'node:assert'
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Sqlite } from '../../src/register/driver.ts'
import { spoiltFiles } from './files.ts'
import { codes, missing, openFiles, post, ready, shown, until } from './load.ts'
import { failover, nodes } from './nodes.ts'
import { cli, keyOf, personsKey, type Server, startServer } from './processes.ts'
import { threads } from './threads.ts'

/** A fault that is done to a registry, and what has to come of it; a word in the place of it where it can't be done here. */
export type Fault = (folder: string) => Promise<undefined | string>

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function verified(folder: string): Promise<void> {
  const { code, stdout } = await cli(folder, 'verify')
  assert.equal(code, 0, stdout)
}

async function refused(folder: string, words: RegExp): Promise<void> {
  await assert.rejects(startServer(folder), (error: Error) => {
    assert.match(error.message, words)
    assert.match(error.message, /ended with 2/)
    return true
  })
}

/** Files opened on a server that was then killed. */
async function killed(folder: string): Promise<{ acknowledged: Set<string>; key: string }> {
  const key = await keyOf(folder)
  const server = await startServer(folder)
  const opening = openFiles(server.url, key, codes('K'))
  await pause(3_000)
  await server.end('SIGKILL')
  return { acknowledged: await opening, key }
}

const kills: Fault = async (folder) => {
  const key = await keyOf(folder)
  const next = codes('K')
  const acknowledged = new Set<string>()
  for (let round = 0; round < 5; round += 1) {
    const server = await startServer(folder)
    const opening = openFiles(server.url, key, next)
    await pause(500 + Math.random() * 1_500)
    await server.end('SIGKILL')
    for (const uscc of await opening) acknowledged.add(uscc)
  }
  const server = await startServer(folder)
  assert.deepEqual(missing(acknowledged, await shown(server.url)), [])
  await server.end('SIGTERM')
  await verified(folder)
}

const lostLog: Fault = async (folder) => {
  const { acknowledged } = await killed(folder)
  const wal = join(folder, 'register.db-wal')
  const kept = `${folder}-kept`
  cpSync(folder, kept, { recursive: true })
  for (const harm of ['deleted', 'cut'] as const) {
    rmSync(folder, { recursive: true })
    cpSync(kept, folder, { recursive: true })
    rmSync(join(folder, 'register.db-shm'), { force: true })
    if (harm === 'deleted') rmSync(wal)
    else truncateSync(wal, Math.floor(statSync(wal).size * 0.6))
    const before = readFileSync(join(folder, 'views.db'))
    await refused(folder, /缺少已答复的序号|没有头记录/)
    assert.ok(readFileSync(join(folder, 'views.db')).equals(before), 'the evidence stays')
    const { code, stdout } = await cli(folder, 'verify')
    assert.ok(code > 0, stdout)
  }
  // What was taken away is put back: nothing is lost.
  rmSync(folder, { recursive: true })
  cpSync(kept, folder, { recursive: true })
  const server = await startServer(folder)
  assert.deepEqual(missing(acknowledged, await shown(server.url)), [])
  await server.end('SIGTERM')
  await verified(folder)
  rmSync(kept, { recursive: true })
}

const forgedRows: Fault = async (folder) => {
  await killed(folder)
  await (await startServer(folder)).end('SIGTERM')
  const register = join(folder, 'register.db')
  const whole = readFileSync(register)
  const harms: [string, RegExp][] = [
    [`UPDATE entry SET payload = replace(payload, '示例', '假冒') WHERE seq = 7`, /序号 7：内容与其摘要不符/],
    [`UPDATE entry SET payload = NULL, salt = NULL WHERE seq = 8`, /序号 8：内容不见了/],
    [`UPDATE entry SET digest = hex(zeroblob(32)) WHERE seq = 9`, /序号 9：/],
    [`DELETE FROM entry WHERE seq = 10`, /序号 11：/],
    [
      `INSERT INTO entry SELECT seq + 1, id, 'FORGED', 1, kind, payload, salt, payload_digest, visibility, authority,
         officer, command, recorded_at, digest, chain FROM entry ORDER BY seq DESC LIMIT 1`,
      /不是由本系统登记的/,
    ],
    [`DELETE FROM entry WHERE seq > (SELECT max(seq) - 20 FROM entry)`, /缺少末尾/],
  ]
  for (const [statement, named] of harms) {
    const db = new Sqlite(register)
    db.exec(statement)
    db.close()
    const { code, stdout } = await cli(folder, 'verify')
    assert.equal(code, 1, statement)
    assert.match(stdout, named)
    for (const end of ['-wal', '-shm']) rmSync(register + end, { force: true })
    writeFileSync(register, whole)
  }
  await verified(folder)
}

const twoProcesses: Fault = async (folder) => {
  const key = await keyOf(folder)
  const [one, two] = await Promise.all([startServer(folder), startServer(folder)])
  let isOver = false
  const stop = () => isOver
  const opening = [one, two].map((server, i) =>
    openFiles(server.url, key, codes(i === 0 ? 'E' : 'F'), { clients: 4, stop }),
  )
  await pause(4_000)
  isOver = true
  const acknowledged = new Set((await Promise.all(opening)).flatMap((some) => [...some]))
  for (const server of [one, two])
    await until('both show all', async () => missing(acknowledged, await shown(server.url)).length === 0)
  await campaignOnce(folder, [one, two], key)
  for (const server of [one, two]) await server.end('SIGTERM')
  await verified(folder)
}

/** A campaign that both servers issue is issued once. */
async function campaignOnce(folder: string, [one, two]: [Server, Server], key: string): Promise<void> {
  const [firm = ''] = [...(await shown(one.url))]
  const licence = {
    ...{ kind: '全国工业产品生产许可证', number: 'XK-1', product: '电线电缆' },
    ...{ authority: '省局', issuedOn: '2024-03-01', validTo: '2029-02-28' },
  }
  await post(one.url, key, `/enterprises/${firm.slice(8, 17)}/records`, { type: 'licence', data: licence })
  const adopting = ['standard', 'adopt', 'four-grades', '--authority', '省测试局', '--officer', '演练']
  const adopted = await cli(folder, ...adopting)
  assert.equal(adopted.code, 0, adopted.stderr)
  const [beginner, approver] = [
    await personsKey(folder, 'zhangsan', '1001', 'reviewer', 'ratings:write'),
    await personsKey(folder, 'lisi', '1002', 'publisher', 'ratings:approve'),
  ]
  const answer = await post(one.url, beginner, '/campaigns', { standard: { id: 'four-grades' }, scope: {} })
  const begun = await answer.json()
  assert.equal(answer.status, 202, JSON.stringify(begun))
  const state = async (url: string) =>
    (
      await fetch(`${url}/api/v1/campaigns/${begun.id}`, { headers: { authorization: `Bearer ${key}` } })
    ).json()
  await until('drafts are done', async () => (await state(one.url)).progress?.done === true)
  const approvals = await Promise.all(
    [one, two].map(({ url }) => post(url, approver, `/campaigns/${begun.id}/approval`, {})),
  )
  assert.ok(
    approvals.some(({ status }) => status === 200),
    approvals.map(({ status }) => status).join(),
  )
  await until('issued', async () => (await state(two.url)).status === 'issued')
  const db = new Sqlite(join(folder, 'register.db'), { readonly: true })
  const twice = db
    .prepare(`SELECT subject FROM entry WHERE kind = 'rating.issued' GROUP BY subject HAVING count(*) > 1`)
    .all()
  db.close()
  assert.deepEqual(twice, [])
}

const rebuildBeside: Fault = async (folder) => {
  const key = await keyOf(folder)
  const server = await startServer(folder)
  let isOver = false
  const opening = openFiles(server.url, key, codes('R'), { stop: () => isOver })
  await pause(1_000)
  for (let round = 0; round < 3; round += 1) {
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => cli(folder, 'rebuild')))
    for (const { code, stderr } of outcomes) assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  }
  await pause(500)
  isOver = true
  const acknowledged = await opening
  assert.deepEqual(missing(acknowledged, await shown(server.url)), [], 'nothing is hidden')
  await server.end('SIGTERM')
  await verified(folder)
}

const fullDisk: Fault = async (folder) => {
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0700,size=48m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return 'tmpfs can not be mounted here'
  }
  try {
    await onFullDisk(folder)
  } finally {
    execFileSync('umount', ['-l', folder])
  }
  return undefined
}

/** A backup for which its own disk has no room says so of that disk, and leaves nothing there. */
async function backedUpToFullDisk(data: string): Promise<void> {
  const target = `${data}-target`
  mkdirSync(target)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0700,size=64k', 'tmpfs', target])
  try {
    const { code, stderr } = await cli(data, 'backup', join(target, 'backup'))
    assert.equal(code, 2)
    assert.match(stderr, /备份目录 .*-target\/backup 所在的磁盘已满/)
    assert.deepEqual(readdirSync(target), [])
  } finally {
    execFileSync('umount', ['-l', target])
  }
}

async function onFullDisk(folder: string): Promise<void> {
  const key = await keyOf(folder)
  await backedUpToFullDisk(folder)
  const server = await startServer(folder)
  const next = codes('D')
  const csv = ['企业名称,统一社会信用代码']
  for (let i = 0; i < 1500; i += 1) csv.push(`示例导入${i}公司,${next.next().value}`)
  const filling = join(folder, 'filling')
  const fill = () => {
    for (let size = 64 * 1024 * 1024; size >= 4096; size /= 2)
      try {
        for (;;) writeFileSync(filling, Buffer.alloc(size), { flag: 'a' })
      } catch {}
  }
  const form = new FormData()
  form.append('type', 'enterprise')
  form.append('file', new Blob([csv.join('\n')]), 'firms.csv')
  const headers = { authorization: `Bearer ${key}` }
  const [started] = await Promise.all([
    fetch(`${server.url}/api/v1/imports`, { method: 'POST', headers, body: form }),
  ])
  const { id } = await started.json()
  fill()
  const acknowledged = new Set<string>()
  let isRefused = false
  for (let i = 0; i < 400 && !isRefused; i += 1) {
    const uscc: string = next.next().value
    const answer = await post(server.url, key, '/enterprises', {
      uscc,
      enterprise: { name: '示例'.repeat(80) },
    })
    if (answer.status === 201) acknowledged.add(uscc)
    isRefused = answer.status === 507
    if (i % 20 === 0) fill()
  }
  assert.ok(isRefused, 'a full disk is said to be full')
  await until('readiness says full', async () => (await ready(server.url)).status === 'full')
  assert.deepEqual(
    missing(acknowledged, await shown(server.url)),
    [],
    'nothing that was acknowledged is hidden',
  )
  rmSync(filling)
  await until('ready again, without a restart', async () => (await ready(server.url)).status === 'ready')
  const job = async () => (await fetch(`${server.url}/api/v1/imports/${id}`, { headers })).json()
  await until('the import goes on', async () => (await job()).status === 'done', 90)
  await until('all is shown', async () => missing(acknowledged, await shown(server.url)).length === 0)
  assert.equal((await job()).counts.opened, 1500)
  await server.end('SIGTERM')
  await verified(folder)
}

const halfOpen: Fault = async (folder) => {
  const key = await keyOf(folder)
  const server = await startServer(folder)
  const port = Number(new URL(server.url).port)
  const opened: Socket[] = []
  const speak = (text: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(text)
    opened.push(socket)
  }
  speak('GET /healthz HTTP/1.1\r\nHost: x\r\n')
  speak('')
  speak(
    `POST /api/v1/enterprises HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"uscc"`,
  )
  const waiting = fetch(`${server.url}/api/v1/changes?since=0&wait=60`).catch(() => undefined)
  await pause(500)
  const { code, seconds } = await server.end('SIGTERM')
  await waiting
  for (const socket of opened) socket.destroy()
  assert.equal(code, 0)
  assert.ok(seconds < 20, `it took ${seconds} s`)
}

const brokenFiles: Fault = async (folder) => {
  const { acknowledged } = await killed(folder)
  await (await startServer(folder)).end('SIGTERM')
  for (const name of ['views.db', 'search.db', 'drafts.db']) {
    writeFileSync(join(folder, name), 'garbage'.repeat(10_000))
    for (const end of ['-wal', '-shm']) rmSync(join(folder, name + end), { force: true })
  }
  writeFileSync(join(folder, 'session.key'), 'x')
  const server = await startServer(folder)
  for (const name of ['views.db', 'search.db', 'drafts.db', 'session.key'])
    assert.ok(
      readdirSync(folder).some((file) => file.startsWith(`${name}.broken-`)),
      name,
    )
  assert.deepEqual(missing(acknowledged, await shown(server.url)), [])
  await server.end('SIGTERM')
  await zeroedPages(folder)
  await verified(folder)
}

/** Most pages of the index are zeroed: a start mends that, and while it is in use nobody is told that all is well. */
async function zeroedPages(folder: string): Promise<void> {
  const search = join(folder, 'search.db')
  const zero = () => {
    const bytes = readFileSync(search)
    bytes.fill(0, 4096 * 3)
    writeFileSync(search, bytes)
  }
  const found = async (url: string) => {
    const answer = await fetch(`${url}/api/v1/enterprises?q=${encodeURIComponent('示例')}`)
    return { status: answer.status, items: (await answer.json()).items ?? [] }
  }
  const findsAgain = async () => {
    const server = await startServer(folder)
    await until('it finds', async () => (await found(server.url)).items.length > 0)
    await until('it is ready', async () => (await ready(server.url)).code === 200)
    return server
  }
  zero()
  const server = await findsAgain()
  assert.match(server.log(), /search.db 已损坏/)
  const other = new Sqlite(search)
  other.pragma('wal_checkpoint(TRUNCATE)')
  zero()
  // Every reader of the file learns that it has changed.
  other.exec('PRAGMA user_version = 1')
  other.close()
  for (let i = 0; i < 5; i += 1) {
    const { status } = await found(server.url)
    await pause(1_100)
    if (status >= 500) assert.equal((await ready(server.url)).code, 503)
  }
  await server.end('SIGTERM')
  await (await findsAgain()).end('SIGTERM')
}

const portInUse: Fault = async (folder) => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await assert.rejects(startServer(folder, { PORT: String(port) }), /端口 \d+ 已被占用/)
  taken.close()
}

const backupAndRestore: Fault = async (folder) => {
  const key = await keyOf(folder)
  const server = await startServer(folder)
  let isOver = false
  const opening = openFiles(server.url, key, codes('B'), { stop: () => isOver })
  await pause(1_500)
  const backup = `${folder}-backup`
  const made = await cli(folder, 'backup', backup)
  assert.equal(made.code, 0, made.stderr)
  await pause(500)
  isOver = true
  await opening
  const { epoch, position } = await (await fetch(`${server.url}/readyz`)).json()
  assert.equal((await cli(folder, 'restore', backup, '--reason', '演练')).code, 2, 'not while it runs')
  await server.end('SIGTERM')
  const restored = await cli(folder, 'restore', backup, '--reason', '演练')
  assert.equal(restored.code, 0, restored.stderr)
  assert.match(restored.stdout, /缺少序号 \d+ 至 \d+/)
  await verified(folder)
  const again = await startServer(folder)
  const now = await (await fetch(`${again.url}/readyz`)).json()
  assert.notEqual(now.epoch, epoch)
  assert.equal((await fetch(`${again.url}/api/v1/changes?since=${position}`)).status, 409)
  assert.equal((await fetch(`${again.url}/api/v1/changes?since=0&epoch=${epoch}`)).status, 409)
  await again.end('SIGTERM')
  rmSync(backup, { recursive: true })
}

const wrongClock: Fault = async (folder) => {
  const library = [
    '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
    '/usr/lib/faketime/libfaketime.so.1',
  ].find((path) => existsSync(path))
  if (library === undefined) return 'libfaketime is not installed here'
  const { key } = await killed(folder)
  const times = join(folder, 'faketime')
  writeFileSync(times, '+0d')
  const server = await startServer(folder, {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: times,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  writeFileSync(times, '+365d')
  await until('readiness says so', async () => /拨快/.test((await ready(server.url)).reasons.join()))
  const answer = await post(server.url, key, '/enterprises', {
    uscc: codes('C').next().value,
    enterprise: { name: '示例公司' },
  })
  assert.equal(answer.status, 201)
  const db = new Sqlite(join(folder, 'register.db'), { readonly: true })
  const last = String(db.prepare('SELECT max(recorded_at) FROM entry').pluck().get())
  db.close()
  assert.ok(Date.parse(last) < Date.now() + 5_000, last)
  await server.end('SIGTERM')
  return undefined
}

/** A register of a former version, whose last entry lies in the future where the clock has not come so far. */
const oldRegister: Fault = async (folder) => {
  mkdirSync(folder, { recursive: true })
  copyFileSync(new URL('../../test/registers/of-2026-11.db', import.meta.url), join(folder, 'register.db'))
  const isAhead = Date.now() < Date.parse('2027-01-08T02:00:00Z')
  const server = await startServer(folder)
  assert.ok((await shown(server.url)).size > 20)
  if (isAhead) {
    const { code, status, reasons } = await ready(server.url)
    assert.deepEqual([code, status], [200, 'clock'], 'the public goes on reading')
    assert.match(reasons.join(), /晚于服务器时钟/)
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    const accepted = await cli(folder, 'clock', 'accept', '--today', today, '--reason', '演练')
    assert.equal(accepted.code, 0, accepted.stderr)
    await until('it goes on by itself', async () => (await ready(server.url)).status === 'ready')
  }
  await server.end('SIGTERM')
  await verified(folder)
}

export const faults: Readonly<Record<string, Fault>> = {
  kills,
  'lost-log': lostLog,
  'forged-rows': forgedRows,
  'two-processes': twoProcesses,
  'rebuild-beside': rebuildBeside,
  'full-disk': fullDisk,
  'half-open': halfOpen,
  'broken-files': brokenFiles,
  'spoilt-files': spoiltFiles,
  threads,
  'port-in-use': portInUse,
  'backup-restore': backupAndRestore,
  'wrong-clock': wrongClock,
  'old-register': oldRegister,
  nodes,
  failover,
}
