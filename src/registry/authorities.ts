import { covers, placeInWords } from '../authority/authorities.ts'
import {
  type Authority,
  authorityNameSubject,
  authoritySubject,
  type Jurisdiction,
  jurisdictionIn,
  jurisdictionNamed,
  LEVEL_WORDS,
  type Level,
  type NewAuthority,
  nameTaken,
  openingOf,
} from '../authority/authority.ts'
import { keySubject } from '../authority/keys.ts'
import { officerSubject } from '../authority/officers.ts'
import { region as regionOf } from '../codes/regions.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { type Author, type Draft, newId } from '../register/entry.ts'
import { Conflict } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'

interface Parts {
  views: Views
  writer: Writer
}

/** Entries that open an authority, and what they rest on. */
interface Opening {
  id: string
  drafts: Draft[]
  expect: Map<string, number>
}

export interface ChangedAuthority {
  above?: string | null | undefined
  contacts?: string | null | undefined
  level?: Level | undefined
  region?: string | undefined
}

const LONGEST_NAME = 100
/** Author of what is carried over by the program itself. */
const CARRIER = { authority: '质量信用档案系统', officer: '机关沿用' }

/** Authorities: opened, renamed, merged, carried over from the names that accounts bore before there were any. */
export class AuthorityOffice {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Every authority, those that were merged too, by name. */
  all(): Authority[] {
    return this.#parts.views.allAuthorities()
  }

  /** Opens an authority. Refuses a name that is or ever was another's, and a level or superior that does not fit. */
  async open(asked: NewAuthority, author: Author): Promise<Authority> {
    const { drafts, expect, id } = this.opening(asked, author)
    await this.#parts.writer.append({ drafts, expect, command: `authority/${id}/open` })
    return this.#known(id)
  }

  /** The entries that open an authority, to be appended with whatever needs it. */
  opening({ name, level, region, above, ...more }: NewAuthority, author: Author): Opening {
    if (above !== undefined && !this.#parts.views.authorities().one(above))
      throw invalid('/above', 'unknown', '没有这一上级机关；请核对。')
    const free = this.#free(name)
    return openingAs({ name: free, ...jurisdictionOf(free, { level, region }), above, ...more }, author)
  }

  /**
   * The same for the authority that an account or key is to belong to: nothing to append where its name is known.
   * Whoever has no authority yet opens one for the place that its name says, or that the account is bound to. Refuses a
   * name beside another authority of that place and level, since that is more often mistyped than new.
   */
  openingFor({ name, region }: Pick<NewAuthority, 'name' | 'region'>, author: Author): Opening {
    if (this.#parts.views.authorities().named(name)) return { id: '', drafts: [], expect: new Map() }
    const free = this.#free(name)
    const named = jurisdictionNamed(free)
    const bound = jurisdictionOf(free, { region })
    const own = named ?? bound
    const others = this.#parts.views
      .authorities()
      .standing()
      .filter((other) => other.level === own.level && other.region === own.region)
    if (others.length > 0)
      throw invalid(
        '/authority',
        'unknown',
        `没有机关“${free}”；${LEVEL_WORDS[own.level]}（${placeInWords(own.region)}）已有${few(others)}。请写已有的机关（--authority）；确是另一机关的，请先用 authority create 开立。`,
      )
    return openingAs({ name: free, ...own }, author)
  }

  /** Opens the authority that somebody acts for, as `openingFor` does. */
  async openFor(asked: Pick<NewAuthority, 'name' | 'region'>, author: Author): Promise<void> {
    const { id, drafts, expect } = this.openingFor(asked, author)
    if (drafts.length > 0)
      await this.#parts.writer.append({ drafts, expect, command: `authority/${id}/open` })
  }

  /** Gives an authority another name; what it made stays its own, and nobody else may ever bear the old one. */
  async rename(id: string, typed: string, author: Author): Promise<Authority> {
    const own = this.#known(id)
    this.#mustStand(own)
    const name = this.#free(typed)
    await this.#append(
      own,
      [draft(id, 'authority.renamed', { name }, author), nameTaken(name, id, author)],
      new Map([[authorityNameSubject(name), 0]]),
    )
    return this.#known(id)
  }

  /** Merges an authority into another, which takes over all that it made. */
  async merge(id: string, into: string, author: Author): Promise<Authority> {
    const own = this.#known(id)
    const heir = this.#known(into)
    this.#mustStand(own)
    this.#mustStand(heir)
    if (id === into) throw invalid('/into', 'same', '机关不能并入自己。')
    await this.#append(
      own,
      [draft(id, 'authority.merged', { into }, author)],
      new Map([[authoritySubject(into), heir.revision]]),
    )
    return this.#known(into)
  }

  /** Says which authority is above another, how to reach it, and what it is responsible for where that was wrong. */
  async change(
    id: string,
    { level, region, ...changes }: ChangedAuthority,
    author: Author,
  ): Promise<Authority> {
    const own = this.#known(id)
    const moved =
      level === undefined && region === undefined
        ? {}
        : { region: null, ...jurisdictionOf(own.name, { level, region: region ?? own.region }) }
    if (typeof changes.above === 'string') {
      const upper = this.#known(changes.above)
      const authorities = this.#parts.views.authorities()
      const body = (one: Authority) => authorities.bodyOf({ owner: one.id, authority: one.name })
      if (upper.id === id || authorities.isAbove(body(own), body(upper)))
        throw invalid('/above', 'circle', '上级机关不能是自己或者自己的下级。')
    }
    await this.#append(own, [draft(id, 'authority.changed', { ...changes, ...moved }, author)])
    return this.#known(id)
  }

  /** The authority of a name or id; refuses one that there is not. */
  find(named: string): Authority {
    const authorities = this.#parts.views.authorities()
    const found = authorities.one(named) ?? authorities.named(named)
    if (found) return found
    throw new Refusal(
      'unknown',
      `没有机关“${named.slice(0, 60)}”；请先开立，或用 authority list 查看已有的机关。`,
    )
  }

  /**
   * Opens an authority for each name that an account or a key bears and that has none: accounts without a region join
   * it; where one name stands in two regions, each further region gets one of its own, whose accounts are named with it.
   * Does nothing where every name has one.
   */
  async carryOver(): Promise<number> {
    const { views, writer } = this.#parts
    const bearers = [
      ...views
        .officers()
        .map(({ login, authority, region }) => ({ id: officerSubject(login), authority, region })),
      ...views.apiKeys().map(({ id, authority, region }) => ({ id: keySubject(id), authority, region })),
    ].filter(({ authority }) => !views.authorities().named(authority))
    const names = new Map<string, typeof bearers>()
    for (const one of bearers) names.set(one.authority, [...(names.get(one.authority) ?? []), one])
    const opened: Opening[] = []
    for (const [name, own] of names) {
      const regions = new Map<string, string[]>()
      const unbound = own.some(({ region }) => region === undefined)
      for (const { id, region } of own)
        if (region !== undefined) regions.set(region, [...(regions.get(region) ?? []), id])
      const [first, ...others] = Array.from(regions.keys()).sort()
      // Whoever bears it without bounds has those that the name says: the bounds of others are their own.
      if (unbound || first === undefined)
        opened.push(openingAs({ name, ...(jurisdictionNamed(name) ?? jurisdictionIn(undefined)) }, CARRIER))
      else {
        const at = (place: string) => ({ ...jurisdictionIn(place), accounts: regions.get(place) })
        opened.push(openingAs({ name, ...at(first) }, CARRIER))
        for (const place of others)
          opened.push(openingAs({ name: `${name}（${placeInWords(place)}）`, ...at(place) }, CARRIER))
      }
    }
    if (opened.length === 0) return 0
    try {
      await writer.append({
        drafts: opened.flatMap(({ drafts }) => drafts),
        expect: new Map(opened.flatMap(({ expect }) => Array.from(expect))),
        command: `authorities/${newId()}`,
      })
      return opened.length
    } catch (error) {
      // Another process on the same register was quicker, with the same names.
      if (!(error instanceof Conflict)) throw error
      await writer.catchUp()
      return this.carryOver()
    }
  }

  #free(typed: string): string {
    const name = typed.trim()
    if (name === '') throw invalid('/name', 'required', '请填写机关名称。')
    if (name.length > LONGEST_NAME) throw invalid('/name', 'too-big', `机关名称最多 ${LONGEST_NAME} 个字符。`)
    const other = this.#parts.views.authorities().named(name)
    if (other)
      throw new Refusal(
        'exists',
        other.name === name
          ? `已有名为“${name}”的机关。`
          : `“${name}”是${other.name}用过的名称，不能再给别的机关使用。`,
      )
    return name
  }

  #mustStand({ name, successor }: Authority): void {
    if (successor === undefined) return
    const heir = this.#parts.views.authorities().one(successor)
    throw new Refusal('gone', `${name}已并入${heir?.name ?? '其他机关'}，请对其办理。`)
  }

  #known(id: string): Authority {
    const one = this.#parts.views.authorities().one(id)
    if (!one) throw new Refusal('unknown', `没有编号为 ${id.slice(0, 40)} 的机关；请核对。`)
    return one
  }

  async #append(own: Authority, drafts: Draft[], more = new Map<string, number>()): Promise<void> {
    const expect = new Map([[authoritySubject(own.id), own.revision], ...more])
    await this.#parts.writer.append({ drafts, expect, command: `authority/${own.id}/${newId()}` })
  }
}

function openingAs(asked: NewAuthority & { level: Level }, author: Author): Opening {
  const id = newId()
  return {
    id,
    drafts: openingOf(asked, { id, author }),
    expect: new Map([
      [authoritySubject(id), 0],
      [authorityNameSubject(asked.name), 0],
    ]),
  }
}

/**
 * What an authority is responsible for, by what is said of it and by its name. Refuses a place that its name does not
 * hold, and a name that says none where nothing else does: an authority that was taken for the province's by mistake
 * would list firms without the consent of the next level.
 */
function jurisdictionOf(
  name: string,
  { level, region }: Pick<NewAuthority, 'level' | 'region'>,
): Jurisdiction {
  const named = jurisdictionNamed(name)
  if (region === undefined) {
    if (level === 'province') return { level }
    if (!named)
      throw invalid(
        '/region',
        'required',
        `从“${name}”看不出是哪一级、哪个地方的机关；请写明行政区划，省级机关写 河北省。`,
      )
    return { ...named, ...(level !== undefined && { level }) }
  }
  const place = regionOf(region)
  if (!place) throw invalid('/region', 'region', `没有行政区划 ${region.slice(0, 20)}；请用 6 位代码。`)
  const said = jurisdictionIn(place.code)
  if (named && !covers(named.region, said.region))
    throw invalid(
      '/region',
      'other-place',
      `“${name}”是${placeInWords(named.region)}的机关，管不到${placeInWords(said.region)}；请核对名称和行政区划。`,
    )
  const levelNow = level ?? named?.level ?? said.level
  if (levelNow !== 'province' && said.region === undefined)
    throw invalid('/region', 'required', '市级、县级机关必须写明行政区划。')
  return { ...said, level: levelNow }
}

/** The first of several authorities by name. */
function few(authorities: readonly Authority[]): string {
  const names = authorities.slice(0, 5).map(({ name }) => `“${name}”`)
  return `${names.join('、')}${authorities.length > names.length ? '等' : ''}`
}

function draft(id: string, kind: string, payload: unknown, author: Author): Draft {
  return { subject: authoritySubject(id), kind, payload, visibility: 'internal', author }
}
