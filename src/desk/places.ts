import type { Choice } from '../acts/act.ts'
import { region, regionContains, regionsWithin } from '../codes/regions.ts'
import { regionCode } from '../http/parameters.ts'
import type { Asker } from './contract.ts'

/** The place that somebody looks at in a list: one within theirs, or within one that their authority took over; their own by default. */
export function placeFor({ officer, places }: Asker, asked: string): string | undefined {
  const code = regionCode(asked)
  if (officer.region === undefined) return code
  return code !== undefined && places().some((own) => regionContains(own, code)) ? code : officer.region
}

/** The places that somebody may look at in a list. */
export function placeChoices({ officer, places }: Pick<Asker, 'officer' | 'places'>): Choice[] {
  const own = places()
  const all =
    own.length > 1
      ? own.flatMap((code) => [region(code) ?? [], regionsWithin(code)].flat())
      : regionsWithin(officer.region ?? '130000')
  return all.map(({ code, name }) => ({ value: code, label: name }))
}
