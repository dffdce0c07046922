import type { ComponentChildren } from 'preact'

/** A column of a table: its name, and what stands in the cell of a row. */
export interface TableColumn<R> {
  label: string
  /** Figures, which stand at the right. */
  isNumber?: boolean
  /** What the head shows instead of the bare name. */
  head?: ComponentChildren
  /** How the rows are sorted by this column, where they are. */
  order?: 'ascending' | 'descending' | undefined
  show(row: R, index: number): ComponentChildren
}

interface Props<R> {
  columns: readonly TableColumn<R>[]
  rows: readonly R[]
  class?: string
  lang?: string
  /** Sorted in the page by its heads, where scripts run. */
  isSortable?: boolean
}

/** A table whose cells name their column, so that a phone can show each row as a card. */
export function Table<R>({ columns, rows, class: className, lang, isSortable = false }: Props<R>) {
  return (
    <table class={className} lang={lang} data-sortable={isSortable || undefined}>
      <thead>
        <tr>
          {columns.map(({ label, isNumber, head, order }) => (
            <th scope="col" class={isNumber ? 'number' : undefined} aria-sort={order}>
              {head ?? label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr>
            {columns.map(({ label, isNumber, show }) => (
              <td data-label={label} class={isNumber ? 'number' : undefined}>
                {show(row, index)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
