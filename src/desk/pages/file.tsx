import { Code } from '../../../public-site/components/code.tsx'
import { State, valueInWords } from '../../../public-site/components/values.tsx'
import { EVENT_WORDS } from '../../../public-site/components/words.ts'
import type { Officer } from '../../access/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { OfficerFile, OfficerRecord } from '../../dossier/face.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../../records/catalogue.ts'
import type { RecordKind } from '../../records/kind.ts'
import type { Entry } from '../../register/entry.ts'
import type { SearchHit } from '../../search/engine.ts'
import { DeskLayout } from '../components/desk-layout.tsx'

interface FindProps {
  officer: Officer
  token: string
  query: string
  hits: readonly SearchHit[]
  /** What is to be recorded of the enterprise that is looked for. */
  kind: RecordKind | undefined
}

/** Enterprises to choose from. */
export function FindPage({ officer, token, query, hits, kind }: FindProps) {
  return (
    <DeskLayout title="查企业" officer={officer} token={token}>
      <h1>{query === '' ? '查企业' : `查询“${query}”`}</h1>
      {hits.length === 0 && (
        <p class="none">没有找到。可以换名称中最特别的几个字、统一社会信用代码或拼音再查。</p>
      )}
      <ul class="plain">
        {hits.map(({ document }) => (
          <li>
            <a
              href={
                kind ? `/desk/new/${kind.type}?code=${document.key}` : `/desk/enterprises/${document.key}`
              }
            >
              {document.names[0]}
            </a>{' '}
            <Code value={document.uscc ?? document.key} /> <State word={document.status} />
          </li>
        ))}
      </ul>
    </DeskLayout>
  )
}

interface FileProps {
  officer: Officer
  token: string
  file: OfficerFile
  entries: readonly Entry[]
  catalogue: Catalogue
  mayWrite: boolean
  done: string | undefined
}

/** The whole file: internal fields, what was corrected or withdrawn and why, who entered what when. */
export function DeskFilePage({ officer, token, file, entries, catalogue, mayWrite, done }: FileProps) {
  const { name, formerNames } = file.enterprise
  const own = `/desk/enterprises/${file.orgCode}`
  return (
    <DeskLayout title={String(name)} officer={officer} token={token} done={done}>
      <h1>{String(name)}</h1>
      <p class="buttons">
        <Code value={file.uscc ?? file.orgCode} />
        <a href={`/enterprises/${file.orgCode}`}>公众所见</a>
        {mayWrite &&
          catalogue.kinds.map((kind) => (
            <a href={`/desk/new/${kind.type}?code=${file.orgCode}`}>登记{kind.label}</a>
          ))}
      </p>
      {file.warnings.map(({ detail }) => (
        <p class="notice">{detail}</p>
      ))}
      <section>
        <h2>基本信息</h2>
        <dl class="lines">
          {enterpriseKind.columns
            .filter(({ field }) => file.enterprise[field] !== undefined)
            .map((column) => (
              <div>
                <dt>
                  {column.label}
                  {column.internal && '（内部）'}
                </dt>
                <dd>{valueInWords(file.enterprise[column.field], column)}</dd>
              </div>
            ))}
          {formerNames.length > 0 && (
            <div>
              <dt>曾用名</dt>
              <dd>{formerNames.join('；')}</dd>
            </div>
          )}
        </dl>
        {mayWrite && (
          <p class="buttons">
            <a href={`${own}/change`}>变更</a>
            <a href={`${own}/correct`}>更正</a>
          </p>
        )}
      </section>
      {catalogue.kinds.map((kind) => (
        <Section kind={kind} records={file.sections[kind.section] ?? []} own={own} mayWrite={mayWrite} />
      ))}
      <section id="history">
        <h2>形成过程</h2>
        <ol class="history">
          {entries.toReversed().map(({ seq, kind, recordedAt, author }) => (
            <li>
              <time dateTime={recordedAt}>{shanghaiTime(new Date(recordedAt))}</time>
              <span>
                {EVENT_WORDS[kind]?.[0] ?? kind}，{author.authority} {author.officer}{' '}
                <span class="hint">登记序号 {seq}</span>
              </span>
            </li>
          ))}
        </ol>
      </section>
    </DeskLayout>
  )
}

interface SectionProps {
  kind: RecordKind
  records: readonly OfficerRecord[]
  own: string
  mayWrite: boolean
}

function Section({ kind, records, own, mayWrite }: SectionProps) {
  return (
    <section id={kind.section}>
      <h2>
        {kind.label} <span class="number">{records.length}</span>
      </h2>
      {records.length === 0 && <p class="none">无记录</p>}
      {records.map((record) => (
        <article class="record" id={`r-${record.id}`}>
          {record.withdrawn ? (
            <p>
              已于 {shanghaiTime(new Date(record.withdrawn.at))} 撤回：{record.withdrawn.reason}
            </p>
          ) : (
            <>
              <dl class="lines">
                {kind.columns
                  .filter(({ field }) => record.data[field] !== undefined)
                  .map((column) => (
                    <div>
                      <dt>
                        {column.label}
                        {column.internal && '（内部）'}
                      </dt>
                      <dd>
                        <State word={valueInWords(record.data[column.field], column)} />
                      </dd>
                    </div>
                  ))}
              </dl>
              <p class="hint">
                {record.publication.public
                  ? `自 ${record.publication.from} 公示${record.publication.until === undefined ? '' : `，${record.publication.until} 停止`}`
                  : '不公示'}
                ：{record.publication.rule}
              </p>
              {record.corrections.map(({ at, reason }) => (
                <p class="hint">
                  {shanghaiTime(new Date(at))} 更正：{reason}
                </p>
              ))}
              {mayWrite && (
                <p class="buttons">
                  <a href={`${own}/records/${record.id}/update`}>更新</a>
                  <a href={`${own}/records/${record.id}/correct`}>更正</a>
                  <a href={`${own}/records/${record.id}/withdraw`}>撤回</a>
                </p>
              )}
            </>
          )}
        </article>
      ))}
    </section>
  )
}
