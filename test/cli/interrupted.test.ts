import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { built } from '../../scripts/build/build.js'
import { Sqlite } from '../../src/register/driver.ts'
import { temporaryFolder, unifiedCode } from '../support.ts'
import { commandLine } from './command.ts'

const CLI = fileURLToPath(await built('cli'))
const COUNT = 8_000

t.test('an import that is interrupted says how far it came, and another completes it', async (t) => {
  const folder = temporaryFolder(t)
  const DATA_DIR = join(folder, 'data')
  const command = commandLine(DATA_DIR)
  t.equal((await command(['init'])).code, 0)
  const table = join(folder, 'firms.csv')
  const rows = Array.from(
    { length: COUNT },
    (_, n) => `示例${n}公司,${unifiedCode(`DN${String(n).padStart(6, '0')}`)}`,
  )
  writeFileSync(table, `企业名称,统一社会信用代码\n${rows.join('\n')}\n`)
  const register = new Sqlite(join(DATA_DIR, 'register.db'), { readonly: true })
  t.teardown(() => register.close())
  const firms = register
    .prepare<[], number>("SELECT count(*) FROM entry WHERE kind = 'enterprise.opened'")
    .pluck()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const known = firms.get() ?? 0
    const env = { PATH: process.env.PATH, DATA_DIR }
    const child = spawn(process.execPath, [CLI, 'import', 'enterprise', table], { env })
    t.teardown(() => child.kill('SIGKILL'))
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    while (firms.get() === known && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 10))
    child.kill(signal)
    t.equal(await ended, 1, said)
    t.match(said, /命令被中断。\n在此之前至少已导入：共 \d+ 行：[\s\S]*再次导入同一文件即可补齐/)
    const [, opened] = /新建档案 (\d+)，/.exec(said) ?? []
    t.equal((firms.get() ?? 0) - known, Number(opened), 'as many as it says')
    t.ok(Number(opened) > 0 && Number(opened) < COUNT)
  }
  t.same(readdirSync(folder).sort(), ['data', 'firms.csv'], 'nothing is left beside')
  const before = firms.get() ?? 0
  t.match(await command(['import', 'enterprise', table]), {
    code: 0,
    stdout: new RegExp(`新建档案 ${COUNT - before}，`),
  })
  t.equal((await command(['verify'])).code, 0)
})

t.test('any other command that is interrupted says so', async (t) => {
  const DATA_DIR = join(temporaryFolder(t), 'data')
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const) {
    // It waits for the password that is to be typed.
    const child = spawn(process.execPath, [CLI, 'init'], { env: { PATH: process.env.PATH, DATA_DIR } })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    await new Promise((resolve) => setTimeout(resolve, 400))
    child.kill(signal)
    const came = await ended
    if (came !== null && came > 128) {
      t.equal(came, code)
      t.match(said, new RegExp(`中断（${signal}）`))
    } else t.ok(came === 0 || came === 2 || came === null, `${signal}: it was over, or not yet begun`)
  }
})
