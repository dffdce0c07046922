import { inspection } from '../records/inspection.ts'
import type { RowReading } from './row-reading.ts'

/** Which of a sample's two tests a row of its own is of, where a cell says just that: 初检 beside 复检. */
export function testIn(cells: readonly string[]): 'first' | 'second' | undefined {
  const said = cells.map((cell) => cell.trim())
  if (said.some((cell) => /^(?:初检|首检|初次检验|首次检验)$/u.test(cell))) return 'first'
  return said.some((cell) => /^(?:复检|复验|复检检验)$/u.test(cell)) ? 'second' : undefined
}

const TERM = inspection.columns.find(({ field }) => field === 'retest')?.label ?? ''

/**
 * The rows of a sample that failed, of which one is of its second test (复检): one row, with what that made of the first and by whom.
 * Any others are left as they are.
 */
export function withRetests(readings: readonly RowReading[]): RowReading[] {
  const [first, second, ...others] = [...readings].sort((a, b) =>
    a.test === b.test ? 0 : a.test === 'first' ? -1 : 1,
  )
  const isPair = others.length === 0 && first?.test === 'first' && second?.test === 'second'
  if (!isPair || first.record.outcome !== '不合格') return [...readings]
  const { outcome, laboratory } = second.record
  if (outcome !== '合格' && outcome !== '不合格') return [...readings]
  const retest = outcome === '合格' ? '改变原结论' : '维持原结论'
  const detail = `初检和复检各一行，合为一个样品：${TERM}“${retest}”。`
  return [
    {
      ...first,
      record: {
        ...first.record,
        retest: first.record.retest ?? retest,
        ...(laboratory !== undefined && { retestLaboratory: first.record.retestLaboratory ?? laboratory }),
      },
      notes: [...first.notes, ...second.notes, { code: 'understood', detail }],
    },
  ]
}
