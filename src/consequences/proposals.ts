import { SYSTEM } from '../authority/authority.ts'
import { type Dossier, versionOf } from '../dossier/dossier.ts'
import type { Draft } from '../register/entry.ts'

const AUTHOR = { authority: SYSTEM, officer: '即时处理' }

/** Proposals whose thing has been touched since they saw it: they lapse in the same append. */
export function lapsingProposals(after: Dossier): Draft[] {
  return (after.proposals ?? [])
    .filter(({ status, on, saw, fields }) => status === 'open' && versionOf(after, on.id, fields) !== saw)
    .map(({ id }) => ({
      subject: after.key,
      kind: 'act.lapsed',
      payload: { id, reason: '所涉及的内容已有变动，请按现状重新提请' },
      visibility: 'internal',
      author: AUTHOR,
    }))
}
