import { useSay } from './frame.tsx'

/** Lines of a long list that stand on one page. */
export const LINES_A_PAGE = 50

/** One page of a list: what stands on it, which it is, of how many. */
export interface Page<R> {
  shown: readonly R[]
  page: number
  pages: number
}

/** One page of a list, counted from 1; the last one for any beyond it. */
export function pageOf<R>(rows: readonly R[], page: number, most = LINES_A_PAGE): Page<R> {
  const pages = Math.max(1, Math.ceil(rows.length / most))
  const at = Math.min(page, pages)
  return { shown: rows.slice((at - 1) * most, at * most), page: at, pages }
}

interface Props {
  page: number
  pages: number
  /** Address of another page. */
  to(page: number): string
}

/** Links to the pages before and after one of a long list. */
export function PageLinks({ page, pages, to }: Props) {
  const say = useSay()
  return (
    <>
      {page > 1 && (
        <a rel="prev" href={to(page - 1)}>
          {say('上一页', 'Previous page')}
        </a>
      )}
      {page < pages && (
        <a rel="next" href={to(page + 1)}>
          {say('下一页', 'Next page')}
        </a>
      )}
    </>
  )
}
