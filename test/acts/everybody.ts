import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { duties, type Role, scopesOf } from '../../src/authority/roles.ts'
import { officer, Visitor } from '../desk/visitor.ts'
import { testServer } from '../support.ts'

/** The people of five authorities, and who of them may do what, as `everybody.txt` has it: what an official reads. */

export const AUTHORITIES = {
  省: { name: '省局' },
  市: { name: '石家庄市局', region: '130100' },
  县: { name: '长安区局', region: '130102' },
  邻: { name: '桥西区局', region: '130104' },
  外: { name: '唐山市局', region: '130200' },
} as const
export type Place = keyof typeof AUTHORITIES

interface Person {
  at: Place
  roles: readonly Role[]
  /** The person, where an account is somebody's second. */
  staffNo?: string
}

export const ALL: readonly Role[] = ['recorder', 'reviewer', 'publisher']
const people = {
  县录: { at: '县', roles: ['recorder'], staffNo: 'one' },
  县录二: { at: '县', roles: ALL, staffNo: 'one' },
  县审: { at: '县', roles: ALL },
  县发: { at: '县', roles: ['publisher'] },
  县管: { at: '县', roles: ['administrator'] },
  县管二: { at: '县', roles: ['administrator'] },
  监察: { at: '县', roles: ['auditor'] },
  停用: { at: '县', roles: ALL },
  邻审: { at: '邻', roles: ALL },
  邻管: { at: '邻', roles: ['administrator'] },
  外审: { at: '外', roles: ALL },
  外管: { at: '外', roles: ['administrator'] },
  市审: { at: '市', roles: ALL },
  市管: { at: '市', roles: ['administrator'] },
  省审: { at: '省', roles: ALL },
  省审二: { at: '省', roles: ALL },
  省管: { at: '省', roles: ['administrator'] },
} satisfies Record<string, Person>
export type Name = keyof typeof people
export const names = Object.keys(people) as Name[]
export const personNamed: Readonly<Record<Name, Person>> = people
/** A machine's key of the county, with every right of its officers. */
export const MACHINE = '县机'
export const everyone = [...names, MACHINE] as const
export type Anybody = (typeof everyone)[number]

export interface Line {
  act: string
  duties: string[]
  at: string[]
  /** Who had a hand in it already. */
  apart: string
  confirm?: { duties: string[]; at: string[] }
  /** By which command whoever holds the data directory does it, or only puts it forward, and in whose names. */
  command?: { words: string; isProposed: boolean; at: string[] }
}

/** The table as it is written: what an official reads. */
export const table = new Map(
  readFileSync(new URL('everybody.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'))
    .map((text): [string, Line] => {
      const [name = '', held = '', at = '', apart = '', confirm = '', command = ''] = text
        .split('|')
        .map((part) => part.trim())
      const words = (said: string) => said.split(' ').filter((word) => word !== '')
      const [second = '', where = ''] = confirm.split('，')
      const [typed = '', inNames = ''] = command.split('，')
      const [, commandWords = '', onlyPut] = /^(.*?)( 只提请)?$/.exec(typed) ?? []
      return [
        name,
        {
          ...{ act: name.split('@')[0] ?? '', duties: words(held), at: words(at), apart },
          ...(confirm !== '' && { confirm: { duties: words(second), at: words(where) } }),
          ...(command !== '' && {
            command: { words: commandWords, isProposed: onlyPut !== undefined, at: words(inNames) },
          }),
        },
      ]
    }),
)

export const placeOf = (who: Anybody): Place => (who === MACHINE ? '县' : personNamed[who].at)
const dutiesOf = (who: Anybody): string[] =>
  who === MACHINE ? ['录入', '审核', '发布'] : personNamed[who].roles.map((role) => duties[role].label)
const identityOf = (who: string): string =>
  names.some((name) => name === who) ? (personNamed[who as Name].staffNo ?? who) : who
const fits = (who: Anybody, asked: { duties: string[]; at: string[] }) =>
  who !== '停用' &&
  asked.at.includes(placeOf(who)) &&
  asked.duties.some((duty) => dutiesOf(who).includes(duty))

/** Whether somebody may, by the table. */
export function may(who: Anybody, line: Line): boolean {
  if (!fits(who, line)) return false
  // A machine is nobody's second pair of eyes in its own authority.
  return line.apart === '' || (who !== MACHINE && identityOf(who) !== identityOf(line.apart))
}

/** Whether somebody may confirm what another put forward, by the table. */
export function mayConfirm(who: Anybody, line: Line, proposer: Name): boolean {
  if (!line.confirm || !fits(who, line.confirm) || who === MACHINE) return false
  const hands = [proposer, ...(line.apart === '' ? [] : [line.apart])].map(identityOf)
  return !hands.includes(identityOf(who))
}

/** A registry with these authorities and people, each with an account, a key in their name and an open session. */
export async function staffedBureau(t: Test) {
  const server = await testServer(t)
  const { registry, app } = server
  const author = { authority: '系统管理', officer: '命令行' }
  const ids = new Map<Place, string>()
  for (const [place, { name, ...more }] of Object.entries(AUTHORITIES)) {
    const above = place === '省' ? undefined : ids.get(place === '县' || place === '邻' ? '市' : '省')
    ids.set(place as Place, (await registry.authorities.open({ name, ...more, above }, author)).id)
  }
  const logins = new Map<Name, string>()
  const headers = new Map<Anybody, { authorization: string }>()
  const accounts = new Map<Anybody, string>()
  for (const [i, who] of names.entries()) {
    const { at, roles, staffNo = who } = personNamed[who]
    const login = `person-${i}`
    const { name: authority } = AUTHORITIES[at]
    await officer(server, { login, name: who, authority, roles: [...roles], staffNo })
    const made = await registry.keys.create(
      { name: who, authority, scopes: scopesOf(roles), actsFor: login },
      author,
    )
    logins.set(who, login)
    headers.set(who, { authorization: `Bearer ${made.text}` })
    accounts.set(who, `key/${made.key.id}`)
  }
  const machine = await registry.keys.create(
    { name: '机器', authority: '长安区局', scopes: scopesOf(ALL) },
    author,
  )
  headers.set(MACHINE, { authorization: `Bearer ${machine.text}` })
  accounts.set(MACHINE, `key/${machine.key.id}`)
  const visitors = new Map<Name, { visitor: Visitor; token: string }>()
  /** Everybody signs in, and one account is closed behind its session. */
  const signIn = async () => {
    for (const who of names) {
      const known = visitors.has(who)
      if (who === '停用' && known) continue
      const visitor = new Visitor(server)
      await visitor.signIn(logins.get(who) ?? '')
      const { body } = await visitor.get('/desk/account')
      const [, token = ''] = /name="token" value="([^"]*)"/.exec(body) ?? []
      visitors.set(who, { visitor, token })
    }
  }
  await signIn()
  await registry.acts.carryOut('disable-officer', { id: logins.get('停用') ?? '' }, {}, author)
  const send = (who: Anybody, method: 'POST' | 'PATCH' | 'GET', url: string, payload?: object) =>
    app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { ...headers.get(who), ...(method !== 'GET' && { 'if-match': '*' }) },
      ...(payload && { payload }),
    })
  const headersOf = (who: Anybody) => headers.get(who) ?? { authorization: '' }
  return { ...server, author, ids, logins, accounts, visitors, signIn, send, headersOf }
}
