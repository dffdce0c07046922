import type { Actor } from '../authority/acting.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { factOf } from '../dossier/entries.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { RecordKind } from '../records/kind.ts'
import type { Draft, Entry } from '../register/entry.ts'
import { Conflict, type Register } from '../register/register.ts'
import { whoActs } from '../registry/who-acts.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { type Mapping, mapColumns } from './columns.ts'
import type { BadRow } from './report.ts'
import { takeRow } from './rows.ts'
import { BadTable, readTable, type TableRow } from './table.ts'

/** What an import has done so far. */
export interface ImportCounts {
  /** Rows read, the header apart. */
  rows: number
  opened: number
  added: number
  updated: number
  unchanged: number
  failed: number
}

export interface ImportProgress {
  counts: ImportCounts
  /** Line of the last row whose outcome is durable. */
  line: number
  /** Share of the file that has been read, 0 to 1. */
  read: number
  headers: readonly string[]
  ignored: readonly string[]
  /** Rows of this step that could not be taken. */
  bad: readonly BadRow[]
  /** Positions of the first and the last entry that this step appended. */
  appended?: { first: number; last: number }
}

/** What an officer has mended in an upload before it is imported. */
export interface Mending {
  /** Other headers than the file's, by their column. */
  headers: Readonly<Record<number, string>>
  /** Other cells than the file's, by the line of their row. */
  rows: Readonly<Record<number, readonly string[]>>
}

export const nothingMended: Mending = { headers: {}, rows: {} }

export interface ImportRun {
  path: string
  kind: RecordKind
  actor: Actor
  /** Names the run in the register's commands. */
  command: string
  /** Line up to which an earlier run has gone, and what it had counted. */
  from?: { line: number; counts: ImportCounts } | undefined
  mending?: Mending | undefined
  writer: Writer
  /** What an earlier run of the same batch appended; needed by a run that goes on with another. */
  outcome?: Register['outcome']
  views: Views
  catalogue: Catalogue
  now(): Date
  newId(): string
  /** What follows at once from drafts about a file that stood before them. */
  consequences(before: Dossier | undefined, drafts: readonly Draft[]): Draft[]
  /** Told after each batch is durable; the next one waits for it. */
  onProgress(progress: ImportProgress): Promise<void>
  signal?: AbortSignal
}

export const BATCH_ROWS = 1000
const CONFLICTS_ENDURED = 10

/** Imports a file batch by batch; each batch is one append. Throws `BadTable` for a file that can't be read. */
export async function runImport(run: ImportRun): Promise<void> {
  let mapping: Mapping | undefined
  const counts = { ...(run.from?.counts ?? noCounts()) }
  const done = run.from?.line ?? 0
  let waiting: TableRow[] = []
  for await (const { rows, read } of readTable(run.path)) {
    for (const original of rows) {
      const row = mended(original, run.mending ?? nothingMended, mapping === undefined)
      if (!mapping) {
        mapping = mappingOf(row, run.kind)
        continue
      }
      if (row.line > done) waiting.push(row)
      if (waiting.length < BATCH_ROWS) continue
      await importBatch(run, mapping, waiting, counts, read)
      waiting = []
      if (run.signal?.aborted) return
    }
  }
  if (!mapping) throw new BadTable('文件中没有表头，也没有数据。')
  await importBatch(run, mapping, waiting, counts, 1)
}

export function noCounts(): ImportCounts {
  return { rows: 0, opened: 0, added: 0, updated: 0, unchanged: 0, failed: 0 }
}

/** A row as it was mended; a fault that lay in how it was written is gone with the writing. */
export function mended(row: TableRow, { headers, rows }: Mending, isHeader: boolean): TableRow {
  const { line, cells } = row
  if (isHeader) return { ...row, cells: cells.map((cell, i) => headers[i] ?? cell) }
  const typed = rows[line]
  return typed ? { line, cells: [...typed] } : row
}

export function mappingOf(header: TableRow, kind: RecordKind): Mapping {
  if ('fault' in header) throw new BadTable(`表头（第 ${header.line} 行）：${header.fault}`)
  const mapped = mapColumns(header.cells, kind)
  if (!mapped.ok) throw new BadTable(mapped.detail)
  return mapped.mapping
}

async function importBatch(
  run: ImportRun,
  mapping: Mapping,
  rows: readonly TableRow[],
  counts: ImportCounts,
  read: number,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const batch = run.views.snapshot(() =>
      decideBatch({ ...run, stored: (key) => run.views.dossier(key) }, mapping, rows),
    )
    let appended: ImportProgress['appended']
    let done = batch.counts
    const command = batchCommand(run.command, rows[0]?.line ?? 0)
    try {
      const earlier = await run.outcome?.(command, BATCH)
      const entries = earlier ?? (batch.drafts.length > 0 ? await appendBatch(run, batch, command) : [])
      if (earlier) done = countsOf(earlier, batch.counts)
      const [first, last] = [entries[0]?.seq, entries.at(-1)?.seq]
      if (first !== undefined && last !== undefined) appended = { first, last }
    } catch (error) {
      // Somebody changed a file meanwhile: the rows are decided anew on what it has become.
      if (error instanceof Conflict && attempt < CONFLICTS_ENDURED) continue
      throw error
    }
    for (const name of ['rows', 'opened', 'added', 'updated', 'unchanged', 'failed'] as const)
      counts[name] += done[name]
    await run.onProgress({
      counts: { ...counts },
      line: rows.at(-1)?.line ?? run.from?.line ?? 0,
      read,
      headers: mapping.headers,
      ignored: mapping.ignored,
      bad: batch.bad,
      ...(appended && { appended }),
    })
    // The writer's other callers come between two batches.
    await new Promise((resolve) => setImmediate(resolve))
    return
  }
}

const BATCH = 'batch'

/** Names a batch by the line that it begins with, so that one that was cut off is found again. */
function batchCommand(command: string, line: number): string {
  return `${command}/${line}`
}

/** Whether an entry bears a command of an import: of one of its batches, or of the whole. */
export function isOfImport(entry: Pick<Entry, 'command'>, command: string): boolean {
  if (entry.command === command) return true
  return entry.command.startsWith(`${command}/`) && /^\d+$/.test(entry.command.slice(command.length + 1))
}

async function appendBatch(
  run: ImportRun,
  { drafts, expect }: { drafts: readonly Draft[]; expect: ReadonlyMap<string, number> },
  command: string,
): Promise<Entry[]> {
  const { entries } = await run.writer.append(
    { drafts, expect, command, ...(run.outcome && { fingerprint: BATCH }) },
    { waitForSearch: false },
  )
  return entries
}

/** What a batch came to that an earlier run appended: told by its entries; what failed then fails again. */
function countsOf(entries: readonly Entry[], again: ImportCounts): ImportCounts {
  const outcomes = new Map<string, 'opened' | 'added' | 'updated'>()
  for (const entry of entries) {
    const fact = factOf(entry)
    if (!fact || !('row' in fact.payload) || fact.payload.row === undefined) continue
    const { row } = fact.payload
    if (fact.kind === 'enterprise.opened') outcomes.set(row, 'opened')
    else if (!outcomes.has(row)) outcomes.set(row, fact.kind === 'record.added' ? 'added' : 'updated')
  }
  const counts = { ...noCounts(), rows: again.rows, failed: again.failed }
  for (const outcome of outcomes.values()) counts[outcome] += 1
  const { opened, added, updated } = counts
  return { ...counts, unchanged: again.rows - again.failed - opened - added - updated }
}

/** What deciding on rows rests on. */
interface Deciding
  extends Pick<ImportRun, 'kind' | 'actor' | 'catalogue' | 'now' | 'newId' | 'consequences' | 'views'> {
  /** The file that stands under a key before these rows. */
  stored(key: string): Dossier | undefined
}

/** Decides on rows one after the other, each on what those before it come to. */
export function decideBatch(run: Deciding, mapping: Mapping, rows: readonly TableRow[]) {
  const files = new Map<string, { before: Dossier | undefined; drafts: Draft[] }>()
  const expect = new Map<string, number>()
  const drafts: Draft[] = []
  const bad: BadRow[] = []
  const counts = { ...noCounts(), rows: rows.length }
  const now = run.now()
  // Most rows are about a file of their own, so what they come to is folded only when another asks for it.
  const file = (key: string): Dossier | undefined => {
    const known = files.get(key)
    if (known?.drafts.length) {
      const folded = { before: anticipated(known.before, known.drafts, now.toISOString()), drafts: [] }
      files.set(key, folded)
      return folded.before
    }
    const before = known ? known.before : stored(key)
    if (!known) files.set(key, { before, drafts: [] })
    return before
  }
  // A file stands under its unified code only where another has, or once had, its organisation code.
  const stored = (key: string): Dossier | undefined =>
    key.length === 18 && file(key.slice(8, 17)) === undefined ? undefined : run.stored(key)
  const situation = {
    file,
    today: shanghaiDate(now),
    catalogue: run.catalogue,
    newId: run.newId,
    ...whoActs(run.views, run.actor),
  }
  for (const row of rows) {
    const { line, cells } = row
    if ('fault' in row) {
      counts.failed += 1
      bad.push({ line, cells, faults: [{ detail: row.fault }] })
      continue
    }
    if (
      cells.length > mapping.headers.length &&
      cells.slice(mapping.headers.length).some((cell) => cell !== '')
    ) {
      counts.failed += 1
      const detail = `本行有 ${cells.length} 栏，表头只有 ${mapping.headers.length} 栏；含逗号的内容请用引号括起。`
      // The report keeps what was too much in its last column, so that nothing of the row is lost.
      const last = mapping.headers.length - 1
      const kept = [...cells.slice(0, last), cells.slice(last).join(',')]
      bad.push({ line, cells: kept, faults: [{ detail }] })
      continue
    }
    const taken = takeRow(cells, mapping, run.kind, situation)
    counts[taken.outcome] += 1
    if (taken.outcome === 'failed') bad.push({ line, cells, faults: taken.faults })
    if (!('decisions' in taken)) continue
    for (const { key, drafts: own } of taken.decisions) {
      if (!expect.has(key)) expect.set(key, file(key)?.revision ?? 0)
      files.get(key)?.drafts.push(...own)
      drafts.push(...own)
      const consequences = run.consequences(files.get(key)?.before, own)
      files.get(key)?.drafts.push(...consequences)
      drafts.push(...consequences)
    }
  }
  return { drafts, expect, bad, counts, files }
}
