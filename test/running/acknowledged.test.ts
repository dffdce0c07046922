import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { Scope } from '../../src/authority/keys.ts'
import { readSettings } from '../../src/config.ts'
import { startNode } from '../../src/running/node.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { officer, Visitor } from '../desk/visitor.ts'
import { routesOf } from '../routes.ts'
import { openAuthority, temporaryFolder, unifiedCode } from '../support.ts'

// A whole node with its threads, and commands beside it.

const AUTHORITY = '河北省市场监督管理局'
const CLI = fileURLToPath(new URL('../../src/cli/start.ts', import.meta.url))
const ROUNDS = 14

/** What a firm was called from a position on; undefined from its withdrawal on. */
interface State {
  position: number
  name: string | undefined
}

/** A firm, and all that was acknowledged of it, in its order. */
interface Firm {
  uscc: string
  key: string
  /** Stands in each of its names, and in no other's. */
  token: string
  /** Names that were asked for, whether acknowledged or not. */
  names: string[]
  states: State[]
  /** Where the register stood before it was opened. */
  since: number
  /** Its withdrawal was asked for. */
  isLeaving: boolean
}

async function node(t: Test) {
  const dataDir = temporaryFolder(t)
  const settings = readSettings({
    ...{ DATA_DIR: dataDir, LOG_LEVEL: 'silent', RATE_LIMIT: '0', DEMO: 'false' },
  })
  const keys = await prepared(dataDir)
  const started = await startNode(settings, pino({ level: 'silent' }), (error) => t.fail(error.message))
  t.teardown(() => started.close())
  return { ...started, dataDir, keys }
}

/** Two persons' keys and an officer, made before the node begins. */
async function prepared(dataDir: string): Promise<{ one: string; two: string }> {
  const fail = (error: unknown) => {
    throw error
  }
  const opened = await openRegistry({ dataDir, now: () => new Date(), onLag: fail, onFailure: fail })
  const author = { authority: '测试', officer: '测试' }
  await openAuthority(opened, AUTHORITY)
  const key = async (actsFor: string) => {
    const scopes: Scope[] = ['records:read', 'records:write', 'listings:decide']
    const { text } = await opened.registry.keys.create(
      { name: actsFor, authority: AUTHORITY, scopes, region: undefined, actsFor },
      author,
    )
    return text
  }
  await officer(opened, { login: 'zhangsan', authority: AUTHORITY, roles: ['recorder'] })
  const keys = { one: await key('one'), two: await key('two') }
  await opened.close()
  return keys
}

/** What a firm was called at a position, by its place among all that it was called; -1 where nothing was known yet. */
function at({ states }: Firm, position: number): number {
  return states.findLastIndex((state) => state.position <= position)
}

/** Public addresses that tell of a firm by its name. */
const ROUTES: Readonly<Record<string, (firm: Firm) => string>> = {
  page: ({ key }) => `/enterprises/${key}`,
  'English page': ({ key }) => `/en/enterprises/${key}`,
  print: ({ key }) => `/enterprises/${key}/print`,
  feed: ({ key }) => `/enterprises/${key}/feed.json`,
  'Atom feed': ({ key }) => `/enterprises/${key}/feed.atom`,
  preview: ({ key }) => `/api/v1/reconcile/preview?id=${key}`,
  file: ({ key }) => `/api/v1/enterprises/${key}`,
  search: ({ token }) => `/search?q=${token}`,
  'English search': ({ token }) => `/en/search?q=${token}`,
  download: ({ token }) => `/search.csv?q=${token}`,
  suggestions: ({ token }) => `/suggest?q=${token}`,
  'API search': ({ token }) => `/api/v1/enterprises?q=${token}`,
  changes: ({ since }) => `/api/v1/changes?since=${since}`,
}
/** Those that tell of no firm by name, and state a position all the same. */
const OTHERS = [
  ...['/', '/en', '/blacklist', '/blacklist/feed.atom', '/bulletins', '/bulletins/feed.json', '/honours'],
  ...[
    '/statistics',
    '/check',
    '/rules',
    '/open-data',
    '/sitemap.xml',
    '/sitemaps/1.xml',
    '/api/v1/blacklist',
  ],
  ...['/api/v1/bulletins', '/api/v1/honours', '/api/v1/reports/coverage', '/api/v1/reports/pass-rates'],
  ...[
    '/api/v1/reports/quality-bulletin',
    '/api/v1/reports/indicators',
    '/api/v1/standards',
    '/api/v1/rule-sets',
  ],
  ...['/api/v1/authorities', '/api/v1/supervision/draws', '/blacklist/feed.json', '/bulletins/feed.atom'],
  ...['/api/v1/enterprises/{key}/entries', '/api/v1/reports/grades?standard=four-grades'],
  ...['/statistics/coverage', '/search.xlsx?q=x', '/changes'],
]

/** Routes that tell of nothing in the register, or of a thing of which these acts make none, and where that is held. */
const APART: readonly RegExp[] = [
  // What the program is, not what the register holds.
  /^\/(docs|assets|\.well-known|robots|opensearch|openapi|accessibility|rights|privacy|healthz|readyz|metrics)/,
  /^\/api\/v1\/(record-types|regions|problems|supervision\/scheme|reconcile(\/suggest)?)/,
  /^\/(sitemaps\/pages\.xml|open-data\/catalog\.jsonld|check\/(keys\.json|record))$/,
  // Of figures of a minute these say from which position they are; the soak holds them.
  /^\/statistics\/[a-z-]+\.(svg|csv|xlsx)$/,
  // A check says by itself of which position it is (test/checking).
  /^\/(api\/v1\/checks|check)\/:id/,
  // Copies name their position, and one that holds what was erased is handed out no more (test/bulk).
  /^\/bulk\/:audience/,
  // Listings, bulletins, ratings, standards and draws each by itself (test/running/soak, test/api).
  /^\/(api\/v1\/)?(blacklist|bulletins|rules|ratings|standards|supervision\/draws)\/:id/,
  /\/decisions?(\/:id)?$/,
]

t.test(
  'no answer given after an acknowledgement is older than it, through API, desk and command line',
  async (t) => {
    const { app, dataDir, keys } = await node(t)
    const tables = temporaryFolder(t)
    const desk = new Visitor({ app })
    await desk.signIn('zhangsan')
    const firms: Firm[] = []
    let [acknowledged, number, answers] = [0, 0, 0]
    let isDone = false
    const late = new Set<string>()

    const newFirm = (name?: string): Firm => {
      number += 1
      const uscc = unifiedCode(`ACK${String(number).padStart(5, '0')}`)
      const token = `试${Array.from(String(number), (digit) => '零一二三四五六七八九'[Number(digit)]).join('')}号`
      return {
        uscc,
        key: uscc.slice(8, 17),
        token,
        names: [name ?? `示例${token}甲公司`],
        states: [],
        since: acknowledged,
        isLeaving: false,
      }
    }
    const know = (firm: Firm, position: number, name: string | undefined) => {
      firm.states.push({ position, name })
      if (!firms.includes(firm)) firms.push(firm)
      acknowledged = Math.max(acknowledged, position)
    }
    const api = async (
      key: string,
      method: 'POST' | 'PATCH',
      url: string,
      payload: object,
      etag?: string,
    ) => {
      const headers = { authorization: `Bearer ${key}`, ...(etag !== undefined && { 'if-match': etag }) }
      const answer = await app.inject({ method, url: `/api/v1${url}`, headers, payload })
      if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`)
      return {
        etag: String(answer.headers.etag),
        position: Number(answer.headers['register-position']),
        answer,
      }
    }
    const etagOf = async ({ key }: Firm) => {
      const headers = { authorization: `Bearer ${keys.one}` }
      return String((await app.inject({ url: `/api/v1/enterprises/${key}`, headers })).headers.etag)
    }
    const any = () => firms.filter(({ isLeaving }) => !isLeaving)[Math.floor(Math.random() * 3)]

    const acts: Record<string, () => Promise<void>> = {
      async open() {
        const firm = newFirm()
        const [name] = firm.names
        const file = { uscc: firm.uscc, enterprise: { name, region: '130102' } }
        const { position } = await api(keys.one, 'POST', '/enterprises', file)
        know(firm, position, name)
      },
      async rename() {
        const firm = any()
        if (!firm) return
        const name = `示例${firm.token}改${firm.names.length}公司`
        firm.names.push(name)
        const { position, answer } = await api(
          ...([keys.one, 'PATCH', `/enterprises/${firm.key}`] as const),
          ...([{ enterprise: { name } }, await etagOf(firm)] as const),
        )
        if (answer.statusCode === 200) know(firm, position, name)
        else throw new Error(answer.body)
      },
      async withdraw() {
        const firm = any()
        if (!firm) return
        firm.isLeaving = true
        const reason = { reason: '重复建档' }
        const url = `/enterprises/${firm.key}/withdrawal`
        const { answer } = await api(keys.one, 'POST', url, reason, await etagOf(firm))
        const { position } = await api(keys.two, 'POST', `/proposals/${answer.json().id}/confirmation`, {})
        know(firm, position, undefined)
      },
      async desk() {
        const firm = newFirm()
        const [name = ''] = firm.names
        const sent = await desk.fill('/desk/new-file', { uscc: firm.uscc, name, region: '130102' })
        if (sent.statusCode !== 303) throw new Error(`${sent.statusCode} ${sent.body}`)
        know(firm, Number(sent.headers['register-position']), name)
      },
      async commandLine() {
        const own = [newFirm(), newFirm()]
        const csv = join(tables, `own-${number}.csv`)
        const rows = own.map(({ uscc, names: [name] }) => `${name},${uscc}`)
        writeFileSync(csv, `企业名称,统一社会信用代码\n${rows.join('\n')}\n`)
        await promisify(execFile)(process.execPath, ['--import', 'tsx', CLI, 'import', 'enterprise', csv], {
          env: { ...process.env, DATA_DIR: dataDir },
        })
        // What the command has acknowledged stands at the register's end, or before it.
        const { position } = (await app.inject('/readyz')).json()
        for (const firm of own) know(firm, position, firm.names[0])
      },
    }

    /** Asks one address again and again, and holds each answer against what was acknowledged before it was asked for. */
    async function read(): Promise<void> {
      while (!isDone) {
        const firm = firms[Math.floor(Math.random() * firms.length)]
        const names = Object.keys(ROUTES)
        const name = names[Math.floor(Math.random() * names.length)] ?? ''
        const url = firm && ROUTES[name]?.(firm)
        if (!firm || url === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 5))
          continue
        }
        await hold(name, url, firm)
        const other = OTHERS[answers % OTHERS.length] ?? '/'
        if (answers % 3 === 0) await hold(other, other.replace('{key}', firm.key), undefined)
      }
    }

    const kept = new Map<string, { etag: string; body: string }>()
    let unchanged = 0

    async function hold(name: string, url: string, firm: Firm | undefined): Promise<void> {
      const before = acknowledged
      const known = firm && at(firm, before)
      // As a browser does: with what it has kept, which it is told is still so, or is not.
      const had = kept.get(url)
      const isAgain = had !== undefined && Math.random() < 0.5
      const answer = await app.inject({
        url: encodeURI(url),
        headers: isAgain ? { 'if-none-match': had.etag } : {},
      })
      if (answer.statusCode === 304) unchanged += 1
      const shownBody = answer.statusCode === 304 ? (had?.body ?? '') : answer.body
      kept.set(url, { etag: String(answer.headers.etag ?? ''), body: shownBody })
      answers += 1
      const stated = Number(answer.headers['register-position'])
      const words = `${name} states ${stated}, and ${before} was acknowledged before it was asked for`
      if (!(stated >= before)) late.add(words)
      if (!firm || known === undefined || known < 0) return
      // What was asked for and is not acknowledged yet may show already; what is older may not.
      const { name: least } = firm.states[Math.max(known, at(firm, stated))] ?? {}
      const body = shownBody.replaceAll(/<\/?mark>/g, '')
      const shown = firm.names.findLastIndex((own) => body.includes(own))
      if (least === undefined) {
        if (shown >= 0) late.add(`${name} still shows ${firm.names[shown]}`)
      } else if (!firm.isLeaving && shown < firm.names.indexOf(least))
        late.add(`${name} (${answer.statusCode}) shows ${firm.names[shown]}, not ${least}`)
    }

    const readers = [read(), read()]
    for (let round = 0; round < ROUNDS; round += 1) {
      const names = Object.keys(acts).filter((name) => name !== 'commandLine')
      const name = round === 4 || round === 9 ? 'commandLine' : (names[round % names.length] ?? 'open')
      await acts.open?.()
      await acts[name]?.()
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    isDone = true
    await Promise.all(readers)
    t.same(Array.from(late), [])
    t.ok(unchanged > 0, 'some were told that nothing had changed')
    const [first] = firms
    const asked = [...(first ? Object.values(ROUTES).map((of) => of(first)) : []), ...OTHERS].map(
      (url) => url.replace(/^\/en(?=\/|$)/, '').split('?')[0] || '/',
    )
    const isHeld = (path: string) => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
      return asked.some((url) => pattern.test(url)) || APART.some((apart) => apart.test(path))
    }
    const open: string[] = []
    for (const { path, methods } of routesOf(app)) {
      if (!methods.includes('GET') || /^\/(desk|en)(\/|$)/.test(path) || isHeld(path)) continue
      const { statusCode } = await app.inject(path.replaceAll(/:\w+/g, 'x'))
      // What asks for a key is not the public's.
      if (statusCode !== 401) open.push(path)
    }
    t.same(open, [], 'every public route is held, or named as one that there is nothing to hold of')
    t.ok(answers > 200, `${answers} answers`)
    t.ok(firms.length > ROUNDS)
  },
)
