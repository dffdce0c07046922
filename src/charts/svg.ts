import { BarChart as Bars, LineChart as Lines } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type BarChart, type Chart, extentOf, type LineChart, type Manner, type ShareChart } from './chart.ts'

use([Bars, Lines, GridComponent, SVGRenderer])

// Without quotes: the family stands in an attribute of the document.
const FONT = 'PingFang SC,Source Han Sans SC,Noto Sans CJK SC,Microsoft YaHei,sans-serif'

const TEXT = 14

const THEMES = {
  light: {
    ink: '#1b1f24',
    soft: '#4a525c',
    line: '#d5dae0',
    accent: '#0b4f9e',
    paper: '#ffffff',
    parts: ['#1a6b3c', '#0b4f9e', '#8a5a00', '#4a525c', '#b4bcc6'],
  },
  dark: {
    ink: '#e8eaed',
    soft: '#b4bcc6',
    line: '#3a424c',
    accent: '#8fc1ff',
    paper: '#15181c',
    parts: ['#7fd6a0', '#8fc1ff', '#f0c46a', '#b4bcc6', '#59636e'],
  },
} as const

/** A chart as an SVG document of its own: labels stand at what they name, nothing moves. */
export function svgOf(chart: Chart, manner: Manner): string {
  const instance = init(null, null, { renderer: 'svg', ssr: true, ...extentOf(chart, manner.size) })
  instance.setOption({
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: TEXT },
    ...optionOf(chart, manner),
  })
  const svg = instance.renderToSVGString()
  instance.dispose()
  return renamed(svg)
}

/** The same with names that begin anew: the library counts them on through all that it ever drew. */
function renamed(svg: string): string {
  const names = new Map<string, string>()
  return svg.replace(/\bzr\d{1,9}-(\w{1,20})-?\d{0,9}/g, (name, what: string) => {
    const own = names.get(name) ?? `${what}${names.size}`
    names.set(name, own)
    return own
  })
}

function optionOf(chart: Chart, manner: Manner): EChartsCoreOption {
  if (chart.kind === 'bars') return bars(chart, manner)
  return chart.kind === 'line' ? line(chart, manner) : shares(chart, manner)
}

function bars({ bars: all, unit, max }: BarChart, { theme, size }: Manner): EChartsCoreOption {
  const { ink, soft, accent } = THEMES[theme]
  return {
    grid: {
      left: 8,
      right: size === 'wide' ? 150 : 96,
      top: 8,
      bottom: 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: { type: 'value', show: false, min: 0, ...(max !== undefined && { max }) },
    yAxis: labels(
      all.map(({ label }) => label),
      { ink, size },
    ),
    series: [
      {
        type: 'bar',
        barWidth: 16,
        itemStyle: { color: accent },
        data: all.map(({ value }) => value ?? 0),
        label: {
          show: true,
          position: 'right',
          color: soft,
          fontSize: TEXT,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const bar = all[dataIndex]
            if (!bar) return ''
            const note = size === 'wide' && bar.note !== undefined ? `（${bar.note}）` : ''
            return bar.value === null ? '—' : `${bar.value.toLocaleString('en-US')}${unit}${note}`
          },
        },
      },
    ],
  }
}

function line({ points, unit, max }: LineChart, { theme, size }: Manner): EChartsCoreOption {
  const { ink, soft, line: rule, accent, paper } = THEMES[theme]
  const every = size === 'wide' ? 2 : 5
  return {
    grid: {
      left: 8,
      right: 24,
      top: 28,
      bottom: 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: points.map(({ label }) => label),
      axisLine: { lineStyle: { color: rule } },
      axisTick: { show: false },
      axisLabel: { color: ink, fontSize: TEXT, interval: every },
    },
    yAxis: {
      type: 'value',
      ...(max !== undefined && { max }),
      axisLabel: { color: soft, fontSize: TEXT, formatter: `{value}${unit}` },
      splitLine: { lineStyle: { color: rule } },
    },
    series: [
      {
        type: 'line',
        data: points.map(({ value }) => value),
        connectNulls: true,
        symbolSize: 6,
        lineStyle: { color: accent, width: 2 },
        itemStyle: { color: accent, borderColor: paper },
        label: {
          show: true,
          fontSize: TEXT,
          color: ink,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const last = points.findLastIndex(({ value }) => value !== null)
            return dataIndex === last ? `${points[last]?.value}${unit}` : ''
          },
        },
      },
    ],
  }
}

const LEAST_LABELLED = 9

function shares({ parts, wholes }: ShareChart, { theme, size }: Manner): EChartsCoreOption {
  const { ink, paper, parts: colours } = THEMES[theme]
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'value', show: false, max: 100 },
    yAxis: labels(
      wholes.map(({ label }) => label),
      { ink, size },
    ),
    series: parts.map((part, i) => ({
      type: 'bar',
      stack: 'whole',
      barWidth: 22,
      itemStyle: { color: colours[i % colours.length], borderColor: paper, borderWidth: 1 },
      data: wholes.map((whole) => whole.shares[i] ?? 0),
      label: {
        show: true,
        fontSize: TEXT,
        color: paper,
        formatter: ({ value }: { value: number }) => (value >= LEAST_LABELLED ? part : ''),
      },
    })),
  }
}

function labels(names: readonly string[], { ink, size }: { ink: string; size: Manner['size'] }) {
  return {
    type: 'category',
    inverse: true,
    data: names,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: ink, fontSize: TEXT, width: size === 'wide' ? 200 : 110, overflow: 'truncate' },
  }
}
