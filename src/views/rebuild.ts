import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import { Applier } from './apply.ts'
import { type Connection, dropOthers, makeCurrent, newGeneration } from './schema.ts'
import { stampOf } from './stamp.ts'

const TURN_MS = 500
/** The first chunk of a register moves it on. */
const BEGINNING_MS = 20_000

/**
 * Computes the views anew beside the current ones, then lets readers use them. Two rebuilds take turns, in whatever
 * process they are; one that died gives up its turn after a while.
 */
export async function rebuildViews(
  connection: Connection,
  register: Register,
  catalogue: Catalogue,
  pause: () => Promise<void>,
  tell?: (words: string) => void,
): Promise<void> {
  const id = await turn(connection, stampOf(catalogue))
  const applier = new Applier(connection, register, catalogue, { filling: id, ...(tell && { tell }) })
  await applier.catchUp(pause)
  connection.transaction(() => makeCurrent(connection, id)).immediate()
  await dropOthers(connection, pause)
}

/** A generation of one's own to fill, once nobody else fills one. */
async function turn(connection: Connection, stamp: string): Promise<number> {
  const isFilling = connection.prepare<[number], number>('SELECT id FROM generation WHERE filling_until > ?')
  const hold = connection.prepare('UPDATE generation SET filling_until = ? WHERE id = ?')
  const begin = connection.transaction((): number | undefined => {
    if (isFilling.get(Date.now())) return undefined
    const id = newGeneration(connection, stamp)
    hold.run(Date.now() + BEGINNING_MS, id)
    return id
  })
  for (;;) {
    const id = begin.immediate()
    if (id !== undefined) return id
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
}
