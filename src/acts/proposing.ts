import { identityHindrance } from '../authority/acting.ts'
import type { Address, Proposal, ProposalMade } from '../authority/proposal.ts'
import type { Decision, Situation } from '../dossier/commands.ts'
import { versionOf } from '../dossier/dossier.ts'
import { factOf } from '../dossier/entries.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Draft } from '../register/entry.ts'
import type { Act, Asked } from './act.ts'

/** What an act is upon, as whoever puts it forward sees it. */
type Seen = Pick<Asked, 'dossier' | 'subject' | 'revision' | 'proposals' | 'version'>

interface Proposed {
  on: Address
  input: Record<string, unknown>
  /** Why it takes a second person, in words. */
  why: string
  /** What it would append. */
  drafts: readonly Draft[]
}

/** Puts an act forward for a second person; refuses the same one upon the same thing while another waits. */
export function proposing(
  act: Pick<Act, 'name' | 'label' | 'on'>,
  { dossier, subject, revision, proposals, version }: Seen,
  { on, input, why, drafts }: Proposed,
  at: Situation,
): Decision {
  const unknown = identityHindrance(at.actor)
  if (unknown !== undefined) throw new Refusal('forbidden', unknown)
  const { id } = on
  const address = { ...(dossier && { code: dossier.key }), ...(id !== undefined && { id }) }
  const fields = dossier && fieldsOf(drafts)
  const isOfThem = ({ fields: others }: Proposal) =>
    fields === undefined || others === undefined || others.some((field) => fields.includes(field))
  const { waiting, inTheWay } = waitingAlike(act, { proposals, id }, at, isOfThem)
  const [same] = inTheWay
  if (same)
    throw new Refusal(
      'exists',
      `同一事项已由${same.author.authority}${same.author.officer}提请“${act.label}”，正在等待另一人确认。`,
      [],
      { proposal: same.id },
    )
  const saw = dossier && fields ? versionOf(dossier, id, fields) : version
  const asked = { act: act.name, on: address, input, saw, ...(fields && { fields }), why }
  return {
    key: subject,
    drafts: [
      proposal(subject, asked, at),
      ...waiting.map((known) =>
        settling(
          subject,
          'act.lapsed',
          { id: known.id, reason: `由${at.actor.authority}${at.actor.officer}接替提请` },
          at,
        ),
      ),
    ],
    expect: new Map([[subject, revision]]),
    ...(id !== undefined && act.on === 'record' && { recordId: id }),
  }
}

/** What waits of an act upon the same thing, and what of that stands in the actor's way. */
export function waitingAlike(
  act: Pick<Act, 'name'>,
  { proposals, id }: { proposals: readonly Proposal[]; id: string | undefined },
  at: Pick<Situation, 'actor' | 'doer'>,
  isOfThem: (other: Proposal) => boolean = () => true,
): { waiting: readonly Proposal[]; inTheWay: readonly Proposal[] } {
  const waiting = proposals.filter(
    (known) => known.status === 'open' && known.act === act.name && known.on.id === id && isOfThem(known),
  )
  const isOfMachine = ({ author, by }: Proposal) => at.doer({ ...author, account: by }).isMachine
  // A person takes the place of a machine, whose proposal alone is nobody's.
  return { waiting, inTheWay: waiting.filter((known) => at.actor.isMachine || !isOfMachine(known)) }
}

/** The fields that entries change, where they do nothing else; undefined where they do. */
function fieldsOf(drafts: readonly Draft[]): string[] | undefined {
  const changed = drafts.map(factOf).filter((fact) => fact?.kind !== 'change.explained')
  const fields = changed.map((fact) =>
    fact && 'changes' in fact.payload
      ? [...Object.keys(fact.payload.changes), ...('uscc' in fact.payload ? ['uscc'] : [])]
      : undefined,
  )
  const all = fields.flatMap((own) => own ?? [])
  return all.length === 0 || fields.includes(undefined) ? undefined : all
}

/** Entry that puts an act forward. */
export function proposal(subject: string, asked: Omit<ProposalMade, 'id' | 'by'>, at: Situation): Draft {
  const by = at.actor.id ?? at.actor.person
  return settling(subject, 'act.proposed', { id: at.newId(), ...asked, by }, at)
}

/** Entry of a step of a proposal. */
export function settling(
  subject: string,
  kind: string,
  payload: unknown,
  { actor: { authority, officer } }: Pick<Situation, 'actor'>,
): Draft {
  return { subject, kind, payload, visibility: 'internal', author: { authority, officer } }
}
