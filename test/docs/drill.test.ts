import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { built } from '../../scripts/build/build.js'
import { openRegistry } from '../../src/running/open-registry.ts'
import { temporaryFolder, unifiedCode } from '../support.ts'

const ROOT = new URL('../..', import.meta.url)
const run = promisify(execFile)
const fail = (error: unknown) => {
  throw error
}

const operations = readFileSync(new URL('docs/operations.md', ROOT), 'utf8')
const chapter = operations.slice(operations.indexOf('## 备份和恢复'), operations.indexOf('## 时钟'))
/** The commands of the chapter, in its order. */
const commands = Array.from(chapter.matchAll(/```sh\n([^`]*)```/g), ([, block = '']) =>
  block.trim().split('\n'),
).flat()

t.test('backup, drill, restore in place, and going on as it stands work to the letter', async (t) => {
  const [dataDir, drill, backups] = [temporaryFolder(t), temporaryFolder(t), temporaryFolder(t)]
  const parts = await openRegistry({ dataDir, now: () => new Date(), onLag: fail, onFailure: fail })
  const request = { actor: { authority: '省局', officer: '张三' }, command: 'test' }
  await parts.registry.acts.open(
    { codes: { uscc: unifiedCode('DEM00001') }, data: { name: '示例公司' } },
    request,
  )
  await parts.close()

  /** A line of the manual, with this test's folders in the place of its own. */
  const parsed = (line: string) => {
    const words = line
      .replaceAll('/backup', backups)
      .replaceAll('/tmp/drill', drill)
      .replaceAll('<原因>', '丢失')
      .split(' ')
    const settings = words.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split('='))
    const rest = words.filter((word) => !/^[A-Z_]+=/.test(word))
    const env = { PATH: process.env.PATH, DATA_DIR: dataDir, ...Object.fromEntries(settings) }
    return { rest, env }
  }
  const perform = async (line: string) => {
    const { rest, env } = parsed(line)
    t.same(rest.slice(0, 4), ['npm', 'run', 'cli', '--'], line)
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...rest.slice(4)], {
      cwd: ROOT,
      env,
    })
    return stdout
  }
  const [backup = '', restore = '', verify = '', drillRestore = '', drillVerify = '', start = '', asIs = ''] =
    commands
  t.match(await perform(backup), /已备份到/)
  t.match(await perform(drillRestore), /进入新纪元/)
  t.match(await perform(drillVerify), /全部相符/)
  const { rest, env } = parsed(start)
  t.same(rest, ['node', 'dist/main.js'])
  const server = spawn(process.execPath, [fileURLToPath(await built('main'))], {
    cwd: ROOT,
    env: { ...env, PORT: '0', HOST: '127.0.0.1', NODE_ENV: 'production' },
  })
  const ended = new Promise((resolve) => server.on('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const [, found] = /listening at (http:\/\/[\d.:]+)/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    })
    server.on('exit', () => reject(new Error(said)))
  })
  t.match(await (await fetch(`${url}/api/v1/changes`)).json(), {
    items: [{ file: { enterprise: { name: '示例公司' } } }],
  })
  server.kill('SIGTERM')
  await ended
  t.match(await perform(restore), /before-restore-/)
  t.match(await perform(verify), /全部相符/)
  t.match(await perform(asIs), /进入新纪元/)
  t.match(await perform(verify), /全部相符/)
})
