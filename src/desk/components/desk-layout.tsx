import { createHash } from 'node:crypto'
import type { ComponentChildren } from 'preact'
import type { Scope } from '../../authority/keys.ts'
import { readers } from '../../authority/readers.ts'
import { holds } from '../../authority/rights.ts'
import { duties, scopesOf } from '../../authority/roles.ts'
import { ONCE } from '../../ui/answers.tsx'
import { useFrame } from '../../ui/frame.tsx'
import { type Asking, useAsking } from './asking.ts'
import { Lines } from './lines.tsx'

interface Props {
  title: string
  /** What stands at the top of the page, where that is not its title. */
  heading?: ComponentChildren
  /** What was just done. */
  done?: string | undefined
  /** Where to go on to by itself. */
  goOnTo?: string
  /** Whether passkeys are made or shown on it. */
  hasPasskeys?: boolean
  children: ComponentChildren
}

/** The desk's frame: a slim rail of places, the work in the middle. */
export function DeskLayout({ title, heading = title, done, goOnTo, hasPasskeys = false, children }: Props) {
  const { stylesheet, script, passkeys, demo, clockDoubt, position, time } = useFrame()
  const asking = useAsking()
  return (
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        {goOnTo !== undefined && <meta http-equiv="refresh" content={`0; url=${goOnTo}`} />}
        <title>{`${title} - 监管工作台`}</title>
        <link rel="stylesheet" href={stylesheet} />
        <link rel="icon" href="data:," />
        <script type="module" src={script} />
        {hasPasskeys && <script type="module" src={passkeys} />}
      </head>
      <body data-desk={asking ? draftsOf(asking.token) : ''}>
        <a class="skip" href="#work">
          跳到正文
        </a>
        {demo && (
          <p class="banner" role="note">
            含演示数据：名称以“示例”“演示”开头的企业及其记录均为虚构。
          </p>
        )}
        {asking && clockDoubt !== undefined && (
          <p class="banner" role="alert">
            时钟待确认，请告知系统管理员：{clockDoubt}
          </p>
        )}
        <header class="site-head">
          <div class="width">
            <a class="site-name" href="/desk">
              监管工作台
            </a>
            {asking && <FindBox />}
            {asking && <Who {...asking} />}
          </div>
          {asking && <Rail {...asking} />}
        </header>
        <main id="work" class="width" tabIndex={-1}>
          {done !== undefined && (
            <p class="notice" role="status">
              {done}
            </p>
          )}
          {heading !== null && <h1>{heading}</h1>}
          {children}
        </main>
        <footer class="site-foot">
          <div class="width">
            <p>
              登记序号 <span class="number">{position.toLocaleString('en-US')}</span> · {time}
            </p>
            <p>
              键盘：<kbd>?</kbd> 说明，<kbd>/</kbd> 查企业，<kbd>g</kbd> <kbd>q</kbd> 待办，<kbd>n</kbd>{' '}
              登记检查，
              <kbd>Ctrl</kbd>+<kbd>Enter</kbd> 保存并继续
            </p>
            <p>
              <a href="/">公众网站</a>
            </p>
          </div>
        </footer>
        {asking && <Keys />}
      </body>
    </html>
  )
}

/** Names the drafts that a session keeps in the browser: another session, of whomever, finds none of them. */
function draftsOf(token: string): string {
  return createHash('sha256').update(`drafts ${token}`).digest('base64url').slice(0, 16)
}

function FindBox() {
  return (
    <search>
      <form class="search" action="/desk/find" method="get">
        <label for="q">查企业</label>
        <input
          id="q"
          name="q"
          type="search"
          maxLength={200}
          autocomplete="off"
          placeholder="名称、代码或拼音"
          data-suggest="/suggest"
          data-suggest-to="/desk"
        />
        <button type="submit">查询</button>
      </form>
    </search>
  )
}

function Who({ officer: { name, roles }, authority, token }: Asking) {
  return (
    <form class="who" method="post" action="/desk/sign-out">
      <input type="hidden" name="token" value={token} />
      <a href="/desk/account">
        {name}（{authority}，{roles.map((role) => duties[role].label).join('、')}）
      </a>
      <button type="submit" class="quiet">
        退出
      </button>
    </form>
  )
}

/** What the keys do, shown with `?`. */
function Keys() {
  const keys = [
    ['/', '查企业'],
    ['g q', '待办'],
    ['n', '登记检查'],
    ['Ctrl+Enter', '保存并继续'],
    ['?', '这份说明'],
    ['Esc', '关闭说明和提示'],
  ] as const
  return (
    <dialog id="keys" aria-label="键盘">
      <h2>键盘</h2>
      <Lines class="held" lines={keys.map(([key, does]) => [<kbd>{key}</kbd>, does])} />
      <form method="dialog">
        <button type="submit">关闭</button>
      </form>
    </dialog>
  )
}

interface Place {
  to: string
  label: string
  /** Any one of these rights opens it. */
  rights: readonly Scope[]
  /** Other addresses that belong to it. */
  also?: RegExp
}

const PLACES: readonly Place[] = [
  { to: '/desk', label: '待办', rights: ['records:read'] },
  {
    to: '/desk/proposals',
    label: '提请',
    rights: readers.proposal,
    also: /^\/desk\/proposals\//,
  },
  { to: '/desk/new/inspection', label: '登记检查', rights: ['records:write'] },
  {
    to: '/desk/new',
    label: '其他登记',
    rights: ['records:write'],
    also: /^\/desk\/new(-file|\/(?!inspection))/,
  },
  { to: '/desk/imports', label: '导入', rights: readers.import, also: /^\/desk\/imports\// },
  { to: '/desk/cases', label: '列入案件', rights: readers.case, also: /^\/desk\/cases\// },
  { to: '/desk/bulletins', label: '公告', rights: readers.bulletin, also: /^\/desk\/bulletins\// },
  {
    to: '/desk/campaigns',
    label: '评价',
    rights: readers.campaign,
    also: /^\/desk\/(campaigns|standards)\//,
  },
  { to: '/desk/supervision', label: '分类监管', rights: readers.supervision, also: /^\/desk\/supervision\// },
  { to: '/desk/reports', label: '报表', rights: readers.report, also: /^\/desk\/reports\// },
  { to: '/desk/audit', label: '监察', rights: ['audit:read'], also: /^\/desk\/audit\// },
  { to: '/desk/officers', label: '账号', rights: readers.account, also: /^\/desk\/officers\// },
  { to: '/desk/keys', label: '密钥', rights: readers.account },
  { to: '/desk/authorities', label: '机关', rights: readers.account },
  {
    to: '/desk/system',
    label: '系统',
    rights: ['officers:write', 'standards:write'],
    also: /^\/desk\/rule-sets/,
  },
]

function Rail({ officer }: Asking) {
  const { path } = useFrame()
  const [here = ''] = path.split('?')
  const held = scopesOf(officer.roles)
  return (
    <nav class="width places" aria-label="工作台">
      {PLACES.filter(({ rights }) => holds(held, ...rights)).map(({ to, label, also }) => (
        <a href={to} {...((here === to || also?.test(here)) && { 'aria-current': 'page' })}>
          {label}
        </a>
      ))}
    </nav>
  )
}

interface PostProps {
  to: string
  /** What its one button says. */
  button: string
  /** What the button is called where what it says does not tell of what. */
  called?: string
  quiet?: boolean
  children?: ComponentChildren
}

/** A form that asks for one thing. */
export function PostForm({ to, button, called, quiet = false, children }: PostProps) {
  return (
    <form method="post" action={to}>
      <FormMarks />
      {children}
      <button type="submit" class={quiet ? 'quiet' : undefined} aria-label={called}>
        {button}
      </button>
    </form>
  )
}

/** What every form of the desk carries: its session's token, and its own number, so that sent twice it acts once. */
export function FormMarks() {
  return (
    <>
      <input type="hidden" name="token" value={useAsking()?.token} />
      <input type="hidden" name="command" value={ONCE} />
    </>
  )
}
