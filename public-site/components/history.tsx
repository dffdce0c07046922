import { shanghaiTime } from '../../src/calendar/dates.ts'
import type { PublicFile, PublicRecord } from '../../src/dossier/face.ts'
import { enterprise as enterpriseKind } from '../../src/records/catalogue.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { useFrame, useSay } from '../../src/ui/frame.tsx'
import { EVENT_WORDS, sectionName } from '../../src/ui/words.ts'
import { HISTORY, type Look, type PlacedRecord, pageOfPart, recordAddress } from '../file-parts.ts'
import { grouped } from './layout.tsx'
import { Rest } from './rest.tsx'

interface Props {
  file: PublicFile
  placed: ReadonlyMap<string, PlacedRecord>
  look: Look
}

/** Everything that was recorded in a file, the latest first, each with the entry of the register that it rests on. */
export function History({ file, placed, look }: Props) {
  const { language } = useFrame()
  const say = useSay()
  const page = pageOfPart(file.history.toReversed(), HISTORY, look)
  return (
    <section id={HISTORY}>
      <h2>{say('形成过程', 'History')}</h2>
      <ol class="history">
        {page.shown.map((event) => {
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
      <Rest part={HISTORY} total={file.history.length} page={page} look={look} />
    </section>
  )
}

function titleOf({ titledBy, datedBy }: RecordKind, { data }: PublicRecord): string {
  return [data[titledBy], data[datedBy]].filter((part) => part !== undefined).join('，')
}
