/** Numbers of enterprises, ascending, each once. */
export type Members = Uint32Array

export const NOBODY: Members = new Uint32Array()

/** Some enterprises' pairs of neighbouring characters: sorted, each with the enterprises that have it. */
interface Segment {
  grams: Uint32Array
  /** Where the members of each pair begin, and the end of the last. */
  starts: Uint32Array
  members: Uint32Array
}

/** A pair of UTF-16 units as a number. */
export function gram(first: number, second: number): number {
  return ((first << 16) | second) >>> 0
}

/**
 * Which enterprises have which pairs of neighbouring characters in their texts. Enterprises are added in the order of
 * their numbers; segments are joined as they come to be as large as the one before, so that there are few.
 */
export class Grams {
  #segments: Segment[] = []

  /** None, or those that `columns` gave. */
  constructor(columns: readonly ArrayBuffer[] = []) {
    for (let i = 0; i < columns.length; i += 3) {
      const [grams, starts, members] = columns.slice(i, i + 3).map((bytes) => new Uint32Array(bytes))
      if (grams && starts && members) this.#segments.push({ grams, starts, members })
    }
  }

  /** All that it is made of. */
  columns(): Uint32Array[] {
    return this.#segments.flatMap(({ grams, starts, members }) => [grams, starts, members])
  }

  /** Adds the pairs of several enterprises, each beyond all that are known. */
  add(grams: Uint32Array, members: Uint32Array): void {
    if (grams.length === 0) return
    this.#segments.push(segmentOf(grams, members))
    for (;;) {
      const last = this.#segments.at(-1)
      const before = this.#segments.at(-2)
      if (!last || !before || last.members.length * 2 < before.members.length) return
      this.#segments.splice(-2, 2, joined(before, last))
    }
  }

  /** How many times enterprises have a pair. */
  count(wanted: number): number {
    return this.#segments.reduce((sum, segment) => {
      const at = placeIn(segment, wanted)
      return segment.grams[at] === wanted
        ? sum + (segment.starts[at + 1] ?? 0) - (segment.starts[at] ?? 0)
        : sum
    }, 0)
  }

  /** The enterprises that have a pair. */
  members(wanted: number): Members {
    const found = this.#segments.flatMap((segment) => {
      const at = placeIn(segment, wanted)
      return segment.grams[at] === wanted
        ? [segment.members.subarray(segment.starts[at], segment.starts[at + 1])]
        : []
    })
    const [only = NOBODY] = found
    return found.length < 2 ? only : concatenated(found)
  }

  /** Marks the enterprises that have a pair of such a first unit and, where it is said, such a second one. */
  mark(first: number, isSecond: Uint8Array | undefined, marks: Marks): void {
    for (const { grams, starts, members } of this.#segments) {
      const from = lowerBound(grams, gram(first, 0))
      const to = lowerBound(grams, gram(first, 0xffff) + 1)
      for (let at = from; at < to; at += 1) {
        if (isSecond && isSecond[(grams[at] ?? 0) & 0xffff] === 0) continue
        const end = starts[at + 1] ?? 0
        for (let i = starts[at] ?? 0; i < end; i += 1) marks.add(members[i] ?? 0)
      }
    }
  }
}

/** A set of enterprises as one bit each. */
export class Marks {
  readonly #bits: Uint32Array

  constructor(size: number) {
    this.#bits = new Uint32Array((size >>> 5) + 1)
  }

  add(member: number): void {
    const at = member >>> 5
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (member & 31))
  }

  has(member: number): boolean {
    return (((this.#bits[member >>> 5] ?? 0) >>> (member & 31)) & 1) === 1
  }

  /** Leaves only what the other set has too. */
  keep(other: Marks): void {
    for (let i = 0; i < this.#bits.length; i += 1)
      this.#bits[i] = (this.#bits[i] ?? 0) & (other.#bits[i] ?? 0)
  }

  get count(): number {
    let count = 0
    for (let i = 0; i < this.#bits.length; i += 1) count += bitsIn(this.#bits[i] ?? 0)
    return count
  }

  members(): Members {
    const found = new Uint32Array(this.count)
    let at = 0
    for (let i = 0; i < this.#bits.length; i += 1)
      for (let rest = this.#bits[i] ?? 0; rest !== 0; rest &= rest - 1) {
        found[at] = i * 32 + (31 - Math.clz32(rest & -rest))
        at += 1
      }
    return found
  }
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** Those that something is true of; several times as fast as the array's own `filter`. */
export function filtered(members: Members, isOne: (member: number) => boolean): Members {
  const found = new Uint32Array(members.length)
  let count = 0
  for (const member of members) {
    if (!isOne(member)) continue
    found[count] = member
    count += 1
  }
  return found.slice(0, count)
}

export function intersection(a: Members, b: Members): Members {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a]
  const found = new Uint32Array(few.length)
  let count = 0
  let at = 0
  const isFar = many.length > few.length * 16
  for (const member of few) {
    if (isFar) at = lowerBound(many, member, at)
    else while (at < many.length && (many[at] ?? 0) < member) at += 1
    if (many[at] === member) {
      found[count] = member
      count += 1
    }
  }
  return found.slice(0, count)
}

export function difference(a: Members, b: Members): Members {
  if (a.length === 0 || b.length === 0) return a
  const found = new Uint32Array(a.length)
  let count = 0
  let at = 0
  for (const member of a) {
    while (at < b.length && (b[at] ?? 0) < member) at += 1
    if (b[at] !== member) {
      found[count] = member
      count += 1
    }
  }
  return found.slice(0, count)
}

export function union(a: Members, b: Members): Members {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const found = new Uint32Array(a.length + b.length)
  let [i, j, count] = [0, 0, 0]
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i] ?? Infinity, b[j] ?? Infinity]
    found[count] = x < y ? x : y
    if (x <= y) i += 1
    if (y <= x) j += 1
    count += 1
  }
  return found.slice(0, count)
}

function segmentOf(grams: Uint32Array, members: Uint32Array): Segment {
  const sorted = sortedBy(grams, members)
  const distinct: number[] = []
  const starts: number[] = []
  const kept = new Uint32Array(sorted.members.length)
  let count = 0
  let [lastGram, lastMember] = [-1, -1]
  for (let i = 0; i < sorted.grams.length; i += 1) {
    const [own, member] = [sorted.grams[i] ?? 0, sorted.members[i] ?? 0]
    if (own === lastGram && member === lastMember) continue
    if (own !== lastGram) {
      distinct.push(own)
      starts.push(count)
    }
    kept[count] = member
    count += 1
    lastGram = own
    lastMember = member
  }
  return {
    grams: Uint32Array.from(distinct),
    starts: Uint32Array.from([...starts, count]),
    members: kept.slice(0, count),
  }
}

/** Sorted by their pairs, those of one pair as they came: two passes of a radix sort, by sixteen bits each. */
function sortedBy(grams: Uint32Array, members: Uint32Array): { grams: Uint32Array; members: Uint32Array } {
  let from = { grams, members }
  for (const shift of [0, 16]) {
    const places = new Uint32Array(65_537)
    for (const own of from.grams)
      places[((own >>> shift) & 0xffff) + 1] = (places[((own >>> shift) & 0xffff) + 1] ?? 0) + 1
    for (let i = 1; i < places.length; i += 1) places[i] = (places[i] ?? 0) + (places[i - 1] ?? 0)
    const to = { grams: new Uint32Array(grams.length), members: new Uint32Array(grams.length) }
    for (let i = 0; i < grams.length; i += 1) {
      const own = from.grams[i] ?? 0
      const digit = (own >>> shift) & 0xffff
      const at = places[digit] ?? 0
      places[digit] = at + 1
      to.grams[at] = own
      to.members[at] = from.members[i] ?? 0
    }
    from = to
  }
  return from
}

/** One segment of two; all members of the second come after those of the first. */
function joined(a: Segment, b: Segment): Segment {
  const grams = new Uint32Array(a.grams.length + b.grams.length)
  const starts = new Uint32Array(grams.length + 1)
  const members = new Uint32Array(a.members.length + b.members.length)
  let [i, j, count, at] = [0, 0, 0, 0]
  const take = (segment: Segment, own: number) => {
    const part = segment.members.subarray(segment.starts[own], segment.starts[own + 1])
    members.set(part, at)
    at += part.length
  }
  while (i < a.grams.length || j < b.grams.length) {
    const [x, y] = [a.grams[i] ?? Infinity, b.grams[j] ?? Infinity]
    grams[count] = x < y ? x : y
    starts[count] = at
    if (x <= y) {
      take(a, i)
      i += 1
    }
    if (y <= x) {
      take(b, j)
      j += 1
    }
    count += 1
  }
  starts[count] = at
  return { grams: grams.slice(0, count), starts: starts.slice(0, count + 1), members }
}

function placeIn({ grams }: Segment, wanted: number): number {
  return lowerBound(grams, wanted)
}

/** Where the first number stands that is not smaller. */
export function lowerBound(sorted: Uint32Array, wanted: number, from = 0): number {
  let [low, high] = [from, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function concatenated(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
