import { isTrusted, whoseHindrance } from '../authority/acting.ts'
import { actsForHindrance, dutiesFault } from '../authority/administration.ts'
import { isSame } from '../authority/authorities.ts'
import { jurisdictionIn } from '../authority/authority.ts'
import type { Scope } from '../authority/keys.ts'
import type { Role } from '../authority/roles.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { goneInto } from './authority-name.ts'
import type { ActSituation, Opening } from './situation.ts'
import { targets } from './targets.ts'

/** What an account or a key is to be. */
interface Bearer {
  /** `officer/…`, `key/…`. */
  account: string
  authority: string
  region?: string | undefined
}

/** An account with its bounds: one that is bound to the province is bound to nothing. */
export function boundTo<A extends { region?: string | undefined }>({ region: said, ...account }: A) {
  const { region } = jurisdictionIn(said)
  return { ...account, ...(region !== undefined && { region }) }
}

/** Refuses whoever may not look after what an account or a key is to be. */
export function mustAdminister({ account, authority, region }: Bearer, at: ActSituation): void {
  const owner = at.authorities.bodyOf({ authority, account, region })
  const place = region ?? at.authorities.placeOf({ authority, account })
  const touched = { owner, place, account, title: '该账号' }
  const why = whoseHindrance('administered', touched, at.actor, at.authorities)
  if (why !== undefined) throw new Refusal('forbidden', why)
}

/**
 * Refuses a key that is to act for an officer whom the actor may not look after, for another authority than theirs, or
 * with more than they may: whoever holds it acts under their name.
 */
export function mustActFor(
  login: string,
  { account, authority, region, scopes }: Bearer & { scopes: readonly Scope[] },
  at: ActSituation,
): void {
  const officer = at.outside.standing.officer(login)
  // Whoever holds the data directory may make a key for an account that is yet to come.
  if (!officer && isTrusted(at.actor)) return
  if (!officer) throw invalid('/actsFor', 'unknown', `没有账号 ${login.slice(0, 40)}。`)
  if (officer.disabledAt !== undefined) throw invalid('/actsFor', 'closed', `账号 ${login} 已停用。`)
  const theirs = targets.officer({ id: login }, at)
  const why = whoseHindrance('administered', theirs, at.actor, at.authorities)
  if (why !== undefined) throw new Refusal('forbidden', why)
  const owner = at.authorities.bodyOf({ authority, account, region })
  if (theirs.owner && !isSame(owner, theirs.owner))
    throw invalid('/authority', 'other', `账号 ${login} 属${theirs.owner.name}，以其名义的密钥也须属该机关。`)
  const beyond = actsForHindrance(scopes, officer.roles)
  if (beyond !== undefined) throw invalid('/scopes', 'beyond', beyond)
}

/**
 * What opens an authority that an account or a key names for the first time: only who holds the data directory does so.
 * Refuses one that was merged since, but for an account that is its own from before.
 */
export function openedFor(
  { authority: name, region }: Bearer,
  at: ActSituation,
  before?: { authority: string },
): Opening {
  const known = at.authorities.named(name)
  if (!isTrusted(at.actor) && !known)
    throw invalid('/authority', 'unknown', `没有机关“${name.slice(0, 60)}”；请先由管理员开立。`)
  if (known && name !== before?.authority && ![known.name, ...known.formerNames].includes(name))
    throw invalid(
      '/authority',
      'unknown',
      `没有机关“${name.slice(0, 60)}”；是${known.name}的，请写“${known.name}”。`,
    )
  const gone = known && goneInto(known, at.authorities)
  if (gone !== undefined && name !== before?.authority) throw invalid('/authority', 'merged', gone)
  const { authority, officer } = at.actor
  return at.outside.openingFor({ name, region }, { authority, officer })
}

/** Refuses duties that do not fit together, or that nobody may have whose person is not known. */
export function mustFit(held: readonly Role[], person: string | undefined, at: ActSituation): void {
  const wrong = dutiesFault(at.actor, { roles: held, person })
  if (wrong) throw invalid(`/${wrong.field}`, 'duties', wrong.detail)
}
