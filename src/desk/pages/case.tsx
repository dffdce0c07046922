import type { Act, Asked } from '../../acts/act.ts'
import type { Offered } from '../../acts/offered.ts'
import type { Maker } from '../../authority/maker.ts'
import type { CandidateForListing } from '../../blacklist/candidates.ts'
import type { CaseDocument } from '../../blacklist/documents.ts'
import type { RuleSet } from '../../blacklist/rule-set.ts'
import { STATUS_WORDS, STEP_WORDS } from '../../blacklist/words.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { headingOf, type OfficialDocument, SEAL, signingDate } from '../../documents/document.ts'
import { basisOf, type Case, type CaseStatus } from '../../dossier/case.ts'
import { DEADLINE_WORDS, type Deadline } from '../../dossier/deadline.ts'
import type { RecordAs } from '../../dossier/dossier.ts'
import { hearingDoubt } from '../../records/hearing.ts'
import type { RecordData } from '../../records/kind.ts'
import { type PenaltyData, penalty } from '../../records/penalty.ts'
import type { MakerWords } from '../../registry/person-words.ts'
import { choiceOf } from '../../ui/filters.tsx'
import { dateInWords, Value } from '../../ui/values.tsx'
import { OfferedAct } from '../components/act-offer.tsx'
import { codeColumn, enterpriseColumn, regionColumn } from '../components/columns.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { actsColumn } from '../components/entrances.tsx'
import { Lines } from '../components/lines.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker } from '../contract.ts'
import { type ListQuery, recordAddress } from '../lists.ts'
import { REPAIR_WORDS } from '../words.ts'

/** A case in the list. */
export interface CaseRow {
  id: string
  orgCode: string
  name: string
  region: string
  status: CaseStatus
  ground: string
  authority: string
  proposedOn: string
  /** What may be done next, in words. */
  next: string
}

export const CASE_COLUMNS: readonly ShownColumn<CaseRow>[] = [
  {
    field: 'name',
    label: '企业',
    value: ({ name }) => name,
    show: ({ id, name }) => <a href={`/desk/cases/${id}`}>{name}</a>,
  },
  codeColumn,
  regionColumn,
  { field: 'status', label: '状态', value: ({ status }) => STATUS_WORDS[status] },
  { field: 'next', label: '现在可以', value: ({ next }) => next },
  { field: 'ground', label: '列入情形', value: ({ ground }) => ground },
  { field: 'authority', label: '提出机关', value: ({ authority }) => authority },
  { field: 'proposedOn', label: '提出日期', value: ({ proposedOn }) => proposedOn },
]

interface CasesProps extends Asker {
  rows: readonly CaseRow[]
  /** After which the next part begins; null where there is none. */
  next: string | null
  query: ListQuery & { status: string }
  mayPropose: boolean
}

/** All cases of a region. */
export function CasesPage({ rows, next, query, mayPropose }: CasesProps) {
  return (
    <DeskLayout title="列入案件">
      {mayPropose && (
        <p class="buttons">
          <a href="/desk/cases/candidates">符合列入情形、尚未立案的处罚</a>
        </p>
      )}
      <List
        columns={CASE_COLUMNS}
        rows={rows}
        place={({ id }) => [id]}
        query={query}
        filters={[choiceOf('status', '状态', STATUS_WORDS, query.status)]}
        none="没有案件。"
        next={next}
      />
    </DeskLayout>
  )
}

export const CANDIDATE_COLUMNS: readonly ShownColumn<CandidateForListing>[] = [
  enterpriseColumn,
  codeColumn,
  regionColumn,
  {
    field: 'documentNo',
    label: '处罚决定',
    value: ({ documentNo }) => documentNo,
    show: ({ documentNo, orgCode, penalty }) => <a href={recordAddress(orgCode, penalty)}>{documentNo}</a>,
  },
  { field: 'decidedOn', label: '决定日期', value: ({ decidedOn }) => decidedOn },
  {
    field: 'grounds',
    label: '符合的情形',
    value: ({ grounds }) => Array.from(new Set(grounds.map(({ name }) => name))).join('；'),
  },
]

interface CandidatesProps extends Asker {
  rows: readonly CandidateForListing[]
  /** After which the next part begins; null where there is none. */
  next: string | null
  query: ListQuery
  /** What is offered at a penalty. */
  offeredAt(row: CandidateForListing): readonly Offered[]
}

/** Penalties that meet a ground; whether to propose is for an officer to say. */
export function CandidatesPage({ rows, next, query, offeredAt }: CandidatesProps) {
  return (
    <DeskLayout title="可以提出列入的处罚">
      <p class="text">下列处罚符合列入规则的某一情形，尚无案件。是否提出由办案人员判断，系统不自动列入。</p>
      <List
        columns={[
          ...CANDIDATE_COLUMNS,
          actsColumn((row: CandidateForListing) =>
            offeredAt(row).filter(({ act }) => act.route.answer === 'case'),
          ),
        ]}
        rows={rows}
        place={({ orgCode, penalty }) => [orgCode, penalty]}
        query={query}
        none="没有符合列入情形、尚未立案的处罚。"
        next={next}
      />
    </DeskLayout>
  )
}

/** A step that is open now or later, with who may take it. */
export interface StepOffered {
  act: Act
  asked: Asked
}

interface CaseProps extends Asker {
  code: string
  name: string
  own: Case
  rules: RuleSet
  evidence: readonly RecordAs<PenaltyData>[]
  steps: readonly StepOffered[]
  deadlines: readonly Deadline[]
  documents: readonly { name: CaseDocument; title: string }[]
  today: string
  done?: string | undefined
}

/** A case: where it stands, what may be done now and by whom, the clock, the evidence, the documents. */
export function CasePage(props: CaseProps) {
  const { code, name, own, rules, steps, deadlines, documents, today, done } = props
  const ground = rules.grounds.find(({ id }) => id === own.proposed.ground)
  const open = steps.filter(({ asked }) => asked.hindrance === undefined)
  const [ahead, ending] = [open.filter(({ act }) => !act.isGrave), open.filter(({ act }) => act.isGrave)]
  const later = steps.filter(({ asked }) => asked.hindrance !== undefined)
  return (
    <DeskLayout title={`列入案件：${name}`} done={done} heading="列入案件">
      <p>
        <a href={`/desk/enterprises/${code}`}>{name}</a>
      </p>
      <p class="verdict">
        {STATUS_WORDS[own.status]}
        {own.repair && `；信用修复：${REPAIR_WORDS[own.repair.status]}`}
      </p>
      {deadlines.map(({ what, dueOn, certain, consequence }) => (
        <p class={dueOn < today ? 'notice' : ''}>
          {DEADLINE_WORDS[what]}：{dateInWords(dueOn)}
          {!certain && '（估计）'}
          {dueOn < today && <span class="state caution"> 已逾期</span>}。{consequence}
        </p>
      ))}
      <div class="beside">
        <div>
          {open.length === 0 && later.length === 0 && <p class="none">案件已结束，没有可以进行的步骤。</p>}
          {[...ahead, ...ending].map(({ act, asked }) => (
            <OfferedAct
              act={act}
              asked={asked}
              address={{ code, id: own.id }}
              maker={props.maker}
              today={today}
              quiet={ahead[0]?.act !== act}
            />
          ))}
          {later.length > 0 && (
            <section>
              <h2>由他人或以后办理</h2>
              <ul class="plain">
                {later.map(({ act, asked }) => (
                  <li>
                    {act.label}：{asked.hindrance}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section>
            <h2>经过</h2>
            <Timeline own={own} maker={props.maker} />
          </section>
        </div>
        <aside aria-label="依据和文书">
          <section>
            <h2>列入情形</h2>
            <p>{ground?.name ?? own.proposed.ground}</p>
            <p class="hint">
              {rules.name} 第 {rules.version} 版，{ground?.source ?? rules.source}
            </p>
            <h3>事实</h3>
            <p class="long">{own.proposed.facts}</p>
            <h3>理由</h3>
            <p class="long">{own.proposed.reasons}</p>
          </section>
          <section>
            <h2>证据</h2>
            {props.evidence.map((record) => (
              <Evidence record={record} code={code} />
            ))}
            {props.evidence.length < basisOf(own).length && (
              <p class="notice">所依据的处罚有的已撤回；请考虑终止案件或撤销列入。</p>
            )}
          </section>
          <section>
            <h2>文书</h2>
            <ul class="plain">
              {documents.map((document) => (
                <li>
                  <a href={`/desk/cases/${own.id}/documents/${document.name}`}>{document.title}</a>（
                  <a href={`/desk/cases/${own.id}/documents/${document.name}.docx`}>DOCX</a>）
                </li>
              ))}
            </ul>
          </section>
        </aside>
      </div>
    </DeskLayout>
  )
}

/** What of a penalty a case shows. */
const SHOWN: ReadonlySet<string> = new Set<keyof PenaltyData>([
  'documentNo',
  'conduct',
  'types',
  'content',
  'decidedOn',
  'authority',
  'hearingToldOn',
  'hearing',
  'hearingOn',
  'reviewOutcome',
])

function Evidence({ record, code }: { record: RecordAs<PenaltyData>; code: string }) {
  const data: RecordData = record.data
  const doubt = hearingDoubt(record.data)
  return (
    <>
      <Lines
        lines={penalty.columns
          .filter(({ field }) => SHOWN.has(field) && data[field] !== undefined)
          .map((column) => [
            column.label,
            column.field === 'documentNo' ? (
              <a href={recordAddress(code, record.id)}>{record.data.documentNo}</a>
            ) : (
              <Value value={data[column.field]} column={column} />
            ),
          ])}
      />
      {doubt !== undefined && <p class="notice">{doubt}</p>}
    </>
  )
}

interface Past {
  at: string
  author: Maker
  what: string
  text: string
}

/** What was done in a case, and upon the bases that it had before. */
function pastOf(own: Case): Past[] {
  const past: Past[] = []
  const add = (step: { at: string; author: Maker } | undefined, what: string, text: string | undefined) => {
    if (step) past.push({ at: step.at, author: step.author, what, text: text ?? '' })
  }
  const { noticed, stated, consented, decided, published, removed, dropped } = own
  const { before, rebased, restated, affirmed } = own
  if (before) past.push(...pastOf(before))
  else add(own.proposed, '提出列入', '')
  add(rebased, STEP_WORDS.rebasing, rebased && `${rebased.decisionNo ?? ''} ${rebased.reasons}`.trim())
  add(restated, STEP_WORDS.restating, restated?.reasons)
  add(affirmed, STEP_WORDS.affirming, affirmed?.reasons)
  add(
    noticed,
    '告知',
    noticed && `${noticed.way}，${noticed.servedOn} 送达，陈述、申辩至 ${noticed.statementUntil}`,
  )
  for (const one of own.statements ?? (stated ? [stated] : []))
    add(one, '陈述、申辩', `${one.on}：${one.statement} 复核：${one.answer}`)
  add(consented, '上一级意见', consented && `${consented.granted ? '同意' : '不同意'}。${consented.reasons}`)
  add(
    decided,
    '决定',
    decided &&
      `${decided.listed ? '列入' : '不列入'}，${decided.decisionNo}，${decided.decidedOn}。${decided.reasons}`,
  )
  add(
    published,
    '公示',
    published && `自 ${published.from}${published.until === undefined ? '' : ` 至 ${published.until}`}`,
  )
  add(removed, '移出', removed && `${removed.on}：${removed.reason}`)
  add(dropped, '终止', dropped?.reason)
  return past
}

/** What was done about applications for repair, those that came to nothing among them. */
function repairsOf({ formerRepairs = [], repair }: Case): Past[] {
  return [...formerRepairs, ...(repair ? [repair] : [])].flatMap(
    ({ applied, accepted, inspected, decided, revoked }): Past[] => [
      { ...applied, what: '申请信用修复', text: applied.grounds },
      ...(accepted
        ? [
            {
              ...accepted,
              what: '受理',
              text: `${accepted.accepted ? '受理' : '不予受理'}。${accepted.reasons}`,
            },
          ]
        : []),
      ...(inspected ? [{ ...inspected, what: '核查', text: `${inspected.on}：${inspected.findings}` }] : []),
      ...(decided
        ? [
            {
              ...decided,
              what: '修复决定',
              text: `${decided.granted ? '准予修复' : '不予修复'}。${decided.reasons}`,
            },
          ]
        : []),
      ...(revoked ? [{ ...revoked, what: '撤销修复', text: revoked.reason }] : []),
    ],
  )
}

/** What happened to a case's basis of itself. */
function basisChangesOf({ basisChanges = [] }: Case): Past[] {
  return basisChanges.map((change) => ({ ...change, what: '依据变动', text: change.reason }))
}

function Timeline({ own, maker }: { own: Case; maker: MakerWords }) {
  return (
    <ol class="history chapters">
      {[...basisChangesOf(own), ...pastOf(own), ...repairsOf(own)]
        .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
        .map(({ at, author, what, text }) => (
          <li>
            <time dateTime={at}>{shanghaiTime(new Date(at))}</time>
            <div>
              {what}，{maker(author)}
              {text !== '' && <p class="long">{text}</p>}
            </div>
          </li>
        ))}
    </ol>
  )
}

/** An official document to print, without the desk around it on paper. */
export function DocumentPage({
  id,
  name,
  document,
}: Asker & { id: string; name: CaseDocument; document: OfficialDocument }) {
  const { title, number, addressee, party, paragraphs, contact, authority, date } = document
  return (
    <DeskLayout title={title} heading={null}>
      <p class="buttons no-print">
        <a href={`/desk/cases/${id}`}>回到案件</a>
        <a href={`/desk/cases/${id}/documents/${name}.docx`}>下载 DOCX</a>
        <button type="button" data-print hidden>
          打印
        </button>
      </p>
      <article class="official">
        <h1>
          {headingOf(document).map((line, i) => (
            <>
              {i > 0 && <br />}
              {line}
            </>
          ))}
        </h1>
        {number !== undefined && <p class="number">{number}</p>}
        {addressee !== undefined && <p>{addressee}：</p>}
        {party.map((text) => (
          <p>{text}</p>
        ))}
        {paragraphs.map((text) => (
          <p class="paragraph">{text}</p>
        ))}
        {contact !== undefined && <p class="paragraph contact">{contact}</p>}
        <div class="signature">
          <p>
            {authority}
            <span class="seal">{SEAL}</span>
          </p>
          <p>{signingDate(date)}</p>
        </div>
      </article>
    </DeskLayout>
  )
}
