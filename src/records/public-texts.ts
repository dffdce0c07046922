import type { RecordData, RecordKind } from './kind.ts'
import type { PublicText } from './personal-data.ts'

/** The texts of a record's data that may become public, for `judgePersonalData`: all but what only officers see. */
export function publicTextsOf({ columns }: RecordKind, data: RecordData): PublicText[] {
  return columns.flatMap(({ field, label, type, internal, use = 'text' }) => {
    const text = data[field]
    return type === 'text' && !internal && typeof text === 'string' ? { field, label, text, use } : []
  })
}
