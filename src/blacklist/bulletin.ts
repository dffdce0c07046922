import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Authorities, type Body, isSame } from '../authority/authorities.ts'
import { type Maker, makerOf } from '../authority/maker.ts'
import type { Entry } from '../register/entry.ts'

const drafted = z.object({
  authority: z.string(),
  from: z.string(),
  to: z.string(),
  /** Notices that mend an earlier bulletin, which links back to this one. */
  corrections: z.array(z.object({ bulletin: z.string(), text: z.string() })),
  /** What looks like personal data in the notices and is none, for whoever approves. */
  notPersonal: z.record(z.string(), z.string()).optional(),
  by: z.string(),
})
const issued = z.object({
  n: z.number(),
  year: z.number(),
  no: z.number(),
  /** Cases published in the period, by id: what is shown of them is what stands when somebody looks. */
  listed: z.array(z.string()),
  removed: z.record(z.string(), z.number()),
  by: z.string(),
})

const sentBack = z.object({ n: z.number(), reason: z.string() })

/** A numbered bulletin (公告，第 N 期) of an authority: what was listed and removed in a period. */
export interface Bulletin extends z.output<typeof drafted> {
  /** Series and place in it. */
  id: string
  n: number
  status: 'draft' | 'issued' | 'discarded'
  draftedAt: string
  /** Position of the entry that drafted it. */
  position: number
  author: Maker
  /** Why it was sent back to its author, who may mend it by drafting another. */
  returned?: { reason: string; at: string; author: Maker }
  discarded?: { at: string; author: Maker }
  issued?: z.output<typeof issued> & { at: string; author: Maker }
}

/** All bulletins of an authority; one subject, so that numbers are given once. */
export interface BulletinSeries {
  id: string
  authority: string
  revision: number
  bulletins: Bulletin[]
}

/**
 * The series whose bulletins are an authority's to mend: its own, begun under any of its names, and those of authorities that were merged
 * into it, which go on under nobody's name.
 */
export function seriesFor(
  body: Body,
  all: readonly BulletinSeries[],
  authorities: Authorities,
): { own: BulletinSeries | undefined; theirs: readonly BulletinSeries[] } {
  const theirs = all.filter(({ authority }) => isSame(authorities.bodyOf({ authority }), body))
  const own = theirs.find(({ authority }) => {
    const begun = authorities.named(authority)
    return begun === undefined || authorities.current(begun) === begun
  })
  return { own, theirs }
}

/** Bulletins of series that were issued. */
export function issuedIn(series: readonly BulletinSeries[]): Bulletin[] {
  return series.flatMap(({ bulletins }) => bulletins.filter(({ status }) => status === 'issued'))
}

/** Name of an authority's series in addresses. */
export function seriesOf(authority: string): string {
  return createHash('sha256').update(authority).digest('hex').slice(0, 8)
}

export function bulletinSubject(series: string): string {
  return `bulletins/${series}`
}

/** The series after one more entry. */
export function foldBulletins(before: BulletinSeries | undefined, entry: Entry): BulletinSeries | undefined {
  const { kind, payload, revision, recordedAt: at, seq: position } = entry
  const author = makerOf(entry)
  if (payload === null) return before && { ...before, revision }
  if (kind === 'bulletin.drafted') {
    const draft = drafted.parse(payload)
    const id = entry.subject.slice(bulletinSubject('').length)
    const series = before ?? { id, authority: draft.authority, revision, bulletins: [] }
    const n = series.bulletins.length + 1
    const bulletin: Bulletin = {
      ...{ ...draft, id: `${id}.${n}`, n, status: 'draft', draftedAt: at, position, author },
    }
    return { ...series, revision, bulletins: [...series.bulletins, bulletin] }
  }
  if (!before) return undefined
  if (kind === 'bulletin.issued') {
    const given = issued.parse(payload)
    return {
      ...before,
      revision,
      bulletins: before.bulletins.map((own) =>
        own.n === given.n ? { ...own, status: 'issued', issued: { ...given, at, author } } : own,
      ),
    }
  }
  if (kind === 'bulletin.returned' || kind === 'bulletin.discarded') {
    const { n, reason } = sentBack.parse(payload)
    return {
      ...before,
      revision,
      bulletins: before.bulletins.map((own): Bulletin => {
        if (own.n !== n) return own
        return kind === 'bulletin.returned'
          ? { ...own, returned: { reason, at, author } }
          : { ...own, status: 'discarded', discarded: { at, author } }
      }),
    }
  }
  return { ...before, revision }
}

/** The number that the next bulletin of a year gets. */
export function nextNumber({ bulletins }: BulletinSeries, year: number): number {
  return 1 + bulletins.filter((own) => own.issued?.year === year).length
}

/** Title of a bulletin: 某局质量失信黑名单公告（2026年第1期）. */
export function bulletinTitle({
  authority,
  year,
  no,
}: {
  authority: string
  year?: number
  no?: number
}): string {
  return year === undefined
    ? `${authority}质量失信黑名单公告（草稿）`
    : `${authority}质量失信黑名单公告（${year}年第${no}期）`
}
