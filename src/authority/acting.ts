import type { Author } from '../register/entry.ts'
import { Authorities, type Body, covers, isSame, type Made, placeInWords } from './authorities.ts'
import { jurisdictionIn } from './authority.ts'
import type { Scope } from './keys.ts'
import { holds, lackingInWords } from './rights.ts'

/** Who asks for something, by name and account. */
export interface Actor extends Author {
  /** Key or account: `key/…`, `officer/…`. */
  id?: string | undefined
  /** Region code that the actor is bound to; without one they may act everywhere. */
  region?: string | undefined
}

/** Who acts, as the register knows them when it is decided. */
export interface Acting extends Actor {
  /** The authority that they act for. */
  body: Body
  /** The place of the authority that they were given for, where that was merged since: their bounds stay what they were. */
  home?: string | undefined
  /** Whom two pairs of eyes are told apart by: a person, or a machine's key. */
  person: string
  /** A key that acts for nobody by name. */
  isMachine: boolean
  /** The account, where nobody has said whose it is (没有登记工号): it can be told apart from no other person's. */
  unidentified?: string | undefined
  rights: readonly Scope[]
}

/** Whose things an act may touch, by the authority that made them (谁处罚、谁列入、谁移出) or by the place. */
export const whoseRules = {
  /** Whoever is responsible for the place where the firm is. */
  place: '企业所在地机关及其上级',
  /** The same; and after a move of the firm, for what it made itself in the file, whoever made it or is above. */
  placeOrMaker: '企业所在地机关及其上级；企业迁走后，为自己的案件、对自己作出的事项，由作出机关及其上级',
  /** The authority that made the thing, alone. */
  owner: '作出机关',
  /** The authority that made it, or one above. */
  ownerOrAbove: '作出机关及其上级',
  /** The next authority above the one that made it, alone. */
  nextAbove: '作出机关的上一级（没有的，为再上一级）',
  /** The province alone. */
  province: '省级机关',
  /** Whoever is responsible for the whole scope that it is about. */
  scope: '地区包含其范围的机关',
  /** Administrators of the authority that it belongs to, or of one above; never of what is their own account. */
  administered: '所属机关及其上级的管理员，不能是本人',
  /** Administrators of an authority above it; of the province's own, its own. */
  administeredAbove: '上级机关的管理员；省级机关的由其管理员',
} as const
export type Whose = keyof typeof whoseRules

/** The thing that an act touches: whose it is and where. */
export interface Touched {
  owner?: Body | undefined
  place?: string | undefined
  /** Who made what the act may be about, in a file. */
  makers?: (() => readonly Body[]) | undefined
  /** The account or key that it is: `officer/…`, `key/…`. */
  account?: string | undefined
  /** The person whose account it is. */
  person?: string | undefined
  /** What it is called, where it is no part of a file. */
  title?: string | undefined
  /** That another authority can doubt it (疑义), as it can a record. */
  isDoubtable?: true
}

/** Why somebody may not touch a thing, in words that say whose it is, who may, and what else one can do; undefined when they may. */
export function whoseHindrance(
  whose: Whose,
  touched: Touched,
  actor: Acting,
  authorities: Authorities,
): string | undefined {
  const { body } = actor
  const { owner, place, title } = touched
  if (whose === 'administered') return administrationHindrance(touched, actor, authorities)
  if (whose === 'administeredAbove')
    return administrationHindrance(touched, actor, authorities) ?? ownHindrance(touched, actor)
  if (whose === 'scope')
    return reaches(actor, place)
      ? undefined
      : `范围是${placeInWords(place)}，超出了${body.name}的范围（${placeInWords(actor.region)}）；由省级或者范围包含它的机关办理。`
  const isMaker = (made: Body) => isSame(made, body) || authorities.isAbove(body, made)
  const isByPlace = () => whose === 'place' || (whose === 'placeOrMaker' && !touched.makers?.().some(isMaker))
  if (title === undefined && !reaches(actor, place) && (isByPlace() || !isUnboundFor(actor, owner)))
    return place === undefined
      ? `没有写明该企业的行政区划，无法判断是否属${placeInWords(actor.region)}管辖；请填写行政区划，档案中没有的，由省级机关补填。`
      : `该企业在${placeInWords(place)}，不属${placeInWords(actor.region)}管辖；请由所在地机关或者其上级机关办理。`
  if (whose === 'place' || whose === 'placeOrMaker') return undefined
  if (whose === 'province')
    return body.level === 'province' && actor.region === undefined
      ? undefined
      : `此事由${whoseRules.province}办理，${body.name}不是省级机关。`
  if (!owner) return undefined
  const own = isSame(owner, body)
  const above = authorities.isAbove(body, owner)
  if (whose === 'nextAbove') {
    if (authorities.isNextAbove(body, owner)) return undefined
    const next = authorities.nextAbove(owner).map(({ name }) => name)
    const who = next.length === 0 ? '' : `，请由${next.join('或者')}办理`
    return `须经上一级机关办理：该事项属${owner.name}，${body.name}不是其${above ? '上一级' : '上级'}${who}。`
  }
  // What stands outside files is touched by nobody who may not even see it.
  if (own || (whose === 'ownerOrAbove' && above))
    return title === undefined ? undefined : sightHindrance(touched, actor, authorities)
  const isAlone = whose === 'owner' || owner.level === 'province'
  const who = isAlone ? `由${owner.name}办理` : `由${owner.name}或者其上级机关办理`
  return `该事项属${owner.name}，${who}${mayDoubt(touched, actor) ? '；您可以向其提出疑义' : ''}。`
}

/** Whether somebody who may not touch a thing may at least doubt it: who records where the firm is. */
export function mayDoubt(
  { isDoubtable, place }: Pick<Touched, 'isDoubtable' | 'place'>,
  { rights, region }: Pick<Acting, 'rights' | 'region'>,
): boolean {
  return isDoubtable === true && holds(rights, 'records:write') && covers(region, place)
}

/**
 * Why an administrator may not look after an account, a key or an authority: they look after their own authority's and
 * those below, never with wider bounds than their own, and never after themselves; undefined when they may.
 */
function administrationHindrance(
  { owner, place, account, person, title = '' }: Touched,
  actor: Acting,
  authorities: Authorities,
): string | undefined {
  if (isTrusted(actor) || !owner) return undefined
  if (account === actor.id || (person !== undefined && person === actor.person))
    return '不能调整自己的账号；请由另一名管理员办理。'
  if (!isSame(actor.body, owner) && !authorities.isAbove(actor.body, owner)) {
    // Who may not look after an account is not told whose it is by name.
    const whose = account === undefined ? title : `该${kindOf(account)}属${owner.name}，`
    return `${whose}只能由${owner.name}${owner.level === 'province' ? '' : '或者其上级机关'}的管理员办理；您所在的机关是${actor.body.name}，可以请其办理。`
  }
  const bounds = place ?? owner.region
  if (!reaches(actor, bounds))
    return `范围（${placeInWords(bounds)}）超出了您自己的范围（${placeInWords(actor.region)}）。`
  return undefined
}

function kindOf(account: string): string {
  if (account.startsWith('key/')) return '密钥'
  return account.startsWith('consumer/') ? '取用方' : '账号'
}

/** Why an administrator may not do to their own authority what one above it does; undefined when they may. */
function ownHindrance({ owner }: Touched, actor: Acting): string | undefined {
  if (isTrusted(actor) || !owner || owner.level === 'province' || !isSame(actor.body, owner)) return undefined
  return `此事由${owner.name}的上级机关的管理员办理，不能由${owner.name}自己办理；请其办理。`
}

/** Whether somebody acts with the data directory in hand, and so with every power over accounts. */
export function isTrusted({ id }: Actor): boolean {
  return id === undefined
}

/**
 * Why somebody may not see a thing that is not everybody's (a case on its way, an account, what was put forward), in words
 * that say whose it is; undefined when they may. Seen are one's own authority's things and those of the authorities below,
 * within one's bounds; the province and auditors see all. What belongs to nobody goes by its place.
 */
export function sightHindrance(
  { owner, place, title = '该事项' }: Pick<Touched, 'owner' | 'place' | 'title'>,
  actor: Acting,
  authorities: Authorities,
): string | undefined {
  const { body, region } = actor
  if (seesAll(actor)) return undefined
  if (!owner)
    return reaches(actor, place) ? undefined : `${title}在${placeInWords(place)}，由当地机关及其上级查看。`
  const isTheirs = isSame(owner, body) || authorities.isAbove(body, owner)
  if (isTheirs && (isUnboundFor(actor, owner) || reaches(actor, place ?? owner.region))) return undefined
  return `${title}属${owner.name}，由${owner.name}${owner.level === 'province' ? '' : '或者其上级机关'}查看；您所在的机关是${body.name}${isTheirs ? `，范围限于${placeInWords(region)}` : ''}。`
}

/** Whether somebody sees whatever is there: the province, auditors, whoever holds the data directory. */
export function seesAll(actor: Acting): boolean {
  const { body, region, rights } = actor
  const isProvince = body.level === 'province' && region === undefined
  return isTrusted(actor) || isProvince || rights.includes('audit:read')
}

/**
 * Whether somebody's bounds are just the authority's whose a thing is: a firm that has moved takes nothing out of its hands.
 * The people of one that was merged since go on so with what was that one's, not with all that is its successor's.
 */
export function isUnboundFor({ region, body, home }: Acting, owner: Body | undefined): boolean {
  return region === body.region || (home !== undefined && region === home && owner?.from === body.from)
}

/**
 * The places that somebody's bounds are, none for the whole province: whoever is bound to no less than their authority's has
 * what it took over too (接管辖区).
 */
export function placesOf({ region, body }: Pick<Acting, 'region' | 'body'>): readonly string[] {
  if (region === undefined) return []
  return [region, ...(region === body.region ? (body.also ?? []) : [])]
}

/** Whether a place is within somebody's bounds. */
function reaches(actor: Acting, place: string | undefined): boolean {
  return actor.region === undefined || placesOf(actor).some((own) => covers(own, place))
}

/** What somebody lacks to do something; undefined when a right is theirs. */
export function rightHindrance(actor: Acting, ...anyOf: readonly Scope[]): string | undefined {
  if (holds(actor.rights, ...anyOf)) return undefined
  return `没有此项操作所需的权限：${lackingInWords(anyOf)}；请与管理员联系。`
}

/** Somebody who did something, as four eyes compare them. */
export type Doer = Pick<Acting, 'person' | 'isMachine' | 'unidentified' | 'body'>

/** Why nobody can tell whether an account's owner is another person than the next; undefined where that is known. */
export function identityHindrance({ unidentified }: Pick<Doer, 'unidentified'>): string | undefined {
  return unidentified === undefined
    ? undefined
    : `账号 ${unidentified} 没有登记工号，无法核对是否由两人办理；请管理员以“调整账号”登记工号后再办理。`
}

/**
 * Why somebody can't be the second pair of eyes after another; undefined when they can. A machine is nobody's, and it is no
 * first person for the officers of its own authority: whoever holds its key may be the one who confirms.
 */
export function secondHindrance(first: Doer, second: Doer): string | undefined {
  if (first.person === second.person) return '须由另一人办理：两步不能是同一个人。'
  const unknown = identityHindrance(second) ?? identityHindrance(first)
  if (unknown !== undefined) return unknown
  if (second.isMachine)
    return '接口密钥不能作第二个人；请由工作人员，或者以工作人员名义（--for）开立的密钥办理。'
  return first.isMachine && isSame(first.body, second.body)
    ? `前一步是由${first.body.name}的接口密钥办理的，与本机关的一人合起来还是一个人；请由一名工作人员自己办理前一步（同一提请由其接替），再由另一人办理；或者由上级机关的人办理。`
    : undefined
}

/** Who acts, among whom: all that a decision has to know of persons and authorities. */
export interface Who {
  actor: Acting
  authorities: Authorities
  /** Whoever did something earlier, by account and by the name in its entry. */
  doer(made: Made & { officer: string }): Doer
}

/** Who acts with the data directory in hand, or for the program itself: with every right, where their bounds allow. */
export function trusted(actor: Actor, body?: Body): Acting {
  const { authority, officer, id, region } = actor
  return {
    ...actor,
    body: body ?? { name: authority, ...jurisdictionIn(region) },
    person: id ?? `${authority} ${officer}`,
    isMachine: false,
    rights: ['admin'],
  }
}

/** The same with no authority known yet, for a register that is being filled. */
export function trustedAlone(actor: Actor): Who {
  const authorities = new Authorities([])
  return {
    actor: trusted(actor),
    authorities,
    doer: ({ account, authority, officer }) => trusted({ authority, officer, id: account }),
  }
}
