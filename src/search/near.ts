/** Lengths of texts that a mistake is looked for in: shorter ones tell too little, longer ones are no names. */
const LENGTHS = [4, 24] as const
/** Fewest characters of a text in which two mistakes are looked for. */
const LENGTH_FOR_TWO = 8

/** How many mistakes are looked for in a text; none where that would find anything. */
export function mistakesIn(text: string): 0 | 1 | 2 {
  const { length } = Array.from(text)
  if (length < LENGTHS[0] || length > LENGTHS[1]) return 0
  return length < LENGTH_FOR_TWO ? 1 : 2
}

/**
 * What of a text still stands when there are mistakes in it: of its parts, two more than mistakes, all but as many; in
 * two divisions, so that two characters exchanged across the end of a part lie within one of the other division.
 */
export function soundParts(text: string, mistakes: number): string[][] {
  const characters = Array.from(text)
  const count = mistakes + 2
  return [0, 1].flatMap((shift) => {
    const ends = Array.from(
      { length: count - 1 },
      (_, i) => Math.floor(((i + 1) * characters.length) / count) + shift,
    )
    const parts = [0, ...ends].map((from, i) => characters.slice(from, ends[i]).join(''))
    return leavingOut(parts, mistakes)
  })
}

/** All ways to leave out as many parts as that; what stays together is joined. */
function leavingOut(parts: readonly string[], count: number): string[][] {
  const left = (from: number, open: number): number[][] =>
    open === 0
      ? [[]]
      : Array.from({ length: parts.length - from }, (_, i) => from + i).flatMap((at) =>
          left(at + 1, open - 1).map((rest) => [at, ...rest]),
        )
  return left(0, count).map((out) => {
    const kept: string[] = []
    let joined = ''
    for (const [i, part] of parts.entries()) {
      if (!out.includes(i)) joined += part
      else if (joined !== '') {
        kept.push(joined)
        joined = ''
      }
    }
    return joined === '' ? kept : [...kept, joined]
  })
}

/**
 * Whether a text stands in a name with at most so many mistakes: a character wrong, missing or too many, or two next
 * to each other exchanged (the optimal string alignment distance to any stretch of the name).
 */
export function isNear(name: string, text: string, mistakes: number): boolean {
  const { length } = text
  let [beforeLast, last, row] = [
    new Uint8Array(length + 1),
    new Uint8Array(length + 1),
    new Uint8Array(length + 1),
  ]
  for (let i = 0; i <= length; i += 1) last[i] = i
  for (let at = 0; at < name.length; at += 1) {
    const unit = name.charCodeAt(at)
    row[0] = 0
    for (let i = 1; i <= length; i += 1) {
      const wanted = text.charCodeAt(i - 1)
      let cost = (last[i - 1] ?? 0) + (wanted === unit ? 0 : 1)
      cost = Math.min(cost, (last[i] ?? 0) + 1, (row[i - 1] ?? 0) + 1)
      const areExchanged =
        i > 1 && at > 0 && wanted === name.charCodeAt(at - 1) && text.charCodeAt(i - 2) === unit
      row[i] = areExchanged ? Math.min(cost, (beforeLast[i - 2] ?? 0) + 1) : cost
    }
    if ((row[length] ?? 0) <= mistakes) return true
    ;[beforeLast, last, row] = [last, row, beforeLast]
  }
  return false
}

/** Whether all characters of the text stand in the name in their order, with gaps. */
export function isScattered(name: string, text: string): boolean {
  let at = 0
  for (const character of text) {
    at = name.indexOf(character, at) + 1
    if (at === 0) return false
  }
  return true
}
