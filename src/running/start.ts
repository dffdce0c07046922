import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import { BadSettings, readSettings, type Settings } from '../config.ts'
import { endProcess } from './ending.ts'
import { unawaitedTold } from './failures.ts'
import { linesOut } from './log-lines.ts'
import { startNode } from './node.ts'
import { ENDING } from './signals.ts'
import { faultInWords } from './system-faults.ts'
import { takeThreadLines } from './thread-lines.ts'

/** Starts a node: settings, registry, server; stops it in good order on a signal that ends it, at once on a second of them. */

const settings = settingsOrExit()
const lines = linesOut()
takeThreadLines(lines.write)
const log = pino({ level: settings.LOG_LEVEL }, lines)
await listens(settings).catch(sayAndExit)
let isServing = false
const node = await startNode(
  settings,
  log,
  (error) => {
    if (!isServing) sayAndExit(error)
    // Without its writer a node can't keep what it would accept; whoever watches it starts it again.
    log.fatal({ err: error }, 'the writer died')
    void endProcess(1)
  },
  lines.lost,
).catch(sayAndExit)

/** Less than systemd waits (docs/registry.service) before it ends the process by force, without a word. */
const LONGEST_END_MS = 45_000
let stopping = false
for (const signal of ENDING)
  process.on(signal, () => {
    // Whoever asks twice does not want to wait; what was answered is kept all the same.
    if (stopping) {
      void endProcess(1)
      return
    }
    stopping = true
    log.info({ signal }, 'stopping')
    const closed = node.close().then(
      () => 0,
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly')
        return 1
      },
    )
    const tooLong = setTimeout(LONGEST_END_MS).then(() => {
      log.error('没有及时停下：有文件所在的磁盘没有答复。已答复的内容都已保存，现在强行结束。')
      return 1
    })
    Promise.race([closed, tooLong]).then(async (code) => {
      await lines.settled()
      await endProcess(code)
    })
  })

await node.app.listen({ host: settings.HOST, port: settings.PORT }).catch(sayAndExit)
isServing = true
unawaitedTold(log)

/** Tries whether the address may be listened on, before anything is opened or made; throws what the system has against it. */
async function listens({ HOST, PORT }: Settings): Promise<void> {
  const server = createServer().listen(PORT, HOST)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

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
