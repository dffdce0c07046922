import { Sqlite } from './driver.ts'

const BUSY_TIMEOUT_MS = 15_000

/**
 * Does something while no other process appends to the register of this file, nor does anything in a turn of its own: for what
 * must be made once beside it. Whoever dies in a turn leaves it.
 */
export async function inTurnOn<T>(register: string, act: () => Promise<T>): Promise<T> {
  const connection = new Sqlite(register, { timeout: BUSY_TIMEOUT_MS })
  try {
    connection.exec('BEGIN IMMEDIATE')
    return await act()
  } finally {
    connection.close()
  }
}
