import { freeName } from '../acts/authority-name.ts'
import { placeInWords } from '../authority/authorities.ts'
import {
  type Authority,
  authorityNameSubject,
  authoritySubject,
  type Level,
  type NewAuthority,
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
    return this.find(id)
  }

  /** The entries that open an authority, to be appended with whatever needs it. */
  opening(
    { name: typed, level, region, above, ...more }: NewAuthority,
    author: Author,
  ): { id: string; drafts: Draft[]; expect: Map<string, number> } {
    const name = freeName(typed, this.#parts.views.authorities())
    const place = region === undefined ? undefined : regionOf(region)
    if (region !== undefined && !place)
      throw invalid('/region', 'region', `没有行政区划 ${region.slice(0, 20)}；请用 6 位代码。`)
    const code = place === undefined || place.level === 'province' ? undefined : place.code
    const levelNow: Level = level ?? (code === undefined ? 'province' : (place?.level ?? 'county'))
    if (levelNow !== 'province' && code === undefined)
      throw invalid('/region', 'required', '市级、县级机关必须写明行政区划。')
    if (above !== undefined && !this.#parts.views.authorities().one(above))
      throw invalid('/above', 'unknown', '没有这一上级机关；请核对。')
    const id = newId()
    const drafts = openingOf({ name, level: levelNow, region: code, above, ...more }, { id, author })
    return {
      id,
      drafts,
      expect: new Map([
        [authoritySubject(id), 0],
        [authorityNameSubject(name), 0],
      ]),
    }
  }

  /** The authority of a name, opened where there is none yet. */
  async ensure(asked: NewAuthority, author: Author): Promise<Authority> {
    const known = this.#parts.views.authorities().named(asked.name)
    return known ?? (await this.open(asked, author))
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
    const opened: { drafts: Draft[]; expect: Map<string, number> }[] = []
    for (const [name, own] of names) {
      const regions = new Map<string, string[]>()
      const unbound = own.some(({ region }) => region === undefined)
      for (const { id, region } of own)
        if (region !== undefined) regions.set(region, [...(regions.get(region) ?? []), id])
      const [first, ...others] = Array.from(regions.keys()).sort()
      // A name that somebody bears without bounds is the province's: the bounds of others are their own.
      if (unbound || first === undefined) opened.push(this.opening({ name }, CARRIER))
      else {
        opened.push(this.opening({ name, region: first, accounts: regions.get(first) }, CARRIER))
        for (const place of others) {
          const accounts = regions.get(place)
          opened.push(
            this.opening({ name: `${name}（${placeInWords(place)}）`, region: place, accounts }, CARRIER),
          )
        }
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
}
