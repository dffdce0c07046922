import { type CodeFault, type Parsed, registrationNumber, tidyCode, wrongCharacter } from './typed.ts'

/** A valid unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, upper case, no gaps. */
export type UnifiedCode = string

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]))
const WEIGHTS = Array.from({ length: 17 }, (_, i) => Number(3n ** BigInt(i) % 31n))

/** Check character for the first 17 characters of a unified social credit code (GB 32100-2015). */
export function unifiedCheckCharacter(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * (VALUES.get(body.charAt(i)) ?? 0), 0)
  return ALPHABET.charAt((31 - (sum % 31)) % 31)
}

function faultOf(code: string): CodeFault | undefined {
  if (code === '') return { code: 'empty', detail: '请填写统一社会信用代码。' }
  const old = registrationNumber(code)
  if (old) return old
  const length = Array.from(code).length
  if (length !== 18)
    return {
      code: 'length',
      detail: `统一社会信用代码为 18 位，现为 ${length} 位；请对照营业执照补齐或删去多余字符。`,
    }
  const character = wrongCharacter(code, ALPHABET, ' 0-9 或大写字母')
  if (character)
    return { ...character, detail: `${character.detail}统一社会信用代码不含字母 I、O、S、V、Z。` }
  const expected = unifiedCheckCharacter(code)
  if (code.charAt(17) === expected) return undefined
  return {
    code: 'check-character',
    place: 18,
    expected,
    detail: `第 18 位校验码应为“${expected}”，现为“${code.charAt(17)}”；请核对前 17 位是否抄错。`,
  }
}

/** Unified code from what somebody typed; the fault names the character, its place and the remedy. */
export function parseUnifiedCode(typed: string): Parsed<UnifiedCode> {
  const code = tidyCode(typed)
  const fault = faultOf(code)
  return fault ? { ok: false, fault } : { ok: true, value: code }
}

/** Organisation code that stands in characters 9 to 17 of a unified code; its own check character may be wrong. */
export function organisationCodeWithin(code: UnifiedCode): string {
  return code.slice(8, 17)
}

/** Region of the registering office (登记管理机关行政区划码): characters 3 to 8. */
export function regionWithin(code: UnifiedCode): string {
  return code.slice(2, 8)
}

/** Unified code grouped for reading: `91 130100 M000100Y4 3`. */
export function printedUnifiedCode(code: UnifiedCode): string {
  return `${code.slice(0, 2)} ${code.slice(2, 8)} ${code.slice(8, 17)} ${code.slice(17)}`
}
