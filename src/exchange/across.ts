import type { Item } from './items.ts'

/** How a column is headed that holds the measured values of one item of many samples: 检验项目：铅（mg/kg）. */
const HEADING = /^(?:检验|检测)项目[:：]\s?(.{1,60}?)(?:[（(]([^（）()]{1,20})[）)])?$/u

/** The heading of such a column, with the unit of its values where that is known. */
export function acrossHeading(name: string, unit = ''): string {
  return unit === '' || /[（(]/u.test(name) ? `检验项目：${name}` : `检验项目：${name}（${unit}）`
}

/** The item that a heading names, and the unit of its values; a mapping names so any column that holds an item. */
export function itemAcross(heading: string): { name: string; unit: string } | undefined {
  const [, name, unit = ''] = HEADING.exec(heading.trim()) ?? []
  return name === undefined ? undefined : { name: name.trim(), unit }
}

/** Items of a row with those that have columns of their own: values of those that are known, and the others, which passed where the sample did. */
export function withAcross(items: readonly Item[], across: readonly Item[], outcome: unknown): Item[] {
  const named = new Set(items.map(({ name }) => name))
  const valued = items.map((one) => {
    const own = across.find(({ name }) => name === one.name)
    return own?.measured !== undefined && one.measured === undefined
      ? { ...one, measured: own.measured }
      : one
  })
  const others = across.filter(({ name }) => !named.has(name))
  return [...valued, ...others.map((one): Item => (outcome === '合格' ? { ...one, verdict: '合格' } : one))]
}
