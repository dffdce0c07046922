import { createHmac } from 'node:crypto'

const LONGEST = 60

/** Tells the hash that stands for a person from a staff number (工号) or a directory's subject: never the number itself. */
export type PersonHash = (number: string) => string

/** Hashes persons under a key of the registry's own, so that who reads the register can't try out staff numbers. */
export function personHash(key: Buffer): PersonHash {
  return (number) => createHmac('sha256', key).update(folded(number)).digest('hex').slice(0, 32)
}

/** What is wrong with a staff number; undefined when it will do. */
export function staffNumberFault(number: string): string | undefined {
  if (number.length > LONGEST) return `工号最多 ${LONGEST} 个字符。`
  // Of other scripts some letters look like these: Ѕ9 with a Cyrillic Ѕ would be another person than S9.
  if (!/^[A-Z\d\p{Script=Han}._@-]+$/u.test(folded(number)))
    return '工号只能由英文字母、数字、汉字和点、下划线、连字符组成；看来都是的，其中有形近的别种字母，请用英文输入法重新输入。'
  return comparedNumber(number) === '' ? '工号中没有数字或字母；请填写工号本身。' : undefined
}

/**
 * The hash of whoever bears a staff number, however it is written: S-9, S.9, S09, 工号S9, S9号 are S9. `isKnown` tells
 * whether an account bears a hash already: those from before spellings were compared bear that of what was typed, which
 * goes on meaning them.
 */
export function personNumbered(
  number: string,
  hash: PersonHash,
  isKnown: (person: string) => boolean,
): string {
  const typed = hash(number)
  return isKnown(typed) ? typed : hash(comparedNumber(number))
}

/** A staff number as two are compared; marks between digits stay, since 1-12 is not 11-2. */
function comparedNumber(number: string): string {
  return folded(number)
    .replace(/(\d)[._@-]+(?=\d)/g, '$1.')
    .replace(/[_@-]|\.(?!\d)/g, '')
    .replace(/(^|\D)\.(?=\d)/g, (_, before: string) => before)
    .replace(/^工号|号$/g, '')
    .replace(/(^|\D)0+(?=\d)/g, (_, before: string) => before)
}

function folded(number: string): string {
  return number.normalize('NFKC').trim().toUpperCase()
}
