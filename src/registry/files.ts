import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Actor } from '../authority/acting.ts'
import { endOfDate, isCalendarDate, shanghaiDate, shanghaiTime } from '../calendar/dates.ts'
import { fileByCode } from '../dossier/codes.ts'
import type { Difference } from '../dossier/differences.ts'
import { type Dossier, type FileEvent, fold } from '../dossier/dossier.ts'
import { type OfficerFile, officerFile, type PublicDecision } from '../dossier/face.ts'
import type { Moment } from '../dossier/past.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { revisionSeen, type Seen } from '../dossier/seen.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import { ByteCache } from '../views/byte-cache.ts'
import { type Face, type Faces, gone } from '../views/faces.ts'
import type { ChangedFile, FileHead, Views } from '../views/views.ts'
import type { FilePage, PageAsked } from './file-page.ts'
import { pageOf } from './gather.ts'
import type { Pasts, Story, StoryAsked, Unseen } from './pasts.ts'
import { localShownFiles, type PageNow, type ShownFiles } from './shown-files.ts'
import { aboutOf, seenIn } from './sight.ts'

interface Parts {
  register: Register
  views: Views
  pasts: Pasts
  shownFiles?: ShownFiles | undefined
  catalogue: Catalogue
  faces: Faces
  /** Ids of the proposals of a file that somebody may not see. */
  unseenIn(dossier: Dossier, actor: Actor): ReadonlySet<string>
  now(): Date
}

/** A file that takes more bytes to read is read where nobody waits for it but who asks: some 150 records. */
const MOST_NEAR_BYTES = 100_000
const KEPT_BYTES = 32 * 1024 * 1024

/** Reading of files: the public's, the officers', and the past of both. */
export class Files {
  readonly #parts: Parts
  readonly #faces: Faces
  readonly #near: ShownFiles
  /** Answers of large files, by the versions that they bear. */
  readonly #kept = new ByteCache<Face>('large files', KEPT_BYTES, ({ bytes }) => bytes.length)

  constructor(parts: Parts) {
    this.#parts = parts
    this.#faces = parts.faces
    this.#near = localShownFiles(parts)
  }

  /** What tells the file of a typed code from others; refuses as `byCode` does, without reading the file. */
  headOf(code: string): FileHead {
    const head = fileByCode(code, (key) => this.#parts.views.head(key))
    if (head.isWithdrawn) throw gone()
    return head
  }

  #readerOf({ bytes }: FileHead): ShownFiles {
    return (bytes > MOST_NEAR_BYTES ? this.#parts.shownFiles : undefined) ?? this.#near
  }

  /** A page of what the public sees of a file; `asked.part` is a section's or the history. */
  async page(head: FileHead, asked: PageAsked): Promise<PageNow> {
    return (await this.#readerOf(head).page(head.key, asked)) ?? refusedAsGone()
  }

  /** The file under a key as the public gets it whole; undefined where the key is no file's. Refuses with `gone` for a withdrawn one. */
  async answer(key: string): Promise<Face | undefined> {
    const known = this.#faces.known(key)
    if (known) return known
    const head = this.#parts.views.head(key)
    if (!head) return undefined
    const reader = this.#readerOf(head)
    if (head.isWithdrawn || reader === this.#near) return this.#faces.make(key)
    const name = `${key} ${this.#faces.etag(head)}`
    const kept = this.#kept.get(name)
    if (kept) return kept
    const face = (await reader.answer(key)) ?? refusedAsGone()
    this.#kept.set(`${key} ${face.etag}`, face)
    return face
  }

  /** Lines of the public history of a file after a position, the oldest first, and whether there are more. */
  async publicHistory(
    head: FileHead,
    after: number,
    limit: number,
  ): Promise<{ items: FileEvent[]; next: number | null }> {
    const found = await this.#readerOf(head).history(head.key, after, limit + 1)
    return pageOf(found ?? refusedAsGone(), limit, ({ position }) => position)
  }

  /** The file of a typed code; refuses as `fileByCode` does, and with `gone` for a withdrawn one. */
  byCode(code: string): Dossier {
    const dossier = fileByCode(code, (key) => this.#parts.views.dossier(key))
    if (dossier.withdrawn) throw gone()
    return dossier
  }

  /** The file under a key, be it withdrawn; undefined where there is none. */
  under(key: string): Dossier | undefined {
    return this.#parts.views.dossier(key)
  }

  /** The open files whose public face last changed between two positions, both included, and when. */
  changedBetween(first: number, last: number): ChangedFile[] {
    return this.#parts.views.changedBetween(first, last)
  }

  /** The decision of a penalty with its summary, as anyone may read it; refuses with `unknown` where there is none. */
  async decision(head: FileHead, id: string): Promise<PublicDecision> {
    const decision = await this.#readerOf(head).decision(head.key, id)
    if (!decision) throw new Refusal('unknown', '没有公示的处罚决定书；请核对地址，或者已停止公示。')
    return decision
  }

  /** The file as an officer may see it. */
  officerFile(dossier: Dossier, actor: Actor): OfficerFile {
    const { views, catalogue, now } = this.#parts
    const today = shanghaiDate(now())
    const present = views.onDay(dossier.key, today)
    const shown = present?.position === dossier.position ? present : dossier
    return officerFile(shown, today, catalogue, this.seen(dossier, actor))
  }

  /** What of a file an officer sees. */
  seen(dossier: Dossier, actor: Actor): Seen {
    const { views, unseenIn } = this.#parts
    return seenIn(views, actor, dossier, unseenIn(dossier, actor))
  }

  /** The number that a file's state bears for an officer. */
  revision(dossier: Dossier, actor: Actor): number {
    return revisionSeen(dossier, this.seen(dossier, actor))
  }

  /**
   * What an officer's answer about a file is known by: the number of its state for them, and the day, since a file reads otherwise as
   * terms run out. A change may name the state alone.
   */
  etag(dossier: Dossier, actor: Actor): string {
    return `"${this.revision(dossier, actor)}-${shanghaiDate(this.#parts.now())}"`
  }

  /**
   * Entries of a file that an officer may see, after one by its number for them, in order, and whether there are more. Whoever
   * doesn't see all is given no digests: these cover the count of the file's entries, and the ones before.
   */
  async officerEntries(
    dossier: Dossier,
    actor: Actor,
    { after, limit }: { after: number; limit: number },
  ): Promise<{ items: OfficerEntry[]; hasMore: boolean }> {
    const { isAll, hidden } = this.seen(dossier, actor)
    const from = isAll ? after : (dossier.events.findLast(({ position }) => position <= after)?.revision ?? 0)
    const found: OfficerEntry[] = []
    for await (const entry of entriesOf(this.#parts.register, dossier, from)) {
      const { digest, chain, ...told } = entry
      if (hidden.has(aboutOf(entry)) || (!isAll && entry.seq <= after)) continue
      if (found.length === limit) return { items: found, hasMore: true }
      found.push(isAll ? entry : { ...told, revision: entry.seq })
    }
    return { items: found, hasMore: false }
  }

  /** The file as it stood at a revision that an officer saw, by its number for them. */
  async asSeen(dossier: Dossier, actor: Actor, seen: number): Promise<Dossier | undefined> {
    const { isAll } = this.seen(dossier, actor)
    const entries = await this.history(dossier)
    return fold(
      undefined,
      entries.filter(({ revision, seq }) => (isAll ? revision : seq) <= seen),
    )
  }

  /** How a file came about, as far as an officer may see it. */
  story(dossier: Dossier, actor: Actor, asked: Omit<StoryAsked, 'unseen'>): Promise<Story> {
    const unseen = unseenOf(dossier, this.seen(dossier, actor).hidden)
    return this.#parts.pasts.story(dossier.key, { ...asked, unseen })
  }

  /** What differs in a file between two positions. */
  differences({ key }: Dossier, between: { from: number; to: number }): Promise<Difference[]> {
    return this.#parts.pasts.differences(key, between)
  }

  /** Entries of a file, in order; others have their turn while a long one is read. */
  async history(dossier: Dossier): Promise<Entry[]> {
    const all: Entry[] = []
    for await (const entry of entriesOf(this.#parts.register, dossier, 0)) all.push(entry)
    return all
  }

  /** The file as the public may see it at a past moment, as bytes; refuses with `unknown` for one before it was opened. */
  async publicPast({ key }: FileHead, moment: Moment): Promise<Uint8Array> {
    return (await this.#parts.pasts.publicPast(key, moment)) ?? this.#refusedAsNotYet(key)
  }

  /** A page of the same. */
  async pastPage({ key }: FileHead, moment: Moment, asked: PageAsked): Promise<FilePage> {
    return (await this.#parts.pasts.pastPage(key, moment, asked)) ?? this.#refusedAsNotYet(key)
  }

  /** The file as an officer may see it then, as bytes. */
  async officerPast(dossier: Dossier, moment: Moment, actor: Actor): Promise<Uint8Array> {
    const { key } = dossier
    const unseen = unseenOf(dossier, this.#parts.unseenIn(dossier, actor))
    return (await this.#parts.pasts.officerPast(key, moment, actor, unseen)) ?? this.#refusedAsNotYet(key)
  }

  async #refusedAsNotYet(key: string): Promise<never> {
    const [opening] = await this.#parts.register.bySubject({ subject: key, revision: 0 }, 1)
    const since = opening && shanghaiDate(new Date(opening.recordedAt))
    throw new Refusal('unknown', `该企业的质量信用档案于 ${since} 建立，此前没有记录。`)
  }
}

/** An entry as an officer is given it. */
export type OfficerEntry = Omit<Entry, 'digest' | 'chain'> & Partial<Pick<Entry, 'digest' | 'chain'>>

/** So many entries are read in one turn. */
const ENTRIES_A_TURN = 250

function unseenOf({ position }: Dossier, ids: ReadonlySet<string>): Unseen {
  return { ids: Array.from(ids), upTo: position }
}

/**
 * Entries of a file as it stands, after a revision, in order, read in turns. What has come into the register since is not among them:
 * who may see it is not known yet.
 */
async function* entriesOf(
  register: Register,
  { key, position }: Dossier,
  revision: number,
): AsyncGenerator<Entry> {
  let after = { subject: key, revision }
  for (;;) {
    const chunk = await register.bySubject(after, ENTRIES_A_TURN)
    for (const entry of chunk) {
      if (entry.subject !== key || entry.seq > position) return
      yield entry
      after = { subject: key, revision: entry.revision }
    }
    if (chunk.length < ENTRIES_A_TURN) return
    await othersTurn()
  }
}

/** A moment from `?asOf=` (a date, or a time with its zone); refuses one in the future or that does not exist. */
export function parseMoment(asOf: string, now: Date): Moment {
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(asOf)
  if (isCalendarDate(asOf)) {
    if (asOf > shanghaiDate(now)) throw notYet(asOf, now)
    return { time: endOfDate(asOf) }
  }
  const time = isTime && isCalendarDate(asOf.slice(0, 10)) ? Date.parse(asOf) : Number.NaN
  if (Number.isNaN(time))
    throw invalid(
      '/asOf',
      'date',
      `“${asOf.slice(0, 40)}”不是日期或时间；请写成 2026-03-02 或 2026-03-02T10:21:00+08:00。`,
    )
  if (time > now.getTime()) throw notYet(asOf, now)
  return { time: new Date(time).toISOString() }
}

/** Refuses a moment that has not come, as a position is that the register has not come to. */
export function notYet(asOf: string, now: Date): Refusal {
  const detail = `${asOf} 晚于现在（${shanghaiTime(now)}），登记簿还没有到那时；请改用不晚于今天的日期。`
  return new Refusal('feed-ahead', detail, [{ pointer: '/asOf', code: 'future-date', detail }])
}

/** Withdrawn while it was read elsewhere. */
function refusedAsGone(): never {
  throw gone()
}
