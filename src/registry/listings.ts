import {
  type Bulletin,
  type BulletinSeries,
  bulletinSubject,
  nextNumber,
  seriesOf,
} from '../blacklist/bulletin.ts'
import type { Deadline } from '../blacklist/deadlines.ts'
import { type EarlyEndStep, earlyEnd } from '../blacklist/early-end.ts'
import { fileObjection, type NewObjection, settleObjection } from '../blacklist/objections.ts'
import {
  caseOf,
  idOf,
  type OpenStep,
  openSteps,
  type Proposal,
  propose,
  type Step,
  takeStep,
} from '../blacklist/procedure.ts'
import { meetsGround, ruleSets } from '../blacklist/rule-set.ts'
import { addMonths, isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { coveredYears } from '../calendar/workdays.ts'
import { regionPrefix } from '../codes/regions.ts'
import { type Case, isInForce, isOnItsWay } from '../dossier/case.ts'
import { type Dossier, ratingInForce } from '../dossier/dossier.ts'
import type { PublicListing } from '../dossier/face.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Register } from '../register/register.ts'
import { Conflict } from '../register/register.ts'
import type { ListingFilters, ListingPlace, StoredListing, Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Acts, Outcome, Request } from './acts.ts'
import { fileByCode } from './codes.ts'

interface Parts {
  register: Register
  views: Views
  writer: Writer
  acts: Acts
  now(): Date
}

/** A listing as the list shows it. */
export interface ListedEnterprise extends PublicListing {
  orgCode: string
  uscc: string | null
  name: string
  region: string
}

/** A penalty that meets a ground and carries no case. */
export interface CandidateForListing {
  orgCode: string
  name: string
  region: string
  penalty: string
  documentNo: string
  decidedOn: string
  grounds: { ruleSet: string; ground: string; name: string }[]
}

export interface Honoured {
  orgCode: string
  name: string
  region: string
  grade: string
  awards: { kind: string; level: string; title?: string; grantedOn: string }[]
}

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

/** A page of the list, and where the next begins. */
export interface ListPage {
  items: StoredListing[]
  next: StoredListing | undefined
}

const FILES_A_STEP = 200
const MOST_FILES = 5000
const HONOUR_MONTHS = 24

/** The blacklist: cases and their steps, the public list, objections, clocks, bulletins, honours. */
export class Listings {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async propose(code: string, proposal: Proposal, request: Request): Promise<Outcome & { caseId: string }> {
    let caseId = ''
    const outcome = await this.#parts.acts.act(request, (at) => {
      const decision = propose(standingFile(code, at.file), proposal, at)
      caseId = decision.caseId
      return [decision]
    })
    const last = outcome.repeated ? outcome.dossier.cases.at(-1)?.id : caseId
    return { ...outcome, caseId: last ?? caseId }
  }

  async step(id: string, step: Step, request: Request): Promise<Case> {
    const key = this.#keyOf(id)
    const { dossier } = await this.#parts.acts.act(request, (at) => [
      takeStep(standingFile(key, at.file), id, step, at),
    ])
    const own = caseOf(dossier, id)
    await this.eraseEnded(key)
    return own
  }

  /** A case with the steps that are open now. */
  case(id: string): { key: string; dossier: Dossier; own: Case; open: OpenStep[] } {
    const key = this.#keyOf(id)
    const dossier = this.#parts.views.dossier(key)
    if (!dossier) throw unknownCase()
    const own = caseOf(dossier, id)
    return { key, dossier, own, open: openSteps(own, this.#today()) }
  }

  cases(status: string | undefined, region: string | undefined, after: string, limit: number) {
    const prefix = region === undefined ? '' : regionPrefix(region)
    const found = this.#parts.views.cases(status, prefix, after, limit)
    return {
      items: found.map(({ id }) => this.case(id)),
      next: found.length === limit ? (found.at(-1)?.id ?? null) : null,
    }
  }

  /** Penalties that meet a ground and have no case yet: for an officer to look at, never listed by machine. */
  async candidates(region: string | undefined, from: string, limit: number) {
    const { views } = this.#parts
    const today = this.#today()
    const items: CandidateForListing[] = []
    let after = from
    for (let seen = 0; seen < MOST_FILES && items.length < limit; ) {
      const keys = views.keysWith(
        'penalty',
        region === undefined ? '' : regionPrefix(region),
        after,
        FILES_A_STEP,
      )
      if (keys.length === 0) return { items, next: null }
      for (const key of keys) {
        after = key
        seen += 1
        const dossier = views.dossier(key)
        if (dossier) items.push(...candidatesOf(dossier, today))
        if (items.length >= limit) break
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { items, next: after }
  }

  /** The list on a day: listings in force then that still stand. */
  list(filters: Omit<ListingFilters, 'today'>, after: ListingPlace | undefined, limit: number): ListPage {
    const { views } = this.#parts
    const today = this.#today()
    const found = views.listings({ ...filters, today }, after, limit + 1)
    const items = found.slice(0, limit)
    return { items, next: found.length > limit ? items.at(-1) : undefined }
  }

  /** The public part of a listing; refuses with `gone` once it has ended. */
  listing(id: string): ListedEnterprise {
    const { views } = this.#parts
    const stored = views.listing(id, this.#today())
    if (stored) return JSON.parse(stored.json)
    if (views.fileOfCase(id) === undefined) throw new Refusal('unknown', '名单上没有这一项；请核对地址。')
    throw new Refusal('gone', '这一内容不再提供。')
  }

  async object(
    code: string,
    objection: NewObjection,
    request: Request,
  ): Promise<{ key: string; id: string }> {
    let id = ''
    const { dossier, repeated } = await this.#parts.acts.act(request, (at) => {
      const decision = fileObjection(standingFile(code, at.file), objection, at)
      id = decision.objectionId
      return [decision]
    })
    return { key: dossier.key, id: repeated ? (dossier.objections.at(-1)?.id ?? id) : id }
  }

  async settle(code: string, id: string, settlement: { upheld: boolean; outcome: string }, request: Request) {
    const { dossier } = await this.#parts.acts.act(request, (at) => [
      settleObjection(standingFile(code, at.file), id, settlement, at),
    ])
    await this.eraseEnded(dossier.key)
    return dossier
  }

  async earlyEnd(code: string, record: string, step: EarlyEndStep, request: Request): Promise<Dossier> {
    const { dossier } = await this.#parts.acts.act(request, (at) => [
      earlyEnd(standingFile(code, at.file), record, step, at),
    ])
    return dossier
  }

  deadlines(
    filters: { dueBy: string; region?: string | undefined; authority?: string | undefined; late: boolean },
    after: number,
    limit: number,
  ) {
    const region = filters.region === undefined ? undefined : regionPrefix(filters.region)
    const found = this.#parts.views.deadlines({ ...filters, region }, after, limit)
    const today = this.#today()
    return {
      items: found.map(({ key, name, region: place, json }) => {
        const deadline: Deadline = JSON.parse(json)
        return {
          orgCode: key,
          name,
          region: place,
          ...deadline,
          overdue: (deadline.doneOn ?? today) > deadline.dueOn,
        }
      }),
      next: found.length === limit ? after + limit : null,
      warnings: calendarWarnings(today),
    }
  }

  /** Award holders with grade A and nothing adverse in the last 24 months (守信激励). */
  async honours(
    region: string | undefined,
    from: string,
    limit: number,
  ): Promise<{ items: Honoured[]; next: string | null }> {
    const { views } = this.#parts
    const today = this.#today()
    const items: Honoured[] = []
    let after = from
    for (let seen = 0; seen < MOST_FILES; ) {
      const keys = views.keysWith(
        'award',
        region === undefined ? '' : regionPrefix(region),
        after,
        FILES_A_STEP,
      )
      if (keys.length === 0) return { items, next: null }
      for (const key of keys) {
        after = key
        seen += 1
        const dossier = views.dossier(key)
        const honoured = dossier && honouredOn(dossier, today)
        if (honoured) items.push(honoured)
        if (items.length >= limit) return { items, next: after }
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { items, next: after }
  }

  /** Issued bulletins of all authorities, the latest first. */
  bulletins(): ShownBulletin[] {
    return this.#parts.views
      .allBulletins()
      .flatMap((series) =>
        series.bulletins.filter(({ status }) => status === 'issued').map((own) => this.#shown(series, own)),
      )
      .sort((a, b) => ((a.issuedAt ?? '') < (b.issuedAt ?? '') ? 1 : -1))
  }

  /** A bulletin; a draft only for officers. */
  bulletin(id: string, officer: boolean): ShownBulletin {
    const series = this.#parts.views.bulletins(id.split('.')[0] ?? '')
    const own = series?.bulletins.find((known) => known.id === id)
    if (!series || !own || (own.status !== 'issued' && !officer))
      throw new Refusal('unknown', '没有这一期公告；请核对地址。')
    return this.#shown(series, own)
  }

  /** Drafts a bulletin over a period; what it holds is fixed when it is issued. */
  async draftBulletin(
    asked: { from: string; to: string; corrections: Bulletin['corrections'] },
    request: Request,
  ): Promise<ShownBulletin> {
    const { authority } = request.actor
    for (const [name, day] of [
      ['from', asked.from],
      ['to', asked.to],
    ] as const)
      if (!isCalendarDate(day))
        throw invalid(`/${name}`, 'date', `“${day.slice(0, 40)}”不是日期；请写成 2026-03-02。`)
    if (asked.from > asked.to) throw invalid('/to', 'before-start', '期间的结束早于开始。')
    if (asked.to > this.#today()) throw invalid('/to', 'future-date', `期间的结束 ${asked.to} 晚于今天。`)
    for (const [i, { bulletin }] of asked.corrections.entries())
      if (this.bulletin(bulletin, false).authority !== authority)
        throw invalid(`/corrections/${i}/bulletin`, 'forbidden', '只能更正本机关发布的公告。')
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
  async issueBulletin(id: string, request: Request): Promise<ShownBulletin> {
    const { views } = this.#parts
    const series = views.bulletins(id.split('.')[0] ?? '')
    const own = series?.bulletins.find((known) => known.id === id)
    if (!series || !own) throw new Refusal('unknown', '没有这一期公告；请核对编号。')
    if (own.status !== 'draft') throw new Refusal('exists', '这一期公告已经发布。')
    const { actor } = request
    if (actor.authority !== series.authority)
      throw new Refusal('forbidden', `只有${series.authority}可以发布这一期公告。`)
    if (own.by === idOf(actor) || own.author.officer === actor.officer)
      throw new Refusal('forbidden', '起草与批准须由两人分别进行，请由另一人批准。')
    const year = Number(this.#today().slice(0, 4))
    const { listed, removed } = views.listedBetween(series.authority, own.from, own.to)
    const payload = { n: own.n, year, no: nextNumber(series, year), listed, removed, by: idOf(actor) }
    await this.#append(series.id, 'bulletin.issued', payload, series.revision, request)
    return this.bulletin(id, true)
  }

  /**
   * Erases the texts of cases that ended as their rules say (a wrong or annulled listing); entries and digests stay.
   * Safe to run again.
   */
  async eraseEnded(key: string): Promise<void> {
    const { register, views, writer } = this.#parts
    const dossier = views.dossier(key)
    const ended = (dossier?.cases ?? []).filter(({ proposed, removed }) => {
      const rules = ruleSets.find(
        ({ id, version }) => id === proposed.ruleSet.id && version === proposed.ruleSet.version,
      )
      return removed !== undefined && rules?.eraseOn.includes(removed.cause)
    })
    if (!dossier || ended.length === 0) return
    const ids = new Set(ended.map(({ id }) => id))
    const positions = (await register.history(key))
      .filter(
        ({ kind, payload }) =>
          kind.startsWith('listing.') && (payload === null || ids.has(caseIn(payload) ?? '')),
      )
      .map(({ seq }) => seq)
    await writer.erase(positions)
    const payload = { positions, reason: '列入被撤销，相关内容依法删除' }
    const author = { authority: '质量信用档案系统', officer: '依法删除' }
    try {
      await writer.append({
        drafts: [{ subject: key, kind: 'payload.erased', payload, visibility: 'platform', author }],
        expect: new Map([[key, dossier.revision]]),
        command: `erase/${key}/${dossier.revision}`,
      })
    } catch (error) {
      // Somebody changed the file meanwhile; the daily job comes back to it.
      if (!(error instanceof Conflict)) throw error
    }
  }

  /** Erases what a stop or another act left to be erased. */
  async eraseAllEnded(): Promise<void> {
    for (const cause of ['removed/revoked', 'removed/annulled'])
      for (let after = ''; ; ) {
        const page = this.#parts.views.cases(cause, '', after, FILES_A_STEP)
        const last = page.at(-1)
        if (!last) break
        after = last.id
        for (const { key } of page) await this.eraseEnded(key)
      }
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

  #keyOf(id: string): string {
    const key = this.#parts.views.fileOfCase(id)
    if (key === undefined) throw unknownCase()
    return key
  }

  #today(): string {
    return shanghaiDate(this.#parts.now())
  }
}

function candidatesOf(dossier: Dossier, today: string): CandidateForListing[] {
  const taken = new Set(
    dossier.cases
      .filter((own) => isOnItsWay(own) || own.status !== 'dropped')
      .flatMap(({ proposed }) => proposed.penalties),
  )
  return dossier.records.flatMap((record): CandidateForListing[] => {
    if (taken.has(record.id)) return []
    const grounds = ruleSets.flatMap(({ id, grounds: all }) =>
      all
        .filter((ground) => meetsGround(record, ground, today))
        .map((ground) => ({ ruleSet: id, ground: ground.id, name: ground.name })),
    )
    if (grounds.length === 0) return []
    return [
      {
        orgCode: dossier.key,
        name: String(dossier.enterprise.name),
        region: typeof dossier.enterprise.region === 'string' ? dossier.enterprise.region : '',
        penalty: record.id,
        documentNo: String(record.data.documentNo),
        decidedOn: String(record.data.decidedOn),
        grounds,
      },
    ]
  })
}

function honouredOn(dossier: Dossier, today: string): Honoured | undefined {
  const grade = ratingInForce(dossier, 'four-grades')?.grade
  if (grade !== 'A' || dossier.cases.some((own) => isInForce(own, today))) return undefined
  const since = addMonths(today, -HONOUR_MONTHS)
  const records = dossier.records.filter(({ withdrawn }) => !withdrawn)
  const isAdverse = records.some(
    ({ type, data }) =>
      (type === 'penalty' && String(data.decidedOn) > since) ||
      (type === 'inspection' &&
        String(data.inspectedOn) > since &&
        ['不合格', '拒检'].includes(String(data.outcome))),
  )
  const awards = records
    .filter(
      ({ type, data }) =>
        type === 'award' && data.revokedOn === undefined && String(data.validTo ?? '9999') >= today,
    )
    .map(({ data }) => ({
      kind: String(data.kind),
      level: String(data.level),
      ...(typeof data.title === 'string' && { title: data.title }),
      grantedOn: String(data.grantedOn),
    }))
  if (isAdverse || awards.length === 0) return undefined
  return {
    orgCode: dossier.key,
    name: String(dossier.enterprise.name),
    region: typeof dossier.enterprise.region === 'string' ? dossier.enterprise.region : '',
    grade,
    awards,
  }
}

/** Warns of years that clocks run into and whose holiday notice the calendar does not have. */
function calendarWarnings(today: string): string[] {
  const year = Number(today.slice(0, 4))
  return [year, year + 1]
    .filter((known) => !coveredYears.has(known))
    .map(
      (unknown) => `日历中没有 ${unknown} 年的放假通知，跨入该年的工作日期限为估计，请在通知发布后更新系统。`,
    )
}

function standingFile(code: string, file: (key: string) => Dossier | undefined): Dossier {
  const dossier = fileByCode(code, file)
  if (dossier.withdrawn) throw new Refusal('gone', `档案 ${dossier.key} 已撤回。`)
  return dossier
}

function caseIn(payload: unknown): string | undefined {
  return typeof payload === 'object' &&
    payload !== null &&
    'case' in payload &&
    typeof payload.case === 'string'
    ? payload.case
    : undefined
}

function unknownCase(): Refusal {
  return new Refusal('unknown', '没有这一案件；请核对编号。')
}
