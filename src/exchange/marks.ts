import type { Column, RecordKind } from '../records/kind.ts'
import { tidyHeading } from './headings.ts'
import { foldedWord, shippedTermsOf, termsOf } from './words.ts'

/** A column whose heading is a term, in which the rows that have it are ticked (打勾栏): 合格 | 不合格. */
export interface Ticked {
  column: Column
  term: string
}

/** A term under the heading of its field, as one heading: 检验结论：合格. */
const UNDER = /^(.+)[:：]([^:：]+)$/u

/** The heading of a term that stands under its field's. */
export function tickHeading(field: string, term: string): string {
  return `${field}：${term}`
}

/** What is known of the headings among which columns of ticks are looked for. */
interface Around {
  /** Whether the heading in a place means nothing else. */
  isFree(place: number): boolean
  /** Whether a column says the field in words. */
  isFed(column: Column): boolean
  /** The field that a heading names. */
  columnOf(heading: string): Column | undefined
}

/**
 * Columns of terms among headings, by their places: each that stands under the heading of its field, and two terms or more of one
 * field that no other column feeds. One alone may be anything.
 */
export function tickedColumns(
  headers: readonly string[],
  kind: RecordKind,
  { isFree, isFed, columnOf }: Around,
): Map<number, Ticked> {
  const found = new Map<number, Ticked>()
  const taken = new Set<number>()
  const termOf = (column: Column, word: string) => {
    const [term, ...others] = shippedTermsOf(kind.type, column).words.get(word) ?? []
    return others.length === 0 ? term : undefined
  }
  const words = headers.map((heading) => foldedWord(tidyHeading(heading)))
  for (const [place, header] of headers.entries()) {
    const [, field, own = ''] = UNDER.exec(header.trim()) ?? []
    const column = field !== undefined && isFree(place) ? columnOf(field) : undefined
    const term = column && isChosen(column) ? termOf(column, foldedWord(tidyHeading(own))) : undefined
    if (column && term !== undefined) found.set(place, { column, term })
  }
  const isSaid = (column: Column) =>
    isFed(column) || Array.from(found.values()).some((one) => one.column.field === column.field)
  for (const column of kind.columns.filter(isChosen)) {
    const own = words.flatMap((word, place) => {
      const term = isFree(place) && !found.has(place) && !taken.has(place) ? termOf(column, word) : undefined
      return term === undefined ? [] : [{ place, term }]
    })
    if (new Set(own.map(({ term }) => term)).size < 2) continue
    // The first field that has these terms is meant, or none: 合格 beside 检验结论 says nothing of a second test.
    for (const { place } of own) taken.add(place)
    if (!isSaid(column)) for (const { place, term } of own) found.set(place, { column, term })
  }
  return found
}

function isChosen({ type }: Column): boolean {
  return type === 'choice' || type === 'list'
}

/** Ticks beside those of 是 and 否, as typed and as boxes of a form. */
const TICK = /^[✔☑☒■●▲◆V对有]$/iu
const EMPTY_BOX = /^[□☐○〇◯]$/u
const yesOrNo = termsOf('', { field: '', label: '', type: 'boolean', required: false })

/** Whether a cell ticks its column's term; undefined where it says something else. */
export function isTicked(text: string, { column, term }: Ticked, kind: string): boolean | undefined {
  if (TICK.test(text)) return true
  if (EMPTY_BOX.test(text)) return false
  const [said] = yesOrNo.words.get(foldedWord(text)) ?? []
  if (said !== undefined) return said === '是'
  return shippedTermsOf(kind, column).words.get(foldedWord(text))?.[0] === term ? true : undefined
}
