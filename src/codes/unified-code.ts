import { categoriesOf, departmentName, isOfficeBeyondProvinces } from './departments.ts'
import { mistypedIdentityNumber, otherThanCode } from './not-a-code.ts'
import { placeOfCode } from './places.ts'
import { type CodeFault, type Parsed, tidyCode, wrongCharacter } from './typed.ts'

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

/** What is wrong with a unified code in stored form by the rules of GB 32100 alone. */
function faultOf(code: string): CodeFault | undefined {
  const length = Array.from(code).length
  if (length !== 18)
    return {
      code: 'length',
      detail: `统一社会信用代码为 18 位，现为 ${length} 位；请对照营业执照补齐或删去多余字符。`,
    }
  const character = wrongCharacter(code, ALPHABET, ' 0-9 或大写字母')
  if (character)
    return { ...character, detail: `${character.detail}统一社会信用代码不含字母 I、O、S、V、Z。` }
  return wrongCheck(code) ?? wrongPart(code)
}

function wrongCheck(code: string): CodeFault | undefined {
  const expected = unifiedCheckCharacter(code)
  if (code.charAt(17) === expected) return undefined
  if (/^\d{15}000$/u.test(code))
    return {
      code: 'digits-lost',
      detail:
        '校验不符，且末 3 位都是 0：表格软件可能把代码当作数字，丢失了末几位。请把该列设为文本，按营业执照重新填写。',
    }
  return {
    code: 'check-character',
    place: 18,
    expected,
    detail: `第 18 位校验码应为“${expected}”，现为“${code.charAt(17)}”；请核对前 17 位是否抄错。`,
  }
}

/** One wrong character in 31 leaves the check character right, so the parts are held to their tables too. */
function wrongPart(code: string): CodeFault | undefined {
  const department = code.charAt(0)
  const category = code.charAt(1)
  const name = departmentName(department)
  if (name === undefined)
    return {
      code: 'department',
      place: 1,
      detail: `第 1 位“${department}”不是 GB 32100 规定的登记管理部门代码（企业为 9）；请对照营业执照核对。`,
    }
  const categories = categoriesOf(department)
  if (categories[category] === undefined)
    return {
      code: 'category',
      place: 2,
      detail: `第 2 位“${category}”不是登记管理部门“${name}”的机构类别代码（${Object.entries(categories)
        .map(([key, meaning]) => `${key} ${meaning}`)
        .join('、')}）；请对照营业执照核对。`,
    }
  const digits = regionWithin(code)
  if (/^\d{6}$/u.test(digits) && (placeOfCode(digits) || isOfficeBeyondProvinces(digits))) return undefined
  return {
    code: 'region',
    place: 3,
    detail: `第 3-8 位“${digits}”应为登记管理机关的行政区划代码，其前两位不是任何省、自治区、直辖市；请对照营业执照核对。`,
  }
}

/** Unified code from what somebody typed; the fault names the character, its place and the remedy. */
export function parseUnifiedCode(typed: string): Parsed<UnifiedCode> {
  const code = tidyCode(typed)
  if (code === '') return { ok: false, fault: { code: 'empty', detail: '请填写统一社会信用代码。' } }
  const wrong = faultOf(code)
  const fault = otherThanCode(code) ?? (wrong && (mistypedIdentityNumber(code) ?? wrong))
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
