import type { AccountLine } from '../../registry/account-lines.ts'
import type { FileDifference } from '../../registry/foreseen.ts'
import { Table, type TableColumn } from '../../ui/table.tsx'
import { valueInWords } from '../../ui/values.tsx'

const NOTHING = <span class="hint">（无）</span>

/** What differs, with what stood before and what stands after. */
export function DifferenceTable({ differences }: { differences: readonly FileDifference[] }) {
  if (differences.length === 0) return <p class="none">没有差别。</p>
  return (
    <Table
      rows={differences}
      columns={[
        ...(differences.some(({ file }) => file) ? [OF_FILE] : []),
        {
          label: '内容',
          show: ({ kind, record }) => (record ? `${kind.label} ${record.title}` : kind.label),
        },
        { label: '栏目', show: ({ column }) => column.label },
        {
          label: '之前',
          show: ({ before, column }) =>
            before === undefined ? NOTHING : <del>{valueInWords(before, column)}</del>,
        },
        {
          label: '之后',
          show: ({ after, column }) =>
            after === undefined ? NOTHING : <ins>{valueInWords(after, column)}</ins>,
        },
      ]}
    />
  )
}

const OF_FILE: TableColumn<FileDifference> = {
  label: '企业',
  show: ({ file }) => file && <a href={`/desk/enterprises/${file.key}`}>{file.name}</a>,
}

/** What an account, a key or an authority is, or a case, line by line, and what each would become; or was and became, once it is over. */
export function LineTable({ lines, isOver }: { lines: readonly AccountLine[]; isOver: boolean }) {
  const isChanged = lines.some(({ before, after }) => before !== after)
  return (
    <Table
      rows={lines}
      columns={[
        { label: '栏目', show: ({ label }) => label },
        { label: isOver ? '之前' : '现在', show: ({ before }) => (before === '' ? NOTHING : before) },
        ...(isChanged
          ? [
              {
                label: isOver ? '之后' : '确认后',
                show: ({ before, after }: AccountLine) =>
                  before === after ? <span class="hint">不变</span> : <ins>{after}</ins>,
              },
            ]
          : []),
      ]}
    />
  )
}
