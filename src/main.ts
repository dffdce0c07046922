import { pino } from 'pino'
import { BadSettings, readSettings, type Settings } from './config.ts'
import { startNode } from './running/node.ts'

/** Starts a node: settings, registry, server; stops it in good order on SIGTERM and SIGINT. */

const settings = settingsOrExit()
const log = pino({ level: settings.LOG_LEVEL })
const node = await startNode(settings, log, (error) => {
  // Without its writer a node can't keep what it would accept; whoever watches it starts it again.
  log.fatal({ err: error }, 'the writer died')
  process.exit(1)
})

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    node.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly')
        process.exit(1)
      },
    )
  })

await node.app.listen({ host: settings.HOST, port: settings.PORT })

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}
