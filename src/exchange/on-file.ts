import type { Dossier, FileRecord } from '../dossier/dossier.ts'
import { invalid } from '../dossier/refusal.ts'
import { comparedNumber } from '../records/document-number.ts'
import type { RecordData, RecordKind } from '../records/kind.ts'
import { licence } from '../records/licence.ts'
import { confiscated, penalty } from '../records/penalty.ts'
import { patchBetween, patched } from '../records/validate.ts'
import type { RowReading } from './row-reading.ts'
import { NUMBERS } from './values.ts'

/**
 * What a row of a table says of a record beyond what is on file of it: without what it only writes otherwise, as tables do that
 * the registry itself gave out (numbers in other signs, a day known better, a licence that has run out by now, a certificate by
 * the name of its kind, one sum for all that was confiscated). These stay as they were written.
 */
export function beyondFile(said: RecordData, stood: RecordData, kind: RecordKind, today: string): RecordData {
  const { changes: byNow = {} } = kind.readOn(stood, today)
  const isSum = isSameSum(said, stood, kind)
  const isSame = (field: string, value: unknown): boolean => {
    const known = stood[field]
    if (value === byNow[field]) return true
    if (isSum && CONFISCATED.includes(field)) return true
    if (kind.type === licence.type && field === 'certificateName' && known === undefined)
      return value === stood.kind
    if (typeof value !== 'string' || typeof known !== 'string') return false
    return NUMBERS.has(field)
      ? comparedNumber(value) === comparedNumber(known)
      : known.startsWith(value) && isPartial(kind, field)
  }
  return Object.fromEntries(Object.entries(said).filter(([field, value]) => !isSame(field, value)))
}

const CONFISCATED: readonly string[] = ['confiscatedIncome', 'confiscatedGoods', 'confiscatedTotal']

/** Whether a row that tells what was confiscated in one sum tells the same sum as the file, however that one tells it. */
function isSameSum(said: RecordData, stood: RecordData, { type }: RecordKind): boolean {
  const told = CONFISCATED.filter((field) => said[field] !== undefined)
  return type === penalty.type && told.length === 1 && confiscated(said) === confiscated(stood)
}

function isPartial({ columns }: RecordKind, field: string): boolean {
  return columns.some((column) => column.field === field && column.type === 'partial-date')
}

/**
 * A row of a table that has no column for the number of a licence, with the number of the licence on file that was granted by the
 * decision that it names. Of several it is the one of which it says nothing new; refused where none is that one.
 */
export function numberedAsOnFile<R extends RowReading>(
  row: R,
  { records }: Dossier,
  kind: RecordKind,
  today: string,
): R {
  const { isNumberedByDecision, record } = row
  const { documentNo } = record
  if (!isNumberedByDecision || typeof documentNo !== 'string') return row
  const { number: _, ...said } = record
  const granted = records.filter(
    ({ type, withdrawn, data }) =>
      type === kind.type &&
      !withdrawn &&
      data.kind === record.kind &&
      typeof data.documentNo === 'string' &&
      comparedNumber(data.documentNo) === comparedNumber(documentNo),
  )
  const saysNothingNew = ({ data }: FileRecord) =>
    patchBetween(data, patched(data, beyondFile(said, data, kind, today))) === undefined
  const same = granted.find(saysNothingNew) ?? granted[0]
  if (!same) return row
  if (granted.length > 1 && !saysNothingNew(same))
    throw invalid(
      '/data/number',
      'ambiguous',
      `按决定文书号 ${documentNo}，档案中有 ${granted.length} 件许可（${granted.map(({ data }) => String(data.number)).join('、')}），表中没有许可证编号，不能确定本行指哪一件：请补上“许可证编号”一栏。`,
    )
  const { number, unit } = same.data
  return { ...row, record: { ...record, number, ...(unit !== undefined && { unit }) } }
}

/** What each licence must have that a list of those that ended leaves out. */
const LEFT_OUT = ['kind', 'product', 'authority', 'issuedOn', 'unit'] as const

/**
 * A row of a list of licences that ended (注销日期), which names them by their numbers alone, with what else the one of that number
 * has on file; as it is where none or several are, and where it says all that itself.
 */
export function endedAsOnFile<R extends RowReading>(row: R, { records }: Dossier, kind: RecordKind): R {
  const { record } = row
  const { number, statusChangedOn } = record
  if (kind.type !== licence.type || statusChangedOn === undefined || typeof number !== 'string') return row
  const [own, ...others] = records.filter(
    ({ type, withdrawn, data }) =>
      type === kind.type &&
      !withdrawn &&
      typeof data.number === 'string' &&
      comparedNumber(data.number) === comparedNumber(number),
  )
  if (!own || others.length > 0) return row
  const known = LEFT_OUT.flatMap((field) =>
    record[field] === undefined && own.data[field] !== undefined ? [[field, own.data[field]] as const] : [],
  )
  return { ...row, record: { ...Object.fromEntries(known), ...record } }
}
