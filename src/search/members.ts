import { LRUCache } from 'lru-cache'
import { type Condition, EDGE, entriesOf, type FirmTexts, readsFrom } from './condition.ts'
import {
  dimensionNames,
  type Facets,
  facetsOf,
  matches,
  type Profile,
  type SearchFilters,
} from './dimensions.ts'
import type { StoredRow } from './embedded-schema.ts'
import type { Question, Selection } from './engine.ts'
import { difference, filtered, intersection, Marks, type Members, NOBODY, union } from './grams.ts'
import { Growing } from './growing.ts'
import type { KeptParts, TableParts } from './kept-table.ts'
import { inOrder, keyAt, LAST, orderNumber, type SearchOrder } from './order.ts'
import { type ReadingToken, readingQuery } from './reading-query.ts'
import { unitsOfInitial, unitsRead } from './readings.ts'
import { Texts } from './texts.ts'

/** Looks codes up: numbers of the rows of enterprises with a code that begins with, or is, another. */
export type FindCodes = (code: string, whole: boolean) => readonly number[]

/** Bytes of sets that are kept for the next page of the same question. */
const KEPT_BYTES = 32 * 1024 * 1024

/**
 * All enterprises in columns, for counting and ordering any number of them. Each change of an enterprise makes it a
 * new member; members that stand no longer are passed over.
 */
export class MemberTable {
  readonly #names: Texts
  readonly #cores: Texts
  readonly #places: Growing<Float64Array>
  readonly #profiles: Growing<Uint32Array>
  readonly #days: Growing<Uint32Array>
  readonly #isOpen: Growing<Uint8Array>
  /** Number of a row → its present member + 1. */
  readonly #memberOf: Growing<Uint32Array>
  /** Keys of those that are kept under no organisation code, by their places. */
  readonly #longKeys: Map<number, string>
  readonly #profileNumbers = new Map<string, number>()
  readonly #profileList: Profile[] = []
  #everyone: Members | undefined
  /** How many members stand no longer. */
  #closed: number
  /** Whether a text was taken in once that nobody bears any more. */
  #hasLost = false
  /** Which profiles the filters ask for that have been asked since the last change. */
  readonly #matching = new Map<string, Uint8Array>()
  readonly #read = new Map<string, ReadMembers>()
  readonly #kept = new LRUCache<Condition, Members>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ byteLength }) => byteLength + 200,
  })

  /** Nobody, or those of a table that was kept. */
  constructor(kept?: KeptParts) {
    const columns = kept?.columns
    this.#names = new Texts(columns?.names)
    this.#cores = new Texts(columns?.cores)
    const [places, profiles, days, isOpen, memberOf] = columns?.rows ?? []
    this.#places = new Growing((length) => new Float64Array(length), places && new Float64Array(places))
    this.#profiles = new Growing((length) => new Uint32Array(length), profiles && new Uint32Array(profiles))
    this.#days = new Growing((length) => new Uint32Array(length), days && new Uint32Array(days))
    this.#isOpen = new Growing((length) => new Uint8Array(length), isOpen && new Uint8Array(isOpen))
    this.#memberOf = new Growing((length) => new Uint32Array(length), memberOf && new Uint32Array(memberOf))
    this.#longKeys = new Map(kept?.longKeys)
    this.#closed = kept?.closed ?? 0
    for (const profile of kept?.profiles ?? []) this.#profileNumber(profile)
  }

  /** All that it is made of, as it is now, whatever is taken in later. */
  parts(): TableParts {
    return {
      columns: {
        names: this.#names.columns(),
        cores: this.#cores.columns(),
        rows: [
          this.#places.written,
          this.#profiles.written,
          this.#days.written,
          // What changes in place.
          this.#isOpen.written.slice(),
          this.#memberOf.written.slice(),
        ],
      },
      longKeys: [...this.#longKeys],
      profiles: [...this.#profileNumbers.keys()],
      closed: this.#closed,
    }
  }

  /** How many members there are, those that stand no longer among them. */
  get size(): number {
    return this.#isOpen.length
  }

  /** Whether it holds a text that nobody bears any more. */
  get hasLost(): boolean {
    return this.#hasLost
  }

  /** Whether members that stand no longer take up more room than those that do. */
  get isWorn(): boolean {
    return this.#closed > 10_000 && this.#closed * 2 > this.#isOpen.length
  }

  /** Takes in rows as they are: new, changed or removed. */
  take(rows: readonly StoredRow[]): void {
    if (rows.length === 0) return
    this.#kept.clear()
    this.#matching.clear()
    this.#read.clear()
    this.#everyone = undefined
    const added = rows.filter(({ number, names, isOpen }) => {
      const before = this.#memberOf.values[number] ?? 0
      if (before > 0) {
        this.#isOpen.set(before - 1, 0)
        this.#closed += 1
        this.#hasLost ||= !holdsNames(names, this.#names.text(before - 1))
      }
      this.#memberOf.set(number, 0)
      return isOpen === 1
    })
    for (const { number, place, profile, establishedOn, longKey } of added) {
      if (longKey !== null) this.#longKeys.set(place, longKey)
      this.#places.push(place)
      this.#profiles.push(this.#profileNumber(profile))
      this.#days.push(establishedOn === null ? 0 : Number(establishedOn.replaceAll('-', '')))
      this.#isOpen.push(1)
      this.#memberOf.set(number, this.#places.length)
    }
    this.#names.add(added.map(({ names }) => names))
    this.#cores.add(added.map(({ cores }) => cores))
  }

  /** Answers a question; `findCodes` looks up what stands in no column. */
  answer({ where, order, after, limit, tally }: Question, findCodes: FindCodes): Selection {
    const members = new Evaluation(this, findCodes).of(where)
    return {
      places: limit > 0 ? this.#first(members, order, after, limit) : [],
      count: members.length,
      ...(tally && { facets: this.#facets(members) }),
      exact: true,
      sure: true,
    }
  }

  /** All that stand. */
  get everyone(): Members {
    this.#everyone ??= this.open(Uint32Array.from({ length: this.#isOpen.length }, (_, member) => member))
    return this.#everyone
  }

  open(members: Members): Members {
    if (this.#closed === 0) return members
    const open = this.#isOpen.values
    return filtered(members, (member) => open[member] === 1)
  }

  texts(field: 'name' | 'core'): Texts {
    return field === 'name' ? this.#names : this.#cores
  }

  firm(member: number): FirmTexts {
    return { names: this.#names.text(member), cores: this.#cores.text(member) }
  }

  /** The key that a member is kept under. */
  keyOf(member: number): string {
    return this.#keyAt(this.#places.values[member] ?? 0)
  }

  #keyAt(place: number): string {
    return keyAt(place) ?? this.#longKeys.get(place) ?? ''
  }

  membersOf(numbers: readonly number[]): Members {
    const found = numbers.map((number) => this.#memberOf.values[number] ?? 0).filter((member) => member > 0)
    return Uint32Array.from(new Set(found), (member) => member - 1).sort()
  }

  having(filters: SearchFilters, among: Members): Members {
    if (dimensionNames.every((name) => (filters[name] ?? []).length === 0)) return among
    const isMatch = bounded(this.#matching, JSON.stringify(filters), () =>
      Uint8Array.from(this.#profileList, (profile) => (matches(profile, filters) ? 1 : 0)),
    )
    const profiles = this.#profiles.values
    return filtered(among, (member) => isMatch[profiles[member] ?? 0] === 1)
  }

  /** Members that may be read as letters, from any place of a name on. */
  readAs(letters: string): ReadMembers {
    return bounded(this.#read, letters, () => this.#readAs(letters))
  }

  #readAs(letters: string): ReadMembers {
    const { asInitials, asSyllables } = readingQuery(letters, 2)
    const row = rowOf(letters)
    const found: ReadMembers = { byInitials: NOBODY, bySyllables: NOBODY }
    for (const texts of [this.#names, this.#cores]) {
      const initials = meetingAll(texts, asInitials).filter((member) => texts.hasRow(member, row))
      found.byInitials = union(found.byInitials, this.open(initials))
      found.bySyllables = union(found.bySyllables, this.open(meetingAll(texts, asSyllables)))
    }
    found.bySyllables = found.bySyllables.filter((member) =>
      readsFrom(this.firm(member), letters, 'anywhere'),
    )
    return found
  }

  kept(condition: Condition, make: () => Members): Members {
    const known = this.#kept.get(condition)
    if (known) return known
    const made = make()
    this.#kept.set(condition, made)
    return made
  }

  #profileNumber(json: string): number {
    const known = this.#profileNumbers.get(json)
    if (known !== undefined) return known
    const number = this.#profileList.length
    this.#profileNumbers.set(json, number)
    this.#profileList.push(JSON.parse(json))
    return number
  }

  #facets(members: Members): Facets {
    const counts = new Uint32Array(this.#profileList.length)
    const profiles = this.#profiles.values
    for (const member of members) {
      const profile = profiles[member] ?? 0
      counts[profile] = (counts[profile] ?? 0) + 1
    }
    return facetsOf(counted(this.#profileList, counts))
  }

  /** The first members in an order, after one of them. */
  #first(
    members: Members,
    order: SearchOrder | undefined,
    after: Question['after'],
    limit: number,
  ): Selection['places'] {
    const by = this.#orderColumn(order)
    const places = this.#places.values
    const found: { by: number; place: number }[] = []
    for (const member of members) {
      const own = { by: by(member), place: places[member] ?? 0 }
      if (after && inOrder(after, own) >= 0) continue
      const last = found[limit - 1]
      if (last && inOrder(own, last) >= 0) continue
      let at = found.length
      while (at > 0 && inOrder(own, found[at - 1] ?? own) < 0) at -= 1
      found.splice(at, 0, own)
      if (found.length > limit) found.pop()
    }
    return found.map((own) => ({ ...own, key: this.#keyAt(own.place) }))
  }

  #orderColumn(order: SearchOrder | undefined): (member: number) => number {
    if (order === undefined) return () => 0
    if (order === 'oldest' || order === 'newest') {
      const days = this.#days.values
      const sign = order === 'oldest' ? 1 : -1
      return (member) => {
        const day = days[member] ?? 0
        return day === 0 ? LAST : sign * day
      }
    }
    const numbers = this.#profileList.map(({ region: [region], grade: [grade] }) =>
      orderNumber({ region, grade }, order),
    )
    const profiles = this.#profiles.values
    return (member) => numbers[profiles[member] ?? 0] ?? LAST
  }
}

/** Whether all names of an enterprise stand among others of it. */
function holdsNames(names: string, before: string): boolean {
  return names === before || entriesOf(before).every((name) => names.includes(EDGE + name + EDGE))
}

function* counted(profiles: readonly Profile[], counts: Uint32Array): Generator<[Profile, number]> {
  for (const [i, count] of counts.entries()) {
    const profile = profiles[i]
    if (count > 0 && profile) yield [profile, count]
  }
}

/** One question being answered: the members that meet each of its conditions. */
class Evaluation {
  readonly #table: MemberTable
  readonly #findCodes: FindCodes

  constructor(table: MemberTable, findCodes: FindCodes) {
    this.#table = table
    this.#findCodes = findCodes
  }

  /** Members that stand and meet a condition; of some only, where they are given. */
  of(condition: Condition, among?: Members): Members {
    if ('name' in condition) return this.#holding('name', condition, condition.name, among)
    if ('core' in condition) return this.#holding('core', condition, condition.core, among)
    if ('has' in condition) return this.#table.having(condition.has, among ?? this.#table.everyone)
    if ('shares' in condition) {
      const { shares, least } = condition
      const [names, cores] = [this.#table.texts('name'), this.#table.texts('core')]
      return filtered(
        among ?? this.#table.everyone,
        (member) => names.shared(member, shares) >= least || cores.shared(member, shares) >= least,
      )
    }
    if ('code' in condition) return this.#within(this.#coded(condition.code, condition.whole), among)
    if ('keys' in condition)
      return this.#within(
        this.#table.kept(condition, () => this.#under(condition.keys)),
        among,
      )
    if ('reads' in condition) return this.#within(this.#read(condition), among)
    if ('not' in condition) {
      const all = among ?? this.#table.everyone
      return difference(all, this.of(condition.not, all))
    }
    if ('any' in condition)
      return condition.any.reduce<Members>((found, one) => union(found, this.of(one, among)), NOBODY)
    if ('all' in condition) return this.#all(condition.all, among)
    return among ? this.#that(condition, among) : this.#table.kept(condition, () => this.#that(condition))
  }

  /** Several questions look at the same candidates: for what sounds alike and for any mistake, to count and to list. */
  #that({ among: where, that }: Extract<Condition, { among: Condition }>, among?: Members): Members {
    const candidates = among ? this.of(where, among) : this.#table.kept(where, () => this.of(where))
    return filtered(candidates, (member) => that(this.#table.firm(member)))
  }

  /** What is looked up first, what only narrows after it. */
  #all(conditions: readonly Condition[], among: Members | undefined): Members {
    const narrows = (condition: Condition) =>
      'has' in condition || 'not' in condition || 'shares' in condition
    const inOrder = [...conditions].sort((a, b) => Number(narrows(a)) - Number(narrows(b)))
    let found = among
    for (const condition of inOrder) {
      if (found?.length === 0) return found
      found = this.of(condition, found)
    }
    return found ?? this.#table.everyone
  }

  #holding(field: 'name' | 'core', condition: Condition, text: string, among: Members | undefined): Members {
    const texts = this.#table.texts(field)
    if (among) return texts.holding(text, among)
    return this.#table.kept(condition, () => this.#table.open(texts.holding(text)))
  }

  #within(members: Members, among: Members | undefined): Members {
    return among ? intersection(members, among) : members
  }

  #coded(code: string, whole: boolean): Members {
    return this.#table.membersOf(this.#findCodes(code, whole))
  }

  /** A code may be borne by others than who is kept under it. */
  #under(keys: readonly string[]): Members {
    const wanted = new Set(keys)
    const bearers = this.#table.membersOf(keys.flatMap((key) => this.#findCodes(key, true)))
    return filtered(bearers, (member) => wanted.has(this.#table.keyOf(member)))
  }

  #read({ reads, from }: Extract<Condition, { reads: string }>): Members {
    const table = this.#table
    const { byInitials, bySyllables } = table.readAs(reads)
    if (from === 'anywhere') return union(byInitials, bySyllables)
    const edge = only(EDGE)
    const row = [edge, ...rowOf(reads), ...(from === 'whole' ? [edge] : [])]
    const texts = [table.texts('name'), table.texts('core')]
    // What begins with the letters begins with a character whose reading begins with the first of them.
    const begun = [edge, ...rowOf(reads.charAt(0))]
    return union(
      byInitials.filter((member) => texts.some((one) => one.hasRow(member, row))),
      bySyllables.filter(
        (member) =>
          texts.some((one) => one.hasRow(member, begun)) && readsFrom(table.firm(member), reads, from),
      ),
    )
  }
}

/** At most this many answers to parts of questions are kept until something changes. */
const MOST_KEPT = 500

function bounded<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const known = kept.get(key)
  if (known !== undefined) return known
  if (kept.size >= MOST_KEPT) kept.clear()
  const made = make()
  kept.set(key, made)
  return made
}

/** Members with a name or core that may be read as some letters: by initials, and in pinyin. */
interface ReadMembers {
  byInitials: Members
  bySyllables: Members
}

/** Characters that stand for initials one by one. */
function rowOf(letters: string): Uint8Array[] {
  return Array.from(letters, (letter) => unitsOfInitial(letter).isUnit)
}

function only(unit: string): Uint8Array {
  const units = new Uint8Array(65_536)
  units[unit.charCodeAt(0)] = 1
  return units
}

/** Below this many, looking at the texts costs less than narrowing them further. */
const FEW_CANDIDATES = 200

/** Members that may be read so: a few more than can. */
function meetingAll(texts: Texts, groups: readonly ReadingToken[][]): Members {
  let all: Marks | undefined
  for (const group of groups) {
    const marks = new Marks(texts.count)
    for (const token of group) markToken(texts, token, marks)
    if (all) all.keep(marks)
    else all = marks
    if (all.count <= FEW_CANDIDATES) break
  }
  return all ? all.members() : NOBODY
}

function markToken(texts: Texts, token: ReadingToken, marks: Marks): void {
  const [first, second] = unitsRead(token)
  texts.markPairs(first.units, second?.isUnit, marks)
}
