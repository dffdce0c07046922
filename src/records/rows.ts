import { z } from 'zod'
import { text } from './fields.ts'
import type { Column, RecordData } from './kind.ts'

/** What may stand between the parts of a line, in tables and as people type it. */
const BETWEEN = /\s{0,9}(?:\t|║|\|\||[｜|‖丨])\s{0,9}/u
const PART = '｜'

/** A part of a line, as written: free text on one line that holds none of the marks between parts. */
export function part(max: number) {
  return text(max).refine((value) => !BETWEEN.test(value), {
    message: `不能含有分隔各部分的“${PART}”。`,
    params: { key: 'mark' },
  })
}

/** Lines of parts of their own, a table within a record; the first part is what a line is about. */
export function rows<const S extends z.core.$ZodLooseShape>(shape: S, most: number) {
  return z.array(z.strictObject(shape)).min(1, '没有内容时请不要填写此项。').max(most, `最多 ${most} 行。`)
}

/** The rows that a stored value holds, whatever it is. */
export function rowsOf(value: unknown): RecordData[] {
  return Array.isArray(value) ? value.filter(isRow) : []
}

function isRow(value: unknown): value is RecordData {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Rows as people type them, a line each: `霉菌｜220CFU/g｜≤25CFU/g`. */
export function rowsAsTyped(value: unknown, { parts = [] }: Pick<Column, 'parts'>): string {
  return rowsOf(value)
    .map((row) => {
      const cells = parts.map(({ field }) => `${row[field] ?? ''}`)
      return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1).join(PART)
    })
    .join('\n')
}

/** What was typed, line by line; what is too much for a line stands in its last part, for its own check to name. */
export function rowsTyped(text: string, { parts = [] }: Pick<Column, 'parts'>): RecordData[] {
  return text.split(/\r?\n/u).flatMap((line) => {
    if (line.trim() === '') return []
    const cells = line.trim().split(BETWEEN)
    const last = parts.length - 1
    const row: RecordData = {}
    for (const [i, { field }] of parts.entries()) {
      const cell = i === last ? cells.slice(last).join(PART) : cells[i]
      if (cell !== undefined && cell !== '') row[field] = cell
    }
    return [row]
  })
}

/** A row in running text: `霉菌（实测值 220CFU/g，标准值 ≤25CFU/g）`. */
export function rowInWords(row: RecordData, { parts = [] }: Pick<Column, 'parts'>): string {
  const [first, ...others] = parts
  const said = others.flatMap(({ field, label }) =>
    row[field] === undefined ? [] : [`${label} ${row[field]}`],
  )
  const about = `${first ? (row[first.field] ?? '') : ''}`
  return said.length === 0 ? about : `${about}（${said.join('，')}）`
}

/** All rows in running text. */
export function rowsInWords(value: unknown, column: Pick<Column, 'parts'>): string {
  return rowsOf(value)
    .map((row) => rowInWords(row, column))
    .join('；')
}
