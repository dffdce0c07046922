import { LRUCache } from 'lru-cache'
import { region, regionContains } from '../codes/regions.ts'
import {
  type Authority,
  type Jurisdiction,
  jurisdictionIn,
  jurisdictionNamed,
  type Level,
} from './authority.ts'
import { comparedName, namesWithin, officesSaid } from './compared-name.ts'

/** Whose something is: an authority, or a name that nobody has opened one for. */
export interface Body {
  /** Undefined for a name without an authority. */
  id?: string
  name: string
  level: Level
  region?: string
  above?: string
  /** Places of those whose territory it took over with them (接管辖区), beside its own. */
  also?: readonly string[]
  /** Id of the authority, merged since, in whose hands it was. */
  from?: string
}

/** What an entry says of whoever made something. */
export interface Made {
  /** Authority by its id, where the entry names it. */
  owner?: string | undefined
  /** Name that the author bore at that time. */
  authority: string
  /** Account or key that acted: `officer/…`, `key/…`. */
  account?: string | undefined
  /** Region that the account was bound to then. */
  region?: string | undefined
}

/** In SQL, whether a row's `authority` is one of the names that a parameter holds as a JSON array (`NamesOf`). */
export const ofNames = (parameter = '?') => `authority IN (SELECT value FROM json_each(${parameter}))`

/** Every name under which an authority's things may be kept, its present one among them. */
export type NamesOf = (authority: string) => readonly string[]

/** All authorities as they stand, to find out whose a thing is. */
export class Authorities {
  readonly #byId: ReadonlyMap<string, Authority>
  readonly #byName: ReadonlyMap<string, Authority>
  /** Made when a name is first asked for that nobody bears as it is written. */
  #byReading: ReadonlyMap<string, readonly Authority[]> | undefined
  /** What names say that were asked for before: a table says the same few in all its rows. */
  readonly #makers = new LRUCache<string, readonly Authority[]>({ max: 1000 })
  readonly #named = new LRUCache<string, { one: Authority | undefined }>({ max: 1000 })
  readonly #byAccount: ReadonlyMap<string, Authority>
  /** The places that authorities took over, by their ids; made when first asked for. */
  #territories: ReadonlyMap<string, readonly string[]> | undefined

  constructor(all: readonly Authority[]) {
    this.#byId = new Map(all.map((one) => [one.id, one]))
    this.#byName = new Map(
      all.flatMap((one) => [one.name, ...one.formerNames].map((name) => [name, one] as const)),
    )
    this.#byAccount = new Map(all.flatMap((one) => one.accounts.map((account) => [account, one] as const)))
  }

  /** Those that have not been merged into another, by name. */
  standing(): Authority[] {
    return Array.from(this.#byId.values())
      .filter(({ successor }) => successor === undefined)
      .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))
  }

  one(id: string): Authority | undefined {
    return this.#byId.get(id)
  }

  /**
   * The authority that bears or bore a name, or the only one that nobody tells from it by reading; undefined where several
   * authorities' names read alike.
   */
  named(name: string): Authority | undefined {
    const exact = this.#byName.get(name)
    if (exact) return exact
    const before = this.#named.get(name)
    if (before) return before.one
    const alike = this.#alike(name)
    const bodies = new Set(alike.map((own) => this.current(own).id))
    const one = bodies.size === 1 ? alike[0] : undefined
    this.#named.set(name, { one })
    return one
  }

  /**
   * Who made a thing by the name that it bears of its makers: that authority, or the one whose office that is (稽查局); all of
   * those that made it together (甲、乙) and are known, the highest first. None where nobody has opened any.
   */
  makersNamed(name: string): readonly Authority[] {
    const before = this.#makers.get(name)
    if (before) return before
    const makers = Array.from(new Set(this.#allSaid(name))).sort((a, b) => RANK[a.level] - RANK[b.level])
    this.#makers.set(name, makers)
    return makers
  }

  /** Whose a thing is by that name: of several that made it together, the highest one's. */
  speakingAs(name: string): Authority | undefined {
    return this.makersNamed(name)[0]
  }

  /** Every authority that a text names, itself or by an office of its own, whatever stands between them (、和与及会同). */
  #allSaid(text: string): Authority[] {
    const found: Authority[] = []
    let end = 0
    for (const [from, ends] of namesWithin(text)) {
      // What is named already names nobody by a part of itself.
      if (from < end) continue
      for (const to of ends) {
        const one = this.named(text.slice(from, to))
        if (!one) continue
        found.push(one)
        end = to
        break
      }
    }
    return found
  }

  /** Whoever bears or bore a name or one that reads alike, be it one of several: nobody else may be given it. */
  likeNamed(name: string): Authority | undefined {
    return this.#byName.get(name) ?? this.#alike(name)[0]
  }

  /**
   * Those whose names, present or former, read as one does, else those that it can only mean by place and office; the one that
   * was opened first at the head.
   */
  #alike(name: string): readonly Authority[] {
    const known = this.#byReading ?? this.#readings()
    this.#byReading = known
    return known.get(comparedName(name)) ?? officesSaid(name).flatMap((office) => known.get(office) ?? [])
  }

  #readings(): ReadonlyMap<string, readonly Authority[]> {
    const known = new Map<string, Authority[]>()
    for (const [own, one] of this.#byName)
      for (const reading of [comparedName(own), ...officesSaid(own)])
        known.set(reading, [...(known.get(reading) ?? []), one])
    return known
  }

  /** An authority as whose things are: itself, or who took it over. */
  bodyFor({ id, name }: Authority): Body {
    return this.bodyOf({ owner: id, authority: name })
  }

  /** Whoever took over an authority's things; itself where it was never merged. */
  current(one: Authority): Authority {
    const seen = new Set<string>()
    let last = one
    while (last.successor !== undefined && !seen.has(last.id)) {
      seen.add(last.id)
      const next = this.#byId.get(last.successor)
      if (!next) break
      last = next
    }
    return last
  }

  /** Every name under which an authority's things may be kept: those that it, and whoever it took over, bear or bore. */
  namesOf(name: string): string[] {
    const one = this.named(name)
    if (!one) return [name]
    const { id } = this.current(one)
    const own = Array.from(this.#byId.values()).filter((other) => this.current(other).id === id)
    return Array.from(new Set([name, ...own.flatMap((other) => [other.name, ...other.formerNames])]))
  }

  /** Whose a thing is today: who made it, or took over from who made it. */
  bodyOf({ owner, authority, account, region: bound }: Made): Body {
    const known = this.#known({ owner, authority, account })
    if (!known) {
      const said = bound === undefined ? jurisdictionNamed(authority) : undefined
      return { name: authority, ...(said ?? jurisdictionIn(bound)) }
    }
    const { id, name, level, region: place, above } = this.current(known)
    return {
      id,
      name,
      level,
      ...(place !== undefined && { region: place }),
      ...(above !== undefined && { above }),
      ...this.#takenOver(id),
      ...(known.id !== id && { from: known.id }),
    }
  }

  #known({ owner, authority, account }: Made): Authority | undefined {
    return (
      (owner === undefined ? undefined : this.#byId.get(owner)) ??
      (account === undefined ? undefined : this.#byAccount.get(account)) ??
      this.#byName.get(authority)
    )
  }

  /**
   * The place that whoever bears an authority's name is bound to, none for the whole province: that of the authority itself,
   * be it merged since, which makes nobody's bounds wider or others.
   */
  placeOf(made: Made): string | undefined {
    const known = this.#known(made)
    return known ? known.region : this.bodyOf(made).region
  }

  /** What the authority is called today that something names, be it renamed or merged since; `formerly` where that is another name. */
  today(made: Made): { name: string; formerly?: string } {
    const { name } = this.bodyOf(made)
    return name === made.authority ? { name } : { name, formerly: made.authority }
  }

  /** The same in words: 石家庄市市场监督管理局（原石家庄市局）. */
  calledToday(made: Made): string {
    const { name, formerly } = this.today(made)
    return formerly === undefined ? name : `${name}（原${formerly}）`
  }

  /** The places that came to an authority with those that were merged into it. */
  #takenOver(id: string): { also?: readonly string[] } {
    this.#territories ??= territoriesOf(Array.from(this.#byId.values()), (one) => this.current(one).id)
    const also = this.#territories.get(id)
    return also ? { also } : {}
  }

  /** Whether an authority is above another: as was said of it, else by level and region. */
  isAbove(upper: Body, lower: Body): boolean {
    if (isSame(upper, lower)) return false
    const seen = new Set<string>()
    for (let over = lower.above; over !== undefined && !seen.has(over); ) {
      seen.add(over)
      const one = this.#byId.get(over)
      const now = one && this.current(one)
      if (now && now.id === upper.id) return true
      over = now?.above
    }
    // Where somebody has said who is above, no one else is, but for the province above its cities' superiors.
    if (lower.above !== undefined && upper.level !== 'province') return false
    return RANK[upper.level] < RANK[lower.level] && covers(upper.region, lower.region)
  }

  /**
   * Whether an authority is the next one above another (上一级): above it, with none between that is above it and below the
   * other.
   */
  isNextAbove(upper: Body, lower: Body): boolean {
    return (
      this.isAbove(upper, lower) &&
      !this.standing().some((own) => {
        const between = this.bodyFor(own)
        return this.isAbove(between, lower) && this.isAbove(upper, between)
      })
    )
  }

  /** Those that are the next above an authority, by name. */
  nextAbove(lower: Body): Body[] {
    return this.standing()
      .map((own) => this.bodyFor(own))
      .filter((upper) => this.isNextAbove(upper, lower))
  }
}

function territoriesOf(
  all: readonly Authority[],
  heirOf: (one: Authority) => string,
): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>()
  for (const one of all)
    if (one.takesOver && one.region !== undefined)
      places.set(heirOf(one), [...(places.get(heirOf(one)) ?? []), one.region])
  return places
}

/** Whether a place is an authority's own, or one that it took over. */
export function answersFor(
  { region, also = [] }: Pick<Body, 'region' | 'also'>,
  place: string | undefined,
): boolean {
  return covers(region, place) || also.some((own) => covers(own, place))
}

/** Whether an authority may stand above another: of a higher level or wider within the same one, and its place holds the other's. */
export function isWider(upper: Jurisdiction, lower: Jurisdiction): boolean {
  const ranks = RANK[upper.level] - RANK[lower.level]
  const isHigher = ranks < 0 || (ranks === 0 && !covers(lower.region, upper.region))
  return isHigher && covers(upper.region, lower.region)
}

/** Those of several that are of the highest level among them (联合作出的，按其中层级最高的), in their order. */
export function highestOf(bodies: readonly Body[]): Body[] {
  return bodies.filter(({ level }) => !bodies.some((other) => isLower(level, other.level)))
}

/** Whether a level is below another. */
export function isLower(level: Level, other: Level): boolean {
  return RANK[level] > RANK[other]
}

const RANK: Readonly<Record<Level, number>> = { province: 0, city: 1, county: 2 }

/** Whether two things are the same authority's. */
export function isSame(a: Body, b: Body): boolean {
  return a.id !== undefined || b.id !== undefined ? a.id === b.id : a.name === b.name
}

/** Whether a region lies within another; the province's is none, and holds all. */
export function covers(outer: string | undefined, inner: string | undefined): boolean {
  if (outer === undefined || outer.endsWith('0000')) return true
  return inner !== undefined && regionContains(outer, inner)
}

/** A region in words. */
export function placeInWords(code: string | undefined): string {
  return code === undefined ? '全省' : (region(code)?.path ?? code)
}
