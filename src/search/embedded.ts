import { setImmediate as othersTurn } from 'node:timers/promises'
import { z } from 'zod'
import { EmptiedLog } from '../register/emptied-log.ts'
import { snapshotsOf } from '../register/snapshots.ts'
import { holdTurn, mustStand, turn } from '../views/turns.ts'
import type { SearchDocument } from './document.ts'
import { currentGeneration, makeCurrent, newGeneration, openIndex, prepare } from './embedded-schema.ts'
import { write } from './embedded-write.ts'
import type { SearchIndex } from './engine.ts'
import { KeptTable } from './kept-table.ts'
import { type FindCodes, MemberTable } from './members.ts'

const checkpoint = z.object({ busy: z.int() })

/** Rows that are taken in at a time, so that the parts of the index stay few and other work gets its turn. */
const ROWS_A_STEP = 20_000
/** So many members are worth keeping, and so many more keeping again; of a larger table a tenth of it. */
const WORTH_KEEPING = 20_000
/** Rows that come one upon another are kept once. */
const KEEP_MS = 5_000
/** How long a rebuild that died keeps others from beginning one. */
const FILLING_MS = 20_000
/** A table with texts that nobody bears any more is made anew so long after they went. */
const REMAKE_MS = 10 * 60_000

/**
 * The embedded index: documents in SQLite, where the writer puts them, and all that is searched and counted in the
 * memory of the thread that answers, which follows the rows by their versions and keeps, where `keptPath` says, what it
 * made of them for the next start. One that was filled from a register of another epoch than `epoch` is begun anew.
 */
export function openEmbeddedIndex(
  path: string,
  mode: 'read' | 'write',
  { keptPath, epoch = '' }: { keptPath?: string; epoch?: string } = {},
): SearchIndex {
  const connection = openIndex(path, mode, epoch)
  const log = new EmptiedLog(connection)
  const dataVersion = connection.prepare<[], number>('PRAGMA data_version').pluck()
  const kept = keptPath === undefined ? undefined : new KeptTable(keptPath)
  let seen = -1
  let generation = -1
  let statements = prepare(connection, currentGeneration(connection) ?? 1)
  let table = new MemberTable()
  let [applied, version] = [0, 0]
  /** How many members the kept table has. */
  let keptSize = 0
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  /** Another process may drop the generation that was current a moment ago. */
  const atOnce = snapshotsOf(connection)

  /** Uses the generation that is current, from its beginning where it is another one or the table is worn. */
  function look(): void {
    const current = currentGeneration(connection) ?? 1
    if (current === generation && !table.isWorn) return
    generation = current
    statements = prepare(connection, current)
    const state = statements.state.get()
    const parts = state && table.size === 0 ? kept?.kept(state.name, state.version) : undefined
    table = new MemberTable(parts)
    keptSize = table.size
    version = parts?.of.version ?? 0
    seen = -1
  }

  /** Takes in what has been indexed since the last look; call it inside a transaction. */
  function follow(): void {
    look()
    const now = dataVersion.get() ?? 0
    if (now === seen) return
    while (!hasAll()) version = taken(table, version)
    applied = statements.state.get()?.applied ?? 0
    seen = now
    keepSoon()
  }

  function hasAll(): boolean {
    return version >= (statements.state.get()?.version ?? 0)
  }

  /** Lets a table take in a step of rows after a version; gives the version that it has come to. */
  function taken(into: MemberTable, after: number): number {
    const rows = statements.since.all(after, ROWS_A_STEP)
    into.take(rows)
    return rows.at(-1)?.version ?? statements.state.get()?.version ?? after
  }

  function keepSoon(): void {
    if (!kept) return
    // What was erased may be in the file.
    if (table.hasLost && keptSize > 0) {
      kept.remove()
      keptSize = 0
    }
    const isGrown = table.size - keptSize > Math.max(WORTH_KEEPING, keptSize / 10)
    if (timer !== undefined || !isGrown) return
    timer = setTimeout(
      () => {
        keep()
          // Whoever searches meets the same, and tells of it; what is not kept is made with the next start.
          .catch(() => undefined)
          .finally(() => {
            timer = undefined
          })
      },
      table.hasLost ? REMAKE_MS : KEEP_MS,
    )
    timer.unref()
  }

  /** Keeps the table as it is now; one that holds what nobody bears any more is made anew first. */
  async function keep(): Promise<void> {
    if (table.hasLost) await remake()
    if (isClosed || table.hasLost) return
    const state = statements.state.get()
    // What a crash could still take from the index must not be in the file.
    const [written] = z.array(checkpoint).parse(connection.pragma('wal_checkpoint(PASSIVE)'))
    if (!kept || !state || written?.busy !== 0) return
    const size = table.size
    if (await kept.keep({ generation: state.name, version }, table.parts())) keptSize = size
  }

  /** Makes the table anew from the rows, step by step, so that questions are answered meanwhile. */
  async function remake(): Promise<void> {
    const fresh = new MemberTable()
    const of = generation
    let reached = 0
    const step = connection.transaction(() => {
      look()
      if (of === generation) reached = taken(fresh, reached)
    })
    while (!isClosed && of === generation && reached < version) {
      step()
      await othersTurn()
    }
    if (isClosed || of !== generation) return
    table = fresh
    version = reached
    seen = -1
  }

  const findCodes: FindCodes = (code, whole) => {
    const end = whole ? code : `${code}\u{10ffff}`
    return [
      ...statements.numbersByKey.all(code, end),
      ...statements.numbersByUnifiedCode.all(code, end),
      // An enterprise known by its organisation code alone is found by its unified code too.
      ...(whole && code.length === 18 ? statements.numbersWithoutUnifiedCode.all(code.slice(8, 17)) : []),
    ]
  }

  return {
    async applied() {
      return atOnce(() => {
        look()
        return statements.state.get()?.applied ?? 0
      })
    },
    async index(batch) {
      connection
        .transaction(() => {
          look()
          write(statements, batch)
        })
        .immediate()
      // A connection's own changes do not move its data version.
      seen = -1
    },
    async ask(questions) {
      return atOnce(() => {
        follow()
        return {
          position: applied,
          selections: questions.map((question) => table.answer(question, findCodes)),
        }
      })
    },
    async documents(keys) {
      return atOnce(() => {
        look()
        return keys.flatMap((key): SearchDocument[] => {
          const json = statements.json.get(key) ?? null
          return json === null ? [] : [JSON.parse(json)]
        })
      })
    },
    async rebuild(batches) {
      const id = await turn(connection, () => newGeneration(connection))
      const fresh = prepare(connection, id)
      const inTurn = (act: () => void) =>
        connection
          .transaction(() => {
            mustStand(connection, id)
            act()
          })
          .immediate()
      for await (const batch of batches)
        inTurn(() => {
          write(fresh, batch)
          holdTurn(connection, id, FILLING_MS)
        })
      inTurn(() => makeCurrent(connection, id))
      log.empty()
      seen = -1
    },
    async close() {
      clearTimeout(timer)
      // What would have been kept in a moment is there for the next start.
      if (timer !== undefined && !table.hasLost) await keep()
      isClosed = true
      await kept?.close()
      await log.close()
      connection.close()
    },
  }
}
