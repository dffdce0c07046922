import { createHash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

/** A line of the list: the SHA-1 of a password, and how often it was found. */
const LINE = /^([0-9A-F]{40})(:\d+)?\r?$/
const LONGEST_LINE = 64

/**
 * Whether a password is on the operator's list of those that were stolen somewhere (已泄露的密码): the SHA-1 of each in capitals
 * on a line of its own, in order, as Have I Been Pwned gives them out to be used without asking it. The list may have a
 * billion lines, so it is looked into where it lies. Without a list none is; throws `BreachedListUnreadable` for what is no such list.
 */
export function isBreached(list: string, password: string): boolean {
  if (!existsSync(list)) return false
  try {
    return isOn(list, password)
  } catch (error) {
    throw new BreachedListUnreadable(list, { cause: error })
  }
}

/** Thrown where a list of stolen passwords lies that can't be looked into. */
export class BreachedListUnreadable extends Error {
  override readonly name = 'BreachedListUnreadable'
}

function isOn(list: string, password: string): boolean {
  const wanted = createHash('sha1').update(password).digest('hex').toUpperCase()
  const file = openSync(list, 'r')
  try {
    // Of the lines that begin within [low, high), one may be the one.
    let [low, high] = [0, fstatSync(file).size]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const { at, text } = lineFrom(file, middle)
      if (at >= high) {
        high = middle
        continue
      }
      const [, found] = LINE.exec(text) ?? []
      if (found === undefined) throw new Error('no SHA-1 digest in capitals')
      if (found === wanted) return true
      if (found < wanted) low = at + 1
      else high = middle
    }
    return false
  } finally {
    closeSync(file)
  }
}

/** The first line that begins at a place of a file or after it, and where. */
function lineFrom(file: number, place: number): { at: number; text: string } {
  const from = Math.max(0, place - 1)
  const bytes = Buffer.alloc(2 * LONGEST_LINE)
  const read = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from))
  const before = place === 0 ? 0 : read.indexOf(0x0a) + 1
  if (place > 0 && before === 0) return { at: Number.POSITIVE_INFINITY, text: '' }
  const end = read.indexOf(0x0a, before)
  const at = from + before
  if (before >= read.length) return { at: Number.POSITIVE_INFINITY, text: '' }
  return { at, text: read.toString('latin1', before, end < 0 ? read.length : end) }
}
