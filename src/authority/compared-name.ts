import { writtenText } from '../codes/characters.ts'
import { leadingPlaces } from '../codes/places.ts'
import { simplified } from '../codes/simplified.ts'

/** How offices are called for short, or were written by a hand that took one character for its twin. */
const SAME: readonly (readonly [RegExp, string])[] = [
  [/巿/g, '市'],
  [/市场监管局|市监局/g, '市场监督管理局'],
  [/质监局/g, '质量技术监督局'],
  [/食药监局|食品药品监管局/g, '食品药品监督管理局'],
  [/(?<=局)本级$/, ''],
]

/**
 * A name of an authority as it is held against others: letters and digits only, half width, in simplified characters,
 * what is said for short in full. Two that look alike to a reader are one.
 */
export function comparedName(name: string): string {
  const plain = writtenText(name)
    .text.normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '')
  const characters = Array.from(plain, (one) => simplified.get(one) ?? one).join('')
  return SAME.reduce((text, [from, to]) => text.replace(from, to), characters)
}

/**
 * What a name says by place and office, in each way that it can be read, where its place in Hebei is certain: 唐山市场监督管理局
 * is 唐山's 市场监督管理局 as 唐山市市场监督管理局 is, 省市场监督管理局 and 河北市场监督管理局 are the province's.
 */
export function officesSaid(name: string): string[] {
  const text = comparedName(name)
  const readings = text.startsWith('省') ? [{ code: PROVINCE, rest: text.slice(1) }] : leadingPlaces(text)
  const offices = readings.filter(({ rest }) => rest !== '')
  return Array.from(new Set(offices.map(({ code, rest }) => `${code} ${rest}`)))
}

const PROVINCE = '130000'

/** The names that a name may go on from, the longest first: an office within an authority has its name before its own (河北省市场监督管理局稽查局). */
export function namesAhead(name: string): string[] {
  const ends = Array.from(name.matchAll(/[局委会厅院府]/gu), ({ index }) => index + 1)
  return ends
    .filter((end) => end < name.length)
    .reverse()
    .map((end) => name.slice(0, end))
}
