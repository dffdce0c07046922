import { existsSync, rmSync } from 'node:fs'
import { Sqlite } from '../register/driver.ts'

/** Removes a view's file that was written in another format: it is computed anew from the register. */
export function discardOldFormat(path: string, format: number): void {
  if (!existsSync(path)) return
  const old = new Sqlite(path, { timeout: 15_000 })
  let found: unknown
  try {
    found = old.pragma('user_version', { simple: true })
  } finally {
    old.close()
  }
  if (found !== format) for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}
