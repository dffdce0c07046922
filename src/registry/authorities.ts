import { freeName } from '../acts/authority-name.ts'
import { jurisdictionOf } from '../acts/jurisdiction.ts'
import type { Opening } from '../acts/situation.ts'
import { unknownMaker } from '../acts/unknown-maker.ts'
import { type Actor, placesOf } from '../authority/acting.ts'
import { covers, type Made, placeInWords } from '../authority/authorities.ts'
import {
  type Authority,
  authorityNameSubject,
  authoritySubject,
  jurisdictionIn,
  jurisdictionNamed,
  LEVEL_WORDS,
  type Level,
  type NewAuthority,
  openingOf,
  SYSTEM,
} from '../authority/authority.ts'
import { keySubject } from '../authority/keys.ts'
import { officerSubject } from '../authority/officers.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { RecordData, RecordKind } from '../records/kind.ts'
import { type Author, newId } from '../register/entry.ts'
import { Conflict } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Outcome } from './acts.ts'
import { whoActs } from './who-acts.ts'

interface Parts {
  views: Views
  writer: Writer
  catalogue: Catalogue
}

/** Author of what is carried over by the program itself. */
const CARRIER = { authority: SYSTEM, officer: '机关沿用' }

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

  /** Every name under which an authority's things may be kept: those that it, and whoever it took over, bear or bore. */
  namesOf(name: string): string[] {
    return this.#parts.views.authorities().namesOf(name)
  }

  /** What the authority is called today that something names; `formerly` where that is another name. */
  today(made: Made): { name: string; formerly?: string } {
    return this.#parts.views.authorities().today(made)
  }

  /** The same in words. */
  calledToday(made: Made): string {
    return this.#parts.views.authorities().calledToday(made)
  }

  /** Opens an authority. Refuses a name that is or ever was another's, and a level or superior that does not fit. */
  async open(asked: NewAuthority, author: Author): Promise<Authority> {
    const opening = this.opening(asked, author)
    await this.#append(opening)
    return this.find(opening.id)
  }

  /** The entries that open an authority, to be appended with whatever needs it. */
  opening({ name, level, region, above, ...more }: NewAuthority, author: Author): Opening {
    const authorities = this.#parts.views.authorities()
    if (above !== undefined && !authorities.one(above))
      throw invalid('/above', 'unknown', '没有这一上级机关；请核对。')
    const free = freeName(name, authorities)
    return openingAs({ name: free, ...jurisdictionOf(free, { level, region }), above, ...more }, author)
  }

  /**
   * The same for the authority that an account or key is to belong to: nothing to append where its name is known.
   * Whoever has no authority yet opens one for the place that its name says, or that the account is bound to. Refuses a
   * name beside another authority of that place and level, since that is more often mistyped than new.
   */
  openingFor({ name, region }: Pick<NewAuthority, 'name' | 'region'>, author: Author): Opening {
    const authorities = this.#parts.views.authorities()
    if (authorities.named(name)) return { id: '', drafts: [], expect: new Map() }
    const free = freeName(name, authorities)
    const named = jurisdictionNamed(free)
    // What an account is bound to may be less than its authority's place, and lies within it.
    const bound = region === undefined || !named || covers(named.region, region)
    const own = jurisdictionOf(free, named && bound ? {} : { region })
    const others = authorities
      .standing()
      .filter((other) => other.level === own.level && other.region === own.region && !other.isInvented)
    if (others.length > 0)
      throw invalid(
        '/authority',
        'unknown',
        `没有机关“${free}”；${LEVEL_WORDS[own.level]}（${placeInWords(own.region)}）已有${few(others)}。请写已有的机关（--authority）；确是另一机关的，请先用 authority create 开立。`,
      )
    return openingAs({ name: free, ...own }, author)
  }

  /** What is said of a record that names an authority which nobody has opened, in words; undefined for any other. */
  unknownIn({ dossier, recordId }: Pick<Outcome, 'dossier' | 'recordId'>): string | undefined {
    const record = dossier?.records.find(({ id }) => id === recordId)
    const kind = record && this.#parts.catalogue.kind(record.type)
    const authorities = this.#parts.views.authorities()
    return kind && unknownMaker(kind, record.data, authorities.bodyOf(record.made), authorities)
  }

  /** The same of one that somebody is still writing. */
  unknownTo(actor: Actor, kind: RecordKind, data: RecordData): string | undefined {
    const { actor: acting, authorities } = whoActs(this.#parts.views, actor)
    return unknownMaker(kind, data, acting.body, authorities)
  }

  /** The places that somebody's bounds are, those among them that their authority took over; none for the whole province. */
  placesOf(actor: Actor): readonly string[] {
    return placesOf(whoActs(this.#parts.views, actor).actor)
  }

  /** Opens the authority that somebody acts for, as `openingFor` does. */
  async openFor(asked: Pick<NewAuthority, 'name' | 'region'>, author: Author): Promise<void> {
    const opening = this.openingFor(asked, author)
    if (opening.drafts.length > 0) await this.#append(opening)
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
   * Does nothing where every name has one. `met` is a conflict that it ran into before.
   */
  async carryOver(met?: Conflict): Promise<number> {
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
      // Names that stand in entries which can't be read keep nobody from starting.
      if (error.isAgain(met)) return 0
      await writer.catchUp()
      return this.carryOver(error)
    }
  }

  async #append({ id, drafts, expect }: Opening): Promise<void> {
    await this.#parts.writer.append({ drafts, expect, command: `authority/${id}/open` })
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

/** The first of several authorities by name. */
function few(authorities: readonly Authority[]): string {
  const names = authorities.slice(0, 5).map(({ name }) => `“${name}”`)
  return `${names.join('、')}${authorities.length > names.length ? '等' : ''}`
}
