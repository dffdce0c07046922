import { shanghaiTime } from '../../src/calendar/dates.ts'
import { isDissolved } from '../../src/dossier/dossier.ts'
import type { PublicFile, PublicRecord } from '../../src/dossier/face.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { licence } from '../../src/records/licence.ts'
import type { FilePage } from '../../src/registry/file-page.ts'
import { Link, useSay } from '../../src/ui/frame.tsx'
import { dateInWords, State, valueInWords } from '../../src/ui/values.tsx'
import { sectionName } from '../../src/ui/words.ts'
import type { Look } from '../file-parts.ts'
import { grouped } from './layout.tsx'
import { RecordLines } from './record-lines.tsx'
import { Rest } from './rest.tsx'

interface Props {
  kind: RecordKind
  page: FilePage
  openedOn: string
  look: Look
}

/** The records of a kind, the newest first, with the way to those that stand on other pages. */
export function Records({ kind, page, openedOn, look }: Props) {
  const say = useSay()
  const { file, parts } = page
  const records = file.sections[kind.section] ?? []
  const shown = parts[kind.section] ?? { total: 0, skipped: 0 }
  const dated = kind.columns.find(({ field }) => field === kind.datedBy)
  // A column that none of them fills says nothing.
  const columns = kind.summary.flatMap((field) =>
    records.some(({ data }) => data[field] !== undefined)
      ? (kind.columns.find((column) => column.field === field) ?? [])
      : [],
  )
  return (
    <section id={kind.section}>
      <h2>
        {sectionName(kind, say)} <span class="number">{grouped(shown.total)}</span>
      </h2>
      {kind.type === licence.type && shown.total > 0 && isDissolved(file) && (
        <p class="hint">
          {say(
            '企业已注销，其行政许可不再有效，依法应当办理注销手续。',
            'The enterprise exists no more; its licences hold no longer and are to be cancelled by law.',
          )}
        </p>
      )}
      {shown.total === 0 ? (
        <p class="none">
          {say(
            `无记录（自 ${dateInWords(openedOn)} 建档以来）`,
            `None recorded since the file was opened on ${dateInWords(openedOn, 'en')}`,
          )}
        </p>
      ) : (
        <table lang="zh-CN">
          <thead>
            <tr>
              <th scope="col">{dated?.label}</th>
              {columns.map(({ label }) => (
                <th scope="col">{label}</th>
              ))}
            </tr>
          </thead>
          {records.map((record) => (
            <tbody id={`r-${record.id}`}>
              <tr>
                <td data-label={dated?.label} class="number">
                  {String(record.data[kind.datedBy] ?? '')}
                </td>
                {columns.map((column) => (
                  <td data-label={column.label}>
                    {record.data[column.field] !== undefined && (
                      <State word={valueInWords(record.data[column.field], column)} />
                    )}
                  </td>
                ))}
              </tr>
              <tr class="more">
                <td colSpan={columns.length + 1}>
                  <Details record={record} kind={kind} file={file} open={look.isPrint} />
                </td>
              </tr>
            </tbody>
          ))}
        </table>
      )}
      <Rest part={kind.section} lines={records.length} shown={shown} look={look} />
    </section>
  )
}

function Details({
  record,
  kind,
  file,
  open,
}: {
  record: PublicRecord
  kind: RecordKind
  file: PublicFile
  open: boolean
}) {
  const { from, until, rule } = record.publication
  const objection = file.objections.find(({ about }) => about.id === record.id)
  return (
    <>
      {objection && <p class="notice">企业已于 {dateInWords(objection.on)}对这条信息提出异议，正在处理。</p>}
      {record.hasText && (
        <p>
          <Link to={`/enterprises/${file.orgCode}/decisions/${record.id}`}>行政处罚决定书全文</Link>
        </p>
      )}
      <details open={open}>
        <summary>全部内容</summary>
        <dl class="lines">
          <RecordLines record={record} kind={kind} />
          <div>
            <dt>公示</dt>
            <dd>
              自 {dateInWords(from)}
              {until === undefined ? '起' : `，${dateInWords(until)} 停止公示`}
              <br />
              <span class="hint">{rule}</span>
            </dd>
          </div>
          <div>
            <dt>登记</dt>
            <dd>
              {shanghaiTime(new Date(record.recordedAt))}
              {record.correctedAt !== undefined && `，${shanghaiTime(new Date(record.correctedAt))} 更正`}
            </dd>
          </div>
        </dl>
      </details>
    </>
  )
}
