import type { Actor } from '../authority/acting.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { nameOf } from '../dossier/dossier.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { inspection } from '../records/inspection.ts'
import { licence, validStatuses } from '../records/licence.ts'
import { isOneOf } from '../records/stored.ts'
import {
  type Candidate,
  type Draw,
  type DrawMade,
  drawnAbove,
  drawnBefore,
  redrawn,
  sampledAbove,
} from '../supervision/draw.ts'
import { type FollowUp, followUpsOf, type Renewal, renewalsOf } from '../supervision/follow-up.ts'
import { type Period, type PlanItem, planOf } from '../supervision/plan.ts'
import type { Roster } from '../supervision/roster.ts'
import { groupsOfLicence, modeFor, type ProductGroup, type Scheme, scheme } from '../supervision/scheme.ts'
import { notSupervised, standingOf } from '../supervision/standing.ts'
import type { Views } from '../views/views.ts'
import { filesWith, gather, type Page } from './gather.ts'
import { recordsSeen } from './sight.ts'

interface Parts {
  views: Views
  now(): Date
}

/** An enterprise that was drawn, and how far its inspection is. */
export interface Assignment {
  orgCode: string
  name: string
  class: string
  hash: string
  inspectors: string[]
  inspection?: string
  outcome?: string
}

const MOST_CANDIDATES = 50_000
const LATEST_DRAWS = 5

/** Classified supervision: what is due, what follows a failed test, random draws. */
export class Supervision {
  readonly #parts: Parts
  readonly scheme: Scheme = scheme

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The inspection plan of a region and period, in the order of organisation codes. */
  plan(
    {
      region,
      period,
      group,
      status,
    }: {
      region?: string | undefined
      period: Period
      group?: string | undefined
      status?: PlanItem['status'] | undefined
    },
    after: string,
    limit: number,
  ): Promise<Page<PlanItem>> {
    const today = this.#today()
    return gather(this.#parts.views, { type: licence.type, region, after, today }, limit, (dossier) =>
      planOf(dossier, period, today, scheme).filter(
        (item) =>
          (group === undefined || item.group === group) && (status === undefined || item.status === status),
      ),
    )
  }

  /** Chains behind failed tests of one's own authority and those below; those that are closed only if asked for. */
  followUps(
    actor: Actor,
    { region, all, overdue }: { region?: string | undefined; all: boolean; overdue: boolean },
    after: string,
    limit: number,
  ): Promise<Page<FollowUp>> {
    const today = this.#today()
    const { views } = this.#parts
    const { sight, sees } = recordsSeen(views, actor)
    return gather(views, { type: inspection.type, region, after, sight, today }, limit, (dossier) =>
      followUpsOf(dossier, today, scheme).filter(
        (chain) => (all || chain.open) && (!overdue || chain.overdue) && sees(dossier, chain.inspection),
      ),
    )
  }

  /** Licences whose renewal is to be asked for soon, or was to be. */
  renewals(region: string | undefined, after: string, limit: number): Promise<Page<Renewal>> {
    const today = this.#today()
    return gather(this.#parts.views, { type: licence.type, region, after, today }, limit, (dossier) =>
      renewalsOf(dossier, today, scheme),
    )
  }

  draws(): Draw[] {
    return this.#parts.views.draws().reverse()
  }

  /** Enterprises that a draw assigned to somebody and whose inspection is not on record yet. */
  tasksFor(inspector: string): { what: string; about: string; to: string }[] {
    return this.draws()
      .slice(0, LATEST_DRAWS)
      .flatMap((made) =>
        this.assignments(made, inspector)
          .filter(({ inspection }) => inspection === undefined)
          .map(({ orgCode, name }) => ({
            what: '检查抽中的企业',
            about: `${name}（${made.name}）`,
            to: `/desk/new/inspection?code=${orgCode}&planNo=${made.id}`,
          })),
      )
  }

  /**
   * The drawn enterprises with who inspects them, and the inspection recorded under the draw's id that closed it; those
   * of one inspector only, if asked.
   */
  assignments({ id, drawn }: Draw, inspector?: string): Assignment[] {
    const asked = drawn.filter(({ inspectors }) => inspector === undefined || inspectors.includes(inspector))
    return asked.map(({ orgCode, class: name, inspectors, hash }) => {
      const dossier = this.#parts.views.dossier(orgCode)
      const closed = dossier && inspection.in(dossier).find(({ data }) => data.planNo === id)
      return {
        orgCode,
        name: (dossier && nameOf(dossier)) || orgCode,
        class: name,
        hash,
        inspectors,
        ...(closed && { inspection: closed.id, outcome: `${closed.data.outcome}` }),
      }
    })
  }

  draw(id: string): Draw {
    const found = this.#parts.views.draw(id)
    if (!found) throw new Refusal('unknown', '没有这次抽取；请核对编号。')
    return found
  }

  roster(id: string): Roster {
    const found = this.#parts.views.roster(id)
    if (!found) throw new Refusal('unknown', '没有这份名录；请核对编号。')
    return found
  }

  /** Other draws of the same as one: those before it and those after, the first first. */
  sameAs(made: Draw): Draw[] {
    return drawnBefore(this.#parts.views.draws(), made).filter(({ id }) => id !== made.id)
  }

  /** Whether a draw comes out the same from what it published. */
  recomputed(id: string): { agrees: boolean; drawn: DrawMade['drawn'] } {
    return redrawn(this.draw(id))
  }

  /** Who may be drawn for a group of products, and who is left out and why. */
  async candidates({
    group: asked,
    region,
    level,
    period,
  }: Pick<DrawMade, 'group' | 'region' | 'level' | 'period'>) {
    const group = this.#group(asked)
    const candidates: Candidate[] = []
    const leftOut: DrawMade['leftOut'] = []
    const today = this.#today()
    const above = drawnAbove(this.#parts.views.draws(), group.id, level, period)
    for await (const files of filesWith(this.#parts.views, { type: licence.type, region, after: '', today }))
      for (const dossier of files) {
        const isLicensed = licence
          .in(dossier)
          .some(
            ({ data }) =>
              isOneOf(data.status, validStatuses) &&
              !(data.validTo !== undefined && data.validTo < today) &&
              groupsOfLicence(data, scheme).some(({ id }) => id === group.id),
          )
        if (!isLicensed) continue
        const reason =
          notSupervised(dossier, scheme) ??
          sampledAbove(dossier, group, level, period, scheme) ??
          above.get(dossier.key)
        if (reason !== undefined) leftOut.push({ orgCode: dossier.key, reason })
        else
          candidates.push({
            orgCode: dossier.key,
            class: modeFor(standingOf(dossier, today, scheme).class, group.risk, scheme).class,
          })
        if (candidates.length > MOST_CANDIDATES)
          throw invalid('/region', 'too-big', `候选企业超过 ${MOST_CANDIDATES} 家，请按地区缩小范围。`)
      }
    return { candidates, leftOut }
  }

  #group(id: string): ProductGroup {
    const group = scheme.groups.find((known) => known.id === id)
    if (group) return group
    throw invalid(
      '/group',
      'choice',
      `没有产品类别“${id.slice(0, 60)}”；可用：${scheme.groups.map((known) => known.id).join('、')}。`,
    )
  }

  #today(): string {
    return shanghaiDate(this.#parts.now())
  }
}
