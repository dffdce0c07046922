import { isUtf8 } from 'node:buffer'
import { z } from 'zod'

/** No document that anybody has reason to send nests deeper. */
export const DEEPEST = 64

/**
 * Values (members, elements, objects, lists) that a JSON text may hold where its reader says nothing else: what is read costs by its
 * values, and of a megabyte some hundred thousand could stand for nothing.
 */
const MOST_VALUES = 100_000

/** What may be wrong with one. */
export const badKinds = ['json', 'json-depth', 'too-large'] as const

/** A text that is not read as JSON; the message is Chinese and says what to do. */
export class BadJson extends Error {
  override readonly name = 'BadJson'
  constructor(
    readonly kind: (typeof badKinds)[number],
    message: string,
  ) {
    super(message)
  }
}

/** Members that would reach into what every object inherits. */
const POISONED = new Set(['__proto__', 'constructor'])

/**
 * What a JSON text from outside says (RFC 8259). Throws `BadJson` for bytes that are not UTF-8, text that is no JSON, that nests
 * deeper than `DEEPEST` or holds more than `mostValues`, in which a member stands twice, or that holds half a surrogate pair, which
 * could never be written down again.
 */
export function readJson(sent: string | Uint8Array, mostValues = MOST_VALUES): unknown {
  if (typeof sent !== 'string' && !isUtf8(sent))
    throw new BadJson('json', '请求内容不是 UTF-8 编码；请以 UTF-8 编码发送 JSON。')
  const text = typeof sent === 'string' ? sent : new TextDecoder('utf-8', { ignoreBOM: true }).decode(sent)
  const { deepest, members, values } = shapeOf(text, mostValues)
  if (deepest > DEEPEST)
    throw new BadJson('json-depth', `JSON 嵌套超过 ${DEEPEST} 层；请检查括号，或去掉不需要的嵌套。`)
  if (values > mostValues)
    throw new BadJson('too-large', `JSON 中的值超过 ${mostValues} 个，没有读取；请分批提交。`)
  const value = parsed(text)
  // Of a member that stands twice one counts here and perhaps the other elsewhere.
  if (membersIn(value) !== members)
    throw new BadJson('json', `JSON 中的成员“${memberTwice(text)}”在同一个对象里写了两次；请只留一个。`)
  const fault = MAY_HOLD_HALVES.test(text) || MAY_POISON.test(text) ? faultIn(value) : undefined
  if (fault !== undefined) throw new BadJson('json', fault)
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw new BadJson('json', `不是有效的 JSON，请检查括号、引号和逗号（${why}）。`)
  }
}

/**
 * How deep a text nests, how many members it writes, and how many values in all. Looked at before parsing, so that what recurses
 * later never meets a depth that it can't bear; what is deeper or holds more than it may is looked at no further.
 */
function shapeOf(text: string, mostValues: number): { deepest: number; members: number; values: number } {
  let [depth, deepest, members, values] = [0, 0, 0, 1]
  let inText = false
  for (let i = 0; i < text.length && deepest <= DEEPEST && values <= mostValues; i += 1) {
    const unit = text.charCodeAt(i)
    if (inText) {
      if (unit === BACKSLASH) i += 1
      else if (unit === QUOTE) inText = false
    } else if (unit === QUOTE) inText = true
    else if (unit === COLON) members += 1
    else if (unit === COMMA) values += 1
    else if (unit === BRACE || unit === BRACKET) {
      depth += 1
      values += 1
      if (depth > deepest) deepest = depth
    } else if (unit === BRACE_END || unit === BRACKET_END) depth -= 1
  }
  return { deepest, members, values }
}

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const within = Object.values(value)
  return within.reduce<number>((sum, one) => sum + membersIn(one), Array.isArray(value) ? 0 : within.length)
}

const LONGEST_NAMED = 60

/** The first member of a JSON text that its object has had already. */
function memberTwice(text: string): string {
  const objects: (Set<string> | undefined)[] = []
  let [from, to] = [0, 0]
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit === QUOTE) {
      from = i
      i += 1
      while (text.charCodeAt(i) !== QUOTE) i += text.charCodeAt(i) === BACKSLASH ? 2 : 1
      to = i + 1
    } else if (unit === BRACE) objects.push(new Set())
    else if (unit === BRACKET) objects.push(undefined)
    else if (unit === BRACE_END || unit === BRACKET_END) objects.pop()
    else if (unit === COLON) {
      const name = z.string().parse(JSON.parse(text.slice(from, to)))
      const own = objects.at(-1)
      if (own?.has(name)) return name.toWellFormed().slice(0, LONGEST_NAMED)
      own?.add(name)
    }
  }
  return ''
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c]
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d]

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
