import type { Actor } from '../authority/acting.ts'
import { type CandidateForListing, candidatesOf } from '../blacklist/candidates.ts'
import { type Honoured, honouredOn } from '../blacklist/honours.ts'
import { caseOf, openSteps } from '../blacklist/procedure.ts'
import type { OpenStep } from '../blacklist/step.ts'
import { endOfDate, shanghaiDate } from '../calendar/dates.ts'
import { coveredYears } from '../calendar/workdays.ts'
import { regionPrefix } from '../codes/regions.ts'
import { type Case, caseMadeBy } from '../dossier/case.ts'
import type { Deadline } from '../dossier/deadline.ts'
import { type Dossier, nameOf } from '../dossier/dossier.ts'
import type { PublicListing } from '../dossier/face.ts'
import { mendedPast } from '../dossier/past.ts'
import { Refusal } from '../dossier/refusal.ts'
import { award } from '../records/award.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { penalty } from '../records/penalty.ts'
import type { Register } from '../register/register.ts'
import type {
  DeadlineFilters,
  DeadlinePlace,
  ListingFilters,
  Owned,
  StoredListing,
  Views,
} from '../views/views.ts'
import type { Acts } from './acts.ts'
import { gather, type Page, pageOf } from './gather.ts'
import type { Place } from './places.ts'
import { PublicEntries } from './public-entries.ts'
import type { RuleSets } from './rule-sets.ts'
import { caseSight, recordsSeen, sightOf } from './sight.ts'
import { whoActs } from './who-acts.ts'

interface Parts {
  register: Register
  views: Views
  ruleSets: RuleSets
  acts: Pick<Acts, 'all'>
  catalogue: Catalogue
  now(): Date
}

/** A listing as the list shows it. */
export interface ListedEnterprise extends PublicListing {
  orgCode: string
  uscc: string | null
  name: string
  region: string
}

/** A listing that has left the list: nothing of what it said. Of what was erased neither why nor by whom. */
export interface EndedListing {
  id: string
  on: string
  cause?: NonNullable<Case['removed']>['cause'] | 'suspended'
  authority?: string
}

/** The day on which a listing left the list, and why; undefined for one that is there or never was. */
function leavingOf(own: Case): Omit<EndedListing, 'id'> | undefined {
  const { published, removed, suspended, status } = own
  const by = { authority: caseMadeBy(own).authority }
  if (!published) return undefined
  if (removed) return { on: removed.on, cause: removed.cause, ...by }
  return status === 'suspended' && suspended ? { on: suspended.on, cause: 'suspended', ...by } : undefined
}

/** A page of the list, and the position before which the next begins. */
export interface ListPage {
  items: StoredListing[]
  next: number | undefined
}

/** The blacklist: cases and their steps, the public list, objections, clocks, bulletins, honours. */
export class Listings {
  readonly #parts: Parts
  readonly #entries: PublicEntries

  constructor(parts: Parts) {
    this.#parts = parts
    this.#entries = new PublicEntries(parts)
  }

  /** A case with the steps that are open now. */
  case(id: string): { key: string; dossier: Dossier; own: Case; open: OpenStep[] } {
    const key = this.#keyOf(id)
    const dossier = this.#parts.views.onDay(key, this.#today())
    if (!dossier) throw unknownCase()
    const own = caseOf(dossier, id)
    return { key, dossier, own, open: openSteps(own, this.#today()) }
  }

  /** The same for somebody who looks at it; refuses whoever may not see it. */
  seenCase(id: string, actor: Actor): ReturnType<Listings['case']> {
    const found = this.case(id)
    const why = caseSight(this.#parts.views, actor)(found.dossier, caseMadeBy(found.own))
    if (why !== undefined) throw new Refusal('forbidden', why)
    return found
  }

  /**
   * A case with its firm and the steps that are open, as the API answers it: a step that was put forward and waits for a
   * second person names that proposal.
   */
  shownCase(id: string) {
    const { key, dossier, own, open } = this.case(id)
    const waiting = (dossier.proposals ?? []).filter(({ status, on }) => status === 'open' && on.id === id)
    const actOf = (step: string) =>
      this.#parts.acts.all.find(({ on, route }) => on === 'case' && route.step === step)?.name
    const steps = open.map((own) => {
      const proposal = waiting.find(({ act }) => act === actOf(own.step))?.id
      return { ...own, ...(proposal !== undefined && { proposal }) }
    })
    return { ...own, orgCode: key, name: nameOf(dossier), openSteps: steps }
  }

  /** Cases after an id that somebody may see, by status and region. */
  cases(
    actor: Actor,
    { status, region }: { status?: string | undefined; region?: string | undefined },
    after: string,
    limit: number,
  ) {
    const { views } = this.#parts
    const prefix = region === undefined ? undefined : regionPrefix(region)
    const sight = this.#sight(actor, 'case')
    const found = views.cases({ status, region: prefix, sight }, after, limit + 1)
    const { items, next } = pageOf(found, limit, ({ id }) => id)
    return { items: items.map(({ id }) => this.case(id)), next }
  }

  /**
   * Penalties that meet a ground and have no case yet: for an officer of who punished, or of an authority above, to look
   * at, never listed by machine.
   */
  candidates(
    actor: Actor,
    region: string | undefined,
    after: string,
    limit: number,
  ): Promise<Page<CandidateForListing>> {
    const today = this.#today()
    const { views, ruleSets } = this.#parts
    const { sight, sees } = recordsSeen(views, actor)
    const inForce = ruleSets.inForce()
    return gather(views, { type: penalty.type, region, after, sight, today }, limit, (dossier) =>
      candidatesOf(dossier, today, inForce).filter((found) => sees(dossier, found.penalty)),
    )
  }

  /** Award holders with grade A and nothing adverse in the 24 months before a day, today by default (守信激励). */
  honours(
    region: string | undefined,
    after: string,
    limit: number,
    on: string = this.#today(),
  ): Promise<Page<Honoured>> {
    const { views, catalogue } = this.#parts
    const today = this.#today()
    const through = { type: award.type, region, after, today }
    if (on >= today) return gather(views, through, limit, (dossier) => honouredOn(dossier, on, catalogue))
    const moment = { time: endOfDate(on) }
    return gather(views, through, limit, async ({ key }) => {
      const past = mendedPast(await this.#entries.told(key), moment)
      return past ? honouredOn(past, on, catalogue) : []
    })
  }

  /** The list on a day: listings in force then that still stand, the last published first, from before a position on. */
  list(filters: Omit<ListingFilters, 'today'>, before: number | undefined, limit: number): ListPage {
    const { views } = this.#parts
    const today = this.#today()
    const found = views.listings({ ...filters, today }, before, limit + 1)
    const { items, next } = pageOf(found, limit, ({ position }) => position)
    return { items, next: next ?? undefined }
  }

  /**
   * Listings that were public and left the list in a period, both days included: why, and by whose decision; those that are left
   * out while they are decided on anew among them. Of what was erased nothing more is known than that it left.
   */
  ended({ from, to }: { from: string; to: string }): EndedListing[] {
    const { views } = this.#parts
    const today = this.#today()
    // Those whose term is over have left the list, whether or not the daily job has said so.
    const found = views.reported<{ id: string; key: string }>(
      ({ procedure, file }) =>
        `SELECT id, key FROM ${procedure} WHERE ended_on BETWEEN ? AND ? AND status LIKE 'removed/%'
         UNION ALL SELECT id, key FROM ${procedure} JOIN ${file} USING (key)
           WHERE status = 'suspended' OR (status = 'inForce' AND face_changes_on <= ?)`,
      from,
      to,
      today,
    )
    const erased = views.reported<EndedListing>(
      ({ erased }) => `SELECT id, ended_on AS "on" FROM ${erased} WHERE ended_on BETWEEN ? AND ?`,
      from,
      to,
    )
    const told = found.flatMap(({ id, key }): EndedListing[] => {
      const own = views.onDay(key, today)?.cases.find((known) => known.id === id)
      const left = own && leavingOf(own)
      return !left || left.on < from || to < left.on ? [] : [{ id, ...left }]
    })
    return [...told, ...erased].sort((one, other) =>
      `${one.on} ${one.id}` < `${other.on} ${other.id}` ? -1 : 1,
    )
  }

  /** The public part of a listing; refuses with `gone` once it has ended. */
  listing(id: string): ListedEnterprise {
    const { views } = this.#parts
    const stored = views.listing(id, this.#today())
    if (stored) return JSON.parse(stored.json)
    // A case that never came to the list is as unknown to the public as none.
    if (!views.wasListed(id)) throw new Refusal('unknown', '名单上没有这一项；请核对地址。')
    throw new Refusal('gone', '这一内容不再提供。')
  }

  /** Clocks that somebody may see, by the day they are due, after the place of one. */
  deadlines(
    actor: Actor,
    filters: Omit<DeadlineFilters, 'today' | 'sight'>,
    place: Place | undefined,
    limit: number,
  ) {
    const region = filters.region === undefined ? undefined : regionPrefix(filters.region)
    const today = this.#today()
    const sight = this.#sight(actor, 'deadline')
    const [dueOn = '', after = '', id = ''] = (place ?? []).map(String)
    const found = this.#parts.views.deadlines(
      { ...filters, region, today, sight },
      { dueOn, key: after, id },
      limit + 1,
    )
    const { items, next } = pageOf(found, limit, placeOf)
    return {
      items: items.map(({ key, name, region: where, json }) => {
        const deadline: Deadline = JSON.parse(json)
        return {
          orgCode: key,
          name,
          region: where,
          ...deadline,
          overdue: (deadline.doneOn ?? today) > deadline.dueOn,
        }
      }),
      next,
      warnings: calendarWarnings(today),
    }
  }

  /** How many clocks of each kind are due by a day, and how many of them are overdue. */
  deadlineCounts(actor: Actor, filters: Pick<DeadlineFilters, 'dueBy' | 'region' | 'authority'>) {
    const region = filters.region === undefined ? undefined : regionPrefix(filters.region)
    const { views } = this.#parts
    const sight = this.#sight(actor, 'deadline')
    return views.deadlineCounts({ ...filters, region, today: this.#today(), sight })
  }

  /** Cases on their way or asking for repair that somebody may see: those that there is something to do about. */
  pending(actor: Actor, limit: number) {
    const found = this.#parts.views.pendingCases(this.#sight(actor, 'case'), limit)
    return found.map(({ id }) => this.case(id))
  }

  #sight(actor: Actor, of: Owned) {
    const { views } = this.#parts
    return sightOf(views, whoActs(views, actor), of)
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

/** Warns of years that clocks run into and whose holiday notice the calendar does not have. */
function calendarWarnings(today: string): string[] {
  const year = Number(today.slice(0, 4))
  return [year, year + 1]
    .filter((known) => !coveredYears().has(known))
    .map(
      (unknown) => `日历中没有 ${unknown} 年的放假通知，跨入该年的工作日期限为估计，请在通知发布后更新系统。`,
    )
}

function placeOf({ dueOn, key, id }: DeadlinePlace): Place {
  return [dueOn, key, id]
}

function unknownCase(): Refusal {
  return new Refusal('unknown', '没有这一案件；请核对编号。')
}
