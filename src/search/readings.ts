import { initialsOf, readingsOf } from './pinyin.ts'
import type { ReadingToken } from './reading-query.ts'

/** UTF-16 units that are read in some way: as a list, and marked among all. */
export interface Units {
  units: readonly number[]
  isUnit: Uint8Array
}

/** What names are written with: the ideographs of the Basic Multilingual Plane, digits and letters. */
const RANGES = [
  [0x30, 0x39],
  [0x61, 0x7a],
  [0x3007, 0x3007],
  [0x4e00, 0x9fff],
] as const

let byReading: Map<string, number[]> | undefined
let byInitial: Map<string, number[]> | undefined

/** Learns once how each character is read. */
function learn(): { readings: Map<string, number[]>; initials: Map<string, number[]> } {
  if (byReading && byInitial) return { readings: byReading, initials: byInitial }
  byReading = new Map()
  byInitial = new Map()
  for (const [from, to] of RANGES)
    for (let unit = from; unit <= to; unit += 1) {
      const character = String.fromCharCode(unit)
      for (const reading of readingsOf(character)) put(byReading, reading, unit)
      for (const initial of initialsOf(character)) put(byInitial, initial, unit)
    }
  return { readings: byReading, initials: byInitial }
}

function put(map: Map<string, number[]>, key: string, unit: number): void {
  const known = map.get(key)
  if (known) known.push(unit)
  else map.set(key, [unit])
}

const kept = new Map<string, Units>()

/** Units that a token asks for in its first place, and in its second where it asks for any there. */
export function unitsRead(token: ReadingToken): [Units, Units | undefined] {
  if ('initials' in token) {
    const [first = '', second = ''] = token.initials
    return [unitsOfInitial(first), second === '' ? undefined : unitsOfInitial(second)]
  }
  const { syllable, next, isOpen } = token
  const second = next === '' ? undefined : isOpen ? begun(next) : read(next)
  return [isOpen && next === '' ? begun(syllable) : read(syllable), second]
}

/** Characters with a reading that begins with a letter. */
export function unitsOfInitial(letter: string): Units {
  return once(`0${letter}`, () => learn().initials.get(letter) ?? [])
}

function read(syllable: string): Units {
  return once(syllable, () => learn().readings.get(syllable) ?? [])
}

function begun(letters: string): Units {
  return once(`${letters}*`, () =>
    Array.from(learn().readings).flatMap(([reading, units]) => (reading.startsWith(letters) ? units : [])),
  )
}

/** Syllables and their beginnings are few: what has been made is kept. */
function once(key: string, make: () => readonly number[]): Units {
  let known = kept.get(key)
  if (!known) {
    const units = Array.from(new Set(make()))
    const isUnit = new Uint8Array(65_536)
    for (const unit of units) isUnit[unit] = 1
    known = { units, isUnit }
    kept.set(key, known)
  }
  return known
}
