import { trimmed } from './trimmed.ts'

/** A part of an item that a column may hold. */
export type ItemPart =
  | 'name'
  | 'measured'
  | 'standard'
  | 'unit'
  | 'together'
  | 'standardFirst'
  /** The least and the most that is allowed, and their unit. */
  | 'least'
  | 'most'
  | 'limitUnit'

/** An item of a sample (检验项目): what was measured, and what the standard asks, both as written. */
export interface Item {
  name: string
  measured?: string
  standard?: string
  verdict?: '合格' | '不合格'
}

/** What the cells of a row say of items, part by part. */
export type ItemCells = Partial<Record<ItemPart, string>>

/** The least and the most that is allowed as one standard, and each value with its own unit. */
export function withLimits({ least, most, limitUnit = '', ...cells }: ItemCells): ItemCells {
  if (least === undefined && most === undefined) return cells
  const limits = [
    ...(least === undefined ? [] : [`≥${least}${limitUnit}`]),
    ...(most === undefined ? [] : [`≤${most}${limitUnit}`]),
  ]
  const { unit = '', measured, ...rest } = cells
  return {
    ...rest,
    ...(measured !== undefined && { measured: withUnit(measured, unit) }),
    standard: cells.standard ?? limits.join('，'),
  }
}

/** What a cell of items can't be understood as, in words that say what to write. */
export interface ItemsUnclear {
  fault: string
}

/** Marks that part several items in one cell, strongest first: a weaker one may stand within an item. A comma between figures, or letters that say where, is part of a number or a name (2,4-滴, N,N-二甲基甲酰胺, p,p'-滴滴涕). */
const BETWEEN_ITEMS = [
  /\n/gu,
  /[；;](?!\s?[ncmM]\s?=)/gu,
  /、(?!\s?[ncmM]\s?=)/gu,
  /(?:(?<!\d)[，,]|[，,](?!\d))(?!\s?[ncmM]\s?=)(?!(?<=(?<![\p{L}\d])[A-Za-zα-ω]['’′]?[，,])[A-Za-zα-ω]['’′]?[-－])/gu,
]
/** The same for values, of which a wide comma parts two. */
const BETWEEN_VALUES = [/\n/gu, /[；;]/gu, /、/gu, /，|,(?!\d)/gu]
/** Marks that part things beyond doubt; with 、 between them, two additives may be one item. */
const LISTED = BETWEEN_ITEMS.slice(0, 2)
/** Where a closed bracket ends a piece, these words part it from the next. */
const BETWEEN_CLOSED = /(?<=[）)])\s?[和及与]\s?/gu
/** Marks that part name, value and standard of one item. */
const WITHIN = /║|\|\||[|｜‖丨]/u
/** How a measured value or a standard begins. */
const VALUE =
  /^(?:[\d①-⑳<>≤≥＜＞=＝±≠~～+－-]|[未不]?(?:得|应)?(?:有|被)?检出|[阴阳]性|[不应无且或]|符合|[初复首]|第|n=)/u
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
  const { measured = '', standard = '', unit = '' } = cells
  const [together, standardFirst, name = ''] = [cells.together, cells.standardFirst, cells.name].map(
    (text) => text && withoutNumbers(text),
  )
  const told = together ?? standardFirst ?? (measured === '' && standard === '' ? name : '')
  const labelled = labelledIn(told)
  if (labelled) return labelled
  if (together !== undefined) return itemsIn(together, false)
  if (standardFirst !== undefined) return itemsIn(standardFirst, true)
  if (WITHIN.test(name) && measured === '' && standard === '') return itemsByBars(name)
  if (!isClosed(name)) return unclear(name, '括号不成对')
  const names = pieces(name, BETWEEN_ITEMS)
  const isNumbered = names.length > 1 && numbered(cells.name ?? '', isNoFigure)?.length === names.length
  const values = isNumbered ? alikeNumbered(measured, names.length) : aligned(measured, names.length)
  const standards = isNumbered ? alikeNumbered(standard, names.length) : aligned(standard, names.length)
  const units = aligned(unit, names.length) ?? names.map(() => unit)
  // Several units for another number of items belong to none of them.
  const isOneUnit = pieces(unit, BETWEEN_VALUES).length <= 1
  const isWhole = values !== undefined && standards !== undefined && (isOneUnit || units[0] !== unit)
  if (names.length === 0) return []
  // Items parted by ； are several, and so are values: of which each is must not be guessed.
  const areValues = names.length > 1 && [measured, standard].some((text) => slashedIn(text) !== undefined)
  const isSeveral = areValues || [name, measured, standard].some((text) => cut(text, LISTED).length > 1)
  if (!isWhole && isSeveral)
    return unclear(
      [name, measured, standard].filter((text) => text !== '').join(' ║ '),
      '中项目和数值的个数不同',
    )
  if (!isWhole) return [item(name, withUnit(measured, unit), withUnit(standard, unit))]
  return names.map((own, i) =>
    item(own, withUnit(values[i] ?? '', units[i] ?? ''), withUnit(standards[i] ?? '', units[i] ?? '')),
  )
}

/** How the things of a list are numbered: 1.甲 2.乙, 1、甲, （1）甲, 1）甲, ①甲. */
const NUMBERS: readonly ((count: number) => string)[] = [
  (count) => `${count}.`,
  (count) => `${count}．`,
  (count) => `${count}、`,
  (count) => `（${count}）`,
  (count) => `(${count})`,
  (count) => `${count})`,
  (count) => `${count}）`,
  (count) => String.fromCodePoint(0x245f + count),
]
/** There are so many circled numbers; longer lists are none of a cell. */
const MOST_NUMBERED = 20
const ENDS = { start: '；;。，,、', end: '；;。，,、' }

/**
 * The things of a list that are numbered one after the other, whether anything but their numbers parts them or not; undefined
 * where none is numbered so, or nothing stands behind a number.
 */
function numbered(text: string, mayBegin: (rest: string) => boolean): string[] | undefined {
  const start = text.trimStart()
  for (const number of NUMBERS) {
    if (!start.startsWith(number(1))) continue
    const parts: string[] = []
    let from = number(1).length
    for (let count = 2; count <= MOST_NUMBERED; count += 1) {
      const at = placeOf(start, number(count), from, mayBegin)
      if (at < 0) break
      parts.push(start.slice(from, at))
      from = at + number(count).length
    }
    const all = [...parts, start.slice(from)].map((part) => trimmed(part, ENDS))
    return mayBegin(start.slice(number(1).length).trimStart()) && all.every((part) => part !== '')
      ? all
      : undefined
  }
  return undefined
}

/** Where a number of a list stands that is not the end of a figure (12., 0.2、), and is followed by what may be numbered. */
function placeOf(text: string, number: string, from: number, mayBegin: (rest: string) => boolean): number {
  for (let at = text.indexOf(number, from); at >= 0; at = text.indexOf(number, at + 1))
    if (
      !(/^\d/u.test(number) && /[\d.．]/u.test(text.charAt(at - 1))) &&
      mayBegin(text.slice(at + number.length).trimStart())
    )
      return at
  return -1
}

const isNoFigure = (rest: string) => /^[^\d\s]/u.test(rest)
const isAny = (rest: string) => rest !== ''
/** 共2项：绳带、纤维含量. */
const HOW_MANY = /^\s?共?\s?\d{1,2}\s?项(?:不合格|不符合)?(?:项目)?\s?[：:]\s?/u

/** A list without the numbers before its items, each on a line of its own: 1.绝缘厚度 2.导体电阻, ①总氮②有效磷. */
export function withoutNumbers(text: string): string {
  const own = text.replace(HOW_MANY, '')
  const parts = numbered(own, isNoFigure)
  const marked = withoutMarks(own)
  return parts !== undefined && parts.length > marked.split('\n').length ? parts.join('\n') : marked
}

/** The same where marks or gaps part the items, in whatever order they are numbered. */
function withoutMarks(text: string): string {
  const mark = /^\s?[（(]?1[)）.．、]\s?[^\d\s]/u.test(text)
    ? /(?:^|[；;。，,、\s])\s?[（(]?\d{1,2}[)）.．、](?=\s?[^\d\s])/gu
    : /^\s?①\s?[^\d\s]/u.test(text)
      ? /[；;。，,、\s]?[①-⑳](?=\s?[^\d\s])/gu
      : undefined
  if (!mark) return text
  return text
    .replace(mark, '\n')
    .split('\n')
    .map((part) => trimmed(part, { end: '；;。，,、' }))
    .filter((part) => part !== '')
    .join('\n')
}

/** What values within a cell are called where they are called something: 绝缘厚度（标准值≥0.7mm，实测值0.5mm）. */
const LABELS =
  /(标准(?:规定|要求|限)?值?|限量值?|限值|技术要求|规定值)|(实测值|检[测出验](?:值|结果)|测定值|实测)/gu

/** Items whose values are called what they are, one standard and one measured value each; undefined for any other text. */
function labelledIn(text: string): Item[] | undefined {
  const one = labelledItem(text)
  if (one) return [one]
  const parts = cut(text, [/[；;\n]/gu])
  const items = parts.flatMap((part) => labelledItem(part) ?? [])
  return parts.length > 1 && items.length === parts.length ? items : undefined
}

function labelledItem(text: string): Item | undefined {
  const labels = Array.from(text.matchAll(LABELS))
  const [first, second] = labels
  if (!first || !second || labels.length !== 2 || (first[1] === undefined) === (second[1] === undefined))
    return undefined
  const before = text.slice(0, first.index)
  const isInBrackets = /[（(]\s?$/u.test(before)
  const name = trimmed(before, { end: '（(：:，,；;、' })
  const end = isInBrackets ? text.replace(/\s?[）)][。.]?\s?$/u, '').length : text.length
  const values = [
    text.slice(first.index + first[0].length, second.index),
    text.slice(second.index + second[0].length, end),
  ].map((value) => trimmed(value, { start: '：:为是', end: '，,；;、。/' }))
  const [one = '', other = ''] = values
  if (!isName(name) || !values.every((value) => VALUE.test(value))) return undefined
  return first[1] === undefined ? item(name, one, other) : item(name, other, one)
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

/** How a standard begins, which no measured value does: two values of an item tell by it which of them is which. */
const BOUND = /^(?:[≤≥≦≧]|不(?:得|应|大于|小于|超过|高于|低于))/u

/** Items whose heading leaves open in which order their values stand. */
function itemsByBars(text: string): Item[] | ItemsUnclear {
  if (!isClosed(text)) return unclear(text, '括号不成对')
  const read = barred(text)?.map(([name = '', one = '', other = '']) => {
    if (BOUND.test(one) && !BOUND.test(other)) return item(name, other, one)
    return other === '' || BOUND.test(other) !== BOUND.test(one) ? item(name, one, other) : undefined
  })
  const items = (read ?? []).flatMap((one) => one ?? [])
  return read && items.length === read.length
    ? items
    : unclear(text, '各部分分不开，或者看不出哪个是实测值、哪个是标准值')
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

/** What a value among several is called: 标注净含量:500g;实际含量:480g. */
const CALLED = /^\p{Script=Han}{2,10}[:：]\s?(?=\d)/u

/** A value is one piece, or several that each begin as values do (初检：1.2；复检：1.3). */
function isValue(text: string): boolean {
  const parts = cut(text, BETWEEN_ITEMS)
  return parts.length <= 1 || parts.every((part) => VALUE.test(part.replace(CALLED, '')))
}

/** Items that have their values in a bracket behind or after a colon, or none. */
function pieced(text: string): string[][] | undefined {
  const read = cut(text, [...BETWEEN_ITEMS, BETWEEN_CLOSED]).map(byColon)
  return read.some((parts) => parts === undefined)
    ? undefined
    : read.flatMap((parts) => (parts ? [parts] : []))
}

/** What was found, in words behind what is asked: 不得破坏/破坏; no unit behind its slash (个/千克). */
const FOUND_IN_WORDS = /^(?!千克|公斤|毫升|平方|立方|每)\p{Script=Han}{2,20}$/u

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
  const [one = '', other = ''] = two
  const areTwo = VALUE.test(one) && (VALUE.test(other) || (parts.length === 2 && FOUND_IN_WORDS.test(other)))
  return parts.length % 2 === 0 && areTwo && !isPerAmount(two) ? [name, ...two] : undefined
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

/** A value with its unit behind it: none behind words (未检出), nor twice. */
export function withUnit(value: string, unit: string): string {
  return unit === '' || value === '' || value.endsWith(unit) || WORDS_ONLY.test(value)
    ? value
    : `${value}${unit}`
}

/** Results that are no quantity: 未检出, ND (not detected), 阴性, /. */
const WORDS_ONLY = /^[^\d]*$/u

/** A text cut at the strongest of some marks that it has outside brackets. */
function pieces(text: string, marks: readonly RegExp[]): string[] {
  const cuts = marks.map((mark) => cut(text, [mark]).map((part) => trimmed(part, { end: '、，,；;' })))
  return cuts.find((parts) => parts.length > 1) ?? cut(text, [])
}

/** A decimal figure, whose first part may be the number of a list as well: 1.2. */
const FIGURE = /^\d+[.．]\d+(?![\d.．])/u

/** The values of numbered items, which may be numbered like them: 1.8.12Ω/km 2.0.71mm; undefined where they may as well not be. */
function alikeNumbered(text: string, count: number): string[] | undefined {
  const [parts, values] = [numbered(text, isAny), aligned(text, count)]
  if (parts?.length !== count) return values
  return values?.length === count && values.every((value) => FIGURE.test(value)) ? undefined : parts
}

/** A cell of as many values as there are items; undefined where they don't go together. */
function aligned(text: string, count: number): string[] | undefined {
  if (text === '') return []
  const values = pieces(text, BETWEEN_VALUES)
  if (values.length === count) return values
  if (count === 1) return [text]
  const slashed = slashedIn(text)
  return slashed?.length === count ? slashed : undefined
}

/** Values that slashes part, none of which is within a unit: 0.8/0.3, ≤0.5/≤0.2; undefined for one value. */
function slashedIn(text: string): string[] | undefined {
  const values = text.split('/').map((value) => value.trim())
  return values.length > 1 && values.every((value) => /^[<>≤≥＜＞]?\s?\d[\d.]*%?$/u.test(value))
    ? values
    : undefined
}

/** Names of the items that failed, as one text. */
export function namesOfFailing(items: readonly Item[]): string {
  return items.flatMap(({ name, verdict }) => (verdict === '不合格' ? [name] : [])).join('；')
}

/** Each item once. */
export function differentItems(items: readonly Item[]): Item[] {
  return Array.from(new Map(items.map((one) => [JSON.stringify(one), one])).values())
}
