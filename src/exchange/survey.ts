import { setImmediate as othersTurn } from 'node:timers/promises'
import { BadTable } from '../sheets/table.ts'
import { isNumbered, numberOf, type Part } from './together.ts'
import { batchesOf, type Upload } from './upload.ts'

/** What has to be known of a whole upload before its first row is decided on. */
export interface Survey {
  /** Things whose rows stand too far apart for one batch, on two sheets for instance, each with all its rows in their order. */
  apart: ReadonlyMap<string, readonly Part[]>
  /** Notes under each table, which may say what its sums are in. */
  below: readonly (readonly string[])[]
}

/** For a look that decides on nothing. */
export const NOTHING_SURVEYED: Survey = { apart: new Map(), below: [] }

/** Numbers that are remembered while rows apart are looked for; those beyond are decided by the batch that they stand in. */
const MOST_NUMBERS = 250_000
/** Rows that are kept for being decided together, of one thing and of all. */
const MOST_OF_THING = 200
const MOST_ROWS = 20_000

/** Looks through an upload of records that bear numbers or sums; what can't be read is told by who reads it in earnest. */
export async function surveyOf(upload: Upload): Promise<Survey> {
  const { kind } = upload
  const hasSums = kind.columns.some(({ unit }) => unit === '元')
  if (!isNumbered(kind) && !hasSums) return NOTHING_SURVEYED
  const below: string[][] = []
  const wanted = await numbersApart(upload, (table, notes) => {
    below[table] = [...(below[table] ?? []), ...notes]
  })
  const known = Array.from(below, (notes) => notes ?? [])
  return { apart: wanted.size === 0 ? NOTHING_SURVEYED.apart : await rowsOf(upload, wanted), below: known }
}

/** Numbers that rows of several batches share. */
async function numbersApart(
  upload: Upload,
  onNotes: (table: number, notes: readonly string[]) => void,
): Promise<Set<string>> {
  const first = new Map<string, number>()
  const apart = new Set<string>()
  let batch = 0
  try {
    for await (const { mapping, rows } of batchesOf({ ...upload, isLenient: true }, { onNotes })) {
      for (const row of rows) {
        const number = numberOf(row, mapping, upload.kind)
        const met = number === undefined ? batch : first.get(number)
        if (number === undefined || met === batch) continue
        if (met !== undefined) apart.add(number)
        else if (first.size < MOST_NUMBERS) first.set(number, batch)
      }
      batch += 1
      await othersTurn()
    }
  } catch (error) {
    if (!(error instanceof BadTable)) throw error
  }
  return apart
}

/** The rows of some numbers; a number that too many share is left to the batches that its rows stand in. */
async function rowsOf(upload: Upload, wanted: Set<string>): Promise<Map<string, Part[]>> {
  const found = new Map<string, Part[]>()
  let kept = 0
  try {
    for await (const { mapping, rows } of batchesOf({ ...upload, isLenient: true })) {
      for (const row of rows) {
        const number = numberOf(row, mapping, upload.kind)
        if (number === undefined || !wanted.has(number)) continue
        const known = found.get(number) ?? []
        known.push({ cells: row.cells, mapping })
        found.set(number, known)
        kept += 1
        if (known.length <= MOST_OF_THING && kept <= MOST_ROWS) continue
        wanted.delete(number)
        found.delete(number)
        kept -= known.length
      }
      await othersTurn()
    }
  } catch (error) {
    if (!(error instanceof BadTable)) throw error
  }
  return found
}
