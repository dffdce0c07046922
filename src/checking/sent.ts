import { z } from 'zod'
import { Refusal } from '../dossier/refusal.ts'
import { BadJson, readJson } from '../sheets/json.ts'
import { type Given, LONGEST_PART } from './given.ts'
import { MOST_ROWS } from './request.ts'

/** Values of a row: itself, three members, and what parts them. */
const VALUES_A_ROW = 5
const MOST_FAULTS = 20
/** Lines that are looked at, empty ones among them. */
const MOST_LINES = 2 * MOST_ROWS

/** How a program may write a list. */
export const listTypes = ['application/json', 'application/x-ndjson'] as const

/** A list as a program sent it, still to be read. */
export interface SentList {
  type: (typeof listTypes)[number]
  bytes: Uint8Array
}

const text = (description: string) =>
  z.string(description).max(LONGEST_PART, `最多 ${LONGEST_PART} 个字符`).meta({ description })
export const givenRow = z
  .strictObject({
    code: text('统一社会信用代码或组织机构代码').exactOptional(),
    name: text('企业名称').exactOptional(),
    place: text('所在地区或地址').exactOptional(),
  })
  .meta({ description: '代码、名称至少有一项；三项各自匹配，再互相核对' })
export const givenRows = z.strictObject({
  rows: z.array(givenRow).min(1, '至少一行').max(MOST_ROWS, `最多 ${MOST_ROWS} 行`),
})

/**
 * The rows of a list that a program sent. How many there are is counted before any is looked at, so that what is no list costs no more
 * than one. Throws `BadJson` for what is none, an `invalid` refusal that names the rows at fault.
 */
export function rowsSent({ type, bytes }: SentList): readonly Given[] {
  const sent = type === 'application/json' ? wholeOf(bytes) : { rows: linesOf(bytes) }
  if (numberOfRows(sent) > MOST_ROWS) throw tooMany()
  const parsed = givenRows.safeParse(sent)
  if (parsed.success) return parsed.data.rows
  throw unreadable(
    parsed.error.issues.slice(0, MOST_FAULTS).map(({ path, code, message }) => ({
      pointer: `/${path.map(String).join('/')}`,
      code,
      detail: message,
    })),
  )
}

/** What was sent of a list as one JSON text; nothing at all lacks its rows. */
function wholeOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {}
  try {
    return readJson(bytes, MOST_ROWS * VALUES_A_ROW)
  } catch (error) {
    throw error instanceof BadJson && error.kind === 'too-large' ? tooMany() : error
  }
}

function numberOfRows(sent: unknown): number {
  const rows = typeof sent === 'object' && sent !== null && 'rows' in sent ? sent.rows : undefined
  return Array.isArray(rows) ? rows.length : 0
}

/** What the lines say that hold anything, as far as a list may be long. */
function linesOf(bytes: Uint8Array): unknown[] {
  const text = new TextDecoder().decode(bytes)
  const rows: unknown[] = []
  for (let [from, i] = [0, 0]; from < text.length; i += 1) {
    if (rows.length > MOST_ROWS || i >= MOST_LINES) throw tooMany()
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end < 0 ? undefined : end).trim()
    if (line !== '') rows.push(rowOn(line, i))
    from = end < 0 ? text.length : end + 1
  }
  return rows
}

function rowOn(line: string, i: number): unknown {
  try {
    return readJson(line, 2 * VALUES_A_ROW)
  } catch {
    throw unreadable([{ pointer: `/rows/${i}`, code: 'json', detail: `第 ${i + 1} 行不是 JSON 对象。` }])
  }
}

function tooMany(): Refusal {
  return unreadable([{ pointer: '/rows', code: 'too_big', detail: `最多 ${MOST_ROWS} 行` }])
}

function unreadable(faults: Refusal['faults']): Refusal {
  return new Refusal('invalid', '名单无法读取，见 errors。', faults)
}
