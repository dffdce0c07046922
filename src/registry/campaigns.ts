import type { Work } from '../acts/act.ts'
import type { Actor } from '../authority/acting.ts'
import type { Rater } from '../computing/rater.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Campaign, campaignSubject } from '../rating/campaign.ts'
import type { DraftingProgress, Drafts, Move, RatingDraft } from '../rating/drafts.ts'
import { type Circumstances, ratingDraft } from '../rating/events.ts'
import type { Standard } from '../rating/standard.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Standards } from './standards.ts'

interface Parts {
  views: Views
  writer: Writer
  rater: Rater
  drafts: Drafts
  standards: Standards
  /** Whether this process is the one that drafts and issues; the only one by default. */
  runsCampaigns?: (() => boolean) | undefined
  /** Told of a drafting or an issue that broke off; it goes on at the next start. */
  onFailure(error: unknown, campaign: string): void
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

  /** Somebody's own campaigns that came back to be mended. */
  returnedTo({ id: actor }: Actor): Campaign[] {
    return this.#parts.views
      .campaigns()
      .filter(({ status, by, returned }) => status === 'drafting' && by === actor && returned)
  }

  /**
   * Begins what an act upon a campaign came to; what was drafted before is gone then. Where another process drafts and issues, that
   * one takes it up.
   */
  async begin({ campaign: id, what }: Extract<Work, { campaign: string }>): Promise<void> {
    const { drafts, rater, runsCampaigns = () => true } = this.#parts
    if (what === 'issue') {
      if (runsCampaigns()) this.#run(id, () => this.#issue(id))
      return
    }
    await this.#running.get(id)
    await drafts.clear(id)
    if (what === 'draft' && runsCampaigns()) this.#run(id, () => rater.draft(id))
  }

  /** Takes up what is to be drafted or issued: what a stop cut off, here or elsewhere, and what was begun elsewhere. */
  resume(): void {
    const { views, drafts, rater } = this.#parts
    for (const { id, status } of views.campaigns()) {
      if (this.#running.has(id)) continue
      if (status === 'drafting' && !drafts.progress(id)?.done) this.#run(id, () => rater.draft(id))
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
    await drafts.clear(id)
  }

  #campaign(id: string): Campaign {
    const campaign = this.#parts.views.campaign(id)
    if (!campaign) throw new Refusal('unknown', '没有这次评价；请核对编号。')
    return campaign
  }

  #standardOf({ standard: { id, version } }: Campaign): Standard {
    return this.#parts.standards.version(id, version).document
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
