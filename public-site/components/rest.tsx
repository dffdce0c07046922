import { pathIn, useFrame, useSay } from '../../src/ui/frame.tsx'
import { type Page, PageLinks } from '../../src/ui/pages.tsx'
import { type Look, partAddress } from '../file-parts.ts'
import { grouped } from './layout.tsx'

interface Props {
  part: string
  total: number
  page: Page<unknown>
  look: Look
}

/** Where the lines of a long part stand that are not on this page; nothing where all of them are. */
export function Rest({ part, total, page: { page, pages }, look }: Props) {
  const { base, language } = useFrame()
  const say = useSay()
  if (pages === 1) return null
  const to = (next: number) => pathIn(language, partAddress(look, { part, page: next }))
  const which = say(
    `共 ${grouped(total)} 条，新的在前，这里是第 ${page} / ${pages} 页`,
    `${grouped(total)} in all, the newest first; this is page ${page} of ${pages}`,
  )
  if (!look.isPrint)
    return (
      <p class="about">
        <span>{which}</span>
        <PageLinks page={page} pages={pages} to={to} />
      </p>
    )
  const rest = `${base}${to(page === 1 ? 2 : 1)}`
  return (
    <p>
      {which}
      {say('；其余见 ', '; the others: ')}
      <a href={rest}>{rest}</a>
    </p>
  )
}
