import { type Moved, matrixOf } from '../migration.ts'

/** From which grade how many go to which; who stays stands on the diagonal. */
export function MigrationTable({ moves, grades }: { moves: readonly Moved[]; grades: readonly string[] }) {
  const matrix = matrixOf(moves, grades)
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">原等级</th>
          {grades.map((grade) => (
            <th scope="col" class="number">
              {grade}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {grades.map((grade, i) => (
          <tr>
            <th scope="row">{grade}</th>
            {grades.map((to, j) => {
              const count = matrix[i]?.[j] ?? 0
              return (
                <td class="number" data-label={to}>
                  {i === j ? <strong>{count}</strong> : count}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
