import { filtered, Grams, gram, intersection, Marks, type Members, NOBODY } from './grams.ts'
import { Growing } from './growing.ts'
import type { Column } from './kept-table.ts'

/** Up to this many, texts are looked at one by one rather than their pairs being looked up. */
const FEW = 32

/** One text of each enterprise, by its number, found by any part of it. */
export class Texts {
  readonly #units: Growing<Uint16Array>
  readonly #starts: Growing<Uint32Array>
  readonly #grams: Grams
  /** Characters that are being counted, each with the round in which it was last met. */
  #wanted = { characters: '', isWanted: new Uint32Array(65_536), round: 1 }

  /** None, or those that `columns` gave. */
  constructor([units, starts, ...grams]: readonly ArrayBuffer[] = []) {
    this.#units = new Growing((length) => new Uint16Array(length), units && new Uint16Array(units))
    this.#starts = new Growing((length) => new Uint32Array(length), starts && new Uint32Array(starts))
    this.#grams = new Grams(grams)
    if (!starts) this.#starts.push(0)
  }

  /** All that it is made of. */
  columns(): Column[] {
    return [this.#units.written, this.#starts.written, ...this.#grams.columns()]
  }

  get count(): number {
    return this.#starts.length - 1
  }

  /** Adds the texts of several enterprises, numbered on from the last. */
  add(texts: readonly string[]): void {
    const size = texts.reduce((sum, text) => sum + text.length, 0)
    const grams = new Uint32Array(size)
    const members = new Uint32Array(size)
    let count = 0
    for (const text of texts) {
      const member = this.count
      for (let i = 0; i < text.length; i += 1) {
        this.#units.push(text.charCodeAt(i))
        if (i === 0) continue
        grams[count] = gram(text.charCodeAt(i - 1), text.charCodeAt(i))
        members[count] = member
        count += 1
      }
      this.#starts.push(this.#units.length)
    }
    this.#grams.add(grams.subarray(0, count), members.subarray(0, count))
  }

  text(member: number): string {
    const { values: starts } = this.#starts
    return String.fromCharCode(...this.#units.values.subarray(starts[member], starts[member + 1]))
  }

  /** Of some enterprises, or of all, those whose text holds another. */
  holding(wanted: string, among?: Members): Members {
    const units = units16(wanted)
    if (among && among.length <= FEW) return this.#holding(among, units)
    const [first = 0] = units
    if (units.length === 1) {
      const marks = new Marks(this.count)
      this.#grams.mark(first, undefined, marks)
      return among ? filtered(among, (member) => marks.has(member)) : marks.members()
    }
    const pairs = Array.from(units.subarray(1), (unit, i) => gram(units[i] ?? 0, unit))
      .map((pair) => ({ pair, count: this.#grams.count(pair) }))
      .sort((a, b) => a.count - b.count)
    if (pairs[0]?.count === 0) return NOBODY
    let found = among
    for (const { pair, count } of pairs) {
      // Looking at what is left costs less than going through a long list.
      if (found && found.length * 4 < count) return this.#holding(found, units)
      const members = this.#grams.members(pair)
      found = found ? intersection(found, members) : members
    }
    return units.length === 2 ? (found ?? NOBODY) : this.#holding(found ?? NOBODY, units)
  }

  /** Marks those in whose text a unit of one kind stands before one of another, or before any. */
  markPairs(firsts: readonly number[], isSecond: Uint8Array | undefined, marks: Marks): void {
    for (const first of firsts) this.#grams.mark(first, isSecond, marks)
  }

  /** Whether the text of an enterprise has units of such kinds in a row. */
  hasRow(member: number, kinds: readonly Uint8Array[]): boolean {
    const text = this.#units.values
    const starts = this.#starts.values
    const last = (starts[member + 1] ?? 0) - kinds.length
    for (let from = starts[member] ?? 0; from <= last; from += 1) {
      let i = 0
      while (i < kinds.length && kinds[i]?.[text[from + i] ?? 0] === 1) i += 1
      if (i === kinds.length) return true
    }
    return false
  }

  /** How many different ones of some characters stand in the text of an enterprise. */
  shared(member: number, characters: string): number {
    if (characters !== this.#wanted.characters) {
      const isWanted = new Uint32Array(65_536)
      for (let i = 0; i < characters.length; i += 1) isWanted[characters.charCodeAt(i)] = 1
      this.#wanted = { characters, isWanted, round: 1 }
    }
    const { isWanted } = this.#wanted
    this.#wanted.round += 1
    const { round } = this.#wanted
    const text = this.#units.values
    const starts = this.#starts.values
    const end = starts[member + 1] ?? 0
    let count = 0
    for (let at = starts[member] ?? 0; at < end; at += 1) {
      const unit = text[at] ?? 0
      const last = isWanted[unit] ?? 0
      if (last === 0 || last === round) continue
      isWanted[unit] = round
      count += 1
    }
    return count
  }

  #holding(among: Members, units: Uint16Array): Members {
    const text = this.#units.values
    const starts = this.#starts.values
    const { length } = units
    const found = new Uint32Array(among.length)
    let count = 0
    for (const member of among) {
      const last = (starts[member + 1] ?? 0) - length
      for (let from = starts[member] ?? 0; from <= last; from += 1) {
        let i = 0
        while (i < length && text[from + i] === units[i]) i += 1
        if (i < length) continue
        found[count] = member
        count += 1
        break
      }
    }
    return found.slice(0, count)
  }
}

function units16(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
}
