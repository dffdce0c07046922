import type { KeyObject } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { v4 as uuidv4 } from 'uuid'
import { csvOf, type Table, xlsxOf } from '../exchange/export.ts'
import { BadTable, readTable } from '../exchange/table.ts'
import { type AskedRow, askedOf, type Columns, headingOf } from './asked.ts'
import { type Certainty, type CheckedRow, certainties, check, type Finder } from './check.ts'
import { type Span, stamped, type Verification, verified } from './record.ts'

/** Rows of one check, and of all that are held at a time. */
export const MOST_ROWS = 100_000
const MOST_HELD = 300_000
const KEPT_MS = 30 * 60_000
const ROWS_A_TURN = 50

interface Parts {
  finder: Finder
  registry: string
  key: KeyObject
  /** Position of the register that answers show, and the time. */
  position(): number
  now(): Date
  /** Rows of all checks that are held at a time. */
  mostHeld?: number
}

interface Job {
  rows: CheckedRow[]
  /** Rows that were asked for, once that is known. */
  total: number | undefined
  /** Rows beyond what one check takes. */
  left: number
  done: boolean
  problem?: string
  span: Span
  counts: Record<Certainty | 'listed', number>
}

/** How a check stands. */
export interface CheckState {
  checked: number
  total: number | null
  left: number
  done: boolean
  /** Why the file could not be read, Chinese. */
  problem?: string
  span: Span
  counts: Record<Certainty | 'listed', number>
}

/** Which rows of a check to show. */
export type RowsOf = Certainty | 'listed' | 'all'

/** Refused because too much is being checked. */
export class ChecksBusy extends Error {
  override readonly name = 'ChecksBusy'
}

/** Batch checks: held in memory for half an hour, written nowhere. */
export class Checks {
  readonly #parts: Parts
  readonly #jobs = new Map<string, Job>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Begins to check what a file asks for, and removes the file. Throws `ChecksBusy` when too much is held already. */
  async begin(path: string): Promise<string> {
    const held = Array.from(this.#jobs.values()).reduce(
      (sum, { rows, done }) => sum + (done ? rows.length : MOST_ROWS),
      0,
    )
    if (held + MOST_ROWS > (this.#parts.mostHeld ?? MOST_HELD)) {
      await rm(path, { force: true })
      throw new ChecksBusy('too many rows are held')
    }
    const id = uuidv4()
    const now = this.#moment()
    const job: Job = {
      rows: [],
      total: undefined,
      left: 0,
      done: false,
      span: { from: now, to: now },
      counts: { listed: 0, certain: 0, likely: 0, unsure: 0, none: 0, fault: 0 },
    }
    this.#jobs.set(id, job)
    this.#run(job, path).catch((error: unknown) => {
      job.problem = error instanceof BadTable ? error.message : '核验中断，请重新提交。'
      job.done = true
    })
    return id
  }

  /** How a check stands; undefined for one that is not known, or no longer. */
  async state(id: string): Promise<CheckState | undefined> {
    const job = this.#jobs.get(id)
    if (!job) return undefined
    const { rows, total = null, left, done, problem, span, counts } = job
    return {
      checked: rows.length,
      total,
      left,
      done,
      ...(problem !== undefined && { problem }),
      span,
      counts,
    }
  }

  /** Some rows of a check, from a place on. */
  async rows(id: string, of: RowsOf, from: number, limit: number): Promise<CheckedRow[]> {
    const rows = this.#jobs.get(id)?.rows ?? []
    const chosen = of === 'all' ? rows : rows.filter((row) => isOf(row, of))
    return chosen.slice(from, from + limit)
  }

  /** All rows of a check as a file; undefined for one that is not known. */
  async file(id: string, format: 'csv' | 'xlsx' | 'record'): Promise<string | Uint8Array | undefined> {
    const job = this.#jobs.get(id)
    if (!job?.done) return undefined
    if (format === 'record') return stamped(this.#parts.registry, job.span, job.rows, this.#parts.key)
    return format === 'csv' ? csvOf(tableOf(job.rows)) : xlsxOf(tableOf(job.rows))
  }

  /** Whether a record was stamped here and has not been changed since. */
  async verify(text: string): Promise<Verification> {
    return verified(text, this.#parts.key)
  }

  async forget(id: string): Promise<void> {
    this.#jobs.delete(id)
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#jobs.clear()
  }

  async #run(job: Job, path: string): Promise<void> {
    try {
      const asked = await this.#read(job, path).finally(() => rm(path, { force: true }))
      job.total = asked.length
      for (const [i, row] of asked.entries()) {
        const checked = await check(row, this.#parts.finder)
        job.rows.push(checked)
        job.counts[checked.certainty] += 1
        if (isOf(checked, 'listed')) job.counts.listed += 1
        // Whoever asks how far it has come is answered in between.
        if (i % ROWS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      job.span = { ...job.span, to: this.#moment() }
      job.done = true
    } finally {
      const timer = setTimeout(() => {
        for (const [id, known] of this.#jobs) if (known === job) this.#jobs.delete(id)
        this.#timers.delete(timer)
      }, KEPT_MS)
      timer.unref()
      this.#timers.add(timer)
    }
  }

  async #read(job: Job, path: string): Promise<AskedRow[]> {
    const asked: AskedRow[] = []
    let columns: Columns | undefined
    let isFirst = true
    for await (const { rows } of readTable(path))
      for (const row of rows) {
        const heading = isFirst ? headingOf(row.cells) : undefined
        isFirst = false
        if (heading) {
          columns = heading
          continue
        }
        const one = askedOf(row, columns)
        if (!one) continue
        if (asked.length < MOST_ROWS) asked.push(one)
        else job.left += 1
      }
    if (asked.length === 0) throw new BadTable('文件中没有要核验的企业；请每行写一家的代码或名称。')
    return asked
  }

  #moment(): Span['from'] {
    return { time: this.#parts.now().toISOString(), position: this.#parts.position() }
  }
}

function isOf({ certainty, enterprise }: CheckedRow, of: Certainty | 'listed'): boolean {
  return of === 'listed' ? enterprise?.listed !== undefined : certainty === of
}

/** How sure a match is, in words. */
export const certaintyWords: Readonly<Record<Certainty, string>> = {
  certain: '确定',
  likely: '很可能',
  unsure: '不确定',
  none: '没有找到',
  fault: '无法核验',
}

/** Whether an enterprise is on the list, in words that promise no more than is known. */
export function verdictOf({ certainty, enterprise }: Pick<CheckedRow, 'certainty' | 'enterprise'>): string {
  if (!enterprise) return ''
  const { listed } = enterprise
  const words = listed
    ? `自 ${listed.from} 起被列入质量失信黑名单${listed.until === null ? '' : `，期限至 ${listed.until}`}`
    : '未被列入质量失信黑名单'
  return certainty === 'certain' ? words : `如为该企业：${words}`
}

function tableOf(rows: readonly CheckedRow[]): Table {
  return {
    title: '批量核验结果',
    columns: [
      { field: 'line', label: '行' },
      { field: 'asked', label: '所填' },
      { field: 'verdict', label: '结论' },
      { field: 'certainty', label: '匹配' },
      { field: 'why', label: '说明' },
      { field: 'name', label: '匹配的企业名称' },
      { field: 'uscc', label: '统一社会信用代码' },
      { field: 'orgCode', label: '档案编号' },
      { field: 'region', label: '行政区划' },
      { field: 'status', label: '经营状态' },
      { field: 'grade', label: '质量信用等级' },
      { field: 'class', label: '分类监管类别' },
      { field: 'ground', label: '列入情形' },
    ],
    rows: rows.map((row) => ({
      ...row.enterprise,
      line: row.line,
      asked: row.asked,
      verdict: verdictOf(row),
      certainty: certaintyWords[row.certainty],
      why: row.why,
      ground: row.enterprise?.listed?.ground,
    })),
  }
}

/** What rows of a check can be shown by. */
export const rowChoices = ['all', 'listed', ...certainties] as const

/** Batch checks wherever they are made. */
export type CheckService = Pick<Checks, 'begin' | 'state' | 'rows' | 'file' | 'verify' | 'forget' | 'stop'>
