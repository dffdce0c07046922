import { type Stretch, stretches } from './pinyin.ts'
import { quoted } from './tokens.ts'

/** At most this many pairs of syllables are asked for: the rest of a long name adds nothing. */
const PAIRS_ASKED = 24

/** Query for the index of readings: initials three by three, or syllables two by two. */
export function readingExpression(letters: string): string {
  const initials =
    letters.length <= 3
      ? [`"0${letters}"*`]
      : Array.from({ length: Math.min(PAIRS_ASKED, letters.length - 2) }, (_, i) =>
          quoted(`0${letters.slice(i, i + 3)}`),
        )
  const syllables = syllableConditions(stretches(letters)).slice(0, PAIRS_ASKED)
  return [initials, syllables]
    .filter((conditions) => conditions.length > 0)
    .map((conditions) => `(${conditions.join(' AND ')})`)
    .join(' OR ')
}

/** Conditions on pairs of syllables that every name so read meets; `matchByReading` looks closer. */
function syllableConditions(stretches: readonly Stretch[]): string[] {
  const [first] = stretches
  if (first && first.length > 0 && stretches.length === 1 && first.every((spelling) => spelling.length === 1))
    return [anyOf(first.map(([only]) => `"${only}1"*`))]
  return stretches.flatMap((stretch, i) => {
    const isLast = i === stretches.length - 1
    const before = stretches[i - 1]
    const across = before
      ? pairs(
          before.map((spelling) => spelling.at(-1) ?? ''),
          stretch,
          isLast,
        )
      : []
    // A way to cut that has no pair of its own says nothing, and so the stretch doesn't.
    const within = stretch.every((spelling) => spelling.length > 1)
      ? stretch.map((spelling) =>
          pairTerm(spelling[0] ?? '', spelling[1] ?? '', isLast && spelling.length === 2),
        )
      : []
    return [across, within].filter((terms) => terms.length > 0).map(anyOf)
  })
}

function pairs(before: readonly string[], stretch: Stretch, isLast: boolean): string[] {
  return before.flatMap((syllable) =>
    stretch.map((spelling) => pairTerm(syllable, spelling[0] ?? '', isLast && spelling.length === 1)),
  )
}

/** The last syllable may be typed in part only. */
function pairTerm(syllable: string, next: string, isLast: boolean): string {
  return isLast ? `"${syllable}1${next}"*` : quoted(`${syllable}1${next}`)
}

function anyOf(terms: readonly string[]): string {
  return `(${Array.from(new Set(terms)).join(' OR ')})`
}
