import type { Column } from '../records/kind.ts'

/** What registration systems write where they have nothing. */
const BLANKS = new Set(['', 'N/A', 'NA', 'NULL', 'null', '\\N', '-', '--', '—', '——', '/', '#N/A'])

/** Whether a cell says nothing, so that it neither sets nor erases a field. */
export function isBlank(cell: string): boolean {
  return BLANKS.has(cell)
}

/**
 * Value of a field from a cell as people write it: dates in any common form, thousands separators, synonyms of
 * terms. What can't be understood is passed on as it stands, so that the field's own check names the fault.
 */
export function fieldValue(cell: string, column: Column, factor: number): unknown {
  switch (column.type) {
    case 'date':
      return dateOf(cell)
    case 'number':
      return numberOf(cell, column.unit, factor)
    case 'boolean':
      return booleans.get(cell) ?? cell
    case 'choice':
      return termOf(cell, column)
    case 'list':
      return listOf(cell, column)
    case 'text':
      return cell
  }
}

const booleans = new Map<string, boolean>([
  ['是', true],
  ['否', false],
  ['true', true],
  ['false', false],
])

/** Terms parted by any list mark, or by lines; a term that holds such a mark itself stands alone. */
function listOf(cell: string, column: Column): string[] {
  if (column.terms?.includes(cell)) return [cell]
  return cell
    .split(/[、,，;；|\n]/u)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => termOf(part, column))
}

function termOf(cell: string, { terms = [], synonyms = {} }: Column): string {
  const folded = cell.normalize('NFKC')
  for (const candidate of [cell, folded]) {
    if (terms.includes(candidate)) return candidate
    const term = synonyms[candidate]
    if (term !== undefined) return term
  }
  const loose = folded.replace(/\s/gu, '')
  return (
    terms.find((term) => term.normalize('NFKC') === loose) ??
    Object.entries(synonyms).find(([word]) => word.normalize('NFKC') === loose)?.[1] ??
    cell
  )
}

/** `2026/3/2`, `2026.3.2`, `2026年3月2日`, `20260302`, with or without a time of day, as `2026-03-02`. */
function dateOf(cell: string): string {
  const match =
    /^(\d{4})(?:\s*[-/.年]\s*)(\d{1,2})(?:\s*[-/.月]\s*)(\d{1,2})\s*[日号]?(?:[\sT]+\d{1,2}:\d{2}.*)?$/u.exec(
      cell.normalize('NFKC'),
    ) ?? /^(\d{4})(\d{2})(\d{2})$/u.exec(cell)
  if (!match) return cell
  const [, year = '', month = '', day = ''] = match
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function numberOf(cell: string, unit: string | undefined, factor: number): unknown {
  const plain = cell.normalize('NFKC').replace(/\s/gu, '')
  const bare = unit !== undefined && plain.endsWith(unit) ? plain.slice(0, -unit.length) : plain
  const isGrouped = /^\d{1,3}(,\d{3})+(\.\d+)?$/u.test(bare)
  const digits = isGrouped ? bare.replaceAll(',', '') : bare
  if (!/^-?\d{1,15}(\.\d{1,10})?$/u.test(digits)) return cell
  const value = Number(digits)
  return factor === 1 ? value : Math.round(value * factor * 100) / 100
}
