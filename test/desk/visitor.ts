import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import type { Role } from '../../src/authority/roles.ts'
import { openAuthority, type TestServer } from '../support.ts'

export const PASSWORD = 'correct horse battery'
export const author = { authority: '系统管理员', officer: '测试' }

interface NewOfficer {
  login: string
  name?: string
  authority?: string
  roles: Role[]
  region?: string | undefined
  /** The person; another one for each account unless it is said. */
  staffNo?: string | undefined
}

/** An officer who has a password of their own. */
export async function officer({ registry }: Pick<TestServer, 'registry'>, given: NewOfficer): Promise<void> {
  const { login, name = '张三', authority = '河北省市场监督管理局', roles, region, staffNo = login } = given
  const password = `first ${PASSWORD}`
  await openAuthority({ registry }, authority, region)
  await registry.officers.create({ login, name, authority, region, roles, staffNo, password }, author)
  await registry.officers.setPassword(login, PASSWORD, { author, first: false })
}

/** A browser of the poorest kind: it keeps its cookies and sends forms. */
export class Visitor {
  readonly #app: TestServer['app']
  readonly #cookies = new Map<string, string>()
  readonly #headers: Readonly<Record<string, string>>
  /** `headers` are what a proxy adds on the way. */
  constructor(
    { app }: Pick<TestServer, 'app'> & Partial<TestServer>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.#app = app
    this.#headers = headers
  }

  get cookie(): string {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ')
  }

  async get(url: string) {
    return this.#keep(await this.#app.inject({ url, headers: { ...this.#headers, cookie: this.cookie } }))
  }

  async send(url: string, form: Record<string, string | string[]>, referer?: string) {
    const headers = {
      ...this.#headers,
      cookie: this.cookie,
      'content-type': 'application/x-www-form-urlencoded',
      ...(referer !== undefined && { referer: `http://localhost${referer}` }),
    }
    const payload = new URLSearchParams(
      Object.entries(form).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
    ).toString()
    return this.#keep(await this.#app.inject({ method: 'POST', url, headers, payload }))
  }

  /** Sends a file with the form of a page. */
  async upload(
    page: string,
    url: string,
    fields: Record<string, string>,
    /** None, as no browser sends it. */
    name: string | undefined,
    content: string | Buffer,
  ) {
    const marks = marksOf((await this.get(page)).body)
    const boundary = 'x-form-boundary'
    const parts = Object.entries({ ...marks, ...fields }).map(
      ([field, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
    )
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"${name === undefined ? '' : `; filename="${name}"`}\r\nContent-Type: application/octet-stream\r\n\r\n`
    const payload = Buffer.concat([
      Buffer.from(parts.join('') + head),
      Buffer.from(content),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    const headers = {
      ...this.#headers,
      cookie: this.cookie,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    }
    return this.#keep(await this.#app.inject({ method: 'POST', url, headers, payload }))
  }

  /** Fills in a form of a page and sends it, with the marks that the page gave it. */
  async fill(page: string, form: Record<string, string | string[]>, to = page) {
    const { body } = await this.get(page)
    return this.send(to, { ...marksOf(body, to), ...form }, page)
  }

  signIn(login: string, password = PASSWORD) {
    return this.send('/desk/sign-in', { login, password })
  }

  #keep<T extends { headers: Record<string, unknown> }>(answer: T): T {
    for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = String(cookie).split(';')
      const at = pair.indexOf('=')
      if (/Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(String(cookie))) this.#cookies.delete(pair.slice(0, at))
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }
}

/**
 * Hidden fields of the form of a page that goes to an address. Where the page offers no such form, the marks that one
 * would have: what a page does not offer is to be refused all the same.
 */
export function marksOf(body: string, to?: string): Record<string, string> {
  const main = body.slice(body.indexOf('<main'))
  const [, token = ''] = /name="token" value="([^"]*)"/.exec(body) ?? []
  const escaped = to?.replaceAll('&', '&amp;')
  const at = escaped === undefined ? -1 : main.indexOf(`method="post" action="${escaped}"`)
  const form = at < 0 ? main : main.slice(at, main.indexOf('</form>', at))
  const hidden = form.matchAll(/<input type="hidden" name="([\w-]+)" value="([^"]*)"/g)
  const own = Object.fromEntries(Array.from(hidden, ([, name = '', value = '']) => [name, value]))
  return { token, command: randomUUID(), ...own }
}

/** What the fields of a page's form hold, by name: lines, texts of several lines, what is chosen of a list. */
export function fieldsOf(body: string): Record<string, string> {
  const at = body.indexOf('<form', body.indexOf('data-save') - 200)
  const form = body.slice(at, body.indexOf('</form>', at))
  const fields: Record<string, string> = {}
  for (const [, marks = ''] of form.matchAll(/<input ([^>]*)>/g)) {
    const [, name] = /\bname="([^"]*)"/.exec(marks) ?? []
    const [, value = ''] = /\bvalue="([^"]*)"/.exec(marks) ?? []
    if (name !== undefined && !/type="(hidden|checkbox|radio)"/.test(marks)) fields[name] = unescaped(value)
  }
  for (const [, name = '', text = ''] of form.matchAll(/<textarea [^>]*name="([^"]*)"[^>]*>([^<]*)</g))
    fields[name] = unescaped(text)
  for (const [, name = '', inner = ''] of form.matchAll(
    /<select [^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    const [, value = ''] = /<option value="([^"]*)" selected/.exec(inner) ?? []
    fields[name] = unescaped(value)
  }
  return fields
}

function unescaped(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}

/** Somebody signed in with some duties. */
export async function signedIn(server: TestServer, given: NewOfficer): Promise<Visitor> {
  await officer(server, given)
  const visitor = new Visitor(server)
  await visitor.signIn(given.login)
  return visitor
}

/** Has the first password of an account set anew as two administrators do it; whoever asked for it is told it then. */
export async function resetByTwo(t: Test, server: TestServer, login: string): Promise<void> {
  const { acts } = server.registry
  for (const admin of ['guanli', 'guanyi'])
    await officer(server, { login: admin, name: admin, roles: ['administrator'] })
  const by = (admin: string, step: number) => ({
    actor: { id: `officer/${admin}`, authority: '', officer: '' },
    command: `officer/${admin}/${step}`,
  })
  const reset = (step: number) =>
    acts.perform(acts.named('reset-password'), { id: login }, {}, by('guanli', step))
  const { proposal } = await reset(1)
  t.match(proposal, { status: 'open' }, 'though the account decides nothing')
  await acts.confirm(proposal?.id ?? '', by('guanyi', 2))
  t.match(await reset(3), { secret: { text: /./ } })
}
