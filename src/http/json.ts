import { isUtf8 } from 'node:buffer'
import { Problem } from './problem.ts'

/** No document that anybody has reason to send nests deeper. */
export const DEEPEST = 64

/** Members that would reach into what every object inherits. */
const POISONED = new Set(['__proto__', 'constructor'])

/**
 * What a JSON text from outside says (RFC 8259). Throws a 400 problem for bytes that are not UTF-8, text that is no JSON, that nests
 * deeper than `DEEPEST`, or that holds half a surrogate pair, which could never be written down again.
 */
export function jsonFrom(sent: string | Buffer): unknown {
  if (typeof sent !== 'string' && !isUtf8(sent))
    throw new Problem(400, 'json', '请求内容不是 UTF-8 编码；请以 UTF-8 编码发送 JSON。')
  const text = sent.toString()
  if (isTooDeep(text))
    throw new Problem(400, 'json-depth', `JSON 嵌套超过 ${DEEPEST} 层；请检查括号，或去掉不需要的嵌套。`)
  const value = parsed(text)
  const fault = MAY_HOLD_HALVES.test(text) || MAY_POISON.test(text) ? faultIn(value) : undefined
  if (fault !== undefined) throw new Problem(400, 'json', fault)
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw new Problem(400, 'json', `不是有效的 JSON，请检查括号、引号和逗号（${why}）。`)
  }
}

/** Looked at before parsing, so that what recurses later never meets a depth that it can't bear. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let inText = false
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (inText) {
      if (unit === BACKSLASH) i += 1
      else if (unit === QUOTE) inText = false
    } else if (unit === QUOTE) inText = true
    else if (unit === BRACE || unit === BRACKET) {
      depth += 1
      if (depth > DEEPEST) return true
    } else if (unit === BRACE_END || unit === BRACKET_END) depth -= 1
  }
  return false
}

const [QUOTE, BACKSLASH, BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

// UTF-8 can't spell half a pair: only an escape can. So almost no text has to be walked through.
const MAY_HOLD_HALVES = /\\u[dD][89a-fA-F]/
const MAY_POISON = /__proto__|constructor|\\u/

function faultIn(value: unknown): string | undefined {
  if (typeof value === 'string')
    return value.isWellFormed()
      ? undefined
      : '含有损坏的字符（不成对的 Unicode 代理项），请重新输入该处文字。'
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    if (POISONED.has(name)) return `JSON 中不能有名为“${name}”的成员；请改名。`
    const fault = faultIn(name) ?? faultIn(member)
    if (fault !== undefined) return fault
  }
  return undefined
}
