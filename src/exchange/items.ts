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

/** What a cell of items can't be understood as, in words that say what to write. */
export interface ItemsUnclear {
  fault: string
}

/** Marks that part several items in one cell, strongest first: a weaker one may stand within an item. A comma between figures is part of a number or a name (2,4-滴). */
const BETWEEN_ITEMS = [
  /\n/gu,
  /[；;](?!\s?[ncmM]\s?=)/gu,
  /、(?!\s?[ncmM]\s?=)/gu,
  /(?:(?<!\d)[，,]|[，,](?!\d))(?!\s?[ncmM]\s?=)/gu,
]
/** The same for values, of which a wide comma parts two. */
const BETWEEN_VALUES = [/\n/gu, /[；;]/gu, /、/gu, /，|,(?!\d)/gu]
/** Where a closed bracket ends a piece, these words part it from the next. */
const BETWEEN_CLOSED = /(?<=[）)])\s?[和及与]\s?/gu
/** Marks that part name, value and standard of one item. */
const WITHIN = /║|\|\||[|｜‖丨]/u
/** How a measured value or a standard begins. */
const VALUE =
  /^(?:[\d<>≤≥＜＞=＝±≠~～+－-]|[未不]?(?:得|应)?(?:有|被)?检出|[阴阳]性|[不应无且或]|符合|[初复首]|第|n=)/u
/** What can't be the name of an item: a value by itself, or one with a mark of comparison. */
const NO_NAME =
  /[<>≤≥＜＞║|｜‖]|^\d[\d.,]*\s*[%‰]?(?:[a-zμµ]{0,4}(?:\/\w+)?)$|^(?:初检|复检|[未不]?得?检出|合格|不合格)/iu
/** What is written of failing items where there are none. */
const NONE_FAILED =
  /^(?:(?:全部|均|都|所检项目(?:均|全部)?|全项)?(?:合格|符合(?:标准|要求|规定)?)|[无没](?:有)?不合格(?:项目?)?|未(?:发现|检出)不合格(?:项目?)?)[。.]?$/u

const HOW_TO_WRITE = '；请每项写作“项目║实测值║标准值”，各项之间换行或者用分号分开，或者每项一行、各栏分填。'

/** Whether a cell of failing items says that none failed. */
export function saysNoneFailed(text: string): boolean {
  return NONE_FAILED.test(text.trim())
}

/**
 * The items of a row, from parts in columns of their own or in one cell; what a cell leaves open, or what would be left
 * over of it, is asked for.
 */
export function itemsOf(cells: ItemCells): Item[] | ItemsUnclear {
  const { together, standardFirst } = cells
  if (together !== undefined) return itemsIn(together, false)
  if (standardFirst !== undefined) return itemsIn(standardFirst, true)
  const { name = '', measured = '', standard = '', unit = '' } = cells
  if (!isClosed(name)) return unclear(name, '括号不成对')
  const names = pieces(name, BETWEEN_ITEMS)
  const values = aligned(measured, names.length)
  const standards = aligned(standard, names.length)
  const units = aligned(unit, names.length) ?? names.map(() => unit)
  // Several units for another number of items belong to none of them.
  const isOneUnit = pieces(unit, BETWEEN_VALUES).length <= 1
  const isWhole = values !== undefined && standards !== undefined && (isOneUnit || units[0] !== unit)
  if (names.length === 0) return []
  if (!isWhole) return [item(name, withUnit(measured, unit), withUnit(standard, unit))]
  return names.map((own, i) =>
    item(own, withUnit(values[i] ?? '', units[i] ?? ''), withUnit(standards[i] ?? '', units[i] ?? '')),
  )
}

function unclear(text: string, why: string): ItemsUnclear {
  return { fault: `“${text.slice(0, 60)}”${why}，不能确定是哪几项、各是什么数值${HOW_TO_WRITE}` }
}

/** `霉菌║220CFU/g║≤25CFU/g`, `霉菌：≤25CFU/g/220CFU/g`, `霉菌（≤25CFU/g/220CFU/g）、酸价`. */
function itemsIn(text: string, isStandardFirst: boolean): Item[] | ItemsUnclear {
  if (!isClosed(text)) return unclear(text, '括号不成对')
  const read = WITHIN.test(text) ? barred(text) : pieced(text)
  if (!read) return unclear(text, '各部分分不开或者有多余')
  return read.map(([name = '', first = '', second = '']) =>
    isStandardFirst ? item(name, second, first) : item(name, first, second),
  )
}

/** Items whose parts stand between bars: cut at the strongest marks that leave each piece whole. */
function barred(text: string): string[][] | undefined {
  for (let weakest = 0; weakest <= BETWEEN_ITEMS.length; weakest += 1) {
    const read = cut(text, BETWEEN_ITEMS.slice(0, weakest)).map((piece) =>
      piece.split(WITHIN).map((part) => part.trim()),
    )
    if (read.every(isItem)) return read
  }
  return undefined
}

/** Whether parts between bars are a name and at most two values. */
function isItem(parts: readonly string[]): boolean {
  const [name = '', ...values] = parts
  return values.length <= 2 && isName(name) && values.every(isValue)
}

function isName(text: string): boolean {
  return text !== '' && !NO_NAME.test(text) && cut(text, BETWEEN_ITEMS).length === 1
}

/** A value is one piece, or several that each begin as values do (初检：1.2；复检：1.3). */
function isValue(text: string): boolean {
  const parts = cut(text, BETWEEN_ITEMS)
  return parts.length <= 1 || parts.every((part) => VALUE.test(part))
}

/** Items that have their values in a bracket behind or after a colon, or none. */
function pieced(text: string): string[][] | undefined {
  const read = cut(text, [...BETWEEN_ITEMS, BETWEEN_CLOSED]).map(byColon)
  return read.some((parts) => parts === undefined)
    ? undefined
    : read.flatMap((parts) => (parts ? [parts] : []))
}

/** Name before the colon or the last bracket, then two values with a slash between that has no unit beside it. */
function byColon(text: string): string[] | undefined {
  const bracket = /^(.+)[（(]([^（()）]*)[）)]$/u.exec(text)
  const [, name = '', values = ''] =
    bracket && VALUE.test(bracket[2] ?? '') ? bracket : (/^([^：:]+)[：:](.*)$/u.exec(text) ?? [])
  if (name === '') return isName(text) ? [text] : undefined
  const parts = values.trim().split('/')
  if (!isName(name)) return undefined
  if (parts.length === 1) return [name, values, '']
  const half = parts.length / 2
  // Values with units such as mg/kg have a slash each, so the middle one parts them.
  const two = [parts.slice(0, half).join('/').trim(), parts.slice(half).join('/').trim()]
  return parts.length % 2 === 0 && two.every((value) => VALUE.test(value)) && !isPerAmount(two)
    ? [name, ...two]
    : undefined
}

/** 检出/25g is one value. */
function isPerAmount([first = '', second = '']: readonly string[]): boolean {
  return /检出$/u.test(first) && /^\d/u.test(second)
}

/** Whether every bracket in a text has its other. */
function isClosed(text: string): boolean {
  const depths = depthsOf(text)
  return depths.every((depth) => depth >= 0) && (depths.at(-1) ?? 0) === 0
}

/** How many brackets are open before each place of a text, and at its end. */
function depthsOf(text: string): number[] {
  const depths = [0]
  let depth = 0
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i)
    if (OPENING.has(character)) depth += 1
    if (CLOSING.has(character)) depth -= 1
    depths.push(depth)
  }
  return depths
}

const OPENING = new Set('（([［【〔')
const CLOSING = new Set('）)]］】〕')

/** A text cut at marks, each of them a global pattern, that stand outside brackets. */
function cut(text: string, marks: readonly RegExp[]): string[] {
  const depths = depthsOf(text)
  const places = marks.flatMap((mark) =>
    Array.from(text.matchAll(mark), (found) => ({
      at: found.index,
      length: found[0].length,
    })),
  )
  const between = places.filter(({ at }) => depths[at] === 0).sort((a, b) => a.at - b.at)
  const ends = [...between.map(({ at }) => at), text.length]
  const starts = [0, ...between.map(({ at, length }) => at + length)]
  return starts.map((start, i) => text.slice(start, ends[i]).trim()).filter((part) => part !== '')
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

/** A text cut at the strongest of some marks that it has outside brackets. */
function pieces(text: string, marks: readonly RegExp[]): string[] {
  const cuts = marks.map((mark) => cut(text, [mark]))
  return cuts.find((parts) => parts.length > 1) ?? cut(text, [])
}

/** A cell of as many values as there are items; undefined where they don't go together. */
function aligned(text: string, count: number): string[] | undefined {
  if (text === '') return []
  const values = pieces(text, BETWEEN_VALUES)
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
