import { isFileSubject } from '../dossier/entries.ts'
import type { PlatformEvent } from '../dossier/events.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { Sqlite } from '../register/driver.ts'
import { type Entry, unread } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { Findings } from '../register/verify.ts'
import { outlineOf } from './outline.ts'
import {
  eventRows,
  type FileRows,
  type FileState,
  fileAfter,
  fileRow,
  groundOf,
  isRestating,
  ratingRow,
  rowsOf,
  thingRows,
  type Value,
} from './rows.ts'
import { type Connection, currentGeneration } from './schema.ts'
import { dossierFrom, readyFace } from './snapshot.ts'
import { foldSubject, waitingRows } from './subjects.ts'

/** Files of a stretch. */
const FILES = 1000
/** Entries read at once: few of them lie beyond the stretch. */
const CHUNK = 200

/** Subjects from one on and before another; empty at either end for all that there are. */
export interface Stretch {
  from: string
  to: string
}

/**
 * Stretches that all subjects fall into, for several to look at. Of no table with a row for each file do more than so many fall
 * into one, whatever another has lost: what is read of a stretch lies in memory.
 */
export function stretches(views: Connection): Stretch[] {
  const g = currentGeneration(views) ?? 1
  const found = ['file', 'snapshot'].flatMap((table) =>
    views
      .prepare<[number], string>(
        `SELECT key FROM (SELECT key, row_number() OVER (ORDER BY key) - 1 AS place FROM ${table}_${g})
         WHERE place > 0 AND place % ? = 0`,
      )
      .pluck()
      .all(FILES),
  )
  const begins = [...new Set(found)].sort()
  return ['', ...begins].map((from, i) => ({ from, to: begins[i] ?? '' }))
}

/** Names what the views could not take and have set aside. */
export function verifyAside(views: Connection, findings: Findings): void {
  for (const position of asideIn(views, currentGeneration(views) ?? 1))
    findings.add('views', '此条无法计入视图，已搁置。', position)
}

function appliedBy(views: Connection, g: number): number {
  return views.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck().get() ?? 0
}

function asideIn(views: Connection, g: number): Set<number> {
  return new Set(views.prepare<[], number>(`SELECT position FROM aside_${g}`).pluck().all())
}

/**
 * Folds each subject of a stretch anew, up to where the views have come, and holds the views against it: what they
 * lack, have too much, or have otherwise. Writes nothing. Resolves with how many subjects it compared.
 */
export async function verifyViews(
  register: Register,
  views: Connection,
  catalogue: Catalogue,
  findings: Findings,
  stretch: Stretch,
): Promise<number> {
  views.exec('BEGIN')
  try {
    const g = currentGeneration(views) ?? 1
    const applied = appliedBy(views, g)
    const tables = new Tables(views, g, findings, stretch)
    const aside = asideIn(views, g)
    let subjects = 0
    for await (const history of histories(register, applied, stretch)) {
      const [first] = history
      if (!first) continue
      subjects += 1
      checkRevisions(history, findings)
      try {
        if (isFileSubject(first.subject)) compareFile(history, catalogue, tables, aside)
        else tables.compareSubject(first.subject, stateOfSubject(history, aside))
      } catch (error) {
        if (error instanceof Sqlite.SqliteError) throw error
        findings.add(
          'views',
          `${first.subject} 的条目无法计入视图：${String(error).slice(0, 200)}`,
          first.seq,
        )
      }
    }
    tables.end()
    return subjects
  } finally {
    views.exec('ROLLBACK')
  }
}

/** The entries of each subject of a stretch, subject by subject, up to a position. */
async function* histories(
  register: Register,
  applied: number,
  { from, to }: Stretch,
): AsyncGenerator<Entry[]> {
  let own: Entry[] = []
  let after = { subject: from, revision: 0 }
  for (;;) {
    const chunk = await register.bySubject(after, CHUNK)
    const last = chunk.at(-1)
    if (!last || (to !== '' && after.subject >= to)) break
    for (const entry of chunk) {
      if (entry.seq > applied || (to !== '' && entry.subject >= to)) continue
      if (own[0] && own[0].subject !== entry.subject) {
        yield own
        own = []
      }
      own.push(entry)
    }
    after = last
  }
  yield own
}

function checkRevisions(history: readonly Entry[], findings: Findings): void {
  let expected = 1
  for (const entry of history) {
    const { seq, subject, revision } = entry
    if (revision !== expected)
      findings.add('register', `${subject} 的版次应为 ${expected}，实为 ${revision}。`, seq)
    expected = revision + 1
  }
}

function compareFile(
  history: readonly Entry[],
  catalogue: Catalogue,
  tables: Tables,
  aside: ReadonlySet<number>,
): void {
  let state: FileState | undefined
  const events: PlatformEvent[] = []
  const ratings: Value[][] = []
  const known = passingOver(history, aside)
  for (const entry of known) {
    const after = fileAfter(state, entry, catalogue, entry.kind === 'payload.erased' ? known : undefined)
    if (!after) continue
    state = after.state
    // What an erasure restates takes the place of all that was told before.
    if (isRestating(after.events)) events.length = 0
    events.push(...after.events)
    const rating = entry.kind === 'rating.issued' ? ratingRow(state.dossier) : undefined
    if (rating) ratings.push(rating)
  }
  if (!state) return
  const { key } = state.dossier
  const outline = state.shown ? JSON.stringify(outlineOf(state.shown, catalogue)) : null
  tables.compareFile(
    key,
    {
      row: fileRow(state, outline).slice(1),
      dossier: JSON.stringify(state.dossier),
      face: readyFace(state),
      ground: groundOf(state, catalogue),
    },
    {
      ...rowsOf(state, catalogue),
      rating: ratings,
      thing: thingRows(key, state.things),
      event: eventRows(key, events),
    },
  )
}

function stateOfSubject(history: readonly Entry[], aside: ReadonlySet<number>): string | undefined {
  return passingOver(history, aside).reduce<string | undefined>(
    (state, entry) => foldSubject(state, entry) ?? state,
    undefined,
  )
}

/** What the views set aside is looked at by a person, and counted alone; the rest must fit all the same. */
function passingOver(history: readonly Entry[], aside: ReadonlySet<number>): Entry[] {
  return history.map((entry) => (aside.has(entry.seq) ? unread(entry) : entry))
}

/** A file as it is to be found: its row, and all of it. */
interface WholeFile {
  row: Value[]
  dossier: string
  face: string | null
  ground: string | null
}

type Beside = FileRows & { rating: Value[][]; thing: Value[][]; event: Value[][] }

const words: Readonly<Record<keyof Beside, string>> = {
  record: '记录',
  grade: '等级',
  listing: '名单',
  case: '案件',
  deadline: '期限',
  proposal: '提请',
  erased: '删去的列入',
  rating: '评价',
  thing: '平台所见',
  event: '变更事件',
}

/** The views' tables of a stretch, each read in the order of files, beside the files as they come. */
class Tables {
  readonly #findings: Findings
  readonly #files: Run
  readonly #snapshots: Run
  readonly #tails: Run
  readonly #subjects: Run
  readonly #beside: Record<keyof Beside, Run>

  constructor(views: Connection, g: number, findings: Findings, { from, to }: Stretch) {
    this.#findings = findings
    const run = (table: string, order: string, columns: string) => {
      const [key = ''] = order.split(',')
      const within = `${key} >= ?${to === '' ? '' : ` AND ${key} < ?`}`
      return new Run(
        views
          .prepare<string[], Value[]>(
            `SELECT ${order}, ${columns} FROM ${table}_${g} WHERE ${within} ORDER BY ${order}`,
          )
          .raw()
          .all(...(to === '' ? [from] : [from, to])),
      )
    }
    this.#files = run('file', 'key', 'revision, position, public_position, face_changes_on, cut_on, outline')
    this.#snapshots = run('snapshot', 'key', 'position, dossier, face, ground')
    this.#tails = run('tail', 'key, position', 'entry')
    this.#subjects = run('subject', 'subject', 'state')
    this.#beside = {
      record: run('record', 'key', '*'),
      grade: run('grade', 'key', '*'),
      listing: run('listing', 'key', '*'),
      case: run('case', 'key', '*'),
      deadline: run('deadline', 'key', '*'),
      proposal: run('proposal', 'key', '*'),
      erased: run('erased', 'key', '*'),
      rating: run('rating', 'key', '*'),
      thing: run('thing', 'key', '*'),
      event: run('event', 'key', '*'),
    }
  }

  compareFile(key: string, { row, ...whole }: WholeFile, beside: Beside): void {
    this.#compare(this.#files, key, [row], '档案')
    this.#compareWhole(key, whole)
    for (const table of Object.keys(words) as (keyof Beside)[])
      this.#compare(this.#beside[table], key, beside[table], words[table])
  }

  compareSubject(subject: string, state: string | undefined): void {
    this.#compare(this.#subjects, subject, state === undefined ? [] : [[state]], '')
    const waiting = state === undefined ? [] : waitingRows(subject, state)
    this.#compare(this.#beside.proposal, subject, waiting, words.proposal)
  }

  /** Holds a file's last snapshot, and what has come since, against the file as it is. */
  #compareWhole(key: string, { dossier, face, ground }: Omit<WholeFile, 'row'>): void {
    for (const run of [this.#snapshots, this.#tails]) run.pass(key, this.#tell)
    const [snapshot] = this.#snapshots.take(key)
    const tail = this.#tails.take(key)
    const [, was, ready, rests] = snapshot ?? []
    const entries = tail.map(([, entry]) => String(entry))
    const isWhole =
      typeof was === 'string' &&
      (tail.length === 0
        ? was === dossier && ready === face && rests === ground
        : JSON.stringify(dossierFrom(was, entries)) === dossier)
    if (!isWhole) this.#findings.add('views', `视图中的 ${key}（全文）与登记簿不符。`)
  }

  /** Names what is left over once everything has been compared. */
  end(): void {
    for (const run of this.#all()) run.pass(undefined, this.#tell)
  }

  #all(): Run[] {
    return [this.#files, this.#snapshots, this.#tails, this.#subjects, ...Object.values(this.#beside)]
  }

  readonly #tell = (more: string) => this.#findings.add('views', `视图中多出 ${more}。`)

  #compare(run: Run, key: string, rows: Value[][], what: string): void {
    run.pass(key, this.#tell)
    const found = run.take(key)
    if (isSame(found, rows) || inOrder(found) === inOrder(rows)) return
    if (found.length === 0) this.#findings.add('views', `视图中缺少 ${key}${what && `的${what}`}。`)
    else this.#findings.add('views', `视图中的 ${key}${what && `（${what}）`}与登记簿不符。`)
  }
}

function isSame(is: readonly Value[][], should: readonly Value[][]): boolean {
  return (
    is.length === should.length &&
    is.every((row, i) => row.length === should[i]?.length && row.every((one, j) => one === should[i]?.[j]))
  )
}

/** Rows as text in one order, whatever order they were stored in. */
function inOrder(rows: readonly Value[][]): string {
  return rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join('\n')
}

/** Rows in the order of their keys, taken a key at a time; the key stands first. */
class Run {
  readonly #rows: readonly Value[][]
  #at = 0

  constructor(rows: readonly Value[][]) {
    this.#rows = rows
  }

  /** Passes the rows before a key, which nobody asked for, or all that are left, and tells each of their keys. */
  pass(key: string | undefined, tell: (passed: string) => void): void {
    let last: string | undefined
    for (let row = this.#rows[this.#at]; row; row = this.#rows[this.#at]) {
      const passed = String(row[0])
      if (key !== undefined && passed >= key) return
      if (passed !== last) tell(passed)
      last = passed
      this.#at += 1
    }
  }

  /** The rows of a key, without it. */
  take(key: string): Value[][] {
    const from = this.#at
    while (this.#rows[this.#at]?.[0] === key) this.#at += 1
    return this.#rows.slice(from, this.#at).map((row) => row.slice(1))
  }
}
