import { pino } from 'pino'
import { BadSettings, readSettings, type Settings } from './config.ts'
import { startNode } from './running/node.ts'
import { faultInWords } from './running/system-faults.ts'

/** Starts a node: settings, registry, server; stops it in good order on SIGTERM, SIGINT and SIGHUP, at once on a second of them. */

const settings = settingsOrExit()
const log = pino({ level: settings.LOG_LEVEL })
const node = await startNode(settings, log, (error) => {
  // Without its writer a node can't keep what it would accept; whoever watches it starts it again.
  log.fatal({ err: error }, 'the writer died')
  process.exit(1)
}).catch(sayAndExit)

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => {
    // Whoever asks twice does not want to wait; what was answered is kept all the same.
    if (stopping) process.exit(1)
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

await node.app.listen({ host: settings.HOST, port: settings.PORT }).catch(sayAndExit)

/** Ends a start that can't go on: in words where there are any, with all that is known where there are none. */
function sayAndExit(error: unknown): never {
  const words = faultInWords(error, settings)
  if (words !== undefined) process.stderr.write(`无法启动：${words}\n`)
  else log.fatal({ err: error }, 'could not start')
  process.exit(2)
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
