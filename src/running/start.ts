import cluster from 'node:cluster'
import { BadSettings, readSettings, type Settings } from '../config.ts'

/** Begins a node: in this process alone, or, where several are set, in as many that this one starts and watches. */
export async function begin(): Promise<void> {
  const settings = settingsOrExit()
  if (settings.WORKERS > 1 && cluster.isPrimary) (await import('./workers.ts')).beginWorkers(settings)
  else await (await import('./starting.ts')).start(settings)
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}
