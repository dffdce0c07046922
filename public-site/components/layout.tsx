import type { ComponentChildren } from 'preact'

/** What every page knows of the moment it was made. */
export interface PageFrame {
  /** Position of the register that the page shows, and the time in China. */
  position: number
  time: string
  /** Whether the registry holds the fictitious demo set. */
  demo: boolean
  stylesheet: string
}

interface Props {
  frame: PageFrame
  title: string
  /** What the search box holds. */
  query?: string
  /** The home page has its own search box. */
  bare?: boolean
  children: ComponentChildren
}

export const SITE_NAME = '河北省企业质量信用档案'

export function Layout({ frame, title, query = '', bare = false, children }: Props) {
  return (
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title === SITE_NAME ? title : `${title} - ${SITE_NAME}`}</title>
        <link rel="stylesheet" href={frame.stylesheet} />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <a class="skip" href="#content">
          跳到正文
        </a>
        {frame.demo && (
          <p class="banner" role="note">
            含演示数据：名称以“示例”“演示”开头的企业及其记录均为虚构，仅供试用。
          </p>
        )}
        <header class="site-head">
          <div class="width">
            <a class="site-name" href="/">
              {SITE_NAME}
            </a>
            {!bare && <SearchBox query={query} />}
          </div>
        </header>
        <main id="content" class="width" tabIndex={-1}>
          {children}
        </main>
        <footer class="site-foot">
          <div class="width">
            <p>
              登记序号 <span class="number">{frame.position.toLocaleString('en-US')}</span> · {frame.time}
            </p>
            <p>
              <a href="/blacklist">质量失信黑名单</a> · <a href="/bulletins">名单公告</a> ·{' '}
              <a href="/honours">守信激励名单</a> · <a href="/docs">接口文档</a> ·{' '}
              <a href="/api/v1/changes">公开数据</a> · <a href="/api/v1/record-types">栏目与公示规则</a>
            </p>
          </div>
        </footer>
      </body>
    </html>
  )
}

export function SearchBox({ query, large = false }: { query: string; large?: boolean }) {
  return (
    <search>
      <form class={large ? 'search large' : 'search'} action="/search" method="get">
        <label for="q">查企业</label>
        <input
          id="q"
          name="q"
          type="search"
          value={query}
          maxLength={200}
          autocomplete="off"
          placeholder="企业名称、统一社会信用代码或拼音"
        />
        <button type="submit">查询</button>
      </form>
    </search>
  )
}
