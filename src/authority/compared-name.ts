import { writtenText } from '../codes/characters.ts'
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
