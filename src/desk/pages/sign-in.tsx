import { CodeField } from '../components/code-field.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { PasskeyField } from '../components/passkey-field.tsx'

interface Props {
  /** Where to go afterwards. */
  next: string
  /** Whether one may sign in through one's bureau's directory. */
  hasDirectory: boolean
  login?: string
  /** What whoever came from the directory shows the account's password for, so that it is bound to them. */
  claim?: string
  fault?: string
}

export function SignInPage({ next, hasDirectory, login = '', claim, fault }: Props) {
  const title = claim === undefined ? '登录' : '对应单位账号'
  return (
    <DeskLayout title={title}>
      <div class="text">
        {claim !== undefined && (
          <p>
            您以单位账号“{login}
            ”登录，本系统同名的账号已有自己的密码，或者密码重设过、对应解除过。请出示它的密码，登记了动态码、通行密钥的一并出示；
            此后该账号与您在单位目录中的身份对应，可以直接用单位账号登录。不是您的账号，请离开本页并与管理员联系。
          </p>
        )}
        {fault !== undefined && (
          <p class="fault" role="alert" id="fault">
            {fault}
          </p>
        )}
        {hasDirectory && (
          <p>
            <a class="next" href={`/desk/directory${next === '' ? '' : `?next=${encodeURIComponent(next)}`}`}>
              用单位账号登录
            </a>
          </p>
        )}
        <form method="post" action="/desk/sign-in">
          <input type="hidden" name="next" value={next} />
          {claim !== undefined && <input type="hidden" name="claim" value={claim} />}
          <div class="field">
            <label for="login">账号</label>
            <input
              id="login"
              name="login"
              type="text"
              autocomplete="username"
              value={login}
              readonly={claim !== undefined}
              maxLength={60}
              required
              {...(fault !== undefined && { 'aria-describedby': 'fault' })}
            />
          </div>
          <div class="field">
            <label for="password">密码</label>
            <input
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              maxLength={400}
              required
            />
          </div>
          <CodeField label="动态码（登记了的填写）" />
          <button type="submit">{claim === undefined ? '登录' : '对应并登录'}</button>
        </form>
        <p class="hint">账号由本机关的系统管理员建立；忘记密码的，请管理员重设。</p>
      </div>
    </DeskLayout>
  )
}

/** The second step of an account with passkeys: one of them is shown. */
export function ShowPasskeyPage({
  next,
  claim,
  options,
  hasCodes,
}: {
  next: string
  /** The claim that goes on with it; empty where there is none. */
  claim: string
  options: object
  hasCodes: boolean
}) {
  return (
    <DeskLayout title="登录" heading="出示通行密钥" hasPasskeys>
      <div class="text">
        <p>密码正确。请在五分钟内出示此账号的通行密钥：插入或靠近密钥，或者在本机、手机上确认。</p>
        <form method="post" action="/desk/sign-in/passkey">
          <input type="hidden" name="next" value={next} />
          <input type="hidden" name="claim" value={claim} />
          <PasskeyField name="answer" does="show" options={options} />
          <button type="submit">出示通行密钥</button>
        </form>
        <p class="hint">
          {hasCodes && '也可以返回，将动态码与密码一并填写。'}
          通行密钥都已丢失的，请管理员重设首次密码。
        </p>
        <p>
          <a href="/desk/sign-in">返回登录</a>
        </p>
      </div>
    </DeskLayout>
  )
}

/** The last step of signing in elsewhere: on to where one wanted to go. */
export function ComeInPage({ to }: { to: string }) {
  return (
    <DeskLayout title="登录" goOnTo={to} heading="已登录">
      <p>
        <a class="next" href={to}>
          进入工作台
        </a>
      </p>
    </DeskLayout>
  )
}
