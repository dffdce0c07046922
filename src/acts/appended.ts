import type { Decision, Situation } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { FileEntryKind, FilePayload } from '../dossier/entries.ts'

/** A decision to append one internal entry to a file that nobody has changed meanwhile. */
export function appended<K extends FileEntryKind>(
  { key, revision }: Dossier,
  { actor: { authority, officer } }: Situation,
  kind: K,
  payload: FilePayload<K>,
): Decision {
  return {
    key,
    drafts: [{ subject: key, kind, payload, visibility: 'internal', author: { authority, officer } }],
    expect: new Map([[key, revision]]),
  }
}
