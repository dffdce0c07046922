import type { Chart } from '../charts/chart.ts'
import type { Standard } from '../rating/standard.ts'

/** How many go from which grade to which; no grade is 未评定, or never rated. */
export interface Moved {
  from: string | null | undefined
  to: string | null
  count: number
}

export const UNRATED = '未评定'

/** Names of the grades of a standard, the best first, and of being without one. */
export function gradesOf({ grades }: Pick<Standard, 'grades'>): string[] {
  return [...grades.map(({ grade }) => grade), UNRATED]
}

/** The moves as a square: a row for each grade before, a figure in it for each grade after. */
export function matrixOf(moves: readonly Moved[], grades: readonly string[]): number[][] {
  const place = (grade: string | null | undefined) => grades.indexOf(grade ?? UNRATED)
  const matrix = grades.map(() => grades.map(() => 0))
  for (const { from, to, count } of moves) {
    const row = matrix[place(from)]
    const column = place(to)
    if (row && column >= 0) row[column] = (row[column] ?? 0) + count
  }
  return matrix
}

/** How many there are of each grade after. */
export function distributionOf(moves: readonly Moved[], grades: readonly string[]): number[] {
  const matrix = matrixOf(moves, grades)
  return grades.map((_, column) => matrix.reduce((sum, row) => sum + (row[column] ?? 0), 0))
}

/** The distribution as bars. */
export function distributionChart(moves: readonly Moved[], grades: readonly string[]): Chart {
  const counts = distributionOf(moves, grades)
  const all = counts.reduce((sum, count) => sum + count, 0)
  return {
    kind: 'bars',
    unit: ' 家',
    bars: grades.map((grade, i) => ({
      label: grade,
      value: counts[i] ?? 0,
      note: all === 0 ? '' : `${Math.round(((counts[i] ?? 0) / all) * 1000) / 10}%`,
    })),
  }
}

/** Where those of each grade before go, as shares. */
export function migrationChart(moves: readonly Moved[], grades: readonly string[]): Chart {
  const matrix = matrixOf(moves, grades)
  return {
    kind: 'shares',
    parts: grades,
    wholes: grades.flatMap((grade, i) => {
      const row = matrix[i] ?? []
      const all = row.reduce((sum, count) => sum + count, 0)
      return all === 0
        ? []
        : [
            {
              label: `原 ${grade}（${all}）`,
              shares: row.map((count) => Math.round((count / all) * 1000) / 10),
            },
          ]
    }),
  }
}
