import { LRUCache } from 'lru-cache'
import { type Asked, type Tier, understood } from './asking.ts'
import { codesNear } from './code-slips.ts'
import { type Condition, EDGE, firmOf, meets } from './condition.ts'
import { cursorOf, type Mark, markOf } from './cursor.ts'
import { eachDimension, type Facets } from './dimensions.ts'
import type { SearchDocument } from './document.ts'
import type {
  Question,
  SearchEngine,
  SearchHit,
  SearchIndex,
  SearchQuery,
  SearchResult,
  SearchTotal,
  Selection,
} from './engine.ts'
import { hitOf } from './hit.ts'
import { foldedText } from './normalise.ts'

/** Up to this many enterprises that bear what was typed, those with similar names are listed after them. */
const FEW = 200
/** At most this many that bear a name. */
const BEARERS = 200
/** Texts whose meaning is kept, so that an index may keep what it found for the next page. */
const KEPT_TEXTS = 100

/** The search over an index: what a text means, in which order and how many answer is said here for all indexes. */
export function searchOver(index: SearchIndex): SearchEngine {
  const known = new LRUCache<string, Asked>({ max: KEPT_TEXTS })
  const meaning = (text: string): Asked => {
    const kept = known.get(text)
    if (kept) return kept
    const asked = understood(text)
    known.set(text, asked)
    return asked
  }
  return {
    applied: () => index.applied(),
    search: (query) => answer(index, query, meaning(query.text)),
    named: (name) => bearers(index, name),
    close: () => index.close(),
  }
}

async function answer(index: SearchIndex, query: SearchQuery, asked: Asked): Promise<SearchResult> {
  const after = query.cursor === undefined ? undefined : markOf(query.cursor, query)
  const { tiers, position, counted } = await chosen(index, query, asked, after)
  const { found, isMore } = await page(index, query, tiers, after)
  const last = found.at(-1)
  const isNothing = counted.total.count + counted.total.similar === 0
  const meant = after === undefined && isNothing ? await near(index, query.text) : []
  return {
    hits: found.map(({ document, tier }) => hitOf(document, tier, asked)),
    ...(isMore && last && { next: cursorOf(last.mark, query) }),
    ...(after === undefined && counted),
    ...(meant.length > 0 && { meant }),
    ...(after === undefined && asked.former.length > 0 && { former: asked.former }),
    position,
  }
}

interface Chosen {
  tiers: readonly Tier[]
  position: number
  counted: { total: SearchTotal; facets: Facets }
}

/** Which ways of answering are listed, and how many enterprises answer in them. */
async function chosen(
  index: SearchIndex,
  { filters, order }: SearchQuery,
  { asTyped, similar, doubtful }: Asked,
  after: Mark | undefined,
): Promise<Chosen> {
  const has: Condition = { has: filters }
  const isFirst = after === undefined
  const typed = anyOf(asTyped)
  const count = async (
    where: Condition,
    tally: boolean,
  ): Promise<{ position: number; selection: Selection }> => {
    const { position, selections } = await index.ask([{ where: { all: [where, has] }, limit: 0, tally }])
    return { position, selection: selections[0] ?? { places: [], count: 0, exact: true, sure: true } }
  }
  const countedBy = ({ count, facets, exact }: Selection, of: SearchTotal['of'], similar: number) => ({
    total: { count, exact, of, similar },
    facets: facets ?? eachDimension(() => []),
  })
  const bearing = await count(typed, isFirst)
  const { position } = bearing
  const isMany = bearing.selection.count > FEW
  if (isMany || (order !== undefined && bearing.selection.count > 0))
    return { tiers: asTyped, position, counted: countedBy(bearing.selection, 'asked', 0) }
  const alike = await count(
    { all: [anyOf(similar), { not: typed }] },
    // Similar names that come after others are counted in all, not by what they are.
    isFirst && bearing.selection.count === 0,
  )
  if (bearing.selection.count > 0)
    return {
      tiers: [...asTyped, ...similar],
      position,
      counted: countedBy(bearing.selection, 'asked', alike.selection.count),
    }
  if (alike.selection.count > 0)
    return { tiers: similar, position, counted: countedBy(alike.selection, 'similar', 0) }
  for (const tiers of doubtful) {
    const doubted = await count(anyOf(tiers), isFirst)
    if (doubted.selection.count > 0)
      return { tiers, position, counted: countedBy(doubted.selection, 'similar', 0) }
  }
  return { tiers: [], position, counted: countedBy(bearing.selection, 'asked', 0) }
}

function anyOf(tiers: readonly Tier[]): Condition {
  return { any: tiers.map(({ where }) => where) }
}

interface OnPage {
  document: SearchDocument
  tier: Tier
  mark: Mark
}

/** Enterprises in the order of the tiers, or in another that was asked for, from a mark on. */
async function page(
  index: SearchIndex,
  query: SearchQuery,
  tiers: readonly Tier[],
  after: Mark | undefined,
): Promise<{ found: OnPage[]; isMore: boolean }> {
  const { order, limit, filters } = query
  const steps = order === undefined ? tiers.map((tier) => [tier]) : [tiers]
  const found: OnPage[] = []
  let from = after
  for (;;) {
    const start = from?.tier ?? 0
    const questions = steps.slice(start).map(
      (own, i): Question => ({
        where: {
          all: [
            anyOfOne(own),
            { has: filters },
            ...(start + i === 0 ? [] : [{ not: anyOf(steps.slice(0, start + i).flat()) }]),
          ],
        },
        order,
        after: i === 0 ? from : undefined,
        limit: limit + 1 - found.length,
      }),
    )
    const { selections } = await index.ask(questions)
    const marks = selections
      .flatMap(({ places, sure }, i) => places.map((placed) => ({ ...placed, tier: start + i, sure })))
      .slice(0, limit + 1 - found.length)
    const documents = new Map(
      (await index.documents(marks.map(({ key }) => key))).map((document) => [document.key, document]),
    )
    for (const { sure, key, ...mark } of marks) {
      const document = documents.get(key)
      // What an index only supposes, or has not heard of yet, is looked at here.
      const isHit =
        document && (sure || meets(questions[mark.tier - start]?.where ?? NOBODY, firmOf(document)))
      if (document && isHit) found.push({ document, tier: tierOf(document, steps[mark.tier] ?? []), mark })
    }
    const last = marks.at(-1)
    const isWhole =
      marks.every(({ sure }) => sure) ||
      !selections.some(({ places }, i) => places.length >= (questions[i]?.limit ?? 0))
    if (found.length > limit || last === undefined || isWhole)
      return { found: found.slice(0, limit), isMore: found.length > limit }
    from = last
  }
}

/** One condition as itself, so that an index knows it again. */
function anyOfOne(tiers: readonly Tier[]): Condition {
  const [only] = tiers
  return tiers.length === 1 && only ? only.where : anyOf(tiers)
}

const NOBODY: Condition = { any: [] }
const BY_CHANCE: Tier = { where: NOBODY, by: 'similar' }

/** The tier, of several, in which an enterprise answers. */
function tierOf(document: SearchDocument, tiers: readonly Tier[]): Tier {
  const [only] = tiers
  if (only && tiers.length === 1) return only
  const firm = firmOf(document)
  return tiers.find(({ where }) => meets(where, firm)) ?? BY_CHANCE
}

/** The enterprises that bear a name, by its folded form, those that bear it now first. */
async function bearers(index: SearchIndex, name: string): Promise<SearchHit[]> {
  const text = foldedText(name)
  if (text === '') return []
  const where: Condition = { name: EDGE + text + EDGE }
  const { selections } = await index.ask([{ where, limit: BEARERS }])
  const tier: Tier = { where, by: 'name' }
  const found = (await index.documents(keysOf(selections))).filter((document) =>
    meets(where, firmOf(document)),
  )
  // Most names that are asked for have no bearer.
  if (found.length === 0) return []
  const asked = understood(name)
  return found
    .map((document) => hitOf(document, tier, asked))
    .sort((a, b) => Number(a.matchedBy === 'formerName') - Number(b.matchedBy === 'formerName'))
}

/** Enterprises on file whose codes are one mistake away from what was typed. */
async function near(index: SearchIndex, code: string): Promise<SearchDocument[]> {
  const codes = codesNear(code)
  if (codes.length === 0) return []
  const where: Condition = { any: codes.map((one) => ({ code: one, whole: true })) }
  const { selections } = await index.ask([{ where, limit: MOST_MEANT }])
  return index.documents(keysOf(selections))
}

function keysOf(selections: readonly Selection[]): string[] {
  return selections.flatMap(({ places }) => places.map(({ key }) => key))
}

const MOST_MEANT = 5
