import { identityHindrance } from '../authority/acting.ts'
import type { Address } from '../authority/proposal.ts'
import type { Decision, Situation } from '../dossier/commands.ts'
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
}

/** Puts an act forward for a second person; refuses the same one upon the same thing while another waits. */
export function proposing(
  act: Pick<Act, 'name' | 'label' | 'on'>,
  { dossier, subject, revision, proposals, version }: Seen,
  { on, input, why }: Proposed,
  at: Situation,
): Decision {
  const unknown = identityHindrance(at.actor)
  if (unknown !== undefined) throw new Refusal('forbidden', unknown)
  const { id } = on
  const address = { ...(dossier && { code: dossier.key }), ...(id !== undefined && { id }) }
  const same = proposals.find(
    (known) => known.status === 'open' && known.act === act.name && known.on.id === id,
  )
  if (same)
    throw new Refusal(
      'exists',
      `同一事项已由${same.author.authority}${same.author.officer}提请“${act.label}”，正在等待另一人确认。`,
      [],
      { proposal: same.id },
    )
  return {
    key: subject,
    drafts: [proposal(subject, { act: act.name, on: address, input, saw: version, why }, at)],
    expect: new Map([[subject, revision]]),
    ...(id !== undefined && act.on === 'record' && { recordId: id }),
  }
}

/** Entry that puts an act forward. */
export function proposal(
  subject: string,
  asked: { act: string; on: Address; input: Record<string, unknown>; saw: number; why: string },
  at: Situation,
): Draft {
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
