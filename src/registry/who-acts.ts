import { type Acting, type Actor, type Doer, trusted, type Who } from '../authority/acting.ts'
import type { Made } from '../authority/authorities.ts'
import { type ApiKey, keySubject } from '../authority/keys.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import { scopesOf } from '../authority/roles.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Views } from '../views/views.ts'

/** Who somebody is at this moment, and the revisions that this rests on. */
export interface WhoActs extends Who {
  saw: ReadonlyMap<string, number>
}

/**
 * Somebody as the register knows them now: rights, bounds and authority are judged when a thing happens, never as they
 * were when it was begun. Refuses an account or a key that has been closed since.
 */
export function whoActs(views: Views, asked: Actor): WhoActs {
  const authorities = views.authorities()
  const { id = '' } = asked
  const doer = (made: Made & { officer: string }) => doerOf(views, made)
  const key = id.startsWith(keySubject('')) ? views.apiKey(id.slice(keySubject('').length)) : undefined
  const officer = id.startsWith(officerSubject(''))
    ? views.officer(id.slice(officerSubject('').length))
    : undefined
  const known = key ?? officer
  const saw = new Map(known ? [[id, known.revision]] : [])
  if (!known) {
    const one = authorities.named(asked.authority)
    const body = one && authorities.bodyOf({ authority: asked.authority })
    return { actor: trusted(asked, body), authorities, doer, saw }
  }
  if ((key?.revokedAt ?? officer?.disabledAt) !== undefined)
    throw new Refusal('forbidden', `${officer ? '账号' : '密钥'}已停用，不能再办理。`)
  const body = authorities.bodyOf({ authority: known.authority, account: id, region: known.region })
  const one = body.id === undefined ? undefined : authorities.one(body.id)
  if (one) saw.set(`authority/${one.id}`, one.revision)
  const region = known.region ?? body.region
  return {
    actor: {
      id,
      // The name that the authority bears today goes into the entries.
      authority: body.name,
      officer: known.name,
      ...(region !== undefined && { region }),
      body,
      ...(officer ? ofOfficer(officer) : ofKey(key, views)),
    },
    authorities,
    doer,
    saw,
  }
}

function ofOfficer(officer: Officer): Pick<Acting, 'person' | 'isMachine' | 'rights'> {
  return { person: personOf(officer), isMachine: false, rights: scopesOf(officer.roles) }
}

function ofKey(key: ApiKey | undefined, views: Views): Pick<Acting, 'person' | 'isMachine' | 'rights'> {
  if (!key) return { person: '', isMachine: true, rights: [] }
  const { id, actsFor, scopes: rights } = key
  if (actsFor === undefined) return { person: keySubject(id), isMachine: true, rights }
  const officer = views.officer(actsFor)
  return { person: officer ? personOf(officer) : officerSubject(actsFor), isMachine: false, rights }
}

/** An account or key with the bounds that it really has: its authority's, unless its own are narrower. */
export function bounded<A extends { authority: string; region?: string | undefined }>(
  views: Views,
  id: string,
  account: A,
): A {
  if (account.region !== undefined) return account
  const { region } = views.authorities().bodyOf({ authority: account.authority, account: id })
  return region === undefined ? account : { ...account, region }
}

/** The person behind an account: by what it was given for them, else the account itself. */
export function personOf({ person, login }: Officer): string {
  return person ?? officerSubject(login)
}

/** Somebody who did something earlier, to compare with who does the next thing. */
function doerOf(views: Views, made: Made & { officer: string }): Doer {
  const { account: by, authority, officer } = made
  const body = views.authorities().bodyOf(made)
  const login = by?.startsWith(officerSubject('')) ? by.slice(officerSubject('').length) : undefined
  const known = login === undefined ? undefined : views.officer(login)
  if (known) return { person: personOf(known), isMachine: false, body }
  const key = by?.startsWith(keySubject('')) ? views.apiKey(by.slice(keySubject('').length)) : undefined
  if (key) return { ...ofKey(key, views), body }
  return { person: by ?? `${authority} ${officer}`, isMachine: false, body }
}
