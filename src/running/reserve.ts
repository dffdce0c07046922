import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { RegisterFull } from '../register/register.ts'
import { pathsIn } from './paths.ts'
import { roomAt } from './room.ts'

/** With less room than this many bytes an append may fail at any moment. */
export const LEAST_FREE = 4 * 1024 * 1024
/** Bytes that a start needs at most; less than `LEAST_FREE`, so that a disk on which they were given up is told as full. */
const RESERVED = 3 * 1024 * 1024

const bytesFree = (dataDir: string): number => roomAt(dataDir).bytes

/** Throws `RegisterFull` where what is appended might not find room in all that shows it. */
export function mustHaveRoom(dataDir: string, free = bytesFree): void {
  if (free(dataDir) < LEAST_FREE) throw new RegisterFull('hardly any room left for the register')
}

/**
 * Keeps some room aside (预留空间) while there is room, so that a node can be started on a disk that has filled up meanwhile: no
 * database can be opened for reading on one without any. Throws what the system has against it.
 */
export function keepReserve(dataDir: string, free = bytesFree): void {
  const { reserve } = pathsIn(dataDir)
  if (existsSync(reserve) || free(dataDir) < 2 * LEAST_FREE) return
  writeFileSync(reserve, Buffer.alloc(RESERVED), { flag: 'wx', mode: 0o600 })
}

/** Gives up the room that was kept aside where there is hardly any other; whether it did. */
export function giveUpReserve(dataDir: string, free = bytesFree): boolean {
  const { reserve } = pathsIn(dataDir)
  if (!existsSync(reserve) || free(dataDir) >= LEAST_FREE) return false
  rmSync(reserve)
  return true
}
