import { isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { regionContains, region as regionOf } from '../codes/regions.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { newId } from '../register/entry.ts'
import {
  type Candidate,
  type Draw,
  type DrawMade,
  draw,
  drawnAbove,
  drawSubject,
  sampledAbove,
} from '../supervision/draw.ts'
import { type FollowUp, followUpsOf, type Renewal, renewalsOf } from '../supervision/follow-up.ts'
import { type Period, type PlanItem, planOf } from '../supervision/plan.ts'
import { groupOf, modeFor, type ProductGroup, type Scheme, scheme } from '../supervision/scheme.ts'
import { notSupervised, standingOf } from '../supervision/standing.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Request } from './acts.ts'
import { filesWith, gather, type Page } from './gather.ts'
import { whoActs } from './who-acts.ts'

interface Parts {
  views: Views
  writer: Writer
  now(): Date
}

export type NewDraw = Pick<
  DrawMade,
  'name' | 'seed' | 'group' | 'level' | 'period' | 'rates' | 'inspectors' | 'inspectorsEach'
> & {
  region?: string | undefined
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
    return gather(this.#parts.views, { type: 'licence', region, after }, limit, (dossier) =>
      planOf(dossier, period, today, scheme).filter(
        (item) =>
          (group === undefined || item.group === group) && (status === undefined || item.status === status),
      ),
    )
  }

  /** Chains behind failed tests; those that are closed only if asked for. */
  followUps(
    { region, all, overdue }: { region?: string | undefined; all: boolean; overdue: boolean },
    after: string,
    limit: number,
  ): Promise<Page<FollowUp>> {
    const today = this.#today()
    return gather(this.#parts.views, { type: 'inspection', region, after }, limit, (dossier) =>
      followUpsOf(dossier, today, scheme).filter(
        (chain) => (all || chain.open) && (!overdue || chain.overdue),
      ),
    )
  }

  /** Production licences that end within the months in which renewal is due. */
  renewals(region: string | undefined, after: string, limit: number): Promise<Page<Renewal>> {
    const today = this.#today()
    return gather(this.#parts.views, { type: 'licence', region, after }, limit, (dossier) =>
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
      const closed = dossier?.records.find(
        ({ type, withdrawn, data }) => type === 'inspection' && !withdrawn && data.planNo === id,
      )
      return {
        orgCode,
        name: String(dossier?.enterprise.name ?? orgCode),
        class: name,
        hash,
        inspectors,
        ...(closed && { inspection: closed.id, outcome: String(closed.data.outcome) }),
      }
    })
  }

  draw(id: string): Draw {
    const found = this.#parts.views.draw(id)
    if (!found) throw new Refusal('unknown', '没有这次抽取；请核对编号。')
    return found
  }

  /** Whether a draw comes out the same from what it published. */
  recomputed(id: string): { agrees: boolean; drawn: DrawMade['drawn'] } {
    const made = this.draw(id)
    const drawn = draw(made.candidates, made)
    return { agrees: JSON.stringify(drawn) === JSON.stringify(made.drawn), drawn }
  }

  /** Draws enterprises and inspectors by a published seed, and keeps the draw as an entry. */
  async makeDraw(asked: NewDraw, { actor: asker, command, fingerprint }: Request): Promise<Draw> {
    const { actor } = whoActs(this.#parts.views, asker)
    const region = asked.region ?? actor.region
    if (region !== undefined && !regionOf(region))
      throw invalid('/region', 'region', `没有行政区划 ${region}。`)
    if (actor.region !== undefined && region !== undefined && !regionContains(actor.region, region))
      throw new Refusal('forbidden', `此密钥只能在${regionOf(actor.region)?.path}抽取。`)
    const { period, inspectors, inspectorsEach, rates } = asked
    for (const [name, day] of Object.entries(period))
      if (!isCalendarDate(day))
        throw invalid(`/period/${name}`, 'date', `“${day}”不是日期；请写成 2026-03-02。`)
    if (period.from > period.to) throw invalid('/period/to', 'before-start', '期间的结束早于开始。')
    if (inspectorsEach > inspectors.length)
      throw invalid(
        '/inspectorsEach',
        'too-big',
        `检查人员只有 ${inspectors.length} 名，每家不能派 ${inspectorsEach} 名。`,
      )
    if (new Set(inspectors).size < inspectors.length)
      throw invalid('/inspectors', 'repeated', '检查人员名单有重复。')
    const known = scheme.modes.map((mode) => mode.class)
    for (const name of Object.keys(rates))
      if (!known.includes(name))
        throw invalid(`/rates/${name}`, 'choice', `没有类别“${name}”；可用：${known.join('、')}。`)
    const { candidates, leftOut } = await this.candidates({ ...asked, region })
    if (candidates.length === 0)
      throw invalid(
        '/group',
        'empty',
        leftOut.length > 0
          ? `范围内持证的 ${leftOut.length} 家都因上级在期间内已抽查、已抽取或者企业不再受检而排除，无可抽取；请核对层级和期间。`
          : '范围内没有持有该类产品许可的企业，无可抽取。',
      )
    const made: DrawMade = {
      ...asked,
      ...(region !== undefined && { region }),
      candidates,
      leftOut,
      drawn: draw(candidates, asked),
    }
    const subject = drawSubject(newId())
    const { authority, officer } = actor
    const { entries } = await this.#parts.writer.append({
      drafts: [
        { subject, kind: 'draw.made', payload: made, visibility: 'public', author: { authority, officer } },
      ],
      expect: new Map([[subject, 0]]),
      command,
      ...(fingerprint !== undefined && { fingerprint }),
    })
    return this.draw((entries[0]?.subject ?? subject).slice(drawSubject('').length))
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
    for await (const files of filesWith(this.#parts.views, { type: 'licence', region, after: '' }))
      for (const dossier of files) {
        const isLicensed = dossier.records.some(
          ({ type, withdrawn, data }) =>
            type === 'licence' &&
            !withdrawn &&
            ['有效', '变更'].includes(String(data.status)) &&
            !(typeof data.validTo === 'string' && data.validTo < today) &&
            groupOf(data.productGroup ?? data.product, scheme).id === group.id,
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
