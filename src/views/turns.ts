import type Database from 'better-sqlite3'

/**
 * Whose turn it is to fill a generation beside the current one, in whatever process they are: one at a time. `filling_until`
 * in the generation's row says until when nobody else begins; who lets it pass may find that another has taken the turn.
 */

type Connection = Database.Database

const TURN_MS = 500
/** The first batch moves it on. */
const BEGINNING_MS = 20_000

/** Another rebuild has taken the turn of one that seemed to have died, and dropped what that had filled. */
export class RebuildOvertaken extends Error {
  override readonly name = 'RebuildOvertaken'
}

/** Throws `RebuildOvertaken` where a generation that is being filled is there no more; call it inside a transaction. */
export function mustStand(connection: Connection, id: number): void {
  if (connection.prepare<[number]>('SELECT 1 FROM generation WHERE id = ?').get(id) === undefined)
    throw new RebuildOvertaken('another rebuild has taken its turn')
}

/** Does what fills a generation, once more whenever another rebuild has taken its turn. */
export async function untilNotOvertaken(fill: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await fill()
      return
    } catch (error) {
      if (!(error instanceof RebuildOvertaken)) throw error
    }
  }
}

/** A generation of one's own to fill, made once nobody else fills one; `filling_until` says in its row until when it is one's own. */
export async function turn(connection: Connection, make: () => number): Promise<number> {
  const isFilling = connection.prepare<[number], number>('SELECT id FROM generation WHERE filling_until > ?')
  const begin = connection.transaction((): number | undefined => {
    if (isFilling.get(Date.now())) return undefined
    const id = make()
    holdTurn(connection, id, BEGINNING_MS)
    return id
  })
  for (;;) {
    const id = begin.immediate()
    if (id !== undefined) return id
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
}

/** Keeps a generation one's own for so long from now. */
export function holdTurn(connection: Connection, id: number, forMs: number): void {
  connection.prepare('UPDATE generation SET filling_until = ? WHERE id = ?').run(Date.now() + forMs, id)
}
