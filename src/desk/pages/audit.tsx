import type { Access, AccessAct } from '../../authority/access-log.ts'
import type { Officer } from '../../authority/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { EntryHead } from '../../register/register.ts'
import type { PersonWords } from '../../registry/person-words.ts'
import { type Filter, Filters } from '../../ui/filters.tsx'
import { useFrame } from '../../ui/frame.tsx'
import { Table } from '../../ui/table.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { Downloads, onPage, type ShownColumn } from '../components/list.tsx'
import { addressWith } from '../lists.ts'

export const ACCESS_WORDS: Readonly<Record<AccessAct, string>> = {
  read: '查阅',
  told: '得知首次密码或密钥',
  refused: '被拒',
  'signing-in': '密码正确，待出示通行密钥',
  'signed-in': '登录',
  'sign-in-failed': '登录失败',
  'signed-out': '退出',
}

/** An entry in words: what was done, to what, by whom. */
export interface EntryRow extends EntryHead {
  what: string
  about: string
  /** Where what it is about is shown. */
  to: string | undefined
  who: string
}

export const ENTRY_COLUMNS: readonly ShownColumn<EntryRow>[] = [
  { field: 'seq', label: '登记序号', value: ({ seq }) => seq },
  { field: 'recordedAt', label: '时间', value: ({ recordedAt }) => shanghaiTime(new Date(recordedAt)) },
  { field: 'kind', label: '办理', value: ({ what }) => what },
  {
    field: 'about',
    label: '对象',
    value: ({ about }) => about,
    show: ({ about, to }) => (to === undefined ? about : <a href={to}>{about}</a>),
  },
  { field: 'officer', label: '经办人', value: ({ who }) => who },
  { field: 'authority', label: '机关', value: ({ author }) => author.authority },
  { field: 'subject', label: '对象的编号', value: ({ subject }) => subject, fileOnly: true },
  { field: 'command', label: '请求', value: ({ command }) => command, fileOnly: true },
  { field: 'kindName', label: '条目类型', value: ({ kind }) => kind, fileOnly: true },
]

/** Who looked at what, people and keys in words. */
export const accessColumns = (person: PersonWords): readonly ShownColumn<Access>[] => [
  { field: 'at', label: '时间', value: ({ at }) => shanghaiTime(new Date(at)) },
  { field: 'act', label: '行为', value: ({ act }) => ACCESS_WORDS[act] },
  {
    field: 'officer',
    label: '工作人员',
    value: ({ officer, by }) => (officer === '' ? by : person(officer, by)),
  },
  { field: 'authority', label: '机关', value: ({ authority }) => authority },
  { field: 'by', label: '账号或密钥', value: ({ by }) => by },
  { field: 'about', label: '档案或案件', value: ({ about }) => about },
  { field: 'detail', label: '详情', value: ({ detail }) => detail },
]

interface Props<R> {
  officer: Officer
  here: 'entries' | 'accesses'
  filters: readonly Filter[]
  columns: readonly ShownColumn<R>[]
  rows: readonly R[]
  /** What the next page begins before; null at the end. */
  next: number | null
}

/** Who did what, or looked at what: searched, read on and taken away. */
export function AuditPage<R>({ here, filters, columns, rows, next }: Props<R>) {
  const { path } = useFrame()
  const own = here === 'entries' ? '/desk/audit' : '/desk/audit/accesses'
  return (
    <DeskLayout title="监察" heading={here === 'entries' ? '办理记录' : '查阅记录'}>
      <nav class="sections" aria-label="监察">
        <a href="/desk/audit" {...(here === 'entries' && { 'aria-current': 'page' })}>
          办理记录
        </a>
        <a href="/desk/audit/accesses" {...(here === 'accesses' && { 'aria-current': 'page' })}>
          查阅、登录和被拒的操作
        </a>
      </nav>
      <p class="text">
        {here === 'entries'
          ? '登记簿中的全部条目，最近的在前；条目只增不改，也不能绕过。'
          : '机关工作人员和持密钥者看过的内部内容、登录，以及被拒的操作；最近的在前。'}
      </p>
      <Filters action={own} filters={filters} />
      {rows.length === 0 ? (
        <p class="none">没有符合条件的记录。</p>
      ) : (
        <Table rows={rows} columns={onPage(columns)} />
      )}
      <p class="about">
        {next !== null && (
          <a rel="next" href={addressWith(path, { before: String(next) })}>
            更早的
          </a>
        )}
        <Downloads path={addressWith(path, { before: '' })} />
      </p>
    </DeskLayout>
  )
}
