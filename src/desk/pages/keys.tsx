import { type ApiKey, scopes } from '../../authority/keys.ts'
import type { Officer } from '../../authority/officers.ts'
import { RIGHT_WORDS } from '../../authority/rights.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { placeName } from '../../ui/values.tsx'
import { ActForm } from '../components/act-form.tsx'
import { DeskLayout, FormMarks } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Refused } from '../contract.ts'
import type { ListQuery } from '../lists.ts'
import { regionField } from './officers.tsx'

/** Columns of the keys; those that stand can be revoked. */
export function keyColumns(token: string): ShownColumn<ApiKey>[] {
  return [
    { field: 'id', label: '编号', value: ({ id }) => id },
    { field: 'name', label: '使用者', value: ({ name }) => name },
    { field: 'authority', label: '机关', value: ({ authority }) => authority },
    { field: 'scopes', label: '权限', value: ({ scopes: held }) => held.join('、') },
    {
      field: 'region',
      label: '范围',
      value: ({ region }) => (region === undefined ? '不限' : placeName(region)),
    },
    { field: 'createdAt', label: '新建时间', value: ({ createdAt }) => shanghaiTime(new Date(createdAt)) },
    {
      field: 'state',
      label: '状态',
      value: ({ revokedAt, waiting }) =>
        revokedAt !== undefined ? '已停用' : waiting ? '权限待确认' : '使用中',
      show: ({ id, name, revokedAt, waiting }) =>
        revokedAt !== undefined ? (
          '已停用'
        ) : waiting ? (
          <details>
            <summary>待确认：{waiting.given.join('、')}</summary>
            {(['confirm', 'refuse'] as const).map((way) => (
              <form method="post" action={`/desk/keys/${id}/${way}`}>
                <FormMarks token={token} />
                <button type="submit" class="quiet">
                  {way === 'confirm' ? `确认给予“${name}”` : '退回'}
                </button>
              </form>
            ))}
          </details>
        ) : (
          <details>
            <summary>停用</summary>
            <form method="post" action={`/desk/keys/${id}/revocation`}>
              <FormMarks token={token} />
              <button type="submit" class="quiet">
                停用“{name}”的密钥，不能恢复
              </button>
            </form>
          </details>
        ),
    },
  ]
}

interface Props {
  officer: Officer
  token: string
  all: readonly ApiKey[]
  query: ListQuery
  refused?: Refused
  /** The text of a new key, shown this once. */
  created?: string
}

/** API keys of other systems. */
export function KeysPage({ officer, token, all, query, refused, created }: Props) {
  return (
    <DeskLayout title="接口密钥" officer={officer} token={token}>
      <h1>接口密钥</h1>
      {created !== undefined && (
        <p class="notice" role="status">
          新密钥：<code>{created}</code>。只显示这一次，请立即交给使用者保存。
        </p>
      )}
      <List columns={keyColumns(token)} rows={all} query={query} none="还没有密钥。" />
      <h2>新建密钥</h2>
      <ActForm
        id="key"
        action="/desk/keys"
        token={token}
        fields={[
          { name: 'name', label: '使用者', type: 'text', longest: 100, hint: '系统的名称' },
          { name: 'authority', label: '机关', type: 'text', longest: 100, value: officer.authority },
          regionField(undefined),
          {
            name: 'actsFor',
            label: '以谁的名义',
            type: 'text',
            optional: true,
            longest: 40,
            hint: '工作人员的账号；不填为机器所用，不能作为第二个人',
          },
          {
            name: 'scopes',
            label: '权限',
            type: 'many',
            choices: scopes.map((scope) => ({ value: scope, label: `${RIGHT_WORDS[scope]}（${scope}）` })),
            hint: '只给办事所需的权限；作决定的权限须第二名管理员确认',
          },
        ]}
        button="新建密钥"
        refused={refused}
      />
    </DeskLayout>
  )
}
