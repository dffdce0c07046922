import type { Officer } from '../../authority/officers.ts'
import { duties, type Role, roles } from '../../authority/roles.ts'
import { region as regionOf, regionsWithin } from '../../codes/regions.ts'
import { placeName } from '../../ui/values.tsx'
import { type ActField, ActForm } from '../components/act-form.tsx'
import { DeskLayout, FormMarks } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Refused } from '../contract.ts'
import type { ListQuery } from '../lists.ts'

function dutiesInWords(held: readonly Role[]): string {
  return held.map((role) => duties[role].label).join('、')
}

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
  { field: 'roles', label: '岗位', value: ({ roles: held }) => dutiesInWords(held) },
  {
    field: 'region',
    label: '范围',
    value: ({ region }) => (region === undefined ? '不限' : placeName(region)),
  },
  {
    field: 'state',
    label: '状态',
    value: ({ disabledAt, mustChange, waiting }) =>
      disabledAt !== undefined ? '已停用' : waiting ? '岗位待确认' : mustChange ? '待改首次密码' : '使用中',
  },
]

interface ListProps extends Asker {
  all: readonly Officer[]
  query: ListQuery
  refused?: Refused
  /** A first password, shown this once. */
  first?: { login: string; password: string }
}

/** Officers' accounts, and a new one. */
export function OfficersPage({ officer, token, all, query, refused, first }: ListProps) {
  return (
    <DeskLayout title="账号" officer={officer} token={token}>
      <h1>账号</h1>
      {first && <FirstPassword {...first} />}
      <List columns={OFFICER_COLUMNS} rows={all} query={query} none="还没有账号。" />
      <h2>新建账号</h2>
      <ActForm
        id="account"
        action="/desk/officers"
        token={token}
        fields={[
          {
            name: 'login',
            label: '账号',
            type: 'text',
            longest: 40,
            hint: '3-40 个小写字母、数字、点或连字符；用单位登录的，与单位目录中的账号相同',
          },
          ...accountFields({ authority: officer.authority }),
        ]}
        effect="首次密码只显示一次，由本人登录后更改。"
        button="新建账号"
        refused={refused}
      />
    </DeskLayout>
  )
}

function FirstPassword({ login, password }: { login: string; password: string }) {
  return (
    <p class="notice" role="status">
      账号 {login} 的首次密码：<code>{password}</code>
      。只显示这一次，请当面或以可靠的方式交给本人；本人登录后须更改。
    </p>
  )
}

function accountFields(given: Partial<Pick<Officer, 'name' | 'authority' | 'region' | 'roles'>>): ActField[] {
  return [
    { name: 'name', label: '姓名', type: 'text', longest: 100, value: given.name },
    {
      name: 'staffNo',
      label: '工号',
      type: 'text',
      optional: true,
      longest: 60,
      hint: '用来核对两步是否由两人办理，只存不可还原的摘要；作决定的岗位必填，不填则保持原样',
    },
    { name: 'authority', label: '机关', type: 'text', longest: 100, value: given.authority },
    regionField(given.region),
    {
      name: 'roles',
      label: '岗位',
      type: 'many',
      value: (given.roles ?? []).join('\n'),
      choices: roles.map((role) => ({ value: role, label: duties[role].label })),
      hint: '可兼任，但任何人都不能审批自己经办的事；“管理”不兼作决定的岗位；作决定的岗位须第二名管理员确认',
    },
  ]
}

/** Where an account or a key acts: a city or county by name or code. */
export function regionField(code: string | undefined): ActField {
  const cities = regionsWithin('130000')
  return {
    name: 'region',
    label: '范围',
    type: 'text',
    optional: true,
    longest: 60,
    value: code === undefined ? '' : (regionOf(code)?.path ?? code),
    hint: '市或县的名称或 6 位代码，含下级；不填为不限',
    suggestions: [...cities, ...cities.flatMap(({ code: city }) => regionsWithin(city))].map(
      ({ path }) => path,
    ),
  }
}

function WaitingDuties({ one: { login, waiting }, token }: { one: Officer; token: string }) {
  if (!waiting) return null
  const words = roles.filter((role) => waiting.given.includes(role)).map((role) => duties[role].label)
  return (
    <section>
      <h2>待第二名管理员确认</h2>
      <p>
        {waiting.author.authority} {waiting.author.officer} 提请给予“{words.join('、')}”岗位，确认之前不生效。
      </p>
      <ActForm
        id="confirm"
        action={`/desk/officers/${login}/confirm`}
        token={token}
        effect="确认后随即生效，该账号须重新登录。"
        button="确认给予"
      />
      <details>
        <summary>退回</summary>
        <ActForm
          id="refuse"
          action={`/desk/officers/${login}/refuse`}
          token={token}
          fields={[{ name: 'reason', label: '理由', type: 'long', longest: 500 }]}
          button="退回"
          quiet
        />
      </details>
    </section>
  )
}

interface OneProps extends Asker {
  one: Officer
  refused?: Refused
  done?: string | undefined
  first?: { login: string; password: string }
}

/** One account: its duties, its password, its end. */
export function OfficerPage({ officer, token, one, refused, done, first }: OneProps) {
  const own = `/desk/officers/${one.login}`
  return (
    <DeskLayout title={`账号 ${one.login}`} officer={officer} token={token} done={done}>
      <h1>账号 {one.login}</h1>
      <p>
        {one.name}，{one.authority}，{dutiesInWords(one.roles)}，
        {one.region === undefined ? '不限区划' : placeName(one.region)}
      </p>
      {first && <FirstPassword {...first} />}
      {one.person === undefined && one.disabledAt === undefined && (
        <p class="notice">没有登记工号：只能按账号区分是否为同一人，不能新给作决定的岗位。</p>
      )}
      {one.waiting && <WaitingDuties one={one} token={token} />}
      {one.disabledAt !== undefined ? (
        <p class="notice">已停用。办过的事仍记在其名下。</p>
      ) : (
        <>
          <h2>调整</h2>
          <ActForm
            id="change"
            action={`${own}/change`}
            token={token}
            fields={accountFields(one)}
            effect="随即生效，该账号的全部会话结束，须重新登录。"
            button="保存调整"
            refused={refused}
          />
          <h2>密码</h2>
          <form method="post" action={`${own}/reset`}>
            <FormMarks token={token} />
            <button type="submit" class="quiet">
              重设首次密码，结束其全部会话
            </button>
          </form>
          <details>
            <summary>停用</summary>
            <form method="post" action={`${own}/disabling`}>
              <FormMarks token={token} />
              <button type="submit" class="quiet">
                停用 {one.login}，不能恢复
              </button>
            </form>
          </details>
        </>
      )}
    </DeskLayout>
  )
}
