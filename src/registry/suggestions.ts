import type { RecordKind } from '../records/kind.ts'
import type { Views } from '../views/views.ts'

/** Values that officers have lately entered in a field, the most frequent first, by field. */
export type Suggestions = ReadonlyMap<string, readonly string[]>

const LOOKED_AT = 300
const MOST = 20
const FEWEST_FILES = 2
const LONGEST = 100

/** Suggests what is entered again and again: authorities, laboratories, products. */
export class Suggester {
  readonly #views: Views
  readonly #kept = new Map<string, Suggestions>()
  #version = -1

  constructor(views: Views) {
    this.#views = views
  }

  /** Suggestions for a kind's fields of free text, from its latest records; nothing internal, nothing of one firm alone. */
  for({ type, columns }: Pick<RecordKind, 'type' | 'columns'>): Suggestions {
    const { version } = this.#views
    if (version !== this.#version) this.#kept.clear()
    this.#version = version
    const known = this.#kept.get(type)
    if (known) return known
    const recent = this.#views.recentRecords(type, LOOKED_AT)
    const found = new Map(
      columns
        .filter((column) => column.type === 'text' && !column.internal)
        .map(({ field }) => [field, repeated(recent.map(({ key, data }) => ({ key, value: data[field] })))]),
    )
    this.#kept.set(type, found)
    return found
  }
}

function repeated(values: readonly { key: string; value: unknown }[]): string[] {
  const files = new Map<string, Set<string>>()
  for (const { key, value } of values) {
    if (typeof value !== 'string' || value.length > LONGEST) continue
    files.set(value, (files.get(value) ?? new Set()).add(key))
  }
  return Array.from(files)
    .filter(([, keys]) => keys.size >= FEWEST_FILES)
    .sort(([, a], [, b]) => b.size - a.size)
    .slice(0, MOST)
    .map(([value]) => value)
}
