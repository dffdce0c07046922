import { doesNotMatch, equal, match, notEqual, ok } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { pathsIn } from '../../src/running/paths.ts'
import { startCluster, withoutPostgres } from '../../test/cluster.ts'
import { fakeMeilisearch } from '../../test/search/meilisearch-server.ts'
import { built } from '../build/build.js'
import { codes, post, until } from '../faults/load.ts'
import { cliIn, freePort, keyOf, ROOT, startServer } from '../faults/processes.ts'
import type { Environment } from './environments.ts'

/** A block of commands of the handbook (docs/operations.md), as people are to type it. */
export interface Block {
  chapter: string
  language: string
  commands: string
}

const CHECKOUT = fileURLToPath(ROOT)

/** Every block of the handbook, in its order. */
export function blocksOf(handbook: string): Block[] {
  return handbook.split(/^## /m).flatMap((text) => {
    const [chapter = ''] = text.split('\n')
    return Array.from(text.matchAll(/```(\w*)\n([\s\S]*?)```/g), ([, language = '', commands = '']) => ({
      chapter,
      language,
      commands,
    }))
  })
}

export const handbook = readFileSync(new URL('docs/operations.md', ROOT), 'utf8')

/** Which environment runs the blocks of a language. */
export const RUN_BY: Readonly<Record<string, string>> = {
  sh: 'the handbook, to the letter',
  nginx: 'nginx with TLS, a sub-path and a cache',
  sql: 'the handbook, with PostgreSQL',
}

interface Outcome {
  code: number | null
  said: string
}

/** A machine of its own for the handbook's commands: each path of the handbook is a place below one folder. */
class Machine {
  /** Blocks that nobody has run yet. */
  readonly left = new Set(blocksOf(handbook).filter(({ language }) => language === 'sh'))
  readonly today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  readonly #bin: string
  readonly #port: string

  constructor(
    readonly folder: string,
    port: number,
  ) {
    this.#port = String(port)
    this.#bin = this.at('bin')
    for (const name of ['bin', 'opt', 'units', 'backup', 'lib', 'etc', 'srv'])
      mkdirSync(this.at(name), { recursive: true })
    this.#release(this.at('repository'))
    // What would change the machine around is done in these folders: users are left as they are, and the service's manager
    // does what the unit says. A clone is a copy; what installs is done by whoever made the checkout.
    this.#standIn('useradd', '')
    this.#standIn('git', `cp -a "${this.at('repository')}" "$3"`)
    this.#standIn('npm', '')
    // The one user that there is: whose a file is to be is left out, and who else runs a command.
    this.#standIn(
      'install',
      'of=; for one in "$@"; do shift; case "$of$one" in -o|-g) of=no;; no*) of=;; *) set -- "$@" "$one";; esac; done; exec /usr/bin/install "$@"',
    )
    this.#standIn('runuser', 'shift 3; exec "$@"')
    this.#standIn('systemctl', `exec node "${this.at('manager.js')}" "$@"`)
    cpSync(new URL('scripts/environments/service-manager.js', ROOT), this.at('manager.js'))
  }

  at(name: string): string {
    return join(this.folder, name)
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get data(): string {
    return join(this.at('lib'), 'registry')
  }

  /** What the service has said since the machine began. */
  log(): string {
    return readFileSync(this.at('units/registry.log'), 'utf8')
  }

  calls(): string {
    return readFileSync(this.at('calls'), 'utf8')
  }

  /** Process of the service; undefined where it does not run. */
  service(): number | undefined {
    const path = this.at('units/registry.pid')
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined
  }

  async isServing(): Promise<boolean> {
    return (await fetch(`${this.url}/readyz/desk`)).status === 200
  }

  /** The block of a chapter that holds some words, for the machine to run. */
  block(chapter: string, words: string): string {
    const found = Array.from(this.left).find((one) => one.chapter === chapter && one.commands.includes(words))
    if (!found) throw new Error(`the handbook has no block with ${words} in ${chapter} any more`)
    this.left.delete(found)
    return found.commands
  }

  /** Runs commands as they are written, each after the other succeeded, in the folder of the release in use. */
  run(commands: string, environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const shell = this.begin(commands, environment)
    let said = ''
    for (const stream of [shell.stdout, shell.stderr])
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    return new Promise((resolve) => shell.on('close', (code) => resolve({ code, said })))
  }

  /** The same, with a process group of their own, to be ended by whoever began them. */
  begin(commands: string, environment: Readonly<Record<string, string>> = {}): ChildProcess {
    const current = this.at('opt/registry/current')
    const shell = spawn('/bin/sh', ['-e'], {
      cwd: existsSync(current) ? current : this.folder,
      env: {
        PATH: `${this.#bin}:${process.env.PATH}`,
        ...environment,
      },
      detached: true,
    })
    shell.stdin?.end(this.#placed(commands))
    return shell
  }

  /** What a person changes in the settings. */
  edit(...settings: string[]): void {
    const path = this.at('etc/registry/environment')
    const names = settings.map((setting) => setting.slice(0, setting.indexOf('=') + 1))
    const kept = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => !names.some((name) => line.startsWith(name)))
    writeFileSync(path, [...kept, ...settings, ''].join('\n'))
  }

  async end(): Promise<void> {
    if (existsSync(this.at('units/registry.service'))) await this.run('systemctl stop registry')
  }

  #placed(text: string): string {
    return text
      .replaceAll('/opt/registry', this.at('opt/registry'))
      .replaceAll('/etc/systemd/system/', `${this.at('units')}/`)
      .replaceAll('/etc/registry', this.at('etc/registry'))
      .replaceAll('/usr/local/bin/', `${this.#bin}/`)
      .replaceAll('/srv/registry', this.at('srv/registry'))
      .replaceAll('/var/lib/registry', this.data)
      .replaceAll('/backup/', `${this.at('backup')}/`)
      .replaceAll('/usr/bin/node', process.execPath)
      .replaceAll('2026-11-24', this.today)
      .replaceAll('<仓库地址>', 'https://git.example/registry')
      .replaceAll('<姓名>', '张三')
      .replaceAll('<机关>', '河北省市场监督管理局')
      .replaceAll('<工号>', '1001')
      .replaceAll('<原因>', '丢失')
      .replaceAll('<文件>', this.at('firms.csv'))
  }

  #standIn(name: string, act: string): void {
    const path = join(this.#bin, name)
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "${this.at('calls')}"\n${act}\n`)
    chmodSync(path, 0o755)
  }

  #release(folder: string): void {
    for (const name of ['docs', 'ops']) mkdirSync(join(folder, name), { recursive: true })
    mkdirSync(this.at('opt/registry'))
    cpSync(join(CHECKOUT, 'dist'), join(folder, 'dist'), { recursive: true })
    symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
    for (const name of ['docs/registry.service', 'ops/environment', 'ops/registry'])
      writeFileSync(join(folder, name), this.#placed(readFileSync(join(CHECKOUT, name), 'utf8')))
  }

  /** Address and port of this machine, in the settings. */
  settle(): void {
    this.edit(`PORT=${this.#port}`, `PUBLIC_URL=${this.url}`)
  }
}

/** Each block of commands, to the letter and in the order of a registry's life: a block that nobody runs breaks the promise. */
export const byTheHandbook: Environment = {
  async run(folder) {
    await built('main')
    const machine = new Machine(folder, await freePort())
    try {
      await installed(machine)
      await backedUp(machine)
      await clockAccepted(machine)
      await withMeilisearch(machine)
      await upgraded(machine)
    } finally {
      await machine.end()
    }
    equal(Array.from(machine.left, ({ commands }) => commands).join('\n'), '', 'every block was run')
    return undefined
  },
}

/** What the handbook has the database's administrator say, the owner prepare and the service use; and the way back. */
export const withPostgres: Environment = {
  async run(folder) {
    if (withoutPostgres !== undefined) return withoutPostgres
    mkdirSync(folder, { recursive: true })
    const cluster = await startCluster()
    try {
      for (const { language, commands } of blocksOf(handbook))
        if (language === 'sql')
          for (const statement of commands.split(/;\n/))
            if (statement.trim() !== '') await cluster.run(statement)
      const address = (role: string) => `postgresql://${role}@127.0.0.1:${cluster.port}/registry`
      const [, prepare = ''] = /`npm run cli -- (database prepare [^`]+)`/.exec(handbook) ?? []
      const early = await cliIn({ DATABASE_URL: address('hqc') }, ...prepare.split(' '))
      equal(early.code, 2, 'whoever runs the service may not prepare')
      match(early.stderr, /请以数据库属主的 DATABASE_URL 执行/)
      const unknown = await cliIn(
        { DATABASE_URL: address('registry_owner') },
        'database',
        'prepare',
        '--for',
        'nobody',
      )
      equal(unknown.code, 2)
      match(unknown.stderr, /没有角色 nobody/)
      const prepared = await cliIn({ DATABASE_URL: address('registry_owner') }, ...prepare.split(' '))
      equal(prepared.code, 0, prepared.stderr)
      const data = join(folder, 'data')
      const key = await keyOf(data)
      const [, copy = ''] = /`npm run cli -- (copy --to postgresql)`/.exec(handbook) ?? []
      const setting = { DATA_DIR: data, DATABASE_URL: address('hqc') }
      const copied = await cliIn(setting, ...copy.split(' '))
      equal(copied.code, 0, copied.stderr)
      const server = await startServer(data, { DATABASE_URL: address('hqc') })
      const [uscc = ''] = codes('P')
      equal(
        (await post(server.url, key, '/enterprises', { uscc, enterprise: { name: '示例公司' } })).status,
        201,
      )
      await server.end('SIGTERM')
      const rows = await cluster.run(
        `SELECT table_name AS t, string_agg(DISTINCT privilege_type, '、' ORDER BY privilege_type) AS p
         FROM information_schema.role_table_grants WHERE grantee = 'hqc' GROUP BY 1`,
        `postgres://admin@127.0.0.1:${cluster.port}/registry`,
      )
      const granted = z.array(z.object({ t: z.string(), p: z.string() })).parse(rows)
      for (const { t, p } of granted) {
        const [, told = ''] = new RegExp(`^\\| \`${t}\` \\| (.*) \\|$`, 'm').exec(handbook) ?? []
        const named = Array.from(told.matchAll(/`([A-Z]+)`/g), ([, right]) => right).sort()
        equal(named.join('、'), p, `what the handbook says of ${t}`)
      }
      ok(granted.length >= 5)
      const back = await cliIn(setting, 'copy', '--to', 'sqlite')
      equal(back.code, 0, back.stderr)
      const again = await startServer(data)
      equal((await fetch(`${again.url}/api/v1/enterprises/${uscc}`)).status, 200)
      await again.end('SIGTERM')
    } finally {
      await cluster.remove()
    }
    return undefined
  },
}

/** Runs commands that are to succeed; gives what they said. */
async function good(
  machine: Machine,
  commands: string,
  environment?: Readonly<Record<string, string>>,
): Promise<string> {
  const { code, said } = await machine.run(commands, environment)
  equal(code, 0, `${commands}\n${said}`)
  return said
}

async function installed(machine: Machine): Promise<void> {
  const install = machine.block('安装和启动', 'useradd')
  await good(machine, install)
  const begin = machine.block('安装和启动', 'enable --now')
  const unsettled = await machine.run(begin)
  match(
    unsettled.said,
    /PUBLIC_URL=https:\/\/zlxy\.example\.gov\.cn：/,
    'the address of the handbook is refused',
  )
  machine.settle()
  await machine.run('systemctl daemon-reload && systemctl enable --now registry')
  await until('no register is made by itself', async () =>
    /没有登记簿[^。]*。?[\s\S]*先执行 .*init/.test(machine.log()),
  )
  await good(machine, 'systemctl stop registry')
  match(await good(machine, begin), /新建登记簿/)
  match(machine.calls(), /^useradd [\s\S]*npm ci --omit=dev[\s\S]*enable --now registry/)
  const unit = readFileSync(machine.at('units/registry.service'), 'utf8')
  const [, user = ''] = /useradd .* (\S+)\n/.exec(install) ?? []
  match(unit, new RegExp(`^User=${user}$`, 'm'))
  ok(unit.includes(`WorkingDirectory=${machine.at('opt/registry/current')}`))
  await until('the service serves', () => machine.isServing())
  const account = await good(machine, machine.block('安装和启动', 'officer create'))
  match(account, /账号：guanli1[\s\S]*首次密码/)
  const doctor = await machine.run(machine.block('安装和启动', 'doctor'))
  match(doctor.said, /数据目录：.*有登记簿/)
  match(doctor.said, /正常 {2}设置：服务正在运行（进程 \d+），与本命令的设置相同/)
  const aside = await machine.run(
    'env DATA_DIR=/var/lib/registry node /opt/registry/current/dist/cli.js doctor',
  )
  match(aside.said, /注意 {2}设置：服务正在运行（进程 \d+），它的 .*PUBLIC_URL.*与本命令的不同/)
  match(aside.said, / {2}代理：(?!没有设置)/, 'and the proxy is looked at by the service’s settings')
  await imported(machine)
  // What it finds amiss is this machine's, not the registry's.
  doesNotMatch(doctor.said, /有误 {2}(数据目录|用户和权限|代理|时钟)/)
  equal(doctor.code, /^有误/m.test(doctor.said) ? 1 : 0, doctor.said)
}

async function imported(machine: Machine): Promise<void> {
  const [uscc = ''] = codes('J')
  writeFileSync(machine.at('firms.csv'), `企业名称,统一社会信用代码\n先行食品厂,${uscc}\n`)
  match(await good(machine, machine.block('导入', '<文件>')), /新建档案 1/)
}

async function backedUp(machine: Machine): Promise<void> {
  match(await good(machine, machine.block('备份和恢复', 'backup')), /已备份到/)
  const later = 'registry officer create jiancha --name 李四 --authority 河北省市场监督管理局 --role auditor'
  match(await good(machine, later), /首次密码/)
  await drilled(machine)
  const restore = machine.block('备份和恢复', '--reason 磁盘损坏')
  const early = await machine.run(restore)
  equal(early.code, 2, 'not while the service runs')
  match(early.said, /先停止/)
  const before = await epoch(machine)
  await good(machine, 'systemctl stop registry')
  const restored = await good(machine, restore)
  match(restored, /before-restore-/)
  match(restored, /缺少序号/)
  match(restored, /全部相符/)
  await good(machine, 'systemctl start registry')
  await until('what was restored serves', () => machine.isServing())
  notEqual(await epoch(machine), before)
  await cut(machine)
}

/** The drill, whose last command is a server that serves until it is ended. */
async function drilled(machine: Machine): Promise<void> {
  const port = String(await freePort())
  const shell = machine.begin(
    machine.block('备份和恢复', 'DATA_DIR=/var/lib/registry-drill').replaceAll('8090', port),
  )
  try {
    const url = `http://127.0.0.1:${port}`
    await until('the drill serves', async () => (await fetch(`${url}/readyz`)).status === 200)
  } finally {
    if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGTERM')
    await new Promise((resolve) => shell.on('close', resolve))
  }
  await good(machine, machine.block('备份和恢复', 'rm -rf'))
  equal(existsSync(`${machine.data}-drill`), false)
}

/** A register that lost its end is refused in words; gone on with as it stands where nothing else is left. */
async function cut(machine: Machine): Promise<void> {
  const pid = machine.service()
  ok(pid !== undefined)
  process.kill(pid, 'SIGKILL')
  await good(machine, 'systemctl stop registry')
  // An entry whose log is lost.
  const make = `node --input-type=module -e "
    import Database from 'better-sqlite3'
    const db = new Database('${pathsIn(machine.data).register}')
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.exec('DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)')"`
  await good(machine, make)
  await machine.run('systemctl start registry')
  await until('the start is refused', async () => /无法启动：登记簿缺少末尾/.test(machine.log()))
  await good(machine, 'systemctl stop registry')
  match(await good(machine, machine.block('备份和恢复', 'restore --as-is')), /进入新纪元/)
  match(await good(machine, 'registry verify'), /全部相符/)
  await good(machine, 'systemctl start registry')
  await until('it goes on as it stands', () => machine.isServing())
}

async function clockAccepted(machine: Machine): Promise<void> {
  match(await good(machine, machine.block('时钟', 'clock accept')), /已确认时钟/)
}

/** The key is made as it is written, and is good for all that the program asks for, and for nothing else. */
async function withMeilisearch(machine: Machine): Promise<void> {
  const ends: (() => Promise<unknown>)[] = []
  const fake = await fakeMeilisearch({ teardown: (end) => ends.push(end) })
  try {
    const places = { MEILI_URL: fake.url, MEILI_MASTER_KEY: fake.masterKey }
    const answer = await good(machine, machine.block('Meilisearch', '/keys'), places)
    const [, key = ''] = /"key":"([^"]+)"/.exec(answer) ?? []
    notEqual(key, '', answer)
    machine.edit(`MEILI_URL=${fake.url}`, `MEILI_KEY=${key}`)
    await good(machine, 'systemctl restart registry')
    await until('the service serves', () => machine.isServing())
    await good(machine, 'registry rebuild')
    const [uscc = ''] = codes('H')
    const firms = machine.at('later.csv')
    writeFileSync(firms, `企业名称,统一社会信用代码\n示例公司,${uscc}\n`)
    await good(machine, `cd ${machine.folder}\nregistry import enterprise later.csv`)
    const search = async () => {
      const answer = await fetch(`${machine.url}/api/v1/enterprises?q=${encodeURIComponent('示例')}`)
      return (await answer.json()).items?.length === 1
    }
    await until('the index outside answers', async () => fake.used.has('search') && (await search()))
    const unused = Array.from(fake.granted).filter((action) => !fake.used.has(action))
    equal(unused.join(), '', 'no right that nobody needs')
  } finally {
    for (const end of ends) await end()
  }
}

async function upgraded(machine: Machine): Promise<void> {
  const current = machine.at('opt/registry/current')
  await good(machine, machine.block('升级', '1.1'))
  equal(readlinkSync(current), machine.at('opt/registry/1.1'))
  const runs = async (release: string) => {
    const pid = machine.service()
    if (pid === undefined || !(await machine.isServing())) return false
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(machine.at(`opt/registry/${release}`))
  }
  const serves = (release: string) =>
    until(
      `release ${release} serves`,
      existsSync('/proc/self/cwd') ? () => runs(release) : () => machine.isServing(),
    )
  await serves('1.1')
  // Back is as easy as forth.
  const [, back = ''] = /^(ln .*1\.0.*)$/m.exec(handbook) ?? []
  await good(machine, `${back}\nsystemctl restart registry`)
  await serves('1.0')
}

async function epoch(machine: Machine): Promise<string> {
  return (await (await fetch(`${machine.url}/readyz`)).json()).epoch
}
