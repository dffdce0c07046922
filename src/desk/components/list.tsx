import type { ComponentChildren } from 'preact'
import { type Filter, Filters } from '../../ui/filters.tsx'
import { useFrame } from '../../ui/frame.tsx'
import { PageLinks, pageOf } from '../../ui/pages.tsx'
import { Table, type TableColumn } from '../../ui/table.tsx'
import { addressWith, arranged, type ListColumn, type ListQuery } from '../lists.ts'

/** A column with how its cells are shown; by default as their text. */
export interface ShownColumn<R> extends ListColumn<R> {
  show?(row: R): ComponentChildren
  /** Only in the files, not on the page. */
  fileOnly?: boolean
}

interface Props<R> {
  columns: readonly ShownColumn<R>[]
  rows: readonly R[]
  query: ListQuery
  /** Filters of the list's own, beside the text. */
  filters?: readonly Filter[]
  /** What is said when there is nothing. */
  none: string
  /** Whether there is more than was looked at. */
  more?: boolean
}

/** A list that sorts, filters and can be taken away; how it is looked at stands in its address. */
export function List<R>({ columns, rows, query, filters = [], none, more = false }: Props<R>) {
  const { path } = useFrame()
  const [pathname = ''] = path.split('?')
  const kept = arranged(rows, columns, query)
  const { shown, page, pages } = pageOf(kept, query.page)
  return (
    <>
      <Filters
        action={pathname}
        filters={[
          ...filters,
          { name: 'find', label: '含有文字', type: 'text', value: query.find },
          ...(query.sort === ''
            ? []
            : [
                {
                  name: 'sort',
                  label: '排序',
                  type: 'choice' as const,
                  value: query.sort,
                  choices: columns.flatMap(({ field, label }) => [
                    { value: field, label: `${label} ↑` },
                    { value: `-${field}`, label: `${label} ↓` },
                  ]),
                },
              ]),
        ]}
      />
      {kept.length === 0 ? (
        <p class="none">{rows.length === 0 ? none : '没有符合条件的行；可以放宽筛选。'}</p>
      ) : (
        <Table rows={shown} columns={onPage(columns).map((column) => sortedBy(column, query.sort, path))} />
      )}
      <p class="about">
        <span>
          共 {kept.length} 行{more && '以上；请筛选以缩小范围'}
          {pages > 1 && `，第 ${page} / ${pages} 页`}
        </span>
        <PageLinks page={page} pages={pages} to={(next) => addressWith(path, { page: String(next) })} />
        <Downloads path={addressWith(path, { page: '' })} />
      </p>
    </>
  )
}

/** The list as it is looked at, as files. */
export function Downloads({ path }: { path: string }) {
  return (
    <span>
      下载：<a href={addressWith(path, { format: 'csv' })}>CSV</a>、
      <a href={addressWith(path, { format: 'xlsx' })}>XLSX</a>
    </span>
  )
}

/** The columns that stand on the page; the others are only in the files. */
export function onPage<R>(columns: readonly ShownColumn<R>[]): (TableColumn<R> & { field: string })[] {
  return columns
    .filter(({ fileOnly }) => !fileOnly)
    .map(({ field, label, value, show }) => ({
      field,
      label,
      show: (row) => (show ? show(row) : (value(row) ?? '')),
    }))
}

/** The column with a head that sorts by it, and the other way round when it does already. */
function sortedBy<R>(column: TableColumn<R> & { field: string }, sort: string, path: string): TableColumn<R> {
  const { field, label } = column
  const isUp = sort === field
  const next = isUp ? `-${field}` : field
  return {
    ...column,
    order: isUp ? 'ascending' : sort === `-${field}` ? 'descending' : undefined,
    head: (
      <a class="sort" href={addressWith(path, { sort: next, page: '' })}>
        {label}
      </a>
    ),
  }
}
