import { spawn } from 'node:child_process'
import { cpSync, existsSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { built } from '../../scripts/build/build.js'
import { cli, startServer } from '../../scripts/faults/processes.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { decideRestore } from '../../src/running/restore.ts'
import { finishRestore, preparedIn, stepsOf, unfinished } from '../../src/running/restoring.ts'
import { temporaryFolder } from '../support.ts'
import { content, inUse, opened } from './in-use.ts'

const CLI = fileURLToPath(await built('cli'))

/** A place with one entry more than its backup. */
async function beyondBackup(t: Test) {
  const folder = await inUse(t)
  const backup = `${folder}-backup`
  t.equal((await cli(folder, 'backup', backup)).code, 0)
  const { position } = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'))
  await opened(folder, 'DEM00004')
  return { folder, backup, position: Number(position) }
}

const registerOf = (folder: string) => {
  const db = new Sqlite(pathsIn(folder).register, { readonly: true })
  const found = {
    ...db.prepare<[], { seq: number; epoch: string }>('SELECT seq, epoch FROM head').get(),
    restored: db.prepare("SELECT count(*) FROM entry WHERE kind = 'register.restored'").pluck().get(),
  }
  db.close()
  return found
}

/** Runs a restore that is killed when something is seen in its place; whether it was. */
async function killedAt(folder: string, args: string[], isSeen: () => boolean): Promise<void> {
  const env = { PATH: process.env.PATH, DATA_DIR: folder }
  const child = spawn(process.execPath, [CLI, 'restore', ...args, '--reason', '演练'], { env })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const look = setInterval(() => {
    if (isSeen()) child.kill('SIGKILL')
  }, 1)
  await ended
  clearInterval(look)
}

t.test(
  'a restore that is killed while it prepares has changed nothing, and done again it names what is lost',
  async (t) => {
    for (const ofBackup of [true, false]) {
      const { folder, backup, position } = await beyondBackup(t)
      const args = ofBackup ? [backup] : ['--as-is']
      const before = registerOf(folder)
      await killedAt(folder, args, () => existsSync(preparedIn(folder)))
      if (!unfinished(folder)) {
        t.same(registerOf(folder), before, 'the same register in the same epoch')
        t.equal((await cli(folder, 'verify')).code, 0)
      }
      const { code, stdout, stderr } = await cli(folder, 'restore', ...args, '--reason', '演练')
      t.equal(code, 0, stderr)
      if (ofBackup) t.match(stdout, `缺少序号 ${position + 1} 至 ${position + 1}（共 1 条）`)
      t.match(registerOf(folder), { restored: 1, seq: ofBackup ? position + 1 : position + 2 })
      t.equal((await cli(folder, 'verify')).code, 0)
      t.notOk(existsSync(preparedIn(folder)))
    }
  },
)

t.test('a restore that was decided is finished from wherever it was ended', async (t) => {
  const { folder, backup, position } = await beyondBackup(t)
  const { register, views } = pathsIn(folder)
  // A file that was put on another disk is kept as it is, and what comes takes its place.
  const elsewhere = temporaryFolder(t)
  renameSync(views, join(elsewhere, 'views.db'))
  symlinkSync(join(elsewhere, 'views.db'), views)
  const former = readFileSync(register)
  const words = '缺少序号若干'
  await decideRestore(folder, new Date(), { folder: backup, reason: '演练', inWords: () => words })
  const plan = unfinished(folder)
  if (!plan) return t.fail('it was not decided')
  const steps = stepsOf(folder, plan).length
  const looked = await cli(folder, 'verify')
  t.match(looked, { code: 2, stderr: /恢复中途停下，还没有做完；启动服务，或再执行一次/ })
  t.match(await cli(folder, 'doctor'), { code: 1, stdout: /有误 {2}数据目录：.*恢复中途停下/ })
  t.equal((await cli(folder, 'backup', `${folder}-other`)).code, 2)
  let whole: Record<string, string> | undefined
  for (let done = 0; done <= steps; done += 1) {
    const copy = join(temporaryFolder(t), 'data')
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
    for (const step of stepsOf(copy, plan).slice(0, done)) step()
    finishRestore(copy)
    whole ??= content(copy)
    t.same(content(copy), whole, `after ${done} of ${steps} steps`)
    t.equal(finishRestore(copy), undefined, 'there is nothing left to do')
    t.same(readFileSync(join(copy, plan.keptIn, 'register.db')), former, 'what was there is kept')
    t.equal(readFileSync(join(copy, plan.keptIn, 'restored.txt'), 'utf8'), words)
    t.match(registerOf(copy), { seq: position + 1, restored: 1 })
  }
  const [byStart, byCommand] = ['start', 'command'].map((name) => {
    const copy = join(temporaryFolder(t), name)
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
    for (const step of stepsOf(copy, plan).slice(0, 3)) step()
    return copy
  })
  const server = await startServer(byStart ?? '')
  t.match(server.log(), `上次的恢复中途停下，现已做完：${words}`)
  await server.end('SIGTERM')
  t.equal((await cli(byStart ?? '', 'verify')).code, 0)
  const again = ['restore', backup, '--reason', '演练'] as const
  t.match(await cli(byCommand ?? '', ...again), { code: 0, stdout: `上次的恢复中途停下，现已做完：${words}` })
  t.match(registerOf(byCommand ?? ''), { seq: position + 1, restored: 1 }, 'it is not done twice')
  t.match(await cli(folder, 'restore', '--as-is', '--reason', '演练'), {
    code: 1,
    stdout: words,
    stderr: /这一次所写的没有恢复/,
  })
})
