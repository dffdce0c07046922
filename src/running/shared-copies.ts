import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SharedFiles } from '../beside/shared-files.ts'
import { AUDIENCES, Copies } from '../bulk/copies.ts'

const PREFIX = 'bulk/'
/** Says that a copy is whole: it comes last and goes first. */
const MANIFEST = 'manifest.json'

/** Golden copies that one node has made and all have: each file is fetched once by each node. */
export class SharedCopies {
  readonly #folder: string
  readonly #files: SharedFiles

  constructor(folder: string, database: string) {
    this.#folder = folder
    this.#files = new SharedFiles(join(folder, '.fetched'), database)
  }

  /** Gives all nodes the copies that lie here, in place of what they have. */
  async give(): Promise<void> {
    const theirs = await this.#files.list(PREFIX)
    const own = this.#own().flatMap((copy) =>
      readdirSync(join(this.#folder, copy))
        .sort((a, b) => Number(a === MANIFEST) - Number(b === MANIFEST))
        .map((file) => `${copy}/${file}`),
    )
    for (const name of own)
      if (!theirs.includes(PREFIX + name)) await this.#files.put(PREFIX + name, join(this.#folder, name))
    const over = theirs.filter((name) => !own.includes(name.slice(PREFIX.length)))
    over.sort((a, b) => Number(b.endsWith(MANIFEST)) - Number(a.endsWith(MANIFEST)))
    for (const name of over) await this.#files.remove(name)
  }

  /** Takes the copies that all nodes have and this one lacks, and does away with those that they have no more. */
  async take(): Promise<void> {
    const names = (await this.#files.list(PREFIX)).map((name) => name.slice(PREFIX.length))
    const theirs = new Set(names.filter((name) => name.endsWith(`/${MANIFEST}`)).map(dirname))
    if (theirs.size === 0) return
    const own = new Set(this.#own())
    for (const copy of theirs)
      if (!own.has(copy))
        await this.#fetch(
          copy,
          names.filter((name) => dirname(name) === copy),
        )
    for (const copy of own)
      if (!theirs.has(copy)) rmSync(join(this.#folder, copy), { recursive: true, force: true })
    rmSync(join(this.#folder, '.fetched'), { recursive: true, force: true })
  }

  close(): Promise<void> {
    return this.#files.close()
  }

  /** The whole copies that lie here, as audience and name. */
  #own(): string[] {
    const copies = new Copies(this.#folder)
    return AUDIENCES.flatMap((audience) => copies.of(audience).map(({ name }) => `${audience}/${name}`))
  }

  async #fetch(copy: string, names: readonly string[]): Promise<void> {
    const taking = join(this.#folder, dirname(copy), '.taking')
    rmSync(taking, { recursive: true, force: true })
    mkdirSync(taking, { recursive: true })
    for (const name of names) {
      const path = await this.#files.at(PREFIX + name)
      // It was done away with meanwhile.
      if (path === undefined) return
      await copyFile(path, join(taking, name.slice(copy.length + 1)))
    }
    rmSync(join(this.#folder, copy), { recursive: true, force: true })
    renameSync(taking, join(this.#folder, copy))
  }
}
