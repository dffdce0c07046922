import { type Actor, secondHindrance } from '../authority/acting.ts'
import { isSame } from '../authority/authorities.ts'
import {
  type Bulletin,
  type BulletinSeries,
  bulletinSubject,
  nextNumber,
  seriesOf,
} from '../blacklist/bulletin.ts'
import { mustBeImpersonal } from '../blacklist/procedure.ts'
import { isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Request } from './acts.ts'
import type { ListedEnterprise } from './listings.ts'
import { whoActs } from './who-acts.ts'

interface Parts {
  views: Views
  writer: Writer
  now(): Date
}

/** A bulletin as it reads now. */
export interface ShownBulletin {
  id: string
  authority: string
  status: Bulletin['status']
  year?: number
  no?: number
  from: string
  to: string
  issuedAt?: string
  listed: ListedEnterprise[]
  /** Listings of the bulletin that have ended since and are not shown any more. */
  ended: number
  removed: Record<string, number>
  corrections: Bulletin['corrections']
  correctedBy: string[]
  previous: string | null
  next: string | null
}

/** A draft as officers of its authority see it: the public never learns who wrote it. */
export interface DraftBulletin extends ShownBulletin {
  /** Key or account of whoever drafted it. */
  by: string
  draftedBy: string
  returned?: { reason: string }
}

/** Bulletins: drafted, approved by another, issued under the next number of the year. */
export class Bulletins {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Issued bulletins of all authorities, the latest first. */
  issued(): ShownBulletin[] {
    return this.#parts.views
      .allBulletins()
      .flatMap((series) =>
        series.bulletins.filter(({ status }) => status === 'issued').map((own) => this.#shown(series, own)),
      )
      .sort((a, b) => ((a.issuedAt ?? '') < (b.issuedAt ?? '') ? 1 : -1))
  }

  /** Drafts of an authority that are not issued yet, the latest first. */
  drafts(actor: Actor): DraftBulletin[] {
    const series = this.#parts.views.bulletins(seriesOf(this.#series(actor).authority))
    return (series?.bulletins ?? [])
      .filter(({ status }) => status === 'draft')
      .flatMap((own): DraftBulletin[] => {
        if (!series) return []
        const { by, author, returned } = own
        const draftedBy = `${author.authority} ${author.officer}`
        return [{ ...this.#shown(series, own), by, draftedBy, ...(returned && { returned }) }]
      })
      .reverse()
  }

  /** Drafts that wait for somebody: others' to approve, their own that came back. */
  tasksFor(actor: Actor, mayApprove: boolean): { what: string; about: string; to: string }[] {
    const { id } = actor
    const drafts = this.drafts(actor)
    const about = ({ from, to, returned }: DraftBulletin) =>
      `${from} 至 ${to}${returned ? `：${returned.reason}` : ''}`
    return [
      ...drafts
        .filter(({ by, returned }) => mayApprove && by !== id && !returned)
        .map((own) => ({ what: '批准公告', about: about(own), to: `/desk/bulletins/${own.id}` })),
      ...drafts
        .filter(({ by, returned }) => by === id && returned)
        .map((own) => ({ what: '公告被退回', about: about(own), to: `/desk/bulletins/${own.id}` })),
    ]
  }

  /** Sends a draft back to its author with the reason, or takes it out of the way. */
  async sendBack(id: string, how: 'returned' | 'discarded', reason: string, request: Request): Promise<void> {
    const { series, own } = this.#draft(id, request)
    if (how === 'returned') {
      if (own.by === idOf(request.actor)) throw new Refusal('forbidden', '自己起草的公告不能退回，可以作废。')
      if (own.returned) throw new Refusal('exists', '这一期公告已经退回。')
      if (reason.trim() === '') throw invalid('/reason', 'required', '请写明原因。')
      if (reason.length > 500) throw invalid('/reason', 'too-big', '最多 500 字。')
    }
    await this.#append(series.id, `bulletin.${how}`, { n: own.n, reason }, series.revision, request)
  }

  #draft(id: string, { actor }: Request): { series: BulletinSeries; own: Bulletin } {
    const series = this.#parts.views.bulletins(id.split('.')[0] ?? '')
    const own = series?.bulletins.find((known) => known.id === id)
    if (!series || !own) throw new Refusal('unknown', '没有这一期公告；请核对编号。')
    if (own.status !== 'draft')
      throw new Refusal('exists', own.status === 'issued' ? '这一期公告已经发布。' : '这一期公告已经作废。')
    if (!this.#isOwn(series.authority, actor))
      throw new Refusal('forbidden', `只有${series.authority}可以办理这一期公告。`)
    return { series, own }
  }

  /** A bulletin; a draft only for officers. */
  one(id: string, officer: boolean): ShownBulletin {
    const series = this.#parts.views.bulletins(id.split('.')[0] ?? '')
    const own = series?.bulletins.find((known) => known.id === id)
    if (!series || !own || (own.status !== 'issued' && !officer))
      throw new Refusal('unknown', '没有这一期公告；请核对地址。')
    return this.#shown(series, own)
  }

  /** Drafts a bulletin over a period; what it holds is fixed when it is issued. */
  async draft(
    asked: { from: string; to: string; corrections: Bulletin['corrections'] },
    request: Request,
  ): Promise<ShownBulletin> {
    const { authority } = this.#series(request.actor)
    for (const [name, day] of [
      ['from', asked.from],
      ['to', asked.to],
    ] as const)
      if (!isCalendarDate(day))
        throw invalid(`/${name}`, 'date', `“${day.slice(0, 40)}”不是日期；请写成 2026-03-02。`)
    if (asked.from > asked.to) throw invalid('/to', 'before-start', '期间的结束早于开始。')
    if (asked.to > this.#today()) throw invalid('/to', 'future-date', `期间的结束 ${asked.to} 晚于今天。`)
    for (const [i, { bulletin }] of asked.corrections.entries())
      if (!this.#isOwn(this.one(bulletin, false).authority, request.actor))
        throw invalid(`/corrections/${i}/bulletin`, 'forbidden', '只能更正本机关发布的公告。')
    mustBeImpersonal(
      asked.corrections.map(({ text }, i) => ({ field: `corrections/${i}/text`, label: '更正', text })),
    )
    const series = seriesOf(authority)
    const before = this.#parts.views.bulletins(series)
    const payload = { authority, ...asked, by: idOf(request.actor) }
    await this.#append(series, 'bulletin.drafted', payload, before?.revision ?? 0, request)
    const after = this.#parts.views.bulletins(series)
    const own = after?.bulletins.at(-1)
    if (!after || !own) throw new Error('a bulletin was not drafted')
    return this.#shown(after, own)
  }

  /** Approves a draft by somebody else than its author and issues it under the next number of the year. */
  async issue(id: string, request: Request): Promise<ShownBulletin> {
    const { views } = this.#parts
    const { series, own } = this.#draft(id, request)
    const { actor } = request
    const who = whoActs(views, actor)
    const why = secondHindrance(who.doer({ ...own.author, account: own.by }), who.actor)
    if (why !== undefined) throw new Refusal('forbidden', `起草与批准${why}`)
    if (own.returned) throw new Refusal('exists', '这一期公告已经退回，请由起草人另行起草。')
    const year = Number(this.#today().slice(0, 4))
    const { listed, removed } = views.listedBetween(series.authority, own.from, own.to)
    const payload = { n: own.n, year, no: nextNumber(series, year), listed, removed, by: idOf(actor) }
    await this.#append(series.id, 'bulletin.issued', payload, series.revision, request)
    return this.one(id, true)
  }

  /** The series of whoever acts: the one that their authority has begun under any of its names. */
  #series(actor: Actor): { authority: string } {
    const { views } = this.#parts
    const begun = views.allBulletins().find(({ authority }) => this.#isOwn(authority, actor))
    return begun ?? { authority: whoActs(views, actor).actor.authority }
  }

  #isOwn(authority: string, actor: Actor): boolean {
    const { authorities, actor: acting } = whoActs(this.#parts.views, actor)
    return isSame(authorities.bodyOf({ authority }), acting.body)
  }

  #shown(series: BulletinSeries, own: Bulletin): ShownBulletin {
    const { views } = this.#parts
    const today = this.#today()
    const ids = own.issued?.listed ?? views.listedBetween(series.authority, own.from, own.to).listed
    const listed = ids.flatMap((id): ListedEnterprise[] => {
      const stored = views.listing(id, today)
      return stored ? [JSON.parse(stored.json)] : []
    })
    const issued = series.bulletins.filter(({ status }) => status === 'issued')
    const place = issued.findIndex(({ id }) => id === own.id)
    return {
      id: own.id,
      authority: series.authority,
      status: own.status,
      ...(own.issued && { year: own.issued.year, no: own.issued.no, issuedAt: own.issued.at }),
      from: own.from,
      to: own.to,
      listed,
      ended: ids.length - listed.length,
      removed: own.issued?.removed ?? views.listedBetween(series.authority, own.from, own.to).removed,
      corrections: own.corrections,
      correctedBy: issued
        .filter(({ corrections }) => corrections.some(({ bulletin }) => bulletin === own.id))
        .map(({ id }) => id),
      previous: place > 0 ? (issued[place - 1]?.id ?? null) : null,
      next: place >= 0 ? (issued[place + 1]?.id ?? null) : null,
    }
  }

  async #append(
    series: string,
    kind: string,
    payload: unknown,
    revision: number,
    request: Request,
  ): Promise<void> {
    const { actor, command, fingerprint } = request
    const subject = bulletinSubject(series)
    const author = { authority: actor.authority, officer: actor.officer }
    await this.#parts.writer.append({
      drafts: [
        { subject, kind, payload, visibility: kind === 'bulletin.issued' ? 'public' : 'internal', author },
      ],
      expect: new Map([[subject, revision]]),
      command,
      ...(fingerprint !== undefined && { fingerprint }),
    })
  }

  #today(): string {
    return shanghaiDate(this.#parts.now())
  }
}
