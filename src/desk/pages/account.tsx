import type { Officer } from '../../authority/officers.ts'
import { DeskLayout } from '../components/desk-layout.tsx'

interface Props {
  officer: Officer
  token: string
  fault?: string
}

export function AccountPage({ officer, token, fault }: Props) {
  return (
    <DeskLayout title="我的账号" officer={officer} token={token}>
      <div class="text">
        <h1>我的账号</h1>
        {officer.mustChange && <p class="notice">现在的密码是别人设的，请先更改，然后才能办理业务。</p>}
        {fault !== undefined && (
          <p class="fault" role="alert" id="fault">
            {fault}
          </p>
        )}
        <form method="post" action="/desk/account/password">
          <input type="hidden" name="token" value={token} />
          <Password name="current" label="现在的密码" autocomplete="current-password" />
          <Password
            name="password"
            label="新密码"
            autocomplete="new-password"
            hint="至少 12 个字符，可以用几个词连成一句；不要含账号和姓名。"
          />
          <Password name="again" label="再输一次新密码" autocomplete="new-password" />
          <button type="submit">更改密码</button>
        </form>
        <h2>会话</h2>
        <p>更改密码即结束其他各处的会话。也可以只结束会话：</p>
        <form method="post" action="/desk/account/sign-out-everywhere">
          <input type="hidden" name="token" value={token} />
          <button type="submit" class="quiet">
            在所有地方退出
          </button>
        </form>
      </div>
    </DeskLayout>
  )
}

interface PasswordProps {
  name: string
  label: string
  autocomplete: 'current-password' | 'new-password'
  hint?: string
}

function Password({ name, label, autocomplete, hint }: PasswordProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type="password"
        autocomplete={autocomplete}
        maxLength={400}
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
