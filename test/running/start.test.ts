import { spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { built } from '../../scripts/build/build.js'
import { Sqlite } from '../../src/register/driver.ts'
import { commandLine, INSIDE } from '../cli/command.ts'
import { temporaryFolder } from '../support.ts'

const MAIN = fileURLToPath(await built('main'))
const PRODUCTION = { NODE_ENV: 'production', PUBLIC_URL: 'http://localhost' }
/** Where a start makes a register in an empty place. */
const MAKING = { NODE_ENV: 'development', DEMO: 'false' }
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

interface As {
  user?: number
  openFiles?: number
}

/** What a start that fails says, and how it ends. */
function started(environment: Record<string, string>, { user, openFiles }: As = {}) {
  const whole = {
    PATH: process.env.PATH ?? '',
    PORT: '0',
    HOST: '127.0.0.1',
    ...PRODUCTION,
    ...environment,
  }
  const limit = openFiles === undefined ? [] : ['sh', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`]
  return new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    // In an environment of its own: what the test runner puts into that of a child would write as a user who may not.
    const pairs = Object.entries(whole).map(([name, value]) => `${name}=${value}`)
    const child = spawn('env', ['-i', ...pairs, ...limit, process.execPath, MAIN], {
      timeout: 60_000,
      ...(user !== undefined && { uid: user, gid: user }),
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('Server listening')) child.kill('SIGKILL')
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, said }))
  })
}

async function refused(t: Test, name: string, expected: RegExp, ...asked: Parameters<typeof started>) {
  const { code, said } = await started(...asked)
  t.equal(code, 2, `${name}: ${said}`)
  t.match(said, expected, name)
  t.notMatch(said, INSIDE, name)
}

async function portTaken(t: Test): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = server.address()
  return String(typeof address === 'object' && address ? address.port : 0)
}

t.test('where it can not listen it opens nothing, and says why', async (t) => {
  const DATA_DIR = join(temporaryFolder(t), 'data')
  for (const [name, environment, expected] of [
    ['unknown host', { HOST: 'foo.invalid' }, /无法启动：HOST=foo\.invalid (暂时)?查不到地址/],
    ['host of another machine', { HOST: '203.0.113.7' }, /HOST=203\.0\.113\.7 不是本机的地址/],
    ['port in use', { PORT: await portTaken(t) }, /端口 \d+ 已被占用/],
    ['misspelt host', { HOST: '[::1]' }, /HOST=\[::1\]：应为本机的地址/],
  ] as const)
    await refused(t, name, expected, { DATA_DIR, ...environment })
  if (isRoot && isReadable())
    await refused(t, 'low port', /不能使用端口 80：/, { DATA_DIR, PORT: '80' }, { user: NOBODY })
  t.equal(existsSync(DATA_DIR), false, 'no register is made in passing')
  await refused(t, 'few handles', /可以打开的文件数只有 60/, { DATA_DIR, ...MAKING }, { openFiles: 60 })
})

t.test('where it can not keep its data it says why', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'file'), '')
  for (const [DATA_DIR, expected] of [
    ['/proc/x', /没有数据目录 \/proc\/x/],
    ['/proc/x/y', /没有.*\/proc\/x/],
    ['/dev/null', /\/dev\/null 不是目录/],
    ['/dev/null/x', /不是目录/],
    [join(folder, 'file'), /不是目录/],
    [join(folder, 'x'.repeat(300)), /名称过长/],
  ] as const)
    await refused(t, DATA_DIR, expected, { DATA_DIR, ...MAKING })
  const locked = join(folder, 'locked')
  t.equal((await commandLine(locked)(['init'])).code, 0)
  const other = new Sqlite(join(locked, 'register.db'))
  other.exec('BEGIN EXCLUSIVE')
  await refused(t, 'locked', /占用/, { DATA_DIR: locked })
  other.close()
})

t.test('what its user may not do', { skip: !isRoot || !isReadable() }, async (t) => {
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o755)
  const own = (name: string) => {
    const path = join(folder, name)
    mkdirSync(path)
    chownSync(path, NOBODY, NOBODY)
    return path
  }
  await refused(t, 'may not make', /没有权限/, { DATA_DIR: join(folder, 'new'), ...MAKING }, { user: NOBODY })
  const readOnly = own('read-only')
  chmodSync(readOnly, 0o500)
  await refused(t, 'read-only', /打不开|没有权限/, { DATA_DIR: readOnly, ...MAKING }, { user: NOBODY })
  for (const name of ['register.db', 'views.db', 'access.db']) {
    const DATA_DIR = own(`unreadable-${name}`)
    chownSync(DATA_DIR, 0, 0)
    t.equal((await commandLine(DATA_DIR)(['init'])).code, 0)
    for (const made of ['.', ...readdirSync(DATA_DIR)]) chownSync(join(DATA_DIR, made), NOBODY, NOBODY)
    chmodSync(join(DATA_DIR, name), 0)
    await refused(t, name, /不能读取|没有权限/, { DATA_DIR }, { user: NOBODY })
  }
})

/** Whether other users may read this checkout. */
function isReadable(): boolean {
  for (let folder = dirname(MAIN); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false
    if (dirname(folder) === folder) return true
  }
}

t.test('Node’s debugger is closed where an option or a signal before anybody listens opens it', async (t) => {
  const opened = async (options: string, signalAfter?: number) => {
    const DATA_DIR = join(temporaryFolder(t), 'data')
    await commandLine(DATA_DIR)(['init'])
    const env = {
      ...{ PATH: process.env.PATH ?? '', DATA_DIR, ...PRODUCTION },
      ...{ PORT: '0', HOST: '127.0.0.1', NODE_OPTIONS: options },
    }
    const child = spawn(process.execPath, ['--inspect-port=0', MAIN], { env })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    if (signalAfter !== undefined) setTimeout(() => child.kill('SIGUSR1'), signalAfter)
    while (!said.includes('Server listening') && child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 600))
    const [address] = /(?<=Debugger listening on ws:\/\/)[^/\s]+/.exec(said) ?? []
    const isOpen =
      address !== undefined &&
      (await fetch(`http://${address}/json`).then(
        () => true,
        () => false,
      ))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.on('close', resolve))
    return { wasOpened: address !== undefined, isOpen, said }
  }
  const asked = await opened('--inspect=127.0.0.1:0')
  t.match(asked, { wasOpened: true, isOpen: false, said: /调试端口（inspector）已打开，随即关闭/ })
  for (const after of [40, 70, 100, 150]) {
    const { wasOpened, isOpen, said } = await opened('', after)
    t.equal(isOpen, false, `${after} ms: ${said.slice(0, 300)}`)
    if (wasOpened) t.match(said, /随即关闭/)
  }
})
