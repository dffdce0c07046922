import { useSay } from './frame.tsx'

interface Props {
  /** Addresses of the pages before and after, where there are any. */
  previous?: string | undefined
  next?: string | undefined
}

/** Links to the pages before and after one of a long list. */
export function PageLinks({ previous, next }: Props) {
  const say = useSay()
  return (
    <>
      {previous !== undefined && (
        <a rel="prev" href={previous}>
          {say('上一页', 'Previous page')}
        </a>
      )}
      {next !== undefined && (
        <a rel="next" href={next}>
          {say('下一页', 'Next page')}
        </a>
      )}
    </>
  )
}
