import { createHmac } from 'node:crypto'

const LONGEST = 60

/** Tells the hash that stands for a person from a staff number (工号) or a directory's subject: never the number itself. */
export type PersonHash = (number: string) => string

/** Hashes persons under a key of the registry's own, so that who reads the register can't try out staff numbers. */
export function personHash(key: Buffer): PersonHash {
  return (number) =>
    createHmac('sha256', key).update(number.normalize('NFKC').trim().toUpperCase()).digest('hex').slice(0, 32)
}

/** What is wrong with a staff number; undefined when it will do. */
export function staffNumberFault(number: string): string | undefined {
  if (number.length > LONGEST) return `工号最多 ${LONGEST} 个字符。`
  return /^[\p{L}\p{N}._@-]+$/u.test(number) ? undefined : '工号只能由字母、数字、点、下划线、连字符组成。'
}
