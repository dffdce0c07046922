import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import autocannon from 'autocannon'
import { bareAppend } from './bare-append.ts'
import { inventedFirms, writeFirms } from './firms.ts'
import { type Measurement, median, percentile } from './measurement.ts'
import { ROOT, startBareServer, startRegistry } from './processes.ts'

const CONNECTIONS = 16
const ROUND_SECONDS = 4
const ROUNDS = 3
const RECORDED = 600
const ROWS = 10_000
const PASSWORD = 'seven quiet elephants'
const ENTERPRISE = 'DEM000030'
/** Enterprises that are recorded about, one inspection each. */
const FIRMS = 2000

/** The desk: its pages against a bare route, recording against a bare append, and reads while an upload is looked at. */
export async function measureDesk(folder: string): Promise<Measurement[]> {
  const dataDir = join(folder, 'desk')
  // The demo set comes into an empty register only, so the account comes after it.
  const registry = await startRegistry(dataDir, 'development')
  try {
    const officer = await Officer.signIn(registry.url, await createOfficer(dataDir))
    const keys = await openFirms(dataDir, folder)
    return [
      ...(await measurePages(registry.url, officer)),
      ...(await measureRecording(officer, keys, folder)),
      await measurePreview(registry.url, officer, keys),
    ]
  } finally {
    await registry.stop()
  }
}

async function measurePages(url: string, officer: Officer): Promise<Measurement[]> {
  const measured: Measurement[] = []
  for (const [name, path] of [
    ['the work queue', '/desk'],
    ['a file at the desk', `/desk/enterprises/${ENTERPRISE}`],
    ['a form at the desk', `/desk/new/inspection?code=${ENTERPRISE}`],
  ] as const) {
    const bare = await startBareServer(await officer.page(path))
    for (const [how, isNew] of [
      ['computed', true],
      ['unchanged', false],
    ] as const) {
      const [ours, theirs]: [number[], number[]] = [[], []]
      for (let round = 0; round < ROUNDS; round += 1) {
        theirs.push(await perSecond(bare.url, '/', '', isNew))
        ours.push(await perSecond(url, path, officer.cookie, isNew))
      }
      measured.push({
        name: `${name}, ${how}, per second`,
        ratio: median(ours) / median(theirs),
        target: { atLeast: 0.3 },
        detail: `${median(ours).toFixed(0)}/s, bare Fastify ${median(theirs).toFixed(0)}/s`,
      })
    }
    await bare.stop()
  }
  return measured
}

/** Requests per second; `isNew` asks each time under an address of its own, so that no answer is one that was kept. */
async function perSecond(url: string, path: string, cookie: string, isNew: boolean): Promise<number> {
  let asked = 0
  const join = path.includes('?') ? '&' : '?'
  const { requests, non2xx } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: ROUND_SECONDS,
    requests: [
      {
        headers: { cookie },
        setupRequest: (request: autocannon.Request) => {
          asked += 1
          return { ...request, path: `${path}${join}n=${isNew ? asked : 1}` }
        },
      },
    ],
  })
  if (non2xx > 0) throw new Error(`${non2xx} pages were refused`)
  return requests.average
}

/**
 * From the click until the answer that says saved, one after the other, against a bare durable append, by itself and
 * behind a bare route.
 */
async function measureRecording(
  officer: Officer,
  keys: readonly string[],
  folder: string,
): Promise<Measurement[]> {
  const form = {
    kind: '日常巡查',
    outcome: '合格',
    authority: '唐山市市场监督管理局',
    findings: '现场检查生产条件、进货查验和出厂检验记录。'.repeat(3),
  }
  const bare = await startBareServer('', join(folder, 'bare-route.db'))
  const append = bareAppend(join(folder, 'bare-append.db'))
  const [ours, routes, appends]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < RECORDED; i += 1) {
    const body = officer.form({ ...form, inspectedOn: '2026-11-01', product: `产品${i}` })
    appends.push(await timed(async () => append(body.toString())))
    routes.push(await timed(() => fetch(bare.url, { method: 'POST', body: body.toString() })))
    ours.push(await timed(() => officer.send(`/desk/new/inspection?code=${keys[i % keys.length]}`, body)))
  }
  await bare.stop()
  const own = percentile(ours, 0.99)
  return (
    [
      ['a bare durable append', appends],
      ['a bare durable append over HTTP', routes],
    ] as const
  ).map(([what, times]) => {
    const plain = percentile(times, 0.99)
    return {
      name: `recording an inspection, click to saved, p99 against ${what}`,
      ratio: own / plain,
      target: { atMost: 5 },
      detail: `${own.toFixed(1)} ms, ${what} ${plain.toFixed(1)} ms; medians ${median(ours).toFixed(1)} and ${median(times).toFixed(1)} ms`,
    }
  })
}

async function measurePreview(url: string, officer: Officer, keys: readonly string[]): Promise<Measurement> {
  const head = '组织机构代码,检查类别,检查日期,检查机关,产品名称,检查结果'
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `${keys[i % keys.length]},日常巡查,2026-0${1 + (i % 9)}-1${i % 10},唐山市局,产品${i},合格`,
  )
  const read = () =>
    timed(() => fetch(`${url}/api/v1/enterprises/DEM000014`).then((answer) => answer.arrayBuffer()))
  const reads = async (until: Promise<unknown>) => {
    let isOver = false
    const ending = until.finally(() => {
      isOver = true
    })
    const times: number[] = []
    while (!isOver) {
      times.push(await read())
      await sleep(2)
    }
    await ending
    return times
  }
  const idle = await reads(sleep(4000))
  const busy: number[] = []
  let seconds = 0
  for (let i = 0; i < ROUNDS; i += 1)
    busy.push(
      ...(await reads(
        timed(() => officer.upload('inspection', `${head}\n${rows.join('\n')}\n`)).then((took) => {
          seconds += took / 1000
        }),
      )),
    )
  const [calm, loaded] = [percentile(idle, 0.99), percentile(busy, 0.99)]
  return {
    name: `p99 of reads while an upload of ${ROWS} rows is looked at`,
    ratio: loaded / calm,
    target: { atMost: 3 },
    detail: `${loaded.toFixed(2)} ms, idle ${calm.toFixed(2)} ms; a look took ${(seconds / ROUNDS).toFixed(1)} s`,
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}

/** Opens files for invented firms beside the running server, as an operator imports them; returns their keys. */
async function openFirms(dataDir: string, folder: string): Promise<string[]> {
  const csv = join(folder, 'desk-firms.csv')
  await writeFirms(csv, FIRMS)
  await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'src/cli/start.ts', 'import', 'enterprise', csv],
    { cwd: ROOT, env: { ...process.env, DATA_DIR: dataDir } },
  )
  return Array.from(inventedFirms(FIRMS), ({ uscc }) => uscc.slice(8, 17))
}

/** Creates an account as an operator does; returns its first password. */
async function createOfficer(dataDir: string): Promise<string> {
  const args = ['--import', 'tsx', 'src/cli/start.ts', 'officer', 'create', 'zhangsan', '--name', '张三']
  const more = ['--authority', '河北省市场监督管理局', '--role', 'recorder,reviewer']
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...more], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir },
  })
  return stdout.trim().split('\n').at(-1)?.trim() ?? ''
}

/** Somebody who works at the desk over HTTP. */
class Officer {
  readonly #url: string
  cookie = ''
  #token = ''

  constructor(url: string) {
    this.#url = url
  }

  static async signIn(url: string, first: string): Promise<Officer> {
    const officer = new Officer(url)
    await officer.send('/desk/sign-in', new URLSearchParams({ login: 'zhangsan', password: first }))
    await officer.#learnToken('/desk/account')
    const change = { current: first, password: PASSWORD, again: PASSWORD }
    await officer.send('/desk/account/password', officer.form(change))
    await officer.#learnToken('/desk')
    return officer
  }

  async #learnToken(path: string): Promise<void> {
    this.#token = /name="token" value="([^"]+)"/.exec(await this.page(path))?.[1] ?? ''
  }

  async page(path: string): Promise<string> {
    const answer = await fetch(`${this.#url}${path}`, {
      headers: { cookie: this.cookie },
      redirect: 'manual',
    })
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
    return answer.text()
  }

  form(fields: Record<string, string>): URLSearchParams {
    return new URLSearchParams({ ...fields, token: this.#token, command: crypto.randomUUID() })
  }

  async send(path: string, body: URLSearchParams): Promise<void> {
    await this.#post(path, body)
  }

  async upload(type: string, content: string): Promise<void> {
    const body = new FormData()
    body.set('token', this.#token)
    body.set('type', type)
    body.set('file', new Blob([content]), 'rows.csv')
    await this.#post('/desk/imports', body)
  }

  async #post(path: string, body: URLSearchParams | FormData): Promise<void> {
    const answer = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: { cookie: this.cookie },
      redirect: 'manual',
      body,
    })
    await answer.arrayBuffer()
    if (answer.status !== 303) throw new Error(`${path}: ${answer.status}`)
    const [cookie] = answer.headers.getSetCookie().filter((one) => one.startsWith('desk='))
    if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? ''
  }
}
