import { writtenText } from '../codes/characters.ts'
import { leadingPlaces } from '../codes/places.ts'
import { simplifiedText } from '../codes/simplified.ts'

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
  return SAME.reduce((text, [from, to]) => text.replace(from, to), simplifiedText(plain))
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

/**
 * Where names of authorities may stand in a text: each beginning, with the ends that a name from there may have, the furthest
 * first. A name begins with the text, behind what is no letter, behind a word that joins, or behind another name; it ends where
 * the text does, before what is no letter, or with what an office is called (局、委员会): an office within an authority has its
 * name before its own (河北省市场监督管理局稽查局).
 */
export function namesWithin(text: string): [from: number, ends: number[]][] {
  const after = (pattern: RegExp) =>
    Array.from(text.matchAll(pattern), ({ index, 0: found }) => index + found.length)
  const offices = after(/[局委会厅院府]/gu)
  const gaps = Array.from(text.matchAll(/[^\p{L}\p{N}]+/gu), ({ index }) => index)
  const beginnings = [
    0,
    ...offices,
    ...after(/[^\p{L}\p{N}]+/gu),
    ...after(/会同|联合|以及|及其|[和与及同并暨]/gu),
  ]
  const ends = [...offices, ...gaps, text.length]
  return inOrder(beginnings)
    .filter((from) => from < text.length)
    .map((from) => [from, inOrder(ends.filter((end) => end > from)).reverse()])
}

function inOrder(places: number[]): number[] {
  return Array.from(new Set(places)).sort((a, b) => a - b)
}
