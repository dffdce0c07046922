import { stat } from 'node:fs/promises'
import { StartFault } from '../running/data-dir.ts'
import { mayBeWritten, NamedFile } from './named-file.ts'

/** The report of an import's bad rows, which is opened before anything is imported. */
export class ReportFile {
  /** Why rows are missing in it: the first error of writing. */
  fault: unknown
  readonly #file: NamedFile
  #isEmpty = true

  private constructor(file: NamedFile) {
    this.#file = file
  }

  get path(): string {
    return this.#file.path
  }

  /**
   * Opens a report in the place of an earlier one. Throws as `NamedFile.open` does, and `StartFault` where it would be
   * written over the table that is imported.
   */
  static async open(path: string, table: string): Promise<ReportFile> {
    const [before, source] = [mayBeWritten(path), await stat(table)]
    if (before && before.dev === source.dev && before.ino === source.ino)
      throw new StartFault(`报告 ${path} 就是要导入的文件；请以 --errors 另指定一个文件。`)
    return new ReportFile(await NamedFile.open(path))
  }

  /** Adds rows; what can't be written is noted, and holds up no import. */
  async add(text: string): Promise<void> {
    if (this.fault !== undefined) return
    try {
      await this.#file.write(text)
      this.#isEmpty = false
    } catch (error) {
      this.fault = error
    }
  }

  /** Closes it; a report of nothing does not stay, nor does the one of before. */
  async close(): Promise<void> {
    try {
      if (this.#isEmpty) await this.#file.clear()
      else await this.#file.keep()
    } catch (error) {
      this.fault ??= error
    }
  }
}
