import { z } from 'zod'
import { importedBy } from '../acts/targets.ts'
import {
  type Actor,
  isUnboundFor,
  placesOf,
  rightHindrance,
  seesAll,
  sightHindrance,
  whoseHindrance,
} from '../authority/acting.ts'
import { isSame, type Made } from '../authority/authorities.ts'
import { keySubject } from '../authority/keys.ts'
import { regionPrefix } from '../codes/regions.ts'
import { caseMadeBy } from '../dossier/case.ts'
import { type Dossier, regionOf } from '../dossier/dossier.ts'
import { ALL, ERASED, type Seen } from '../dossier/seen.ts'
import type { Entry } from '../register/entry.ts'
import type { Owned, Sight, Views } from '../views/views.ts'
import { type WhoActs, whoActs } from './who-acts.ts'

/** What somebody sees of all things of a kind, as lists ask for it; undefined where that is all of them. */
export function sightOf(
  views: Views,
  { actor: acting, authorities }: Pick<WhoActs, 'actor' | 'authorities'>,
  of: Owned,
): Sight | undefined {
  if (seesAll(acting)) return undefined
  const { region } = acting
  const seen: Record<'anywhere' | 'within', string[]> = { anywhere: [], within: [] }
  for (const { text, made } of views.owners(of)) {
    // Whoever is only named, by what is put forward, is found as that is judged: however the name is written.
    const named = of === 'proposal' && made.owner === undefined && made.account === undefined
    const makers = named ? authorities.makersNamed(made.authority).map(({ id }) => id) : []
    // Where the firm is, the list itself looks at.
    const own = (makers.length === 0 ? [made.owner] : makers)
      .map((owner) => authorities.bodyOf({ ...made, owner }))
      .filter((owner) => sightHindrance({ owner, place: region }, acting, authorities) === undefined)
    if (own.length > 0)
      seen[own.some((owner) => isUnboundFor(acting, owner)) ? 'anywhere' : 'within'].push(text)
  }
  return { ...seen, places: placesOf(acting).map(regionPrefix) }
}

/** What somebody sees of penalties and inspections by whose they are: as lists ask for it, and of each in its file. */
export function recordsSeen(views: Views, actor: Actor) {
  const who = whoActs(views, actor)
  const { actor: acting, authorities } = who
  return {
    sight: sightOf(views, who, 'record'),
    sees(dossier: Dossier, id: string): boolean {
      const made = dossier.records.find((record) => record.id === id)?.made
      const owner = made && authorities.bodyOf(made)
      return sightHindrance({ owner, place: regionOf(dossier) }, acting, authorities) === undefined
    },
  }
}

/** Says of a case in a file, by who put it forward, why somebody may not see it, in words; undefined when they may. */
export function caseSight(views: Views, actor: Actor): (dossier: Dossier, made: Made) => string | undefined {
  const { actor: acting, authorities } = whoActs(views, actor)
  return (dossier, made) => {
    const touched = { owner: authorities.bodyOf(made), place: regionOf(dossier), title: '该案件' }
    return sightHindrance(touched, acting, authorities)
  }
}

/** What an account or a key is, as who may see it is judged. */
interface Account {
  authority: string
  region?: string | undefined
}

/** Says of an account or a key why somebody may not see it, in words; undefined when they may. */
export function accountSight(views: Views, actor: Actor): (id: string, own: Account) => string | undefined {
  const { actor: acting, authorities } = whoActs(views, actor)
  return (account, { authority, region }) => {
    const owner = authorities.bodyOf({ authority, account, region })
    const touched = { owner, place: region, title: account.startsWith(keySubject('')) ? '该密钥' : '该账号' }
    return account === acting.id ? undefined : sightHindrance(touched, acting, authorities)
  }
}

/** What somebody may do with uploads and imports, by whoever sent them: the authority's own people go on with each other's. */
export interface ImportSight {
  isOwn(sender: Actor): boolean
  /** Why they may not see it, in words; undefined when they may. */
  hindrance(sender: Actor): string | undefined
  /** Why they may not go on with it. */
  goingOn(sender: Actor): string | undefined
}

export function importSight(views: Views, actor: Actor): ImportSight {
  const { actor: acting, authorities } = whoActs(views, actor)
  const touched = (sender: Actor) => ({ ...importedBy(sender, authorities), title: '该导入' })
  return {
    isOwn: (sender) => isSame(importedBy(sender, authorities).owner, acting.body),
    hindrance: (sender) => sightHindrance(touched(sender), acting, authorities),
    goingOn: (sender) =>
      rightHindrance(acting, 'records:write') ??
      whoseHindrance('owner', touched(sender), acting, authorities),
  }
}

/**
 * What of a file somebody sees. Hidden are the cases of others, what is put forward about them, objections to those that nobody
 * outside knows of, and of a file that was opened anew whatever it held of these before; `proposed` are the proposals that
 * somebody may not see for what these say (`Acts.unseenIn`).
 */
export function seenIn(views: Views, actor: Actor, dossier: Dossier, proposed: Iterable<string>): Seen {
  if (seesAll(whoActs(views, actor).actor)) return ALL
  const { cases, objections, proposals = [], erasedCases = [], events } = dossier
  const hindrance = caseSight(views, actor)
  const unseen = cases.filter((own) => hindrance(dossier, caseMadeBy(own)) !== undefined)
  const hidden = new Set(unseen.map(({ id }) => id))
  const unknown = new Set(unseen.filter(({ published }) => !published).map(({ id }) => id))
  const about = [
    ...proposals.filter(({ on }) => on.id !== undefined && hidden.has(on.id)),
    ...objections.filter(({ about }) => unknown.has(about.id)),
  ]
  // What is erased does not say which case it belonged to: it is seen by whoever may see the cases of all who put those forward.
  const isErasedHidden = erasedCases.some((made) => hindrance(dossier, made) !== undefined)
  const held = new Set([...cases, ...objections, ...proposals].map(({ id }) => id))
  const gone = events.flatMap(({ kind, id = '' }) => (OF_CASES.test(kind) && !held.has(id) ? [id] : []))
  const erased = isErasedHidden ? [ERASED] : []
  return {
    isAll: false,
    hidden: new Set([...hidden, ...about.map(({ id }) => id), ...gone, ...erased, ...proposed]),
  }
}

const aboutWhat = z.object({ case: z.string() }).or(z.object({ id: z.string() }))

/** What an entry of a file is about, as `seenIn` names it: a case or whatever else, by its id; empty where it names none. */
export function aboutOf({ kind, payload }: Entry): string {
  if (kind === 'payload.erased' || (payload === null && OF_CASES.test(kind))) return ERASED
  const { data } = aboutWhat.safeParse(payload)
  return data === undefined ? '' : 'case' in data ? data.case : data.id
}

/** Kinds of entries whose texts go with a case. */
const OF_CASES = /^(listing|objection|act)\./
