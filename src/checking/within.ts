/** What a text that is nobody's name may hold: codes, and stretches that may be names, by their places. */
export interface Within {
  codes: readonly string[]
  spans: readonly { start: number; end: number }[]
}

/** What the names of firms end with, where others or an address follow without a mark between. */
const NAME_END = /公司|集团|厂|合作社|合伙企业|[（(](?:有限|普通|特殊普通)合伙[)）]|[店社站行部场院矿]|中心/gu
/** What stands between names, before one (原名：…) or after one. */
const MARK = /[\s、，,；;。/|｜:：+＋&（）()【】[\]]/u
/** Words between names, which may be part of one as well. */
const JOINT = /以及|[和与及]/gu
const CODE = /[0-9A-Z]{18}/gu

const SHORTEST = 4
const LONGEST = 100
/** More are not looked up: whoever writes longer is asked to write shorter. */
const MOST_SPANS = 40

/**
 * Takes a text apart that may name several firms, or one among other words (…有限公司、…厂; a code and a name glued together;
 * a name with its address; …（原名：…厂）). The longest stretch from each place comes first.
 */
export function within(text: string): Within {
  const characters = text.toUpperCase().replace(/[！-～]/gu, (wide) => wide.normalize('NFKC'))
  const codes = Array.from(characters.matchAll(CODE))
  const [starts, ends] = [new Set([0]), new Set([text.length])]
  for (const { 0: code, index } of codes) {
    ends.add(index)
    starts.add(index + code.length)
  }
  for (const { 0: end, index } of text.matchAll(NAME_END)) {
    ends.add(index + end.length)
    starts.add(index + end.length)
  }
  for (const { 0: joint, index } of text.matchAll(JOINT)) starts.add(index + joint.length)
  for (let i = 0; i < text.length; i += 1)
    if (MARK.test(text.charAt(i))) {
      ends.add(i)
      starts.add(i + 1)
    }
  const longestFirst = [...ends].sort((a, b) => b - a)
  const spans = [...starts]
    .sort((a, b) => a - b)
    .filter((start) => !MARK.test(text.charAt(start)))
    .flatMap((start) =>
      longestFirst
        .filter((end) => end - start >= SHORTEST && end - start <= LONGEST)
        .map((end) => ({ start, end })),
    )
  return { codes: codes.map(([code]) => code), spans: spans.slice(0, MOST_SPANS) }
}
