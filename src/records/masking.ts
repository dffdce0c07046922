import { findPersonalData, type TextUse } from './personal-data.ts'

/** What stands where something was taken out of a published text; it doesn't tell how long that was. */
const MASK = '××××'

export interface Masked {
  text: string
  /** How many places were masked. */
  places: number
  /** Words that were to be masked, or kept, and do not stand in the text. */
  missing: string[]
}

/**
 * A text as it may be published (Order 45 art. 6): personal data that is found in it is masked, and so is whatever else
 * is named, everywhere it stands (a person's name, a trade secret). What is named to be kept is none of it, but for what a
 * check digit proves.
 */
export function masked(
  text: string,
  { mask, keep, use }: { mask: readonly string[]; keep: readonly string[]; use?: TextUse },
): Masked {
  const found = findPersonalData(text, use)
    .filter(
      ({ from, to, isCertain }) => isCertain || !keep.some((word) => word.includes(text.slice(from, to))),
    )
    .map(({ from, to }) => ({ from, to }))
  const named = mask.flatMap((word) => placesOf(word, text))
  const places = [...found, ...named].sort((a, b) => a.from - b.from || b.to - a.to)
  let out = ''
  let at = 0
  let count = 0
  for (const { from, to } of places) {
    // What overlaps is masked once, as far as the longer reaches.
    if (from >= at) {
      out += text.slice(at, from) + MASK
      count += 1
    }
    at = Math.max(at, to)
  }
  const missing = [...mask, ...keep].filter((word) => !text.includes(word))
  return { text: out + text.slice(at), places: count, missing }
}

function placesOf(word: string, text: string): { from: number; to: number }[] {
  const places: { from: number; to: number }[] = []
  for (let from = text.indexOf(word); word !== '' && from >= 0; from = text.indexOf(word, from + word.length))
    places.push({ from, to: from + word.length })
  return places
}
