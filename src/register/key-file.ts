import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

export const KEY_BYTES = 32

/** A key of random bytes in a file of its own, made where there is none. Throws for a file that holds no such key. */
export function keyIn(path: string): Buffer {
  if (!existsSync(path)) writeFileSync(path, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx', flush: true })
  const key = readFileSync(path)
  if (key.length !== KEY_BYTES) throw new Error(`${path} should hold ${KEY_BYTES} bytes, not ${key.length}`)
  return key
}
