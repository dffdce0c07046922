import { z } from 'zod'
import type { Entry } from '../register/entry.ts'
import { type Maker, makerOf } from './maker.ts'

const id = z.string()

/** What an act is asked of: a file by its code, and a part of it by its id; what is no file by its id alone. */
export const addressSchema = z.object({ code: z.string().optional(), id: z.string().optional() })
export type Address = z.output<typeof addressSchema>

/** Payload of each step of a proposal: an act that waits for a second person (两人办理). */
export const proposalPayloads = {
  'act.proposed': z.object({
    id,
    act: z.string(),
    on: addressSchema,
    input: z.record(z.string(), z.unknown()),
    /** Position of the last entry that touched the thing: whatever touches it afterwards lets the proposal lapse. */
    saw: z.number(),
    /** The fields of the thing that it would change, where it does nothing else: others may change meanwhile. */
    fields: z.array(z.string()).optional(),
    /** Why it takes a second person, in words. */
    why: z.string(),
    /** Account that proposed. */
    by: z.string(),
  }),
  'act.confirmed': z.object({ id, by: z.string() }),
  'act.refused': z.object({ id, reason: z.string(), by: z.string() }),
  'act.lapsed': z.object({ id, reason: z.string() }),
} as const

export type ProposalKind = keyof typeof proposalPayloads
export type ProposalFact = {
  [K in ProposalKind]: { kind: K; payload: z.output<(typeof proposalPayloads)[K]> }
}[ProposalKind]

/** What puts an act forward. */
export type ProposalMade = z.output<(typeof proposalPayloads)['act.proposed']>

export const proposalStatuses = ['open', 'confirmed', 'refused', 'lapsed'] as const

/** A proposal (待确认的提请): nothing has changed until a second person confirms it. */
export interface Proposal extends ProposalMade {
  status: (typeof proposalStatuses)[number]
  at: string
  author: Maker
  position: number
  /** The import that it came with, by its id. */
  import?: string
  settled?: { at: string; author: Maker; by?: string; reason?: string }
}

/** A proposal without what it would write. */
export type ProposalHead = Omit<Proposal, 'input'>

/** The import that a command belongs to, by its id; undefined for any other. */
function importOf(command: string): string | undefined {
  return /^import\/([^/]+)(?:\/\d+)?$/.exec(command)?.[1]
}

/** The proposals of a subject after one more step of one of them. */
export function foldProposals(
  before: readonly Proposal[],
  { kind, payload }: ProposalFact,
  entry: Entry,
): Proposal[] {
  const { seq: position, recordedAt: at, command } = entry
  const author = makerOf(entry, 'by' in payload ? payload.by : undefined)
  if (kind === 'act.proposed') {
    const from = importOf(command)
    const own = { ...payload, status: 'open' as const, at, author, position }
    return [...before, { ...own, ...(from !== undefined && { import: from }) }]
  }
  const settled = {
    at,
    author,
    ...('by' in payload && { by: payload.by }),
    ...('reason' in payload && { reason: payload.reason }),
  }
  const status = (
    { 'act.confirmed': 'confirmed', 'act.refused': 'refused', 'act.lapsed': 'lapsed' } as const
  )[kind]
  return before.map((own) =>
    own.id === payload.id && own.status === 'open' ? { ...own, status, settled } : own,
  )
}

/**
 * The proposals of a subject that is no file after one more entry; undefined where the entry is no step of one. A later
 * one of the same act takes the place of one that still waits.
 */
export function proposalsAfter(
  before: readonly Proposal[] | undefined,
  entry: Entry,
): Proposal[] | undefined {
  const { kind, payload } = entry
  const fact = payload === null ? undefined : proposalFact.safeParse({ kind, payload }).data
  if (!fact) return undefined
  const replaced = (act: string) => lapsed(before, entry, '已另行提请', act)
  const kept = fact.kind === 'act.proposed' ? replaced(fact.payload.act) : (before ?? [])
  return foldProposals(kept, fact, entry)
}

/** Proposals of which those that wait, or those of one act, have been overtaken by an entry. */
export function lapsed(
  before: readonly Proposal[] | undefined,
  entry: Entry,
  reason: string,
  act?: string,
): Proposal[] {
  const settled = { at: entry.recordedAt, author: makerOf(entry), reason }
  return (before ?? []).map((own) =>
    own.status === 'open' && (act === undefined || own.act === act)
      ? { ...own, status: 'lapsed', settled }
      : own,
  )
}

const proposalFact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('act.proposed'), payload: proposalPayloads['act.proposed'] }),
  z.object({ kind: z.literal('act.confirmed'), payload: proposalPayloads['act.confirmed'] }),
  z.object({ kind: z.literal('act.refused'), payload: proposalPayloads['act.refused'] }),
  z.object({ kind: z.literal('act.lapsed'), payload: proposalPayloads['act.lapsed'] }),
])

/** The one that waits for a second person. */
export function waitingIn({ proposals = [] }: { proposals?: readonly Proposal[] }): Proposal | undefined {
  return proposals.find(({ status }) => status === 'open')
}

/** Subject of what is put forward about an import; the import itself is kept beside the register. */
export function importSubject(id: string): string {
  return `import/${id}`
}

/** What was put forward about what is kept beside the register, after one more entry. */
export interface Beside {
  revision: number
  proposals: Proposal[]
}

export function foldBeside(before: Beside | undefined, entry: Entry): Beside {
  const proposals = proposalsAfter(before?.proposals, entry) ?? before?.proposals ?? []
  return { revision: entry.revision, proposals }
}

/** What confirming a proposal appended to its subject, the confirmation first. */
export function confirmationOf(history: readonly Entry[], id: string): Entry[] {
  const confirmed = history.find(
    ({ kind, payload }) => kind === 'act.confirmed' && proposalIn(payload) === id,
  )
  return history.filter(
    ({ seq, command }) => confirmed && seq >= confirmed.seq && command === confirmed.command,
  )
}

/** The id of the proposal that a payload is a step of. */
export function proposalIn(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'id' in payload ? payload.id : undefined
}
