/** A part of an item that a column may hold. */
export type ItemPart = 'name' | 'measured' | 'standard' | 'unit' | 'together' | 'standardFirst'

/** An item of a sample (检验项目): what was measured, and what the standard asks, both as written. */
export interface Item {
  name: string
  measured?: string
  standard?: string
  verdict?: '合格' | '不合格'
}

/** What the cells of a row say of items, part by part. */
export type ItemCells = Partial<Record<ItemPart, string>>

/** Marks that part several items in one cell, strongest first: a weaker one may stand within an item. */
const BETWEEN_ITEMS = [/\n/u, /[；;]/u, /、/u]
/** Marks that part name, value and standard of one item. */
const WITHIN = /║|\|\||[｜‖|丨]/u

/** The items of a row, from parts in columns of their own or in one cell. */
export function itemsOf(cells: ItemCells): Item[] {
  const { together, standardFirst } = cells
  if (together !== undefined) return pieces(together, [/\n/u, /[；;]/u]).map((text) => itemIn(text, false))
  if (standardFirst !== undefined)
    return pieces(standardFirst, [/\n/u, /[；;]/u]).map((text) => itemIn(text, true))
  const { name = '', measured = '', standard = '', unit = '' } = cells
  const names = pieces(name, BETWEEN_ITEMS)
  const values = aligned(measured, names.length)
  const standards = aligned(standard, names.length)
  const isWhole = values !== undefined && standards !== undefined
  if (names.length === 0) return []
  if (!isWhole) return [item(name, withUnit(measured, unit), withUnit(standard, unit))]
  return names.map((own, i) => item(own, withUnit(values[i] ?? '', unit), withUnit(standards[i] ?? '', unit)))
}

/** `霉菌║220CFU/g║≤25CFU/g`, `霉菌：≤25CFU/g/220CFU/g`. */
function itemIn(text: string, isStandardFirst: boolean): Item {
  const [name = '', first = '', second = ''] = WITHIN.test(text)
    ? text.split(WITHIN).map((part) => part.trim())
    : byColon(text)
  return isStandardFirst ? item(name, second, first) : item(name, first, second)
}

/** Name before the colon or the bracket, then two values with a slash between that has no unit beside it. */
function byColon(text: string): string[] {
  const [, name = text, values = ''] = /^([^：:（(]+)[：:（(](.*?)[）)]?$/u.exec(text) ?? []
  const parts = values.split('/')
  const half = parts.length / 2
  // Values with units such as mg/kg have a slash each, so the middle one parts them.
  return parts.length % 2 === 0 && parts.length > 0
    ? [name, parts.slice(0, half).join('/'), parts.slice(half).join('/')]
    : [name, values, '']
}

function item(name: string, measured: string, standard: string): Item {
  return {
    name: name.trim(),
    ...(measured.trim() !== '' && { measured: measured.trim() }),
    ...(standard.trim() !== '' && { standard: standard.trim() }),
  }
}

function withUnit(value: string, unit: string): string {
  return unit === '' || value === '' || value.endsWith(unit) ? value : `${value}${unit}`
}

function pieces(text: string, marks: readonly RegExp[]): string[] {
  const mark = marks.find((one) => one.test(text))
  return (mark ? text.split(mark) : [text]).map((part) => part.trim()).filter((part) => part !== '')
}

/** A cell of as many values as there are items; undefined where they don't go together. */
function aligned(text: string, count: number): string[] | undefined {
  if (text === '') return []
  const values = pieces(text, BETWEEN_ITEMS)
  if (values.length === count) return values
  return count === 1 ? [text] : undefined
}

/** Names of the items that failed, as one text. */
export function namesOfFailing(items: readonly Item[]): string {
  return items.flatMap(({ name, verdict }) => (verdict === '不合格' ? [name] : [])).join('；')
}

/** Each item once. */
export function differentItems(items: readonly Item[]): Item[] {
  return Array.from(new Map(items.map((one) => [JSON.stringify(one), one])).values())
}
