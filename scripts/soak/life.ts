import { setTimeout as sleep } from 'node:timers/promises'
import { codes, post } from '../faults/load.ts'
import type { Ledger } from './ledger.ts'
import { confirmed, type Deciders, dayAgo, holdAgainst, holdFigures, list, revoke } from './listings.ts'
import { type AskDesk, type Desk, workAtDesk } from './officers.ts'

/** How long answers took, by what was asked, since they were last looked at. */
export class Latencies {
  readonly #taken = new Map<string, number[]>()

  add(kind: string, ms: number): void {
    this.#taken.set(kind, [...(this.#taken.get(kind) ?? []), ms])
  }

  /** The median of each kind, and forgets what was looked at. */
  medians(): Record<string, number> {
    const found = Array.from(this.#taken, ([kind, all]): [string, number] => {
      const sorted = all.toSorted((a, b) => a - b)
      return [`ms ${kind}`, sorted[Math.floor(sorted.length / 2)] ?? Number.NaN]
    })
    this.#taken.clear()
    return Object.fromEntries(found)
  }
}

/** What a refusal says, a page's without its head and its tags. */
function inWords(body: string): string {
  const [, main = body] = /<main[^>]*>([\s\S]*?)<\/main>/.exec(body) ?? []
  return main
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}

/** A firm that the soak opened itself: what it was last acknowledged to be called, and how often it was renamed. */
interface Own {
  key: string
  name: string
  /** What it was last asked to be called, acknowledged or not. */
  asked: string
  etag: string
  /** The position at which its name was acknowledged. */
  position: number
  renamed: number
}

/** What goes on: requests by kind, and what was found wrong. */
export interface Course {
  asked: number
  wrong: string[]
  latencies: Latencies
  /** How often each kind was asked or done, and how many answers of it were held against what was acknowledged. */
  counts(): ReadonlyMap<string, { times: number; compared: number }>
}

interface Asked {
  url: string
  key: string
  /** Who puts firms on the list and takes them off it. */
  deciders: Deciders
  /** Who works at the desk, once they are signed in: those who sign in ask as everybody else. */
  desk(ask: AskDesk): Promise<Desk>
  /** What is counted, to hold figures against. */
  ledger: Ledger
  /** Imports a table by the command line, beside the server. */
  importByCommand(table: string): Promise<void>
  /** Keys of firms that were there before. */
  firms: readonly string[]
  isOver(): boolean
}

const ENTRIES_A_SECOND = 5
const IMPORT_MS = 20_000
const CHECK_MS = 15_000
const LISTING_MS = 4_000
const COMMAND_MS = 45_000
const DESK_MS = 5_000
/** An import is waited for so long before its rows count as done for certain. */
const IMPORT_TAKES_MS = 120_000
/** Share of the firms opened that get a licence. */
const LICENSED = 0.1
const MOST_TOLD = 50
const MOST_KEPT = 1_000
const OWN_KEPT = 500

/**
 * Ordinary life against a node: officers' programs write, the public reads, others pull, import and check. Each answer is held
 * against what was acknowledged before it was asked for.
 */
export function live(given: Asked): { course: Course; done: Promise<unknown> } {
  const { url, key, firms, ledger, isOver } = given
  const counts = new Map<string, { times: number; compared: number }>()
  const course: Course = { asked: 0, wrong: [], latencies: new Latencies(), counts: () => counts }
  const count = (kind: string, what: 'times' | 'compared') => {
    const own = counts.get(kind) ?? { times: 0, compared: 0 }
    own[what] += 1
    counts.set(kind, own)
  }
  const own: Own[] = []
  const next = codes('Q')
  const wrong = (what: string) => {
    if (course.wrong.length < MOST_TOLD) course.wrong.push(what)
  }
  const any = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]

  async function ask(
    kind: string,
    path: string,
    init?: RequestInit,
  ): Promise<{ status: number; body: string; headers: Headers }> {
    const had = init === undefined ? kept.get(path) : undefined
    const isAgain = had !== undefined && Math.random() < 0.5
    const answer = await asked(kind, path, () =>
      fetch(`${url}${path}`, isAgain ? { headers: { 'if-none-match': had.etag } } : init),
    )
    const etag = answer.headers.get('etag')
    const own = answer.status === 304 && had ? { ...answer, status: 200, body: had.body } : answer
    if (init === undefined && etag !== null) {
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(path, { etag, body: own.body })
    }
    return own
  }

  /** What a browser has kept of each page: it asks with that, and is told that it is still so, or is not. */
  const kept = new Map<string, { etag: string; body: string }>()

  async function asked(
    kind: string,
    path: string,
    send: () => Promise<Response>,
  ): Promise<{ status: number; body: string; headers: Headers }> {
    const from = performance.now()
    const answer = await send()
    const body = await answer.text()
    course.latencies.add(kind, performance.now() - from)
    course.asked += 1
    count(kind, 'times')
    if (answer.status >= 500 || answer.status === 429)
      wrong(`${kind} ${path}: ${answer.status} ${inWords(body)}`)
    return { status: answer.status, body, headers: answer.headers }
  }

  async function timed(kind: string, act: () => Promise<Response>): Promise<Response> {
    const from = performance.now()
    const answer = await act()
    course.latencies.add(kind, performance.now() - from)
    course.asked += 1
    count(kind, 'times')
    if (answer.status >= 400) wrong(`${kind}: ${answer.status} ${inWords(await answer.clone().text())}`)
    return answer
  }

  async function open(): Promise<void> {
    const uscc: string = next.next().value
    const name = `示例长跑${uscc.slice(8, 16)}公司`
    const [isLicensed, isComplete] = [Math.random() < LICENSED, Math.random() < 0.5]
    const rest = isComplete ? { address: '石家庄市长安区示例路 1 号', industry: 'C38' } : {}
    const file = { uscc, enterprise: { name, region: '130102', ...rest } }
    const isThere = ledger.asked('files', 1)
    const answer = await timed('open', () => post(url, key, '/enterprises', file))
    if (answer.status !== 201) return
    await answer.arrayBuffer()
    isThere()
    // One with a licence is not renamed: its records move its revision on.
    if (isLicensed) return license(uscc.slice(8, 17), isComplete)
    own.push({
      key: uscc.slice(8, 17),
      name,
      asked: name,
      etag: answer.headers.get('etag') ?? '',
      position: positionOf(answer),
      renamed: 0,
    })
    if (own.length > OWN_KEPT) own.shift()
  }

  /** A firm of the soak's own gets a licence. */
  async function license(firm: string, isComplete: boolean): Promise<void> {
    const data = {
      ...{ kind: '全国工业产品生产许可证', number: `XK06-001-${firm}`, product: '电线电缆' },
      ...{ status: '有效', authority: '河北省市场监督管理局', issuedOn: dayAgo(300), validTo: dayAgo(-1500) },
    }
    const counts = [ledger.asked('holders', 1), ...(isComplete ? [ledger.asked('complete', 1)] : [])]
    const answer = await timed('license', () =>
      post(url, key, `/enterprises/${firm}/records`, { type: 'licence', data }),
    )
    await answer.arrayBuffer()
    if (answer.status === 201) for (const isCounted of counts) isCounted()
  }

  async function rename(): Promise<void> {
    const firm = any(own)
    if (!firm) return
    const name = `${firm.name.replace(/改\d+次/, '')}`.replace('公司', `改${firm.renamed + 1}次公司`)
    firm.asked = name
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'if-match': firm.etag,
    }
    const body = JSON.stringify({ enterprise: { name } })
    const answer = await timed('rename', () =>
      fetch(`${url}/api/v1/enterprises/${firm.key}`, { method: 'PATCH', headers, body }),
    )
    if (answer.status !== 200) return
    await answer.arrayBuffer()
    const etag = answer.headers.get('etag') ?? ''
    Object.assign(firm, { name, etag, position: positionOf(answer), renamed: firm.renamed + 1 })
  }

  async function record(): Promise<void> {
    const firm = any(firms)
    if (firm === undefined) return
    const [isTest, isPassed] = [Math.random() < 0.5, Math.random() < 0.9]
    const data = {
      ...(isTest
        ? { kind: '市级监督抽查', outcome: isPassed ? '合格' : '不合格', deliveredOn: dayAgo(80) }
        : { kind: '日常巡查', outcome: '合格' }),
      product: '电线电缆',
      inspectedOn: dayAgo(90),
      authority: '河北省市场监督管理局',
      reportNo: `S${course.asked}`,
    }
    const counts = isTest ? [ledger.asked('tested', 1), ...(isPassed ? [ledger.asked('passed', 1)] : [])] : []
    const answer = await timed('record', () =>
      post(url, key, `/enterprises/${firm}/records`, { type: 'inspection', data }),
    )
    await answer.arrayBuffer()
    if (answer.status === 201) for (const isCounted of counts) isCounted()
  }

  /** Asks for what shows a firm; what was acknowledged before must show. */
  async function read(): Promise<void> {
    const firm = any(own)
    if (!firm) return
    const { name, position } = firm
    const kinds = {
      page: `/enterprises/${firm.key}`,
      file: `/api/v1/enterprises/${firm.key}`,
      search: `/search?q=${encodeURIComponent(name)}`,
      'API search': `/api/v1/enterprises?q=${encodeURIComponent(name)}`,
    }
    const [kind, path] = any(Object.entries(kinds)) ?? ['page', '/']
    const answer = await ask(kind, path)
    // A search whose index lags says so; it is told how often, and counts for nothing.
    if (positionOf(answer) < position) return count(`${kind}, said to lag`, 'times')
    const text = answer.body.replaceAll(/<\/?mark>/g, '')
    count(kind, 'compared')
    // What it was renamed to meanwhile may show, acknowledged or not.
    if (![name, firm.name, firm.asked].some((one) => text.includes(one)))
      wrong(`${kind} does not show ${firm.key} as ${name}`)
  }

  async function look(): Promise<void> {
    const paths = ['/', '/blacklist', '/statistics', '/honours', '/blacklist/feed.atom', '/api/v1/blacklist']
    await ask('look', any(paths) ?? '/')
    await ask('file of many', `/enterprises/${any(firms)}`)
  }

  async function importRows(): Promise<void> {
    const rows = Array.from({ length: 50 }, () => {
      const uscc: string = next.next().value
      return `示例长跑导入${uscc.slice(8, 16)},${uscc}`
    })
    for (const query of ['', '&preview=true']) {
      const form = new FormData()
      form.set('file', new Blob([`企业名称,统一社会信用代码\n${rows.join('\n')}\n`]), 'a.csv')
      const headers = { authorization: `Bearer ${key}` }
      const areThere = query === '' ? ledger.asked('files', rows.length) : undefined
      const answer = await timed('upload', () =>
        fetch(`${url}/api/v1/imports?type=enterprise${query}`, { method: 'POST', headers, body: form }),
      )
      const { id }: { id?: string } = await answer.json()
      if (id !== undefined && areThere && (await isDone(id))) areThere()
      // One that was only looked at is thrown away now and then, and else left to be forgotten.
      if (query !== '' && id !== undefined && Math.random() < 0.5)
        await fetch(`${url}/api/v1/imports/${id}`, { method: 'DELETE', headers })
    }
  }

  /** Whether an import has come to its end, waiting for it. */
  async function isDone(id: string): Promise<boolean> {
    for (const until = performance.now() + IMPORT_TAKES_MS; performance.now() < until && !isOver(); ) {
      const { body } = await ask('import', `/api/v1/imports/${id}`, {
        headers: { authorization: `Bearer ${key}` },
      })
      const { status }: { status?: string } = JSON.parse(body)
      if (status === 'done') return true
      if (status === 'failed') throw new Error(`the import ${id} failed`)
      await sleep(500)
    }
    return false
  }

  async function checkMany(): Promise<void> {
    const rows = Array.from({ length: 200 }, () => ({ code: any(firms) ?? '' }))
    const answer = await timed('check', () => post(url, key, '/checks', { rows }))
    const { id }: { id?: string } = await answer.json()
    if (id !== undefined) await fetch(`${url}/api/v1/checks/${id}`, { method: 'DELETE' })
  }

  /** Follows the feed of changes, and holds that its positions only rise. */
  async function pull(): Promise<void> {
    let since = 0
    while (!isOver()) {
      const { body } = await ask(
        'pull',
        `/api/v1/changes?since=${since}&limit=1000&wait=${since === 0 ? 0 : 2}`,
      )
      const { next: reached }: { next: number } = JSON.parse(body)
      count('pull', 'compared')
      if (reached < since) wrong(`the feed went back from ${since} to ${reached}`)
      since = reached
    }
  }

  const listing = {
    ...{ url, deciders: given.deciders, ask },
    act: async (kind: string, send: () => Promise<Response>) => {
      const answer = await timed(kind, send)
      if (answer.status >= 400) throw new Error(`${kind} was refused`)
      return answer
    },
    compared(kind: string, fault: string | undefined) {
      count(kind, 'compared')
      if (fault !== undefined) wrong(fault)
    },
    next: (): string => next.next().value,
  }

  /** A firm comes onto the list and, as a wrong one, off it again; each is held against all that is public. */
  async function listAndRevoke(): Promise<void> {
    const [isOpened, isListed] = [ledger.asked('files', 1), ledger.asked('listed', 1)]
    const listed = await list(listing)
    isOpened()
    isListed()
    await holdAgainst(listing, listed)
    const isOff = ledger.asked('listed', -1)
    const erasedAt = await revoke(listing, listed)
    isOff()
    await holdAgainst(listing, listed, erasedAt)
    for (const path of ['/', '/en', '/statistics']) await holdFigures(listing, path, ledger)
  }

  /** A firm whose file was a mistake shows nowhere once that was acknowledged. */
  async function withdraw(): Promise<void> {
    const uscc: string = next.next().value
    const name = `示例长跑误建${uscc.slice(8, 16)}公司`
    const [file, firm] = [{ uscc, enterprise: { name, region: '130102' } }, uscc.slice(8, 17)]
    const isThere = ledger.asked('files', 1)
    const opened = await listing.act('open by mistake', () =>
      post(url, given.deciders.proposes, '/enterprises', file),
    )
    await opened.arrayBuffer()
    isThere()
    const isGone = ledger.asked('files', -1)
    const held = { 'if-match': opened.headers.get('etag') ?? '' }
    const answer = await listing.act('withdraw', () =>
      post(url, given.deciders.proposes, `/enterprises/${firm}/withdrawal`, { reason: '误建' }, held),
    )
    await answer.arrayBuffer()
    await confirmed(listing, answer)
    isGone()
    for (const path of [
      `/enterprises/${firm}`,
      `/api/v1/enterprises/${firm}`,
      `/search?q=${encodeURIComponent(uscc)}`,
    ]) {
      const { body } = await ask('withdrawn firm', path)
      listing.compared('withdrawn firm', body.includes(name) ? `${path} still shows ${name}` : undefined)
    }
  }

  /** What came by the command line shows once the command has ended. */
  async function command(): Promise<void> {
    const uscc: string = next.next().value
    const name = `示例长跑命令${uscc.slice(8, 16)}公司`
    const from = performance.now()
    const isThere = ledger.asked('files', 1)
    await given.importByCommand(`企业名称,统一社会信用代码\n${name},${uscc}\n`)
    isThere()
    course.latencies.add('command', performance.now() - from)
    count('command', 'times')
    for (const path of [`/enterprises/${uscc.slice(8, 17)}`, `/search?q=${encodeURIComponent(name)}`]) {
      const { body } = await ask('by command', path)
      const text = body.replaceAll(/<\/?mark>/g, '')
      const isShown = text.includes(`/enterprises/${uscc.slice(8, 17)}`)
      listing.compared('by command', isShown ? undefined : `${path} does not show ${name}`)
    }
  }

  /** Officers work with forms, over and over, once they have signed in. */
  async function officers(): Promise<void> {
    const desk = await given.desk((kind, send) => asked(kind, 'at the desk', send))
    const counts = (by: number) => ledger.asked('files', by)
    const parts = { desk, ask, compared: listing.compared, counts }
    await repeat(DESK_MS, () => workAtDesk(parts, next.next().value))
  }

  async function repeat(everyMs: number, act: () => Promise<void>): Promise<void> {
    while (!isOver()) {
      const from = performance.now()
      await act().catch((error: unknown) => wrong(String(error)))
      await sleep(Math.max(1, everyMs - (performance.now() - from)))
    }
  }

  const writing = (1000 / ENTRIES_A_SECOND) * 3
  const done = Promise.all([
    ...[open, rename, record].map((act) => repeat(writing, act)),
    ...[read, read, look].map((act) => repeat(20, act)),
    repeat(LISTING_MS, listAndRevoke),
    repeat(LISTING_MS, withdraw),
    repeat(COMMAND_MS, command),
    repeat(IMPORT_MS, importRows),
    repeat(CHECK_MS, checkMany),
    officers().catch((error: unknown) => wrong(String(error))),
    pull().catch((error: unknown) => wrong(String(error))),
  ])
  return { course, done }
}

/** The position of the register that an answer shows. */
function positionOf({ headers }: { headers: Headers }): number {
  return Number(headers.get('register-position'))
}
