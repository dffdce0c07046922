import type Database from 'better-sqlite3'
import { z } from 'zod'
import { type NamesOf, ofNames } from '../authority/authorities.ts'
import { type Maker, maker } from '../authority/maker.ts'
import type { Store } from '../beside/store.ts'
import { holdsIdentityNumber } from '../records/personal-data.ts'
import type { Place } from '../registry/places.ts'
import type { BadRow } from './report.ts'

/** The firm that a row waits for (待建档): by the code or the name that the row has for it. */
export const waitingFirm = z.object({
  code: z.string().optional(),
  name: z.string().optional(),
  place: z.string().optional(),
})
export type WaitingFirm = z.output<typeof waitingFirm>

/** The rows that wait for one firm. */
export const waitingFor = waitingFirm.extend({
  id: z.string().meta({ description: '办理时所用的编号' }),
  type: z.string().meta({ description: '记录类型' }),
  count: z.int().meta({ description: '行数' }),
  since: z.string().meta({ description: '最早一行导入的时间' }),
  until: z.string().meta({ description: '到期删去的时间' }),
  sample: z.string().meta({ description: '第一行的内容' }),
})
export type WaitingFor = z.output<typeof waitingFor>

/** What an authority closed without importing it, and why. */
export const closedWaiting = waitingFirm.extend({
  type: z.string().meta({ description: '记录类型' }),
  count: z.int().meta({ description: '行数' }),
  reason: z.string().meta({ description: '不再等待的原因' }),
  by: z.string().meta({ description: '办理人的姓名，见 author' }),
  author: maker,
  at: z.string(),
})
export type ClosedWaiting = z.output<typeof closedWaiting>

/** Who closes what waits, why, and when. */
interface Closing {
  reason: string
  by: Maker
  at: Date
}

/** What a reason for closing usually is. */
export const CLOSING_REASONS = [
  '外省企业，已转送',
  '个体工商户或自然人，不建档',
  '已注销，不再建档',
  '名称有误，已另行导入',
] as const

/** Where a firm stands in the list: by how many rows wait for it, then by what tells it from all others. */
export function waitingPlace({ count, type, ...firm }: WaitingFor): Place {
  return [count, keyOf(firm), type]
}

/** How long rows wait before they are erased, and how long it is known why some were closed. */
const KEPT_MS = 180 * 24 * 3_600_000
/** Rows that wait for an authority's firms at most; more stay in the report of their import alone. */
export const MOST_WAITING = 20_000
const SAMPLE_LENGTH = 200

/** Whose rows wait, and which import brought them. */
interface From {
  job: string
  type: string
  authority: string
  at: Date
}

/** A table of rows, as it can be imported again. */
export interface WaitingTable {
  headers: string[]
  rows: string[][]
}

export const WAITING_TABLES = `
  CREATE TABLE IF NOT EXISTS waiting (
    job TEXT NOT NULL,
    line INTEGER NOT NULL,
    type TEXT NOT NULL,
    authority TEXT NOT NULL,
    -- Whom the row waits for, as text; the rows of one firm have the same.
    firm TEXT NOT NULL,
    headers TEXT NOT NULL,
    cells TEXT NOT NULL,
    since TEXT NOT NULL,
    due_at TEXT NOT NULL,
    -- The import that was begun with it and not started yet.
    taken_by TEXT,
    PRIMARY KEY (job, line)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS waiting_closed (
    authority TEXT NOT NULL,
    type TEXT NOT NULL,
    firm TEXT NOT NULL,
    count INTEGER NOT NULL,
    reason TEXT NOT NULL,
    -- Who closed it, as JSON; from another version of the program, the bare name.
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (authority, type, firm, at)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS waiting_closed_of ON waiting_closed (authority, at);
  CREATE INDEX IF NOT EXISTS waiting_of ON waiting (authority, type, firm);
  CREATE INDEX IF NOT EXISTS waiting_due ON waiting (due_at);
  CREATE INDEX IF NOT EXISTS waiting_taken ON waiting (taken_by) WHERE taken_by IS NOT NULL;
`

/**
 * Rows of imports whose firms have no file yet (待建档): a list of each authority beside its import jobs, from which they are
 * imported once the file is there. Limited in number, erased by date, gone with the import when it is taken back.
 */
export class WaitingRows {
  readonly #statements: ReturnType<typeof prepare>

  readonly #store: Store
  readonly #namesOf: NamesOf

  constructor(db: Database.Database, store: Store, namesOf: NamesOf) {
    this.#statements = prepare(db)
    this.#store = store
    this.#namesOf = namesOf
  }

  /** Under what an authority's rows are kept. */
  #whose(authority: string): string {
    return JSON.stringify(this.#namesOf(authority))
  }

  /** Keeps the rows of an import that wait for a firm and for nothing else; how many were kept. */
  keep(bad: readonly BadRow[], headers: readonly string[], from: From): Promise<number> {
    return this.#store.change(() => this.#kept(bad, headers, from))
  }

  #kept(bad: readonly BadRow[], headers: readonly string[], { job, type, authority, at }: From): number {
    const { add, countOf } = this.#statements
    let room = MOST_WAITING - (countOf.get(this.#whose(authority)) ?? 0)
    let kept = 0
    for (const { line, cells, faults } of bad) {
      const firm = firmOf(faults)
      // What the registry must not keep is not kept here either.
      if (!firm || room <= 0 || cells.some(holdsIdentityNumber)) continue
      const [since, dueAt] = [at, new Date(at.getTime() + KEPT_MS)].map((moment) => moment.toISOString())
      const row = { job, line, type, authority, firm: JSON.stringify(firm), since, dueAt }
      const { changes } = add.run({ ...row, headers: JSON.stringify(headers), cells: JSON.stringify(cells) })
      room -= changes
      kept += changes
    }
    return kept
  }

  /** Firms that an authority's rows wait for, those with most rows first, after a place. */
  firms(authority: string, after: Place | undefined, most: number): WaitingFor[] {
    const [count = Number.MAX_SAFE_INTEGER, firm = '', type = ''] = after ?? []
    return this.#statements.firms.all(this.#whose(authority), { count, firm, type, most }).map(toldOf)
  }

  /** One of them, by its id; undefined for one of another authority, and once its rows are gone. */
  one(authority: string, id: string): WaitingFor | undefined {
    return this.firms(authority, undefined, MOST_WAITING).find((own) => own.id === id)
  }

  /** What an authority's rows wait for that may be the firm of a file: by a code of its, or by a name that it has or had. */
  forFile(
    authority: string,
    { codes, names }: { codes: readonly string[]; names: readonly string[] },
  ): WaitingFor[] {
    const known = JSON.stringify([...codes, ...names.flatMap(bracketsBothWays)])
    return this.#statements.forFile.all(this.#whose(authority), known, known).map(toldOf)
  }

  /** How many firms an authority's rows wait for. */
  count(authority: string): number {
    return this.#statements.firmCount.get(this.#whose(authority)) ?? 0
  }

  /** The rows that wait for a firm as one table. */
  table(authority: string, { type, ...firm }: WaitingFor): WaitingTable {
    const rows = this.#statements.rows
      .all(this.#whose(authority), type, keyOf(firm))
      .map(({ headers, cells }) => ({
        headers: texts.parse(JSON.parse(headers)),
        cells: texts.parse(JSON.parse(cells)),
      }))
    const [first] = rows
    const isOne = rows.every((row) => row.headers.join('\n') === first?.headers.join('\n'))
    if (first && isOne) return { headers: first.headers, rows: rows.map(({ cells }) => cells) }
    const headers = Array.from(new Set(rows.flatMap((row) => row.headers)))
    return {
      headers,
      rows: rows.map((row) => headers.map((header) => row.cells[row.headers.indexOf(header)] ?? '')),
    }
  }

  /** Marks the rows that wait for a firm as those of an import; once it starts they wait no more. */
  async take(authority: string, { type, ...firm }: WaitingFor, job: string): Promise<void> {
    await this.#store.change(() => this.#statements.take.run(job, this.#whose(authority), type, keyOf(firm)))
  }

  /** Lets go of what an import was begun with; within a change, as what follows. */
  started(job: string): void {
    this.#statements.started.run(job)
  }

  /** What an import that was thrown away was begun with waits on. */
  givenUp(job: string): void {
    this.#statements.givenUp.run(job)
  }

  /** Closes what waits for a firm, as it is not to be imported; why is known as long as rows wait. */
  close(authority: string, { type, ...firm }: WaitingFor, { reason, by, at }: Closing): Promise<number> {
    const { close, closed } = this.#statements
    const key = keyOf(firm)
    return this.#store.change(() => {
      const count = close.run(this.#whose(authority), type, key).changes
      if (count > 0)
        closed.run({
          authority,
          type,
          firm: key,
          count,
          reason,
          by: JSON.stringify(by),
          at: at.toISOString(),
        })
      return count
    })
  }

  /** What an authority has closed, the last first. */
  closed(authority: string, most: number): ClosedWaiting[] {
    return this.#statements.closedOf
      .all(this.#whose(authority), most)
      .map(({ firm, by, authority: at, ...told }) => {
        const author = closerIn(by, at)
        return { ...told, by: author.officer, author, ...waitingFirm.parse(JSON.parse(firm)) }
      })
  }

  /** Forgets what an import brought, as it is taken back. */
  forget(job: string): void {
    this.#statements.forget.run(job)
  }

  /** Erases what has waited until its day. */
  prune(now: Date): number {
    this.#statements.pruneClosed.run(new Date(now.getTime() - KEPT_MS).toISOString())
    return this.#statements.prune.run(now.toISOString()).changes
  }
}

/** Who closed something, as it is kept. */
function closerIn(kept: string, authority: string): Maker {
  return kept.startsWith('{') ? maker.parse(JSON.parse(kept)) : { authority, officer: kept }
}

const texts = z.array(z.string())

interface FirmRow {
  id: string
  firm: string
  type: string
  count: number
  since: string
  until: string
  cells: string
}

function toldOf({ id, firm, cells, ...told }: FirmRow): WaitingFor {
  return {
    ...told,
    ...waitingFirm.parse(JSON.parse(firm)),
    id,
    sample: texts.parse(JSON.parse(cells)).filter(Boolean).join('，').slice(0, SAMPLE_LENGTH),
  }
}

/** A name as tables write it: with brackets of either width. */
function bracketsBothWays(name: string): string[] {
  const half = name.replaceAll('（', '(').replaceAll('）', ')')
  return [half, half.replaceAll('(', '（').replaceAll(')', '）')]
}

/** Whom a row waits for, where that is all that is wrong with it. */
function firmOf(faults: BadRow['faults']): WaitingFirm | undefined {
  const [only] = faults
  return faults.length === 1 ? only?.waits : undefined
}

function keyOf({ code, name, place }: WaitingFirm): string {
  return JSON.stringify({ code, name, place })
}

function prepare(db: Database.Database) {
  const theirs = ofNames()
  const own = `FROM waiting WHERE ${theirs}`
  const told =
    'SELECT min(job || \'-\' || line) AS id, firm, type, count(*) AS count, min(since) AS since, min(due_at) AS "until", cells'
  return {
    add: db.prepare(
      'INSERT OR IGNORE INTO waiting VALUES (@job, @line, @type, @authority, @firm, @headers, @cells, @since, @dueAt, NULL)',
    ),
    countOf: db.prepare<[string], number>(`SELECT count(*) ${own}`).pluck(),
    firmCount: db
      .prepare<[string], number>(
        `SELECT count(*) FROM (SELECT DISTINCT type, firm ${own} AND taken_by IS NULL)`,
      )
      .pluck(),
    firms: db.prepare<[string, Record<'count' | 'firm' | 'type' | 'most', string | number>], FirmRow>(
      `${told} ${own} AND taken_by IS NULL GROUP BY type, firm
       HAVING count(*) < @count OR count(*) = @count AND (firm, type) > (@firm, @type)
       ORDER BY count DESC, firm, type LIMIT @most`,
    ),
    forFile: db.prepare<[string, string, string], FirmRow>(
      `${told} ${own} AND taken_by IS NULL AND (firm ->> 'code' IN (SELECT value FROM json_each(?))
         OR firm ->> 'code' IS NULL AND firm ->> 'name' IN (SELECT value FROM json_each(?)))
       GROUP BY type, firm ORDER BY count DESC, firm, type`,
    ),
    closed: db.prepare(
      'INSERT OR REPLACE INTO waiting_closed VALUES (@authority, @type, @firm, @count, @reason, @by, @at)',
    ),
    closedOf: db.prepare<
      [string, number],
      { authority: string; type: string; firm: string; count: number; reason: string; by: string; at: string }
    >(
      `SELECT authority, type, firm, count, reason, by, at FROM waiting_closed WHERE ${theirs} ORDER BY at DESC, rowid DESC LIMIT ?`,
    ),
    pruneClosed: db.prepare('DELETE FROM waiting_closed WHERE at < ?'),
    rows: db.prepare<[string, string, string], { headers: string; cells: string }>(
      `SELECT headers, cells ${own} AND type = ? AND firm = ? AND taken_by IS NULL ORDER BY since, job, line`,
    ),
    take: db.prepare(
      `UPDATE waiting SET taken_by = ? WHERE ${theirs} AND type = ? AND firm = ? AND taken_by IS NULL`,
    ),
    started: db.prepare('DELETE FROM waiting WHERE taken_by = ?'),
    givenUp: db.prepare('UPDATE waiting SET taken_by = NULL WHERE taken_by = ?'),
    close: db.prepare(`DELETE FROM waiting WHERE ${theirs} AND type = ? AND firm = ? AND taken_by IS NULL`),
    forget: db.prepare('DELETE FROM waiting WHERE job = ?'),
    prune: db.prepare('DELETE FROM waiting WHERE due_at < ?'),
  }
}
