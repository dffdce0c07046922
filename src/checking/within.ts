/** What a text that is nobody's name may hold. */
export interface Within {
  codes: readonly string[]
  /** Stretches that may be names, by their places. */
  spans: readonly { start: number; end: number }[]
  /** Whether there are more stretches than are looked up. */
  isTangled: boolean
}

/** What the names of firms end with, where others or an address follow without a mark between. */
const NAME_END = /公司|集团|厂|合作社|合伙企业|[（(](?:有限|普通|特殊普通)合伙[)）]|[店社站行部场院矿]|中心/gu
/** Marks that stand between names and in none. */
const BETWEEN = /[、，,；;。/|｜：:]/u
/** Marks that stand within names too, and beside them. */
const BESIDE = /[\s+＋&（）()【】[\]]/u
/** Words between names, which may be part of one as well. */
const JOINT = /以及|[和与及]/gu
const CODE = /[0-9a-z]{18}/giu

const SHORTEST = 4
const LONGEST = 100
const MOST_SPANS = 120

/**
 * Takes a text apart that may name several firms, or one among other words (…有限公司、…厂; a code and a name glued together;
 * a name with its address; …（原名：…厂）). The longest stretch from each place comes first.
 */
export function within(text: string): Within {
  const codes = Array.from(
    text.replace(/[！-～]/gu, (wide) => wide.normalize('NFKC')).matchAll(CODE),
    ({ 0: code, index }) => ({ code: code.toUpperCase(), start: index, end: index + code.length }),
  )
  const places = Array.from({ length: text.length }, (_, i) => i)
  const between = places.filter((i) => BETWEEN.test(text.charAt(i)))
  const beside = places.filter((i) => BESIDE.test(text.charAt(i)))
  const endings = Array.from(text.matchAll(NAME_END), ({ 0: end, index }) => index + end.length)
  const joints = Array.from(text.matchAll(JOINT), ({ 0: joint, index }) => index + joint.length)
  const starts = [0, ...endings, ...joints, ...codes.map(({ end }) => end)]
  for (const mark of [...between, ...beside]) starts.push(mark + 1)
  const walls = [...between, ...codes.map(({ start }) => start), text.length].sort((a, b) => a - b)
  const spans = Array.from(new Set(starts))
    .sort((a, b) => a - b)
    .filter(
      (start) => start < text.length && !BETWEEN.test(text.charAt(start)) && !BESIDE.test(text.charAt(start)),
    )
    .flatMap((start) => {
      const wall = walls.find((place) => place > start) ?? text.length
      const word = beside.find((place) => place > start) ?? wall
      const ends = new Set([
        ...endings.filter((end) => end > start && end <= wall),
        Math.min(word, wall),
        wall,
      ])
      return [...ends].sort((a, b) => b - a).map((end) => ({ start, end }))
    })
    .filter(({ start, end }) => end - start >= SHORTEST && end - start <= LONGEST)
  return {
    codes: codes.map(({ code }) => code),
    spans: spans.slice(0, MOST_SPANS),
    isTangled: spans.length > MOST_SPANS,
  }
}
