import type { Act, Asked, Secret } from '../../acts/act.ts'
import type { Offered } from '../../acts/offered.ts'
import type { Address, Proposal } from '../../authority/proposal.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { Column } from '../../records/kind.ts'
import type { Proposed, proposalsWhose, Settled } from '../../registry/acts.ts'
import type { Foreseen } from '../../registry/foreseen.ts'
import type { MakerWords } from '../../registry/person-words.ts'
import { Table, type TableColumn } from '../../ui/table.tsx'
import { Value } from '../../ui/values.tsx'
import { thingAddress } from '../act-input.ts'
import { ActForm } from '../components/act-form.tsx'
import { ActOrWhyNot } from '../components/act-offer.tsx'
import { codeColumn } from '../components/columns.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { DifferenceTable, LineTable } from '../components/differences.tsx'
import { Entrances } from '../components/entrances.tsx'
import { type Line, Lines } from '../components/lines.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Form, Refused } from '../contract.ts'
import type { ListQuery } from '../lists.ts'

interface About {
  label: string
  to: string
}

interface ActProps extends Asker {
  act: Act
  asked: Asked
  address: Address
  about: readonly About[]
  /** The part of a file that it is upon. */
  shown: readonly ShownLine[]
  /** What else whoever asks may do to it. */
  instead: readonly Offered[]
  today: string
  typed?: Form
  refused?: Refused
}

/** A line of what an act is upon. */
export type ShownLine = { label: string } & (
  | { value: string; column?: undefined }
  /** As a record's definition has it written. */
  | { value: unknown; column: Column }
)

/** One act upon one thing: what it is upon, why it can't be done, or its form. */
export function ActPage(props: ActProps) {
  const { act, asked, about, shown, instead, refused } = props
  const hindrance = refused ? undefined : asked.hindrance
  return (
    <DeskLayout title={act.label}>
      <About about={about} />
      {shown.length > 0 && (
        <section>
          <h2>所涉及的内容</h2>
          <Lines
            lines={shown.map(({ label, value, column }) => [
              label,
              column ? <Value value={value} column={column} /> : String(value),
            ])}
          />
        </section>
      )}
      <ActOrWhyNot {...props} />
      {hindrance !== undefined && <Entrances offered={instead} />}
    </DeskLayout>
  )
}

/** What something is upon, from the whole to the part. */
function About({ about }: { about: readonly About[] }) {
  if (about.length === 0) return null
  return (
    <p>
      {about.map(({ label, to }, i) => (
        <>
          {i > 0 && '，'}
          <a href={to}>{label}</a>
        </>
      ))}
    </p>
  )
}

/** What is told this once: a first password, the text of a key. */
export function SecretPage({
  title,
  told: { label, text },
  to,
}: Asker & { title: string; told: Secret; to: string }) {
  return (
    <DeskLayout title={title}>
      <p class="notice" role="status">
        {label}：<code>{text}</code>。只显示这一次，请当面或以可靠的方式交给使用者。
      </p>
      <p>
        <a href={to}>已交付，继续</a>
      </p>
    </DeskLayout>
  )
}

/** A proposal in the list. */
export interface ProposalRow {
  id: string
  /** Where it is confirmed. */
  to: string
  label: string
  name: string
  /** What of it: a document number and day, fields. */
  part: string
  orgCode: string
  why: string
  proposer: string
  at: string
}

export const PROPOSAL_COLUMNS: readonly ShownColumn<ProposalRow>[] = [
  {
    field: 'label',
    label: '事项',
    value: ({ label }) => label,
    show: ({ to, label }) => <a href={to}>{label}</a>,
  },
  { field: 'name', label: '涉及', value: ({ name }) => name },
  { field: 'part', label: '内容', value: ({ part }) => part },
  codeColumn,
  { field: 'why', label: '为什么须另一人确认', value: ({ why }) => why },
  { field: 'proposer', label: '提请人', value: ({ proposer }) => proposer },
  { field: 'at', label: '提请时间', value: ({ at }) => shanghaiTime(new Date(at)) },
]

/** A proposal as lists show it; those of an import, as one. */
export function proposalRow(
  {
    own,
    dossier,
    subject,
    title,
    part,
    act: { label },
    isDecision,
    count = 1,
  }: Proposed & { count?: number },
  maker: MakerWords,
): ProposalRow {
  const { id, on, why, author, at } = own
  const isMany = count > 1 && own.import !== undefined
  const one = isDecision ? thingAddress(subject, on.id) : `/desk/proposals/${id}`
  return {
    id,
    to: isMany ? `/desk/proposals?import=${own.import}` : one,
    label: isMany ? `导入提请的 ${count} 项（${label}等）` : label,
    name: isMany ? `${title}等` : title,
    part: isMany ? '' : part,
    orgCode: dossier?.key ?? '',
    why,
    proposer: maker(author),
    at,
  }
}

const STATUS_WORDS: Readonly<Record<Proposal['status'], string>> = {
  open: '等待另一人确认',
  confirmed: '已确认，事项已办理',
  refused: '已退回',
  lapsed: '已失效',
}

const CHANGE_WORDS: Readonly<Record<Proposal['status'], string>> = {
  open: '确认后的变动',
  confirmed: '确认所作的变动',
  refused: '提请时拟作的变动',
  lapsed: '提请时拟作的变动',
}

/** How the list of proposals is looked at. */
export interface ProposalsQuery extends ListQuery {
  status: Proposal['status']
  whose: '' | (typeof proposalsWhose)[number]
  import: string
}

interface ProposalsProps extends Asker {
  rows: readonly ProposalRow[]
  /** After which the next stretch begins; null where there is none. */
  next: string | null
  query: ProposalsQuery
}

/** What waits for a second person, or did; all that an import put forward is settled here at once. */
export function ProposalsPage({ rows, next, query }: ProposalsProps) {
  const choices = (words: Readonly<Record<string, string>>) =>
    Object.entries(words).map(([value, label]) => ({ value, label }))
  return (
    <DeskLayout title="待确认的提请">
      <p class="text">下列事项由一人提请，须由另一人确认后才办理；所涉及的内容一有变动，提请随即失效。</p>
      <List
        columns={PROPOSAL_COLUMNS}
        rows={rows}
        place={({ id }) => [id]}
        query={query}
        none="没有这样的提请。"
        next={next}
        filters={[
          {
            name: 'status',
            label: '状态',
            type: 'choice',
            choices: choices(STATUS_WORDS),
            value: query.status,
            required: true,
          },
          { name: 'whose', label: '由谁', type: 'choice', choices: choices(WHOSE_WORDS), value: query.whose },
          { name: 'import', label: '导入的编号', type: 'text', value: query.import },
        ]}
      />
      {query.import !== '' && query.status === 'open' && rows.length > 0 && (
        <SettleImport id={query.import} after="" />
      )}
    </DeskLayout>
  )
}

const WHOSE_WORDS: Readonly<Record<(typeof proposalsWhose)[number], string>> = {
  confirmable: '他人提请、我可以确认的',
  own: '我提请的',
}

/** The two forms by which all that an import put forward is settled, from some id on. */
function SettleImport({ id, after, refused }: { id: string; after: string; refused?: Refused | undefined }) {
  const to = `/desk/proposals/imports/${id}`
  return (
    <section>
      <h2>{after === '' ? '一并确认或者退回这次导入提请的' : '继续其余各项'}</h2>
      <p class="text">
        每项仍各自判断：其间有变动的随即失效，您不能确认的保留，都逐项列出。一次至多 {MOST_SETTLED}{' '}
        项，其余的可以接着办理。
      </p>
      <ActForm
        id="confirm"
        action={`${to}/confirm`}
        hidden={{ after }}
        effect="确认后随即逐项办理。"
        button="一并确认"
      />
      <details open={refused !== undefined}>
        <summary>一并退回</summary>
        <ActForm
          id="refuse"
          action={`${to}/refuse`}
          hidden={{ after }}
          columns={[{ field: 'reason', label: '理由', type: 'text', required: true, isLong: true }]}
          button="一并退回"
          refused={refused}
          quiet
        />
      </details>
    </section>
  )
}

/** Proposals that are settled in one go. */
export const MOST_SETTLED = 200

const SETTLED_COLUMNS: readonly TableColumn<Settled>[] = [
  { label: '事项', show: (one) => <a href={`/desk/proposals/${one.own.id}`}>{one.act.label}</a> },
  { label: '涉及', show: ({ title }) => title },
  { label: '内容', show: ({ part }) => part },
  { label: '结果', show: ({ own }) => STATUS_WORDS[own.status] },
  { label: '没有办理的原因', show: ({ refused }) => refused?.title ?? '' },
]

interface ImportSettledProps extends Asker {
  id: string
  items: readonly Settled[]
  next: string | null
  refused?: Refused
}

/** What became of each proposal of an import that was settled, and the rest of them. */
export function ImportSettledPage({ id, items, next, refused }: ImportSettledProps) {
  const done = items.filter((one) => one.refused === undefined).length
  return (
    <DeskLayout title="一并办理导入的提请">
      {refused ? (
        <div class="fault" role="alert">
          <p>{refused.title}</p>
        </div>
      ) : (
        <>
          <p class="verdict">
            已办理 {done} 项{items.length > done && `，${items.length - done} 项没有办理，原因如下`}。
          </p>
          <Table rows={items} columns={SETTLED_COLUMNS} />
        </>
      )}
      {(next !== null || refused) && (
        <SettleImport id={id} after={next ?? refused?.form.after ?? ''} refused={refused} />
      )}
      <p>
        <a href={`/desk/proposals?import=${id}`}>这次导入仍待确认的提请</a>
      </p>
    </DeskLayout>
  )
}

interface ProposalProps extends Asker {
  row: ProposalRow
  own: Proposal
  act: Act
  hindrance: string | undefined
  isOwn: boolean
  about: readonly About[]
  foreseen: Foreseen
  /** What was put forward, line by line in words. */
  said: readonly { label: string; text: string }[]
  done?: string | undefined
  refused?: Refused
}

function settledInWords({ at, author, reason }: NonNullable<Proposal['settled']>, maker: MakerWords): string {
  return `${shanghaiTime(new Date(at))}，${maker(author)}${reason === undefined ? '' : `：${reason}`}`
}

/** A proposal: by whom, why, before and after, and settling it. */
export function ProposalPage(props: ProposalProps) {
  const {
    row,
    own,
    act,
    hindrance,
    isOwn,
    about,
    foreseen: { differences, lines, next },
    maker,
    said,
    done,
    refused,
  } = props
  return (
    <DeskLayout title={`提请：${row.label}`} done={done}>
      <About about={about} />
      <p class="verdict">{STATUS_WORDS[own.status]}</p>
      <Lines
        lines={[
          ['提请人', row.proposer],
          ['提请时间', shanghaiTime(new Date(row.at))],
          ['为什么须另一人确认', row.why],
          ...said.map(({ label, text }): Line => [label, text, 'long']),
          ['结果', own.settled && settledInWords(own.settled, maker)],
        ]}
      />
      {(lines.length > 0 || differences.length > 0 || next !== null) && (
        <section>
          <h2>{CHANGE_WORDS[own.status]}</h2>
          {lines.length > 0 && <LineTable lines={lines} isOver={own.status !== 'open'} />}
          {differences.length > 0 && <DifferenceTable differences={differences} />}
          {next !== null && (
            <p>
              <a href={`/desk/proposals/${own.id}?changesAfter=${next}`} rel="next">
                其后的变动
              </a>
            </p>
          )}
        </section>
      )}
      {own.status === 'confirmed' && isOwn && act.name === 'reset-password' && (
        <p class="notice">
          已由第二名管理员确认：<a href={`/desk/acts/reset-password?id=${own.on.id}`}>重设并取得首次密码</a>
          ，只能办理一次，密码只显示这一次。
        </p>
      )}
      {own.status === 'open' && (
        <>
          {refused && (
            <div class="fault" role="alert">
              <p>{refused.title}</p>
            </div>
          )}
          {hindrance === undefined ? (
            <section>
              <h2>确认</h2>
              <ActForm
                id="confirm"
                action={`/desk/proposals/${own.id}/confirm`}
                effect={act.effect ?? '确认后随即办理。'}
                button="确认办理"
              />
            </section>
          ) : (
            <p class="notice">您不能确认：{hindrance}</p>
          )}
          {(isOwn || hindrance === undefined) && (
            <details open={refused !== undefined}>
              <summary>{isOwn ? '收回提请' : '退回提请'}</summary>
              <ActForm
                id="refuse"
                action={`/desk/proposals/${own.id}/refuse`}
                columns={[{ field: 'reason', label: '理由', type: 'text', required: true, isLong: true }]}
                button={isOwn ? '收回' : '退回'}
                typed={refused?.form ?? {}}
                quiet
              />
            </details>
          )}
        </>
      )}
    </DeskLayout>
  )
}
