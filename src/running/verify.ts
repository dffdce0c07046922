import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Catalogue } from '../records/catalogue.ts'
import { anchorPath, readAnchor } from '../register/anchor.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { type Finding, Findings, verifyRegister } from '../register/verify.ts'
import { type ShownFile, verifyIndex } from '../search/verify.ts'
import { type Connection, currentGeneration } from '../views/schema.ts'
import { verifyViews } from '../views/verify.ts'
import { StartFault } from './data-dir.ts'
import { pathsIn } from './open-writer.ts'

export interface Verification {
  /** What was looked at: entries of the register, subjects in the views, documents in the index. */
  entries: number
  subjects: number
  documents: number
  findings: readonly Finding[]
  /** How many there were; those beyond a number are only counted. */
  count: number
}

interface Options {
  catalogue: Catalogue
  /** An anchor that was kept elsewhere, in the place of the one beside the register. */
  anchor?: string | undefined
  onProgress?(what: string, done: number, of: number): void
}

/**
 * Checks all that a data directory holds of the register: the register itself against its chain and anchor, the views
 * and the index against the register. Opens everything for reading only, and so may run beside a server.
 */
export async function verifyDataDir(
  dataDir: string,
  { catalogue, anchor, onProgress = () => undefined }: Options,
): Promise<Verification> {
  const paths = pathsIn(dataDir)
  if (!existsSync(paths.register))
    throw new StartFault(`${dataDir} 中没有登记簿（register.db）；请核对 DATA_DIR。`)
  if (anchor !== undefined && !existsSync(anchor)) throw new StartFault(`没有锚文件 ${anchor}。`)
  if (!hasHead(paths.register))
    throw new StartFault('这份登记簿尚未由本版本打开过，还没有链和锚；请启动一次服务后再核对。')
  const findings = new Findings()
  const register = openSqliteRegister(paths.register, () => new Date(), { mode: 'look' })
  const opened: Connection[] = []
  const look = (path: string, area: Finding['area']) => {
    if (!existsSync(path)) {
      findings.add(area, '文件不存在；启动时按登记簿重新计算。')
      return undefined
    }
    const connection = new Database(path, { timeout: 15_000, readonly: true })
    opened.push(connection)
    return connection
  }
  /** What can't be read is a finding like others; the rest is checked all the same. */
  const guarded = async (area: Finding['area'], act: () => Promise<number>) => {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error
      findings.add(area, `文件无法读取（${error.code}）：${error.message}`)
      return 0
    }
  }
  try {
    const entries = await guarded('register', () =>
      verifyRegister(
        register,
        () => readAnchor(anchor ?? anchorPath(paths.register)),
        findings,
        (done, of) => onProgress('登记簿', done, of),
      ),
    )
    const views = look(paths.views, 'views')
    const subjects = views
      ? await guarded('views', () =>
          verifyViews(register, views, catalogue, findings, (done, of) => onProgress('视图', done, of)),
        )
      : 0
    const index = views && look(paths.search, 'search')
    const documents = index
      ? await guarded('search', async () => {
          const sections = new Map(catalogue.kinds.map(({ section, type }) => [section, type]))
          onProgress('检索索引', 0, 1)
          return verifyIndex(index, () => shownFiles(views), sections, findings)
        })
      : 0
    return { entries, subjects, documents, findings: findings.all, count: findings.count }
  } finally {
    for (const connection of opened) connection.close()
    await register.close()
  }
}

/** All files, in order, with what the public sees of them and since which position. */
function shownFiles(views: Connection): Iterable<ShownFile> {
  const g = currentGeneration(views) ?? 1
  return views
    .prepare<[], ShownFile>(`SELECT key, face, public_position AS position FROM file_${g} ORDER BY key`)
    .iterate()
}

function hasHead(path: string): boolean {
  const connection = new Database(path, { timeout: 15_000, readonly: true })
  try {
    return connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'head'`).get() !== undefined
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    throw new StartFault(`register.db 无法读取（${error.code}）；请先恢复备份，见运行手册“备份和恢复”。`)
  } finally {
    connection.close()
  }
}
