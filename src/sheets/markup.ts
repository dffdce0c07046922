import { stat } from 'node:fs/promises'
import { Parser } from 'htmlparser2'
import { decodedText, encodingOf } from './encoding.ts'
import { BadTable } from './table.ts'

/** What a reader of markup is told of, in the order of the text; names without their namespace's prefix. */
export interface MarkupEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
}

/** Characters that one tag, comment or attribute may take, and how deep elements may lie in each other. */
const MOST_PENDING = 1024 * 1024
const MOST_DEPTH = 200

/** Reads XML or HTML as its text comes in; neither entities nor addresses of the document's own are followed. */
export class Markup {
  readonly #parser: Parser
  #given = 0
  #depth = 0

  constructor(events: MarkupEvents, manner: 'xml' | 'html') {
    const isXml = manner === 'xml'
    const bare = (name: string) => (isXml ? name.slice(name.indexOf(':') + 1) : name)
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => {
          this.#depth += 1
          if (this.#depth > MOST_DEPTH) throw new BadTable('文件的结构嵌套过深，不像是正常的表格。')
          events.open?.(bare(name), attributes)
        },
        ontext: (part) => events.text?.(part),
        onclosetag: (name) => {
          this.#depth -= 1
          events.close?.(bare(name))
        },
      },
      { xmlMode: isXml, decodeEntities: true },
    )
  }

  write(text: string): void {
    this.#given += text.length
    this.#parser.write(text)
    if (this.#given - this.#parser.endIndex > MOST_PENDING)
      throw new BadTable('文件中有过长的标记，不像是正常的表格。')
  }

  end(): void {
    this.#parser.end()
  }
}

interface File {
  path: string
  manner: 'xml' | 'html'
  mostBytes: number
  /** What is said of a larger one. */
  tooLarge: string
}

/** Reads a file up to its end, which is told with `end()`: before that a reader can see what was left open. Throws `BadTable`. */
export async function markupIn(
  { path, manner, mostBytes, tooLarge }: File,
  events: MarkupEvents,
): Promise<Markup> {
  const { size } = await stat(path)
  if (size > mostBytes) throw new BadTable(tooLarge)
  const markup = new Markup(events, manner)
  for await (const { text } of decodedText(path, await encodingOf(path))) markup.write(text)
  return markup
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
