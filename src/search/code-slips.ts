import { isOrganisationCode } from '../codes/organisation-code.ts'
import { tidyCode } from '../codes/typed.ts'
import { organisationCodeWithin, parseUnifiedCode, unifiedCheckCharacter } from '../codes/unified-code.ts'

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const FEWEST_DIGITS = 3
/** Letters that no unified code holds, and what they are taken for. */
const TAKEN_FOR: Readonly<Record<string, string>> = { O: '0', I: '1', S: '5', Z: '2' }

/**
 * Codes that satisfy their check characters and that what was typed is one mistake away from: a character wrong,
 * missing or too many, or two next to each other exchanged; letters that look like digits count for nothing.
 */
export function codesNear(typed: string): string[] {
  const code = tidyCode(typed)
  const clear = code.replace(/[OISZ]/g, (letter) => TAKEN_FOR[letter] ?? letter)
  // Fewer digits are a word.
  if (!/^[0-9A-Z]{8,19}$/.test(code) || code.replace(/\D/g, '').length < FEWEST_DIGITS) return []
  const near = new Set<string>()
  for (const start of new Set([code, clear])) {
    if (start.length >= 17 && start.length <= 19) for (const one of oneMistakeAway(start, 18)) near.add(one)
    if (start.length >= 8 && start.length <= 10) for (const one of oneMistakeAway(start, 9)) near.add(one)
  }
  near.delete(code)
  return Array.from(near).filter(isSound)
}

function isSound(code: string): boolean {
  if (code.length === 9) return isOrganisationCode(code)
  // Nearly all fail here, and the whole of the rules costs ten times as much.
  if (unifiedCheckCharacter(code.slice(0, 17)) !== code.charAt(17)) return false
  return parseUnifiedCode(code).ok && isOrganisationCode(organisationCodeWithin(code))
}

/** All texts of a length that are one mistake away from another, or that text itself. */
function* oneMistakeAway(code: string, length: number): Generator<string> {
  if (code.length === length) {
    yield code
    for (let i = 0; i < length; i += 1) {
      for (const letter of LETTERS) yield code.slice(0, i) + letter + code.slice(i + 1)
      if (i > 0) yield code.slice(0, i - 1) + code.charAt(i) + code.charAt(i - 1) + code.slice(i + 1)
    }
  }
  if (code.length === length + 1)
    for (let i = 0; i <= length; i += 1) yield code.slice(0, i) + code.slice(i + 1)
  if (code.length === length - 1)
    for (let i = 0; i <= code.length; i += 1)
      for (const letter of LETTERS) yield code.slice(0, i) + letter + code.slice(i)
}
