import { withoutInvisible } from '../codes/characters.ts'
import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { otherThanCode } from '../codes/not-a-code.ts'
import { tidyCode } from '../codes/typed.ts'
import { onOneLine, textFault, withoutForbidden } from '../records/fields.ts'
import { type Masked, masked } from '../records/masking.ts'
import { holdsIdentityNumber, type TextUse } from '../records/personal-data.ts'

/** What a row of a batch check asks for: a code, a name, or both, and a place beside them. */
export interface Given {
  code?: string
  name?: string
  place?: string
}

/** No part of a row is longer, in characters: as long as a name may be on file. */
export const LONGEST_PART = 200

/** A row as it may be looked for, shown and signed. */
export interface Admitted {
  given: Given
  /** Why it can't be checked, Chinese. */
  fault?: string
  /** What was taken out of it, in Chinese sentences; empty where nothing was. */
  remark: string
}

const LABELS: Readonly<Record<keyof Given, string>> = { code: '代码', name: '名称', place: '地区' }

/**
 * What somebody typed, by the one rule for text, since it is signed: on one line, personal data masked, what nobody sees
 * left out. A part that breaks the rule makes the row faulty and is not repeated.
 */
export function admitted(typed: Given): Admitted {
  const given: Given = {}
  const faults: string[] = []
  const remarks = new Set<string>()
  for (const field of ['code', 'name', 'place'] as const) {
    const text = typed[field]?.trim() ?? ''
    if (text === '') continue
    if (text.length > LONGEST_PART)
      return { given: {}, fault: `代码、名称或地区超过 ${LONGEST_PART} 个字符。`, remark: '' }
    const visible = withoutInvisible(text)
    const { text: part, places } = withoutPersonalData(onOneLine(visible).trim(), field)
    const found = textFault(part)
    if (found) faults.push(`${LABELS[field]}${found.message}`)
    else if (part !== '') given[field] = part
    if (visible !== text) remarks.add(UNSEEN)
    if (places > 0) remarks.add(HIDDEN)
  }
  return { given, ...(faults.length > 0 && { fault: faults.join('') }), remark: [...remarks].join('') }
}

const UNSEEN = '所填含有看不见的字符，已删去。'
const HIDDEN = '所填含有个人信息（身份证号码、手机号码等），已隐去，没有用于查找。'

/** A sound code is none, whatever it looks like by chance; what is none at all may be a person's number in full. */
function withoutPersonalData(text: string, field: keyof Given): Pick<Masked, 'text' | 'places'> {
  if (field !== 'code') return masked(text, { mask: [], keep: [], use: USES[field] })
  const code = tidyCode(text)
  if (otherThanCode(code)?.private) return masked(text, { mask: [text], keep: [] })
  return parseEnterpriseCode(code).ok ? { text, places: 0 } : masked(text, { mask: [], keep: [] })
}

const USES: Readonly<Record<Exclude<keyof Given, 'code'>, TextUse>> = { name: 'text', place: 'address' }

/** A cell of somebody's own table as it is handed back to them: as it was, but for what breaks the rule. */
export function handedBack(cell: string): string {
  const own = holdsIdentityNumber(cell) ? masked(cell, { mask: [], keep: [cell] }).text : cell
  return withoutForbidden(own)
}

/** What somebody typed, within quotation marks of ours: cut to so many characters, and none of its own ends them. */
export function quoted(text: string, most: number): string {
  const characters = Array.from(text.replace(/[“”]/gu, '’'))
  return characters.length > most ? `${characters.slice(0, most).join('')}……` : characters.join('')
}
