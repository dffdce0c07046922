import { Meilisearch, MeilisearchApiError } from 'meilisearch'
import { cursorOf, isAfter, orderedPlaceOf, type Place, placeOf as placeIn } from './cursor.ts'
import type { SearchDocument } from './document.ts'
import {
  type SearchBatch,
  type SearchEngine,
  type SearchHit,
  type SearchOrder,
  type SearchQuery,
  type SearchResult,
  SearchUnavailable,
} from './engine.ts'
import { facetCounts, facetsOf } from './facets.ts'
import {
  codeTier,
  highlightsOf,
  type IndexedName,
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
import {
  beginningWith,
  beyond,
  definition,
  EVERYONE,
  filtered,
  holding,
  holdingAll,
  MOST_FETCHED,
  named,
  POSITION_ID,
  type PositionDocument,
  placeOf,
  readAs,
  type StoredDocument,
  settings,
  storedDocument,
  withCode,
  withCore,
} from './meilisearch-document.ts'
import { type TaskOptions, Tasks } from './meilisearch-tasks.ts'
import { fold, partsOf } from './normalise.ts'
import { orderKey } from './order.ts'

export interface MeilisearchOptions extends TaskOptions {
  url: string
  key: string
  /** Begins the names of the indexes, so that several registries can share a server. */
  prefix?: string
  /** How long a search may take. */
  searchMs?: number
}

const SORTED = 200
const VARIANTS = 1000
const NEAR = 100
const COUNTED = 1000
const PASSED_OVER = 5000
const SEARCH_MS = 3000

/** An enterprise that answers: how well, by which of its names, and where it stands among those that do as well. */
interface Found {
  tier: Tier
  name: string
  isFormer: boolean
  place: number
  document: SearchDocument
}

/**
 * Search on Meilisearch: the same answers as the embedded engine's. Meilisearch finds candidates by filters over
 * tokens; the rules of `match.ts` judge and order them.
 */
export function openMeilisearch(options: MeilisearchOptions): SearchEngine {
  const { url, key, prefix = 'hqc', searchMs = SEARCH_MS } = options
  const client = new Meilisearch({ host: url, apiKey: key, timeout: 60_000 })
  const asking = new Meilisearch({ host: url, apiKey: key, timeout: searchMs })
  const tasks = new Tasks(client, options)
  const [serving, next] = [`${prefix}_enterprises`, `${prefix}_enterprises_next`]

  async function positionOf(index: string): Promise<PositionDocument | undefined> {
    try {
      return await tasks.tried(() => client.index<PositionDocument>(index).getDocument(POSITION_ID))
    } catch (error) {
      if (error instanceof MeilisearchApiError && error.response.status === 404) return undefined
      throw error
    }
  }

  async function remove(index: string): Promise<void> {
    await tasks
      .run(() => client.deleteIndex(index))
      .catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
  }

  async function create(index: string): Promise<void> {
    await tasks.run(() => client.createIndex(index, { primaryKey: 'id' }))
    await tasks.run(() => client.index(index).updateSettings(settings))
  }

  /** Everything of the batch first, then the position: whoever dies in between does it again. */
  async function fill(index: string, { documents, removed, position }: SearchBatch): Promise<void> {
    if (removed.length > 0) await tasks.run(() => client.index(index).deleteDocuments([...removed]))
    await tasks.add(index, documents.map(storedDocument))
    const reached: PositionDocument = { id: POSITION_ID, position, definition }
    await tasks.run(() => client.index<PositionDocument>(index).addDocuments([reached]))
  }

  const fetching: Fetch = async (conditions, limit) => {
    try {
      const { hits } = await asking.index<StoredDocument>(serving).search('', {
        filter: conditions,
        sort: ['place:asc'],
        limit: Math.min(limit, MOST_FETCHED),
        attributesToRetrieve: ['json'],
      })
      return hits.map(({ json }): SearchDocument => JSON.parse(json))
    } catch (error) {
      throw new SearchUnavailable('Meilisearch did not answer', { cause: error })
    }
  }

  return {
    async applied() {
      const known = await positionOf(serving)
      return known?.definition === definition ? known.position : 0
    },
    async index(batch) {
      const known = await positionOf(serving)
      if (!known) {
        await remove(serving)
        await create(serving)
      }
      await fill(serving, batch)
    },
    search: (query) => search(fetching, query),
    named: async (name) => {
      const text = typed(name)
      if (text.text === '') return []
      const found = (await fetching([named(text.text)], SORTED)).flatMap((document) =>
        bestName(document, (form) => (form.folded === text.text ? tiers.exact : undefined)),
      )
      return found
        .sort((a, b) => Number(a.isFormer) - Number(b.isFormer) || a.place - b.place)
        .map((one) => hitOf(one, text))
    },
    async rebuild(batches) {
      await remove(next)
      await create(next)
      for await (const batch of batches) await fill(next, batch)
      if (!(await positionOf(serving))) {
        await remove(serving)
        await create(serving)
      }
      await tasks.run(() => client.swapIndexes([{ indexes: [serving, next], rename: false }]))
      await remove(next)
    },
    async isStale() {
      const known = await positionOf(serving)
      return known !== undefined && known.definition !== definition
    },
    async close() {},
  }
}

function isMissing(error: unknown): boolean {
  return (
    (error instanceof MeilisearchApiError && error.response.status === 404) ||
    (error instanceof Error && 'code' in error && error.code === 'index_not_found')
  )
}

/** Enterprises that meet all conditions, in the order of their places. */
type Fetch = (conditions: string[], limit: number) => Promise<SearchDocument[]>

async function search(fetching: Fetch, query: SearchQuery): Promise<SearchResult> {
  const { cursor, order } = query
  const conditions = filtered(query.filters)
  const isAll = query.text.trim() === ''
  const text = isAll ? undefined : typed(query.text)
  if (text?.text === '')
    return { hits: [], ...(cursor === undefined && { total: { count: 0, exact: true } }) }
  const base = [...(text ? holding(text.text) : [EVERYONE]), ...conditions]
  if (order !== undefined) return inOrder(fetching, query, order, text, base)
  const after = cursor === undefined ? undefined : placeIn(cursor, query, 'meilisearch')
  const first = await fetching(base, after ? SORTED + 1 : COUNTED)
  if (text && first.length <= SORTED)
    return sorted(query, after, text, await everyVariant(fetching, query, text, first))
  return streamed(fetching, query, after, text, base, first)
}

function sorted(query: SearchQuery, after: Place | undefined, text: Typed, found: Variants): SearchResult {
  const { all, exact } = found
  const rest = after ? all.filter(({ tier, place }) => isAfter({ tier, id: place }, after)) : all
  const page = rest.slice(0, query.limit)
  const last = page.at(-1)
  return {
    hits: page.map((one) => hitOf(one, text)),
    ...(last &&
      rest.length > query.limit && { next: cursorOf([last.tier, last.place], query, 'meilisearch') }),
    ...(!after &&
      counted(
        all.map(({ document }) => document),
        exact,
      )),
  }
}

interface Variants {
  all: Found[]
  exact: boolean
}

/** Everything that a text may mean, the best first. */
async function everyVariant(
  fetching: Fetch,
  query: SearchQuery,
  text: Typed,
  first: readonly SearchDocument[],
): Promise<Variants> {
  const conditions = filtered(query.filters)
  const found = new Map<string, Found>()
  let exact = true
  const take = (documents: readonly SearchDocument[], accept: (form: NameForm) => Tier | undefined) => {
    if (documents.length >= VARIANTS) exact = false
    for (const document of documents)
      for (const one of bestName(document, accept)) {
        const known = found.get(document.key)
        if (!known || one.tier < known.tier) found.set(document.key, one)
      }
  }
  const characters = (form: NameForm) => tierByCharacters(form, text)
  const lookFor = async (
    wanted: string[],
    accept: (form: NameForm) => Tier | undefined,
    limit = VARIANTS,
  ): Promise<void> => take(await fetching([...wanted, ...conditions], limit), accept)

  for (const one of await byCode(fetching, text, conditions)) found.set(one.document.key, one)
  take(first, characters)
  if (text.core !== '') {
    await lookFor([withCore(text.core)], characters)
    if (first.length === 0) await lookFor(holding(text.core), characters)
  }
  if (text.words.length > 0) await lookFor(text.words.flatMap(holding), characters)
  const { letters } = text
  if (letters !== undefined) {
    const reading = readAs(letters)
    if (reading !== '')
      await lookFor([reading], ({ characters: own, core }) => matchByReading(own, core, letters)?.tier)
  }
  if (found.size === 0) {
    const wanted = text.core || text.text
    await lookFor(holdingAll(wanted), ({ folded }) =>
      isScattered(folded, wanted) ? tiers.scattered : undefined,
    )
  }
  const stem = stemOf(text)
  const misses = found.size === 0 ? nearMisses(stem) : []
  for (const parts of misses.length === 0 ? [] : soundParts(stem))
    await lookFor(
      parts.flatMap(holding),
      ({ folded }) => (misses.some((miss) => isNear(folded, miss)) ? tiers.near : undefined),
      NEAR,
    )
  return { all: Array.from(found.values()).sort((a, b) => a.tier - b.tier || a.place - b.place), exact }
}

/** Hits in the order of the index, read only as far as the page needs; for texts that many names hold. */
async function streamed(
  fetching: Fetch,
  query: SearchQuery,
  after: Place | undefined,
  text: Typed | undefined,
  base: string[],
  first: readonly SearchDocument[],
): Promise<SearchResult> {
  const conditions = filtered(query.filters)
  const hits: Found[] = []
  let reached: Place | undefined
  let passedOver = 0
  const isFull = () => hits.length > query.limit || passedOver > PASSED_OVER
  const accept = (one: Found, tier: Tier) => {
    const place = { tier, id: one.place }
    if (after && !isAfter(place, after)) return
    if (one.tier === tier) hits.push(one)
    else passedOver += 1
    if (hits.length <= query.limit) reached = place
  }
  const bestOf = (document: SearchDocument): Found[] => {
    if (!text) return bestName(document, () => tiers.infix).slice(0, 1)
    const code = text.code === undefined ? undefined : codeTier(document, text.code)
    return code === undefined
      ? bestName(document, (form) => tierByCharacters(form, text))
      : bestName(document, () => code)
  }
  const walk = async (wanted: string[], tier: Tier, start: readonly SearchDocument[] | undefined) => {
    let from = after?.tier === tier ? after.id : -1
    let documents = from < 0 ? start : undefined
    while (!isFull()) {
      const asked = query.limit + 1
      documents ??= await fetching([...wanted, beyond(from)], asked)
      if (documents.length === 0) return
      for (const document of documents) {
        if (isFull()) return
        from = placeOf(document)
        for (const one of bestOf(document)) accept(one, tier)
      }
      documents = undefined
    }
  }

  if (text) {
    for (const one of await byCode(fetching, text, conditions)) accept(one, one.tier)
    if (!after || after.tier <= tiers.exact)
      await walk([named(text.text), ...conditions], tiers.exact, undefined)
    if (!after || after.tier <= tiers.prefix)
      await walk([...beginningWith(text.text), ...conditions], tiers.prefix, undefined)
  }
  await walk(base, tiers.infix, first)

  const more = isFull()
  return {
    hits: hits.slice(0, query.limit).map((one) => hitOf(one, text)),
    ...(more && reached && { next: cursorOf([reached.tier, reached.id], query, 'meilisearch') }),
    ...(!after && counted(first, first.length < COUNTED)),
  }
}

/** The best answers in an order that was asked for. */
async function inOrder(
  fetching: Fetch,
  query: SearchQuery,
  order: SearchOrder,
  text: Typed | undefined,
  base: string[],
): Promise<SearchResult> {
  const first = await fetching(base, MOST_FETCHED)
  const isMany = !text || first.length > SORTED
  const found: Found[] = isMany
    ? first.flatMap((document) =>
        bestName(document, (form) => (text ? tierByCharacters(form, text) : tiers.infix)).slice(0, 1),
      )
    : (await everyVariant(fetching, query, text, first)).all
  const rows = found
    .map((one) => ({ one, by: orderKey(one.document, order) }))
    .sort((a, b) => (a.by === b.by ? a.one.place - b.one.place : a.by < b.by ? -1 : 1))
  const after = query.cursor === undefined ? undefined : orderedPlaceOf(query.cursor, query, 'meilisearch')
  const rest = after
    ? rows.filter(({ one, by }) => by > after.by || (by === after.by && one.place > after.id))
    : rows
  const page = rest.slice(0, query.limit)
  const last = page.at(-1)
  return {
    hits: page.map(({ one }) => hitOf(one, text)),
    ...(last &&
      rest.length > query.limit && { next: cursorOf([last.by, last.one.place], query, 'meilisearch') }),
    ...(!after &&
      counted(
        found.map(({ document }) => document),
        first.length < MOST_FETCHED,
      )),
  }
}

function counted(
  documents: readonly SearchDocument[],
  exact: boolean,
): Pick<SearchResult, 'facets' | 'total'> {
  return {
    facets: facetCounts(documents.map((document) => [facetsOf(document), 1])),
    total: { count: documents.length, exact },
  }
}

async function byCode(fetching: Fetch, text: Typed, conditions: readonly string[]): Promise<Found[]> {
  const { code } = text
  if (code === undefined) return []
  const documents = [
    ...(await fetching([withCode(code), ...conditions], SORTED)),
    // An enterprise known by its organisation code alone is found by its unified code too.
    ...(code.length === 18 ? await fetching([withCode(code.slice(8, 17)), ...conditions], SORTED) : []),
  ]
  const unique = new Map(documents.map((document) => [document.key, document]))
  return Array.from(unique.values())
    .flatMap((document) => {
      const tier = codeTier(document, code)
      return tier === undefined ? [] : bestName(document, () => tier)
    })
    .sort((a, b) => a.tier - b.tier || a.place - b.place)
}

interface NameForm extends IndexedName {
  characters: readonly string[]
}

/** The name by which a document answers best, the present one before former ones; none when it does not. */
function bestName(document: SearchDocument, accept: (form: NameForm) => Tier | undefined): Found[] {
  let best: Found | undefined
  for (const [i, name] of document.names.entries()) {
    const { characters } = fold(name)
    const form = {
      characters,
      folded: characters.join(''),
      core: partsOf(name).core,
      region: document.region ?? '',
    }
    const tier = accept(form)
    if (tier !== undefined && (!best || tier < best.tier))
      best = { tier, name, isFormer: i > 0, place: placeOf(document), document }
  }
  return best ? [best] : []
}

function hitOf({ document, tier, name, isFormer }: Found, text: Typed | undefined): SearchHit {
  return {
    document,
    matchedBy: matchedBy(tier, isFormer, text),
    name,
    highlights: text && tier > tiers.codePrefix ? highlightsOf(name, text) : [],
  }
}
