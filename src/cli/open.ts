import { readSettings } from '../config.ts'
import { type OpenedRegistry, openRegistry as open } from '../running/open-registry.ts'

export type Opened = OpenedRegistry

/** The registry in the data directory of the settings, for one command; beside a running server too. */
export function openRegistry(search: 'here' | 'thread' = 'here'): Promise<Opened> {
  const { DATA_DIR } = readSettings(process.env)
  return open({
    dataDir: DATA_DIR,
    now: () => new Date(),
    search,
    onLag: fail,
    onFailure: fail,
  })
}

function fail(error: unknown): never {
  throw error
}
