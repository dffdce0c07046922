import { equal } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { z } from 'zod'
import { blocksOf } from '../../scripts/environments/handbook.ts'
import { codes, post, until } from '../../scripts/faults/load.ts'
import { CLI, cli, endAll, keyOf, startServer } from '../../scripts/faults/processes.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { temporaryFolder } from '../support.ts'

t.teardown(endAll)

const guides = ['api.md', 'api.en.md']
const textOf = (guide: string) => readFileSync(new URL(`../../docs/${guide}`, import.meta.url), 'utf8')
/** What stands for something of the reader's own, by what it stands for, in both languages. */
const PLACES = {
  code: /<(代码|统一社会信用代码或组织机构代码|code)>/g,
  copy: /<(副本|copy)>/g,
  id: /<(编号|id)>/g,
}

interface Said {
  code: number
  said: string
}

/** Runs commands as a reader would, in a folder, each after the other succeeded. */
function run(commands: string, cwd: string, environment: Readonly<Record<string, string>>): Promise<Said> {
  const asTyped = `
    curl() { command curl -sS --fail-with-body "$@"; echo; }
    npm() { shift 3; node '${CLI}' "$@"; }
    ${commands}`
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...environment }
    const shell = execFile('bash', ['-e', '-c', asTyped], { cwd, env, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${out}${err}` }),
    )
    shell.stdin?.end()
  })
}

t.test('both guides have the same commands and name the same addresses', async (t) => {
  const plain = (text: string) =>
    Object.entries(PLACES).reduce((rest, [name, place]) => rest.replace(place, `<${name}>`), text)
  const [own = [], other] = guides.map((guide) =>
    blocksOf(textOf(guide)).map(({ language, commands }) => [language, plain(commands)]),
  )
  t.ok(own.length >= 12)
  t.same(other, own)
  const [named, also] = guides.map((guide) =>
    Array.from(
      new Set(
        Array.from(
          textOf(guide).matchAll(/`((?:(?:GET|POST|PUT|PATCH|DELETE) )?\/[a-z][^`\s]*)/g),
          ([, one]) => plain(one ?? '').replace(/<[^>]*>/g, '<>'),
        ),
      ),
    ).sort(),
  )
  t.same(also, named)
  const members = (guide: string) =>
    Array.from(new Set(textOf(guide).match(/^\| `[^`]+`/gm))).map((row) => row.slice(2))
  t.same(members(guides[1] ?? ''), members(guides[0] ?? ''), 'the same tables')
})

for (const guide of guides)
  t.test(`${guide}: every command does what it says`, async (t) => {
    const folder = temporaryFolder(t)
    const data = join(folder, 'data')
    const server = await startServer(data, { RATE_LIMIT: '0' })
    const first = await keyOf(data)
    equal((await post(server.url, first, '/consumers', { name: '示例平台' })).status, 201)
    const asIs = ['--scope', 'admin', '--authority', '省测试局', '--consumer', '示例平台']
    const made = await cli(data, 'key', 'create', '--name', '平台', ...asIs)
    const [, key = ''] = /(hqc_\S+)/.exec(made.stdout) ?? []
    t.not(key, '', `${made.stdout}${made.stderr}`)
    const [uscc = '', ...more] = Array.from(
      { length: 3 },
      (_, i) => [...take(codes('G'), i + 1)].at(-1) ?? '',
    )
    const orgCode = uscc.slice(8, 17)
    const opened = { uscc, enterprise: { name: '示例指南有限公司', region: '130102' } }
    equal((await post(server.url, key, '/enterprises', opened)).status, 201)
    const asked = async (path: string) =>
      (await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } })).json()
    const { next, epoch } = z
      .object({ next: z.number(), epoch: z.string() })
      .parse(await asked('/api/v1/events?after=0'))
    equal((await cli(data, 'bulk', 'make')).code, 0)
    const copies = z.object({ items: z.array(z.object({ href: z.string() })).min(1) })
    const [copy] = copies.parse(await asked('/bulk/public')).items
    const cwd = join(folder, 'cwd')
    mkdirSync(cwd)
    writeFileSync(join(cwd, 'firms.csv'), `企业名称,统一社会信用代码\n示例甲有限公司,${more[0]}\n`)
    writeFileSync(
      join(cwd, 'penalties.xls'),
      '<table><tr><td>行政相对人名称</td></tr><tr><td>甲</td></tr></table>',
    )
    writeFileSync(join(cwd, 'platform.key'), key)
    let job = ''
    for (const { language, commands } of blocksOf(textOf(guide))) {
      equal(language, 'sh')
      const own = commands
        .replaceAll(/http:\/\/localhost:8080|https:\/\/registry\.example\.gov\.cn/g, server.url)
        .replaceAll(PLACES.code, orgCode)
        .replaceAll(PLACES.copy, copy?.href.split('/')[3] ?? '')
        .replace(
          '"uscc": "…", "enterprise": {"name": "…"',
          `"uscc": "${more[1]}", "enterprise": {"name": "示例乙有限公司"`,
        )
        .replace(
          '"number": "…", "…": "…"',
          '"number": "冀XK-001", "product": "电线电缆", "authority": "省测试局", "issuedOn": "2026-01-05", "validTo": "2031-01-04"',
        )
        .replace('"position": 1205, "epoch": "…"', `"position": ${next}, "epoch": "${epoch}"`)
        // What goes on until it is ended is ended once it has said something.
        .replace('curl -N', 'timeout 3 curl -N')
        .replace('--follow', '--check')
      const [upload, ...after] = own.split(/\n(?=curl [^\n]*<(?:编号|id)>)/)
      const { code, said } = await run(upload ?? '', cwd, { KEY: key, DATA_DIR: data })
      const isEndless = own.includes('curl -N')
      t.ok(isEndless ? [0, 124, 28].includes(code) : code === 0, `${upload}\n${said}`)
      const [, id] = /"id":\s*"([^"]+)"/.exec(said) ?? []
      if (/imports\?/.test(own) && id) job = id
      if (after.length === 0) continue
      await until(
        'the import is done',
        async () =>
          z.object({ status: z.string() }).parse(await asked(`/api/v1/imports/${job}`)).status === 'done',
      )
      const rest = await run(after.join('\n').replaceAll(PLACES.id, job), cwd, { KEY: key })
      t.equal(rest.code, 0, `${after}\n${rest.said}`)
    }
    await server.end('SIGTERM')
  })

function* take<T>(from: Iterable<T>, count: number): Generator<T> {
  let left = count
  for (const one of from) {
    if (left === 0) return
    left -= 1
    yield one
  }
}

const held = z.array(z.object({ org_code: z.string(), position: z.number(), json: z.string() }))

const ANY = { 'if-match': '*' }

/** The pullers of the documents, and how each is run. */
const PULLERS = { 'mirror.py': 'python3', 'mirror.mjs': process.execPath } as const

for (const [name, program] of Object.entries(PULLERS))
  t.test(
    `docs/pull/${name} holds what the register shows, from nothing, from a copy, and after it was lost`,
    async (t) => {
      const folder = temporaryFolder(t)
      const data = join(folder, 'data')
      const server = await startServer(data, { RATE_LIMIT: '0' })
      for (const login of ['one', 'two']) {
        const account = `--name ${login} --authority 省测试局 --region 河北省 --role recorder,reviewer --staff-no ${login}`
        await cli(data, 'officer', 'create', login, ...account.split(' '))
      }
      const [key, second] = [
        await keyOf(data, 'records:write', 'one'),
        await keyOf(data, 'listings:decide', 'two'),
      ]
      const next = codes('P')
      const open = async () => {
        const uscc: string = next.next().value
        const answer = await post(server.url, key, '/enterprises', {
          uscc,
          enterprise: { name: `示例${uscc}公司` },
        })
        equal(answer.status, 201)
        return uscc.slice(8, 17)
      }
      const path = join(folder, 'mirror.db')
      const script = fileURLToPath(new URL(`../../docs/pull/${name}`, import.meta.url))
      const pulled = async (what: string) => {
        const { code, said } = await run(`'${program}' '${script}' ${server.url} '${path}'`, folder, {})
        t.equal(code, 0, `${what}: ${said}`)
        const shown = z
          .object({
            items: z.array(
              z.object({ orgCode: z.string(), position: z.number(), file: z.unknown().optional() }),
            ),
          })
          .parse(await (await fetch(`${server.url}/api/v1/changes?since=0&limit=1000`)).json())
        const db = new Sqlite(path)
        const rows = held.parse(db.prepare('SELECT * FROM file ORDER BY position').all())
        db.close()
        t.same(
          rows.map((row) => [row.org_code, row.position, JSON.parse(row.json)]),
          shown.items
            .filter(({ file }) => file !== undefined)
            .map(({ orgCode, position, file }) => [orgCode, position, file]),
          what,
        )
        return rows.length
      }
      const [first] = [await open(), await open(), await open()]
      t.equal(await pulled('from nothing'), 3)
      const proposed = await post(
        server.url,
        key,
        `/enterprises/${first}/withdrawal`,
        { reason: '建错' },
        ANY,
      )
      equal(proposed.status, 202, await proposed.clone().text())
      equal(
        (await post(server.url, second, `${proposed.headers.get('location')?.slice(7)}/confirmation`, {}))
          .status,
        200,
      )
      await open()
      t.equal(await pulled('after a withdrawal'), 3)
      equal((await cli(data, 'bulk', 'make')).code, 0)
      await open()
      const db = new Sqlite(path)
      db.exec('UPDATE place SET position = 999999')
      db.close()
      t.equal(await pulled('once more from the copy, as it was further than the register'), 4)
      await server.end('SIGTERM')
    },
  )
