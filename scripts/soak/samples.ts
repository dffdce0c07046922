import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What was measured of a node at a moment, by name. */
export interface Sample {
  /** Seconds since the soak began. */
  at: number
  values: Readonly<Record<string, number>>
}

/** A straight line through what was measured: where it begins, how much it rises in an hour. */
export interface Line {
  from: number
  to: number
  perHour: number
  /** Mean of what was measured. */
  mean: number
}

/** The line of least squares through the samples of a name; undefined where there are too few. */
export function lineOf(samples: readonly Sample[], name: string): Line | undefined {
  const points = samples.flatMap(({ at, values }) => {
    const value = values[name]
    return value === undefined || Number.isNaN(value) ? [] : [{ at, value }]
  })
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || points.length < 3) return undefined
  const mean = (of: (point: { at: number; value: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [meanAt, meanValue] = [mean(({ at }) => at), mean(({ value }) => value)]
  const spread = mean(({ at }) => (at - meanAt) ** 2)
  const slope = spread === 0 ? 0 : mean(({ at, value }) => (at - meanAt) * (value - meanValue)) / spread
  const on = (at: number) => meanValue + slope * (at - meanAt)
  return { from: on(first.at), to: on(last.at), perHour: slope * 3600, mean: meanValue }
}

/** How long a fixed piece of work takes, by the clock: what the machine itself has become slower by. */
export const YARDSTICK = 'yardstick ms'
const PIECE = Buffer.alloc(256 * 1024, 1)
const CALLS = 100
const TRIES = 7

/** Milliseconds that computing a digest and asking the system of a file take: the quickest of several tries, which others don't delay. */
export function yardstick(): number {
  const tries = Array.from({ length: TRIES }, () => {
    const from = performance.now()
    createHash('sha256').update(PIECE).digest()
    for (let i = 0; i < CALLS; i += 1) statSync('.')
    return performance.now() - from
  })
  return Math.min(...tries)
}

/** The samples with durations as they would have been on the machine as fast as at the first. */
export function steadied(samples: readonly Sample[]): Sample[] {
  const first = samples[0]?.values[YARDSTICK]
  return samples.map(({ at, values }) => {
    const share = (first ?? Number.NaN) / (values[YARDSTICK] ?? Number.NaN)
    const steady = Object.entries(values).map(([name, value]) =>
      isDuration(name) && !Number.isNaN(share) ? [name, value * share] : [name, value],
    )
    return { at, values: Object.fromEntries(steady) }
  })
}

/** Whether a quantity is how long answers took. */
export function isDuration(name: string): boolean {
  return name.startsWith('ms ')
}

/** What a quantity may do in the time after warming up. */
export interface Bound {
  /** It may rise by so much, and by such a share of its mean; by the greater of the two. */
  by: number
  share: number
}

/** Why a line has risen beyond its bound, or undefined. */
export function risen(line: Line, bound: Bound): string | undefined {
  const rise = line.to - line.from
  const most = allowed(line, bound)
  return rise > most ? `rose by ${rounded(rise)}, where ${rounded(most)} is allowed` : undefined
}

/** Seconds over which durations have to be seen before a line through them says that they grow. */
export const LONG_ENOUGH = 600
/** A share by which the load of the machine may rise without being the reason for longer durations. */
const STEADY_SHARE = 0.25

/** What a line may be judged by. */
interface Judging {
  bound: Bound | undefined
  /** Whether it is of durations, which the rest of the machine has a say in. */
  isDuration: boolean
  /** Seconds between the first sample and the last. */
  seconds: number
  /** Load average of the machine over the same samples, and its processors. */
  load: Line | undefined
  processors: number
}

/** What is to be said of a line: that it grew, and by how much; or why that can't be told. */
export type Verdict = { mark: 'GREW' | 'SHORT' | 'BUSY' | ''; why: string }

/** Judges a line. Durations are not judged over less than ten minutes, nor while the machine got busier. */
export function judged(line: Line, { bound, isDuration, seconds, load, processors }: Judging): Verdict {
  const why = bound && risen(line, bound)
  if (why === undefined) return { mark: '', why: '' }
  if (!isDuration) return { mark: 'GREW', why }
  if (seconds < LONG_ENOUGH)
    return {
      mark: 'SHORT',
      why: `${why}; over ${Math.round(seconds)} s, less than ${LONG_ENOUGH} s, nothing can be told`,
    }
  const isBusier = load !== undefined && load.to > Math.max(processors, load.from * (1 + STEADY_SHARE))
  return isBusier
    ? {
        mark: 'BUSY',
        why: `${why}; the load of the machine rose from ${rounded(load.from)} to ${rounded(load.to)}`,
      }
    : { mark: 'GREW', why }
}

/** How much a line may rise. */
export function allowed({ mean }: Line, { by, share }: Bound): number {
  return Math.max(by, share * Math.abs(mean))
}

/** Figures of a node as it tells them to Prometheus, by their names and labels. */
export async function metricsOf(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found: Record<string, number> = {}
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z_]+(?:\{[^}]*\})?) ([\d.e+-]+)$/i.exec(line) ?? []
    if (name !== undefined && !/_bucket|http_request/.test(name)) found[name] = Number(value)
  }
  return found
}

/** How many files lie under a folder, while others come and go. */
export async function filesUnder(folder: string): Promise<number> {
  const within = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return []
  })
  const counts = await Promise.all(
    within.map((one) => (one.isDirectory() ? filesUnder(join(folder, one.name)) : Number(one.isFile()))),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

export function rounded(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
