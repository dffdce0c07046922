import type { Stats } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { StartFault } from '../running/data-dir.ts'
import { namingFile } from '../running/system-faults.ts'

/** The report of an import's bad rows, which is opened before anything is imported. */
export class ReportFile {
  readonly path: string
  /** Why rows are missing in it: the first error of writing. */
  fault: unknown
  readonly #file: FileHandle
  readonly #isFile: boolean
  #isEmpty = true

  private constructor(path: string, file: FileHandle, { isFile }: { isFile: boolean }) {
    this.path = path
    this.#file = file
    this.#isFile = isFile
  }

  /**
   * Opens a report in the place of an earlier one. Throws what the system has against it, and `StartFault` where it
   * would be written over the table that is imported.
   */
  static async open(path: string, table: string): Promise<ReportFile> {
    const [before, source] = await Promise.all([stat(path).catch(() => undefined), stat(table)])
    if (before && isSame(before, source))
      throw new StartFault(`报告 ${path} 就是要导入的文件；请以 --errors 另指定一个文件。`)
    const file = await open(path, 'a')
    const found = await file.stat()
    if (found.isFile()) await file.truncate()
    return new ReportFile(path, file, { isFile: found.isFile() })
  }

  /** Adds rows; what can't be written is noted, and holds up no import. */
  async add(text: string): Promise<void> {
    if (this.fault !== undefined) return
    await this.#file
      .appendFile(text)
      .catch(namingFile(this.path))
      .then(
        () => {
          this.#isEmpty = false
        },
        (error: unknown) => {
          this.fault = error
        },
      )
  }

  /** Closes it; a report of nothing does not stay. */
  async close(): Promise<void> {
    await this.#file.close().catch((error: unknown) => {
      this.fault ??= error
    })
    if (this.#isEmpty && this.#isFile) await rm(this.path, { force: true }).catch(() => undefined)
  }
}

function isSame(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino
}
