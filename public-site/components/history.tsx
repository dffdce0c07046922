import { shanghaiTime } from '../../src/calendar/dates.ts'
import type { PublicFile, PublicRecord } from '../../src/dossier/face.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../../src/records/catalogue.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { useSay } from '../../src/ui/frame.tsx'
import { EVENT_WORDS, sectionName } from '../../src/ui/words.ts'
import { grouped } from './layout.tsx'

const SHOWN_EVENTS = 100

/** Everything that was recorded in a file, the latest first, each with the entry of the register that it rests on. */
export function History({ file, catalogue }: { file: PublicFile; catalogue: Catalogue }) {
  const say = useSay()
  const known = new Map<string, { kind: RecordKind; record: PublicRecord }>()
  for (const kind of catalogue.kinds)
    for (const record of file.sections[kind.section] ?? []) known.set(record.id, { kind, record })
  const events = file.history.toReversed().slice(0, SHOWN_EVENTS)
  return (
    <section id="history">
      <h2>{say('形成过程', 'History')}</h2>
      <ol class="history">
        {events.map((event) => {
          const about = event.id === undefined ? undefined : known.get(event.id)
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
                  <a href={`#r-${event.id}`}>
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
      {file.history.length > SHOWN_EVENTS && (
        <p>
          {say(
            `较早的 ${file.history.length - SHOWN_EVENTS} 次变动见`,
            `${file.history.length - SHOWN_EVENTS} earlier ones: `,
          )}
          <a href={`/api/v1/enterprises/${file.orgCode}/entries`}>{say('全部形成过程', 'whole history')}</a>
        </p>
      )}
    </section>
  )
}

function titleOf({ titledBy, datedBy }: RecordKind, { data }: PublicRecord): string {
  return [data[titledBy], data[datedBy]].filter((part) => part !== undefined).join('，')
}
