import type { Offered } from '../../acts/offered.ts'
import { placeInWords } from '../../authority/authorities.ts'
import { type Authority, LEVEL_WORDS } from '../../authority/authority.ts'
import { type ApiKey, keySubject } from '../../authority/keys.ts'
import { type Officer, officerSubject } from '../../authority/officers.ts'
import { type Proposal, waitingIn } from '../../authority/proposal.ts'
import { RIGHT_WORDS } from '../../authority/rights.ts'
import { duties, type Role } from '../../authority/roles.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { boundInWords } from '../components/bound.ts'
import { DeskLayout } from '../components/desk-layout.tsx'
import { actsColumn, WhoElseMay } from '../components/entrances.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Form } from '../contract.ts'
import type { ListQuery } from '../lists.ts'

function dutiesInWords(held: readonly Role[]): string {
  return held.map((role) => duties[role].label).join('、')
}

const boundsInWords = ({ region }: { region?: string | undefined }) => placeInWords(region)

/** What the columns of accounts, keys and authorities are told in words by. */
export interface InWords {
  /** What an act is called. */
  act(name: string): string
  /** What an authority is called now. */
  authority(id: string): string
  /** What the authority is called now that an account or a key names. */
  calledToday(account: string, own: { authority: string }): string
  /** Whether whoever looks sees what was put forward. */
  sees(proposal: string): boolean
  /** Whose an account is. */
  officer(login: string): string
}

export function officerColumns(words: InWords): readonly ShownColumn<Officer>[] {
  return [
    {
      field: 'login',
      label: '账号',
      value: ({ login }) => login,
      show: ({ login }) => <a href={`/desk/officers/${login}`}>{login}</a>,
    },
    { field: 'name', label: '姓名', value: ({ name }) => name },
    { field: 'person', label: '工号', value: ({ person }) => (person === undefined ? '未登记' : '已登记') },
    {
      field: 'authority',
      label: '机关',
      value: (own) => words.calledToday(officerSubject(own.login), own),
    },
    { field: 'roles', label: '岗位', value: ({ roles }) => dutiesInWords(roles) },
    { field: 'region', label: '范围', value: boundsInWords },
    stateColumn(words, (own) =>
      own.disabledAt !== undefined ? '已停用' : own.mustChange ? '待改首次密码' : '使用中',
    ),
  ]
}

export function keyColumns(words: InWords): readonly ShownColumn<ApiKey>[] {
  return [
    { field: 'id', label: '编号', value: ({ id }) => id },
    { field: 'name', label: '使用者', value: ({ name }) => name },
    {
      field: 'actsFor',
      label: '以谁的名义',
      value: ({ actsFor }) => (actsFor === undefined ? '机器所用' : words.officer(actsFor)),
    },
    { field: 'authority', label: '机关', value: (own) => words.calledToday(keySubject(own.id), own) },
    {
      field: 'scopes',
      label: '权限',
      value: ({ scopes }) => scopes.map((scope) => RIGHT_WORDS[scope]).join('；'),
    },
    { field: 'scopeNames', label: '权限的名称', value: ({ scopes }) => scopes.join('、'), fileOnly: true },
    { field: 'region', label: '范围', value: boundsInWords },
    { field: 'createdAt', label: '新建时间', value: ({ createdAt }) => shanghaiTime(new Date(createdAt)) },
    stateColumn(words, ({ revokedAt }) => (revokedAt === undefined ? '使用中' : '已停用')),
  ]
}

export function authorityColumns(words: InWords): readonly ShownColumn<Authority>[] {
  return [
    { field: 'name', label: '机关', value: ({ name }) => name },
    { field: 'level', label: '层级', value: ({ level }) => LEVEL_WORDS[level] },
    { field: 'region', label: '范围', value: ({ region }) => placeInWords(region) },
    { field: 'formerNames', label: '曾用名', value: ({ formerNames }) => formerNames.join('、') },
    stateColumn(words, ({ successor }) =>
      successor === undefined ? '' : `已并入${words.authority(successor)}`,
    ),
  ]
}

/** How it stands, and what of it waits for a second administrator. */
function stateColumn<R extends { proposals?: readonly Proposal[] }>(
  words: InWords,
  stateOf: (own: R) => string,
): ShownColumn<R> {
  const waitingWords = ({ act }: Proposal) => `${words.act(act)}待确认`
  const seen = (own: R) => [waitingIn(own)].find((waiting) => waiting && words.sees(waiting.id))
  return {
    field: 'state',
    label: '状态',
    value(own) {
      const waiting = seen(own)
      return [stateOf(own), ...(waiting ? [waitingWords(waiting)] : [])].filter(Boolean).join('，')
    },
    show(own) {
      const waiting = seen(own)
      return (
        <>
          {stateOf(own)} {waiting && <a href={`/desk/proposals/${waiting.id}`}>{waitingWords(waiting)}</a>}
        </>
      )
    },
  }
}

interface ListProps<R> extends Asker {
  title: string
  columns: readonly ShownColumn<R>[]
  rows: readonly R[]
  query: ListQuery
  /** What may be done to one of them, where that has no page of its own. */
  offeredOn: ((row: R) => readonly Offered[]) | undefined
  /** Making another. */
  offers: readonly Offer[]
  done: string | undefined
  typed: Form
}

/** All accounts, keys or authorities, and making another. */
export function AccountsPage<R extends { id: string } | { login: string }>(props: ListProps<R>) {
  const { title, columns, rows, query, offeredOn, offers, done, typed } = props
  return (
    <DeskLayout title={title} done={done}>
      {offeredOn && <WhoElseMay offered={rows.flatMap(offeredOn)} />}
      <List
        columns={offeredOn ? [...columns, actsColumn(offeredOn)] : columns}
        rows={rows}
        place={(row) => ['login' in row ? row.login : row.id]}
        query={query}
        none={`还没有${title}。`}
      />
      <OfferedActs offers={offers} typed={typed} />
    </DeskLayout>
  )
}

interface OneProps extends Asker {
  one: Officer
  /** What its authority is called now. */
  authority: string
  /** Other accounts of the same person. */
  others: readonly Officer[]
  offers: readonly Offer[]
  done: string | undefined
  typed: Form
}

/** One account: its duties, its password, its end. */
export function OfficerPage({ maker, one, authority, others, offers, done, typed }: OneProps) {
  const waiting = waitingIn(one)
  return (
    <DeskLayout title={`账号 ${one.login}`} done={done}>
      <p>
        {one.name}，{authority}，{dutiesInWords(one.roles)}，{placeInWords(one.region)}
      </p>
      {one.person === undefined && one.disabledAt === undefined && (
        <p class="notice">
          没有登记工号：无法核对是否由两人办理，不能提请、确认须两人办理的事项，也不能新给作决定的岗位。
        </p>
      )}
      <p>单位目录：{boundInWords(one)}</p>
      {waiting && (
        <p class="notice">
          {waiting.why}，由 {maker(waiting.author)} 提请；
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
      <OfferedActs offers={offers} typed={typed} />
    </DeskLayout>
  )
}
