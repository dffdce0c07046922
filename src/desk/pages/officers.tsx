import { placeName } from '../../../public-site/components/values.tsx'
import type { Officer } from '../../access/officers.ts'
import { duties, roles } from '../../access/roles.ts'
import { regionsWithin } from '../../codes/regions.ts'
import { DeskLayout } from '../components/desk-layout.tsx'
import type { Form } from '../desk.tsx'

interface Props {
  officer: Officer
  token: string
  all: readonly Officer[]
  /** What was typed of a new account, and what is wrong with it. */
  form: Form
  fault?: string
  /** A first password, shown this once. */
  first?: { login: string; password: string }
}

/** Officers' accounts. */
export function OfficersPage({ officer, token, all, form, fault, first }: Props) {
  return (
    <DeskLayout title="账号" officer={officer} token={token}>
      <h1>账号</h1>
      {first && (
        <p class="notice" role="status">
          账号 {first.login} 的首次密码：<code>{first.password}</code>
          。只显示这一次，请当面或以可靠的方式交给本人；本人登录后须更改。
        </p>
      )}
      <table data-sortable>
        <thead>
          <tr>
            <th scope="col">账号</th>
            <th scope="col">姓名</th>
            <th scope="col">机关</th>
            <th scope="col">岗位</th>
            <th scope="col">范围</th>
            <th scope="col">状态</th>
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr>
              <td data-label="账号">{one.login}</td>
              <td data-label="姓名">{one.name}</td>
              <td data-label="机关">{one.authority}</td>
              <td data-label="岗位">{one.roles.map((role) => duties[role].label).join('、')}</td>
              <td data-label="范围">{one.region === undefined ? '不限' : placeName(one.region)}</td>
              <td data-label="状态">
                {one.disabledAt === undefined ? <Acts login={one.login} token={token} /> : '已停用'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>新建账号</h2>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <form method="post" action="/desk/officers" class="text">
        <input type="hidden" name="token" value={token} />
        <Text name="login" label="账号" value={form.login} hint="3-40 个小写字母、数字、点或连字符" />
        <Text name="name" label="姓名" value={form.name} />
        <Text name="authority" label="机关" value={form.authority ?? officer.authority} />
        <div class="field">
          <label for="region">范围</label>
          <select id="region" name="region">
            <option value="">不限</option>
            {regionsWithin('130000').map(({ code, name }) => (
              <option value={code} selected={code === form.region}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="roles">岗位</label>
          <select id="roles" name="roles" multiple size={roles.length}>
            {roles.map((role) => (
              <option value={role} selected={(form.roles ?? '').split('\n').includes(role)}>
                {duties[role].label}
              </option>
            ))}
          </select>
        </div>
        <button type="submit">新建账号</button>
      </form>
    </DeskLayout>
  )
}

function Acts({ login, token }: { login: string; token: string }) {
  return (
    <div class="buttons">
      <form method="post" action={`/desk/officers/${login}/reset`}>
        <input type="hidden" name="token" value={token} />
        <button type="submit" class="quiet" aria-label={`重设密码：${login}，并结束其全部会话`}>
          重设密码
        </button>
      </form>
      <form method="post" action={`/desk/officers/${login}/disabling`}>
        <input type="hidden" name="token" value={token} />
        <details>
          <summary>停用</summary>
          <button type="submit" class="quiet">
            停用 {login}，不能恢复
          </button>
        </details>
      </form>
    </div>
  )
}

interface TextProps {
  name: string
  label: string
  value: string | undefined
  hint?: string
}

function Text({ name, label, value = '', hint }: TextProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type="text"
        value={value}
        maxLength={100}
        autocomplete="off"
        required
        {...(hint !== undefined && { 'aria-describedby': `${name}-hint` })}
      />
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
