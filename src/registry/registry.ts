import type { Act } from '../acts/act.ts'
import { shippedActs } from '../acts/shipped.ts'
import type { Imported } from '../acts/situation.ts'
import type { Accesses } from '../authority/access-log.ts'
import type { Actor } from '../authority/acting.ts'
import type { Following } from '../authority/following.ts'
import type { PersonHash } from '../authority/persons.ts'
import { sharedRuns } from '../beside/shared-runs.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Rater } from '../computing/rater.ts'
import type { ReportSource } from '../computing/reports.ts'
import type { Drafts } from '../rating/drafts.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import { within } from '../register/within.ts'
import type { SearchEngine, SearchQuery, SearchResult } from '../search/engine.ts'
import { Faces } from '../views/faces.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { Acts } from './acts.ts'
import { AuthorityOffice } from './authorities.ts'
import { Bulletins } from './bulletins.ts'
import { Campaigns } from './campaigns.ts'
import { Consumers } from './consumers.ts'
import { runDaily } from './daily.ts'
import { eraseAllEnded } from './erasure.ts'
import { Feed } from './feed.ts'
import { Files } from './files.ts'
import { Keys } from './keys.ts'
import { LastKnown } from './last-known.ts'
import { Listings } from './listings.ts'
import { Officers } from './officers.ts'
import type { Pasts } from './pasts.ts'
import { Ratings } from './ratings.ts'
import { RuleSets } from './rule-sets.ts'
import type { ShownFiles } from './shown-files.ts'
import { type ImportSight, importSight } from './sight.ts'
import { Standards } from './standards.ts'
import { Suggester } from './suggestions.ts'
import { Supervision } from './supervision.ts'
import { Webhooks } from './webhooks.ts'

/** Nobody waits longer for this node to come to where all are. */
const FOLLOWING_MS = 2_000
const AWAY_MS = 2_000

export interface RegistryParts {
  /** For reading; all writing goes through `writer`. */
  register: Register
  writer: Writer
  views: Views
  search: SearchEngine
  /** The long computations over all files, and where they keep their drafts. */
  rater: Rater
  drafts: Drafts
  reports: ReportSource
  /** Looks through the register for entries; beside the answering of requests where it may take long. */
  searchEntries: Register['search']
  /** What the histories of files come to. */
  pasts: Pasts
  /** Reads large files beside the answering of requests; they are read here where it is left out. */
  shownFiles?: ShownFiles | undefined
  /** Who looked at what. */
  accesses: Accesses
  /** What all nodes share beside the register, where there are several. */
  shared?: readonly { follow(): Promise<void> }[] | undefined
  /** How far consumers follow. */
  following: Following
  /** Whether this process is the one that drafts and issues; the only one by default. */
  runsCampaigns?: (() => boolean) | undefined
  /** Days that accesses are kept; for ever where it is left out. */
  accessDays?: number | undefined
  catalogue: Catalogue
  /** Stands for a person from their staff number. */
  person: PersonHash
  /** Where the list of passwords that were stolen elsewhere lies, where there is one. */
  breached: string
  /** Imports as they are kept beside the register. */
  imports: {
    /** Changes whenever any of them has. */
    readonly version: number
    now(id: string): Imported | undefined
    /** How many are kept, and how many of them wait or run. */
    counts(): { all: number; unfinished: number }
    /** Forgets those whose time is over; returns how many. */
    prune(now: Date): Promise<number>
    askWithdrawal(
      id: string,
      by: { reason: string; actor: Actor; askedAt: string; isConfirmed: boolean },
    ): Promise<unknown>
  }
  /** Where officers have signed in. */
  sessions: {
    /** Forgets those whose time is over. */
    prune(now: Date): Promise<number>
  }
  /** Every act that there is; those that come with the registry by default. */
  acts?: readonly Act[]
  now(): Date
  /** What is doubtful about the machine's clock, in words with what to do; undefined while nothing is. */
  clockDoubt?(): string | undefined
  /** Told of long work that broke off and will go on at the next start. */
  onFailure(error: unknown, work: string): void
}

/** The service behind every page, route and command. */
export class Registry {
  readonly catalogue: Catalogue
  readonly now: () => Date
  readonly files: Files
  readonly acts: Acts
  readonly feed: Feed
  readonly authorities: AuthorityOffice
  readonly keys: Keys
  readonly consumers: Consumers
  readonly webhooks: Webhooks
  readonly officers: Officers
  readonly standards: Standards
  readonly campaigns: Campaigns
  readonly ratings: Ratings
  readonly supervision: Supervision
  readonly ruleSets: RuleSets
  readonly listings: Listings
  readonly bulletins: Bulletins
  readonly suggestions: Suggester
  readonly reports: ReportSource
  readonly searchEntries: Register['search']
  readonly accesses: Accesses
  readonly imports: RegistryParts['imports']
  /** Sees to it that what was asked of imports is done at once, where they are run beside this. */
  wakeImports: () => void = () => undefined
  readonly #parts: RegistryParts
  #awayUntil = 0
  /** The day on which proposals were last looked through for those that can't be done any more. */
  #sweptOn = ''
  /** An engine that was never heard of has come nowhere, for all that is known. */
  readonly #indexed = new LastKnown(0)

  constructor(parts: RegistryParts) {
    this.#parts = parts
    this.catalogue = parts.catalogue
    this.now = parts.now
    const faces = new Faces(parts)
    this.files = new Files({
      ...parts,
      faces,
      unseenIn: (dossier, actor) => this.acts.unseenIn(dossier, actor),
    })
    this.feed = new Feed({ ...parts, faces })
    this.authorities = new AuthorityOffice(parts)
    this.standards = new Standards(parts)
    this.campaigns = new Campaigns({ ...parts, standards: this.standards })
    this.ratings = new Ratings({ ...parts, faces })
    this.supervision = new Supervision(parts)
    this.ruleSets = new RuleSets(parts)
    this.acts = new Acts({
      acts: shippedActs,
      ...parts,
      rules: () => this.ruleSets.inForce(),
      outside: {
        standing: parts.views,
        survey: {
          isEmpty: (scope) => parts.rater.isEmpty(scope),
          moved: (campaign) => parts.rater.moved(campaign),
          candidates: (asked) => this.supervision.candidates(asked),
        },
        drafted: parts.drafts,
        imported: (id) => parts.imports.now(id),
        besides: (subject) => parts.views.besides(subject),
        person: parts.person,
        opening: (asked, author) => this.authorities.opening(asked, author),
        openingFor: (asked, author) => this.authorities.openingFor(asked, author),
      },
      begin: async (work) => {
        if ('campaign' in work) return this.campaigns.begin(work)
        const askedAt = parts.now().toISOString()
        await parts.imports.askWithdrawal(work.import, { ...work, askedAt })
        this.wakeImports()
      },
    })
    this.keys = new Keys(parts.views, this.acts, parts.now)
    this.consumers = new Consumers(parts)
    const { feed, keys, consumers } = this
    this.webhooks = new Webhooks({ ...parts, store: parts.following.webhooks, feed, keys, consumers })
    this.officers = new Officers({ ...parts, acts: this.acts })
    this.listings = new Listings({ ...parts, ruleSets: this.ruleSets, acts: this.acts })
    this.bulletins = new Bulletins(parts)
    this.suggestions = new Suggester(parts.views)
    this.reports = parts.reports
    this.searchEntries = parts.searchEntries
    this.accesses = parts.accesses
    this.imports = parts.imports
  }

  /** What the search finds; its `position` is that of the register which the answer shows. */
  async search(query: SearchQuery): Promise<SearchResult> {
    const result = await this.#parts.search.search(query)
    const shown = this.position()
    // An index keeps to the files: where none of them has changed since, it shows what they show.
    return this.isSearchable(result.position) ? { ...result, position: shown } : result
  }

  /** Whether a search that was made from a position shows all that the files show now. */
  isSearchable(position: number): boolean {
    return !this.#parts.views.haveFacesChanged(position)
  }

  /**
   * Brings this node to where all are, so that whoever did something on another finds it here; where their database can't be had it
   * stays as it is, and is not tried again for a moment.
   */
  readonly follow = sharedRuns(async () => {
    const { shared, register, views, writer } = this.#parts
    if (shared === undefined || performance.now() < this.#awayUntil) return
    const all = [
      register.follow().then(async () => {
        if ((await register.head()) > views.applied()) await writer.catchUp()
      }),
      ...shared.map((own) => own.follow()),
    ]
    const isThere = await within(FOLLOWING_MS, Promise.all(all)).catch(() => false)
    if (!isThere) this.#awayUntil = performance.now() + AWAY_MS
  })

  /** Position up to which every answer shows the register. */
  position(): number {
    return this.#parts.views.applied()
  }

  /** Changes whenever an answer to the public may: with what was applied, with the day. */
  moment(): string {
    return `${this.#parts.views.version} ${shanghaiDate(this.now())}`
  }

  /** Changes whenever an answer to officers may: with the same, with drafts and imports, with the trust in the clock. */
  officersMoment(): string {
    const { drafts, imports } = this.#parts
    return `${this.moment()} ${drafts.version} ${imports.version} ${this.clockDoubt() ?? ''}`
  }

  /** What somebody may do with uploads and imports. */
  importSight(actor: Actor): ImportSight {
    return importSight(this.#parts.views, actor)
  }

  /** Why the daily job rests until a person has looked at the clock, in words with what to do. */
  clockDoubt(): string | undefined {
    return this.#parts.clockDoubt?.()
  }

  /** How many files stand open. */
  count(): number {
    return this.#parts.views.count()
  }

  /** How far the register has come, and how far its views follow behind. */
  async lags(): Promise<{ head: number; views: number; search: number }> {
    const { register, views, search } = this.#parts
    const head = await register.head()
    const applied = views.applied()
    const indexed = await this.#indexed.known(() => search.applied())
    return {
      head,
      views: head - applied,
      search: this.isSearchable(indexed) ? head - applied : head - indexed,
    }
  }

  /** Appends what the day brings, forgets what is kept for a time and no longer, and once a day lets lapse what can't be confirmed any more. */
  async runDaily(): Promise<number> {
    const appended = await runDaily(this.#parts)
    await eraseAllEnded(this.#parts)
    const { accesses, accessDays, imports, sessions, now } = this.#parts
    await imports.prune(now())
    await sessions.prune(now())
    if (accessDays !== undefined) await accesses.prune(now(), accessDays)
    const today = shanghaiDate(now())
    if (this.#sweptOn === today) return appended
    this.#sweptOn = today
    return appended + (await this.acts.sweep())
  }
}
