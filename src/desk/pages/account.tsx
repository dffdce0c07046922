import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import type { Officer } from '../../authority/officers.ts'
import type { Session } from '../../authority/sessions.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { CodeField } from '../components/code-field.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'

interface Props {
  officer: Officer
  token: string
  sessions: readonly Session[]
  /** Name of the session that this page is shown in. */
  own: string
  /** Whether nothing else can be done before one-time codes are set up. */
  needsFactor: boolean
  fault?: string
}

export function AccountPage({ officer, token, sessions, own, needsFactor, fault }: Props) {
  return (
    <DeskLayout title="我的账号" officer={officer} token={token}>
      <div class="text">
        <h1>我的账号</h1>
        {needsFactor && <p class="notice">作决定的账号须先登记动态码，然后才能办理业务。</p>}
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
            hint="至少 8 个字符，不限文字，可以用几个词连成一句；不要含账号和姓名。"
          />
          <Password name="again" label="再输一次新密码" autocomplete="new-password" />
          <button type="submit">更改密码</button>
        </form>
        <h2>动态码</h2>
        <p>
          {officer.factor === undefined
            ? '登记后，用密码登录时还须填写手机应用（TOTP）中的六位动态码。作决定的账号应当登记。'
            : '已登记。换手机的，可以重新登记，原来的随即作废；手机丢失的，请管理员重设首次密码。'}
        </p>
        <form method="post" action="/desk/account/factor">
          <input type="hidden" name="token" value={token} />
          <button type="submit" class="quiet">
            {officer.factor === undefined ? '登记动态码' : '重新登记动态码'}
          </button>
        </form>
        <h2>会话</h2>
        <ul>
          {sessions.map(({ name, begunAt, seenAt, from, agent }) => (
            <li key={name}>
              {shanghaiTime(new Date(begunAt))} 自 {from} 登录，最近使用 {shanghaiTime(new Date(seenAt))}
              {agent !== '' && `，${agent}`}
              {name === own ? (
                '（本次会话）'
              ) : (
                <form method="post" action="/desk/account/sessions">
                  <input type="hidden" name="token" value={token} />
                  <input type="hidden" name="session" value={name} />
                  <button type="submit" class="quiet">
                    结束这一会话
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
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

interface FactorProps {
  officer: Officer
  token: string
  sealed: string
  secret: string
  /** What an app scans. */
  address: string
}

/** Setting up one-time codes: nothing is kept until a code is shown. */
export function FactorPage({ officer, token, sealed, secret, address }: FactorProps) {
  const code = generate(address)
  return (
    <DeskLayout title="登记动态码" officer={officer} token={token}>
      <div class="text">
        <h1>登记动态码</h1>
        <ol>
          <li>
            用手机上的动态码应用扫描，或者手工填入密钥 <code>{secret}</code>。
            <p>
              <svg
                class="qr"
                role="img"
                aria-label="动态码的二维码"
                width="180"
                height="180"
                viewBox={`-2 -2 ${code.size + 4} ${code.size + 4}`}
              >
                <rect x="-2" y="-2" width={code.size + 4} height={code.size + 4} fill="#fff" />
                <path d={toSvgPath(code)} fill="#000" />
              </svg>
            </p>
          </li>
          <li>填写应用中显示的六位动态码和现在的密码；填对之前什么都没有改变。</li>
        </ol>
        <form method="post" action="/desk/account/factor/confirmation">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="sealed" value={sealed} />
          <CodeField label="动态码" required />
          {officer.factor !== undefined && (
            <div class="field">
              <label for="present">原来应用中的动态码</label>
              <input id="present" name="present" type="text" inputmode="numeric" maxLength={20} required />
            </div>
          )}
          <Password name="current" label="现在的密码" autocomplete="current-password" />
          <button type="submit">登记</button>
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
