import { regionsNamed } from '../codes/places.ts'
import { type Region, shortName } from '../codes/regions.ts'

/** A place that was typed by a name which no region bears any longer (藁城市, 获鹿), with the present ones that took it over. */
export interface FormerPlace {
  typed: string
  now: readonly Region[]
}

/** What a folded text names that was a place in Hebei; undefined where a region bears that name still, or none ever did. */
export function formerPlace(text: string): FormerPlace | undefined {
  const now = regionsNamed(text).filter(({ code }) => code.startsWith('13'))
  const isBorne = now.some(({ name }) => name === text || shortName(name) === text)
  return now.length === 0 || isBorne ? undefined : { typed: text, now }
}

/**
 * How names tell the present places of a former one: by the short form of the only one that took it over, by the full form of
 * each of several, of which a short one (复兴) is a word as well.
 */
export function presentNames({ now, typed }: FormerPlace): string[] {
  const names = now.map(({ name }) => (now.length === 1 ? shortName(name) : name))
  return Array.from(new Set(names)).filter((name) => name.length >= 2 && name !== typed)
}
