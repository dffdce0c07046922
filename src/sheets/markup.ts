import { stat } from 'node:fs/promises'
import { Parser } from 'htmlparser2'
import { SaxesParser } from 'saxes'
import { decodedText, encodingOf } from './encoding.ts'
import { BadTable } from './table.ts'

/** What a reader of markup is told of, in the order of the text; names without their namespace's prefix. */
export interface MarkupEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
  /** How far it has come, in words of its table (`工作表“甲”第 10 行`), for telling where a file breaks off. */
  place?(): string | undefined
}

/** Characters that one tag, comment, attribute or text may take, and how deep elements may lie in each other. */
const MOST_PENDING = 1024 * 1024
const MOST_DEPTH = 200

const AGAIN = '请重新取得或重新导出文件，或用表格软件打开、检查并另存为 .xlsx 后导入。'

/**
 * Reads XML or HTML as its text comes in; neither entities nor addresses of the document's own are followed. HTML is read
 * as browsers do, whatever it leaves out. XML that is not well-formed, or ends before its root does, is damaged: what
 * stands behind the break can't be told apart from what was lost, so `write` and `end` throw a `BadTable` with the place.
 */
export class Markup {
  readonly #parser: { write(text: string): void; end(): void }
  readonly #events: MarkupEvents
  #given = 0
  /** Characters up to the last event. */
  #told = 0
  #depth = 0

  constructor(events: MarkupEvents, manner: 'xml' | 'html') {
    this.#events = events
    this.#parser = manner === 'xml' ? this.#xml() : this.#html()
  }

  write(text: string): void {
    this.#given += text.length
    this.#parser.write(text)
    if (this.#given - this.#told > MOST_PENDING)
      throw new BadTable(`文件中有过长的标记或文字，不像是正常的表格${this.#after('（', '）')}。`)
  }

  end(): void {
    this.#parser.end()
  }

  #html() {
    const parser = new Parser(
      {
        onopentag: (name, attributes) => this.#open(name, attributes),
        ontext: (part) => this.#events.text?.(part),
        onclosetag: (name) => this.#close(name),
      },
      { decodeEntities: true },
    )
    return {
      write: (text: string) => {
        parser.write(text)
        this.#told = parser.endIndex
      },
      end: () => parser.end(),
    }
  }

  #xml() {
    const parser = new SaxesParser()
    const bare = (name: string) => name.slice(name.indexOf(':') + 1)
    // The parser may notice a break far behind it: what began there is read on until it is clear that it can't end well.
    let line = 1
    let column = 0
    const tell = () => {
      this.#told = parser.position
      line = parser.line
      column = parser.column
    }
    const text = (part: string) => {
      tell()
      this.#events.text?.(part)
    }
    let isEnding = false
    parser.on('error', () => {
      const place = `第 ${line} 行第 ${column} 个字符之后${this.#after('（', '之后）')}`
      throw new BadTable(
        isEnding
          ? `文件不完整或已损坏：${place}没有读到应有的结束标记；${AGAIN}`
          : `文件已损坏：${place}的标记有误，以下的内容无法读取；${AGAIN}`,
      )
    })
    parser.on('opentag', ({ name, attributes }) => {
      tell()
      this.#open(bare(name), attributes)
    })
    parser.on('text', text)
    parser.on('cdata', text)
    parser.on('closetag', ({ name }) => {
      tell()
      this.#close(bare(name))
    })
    let hasBegun = false
    return {
      write: (given: string) => {
        // Some programs leave a line empty before the declaration.
        const own = hasBegun ? given : given.trimStart()
        hasBegun ||= own !== ''
        if (own !== '') parser.write(own)
      },
      end: () => {
        isEnding = true
        parser.close()
      },
    }
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#depth += 1
    if (this.#depth > MOST_DEPTH) throw new BadTable('文件的结构嵌套过深，不像是正常的表格。')
    this.#events.open?.(name, attributes)
  }

  #close(name: string): void {
    this.#depth -= 1
    this.#events.close?.(name)
  }

  #after(before: string, behind: string): string {
    const place = this.#events.place?.()
    return place === undefined ? '' : `${before}${place}${behind}`
  }
}

interface File {
  path: string
  manner: 'xml' | 'html'
  mostBytes: number
  /** What is said of a larger one. */
  tooLarge: string
}

/** Reads a file to its end. Throws `BadTable`. */
export async function readMarkup(
  { path, manner, mostBytes, tooLarge }: File,
  events: MarkupEvents,
): Promise<void> {
  const { size } = await stat(path)
  if (size > mostBytes) throw new BadTable(tooLarge)
  const markup = new Markup(events, manner)
  for await (const { text } of decodedText(path, await encodingOf(path))) markup.write(text)
  markup.end()
}

/** Bytes of an XML file, whose rows are held whole. */
export const MAX_XML_BYTES = 64 * 1024 ** 2

/** An attribute whatever its namespace's prefix. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  const own = attributes[name]
  if (own !== undefined) return own
  for (const key in attributes) if (key.endsWith(`:${name}`)) return attributes[key]
  return undefined
}

/** A switch of XML Schema: `1`, `true`, also `on` as old programs write it. */
export function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on' || value === 't'
}
