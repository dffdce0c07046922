import type { Actor } from '../authority/acting.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { type Catalogue, enterprise, kindOf } from '../records/catalogue.ts'
import type { RecordKind } from '../records/kind.ts'
import { newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import { codeHeaders, type Mapping, type Target, targetsOf } from './columns.ts'
import {
  BATCH_ROWS,
  decideBatch,
  type ImportCounts,
  type Mending,
  mappingOf,
  mended,
  noCounts,
} from './import.ts'
import type { BadRow } from './report.ts'
import { BadTable, readTable, type TableRow } from './table.ts'

/** What an import of an upload would do; nothing is written. */
export interface Preview {
  /** Why the file can't be imported as a whole. */
  problem?: string
  columns: { header: string; meaning: string | null; sample: string }[]
  counts: ImportCounts
  /** The first rows that could not be taken, each cell as it stands. */
  bad: BadRow[]
  /** The first rows that could. */
  good: { line: number; cells: string[] }[]
  /** Whether all rows were looked at; what is left is checked when it is imported. */
  isWhole: boolean
  /** What a column may be said to mean. */
  meanings: string[]
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
}

/** An upload to look at, named so that any thread can be asked. */
export interface AskedPreview {
  path: string
  type: string
  actor: Actor
  mending: Mending
}
export type Previewer = (asked: AskedPreview) => Promise<Preview>

/** Previews in this thread. */
export function localPreviewer(parts: Pick<PreviewRequest, 'views' | 'catalogue' | 'now'>): Previewer {
  return ({ type, ...asked }) => {
    const kind = kindOf(parts.catalogue, type)
    if (!kind) throw new Error(`no kind of record ${type}`)
    return previewImport({ ...parts, ...asked, kind, newId })
  }
}

/** Rows with faults that are shown, to be mended in place. */
const BAD_SHOWN = 25
const GOOD_SHOWN = 5
const MOST_ROWS = 50_000
const SAMPLE_LENGTH = 40

/** Finds out what an import would do, row by row as the import itself decides. */
export async function previewImport(request: PreviewRequest): Promise<Preview> {
  const { kind } = request
  const preview: Preview = {
    columns: [],
    counts: noCounts(),
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
  }
  return preview
}

async function look(request: PreviewRequest, preview: Preview): Promise<void> {
  const { path, mending } = request
  const files = new Map<string, Dossier | undefined>()
  let mapping: Mapping | undefined
  let waiting: TableRow[] = []
  for await (const { rows } of readTable(path)) {
    for (const original of rows) {
      const row = mended(original, mending, mapping === undefined)
      if (!mapping) {
        const targets = targetsOf(row.cells, request.kind)
        preview.columns = row.cells.map((header, i) => ({
          header,
          meaning: meaningOf(targets[i]),
          sample: '',
        }))
        mapping = mappingOf(row, request.kind)
        continue
      }
      waiting.push(row)
      if (waiting.length < BATCH_ROWS) continue
      decide(request, mapping, waiting, files, preview)
      waiting = []
      if (preview.counts.rows >= MOST_ROWS) {
        preview.isWhole = false
        return
      }
      // Others of this thread come between two stretches of rows.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  if (!mapping) throw new BadTable('文件中没有表头，也没有数据。')
  decide(request, mapping, waiting, files, preview)
}

function decide(
  request: PreviewRequest,
  mapping: Mapping,
  rows: readonly TableRow[],
  files: Map<string, Dossier | undefined>,
  preview: Preview,
): void {
  const { views } = request
  const batch = views.snapshot(() =>
    decideBatch(
      {
        ...request,
        consequences: () => [],
        stored: (key) => (files.has(key) ? files.get(key) : views.dossier(key)),
      },
      mapping,
      rows,
    ),
  )
  for (const [key, { before, drafts }] of batch.files)
    if (drafts.length > 0) files.set(key, anticipated(before, drafts, request.now().toISOString()))
  for (const name of ['rows', 'opened', 'added', 'updated', 'unchanged', 'failed'] as const)
    preview.counts[name] += batch.counts[name]
  preview.bad.push(...batch.bad.slice(0, BAD_SHOWN - preview.bad.length))
  const failed = new Set(batch.bad.map(({ line }) => line))
  for (const { line, cells } of rows) {
    for (const [i, column] of preview.columns.entries())
      if (column.sample === '') column.sample = (cells[i] ?? '').slice(0, SAMPLE_LENGTH)
    if (preview.good.length < GOOD_SHOWN && !failed.has(line)) preview.good.push({ line, cells })
  }
}

function meaningOf(target: Target | undefined): string | null {
  switch (target?.to) {
    case 'uscc':
      return '统一社会信用代码'
    case 'orgCode':
      return '组织机构代码'
    case 'code':
      return '企业代码'
    case 'record':
    case 'enterprise':
      return target.column.label
    case 'identity-number':
      return '证件号码（不得导入）'
    default:
      return null
  }
}

/** Headers that a column can be given: the codes, the record's own fields, the enterprise's name. */
function meaningsFor(kind: RecordKind): string[] {
  const codes = codeHeaders.filter((header) =>
    ['统一社会信用代码', '组织机构代码', '企业代码'].includes(header),
  )
  const own = kind.columns.map(({ label }) => label)
  const about = kind.type === enterprise.type ? [] : enterprise.columns.map(({ label }) => label)
  return Array.from(new Set([...codes, ...own, ...about]))
}
