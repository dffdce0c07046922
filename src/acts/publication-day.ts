import type { CalendarDate } from '../calendar/dates.ts'
import type { FileRecord } from '../dossier/dossier.ts'
import type { RecordData } from '../records/kind.ts'
import { penalty, publishedStill } from '../records/penalty.ts'
import { patched } from '../records/validate.ts'

/** Changes of a record, of one without data where it is entered, with what they say of a penalty's publication (公示日期) where nobody else does. */
export function withPublication(
  { type, data }: Pick<FileRecord, 'type' | 'data'>,
  changes: RecordData,
  today: CalendarDate,
): RecordData {
  return type === penalty.type
    ? { ...changes, ...publishedStill(data, patched(data, changes), today) }
    : changes
}
