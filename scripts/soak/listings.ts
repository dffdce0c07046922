import { post } from '../faults/load.ts'
import type { Ledger } from './ledger.ts'
import { statisticsHeld } from './statistics.ts'

/** Whoever decides on listings: two persons, each with a key in their own name. */
export interface Deciders {
  proposes: string
  decides: string
}

/** A listing as it stands by what was acknowledged last. */
export interface Listed {
  /** Its firm's name and organisation code, and its own id. */
  name: string
  firm: string
  id: string
}

interface Parts {
  url: string
  deciders: Deciders
  /** Asks for a page or a feed; what is answered as text, and its headers. */
  ask(kind: string, path: string): Promise<{ status: number; body: string; headers: Headers }>
  /** Sends an act; throws where it is refused. */
  act(kind: string, send: () => Promise<Response>): Promise<Response>
  /** Notes a comparison, and what was wrong with it. */
  compared(kind: string, wrong: string | undefined): void
  next(): string
}

const DAY_MS = 24 * 3_600_000

/** The day so many days ago, in Shanghai. */
export function dayAgo(days: number): string {
  return new Date(Date.now() + DAY_MS / 3 - days * DAY_MS).toISOString().slice(0, 10)
}

/** Puts a firm on the blacklist, from its penalty to the publication, by two persons; gives it once that was acknowledged. */
export async function list({ url, deciders, act, next }: Parts): Promise<Listed> {
  const uscc = next()
  const firm = uscc.slice(8, 17)
  const name = `示例长跑失信${firm}公司`
  const { proposes, decides } = deciders
  const day = dayAgo
  const send = async (kind: string, key: string, path: string, body: object): Promise<{ id: string }> => {
    const answer = await act(kind, () => post(url, key, path, body))
    return answer.json()
  }
  await send('open to list', proposes, '/enterprises', { uscc, enterprise: { name, region: '130102' } })
  const penalty = {
    ...{ documentNo: `冀罚〔2026〕${firm}号`, procedure: '普通程序', conduct: '无证生产电缆' },
    ...{ category: '无证生产经营', facts: '无证生产电缆一批', severity: '严重', area: '其他产品' },
    violatedProvision: '工业产品生产许可证管理条例第五条',
    penaltyBasis: '工业产品生产许可证管理条例第四十五条',
    ...{ types: ['罚款'], content: '罚款', fine: 50_000, decidedOn: day(80), authority: '省测试局' },
    ...{ hearingToldOn: day(100), hearing: '当事人未要求' },
  }
  const { id: penaltyId } = await send('penalty', proposes, `/enterprises/${firm}/records`, {
    type: 'penalty',
    data: penalty,
  })
  const proposal = {
    ...{ ruleSet: 'order-44', ground: 'unlicensed', penalties: [penaltyId] },
    ...{ facts: '无证生产电缆', reasons: '依据名单管理办法' },
  }
  const { id } = await send('propose', proposes, `/enterprises/${firm}/cases`, proposal)
  const steps = [
    [proposes, { step: 'notice', servedOn: day(40), way: '直接送达', noticeNo: `告${firm}` }],
    [
      decides,
      {
        ...{ step: 'decision', listed: true, decisionNo: `冀列〔2026〕${firm}`, decidedOn: day(0) },
        ...{ reasons: '事实清楚', measures: ['依据法律法规，在审查行政许可、资质、资格时作为重要考量因素'] },
      },
    ],
    [decides, { step: 'publication' }],
  ] as const
  for (const [key, step] of steps) await send(step.step, key, `/cases/${id}/steps`, step)
  return { name, firm, id }
}

/** Takes a wrong listing back, by two persons, which erases its texts; gives the position that this was acknowledged at. */
export async function revoke(parts: Parts, { id }: Listed): Promise<number> {
  const { url, deciders, act } = parts
  const asked = await act('revoke', () =>
    post(url, deciders.proposes, `/cases/${id}/steps`, { step: 'revocation', reason: '列错' }),
  )
  await asked.arrayBuffer()
  return confirmed(parts, asked)
}

/** The second person's confirmation of what an act put forward; gives the position that it was acknowledged at. */
export async function confirmed({ url, deciders, act }: Parts, asked: Response): Promise<number> {
  const proposal = asked.headers.get('location')?.split('/').at(-1) ?? ''
  const done = await act('confirm', () =>
    post(url, deciders.decides, `/proposals/${proposal}/confirmation`, {}),
  )
  await done.arrayBuffer()
  return Number(done.headers.get('register-position'))
}

/** Where a listing shows while it stands, and nowhere any more once it doesn't. */
function places({ name, firm, id }: Listed): Readonly<Record<string, string>> {
  const named = encodeURIComponent(name)
  return {
    home: '/',
    'home in English': '/en',
    'the list': '/blacklist',
    'the list asked by name': `/blacklist?q=${named}`,
    'the list by the API': `/api/v1/blacklist?q=${firm}`,
    'the Atom feed': '/blacklist/feed.atom',
    'the JSON feed': '/blacklist/feed.json',
    'the search': `/search?q=${named}&listed=true`,
    'the search by the API': `/api/v1/enterprises?q=${named}&listed=true`,
    'the page of the firm': `/enterprises/${firm}`,
    'the listing’s own page': `/blacklist/${id}`,
  }
}

/** Whether a place shows a listing: some name what was asked, and the page of a firm its name, whether it is listed or not. */
function isShown(place: string, text: string, { name, firm, id }: Listed): boolean {
  if (place === 'the page of the firm') return !text.includes('未被列入')
  if (place.startsWith('the search'))
    return text.includes(`/enterprises/${firm}`) || text.includes(`"${firm}"`)
  if (place.startsWith('the list asked') || place === 'the list by the API') return text.includes(id)
  return text.includes(name)
}

/** Holds every public place against whether a listing stands, and copies against what was erased at a position. */
export async function holdAgainst(parts: Parts, listed: Listed, erasedAt?: number): Promise<void> {
  const { ask, compared } = parts
  for (const [place, path] of Object.entries(places(listed))) {
    const { body } = await ask(place, path)
    const text = body.replaceAll(/<\/?mark>/g, '')
    const shows = isShown(place, text, listed)
    const isWrong = shows === (erasedAt !== undefined)
    compared(
      place,
      isWrong ? `${place} ${shows ? 'still shows' : 'does not show'} ${listed.name}` : undefined,
    )
  }
  if (erasedAt === undefined) return
  const { body } = await ask('copies', '/bulk/public')
  const { items = [] }: { items?: { position: number }[] } = JSON.parse(body)
  const old = items.filter(({ position }) => position < erasedAt)
  compared(
    'copies',
    old.length > 0 ? `a copy of ${old[0]?.position} is handed out after ${erasedAt}` : undefined,
  )
}

/**
 * Figures of a minute say from when they are; none is older than a minute and what it took to ask, and each is what had been
 * acknowledged by then.
 */
export async function holdFigures({ ask, compared }: Parts, path: string, ledger: Ledger): Promise<void> {
  const { body, headers } = await ask('figures', path)
  const seen = Date.now()
  const [, time] = AS_OF.exec(body) ?? []
  const age =
    time === undefined ? Number.NaN : (Date.now() - Date.parse(`${time.replace(' ', 'T')}+08:00`)) / 1000
  const isOld = age > MOST_SECONDS || Number.isNaN(age)
  compared(
    'figures',
    isOld ? `${path}: figures of ${age.toFixed(0)} s ago at ${headers.get('register-position')}` : undefined,
  )
  if (path === '/statistics' && !Number.isNaN(age))
    for (const { what, fault } of statisticsHeld(body, ledger, { moment: seen - age * 1000, seen }))
      compared(`statistics: ${what}`, fault && `${fault} at ${time}`)
  for (const [of, to] of [
    ['files', '/search'],
    ['listed', '/blacklist'],
  ] as const) {
    const figure = figureOf(body, to)
    if (figure === undefined || Number.isNaN(age)) continue
    const { least, most } = ledger.span(of, seen - age * 1000, seen)
    const isRight = figure >= least && figure <= most
    compared(
      `figure of ${of}`,
      isRight
        ? undefined
        : `${path}: ${figure} ${of} at ${time}, where ${least} to ${most} were acknowledged`,
    )
  }
}

const MOST_SECONDS = 75

/** When figures are from, in either language. */
const AS_OF = /(?:数字截至|Figures as of) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/
/** What a figure of the home page is; undefined where the page has no such figure. */
function figureOf(body: string, to: string): number | undefined {
  const found = new RegExp(
    `<dt><a href="(?:/en)?${to}">[^<]*</a></dt><dd class="number">([\\d,\\s]+)</dd>`,
  ).exec(body)
  return found?.[1] === undefined ? undefined : Number(found[1].replaceAll(/\D/g, ''))
}
