import type { Asked, Tier } from './asking.ts'
import { firmOf, meets } from './condition.ts'
import type { SearchDocument } from './document.ts'
import type { MatchedBy, SearchHit } from './engine.ts'
import { presentNames } from './former-places.ts'
import { type Folded, fold, plainText } from './normalise.ts'
import { readingFrom } from './pinyin.ts'

/** An enterprise that answers in a tier: by which of its names, why, and what of the name answers. */
export function hitOf(document: SearchDocument, tier: Tier, asked: Asked): SearchHit {
  const [present = '', ...former] = document.names
  const name =
    former.length === 0 || tier.by === 'code' || tier.by === 'all'
      ? present
      : (document.names.find((one) => meets(tier.where, firmOf({ ...document, names: [one] }))) ?? present)
  return {
    document,
    matchedBy: matchedBy(tier, name !== present, name, asked),
    name,
    highlights: tier.by === 'code' || tier.by === 'all' ? [] : highlightsOf(name, tier, asked),
  }
}

function matchedBy({ by }: Tier, isFormer: boolean, name: string, { plain }: Asked): MatchedBy {
  if (by === 'code' || by === 'all' || by === 'place') return by
  if (isFormer) return 'formerName'
  return by === 'name' && !plainText(name).includes(plain) ? 'variant' : by
}

/** Spans of a name, in UTF-16 units of its original text, that answer. */
function highlightsOf(
  name: string,
  { by }: Tier,
  { text, parts, letters, former }: Asked,
): [number, number][] {
  const folded = fold(name)
  if (by === 'place')
    return former
      .flatMap(presentNames)
      .flatMap((place) => [spanOfPart(folded, place)].filter((span) => span !== undefined))
      .slice(0, 1)
  const whole = spanOfPart(folded, text)
  if (whole) return [whole]
  if (by === 'pinyin' && letters !== undefined) {
    const read = readingFrom(folded.characters, letters, 'anywhere')
    if (read) return [spanOf(folded, read.from, read.to)]
  }
  const spans = parts.map((part) => spanOfPart(folded, part)).filter((span) => span !== undefined)
  return spans.length === parts.length && spans.length > 0
    ? spans.sort((a, b) => a[0] - b[0])
    : scatteredSpans(folded, parts.length > 0 ? parts.join('') : text)
}

function spanOfPart(folded: Folded, part: string): [number, number] | undefined {
  const wanted = Array.from(part)
  if (wanted.length === 0) return undefined
  const last = folded.characters.length - wanted.length
  for (let from = 0; from <= last; from += 1)
    if (wanted.every((character, i) => folded.characters[from + i] === character))
      return spanOf(folded, from, from + wanted.length)
  return undefined
}

/** What of a name is left of a text that stands in it with gaps or mistakes: their longest common subsequence. */
function scatteredSpans(folded: Folded, text: string): [number, number][] {
  const { characters } = folded
  const wanted = Array.from(text)
  const lengths = Array.from({ length: characters.length + 1 }, () => new Uint8Array(wanted.length + 1))
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = characters.length - 1; i >= 0; i -= 1)
    for (let j = wanted.length - 1; j >= 0; j -= 1)
      lengths[i]?.fill(
        characters[i] === wanted[j]
          ? lengthAt(i + 1, j + 1) + 1
          : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1)),
        j,
        j + 1,
      )
  const spans: [number, number][] = []
  for (let i = 0, j = 0; i < characters.length && j < wanted.length; ) {
    if (characters[i] === wanted[j]) {
      const span = spanOf(folded, i, i + 1)
      const last = spans.at(-1)
      if (last && last[1] === span[0]) last[1] = span[1]
      else spans.push(span)
      i += 1
      j += 1
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i += 1
    else j += 1
  }
  return spans
}

function spanOf(folded: Folded, from: number, to: number): [number, number] {
  return [folded.spans[from]?.[0] ?? 0, folded.spans[to - 1]?.[1] ?? 0]
}
