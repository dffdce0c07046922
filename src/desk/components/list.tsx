import type { ComponentChildren } from 'preact'
import { cursorOf, placeIn } from '../../http/list-parameters.ts'
import { newestFirst, type Place, placesCompared, stretchOf } from '../../registry/places.ts'
import { type Filter, Filters } from '../../ui/filters.tsx'
import { useFrame } from '../../ui/frame.tsx'
import { PageLinks } from '../../ui/pages.tsx'
import { Table, type TableColumn } from '../../ui/table.tsx'
import { addressWith, arranged, FROM_THE_BEGINNING, type ListColumn, type ListQuery } from '../lists.ts'

const ROWS_A_PAGE = 50

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
  /** Where a row stands, as the rows come; left out for rows that all come at once and then stay. */
  place?: (row: R) => Place
  /** Whether they come down from the last place. */
  newestFirst?: boolean
  /** Filters of the list's own, beside the text. */
  filters?: readonly Filter[]
  /** What is said when there is nothing. */
  none: string
  /** After which the next part of the list begins, where it is longer than what is looked at at once. */
  next?: string | null
}

/** A list that sorts, filters and can be taken away; how it is looked at stands in its address. */
export function List<R>({
  columns,
  rows,
  query,
  place,
  filters = [],
  none,
  next: nextPart = null,
  ...props
}: Props<R>) {
  const { path } = useFrame()
  const [pathname = ''] = path.split('?')
  const own = place && { placeOf: place, compare: props.newestFirst === true ? newestFirst : placesCompared }
  const { rows: kept, order } = arranged(rows, columns, query, own)
  const beside = { after: placeIn(query.below), before: placeIn(query.above) }
  const { rows: shown, skipped, previous, next } = stretchOf(kept, order, beside, ROWS_A_PAGE)
  const isPart = query.part !== '' || nextPart !== null
  const to = (changes: { below?: Place | undefined; above?: Place | undefined }) => {
    const { below, above } = changes
    if (!below && !above) return undefined
    return addressWith(path, {
      below: below ? cursorOf(...below) : '',
      above: above ? cursorOf(...above) : '',
    })
  }
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
          {isPart ? '这一部分' : '共'} {kept.length} 行{isPart && '（文字筛选、排序和下载只及于这一部分）'}
          {shown.length < kept.length && `，这里是第 ${skipped + 1} 至 ${skipped + shown.length} 行`}
        </span>
        <PageLinks previous={to({ above: previous })} next={to({ below: next })} />
        {query.part !== '' && <a href={addressWith(path, { part: '', ...FROM_THE_BEGINNING })}>第一部分</a>}
        {nextPart !== null && (
          <a href={addressWith(path, { part: nextPart, ...FROM_THE_BEGINNING })}>其后的部分</a>
        )}
        <Downloads path={addressWith(path, FROM_THE_BEGINNING)} />
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
      <a class="sort" href={addressWith(path, { sort: next, ...FROM_THE_BEGINNING })}>
        {label}
      </a>
    ),
  }
}
