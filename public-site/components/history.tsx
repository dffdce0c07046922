import { shanghaiTime } from '../../src/calendar/dates.ts'
import { enterprise as enterpriseKind } from '../../src/records/catalogue.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { type FilePage, HISTORY, type NamedRecord } from '../../src/registry/file-page.ts'
import { useFrame, useSay } from '../../src/ui/frame.tsx'
import { EVENT_WORDS, sectionName } from '../../src/ui/words.ts'
import { type Look, type PlacedRecord, recordAddress } from '../file-parts.ts'
import { grouped } from './layout.tsx'
import { Rest } from './rest.tsx'

interface Props {
  page: FilePage
  placed: ReadonlyMap<string, PlacedRecord>
  look: Look
}

/** Everything that was recorded in a file, the latest first, each with the entry of the register that it rests on. */
export function History({ page: { file, parts }, placed, look }: Props) {
  const { language } = useFrame()
  const say = useSay()
  const shown = parts[HISTORY] ?? { total: 0, skipped: 0 }
  return (
    <section id={HISTORY}>
      <h2>{say('形成过程', 'History')}</h2>
      <ol class="history">
        {file.history.toReversed().map((event) => {
          const about = placed.get(event.id ?? '')
          const columns = about?.kind.columns ?? enterpriseKind.columns
          const fields = (event.fields ?? []).flatMap(
            (field) => columns.find((column) => column.field === field && !column.internal)?.label ?? [],
          )
          const words = EVENT_WORDS[event.kind]
          return (
            <li>
              <time dateTime={event.at}>{shanghaiTime(new Date(event.at))}</time>{' '}
              <span>
                {words ? say(...words) : event.kind}{' '}
                {about && (
                  <a href={recordAddress(look, about, language)}>
                    {sectionName(about.kind, say)} {titleOf(about.kind, about.record)}
                  </a>
                )}
                {fields.length > 0 && <span lang="zh-CN">：{fields.join('、')}</span>}{' '}
                <a
                  class="hint"
                  href={`/api/v1/enterprises/${file.orgCode}/entries?after=${event.revision - 1}&limit=1`}
                >
                  {say('登记序号', 'entry')} {grouped(event.position)}
                </a>
              </span>
            </li>
          )
        })}
      </ol>
      <Rest part={HISTORY} lines={file.history.length} shown={shown} look={look} />
    </section>
  )
}

function titleOf({ titledBy, datedBy }: RecordKind, { data }: NamedRecord): string {
  return [data[titledBy], data[datedBy]].filter((part) => part !== undefined).join('，')
}
