import type { Decision, Situation } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { Address } from '../dossier/proposal.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Draft } from '../register/entry.ts'
import type { Act } from './act.ts'

interface Proposed {
  dossier: Dossier
  on: Address
  /** Version of the thing that it is upon. */
  saw: number
  input: Record<string, unknown>
  /** Why it takes a second person, in words. */
  why: string
}

/** Puts an act forward for a second person; refuses the same one upon the same thing while another waits. */
export function proposing(
  act: Pick<Act, 'name' | 'label' | 'on'>,
  { dossier, on, saw, input, why }: Proposed,
  at: Situation,
): Decision {
  const address = { code: dossier.key, ...(on.id !== undefined && { id: on.id }) }
  const same = dossier.proposals?.find(
    (known) => known.status === 'open' && known.act === act.name && known.on.id === address.id,
  )
  if (same)
    throw new Refusal(
      'exists',
      `同一事项已由${same.author.authority}${same.author.officer}提请“${act.label}”，正在等待另一人确认。`,
      [],
      { proposal: same.id },
    )
  const by = at.actor.id ?? at.actor.person
  const payload = { id: at.newId(), act: act.name, on: address, input, saw, why, by }
  return {
    key: dossier.key,
    drafts: [settling(dossier, 'act.proposed', payload, at)],
    expect: new Map([[dossier.key, dossier.revision]]),
    ...(on.id !== undefined && act.on === 'record' && { recordId: on.id }),
  }
}

/** Entry of a step of a proposal. */
export function settling(
  { key }: Dossier,
  kind: string,
  payload: unknown,
  { actor: { authority, officer } }: Pick<Situation, 'actor'>,
): Draft {
  return { subject: key, kind, payload, visibility: 'internal', author: { authority, officer } }
}
