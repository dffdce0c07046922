import type { MatchedBy, SearchHit } from '../../src/search/engine.ts'
import { Code } from '../../src/ui/code.tsx'
import { Link, useSay, type Words } from '../../src/ui/frame.tsx'
import { Grade } from '../../src/ui/grade.tsx'
import { placeName, State } from '../../src/ui/values.tsx'
import { OnList } from './listing.tsx'

/** Enterprises that were found, each with what matched and how it stands. */
export function Hits({ hits }: { hits: readonly SearchHit[] }) {
  return (
    <ol class="hits">
      {hits.map((hit) => (
        <Hit hit={hit} />
      ))}
    </ol>
  )
}

/** Why an enterprise is listed, where its name does not say it. */
const WHY: Readonly<Partial<Record<MatchedBy, Words>>> = {
  pinyin: ['按拼音找到', 'found by pinyin'],
  variant: ['字形不同', 'written with other characters'],
  similar: ['名称相近', 'similar name'],
}

function Hit({ hit }: { hit: SearchHit }) {
  const { document, matchedBy, name, highlights } = hit
  const say = useSay()
  const [present = ''] = document.names
  const why = WHY[matchedBy]
  return (
    <li>
      <Link class="hit-name" to={`/enterprises/${document.key}`}>
        {name === present ? marked(name, highlights) : present}
      </Link>
      {name !== present && (
        <p class="why">
          {say('曾用名：', 'former name: ')}
          {marked(name, highlights)}
        </p>
      )}
      {why && <p class="why">{say(...why)}</p>}
      <p class="about">
        <Code value={document.uscc ?? document.key} />
        {document.region !== undefined && <span>{placeName(document.region)}</span>}
        <Grade grade={document.grade ?? null} size={20} />
        {document.listed && <OnList />}
        <span>
          <State word={document.status} />
        </span>
      </p>
    </li>
  )
}

function marked(name: string, spans: readonly (readonly [number, number])[]) {
  let at = 0
  const parts = spans.flatMap(([start, end]) => {
    const part = [name.slice(at, start), <mark>{name.slice(start, end)}</mark>]
    at = end
    return part
  })
  return [...parts, name.slice(at)]
}
