import { setTimeout } from 'node:timers/promises'
import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import { Applier } from './apply.ts'
import { type Connection, dropOthers, makeCurrent, newGeneration } from './schema.ts'
import { stampOf } from './stamp.ts'
import { mustStand, turn, untilNotOvertaken } from './turns.ts'

/** The longest step of a reader, who keeps to its end the generation that was current at its beginning. */
const LONGEST_STEP_MS = 1_000

/**
 * Computes the views anew beside the current ones, then lets readers use them. Two rebuilds take turns, in whatever
 * process they are; one that seems to have died gives up its turn after a while, and begins anew where it has not.
 */
export async function rebuildViews(
  connection: Connection,
  register: Register,
  catalogue: Catalogue,
  pause: () => Promise<void>,
  tell?: (words: string) => void,
  longestStepMs = LONGEST_STEP_MS,
): Promise<void> {
  await untilNotOvertaken(async () => {
    const id = await turn(connection, () => newGeneration(connection, stampOf(catalogue)))
    const applier = new Applier(connection, register, catalogue, { filling: id, ...(tell && { tell }) })
    await applier.catchUp(pause)
    connection
      .transaction(() => {
        mustStand(connection, id)
        makeCurrent(connection, id)
      })
      .immediate()
  })
  // Whoever looked a moment ago which generation is current reads from it to the end of a step.
  await setTimeout(longestStepMs)
  await dropOthers(connection, pause)
}
