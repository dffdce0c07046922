import { z } from 'zod'
import { type Maker, makerOf } from '../authority/maker.ts'
import type { Entry } from '../register/entry.ts'

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
  author: Maker
}

/** All versions of a document that were ever adopted, the one in force last. */
export interface Adoption<D extends Versioned> {
  id: string
  /** Revision of the subject. */
  revision: number
  versions: Adopted<D>[]
  /** Versions that this program can't read: written for another one, and of no use to this. */
  unreadable?: { document: unknown; at: string; position: number; author: Maker }[]
  /** The next version, put forward (提请) by one officer and waiting for another. */
  proposed?: { document: D; at: string; author: Maker; by: string }
}

/** How entries of a kind of document are folded: `standard.proposed`, `standard.adopted`, `standard.refused`. */
export function foldAdoption<D extends Versioned>(
  kind: string,
  schema: z.ZodType<D>,
): (before: Adoption<D> | undefined, entry: Entry) => Adoption<D> | undefined {
  const putForward = z.object({ document: schema, by: z.string() })
  return (before, entry) => {
    const { kind: event, payload, subject, recordedAt: at, revision, seq: position } = entry
    const author = makerOf(entry)
    if (payload === null) return before
    const { id, versions, unreadable } = before ?? { id: subject.slice(kind.length + 1), versions: [] }
    const kept = { id, revision, versions, ...(unreadable && { unreadable }) }
    switch (event) {
      case `${kind}.proposed`: {
        const read = putForward.safeParse(payload)
        if (!read.success) return aside(kept, payload, { at, position, author })
        const { document, by } = read.data
        return { ...kept, proposed: { document, at, author, by } }
      }
      case `${kind}.refused`:
        return before && kept
      case `${kind}.adopted`: {
        const read = schema.safeParse(payload)
        if (!read.success) return aside(kept, payload, { at, position, author })
        const adopted = { document: read.data, adoptedAt: at, position, author }
        return { ...kept, versions: [...versions, adopted] }
      }
      default:
        return before
    }
  }
}

/** Keeps a document that can't be read beside those that can. */
function aside<D extends Versioned>(
  kept: Adoption<D>,
  document: unknown,
  when: { at: string; position: number; author: Maker },
): Adoption<D> {
  return { ...kept, unreadable: [...(kept.unreadable ?? []), { document, ...when }] }
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

/** Those that were ever adopted. */
export function everAdopted<D extends Versioned>(all: readonly Adoption<D>[]): Adoption<D>[] {
  return all.filter(({ versions }) => versions.length > 0)
}

/** Those of which somebody has put a version forward that waits for another. */
export function putForward<D extends Versioned>(all: readonly Adoption<D>[]): Adoption<D>[] {
  return all.filter(({ proposed }) => proposed !== undefined)
}
