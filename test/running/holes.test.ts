import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ready, until } from '../../scripts/faults/load.ts'
import { cli, startServer } from '../../scripts/faults/processes.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { INSIDE } from '../cli/command.ts'
import { temporaryFolder } from '../support.ts'
import { content, inUse, refused } from './in-use.ts'

/** A register's file that is its own, of which rows or tables were taken away by hand. */

const HALF = '(SELECT max(seq) / 2 FROM entry)'

/** Each with what a start says, and what verify does; both `undefined` where nothing is lost by it. */
const DAMAGES: [name: string, sql: string, start: RegExp, verified?: RegExp][] = [
  ['every entry', 'DELETE FROM entry', /缺少末尾.*缺少序号 1 至 \d+/],
  ['the first', 'DELETE FROM entry WHERE seq = 1', /中间缺少序号 1（1 条）/, /前一条是序号 0，中间缺了条目/],
  ['one', 'DELETE FROM entry WHERE seq = 3', /中间缺少序号 3（1 条）/, /前一条是序号 2，中间缺了条目/],
  [
    'one that was moved out of its place',
    'UPDATE entry SET seq = -3 WHERE seq = 3',
    /中间缺少序号 3（1 条）/,
    /前一条是序号 2，中间缺了条目/,
  ],
  [
    'two stretches',
    'DELETE FROM entry WHERE seq IN (2, 4, 5)',
    /中间缺少序号 2（1 条）、序号 4 至 5（共 2 条）/,
    /前一条是序号 1，[\s\S]*前一条是序号 3，/,
  ],
  ['the last', 'DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)', /缺少末尾/],
  ['the second half', `DELETE FROM entry WHERE seq > ${HALF}`, /缺少末尾/],
  ['the head row', 'DELETE FROM head', /没有头记录/],
  ['the table of entries', 'DROP TABLE entry', /缺少条目表（entry）/],
  ['the table of commands', 'DROP TABLE command', /缺少请求表（command）/],
  ['that of the head row', 'DROP TABLE head', /缺少头记录的表（head）/],
  ['that of leases', 'DROP TABLE lease', /缺少租约表（lease）/],
  ['that of migrations', 'DROP TABLE __drizzle_migrations', /缺少结构记录的表（__drizzle_migrations）/],
  ['its rows', 'DELETE FROM __drizzle_migrations', /结构记录（__drizzle_migrations）中的 3 行/],
  ['two tables', 'DROP TABLE command; DROP TABLE lease', /请求表（command）、租约表（lease）/],
]

function damage(folder: string, sql: string): void {
  const connection = new Sqlite(join(folder, 'register.db'))
  connection.exec(sql)
  connection.pragma('wal_checkpoint(TRUNCATE)')
  connection.close()
}

/** What a folder holds, but for what SQLite puts beside a database while it is read. */
function held(folder: string) {
  return Object.entries(content(folder)).filter(([name]) => name !== '.' && !/-(wal|shm)$/.test(name))
}

t.test(
  'what was taken out of a register is told by start, doctor and verify, and nothing is written',
  async (t) => {
    const whole = await inUse(t)
    for (const [name, sql, start, verified = start] of DAMAGES) {
      const folder = join(temporaryFolder(t), 'data')
      cpSync(whole, folder, { recursive: true })
      damage(folder, sql)
      await t.test(name, async (t) => {
        await refused(t, folder, start)
        const before = held(folder)
        for (const [command, words] of [
          ['verify', sql === 'DELETE FROM entry' ? /缺少末尾/ : verified],
          ['doctor', start],
          ['rebuild', start],
        ] as const) {
          const { code, stdout, stderr } = await cli(folder, command)
          t.ok(code === 1 || code === 2, `${command}: ${code}`)
          t.match(stdout + stderr, words, command)
          t.notMatch(stdout + stderr, INSIDE, command)
        }
        t.same(held(folder), before)
      })
      rmSync(folder, { recursive: true })
    }
  },
)

t.test('what nobody loses anything by is no fault', async (t) => {
  const folder = await inUse(t)
  damage(folder, 'DELETE FROM lease')
  const server = await startServer(folder)
  await until('it is ready', async () => (await ready(server.url)).status === 'ready')
  await server.end('SIGTERM')
})

t.test(
  'a person may go on with what is left: it says what is missing, and all else is read',
  async (t: Test) => {
    const folder = await inUse(t)
    const seqOf = (code: string) => {
      const connection = new Sqlite(join(folder, 'register.db'), { readonly: true })
      const seq = connection
        .prepare<[string], number>(
          "SELECT seq FROM entry WHERE kind = 'enterprise.opened' AND payload LIKE ?",
        )
        .pluck()
        .get(`%${code}%`)
      connection.close()
      return seq ?? 0
    }
    const gone = seqOf('示例DEM00002公司')
    t.ok(gone > 1)
    damage(folder, `DELETE FROM entry WHERE seq = ${gone}`)
    const restored = await cli(folder, 'restore', '--as-is', '--reason', '演练')
    t.equal(restored.code, 0, restored.stderr)
    t.match(restored.stdout, new RegExp(`中间缺少序号 ${gone}（1 条）`))
    const { url, end } = await startServer(folder)
    const { items } = JSON.parse(await (await fetch(`${url}/api/v1/enterprises?limit=100`)).text())
    t.same(items.map(({ name }: { name: string }) => name).sort(), ['示例DEM00001公司', '示例DEM00003公司'])
    await end('SIGTERM')
    damage(folder, `DELETE FROM entry WHERE seq = ${gone - 1}`)
    await refused(t, folder, new RegExp(`中间缺少序号 ${gone - 1} 至 ${gone}（共 2 条）`))
  },
)
