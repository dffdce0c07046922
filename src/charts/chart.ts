/** What a chart shows, apart from how it is drawn. */
export type Chart = BarChart | LineChart | ShareChart

/** A value for each of several things, as bars that bear their own labels. */
export interface BarChart {
  kind: 'bars'
  unit: string
  bars: readonly { label: string; value: number | null; note?: string }[]
  /** End of the scale; the largest value by default. */
  max?: number
}

/** A value that changes with time; no value where nothing was measured. */
export interface LineChart {
  kind: 'line'
  unit: string
  points: readonly { label: string; value: number | null }[]
  max?: number
}

/** How each whole is made up of the same parts, in per cent. */
export interface ShareChart {
  kind: 'shares'
  parts: readonly string[]
  /** Shares of each part in the order of `parts`; they sum up to 100. */
  wholes: readonly { label: string; shares: readonly number[] }[]
}

const WIDTHS = { wide: 720, narrow: 340 } as const
const ROW = 36
const LINE_HEIGHT = 280

/** Width and height of a chart in pixels. */
export function extentOf(chart: Chart, size: Manner['size']): { width: number; height: number } {
  const width = WIDTHS[size]
  if (chart.kind === 'line') return { width, height: LINE_HEIGHT }
  const rows = chart.kind === 'bars' ? chart.bars.length : chart.wholes.length
  return { width, height: Math.max(2, rows) * ROW + 24 }
}

/** How a chart is drawn: by the reader's colours and for the width of the screen. */
export interface Manner {
  theme: 'light' | 'dark'
  size: 'wide' | 'narrow'
}

/** Draws a chart as SVG, wherever that is done. */
export type Draw = (chart: Chart, manner: Manner) => Promise<string>
