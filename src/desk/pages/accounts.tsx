import { placeInWords } from '../../authority/authorities.ts'
import { type Authority, LEVEL_WORDS } from '../../authority/authority.ts'
import type { ApiKey } from '../../authority/keys.ts'
import type { Officer } from '../../authority/officers.ts'
import { waitingIn } from '../../authority/proposal.ts'
import { duties, type Role } from '../../authority/roles.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { type Offer, OfferedAct } from '../components/act-offer.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Form } from '../contract.ts'
import type { ListQuery } from '../lists.ts'

function dutiesInWords(held: readonly Role[]): string {
  return held.map((role) => duties[role].label).join('、')
}

const boundsInWords = ({ region }: { region?: string | undefined }) => placeInWords(region)

export const OFFICER_COLUMNS: readonly ShownColumn<Officer>[] = [
  {
    field: 'login',
    label: '账号',
    value: ({ login }) => login,
    show: ({ login }) => <a href={`/desk/officers/${login}`}>{login}</a>,
  },
  { field: 'name', label: '姓名', value: ({ name }) => name },
  { field: 'person', label: '工号', value: ({ person }) => (person === undefined ? '未登记' : '已登记') },
  { field: 'authority', label: '机关', value: ({ authority }) => authority },
  { field: 'roles', label: '岗位', value: ({ roles }) => dutiesInWords(roles) },
  { field: 'region', label: '范围', value: boundsInWords },
  {
    field: 'state',
    label: '状态',
    value: (own) =>
      own.disabledAt !== undefined
        ? '已停用'
        : waitingIn(own)
          ? '岗位待确认'
          : own.mustChange
            ? '待改首次密码'
            : '使用中',
  },
]

export const KEY_COLUMNS: readonly ShownColumn<ApiKey>[] = [
  { field: 'id', label: '编号', value: ({ id }) => id },
  { field: 'name', label: '使用者', value: ({ name }) => name },
  { field: 'actsFor', label: '以谁的名义', value: ({ actsFor }) => actsFor ?? '机器所用' },
  { field: 'authority', label: '机关', value: ({ authority }) => authority },
  { field: 'scopes', label: '权限', value: ({ scopes }) => scopes.join('、') },
  { field: 'region', label: '范围', value: boundsInWords },
  { field: 'createdAt', label: '新建时间', value: ({ createdAt }) => shanghaiTime(new Date(createdAt)) },
  {
    field: 'state',
    label: '状态',
    value: (own) => (own.revokedAt !== undefined ? '已停用' : waitingIn(own) ? '权限待确认' : '使用中'),
    show(own) {
      const waiting = waitingIn(own)
      if (own.revokedAt !== undefined) return '已停用'
      return (
        <span>
          {waiting && <a href={`/desk/proposals/${waiting.id}`}>权限待确认</a>}{' '}
          <a href={`/desk/acts/grant-scopes?id=${own.id}`}>给予权限</a>{' '}
          <a href={`/desk/acts/revoke-key?id=${own.id}`}>停用</a>
        </span>
      )
    },
  },
]

const AUTHORITY_ACTS = [
  ['rename-authority', '更名'],
  ['change-authority', '调整'],
  ['merge-authority', '合并'],
] as const

export const AUTHORITY_COLUMNS: readonly ShownColumn<Authority>[] = [
  { field: 'name', label: '机关', value: ({ name }) => name },
  { field: 'level', label: '层级', value: ({ level }) => LEVEL_WORDS[level] },
  { field: 'region', label: '范围', value: ({ region }) => placeInWords(region) },
  { field: 'formerNames', label: '曾用名', value: ({ formerNames }) => formerNames.join('、') },
  {
    field: 'state',
    label: '状态',
    value: ({ successor }) => (successor === undefined ? '' : '已合并'),
    show(own) {
      const waiting = waitingIn(own)
      if (own.successor !== undefined) return '已合并'
      return (
        <span>
          {waiting && <a href={`/desk/proposals/${waiting.id}`}>合并待确认</a>}{' '}
          {AUTHORITY_ACTS.map(([act, label]) => (
            <>
              <a href={`/desk/acts/${act}?id=${own.id}`}>{label}</a>{' '}
            </>
          ))}
        </span>
      )
    },
  },
]

interface ListProps<R> extends Asker {
  title: string
  columns: readonly ShownColumn<R>[]
  rows: readonly R[]
  query: ListQuery
  /** Making another. */
  offer: Offer
  done: string | undefined
  typed: Form
}

/** All accounts, keys or authorities, and making another. */
export function AccountsPage<R>(props: ListProps<R>) {
  const { officer, token, title, columns, rows, query, offer, done, typed } = props
  return (
    <DeskLayout title={title} officer={officer} token={token} done={done}>
      <h1>{title}</h1>
      <List columns={columns} rows={rows} query={query} none={`还没有${title}。`} />
      <OfferedAct {...offer} typed={typed} />
    </DeskLayout>
  )
}

interface OneProps extends Asker {
  one: Officer
  /** Other accounts of the same person. */
  others: readonly Officer[]
  offers: readonly Offer[]
  done: string | undefined
  typed: Form
}

/** One account: its duties, its password, its end. */
export function OfficerPage({ officer, token, one, others, offers, done, typed }: OneProps) {
  const waiting = waitingIn(one)
  return (
    <DeskLayout title={`账号 ${one.login}`} officer={officer} token={token} done={done}>
      <h1>账号 {one.login}</h1>
      <p>
        {one.name}，{one.authority}，{dutiesInWords(one.roles)}，{placeInWords(one.region)}
      </p>
      {one.person === undefined && one.disabledAt === undefined && (
        <p class="notice">
          没有登记工号：无法核对是否由两人办理，不能提请、确认须两人办理的事项，也不能新给作决定的岗位。
        </p>
      )}
      {waiting && (
        <p class="notice">
          {waiting.why}，由 {waiting.author.authority} {waiting.author.officer} 提请；
          <a href={`/desk/proposals/${waiting.id}`}>查看或者确认</a>
        </p>
      )}
      {others.length > 0 && (
        <p class="notice">
          所登记的工号也是账号 {others.map(({ login, name }) => `${login}（${name}）`).join('、')}{' '}
          的：按同一个人对待，其中一个办理的，另一个不能复核；不是同一人的请更正工号。
        </p>
      )}
      {one.disabledAt !== undefined && <p class="notice">已停用。办过的事仍记在其名下。</p>}
      {offers.map((offer) => (
        <OfferedAct {...offer} typed={typed} />
      ))}
    </DeskLayout>
  )
}
