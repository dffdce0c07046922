import type { RecordData, RecordKind } from './kind.ts'
import {
  judgePersonalData,
  type NotPersonal,
  type PersonalDataInField,
  type PublicText,
} from './personal-data.ts'
import { rowsAsTyped } from './rows.ts'

/** The texts of a record's data that may leave the authority, for `judgePersonalData`: all but what only officers see. */
export function publicTextsOf({ columns }: RecordKind, data: RecordData): PublicText[] {
  return columns.flatMap((column): PublicText[] => {
    const { field, label, type, sight = 'officers', use = 'text' } = column
    const value = data[field]
    if (sight === 'officers') return []
    if (type === 'text' && typeof value === 'string') return [{ field, label, text: value, use }]
    return type === 'rows' && value !== undefined
      ? [{ field, label, text: rowsAsTyped(value, column), use }]
      : []
  })
}

/**
 * What stands in texts that may not become public: personal data, but for what an officer says is none, by the field and
 * with the reason; what a check digit proves nobody may call anything else.
 */
export function personalDataIn(
  texts: readonly PublicText[],
  reasons: Readonly<Record<string, string>> = {},
): PersonalDataInField[] {
  const judged = judgePersonalData(texts)
  if (judged.ok) return []
  const words = judged.found.flatMap(({ field, from, to }): NotPersonal[] => {
    const reason = Object.hasOwn(reasons, field) ? reasons[field] : undefined
    return reason === undefined ? [] : [{ field, from, to, reason }]
  })
  const again = judgePersonalData(texts, words)
  return again.ok ? [] : again.found
}
