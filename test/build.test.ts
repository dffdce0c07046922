import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { built } from '../scripts/build/build.js'
import { compile } from '../scripts/build/compiled.js'
import { temporaryFolder } from './support.ts'

/** What the help of the command line begins with. */
const TITLE = '河北省企业质量信用档案'

// Beside what was built, as the libraries are found from there.
const original = dirname(fileURLToPath(await built('cli')))
const folder = `${original}.test-${process.pid}`
cpSync(original, folder, { recursive: true })
for (const name of readdirSync(join(folder, 'compiled'))) rmSync(join(folder, 'compiled', name))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

/** Whether Node took what was compiled of a program; one that says it is another, where its parts have other versions. */
async function taken(program: string, versions: Record<string, string> = {}): Promise<unknown> {
  const asked = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, ...${JSON.stringify(versions)} } })
    const { Script } = require('node:vm')
    const { compiled } = require('./program.js')
    const { text, data } = compiled(process.argv[1])
    const script = new Script(require('node:module').wrap(text), { cachedData: data })
    process.stdout.write(JSON.stringify(data === undefined ? null : !script.cachedDataRejected))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', asked, program], { cwd: folder })
  return JSON.parse(stdout)
}

const help = async (environment: Record<string, string> = {}) =>
  (
    await promisify(execFile)(process.execPath, [join(folder, 'cli.js'), '--help'], {
      env: { PATH: process.env.PATH, ...environment },
    })
  ).stdout

/** How a program ends that can't begin, and what it says. */
const refused = (program: string) =>
  promisify(execFile)(process.execPath, [join(folder, `${program}.js`)]).then(
    () => ({ code: 0, stderr: '' }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  )

t.test('what a start needs is kept compiled, and taken', async (t) => {
  t.equal(await taken('main'), null, 'nothing before')
  t.ok(await compile(folder))
  const names = readdirSync(join(folder, 'compiled')).map((name) => name.replace('.bin', ''))
  for (const name of [
    'main',
    'cli',
    'writer-thread',
    'searching-thread',
    'computing-thread',
    'access-thread',
  ])
    t.ok(names.includes(name), name)
  for (const name of names) t.equal(await taken(name), true, name)
  // V8 would take what another release of its line has made, and the process ends of it.
  for (const part of ['node', 'v8']) t.equal(await taken('cli', { [part]: '20.19.0' }), null, part)
  t.match(await help(), TITLE)
})

t.test('kept compiled, a program still loads what it needs later only', async (t) => {
  const command = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(folder, 'cli.js'), ...args], {
      env: { PATH: process.env.PATH, DATA_DIR: join(place, 'data') },
    }).catch((error: { stdout: string; stderr: string }) => error)
  const place = temporaryFolder(t)
  const table = join(place, 'firms.xls')
  cpSync(new URL('./exchange/cases/63-excel-97.xls', import.meta.url), table)
  await command('init')
  t.equal(await taken('cli'), true)
  const { stdout, stderr } = await command('import', 'enterprise', table, '--preview')
  t.match(stdout, /共 \d+ 行/)
  t.equal(stderr, '')
})

t.test('what was compiled of another text, or is damaged, is left alone', async (t) => {
  const program = join(folder, 'programs/cli.js')
  const text = readFileSync(program, 'utf8')
  const escaped = (words: string) =>
    [...words]
      .map((character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
      .join('')
  const other = text.replaceAll(escaped(TITLE), escaped([...TITLE].reverse().join('')))
  t.not(other, text)
  t.equal(other.length, text.length, 'V8 itself would look at the length alone')
  writeFileSync(program, other)
  t.equal(await taken('cli'), null)
  t.match(await help(), [...TITLE].reverse().join(''), 'the program that stands there is run')
  writeFileSync(program, text)

  const kept = join(folder, 'compiled/cli.bin')
  const bytes = readFileSync(kept)
  for (const at of [0, 31, 32, Math.floor(bytes.length / 2), bytes.length - 1]) {
    const damaged = Buffer.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    writeFileSync(kept, damaged)
    t.equal(await taken('cli'), null, `byte ${at}`)
  }
  for (const length of [0, 16, 32, 1_000, bytes.length - 1]) {
    writeFileSync(kept, bytes.subarray(0, length))
    t.equal(await taken('cli'), null, `cut at ${length}`)
  }
  t.match(await help(), TITLE)
})

t.test('asked to keep what it can not keep, a program does its work all the same', async (t) => {
  const kept = join(folder, 'compiled/cli.bin')
  rmSync(kept, { force: true })
  mkdirSync(kept)
  t.match(await help({ KEEP_COMPILED: '1' }), TITLE)
  t.match(await help({ KEEP_COMPILED: folder }), TITLE)
  rmSync(kept, { recursive: true })
})

t.test('a program that is not there whole is said in words', async (t) => {
  const program = join(folder, 'programs/main.js')
  const text = readFileSync(program)
  for (const [name, harm] of [
    ['missing', () => undefined],
    ['cut', () => writeFileSync(program, text.subarray(0, 100_000))],
    ['a folder', () => mkdirSync(program)],
  ] as const) {
    rmSync(program, { recursive: true, force: true })
    harm()
    const { code, stderr } = await refused('main')
    t.equal(code, 2, name)
    t.match(stderr, /^无法启动：[^\n]+请[^\n]+\n$/, name)
  }
  rmSync(program, { recursive: true, force: true })
  writeFileSync(program, text)
})
