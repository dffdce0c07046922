import type { PartShown } from '../../src/registry/file-page.ts'
import { pathIn, useFrame, useSay } from '../../src/ui/frame.tsx'
import { PageLinks } from '../../src/ui/pages.tsx'
import { type Look, partAddress } from '../file-parts.ts'
import { grouped } from './layout.tsx'

interface Props {
  part: string
  /** How many of its lines stand on the page, and where in it. */
  lines: number
  shown: PartShown
  look: Look
}

/** Where the lines of a long part stand that are not on this page; nothing where all of them are. */
export function Rest({ part, lines, shown: { total, skipped, previous, next }, look }: Props) {
  const { base, language } = useFrame()
  const say = useSay()
  if (!previous && !next) return null
  const [from, to] = [grouped(skipped + 1), grouped(skipped + lines)]
  const which = say(
    `共 ${grouped(total)} 条，新的在前，这里是第 ${from} 至 ${to} 条`,
    `${grouped(total)} in all, the newest first; these are ${from} to ${to}`,
  )
  const before = previous && pathIn(language, partAddress(look, part, { before: previous }))
  const after = next && pathIn(language, partAddress(look, part, { after: next }))
  if (!look.isPrint)
    return (
      <p class="about">
        <span>{which}</span>
        <PageLinks previous={before} next={after} />
      </p>
    )
  const rest = `${base}${skipped === 0 && after !== undefined ? after : pathIn(language, partAddress(look, part))}`
  return (
    <p>
      {which}
      {say('；其余见 ', '; the others: ')}
      <a href={rest}>{rest}</a>
    </p>
  )
}
