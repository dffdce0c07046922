import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isWellFormed } from '../dossier/entries.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { digestFault, type Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import { Applier } from './apply.ts'
import { type Connection, currentGeneration, openViews } from './schema.ts'

export interface Verification {
  /** Entries that were checked. */
  entries: number
  /** Files that were compared with a rebuild. */
  files: number
  /** What is wrong, in Chinese; empty when all is well. */
  faults: string[]
}

const CHUNK = 1000
const MAX_FAULTS = 100

/**
 * Checks the whole register (positions without a gap, each subject's revisions, times that never go back, every
 * digest) and that the views hold exactly what a rebuild from it gives.
 */
export async function verify(
  register: Register,
  views: Connection,
  catalogue: Catalogue,
  onProgress: (done: number, head: number) => void,
): Promise<Verification> {
  const faults: string[] = []
  const report = (fault: string) => {
    if (faults.length < MAX_FAULTS) faults.push(fault)
  }
  const directory = mkdtempSync(join(tmpdir(), 'verify-'))
  const fresh = openViews(join(directory, 'views.db'), 'write')
  try {
    // One snapshot of the views, however much is written meanwhile.
    views.exec('BEGIN')
    const generation = currentGeneration(views) ?? 1
    const applied =
      views
        .prepare<[number], number>('SELECT applied FROM generation WHERE id = ?')
        .pluck()
        .get(generation) ?? 0
    const rebuilt = new Applier(fresh, register, catalogue)
    const head = await register.head()
    if (applied > head) report(`视图已到序号 ${applied}，而登记簿只到 ${head}。`)
    const chain = new Chain(report)
    let entries = 0
    for (let after = 0; ; ) {
      const chunk = await register.read(after, CHUNK)
      const last = chunk.at(-1)
      if (!last) break
      for (const entry of chunk) chain.check(entry)
      await rebuilt.apply(
        after,
        chunk.filter((entry) => entry.seq <= applied),
      )
      after = last.seq
      entries += chunk.length
      onProgress(after, Math.max(head, after))
    }
    return { entries, files: compare(views, generation, fresh, report), faults }
  } finally {
    views.exec('ROLLBACK')
    fresh.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What entries in order must keep to. */
class Chain {
  readonly #report: (fault: string) => void
  readonly #revisions = new Map<string, number>()
  #seq = 0
  #time = ''

  constructor(report: (fault: string) => void) {
    this.#report = report
  }

  check(entry: Entry): void {
    const { seq, subject, revision, recordedAt } = entry
    if (seq !== this.#seq + 1) this.#report(`序号 ${this.#seq} 之后是 ${seq}，不连续。`)
    this.#seq = seq
    const expected = (this.#revisions.get(subject) ?? 0) + 1
    if (revision !== expected)
      this.#report(`序号 ${seq}：${subject} 的版次应为 ${expected}，实为 ${revision}。`)
    this.#revisions.set(subject, revision)
    if (recordedAt < this.#time) this.#report(`序号 ${seq}：登记时间早于前一条。`)
    this.#time = recordedAt
    const fault = digestFault(entry)
    if (fault !== undefined) this.#report(`序号 ${seq}：${fault}。`)
    if (!isWellFormed(entry)) this.#report(`序号 ${seq}：内容不合 ${entry.kind} 的格式。`)
  }
}

interface Row {
  key: string
  content: string
}

function compare(
  views: Connection,
  generation: number,
  fresh: Connection,
  report: (fault: string) => void,
): number {
  const rows = (connection: Connection, g: number) =>
    connection
      .prepare<[], Row>(
        `SELECT key, json_array(revision, position, public_revision, public_position, face_changes_on, dossier, face)
           AS content FROM file_${g}
         UNION ALL SELECT subject, state FROM subject_${g}
         UNION ALL SELECT key || '/' || id, json_array(type, dated, region, public_from, public_until, data)
           FROM record_${g}
         UNION ALL SELECT key || '/' || standard, json_array(grade, region, industry) FROM grade_${g}
         UNION ALL SELECT 'listing/' || id, json_array(key, product, from_day, until_day, json) FROM listing_${g}
         UNION ALL SELECT 'case/' || id, json_array(key, status, region, authority, ended_on) FROM case_${g}
         UNION ALL SELECT 'deadline/' || key || '/' || n, json FROM deadline_${g}
         UNION ALL SELECT 'rating/' || id, json_array(key, campaign, standard, on_day, grade, region) FROM rating_${g} ORDER BY 1`,
      )
      .iterate()
  const expected = rows(fresh, currentGeneration(fresh) ?? 1)
  const actual = rows(views, generation)
  let files = 0
  let should = expected.next()
  let is = actual.next()
  while (!should.done || !is.done) {
    const wanted = should.done ? undefined : should.value
    const found = is.done ? undefined : is.value
    if (wanted && (!found || wanted.key < found.key)) {
      report(`视图中缺少 ${wanted.key}。`)
      should = expected.next()
    } else if (found && (!wanted || found.key < wanted.key)) {
      report(`视图中多出 ${found.key}。`)
      is = actual.next()
    } else {
      files += 1
      if (wanted?.content !== found?.content) report(`视图中的 ${found?.key} 与登记簿不符。`)
      should = expected.next()
      is = actual.next()
    }
  }
  return files
}
