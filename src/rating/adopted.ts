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
}

/** Subject of the entries about a standard. */
export function standardSubject(id: string): string {
  return `standard/${id}`
}

/** The standard's versions after one more entry. */
export function foldStandard(before: StandardHistory | undefined, entry: Entry): StandardHistory | undefined {
  if (entry.kind !== 'standard.adopted' || entry.payload === null) return before
  const standard = standardSchema.parse(entry.payload)
  const adopted = { standard, adoptedAt: entry.recordedAt, position: entry.seq, author: entry.author }
  return { id: standard.id, versions: [...(before?.versions ?? []), adopted] }
}

/** The version in force, or the one asked for. */
export function versionOf(history: StandardHistory, version?: number): AdoptedStandard | undefined {
  return version === undefined
    ? history.versions.at(-1)
    : history.versions.find(({ standard }) => standard.version === version)
}
