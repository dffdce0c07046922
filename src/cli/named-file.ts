import { randomBytes } from 'node:crypto'
import { constants, existsSync, lstatSync, realpathSync, type Stats } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { readSettings } from '../config.ts'
import { StartFault } from '../running/data-dir.ts'
import { mustBeOwnFolder } from '../running/own-folder.ts'
import { isOwnName } from '../running/paths.ts'
import { namingFile } from '../running/system-faults.ts'
import { nameOf } from '../running/users.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
/** Nobody but this user reads what is written. */
const MODE = 0o600
const NOT_PERMITTED = /^(EACCES|EPERM|EROFS)$/

/**
 * A file that a person names to be written: under a new name beside it, which bears the file's name only once it is whole.
 * So no link leads what is written elsewhere, nobody else holds it, and what stood there stands until then.
 */
export class NamedFile {
  readonly path: string
  readonly #file: FileHandle
  /** Undefined where a device was named, which is written into as it is. */
  readonly #beside: string | undefined

  private constructor(path: string, file: FileHandle, beside: string | undefined) {
    this.path = path
    this.#file = file
    this.#beside = beside
  }

  /**
   * Opens a file to be written. Throws `StartFault` for a name that is a link, another user's file, this system's own or in its
   * data directory, and for a folder that this user may not write into; what else the system has against it as it comes.
   */
  static async open(path: string): Promise<NamedFile> {
    const before = mayBeWritten(path)
    if (before?.isCharacterDevice())
      return new NamedFile(path, await open(path, O_WRONLY | O_NOFOLLOW), undefined)
    // Short, so that whatever name fits into a folder fits here too.
    const beside = join(dirname(path), `.${randomBytes(6).toString('hex')}.partial`)
    try {
      return new NamedFile(path, await open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE), beside)
    } catch (error) {
      const isClosed = error instanceof Error && 'code' in error && NOT_PERMITTED.test(String(error.code))
      if (isClosed && existsSync(dirname(resolve(path))))
        throw new StartFault(
          `用户 ${self()} 不能在 ${dirname(resolve(path))} 中建立文件，${path} 写不了；请另指定一个目录中的文件（导入的报告以 --errors 指定），或把要读的文件也放到用户 ${self()} 的目录中。`,
        )
      // What is told of the new name is meant of the one that was given.
      throw error instanceof Error ? Object.assign(error, { path }) : error
    }
  }

  write(content: string | Uint8Array): Promise<void> {
    return this.#file.appendFile(content).catch(namingFile(this.path))
  }

  /** Closes it, and gives it its name. */
  async keep(): Promise<void> {
    await this.#file.close()
    if (this.#beside !== undefined) await rename(this.#beside, this.path)
  }

  /** Closes it and leaves nothing of it; what was there before stays. */
  async drop(): Promise<void> {
    await this.#file.close()
    if (this.#beside !== undefined) await rm(this.#beside, { force: true })
  }

  /** Closes it and leaves nothing of it, nor of what was there before. */
  async clear(): Promise<void> {
    await this.drop()
    if (this.#beside !== undefined) await rm(this.path, { force: true })
  }
}

/** Writes a file that a person names, whole or not at all; throws as `NamedFile.open` does. */
export async function writeNamed(path: string, content: string | Uint8Array): Promise<void> {
  const file = await NamedFile.open(path)
  try {
    await file.write(content)
  } catch (error) {
    await file.drop()
    throw error
  }
  await file.keep()
}

/**
 * Looks whether a person may name a file to be written; gives what stands there, if anything. Throws `StartFault` for a link,
 * another user's file, a folder, a name of this system's own, and for a place in its data directory.
 */
export function mayBeWritten(path: string): Stats | undefined {
  const at = resolve(path)
  const folder = realOf(dirname(at))
  const own = realOf(resolve(readSettings(process.env).DATA_DIR))
  if (folder !== undefined && own !== undefined && `${folder}${sep}`.startsWith(`${own}${sep}`))
    throw new StartFault(
      `${path} 在数据目录 ${own} 之中，那里只放本系统自己的文件，没有写入；请另指定一个目录中的文件。`,
    )
  if (isOwnName(basename(at)))
    throw new StartFault(`${path} 的名称是本系统数据文件的名称，没有写入；请换一个名称。`)
  const before = lstatSync(at, { throwIfNoEntry: false })
  if (!before) return undefined
  if (before.isSymbolicLink())
    throw new StartFault(`${path} 是符号链接，没有写入；请写明实际的文件，或先查明是谁建立的链接，移走它。`)
  if (before.isDirectory()) throw new StartFault(`${path} 是目录，这里需要文件；请核对路径。`)
  if (before.isCharacterDevice()) return before
  if (!before.isFile())
    throw new StartFault(`${path} 不是普通文件（是管道、套接字等），没有写入；请换一个文件。`)
  if (process.getuid !== undefined && before.uid !== process.getuid())
    throw new StartFault(
      `${path} 属于用户 ${nameOf(before.uid)}，不是用户 ${self()} 的，没有写入；请另指定一个文件（导入的报告以 --errors 指定）。`,
    )
  return before
}

/**
 * Makes an empty file for a database that a person names, where there is none; beside it the database keeps files of its own, so that
 * nobody else may give names in its folder. Throws `StartFault` as `mayBeWritten` does, and for another's folder.
 */
export async function ownDatabase(path: string): Promise<void> {
  const before = mayBeWritten(path)
  mustBeOwnFolder(dirname(resolve(path)))
  if (!before) await (await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE)).close()
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function self(): string {
  return nameOf(process.getuid?.() ?? -1)
}
