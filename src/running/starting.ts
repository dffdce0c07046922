import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { type Logger, pino } from 'pino'
import type { Settings } from '../config.ts'
import { endProcess } from './ending.ts'
import { unawaitedTold } from './failures.ts'
import { answerHandedOn } from './handing-on.ts'
import { linesOut } from './log-lines.ts'
import { handingSocket, lastingPath } from './meeting.ts'
import { startNode } from './node.ts'
import { type Message, roleHere, whenAskedToEnd } from './roles.ts'
import { faultInWords } from './system-faults.ts'
import { takeThreadLines } from './thread-lines.ts'

/** Less than systemd waits (docs/registry.service) before it ends the process by force, without a word. */
const LONGEST_END_MS = 45_000

/** Starts this process of a node; stops it in good order when it is asked to end, at once when it is asked again. */
export async function start(settings: Settings): Promise<void> {
  const role = roleHere()
  const lines = linesOut()
  takeThreadLines(lines.write)
  const log = pino({ level: settings.LOG_LEVEL }, lines)
  const refuse = (error: unknown) => sayAndExit(error, settings, log)
  // What is thrown where nobody waits for it ends a start in the same words.
  process.on('uncaughtException', refuse)
  await listens(settings).catch(refuse)
  let isServing = false
  const onDeath = (error: Error) => {
    if (!isServing) refuse(error)
    // Without its writer a node can't keep what it would accept; whoever watches it starts it again.
    log.fatal({ err: error }, 'the writer died')
    void endProcess(1)
  }
  const starting =
    role?.role === 'reading'
      ? import('./reading.ts').then(({ startReading }) =>
          startReading(settings, log, lastingPath(role.meeting)),
        )
      : startNode(settings, log, onDeath, lines.lost)
  const node = await starting.catch(refuse)
  let stopping = false
  whenAskedToEnd((why) => {
    // Whoever asks twice does not want to wait; what was answered is kept all the same.
    if (stopping) {
      void endProcess(1)
      return
    }
    stopping = true
    log.info({ signal: why }, 'stopping')
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
  if (role?.role === 'all')
    await answerHandedOn(node.app, handingSocket(lastingPath(role.meeting))).catch(refuse)
  await node.app.listen({ host: settings.HOST, port: settings.PORT }).catch(refuse)
  isServing = true
  process.off('uncaughtException', refuse)
  unawaitedTold(log)
  process.send?.('ready' satisfies Message)
}

/** Tries whether the address may be listened on, before anything is opened or made; throws what the system has against it. */
async function listens({ HOST, PORT }: Settings): Promise<void> {
  const server = createServer().listen(PORT, HOST)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

/** Ends a start that can't go on: in words where there are any, with all that is known where there are none. */
function sayAndExit(error: unknown, settings: Settings, log: Logger): never {
  const words = faultInWords(error, settings)
  if (words !== undefined) process.stderr.write(`无法启动：${words}\n`)
  else log.fatal({ err: error }, 'could not start')
  process.exit(2)
}
