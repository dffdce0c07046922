import type { Maker } from '../authority/maker.ts'
import type { Officer } from '../authority/officers.ts'
import type { Views } from '../views/views.ts'

/** Names whoever did something, with their authority, so that two are told apart. */
export type MakerWords = (maker: Maker) => string

/** Names somebody from the name in their entry and the account that it came from. */
export type PersonWords = (name: string, account?: string | undefined) => string

/** A machine's key as whoever did something (接口密钥): its name is whatever its administrator gave it, and may be a person's. */
export function keyInWords(name: string): string {
  return `接口密钥“${name}”`
}

/**
 * How people are named so that two are told apart: with the account where another bears the name too, or this one bears
 * another by now; a key that acts for an officer (`--for`) with whose it is, and any other as a key, whatever it is called.
 */
export function personWords(views: Pick<Views, 'officers' | 'apiKey'>): PersonWords {
  let all: Officer[] | undefined
  const officersNow = () => {
    all ??= views.officers()
    return all
  }
  const namesake = (name: string, login: string) =>
    officersNow().some((other) => other.name === name && other.login !== login)
  return (names, account = '') => {
    const [kind, id = ''] = account.split('/')
    const login = kind === 'key' ? views.apiKey(id)?.actsFor : kind === 'officer' ? id : undefined
    // A machine is nobody's second, so the whole is its name.
    if (kind === 'key' && login === undefined) return keyInWords(names)
    const own = login === undefined ? undefined : officersNow().find((known) => known.login === login)
    const one = (name: string) => {
      if (kind === 'key') return `${name}（${own ? `${own.name} ` : '账号 '}${login} 的密钥）`
      if (!own) return name
      return own.name !== name || namesake(name, own.login) ? `${name}（${own.login}）` : name
    }
    // Where two did it the account is the second one's, who confirmed.
    const at = own?.name === names ? -1 : names.lastIndexOf('、')
    return names.slice(0, at + 1) + one(names.slice(at + 1))
  }
}

/** The same with the authority that they acted for, as answers name them. */
export function makerWords(person: PersonWords): MakerWords {
  return ({ authority, officer, account }) => `${authority} ${person(officer, account)}`
}
