import type Database from 'better-sqlite3'
import { type NodesDatabase, type Store, storeOf } from '../beside/store.ts'
import { openBeside } from '../register/beside.ts'
import type { Rating } from './rate.ts'

/** An enterprise's rating as a campaign drafts it. */
export interface RatingDraft {
  key: string
  name: string
  /** Position of the file that it was computed from. */
  position: number
  rating: Rating
  /** Grade in force by the same standard; undefined when it was never rated. */
  previous: string | null | undefined
}

export interface DraftingProgress {
  /** Files looked at, files in scope, and those among them that hold nothing to rate by. */
  seen: number
  total: number
  inScope: number
  unrated: number
  done: boolean
}

/** How many drafts go from one grade to another. */
export interface Move {
  from: string | null | undefined
  to: string | null
  count: number
}

interface DraftRow {
  key: string
  name: string
  position: number
  rating: string
  previous: string | null
}

interface ProgressRow {
  after: string
  seen: number
  total: number
  in_scope: number
  unrated: number
  done: number
}

const NEVER = '-'

/**
 * Drafts of campaigns in a local file of their own. They can be computed again from the register at any time, so the
 * file may be lost.
 */
export class Drafts {
  readonly #db: Database.Database
  readonly #statements
  readonly #store: Store

  constructor(path: string, database: NodesDatabase = '') {
    this.#db = openBeside(path)
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS progress (
        campaign TEXT PRIMARY KEY, after TEXT NOT NULL, seen INTEGER NOT NULL, total INTEGER NOT NULL,
        in_scope INTEGER NOT NULL, unrated INTEGER NOT NULL, done INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS draft (
        campaign TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
        grade TEXT NOT NULL, previous TEXT NOT NULL, rating TEXT NOT NULL, PRIMARY KEY (campaign, key)
      ) STRICT, WITHOUT ROWID;
    `)
    this.#store = storeOf(this.#db, { store: 'drafts', tables: ['progress', 'draft'] }, database)
    const columns = 'key, name, position, previous, rating'
    this.#statements = {
      progress: this.#db.prepare<[string], ProgressRow>('SELECT * FROM progress WHERE campaign = ?'),
      putProgress: this.#db.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?, ?)'),
      put: this.#db.prepare('INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?, ?, ?)'),
      clear: this.#db.prepare('DELETE FROM draft WHERE campaign = ?'),
      clearProgress: this.#db.prepare('DELETE FROM progress WHERE campaign = ?'),
      one: this.#db.prepare<[string, string], DraftRow>(
        `SELECT ${columns} FROM draft WHERE campaign = ? AND key = ?`,
      ),
      page: this.#db.prepare<[string, string, number], DraftRow>(
        `SELECT ${columns} FROM draft WHERE campaign = ? AND key > ? ORDER BY key LIMIT ?`,
      ),
      changed: this.#db.prepare<[string, string, number], DraftRow>(
        `SELECT ${columns} FROM draft WHERE campaign = ? AND key > ? AND grade <> previous ORDER BY key LIMIT ?`,
      ),
      moves: this.#db.prepare<[string], { previous: string; grade: string; count: number }>(
        `SELECT previous, grade, count(*) AS count FROM draft WHERE campaign = ? GROUP BY previous, grade
         ORDER BY previous, grade`,
      ),
    }
  }

  /** Changes whenever any draft has, whoever made it. */
  get version(): number {
    return this.#store.version
  }

  /** Brings them to where all nodes are. */
  follow(): Promise<void> {
    return this.#store.follow()
  }

  /** As of a store. */
  probe(): Promise<void> {
    return this.#store.probe()
  }

  progress(campaign: string): DraftingProgress | undefined {
    const row = this.#statements.progress.get(campaign)
    return (
      row && {
        seen: row.seen,
        total: row.total,
        inScope: row.in_scope,
        unrated: row.unrated,
        done: row.done === 1,
      }
    )
  }

  /** Key after which drafting goes on. */
  reached(campaign: string): string {
    return this.#statements.progress.get(campaign)?.after ?? ''
  }

  /**
   * Keeps a stretch of drafts and how far they reach, together; false, and nothing, where they do not follow upon what is there:
   * it was begun anew meanwhile.
   */
  save(
    campaign: string,
    { from, to }: { from: string; to: string },
    drafts: readonly RatingDraft[],
    progress: DraftingProgress,
  ): Promise<boolean> {
    return this.#store.change(() => {
      if (this.reached(campaign) !== from) return false
      for (const { key, name, position, rating, previous } of drafts)
        this.#statements.put.run(
          ...[
            campaign,
            key,
            name,
            position,
            rating.grade ?? '',
            previous === undefined ? NEVER : (previous ?? ''),
          ],
          JSON.stringify(rating),
        )
      const { seen, total, inScope, unrated, done } = progress
      this.#statements.putProgress.run(campaign, to, seen, total, inScope, unrated, done ? 1 : 0)
      return true
    })
  }

  async clear(campaign: string): Promise<void> {
    await this.#store.change(() => {
      this.#statements.clear.run(campaign)
      this.#statements.clearProgress.run(campaign)
    })
  }

  draft(campaign: string, key: string): RatingDraft | undefined {
    const row = this.#statements.one.get(campaign, key)
    return row && draftOf(row)
  }

  /** Drafts after a key in its order; only those that change the grade in force, if asked. */
  page(campaign: string, after: string, limit: number, changedOnly = false): RatingDraft[] {
    const { page, changed } = this.#statements
    return (changedOnly ? changed : page).all(campaign, after, limit).map(draftOf)
  }

  moves(campaign: string): Move[] {
    return this.#statements.moves.all(campaign).map(({ previous, grade, count }) => ({
      from: gradeOf(previous),
      to: grade === '' ? null : grade,
      count,
    }))
  }

  async close(): Promise<void> {
    await this.#store.close()
    this.#db.close()
  }
}

function draftOf({ key, name, position, previous, rating }: DraftRow): RatingDraft {
  return { key, name, position, previous: gradeOf(previous ?? NEVER), rating: JSON.parse(rating) }
}

function gradeOf(stored: string): string | null | undefined {
  return stored === NEVER ? undefined : stored === '' ? null : stored
}
