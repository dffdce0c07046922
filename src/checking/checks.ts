import { rm } from 'node:fs/promises'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { v4 as uuidv4 } from 'uuid'
import { csvOf, type Table, xlsxOf } from '../exchange/export.ts'
import type { FirmMatch, NamedFirm } from '../exchange/matching.ts'
import { readUpload } from '../exchange/reading.ts'
import { type Beside, type Order, placesCompared, type Stretch, stretchOf } from '../registry/places.ts'
import { textOf } from '../sheets/cell.ts'
import { BadTable, type TableRow } from '../sheets/table.ts'
import type { Faces } from '../views/faces.ts'
import { type AskedRow, askedOf, type Columns, headingOf, LOOKED_AT, rowOf, titlesAbove } from './asked.ts'
import { type CheckedRow, check, type Finder } from './check.ts'
import { type Given, handedBack } from './given.ts'
import type { StampKeys } from './keys.ts'
import { newListIn } from './lists.ts'
import { matchFirms } from './matching.ts'
import { paperOf, type Stamp, stampOf, stampVerified } from './paper.ts'
import type { PublicKey } from './published-keys.ts'
import { digestOf, payloadOf, recordOf, type Span, type Verification, verified } from './record.ts'
import { type CheckFile, ChecksBusy, MOST_ROWS, type RowOrder, type Source } from './request.ts'
import { rowsSent } from './sent.ts'
import {
  beforeInWords,
  byGravity,
  type ComparedRow,
  type Counts,
  certaintyWords,
  changeOf,
  gravityOf,
  isOf,
  type RowsOf,
  rowChoices,
  verdictOf,
} from './verdict.ts'

/** Rows of all checks that are held at a time. */
const MOST_HELD = 300_000
/** Of the rows that are held, the share that one asker may have. */
const OWN_SHARE = 2 / 3
const KEPT_MS = 30 * 60_000
/** So long whoever asked has what was found, however many others wait for room. */
const UNDISTURBED_MS = 2 * 60_000
/** Bytes that a row which a program sends takes at least. */
const SHORTEST_ROW = 10
const ROWS_A_TURN = 50
/** So long nobody else who asks of a check waits for a list that is read. */
const LONGEST_TURN_MS = 20
/** Lists are short texts; a workbook names a long one once and may show it in every row. */
const LISTS = { mayLackHeadings: true, mostOfSheet: 32 * 1024 ** 2 }

interface Parts {
  finder: Finder
  /** Which files the public sees otherwise by now. */
  faces: Pick<Faces, 'moment' | 'changedSince'>
  registry: string
  keys: StampKeys
  /** Position of the register that answers show, and the time. */
  position(): number
  now(): Date
  /** Folder for lists that were handed in, until they have been read. */
  lists: string
  /** Rows of all checks that are held at a time. */
  mostHeld?: number
}

/** What a check is made of, once what a program sent is rows. */
type ReadSource = Exclude<Source, { sent: unknown }>

interface HeldRow extends ComparedRow {
  cells: readonly string[]
  /** Its number in the list, from 0, whatever has become of it. */
  number: number
}

interface Job {
  readonly asker: string
  readonly rows: HeldRow[]
  /** Headings of the asker's own columns; empty where there were none. */
  heading: readonly string[]
  /** Rows that it may come to, until that is known. */
  readonly most: number
  /** Rows that were asked for, once that is known. */
  total: number | undefined
  /** Rows beyond what one check takes. */
  left: number
  done: boolean
  /** When it was done, in milliseconds. */
  doneAt?: number
  problem?: string
  span: Span
  /** Digest of what its paper was made of, once one was. */
  paper?: string
  /** When the earlier check was made that this one is held against. */
  since?: string
  counts: Record<keyof Counts, number>
  /** What its rows show is as of then. */
  looked: { moment: string; position: number }
  looking: Promise<void>
}

/** What a stamp from paper says, with the rows that it doesn't name itself while they are held: the grave ones first. */
export interface VerifiedStamp {
  stamp: Stamp
  rows?: readonly ComparedRow[]
}

/** Rows of a long paper that are shown to whoever verifies it. */
const SHOWN_OF_PAPER = 200

/** How a check stands. */
export interface CheckState {
  checked: number
  total: number | null
  left: number
  done: boolean
  /** Why what was handed in could not be read, Chinese. */
  problem?: string
  span: Span
  since?: string
  counts: Counts
}

/** Batch checks: held in memory for half an hour, written nowhere. */
export class Checks {
  readonly #parts: Parts
  readonly #jobs = new Map<string, Job>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** Checks that are still being read or made, whether anybody wants them any more or not: they hold rows all the same. */
  readonly #running = new Set<Job>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Begins to check what an asker (an address, a key) asks for. Throws `ChecksBusy` when too much is held already: of all, or of
   * this asker, so that neither one nor several keep the others out; and what `rowsSent` does of a list that a program sent.
   */
  async begin(source: Source, asker: string): Promise<string> {
    if (!this.#madeRoom(mostIn(source), asker)) {
      if ('path' in source) await rm(source.path, { force: true })
      throw new ChecksBusy('too many rows are held')
    }
    const list = 'sent' in source ? { rows: rowsSent(source.sent) } : source
    const id = uuidv4()
    const now = this.#moment()
    const counts = {
      listed: 0,
      maybeListed: 0,
      changed: 0,
      certain: 0,
      conflict: 0,
      likely: 0,
      unsure: 0,
      none: 0,
      fault: 0,
    }
    const job: Job = {
      asker,
      rows: [],
      heading: [],
      most: mostIn(list),
      total: undefined,
      left: 0,
      done: false,
      span: { from: now, to: now },
      counts,
      looked: { moment: '', position: now.position },
      looking: Promise.resolve(),
    }
    this.#jobs.set(id, job)
    this.#running.add(job)
    this.#run(id, job, list)
      .catch((error: unknown) => {
        job.problem = error instanceof BadTable ? error.message : '核验中断，请重新提交。'
      })
      .finally(() => {
        job.done = true
        job.doneAt = this.#parts.now().getTime()
        this.#running.delete(job)
        if (this.#jobs.has(id)) this.#timers.set(id, setTimeout(() => void this.forget(id), KEPT_MS).unref())
      })
    return id
  }

  /** Whether there is room for so many rows more, once finished checks of whoever holds more have given way. */
  #madeRoom(rows: number, asker: string): boolean {
    const most = this.#parts.mostHeld ?? MOST_HELD
    for (;;) {
      const jobs = [...new Set([...this.#jobs.values(), ...this.#running])]
      const own = rowsOf(jobs.filter((job) => job.asker === asker)) + rows
      if (own > most * OWN_SHARE) return false
      if (rowsOf(jobs) + rows <= most) return true
      const yielding = this.#givingWay(jobs, own)
      if (yielding === undefined) return false
      this.#forget(yielding)
    }
  }

  /** The oldest check to be given up of whoever holds the most, where that is more than a number of rows. */
  #givingWay(jobs: readonly Job[], than: number): string | undefined {
    const held = new Map<string, number>()
    for (const job of jobs) held.set(job.asker, (held.get(job.asker) ?? 0) + rowsOf([job]))
    const until = this.#parts.now().getTime() - UNDISTURBED_MS
    const [found] = [...this.#jobs]
      .filter(([, { doneAt = Number.POSITIVE_INFINITY, rows }]) => doneAt <= until && rows.length > 0)
      .filter(([, { asker }]) => (held.get(asker) ?? 0) > than)
      .sort(([, one], [, other]) => (held.get(other.asker) ?? 0) - (held.get(one.asker) ?? 0))
    return found?.[0]
  }

  /** How a check stands; undefined for one that is not known, or no longer. */
  async state(id: string): Promise<CheckState | undefined> {
    const job = await this.#upToDate(id)
    if (!job) return undefined
    const { rows, total = null, left, done, problem, span, since, counts } = job
    return {
      checked: rows.length,
      total,
      left,
      done,
      ...(problem !== undefined && { problem }),
      span,
      ...(since !== undefined && { since }),
      counts,
    }
  }

  /** Rows of a check beside a place, which holds also where some are another thing by the next page. */
  async rows(
    id: string,
    of: RowsOf,
    beside: Beside,
    limit: number,
    order: RowOrder = 'given',
  ): Promise<Stretch<ComparedRow>> {
    const rows = (await this.#upToDate(id))?.rows ?? []
    const chosen = of === 'all' ? rows : rows.filter((row) => isOf(row, of))
    const found = stretchOf(this.#ordered(chosen, order), ORDERS[order], beside, limit)
    return { ...found, rows: found.rows.map(bare) }
  }

  /** All rows of a check as a file; undefined for one that is not known. */
  async file(
    id: string,
    format: CheckFile,
    order: RowOrder = 'given',
  ): Promise<string | Uint8Array | undefined> {
    const job = await this.#upToDate(id)
    if (!job?.done || job.problem !== undefined) return undefined
    if (format === 'record') {
      return recordOf(this.#parts.registry, job.span, job.rows, this.#parts.keys)
    }
    const { heading, since } = job
    const table = tableOf({
      heading,
      ...(since !== undefined && { since }),
      rows: this.#ordered(job.rows, order),
    })
    return format === 'csv' ? csvOf(table) : xlsxOf(table)
  }

  /**
   * A check on paper, as PDF, with a code that leads to where its stamp is verified: an address that the stamp is put behind.
   * Undefined for one that is not known.
   */
  async paper(id: string, address: string): Promise<Uint8Array | undefined> {
    const job = await this.#upToDate(id)
    if (!job?.done || job.problem !== undefined) return undefined
    const check = { registry: this.#parts.registry, span: job.span, rows: job.rows }
    job.paper = digestOf(payloadOf(this.#parts.registry, job.span, job.rows))
    return paperOf(check, address + (await stampOf(check, this.#parts.keys)))
  }

  /** What a stamp that was scanned from paper says; undefined for one that was not given here. */
  async verifyStamp(text: string): Promise<VerifiedStamp | undefined> {
    const stamp = await stampVerified(text, this.#parts.keys)
    if (!stamp || stamp.each) return stamp && { stamp }
    const [id = '', held] = [...this.#jobs].find(([, job]) => job.paper === stamp.sha256) ?? []
    await this.#upToDate(id)
    // Rows that were checked again since are not the paper's any more.
    const isSame = held?.paper === stamp.sha256
    return { stamp, ...(isSame && { rows: byGravity(held.rows).slice(0, SHOWN_OF_PAPER).map(bare) }) }
  }

  /** Whether a record was signed here and has not been changed since. */
  async verify(text: string): Promise<Verification> {
    return verified(text, this.#parts.keys)
  }

  /** The public keys of all records that were ever signed here, with their periods. */
  async keys(): Promise<readonly PublicKey[]> {
    return this.#parts.keys.all
  }

  /** Path of a new file for a list that comes in, which `begin` reads and removes. */
  newList(): string {
    return newListIn(this.#parts.lists)
  }

  /** What names of an upload mean. */
  match(firms: readonly NamedFirm[]): Promise<FirmMatch[]> {
    return matchFirms(firms, this.#parts.finder)
  }

  async forget(id: string): Promise<void> {
    this.#forget(id)
  }

  #forget(id: string): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    const job = this.#jobs.get(id)
    this.#jobs.delete(id)
    // Whoever still holds it, holds no rows.
    if (job) job.rows.length = 0
  }

  async stop(): Promise<void> {
    for (const id of this.#jobs.keys()) await this.forget(id)
  }

  #ordered(rows: readonly HeldRow[], order: RowOrder): readonly HeldRow[] {
    return order === 'grave' ? byGravity(rows) : rows
  }

  async #run(id: string, job: Job, source: ReadSource): Promise<void> {
    const isWanted = () => this.#jobs.has(id)
    const { asked, before } = await this.#asked(job, source, isWanted)
    job.total = asked.length
    for (const [i, row] of asked.entries()) {
      const checked = await check(row, this.#parts.finder)
      if (!isWanted()) return
      const then = before?.[i]
      const change = then && changeOf(checked, then)
      this.#take(job, { ...checked, cells: row.cells, ...(change && { before: change }) })
      // Whoever asks how far it has come is answered in between.
      if (i % ROWS_A_TURN === 0) await othersTurn()
    }
    job.span = { ...job.span, to: this.#moment() }
  }

  #take(job: Job, taken: Omit<HeldRow, 'number'>): void {
    const row = { ...taken, number: job.rows.length }
    job.rows.push(row)
    count(job, row, 1)
  }

  /** A check with its rows as they are to be told now; undefined for one that is not known. */
  async #upToDate(id: string): Promise<Job | undefined> {
    const job = this.#jobs.get(id)
    if (!job) return undefined
    job.looking = job.looking.catch(() => undefined).then(() => this.#lookAgain(id, job))
    await job.looking
    return job
  }

  /**
   * Checks rows again whose enterprises the public sees otherwise by now: what was taken back, erased or removed is told no
   * more, however long the check is held.
   */
  async #lookAgain(id: string, job: Job): Promise<void> {
    const { finder, faces } = this.#parts
    const [moment, { position }] = [faces.moment(), this.#moment()]
    if (job.looked.moment === moment) return
    const changed = faces.changedSince(job.looked.position)
    let hasMoved = false
    for (const [i, row] of job.rows.entries()) {
      if (!keysIn(row).some((key) => changed.has(key))) continue
      const checked = await check({ line: row.line, cells: row.cells, ...row.given }, finder)
      if (!this.#jobs.has(id)) return
      if (told(checked) === told(row)) continue
      const why = `${AGAIN}${checked.why}`
      const change = changeOf(checked, row)
      // Who compares with an earlier record sees what that had said.
      const before = row.before ?? (job.since === undefined ? undefined : change)
      const now = { ...checked, why, cells: row.cells, number: row.number, ...(before && { before }) }
      count(job, row, -1)
      count(job, now, 1)
      job.rows[i] = now
      hasMoved = true
    }
    job.looked = { moment, position }
    if (!hasMoved) return
    delete job.paper
    if (job.done) job.span = { ...job.span, to: this.#moment() }
  }

  async #asked(
    job: Job,
    source: ReadSource,
    isWanted: () => boolean,
  ): Promise<{ asked: AskedRow[]; before?: readonly CheckedRow[] }> {
    if ('path' in source)
      return {
        asked: await this.#read(job, source.path, isWanted).finally(() => rm(source.path, { force: true })),
      }
    if ('rows' in source)
      return {
        asked: source.rows.map(
          (given, i) => rowOf(i + 1, [], given) ?? { line: i + 1, cells: [], fault: EMPTY_ROW },
        ),
      }
    const verification = await this.verify(source.record)
    if (!verification.ok) throw new BadTable(verification.why)
    const { rows, to } = verification.content
    job.since = to.time
    const before = rows.map((row): CheckedRow => ({ ...row, given: row.given ?? givenIn(row.asked) }))
    return {
      asked: before.map(
        ({ line, given, certainty, why }) =>
          rowOf(line, [], given) ?? { line, cells: [], fault: certainty === 'fault' ? why : EMPTY_ROW },
      ),
      before,
    }
  }

  async #read(job: Job, path: string, isWanted: () => boolean): Promise<AskedRow[]> {
    const asked: AskedRow[] = []
    const isLong = turns()
    let columns: Columns | undefined
    const take = async (rows: readonly TableRow[]) => {
      for (const row of rows) {
        if (isLong()) await othersTurn()
        const one = askedOf(row, columns)
        if (!one) continue
        if (asked.length < MOST_ROWS) asked.push(one)
        else job.left += 1
      }
    }
    // A table without headings may begin with a title.
    let start: TableRow[] | undefined = []
    const begin = async () => {
      if (start && start.length > 0) await take(start.slice(titlesAbove(start)))
      start = undefined
    }
    for await (const { header, rows } of readUpload(path, headingOrNot, LISTS)) {
      if (!isWanted()) return []
      if (header) {
        job.heading = header.cells.map((cell) => handedBack(textOf(cell)))
        columns = headingOf(job.heading)
        start = undefined
      }
      if (start) start.push(...rows)
      else await take(rows)
      if (start && start.length >= LOOKED_AT) await begin()
    }
    await begin()
    if (asked.length === 0) throw new BadTable('名单中没有要核验的企业；请每行写一个代码或名称。')
    return asked
  }

  #moment(): Span['from'] {
    return { time: this.#parts.now().toISOString(), position: this.#parts.position() }
  }
}

/** Tells whether the present turn has lasted so long that others should have theirs; a new one begins with that. */
function turns(): () => boolean {
  let since = performance.now()
  return () => {
    const now = performance.now()
    if (now - since < LONGEST_TURN_MS) return false
    since = now
    return true
  }
}

/** Stands before why, of a row that was checked once more. */
const AGAIN = '此后有变化，已按现状重新核对。'

function count({ counts }: Job, row: HeldRow, by: 1 | -1): void {
  for (const of of rowChoices) if (of !== 'all' && isOf(row, of)) counts[of] += by
}

/** What a row tells, apart from how it came to it. */
function told({ certainty, why, enterprise, other, parent }: CheckedRow): string {
  return JSON.stringify([certainty, why.replace(AGAIN, ''), enterprise, other, parent])
}

/** The files that a row tells of. */
function keysIn({ enterprise, other, parent }: CheckedRow): string[] {
  return [enterprise, other, parent].flatMap((one) => one?.orgCode ?? [])
}

/** A row without what its asker wrote beside. */
function bare({ cells: _, number: __, ...row }: HeldRow): ComparedRow {
  return row
}

const ORDERS: Readonly<Record<RowOrder, Order<HeldRow>>> = {
  given: { placeOf: ({ number }) => [number], compare: placesCompared },
  grave: { placeOf: (row) => [gravityOf(row), row.number], compare: placesCompared },
}

/** Rows that checks hold, or may come to hold while their lists are being read. */
function rowsOf(jobs: readonly Job[]): number {
  return jobs.reduce((sum, { rows, total, most, done }) => sum + (done ? rows.length : (total ?? most)), 0)
}

/** The most rows that a source may come to. */
function mostIn(source: Source): number {
  if ('rows' in source) return Math.min(source.rows.length, MOST_ROWS)
  if ('sent' in source) return Math.min(Math.ceil(source.sent.bytes.length / SHORTEST_ROW), MOST_ROWS)
  return MOST_ROWS
}

const EMPTY_ROW = '这一行没有代码，也没有名称。'

/** A row that heads a column of codes or of names is the heading, whatever else stands in it. */
function headingOrNot(cells: readonly string[]): number {
  const columns = headingOf(cells)
  return columns ? 1 + Object.keys(columns).length : 0
}

/** What an older record asked for, which kept it in one: a code, a name, or a code and a name. */
function givenIn(asked: string): Given {
  return askedOf({ line: 1, cells: [asked] }, undefined) ?? {}
}

/** Batch checks wherever they are made. */
export type CheckService = Pick<
  Checks,
  | 'newList'
  | 'begin'
  | 'state'
  | 'rows'
  | 'file'
  | 'paper'
  | 'verify'
  | 'verifyStamp'
  | 'keys'
  | 'match'
  | 'forget'
  | 'stop'
>

const VERDICT_COLUMNS = [
  { field: 'verdict', label: '核验结论' },
  { field: 'certainty', label: '匹配程度' },
  { field: 'why', label: '核验说明' },
  { field: 'foundName', label: '匹配的企业名称' },
  { field: 'uscc', label: '匹配的统一社会信用代码' },
  { field: 'orgCode', label: '档案编号' },
  { field: 'region', label: '登记地区' },
  { field: 'status', label: '经营状态' },
  { field: 'grade', label: '质量信用等级' },
  { field: 'class', label: '分类监管类别' },
  { field: 'ground', label: '列入情形' },
  { field: 'other', label: '另一家可能的企业' },
  { field: 'parent', label: '所属企业' },
]
const CHANGE_COLUMN = { field: 'before', label: '上次的结论' }

/** The asker's own columns in their order, then what came of each row. */
function tableOf({
  rows,
  heading,
  since,
}: Pick<Job, 'heading' | 'since'> & { rows: readonly HeldRow[] }): Table {
  const own = rows.reduce((most, { cells }) => Math.max(most, cells.length), heading.length)
  const columns = Array.from({ length: own }, (_, i) => ({
    field: `own${i}`,
    label: heading[i] || (heading.length === 0 && own === 1 ? '所填' : `第 ${i + 1} 列`),
  }))
  const line = own === 0 ? [{ field: 'asked', label: '所填' }] : []
  return {
    title: '批量核验结果',
    columns: [
      { field: 'line', label: '行' },
      ...line,
      ...columns,
      ...VERDICT_COLUMNS,
      ...(since === undefined ? [] : [CHANGE_COLUMN]),
    ],
    rows: rows.map((row) => ({
      ...Object.fromEntries(row.cells.map((cell, i) => [`own${i}`, cell])),
      ...row.enterprise,
      line: row.line,
      asked: row.asked,
      verdict: verdictOf(row),
      certainty: certaintyWords[row.certainty],
      why: row.why,
      foundName: row.enterprise?.name,
      ground: row.enterprise?.listed?.ground,
      other: row.other && `${row.other.name} ${row.other.uscc ?? row.other.orgCode}`,
      parent: row.parent && `${row.parent.name} ${row.parent.uscc ?? row.parent.orgCode}`,
      before: beforeInWords(row),
    })),
  }
}
