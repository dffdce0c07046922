import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { Sessions } from '../../src/authority/sessions.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { readiness } from '../../src/running/readiness.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { searchOver } from '../../src/search/answering.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import { Views } from '../../src/views/views.ts'
import { temporaryFolder } from '../support.ts'
import { opened } from './in-use.ts'

const fail = (error: unknown) => {
  throw error
}

/** What is said as a data directory is opened, or why it is refused. */
async function said(dataDir: string): Promise<string> {
  const words: string[] = []
  try {
    const tell = (told: string) => words.push(told)
    const parts = await openRegistry({ dataDir, now: () => new Date(), onLag: fail, onFailure: fail, tell })
    await parts.close()
    await new Sessions(pathsIn(dataDir).sessions).close()
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : error}`
  }
  return words.join('\n')
}

/** A data directory that has been started twice: what stands beside its register bears whose it is. */
async function inUse(folder: string, ...bodies: string[]): Promise<string> {
  await opened(folder, ...bodies)
  await said(folder)
  await said(folder)
  return folder
}

t.test('what lies beside a register is found broken, another’s, or another database, by name', async (t) => {
  const whole = await inUse(temporaryFolder(t), 'DEM00001', 'DEM00002')
  const others = await inUse(temporaryFolder(t), 'DEM00003')
  t.equal(await said(whole), '', 'nothing is wrong with it')
  const paths = pathsIn(whole)
  const zeroed = (path: string, from: number) => {
    const bytes = readFileSync(path)
    bytes.fill(0, 4096 * from)
    writeFileSync(path, bytes)
  }
  const harms: Readonly<Record<string, (path: string, name: string) => void>> = {
    garbage: (path) => writeFileSync(path, 'garbage'.repeat(999)),
    halved: (path) => {
      const bytes = readFileSync(path)
      writeFileSync(path, bytes.subarray(0, bytes.length / 2))
    },
    emptied: (path) => writeFileSync(path, ''),
    'zeroed from the second page': (path) => zeroed(path, 1),
    'zeroed from the third page': (path) => zeroed(path, 2),
    'another register’s': (path, name) => cpSync(join(others, name), path),
    'another database': (path, name) => cpSync(name === 'drafts.db' ? paths.following : paths.drafts, path),
  }
  const files = [paths.jobs, paths.following, paths.sessions, paths.drafts, paths.accesses, paths.views]
  for (const file of files)
    for (const [harm, act] of Object.entries(harms)) {
      const name = basename(file)
      // Views know their register by its chain, and are refused or not as that tells.
      if (name === 'views.db' && harm === 'another register’s') continue
      // One that is gone begins anew, and says so.
      if (name === 'access.db' && harm === 'emptied') continue
      const folder = temporaryFolder(t)
      cpSync(whole, folder, { recursive: true })
      const path = join(folder, name)
      for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true })
      act(path, name)
      const before = readFileSync(path)
      if (!/another/.test(harm)) {
        const { findings } = await verifyDataDir(folder, { catalogue })
        t.match(
          findings.map(({ what }) => what).join(),
          name === 'views.db' ? /文件(无法读取|是空的)/ : name,
          harm,
        )
      }
      const words = await said(folder)
      if (name === 'access.db') {
        t.match(
          words,
          /^refused: access.db (无法读取|属于另一份登记簿|是别的数据库)[\s\S]*备份/,
          `${name}: ${harm}`,
        )
        t.same(readFileSync(path), before, 'it stays as it is')
      } else {
        t.match(words, new RegExp(`^${name} .*改名为 ${name}.broken-`, 'm'), `${name}: ${harm}`)
        const kept = readdirSync(folder).find((one) => one.startsWith(`${name}.broken-`)) ?? ''
        t.same(readFileSync(join(folder, kept)), before, 'it is kept')
        t.ok(existsSync(path))
        t.equal(await said(folder), '', 'and that was all')
      }
    }
})

t.test('what a register left unmarked before is marked at its next start', async (t) => {
  const folder = temporaryFolder(t)
  await opened(folder, 'DEM00001')
  const others = await inUse(temporaryFolder(t), 'DEM00003')
  const { following } = pathsIn(folder)
  t.equal(await said(folder), '')
  cpSync(join(others, 'following.db'), following)
  t.match(await said(folder), /following.db 属于另一份登记簿/)
})

t.test(
  'readiness names the file that is broken, and keeps the public in where it is none of theirs',
  async (t) => {
    const whole = await inUse(temporaryFolder(t), 'DEM00001')
    for (const [name, status] of [
      ['imports.db', 'degraded'],
      ['drafts.db', 'degraded'],
      ['following.db', 'degraded'],
      ['access.db', 'degraded'],
      ['register.db', 'degraded'],
      ['views.db', 'broken'],
    ] as const) {
      const folder = temporaryFolder(t)
      cpSync(whole, folder, { recursive: true })
      const views = new Views(pathsIn(folder).views)
      const search = searchOver(openEmbeddedIndex(pathsIn(folder).search, 'read'))
      const { look, saw } = readiness({
        ...{ dataDir: folder, views, search, probe: async () => undefined },
        clock: { doubt: undefined },
      })
      const bytes = readFileSync(join(folder, name))
      writeFileSync(join(folder, name), bytes.fill(0, 4096))
      const fault = Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' })
      // What the register can't read or write is said with its file.
      saw(name === 'register.db' ? Object.assign(fault, { path: join(folder, name) }) : fault)
      const found = await look()
      views.close()
      await search.close()
      if (name !== 'views.db') t.match(found.reasons, [new RegExp(`^${name} 已损坏`)], name)
      else t.match(found.reasons.join(), /视图或检索索引的文件已损坏/)
      t.equal(found.status, status, name)
    }
  },
)
