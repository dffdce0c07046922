import { otherThanCode } from './not-a-code.ts'
import { type CodeFault, type Parsed, tidyCode, wrongCharacter } from './typed.ts'

/** A valid organisation code (组织机构代码, GB 11714) in its stored form: nine characters without the hyphen. */
export type OrganisationCode = string

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** Check character for the first eight characters of an organisation code (GB 11714). */
export function organisationCheckCharacter(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * ALPHABET.indexOf(body.charAt(i)), 0)
  const check = 11 - (sum % 11)
  if (check === 10) return 'X'
  return check === 11 ? '0' : String(check)
}

/** What is wrong with an organisation code in stored form by the rules of GB 11714 alone. */
function faultOf(code: string): CodeFault | undefined {
  const length = Array.from(code).length
  if (length !== 9) {
    const whole = withLostZeros(code)
    if (whole !== undefined)
      return {
        code: 'digits-lost',
        detail: `组织机构代码为 9 位，现为 ${length} 位；表格软件可能丢失了开头的 0，补齐后为“${whole}”，请核对后重新填写。`,
      }
    return {
      code: 'length',
      detail: `组织机构代码为 9 位，现为 ${length} 位；请对照证书补齐或删去多余字符。`,
    }
  }
  const character = wrongCharacter(code.slice(0, 8), ALPHABET, ' 0-9 或大写字母')
  if (character) return character
  const last = wrongCharacter(code.slice(8), '0123456789X', ' 0-9 或 X')
  if (last) return { ...last, place: 9, detail: last.detail.replace('第 1 位', '第 9 位') }
  const expected = organisationCheckCharacter(code)
  if (code.charAt(8) === expected) return undefined
  return {
    code: 'check-character',
    place: 9,
    expected,
    detail: `第 9 位校验码应为“${expected}”，现为“${code.charAt(8)}”；请核对前 8 位是否抄错。`,
  }
}

/** The organisation code of which a spreadsheet took the zeros off the front; undefined where that isn't so. */
export function withLostZeros(code: string): OrganisationCode | undefined {
  if (!/^\d{6,7}[\dX]$/u.test(code)) return undefined
  const whole = code.padStart(9, '0')
  return organisationCheckCharacter(whole) === whole.charAt(8) ? whole : undefined
}

/** Whether nine characters in stored form satisfy GB 11714, check character included. */
export function isOrganisationCode(code: string): boolean {
  return faultOf(code) === undefined
}

/** Organisation code from what somebody typed; the fault names the character, its place and the remedy. */
export function parseOrganisationCode(typed: string): Parsed<OrganisationCode> {
  const code = tidyCode(typed)
  if (code === '') return { ok: false, fault: { code: 'empty', detail: '请填写组织机构代码。' } }
  const fault = otherThanCode(code) ?? faultOf(code)
  return fault ? { ok: false, fault } : { ok: true, value: code }
}

/** Organisation code as it is printed on certificates: `M000100Y-4`. */
export function printedOrganisationCode(code: string): string {
  return code.length === 9 ? `${code.slice(0, 8)}-${code.slice(8)}` : code
}
