import { valueInWords } from '../../../public-site/components/values.tsx'
import type { Difference } from '../../dossier/differences.ts'

/** What differs, with what stood before and what stands after. */
export function DifferenceTable({ differences }: { differences: readonly Difference[] }) {
  if (differences.length === 0) return <p class="none">没有差别。</p>
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">内容</th>
          <th scope="col">栏目</th>
          <th scope="col">之前</th>
          <th scope="col">之后</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ kind, record, column, before, after }) => (
          <tr>
            <td data-label="内容">{record ? `${kind.label} ${record.title}` : kind.label}</td>
            <td data-label="栏目">{column.label}</td>
            <td data-label="之前">
              {before === undefined ? (
                <span class="hint">（无）</span>
              ) : (
                <del>{valueInWords(before, column)}</del>
              )}
            </td>
            <td data-label="之后">
              {after === undefined ? (
                <span class="hint">（无）</span>
              ) : (
                <ins>{valueInWords(after, column)}</ins>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
