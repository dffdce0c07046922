import type { SearchDocument } from './document.ts'
import { currentGeneration, makeCurrent, newGeneration, openIndex, prepare } from './embedded-schema.ts'
import { write } from './embedded-write.ts'
import type { SearchIndex } from './engine.ts'
import { type FindCodes, MemberTable } from './members.ts'

/** Rows that are taken in at a time, so that the parts of the index stay few and other work gets its turn. */
const ROWS_A_STEP = 20_000

/**
 * The embedded index: documents in SQLite, where the writer puts them, and all that is searched and counted in the
 * memory of the thread that answers, which follows the rows by their versions.
 */
export function openEmbeddedIndex(path: string, mode: 'read' | 'write'): SearchIndex {
  const connection = openIndex(path, mode)
  const dataVersion = connection.prepare<[], number>('PRAGMA data_version').pluck()
  let seen = -1
  let generation = -1
  let statements = prepare(connection, currentGeneration(connection) ?? 1)
  let table = new MemberTable()
  let [applied, version] = [0, 0]

  /** Uses the generation that is current, from its beginning where it is another one or the table is worn. */
  function look(): void {
    const current = currentGeneration(connection) ?? 1
    if (current === generation && !table.isWorn) return
    generation = current
    statements = prepare(connection, current)
    table = new MemberTable()
    version = 0
    seen = -1
  }

  /** Takes in what has been indexed since the last look. */
  function follow(): void {
    const now = dataVersion.get() ?? 0
    if (now === seen) return
    // One state of the database for all that is read here.
    connection.transaction(() => {
      look()
      for (;;) {
        const rows = statements.since.all(version, ROWS_A_STEP)
        table.take(rows)
        version = rows.at(-1)?.version ?? version
        if (rows.length < ROWS_A_STEP) break
      }
      applied = statements.state.get()?.applied ?? 0
    })()
    seen = now
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
      look()
      return statements.state.get()?.applied ?? 0
    },
    async index(batch) {
      look()
      connection.transaction(() => write(statements, batch)).immediate()
      // A connection's own changes do not move its data version.
      seen = -1
    },
    async ask(questions) {
      follow()
      return { position: applied, selections: questions.map((question) => table.answer(question, findCodes)) }
    },
    async documents(keys) {
      return keys.flatMap((key): SearchDocument[] => {
        const json = statements.json.get(key) ?? null
        return json === null ? [] : [JSON.parse(json)]
      })
    },
    async rebuild(batches) {
      const id = connection.transaction(() => newGeneration(connection)).immediate()
      const fresh = prepare(connection, id)
      for await (const batch of batches) connection.transaction(() => write(fresh, batch)).immediate()
      connection.transaction(() => makeCurrent(connection, id)).immediate()
      connection.pragma('wal_checkpoint(TRUNCATE)')
      seen = -1
    },
    async close() {
      connection.close()
    },
  }
}
