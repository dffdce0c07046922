import type { ComponentChildren } from 'preact'
import { Link, pathIn, useFrame, useSay } from '../../src/ui/frame.tsx'
import { Kept } from '../../src/ui/kept.tsx'

interface Props {
  title: string
  description?: string | undefined
  /** What the search box holds. */
  query?: string
  /** The home page has its own search box. */
  bare?: boolean
  /** Path of the page that this one is a variant of; the page itself by default. */
  canonical?: string
  /** Whether search engines should leave the page out. */
  unlisted?: boolean
  /** Whether the page shows work that goes on: without scripts it is loaded anew by itself. */
  ongoing?: boolean
  /** Paths of feeds that follow what the page shows, without their ending. */
  feed?: string
  /** Structured data (JSON-LD) of what the page shows. */
  data?: object
  children: ComponentChildren
}

export const SITE_NAME = '河北省企业质量信用档案'
const SITE_NAME_EN = 'Hebei Enterprise Quality-Credit Registry'

const PLACES = [
  ['/blacklist', '质量失信黑名单', 'Blacklist'],
  ['/bulletins', '名单公告', 'Bulletins'],
  ['/honours', '守信激励名单', 'Honours'],
  ['/check', '批量核验', 'Batch check'],
  ['/statistics', '质量状况', 'Statistics'],
  ['/rules', '规则', 'Rules'],
  ['/open-data', '开放数据', 'Open data'],
] as const

export function Layout({ children, bare = false, query = '', ...head }: Props) {
  const { language } = useFrame()
  return (
    <html lang={language === 'en' ? 'en' : 'zh-CN'}>
      <Head {...head} />
      <body>
        <Header query={query} bare={bare} />
        <main id="content" class="width" tabIndex={-1}>
          {children}
        </main>
        <Footer />
      </body>
    </html>
  )
}

function Head({ title, description, canonical, unlisted, ongoing, feed, data }: Omit<Props, 'children'>) {
  const { stylesheet, script, base, path, language } = useFrame()
  const say = useSay()
  const name = say(SITE_NAME, SITE_NAME_EN)
  const own = canonical ?? path
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title === name ? title : `${title} - ${name}`}</title>
      {description !== undefined && <meta name="description" content={description} />}
      {ongoing && (
        <noscript>
          <meta http-equiv="refresh" content="3" />
        </noscript>
      )}
      {unlisted && <meta name="robots" content="noindex" />}
      <link rel="stylesheet" href={stylesheet} />
      <link rel="icon" href="data:," />
      <link rel="canonical" href={`${base}${pathIn(language, own)}`} />
      <link rel="alternate" hreflang="zh-CN" href={`${base}${own}`} />
      <link rel="alternate" hreflang="en" href={`${base}${pathIn('en', own)}`} />
      <link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml" title={name} />
      {feed !== undefined && (
        <>
          <link rel="alternate" type="application/atom+xml" href={`${feed}.atom`} title={title} />
          <link rel="alternate" type="application/feed+json" href={`${feed}.json`} title={title} />
        </>
      )}
      {data !== undefined && (
        <script
          type="application/ld+json"
          // Names may hold anything; without "<" no text can end the element.
          dangerouslySetInnerHTML={{ __html: JSON.stringify(data).replaceAll('<', '\\u003c') }}
        />
      )}
      <script type="module" src={script} />
    </head>
  )
}

function Header({ query, bare }: { query: string; bare: boolean }) {
  const { demo, path, language } = useFrame()
  const say = useSay()
  return (
    <>
      <a class="skip" href="#content">
        {say('跳到正文', 'Skip to content')}
      </a>
      {demo && (
        <p class="banner" role="note">
          {say(
            '含演示数据：名称以“示例”“演示”开头的企业及其记录均为虚构，仅供试用。',
            'Demo data: enterprises whose names begin with 示例 or 演示, and their records, are fictitious.',
          )}
        </p>
      )}
      <header class="site-head">
        <div class="width">
          <Link class="site-name" to="/">
            {say(SITE_NAME, SITE_NAME_EN)}
          </Link>
          {!bare && <Kept from={`search ${query}`}>{() => <SearchBox query={query} />}</Kept>}
          <a
            class="language"
            hreflang={say('en', 'zh-CN')}
            lang={say('en', 'zh-CN')}
            href={pathIn(language === 'en' ? 'zh' : 'en', path)}
          >
            {say('English', '中文')}
          </a>
        </div>
        <Kept from={`places ${PLACES.some(([to]) => to === path) ? path : ''}`}>{() => <Places />}</Kept>
      </header>
    </>
  )
}

function Places() {
  const { path } = useFrame()
  const say = useSay()
  return (
    <nav class="width places" aria-label={say('栏目', 'Sections')}>
      {PLACES.map(([to, zh, en]) => (
        <Link to={to} current={path === to}>
          {say(zh, en)}
        </Link>
      ))}
    </nav>
  )
}

function Footer() {
  const { position, time, operator, contact } = useFrame()
  const say = useSay()
  return (
    <footer class="site-foot">
      <div class="width">
        <p>
          {say('登记序号', 'Register position')} <span class="number">{grouped(position)}</span> · {time}
        </p>
        <p>
          {say('主办：', 'Run by ')}
          <span lang="zh-CN">{operator}</span>
          {contact !== '' && <>　{contact}</>}
        </p>
        <Kept from="foot">{() => <FootLinks />}</Kept>
      </div>
    </footer>
  )
}

function FootLinks() {
  const say = useSay()
  return (
    <ul>
      <li>
        <Link to="/rights">{say('异议和信用修复', 'Objections and credit repair')}</Link>
      </li>
      <li>
        <Link to="/privacy">{say('隐私', 'Privacy')}</Link>
      </li>
      <li>
        <Link to="/accessibility">{say('无障碍', 'Accessibility')}</Link>
      </li>
      <li>
        <Link to="/open-data#terms">{say('使用条款', 'Terms')}</Link>
      </li>
      <li>
        <Link to="/changes">{say('网站变更', 'Changes of the site')}</Link>
      </li>
      <li>
        <a href="/docs">{say('接口文档', 'API reference')}</a>
      </li>
    </ul>
  )
}

export function SearchBox({ query, large = false }: { query: string; large?: boolean }) {
  const { language } = useFrame()
  const say = useSay()
  return (
    <search>
      <form class={large ? 'search large' : 'search'} action={pathIn(language, '/search')} method="get">
        <label for="q">{say('查企业', 'Find an enterprise')}</label>
        <input
          id="q"
          name="q"
          type="search"
          value={query}
          maxLength={200}
          autocomplete="off"
          placeholder={say('企业名称、统一社会信用代码或拼音', 'Name, code or pinyin')}
          data-suggest="/suggest"
        />
        <button type="submit">{say('查询', 'Search')}</button>
      </form>
    </search>
  )
}

const numbers = new Intl.NumberFormat('en-US')

/** A whole number with its thousands parted. */
export function grouped(count: number): string {
  return numbers.format(count)
}
