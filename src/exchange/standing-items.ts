import { inspection } from '../records/inspection.ts'
import type { RecordData, RecordKind } from '../records/kind.ts'
import { rowsOf } from '../records/rows.ts'

/** What a row makes of a sample that a file has already, beside what it says itself. */
export interface OverSample {
  changes: RecordData
  /** Failing items of the file that stay although the row does not name them. */
  kept: string[]
  /** Failing items of the file that would be so no longer: a second person decides on that, whoever reads the record. */
  gone: string[]
}

/**
 * What a row says over a sample that stands: its items join those that are known, as tables tell a sample in parts, and
 * one of the same name takes the other's place. A sample that is said to have passed, with no item that failed, has none
 * of its failing items any longer.
 */
export function overSample(said: RecordData, stood: RecordData, { type }: RecordKind): OverSample {
  const failing = failingOf(stood)
  if (type !== inspection.type || failing.length === 0) return { changes: said, kept: [], gone: [] }
  const known = rowsOf(stood.items)
  // What a row names without a verdict is judged as it was.
  const own = rowsOf(said.items).map((item) =>
    item.verdict === undefined && failing.some((name) => name === item.name)
      ? { ...known.find(({ name }) => name === item.name), ...item, verdict: '不合格' }
      : item,
  )
  const others = known.filter(({ name }) => !own.some((item) => item.name === name))
  if (said.outcome === '合格' && failingOf(said).length === 0) {
    const left = [...others.filter(({ verdict }) => verdict !== '不合格'), ...own]
    const { itemsFailed } = stood
    const cleared: RecordData = {
      items: left.length > 0 ? left : null,
      failedItems: null,
      ...(typeof itemsFailed === 'number' && itemsFailed > 0 && { itemsFailed: 0 }),
    }
    return {
      changes: { ...cleared, ...said, ...(left.length > 0 && { items: left }) },
      kept: [],
      gone: failing,
    }
  }
  if (own.length === 0 && said.failedItems === undefined) return { changes: said, kept: [], gone: [] }
  const named = new Set([...failingOf(said), ...own.map(({ name }) => name)])
  const kept = failing.filter((name) => !named.has(name))
  const failed = new Set(failingOf({ ...said, ...(own.length > 0 && { items: own }) }))
  const gone = failing.filter((name) => named.has(name) && !failed.has(name))
  const items = [...others, ...own]
  const failedItems = [...kept, ...failed].join('；')
  return {
    changes: {
      ...said,
      ...(own.length > 0 && { items }),
      // The same names in another order say nothing new.
      failedItems: isSameList(failedItems, stood.failedItems) ? stood.failedItems : failedItems,
    },
    kept,
    gone,
  }
}

const BETWEEN_NAMES = /[；;、\n]/u

/** Names of the items of a sample that failed: those that it lists, and those that its text has beside. */
function failingOf({ items, failedItems }: RecordData): string[] {
  const listed = rowsOf(items).flatMap(({ name, verdict }) =>
    typeof name === 'string' && verdict === '不合格' ? [name] : [],
  )
  // A name may hold a mark of those that part names: the items themselves say so where there are any.
  return listed.length > 0 ? listed : namesIn(failedItems)
}

function namesIn(text: unknown): string[] {
  if (typeof text !== 'string') return []
  return text
    .split(BETWEEN_NAMES)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function isSameList(one: string, other: unknown): boolean {
  const [own, its] = [namesIn(one), namesIn(other)]
  return own.length === its.length && own.every((name) => its.includes(name))
}
