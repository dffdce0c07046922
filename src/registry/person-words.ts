import type { Maker } from '../authority/maker.ts'
import type { Officer } from '../authority/officers.ts'
import type { Views } from '../views/views.ts'

/** Names whoever did something, with their authority, so that two are told apart. */
export type MakerWords = (maker: Maker) => string

/** Names somebody from the name in their entry and the account that it came from. */
export type PersonWords = (name: string, account?: string | undefined) => string

/**
 * How people are named so that two are told apart: with the account where another bears the name too, or this one bears
 * another by now; a key that acts for an officer (`--for`) with whose it is.
 */
export function personWords(views: Pick<Views, 'officers' | 'apiKey'>): PersonWords {
  let all: Officer[] | undefined
  const officersNow = () => {
    all ??= views.officers()
    return all
  }
  const namesake = (name: string, login: string) =>
    officersNow().some((other) => other.name === name && other.login !== login)
  const one = (name: string, account: string) => {
    const [kind, id = ''] = account.split('/')
    const login = kind === 'key' ? views.apiKey(id)?.actsFor : kind === 'officer' ? id : undefined
    const own = login === undefined ? undefined : officersNow().find((known) => known.login === login)
    if (!own) return name
    if (kind === 'key') return `${name}（${own.name} ${own.login} 的密钥）`
    return own.name !== name || namesake(name, own.login) ? `${name}（${own.login}）` : name
  }
  return (names, account = '') => {
    // Where two did it the account is the second one's, who confirmed.
    const both = names.split('、')
    const last = both.pop() ?? ''
    return [...both, one(last, account)].join('、')
  }
}

/** The same with the authority that they acted for, as answers name them. */
export function makerWords(person: PersonWords): MakerWords {
  return ({ authority, officer, account }) => `${authority} ${person(officer, account)}`
}
