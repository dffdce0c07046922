import type { Mutant } from './sites.ts'

export interface Outcome {
  mutant: Mutant
  /** By a test, by a test that no longer ends, by the type check alone, or not at all. */
  found: 'test' | 'hang' | 'types' | 'no'
  /** Which test, or how many came by. */
  by: string
}

/** One outcome in a line: line, what stands there, what stood there instead, the place that an accepted one is named by. */
export function shown({ mutant: { file, line, within, from, to, place }, found, by }: Outcome): string {
  return `${found === 'hang' ? 'hung' : 'survived'}  ${file}:${line} ${within}: ${from} → ${to}  (${by}; ${place})`
}

/** What was found, by file, by room (its name and its files) and in all. */
export function report(outcomes: readonly Outcome[], rooms: ReadonlyMap<string, readonly string[]>): string {
  const files = new Map(outcomes.map(({ mutant: { file } }) => [file, [file]]))
  const lines = (parts: ReadonlyMap<string, readonly string[]>) =>
    [...parts].flatMap(([name, within]) => {
      const part = outcomes.filter(({ mutant }) => within.includes(mutant.file))
      return part.length === 0 ? [] : [`${figures(part)}  ${name}`]
    })
  return [...lines(new Map([...files].sort())), '', ...lines(rooms), `${figures(outcomes)}  in all`].join(
    '\n',
  )
}

/** Found, by tests alone, at boundaries: `97 % of 120 (95 % by tests, boundaries 92 % of 40)`. */
function figures(outcomes: readonly Outcome[]): string {
  const share = (part: readonly Outcome[], isFound: (outcome: Outcome) => boolean) =>
    part.length === 0 ? '–' : `${Math.floor((100 * part.filter(isFound).length) / part.length)} %`
  const boundaries = outcomes.filter(({ mutant }) => mutant.boundary)
  const isFound = ({ found }: Outcome) => found !== 'no'
  const byTests = share(outcomes, ({ found }) => found === 'test' || found === 'hang')
  return `${share(outcomes, isFound).padStart(5)} of ${String(outcomes.length).padStart(4)} (${byTests.padStart(5)} by tests, boundaries ${share(boundaries, isFound).padStart(5)} of ${boundaries.length})`
}
