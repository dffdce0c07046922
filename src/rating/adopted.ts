import { z } from 'zod'
import type { Author, Entry } from '../register/entry.ts'
import { type Standard, standardSchema } from './standard.ts'

/** A version of a standard with when and by whom it was adopted. */
export interface AdoptedStandard {
  standard: Standard
  adoptedAt: string
  position: number
  author: Author
}

/** All versions of a standard that were ever adopted, the one in force last. */
export interface StandardHistory {
  id: string
  versions: AdoptedStandard[]
  /** The next version, put forward by one officer and waiting for another. */
  proposed?: { standard: Standard; at: string; author: Author; by: string }
  /** Revision of the subject. */
  revision?: number
}

const proposed = z.object({ standard: standardSchema, by: z.string() })

/** Subject of the entries about a standard. */
export function standardSubject(id: string): string {
  return `standard/${id}`
}

/** The standard's versions after one more entry. */
export function foldStandard(before: StandardHistory | undefined, entry: Entry): StandardHistory | undefined {
  const { kind, payload, recordedAt: at, author, revision } = entry
  if (payload === null) return before
  if (kind === 'standard.proposed') {
    const { standard, by } = proposed.parse(payload)
    const versions = before?.versions ?? []
    return { id: standard.id, versions, revision, proposed: { standard, at, author, by } }
  }
  if (kind === 'standard.refused' && before) {
    const { proposed: _, ...rest } = before
    return { ...rest, revision }
  }
  if (kind !== 'standard.adopted') return before
  const standard = standardSchema.parse(entry.payload)
  const adopted = { standard, adoptedAt: entry.recordedAt, position: entry.seq, author: entry.author }
  return { id: standard.id, versions: [...(before?.versions ?? []), adopted], revision }
}

/** The version in force, or the one asked for. */
export function versionOf(history: StandardHistory, version?: number): AdoptedStandard | undefined {
  return version === undefined
    ? history.versions.at(-1)
    : history.versions.find(({ standard }) => standard.version === version)
}
