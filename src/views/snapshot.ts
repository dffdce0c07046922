import { type Dossier, fold } from '../dossier/dossier.ts'
import { fileJson, type PublicFile } from '../dossier/face.ts'
import type { Entry } from '../register/entry.ts'

/** A file of so many characters is written anew as quickly as an entry is. */
const SMALL = 16_384
/** An entry of a larger one pays for writing so much of it anew. */
const CHARACTERS_AN_ENTRY = 4_096

/** Whether a file is to be written anew: a small one always, a large one after so many entries that they have paid for it. */
export function isSnapshotDue(characters: number, entriesSince: number): boolean {
  return isSmall(characters) || entriesSince * CHARACTERS_AN_ENTRY >= characters
}

/** Whether a file is written anew with each of its entries. */
export function isSmall(characters: number): boolean {
  return characters <= SMALL
}

/** The dossier that a snapshot and the entries since then come to. */
export function dossierFrom(snapshot: string, tail: readonly string[]): Dossier {
  // This room wrote both.
  const dossier: Dossier = JSON.parse(snapshot)
  return folded(dossier, tail)
}

/** A dossier with some further entries as they are kept. */
export function folded(dossier: Dossier, tail: readonly string[]): Dossier {
  if (tail.length === 0) return dossier
  return (
    fold(
      dossier,
      tail.map((entry): Entry => JSON.parse(entry)),
    ) ?? dossier
  )
}

/** What a file is to the public, and the entry that last changed it. */
interface Shown {
  shown: PublicFile | undefined
  publicPosition: number
}

/** Ready answer for the public; null for a withdrawn file. */
export function readyFace(parts: Shown): string | null {
  const shown = shownAt(parts)
  return shown ? fileJson(shown) : null
}

/** The same as data, which stands at the entry that last changed it. */
export function shownAt({ shown, publicPosition: position }: Shown): PublicFile | undefined {
  return shown && { ...shown, revision: position, position }
}
