import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import { Applier } from './apply.ts'
import { type Connection, currentGeneration, makeCurrent, newGeneration } from './schema.ts'

/** Applies entries to the generation that readers use. */
export function currentApplier(connection: Connection, register: Register, catalogue: Catalogue): Applier {
  return new Applier(connection, currentGeneration(connection) ?? 1, register, catalogue)
}

/** Computes the views anew beside the current ones, then lets readers use them. */
export async function rebuildViews(
  connection: Connection,
  register: Register,
  catalogue: Catalogue,
  pause: () => Promise<void>,
): Promise<Applier> {
  const id = connection.transaction(() => newGeneration(connection)).immediate()
  const applier = new Applier(connection, id, register, catalogue)
  await applier.catchUp(pause)
  connection.transaction(() => makeCurrent(connection, id)).immediate()
  return applier
}
