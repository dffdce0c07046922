import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

export const KEY_BYTES = 32

/** A key is written at once; so often it is looked whether another process is through with that. */
const [TRIES, PAUSE_MS] = [20, 5]

/** A key of random bytes in a file of its own, made where there is none. Throws for a file that holds no such key. */
export function keyIn(path: string): Buffer {
  if (!existsSync(path)) make(path)
  let key = readFileSync(path)
  for (let tried = 0; key.length < KEY_BYTES && tried < TRIES; tried += 1) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    key = readFileSync(path)
  }
  if (key.length !== KEY_BYTES) throw new Error(`${path} should hold ${KEY_BYTES} bytes, not ${key.length}`)
  return key
}

/** Of two processes that begin at the same time the first one makes it. */
function make(path: string): void {
  try {
    writeFileSync(path, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
