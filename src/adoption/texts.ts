import { textFault } from '../records/fields.ts'

/** No text of a document is longer, in characters: a quotation of an article is the longest. */
export const LONGEST_TEXT = 1000
/** No list of a document has more members. */
export const LONGEST_LIST = 500

/** What is wrong with a text or list of a document, and where. */
export interface DocumentFault {
  /** JSON Pointer to it; where a member's name is wrong, to what it is a member of. */
  pointer: string
  code: string
  detail: string
}

/**
 * Every text of a document that is to be adopted, names of members too, by the one rule for text (文字规则) and within bounds:
 * what is adopted is public for good. Linear in the document, which the door has bounded in depth.
 */
export function textFaultsIn(document: unknown, pointer = ''): DocumentFault[] {
  if (typeof document === 'string') return faultsOf(document, pointer)
  if (typeof document !== 'object' || document === null) return []
  const members = Object.entries(document)
  if (members.length > LONGEST_LIST)
    return [fault(pointer, 'too-long', `至多 ${LONGEST_LIST} 项，现有 ${members.length} 项。`)]
  return members.flatMap(([name, value], i) => {
    const unnamed = faultsOf(name, pointer, `第 ${i + 1} 个成员的名称`)
    // A name that breaks the rule isn't told again as part of places.
    return unnamed.length > 0 ? unnamed : textFaultsIn(value, `${pointer}/${escaped(name)}`)
  })
}

function faultsOf(text: string, pointer: string, what = ''): DocumentFault[] {
  if (text.length > LONGEST_TEXT)
    return [fault(pointer, 'too-long', `${what}最多 ${LONGEST_TEXT} 个字符，现有 ${text.length} 个。`)]
  const found = textFault(text)
  return found ? [fault(pointer, found.key, `${what}${found.message}`)] : []
}

function fault(pointer: string, code: string, detail: string): DocumentFault {
  return { pointer, code, detail: `${pointer || '文件'}：${detail}` }
}

/** A member's name as JSON Pointer (RFC 6901) writes it. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
