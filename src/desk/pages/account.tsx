import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import { hasSecondFactor, type Officer } from '../../authority/officers.ts'
import { MOST_PASSKEYS, type Passkey } from '../../authority/passkeys.ts'
import type { Session } from '../../authority/sessions.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { boundInWords } from '../components/bound.ts'
import { CodeField } from '../components/code-field.tsx'
import { DeskLayout, PostForm } from '../components/desk-layout.tsx'
import { PasskeyField } from '../components/passkey-field.tsx'

interface Props {
  officer: Officer
  sessions: readonly Session[]
  /** Name of the session that this page is shown in. */
  own: string
  /** Whether nothing else can be done before a second factor is set up. */
  needsFactor: boolean
  /** Whether the site's address is one that browsers bind passkeys to. */
  takesPasskeys: boolean
  fault?: string
}

export function AccountPage({ officer, sessions, own, needsFactor, takesPasskeys, fault }: Props) {
  const { passkeys = [] } = officer
  return (
    <DeskLayout title="我的账号">
      <div class="text">
        {needsFactor && <p class="notice">作决定的账号须先登记通行密钥或动态码，然后才能办理业务。</p>}
        {officer.mustChange && <p class="notice">现在的密码是别人设的，请先更改，然后才能办理业务。</p>}
        {fault !== undefined && (
          <p class="fault" role="alert" id="fault">
            {fault}
          </p>
        )}
        <PostForm to="/desk/account/password" button="更改密码">
          <Password name="current" label="现在的密码" autocomplete="current-password" />
          <Password
            name="password"
            label="新密码"
            autocomplete="new-password"
            hint="至少 8 个字符，不限文字，可以用几个词连成一句；不要含账号和姓名。"
          />
          <Password name="again" label="再输一次新密码" autocomplete="new-password" />
        </PostForm>
        <h2>动态码</h2>
        <p>
          {officer.factor === undefined
            ? '登记后，用密码登录时还须填写手机应用（TOTP）中的六位动态码。作决定的账号应当登记。'
            : '已登记。换手机的，可以重新登记，原来的随即作废；手机丢失、又没有通行密钥的，请管理员重设首次密码。'}
        </p>
        <PostForm
          to="/desk/account/factor"
          button={officer.factor === undefined ? '登记动态码' : '重新登记动态码'}
          quiet
        />
        <h2>通行密钥</h2>
        <p>
          登记后，用密码登录时再出示一把：安全密钥、手机，或本机的指纹、PIN。它只对本网站有效，冒充的网站骗不走。
          最好登记两把，一把备用；都丢失的，请管理员重设首次密码。
        </p>
        {passkeys.length > 0 && (
          <ul>
            {passkeys.map(({ id, name }) => (
              <li key={id}>
                {name}
                <PostForm
                  to="/desk/account/passkeys/removal"
                  button="取消"
                  called={`取消通行密钥“${name}”`}
                  quiet
                >
                  <input type="hidden" name="passkey" value={id} />
                </PostForm>
              </li>
            ))}
          </ul>
        )}
        {!takesPasskeys && <p class="hint">本网站须经 HTTPS 以域名访问，才能登记和出示通行密钥。</p>}
        {takesPasskeys && passkeys.length < MOST_PASSKEYS && (
          <PostForm to="/desk/account/passkeys" button="登记通行密钥" quiet />
        )}
        <h2>单位目录</h2>
        <p>
          {boundInWords(officer)}
          {officer.boundBy && '不是您本人的，请立即更改密码，并请管理员“解除单位目录的对应”。'}
        </p>
        <h2>会话</h2>
        <ul>
          {sessions.map(({ name, begunAt, seenAt, from, agent }) => (
            <li key={name}>
              {shanghaiTime(new Date(begunAt))} 自 {from} 登录，最近使用 {shanghaiTime(new Date(seenAt))}
              {agent !== '' && `，${agent}`}
              {name === own ? (
                '（本次会话）'
              ) : (
                <PostForm to="/desk/account/sessions" button="结束这一会话" quiet>
                  <input type="hidden" name="session" value={name} />
                </PostForm>
              )}
            </li>
          ))}
        </ul>
        <p>更改密码即结束其他各处的会话。也可以只结束会话：</p>
        <PostForm to="/desk/account/sign-out-everywhere" button="在所有地方退出" quiet />
      </div>
    </DeskLayout>
  )
}

/** What proves that the account's owner is who changes how one signs in to it: all that a sign-in takes. */
export interface Proof {
  officer: Officer
  /** What the browser is asked for one of the account's passkeys by; undefined where there is none to ask for. */
  options?: object | undefined
}

/** The password, and a second factor where there is one: a code where that is typed, else a passkey. */
function ProofFields({ officer, options }: Proof) {
  const hasCodes = officer.factor !== undefined
  return (
    <>
      {hasCodes && (
        <div class="field">
          <label for="present">
            {options === undefined ? '现在的动态码' : '现在的动态码（不填的，出示通行密钥）'}
          </label>
          <input
            id="present"
            name="present"
            type="text"
            inputmode="numeric"
            autocomplete="off"
            maxLength={20}
            required={options === undefined}
          />
        </div>
      )}
      {options !== undefined && (
        <PasskeyField name="shown" does="show" options={options} {...(hasCodes && { unless: 'present' })} />
      )}
      <Password name="current" label="现在的密码" autocomplete="current-password" />
      {options !== undefined && !hasCodes && <p class="hint">提交时请先出示一把已登记的通行密钥。</p>}
    </>
  )
}

interface FactorProps extends Proof {
  sealed: string
  secret: string
  /** What an app scans. */
  address: string
}

/** Setting up one-time codes: nothing is kept until a code is shown. */
export function FactorPage({ sealed, secret, address, ...proof }: FactorProps) {
  const code = generate(address)
  return (
    <DeskLayout title="登记动态码" hasPasskeys={proof.options !== undefined}>
      <div class="text">
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
        <PostForm to="/desk/account/factor/confirmation" button="登记">
          <input type="hidden" name="sealed" value={sealed} />
          <CodeField label="动态码" required />
          <ProofFields {...proof} />
        </PostForm>
      </div>
    </DeskLayout>
  )
}

/** Setting up a passkey: it is kept once the browser has made it and its owner is who asks. */
export function PasskeyPage({ make, ...proof }: Proof & { make: object }) {
  const { officer } = proof
  return (
    <DeskLayout title="登记通行密钥" hasPasskeys>
      <div class="text">
        <p>提交后浏览器会请您选用安全密钥、手机或者本机，并核实是您本人（PIN、指纹、面容）。</p>
        <PostForm to="/desk/account/passkeys/confirmation" button="登记">
          <div class="field">
            <label for="name">名称</label>
            <input id="name" name="name" type="text" maxLength={40} required aria-describedby="name-hint" />
            <p class="hint" id="name-hint">
              以便日后分辨，如“办公室的密钥”“手机”。
            </p>
          </div>
          <ProofFields {...proof} />
          <PasskeyField name="made" does="make" options={make} />
        </PostForm>
        {hasSecondFactor(officer) && <p class="hint">已登记的照旧有效。</p>}
      </div>
    </DeskLayout>
  )
}

/** Taking a passkey from one's account. */
export function PasskeyRemovalPage({ passkey, ...proof }: Proof & { passkey: Passkey }) {
  const { options } = proof
  return (
    <DeskLayout
      title="取消通行密钥"
      heading={<>取消通行密钥“{passkey.name}”</>}
      hasPasskeys={options !== undefined}
    >
      <div class="text">
        <p>取消后它随即不能再用来登录。已经登录的会话不受影响，可以在“我的账号”结束。</p>
        <PostForm to="/desk/account/passkeys/removal/confirmation" button="取消这把通行密钥">
          <input type="hidden" name="passkey" value={passkey.id} />
          <ProofFields {...proof} />
        </PostForm>
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
