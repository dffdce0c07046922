import { type Acting, type Actor, type Doer, trusted, type Who } from '../authority/acting.ts'
import { type Authorities, type Body, covers, isSame, type Made } from '../authority/authorities.ts'
import { authoritySubject } from '../authority/authority.ts'
import { type ApiKey, keySubject } from '../authority/keys.ts'
import { type Officer, officerSubject, personOf } from '../authority/officers.ts'
import { holds } from '../authority/rights.ts'
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
  const stored = keyIn(views, id)
  const key = stored && presentKey(views, stored)
  const officer = officerIn(views, id)
  const known = key ?? officer
  if ((stored && !key) || officer?.disabledAt !== undefined)
    throw new Refusal('forbidden', `${officer ? '账号' : '密钥'}已停用，不能再办理。`)
  if (!known) {
    const one = authorities.named(asked.authority)
    const body = one && authorities.bodyOf({ authority: asked.authority })
    // Whoever speaks in an authority's name speaks within its bounds.
    const region = asked.region ?? body?.region
    const named = { ...asked, ...(region !== undefined && { region }) }
    return { actor: trusted(named, body), authorities, doer, saw: new Map() }
  }
  const body = authorities.bodyOf({ authority: known.authority, account: id, region: known.region })
  const behind = key && behindKey(views, key)
  const home = authorities.placeOf({ authority: known.authority, account: id, region: known.region })
  const region = known.region ?? home
  return {
    actor: {
      id,
      // The name that the authority bears today goes into the entries; a key that acts for somebody goes by theirs.
      authority: body.name,
      officer: behind?.name ?? known.name,
      ...(region !== undefined && { region }),
      body,
      ...(home !== undefined && home !== body.region && { home }),
      ...(officer ? ofOfficer(officer) : ofKey(key, views)),
    },
    authorities,
    doer,
    saw: sawOf(authorities, body, id, known, behind),
  }
}

/** The revisions that it rests on who somebody is: of the account, of whom it acts for, of the authority. */
function sawOf(
  authorities: Authorities,
  body: Body,
  id: string,
  known: ApiKey | Officer,
  behind: Officer | undefined,
): Map<string, number> {
  const one = body.id === undefined ? undefined : authorities.one(body.id)
  return new Map([
    [id, known.revision],
    ...(behind ? [[officerSubject(behind.login), behind.revision] as const] : []),
    ...(one ? [[authoritySubject(one.id), one.revision] as const] : []),
  ])
}

function keyIn(views: Views, id: string): ApiKey | undefined {
  return id.startsWith(keySubject('')) ? views.apiKey(id.slice(keySubject('').length)) : undefined
}

function officerIn(views: Views, id: string): Officer | undefined {
  return id.startsWith(officerSubject('')) ? views.officer(id.slice(officerSubject('').length)) : undefined
}

/** Whom a key acts for; undefined for a machine's own. */
function behindKey(views: Views, { actsFor }: ApiKey): Officer | undefined {
  return actsFor === undefined ? undefined : views.officer(actsFor)
}

/**
 * A key as it acts now. One that acts for an officer has no more rights and no wider bounds than the officer has now, and
 * ends with the account, or when the officer leaves its authority; undefined then, and once it was revoked.
 */
export function presentKey(views: Views, key: ApiKey): ApiKey | undefined {
  if (key.revokedAt !== undefined) return undefined
  const own = bounded(views, keySubject(key.id), key)
  const officer = behindKey(views, key)
  if (!officer) return own
  const their = bounded(views, officerSubject(officer.login), officer)
  const bodyOf = (account: string, { authority, region }: ApiKey | Officer) =>
    views.authorities().bodyOf({ authority, account, region })
  const isOfBody = isSame(bodyOf(keySubject(key.id), key), bodyOf(officerSubject(officer.login), officer))
  if (officer.disabledAt !== undefined || !isOfBody) return undefined
  const isNarrower = covers(own.region, their.region)
  if (!isNarrower && !covers(their.region, own.region)) return undefined
  const { region } = isNarrower ? their : own
  const { region: _, ...rest } = own
  const scopes = scopesOf(officer.roles).filter((scope) => holds(own.scopes, scope))
  return { ...rest, scopes, ...(region !== undefined && { region }) }
}

function ofOfficer(officer: Officer): Pick<Acting, 'person' | 'isMachine' | 'unidentified' | 'rights'> {
  return {
    person: personOf(officer.login, officer),
    isMachine: false,
    ...(officer.person === undefined && { unidentified: officer.login }),
    rights: scopesOf(officer.roles),
  }
}

function ofKey(
  key: ApiKey | undefined,
  views: Views,
): Pick<Acting, 'person' | 'isMachine' | 'unidentified' | 'rights'> {
  if (!key) return { person: '', isMachine: true, rights: [] }
  const { id, actsFor, scopes: rights } = key
  if (actsFor === undefined) return { person: keySubject(id), isMachine: true, rights }
  const officer = behindKey(views, key)
  return officer
    ? { ...ofOfficer(officer), rights }
    : { person: personOf(actsFor, officer), isMachine: false, rights }
}

/** An account or key with the bounds that it really has: those of the authority that it was given for, unless its own are narrower. */
export function bounded<A extends { authority: string; region?: string | undefined }>(
  views: Views,
  id: string,
  account: A,
): A {
  if (account.region !== undefined) return account
  const region = views.authorities().placeOf({ authority: account.authority, account: id })
  return region === undefined ? account : { ...account, region }
}

/** Somebody who did something earlier, to compare with who does the next thing. */
function doerOf(views: Views, made: Made & { officer: string }): Doer {
  const { account: by, authority, officer } = made
  const body = views.authorities().bodyOf(made)
  const known = officerIn(views, by ?? '')
  if (known) return { ...ofOfficer(known), body }
  const key = keyIn(views, by ?? '')
  if (key) return { ...ofKey(key, views), body }
  return { person: by ?? `${authority} ${officer}`, isMachine: false, body }
}
