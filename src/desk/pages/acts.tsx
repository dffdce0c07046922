import type { Act, Asked, Secret } from '../../acts/act.ts'
import type { Address, Proposal } from '../../authority/proposal.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { Difference } from '../../dossier/differences.ts'
import type { AccountLine } from '../../registry/account-lines.ts'
import { ActForm } from '../components/act-form.tsx'
import { ActOffer } from '../components/act-offer.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { AccountTable, DifferenceTable } from '../components/differences.tsx'
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
  today: string
  typed?: Form
  refused?: Refused
}

/** One act upon one thing: what it is upon, why it can't be done, or its form. */
export function ActPage(props: ActProps) {
  const { officer, token, act, asked, about, refused } = props
  const hindrance = refused ? undefined : asked.hindrance
  return (
    <DeskLayout title={act.label} officer={officer} token={token}>
      <h1>{act.label}</h1>
      <About about={about} />
      {hindrance === undefined ? <ActOffer {...props} /> : <p class="notice">{hindrance}</p>}
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
  officer,
  token,
  title,
  told: { label, text },
  to,
}: Asker & { title: string; told: Secret; to: string }) {
  return (
    <DeskLayout title={title} officer={officer} token={token}>
      <h1>{title}</h1>
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
  /** Where it is confirmed. */
  to: string
  label: string
  name: string
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
  { field: 'orgCode', label: '档案编号', value: ({ orgCode }) => orgCode, fileOnly: true },
  { field: 'why', label: '为什么须另一人确认', value: ({ why }) => why },
  { field: 'proposer', label: '提请人', value: ({ proposer }) => proposer },
  { field: 'at', label: '提请时间', value: ({ at }) => shanghaiTime(new Date(at)) },
]

/** What waits for a second person in a region. */
export function ProposalsPage({
  officer,
  token,
  rows,
  more,
  query,
}: Asker & { rows: readonly ProposalRow[]; more: boolean; query: ListQuery }) {
  return (
    <DeskLayout title="待确认的提请" officer={officer} token={token}>
      <h1>待确认的提请</h1>
      <p class="text">下列事项由一人提请，须由另一人确认后才办理；所涉及的内容一有变动，提请随即失效。</p>
      <List columns={PROPOSAL_COLUMNS} rows={rows} query={query} none="没有等待确认的提请。" more={more} />
    </DeskLayout>
  )
}

const STATUS_WORDS: Readonly<Record<Proposal['status'], string>> = {
  open: '等待另一人确认',
  confirmed: '已确认，事项已办理',
  refused: '已退回',
  lapsed: '已失效',
}

interface ProposalProps extends Asker {
  row: ProposalRow
  own: Proposal
  act: Act
  hindrance: string | undefined
  isOwn: boolean
  about: readonly About[]
  differences: readonly Difference[]
  account: readonly AccountLine[]
  done?: string | undefined
  refused?: Refused
}

/** A proposal: by whom, why, before and after, and settling it. */
export function ProposalPage(props: ProposalProps) {
  const { officer, token, row, own, act, hindrance, isOwn, about, differences, account, done, refused } =
    props
  const said = act.columns.flatMap(({ field, label, type, answers }) => {
    const value = own.input[field]
    if (value === undefined || type === 'patch') return []
    const words = typeof value === 'boolean' ? (answers?.[value ? 0 : 1] ?? (value ? '是' : '否')) : value
    return [{ label, text: Array.isArray(words) ? words.map(String).join('、') : String(words) }]
  })
  return (
    <DeskLayout title={`提请：${row.label}`} officer={officer} token={token} done={done}>
      <h1>提请：{row.label}</h1>
      <About about={about} />
      <p class="verdict">{STATUS_WORDS[own.status]}</p>
      <dl class="lines">
        <div>
          <dt>提请人</dt>
          <dd>{row.proposer}</dd>
        </div>
        <div>
          <dt>提请时间</dt>
          <dd>{shanghaiTime(new Date(row.at))}</dd>
        </div>
        <div>
          <dt>为什么须另一人确认</dt>
          <dd>{row.why}</dd>
        </div>
        {said.map(({ label, text }) => (
          <div>
            <dt>{label}</dt>
            <dd class="long">{text}</dd>
          </div>
        ))}
        {own.settled && (
          <div>
            <dt>结果</dt>
            <dd>
              {shanghaiTime(new Date(own.settled.at))}，{own.settled.author.authority}{' '}
              {own.settled.author.officer}
              {own.settled.reason !== undefined && `：${own.settled.reason}`}
            </dd>
          </div>
        )}
      </dl>
      {account.length > 0 && (
        <section>
          <h2>{own.status === 'open' ? '现在和确认后' : '现状'}</h2>
          <AccountTable lines={account} />
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
          {differences.length > 0 && (
            <section>
              <h2>确认后的变动</h2>
              <DifferenceTable differences={differences} />
            </section>
          )}
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
                token={token}
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
                token={token}
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
