import { LRUCache } from 'lru-cache'
import { Authorities, type Made, ofNames } from '../authority/authorities.ts'
import { type Authority, authoritySubject } from '../authority/authority.ts'
import { type Consumer, consumerSubject } from '../authority/consumers.ts'
import { type ApiKey, keySubject } from '../authority/keys.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import type { Beside, Proposal, ProposalHead } from '../authority/proposal.ts'
import { type RuleSetHistory, ruleSetSubject } from '../blacklist/adopted.ts'
import { type BulletinSeries, bulletinSubject } from '../blacklist/bulletin.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { onDay } from '../consequences/day.ts'
import { APART, type DeadlineKind } from '../dossier/deadline.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { HeldThing, PlatformEvent } from '../dossier/events.ts'
import { type PublicFile, publicFace, publicFileOf } from '../dossier/face.ts'
import type { PublicGround } from '../dossier/past.ts'
import { type StandardHistory, standardSubject } from '../rating/adopted.ts'
import { type Campaign, campaignSubject } from '../rating/campaign.ts'
import { type Catalogue, catalogue as shipped } from '../records/catalogue.ts'
import type { RecordData } from '../records/kind.ts'
import { type Snapshot, snapshotsOf } from '../register/snapshots.ts'
import { type Draw, drawSubject } from '../supervision/draw.ts'
import { type Roster, rosterSubject } from '../supervision/roster.ts'
import { OUTSIDE } from './rows.ts'
import { type Connection, currentGeneration, openViews } from './schema.ts'
import { dossierFrom, folded, isSmall, readyFace, shownAt } from './snapshot.ts'
import { OWNED } from './tables.ts'

/** What the public sees of a file, as bytes ready to send. */
export interface StoredFace {
  key: string
  /** Position of the entry that last changed it. */
  position: number
  /** Null for a withdrawn file. */
  json: string | null
  /** Day from which the stored face no longer holds by itself and is to be cut anew. */
  changesOn: string | null
}

/** The same as data. */
export interface ShownFile extends Pick<StoredFace, 'position' | 'changesOn'> {
  /** Undefined for a withdrawn file. */
  file: PublicFile | undefined
}

/** A change of what the platform sees, with the thing as it stands now. */
export interface StoredEvent extends PlatformEvent {
  /** The file that it is in. */
  key: string
  /** The thing's present state; null where the platform is not to hold it. */
  json: string | null
  /** Day from which what is stored of the file no longer holds by itself. */
  changesOn: string | null
}

/** What tells a file from others. */
export interface FileHead extends Pick<StoredFace, 'key' | 'position' | 'changesOn'> {
  uscc: string | null
  name: string
  isWithdrawn: boolean
  /** How much it takes to read what of it is shown. */
  bytes: number
}

interface ShownRow {
  key: string
  public_position: number
  face_changes_on: string | null
  cut_on: string
  /** Whether the file stands open, and whether what its snapshot shows the public is what they see still. */
  open: number
  current: number
}

interface FaceRow extends ShownRow {
  /** Of its snapshot, where that is. */
  face: string | null
}

/** A file whose public face has changed, as lists and the search know it. */
/** An open file, and when its public face last changed; null where nothing tells of it any more. */
export interface ChangedFile {
  key: string
  at: string | null
}

export interface StoredOutline {
  key: string
  /** Position of the entry that last changed the face. */
  position: number
  /** Null for a withdrawn file. */
  json: string | null
}

/** A file whose stored face holds no longer, with its outline as it was stored. */
export interface DueFile {
  key: string
  /** Position of the last entry of the file. */
  position: number
  outline: string | null
}

export interface ListingFilters {
  /** Day as on which the list is asked for, and the present one. */
  on: string
  today: string
  /** First digits of a region's code. */
  region?: string | undefined
  ground?: string | undefined
  product?: string | undefined
  authority?: string | undefined
  /** Part of a name, or an organisation code. */
  text?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

export interface StoredListing {
  id: string
  /** Position of the entry that published it. */
  position: number
  /** What the public sees of it, ready to send. */
  json: string
}

/** Whose things are looked for, by owners as `Views.owners` gives them; those of nobody within the place alone. */
export interface Sight {
  /** Those whose things are seen wherever the firm is. */
  anywhere: readonly string[]
  /** Those whose things are seen within the places. */
  within: readonly string[]
  /** First digits of each region that somebody answers for; none for all. */
  places: readonly string[]
}

/** What rows keep whose it is of. */
export type Owned = 'case' | 'deadline' | 'proposal' | 'record'

export interface CaseFilters {
  status?: string | undefined
  /** First digits of a region. */
  region?: string | undefined
  /** Everybody's where it is left out. */
  sight?: Sight | undefined
}

export interface DeadlineFilters {
  dueBy: string
  /** Everybody's where it is left out. */
  sight?: Sight | undefined
  region?: string | undefined
  authority?: string | undefined
  /** Only these; planned inspections, which are many, only where they are named. */
  what?: DeadlineKind | undefined
  /** Those that were missed and done late, instead of the open ones. */
  late: boolean
  today: string
}

/** Where a clock stands among all, by the day on which it is due. */
export interface DeadlinePlace {
  dueOn: string
  key: string
  id: string
}

export interface StoredDeadline extends DeadlinePlace {
  name: string
  region: string
  json: string
}

/** Names of the tables that reports may ask. */
export interface ReportTables {
  file: string
  record: string
  grade: string
  rating: string
  listing: string
  /** Cases of the listing procedure. */
  procedure: string
  /** What had been on the list and was erased. */
  erased: string
  /** Clocks that run in files. */
  deadline: string
  /** What the platform was told, and what it holds. */
  event: string
  thing: string
}

/** A proposal with its subject; what it would write stands there alone. */
type Located = ProposalHead & { subject: string }

export interface ProposalFilters {
  /** Any where it is left out. */
  status?: string | undefined
  /** First digits of the region of the files that it is in; what is outside files is in none. */
  region?: string | undefined
  /** The import that it came with. */
  import?: string | undefined
  /** Whether it is somebody's own, or anybody else's. */
  whose?: 'own' | 'others' | undefined
  /** The account of whoever looks; their own proposals are always in their sight. */
  by: string
  /** Acts that they have to do with. */
  acts: readonly string[]
  /** What of it they see in files. What is outside files is not told apart here: that shows when it is asked for. */
  sight: Sight | undefined
}

/** Proposals that are looked at as one: those of an import together, any other by itself. */
export interface ProposalGroup {
  /** The first of them. */
  first: Located
  count: number
}

/** Queries on the local read model; always sees what has been applied last, whoever applied it. */
export class Views {
  readonly #connection: Connection
  readonly #atOnce: Snapshot
  readonly #dataVersion
  #seen = -1
  #looked = false
  #generation = -1
  readonly #known = new LRUCache<string, { value: unknown; characters: number }>({
    maxSize: MOST_KNOWN_BYTES,
    sizeCalculation: ({ characters }, key) => BYTES_A_CHARACTER * (characters + key.length) + 100,
  })
  #knownAt = -1
  #statements: ReturnType<typeof prepare>
  readonly #catalogue: Catalogue
  /** Where the last erasure stands between two positions; 0 where there is none. */
  #erased: { from: number; upTo: number; last: number } | undefined
  /** Files that are not written anew with each entry: those that are read again have moved on by a few. */
  readonly #large = new LRUCache<string, LargeFile>({
    maxSize: MOST_LARGE_BYTES,
    sizeCalculation: ({ characters }) => BYTES_A_CHARACTER * characters,
  })
  /** Large faces that stand ready, by the entry that last changed them. */
  readonly #ready = new LRUCache<string, { position: number; file: PublicFile; characters: number }>({
    maxSize: MOST_READY_BYTES,
    sizeCalculation: ({ characters }) => BYTES_A_CHARACTER * characters,
  })

  constructor(path: string, catalogue: Catalogue = shipped) {
    this.#catalogue = catalogue
    this.#connection = openViews(path, 'read')
    this.#atOnce = snapshotsOf(this.#connection)
    this.#dataVersion = this.#connection.prepare<[], number>('PRAGMA data_version').pluck()
    this.#generation = currentGeneration(this.#connection) ?? 1
    this.#statements = prepare(this.#connection, this.#generation)
  }

  /** Changes whenever anything has been applied since the last look; what was read before may be old then. */
  get version(): number {
    // Many reads of one step look once: asking costs half as much as reading a file. The next step of the same turn
    // may be somebody's who has heard of a write since: messages of the writing thread come many to a turn.
    if (this.#looked) return this.#seen
    this.#looked = true
    process.nextTick(() => {
      this.#looked = false
    })
    const version = this.#dataVersion.get() ?? 0
    if (version !== this.#seen) {
      this.#seen = version
      const generation = currentGeneration(this.#connection) ?? 1
      if (generation !== this.#generation) {
        this.#generation = generation
        this.#statements = prepare(this.#connection, generation)
        this.#large.clear()
        this.#ready.clear()
      }
    }
    return version
  }

  get #current() {
    this.version
    return this.#statements
  }

  /** Position up to which the register has been applied. */
  applied(): number {
    return this.#current.applied.get() ?? 0
  }

  face(key: string): StoredFace | undefined {
    return this.snapshot(() => {
      const row = this.#current.face.get(key)
      return row && this.#faceOf(row)
    })
  }

  /** The same as data, of a large file without the text of its answer; undefined where there is none. */
  shown(key: string): ShownFile | undefined {
    return this.snapshot(() => {
      const row = this.#current.shown.get(key)
      if (!row) return undefined
      const { public_position: position, face_changes_on: changesOn, current, open } = row
      if (open === 0) return { position, changesOn, file: undefined }
      const file =
        current === 1
          ? this.#read(key, position)
          : shownAt({ shown: this.#shown(row), publicPosition: position })
      return { position, changesOn, file }
    })
  }

  /** What tells a file from others, without reading it; undefined where there is none. */
  head(key: string): FileHead | undefined {
    const row = this.#current.head.get(key)
    if (!row) return undefined
    const { position, changesOn, bytes, name } = row
    // Of a withdrawn file nothing but the whole says which code it had.
    const uscc = row.open === 1 ? row.uscc : (this.dossier(key)?.uscc ?? null)
    return { key, uscc, name: name ?? '', position, changesOn, bytes, isWithdrawn: row.open === 0 }
  }

  /**
   * What the public's answers about a file rest on, and the day from which that no longer holds; undefined where nothing of it is public.
   * Of a large file whose public face has changed since it was last written whole, it is not kept.
   */
  ground(key: string): { ground: PublicGround | undefined; changesOn: string | null } | undefined {
    const row = this.#current.ground.get(key)
    // The views wrote it.
    return (
      row && { ground: row.ground === null ? undefined : JSON.parse(row.ground), changesOn: row.changesOn }
    )
  }

  dossier(key: string): Dossier | undefined {
    return this.snapshot(() => {
      const { position, dossier, tail } = this.#current
      const at = position.get(key)
      if (!at) return undefined
      const known = this.#large.get(key)
      if (known?.dossier.position === at.position) return known.dossier
      if (known && known.dossier.position >= at.snapshot)
        return this.#kept(key, folded(known.dossier, tail.all(key, known.dossier.position)), known.characters)
      const json = dossier.get(key) ?? ''
      const found = dossierFrom(json, at.snapshot === at.position ? [] : tail.all(key, at.snapshot))
      return isSmall(json.length) ? found : this.#kept(key, found, json.length)
    })
  }

  /** A file as the day has it, whether or not the daily job has run: `onDay` of the room of consequences says what of it is another. */
  onDay(key: string, today: CalendarDate): Dossier | undefined {
    const dossier = this.dossier(key)
    const changesOn = this.#current.changesOn.get(key)
    if (!dossier || typeof changesOn !== 'string' || today < changesOn) return dossier
    return onDay(dossier, today, { catalogue: this.#catalogue, standards: this.standards() })
  }

  #kept(key: string, dossier: Dossier, characters: number): Dossier {
    this.#large.set(key, { dossier, characters, shown: this.#large.get(key)?.shown })
    return dossier
  }

  /** Files whose face changed after a position, in the order of their last changes. */
  changes(since: number, limit: number): StoredFace[] {
    return this.snapshot(() => this.#current.changes.all(since, limit).map((row) => this.#faceOf(row)))
  }

  /** The same by their outlines. */
  outlines(since: number, limit: number): StoredOutline[] {
    return this.#current.outlines.all(since, limit)
  }

  /** Keys of files whose face changed after a position, or changes by itself on or before a day. */
  changedKeys(since: number, day: string): string[] {
    return this.#current.changedKeys.all(since, day)
  }

  /** Whether any file's face changed after a position. */
  haveFacesChanged(since: number): boolean {
    return this.#current.changed.get(since) !== undefined
  }

  #faceOf(row: FaceRow): StoredFace {
    const { key, public_position: position, face_changes_on: changesOn } = row
    const json =
      row.open === 0
        ? null
        : row.current === 1
          ? row.face
          : readyFace({ publicPosition: position, shown: this.#shown(row) })
    return { key, position, json, changesOn }
  }

  /** A face that stands ready, as data: a large one is read once for as long as it is the same. */
  #read(key: string, position: number): PublicFile | undefined {
    const kept = this.#ready.get(key)
    if (kept?.position === position) return kept.file
    const face = this.#current.face.get(key)?.face ?? undefined
    const file = face === undefined ? undefined : publicFileOf(face, this.#catalogue)
    if (face !== undefined && file && !isSmall(face.length))
      this.#ready.set(key, { position, file, characters: face.length })
    return file
  }

  /** What the public sees of a file that was not written anew since that changed. Entries that change nothing of it don't make it anew: how long it takes would tell of them. */
  #shown({ key, public_position: position, cut_on: on }: ShownRow): PublicFile | undefined {
    const kept = this.#large.get(key)?.shown
    if (kept?.position === position) return kept.file
    const dossier = this.dossier(key)
    const known = this.#large.get(key)
    if (!dossier || known?.dossier !== dossier) return dossier && publicFace(dossier, on, this.#catalogue)
    known.shown = { position, file: publicFace(dossier, on, this.#catalogue, known.shown?.file) }
    return known.shown.file
  }

  /**
   * Changes of what the platform sees after a position, at least `limit` where there are so many, those of one entry
   * always together; `upTo` is the position up to which nothing else has changed.
   */
  events(after: number, limit: number): { events: StoredEvent[]; upTo: number } {
    const { applied, events, eventsAt } = this.#current
    return this.snapshot(() => {
      const upTo = applied.get() ?? 0
      const found = events.all(after, limit)
      const last = found.at(-1)
      if (!last || found.length < limit) return { events: found, upTo }
      const ofLast = eventsAt.all(last.position)
      return {
        events: [...found.filter(({ position }) => position < last.position), ...ofLast],
        upTo: last.position,
      }
    })
  }

  /**
   * Whether anything that may have been shown was erased after a position. Each stretch of events is looked through once,
   * however often it is asked: this stands before whatever is handed out of an earlier state.
   */
  hasErasedAfter(position: number): boolean {
    const { applied, lastErased } = this.#current
    return this.snapshot(() => {
      const known = this.#erased
      const upTo = applied.get() ?? 0
      const isKnown = known !== undefined && known.from <= position && known.upTo <= upTo
      const from = isKnown ? known.from : position
      const last = lastErased.get(isKnown ? known.upTo : position) ?? (isKnown ? known.last : 0)
      this.#erased = { from, upTo, last }
      return last > position
    })
  }

  /** Whether the platform was told of a thing at a position. */
  hasEvent(position: number, key: string, id: string): boolean {
    const { hasEvent, restatedAfter } = this.#current
    // What was told of a file before it was restated is told no more.
    return (hasEvent.get(position, key, id) ?? restatedAfter.get(position, key)) !== undefined
  }

  /** What the platform may see of a file, the basic information first. */
  things(key: string): HeldThing[] {
    return this.#current.things.all(key)
  }

  /** Files whose face changes by itself on or before a day, by key after one of them; with their outlines as of before. */
  dueBy(day: string, after: string, limit: number): DueFile[] {
    return this.#current.dueBy.all(day, after, limit)
  }

  /** All authorities, to find out whose a thing is. */
  authorities(): Authorities {
    return this.#remembered('authorities', () => {
      const all = this.allAuthorities()
      return { value: new Authorities(all), characters: AUTHORITY_CHARACTERS * all.length }
    })
  }

  /** Every name under which rows of an authority may stand, as SQL asks for them. */
  #names(authority: string): string {
    return JSON.stringify(this.authorities().namesOf(authority))
  }

  /** Every authority that was ever opened. */
  allAuthorities(): Authority[] {
    return this.#subjects(authoritySubject(''))
  }

  apiKey(id: string): ApiKey | undefined {
    return this.#subject(keySubject(id))
  }

  apiKeys(): ApiKey[] {
    return this.#subjects(keySubject(''))
  }

  consumer(id: string): Consumer | undefined {
    return this.#subject(consumerSubject(id))
  }

  consumers(): Consumer[] {
    return this.#subjects(consumerSubject(''))
  }

  roster(id: string): Roster | undefined {
    return this.#subject(rosterSubject(id))
  }

  rosters(): Roster[] {
    return this.#subjects(rosterSubject(''))
  }

  officer(login: string): Officer | undefined {
    return this.#subject(officerSubject(login))
  }

  officers(): Officer[] {
    return this.#subjects(officerSubject(''))
  }

  standard(id: string): StandardHistory | undefined {
    return this.#subject(standardSubject(id))
  }

  standards(): StandardHistory[] {
    return this.#subjects(standardSubject(''))
  }

  ruleSet(id: string): RuleSetHistory | undefined {
    return this.#subject(ruleSetSubject(id))
  }

  ruleSets(): RuleSetHistory[] {
    return this.#subjects(ruleSetSubject(''))
  }

  campaign(id: string): Campaign | undefined {
    return this.#subject(campaignSubject(id))
  }

  campaigns(): Campaign[] {
    return this.#subjects(campaignSubject(''))
  }

  draw(id: string): Draw | undefined {
    return this.#subject(drawSubject(id))
  }

  draws(): Draw[] {
    return this.#subjects(drawSubject(''))
  }

  bulletins(series: string): BulletinSeries | undefined {
    return this.#subject(bulletinSubject(series))
  }

  allBulletins(): BulletinSeries[] {
    return this.#subjects(bulletinSubject(''))
  }

  /** Listings in force on a day that still stand, the last published first, from before a position on. */
  listings(filters: ListingFilters, before: number | undefined, limit: number): StoredListing[] {
    const { on, today, region = '', ground, product, authority, text, from, to } = filters
    const conditions = [
      'from_day <= @on AND until_day > @on AND until_day > @today AND published_on <= @on',
      ...(region === '' ? [] : ['region BETWEEN @region AND @regionEnd']),
      ...(ground === undefined ? [] : ['ground = @ground']),
      ...(authority === undefined ? [] : [THEIRS]),
      ...(product === undefined ? [] : ['instr(product, @product) > 0']),
      ...(text === undefined ? [] : ['(instr(name, @text) > 0 OR key = @text)']),
      ...(from === undefined ? [] : ['from_day >= @from']),
      ...(to === undefined ? [] : ['from_day <= @to']),
      ...(before === undefined ? [] : ['position < @before']),
    ]
    return this.#current.listings(conditions.join(' AND ')).all({
      on,
      today,
      region,
      regionEnd: `${region}\u{10ffff}`,
      ground,
      product,
      authority: authority === undefined ? undefined : this.#names(authority),
      text,
      from,
      to,
      before,
      limit,
    })
  }

  /** A listing that stands on a day. */
  listing(id: string, on: string): StoredListing | undefined {
    return this.#current.listing.get(id, on)
  }

  /** Cases published by an authority in a period that still stand, and how many ended in it, by cause. */
  listedBetween(
    authority: string,
    from: string,
    to: string,
  ): { listed: string[]; removed: Record<string, number> } {
    const { listedBetween, endedBetween } = this.#current
    const names = this.#names(authority)
    return {
      listed: listedBetween.all(names, from, to),
      removed: Object.fromEntries(
        endedBetween
          .all(names, from, to)
          .map(({ status, count }) => [status.slice('removed/'.length), count]),
      ),
    }
  }

  /** The first day on which an authority published or ended a listing; undefined for one that never did. */
  firstListingOn(authority: string): string | undefined {
    const names = this.#names(authority)
    return this.#current.firstListingOn.get(names, names) ?? undefined
  }

  proposal(id: string): Located | undefined {
    const json = this.#current.proposal.get(id)
    return json === undefined ? undefined : JSON.parse(json)
  }

  /** What was put forward about what is kept beside the register, and its revision. */
  besides(subject: string): Beside {
    return this.#subject<Beside>(subject) ?? { revision: 0, proposals: [] }
  }

  /** All that was ever put forward on a subject that is no file. */
  proposalsOf(subject: string): readonly Proposal[] {
    return this.#subject<{ proposals?: Proposal[] }>(subject)?.proposals ?? []
  }

  /** Proposals after an id, in the order in which they were made. */
  proposals(filters: ProposalFilters, after: string, limit: number): Located[] {
    return this.#current.proposals
      .all({ ...proposalValues(filters), after, limit })
      .map((json) => JSON.parse(json))
  }

  /** The same by import, in the order of the first of each. */
  proposalGroups(filters: ProposalFilters, after: string, limit: number): ProposalGroup[] {
    return this.#current.proposalGroups
      .all({ ...proposalValues(filters), after, limit })
      .map(({ json, count }) => ({ first: JSON.parse(json), count }))
  }

  /** Key of the file that a case is in. */
  fileOfCase(id: string): string | undefined {
    return this.#current.fileOfCase.get(id)
  }

  /** Whether a case was ever on the list. */
  wasListed(id: string): boolean {
    return this.#current.wasListed.get(id) !== undefined
  }

  /** Whose cases, clocks, proposals or records there are: as their rows keep it, and who that is. */
  owners(of: Owned): { text: string; made: Made }[] {
    const texts = new Set(this.#current.owners[of].flatMap((found) => found.all()))
    texts.delete('')
    return Array.from(texts, (text) => ({ text, made: JSON.parse(text) }))
  }

  /** Cases after an id, in order of their ids. */
  cases(
    { status, region = '', sight }: CaseFilters,
    after: string,
    limit: number,
  ): { id: string; key: string }[] {
    const asked = { status: status ?? null, region, regionEnd: endOf(region), after, limit }
    return this.#current.cases.all({ ...asked, ...sightValues(sight) })
  }

  /** Cases that have not ended, the oldest first. */
  pendingCases(sight: Sight | undefined, limit: number): { id: string }[] {
    return this.#current.pendingCases.all({ ...sightValues(sight), limit })
  }

  /** Clocks that are due by a day, in the order of their days, after one of them. */
  deadlines(filters: DeadlineFilters, after: DeadlinePlace | undefined, limit: number): StoredDeadline[] {
    const { dueBy, region = '', authority, what, late, today, sight } = filters
    return this.#current.deadlines.all({
      ...sightValues(sight),
      dueBy,
      region,
      regionEnd: endOf(region),
      authority: authority === undefined ? null : this.#names(authority),
      what: what ?? null,
      late: late ? 1 : 0,
      today,
      dueAfter: after?.dueOn ?? '',
      keyAfter: after?.key ?? '',
      idAfter: after?.id ?? '',
      limit,
    })
  }

  /** How many clocks of each kind are due by a day and still open. */
  deadlineCounts({ dueBy, region = '', authority, today, sight }: Omit<DeadlineFilters, 'what' | 'late'>) {
    return this.#current.deadlineCounts.all({
      ...sightValues(sight),
      dueBy,
      region,
      regionEnd: endOf(region),
      authority: authority === undefined ? null : this.#names(authority),
      today,
    })
  }

  /**
   * Keys after `after`, in order, of files in a region (by the first digits of its code) with records of a type; with those in
   * sight alone, for penalties and inspections.
   */
  keysWith(
    { type, region, sight }: { type: string; region: string; sight?: Sight | undefined },
    after: string,
    limit: number,
  ): string[] {
    const { keysWith, keysInSight } = this.#current
    const asked = { type, after, region, regionEnd: endOf(region), limit }
    return sight === undefined ? keysWith.all(asked) : keysInSight.all({ ...asked, ...sightValues(sight) })
  }

  /** The latest records of a type, with their data. */
  recentRecords(type: string, limit: number): { key: string; data: RecordData }[] {
    return this.#current.recentRecords
      .all(type, limit)
      .map(({ key, data }) => ({ key, data: JSON.parse(data) }))
  }

  /**
   * Files after `after`, in order, that have a standing record of a type dated in a period, and the day on which their face
   * changes by itself.
   */
  keysDated(
    type: string,
    { from, to }: { from: string; to: string },
    after: string,
    limit: number,
  ): { key: string; changesOn: string | null }[] {
    return this.#current.keysDated.all({ type, from, to, after, limit })
  }

  /** Runs a report's query over the records that stand and the grades in force. */
  reported<Row>(query: (tables: ReportTables) => string, ...values: (string | number)[]): Row[] {
    const { tables, connection } = this.#current
    return connection.prepare<unknown[], Row>(query(tables)).all(...values)
  }

  /** Keys after `after`, in order, of files that stand open, with their dossiers. */
  dossiers(after: string, limit: number): Dossier[] {
    const { dossiers, tail } = this.#current
    return this.snapshot(() =>
      dossiers
        .all(after, limit)
        .map(({ key, dossier, snapshot, position }) =>
          dossierFrom(dossier, snapshot === position ? [] : tail.all(key, snapshot)),
        ),
    )
  }

  /** Key of the file that a rating is in. */
  fileOfRating(id: string): string | undefined {
    return this.#current.fileOfRating.get(id)
  }

  /** Ids of the ratings of a campaign in the order of their files. */
  ratingsOf(campaign: string, after: string, limit: number): { id: string; key: string }[] {
    return this.#current.ratingsOf.all(campaign, after, limit)
  }

  /** How many ratings a campaign has issued. */
  countRatingsOf(campaign: string): number {
    return this.#current.countRatingsOf.get(campaign) ?? 0
  }

  // What stands under a subject was written by the fold that its prefix names. Keys and officers are asked for with
  // every request, so what was read is kept until anything is applied.
  #subject<T>(subject: string): T | undefined {
    return this.#remembered(subject, () => {
      const state = this.#current.subject.get(subject)
      return { value: state === undefined ? undefined : JSON.parse(state), characters: state?.length ?? 0 }
    })
  }

  #remembered<T>(key: string, read: () => { value: T; characters: number }): T {
    const { version } = this
    if (this.#knownAt !== version) {
      this.#knownAt = version
      this.#known.clear()
    }
    const known = this.#known.get(key)
    // It was put there under the same name, by this very method.
    if (known) return known.value as T
    const fresh = read()
    this.#known.set(key, fresh)
    return fresh.value
  }

  #subjects<T>(prefix: string): T[] {
    // What is typed stands behind a prefix, so no subject can have this name.
    const all = this.#remembered<T[]>(`all ${prefix}`, () => {
      const states = this.#current.subjects.all(prefix, `${prefix}\u{10ffff}`)
      const characters = states.reduce((sum, state) => sum + state.length, 0)
      return { value: states.map((state) => JSON.parse(state)), characters }
    })
    // What is remembered stays in its order, whatever becomes of what was handed out.
    return [...all]
  }

  /** The open files whose face last changed between two positions, both included. */
  changedBetween(first: number, last: number): ChangedFile[] {
    return this.#current.changedBetween.all(first, last)
  }

  /** How many files stand open. */
  count(): number {
    return this.#current.count.get() ?? 0
  }

  /** Runs reads on one state of the views: cheaper than each by itself, and nothing is applied between them. */
  snapshot<T>(reads: () => T): T {
    return this.#atOnce(reads)
  }

  close(): void {
    this.#connection.close()
  }
}

interface LargeFile {
  dossier: Dossier
  characters: number
  /** What the public was last shown of it, by the entry that changed that: it is told from that what they are shown next. */
  shown: { position: number; file: PublicFile | undefined } | undefined
}

/** Of what stands under subjects that are no files, whatever anybody asks for. */
const MOST_KNOWN_BYTES = 32 * 1024 * 1024
const AUTHORITY_CHARACTERS = 500
const MOST_LARGE_BYTES = 96 * 1024 * 1024
const MOST_READY_BYTES = 32 * 1024 * 1024
/** What a character of a file's JSON takes in memory as an object. */
const BYTES_A_CHARACTER = 4

function prepare(connection: Connection, g: number) {
  const event = `SELECT e.position, e.key, e.type, e.id, e.what, e.at, e.before, e.after, t.json, f.face_changes_on AS changesOn
    FROM event_${g} e JOIN file_${g} f ON f.key = e.key LEFT JOIN thing_${g} t ON t.key = e.key AND t.id = e.id`
  const shown = `f.key, f.public_position, f.face_changes_on, f.cut_on, f.outline IS NOT NULL AS open,
    s.position >= f.public_position AS current`
  const files = `FROM file_${g} f JOIN snapshot_${g} s ON s.key = f.key`
  const face = `${shown}, CASE WHEN s.position >= f.public_position THEN s.face END AS face ${files}`
  return {
    applied: connection.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck(),
    face: connection.prepare<[string], FaceRow>(`SELECT ${face} WHERE f.key = ?`),
    shown: connection.prepare<[string], ShownRow>(`SELECT ${shown} ${files} WHERE f.key = ?`),
    head: connection.prepare<
      [string],
      {
        position: number
        changesOn: string | null
        open: number
        uscc: string | null
        name: string | null
        bytes: number
      }
    >(
      `SELECT f.public_position AS position, f.face_changes_on AS changesOn, f.outline IS NOT NULL AS open,
         f.outline ->> '$.uscc' AS uscc, f.outline ->> '$.enterprise.name' AS name, octet_length(iif(s.position >= f.public_position AND s.face IS NOT NULL, s.face, s.dossier)) AS bytes ${files} WHERE f.key = ?`,
    ),
    position: connection.prepare<[string], { position: number; snapshot: number }>(
      `SELECT f.position, s.position AS snapshot
       FROM file_${g} f JOIN snapshot_${g} s ON s.key = f.key WHERE f.key = ?`,
    ),
    ground: connection.prepare<[string], { ground: string | null; changesOn: string | null }>(
      `SELECT CASE WHEN s.position >= f.public_position THEN s.ground END AS ground, f.face_changes_on AS changesOn
       ${files} WHERE f.key = ? AND f.outline IS NOT NULL`,
    ),
    dossier: connection.prepare<[string], string>(`SELECT dossier FROM snapshot_${g} WHERE key = ?`).pluck(),
    tail: connection
      .prepare<[string, number], string>(
        `SELECT entry FROM tail_${g} WHERE key = ? AND position > ? ORDER BY position`,
      )
      .pluck(),
    changes: connection.prepare<[number, number], FaceRow>(
      `SELECT ${face} WHERE f.public_position > ? ORDER BY f.public_position LIMIT ?`,
    ),
    outlines: connection.prepare<[number, number], StoredOutline>(
      `SELECT key, public_position AS position, outline AS json FROM file_${g}
       WHERE public_position > ? ORDER BY public_position LIMIT ?`,
    ),
    changed: connection
      .prepare<[number], number>(`SELECT 1 FROM file_${g} WHERE public_position > ? LIMIT 1`)
      .pluck(),
    events: connection.prepare<[number, number], StoredEvent>(
      `${event} WHERE e.position > ? ORDER BY e.position, e.n LIMIT ?`,
    ),
    eventsAt: connection.prepare<[number], StoredEvent>(`${event} WHERE e.position = ? ORDER BY e.n`),
    restatedAfter: connection.prepare<[number, string]>(
      `SELECT 1 FROM event_${g} WHERE position > ? AND key = ? AND what = 'file.restated' LIMIT 1`,
    ),
    lastErased: connection
      .prepare<[number], number | null>(
        `SELECT max(position) FROM event_${g} WHERE position > ? AND what = 'file.restated'`,
      )
      .pluck(),
    hasEvent: connection.prepare<[number, string, string]>(
      `SELECT 1 FROM event_${g} WHERE position = ? AND key = ? AND id = ?`,
    ),
    things: connection.prepare<[string], HeldThing>(
      `SELECT type, id, json, position, digest FROM thing_${g} WHERE key = ? ORDER BY id <> key, id`,
    ),
    changedKeys: connection
      .prepare<[number, string], string>(
        `SELECT key FROM file_${g} WHERE public_position > ?
         UNION SELECT key FROM file_${g} WHERE face_changes_on <= ?`,
      )
      .pluck(),
    changesOn: connection
      .prepare<[string], string | null>(`SELECT face_changes_on FROM file_${g} WHERE key = ?`)
      .pluck(),
    dueBy: connection.prepare<[string, string, number], DueFile>(
      `SELECT key, position, outline FROM file_${g} WHERE face_changes_on <= ? AND key > ? ORDER BY key LIMIT ?`,
    ),
    subject: connection.prepare<[string], string>(`SELECT state FROM subject_${g} WHERE subject = ?`).pluck(),
    subjects: connection
      .prepare<[string, string], string>(
        `SELECT state FROM subject_${g} WHERE subject BETWEEN ? AND ? ORDER BY subject`,
      )
      .pluck(),
    dossiers: connection.prepare<
      [string, number],
      { key: string; position: number; snapshot: number; dossier: string }
    >(
      `SELECT f.key, f.position, s.position AS snapshot, s.dossier
       FROM file_${g} f JOIN snapshot_${g} s ON s.key = f.key
       WHERE f.key > ? AND f.outline IS NOT NULL ORDER BY f.key LIMIT ?`,
    ),
    connection,
    listings: remembered((conditions) =>
      connection.prepare<Record<string, unknown>, StoredListing>(
        `SELECT id, position, json FROM listing_${g} WHERE ${conditions} ORDER BY position DESC LIMIT @limit`,
      ),
    ),
    listing: connection.prepare<[string, string], StoredListing>(
      `SELECT id, position, json FROM listing_${g} WHERE id = ? AND until_day > ?`,
    ),
    listedBetween: connection
      .prepare<[string, string, string], string>(
        `SELECT id FROM listing_${g} WHERE ${ITS_OWN} AND published_on BETWEEN ? AND ? ORDER BY published_on, id`,
      )
      .pluck(),
    endedBetween: connection.prepare<[string, string, string], { status: string; count: number }>(
      `SELECT status, count(*) AS count FROM case_${g} WHERE ${ITS_OWN} AND ended_on BETWEEN ? AND ? GROUP BY status`,
    ),
    firstListingOn: connection
      .prepare<[string, string], string | null>(
        `SELECT min(day) FROM (SELECT min(published_on) AS day FROM listing_${g} WHERE ${ITS_OWN}
         UNION ALL SELECT min(ended_on) FROM case_${g} WHERE ${ITS_OWN} AND status LIKE 'removed/%')`,
      )
      .pluck(),
    proposal: connection.prepare<[string], string>(`SELECT json FROM proposal_${g} WHERE id = ?`).pluck(),
    proposals: connection
      .prepare<Record<string, unknown>, string>(
        `SELECT json FROM proposal_${g} WHERE ${PROPOSED} AND id > @after ORDER BY id LIMIT @limit`,
      )
      .pluck(),
    // The row that stands for a group is the one with its first id.
    proposalGroups: connection.prepare<Record<string, unknown>, { json: string; count: number }>(
      `SELECT json, min(id) AS first, count(*) AS count FROM proposal_${g} WHERE ${PROPOSED}
       GROUP BY CASE import WHEN '' THEN id ELSE import END HAVING first > @after ORDER BY first LIMIT @limit`,
    ),
    wasListed: connection.prepare<[string]>(
      `SELECT 1 FROM case_${g} WHERE id = ? AND (ended_on IS NOT NULL OR status IN ('inForce', 'suspended'))`,
    ),
    fileOfCase: connection.prepare<[string], string>(`SELECT key FROM case_${g} WHERE id = ?`).pluck(),
    owners: {
      case: [ownersIn(connection, `case_${g}`)],
      deadline: [ownersIn(connection, `deadline_${g}`)],
      proposal: [ownersIn(connection, `proposal_${g}`), ownersIn(connection, `proposal_${g}`, 'named')],
      record: [
        ownersIn(connection, `(SELECT owner FROM record_${g} INDEXED BY record_${g}_owner WHERE ${OWNED})`),
      ],
    } satisfies Record<Owned, unknown>,
    cases: connection.prepare<Record<string, unknown>, { id: string; key: string }>(
      `SELECT id, key FROM case_${g}
       WHERE (@status IS NULL OR status = @status) AND id > @after AND region BETWEEN @region AND @regionEnd
         AND ${IN_SIGHT} ORDER BY id LIMIT @limit`,
    ),
    pendingCases: connection.prepare<Record<string, unknown>, { id: string }>(
      `SELECT id FROM case_${g}
       WHERE status IN ('proposed', 'noticed', 'stated', 'consented', 'decided', 'inForce', 'suspended')
         AND ${IN_SIGHT} ORDER BY id LIMIT @limit`,
    ),
    deadlines: connection.prepare<Record<string, unknown>, StoredDeadline>(
      `SELECT due_on AS dueOn, key, id, region, json,
         (SELECT outline ->> '$.enterprise.name' FROM file_${g} f WHERE f.key = deadline_${g}.key) AS name
       FROM deadline_${g}
       WHERE due_on <= @dueBy AND (done_on IS NOT NULL) = @late AND region BETWEEN @region AND @regionEnd
         AND (@authority IS NULL OR ${THEIRS}) AND (what = @what OR (@what IS NULL AND what <> '${APART}'))
         AND (until_on IS NULL OR until_on >= @today) AND ${IN_SIGHT}
         AND (due_on, key, id) > (@dueAfter, @keyAfter, @idAfter)
       ORDER BY due_on, key, id LIMIT @limit`,
    ),
    deadlineCounts: connection.prepare<
      Record<string, unknown>,
      { what: DeadlineKind; count: number; overdue: number }
    >(
      `SELECT what, count(*) AS count, sum(due_on < @today) AS overdue FROM deadline_${g}
       WHERE due_on <= @dueBy AND done_on IS NULL AND region BETWEEN @region AND @regionEnd
         AND (@authority IS NULL OR ${THEIRS}) AND (until_on IS NULL OR until_on >= @today)
         AND ${IN_SIGHT}
       GROUP BY what`,
    ),
    tables: {
      listing: `listing_${g}`,
      file: `file_${g}`,
      record: `record_${g}`,
      grade: `grade_${g}`,
      rating: `rating_${g}`,
      procedure: `case_${g}`,
      erased: `erased_${g}`,
      event: `event_${g}`,
      thing: `thing_${g}`,
      deadline: `deadline_${g}`,
    },
    keysWith: connection
      .prepare<Record<string, unknown>, string>(
        `SELECT DISTINCT key FROM record_${g} WHERE ${WITH_TYPE} ORDER BY key LIMIT @limit`,
      )
      .pluck(),
    keysInSight: connection
      .prepare<Record<string, unknown>, string>(
        `SELECT DISTINCT key FROM record_${g} WHERE ${WITH_TYPE} AND ${OWNED} AND ${IN_SIGHT} ORDER BY key LIMIT @limit`,
      )
      .pluck(),
    recentRecords: connection.prepare<[string, number], { key: string; data: string }>(
      `SELECT key, data FROM record_${g} WHERE type = ? ORDER BY dated DESC LIMIT ?`,
    ),
    keysDated: connection.prepare<Record<string, unknown>, { key: string; changesOn: string | null }>(
      `SELECT DISTINCT r.key, f.face_changes_on AS changesOn FROM record_${g} r JOIN file_${g} f ON f.key = r.key
       WHERE r.type = @type AND r.dated BETWEEN @from AND @to AND r.key > @after ORDER BY r.key LIMIT @limit`,
    ),
    fileOfRating: connection.prepare<[string], string>(`SELECT key FROM rating_${g} WHERE id = ?`).pluck(),
    ratingsOf: connection.prepare<[string, string, number], { id: string; key: string }>(
      `SELECT id, key FROM rating_${g} WHERE campaign = ? AND key > ? ORDER BY key LIMIT ?`,
    ),
    countRatingsOf: connection
      .prepare<[string], number>(`SELECT count(*) FROM rating_${g} WHERE campaign = ?`)
      .pluck(),
    // Withdrawn files are few, so the narrow indexes tell what the wide table would have to be read for.
    count: connection
      .prepare<[], number>(
        `SELECT (SELECT count(*) FROM file_${g}) - (SELECT count(*) FROM file_${g} WHERE outline IS NULL)`,
      )
      .pluck(),
    changedBetween: connection.prepare<[number, number], ChangedFile>(
      `SELECT key, (SELECT at FROM event_${g} WHERE position = public_position LIMIT 1) AS at FROM file_${g}
       WHERE public_position BETWEEN ? AND ? AND outline IS NOT NULL ORDER BY public_position`,
    ),
  }
}

/** That a record is of a type, in a region, in a file after another. */
const WITH_TYPE = 'type = @type AND key > @after AND region BETWEEN @region AND @regionEnd'

/** That a row is of a firm in the places that somebody answers for, by `sightValues`. */
const IN_PLACE = `(region BETWEEN @place AND @placeEnd
  OR (@also IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(@also) WHERE region GLOB value || '*')))`

/** That a row is in sight, by `sightValues`. */
const IN_SIGHT = `(@anywhere IS NULL OR owner IN (SELECT value FROM json_each(@anywhere))
  OR (${IN_PLACE} AND (owner = '' OR owner IN (SELECT value FROM json_each(@within)))))`

/** That a row is an authority's under any of its names, by `#names`. */
const ITS_OWN = ofNames()
const THEIRS = ofNames('@authority')

/** That a proposal is asked for and in sight, by `proposalValues`. */
const PROPOSED = `(@status IS NULL OR status = @status) AND (@import IS NULL OR import = @import)
  AND (region = '${OUTSIDE}' OR region BETWEEN @region AND @regionEnd)
  AND (@whose IS NULL OR (by = @by) = (@whose = 'own'))
  AND (by = @by OR (act IN (SELECT value FROM json_each(@acts)) AND (region = '${OUTSIDE}' OR ${IN_SIGHT}
    OR (named <> '' AND (named IN (SELECT value FROM json_each(@anywhere))
      OR (${IN_PLACE} AND named IN (SELECT value FROM json_each(@within))))))))`

function proposalValues({ status, region = '', whose, by, acts, sight, ...more }: ProposalFilters) {
  return {
    ...{ status: status ?? null, import: more.import ?? null, whose: whose ?? null, by },
    ...{ region, regionEnd: endOf(region), acts: JSON.stringify(acts), ...sightValues(sight) },
  }
}

function sightValues(sight: Sight | undefined): Record<string, string | null> {
  const { anywhere, within, places: [place = '', ...also] = [] } = sight ?? {}
  return {
    anywhere: anywhere === undefined ? null : JSON.stringify(anywhere),
    within: JSON.stringify(within ?? []),
    also: also.length === 0 ? null : JSON.stringify(also),
    ...{ place, placeEnd: endOf(place) },
  }
}

function endOf(prefix: string): string {
  return `${prefix}\u{10ffff}`
}

/**
 * Every owner in a table once, found by stepping through the index rather than through all rows: of a table with several
 * indexes, through the one that begins with it.
 */
function ownersIn(connection: Connection, table: string, column = 'owner') {
  return connection
    .prepare<[], string>(
      `WITH RECURSIVE one(owner) AS (
         SELECT min(${column}) FROM ${table}
         UNION ALL SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > one.owner) FROM one WHERE one.owner IS NOT NULL
       ) SELECT owner FROM one WHERE owner IS NOT NULL`,
    )
    .pluck()
}

/** Makes what a text asks for once; the texts are few. */
function remembered<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>()
  return (text) => {
    const known = made.get(text) ?? make(text)
    made.set(text, known)
    return known
  }
}
