import { pino } from 'pino'
import type { Settings } from '../config.ts'
import { catalogue } from '../records/catalogue.ts'
import type { Append, Register } from '../register/register.ts'
import type { Writer } from '../writer/writer.ts'
import { serve } from './calls.ts'
import { threadClock } from './clock-watch.ts'
import { openMended, suspect } from './data-dir.ts'
import { failuresTold } from './failures.ts'
import { shortenLogs } from './logs.ts'
import { openRegister, type RegisterPlace } from './open-register.ts'
import { openWriter } from './open-writer.ts'
import { mustHaveRoom } from './reserve.ts'
import type { SearchChoice } from './search-choice.ts'
import { threadLines } from './thread-lines.ts'

export interface WriterThreadData extends RegisterPlace {
  logLevel: Settings['LOG_LEVEL']
  choice: SearchChoice
  /** Counts how often a person has accepted the clock. */
  accepted: Int32Array
}

/** What the writing thread does for the thread that answers requests. */
export type WriterThread = Awaited<ReturnType<typeof acts>>

const CATCH_UP_MS = 5_000

async function acts({ dataDir, database, logLevel, choice, accepted }: WriterThreadData) {
  const log = pino({ level: logLevel }, threadLines())
  const register = await openRegister({ dataDir, database }, threadClock(accepted))
  const told = failuresTold(log)
  const onLag = (error: unknown) => {
    suspect(dataDir, error)
    told(error, 'views or search following an append')
  }
  const tell = (words: string) => log.warn(words)
  const writer = await openMended(dataDir, tell, () =>
    openWriter({ dataDir, register, catalogue, search: 'thread', choice, onLag, tell }),
  )
  // What could not follow, for want of room perhaps, follows once it can, and what other processes append.
  const timer = setInterval(() => {
    writer
      .catchUp()
      .then(() => shortenLogs(dataDir))
      .catch(onLag)
  }, CATCH_UP_MS)
  const stopping = new AbortController()
  const following = database === '' ? undefined : followOthers(register, writer, stopping.signal, onLag)
  return {
    append: (request: Append) => writer.append(request),
    catchUp: () => writer.catchUp(),
    rebuild: () => writer.rebuild(),
    begin: async () => writer.begin(),
    async probe() {
      await register.probe()
      mustHaveRoom(dataDir)
    },
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await following
      await writer.close()
    },
  }
}

/** Brings the views on as other nodes append, at once. A register that has lost something ends the thread, and the node with it. */
async function followOthers(
  register: Register,
  writer: Writer,
  signal: AbortSignal,
  onLag: (error: unknown) => void,
): Promise<void> {
  for await (const _ of register.watch(await register.head(), signal)) await writer.catchUp().catch(onLag)
}

void serve(async (data: WriterThreadData) => acts(data))
