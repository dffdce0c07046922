import { setImmediate as othersTurn } from 'node:timers/promises'
import { versionOf } from '../adoption/adoption.ts'
import { industrySection } from '../codes/industries.ts'
import { type Dossier, nameOf, ratingInForce } from '../dossier/dossier.ts'
import { type Campaign, type Scope, scopeTest } from '../rating/campaign.ts'
import type { DraftingProgress, Drafts, RatingDraft } from '../rating/drafts.ts'
import { rate } from '../rating/rate.ts'
import type { Standard } from '../rating/standard.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { enterprise } from '../records/enterprise.ts'
import type { Views } from '../views/views.ts'

/** A draft that would come out otherwise now. */
export interface MovedDraft {
  key: string
  name: string
  drafted: string | null | undefined
  now: string | null
}

/** One way from grade to grade with how many enterprises take it; `null` is 未评定 or never rated. */
export interface Migration {
  from: string | null
  to: string | null
  count: number
}

export interface Simulation {
  /** Files in scope. */
  enterprises: number
  matrix: Migration[]
  /** The same by region (city) and by section of industry; the key is empty where it is not known. */
  byRegion: Record<string, Migration[]>
  byIndustry: Record<string, Migration[]>
  /** Enterprises whose grade would change, the first ones by key. */
  moved: { key: string; name: string; from: string | null; to: string | null }[]
  movedCount: number
}

export interface SimulationRequest {
  standard: Standard
  on: string
  scope: Scope
  /** At most this many files in scope; more are refused. */
  most: number
}

/** The long computations over all files; they run beside the answering of requests. */
export interface Rater {
  /** Drafts a campaign from where it stopped. */
  draft(campaign: string): Promise<void>
  /** The drafts that would come out otherwise now: the first of them, and how many. */
  moved(campaign: string): Promise<{ moved: MovedDraft[]; count: number }>
  /** Whether any file is in the scope. */
  isEmpty(scope: Scope): Promise<boolean>
  /** What a standard would change; `tooMany` when more files are in scope than may be. */
  simulate(
    request: SimulationRequest,
    onProgress?: (seen: number, total: number) => void,
  ): Promise<Simulation | 'tooMany'>
  stop(): Promise<void>
}

interface Parts {
  views: Views
  drafts: Drafts
  catalogue: Catalogue
}

const PAGE = 500
const SHOWN = 100
const SHOWN_MOVED = 1000

/** Computes in this thread, letting others go first after every page of files. */
export function localRater({ views, drafts, catalogue }: Parts): Rater {
  let stopping = false

  async function* files(after = ''): AsyncGenerator<Dossier[]> {
    for (let from = after; !stopping; ) {
      const page = views.dossiers(from, PAGE)
      const last = page.at(-1)
      if (!last) return
      yield page
      from = last.key
      await othersTurn()
    }
  }

  function standardOf({ standard: { id, version } }: Campaign): Standard {
    const history = views.standard(id)
    const adopted = history && versionOf(history, version)
    if (!adopted) throw new Error(`standard ${id} ${version} was never adopted`)
    return adopted.document
  }

  function campaignOf(id: string): Campaign {
    const campaign = views.campaign(id)
    if (!campaign) throw new Error(`no campaign ${id}`)
    return campaign
  }

  function draftOf(dossier: Dossier, standard: Standard, on: string): RatingDraft | undefined {
    const rating = rate(dossier, standard, on, catalogue)
    const previous = ratingInForce(dossier, standard.id)?.grade
    // Never rated and still nothing to rate by: there is nothing to say.
    if (rating.grade === null && (previous === undefined || previous === null)) return undefined
    return {
      key: dossier.key,
      name: nameOf(dossier),
      position: dossier.position,
      rating,
      previous,
    }
  }

  return {
    async draft(id) {
      const campaign = campaignOf(id)
      const standard = standardOf(campaign)
      const isInScope = scopeTest(campaign.scope)
      await drafts.follow()
      const known = drafts.progress(id)
      let from = drafts.reached(id)
      const progress: DraftingProgress = known ?? {
        seen: 0,
        total: views.count(),
        inScope: 0,
        unrated: 0,
        done: false,
      }
      if (progress.done) return
      for await (const page of files(from)) {
        const inScope = page.filter(isInScope)
        const made = inScope.flatMap((dossier) => draftOf(dossier, standard, campaign.on) ?? [])
        progress.seen += page.length
        progress.total = Math.max(progress.total, progress.seen)
        progress.inScope += inScope.length
        progress.unrated += inScope.length - made.filter(({ rating }) => rating.grade !== null).length
        const to = page.at(-1)?.key ?? from
        // Begun anew, it is drafted anew by whoever began it.
        if (!(await drafts.save(id, { from, to }, made, progress))) return
        from = to
      }
      if (!stopping)
        await drafts.save(id, { from, to: from }, [], { ...progress, total: progress.seen, done: true })
    },
    async moved(id) {
      const campaign = campaignOf(id)
      const standard = standardOf(campaign)
      const isInScope = scopeTest(campaign.scope)
      const moved: MovedDraft[] = []
      let count = 0
      for await (const page of files())
        for (const dossier of page) {
          const drafted = drafts.draft(id, dossier.key)
          const now = isInScope(dossier) ? draftOf(dossier, standard, campaign.on) : undefined
          if (outcomeOf(drafted) === outcomeOf(now)) continue
          count += 1
          if (moved.length < SHOWN)
            moved.push({
              key: dossier.key,
              name: nameOf(dossier),
              drafted: drafted?.rating.grade,
              now: now?.rating.grade ?? null,
            })
        }
      return { moved, count }
    },
    async isEmpty(scope) {
      const isInScope = scopeTest(scope)
      for await (const page of files()) if (page.some(isInScope)) return false
      return true
    },
    async simulate({ standard, on, scope, most }, onProgress) {
      const isInScope = scopeTest(scope)
      const total = views.count()
      const all = new Tally()
      const byRegion = new Map<string, Tally>()
      const byIndustry = new Map<string, Tally>()
      const moved: Simulation['moved'] = []
      let [seen, enterprises, movedCount] = [0, 0, 0]
      for await (const page of files()) {
        seen += page.length
        for (const dossier of page) {
          if (!isInScope(dossier)) continue
          enterprises += 1
          if (enterprises > most) return 'tooMany'
          const from = ratingInForce(dossier, standard.id)?.grade ?? null
          const to = rate(dossier, standard, on, catalogue).grade
          const { region = '', industry = '' } = enterprise.partsOf(dossier.enterprise)
          all.add(from, to)
          tallyOf(byRegion, region === '' ? '' : `${region.slice(0, 4)}00`).add(from, to)
          tallyOf(byIndustry, industrySection(industry) ?? '').add(from, to)
          if (from === to) continue
          movedCount += 1
          if (moved.length < SHOWN_MOVED) moved.push({ key: dossier.key, name: nameOf(dossier), from, to })
        }
        onProgress?.(seen, total)
      }
      return {
        enterprises,
        matrix: all.migrations(),
        byRegion: Object.fromEntries(Array.from(byRegion, ([place, tally]) => [place, tally.migrations()])),
        byIndustry: Object.fromEntries(
          Array.from(byIndustry, ([section, tally]) => [section, tally.migrations()]),
        ),
        moved,
        movedCount,
      }
    },
    async stop() {
      stopping = true
    },
  }
}

/** What makes two drafts of a file the same: grade, points, and the records that they count. */
function outcomeOf(draft: RatingDraft | undefined): string {
  return draft ? JSON.stringify(draft.rating) : ''
}

class Tally {
  readonly #counts = new Map<string, Migration>()

  add(from: string | null, to: string | null): void {
    const key = `${from}>${to}`
    const known = this.#counts.get(key)
    if (known) known.count += 1
    else this.#counts.set(key, { from, to, count: 1 })
  }

  migrations(): Migration[] {
    return Array.from(this.#counts.entries())
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, migration]) => migration)
  }
}

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  const known = tallies.get(key)
  if (known) return known
  const fresh = new Tally()
  tallies.set(key, fresh)
  return fresh
}
