/** One line of the report: how this registry does beside a bare baseline that ran at the same time. */
export interface Measurement {
  name: string
  /** Ours over the baseline's, the way the target counts it. */
  ratio: number
  target: { atLeast: number } | { atMost: number }
  /** What was measured, in words and absolute figures of this one run. */
  detail: string
}

export function isMet({ ratio, target }: Measurement): boolean {
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost
}

export function printed(measurement: Measurement): string {
  const { name, ratio, target, detail } = measurement
  const wanted = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`
  return `${isMet(measurement) ? 'met   ' : 'MISSED'}  ${name}: ${ratio.toFixed(2)} (${wanted})  ${detail}`
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value that a share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export async function elapsed(act: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}
