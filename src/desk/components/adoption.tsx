import type { Adopted, Adoption, Versioned } from '../../adoption/adoption.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { MakerWords } from '../../registry/person-words.ts'

/** All versions that were ever adopted, the latest first. */
export function Versions<D extends Versioned>({
  versions,
  maker,
}: {
  versions: readonly Adopted<D>[]
  maker: MakerWords
}) {
  if (versions.length === 0) return null
  return (
    <section>
      <h2>各版</h2>
      <ol class="history">
        {versions.toReversed().map(({ document, adoptedAt, author }) => (
          <li>
            <time dateTime={adoptedAt}>{shanghaiTime(new Date(adoptedAt))}</time>
            <span>
              第 {document.version} 版，{maker(author)} 采用
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What was put forward and waits for another officer. */
export function Waiting<D extends Versioned & { name: string }>({
  proposed,
  base,
  maker,
}: {
  proposed: readonly Adoption<D>[]
  base: string
  maker: MakerWords
}) {
  if (proposed.length === 0) return null
  return (
    <section>
      <h2>等待批准</h2>
      <ul class="plain">
        {proposed.map(
          ({ id, proposed: next }) =>
            next && (
              <li>
                <a href={`${base}/${id}`}>{next.document.name}</a> 第 {next.document.version} 版{' '}
                <span class="hint">{maker(next.author)} 提请</span>
              </li>
            ),
        )}
      </ul>
    </section>
  )
}
