import type { Actor } from '../authority/acting.ts'
import {
  type Bulletin,
  type BulletinSeries,
  bulletinTitle,
  issuedIn,
  seriesFor,
} from '../blacklist/bulletin.ts'
import { type BulletinEvery, bulletinsDue, type PeriodDue } from '../blacklist/bulletin-schedule.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Views } from '../views/views.ts'
import type { ListedEnterprise } from './listings.ts'
import { personWords } from './person-words.ts'
import { whoActs } from './who-acts.ts'

interface Parts {
  views: Views
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
  /** Each with the title of the bulletin that it mends. */
  corrections: (Bulletin['corrections'][number] & { title: string })[]
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
  /** What looks like personal data in the corrections and is none. */
  notPersonal?: string
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
      .sort((a, b) => order(b, a))
  }

  /** Drafts of an authority that are not issued yet, the latest first. */
  drafts(actor: Actor): DraftBulletin[] {
    const person = personWords(this.#parts.views)
    return this.#series(actor)
      .theirs.flatMap((series) =>
        series.bulletins
          .filter(({ status }) => status === 'draft')
          .map((own): DraftBulletin => {
            const { by, author, returned, notPersonal: said } = own
            return {
              ...this.#shown(series, own),
              by,
              draftedBy: `${author.authority} ${person(author.officer, by)}`,
              ...(returned && { returned }),
              ...(said && { notPersonal: Object.values(said).join('；') }),
            }
          }),
      )
      .reverse()
  }

  /** Periods that somebody's authority has still to tell the public of, by how often it does. */
  due(actor: Actor, every: BulletinEvery): PeriodDue[] {
    const { views } = this.#parts
    const { authority } = whoActs(views, actor).actor
    const { own, theirs } = this.#series(actor)
    // Whoever has told of nothing yet goes on from what those told that it took over.
    const told = issuedIn(own ? [own] : theirs)
    const began = [views.firstListingOn(authority), ...told.map(({ from }) => from)]
      .flatMap((day) => day ?? [])
      .sort()[0]
    return bulletinsDue(every, told, began, this.#today(), (from, to) => {
      const { listed, removed } = views.listedBetween(authority, from, to)
      return listed.length > 0 || Object.keys(removed).length > 0
    })
  }

  /** Somebody's own drafts that came back to be mended. */
  returnedTo(actor: Actor): DraftBulletin[] {
    return this.drafts(actor).filter(({ by, returned }) => by === actor.id && returned)
  }

  /** A bulletin; a draft only for officers. */
  one(id: string, officer: boolean): ShownBulletin {
    const series = this.#parts.views.bulletins(id.split('.')[0] ?? '')
    const own = series?.bulletins.find((known) => known.id === id)
    if (!series || !own || (own.status !== 'issued' && !officer))
      throw new Refusal('unknown', '没有这一期公告；请核对地址。')
    return this.#shown(series, own)
  }

  #series(actor: Actor): ReturnType<typeof seriesFor> {
    const { views } = this.#parts
    const { authorities, actor: acting } = whoActs(views, actor)
    return seriesFor(acting.body, views.allBulletins(), authorities)
  }

  #shown(series: BulletinSeries, own: Bulletin): ShownBulletin {
    const { views } = this.#parts
    const today = this.#today()
    const ids = own.issued?.listed ?? views.listedBetween(series.authority, own.from, own.to).listed
    const listed = ids.flatMap((id): ListedEnterprise[] => {
      const stored = views.listing(id, today)
      return stored ? [JSON.parse(stored.json)] : []
    })
    const issued = issuedIn([series])
    // Those of an authority that was merged into another are mended by that one.
    const all = issuedIn(views.allBulletins())
    const place = issued.findIndex(({ id }) => id === own.id)
    return {
      id: own.id,
      authority: own.authority,
      status: own.status,
      ...(own.issued && { year: own.issued.year, no: own.issued.no, issuedAt: own.issued.at }),
      from: own.from,
      to: own.to,
      listed,
      ended: ids.length - listed.length,
      removed: own.issued?.removed ?? views.listedBetween(series.authority, own.from, own.to).removed,
      corrections: own.corrections.map((correction) => {
        const earlier = all.find(({ id }) => id === correction.bulletin)
        const { authority } = earlier ?? own
        return { ...correction, title: bulletinTitle({ authority, ...earlier?.issued }) }
      }),
      correctedBy: all
        .filter(({ corrections }) => corrections.some(({ bulletin }) => bulletin === own.id))
        .map(({ id }) => id),
      previous: place > 0 ? (issued[place - 1]?.id ?? null) : null,
      next: place >= 0 ? (issued[place + 1]?.id ?? null) : null,
    }
  }

  #today(): string {
    return shanghaiDate(this.#parts.now())
  }
}

/** Issued bulletins in the order in which they were issued: those of one moment by authority and number. */
function order(a: ShownBulletin, b: ShownBulletin): number {
  const [one, other] = [a, b].map(({ issuedAt = '', authority, no = 0 }) => ({ issuedAt, authority, no }))
  if (!one || !other) return 0
  if (one.issuedAt !== other.issuedAt) return one.issuedAt < other.issuedAt ? -1 : 1
  return one.authority === other.authority ? one.no - other.no : one.authority < other.authority ? -1 : 1
}
