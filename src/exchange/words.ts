import { z } from 'zod'
import { simplifiedText } from '../codes/simplified.ts'
import type { Column } from '../records/kind.ts'
import { withoutNumbers } from './items.ts'
import tables from './words.json' with { type: 'json' }

/** One column's words in the exchange tables, each with the term that it stands for. */
const wordTable = z.strictObject({
  type: z.string(),
  field: z.string(),
  source: z.string(),
  status: z.enum(['verified', 'to be confirmed']),
  words: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** Words that mean more than one thing, with the terms that come into question. */
  asked: z.record(z.string(), z.array(z.string())).optional(),
  /** Words that are never taken, with the reason. */
  refused: z.record(z.string(), z.string()).optional(),
  /** What a longer text holds that means a term (2026年河北省级监督抽检), under no term what leaves it open; or is never taken. */
  within: z.record(z.string(), z.array(z.string())).optional(),
  refusedWithin: z.record(z.string(), z.string()).optional(),
  /** Words that are sure where the table has all of these headings, which tell its edition. */
  forms: z
    .array(z.strictObject({ headings: z.array(z.string()), words: z.record(z.string(), z.string()) }))
    .optional(),
  /** What may stand before a word without changing it. */
  prefixes: z.array(z.string()).optional(),
  /** Words that say nothing about this field, which then is told by others; answered for by the first of these. */
  elsewhere: z.object({ words: z.array(z.string()), lookAt: z.array(z.string()) }).optional(),
})
type WordTable = z.output<typeof wordTable>

export const wordTables: readonly WordTable[] = z.array(wordTable).parse(tables)

/** What the officer or the caller said that words of an upload mean; an empty list leaves the field empty. */
export type WordAnswers = Readonly<Record<string, readonly string[]>>

/** How the words of one column are understood. */
export interface Terms {
  /** By the folded word. */
  words: ReadonlyMap<string, readonly string[]>
  asked: ReadonlyMap<string, readonly string[]>
  refused?: ReadonlyMap<string, string>
  within?: ReadonlyMap<string, readonly string[]>
  refusedWithin?: ReadonlyMap<string, string>
  prefixes: readonly string[]
  elsewhere?: { words: ReadonlySet<string>; lookAt: readonly string[] }
}

/** The words of a kind's column in a table with these headers, an upload's own answers before the tables'. */
export function termsOf(
  type: string,
  column: Column,
  answers: WordAnswers = {},
  headers: readonly string[] = [],
): Terms {
  const table = wordTables.find((known) =>
    column.type === 'boolean'
      ? known.field === 'yes-no'
      : known.type === type && known.field === column.field,
  )
  const words = new Map<string, readonly string[]>()
  const add = (word: string, terms: string | readonly string[]) =>
    words.set(foldedWord(word), typeof terms === 'string' ? [terms] : terms)
  for (const term of column.terms ?? []) add(term, term)
  for (const [word, term] of Object.entries(column.synonyms ?? {})) add(word, term)
  for (const [word, terms] of Object.entries(table?.words ?? {})) add(word, terms)
  const asked = foldedKeys(table?.asked ?? {})
  for (const word of asked.keys()) words.delete(word)
  const form = table?.forms?.find((known) => known.headings.every((heading) => headers.includes(heading)))
  for (const [word, term] of Object.entries(form?.words ?? {})) add(word, term)
  const { elsewhere } = table ?? {}
  // What says nothing by itself is answered for with what it is said of.
  const isElsewhere = new Set(elsewhere?.words.map(foldedWord))
  for (const [word, terms] of Object.entries(answers))
    if (!isElsewhere.has(foldedWord(word))) add(word, terms)
  return {
    words,
    asked,
    ...(table?.refused && { refused: foldedKeys(table.refused) }),
    ...(table?.within && { within: new Map(Object.entries(table.within)) }),
    ...(table?.refusedWithin && { refusedWithin: new Map(Object.entries(table.refusedWithin)) }),
    prefixes: (table?.prefixes ?? []).map(foldedWord),
    ...(elsewhere && {
      elsewhere: { words: new Set(elsewhere.words.map(foldedWord)), lookAt: elsewhere.lookAt },
    }),
  }
}

const shipped = new WeakMap<Column, Terms>()

/** The words of a kind's own column as the tables have them, whatever the upload: put together once. */
export function shippedTermsOf(type: string, column: Column): Terms {
  const known = shipped.get(column)
  if (known) return known
  const terms = termsOf(type, column)
  shipped.set(column, terms)
  return terms
}

/** What was answered that a text means; undefined where nobody said. */
export function answerTo(text: string, answers: WordAnswers = {}): readonly string[] | undefined {
  const folded = foldedWord(text)
  return Object.entries(answers).find(([word]) => foldedWord(word) === folded)?.[1]
}

function foldedKeys<T>(table: Readonly<Record<string, T>>): Map<string, T> {
  return new Map(Object.entries(table).map(([word, value]) => [foldedWord(word), value]))
}

/** A word as it is compared: half width, without gaps and quotes, in one case. */
export function foldedWord(word: string): string {
  return word
    .normalize('NFKC')
    .replace(/[\s"'“”]/gu, '')
    .replace(/[。.;]$/u, '')
    .toUpperCase()
}

export type TermsRead =
  | { value: unknown; note?: string }
  | { word: string; candidates: readonly string[] }
  | { fault: string; code: string }
  | { elsewhere: readonly string[] }

/** Terms that a cell names: one for a choice, several for a list, true or false for yes and no. */
export function termsIn(cell: string, column: Column, terms: Terms): TermsRead {
  const folded = foldedWord(cell)
  const why = terms.refused?.get(folded)
  if (why !== undefined) return { code: 'refused-word', fault: why }
  const found = wordIn(folded, terms)
  if (found) return termValue(found, column)
  if (terms.elsewhere?.words.has(folded)) return { elsewhere: terms.elsewhere.lookAt }
  const asked = terms.asked.get(folded)
  if (column.type === 'list' && !asked) return listIn(cell, column, terms)
  return (asked ? undefined : heldWithin(folded, cell, terms)) ?? { word: cell, candidates: asked ?? [] }
}

/** What a text means by the words that it holds, where these are of one term; said beside it. */
function heldWithin(
  folded: string,
  cell: string,
  { within = new Map(), refusedWithin = new Map() }: Terms,
): TermsRead | undefined {
  for (const [word, why] of refusedWithin)
    if (folded.includes(word)) return { code: 'refused-word', fault: why }
  const found = Array.from(within).filter(([, words]) => words.some((word: string) => folded.includes(word)))
  const [only, ...others] = found
  return only && only[0] !== '' && others.length === 0
    ? { value: only[0], note: `“${cell.slice(0, 60)}”理解为：${only[0]}。` }
    : undefined
}

/**
 * How numbers of licences are formed (工业产品生产许可证管理条例实施办法, 食品生产许可管理办法 art. 29, 特种设备生产和充装单位许可规则; to be
 * confirmed). XK16 stands for industrial products and for those in contact with food alike, so it tells neither.
 */
const LICENCE_NUMBERS: readonly (readonly [form: RegExp, kind: string])[] = [
  [/^\(?\p{Script=Han}?\)?XK(?!16)\d{2}-\d{3}-?\d{5}$/u, '全国工业产品生产许可证'],
  [/^(?:SC\d{14}|QS\d{12})$/u, '食品生产许可证'],
  [/^TS\d{7}-20\d{2}$/u, '特种设备生产许可证'],
]

/** The kind of a licence that its number tells by how it is formed: SC10113… is a food producer's. */
export function licenceByNumber(number: string): string | undefined {
  const plain = number.normalize('NFKC').replace(/\s/gu, '').toUpperCase()
  return LICENCE_NUMBERS.find(([form]) => form.test(plain))?.[1]
}

/** Marks that part the terms of a list; the weaker ones stand within some terms. */
const STRONG = /[;；|｜\n]/u
/** What stands in brackets is part of its word. */
const WEAK = /(?:[、,，/+＋]|并处|[并和及与](?=处?罚|没|处|责|吊|警|暂|降|通报|限))(?![^（(]*[）)])/u

/** Words with a gap within, parted there where all parts are known. */
function withoutGaps(words: readonly string[], terms: Terms): string[] {
  return words.flatMap((word) => {
    const parts = pieces(word, /\s/u)
    const isList = !wordIn(foldedWord(word), terms) && parts.every((part) => wordIn(foldedWord(part), terms))
    return isList ? parts : [word]
  })
}

function listIn(cell: string, column: Column, terms: Terms): TermsRead {
  const values: string[] = []
  for (const part of pieces(withoutNumbers(cell), STRONG)) {
    const own = wordIn(foldedWord(part), terms)
    if (own) {
      values.push(...own)
      continue
    }
    const asked = terms.asked.get(foldedWord(part))
    const parts = asked ? [part] : withoutGaps(pieces(part, WEAK), terms)
    for (const word of parts) {
      const meant = wordIn(foldedWord(word), terms)
      if (!meant) return { word, candidates: terms.asked.get(foldedWord(word)) ?? [] }
      values.push(...meant)
    }
  }
  return termValue(values, column)
}

function pieces(text: string, mark: RegExp): string[] {
  return text
    .split(mark)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function wordIn(folded: string, { words, prefixes }: Terms): readonly string[] | undefined {
  const own = words.get(folded) ?? words.get(simplifiedText(folded))
  if (own) return own
  const prefix = prefixes.find((known) => folded.startsWith(known))
  return prefix === undefined ? undefined : words.get(folded.slice(prefix.length))
}

function termValue(found: readonly string[], column: Column): TermsRead {
  if (column.type === 'list') return { value: Array.from(new Set(found)) }
  const [only] = found
  if (only === undefined) return { value: undefined }
  return { value: column.type === 'boolean' ? only === '是' : only }
}

/** Words that are the end of other certificates' names too: 药品生产许可证 is none for industrial products. */
const GENERIC = /^(?:生产许可证?|许可证|证书)$/u

/** The term whose word a text holds, the longest first: 全国工业产品生产许可证 in the name of a certificate. */
export function termWithin(text: string, { words }: Terms): string | undefined {
  const folded = foldedWord(text)
  let best: [word: string, term: string] | undefined
  for (const [word, [term]] of words)
    if (
      term !== undefined &&
      word.length >= 3 &&
      (GENERIC.test(word) ? folded.startsWith(word) : folded.includes(word)) &&
      word.length > (best?.[0].length ?? 0)
    )
      best = [word, term]
  return best?.[1]
}
