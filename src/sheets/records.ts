/** A record of a CSV file as it stands there: one line, or several where a quoted cell holds line breaks. */
export type RawRecord = { line: number; text: string } | { line: number; text: string; fault: string }

const MAX_RECORD_LENGTH = 64 * 1024
const MAX_RECORD_LINES = 50

/**
 * Cuts CSV text into records. A quote that is never closed spoils its own line only: the next line begins a new
 * record. A line over the bound is passed over without being kept.
 */
export class RecordCutter {
  readonly #delimiter: string
  /** Number of the line that comes first in `#lines`. */
  #line = 1
  /** Lines that no record has taken yet; of an overlong one only its length. */
  #lines: (string | number)[] = []
  #partial = ''
  #partialLength = 0
  /** Whether the text so far ends in a carriage return, whose line feed may come with the next. */
  #isAfterReturn = false

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  /** Records that are complete with this much more text; with `isLast`, all that are left. */
  push(text: string, isLast = false): RawRecord[] {
    const parts = this.#withLineFeeds(text).split('\n')
    for (const [i, part] of parts.entries()) {
      this.#partialLength += part.length
      if (this.#partialLength <= MAX_RECORD_LENGTH) this.#partial += part
      else this.#partial = ''
      if (i < parts.length - 1 || isLast) this.#endLine()
    }
    return this.#cut(isLast)
  }

  /** Lines may end in a line feed, a carriage return, or both. */
  #withLineFeeds(text: string): string {
    if (text === '') return text
    const isContinued = this.#isAfterReturn && text.startsWith('\n')
    this.#isAfterReturn = text.endsWith('\r')
    const rest = isContinued ? text.slice(1) : text
    return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest
  }

  #endLine(): void {
    this.#lines.push(this.#partialLength > MAX_RECORD_LENGTH ? this.#partialLength : this.#partial)
    this.#partial = ''
    this.#partialLength = 0
  }

  #cut(isLast: boolean): RawRecord[] {
    const records: RawRecord[] = []
    let at = 0
    while (at < this.#lines.length) {
      const line = this.#line + at
      const first = this.#lines[at] ?? ''
      if (typeof first === 'number') {
        records.push({ line, text: '', fault: overlongFault(first) })
        at += 1
        continue
      }
      let text = first
      let count = 1
      let state = quoting(text, this.#delimiter)
      const mayGrow = () => state === 'open' && count < MAX_RECORD_LINES && text.length < MAX_RECORD_LENGTH
      while (mayGrow()) {
        const next = this.#lines[at + count]
        if (typeof next !== 'string') break
        text += `\n${next}`
        count += 1
        state = quoting(text, this.#delimiter)
      }
      if (mayGrow() && !isLast && at + count === this.#lines.length) break
      if (state === 'complete') {
        if (text.trim() !== '') records.push({ line, text })
        at += count
      } else {
        records.push({ line, text: first, fault: QUOTE_FAULT })
        at += 1
      }
    }
    this.#lines.splice(0, at)
    this.#line += at
    return records
  }
}

const QUOTE_FAULT =
  '引号没有成对：以引号开头的单元格应以引号结束，内容中的引号写成两个。请修改本行后重新导入。'

function overlongFault(length: number): string {
  return `本行长达 ${length} 个字符，超过 ${MAX_RECORD_LENGTH} 的上限；请检查文件是否缺少换行。`
}

/** Whether the quoted cells of a record are all closed, one is still open, or a quote stands where none may. */
function quoting(text: string, delimiter: string): 'complete' | 'open' | 'wrong' {
  if (!text.includes('"')) return 'complete'
  let at = 0
  for (;;) {
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1)
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2)
      if (end < 0) return 'open'
      at = end + 1
      if (at < text.length && text[at] !== delimiter) return 'wrong'
    } else {
      const next = text.indexOf(delimiter, at)
      at = next < 0 ? text.length : next
    }
    if (at >= text.length) return 'complete'
    at += 1
    if (at === text.length) return 'complete'
  }
}
