import { type Stretch, stretches } from './pinyin.ts'

/** What an index of readings is asked for: neighbouring characters read, or begun to be read, in some way. */
export type ReadingToken =
  /** Initials of two or three characters in a row. */
  | { initials: string }
  /** A syllable and the next one; where it is open, the next one is typed in part only, perhaps not at all. */
  | { syllable: string; next: string; isOpen: boolean }

/** Ways in which letters may be meant; in each, one of each group of tokens must be met. */
export type ReadingQuery = { asInitials: ReadingToken[][]; asSyllables: ReadingToken[][] }

/** At most this many groups are asked for: the rest of a long name adds nothing. */
const MOST_GROUPS = 24

/** Conditions that every name so read meets, initials so many in a row; `readingFrom` looks closer. */
export function readingQuery(letters: string, inARow: 2 | 3): ReadingQuery {
  const count = Math.max(1, Math.min(MOST_GROUPS, letters.length - inARow + 1))
  return {
    asInitials: Array.from({ length: count }, (_, i) => [{ initials: letters.slice(i, i + inARow) }]),
    asSyllables: syllableGroups(stretches(letters)).slice(0, MOST_GROUPS),
  }
}

function syllableGroups(all: readonly Stretch[]): ReadingToken[][] {
  const [first] = all
  // Alone, one syllable tells something too, beside the ways in which the same letters are two (`luan`).
  if (first && all.length === 1 && first.some((spelling) => spelling.length === 1))
    return [
      first.map(([syllable = '', next = ''], i) => ({
        syllable,
        next,
        isOpen: (first[i]?.length ?? 0) <= 2,
      })),
    ]
  return all.flatMap((stretch, i) => {
    const isLast = i === all.length - 1
    const before = all[i - 1]?.map((spelling) => spelling.at(-1) ?? '') ?? []
    const across = before.flatMap((syllable) =>
      stretch.map((spelling) => ({
        syllable,
        next: spelling[0] ?? '',
        isOpen: isLast && spelling.length === 1,
      })),
    )
    // A way to cut that has no pair of its own says nothing, and so the stretch doesn't.
    const within = stretch.every((spelling) => spelling.length > 1)
      ? stretch.map((spelling) => ({
          syllable: spelling[0] ?? '',
          next: spelling[1] ?? '',
          isOpen: isLast && spelling.length === 2,
        }))
      : []
    return [across, within].filter((group) => group.length > 0)
  })
}
