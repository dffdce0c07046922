import { isCalendarDate } from '../calendar/dates.ts'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'

/** First two digits that a resident identity number can begin with: the provinces of GB/T 2260. */
const PROVINCE = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/

/** Whether text has the form of a resident identity number of 18 characters: a province and a birth date. */
export function looksLikeIdentityNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text) || !PROVINCE.test(text)) return false
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  return birth >= '1900-01-01' && birth < '2050-01-01' && isCalendarDate(birth)
}

/**
 * Whether 18 characters are a resident identity number (居民身份证号码, GB 11643): province, birth date and check
 * character hold. About one in 31 also passes the check of a unified social credit code.
 */
export function isIdentityNumber(text: string): boolean {
  if (!looksLikeIdentityNumber(text)) return false
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text.charAt(i)), 0)
  return CHECK_CHARACTERS.charAt(sum % 11) === text.charAt(17)
}

/**
 * Whether 15 digits have the form of the identity numbers issued until 1999: a province, a birth date with a year of
 * two digits and a sequence number. They have no check digit.
 */
export function looksLikeOldIdentityNumber(text: string): boolean {
  if (!/^\d{15}$/.test(text) || !PROVINCE.test(text)) return false
  return isCalendarDate(`19${text.slice(6, 8)}-${text.slice(8, 10)}-${text.slice(10, 12)}`)
}
