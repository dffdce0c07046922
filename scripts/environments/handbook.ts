import { equal, match, ok } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, ROOT, startServer } from '../faults/processes.ts'
import type { Environment } from './environments.ts'

const HANDBOOK = readFileSync(new URL('docs/operations.md', ROOT), 'utf8')

/** The lines of the first block of commands after some words of the handbook. */
function commandsAfter(words: string): string[] {
  const at = HANDBOOK.indexOf(words)
  ok(at >= 0, words)
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(HANDBOOK.slice(at)) ?? []
  return block.trim().split('\n')
}

/** What must not be done to the machine that tries it, or can't be. */
const STUBS = {
  useradd: 'exit 0',
  systemctl: 'echo "$@" >> "$SYSTEMCTL"',
  sudo: 'while [ "$1" = -u ]; do shift 2; done; exec "$@"',
}

/** Installing, looking, accepting the clock, upgrading and going back, by the handbook's own commands. */
export const byTheHandbook: Environment = {
  async run(folder) {
    try {
      execFileSync('git', ['-C', fileURLToPath(ROOT), 'rev-parse', 'HEAD'], { stdio: 'ignore' })
    } catch {
      return 'this is no clone of git'
    }
    const [bin, asked] = [join(folder, 'bin'), join(folder, 'systemctl')]
    for (const place of ['bin', 'opt/registry', 'etc/systemd/system', 'var/lib'])
      mkdirSync(join(folder, place), { recursive: true })
    for (const [name, text] of Object.entries(STUBS)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
      chmodSync(join(bin, name), 0o755)
    }
    const data = join(folder, 'var/lib/registry')
    const port = String(await freePort())
    const perform = (line: string, cwd = folder) =>
      execFileSync(
        '/bin/sh',
        [
          '-ec',
          line
            .replaceAll(/(?<![\w.])\/(?=(?:opt|etc|var)\/)/g, `${folder}/`)
            .replaceAll('<仓库地址>', fileURLToPath(ROOT)),
        ],
        {
          cwd,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
          env: {
            HOME: process.env.HOME,
            PATH: `${bin}:${process.env.PATH}`,
            SYSTEMCTL: asked,
            DATA_DIR: data,
            PORT: port,
          },
        },
      )
    const current = join(folder, 'opt/registry/current')
    // `cd` holds for the lines after it too, as where a person types them.
    const [user = '', clone = '', link = '', copy = '', enable = ''] = commandsAfter('## 安装和启动')
    for (const line of [user, clone, link]) perform(line)
    perform(copy, current)
    perform(enable)
    const unit = readFileSync(join(folder, 'etc/systemd/system/registry.service'), 'utf8')
    match(unit, /^ExecStart=\/usr\/bin\/node dist\/main\.js$/m)
    const program = join(current, 'dist/main.js')
    const start = () => startServer(data, { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` }, { program })
    const server = await start()
    const [look = ''] = commandsAfter('新建登记簿用 `init`')
    match(perform(look), /没有妨碍运行的问题/)
    const [accept = ''] = commandsAfter('运行中的服务随即恢复')
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    match(perform(accept.replace(/\d{4}-\d\d-\d\d/, today), current), /已确认时钟/)
    const upgrade = commandsAfter('## 升级')
    for (const line of upgrade) perform(line)
    equal(
      (await fetch(`${server.url}/readyz/desk`)).status,
      200,
      'what runs is not harmed by what is installed beside it',
    )
    await server.end('SIGTERM')
    for (const back of [undefined, link]) {
      if (back !== undefined) perform(back)
      const again = await start()
      equal((await fetch(`${again.url}/readyz/desk`)).status, 200)
      equal((await again.end('SIGTERM')).code, 0)
    }
    equal(readFileSync(asked, 'utf8'), 'daemon-reload\nenable --now registry\nrestart registry\n')
    return undefined
  },
}
