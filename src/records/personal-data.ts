import { isCalendarDate } from '../calendar/dates.ts'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'

/** Whether 18 characters are a resident identity number (居民身份证号码, GB 11643): birth date and check digit hold. */
export function isIdentityNumber(text: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  if (birth < '1850-01-01' || birth > '2150-01-01' || !isCalendarDate(birth)) return false
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text.charAt(i)), 0)
  return CHECK_CHARACTERS.charAt(sum % 11) === text.charAt(17)
}

/**
 * Whether free text holds a resident identity number, in full width, with gaps or hyphens between its digits too.
 * A registry of enterprises never stores one (个人信息保护法 art. 28: sensitive personal information).
 */
export function holdsIdentityNumber(text: string): boolean {
  if (text.length < 18) return false
  const plain = text.normalize('NFKC').toUpperCase()
  for (const run of plain.matchAll(/\d[\dX\s\p{Pd}]{16,}/gu)) {
    const characters = run[0].replace(/[^\dX]/g, '')
    for (let i = 0; i + 18 <= characters.length; i += 1)
      if (isIdentityNumber(characters.slice(i, i + 18))) return true
  }
  return false
}
