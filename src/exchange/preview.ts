import { setImmediate as othersTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { type Catalogue, enterprise, kindOf } from '../records/catalogue.ts'
import { inspection } from '../records/inspection.ts'
import { answersOf, type RecordKind } from '../records/kind.ts'
import type { Draft } from '../register/entry.ts'
import { newId } from '../register/entry.ts'
import { textOf } from '../sheets/cell.ts'
import { BadTable, type TableRow } from '../sheets/table.ts'
import type { Views } from '../views/views.ts'
import { columnNamed, meaningOf, missingDetail, NOT_TAKEN, targetsOf } from './columns.ts'
import { checksOf, type Effect, effect, effectOf, notesOfFile, reasonKey } from './effects.ts'
import { COUNTED, decideBatch, importCounts, noCounts } from './import.ts'
import { type AskedFirm, askedFirm, firmId, type NamedFirm } from './matching.ts'
import { UnclearSheets, type UploadLook } from './reading.ts'
import type { RowFault } from './row-reading.ts'
import type { RowOutcome } from './rows.ts'
import { wordAnswersOf } from './sum-units.ts'
import { NOTHING_SURVEYED, type Survey, surveyOf } from './survey.ts'
import { type Batch, batchesOf, type Mending } from './upload.ts'

const sheetLook = z.object({
  name: z.string(),
  hidden: z.boolean(),
  headerRow: z.int().optional().meta({ description: '表头所在的行' }),
  headers: z.array(z.string()),
  isTable: z.boolean().meta({ description: '表头下有数据' }),
})

/** A row that could not be taken, as it stands. */
const badRow = z.object({
  line: z.int(),
  at: z.string().optional(),
  cells: z.array(z.string()),
  faults: z.array(
    z.object({
      code: z.string().optional(),
      header: z.string().optional(),
      value: z.string().optional(),
      detail: z.string(),
      renames: z.string().optional().meta({ description: '可确认更名的档案' }),
    }),
  ),
})

/** A reason that rows share: one fault of one column. */
const reason = z.object({
  code: z.string(),
  header: z.string(),
  detail: z.string().meta({ description: '第一行的说明' }),
  count: z.int(),
  lines: z.array(z.int()).meta({ description: '前 20 行的行号' }),
})

/** A word whose meaning is open, asked once for all rows that have it. */
const askedWord = z.object({
  field: z.string().meta({ description: '在 words 中回答时所用的栏名' }),
  label: z.string(),
  word: z.string(),
  count: z.int(),
  candidates: z.array(z.string()).meta({ description: '可能的含义' }),
  terms: z.array(z.string()).meta({ description: '可以回答的全部含义' }),
  offered: z.array(z.string()).optional().meta({ description: '上次的回答' }),
  several: z.boolean().meta({ description: '是否可以回答几种' }),
})

/** What an import of an upload would do; nothing is written. */
export const preview = z.object({
  problem: z.string().optional().meta({ description: '整个文件不能导入的原因' }),
  sheets: z.array(sheetLook).meta({ description: '文件中的工作表' }),
  chosen: z.array(z.string()).meta({ description: '所读的工作表' }),
  columns: z.array(
    z.object({
      header: z.string().meta({ description: '表头；指定了含义的为含义' }),
      written: z.string().meta({ description: '文件中的表头' }),
      offered: z.string().optional().meta({ description: '上次为同样的表头指定的含义' }),
      meaning: z.string().nullable().meta({ description: '含义；null 为未识别，不导入' }),
      sample: z.string(),
      hidden: z.boolean(),
    }),
  ),
  counts: importCounts,
  noted: z.int().meta({ description: '照此导入、但请核对的行数' }),
  notes: z
    .array(
      z.object({ code: z.string(), detail: z.string(), count: z.int().meta({ description: '所涉的行数' }) }),
    )
    .default([])
    .meta({ description: '各行共有的一件事，只说一次；照此导入，请核对' }),
  reasons: z.array(reason).meta({ description: '未能导入的原因，多者在前' }),
  words: z.array(askedWord).meta({ description: '含义待定的用语，每种问一次' }),
  missing: z
    .array(z.string())
    .meta({ description: '表中没有的必填栏；整个文件都相同的可以在 constants 中指定' }),
  incomplete: z
    .array(
      z.object({
        label: z.string(),
        count: z.int().meta({ description: '没有写明的行数' }),
        terms: z.array(z.string()).meta({ description: '可以指定的内容' }),
      }),
    )
    .meta({
      description: '规则需要而各行没有写明的栏；照此导入的为不完整，整个文件都相同的可以在 constants 中指定',
    }),
  firms: z.array(askedFirm).meta({ description: '没有代码、按名称确定的企业，每个名称问一次' }),
  passed: z.object({
    count: z.int(),
    first: z.array(
      z.object({
        line: z.int(),
        at: z.string().optional(),
        why: z.enum(['title', 'note', 'headings-again', 'sum']),
        text: z.string(),
      }),
    ),
  }),
  bad: z.array(badRow).meta({ description: '前 25 行未能导入的' }),
  good: z.array(effect).meta({ description: '前 10 行可以导入的，及其所改' }),
  isWhole: z.boolean().meta({ description: '是否核对了全部各行' }),
  meanings: z.array(z.string()).meta({ description: '一栏可以指定的含义' }),
  templates: z
    .array(z.object({ id: z.string(), name: z.string() }))
    .optional()
    .meta({ description: '本机关的模板中，表头与此相符的' }),
})
export type Preview = z.output<typeof preview>

export interface PreviewRequest {
  path: string
  kind: RecordKind
  actor: Actor
  mending: Mending
  views: Views
  catalogue: Catalogue
  now(): Date
  newId(): string
  isGlance?: boolean | undefined
  /** Told what each row does, batch by batch. */
  onEffects?(effects: readonly Effect[]): Promise<void>
}

/** An upload to look at, named so that any thread can be asked. */
export interface AskedPreview {
  path: string
  type: string
  actor: Actor
  mending: Mending
  /** Looks at the beginning only: which sheets there are, and what the headings mean. */
  isGlance?: boolean
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
const MOST_NOTES = 50
const MOST_FIRMS = 20_000
const MOST_ROWS = 100_000
const SAMPLE_LENGTH = 40

/** Finds out what an import would do, row by row as the import itself decides. */
export async function previewImport(request: PreviewRequest): Promise<Preview> {
  const { kind } = request
  const found: Preview = {
    sheets: [],
    chosen: [],
    columns: [],
    counts: noCounts(),
    noted: 0,
    notes: [],
    reasons: [],
    words: [],
    missing: [],
    incomplete: [],
    firms: [],
    passed: { count: 0, first: [] },
    bad: [],
    good: [],
    isWhole: true,
    meanings: meaningsFor(kind),
  }
  try {
    await look(request, found)
  } catch (error) {
    if (!(error instanceof BadTable)) throw error
    found.problem = error.message
    if (error instanceof UnclearSheets) found.sheets = [...error.sheets]
  }
  found.reasons.sort((a, b) => b.count - a.count)
  found.words.sort((a, b) => b.count - a.count)
  return found
}

async function look(request: PreviewRequest, found: Preview): Promise<void> {
  const { kind } = request
  const files: Touched = new Map()
  const changed = new Set<string>()
  const since = request.newId()
  const listener = {
    onLook: ({ sheets, chosen }: UploadLook) => Object.assign(found, { sheets, chosen }),
    onHeaders: (headers: readonly string[], written: readonly string[]) => {
      const targets = targetsOf(headers, kind)
      found.columns = headers.map((header, i) => ({
        header,
        written: written[i] ?? '',
        meaning: meaningOf(targets[i]),
        sample: '',
        hidden: false,
      }))
    },
  }
  const { below, apart } = request.isGlance ? NOTHING_SURVEYED : await surveyOf(request)
  for await (const batch of batchesOf({ ...request, below, isLenient: true }, listener)) {
    if (batch.mapping.missing.length > 0 && found.problem === undefined) {
      found.problem = missingDetail(batch.mapping, kind)
      found.missing = batch.mapping.missing.map(({ label }) => label)
    }
    const effects = decide({ ...request, apart }, batch, files, changed, since, found)
    await request.onEffects?.(effects)
    if ((found.counts.rows > MOST_ROWS || request.isGlance) && batch.read < 1) {
      found.isWhole = false
      return
    }
    // Others of this thread come between two stretches of rows.
    await othersTurn()
  }
}

/** What rows come to in the files that they touch; most are touched once, so nothing is folded before it is asked for. */
type Touched = Map<string, readonly Draft[]>

function decide(
  request: PreviewRequest & Pick<Survey, 'apart'>,
  { mapping, rows, passed, hiddenColumns }: Batch,
  files: Touched,
  changed: Set<string>,
  since: string,
  found: Preview,
): Effect[] {
  const { views, kind } = request
  const now = request.now().toISOString()
  const effects: Effect[] = []
  const byName = new Map(found.firms.map((firm) => [firm.id, firm]))
  const onRow = (row: TableRow, outcome: RowOutcome, file: (key: string) => Dossier | undefined) => {
    effects.push(effectOf(row, outcome, file, kind))
    for (const note of notesOfFile(outcome)) countNote(found, note)
    if (outcome.outcome !== 'failed') {
      for (const note of outcome.notes) {
        countAsked(found, note, kind, byName)
        countIncomplete(found, note.lacks, kind)
      }
      return
    }
    for (const ask of outcome.asks ?? []) countAsked(found, ask, kind, byName)
    const reasons = new Set(outcome.faults.map(reasonKey))
    for (const { lacks } of outcome.faults) countIncomplete(found, lacks, kind)
    for (const fault of outcome.faults) {
      // A row counts once for a reason, however many of its cells share it.
      if (reasons.delete(reasonKey(fault))) countReason(found, row, fault)
      countAsked(found, fault, kind, byName)
    }
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
  for (const name of COUNTED) found.counts[name] += batch.counts[name]
  found.noted += effects.filter((row) => checksOf(row) > 0).length
  found.bad.push(
    ...batch.bad.slice(0, BAD_SHOWN - found.bad.length).map((row) => ({
      ...row,
      cells: [...row.cells],
      // What is asked of words and firms is asked once, in lists of their own.
      faults: row.faults.map(({ word: _, firm: __, waits: ___, ...fault }) => fault),
    })),
  )
  found.passed.count += passed.length
  found.passed.first.push(...passed.slice(0, PASSED_SHOWN - found.passed.first.length))
  for (const column of found.columns) if (hiddenColumns.includes(column.header)) column.hidden = true
  const taken = effects.filter(({ outcome }) => outcome !== 'failed' && outcome !== 'unchanged')
  found.good.push(...taken.slice(0, GOOD_SHOWN - found.good.length))
  for (const [i, column] of found.columns.entries())
    if (column.sample === '')
      column.sample = textOf(rows.find(({ cells }) => textOf(cells[i] ?? '') !== '')?.cells[i] ?? '').slice(
        0,
        SAMPLE_LENGTH,
      )
  return effects
}

function countReason(found: Preview, { line }: TableRow, fault: RowFault): void {
  const { code = 'invalid', header = '', detail } = fault
  const known = found.reasons.find((reason) => reason.code === code && reason.header === header)
  if (known) {
    known.count += 1
    if (known.lines.length < LINES_SHOWN) known.lines.push(line)
  } else if (found.reasons.length < MOST_REASONS)
    found.reasons.push({ code, header, detail, count: 1, lines: [line] })
}

function countNote(found: Preview, { code = '', detail }: RowFault): void {
  const known = found.notes.find((note) => note.detail === detail)
  if (known) known.count += 1
  else if (found.notes.length < MOST_NOTES) found.notes.push({ code, detail, count: 1 })
}

/** Counts a row that lacks what the rules need, where one answer may be so for a whole table: a term, not a day. */
function countIncomplete(found: Preview, label: string | undefined, { columns }: RecordKind): void {
  const column = columns.find((one) => one.label === label)
  if (column?.type !== 'choice' || found.missing.includes(column.label)) return
  const known = found.incomplete.find((one) => one.label === label)
  if (known) known.count += 1
  else found.incomplete.push({ label: column.label, count: 1, terms: [...answersOf(column)] })
}

/** Counts the word or the firm that a row asks about. */
function countAsked(
  found: Preview,
  { word, firm }: RowFault,
  kind: RecordKind,
  byName: Map<string, AskedFirm>,
): void {
  if (firm !== undefined) countFirm(found, firm, byName)
  if (!word) return
  const asked = found.words.find((one) => one.field === word.field && one.word === word.word)
  if (asked) asked.count += 1
  else if (found.words.length < MOST_WORDS) {
    const column = columnNamed(word.field, kind)
    found.words.push({
      ...word,
      candidates: [...word.candidates],
      count: 1,
      terms: column ? [...wordAnswersOf(column)] : [],
      several: column?.type === 'list',
    })
  }
}

/** Counts a name that is to be decided on; what it may mean is found out when all names are known. */
function countFirm(found: Preview, named: NamedFirm, byName: Map<string, AskedFirm>): void {
  const id = firmId(named)
  const known = byName.get(id)
  if (known) {
    known.count += 1
    // One that a row waits for is asked as such, whatever else names it.
    if (named.role === undefined) delete known.role
  } else if (found.firms.length < MOST_FIRMS) {
    const firm: AskedFirm = { ...named, id, count: 1, certainty: 'none', why: '', candidates: [] }
    byName.set(id, firm)
    found.firms.push(firm)
  }
}

/** Columns of what was measured of a sample, each of which says its meaning. */
const OF_ITEMS = ['检验项目', '实测值', '标准值', '计量单位', '检验结果']

/** Headers that a column can be given: the codes, the record's own fields, the enterprise's name. */
function meaningsFor(kind: RecordKind): string[] {
  const own = [...kind.columns.map(({ label }) => label), ...(kind.type === inspection.type ? OF_ITEMS : [])]
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
