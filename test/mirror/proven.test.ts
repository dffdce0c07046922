import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { keepUp } from '../../src/bulk/copies.ts'
import { signedManifest } from '../../src/bulk/manifest.ts'
import { openStampKeys, type StampKeys } from '../../src/checking/keys.ts'
import { voucherOf } from '../../src/checking/voucher.ts'
import { checkMirror, mirror, type Progress } from '../../src/mirror/mirror.ts'
import { pauseIn, Source } from '../../src/mirror/source.ts'
import { Unproven } from '../../src/mirror/trust.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { commandLine } from '../cli/command.ts'
import { temporaryFolder } from '../support.ts'
import { following, held, KEYS } from './following.ts'

const PULL = fileURLToPath(new URL('../../docs/pull/mirror.mjs', import.meta.url))
const NAME = '示例甲有限公司'
const FALSE_NAME = '被改名的厂'

/** What somebody on the line makes of an answer: other bytes, or (null) that there is none. */
type Alter = (path: string, body: Buffer) => Buffer | null | Promise<Buffer | null>

/** Somebody on the line to a registry, who may alter each answer. */
async function between(t: Test, url: string) {
  let alter: Alter = (_, body) => body
  const server = createServer(async ({ url: path = '', headers }, reply) => {
    const { authorization } = headers
    const answer = await fetch(`${url}${path}`, { headers: { ...(authorization && { authorization }) } })
    const body = await alter(path, Buffer.from(await answer.arrayBuffer()))
    reply.statusCode = body === null ? 404 : answer.status
    reply.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    alters(next: Alter) {
      alter = next
    },
  }
}

const asIs: Alter = (_, body) => body
const renamed = (body: Buffer) => gzipSync(gunzipSync(body).toString().replaceAll(NAME, FALSE_NAME))
/** The manifest of a copy whose file was altered. */
const manifestFor = (manifest: Buffer, file: Buffer) => {
  const own = JSON.parse(manifest.toString())
  for (const one of own.files)
    if (one.name === 'files.ndjson.gz')
      Object.assign(one, { bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') })
  return Buffer.from(JSON.stringify(own))
}

async function ready(t: Test) {
  const followed = await following(t)
  const { url, fact, copy, server } = followed
  await fact(KEYS[0] ?? '', 'enterprise.opened', { data: { name: NAME } })
  await copy()
  const line = await between(t, url)
  const path = join(server.folder, 'public.db')
  const told: Progress[] = []
  const tell = (one: Progress) => {
    told.push(one)
  }
  const signal = new AbortController().signal
  const source = new Source(line.url, undefined, signal)
  const manner = { follow: false, acknowledges: false, signal, tell }
  const pull = (keys?: Parameters<typeof mirror>[2]['keys']) =>
    mirror(source, path, { ...manner, ...(keys && { keys }) })
  /** Lets it begin with a copy again; what it holds, and the keys that it knows, stay until then. */
  const anew = () => inFile(path, "UPDATE place SET epoch = 'other'")
  /** The puller of the documents, on a file of its own. */
  const script = join(server.folder, 'script.db')
  const pullByScript = async () => {
    const child = spawn(process.execPath, [PULL, line.url, script], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    const [code] = await once(child, 'close')
    return { code, said }
  }
  const anewByScript = () => inFile(script, 'DELETE FROM place')
  const heldByScript = () => inFile(script, 'SELECT json FROM file').join()
  return { ...followed, line, path, told, tell, source, pull, anew, pullByScript, anewByScript, heldByScript }
}

/** Does a statement in a mirror's file; gives the texts that it finds. */
function inFile(path: string, sql: string): string[] {
  const connection = new Sqlite(path)
  const statement = connection.prepare<[], string>(sql)
  const found = statement.reader ? statement.pluck().all() : []
  if (!statement.reader) statement.run()
  connection.close()
  return found
}

/** A folder with keys of another registry. */
async function otherKeys(t: Test) {
  const folder = temporaryFolder(t)
  return openStampKeys(pathsIn(folder), () => new Date('2026-01-01T00:00:00Z'))
}

t.test('what somebody on the line has altered is not taken, whatever is altered with it', async (t) => {
  const { line, path, pull, anew, pullByScript, anewByScript, heldByScript, url, stamps } = await ready(t)
  const foreign = await otherKeys(t)
  const listed = await (await fetch(`${url}/bulk/public`)).json()
  const folder: string = listed.items[0].href.replace('manifest.json', '')
  const bytesOf = async (name: string) =>
    Buffer.from(await (await fetch(`${url}${folder}${name}`)).arrayBuffer())
  const file = renamed(await bytesOf('files.ndjson.gz'))
  const manifest = manifestFor(await bytesOf('manifest.json'), file)
  const [head = '', , signature = ''] = (await bytesOf('manifest.jws')).toString().split('.')
  const resigned = `${head}.${manifest.toString('base64url')}.${signature}`
  const ofOther = await signedManifest(manifest, foreign)
  const inOthersName = await signedManifest(manifest, { ...foreign, kid: stamps.kid })
  const unsigned = `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'copy-manifest+jws', kid: stamps.kid })).toString('base64url')}.${manifest.toString('base64url')}.`
  const asOf =
    (jws: string | null): Alter =>
    (path, body) => {
      if (path.endsWith('manifest.json')) return manifest
      if (path.endsWith('files.ndjson.gz')) return file
      if (path.endsWith('manifest.jws')) return jws === null ? null : Buffer.from(jws)
      return body
    }
  // The keys are known before anybody stands on the line.
  await pull()
  t.equal((await pullByScript()).code, 0)
  const cases: [string, Alter, RegExp, RegExp][] = [
    ['the file', (path, body) => (path.endsWith('.gz') ? file : body), /摘要不符/, /differs/],
    ['the manifest too', asOf(resigned), /没有以所知的签章公钥签名/, /not signed/],
    ['and the signature withheld', asOf(null), /没有签名/, /no signature/],
    ['and signed by another', asOf(ofOther), /没有以所知的签章公钥签名/, /not signed/],
    ['and signed in its name', asOf(inOthersName), /没有以所知的签章公钥签名/, /not signed/],
    ['and signed by nobody', asOf(unsigned), /没有以所知的签章公钥签名/, /not signed/],
    ['and no signature at all', asOf('<html>'), /没有以所知的签章公钥签名/, /Error/],
  ]
  const before = held(path)
  for (const [what, alter, words, scriptWords] of cases) {
    line.alters(alter)
    anew()
    await t.rejects(pull(), { message: words }, what)
    t.same(held(path), before, `${what}: what it held stays`)
    anewByScript()
    const { code, said } = await pullByScript()
    t.not(code, 0, what)
    t.match(said, scriptWords, what)
    t.match(heldByScript(), NAME, what)
  }
  line.alters((path, body) => (path.endsWith('manifest.json') ? manifest : body))
  await pull()
  t.same(held(path), before, 'the manifest that lies beside the signed one is not asked')
  t.equal((await pullByScript()).code, 0)
  t.match(heldByScript(), NAME)
})

t.test('a renewed key is taken where the one before vouches for it, or its operator says so', async (t) => {
  const { server, line, path, pull, anew, told, tell, source, stamps } = await ready(t)
  const paths = pathsIn(server.folder)
  await pull()
  t.match(told, [{ trusted: { kids: [stamps.kid], how: 'first' } }, { copied: { things: 1 } }])
  const published =
    (keys: readonly object[]): Alter =>
    (path, body) =>
      path === '/check/keys.json' ? Buffer.from(JSON.stringify({ keys })) : body
  const renewed = async (day: string, isFormer: boolean) => {
    server.clock.set(`${day}T02:00:00.000Z`)
    if (isFormer) renameSync(paths.stampKey, `${paths.stampKey}.former`)
    else rmSync(paths.stampKey)
    return openStampKeys(paths, server.clock.now)
  }
  const copyBy = async (keys: StampKeys) => {
    const { epoch } = await server.register.standing()
    const parts = { folder: paths.bulk, views: paths.views, catalogue, keys, epoch, days: 35 }
    await keepUp({ ...parts, now: server.clock.now }, true)
    line.alters(published(keys.all))
    anew()
    told.length = 0
  }
  const second = await renewed('2026-11-25', true)
  t.notOk(existsSync(`${paths.stampKey}.former`), 'a key that has vouched is gone')
  t.ok(second.all.at(-1)?.voucher)
  const third = await renewed('2026-11-26', true)
  await copyBy(third)
  await pull()
  t.match(told[0], { trusted: { kids: [second.kid, third.kid], how: 'vouched' } })
  t.same(await checkMirror(source, path, tell), [], 'both steps, one after the other')
  // The key before has had its time: what it signs from now on is a thief's.
  server.clock.set('2026-11-27T02:00:00.000Z')
  await copyBy({ ...second, all: third.all })
  await t.rejects(pull(), Unproven)
  // Nobody vouches for the next one, or somebody else does.
  const fourth = await renewed('2026-11-28', false)
  t.equal(fourth.all.at(-1)?.voucher, undefined)
  await copyBy(fourth)
  await t.rejects(pull(), { message: /以前的担保.*--keys/ })
  const foreign = await otherKeys(t)
  const [own] = fourth.all.slice(-1)
  if (!own) throw new Error('no key')
  for (const [what, keys] of [
    ['another registry', { kid: foreign.kid, sign: foreign.sign }],
    ['another in its name', { kid: third.kid, sign: foreign.sign }],
    ['itself', { kid: fourth.kid, sign: fourth.sign }],
    ['a key whose time is over', { kid: second.kid, sign: second.sign }],
  ] as const) {
    line.alters(published([...third.all, { ...own, voucher: await voucherOf(own, keys) }]))
    await t.rejects(pull(), Unproven, what)
  }
  const ofThird = { kid: third.kid, sign: third.sign }
  const other = await voucherOf({ ...own, from: '2026-11-27T02:00:00.000Z' }, ofThird)
  line.alters(published([...third.all, { ...own, voucher: other }]))
  await t.rejects(pull(), Unproven, 'what was vouched for began on another day')
  line.alters(
    published([
      ...third.all,
      { ...own, kid: foreign.kid, voucher: await voucherOf({ ...own, kid: foreign.kid }, ofThird) },
    ]),
  )
  await t.rejects(pull(), Unproven, 'a key under the name of another')
  line.alters(published([]))
  await pull(fourth.all)
  t.same(await checkMirror(source, path, tell), [], 'as the operator says')
  anew()
  await t.rejects(pull(foreign.all), Unproven, 'and no others than those')
})

t.test('an older copy, one of another registry or for somebody else is not taken', async (t) => {
  const { server, line, path, pull, anew, copy, url, fact, stamps } = await ready(t)
  const files = new Map<string, Buffer>()
  const listed = await (await fetch(`${url}/bulk/public`)).json()
  const folder: string = listed.items[0].href.replace('manifest.json', '')
  for (const path of ['/bulk/public', `${folder}manifest.jws`, `${folder}files.ndjson.gz`])
    files.set(path, Buffer.from(await (await fetch(`${url}${path}`)).arrayBuffer()))
  const replay: Alter = (path, body) => files.get(path) ?? body
  server.clock.set('2026-11-24T02:00:01.000Z')
  await fact(KEYS[0] ?? '', 'enterprise.changed', { changes: { name: '示例甲新名有限公司' } })
  await copy()
  await pull()
  const before = held(path)
  line.alters(replay)
  anew()
  await t.rejects(pull(), { message: /早于此前取得的/ })
  t.same(held(path), before)
  line.alters(asIs)
  await pull()
  t.same(held(path), before, 'the same copy once more is not older')
  const other = await ready(t)
  const there = new Source(other.url, undefined, new AbortController().signal)
  anew()
  const manner = { follow: false, acknowledges: false, signal: new AbortController().signal, tell() {} }
  await t.rejects(mirror(there, path, manner), { message: /别的登记系统/ })
  t.same(held(path), before)
  const [made] = (await (await fetch(`${url}/bulk/public`)).json()).items
  const own = JSON.parse(await (await fetch(`${url}${made.href}`)).text())
  const platform = await signedManifest(Buffer.from(JSON.stringify({ ...own, audience: 'platform' })), stamps)
  line.alters((path, body) => (path.endsWith('.jws') ? Buffer.from(platform) : body))
  await t.rejects(pull(), { message: /另一种副本/ })
  t.same(held(path), before)
})

t.test('the command line says what it trusts, and why it does not', async (t) => {
  const { server, line, stamps } = await ready(t)
  const run = commandLine(server.folder)
  const folder = temporaryFolder(t)
  const file = join(folder, 'held.db')
  const keys = join(folder, 'keys.json')
  writeFileSync(keys, '{"keys": [{}]}')
  t.match(await run(['mirror', line.url, file, '--keys', keys]), {
    code: 2,
    stderr: /keys.json 不是公钥文件/,
  })
  const foreign = await otherKeys(t)
  writeFileSync(keys, JSON.stringify({ keys: foreign.all }))
  t.match(await run(['mirror', line.url, file, '--keys', keys]), {
    code: 2,
    stderr: /没有取用 http.*没有以所知的签章公钥签名.*--keys/,
  })
  line.alters((path, body) => (path === '/check/keys.json' ? null : body))
  const unknown = join(folder, 'unknown.db')
  t.match(await run(['mirror', line.url, unknown]), { code: 2, stderr: /没有公布签章公钥/ })
  line.alters(asIs)
  const first = await run(['mirror', line.url, unknown, '--check'])
  t.match(first, { code: 0, stdout: /与最近的全量副本相符/ })
  t.match(first.stderr, new RegExp(`第一次取用：.*${stamps.kid}`))
  t.match(first.stderr, /制作于 .*签名无误/)
  line.alters((path, body) => (path === '/bulk/public' ? Buffer.from('{"items":[]}') : body))
  const without = await run(['mirror', line.url, join(folder, 'without.db'), '--check'])
  t.match(without, { code: 0, stdout: /现在没有全量副本，没有核对/, stderr: /变更没有签名/ })
})

t.test('a source that gives more than it has signed fills no disk', async (t) => {
  const { line, pull, server } = await ready(t)
  let given = 0
  line.alters((path, body) => {
    if (!path.endsWith('.gz')) return body
    given += 1
    return Buffer.concat([body, Buffer.alloc(5_000_000)])
  })
  await t.rejects(pull(), /超过应有的长度/)
  t.equal(given, 1, 'nor is it asked again')
  const parts = readdirSync(server.folder).filter((name) => name.endsWith('.part'))
  for (const name of parts) t.ok(statSync(join(server.folder, name)).size < 5_000_000, name)
  line.alters(asIs)
  await t.resolves(pull(), 'and the next time it goes on')
})

t.test('when a source asks to come again at a time, it is come again then', (t) => {
  const now = Date.parse('2026-03-02T00:00:00Z')
  const cases: [said: string | null, pauseMs: number][] = [
    [null, 0],
    ['0', 0],
    ['30', 30_000],
    ['Mon, 02 Mar 2026 00:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 00:00:00 GMT', 0],
    ['soon', 0],
    ['-1', 0],
    ['1e9', 0],
  ]
  for (const [said, pauseMs] of cases) t.equal(pauseIn(said, now), pauseMs, String(said))
  t.end()
})
