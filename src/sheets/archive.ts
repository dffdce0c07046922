import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { BadTable } from './table.ts'

const MAX_ENTRIES = 5000
/** Bytes that all reading from an archive may come to: a full sheet of a million rows, and what its cells refer to. */
const MAX_UNPACKED = 1.5 * 1024 ** 3
/** Deflate reaches 1:1032; tables reach 1:60, and sheets of formatted nothing 1:150. */
const MAX_RATIO = 250
const RATIO_FROM = 16 * 1024 ** 2

/** A ZIP archive whose parts are read as streams; what comes out is counted, whatever its headers promise. */
export class Archive {
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>
  #unpacked = 0

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  /** Throws `BadTable` for what is no archive, or has more parts than any workbook. */
  static async open(path: string): Promise<Archive> {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch(broken)
    try {
      if (zip.entryCount > MAX_ENTRIES) throw tooBig()
      const entries = new Map<string, Entry>()
      for await (const entry of zip.eachEntry()) entries.set(nameOf(entry.fileName), entry)
      return new Archive(zip, entries)
    } catch (error) {
      zip.close()
      return broken(error)
    }
  }

  has(name: string): boolean {
    return this.#entries.has(nameOf(name))
  }

  /** Bytes of a part as they come out; none for a part that the archive lacks. `most` bounds this part. */
  async *bytes(name: string, most = MAX_UNPACKED): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(nameOf(name))
    if (!entry) return
    try {
      const stream = await this.#zip.openReadStreamPromise(entry)
      let own = 0
      for await (const chunk of stream) {
        if (!Buffer.isBuffer(chunk)) throw new Error('an archive gave no bytes')
        own += chunk.length
        this.#unpacked += chunk.length
        if (own > most || this.#unpacked > MAX_UNPACKED) throw tooBig()
        if (own > RATIO_FROM && own > entry.compressedSize * MAX_RATIO) throw tooBig()
        yield chunk
      }
    } catch (error) {
      broken(error)
    }
  }

  /** Size that a part claims to have, for telling how far one has come. */
  size(name: string): number {
    return this.#entries.get(nameOf(name))?.uncompressedSize ?? 0
  }

  async close(): Promise<void> {
    this.#zip.close()
  }
}

/** Names are compared as the programs do that write them: some in other case, some with a slash in front. */
function nameOf(name: string): string {
  return name.replace(/^\/+/, '').toLowerCase()
}

function tooBig(): BadTable {
  return new BadTable(
    '此文件展开后过大，不像是正常的表格；请删去表格中无内容的行和列，或另存为 CSV（UTF-8）后导入。',
  )
}

function broken(error: unknown): never {
  if (error instanceof BadTable) throw error
  throw new BadTable('无法打开此 XLSX 文件，文件不完整或已损坏；请用表格软件打开并另存后重新导入。', {
    cause: error,
  })
}
