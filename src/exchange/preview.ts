import { anticipated } from '../dossier/anticipate.ts'
import type { Actor } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { type Catalogue, enterprise, kindOf } from '../records/catalogue.ts'
import type { RecordKind } from '../records/kind.ts'
import type { Draft } from '../register/entry.ts'
import { newId } from '../register/entry.ts'
import { textOf } from '../sheets/cell.ts'
import { BadTable, type TableRow } from '../sheets/table.ts'
import type { Views } from '../views/views.ts'
import { meaningOf, NOT_TAKEN, targetsOf } from './columns.ts'
import { type Effect, effectOf } from './effects.ts'
import { COUNTED, decideBatch, type ImportCounts, noCounts } from './import.ts'
import { type Passed, type SheetLook, UnclearSheets, type UploadLook } from './reading.ts'
import type { BadRow } from './report.ts'
import type { RowFault, RowOutcome, UnknownWord } from './rows.ts'
import { type Batch, batchesOf, type Mending } from './upload.ts'

/** What an import of an upload would do; nothing is written. */
export interface Preview {
  /** Why the file can't be imported as a whole. */
  problem?: string
  /** The file's sheets, and those of them that are read. */
  sheets: SheetLook[]
  chosen: string[]
  columns: { header: string; meaning: string | null; sample: string; hidden: boolean }[]
  counts: ImportCounts
  /** Rows that are taken although something about them should be looked at. */
  noted: number
  /** Why rows are not taken, the most frequent first. */
  reasons: Reason[]
  /** Words whose meaning is open, each asked once. */
  words: AskedWord[]
  /** Rows that were passed over as no data; the first of them. */
  passed: { count: number; first: Passed[] }
  /** The first rows that could not be taken, each cell as it stands. */
  bad: BadRow[]
  /** What the first rows do that could be taken. */
  good: Effect[]
  /** Whether all rows were looked at; what is left is checked when it is imported. */
  isWhole: boolean
  /** What a column may be said to mean. */
  meanings: string[]
}

/** A reason that rows share: one fault of one column. */
export interface Reason {
  code: string
  header: string
  /** As the first of its rows has it. */
  detail: string
  count: number
  /** Where the first of its rows stand. */
  lines: number[]
}

export interface AskedWord extends UnknownWord {
  count: number
  /** What the word may be said to mean. */
  terms: readonly string[]
}

export interface PreviewRequest {
  path: string
  kind: RecordKind
  actor: Actor
  mending: Mending
  views: Views
  catalogue: Catalogue
  now(): Date
  newId(): string
  /** Told what each row does, batch by batch. */
  onEffects?(effects: readonly Effect[]): Promise<void>
}

/** An upload to look at, named so that any thread can be asked. */
export interface AskedPreview {
  path: string
  type: string
  actor: Actor
  mending: Mending
  /** Where what each row does is written, a JSON text a line. */
  effects?: string
}
export type Previewer = (asked: AskedPreview) => Promise<Preview>

/** Rows with faults that are shown, to be mended in place. */
const BAD_SHOWN = 25
const GOOD_SHOWN = 10
const PASSED_SHOWN = 20
const LINES_SHOWN = 20
const MOST_REASONS = 200
const MOST_WORDS = 100
const MOST_ROWS = 100_000
const SAMPLE_LENGTH = 40

/** Finds out what an import would do, row by row as the import itself decides. */
export async function previewImport(request: PreviewRequest): Promise<Preview> {
  const { kind } = request
  const preview: Preview = {
    sheets: [],
    chosen: [],
    columns: [],
    counts: noCounts(),
    noted: 0,
    reasons: [],
    words: [],
    passed: { count: 0, first: [] },
    bad: [],
    good: [],
    isWhole: true,
    meanings: meaningsFor(kind),
  }
  try {
    await look(request, preview)
  } catch (error) {
    if (!(error instanceof BadTable)) throw error
    preview.problem = error.message
    if (error instanceof UnclearSheets) preview.sheets = [...error.sheets]
  }
  preview.reasons.sort((a, b) => b.count - a.count)
  preview.words.sort((a, b) => b.count - a.count)
  return preview
}

async function look(request: PreviewRequest, preview: Preview): Promise<void> {
  const { kind } = request
  const files: Touched = new Map()
  const changed = new Set<string>()
  const since = request.newId()
  const listener = {
    onLook: ({ sheets, chosen }: UploadLook) => Object.assign(preview, { sheets, chosen }),
    onHeaders: (headers: readonly string[]) => {
      const targets = targetsOf(headers, kind)
      preview.columns = headers.map((header, i) => ({
        header,
        meaning: meaningOf(targets[i]),
        sample: '',
        hidden: false,
      }))
    },
  }
  for await (const batch of batchesOf(request, listener)) {
    const effects = decide(request, batch, files, changed, since, preview)
    await request.onEffects?.(effects)
    if (preview.counts.rows > MOST_ROWS && batch.read < 1) {
      preview.isWhole = false
      return
    }
    // Others of this thread come between two stretches of rows.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What rows come to in the files that they touch; most are touched once, so nothing is folded before it is asked for. */
type Touched = Map<string, readonly Draft[]>

function decide(
  request: PreviewRequest,
  { mapping, rows, passed, hiddenColumns }: Batch,
  files: Touched,
  changed: Set<string>,
  since: string,
  preview: Preview,
): Effect[] {
  const { views, kind } = request
  const now = request.now().toISOString()
  const effects: Effect[] = []
  const onRow = (row: TableRow, outcome: RowOutcome, file: (key: string) => Dossier | undefined) => {
    effects.push(effectOf(row, outcome, file, kind))
    if (outcome.outcome === 'failed') for (const fault of outcome.faults) count(preview, row, fault, kind)
  }
  const batch = views.snapshot(() =>
    decideBatch(
      {
        ...request,
        since,
        changed,
        consequences: () => [],
        stored: (key) => {
          const drafts = files.get(key)
          return drafts ? anticipated(views.dossier(key), drafts, now) : views.dossier(key)
        },
        onRow,
      },
      mapping,
      rows,
    ),
  )
  for (const draft of batch.drafts) files.set(draft.subject, [...(files.get(draft.subject) ?? []), draft])
  for (const id of batch.changed) changed.add(id)
  for (const name of COUNTED) preview.counts[name] += batch.counts[name]
  preview.noted += effects.filter(({ notes }) => notes.length > 0).length
  preview.bad.push(...batch.bad.slice(0, BAD_SHOWN - preview.bad.length))
  preview.passed.count += passed.length
  preview.passed.first.push(...passed.slice(0, PASSED_SHOWN - preview.passed.first.length))
  for (const column of preview.columns) if (hiddenColumns.includes(column.header)) column.hidden = true
  const taken = effects.filter(({ outcome }) => outcome !== 'failed' && outcome !== 'unchanged')
  preview.good.push(...taken.slice(0, GOOD_SHOWN - preview.good.length))
  for (const [i, column] of preview.columns.entries())
    if (column.sample === '')
      column.sample = textOf(rows.find(({ cells }) => textOf(cells[i] ?? '') !== '')?.cells[i] ?? '').slice(
        0,
        SAMPLE_LENGTH,
      )
  return effects
}

function count(preview: Preview, { line }: TableRow, fault: RowFault, kind: RecordKind): void {
  const { code = 'invalid', header = '', detail, word } = fault
  const known = preview.reasons.find((reason) => reason.code === code && reason.header === header)
  if (known) {
    known.count += 1
    if (known.lines.length < LINES_SHOWN) known.lines.push(line)
  } else if (preview.reasons.length < MOST_REASONS)
    preview.reasons.push({ code, header, detail, count: 1, lines: [line] })
  if (!word) return
  const asked = preview.words.find((one) => one.field === word.field && one.word === word.word)
  if (asked) asked.count += 1
  else if (preview.words.length < MOST_WORDS)
    preview.words.push({ ...word, count: 1, terms: termsFor(word.field, kind) })
}

function termsFor(field: string, kind: RecordKind): readonly string[] {
  const name = field.replace(/^enterprise\./, '')
  const { columns } = name === field ? kind : enterprise
  return columns.find((column) => column.field === name)?.terms ?? []
}

/** Headers that a column can be given: the codes, the record's own fields, the enterprise's name. */
function meaningsFor(kind: RecordKind): string[] {
  const own = kind.columns.map(({ label }) => label)
  const about = kind.type === enterprise.type ? [] : enterprise.columns.map(({ label }) => label)
  return Array.from(new Set(['统一社会信用代码', '组织机构代码', '企业代码', ...own, ...about, NOT_TAKEN]))
}

/** Previews in this thread; what each row does goes into a file where one is named. */
export function localPreviewer(
  parts: Pick<PreviewRequest, 'views' | 'catalogue' | 'now'>,
  openEffects: (path: string) => Promise<EffectFile>,
): Previewer {
  return async ({ type, effects, ...asked }) => {
    const kind = kindOf(parts.catalogue, type)
    if (!kind) throw new Error(`no kind of record ${type}`)
    const file = effects === undefined ? undefined : await openEffects(effects)
    try {
      return await previewImport({ ...parts, ...asked, kind, newId, ...(file && { onEffects: file.add }) })
    } finally {
      await file?.close()
    }
  }
}

/** A file that takes what each row does. */
export interface EffectFile {
  add(effects: readonly Effect[]): Promise<void>
  close(): Promise<void>
}
