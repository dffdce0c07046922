import { isTrusted, whoseHindrance } from '../authority/acting.ts'
import { dutiesFault } from '../authority/administration.ts'
import { jurisdictionIn } from '../authority/authority.ts'
import type { Role } from '../authority/roles.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { ActSituation, Opening } from './situation.ts'

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
  const touched = { owner, place: region ?? owner.region, account, title: '该账号' }
  const why = whoseHindrance('administered', touched, at.actor, at.authorities)
  if (why !== undefined) throw new Refusal('forbidden', why)
}

/** What opens an authority that an account or a key names for the first time: only who holds the data directory does so. */
export function openedFor({ authority: name, region }: Bearer, at: ActSituation): Opening {
  if (!isTrusted(at.actor) && !at.authorities.named(name))
    throw invalid('/authority', 'unknown', `没有机关“${name.slice(0, 60)}”；请先由管理员开立。`)
  const { authority, officer } = at.actor
  return at.outside.openingFor({ name, region }, { authority, officer })
}

/** Refuses duties that do not fit together, or that nobody may have whose person is not known. */
export function mustFit(held: readonly Role[], person: string | undefined, at: ActSituation): void {
  const wrong = dutiesFault(at.actor, { roles: held, person })
  if (wrong) throw invalid(`/${wrong.field}`, 'duties', wrong.detail)
}
