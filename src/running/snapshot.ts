import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { anchorPath } from '../register/anchor.ts'
import { Sqlite } from '../register/driver.ts'
import { anchorCopy, wholeFolder } from './backup.ts'
import { pathsIn } from './paths.ts'

/** All of a database in one step: what others write meanwhile begins it anew otherwise, and might for ever. */
const ALL_PAGES = 2 ** 31 - 1

/**
 * Copies a node's views, its index and its copy of the register into a new folder, while it runs: another node that begins there
 * follows from where they stand and computes nothing anew. Each is no further than the next, so that what it lacks can be caught up.
 */
export function takeSnapshot(dataDir: string, folder: string): Promise<{ position: number; bytes: number }> {
  const { search, views, register } = pathsIn(dataDir)
  const files = [search, views, register]
  const names = new Set([...files, anchorPath(register)].map((path) => basename(path)))
  return wholeFolder(dataDir, folder, names, async (partial) => {
    for (const path of files) if (existsSync(path)) await copyDatabase(path, join(partial, basename(path)))
    const { position } = anchorCopy(pathsIn(partial).register)
    // What a look puts beside a database: nothing was written.
    for (const name of readdirSync(partial)) if (/-(wal|shm)$/.test(name)) rmSync(join(partial, name))
    const bytes = readdirSync(partial).reduce((sum, name) => sum + statSync(join(partial, name)).size, 0)
    return { position, bytes }
  })
}

/** Page by page, so that places in it stay what they are. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const connection = new Sqlite(from, { readonly: true })
  try {
    await connection.backup(to, { progress: () => ALL_PAGES })
  } finally {
    connection.close()
  }
}
