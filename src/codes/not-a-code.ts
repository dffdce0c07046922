import { isIdentityNumber, looksLikeIdentityNumber, looksLikeOldIdentityNumber } from './identity-number.ts'
import { organisationCheckCharacter } from './organisation-code.ts'
import type { CodeFault } from './typed.ts'

const REMEDY = '请改填营业执照上的 18 位统一社会信用代码'

/** Words that people write where they have no code. */
const PLACEHOLDER_WORDS =
  /^(?:无|暂无|没有|未知|不详|待补充?|待定|待查|空|未办理?|无代码|无统一社会信用代码|NULL|NONE|NIL|NA|N\/A|\/+|\.+|\*+|\?+|TEST|测试)$/u

const SEQUENCES = ['0123456789'.repeat(3), '9876543210'.repeat(3), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

function isFilling(characters: string): boolean {
  return /^(.)\1*$/u.test(characters) || SEQUENCES.some((sequence) => sequence.includes(characters))
}

/** Whether a code in stored form only fills its field: a word for "none", zeros, one character repeated, 123456789. */
export function isPlaceholder(code: string): boolean {
  if (PLACEHOLDER_WORDS.test(code)) return true
  if (/^(.)\1*$/u.test(code)) return true
  if (code.length === 9) return isFilling(code.slice(0, 8))
  return code.length > 9 && (isFilling(code) || (code.length === 18 && isFilling(code.slice(8, 16))))
}

/**
 * What stands in the place of a code in stored form, where that can be told: personal data first, which some unified
 * codes look like by chance; then placeholders, numbers of other registers, names. Undefined for what may be a code.
 */
export function otherThanCode(code: string): CodeFault | undefined {
  // Nothing else has the form of a unified code; nearly every code is one.
  if (/^[0-9A-Z]{18}$/.test(code)) return personal(code) ?? placeholder(code)
  return personal(code) ?? placeholder(code) ?? lostDigits(code) ?? otherNumber(code) ?? name(code)
}

function personal(code: string): CodeFault | undefined {
  // The tax number of a sole trader is the owner's identity number and two digits.
  const isIdentity = isIdentityNumber(code) || (code.length === 20 && isIdentityNumber(code.slice(0, 18)))
  if (isIdentity || isOldIdentityNumber(code))
    return {
      code: 'identity-number',
      private: true,
      detail: `这是居民身份证号码，不是企业代码。质量信用档案不得记录身份证号码，请删去；${REMEDY}。`,
    }
  if (/^(?:\+?86)?1[3-9]\d{9}$/u.test(code))
    return { code: 'mobile-number', private: true, detail: `这是手机号码，不是企业代码；${REMEDY}。` }
  return undefined
}

/** Said of 18 digits that are no valid code but have a province and a birth date where identity numbers do. */
export function mistypedIdentityNumber(code: string): CodeFault | undefined {
  if (!looksLikeIdentityNumber(code)) return undefined
  return {
    code: 'identity-number',
    private: true,
    detail: `第 7-14 位是出生日期，这是居民身份证号码的写法，不是企业代码。质量信用档案不得记录身份证号码，请删去；${REMEDY}。`,
  }
}

function isOldIdentityNumber(code: string): boolean {
  return looksLikeOldIdentityNumber(code) && !isRegistrationNumber(code) && !isTaxNumber(code)
}

function placeholder(code: string): CodeFault | undefined {
  if (!isPlaceholder(code)) return undefined
  return { code: 'placeholder', detail: `“${code.slice(0, 20)}”只是占位，不是企业代码；${REMEDY}。` }
}

/** Whether a text is a number as a spreadsheet shortens it: 9.11309E+17, 2.01601E+15. */
export function isShortened(text: string): boolean {
  return /^\d(?:\.\d{1,20})?E\+?\d{1,2}$/iu.test(text) && /[.+]/u.test(text)
}

/** A spreadsheet keeps 15 digits of a number: 9.11309E+17, or 911309821095896000. */
function lostDigits(code: string): CodeFault | undefined {
  if (!isShortened(code)) return undefined
  return {
    code: 'digits-lost',
    detail: `“${code}”是数字的科学记数写法：表格软件把代码当作数字，丢失了后面的数字，无法恢复。请把该列设为文本，按营业执照重新填写。`,
  }
}

function otherNumber(code: string): CodeFault | undefined {
  if (/^\d{15}$/u.test(code) && isRegistrationNumber(code)) return registrationNumber(code)
  if (isTaxNumber(code))
    return {
      code: 'tax-number',
      detail: `这是 15 位税务登记号（其中第 7-15 位“${code.slice(6)}”是组织机构代码），不是统一社会信用代码；请改填 18 位统一社会信用代码，或只填这 9 位组织机构代码。`,
    }
  return /^(?:\d{13}|\d{15})$/u.test(code) ? registrationNumber(code) : undefined
}

function registrationNumber(code: string): CodeFault {
  return {
    code: 'registration-number',
    detail: `这是 ${code.length} 位工商注册号，不是统一社会信用代码或组织机构代码；${REMEDY}。`,
  }
}

/** Whether 15 digits are a business registration number (注册号): their last is its check digit (ISO 7064 MOD 11,10). */
export function isRegistrationNumber(code: string): boolean {
  let product = 10
  for (const digit of code.slice(0, 14)) {
    const sum = (product + Number(digit)) % 10 || 10
    product = (sum * 2) % 11
  }
  return (product + Number(code.charAt(14))) % 10 === 1
}

/** Whether 15 characters are a tax number: six digits of the tax office's region and a valid organisation code. */
export function isTaxNumber(code: string): boolean {
  return (
    /^\d{6}[0-9A-Z]{8}[0-9X]$/u.test(code) && organisationCheckCharacter(code.slice(6)) === code.charAt(14)
  )
}

function name(code: string): CodeFault | undefined {
  if (!/\p{Script=Han}{2}/u.test(code)) return undefined
  const shown = Array.from(code).slice(0, 20).join('')
  return {
    code: 'name',
    detail: `“${shown}”是文字，不是企业代码；如果代码与名称两栏填反了，请对调。`,
  }
}
