import { shanghaiTime } from '../../src/calendar/dates.ts'
import type { PublicFile, PublicRecord } from '../../src/dossier/face.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../../src/records/catalogue.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { Code } from '../components/code.tsx'
import { Layout, type PageFrame } from '../components/layout.tsx'
import { Verdict } from '../components/listing.tsx'
import { Ratings, type RatingWithStandard } from '../components/ratings.tsx'
import { dateInWords, State, valueInWords } from '../components/values.tsx'

interface Props {
  frame: PageFrame
  file: PublicFile
  catalogue: Catalogue
  /** Day of the past that the page shows; undefined for now. */
  asOf?: string | undefined
  today: string
  openedOn: string
  ratings: readonly RatingWithStandard[]
}

export function FilePage({ frame, file, catalogue, asOf, today, openedOn, ratings }: Props) {
  const name = String(file.enterprise.name)
  return (
    <Layout frame={frame} title={name}>
      <h1>{name}</h1>
      <Verdict listings={file.listings} time={frame.time} asOf={asOf} />
      {asOf !== undefined && (
        <p class="notice" role="note">
          这是 {dateInWords(asOf)} 的档案，后来的更正已计入，已停止公示的信息不再显示。{' '}
          <a href={`/enterprises/${file.orgCode}`}>看现在的档案</a>
        </p>
      )}
      <Basics file={file} />
      {file.objections.length > 0 && (
        <p class="notice">▲ 企业对本档案中的 {file.objections.length} 项内容提出了异议，正在处理。</p>
      )}
      {file.warnings.map(({ detail }) => (
        <p class="notice">▲ {detail}</p>
      ))}
      <nav class="sections" aria-label="本页各部分">
        <a href="#ratings">质量信用评价</a>
        {catalogue.kinds.map((kind) => (
          <a href={`#${kind.section}`}>
            {kind.label} <span class="number">{file.sections[kind.section]?.length ?? 0}</span>
          </a>
        ))}
        <a href="#history">形成过程</a>
      </nav>
      <Ratings file={file} ratings={ratings} catalogue={catalogue} />
      {catalogue.kinds.map((kind) => (
        <Section kind={kind} records={file.sections[kind.section] ?? []} openedOn={openedOn} />
      ))}
      <History file={file} catalogue={catalogue} />
      <form class="past" method="get" action={`/enterprises/${file.orgCode}`}>
        <label for="asOf">看过去某一天的档案</label>
        <input id="asOf" name="asOf" type="date" min={openedOn} max={today} value={asOf ?? today} required />
        <button type="submit">查看</button>
      </form>
      <p class="hint">
        认为信息有误的，企业可持营业执照和相关证明向登记该信息的机关申请更正；机关名称见各条记录。机器可读的本档案：
        <a href={`/api/v1/enterprises/${file.orgCode}`}>JSON</a>。
      </p>
    </Layout>
  )
}

function Basics({ file }: { file: PublicFile }) {
  const { formerNames, regionName: _, name: __, ...data } = file.enterprise
  const lines = enterpriseKind.columns.filter(({ field }) => data[field] !== undefined)
  return (
    <dl class="lines">
      {file.uscc !== null && (
        <div>
          <dt>统一社会信用代码</dt>
          <dd>
            <Code value={file.uscc} />
          </dd>
        </div>
      )}
      {file.orgCode.length === 9 && (
        <div>
          <dt>组织机构代码</dt>
          <dd>
            <Code value={file.orgCode} />
          </dd>
        </div>
      )}
      {formerNames.length > 0 && (
        <div>
          <dt>曾用名</dt>
          <dd>{formerNames.join('；')}</dd>
        </div>
      )}
      {lines.map((column) => (
        <div>
          <dt>{column.label}</dt>
          <dd>
            <State word={valueInWords(data[column.field], column)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

interface SectionProps {
  kind: RecordKind
  records: readonly PublicRecord[]
  openedOn: string
}

function Section({ kind, records, openedOn }: SectionProps) {
  const dated = kind.columns.find(({ field }) => field === kind.datedBy)
  const columns = kind.summary.flatMap((field) => kind.columns.find((column) => column.field === field) ?? [])
  return (
    <section id={kind.section}>
      <h2>
        {kind.label} <span class="number">{records.length}</span>
      </h2>
      {records.length === 0 ? (
        <p class="none">无记录（自 {dateInWords(openedOn)} 建档以来）</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{dated?.label}</th>
              {columns.map(({ label }) => (
                <th scope="col">{label}</th>
              ))}
            </tr>
          </thead>
          {records.map((record) => (
            <tbody id={record.id}>
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
                  <Details record={record} kind={kind} />
                </td>
              </tr>
            </tbody>
          ))}
        </table>
      )}
    </section>
  )
}

function Details({ record, kind }: { record: PublicRecord; kind: RecordKind }) {
  const { from, until, rule } = record.publication
  return (
    <details>
      <summary>全部内容</summary>
      <dl class="lines">
        {kind.columns
          .filter(({ field }) => record.data[field] !== undefined)
          .map((column) => (
            <div>
              <dt>{column.label}</dt>
              <dd>{valueInWords(record.data[column.field], column)}</dd>
            </div>
          ))}
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
  )
}

const EVENT_WORDS: Readonly<Record<string, string>> = {
  'enterprise.opened': '建立档案',
  'enterprise.changed': '变更基本信息',
  'enterprise.corrected': '更正基本信息',
  'record.added': '登记',
  'record.updated': '更新',
  'record.corrected': '更正',
  'record.withdrawn': '撤回',
  'record.published': '开始公示',
  'record.unpublished': '停止公示',
  'record.expired': '有效期届满',
  'rating.issued': '评定质量信用等级',
  'rating.revoked': '撤销质量信用等级',
  'listing.published': '列入质量失信“黑名单”',
  'listing.removed': '移出质量失信“黑名单”',
}

const SHOWN_EVENTS = 100

function History({ file, catalogue }: { file: PublicFile; catalogue: Catalogue }) {
  const kinds = new Map(
    catalogue.kinds.flatMap((kind) =>
      (file.sections[kind.section] ?? []).map((record) => [record.id, kind] as const),
    ),
  )
  const events = file.history.toReversed().slice(0, SHOWN_EVENTS)
  return (
    <section id="history">
      <h2>形成过程</h2>
      <ol class="history">
        {events.map((event) => {
          const kind = event.id === undefined ? undefined : kinds.get(event.id)
          const columns = kind?.columns ?? enterpriseKind.columns
          const fields = (event.fields ?? []).flatMap(
            (field) => columns.find((column) => column.field === field && !column.internal)?.label ?? [],
          )
          return (
            <li>
              <time dateTime={event.at}>{shanghaiTime(new Date(event.at))}</time>{' '}
              {EVENT_WORDS[event.kind] ?? event.kind}
              {kind && <a href={`#${event.id}`}>{kind.label}</a>}
              {fields.length > 0 && `：${fields.join('、')}`}{' '}
              <span class="hint">登记序号 {event.position.toLocaleString('en-US')}</span>
            </li>
          )
        })}
      </ol>
      {file.history.length > SHOWN_EVENTS && (
        <p>
          较早的 {file.history.length - SHOWN_EVENTS} 次变动见
          <a href={`/api/v1/enterprises/${file.orgCode}/entries`}>全部形成过程</a>。
        </p>
      )}
    </section>
  )
}
