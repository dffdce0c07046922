import { strict as assert } from 'node:assert'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import { codes, openFiles, ready, until } from './load.ts'
import { cli, keyOf, type Server, startServer } from './processes.ts'

/** What is spoilt at a time, of what can be made again or may be lost: what answers are read from, and all the rest together. */
const SPOILT: readonly (readonly string[])[] = [
  ['views.db'],
  ['search.db'],
  ['search.table', 'drafts.db', 'imports.db', 'sessions.db', 'following.db'],
]

/** What is done to a file, whose place another register's would take. */
const HARMS: Readonly<Record<string, (path: string, others: string) => void>> = {
  garbage: (path) => writeFileSync(path, Buffer.alloc(200_000, 'garbage')),
  halved: (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  'zeroed but for its first page': (path) => {
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0, 4096))
  },
  'another register’s': (path, others) => {
    cpSync(others, `${path}.new`)
    renameSync(`${path}.new`, path)
  },
}

/** A register with some files that was stopped in good order, and the codes of these. */
async function made(folder: string, letter: string): Promise<string[]> {
  const key = await keyOf(folder)
  const server = await startServer(folder)
  let asked = 0
  const stop = () => {
    asked += 1
    return asked > 25
  }
  const known = [...(await openFiles(server.url, key, codes(letter), { clients: 1, stop }))]
  assert.ok(known.length > 20, `${known.length} files were opened`)
  await until('the index has them', async () => (await found(server, known.at(-1) ?? '')) === 'right')
  await server.end('SIGTERM')
  return known
}

/** What the search says of a firm that there is: it, something else, or that it can't say. */
async function found({ url }: Server, code: string): Promise<'right' | 'wrong' | 'unavailable'> {
  const answer = await fetch(`${url}/api/v1/enterprises?q=${code}`)
  if (answer.status >= 500) return 'unavailable'
  const { items } = await answer.json()
  return items?.length === 1 && items[0].uscc === code ? 'right' : 'wrong'
}

/** The same of its file. */
async function read({ url }: Server, code: string): Promise<'right' | 'wrong' | 'unavailable'> {
  const answer = await fetch(`${url}/api/v1/enterprises/${code}`)
  if (answer.status >= 500) return 'unavailable'
  return answer.status === 200 && (await answer.json()).enterprise?.name === `示例${code}公司`
    ? 'right'
    : 'wrong'
}

/** All that is asked for some time is right or said to be unavailable, and who is unavailable is not said to be fit. */
async function honest(server: Server, known: readonly string[], what: string): Promise<void> {
  let failing = 0
  for (let round = 0; round < 6; round += 1) {
    const code = known[(round * 7) % known.length] ?? ''
    const answers = await Promise.all([found(server, code), read(server, code)])
    assert.ok(!answers.includes('wrong'), `${what}: ${answers.join()} of ${code}`)
    failing = answers.includes('unavailable') ? failing + 1 : 0
    // What was found out a second ago may still be told.
    if (failing > 3) assert.equal((await ready(server.url)).code, 503, what)
    await pause(400)
  }
}

/** A start either says in words why it can't go on, or shows all there is. */
async function whole(folder: string, known: readonly string[], what: string): Promise<void> {
  const server = await startServer(folder).catch((error: unknown) => String(error))
  if (typeof server === 'string') {
    assert.match(server, /ended with 2/, what)
    assert.match(server, /无法启动：.*(视图|检索索引).*由另一份登记簿算出|已到序号/, what)
    return
  }
  await until(`${what}: all is shown`, async () => {
    const answers = await Promise.all(known.map((code) => found(server, code)))
    return answers.every((answer) => answer === 'right')
  })
  for (const code of known) assert.equal(await read(server, code), 'right', `${what}: ${code}`)
  await until(`${what}: it is ready`, async () => (await ready(server.url)).status === 'ready')
  await server.end('SIGTERM')
  const verified = await cli(folder, 'verify')
  assert.equal(verified.code, 0, `${what}: ${verified.stdout}`)
}

/**
 * Each file that can be made again is spoilt in each way, while the node is stopped and while it runs: nothing is answered
 * wrongly, nobody who fails says that they are fit, and the next start has all or says what is the matter.
 */
export const spoiltFiles: Fault = async (folder) => {
  const [kept, other] = [`${folder}-kept`, `${folder}-other`]
  const known = await made(kept, 'G')
  await made(other, 'H')
  // Kept of a large index only; of a small one a start has to see that it is none.
  for (const one of [kept, other]) writeFileSync(join(one, 'search.table'), `no table of ${one}`)
  const afresh = () => {
    rmSync(folder, { recursive: true, force: true })
    cpSync(kept, folder, { recursive: true })
  }
  for (const names of SPOILT)
    for (const [harm, act] of Object.entries(HARMS)) {
      const spoil = () => {
        for (const name of names) if (existsSync(join(kept, name))) act(join(folder, name), join(other, name))
      }
      const what = `${names.join()}, ${harm}`
      afresh()
      spoil()
      await whole(folder, known, `${what}, while stopped`)
      afresh()
      const server = await startServer(folder)
      await until('it finds', async () => (await found(server, known[0] ?? '')) === 'right')
      spoil()
      await honest(server, known, `${what}, while running`)
      await server.end('SIGTERM')
      await whole(folder, known, `${what}, while running, and then a start`)
    }
  for (const path of [kept, other]) rmSync(path, { recursive: true })
}
