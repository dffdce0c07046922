import type { Adoption, Versioned } from '../adoption/adoption.ts'
import { foldAuthority } from '../authority/authority.ts'
import { foldConsumer } from '../authority/consumers.ts'
import { foldKey } from '../authority/keys.ts'
import type { Maker } from '../authority/maker.ts'
import { foldOfficer } from '../authority/officers.ts'
import { foldBeside, type Proposal, type ProposalHead } from '../authority/proposal.ts'
import { foldRuleSet } from '../blacklist/adopted.ts'
import { type BulletinSeries, foldBulletins } from '../blacklist/bulletin.ts'
import { foldStandard } from '../rating/adopted.ts'
import { type Campaign, foldCampaign } from '../rating/campaign.ts'
import type { Entry } from '../register/entry.ts'
import { type Draw, foldDraw } from '../supervision/draw.ts'
import { foldRoster } from '../supervision/roster.ts'
import { proposalRows, type Value } from './rows.ts'

/** A fold over its state as JSON, with what waits for another person by it: it reads back only what it has written itself under its own prefix. */
function stored<T extends { revision: number }>(
  fold: (before: T | undefined, entry: Entry) => T | undefined,
  waiting: (state: T) => readonly ProposalHead[] = () => [],
) {
  /** One that can't be read is taken as one whose content was erased, where that can be. */
  function passing(before: T | undefined, entry: Entry): T | undefined {
    try {
      return fold(before, entry) ?? before
    } catch {
      return before
    }
  }
  return {
    fold(before: string | undefined, entry: Entry): string | undefined {
      const known: T | undefined = before === undefined ? undefined : JSON.parse(before)
      const state = entry.unreadable ? passing(known, entry) : fold(known, entry)
      // Whatever an entry says, or a later program means by it, whoever writes next has to name its revision.
      return state === undefined ? undefined : JSON.stringify({ ...state, revision: entry.revision })
    },
    waiting: (state: string) => waiting(JSON.parse(state)),
  }
}

const proposed = ({ proposals = [] }: { proposals?: readonly Proposal[] }): ProposalHead[] =>
  proposals.map(({ input: _, ...head }) => head)

const folds: Readonly<Record<string, ReturnType<typeof stored>>> = {
  authority: stored(foldAuthority, proposed),
  key: stored(foldKey, proposed),
  consumer: stored(foldConsumer),
  officer: stored(foldOfficer, proposed),
  import: stored(foldBeside, proposed),
  standard: stored(foldStandard, (own) => adoption('standard', own)),
  rules: stored(foldRuleSet, (own) => adoption('rules', own)),
  campaign: stored(foldCampaign, approval),
  draw: stored(foldDraw, seeds),
  bulletins: stored(foldBulletins, issue),
  roster: stored(foldRoster),
}

/**
 * State, as JSON, of a subject that is no file after one more entry; undefined when there is nothing to keep. Throws for an
 * entry that can't be read, unless it is said to be `unreadable`.
 */
export function foldSubject(before: string | undefined, entry: Entry): string | undefined {
  return folds[kindOf(entry.subject)]?.fold(before, entry)
}

/** Rows of what was put forward on such a subject, and of what was prepared and waits for another person's decision. */
export function waitingRows(subject: string, state: string): Value[][] {
  return proposalRows(subject, folds[kindOf(subject)]?.waiting(state) ?? [])
}

function kindOf(subject: string): string {
  return subject.split('/')[0] ?? ''
}

function adoption(kind: 'standard' | 'rules', { id, proposed: own }: Adoption<Versioned>): ProposalHead[] {
  return own ? [decision(`adopt-${kind}`, id, '采用须由另一人批准', own)] : []
}

function approval({ id, status, startedAt: at, returned, author, by }: Campaign): ProposalHead[] {
  if (status !== 'drafting' || returned) return []
  return [decision('approve-campaign', id, '发布等级须由另一人批准', { at, author, by })]
}

function seeds({ id, status, madeAt: at, author, commitments }: Draw): ProposalHead[] {
  if (status === 'made') return []
  if (status === 'begun')
    return [decision('join-draw', id, '种子由两人各出一份', { at, author, by: commitments[0]?.by ?? '' })]
  // Whoever has shown their part has nothing left to do.
  const by = commitments.find(({ part }) => part !== undefined)?.by ?? ''
  return [decision('open-draw', id, '两份种子由两人先后开启', { at, author, by })]
}

function issue({ bulletins }: BulletinSeries): ProposalHead[] {
  return bulletins
    .filter(({ status, returned }) => status === 'draft' && !returned)
    .map(({ id, draftedAt: at, author, by }) =>
      decision('issue-bulletin', id, '发布公告须由另一人批准', { at, author, by }),
    )
}

/** What was prepared as a proposal of the act that decides on it. */
function decision(
  act: string,
  id: string,
  why: string,
  { at, author, by }: { at: string; author: Maker; by: string },
): ProposalHead {
  return { id: `${act}:${id}`, act, on: { id }, saw: 0, position: 0, why, status: 'open', at, author, by }
}
