import { stat, statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import { databasesIn } from './logs.ts'
import { lacksFiles, noMoreFiles, roomIn } from './room.ts'

/** Files that a node has open are not where it opened them, or hold nothing any more. */
export class FilesNotThere extends Error {
  /** In Chinese, for whoever runs the registry. */
  readonly words: string

  constructor(names: readonly string[]) {
    super(`not where they were opened: ${names.join()}`)
    this.words = `${names.join('、')} 不在原处：运行中被移走、删去、截短或换成了别的，此后写入的内容重新启动后就没有了。请停止服务，把原来的文件放回再启动；views.db、search.db 不必放回，启动时按登记簿重新计算。`
  }
}

/** No more files can be made beside those that are there. */
export class NoMoreFiles extends Error {
  readonly words: string

  constructor() {
    super('no files can be made any more')
    this.words = `${noMoreFiles('数据目录')}导入、批量核验和备份会办不成，重新启动也可能不成。`
  }
}

/**
 * Looks whether the databases of a data directory are still the files that were there when this was called. Rejects with
 * `FilesNotThere`, and with `NoMoreFiles` where the disk takes no others; waits for the disk, and holds up no thread.
 */
export function filesThere(dataDir: string): () => Promise<void> {
  const paths = databasesIn(dataDir)
  const begun = Promise.all(paths.map(seen))
  return async () => {
    const [then, now] = await Promise.all([begun, Promise.all(paths.map(seen))])
    const gone = paths.filter((_, i) => then[i] !== undefined && then[i] !== now[i])
    if (gone.length > 0) throw new FilesNotThere(gone.map((path) => basename(path)))
    if (lacksFiles(roomIn(await statfs(dataDir)))) throw new NoMoreFiles()
  }
}

/**
 * What tells a file from any other that takes its name; undefined where there is none, or nothing in it. It is looked at and never
 * opened: to close any handle of a file lets go of all locks that SQLite holds on it in this process.
 */
async function seen(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size } = await stat(path)
    return size === 0 ? undefined : `${dev} ${ino}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
