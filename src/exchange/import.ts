import { setImmediate as othersTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { factOf } from '../dossier/entries.ts'
import { invalid } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { RecordKind } from '../records/kind.ts'
import type { Draft, Entry } from '../register/entry.ts'
import { Conflict, type Register } from '../register/register.ts'
import { whoActs } from '../registry/who-acts.ts'
import { type Cell, textOf } from '../sheets/cell.ts'
import { isFilled, type TableRow } from '../sheets/table.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Mapping } from './columns.ts'
import { repeatedInWords } from './ditto.ts'
import type { BadRow } from './report.ts'
import { readRow } from './row-reading.ts'
import { type RowOutcome, type RowSituation, takeRows } from './rows.ts'
import { type Survey, surveyOf } from './survey.ts'
import { faultOfSerials, groupsOf, numberOf } from './together.ts'
import { batchesOf, type Mending, nothingMended } from './upload.ts'
import { overruled } from './verdicts.ts'

/** What an import has done so far, in rows; the header is none. */
export const importCounts = z.object({
  rows: z.int(),
  opened: z.int().meta({ description: '新建档案的行数' }),
  added: z.int().meta({ description: '新增记录的行数' }),
  updated: z.int().meta({ description: '更新已有内容的行数' }),
  proposed: z
    .int()
    .default(0)
    .meta({ description: '改动已公示的内容、待另一人确认的行数，见 /api/v1/proposals' }),
  unchanged: z.int().meta({ description: '与已有内容相同、未改动的行数' }),
  failed: z.int().meta({ description: '有错误、未导入的行数' }),
})
export type ImportCounts = z.output<typeof importCounts>

/** Names of the counts, for adding them up. */
export const COUNTED = ['rows', 'opened', 'added', 'updated', 'proposed', 'unchanged', 'failed'] as const

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

export interface ImportRun {
  path: string
  kind: RecordKind
  actor: Actor
  /** Names the run in the register's commands. */
  command: string
  /** An id made when the import was asked for: records with later ones are its own. */
  since: string
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

const CONFLICTS_ENDURED = 10

/** Imports a file batch by batch; each batch is one append. Throws `BadTable` for a file that can't be read. */
export async function runImport(run: ImportRun): Promise<void> {
  const { path, kind, mending = nothingMended } = run
  const counts = { ...(run.from?.counts ?? noCounts()) }
  const done = run.from?.line ?? 0
  const changed = new Set<string>()
  const { below, apart } = await surveyOf({ path, kind, mending })
  for await (const { mapping, rows, read } of batchesOf({ path, kind, mending, below })) {
    const left = done === 0 ? rows : rows.filter(({ line }) => line > done)
    if (left.length > 0 || read === 1) await importBatch(run, { mapping, apart }, left, counts, read, changed)
    if (run.signal?.aborted) return
  }
}

export function noCounts(): ImportCounts {
  return { rows: 0, opened: 0, added: 0, updated: 0, proposed: 0, unchanged: 0, failed: 0 }
}

async function importBatch(
  run: ImportRun,
  { mapping, apart }: { mapping: Mapping; apart: Survey['apart'] },
  rows: readonly TableRow[],
  counts: ImportCounts,
  read: number,
  changed: Set<string>,
): Promise<void> {
  let met: Conflict | undefined
  const unreadable = new Set<string>()
  for (let attempt = 1; ; attempt += 1) {
    const { mending = nothingMended, views } = run
    const stored = (key: string) => {
      if (unreadable.has(key))
        throw invalid('', 'unreadable', `${key} 的档案有本版本读不出的登记，本行未导入。`)
      return views.dossier(key)
    }
    const batch = views.snapshot(() =>
      decideBatch({ ...run, mending, changed, apart, stored }, mapping, rows),
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
      if (!(error instanceof Conflict) || attempt >= CONFLICTS_ENDURED) throw error
      // Somebody changed a file meanwhile: the rows are decided anew on what it has become. One that can't be read keeps only
      // its own rows.
      if (error.isAgain(met)) unreadable.add(error.subject)
      met = error
      continue
    }
    for (const name of COUNTED) counts[name] += done[name]
    for (const id of batch.changed) changed.add(id)
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
    await othersTurn()
    return
  }
}

const BATCH = 'batch'

/** Names a batch by the line that it begins with, so that one that was cut off is found again. */
function batchCommand(command: string, line: number): string {
  return `${command}/${line}`
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

/** What rows came to that an earlier run appended: told by their entries; what failed then fails again, where the rows are at hand. */
export function countsOf(
  entries: readonly Entry[],
  again?: Pick<ImportCounts, 'rows' | 'failed'>,
): ImportCounts {
  const outcomes = new Map<string, 'opened' | 'added' | 'updated'>()
  const proposed = entries.filter(({ kind }) => kind === 'act.proposed').length
  for (const entry of entries) {
    const fact = factOf(entry)
    if (!fact || !('row' in fact.payload) || fact.payload.row === undefined) continue
    const { row } = fact.payload
    if (fact.kind === 'enterprise.opened') outcomes.set(row, 'opened')
    else if (!outcomes.has(row)) outcomes.set(row, fact.kind === 'record.added' ? 'added' : 'updated')
  }
  const { rows, failed } = again ?? { rows: outcomes.size + proposed, failed: 0 }
  const counts = { ...noCounts(), rows, failed, proposed }
  for (const outcome of outcomes.values()) counts[outcome] += 1
  const { opened, added, updated } = counts
  return { ...counts, unchanged: rows - failed - opened - added - updated - proposed }
}

/** What deciding on rows rests on. */
export interface Deciding
  extends Pick<
    ImportRun,
    'kind' | 'actor' | 'since' | 'catalogue' | 'now' | 'newId' | 'consequences' | 'views'
  > {
  mending: Mending
  /** Records that earlier rows of the upload have changed. */
  changed: ReadonlySet<string>
  /** Things whose rows stand too far apart for one batch. */
  apart: Survey['apart']
  /** The file that stands under a key before these rows. */
  stored(key: string): Dossier | undefined
  /** Told what came of each row, with the file as it stood before the row. */
  onRow?(row: TableRow, outcome: RowOutcome, file: (key: string) => Dossier | undefined): void
}

/** Decides on rows one after the other, each on what those before it come to. */
export function decideBatch(run: Deciding, mapping: Mapping, rows: readonly TableRow[]) {
  const files = new Map<string, { before: Dossier | undefined; drafts: Draft[] }>()
  const who = whoActs(run.views, run.actor)
  // A batch rests on who asks as it does on the files: rights that end meanwhile end it.
  const expect = new Map<string, number>(who.saw)
  const drafts: Draft[] = []
  const bad: BadRow[] = []
  const changed = new Set<string>()
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
  const situation: RowSituation = {
    file,
    today: shanghaiDate(now),
    catalogue: run.catalogue,
    newId: run.newId,
    ...who,
    renames: new Set(run.mending.renames),
    firms: new Map(Object.entries(run.mending.firms ?? {})),
    rowsSeen: new Set(),
    isOwn: (id) => id > run.since || run.changed.has(id) || changed.has(id),
  }
  const { kind } = run
  const decided = groupsOf(rows, mapping, kind).flatMap((whole) => withoutOverruled(whole, mapping, kind))
  for (const { group, refused } of decided) {
    const decision =
      refused ??
      refusedAsWritten(group, mapping, kind) ??
      takeRows(cellsOf(group), mapping, kind, situation, partsOf(group, run.apart, mapping, kind))
    const taken = withNotes(decision, group, mapping)
    counts[taken.outcome] += group.length
    for (const row of group) run.onRow?.(row, taken, file)
    if (taken.outcome === 'failed')
      for (const row of group)
        bad.push({ ...placeOf(row), cells: cellsWithin(row, mapping), faults: taken.faults })
    if (!('decisions' in taken)) continue
    for (const { key, recordId } of taken.decisions) {
      if (taken.outcome === 'updated' && recordId !== undefined) changed.add(recordId)
      if (!expect.has(key)) expect.set(key, file(key)?.revision ?? 0)
    }
    for (const key of new Set(taken.decisions.map((decision) => decision.key))) {
      // All that a row comes to in a file has its consequences once, upon the file as it stood before the row.
      const own = taken.decisions.filter((decision) => decision.key === key).flatMap(({ drafts }) => drafts)
      const before = file(key)
      const all = [...own, ...run.consequences(before, own)]
      files.get(key)?.drafts.push(...all)
      drafts.push(...all)
    }
  }
  return { drafts, expect, bad, counts, changed }
}

/** An outcome with what is to be told of how its rows were read. */
function withNotes(taken: RowOutcome, rows: readonly TableRow[], { headers }: Mapping): RowOutcome {
  if (taken.outcome === 'failed') return taken
  const told = rows.flatMap((row) => repeatedInWords(row, headers) ?? [])
  if (told.length === 0) return taken
  return { ...taken, notes: [...taken.notes, ...told.map((detail) => ({ code: 'understood', detail }))] }
}

/** All rows of the thing that a group is of, where others of it stand elsewhere in the upload. */
function partsOf([row]: readonly TableRow[], apart: Survey['apart'], mapping: Mapping, kind: RecordKind) {
  const number = row && apart.size > 0 ? numberOf(row, mapping, kind) : undefined
  return number === undefined ? undefined : apart.get(number)
}

/** Rows of one thing without those whose verdict on it an officer has decided against, which are refused by themselves. */
function withoutOverruled(
  rows: TableRow[],
  mapping: Mapping,
  kind: RecordKind,
): { group: TableRow[]; refused?: RowOutcome }[] {
  if (!mapping.answers.outcome) return [{ group: rows }]
  const refused = rows.flatMap((row): { group: TableRow[]; refused: RowOutcome }[] => {
    const reading = readRow(row.cells, mapping)
    const fault = 'faults' in reading ? undefined : overruled(reading, kind, mapping.answers)
    return fault ? [{ group: [row], refused: { outcome: 'failed', faults: [fault] } }] : []
  })
  const left = rows.filter((row) => !refused.some(({ group }) => group.includes(row)))
  return left.length === 0 ? refused : [{ group: left }, ...refused]
}

function cellsOf(rows: readonly TableRow[]): (readonly Cell[])[] {
  return rows.map(({ cells }) => cells)
}

/** What the very writing of a row forbids to take, and so of all that it is put together with. */
function refusedAsWritten(
  rows: readonly TableRow[],
  mapping: Mapping,
  kind: RecordKind,
): RowOutcome | undefined {
  for (const row of rows) {
    const refused = refusedRow(row, mapping)
    if (refused) return refused
  }
  const fault = rows.length > 1 ? faultOfSerials(rows, mapping, kind) : undefined
  return fault && { outcome: 'failed', faults: [fault] }
}

function refusedRow({ cells, fault, hidden }: TableRow, { headers }: Mapping): RowOutcome | undefined {
  const refused = (code: string, detail: string): RowOutcome => ({
    outcome: 'failed',
    faults: [{ code, detail }],
  })
  if (fault !== undefined) return refused('unreadable', fault)
  if (hidden)
    return refused(
      'hidden-row',
      '本行在表格中是隐藏的，或已被筛选掉；请指明隐藏的行是否导入，或在表格软件中取消隐藏后重新上传。',
    )
  if (cells.length > headers.length && cells.slice(headers.length).some(isFilled))
    return refused(
      'too-many-cells',
      `本行有 ${cells.length} 栏，表头只有 ${headers.length} 栏；含逗号的内容请用引号括起。`,
    )
  return undefined
}

function placeOf({ line, at }: TableRow): { line: number; at?: string } {
  return { line, ...(at !== undefined && { at }) }
}

/** The texts of a row; what is too much stands in the last column, so that a report loses nothing of it. */
function cellsWithin({ cells, fault }: TableRow, { headers }: Mapping): string[] {
  const texts = cells.map(textOf)
  if (fault !== undefined || texts.length <= headers.length) return texts
  const last = headers.length - 1
  return [...texts.slice(0, last), texts.slice(last).join(',')]
}
