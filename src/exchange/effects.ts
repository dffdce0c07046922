import { z } from 'zod'
import type { Dossier } from '../dossier/dossier.ts'
import { enterprise } from '../records/catalogue.ts'
import type { Column, RecordData, RecordKind } from '../records/kind.ts'
import { rowsInWords } from '../records/rows.ts'
import { textOf } from '../sheets/cell.ts'
import type { TableRow } from '../sheets/table.ts'
import type { RowFault } from './row-reading.ts'
import type { RowOutcome } from './rows.ts'

export const effectOutcomes = ['opened', 'added', 'updated', 'proposed', 'unchanged', 'failed'] as const

/** What a row of an upload does, or why it does nothing. */
export const effect = z.object({
  line: z.int(),
  at: z.string().optional().meta({ description: '来自多个工作表时，本行的位置' }),
  outcome: z.enum(effectOutcomes),
  key: z.string().optional().meta({ description: '所涉档案的编号' }),
  name: z.string().optional(),
  changes: z
    .array(z.object({ label: z.string(), before: z.string(), after: z.string() }))
    .meta({ description: '所改的栏目，改前与改后' }),
  notes: z.array(z.string()).meta({ description: '照此导入；请核对的在前，仅供知悉的在后' }),
  toCheck: z.int().optional().meta({ description: 'notes 中请核对的条数' }),
  faults: z.array(z.string()),
  reasons: z.array(z.string()).meta({ description: '未能导入的原因的标识和栏名，与 reasons 中的一致' }),
  cells: z.array(z.string()),
})
export type Effect = z.output<typeof effect>

/** Picks rows by what they do, those with a note, those that fail for one reason, or all. */
export function isWanted(
  outcome: Effect['outcome'] | 'noted' | undefined,
  reason?: string,
): (row: Effect) => boolean {
  if (reason !== undefined) return ({ reasons }) => reasons.includes(reason)
  if (outcome === undefined) return () => true
  return outcome === 'noted' ? (row) => checksOf(row) > 0 : (row) => row.outcome === outcome
}

/** What is told of a row and is as it should be: that its publication waits for its day. */
const FOR_INFORMATION = new Set(['not-public-yet'])

/** What is told of rows and is one thing for all of a file that share it, so that it is said once, with their number. */
const OF_THE_FILE = new Set(['unknown-authority'])

/** Notes of a row that are said once for the file. */
export function notesOfFile(outcome: RowOutcome): RowFault[] {
  return 'notes' in outcome ? outcome.notes.filter(({ code = '' }) => OF_THE_FILE.has(code)) : []
}

/** How many notes of a row are to be checked, which stand first. */
export function checksOf({ notes, toCheck = notes.length }: Pick<Effect, 'notes' | 'toCheck'>): number {
  return toCheck
}

/** Tells what came of a row; `file` knows the files as they stood before it. */
export function effectOf(
  row: TableRow,
  outcome: RowOutcome,
  file: (key: string) => Dossier | undefined,
  kind: RecordKind,
): Effect {
  const { line, at } = row
  const ofFile = notesOfFile(outcome)
  const notes = 'notes' in outcome ? outcome.notes.filter((note) => !ofFile.includes(note)) : []
  const toCheck = notes.filter(({ code = '' }) => !FOR_INFORMATION.has(code))
  const others = notes.filter((note) => !toCheck.includes(note))
  const told = {
    line,
    ...(at !== undefined && { at }),
    outcome: outcome.outcome,
    changes: [],
    notes: [...toCheck, ...others].map(worded),
    ...(others.length > 0 && { toCheck: toCheck.length }),
    faults: 'faults' in outcome ? outcome.faults.map(worded) : [],
    reasons: 'faults' in outcome ? outcome.faults.map(reasonKey) : [],
    cells: row.cells.map(textOf),
  }
  if (outcome.outcome === 'failed') return told
  if (outcome.outcome === 'unchanged') return { ...told, ...named(outcome.key, file(outcome.key)) }
  const [decision] = outcome.decisions
  if (!decision) return told
  const before = file(decision.key)
  const drafts = outcome.decisions.flatMap(({ drafts: own }) => own)
  return {
    ...told,
    ...(before ? named(decision.key, before) : { key: decision.key }),
    changes: drafts.flatMap(({ kind: entry, payload }) => changesOf(entry, payload, before, kind)),
  }
}

/** Names what rows share that fail alike: the kind of fault and its column. */
export function reasonKey({ code = 'invalid', header = '' }: Pick<RowFault, 'code' | 'header'>): string {
  return `${code}:${header}`
}

function worded({ header, detail }: RowFault): string {
  return header === undefined || detail.startsWith(header) ? detail : `${header}：${detail}`
}

function named(key: string, dossier: Dossier | undefined): { key: string; name?: string } {
  const name = dossier?.enterprise.name
  return { key, ...(typeof name === 'string' && { name }) }
}

const patch = z.record(z.string(), z.unknown())
const payloads = z.object({
  id: z.string().optional(),
  uscc: z.string().optional(),
  data: patch.default({}),
  changes: patch.optional(),
})
/** What an act that was put forward would enter. */
const putForward = z.object({
  on: z.object({ id: z.string().optional() }),
  input: z.object({ uscc: z.string().optional(), data: patch.optional(), enterprise: patch.default({}) }),
})

/** What an entry says of a record or of the enterprise, or would say once it is confirmed. */
function saidBy(entry: string, payload: unknown) {
  if (entry !== 'act.proposed') {
    const { id, uscc, data, changes = data } = payloads.parse(payload)
    return { id, uscc, changes, isRecord: entry.startsWith('record.') }
  }
  const { on, input } = putForward.parse(payload)
  const { uscc, data, enterprise: changes } = input
  return { id: on.id, uscc, changes: data ?? changes, isRecord: data !== undefined }
}

function changesOf(
  entry: string,
  payload: unknown,
  before: Dossier | undefined,
  kind: RecordKind,
): Effect['changes'] {
  const { id, uscc, changes, isRecord } = saidBy(entry, payload)
  const stood: RecordData = isRecord
    ? (before?.records.find((record) => record.id === id)?.data ?? {})
    : (before?.enterprise ?? {})
  const { columns } = isRecord ? kind : enterprise
  const own = columns.flatMap((column) => {
    const value = changes[column.field]
    return value === undefined
      ? []
      : [{ label: column.label, before: inWords(stood[column.field], column), after: inWords(value, column) }]
  })
  return uscc === undefined || !before
    ? own
    : [{ label: '统一社会信用代码', before: before.uscc ?? '', after: uscc }, ...own]
}

/** A value of a field as tables show it. */
export function inWords(value: unknown, column: Column): string {
  const { unit = '' } = column
  if (value === undefined || value === null) return ''
  if (column.type === 'rows') return rowsInWords(value, column)
  if (Array.isArray(value)) return value.map(String).join('、')
  if (typeof value === 'boolean') return value ? '是' : '否'
  return `${String(value)}${unit}`
}
