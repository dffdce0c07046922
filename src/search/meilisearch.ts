import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Meilisearch, MeilisearchApiError, type MultiSearchQuery } from 'meilisearch'
import { z } from 'zod'
import { firmOf, meets } from './condition.ts'
import { dimensionNames, eachDimension, type Facets, facetsOf, ranked } from './dimensions.ts'
import type { SearchDocument } from './document.ts'
import {
  type Question,
  type SearchBatch,
  type SearchIndex,
  SearchUnavailable,
  type Selection,
} from './engine.ts'
import {
  definition,
  POSITION_ID,
  type PositionDocument,
  positionDocument,
  removedDocument,
  settings,
  storedDocument,
} from './meilisearch-document.ts'
import { type Filter, filterOf, whole } from './meilisearch-filter.ts'
import { type TaskOptions, Tasks } from './meilisearch-tasks.ts'
import { inOrder, orderNumber, placeOf } from './order.ts'

export interface MeilisearchOptions extends TaskOptions {
  url: string
  key: string
  /** Begins the names of the indexes, so that several registries can share a server. */
  prefix?: string
  /** The register that is followed; an index of another one is refused. Any index is taken where it is left out. */
  register?: RegisterIdentity
  /** How an enterprise is shown now; only keys travel from Meilisearch. Unknown where the index is only filled. */
  shown?: (key: string) => SearchDocument | undefined
  /** How long a question may take, and waiting for a swap to be seen. */
  searchMs?: number
  swapMs?: number
}

/** What tells a register from others, and from itself as it was before it was restored from a backup. */
export interface RegisterIdentity {
  /** Its first entry; empty while there is none. */
  id: string
  epoch: string
}

/** The index was filled by another register: it is left as it is. */
export class ForeignIndex extends Error {
  override readonly name = 'ForeignIndex'
}

const SEARCH_MS = 3000
const SWAP_MS = 10 * 60_000
const SWAP_POLL_MS = 50
/** Up to this many that may meet a condition are looked at themselves; beyond, their number is an upper bound. */
const LOOKED_AT = 1000

/** An index on Meilisearch: it finds, orders and counts by filters over tokens, natively and over everything. */
export function openMeilisearch(options: MeilisearchOptions): SearchIndex {
  const { url, key, prefix = 'hqc', register, shown = () => undefined } = options
  const { searchMs = SEARCH_MS, swapMs = SWAP_MS } = options
  // A compressed answer comes in pieces and waits for the peer's delayed acknowledgement.
  // A key is shown to the address that was set and to no other.
  const requestInit = { headers: { 'Accept-Encoding': 'identity' }, redirect: 'error' } as const
  const client = new Meilisearch({ host: url, apiKey: key, timeout: 60_000, requestInit })
  const asking = new Meilisearch({ host: url, apiKey: key, timeout: searchMs, requestInit })
  const tasks = new Tasks(client, options)
  const [serving, next] = [`${prefix}_enterprises`, `${prefix}_enterprises_next`]

  /** An index that was filled before the register had its first entry is anybody's. */
  const isForeign = (known: PositionDocument) =>
    register !== undefined && known.register !== '' && known.register !== register.id
  const foreign = () =>
    new ForeignIndex(`the index ${serving} at ${url} belongs to another register; set MEILI_PREFIX`)
  /** Made by this definition, from the register as it is since it was last restored. */
  const isOfNow = ({ definition: own, epoch }: PositionDocument) =>
    own === definition && (register === undefined || epoch === register.epoch)

  async function positionOf(index: string): Promise<PositionDocument | undefined> {
    try {
      const stored = await tasks.tried(() => asking.index(index).getDocument(POSITION_ID))
      const known = positionDocument.parse(stored)
      if (isForeign(known)) throw foreign()
      return known
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

  /** The position comes with the last documents of a batch, so that a small batch is one task. */
  async function fill(
    index: string,
    { documents, removed, position }: SearchBatch,
    build: string,
  ): Promise<void> {
    const reached: PositionDocument = {
      id: POSITION_ID,
      position,
      definition,
      register: register?.id ?? '',
      epoch: register?.epoch ?? '',
      build,
    }
    await tasks.add(index, [...removed.map(removedDocument), ...documents.map(storedDocument)], reached)
  }

  async function searched(queries: MultiSearchQuery[]): Promise<unknown> {
    try {
      return await asking.multiSearch({ queries })
    } catch (error) {
      throw new SearchUnavailable('Meilisearch did not answer', { cause: error })
    }
  }

  function queryOf({ order, after, limit, tally }: Question, filter: Filter): MultiSearchQuery {
    return {
      indexUid: serving,
      filter: whole(filter, after && beyond(order, after)),
      sort: [...(order ? [`by_${order}:asc`] : []), 'place:asc'],
      attributesToRetrieve: ['id', 'place', ...(order ? [`by_${order}`] : [])],
      page: 1,
      hitsPerPage: Math.max(1, limit),
      ...(tally && { facets: dimensionNames.map((name) => `of_${name}`) }),
    }
  }

  /** Those that may meet a condition, looked at themselves; undefined when they are too many. */
  async function lookedAt(question: Question, filter: Filter): Promise<Selection | undefined> {
    const { where, order, after, limit } = question
    const [answer] = parsedAnswers(await searched([queryOf({ where, order, limit: LOOKED_AT }, filter)]))
    if (!answer || answer.totalHits > LOOKED_AT) return undefined
    const firms = answer.hits.flatMap(({ id }) => {
      const document = shown(id)
      const firm = document && firmOf(document)
      return document && firm && meets(where, firm) ? [{ document, firm }] : []
    })
    const places = firms
      .map(({ document }) => ({
        by: order ? orderNumber(document, order) : 0,
        place: placeOf(document),
        key: document.key,
      }))
      .sort(inOrder)
      .filter((own) => !after || inOrder(after, own) < 0)
    return {
      places: places.slice(0, limit),
      count: firms.length,
      facets: facetsOf(firms.map(({ firm }) => [firm.profile, 1])),
      exact: true,
      sure: true,
    }
  }

  /** The last position that was heard of: whoever asks how far the index has come never waits for Meilisearch. */
  let heard = 0

  return {
    async applied() {
      const known = await positionOf(serving)
      heard = known && isOfNow(known) ? known.position : 0
      return heard
    },
    async index(batch) {
      const known = await positionOf(serving)
      if (!known) {
        await remove(serving)
        await create(serving)
      }
      await fill(serving, batch, known?.build ?? randomUUID())
    },
    async ask(questions) {
      const asked = questions.map((question) => ({ question, filter: filterOf(question.where) }))
      const answers = parsedAnswers(
        await searched([
          { indexUid: serving, filter: `id = "${POSITION_ID}"`, limit: 1 },
          ...asked.map(({ question, filter }) => queryOf(question, filter)),
        ]),
      )
      const known = positionDocument.safeParse(answers[0]?.hits[0]).data
      if (known && isForeign(known))
        throw new SearchUnavailable('the index is of another register', { cause: foreign() })
      if (known) heard = isOfNow(known) ? known.position : 0
      const selections: Selection[] = []
      for (const [i, { question, filter }] of asked.entries()) {
        const answer = answers[i + 1]
        if (!answer) throw new SearchUnavailable('Meilisearch left a question unanswered')
        const few =
          filter.exact || answer.totalHits > LOOKED_AT ? undefined : await lookedAt(question, filter)
        selections.push(few ?? { ...selectionOf(question, answer), exact: filter.exact, sure: false })
      }
      return { position: heard, selections }
    },
    documents: async (keys) => keys.flatMap((one) => shown(one) ?? []),
    async rebuild(batches) {
      await positionOf(serving)
      await remove(next)
      await create(next)
      const build = randomUUID()
      // An index without documents has its position all the same: it is told by that from the one before.
      await fill(next, { documents: [], removed: [], position: 0 }, build)
      for await (const batch of batches) await fill(next, batch, build)
      const former = await positionOf(serving)
      if (!former) {
        await remove(serving)
        await create(serving)
      }
      await tasks.tried(() => client.swapIndexes([{ indexes: [serving, next], rename: false }]))
      // A key for some indexes alone never sees a task of two: the swap is known by what serves after it, this index, or one
      // that another process, which found none, has made since.
      const hasTakenPlace = async () => {
        const known = await positionOf(serving)
        return known !== undefined && (known.build === build || known.build !== former?.build)
      }
      for (const end = performance.now() + swapMs; !(await hasTakenPlace()); await sleep(SWAP_POLL_MS))
        if (performance.now() > end)
          throw new SearchUnavailable('the new index was filled, but has not taken its place')
      await remove(next)
    },
    async isStale() {
      const known = await positionOf(serving)
      return known !== undefined && !isOfNow(known)
    },
    async close() {},
  }
}

const answered = z.object({
  hits: z.array(z.looseObject({ id: z.string(), place: z.number().default(-1) })),
  totalHits: z.int().default(0),
  facetDistribution: z.record(z.string(), z.record(z.string(), z.int())).optional(),
})

type Answer = z.output<typeof answered>

function parsedAnswers(body: unknown): Answer[] {
  const { results } = z.object({ results: z.array(answered) }).parse(body)
  return results
}

function selectionOf(
  { order, limit, tally }: Question,
  { hits, totalHits, facetDistribution = {} }: Answer,
): Omit<Selection, 'exact' | 'sure'> {
  return {
    places: hits
      .slice(0, limit)
      .map((hit) => ({ by: order ? Number(hit[`by_${order}`]) : 0, place: hit.place, key: hit.id })),
    count: totalHits,
    ...(tally && { facets: facetsFrom(facetDistribution) }),
  }
}

function facetsFrom(distribution: NonNullable<Answer['facetDistribution']>): Facets {
  return eachDimension(({ name }) => ranked(Object.entries(distribution[`of_${name}`] ?? {})))
}

function beyond(order: Question['order'], { by, place }: { by: number; place: number }): string {
  return order ? `by_${order} > ${by} OR (by_${order} = ${by} AND place > ${place})` : `place > ${place}`
}

function isMissing(error: unknown): boolean {
  return (
    (error instanceof MeilisearchApiError && error.response.status === 404) ||
    (error instanceof Error && 'code' in error && error.code === 'index_not_found')
  )
}
