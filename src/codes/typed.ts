/** What is wrong with a code that somebody typed: a stable English key and a Chinese sentence with the remedy. */
export interface CodeFault {
  code:
    | 'empty'
    | 'length'
    | 'character'
    | 'check-character'
    | 'department'
    | 'category'
    | 'region'
    | 'placeholder'
    | 'digits-lost'
    | 'identity-number'
    | 'mobile-number'
    | 'registration-number'
    | 'tax-number'
    | 'name'
  detail: string
  /** Place of the wrong character in the code as it is written without gaps, counted from 1. */
  place?: number
  /** The check character that the rest of the code asks for. */
  expected?: string
  /** What was typed is personal data: it is neither stored nor repeated in a report. */
  private?: true
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; fault: CodeFault }

/** Longest text that is looked at for a code; a code with a label around it is far shorter. */
const MAX_LENGTH = 200

/** What stands before a code in its cell: 统一社会信用代码：, 组织机构代码, 税号. */
const LABEL =
  /^(?:[\p{Script=Han}/()]{2,40}:|(?:统一社会信用代码|社会信用代码|信用代码|组织机构代码证?|机构代码|企业代码|代码|营业执照注册号|注册号|纳税人识别号|税务登记号|税号)(?:证)?(?:编号|号码|号)?:?)/u

/** What stands around a code to say which print of the certificate it was copied from: （副本）, 副本1-1, (正本). */
const PRINT = /\(?[正副]本[^)]{0,10}\)?(?:\d{1,2}\/?\d{1,2}$)?|\(\d{1,2}[-/]?\d{1,2}\)$/gu

/**
 * Code as people type and files hold it (lower case, full width, gaps, any hyphen, invisible marks, a label or 副本
 * around it, a spreadsheet's `="…"`) in the form that rules are written for.
 */
export function tidyCode(typed: string): string {
  if (/^[0-9A-Z]{1,18}$/.test(typed)) return typed
  return typed
    .slice(0, MAX_LENGTH)
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Cc}\p{Variation_Selector}\p{Pd}_'"‘’“”`]/gu, '')
    .replace(/^=/u, '')
    .replace(LABEL, '')
    .replace(PRINT, '')
    .replace(/^[([{【〔《]|[)\]}】〕》,;。.、]$/gu, '')
    .toUpperCase()
}

/** Fails for a code with a character outside `alphabet`; names the first one, its place and the remedy. */
export function wrongCharacter(code: string, alphabet: string, allowed: string): CodeFault | undefined {
  const characters = Array.from(code)
  const at = characters.findIndex((character) => !alphabet.includes(character))
  if (at < 0) return undefined
  return {
    code: 'character',
    place: at + 1,
    detail: `第 ${at + 1} 位应为${allowed}，现为“${characters[at]}”。`,
  }
}
