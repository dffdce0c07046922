import { type Proposal, waitingIn } from '../authority/proposal.ts'
import { Refusal } from '../dossier/refusal.ts'
import { newId } from '../register/entry.ts'
import type { Registry } from '../registry/registry.ts'
import { COMMAND_LINE } from './authorities.ts'

/** Confirms, as the second administrator, what waits on an account or a key; refuses where nothing does. */
export async function confirmWaiting(
  { acts }: Registry,
  own: { proposals?: readonly Proposal[] } | undefined,
  title: string,
): Promise<void> {
  const waiting = own && waitingIn(own)
  if (!waiting) throw new Refusal('unknown', `${title}没有等待确认的提请。`)
  await acts.confirm(waiting.id, { actor: COMMAND_LINE, command: `act/${newId()}` })
}
