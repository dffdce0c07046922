import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Actor } from '../authority/acting.ts'
import { endOfDate, isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { fileByCode } from '../dossier/codes.ts'
import type { Difference } from '../dossier/differences.ts'
import { type Dossier, fold } from '../dossier/dossier.ts'
import {
  type OfficerFile,
  officerFile,
  type PublicDecision,
  type PublicFile,
  publicDecision,
  publicFileOf,
} from '../dossier/face.ts'
import type { Moment } from '../dossier/past.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { revisionSeen, type Seen } from '../dossier/seen.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import { type Face, type Faces, gone } from '../views/faces.ts'
import type { ChangedFile, Views } from '../views/views.ts'
import type { Pasts, Story, StoryAsked } from './pasts.ts'
import { aboutOf, seenIn } from './sight.ts'

interface Parts {
  register: Register
  views: Views
  pasts: Pasts
  catalogue: Catalogue
  faces: Faces
  /** Ids of the proposals of a file that somebody may not see. */
  unseenIn(dossier: Dossier, actor: Actor): ReadonlySet<string>
  now(): Date
}

/** Reading of files: the public's, the officers', and the past of both. */
export class Files {
  readonly #parts: Parts
  readonly #faces: Faces

  constructor(parts: Parts) {
    this.#parts = parts
    this.#faces = parts.faces
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

  /** What the public sees under a key; as `Faces.face`. */
  face(key: string): Face | undefined {
    return this.#faces.face(key)
  }

  /** The same as data; as `Faces.file`. */
  shown(key: string): { etag: string; file: PublicFile } | undefined {
    return this.#faces.file(key)
  }

  /** What the public sees of the file of a typed code, as it is kept for them; refuses as `byCode` does. */
  shownBy(code: string): PublicFile {
    const { views } = this.#parts
    // A withdrawn file shows nothing, and still bears its codes.
    const found = fileByCode(code, (key) => views.shown(key)?.file ?? views.dossier(key))
    const shown = 'orgCode' in found ? this.shown(found.orgCode) : undefined
    if (!shown) throw gone()
    return shown.file
  }

  /** Key of the file that a code means; refuses as `byCode` does. */
  keyOf(code: string): string {
    return this.#parts.views.has(code) ? code : this.shownBy(code).orgCode
  }

  /** The open files whose public face last changed between two positions, both included, and when. */
  changedBetween(first: number, last: number): ChangedFile[] {
    return this.#parts.views.changedBetween(first, last)
  }

  /** The decision of a penalty with its summary, as anyone may read it; refuses with `unknown` where there is none. */
  decision(code: string, id: string): { dossier: Dossier; decision: PublicDecision } {
    const { catalogue, now } = this.#parts
    const dossier = this.byCode(code)
    const decision = publicDecision(dossier, id, shanghaiDate(now()), catalogue)
    if (!decision) throw new Refusal('unknown', '没有公示的处罚决定书；请核对地址，或者已停止公示。')
    return { dossier, decision }
  }

  /** The file as an officer may see it. */
  officerFile(dossier: Dossier, actor: Actor): OfficerFile {
    const { catalogue, now } = this.#parts
    return officerFile(dossier, shanghaiDate(now()), catalogue, this.seen(dossier, actor))
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
    for await (const entry of entriesOf(this.#parts.register, dossier.key, from)) {
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
  story(dossier: Dossier, actor: Actor, asked: Omit<StoryAsked, 'hidden'>): Promise<Story> {
    const hidden = Array.from(this.seen(dossier, actor).hidden)
    return this.#parts.pasts.story(dossier.key, { ...asked, hidden })
  }

  /** What differs in a file between two positions. */
  differences({ key }: Dossier, between: { from: number; to: number }): Promise<Difference[]> {
    return this.#parts.pasts.differences(key, between)
  }

  /** Entries of a file, in order; others have their turn while a long one is read. */
  async history({ key }: Dossier): Promise<Entry[]> {
    const all: Entry[] = []
    for await (const entry of entriesOf(this.#parts.register, key, 0)) all.push(entry)
    return all
  }

  /** A file as the public may see it at a past moment, as text; refuses with `unknown` for one before it was opened. */
  async publicPast({ orgCode, history }: PublicFile, moment: Moment): Promise<string> {
    const past = await this.#parts.pasts.publicPast(orgCode, moment)
    if (past === undefined) throw notYet(history[0]?.at)
    return past
  }

  /** The same as data, for a page. */
  async shownPast(file: PublicFile, moment: Moment): Promise<PublicFile> {
    return publicFileOf(await this.publicPast(file, moment), this.#parts.catalogue)
  }

  /** The file as an officer may see it then, as text. */
  async officerPast(dossier: Dossier, moment: Moment, actor: Actor): Promise<string> {
    const unseen = Array.from(this.#parts.unseenIn(dossier, actor))
    const past = await this.#parts.pasts.officerPast(dossier.key, moment, actor, unseen)
    if (past === undefined) throw notYet(dossier.openedAt)
    return past
  }
}

/** An entry as an officer is given it. */
export type OfficerEntry = Omit<Entry, 'digest' | 'chain'> & Partial<Pick<Entry, 'digest' | 'chain'>>

/** So many entries are read in one turn. */
const ENTRIES_A_TURN = 250

/** Entries of a file after a revision, in order, read in turns. */
async function* entriesOf(register: Register, key: string, revision: number): AsyncGenerator<Entry> {
  let after = { subject: key, revision }
  for (;;) {
    const chunk = await register.bySubject(after, ENTRIES_A_TURN)
    for (const entry of chunk) {
      if (entry.subject !== key) return
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
    if (asOf > shanghaiDate(now)) throw future(asOf, now)
    return { time: endOfDate(asOf) }
  }
  const time = isTime && isCalendarDate(asOf.slice(0, 10)) ? Date.parse(asOf) : Number.NaN
  if (Number.isNaN(time))
    throw invalid(
      '/asOf',
      'date',
      `“${asOf.slice(0, 40)}”不是日期或时间；请写成 2026-03-02 或 2026-03-02T10:21:00+08:00。`,
    )
  if (time > now.getTime()) throw future(asOf, now)
  return { time: new Date(time).toISOString() }
}

function future(asOf: string, now: Date): Refusal {
  return invalid('/asOf', 'future-date', `${asOf} 晚于今天（${shanghaiDate(now)}），无法查看将来的档案。`)
}

function notYet(openedAt = ''): Refusal {
  return new Refusal(
    'unknown',
    `该企业的质量信用档案于 ${shanghaiDate(new Date(openedAt))} 建立，此前没有记录。`,
  )
}
