import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { ready, until } from '../../scripts/faults/load.ts'
import { cli, startServer } from '../../scripts/faults/processes.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { temporaryFolder, unifiedCode } from '../support.ts'

const fail = (error: unknown) => {
  throw error
}
const now = () => new Date()
const request = { actor: { authority: '省局', officer: '张三' }, command: 'test' }

/** Opens a file of an invented firm in a data directory, for which nobody else has to run. */
export async function opened(folder: string, ...bodies: string[]): Promise<void> {
  const { registry, close } = await openRegistry({ dataDir: folder, now, onLag: fail, onFailure: fail })
  for (const body of bodies)
    await registry.acts.open(
      { codes: { uscc: unifiedCode(body) }, data: { name: `示例${body}公司` } },
      request,
    )
  await close()
}

/** All that lies in a folder: each file's mode and what it holds. */
export function content(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    ['.', ...names].map((name) => {
      const { mode } = statSync(join(folder, name))
      const isFile = statSync(join(folder, name)).isFile()
      const digest = isFile
        ? createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex')
        : ''
      return [name, `${mode.toString(8)} ${digest}`]
    }),
  )
}

/** A data directory with three files, an account that bears a staff number, and keys that have signed. */
export async function inUse(t: Test): Promise<string> {
  const folder = join(temporaryFolder(t), 'data')
  await opened(folder, 'DEM00001', 'DEM00002', 'DEM00003')
  const named = ['--name', '张三', '--authority', '河北省市场监督管理局', '--role', 'recorder']
  const made = await cli(folder, 'officer', 'create', 'zhangsan', ...named, '--staff-no', '1001')
  t.equal(made.code, 0, made.stderr)
  await openStampKeys(pathsIn(folder), now)
  return folder
}

/** What a start says that is refused, having changed nothing. */
export async function refused(t: Test, folder: string, words: RegExp): Promise<void> {
  const before = content(folder)
  const said = await startServer(folder).then(
    async ({ end }) => {
      await end('SIGTERM')
      return 'it started'
    },
    (error: Error) => error.message,
  )
  t.match(said, words)
  t.match(said, /ended with 2/)
  t.same(content(folder), before, 'nothing is changed, made or removed')
}

/** What a start says that sets itself right. */
export async function started(t: Test, folder: string, words: RegExp): Promise<void> {
  const server = await startServer(folder)
  t.match(server.log(), words)
  await until('it is ready', async () => (await ready(server.url)).status === 'ready')
  t.equal((await fetch(`${server.url}/check/keys.json`)).status, 200)
  await server.end('SIGTERM')
}
