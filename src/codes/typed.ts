/** What is wrong with a code that somebody typed: a stable English key and a Chinese sentence with the remedy. */
export interface CodeFault {
  code: 'empty' | 'length' | 'character' | 'check-character' | 'registration-number'
  detail: string
  /** Place of the wrong character in the code as it is written without gaps, counted from 1. */
  place?: number
  /** The check character that the rest of the code asks for. */
  expected?: string
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; fault: CodeFault }

/** Code as people type it (lower case, full width, spaces, any hyphen) in the form that rules are written for. */
export function tidyCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\u200b-\u200d\ufeff_'"]/gu, '')
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

/** A 13 or 15 digit business registration number (注册号), used before 2015 and often found in code columns. */
export function registrationNumber(code: string): CodeFault | undefined {
  if (!/^(\d{13}|\d{15})$/.test(code)) return undefined
  return {
    code: 'registration-number',
    detail: `“${code}”是 ${code.length} 位工商注册号，不是统一社会信用代码或组织机构代码；请改填营业执照上的 18 位统一社会信用代码。`,
  }
}
