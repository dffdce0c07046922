import { cli } from '../faults/processes.ts'

const PASSWORD = 'a soak of ordinary life'

/** Somebody who works at the desk with a browser that runs no scripts: it keeps its cookie, opens forms and sends them. */
export class Officer {
  readonly #url: string
  readonly #ask: AskDesk
  #cookie = ''

  private constructor(url: string, ask: AskDesk) {
    this.#url = url
    this.#ask = ask
  }

  /** Creates an account, as an operator does; gives its first password. */
  static async create(dataDir: string, login: string, staffNo: string, role: string): Promise<string> {
    const asked = ['officer', 'create', login, '--name', login, '--authority', '省测试局', '--role', role]
    const { code, stdout, stderr } = await cli(dataDir, ...asked, '--staff-no', staffNo)
    if (code !== 0) throw new Error(stderr)
    return stdout.trim().split('\n').at(-1)?.trim() ?? ''
  }

  /** Signs in with a first password, and takes one of their own. */
  static async signIn(url: string, login: string, first: string, ask: AskDesk): Promise<Officer> {
    const officer = new Officer(url, ask)
    await officer.#send('sign in', '/desk/sign-in', new URLSearchParams({ login, password: first }))
    const change = { current: first, password: PASSWORD, again: PASSWORD }
    await officer.fill('password', '/desk/account', change, '/desk/account/password')
    return officer
  }

  /** A page of the desk; throws where it is refused. */
  async page(kind: string, path: string): Promise<string> {
    const { status, body } = await this.#ask(kind, () =>
      fetch(`${this.#url}${path}`, { headers: { cookie: this.#cookie }, redirect: 'manual' }),
    )
    if (status !== 200) throw new Error(`${kind} ${path}: ${status}`)
    return body
  }

  /** Opens a form, fills it in and sends it, with all that the page put into it; gives the address that it leads to. */
  async fill(kind: string, path: string, fields: Record<string, string>, to = path): Promise<string> {
    const body = await this.page(`${kind}: its form`, path)
    return this.#send(kind, to, new URLSearchParams({ ...marksIn(body, to), ...fields }))
  }

  async #send(kind: string, path: string, form: URLSearchParams): Promise<string> {
    const { status, headers, body } = await this.#ask(kind, () =>
      fetch(`${this.#url}${path}`, {
        ...{ method: 'POST', redirect: 'manual', body: form },
        headers: { cookie: this.#cookie },
      }),
    )
    const faults = /class="fault[^>]*>([^<]*)/.exec(body)?.[1] ?? ''
    if (status !== 303) throw new Error(`${kind} ${path}: ${status} ${faults}`)
    const cookie = headers.getSetCookie().find((one) => one.startsWith('desk='))
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? ''
    return headers.get('location') ?? ''
  }
}

/** Asks something of the desk. */
export type AskDesk = (
  kind: string,
  send: () => Promise<Response>,
) => Promise<{ status: number; body: string; headers: Headers }>

/** The hidden fields of the form on a page that goes to an address, and the number that makes it count once. */
function marksIn(body: string, to: string): Record<string, string> {
  const at = body.indexOf(`method="post" action="${to.replaceAll('&', '&amp;')}"`)
  if (at < 0) throw new Error(`no form to ${to}`)
  const form = body.slice(at, body.indexOf('</form>', at))
  const hidden = form.matchAll(/<input type="hidden" name="([\w-]+)" value="([^"]*)"/g)
  return Object.fromEntries(Array.from(hidden, ([, name = '', value = '']) => [name, value]))
}

/** The two persons at the desk. */
export interface Desk {
  records: Officer
  confirms: Officer
}

interface Parts {
  desk: Desk
  /** Asks for a public page or answer. */
  ask(kind: string, path: string): Promise<{ body: string }>
  compared(kind: string, wrong: string | undefined): void
  /** Notes that one file more, or fewer, was asked for; what it gives notes the acknowledgement. */
  counts(by: number): () => void
}

/**
 * A file is opened, a record entered and taken back, and the file withdrawn, all by forms, the last two with a second person: each
 * shows to officers and the public as soon as it was answered.
 */
export async function workAtDesk({ desk, ask, compared, counts }: Parts, uscc: string): Promise<void> {
  const { records, confirms } = desk
  const firm = uscc.slice(8, 17)
  const name = `示例长跑柜台${firm}公司`
  const product = `柜台产品${firm}`
  const held = (kind: string, where: string, text: string, what: string, shows: boolean) =>
    compared(
      kind,
      text.replaceAll(/<\/?mark>/g, '').includes(what) === shows
        ? undefined
        : `${where} ${shows ? 'does not show' : 'still shows'} ${what}`,
    )
  /** Holds what officers and the public read against what was acknowledged. */
  const shown = async (what: string, shows: boolean) => {
    const own = `/desk/enterprises/${firm}`
    held('desk', own, await records.page('desk: a file', own), what, shows)
    for (const path of [`/enterprises/${firm}`, `/api/v1/enterprises/${firm}`])
      held('public after desk', path, (await ask('public after desk', path)).body, what, shows)
  }
  const opened = counts(1)
  await records.fill('desk: open', '/desk/new-file', { uscc, name, region: '130102', status: '存续' })
  opened()
  await shown(name, true)

  const inspection = {
    ...{ kind: '日常巡查', product, inspectedOn: '2026-06-01', outcome: '合格' },
    authority: '河北省市场监督管理局',
  }
  await records.fill('desk: record', `/desk/new/inspection?code=${firm}`, inspection)
  await shown(product, true)
  const [, id = ''] =
    new RegExp(`acts/withdraw-record\\?code=${firm}&amp;id=([\\w-]+)`).exec(
      await records.page('desk: a file', `/desk/enterprises/${firm}`),
    ) ?? []
  await twoPersons(desk, `/desk/acts/withdraw-record?code=${firm}&id=${id}`)
  for (const path of [`/enterprises/${firm}`, `/api/v1/enterprises/${firm}`])
    held('public after desk', path, (await ask('public after desk', path)).body, product, false)

  const gone = counts(-1)
  await twoPersons(desk, `/desk/acts/withdraw-file?code=${firm}`)
  gone()
  for (const path of [`/enterprises/${firm}`, `/search?q=${encodeURIComponent(uscc)}`])
    held('public after desk', path, (await ask('public after desk', path)).body, name, false)
  const queue = await confirms.page('desk: proposals', '/desk/proposals')
  held('desk', '/desk/proposals', queue, name, false)
}

/** An act is put forward by one and confirmed by the other, who finds it in the queue; done at once where it needs no second person. */
async function twoPersons({ records, confirms }: Desk, form: string): Promise<void> {
  const leadsTo = await records.fill('desk: put forward', form, { reason: '误登' })
  const [proposal] = /\/desk\/proposals\/[\w-]+/.exec(leadsTo) ?? []
  if (proposal !== undefined) await confirms.fill('desk: confirm', proposal, {}, `${proposal}/confirm`)
}
