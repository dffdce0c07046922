import { cursorOf, isAfter, orderedPlaceOf, type Place, placeOf } from './cursor.ts'
import type { SearchDocument } from './document.ts'
import { currentGeneration, makeCurrent, newGeneration, openIndex } from './embedded-schema.ts'
import { type NameRow, prepare, type Statements } from './embedded-statements.ts'
import { write } from './embedded-write.ts'
import type {
  SearchEngine,
  SearchFilters,
  SearchHit,
  SearchOrder,
  SearchQuery,
  SearchResult,
} from './engine.ts'
import { facetCounts, matches } from './facets.ts'
import {
  codeTier,
  highlightsOf,
  isNear,
  isScattered,
  matchByReading,
  matchedBy,
  nearMisses,
  soundParts,
  stemOf,
  type Tier,
  type Typed,
  tierByCharacters,
  tiers,
  typed,
} from './match.ts'
import { fold } from './normalise.ts'
import { orderKey } from './order.ts'
import { readingExpression } from './reading-query.ts'
import { filterTerms, presentNames, quoted } from './tokens.ts'

/** Names that contain the text are sorted as a whole up to this many; beyond, they are read in the index's order. */
const SORTED_NAMES = 200
/** At most this many names are looked at for a variant spelling, a reading or scattered characters. */
const VARIANT_NAMES = 1000
/** At most this many names are looked at for each way to have spoilt a text. */
const NEAR_NAMES = 100
/** At most this many hits are counted. */
const COUNTED = 1000
/** At most this many names are put in another order than that of the index. */
const ORDERED = 5000
/** At most this many names are passed over for one page. */
const PASSED_OVER = 5000

/** A name that answers, with the tier in which its enterprise does. */
interface Found {
  tier: Tier
  row: NameRow
}

/** The embedded engine on SQLite FTS5: one token per character, phrase queries. */
export function openEmbeddedSearch(path: string, mode: 'read' | 'write'): SearchEngine {
  const connection = openIndex(path, mode)
  const dataVersion = connection.prepare<[], number>('PRAGMA data_version').pluck()
  let seen = -1
  let generation = currentGeneration(connection) ?? 1
  let statements = prepare(connection, generation)

  function current() {
    const version = dataVersion.get() ?? 0
    if (version !== seen) {
      seen = version
      useGeneration(currentGeneration(connection) ?? 1)
    }
    return statements
  }

  function useGeneration(id: number): void {
    if (id === generation) return
    generation = id
    statements = prepare(connection, id)
  }

  return {
    applied: async () => current().applied.get() ?? 0,
    async index(batch) {
      current()
      connection.transaction(() => write(statements, batch)).immediate()
    },
    search: async (query) => search(current(), query),
    named: async (name) => named(current(), name),
    async rebuild(batches) {
      const id = connection.transaction(() => newGeneration(connection)).immediate()
      const fresh = prepare(connection, id)
      for await (const batch of batches) connection.transaction(() => write(fresh, batch)).immediate()
      connection.transaction(() => makeCurrent(connection, id)).immediate()
      useGeneration(id)
    },
    async close() {
      connection.close()
    },
  }
}

function search(statements: Statements, query: SearchQuery): SearchResult {
  const { cursor, order } = query
  if (order !== undefined) return inOrder(statements, query, order)
  const after = cursor === undefined ? undefined : placeOf(cursor, query, 'embedded')
  const filters = filterTerms(query.filters)
  if (query.text.trim() === '') {
    const expression = [presentNames, ...filters].join(' AND ')
    const ids = after ? [] : statements.byCharacters.all(expression, 0, COUNTED)
    return streamed(statements, query, after, undefined, expression, ids)
  }
  const text = typed(query.text)
  if (text.text === '') return { hits: [], ...(after ? {} : { total: { count: 0, exact: true } }) }
  const expression = [phrase(text.text), ...filters].join(' AND ')
  // The index is walked once: what is looked at to choose the way is what is counted too.
  const ids = statements.byCharacters.all(expression, 0, after ? SORTED_NAMES + 1 : COUNTED)
  return ids.length > SORTED_NAMES
    ? streamed(statements, query, after, text, expression, ids)
    : sorted(statements, query, after, text, ids)
}

/** The enterprises that bear a name, by its folded form. */
function named(statements: Statements, name: string): SearchHit[] {
  const text = typed(name)
  if (text.text === '') return []
  const rows = new Map<number, NameRow>()
  for (const id of statements.byFolded.all(text.text, SORTED_NAMES)) {
    const row = statements.name.get(id)
    if (row && !(row.former && rows.has(row.document))) rows.set(row.document, row)
  }
  return Array.from(rows.values())
    .sort((a, b) => a.former - b.former || a.id - b.id)
    .map((row) => hitOf(statements, { tier: tiers.exact, row }, text))
}

/** The best answers in an order that was asked for. */
function inOrder(statements: Statements, query: SearchQuery, order: SearchOrder): SearchResult {
  const found = best(statements, query)
  const tierOf = new Map(found.map(({ tier, row }) => [row.id, tier]))
  const rows = statements.inOrder
    .all(JSON.stringify(Array.from(tierOf.keys())))
    .map((row) => ({ row, by: orderKey(row, order) }))
    .sort((a, b) => (a.by === b.by ? a.row.id - b.row.id : a.by < b.by ? -1 : 1))
  const after = query.cursor === undefined ? undefined : orderedPlaceOf(query.cursor, query, 'embedded')
  const rest = after
    ? rows.filter(({ row, by }) => by > after.by || (by === after.by && row.id > after.id))
    : rows
  const page = rest.slice(0, query.limit)
  const last = page.at(-1)
  const text = query.text.trim() === '' ? undefined : typed(query.text)
  return {
    hits: page.map(({ row }) => hitOf(statements, { tier: tierOf.get(row.id) ?? tiers.infix, row }, text)),
    ...(last && rest.length > query.limit && { next: cursorOf([last.by, last.row.id], query, 'embedded') }),
    ...(!after && {
      facets: facetCounts(rows.map(({ row }) => [row.facets, 1])),
      total: { count: rows.length, exact: rows.length < ORDERED },
    }),
  }
}

/** The best answers, at most so many that they can be put in another order. */
function best(statements: Statements, query: SearchQuery): Found[] {
  const filters = filterTerms(query.filters)
  const isAll = query.text.trim() === ''
  const text = typed(query.text)
  if (!isAll && text.text === '') return []
  const expression = [isAll ? presentNames : phrase(text.text), ...filters].join(' AND ')
  const ids = statements.byCharacters.all(expression, 0, ORDERED)
  if (!isAll && ids.length <= SORTED_NAMES) return everyVariant(statements, query, text, ids).all
  const rows = new Map<number, NameRow>()
  for (const row of statements.inOrder.all(JSON.stringify(ids)))
    if (!rows.has(row.document) || !row.former) rows.set(row.document, row)
  return Array.from(rows.values(), (row) => ({
    tier: isAll ? tiers.infix : (tierByCharacters(row, text) ?? tiers.infix),
    row,
  }))
}

/** All that answers, sorted: for texts that few names contain, which are tried in every variant. */
function sorted(
  statements: Statements,
  query: SearchQuery,
  after: Place | undefined,
  text: Typed,
  ids: readonly number[],
): SearchResult {
  const { all, exact } = everyVariant(statements, query, text, ids)
  const rest = after ? all.filter(({ tier, row }) => isAfter({ tier, id: row.id }, after)) : all
  const page = rest.slice(0, query.limit)
  const last = page.at(-1)
  return {
    hits: page.map((hit) => hitOf(statements, hit, text)),
    ...(last && rest.length > query.limit && { next: cursorOf([last.tier, last.row.id], query, 'embedded') }),
    ...(!after && {
      facets: facetCounts(all.map(({ row }) => [row.facets, 1])),
      total: { count: all.length, exact },
    }),
  }
}

/** Everything that a text may mean, the best first; `exact` is false where a variant had too many names to look at. */
function everyVariant(
  statements: Statements,
  query: SearchQuery,
  text: Typed,
  ids: readonly number[],
): { all: Found[]; exact: boolean } {
  const filters = filterTerms(query.filters)
  const both = (expression: string) => [expression, ...filters].join(' AND ')
  const found = new Map<number, Found>()
  let exact = true
  const take = (candidates: readonly number[], accept: (row: NameRow) => Tier | undefined) => {
    if (candidates.length >= VARIANT_NAMES) exact = false
    for (const id of candidates) {
      const row = statements.name.get(id)
      const tier = row && accept(row)
      if (!row || tier === undefined) continue
      const known = found.get(row.document)
      if (!known || tier < known.tier || (tier === known.tier && row.id < known.row.id))
        found.set(row.document, { tier, row })
    }
  }
  const characters = (row: NameRow) => tierByCharacters(row, text)

  for (const hit of byCode(statements, text, query.filters)) found.set(hit.row.document, hit)
  take(ids, characters)
  if (text.core !== '') {
    const cores = statements.byCore.all(text.core, VARIANT_NAMES)
    take(cores, (row) => (matches(row, query.filters) ? characters(row) : undefined))
    // Names that only contain the core are worth showing where nothing contains the text as it stands.
    if (ids.length === 0)
      take(statements.byCharacters.all(both(phrase(text.core)), 0, VARIANT_NAMES), characters)
  }
  if (text.words.length > 0)
    take(
      statements.byCharacters.all(both(text.words.map(phrase).join(' AND ')), 0, VARIANT_NAMES),
      characters,
    )
  const { letters } = text
  if (letters !== undefined) {
    const expression = readingExpression(letters)
    const readings = statements.byReadings.all(both(`(${expression})`), VARIANT_NAMES)
    take(readings, (row) => matchByReading(fold(row.name).characters, row.core, letters)?.tier)
  }
  if (found.size === 0) {
    const wanted = text.core || text.text
    const expression = Array.from(new Set(wanted), (character) => quoted(character)).join(' AND ')
    take(statements.byCharacters.all(both(expression), 0, VARIANT_NAMES), (row) =>
      isScattered(row.folded, wanted) ? tiers.scattered : undefined,
    )
  }
  // A mistake spoils one part of a name; names that hold the others are looked at.
  const stem = stemOf(text)
  const misses = found.size === 0 ? nearMisses(stem) : []
  for (const phrases of misses.length === 0 ? [] : soundParts(stem)) {
    const expression = both(phrases.map(phrase).join(' AND '))
    take(statements.byCharacters.all(expression, 0, NEAR_NAMES), (row) =>
      misses.some((miss) => isNear(row.folded, miss)) ? tiers.near : undefined,
    )
  }

  const all = Array.from(found.values()).sort((a, b) => a.tier - b.tier || a.row.id - b.row.id)
  return { all, exact }
}

/**
 * Names in the order of the index, read only as far as the page needs; for texts that many names contain. `first`
 * are the ids that the index begins with.
 */
function streamed(
  statements: Statements,
  query: SearchQuery,
  after: Place | undefined,
  text: Typed | undefined,
  expression: string,
  first: readonly number[],
): SearchResult {
  const hits: Found[] = []
  let reached: Place | undefined
  let passedOver = 0
  const isFull = () => hits.length > query.limit || passedOver > PASSED_OVER

  const accept = (row: NameRow, tier: Tier): void => {
    const place = { tier, id: row.id }
    if (after && !isAfter(place, after)) return
    const best = text ? bestOf(statements, row, text) : place
    if (best.tier === tier && best.id === row.id) hits.push({ tier, row })
    else passedOver += 1
    if (hits.length <= query.limit) reached = place
  }

  if (text) {
    for (const { row, tier } of byCode(statements, text, query.filters)) accept(row, tier)
    for (const [tier, ids] of beginnings(statements, text, expression, after))
      for (const id of ids) {
        if (isFull()) break
        const row = statements.name.get(id)
        if (row && matches(row, query.filters)) accept(row, tier)
      }
  }
  let id = after?.tier === tiers.infix ? after.id : 0
  let ids = id === 0 ? first : []
  while (!isFull()) {
    if (ids.length === 0) ids = statements.byCharacters.all(expression, id, query.limit + 1)
    if (ids.length === 0) break
    for (const next of ids) {
      if (isFull()) break
      const row = statements.name.get(next)
      if (row) accept(row, tiers.infix)
      id = next
    }
    ids = []
  }

  const more = isFull()
  const page = hits.slice(0, query.limit)
  const counted = after ? undefined : statements.facets.all(JSON.stringify(first.slice(0, COUNTED)))
  return {
    hits: page.map((hit) => hitOf(statements, hit, text)),
    ...(more && reached && { next: cursorOf([reached.tier, reached.id], query, 'embedded') }),
    ...(counted && {
      facets: facetCounts(counted.map(({ facets, count }) => [facets, count])),
      total: totalOf(counted.reduce((sum, { count }) => sum + count, 0)),
    }),
  }
}

function totalOf(count: number): { count: number; exact: boolean } {
  return { count, exact: count < COUNTED }
}

/** Names that are the text or begin with it, shortest first. */
function beginnings(
  statements: Statements,
  text: Typed,
  expression: string,
  after: Place | undefined,
): [Tier, number[]][] {
  if (after && after.tier >= tiers.infix) return []
  const exact = statements.byFolded.all(text.text, SORTED_NAMES)
  const few = statements.byBeginning.all(text.text, `${text.text}\u{10ffff}`, SORTED_NAMES + 1)
  // A beginning that many names share is soon met in the index itself, in the right order.
  const prefix =
    few.length <= SORTED_NAMES
      ? few.sort((a, b) => a - b)
      : statements.byCharacters.all(
          `^ ${expression}`,
          after?.tier === tiers.prefix ? after.id : 0,
          PASSED_OVER,
        )
  return [
    [tiers.exact, exact.sort((a, b) => a - b)],
    [tiers.prefix, prefix],
  ]
}

function byCode(statements: Statements, text: Typed, filters: SearchFilters): Found[] {
  const { code } = text
  if (code === undefined) return []
  const end = `${code}\u{10ffff}`
  const rows = [
    ...statements.byKey.all(code, end, SORTED_NAMES),
    ...statements.byUnifiedCode.all(code, end, SORTED_NAMES),
    // An enterprise known by its organisation code alone is found by its unified code too.
    ...(code.length === 18 ? statements.byKey.all(code.slice(8, 17), code.slice(8, 17), 1) : []),
  ]
  const unique = new Map(rows.filter((row) => matches(row, filters)).map((row) => [row.document, row]))
  return Array.from(unique.values(), (row) => ({ tier: codeTier(row, code) ?? tiers.code, row })).sort(
    (a, b) => a.tier - b.tier || a.row.id - b.row.id,
  )
}

/** Where an enterprise stands in the order, by the best of its names and its codes. */
function bestOf(statements: Statements, row: NameRow, text: Typed): Place {
  const code = text.code === undefined ? undefined : codeTier(row, text.code)
  if (code !== undefined) return { tier: code, id: row.former ? 0 : row.id }
  const names = row.names === 1 ? [row] : statements.namesOf.all(row.document)
  return names
    .map((name) => ({ tier: tierByCharacters(name, text) ?? Number.POSITIVE_INFINITY, id: name.id }))
    .reduce((best, place) => (isAfter(best, place) ? place : best))
}

function hitOf(statements: Statements, { tier, row }: Found, text: Typed | undefined): SearchHit {
  const document: SearchDocument = JSON.parse(statements.json.get(row.document) ?? 'null')
  return {
    document,
    matchedBy: matchedBy(tier, row.former === 1, text),
    name: row.name,
    highlights: text && tier > tiers.codePrefix ? highlightsOf(row.name, text) : [],
  }
}

function phrase(text: string): string {
  return quoted(Array.from(text).join(' '))
}
