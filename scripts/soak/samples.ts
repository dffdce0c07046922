import { readdir } from 'node:fs/promises'

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

/** What a quantity may do in the time after warming up. */
export interface Bound {
  /** It may rise by so much, and by such a share of its mean; by the greater of the two. */
  by: number
  share: number
}

/** Why a line has risen beyond its bound, or undefined. */
export function risen(line: Line, { by, share }: Bound): string | undefined {
  const rise = line.to - line.from
  const allowed = Math.max(by, share * Math.abs(line.mean))
  return rise > allowed ? `rose by ${rounded(rise)}, where ${rounded(allowed)} is allowed` : undefined
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

/** How many files lie under a folder. */
export async function filesUnder(folder: string): Promise<number> {
  return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
    .length
}

export function rounded(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
