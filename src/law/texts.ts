import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** Where the official texts lie that rules quote, one file a text, its name with the day of the version. */
const FOLDER = new URL('../../docs/law/', import.meta.url)

/** Words of a text that a rule rests on: the document's name, the article, and what it says, to the letter. */
export const quotation = z.strictObject({
  text: z.string().min(1).max(100),
  article: z.string().regex(/^第[零一二三四五六七八九十百]+条$/, '应写作“第十四条”'),
  words: z.string().min(2, '引文太短').max(1000),
})
export type Quotation = z.output<typeof quotation>

/** Why a quotation does not hold, in words; undefined where its words stand in the article that it names. */
export function misquoted({ text, article, words }: Quotation): string | undefined {
  const articles = textNamed(text)
  if (!articles)
    return `没有收录《${text}》，无法核对引文；收录的：${[...filesByTitle().keys()].join('、')}。`
  const own = articles.get(article)
  if (own === undefined) return `《${text}》没有${article}。`
  return bare(own).includes(bare(words)) ? undefined : `《${text}》${article}中没有“${words}”。`
}

/** A finding of a document that quotes: where the quotation stands, and what is wrong with it. */
export interface Misquotation {
  pointer: string
  detail: string
}

/** Every quotation anywhere in a document (under the name `quotes`) that does not hold. */
export function misquotedIn(document: unknown, pointer = ''): Misquotation[] {
  if (typeof document !== 'object' || document === null) return []
  return Object.entries(document).flatMap(([name, value]): Misquotation[] => {
    const place = `${pointer}/${name}`
    const quotes = name === 'quotes' ? z.array(quotation).safeParse(value).data : undefined
    if (!quotes) return misquotedIn(value, place)
    return quotes.flatMap((own, i) => {
      const detail = misquoted(own)
      return detail === undefined ? [] : [{ pointer: `${place}/${i}`, detail }]
    })
  })
}

/** Names of the files in which the texts lie, by their titles. */
let files: ReadonlyMap<string, string> | undefined

function filesByTitle(): ReadonlyMap<string, string> {
  files ??= new Map(
    readdirSync(FOLDER)
      .sort()
      .map((name) => [name.replace(/\(.*/u, ''), name]),
  )
  return files
}

const known = new Map<string, ReadonlyMap<string, string>>()

/** The articles of a text by their numbers; undefined for a text that is not here. */
function textNamed(title: string): ReadonlyMap<string, string> | undefined {
  const file = filesByTitle().get(title)
  if (file === undefined) return undefined
  const articles = known.get(title) ?? articlesOf(readFileSync(new URL(file, FOLDER), 'utf8'))
  known.set(title, articles)
  return articles
}

function articlesOf(text: string): Map<string, string> {
  const articles = new Map<string, string>()
  for (const part of text.split(/\n(?=第[零一二三四五六七八九十百]+条[\s　])/u)) {
    const [, number] = /^(第[零一二三四五六七八九十百]+条)[\s　]/u.exec(part) ?? []
    if (number !== undefined) articles.set(number, part.split('\n## ', 1).join(''))
  }
  return articles
}

/** Words as they are compared: line ends and spaces say nothing. */
function bare(words: string): string {
  return words.replace(/\s+/gu, '')
}
