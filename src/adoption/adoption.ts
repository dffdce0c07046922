import { z } from 'zod'
import type { Author, Entry } from '../register/entry.ts'

/** A document that is adopted in versions: a rating standard, a set of listing rules. */
export interface Versioned {
  id: string
  version: number
}

/** A version with when and by whom it was adopted (采用). */
export interface Adopted<D extends Versioned> {
  document: D
  adoptedAt: string
  position: number
  author: Author
}

/** All versions of a document that were ever adopted, the one in force last. */
export interface Adoption<D extends Versioned> {
  id: string
  /** Revision of the subject. */
  revision: number
  versions: Adopted<D>[]
  /** The next version, put forward (提请) by one officer and waiting for another. */
  proposed?: { document: D; at: string; author: Author; by: string }
}

/** How entries of a kind of document are folded: `standard.proposed`, `standard.adopted`, `standard.refused`. */
export function foldAdoption<D extends Versioned>(
  kind: string,
  schema: z.ZodType<D>,
): (before: Adoption<D> | undefined, entry: Entry) => Adoption<D> | undefined {
  const putForward = z.object({ document: schema, by: z.string() })
  return (before, { kind: event, payload, recordedAt: at, author, revision, seq: position }) => {
    if (payload === null) return before
    const versions = before?.versions ?? []
    switch (event) {
      case `${kind}.proposed`: {
        const { document, by } = putForward.parse(payload)
        return { id: document.id, revision, versions, proposed: { document, at, author, by } }
      }
      case `${kind}.refused`:
        return before && { id: before.id, revision, versions }
      case `${kind}.adopted`: {
        const document = schema.parse(payload)
        const adopted = { document, adoptedAt: at, position, author }
        return { id: document.id, revision, versions: [...versions, adopted] }
      }
      default:
        return before
    }
  }
}

/** The version in force, or the one asked for. */
export function versionOf<D extends Versioned>(
  { versions }: Adoption<D>,
  version?: number,
): Adopted<D> | undefined {
  return version === undefined
    ? versions.at(-1)
    : versions.find(({ document }) => document.version === version)
}
