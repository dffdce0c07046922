import type { Actor } from '../authority/acting.ts'
import type { NewAuthority } from '../authority/authority.ts'
import type { Consumer } from '../authority/consumers.ts'
import type { ApiKey } from '../authority/keys.ts'
import type { Officer } from '../authority/officers.ts'
import type { PersonHash } from '../authority/persons.ts'
import type { Proposal } from '../authority/proposal.ts'
import type { RuleSetHistory } from '../blacklist/adopted.ts'
import type { BulletinSeries } from '../blacklist/bulletin.ts'
import type { RuleSet } from '../blacklist/rule-set.ts'
import type { Situation } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { StandardHistory } from '../rating/adopted.ts'
import type { Campaign, Scope } from '../rating/campaign.ts'
import type { DraftingProgress, RatingDraft } from '../rating/drafts.ts'
import type { Author, Draft } from '../register/entry.ts'
import type { Draw, DrawMade } from '../supervision/draw.ts'

/** What is no part of a file, as it stands. */
export interface Standing {
  officer(login: string): Officer | undefined
  officers(): Officer[]
  apiKey(id: string): ApiKey | undefined
  consumer(id: string): Consumer | undefined
  consumers(): Consumer[]
  standard(id: string): StandardHistory | undefined
  standards(): StandardHistory[]
  ruleSet(id: string): RuleSetHistory | undefined
  campaign(id: string): Campaign | undefined
  draw(id: string): Draw | undefined
  draws(): Draw[]
  bulletins(series: string): BulletinSeries | undefined
  allBulletins(): BulletinSeries[]
  /** Cases that an authority published in a period, and how many ended in it, by cause. */
  listedBetween(
    authority: string,
    from: string,
    to: string,
  ): { listed: string[]; removed: Record<string, number> }
}

/** An import (导入) as it is kept beside the register, for as long as it is. */
export interface Imported {
  id: string
  status: string
  fileName?: string | undefined
  actor: Actor
  counts: { opened: number; added: number; updated: number; proposed: number }
  /** Stretch of the register in which its entries stand. */
  positions?: { first: number; last: number } | undefined
  /** That it is being taken back, or was, and how much of it waits for a second person. */
  withdrawal?: { status: string; counts: { waiting: number } } | undefined
}

/** A draft of a rating that would come out otherwise now. */
export interface MovedDraft {
  key: string
  name: string
  drafted: string | null | undefined
  now: string | null
}

/** Looks over all files, which take their time: an act has them done before it is decided. */
export interface Survey {
  isEmpty(scope: Scope): Promise<boolean>
  /** Drafts of a campaign that would come out otherwise now: the first of them, and how many. */
  moved(campaign: string): Promise<{ moved: MovedDraft[]; count: number }>
  /** Who may be drawn, and who is left out and why. */
  candidates(
    asked: Pick<DrawMade, 'group' | 'region' | 'level' | 'period'>,
  ): Promise<Pick<DrawMade, 'candidates' | 'leftOut'>>
}

/** Entries that open an authority, and what they rest on. */
export interface Opening {
  id: string
  drafts: Draft[]
  expect: ReadonlyMap<string, number>
}

/** What acts outside files are decided by, beside what every act is. */
export interface Outside {
  standing: Standing
  survey: Survey
  /** The drafts of campaigns. */
  drafted: {
    progress(campaign: string): DraftingProgress | undefined
    draft(campaign: string, key: string): RatingDraft | undefined
  }
  imported(id: string): Imported | undefined
  /** What was put forward about what is kept beside the register, and its revision. */
  besides(subject: string): { revision: number; proposals: readonly Proposal[] }
  /** Stands for a person from their staff number. */
  person: PersonHash
  /** The entries that open an authority; refuses what does not fit. */
  opening(asked: NewAuthority, author: Author): Opening
  /** The same for the authority that an account is to belong to; nothing where its name is known. */
  openingFor(asked: Pick<NewAuthority, 'name' | 'region'>, author: Author): Opening
}

/** What an act is decided by. */
export interface ActSituation extends Situation {
  /** The rules of listing in force. */
  rules: readonly RuleSet[]
  outside: Outside
  /** The number that a file's state bears for the actor (`revisionSeen`). */
  revisionOf(dossier: Dossier): number
  /** That a second person has confirmed it: its input is as it was kept meanwhile. */
  isConfirmed?: true
}
