import type { ComponentChildren } from 'preact'
import type { ActAnswer, Choice } from '../../acts/act.ts'
import { type Offered, openAmong } from '../../acts/offered.ts'
import type { TargetName } from '../../acts/targets.ts'
import { makerOf } from '../../authority/maker.ts'
import type { Officer } from '../../authority/officers.ts'
import type { Proposal } from '../../authority/proposal.ts'
import { STATUS_WORDS } from '../../blacklist/words.ts'
import { shanghaiDate, shanghaiTime } from '../../calendar/dates.ts'
import { isOnItsWay } from '../../dossier/case.ts'
import { type Chapter, titleOf } from '../../dossier/differences.ts'
import type { Query } from '../../dossier/dossier.ts'
import type { OfficerFile, OfficerRecord } from '../../dossier/face.ts'
import type { WaitingFor } from '../../exchange/waiting.ts'
import { cursorOf } from '../../http/list-parameters.ts'
import type { Standard } from '../../rating/standard.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../../records/catalogue.ts'
import type { RecordData, RecordKind } from '../../records/kind.ts'
import { penalty } from '../../records/penalty.ts'
import { orderOf } from '../../registry/file-page.ts'
import type { Story } from '../../registry/pasts.ts'
import { type Beside, type Place, stretchOf } from '../../registry/places.ts'
import type { SearchHit } from '../../search/engine.ts'
import { Code } from '../../ui/code.tsx'
import { Grade } from '../../ui/grade.tsx'
import { PageLinks } from '../../ui/pages.tsx'
import { State, Value } from '../../ui/values.tsx'
import { ActOffer } from '../components/act-offer.tsx'
import { DeskLayout, PostForm } from '../components/desk-layout.tsx'
import { DifferenceTable } from '../components/differences.tsx'
import { Entrances } from '../components/entrances.tsx'
import type { Asker, Form } from '../contract.ts'
import { recordAddress } from '../lists.ts'
import { KIND_WORDS } from '../words.ts'

interface FindProps {
  officer: Officer
  query: string
  hits: readonly SearchHit[]
  /** What is to be recorded of the enterprise that is looked for. */
  kind: RecordKind | undefined
}

/** Enterprises to choose from. */
export function FindPage({ query, hits, kind }: FindProps) {
  return (
    <DeskLayout title="查企业" heading={query === '' ? '查企业' : `查询“${query}”`}>
      {hits.length === 0 && (
        <p class="none">
          没有找到。可以换名称中最特别的几个字、统一社会信用代码或拼音再查；确无档案的，可以
          <a href="/desk/new-file">新建企业档案</a>。
        </p>
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

/** What a file's page offers: upon the file as a whole, and upon each part of it. */
export interface FileOffers {
  whole: readonly Offered[]
  /** Acts upon a record, a rating or a doubt, and those upon the file that begin with it. */
  at(on: TargetName | undefined, id: string): readonly Offered[]
}

interface FileProps extends Asker {
  file: OfficerFile
  story: Story
  /** What a step in the history was about, where its entry is a proposal's. */
  proposalWords(proposal: Proposal): string
  /** Standards of the ratings, by id. */
  standards: ReadonlyMap<string, Standard>
  catalogue: Catalogue
  offers: FileOffers
  /** Doubts of a record that whoever looks has to do with. */
  queries: readonly Query[]
  today: string
  /** Imported rows that wait for a file of this name or code. */
  waiting: readonly WaitingFor[]
  /** The section that is shown from a place on; of the others the beginning is. */
  shown: ShownSection | undefined
  done: string | undefined
  typed?: Form
}

/** The whole file: internal fields, the open case at the side, who entered what when and why. */
export function DeskFilePage(props: FileProps) {
  const { file, story, catalogue, offers, done } = props
  const { formerNames, regionName: _, ...basic } = file.enterprise
  const { name } = basic
  const own = `/desk/enterprises/${file.orgCode}`
  const early = new Set(file.earlyEnds.map(({ record }) => record))
  return (
    <DeskLayout title={String(name)} done={done}>
      <p class="buttons">
        <Code value={file.uscc ?? file.orgCode} />
        <a href={`/enterprises/${file.orgCode}`}>公众所见</a>
        <a href={`${own}/differences`}>比较两个时刻</a>
        {addable(offers).map(({ value, label }) => (
          <a href={`/desk/new/${value}?code=${file.orgCode}`}>登记{label}</a>
        ))}
      </p>
      <WaitingRows {...props} />
      <Warnings {...props} />
      <div class="beside">
        <div>
          <section>
            <h2>基本信息</h2>
            <dl class="lines">
              {enterpriseKind.columns
                .filter(({ field }) => file.enterprise[field] !== undefined)
                .map((column) => (
                  <Line column={column} value={file.enterprise[column.field]} />
                ))}
              <UnknownLines data={basic} kind={enterpriseKind} />
              {formerNames.length > 0 && (
                <div>
                  <dt>曾用名</dt>
                  <dd>{formerNames.join('；')}</dd>
                </div>
              )}
            </dl>
            <Entrances offered={upon(offers.whole)} />
          </section>
          {catalogue.kinds.map((kind) => (
            <Section
              kind={kind}
              records={file.sections[kind.section] ?? []}
              own={own}
              offers={offers}
              queries={props.queries}
              early={early}
              beside={props.shown?.section === kind.section ? props.shown : {}}
            />
          ))}
        </div>
        <aside aria-label="案件、异议、等级和备注">
          <Cases {...props} />
          <Objections {...props} own={own} />
          <Ratings {...props} />
          <Notes {...props} />
          <Unknown {...props} />
        </aside>
      </div>
      <section id="history">
        <h2>形成过程</h2>
        <ol class="history chapters">
          {story.chapters.toReversed().map(({ entry, differences, about, proposal, reason }) => (
            <li id={`e-${entry.seq}`}>
              <time dateTime={entry.recordedAt}>{shanghaiTime(new Date(entry.recordedAt))}</time>
              <div>
                {KIND_WORDS[entry.kind] ?? entry.kind}
                {about !== undefined && `“${about}”`}
                {proposal && (
                  <>
                    ：<a href={`/desk/proposals/${proposal.id}`}>{props.proposalWords(proposal)}</a>
                  </>
                )}
                ，{props.maker(makerOf(entry))} <span class="hint">登记序号 {entry.seq}</span>
                {reason !== undefined && <p>原因：{reason}</p>}
                {differences.length > 0 && (
                  <details>
                    <summary>前后对照（{differences.length} 栏）</summary>
                    <DifferenceTable differences={differences} />
                  </details>
                )}
              </div>
            </li>
          ))}
        </ol>
        {story.isLonger && (
          <p class="hint">只列最近 {story.chapters.length} 次；全部可在“比较两个时刻”中按登记序号查看。</p>
        )}
      </section>
    </DeskLayout>
  )
}

function Line({ column, value }: { column: RecordKind['columns'][number]; value: unknown }) {
  return (
    <div>
      <dt>
        {column.label}
        {column.internal && '（内部）'}
      </dt>
      <dd>
        <Value value={value} column={column} />
      </dd>
    </div>
  )
}

/** Fields that this version's definition does not have: another wrote them, and they are shown as they stand. */
function UnknownLines({ data, kind }: { data: RecordData; kind: RecordKind }) {
  const known = new Set(kind.columns.map(({ field }) => field))
  return (
    <>
      {Object.entries(data)
        .filter(([field]) => !known.has(field))
        .map(([field, value]) => (
          <div>
            <dt>{field}（本版本不认识）</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
    </>
  )
}

function Warnings({ file, today, offers }: FileProps) {
  if (file.warnings.length === 0) return null
  return (
    <section id="warnings" aria-label="档案提示">
      {file.warnings.map(({ code, detail }) => {
        const settled = file.settledWarnings[code]
        return (
          <div class="notice">
            <p>{detail}</p>
            {settled && (
              <p>
                {shanghaiTime(new Date(settled.at))} 已核实：{settled.reason}
              </p>
            )}
            {!settled && <AtHand offered={offers.at(undefined, code)} today={today} />}
          </div>
        )
      })}
    </section>
  )
}

function Aside({ title, count, children }: { title: string; count?: number; children: ComponentChildren }) {
  return (
    <section>
      <h2>
        {title}
        {count !== undefined && <span class="number"> {count}</span>}
      </h2>
      {children}
    </section>
  )
}

function Cases({ file, offers }: FileProps) {
  const others = file.listed.filter(({ id }) => !file.listings.some((own) => own.id === id))
  const count = file.listings.length + others.length
  return (
    <Aside title="列入案件" count={count}>
      {count === 0 && <p class="none">没有案件。</p>}
      <ul class="plain">
        {file.listings.toReversed().map((own) => (
          <li>
            <a href={`/desk/cases/${own.id}`}>{STATUS_WORDS[own.status]}</a>{' '}
            {isOnItsWay(own) && <span class="state caution">办理中</span>}
            <p class="hint">
              {own.proposed.author.authority} 于 {shanghaiDate(new Date(own.proposed.at))} 提出
            </p>
            <Entrances offered={offers.at(undefined, own.id)} isBrief />
          </li>
        ))}
        {others.map(({ id, authority, from }) => (
          <li>
            <a href={`/blacklist/${id}`}>列入“黑名单”</a>
            <p class="hint">
              {authority} 列入，自 {from}；案件由其和上级机关查看
            </p>
          </li>
        ))}
      </ul>
      <Entrances offered={making(offers.whole, 'case')} />
    </Aside>
  )
}

function Objections({ file, own, offers }: FileProps & { own: string }) {
  const records = Object.values(file.sections).flat()
  const withdrawn = new Set(records.flatMap((record) => (record.withdrawn ? [record.id] : [])))
  return (
    <Aside title="异议" count={file.objections.length}>
      <ul class="plain">
        {file.objections.toReversed().map((objection) => (
          <li>
            <a href={`${own}/objections/${objection.id}`}>{objection.on} 提出</a>{' '}
            {objection.settled
              ? objection.settled.upheld
                ? '成立'
                : '不成立'
              : withdrawn.has(objection.about.id)
                ? '所异议的记录已撤回'
                : `待处理，期限 ${objection.dueOn}`}
          </li>
        ))}
      </ul>
      <Entrances offered={making(offers.whole, 'objection')} isBrief />
    </Aside>
  )
}

/** A record or case of the file, and where it stands. */
interface Named {
  title: string
  to: string
}

/** Why a grade in force is what it is: what brought it between campaigns, what it counts and what limits it, with the records. */
function Grounds({
  rating: { points, items, limits, reason },
  named,
}: {
  rating: OfficerFile['ratings'][number]
  named: ReadonlyMap<string, Named>
}) {
  return (
    <>
      {reason !== undefined && <p class="hint">{reason}</p>}
      <details>
        <summary>{points} 分，为什么</summary>
        <ul class="plain">
          {[...limits, ...items].map((part) => (
            <li>
              {'grade' in part ? `▲ 限为 ${part.grade}：${part.rule}` : `${part.rule}：${part.points} 分`}
              {part.records
                .flatMap((id) => named.get(id) ?? [])
                .slice(0, NAMED)
                .map(({ title, to }) => (
                  <>
                    {' '}
                    <a href={to}>{title}</a>
                  </>
                ))}
              {part.records.length > NAMED && ` 等 ${part.records.length} 条`}
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

/** So many records of a part of a rating are named. */
const NAMED = 3

function Ratings({ file, standards, offers, catalogue }: FileProps) {
  const ofRecords = catalogue.kinds.flatMap((kind) =>
    (file.sections[kind.section] ?? []).map(({ id, data }): [string, Named] => [
      id,
      { title: `${kind.label} ${titleOf(kind, data)}`.trim(), to: recordAddress(file.orgCode, id) },
    ]),
  )
  const ofCases = file.listings.map(({ id }): [string, Named] => [
    id,
    { title: '列入案件', to: `/desk/cases/${id}` },
  ])
  const named = new Map([...ofRecords, ...ofCases])
  return (
    <Aside title="等级">
      {file.ratings.length === 0 && <p class="none">未评定</p>}
      <ul class="plain">
        {file.ratings.slice(0, 6).map((rating) => {
          const standard = standards.get(rating.standard.id)
          const name = standard?.grades.find(({ grade }) => grade === rating.grade)?.name
          return (
            <li>
              <Grade grade={rating.grade} name={name} size={22} />
              <p class="hint">
                {rating.on} {standard?.name ?? rating.standard.id}
                {rating.inForce && '，现行'}
                {rating.revoked && '，已撤销'}
              </p>
              {rating.inForce && <Grounds rating={rating} named={named} />}
              <Entrances offered={offers.at('rating', rating.id)} isBrief />
            </li>
          )
        })}
      </ul>
    </Aside>
  )
}

/** What another version of the program has written: nobody is to think that the file holds nothing of it. */
function Unknown({ file: { unknown } }: FileProps) {
  if (unknown.entries.length + unknown.records.length === 0) return null
  return (
    <Aside title="本版本不认识的内容" count={unknown.entries.length + unknown.records.length}>
      <ul class="plain">
        {unknown.entries.map(({ kind, position, at, fault }) => (
          <li>
            {kind}（序号 {position}，{at.slice(0, 10)}
            {fault && `，${fault}`}）
          </li>
        ))}
        {unknown.records.map(({ type, addedAt }) => (
          <li>
            {type} 记录（{addedAt.slice(0, 10)}）
          </li>
        ))}
      </ul>
      <p class="hint">由另一版本的系统登记，原样保存；更新系统后即可显示和办理。</p>
    </Aside>
  )
}

function Notes({ file, today, offers, typed, maker }: FileProps) {
  return (
    <Aside title="内部备注" count={file.notes.length}>
      <ul class="plain" id="notes">
        {file.notes.toReversed().map(({ text, at, author }) => (
          <li>
            <p>{text}</p>
            <p class="hint">
              {shanghaiTime(new Date(at))} {maker(author)}
            </p>
          </li>
        ))}
      </ul>
      <AtHand
        offered={offers.at(undefined, '').filter(({ act }) => act.isAtHand)}
        today={today}
        typed={typed}
      />
    </Aside>
  )
}

/** A section and from where on it is shown. */
export interface ShownSection extends Beside {
  section: string
}

interface SectionProps {
  kind: RecordKind
  records: readonly OfficerRecord[]
  own: string
  offers: FileOffers
  queries: readonly Query[]
  /** Penalties with an application to end their publication early. */
  early: ReadonlySet<string>
  /** From where on the section is shown. */
  beside: Beside
}

/** Records of a section on one page, the newest first. */
export const RECORDS_A_PAGE = 15

function Section({ kind, records: all, own, offers, queries, early, beside }: SectionProps) {
  const { rows: records, skipped, ...others } = stretchOf(all, orderOf(kind), beside, RECORDS_A_PAGE)
  const to = (parameter: string, place: Place | undefined) =>
    place && `${own}?section=${kind.section}&${parameter}=${cursorOf(...place)}#${kind.section}`
  return (
    <section id={kind.section}>
      <h2>
        {kind.label} <span class="number">{all.length}</span>
      </h2>
      {all.length === 0 && <p class="none">无记录</p>}
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
                    <Line column={column} value={record.data[column.field]} />
                  ))}
                <UnknownLines data={record.data} kind={kind} />
              </dl>
              {record.incomplete?.map((what) => (
                <p class="hint">{what}</p>
              ))}
              {isPartlyDated(kind, record.data) && (
                <p class="hint">
                  只知年份或年月：按期限计算的规则（评级）在日期完整之前不计入可能不在期限内的，请补登完整的日期。
                </p>
              )}
              <p class="hint">
                {record.publication.public
                  ? `自 ${publishedFrom(kind, record.data, record.publication.from)} 公示${record.publication.until === undefined ? '' : `，${record.publication.until} 停止`}`
                  : '不公示'}
                ：{record.publication.rule}
              </p>
              {record.corrections.map(({ at, reason }) => (
                <p class="hint">
                  {shanghaiTime(new Date(at))} 更正：{reason}
                </p>
              ))}
              {queries
                .filter((query) => query.record === record.id)
                .map((query) => (
                  <Doubt query={query} offered={offers.at('query', query.id)} />
                ))}
              <Entrances offered={offers.at('record', record.id)}>
                {kind.type === penalty.type && record.publication.public && (
                  <a href={`${own}/records/${record.id}/decision`}>处罚决定书</a>
                )}
                {early.has(record.id) && (
                  <a href={`${own}/records/${record.id}/early-end`}>提前停止公示的办理</a>
                )}
              </Entrances>
            </>
          )}
        </article>
      ))}
      {records.length < all.length && (
        <p class="about">
          <span>
            第 {skipped + 1} 至 {skipped + records.length} 条
          </span>
          <PageLinks previous={to('before', others.previous)} next={to('after', others.next)} />
        </p>
      )}
    </section>
  )
}

/** A doubt about a record, and answering it. */
function Doubt({
  query: { at, author, text, answered },
  offered,
}: {
  query: Query
  offered: readonly Offered[]
}) {
  return (
    <div class="notice">
      <p>
        {author.authority}于 {shanghaiTime(new Date(at))} 提出疑义：{text}
      </p>
      {answered && (
        <p>
          {answered.author.authority}于 {shanghaiTime(new Date(answered.at))} 答复：{answered.answer}
        </p>
      )}
      <Entrances offered={offered} isBrief />
    </div>
  )
}

/** Forms that stand at hand. */
function AtHand({
  offered,
  today,
  typed,
}: {
  offered: readonly Offered[]
  today: string
  typed?: Form | undefined
}) {
  return (
    <>
      {openAmong(offered).map((own) => (
        <ActOffer {...own} today={today} quiet {...(typed && { typed })} />
      ))}
    </>
  )
}

/** The kinds of records that may be added, by a form of its own for each. */
function addable({ whole }: FileOffers): readonly Choice[] {
  return openAmong(whole).find(({ act }) => act.name === ADDING)?.asked.choices.type ?? []
}

const ADDING = 'add-record'

function making(whole: readonly Offered[], answer: ActAnswer): readonly Offered[] {
  return whole.filter(({ act }) => act.route.answer === answer)
}

/** Acts upon the file itself: neither those that make a part of it and stand by such parts, nor those at hand. */
function upon(whole: readonly Offered[]): readonly Offered[] {
  const parts: readonly ActAnswer[] = ['case', 'objection']
  return whole.filter(({ act }) => !act.isAtHand && act.name !== ADDING && !parts.includes(act.route.answer))
}

interface DifferencesProps {
  officer: Officer
  code: string
  name: string
  chapters: readonly Chapter[]
  from: number
  to: number
  differences: Parameters<typeof DifferenceTable>[0]['differences']
}

/** What differs in a file between any two moments of its history. */
export function DifferencesPage(props: DifferencesProps) {
  const { code, name, chapters, from, to, differences } = props
  const moments = [
    { value: 0, label: '建档之前' },
    ...chapters.map(({ entry }) => ({
      value: entry.seq,
      label: `${shanghaiTime(new Date(entry.recordedAt))} ${KIND_WORDS[entry.kind] ?? entry.kind}之后（${entry.seq}）`,
    })),
  ]
  return (
    <DeskLayout title="比较两个时刻">
      <p>
        <a href={`/desk/enterprises/${code}`}>{name}</a>
      </p>
      <form class="filters" method="get" action={`/desk/enterprises/${code}/differences`}>
        {(
          [
            ['from', '之前', from],
            ['to', '之后', to],
          ] as const
        ).map(([field, label, chosen]) => (
          <div class="filter">
            <label for={field}>{label}</label>
            <select id={field} name={field} class="filter-field moments">
              {moments.toReversed().map((moment) => (
                <option value={String(moment.value)} selected={moment.value === chosen}>
                  {moment.label}
                </option>
              ))}
            </select>
          </div>
        ))}
        <button type="submit">比较</button>
      </form>
      <DifferenceTable differences={differences} />
    </DeskLayout>
  )
}

/** Whether only the year or month of what dates a record is known. */
function isPartlyDated(kind: RecordKind, data: RecordData): boolean {
  return kind.dateOf(data) !== kind.datedOn(data)
}

/** A day of publication that is counted from a date known to its year is told by that year: nobody knows the day. */
function publishedFrom(kind: RecordKind, data: RecordData, from: string): string {
  return isPartlyDated(kind, data) && from === kind.datedOn(data) ? kind.dateOf(data) : from
}

/** Rows of imports that wait for this file: offered here, since it is here that somebody sees that it is open now. */
function WaitingRows({ waiting, file, catalogue }: FileProps) {
  if (waiting.length === 0) return null
  return (
    <section class="notice">
      <h2>待建档的行</h2>
      <p>本机关导入的下列各行等待这一企业建档；按名称的，请先核对是否同一企业。</p>
      {waiting.map(({ id, type, name = '', place = '', code, count, sample }) => (
        <PostForm to={`/desk/imports/waiting/${encodeURIComponent(id)}/import`} button="导入这些行" quiet>
          {code === undefined && <input type="hidden" name="key" value={file.orgCode} />}
          {[code === undefined ? `按名称“${name}”` : `按代码 ${code}`, place].filter(Boolean).join('，')}：
          {catalogue.kind(type)?.label ?? type} {count} 行（{sample}）
        </PostForm>
      ))}
      <p>
        <a href="/desk/imports/waiting">全部待建档</a>
      </p>
    </section>
  )
}
