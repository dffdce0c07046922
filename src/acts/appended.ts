import type { Decision, Situation } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { FileEntryKind, FilePayload } from '../dossier/entries.ts'
import type { Draft, Visibility } from '../register/entry.ts'

/** A decision to append one internal entry to a file that nobody has changed meanwhile. */
export function appended<K extends FileEntryKind>(
  { key, revision }: Dossier,
  at: Situation,
  kind: K,
  payload: FilePayload<K>,
): Decision {
  return one({ subject: key, revision }, at, kind, payload)
}

/** The same to what stands outside files; public where it says so. */
export function one(
  { subject, revision }: { subject: string; revision: number },
  { actor: { authority, officer } }: Pick<Situation, 'actor'>,
  kind: string,
  payload: unknown,
  visibility: Visibility = 'internal',
): Decision {
  return {
    key: subject,
    drafts: [{ subject, kind, payload, visibility, author: { authority, officer } }],
    expect: new Map([[subject, revision]]),
  }
}

/** What goes with a decision into the same append: further entries, and what they rest on. */
interface Beside {
  drafts?: readonly Draft[]
  expect?: Iterable<readonly [subject: string, revision: number]>
}

/** A decision with what goes with it. */
export function together(decision: Decision, { drafts = [], expect = [] }: Beside): Decision {
  return {
    ...decision,
    drafts: [...decision.drafts, ...drafts],
    expect: new Map([...decision.expect, ...expect]),
  }
}
