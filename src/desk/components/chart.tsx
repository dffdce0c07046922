import type { Draw } from '../../charts/chart.ts'
import { type Chart, extentOf } from '../../charts/chart.ts'

/** A chart drawn for both colour schemes, ready to stand in a page. */
export interface DrawnChart {
  alt: string
  light: string
  dark: string
  width: number
  height: number
}

/** Draws a chart into the page itself: what officers see is not for addresses of its own. */
export async function drawn(draw: Draw, chart: Chart, alt: string): Promise<DrawnChart> {
  const [light, dark] = await Promise.all([
    draw(chart, { theme: 'light', size: 'wide' }),
    draw(chart, { theme: 'dark', size: 'wide' }),
  ])
  return { alt, light: addressOf(light), dark: addressOf(dark), ...extentOf(chart, 'wide') }
}

function addressOf(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}

export function ChartPicture({ chart }: { chart: DrawnChart }) {
  const { alt, light, dark, width, height } = chart
  return (
    <picture>
      <source media="(prefers-color-scheme: dark)" srcset={dark} />
      <img class="chart" src={light} width={width} height={height} alt={alt} />
    </picture>
  )
}
