import type { Work } from '../acts/act.ts'
import { type Actor, secondHindrance } from '../authority/acting.ts'
import { covers, placeInWords } from '../authority/authorities.ts'
import { isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { region, regionContains } from '../codes/regions.ts'
import type { Rater } from '../computing/rater.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { type Campaign, campaignSubject, mustBeDrafting, type Scope } from '../rating/campaign.ts'
import type { DraftingProgress, Drafts, Move, RatingDraft } from '../rating/drafts.ts'
import { type Circumstances, ratingDraft } from '../rating/events.ts'
import type { Standard } from '../rating/standard.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Request } from './acts.ts'
import type { Standards } from './standards.ts'
import { whoActs } from './who-acts.ts'

interface Parts {
  views: Views
  writer: Writer
  rater: Rater
  drafts: Drafts
  standards: Standards
  now(): Date
  /** Told of a drafting or an issue that broke off; it goes on at the next start. */
  onFailure(error: unknown, campaign: string): void
}

export interface NewCampaign {
  standard: { id: string; version?: number | undefined }
  /** Day as on which to rate; today by default. */
  on?: string | undefined
  scope: Scope
}

/** A campaign with how far its drafts are and what they would change. */
export interface CampaignState {
  campaign: Campaign
  progress: DraftingProgress | undefined
  moves: Move[]
  /** Ratings that have been issued. */
  issued: number
}

const ISSUED_AT_ONCE = 500

/** Rating campaigns: from the first draft over the whole registry to the issued ratings. */
export class Campaigns {
  readonly #parts: Parts
  readonly #running = new Map<string, Promise<void>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  all(): Campaign[] {
    return this.#parts.views.campaigns().reverse()
  }

  state(id: string): CampaignState {
    const { views, drafts } = this.#parts
    const campaign = this.#campaign(id)
    return {
      campaign,
      progress: drafts.progress(id),
      moves: campaign.moves ?? drafts.moves(id),
      issued: views.countRatingsOf(id),
    }
  }

  /** Drafts after a key; only those that change the grade in force, if asked. */
  draftsOf(id: string, after: string, limit: number, changedOnly: boolean): RatingDraft[] {
    this.#campaign(id)
    return this.#parts.drafts.page(id, after, limit, changedOnly)
  }

  /** Begins a campaign and its drafting. Refuses a scope that holds no file. */
  async start({ standard: asked, on: day, scope: typed }: NewCampaign, request: Request): Promise<Campaign> {
    const { standards, rater, now } = this.#parts
    const { document: standard } = standards.version(asked.id, asked.version)
    const today = shanghaiDate(now())
    const on = day ?? today
    if (!isCalendarDate(on)) throw invalid('/on', 'date', `“${on.slice(0, 40)}”不是日期；请写成 2026-03-02。`)
    if (on > today) throw invalid('/on', 'future-date', `评价日期 ${on} 晚于今天（${today}）。`)
    const scope = scopeWithin(typed, whoActs(this.#parts.views, request.actor).actor)
    if (await rater.isEmpty(scope))
      throw invalid('/scope', 'empty', '范围内没有任何档案，无可评价；请检查地区、产品或名单。')
    const id = newId()
    const payload = {
      standard: { id: standard.id, version: standard.version },
      on,
      scope,
      by: idOf(request.actor),
    }
    const entry = await this.#append(id, 'campaign.started', payload, request, 0)
    const started = this.#campaign(entry)
    this.#run(started.id, () => rater.draft(started.id))
    return started
  }

  /** Puts a reasoned grade in the place of the computed one, which stays on record beside it. */
  async adjust(
    id: string,
    { enterprise, grade, reason }: { enterprise: string; grade: string; reason: string },
    request: Request,
  ): Promise<Campaign> {
    const campaign = this.#open(id, request.actor)
    const draft = this.#parts.drafts.draft(id, enterprise)
    if (!draft)
      throw invalid(
        '/enterprise',
        'unknown',
        `本次评价中没有 ${enterprise.slice(0, 18)} 的等级草稿；请核对档案编号。`,
      )
    const standard = this.#standardOf(campaign)
    if (!standard.grades.some((known) => known.grade === grade))
      throw invalid(
        '/grade',
        'choice',
        `等级应为 ${standard.grades.map((known) => known.grade).join('、')} 之一。`,
      )
    if (draft.rating.limits.some((limit) => rankIn(standard, grade) < rankIn(standard, limit.grade)))
      throw invalid('/grade', 'limited', `该企业受限制条款约束，等级不得高于 ${draft.rating.grade}。`)
    const payload = { enterprise, grade, reason, by: idOf(request.actor) }
    await this.#append(id, 'campaign.adjusted', payload, request, campaign.revision)
    return this.#campaign(id)
  }

  /** Drafts anew on the registry as it stands. */
  async redraft(id: string, request: Request): Promise<Campaign> {
    const campaign = this.#open(id, request.actor)
    await this.#running.get(id)
    this.#parts.drafts.clear(id)
    this.#run(id, () => this.#parts.rater.draft(id))
    return campaign
  }

  /** Sends a campaign back to whoever began it, with what is to be mended. */
  async sendBack(id: string, reason: string, request: Request): Promise<Campaign> {
    const campaign = this.#open(id, request.actor)
    this.#mustBeAnother(campaign, request.actor)
    if (reason.trim() === '') throw invalid('/reason', 'required', '请写明理由。')
    await this.#append(id, 'campaign.returned', { reason }, request, campaign.revision)
    return this.#campaign(id)
  }

  /** Campaigns that wait for somebody: others' to approve, their own that came back. */
  tasksFor(actor: Actor, mayApprove: boolean): { what: string; about: string; to: string }[] {
    return this.#parts.views
      .campaigns()
      .filter(({ status }) => status === 'drafting')
      .flatMap((campaign) => {
        const { id, by, on, standard, returned } = campaign
        const about = `${standard.id} 第 ${standard.version} 版，${on}`
        const to = `/desk/campaigns/${id}`
        if (by === actor.id)
          return returned ? [{ what: '评价被退回', about: `${about}：${returned.reason}`, to }] : []
        const isDone = this.#parts.drafts.progress(id)?.done ?? false
        return mayApprove && isDone && !returned ? [{ what: '批准评价', about, to }] : []
      })
  }

  async cancel(id: string, reason: string, request: Request): Promise<Campaign> {
    const campaign = this.#open(id, request.actor)
    await this.#append(id, 'campaign.cancelled', { reason }, request, campaign.revision)
    this.#parts.drafts.clear(id)
    return this.#campaign(id)
  }

  /**
   * Approves the drafts and begins to issue them. Refuses whoever began the campaign or adjusted it, and drafts that
   * would come out otherwise now, naming them.
   */
  async approve(id: string, request: Request): Promise<Campaign> {
    const campaign = this.#open(id, request.actor)
    this.#mustBeAnother(campaign, request.actor)
    const progress = this.#parts.drafts.progress(id)
    if (!progress?.done) throw new Refusal('exists', '草稿尚未全部算完，请等待完成后再批准。')
    const { moved, count } = await this.#parts.rater.moved(id)
    if (count > 0)
      throw new Refusal(
        'exists',
        `草稿算出之后，有 ${count} 家企业的档案有变动、等级须重算；请重算草稿，核对后再批准。`,
        moved.map(({ key, name, drafted, now }) => ({
          pointer: `/drafts/${key}`,
          code: 'moved',
          detail: `${name}（${key}）：草稿为 ${drafted ?? '未评定'}，现为 ${now ?? '未评定'}。`,
        })),
        { moved, movedCount: count },
      )
    const drafts = progress.inScope
    await this.#append(
      id,
      'campaign.approved',
      { by: idOf(request.actor), drafts },
      request,
      campaign.revision,
    )
    this.#run(id, () => this.#issue(id))
    return this.#campaign(id)
  }

  /** Why somebody may not approve a campaign, in words; undefined when they may. */
  hindranceTo(id: string, actor: Actor): string | undefined {
    try {
      this.#mustBeAnother(this.#open(id, actor), actor)
      return undefined
    } catch (error) {
      if (error instanceof Refusal) return error.title
      throw error
    }
  }

  /** Begins what an act upon a campaign came to; what was drafted before is gone then. */
  async begin({ campaign: id, what }: Work): Promise<void> {
    if (what === 'issue') return this.#run(id, () => this.#issue(id))
    await this.#running.get(id)
    this.#parts.drafts.clear(id)
    if (what === 'draft') this.#run(id, () => this.#parts.rater.draft(id))
  }

  /** Goes on with what a stop cut off. */
  resume(): void {
    for (const { id, status } of this.#parts.views.campaigns()) {
      if (status === 'drafting') this.#run(id, () => this.#parts.rater.draft(id))
      if (status === 'issuing') this.#run(id, () => this.#issue(id))
    }
  }

  /** Resolves when nothing is being drafted or issued any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  #run(id: string, act: () => Promise<void>): void {
    const before = this.#running.get(id) ?? Promise.resolve()
    const run = before
      .then(act)
      .catch((error: unknown) => this.#parts.onFailure(error, id))
      .finally(() => {
        if (this.#running.get(id) === run) this.#running.delete(id)
      })
    this.#running.set(id, run)
  }

  /** Issues batch by batch; what was issued before a stop is not issued again. */
  async #issue(id: string): Promise<void> {
    const { views, writer, drafts, rater } = this.#parts
    const campaign = this.#campaign(id)
    const standard = this.#standardOf(campaign)
    // Drafts can be lost with their file; they are computed again as on the day of rating.
    if (!drafts.progress(id)?.done) await rater.draft(id)
    let after = ''
    for (;;) {
      const page = drafts.page(id, after, ISSUED_AT_ONCE)
      const last = page.at(-1)
      if (!last) break
      const done = new Set(views.ratingsOf(id, after, ISSUED_AT_ONCE).map(({ key }) => key))
      const entries = page
        .filter(({ key }) => !done.has(key))
        .map((draft) => issued(draft, campaign, standard))
      // The page has a command of its own: whoever else issues it finds what the first has issued.
      const command = `campaign/${id}/${after}`
      if (entries.length > 0) await writer.append({ drafts: entries, command, fingerprint: 'page' })
      after = last.key
    }
    const author = campaign.approved?.author ?? campaign.author
    await writer.append({
      drafts: [
        {
          subject: campaignSubject(id),
          kind: 'campaign.issued',
          payload: {
            ratings: views.countRatingsOf(id),
            moves: drafts.moves(id).map(({ from, to, count }) => ({ from: from ?? null, to, count })),
          },
          visibility: 'public',
          author,
        },
      ],
      expect: new Map([[campaignSubject(id), campaign.revision]]),
      command: `campaign/${id}/issued`,
      fingerprint: 'issued',
    })
    // What was drafted stands in the register now.
    drafts.clear(id)
  }

  #campaign(id: string): Campaign {
    const campaign = this.#parts.views.campaign(id)
    if (!campaign) throw new Refusal('unknown', '没有这次评价；请核对编号。')
    return campaign
  }

  #open(id: string, actor: Actor): Campaign {
    const campaign = this.#campaign(id)
    mustBeDrafting(campaign)
    const { body, region: bounds } = whoActs(this.#parts.views, actor).actor
    if (!covers(bounds, campaign.scope.region))
      throw new Refusal(
        'forbidden',
        `本次评价的范围是${placeInWords(campaign.scope.region)}，超出了${body.name}的范围（${placeInWords(bounds)}）；由省级或者范围包含它的机关办理。`,
      )
    return campaign
  }

  #mustBeAnother({ by, author, adjustments }: Campaign, actor: Actor): void {
    const who = whoActs(this.#parts.views, actor)
    const done = [
      { ...author, account: by },
      ...Object.values(adjustments).map((own) => ({ ...own.author, account: own.by })),
    ]
    if (done.some((made) => secondHindrance(who.doer(made), who.actor) !== undefined))
      throw new Refusal('forbidden', '开展或调整过本次评价的人不能批准；请由另一人批准。')
  }

  #standardOf({ standard: { id, version } }: Campaign): Standard {
    return this.#parts.standards.version(id, version).document
  }

  /** Appends one entry to a campaign; returns the campaign's id, the first run's for a repeated request. */
  async #append(
    id: string,
    kind: string,
    payload: unknown,
    { actor: { authority, officer }, command, fingerprint }: Request,
    revision: number,
  ): Promise<string> {
    const subject = campaignSubject(id)
    const { entries } = await this.#parts.writer.append({
      drafts: [{ subject, kind, payload, visibility: 'internal', author: { authority, officer } }],
      expect: new Map([[subject, revision]]),
      command,
      ...(fingerprint !== undefined && { fingerprint }),
    })
    return (entries[0]?.subject ?? subject).slice(campaignSubject('').length)
  }
}

function issued(draft: RatingDraft, campaign: Campaign, standard: Standard): Draft {
  const adjustment = campaign.adjustments[draft.key]
  const circumstances: Circumstances = {
    position: draft.position,
    campaign: campaign.id,
    ...(adjustment && { adjusted: { from: draft.rating.grade, reason: adjustment.reason } }),
  }
  const rating = adjustment ? { ...draft.rating, grade: adjustment.grade } : draft.rating
  const author = campaign.approved?.author ?? campaign.author
  return ratingDraft(draft.key, newId(), standard, campaign.on, rating, circumstances, author)
}

/** The scope with its region by code; refuses one outside the actor's region. */
function scopeWithin(scope: Scope, actor: Actor): Scope {
  const code = scope.region === undefined ? actor.region : scope.region.padEnd(6, '0')
  if (code !== undefined && !region(code)) throw invalid('/scope/region', 'region', `没有行政区划 ${code}。`)
  if (actor.region !== undefined && code !== undefined && !regionContains(actor.region, code))
    throw new Refusal(
      'forbidden',
      `此密钥只能评价${region(actor.region)?.path}的企业，不能评价${region(code)?.path}。`,
    )
  return code === undefined ? scope : { ...scope, region: code }
}

function rankIn(standard: Standard, grade: string): number {
  return standard.grades.findIndex((known) => known.grade === grade)
}
