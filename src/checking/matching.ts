import { setImmediate as othersTurn } from 'node:timers/promises'
import type { FirmMatch, NamedFirm } from '../exchange/matching.ts'
import { type CheckedEnterprise, checkAmong, distinct, type Finder } from './check.ts'
import { differencesOf } from './compare.ts'

const NAMES_A_TURN = 20
/** As many as one can tell apart at a glance. */
const MOST_CANDIDATES = 3

/** What names of an upload mean, by the judgement of the batch check. */
export async function matchFirms(firms: readonly NamedFirm[], finder: Finder): Promise<FirmMatch[]> {
  const matches: FirmMatch[] = []
  for (const [i, { name, code, place }] of firms.entries()) {
    const asked = {
      ...{ line: 0, cells: [], name },
      ...(code !== undefined && { code }),
      ...(place !== undefined && { place }),
    }
    const { certainty, why, enterprise, other, among = [] } = await checkAmong(asked, finder)
    const found = [enterprise, other, ...among].flatMap((one) => one ?? [])
    matches.push({
      certainty: certainty === 'fault' ? 'none' : certainty === 'conflict' ? 'unsure' : certainty,
      why,
      candidates: distinct(found)
        .slice(0, MOST_CANDIDATES)
        .map((one) => candidateOf(one, name)),
    })
    // Whoever checks a list meanwhile is answered in between.
    if (i % NAMES_A_TURN === 0) await othersTurn()
  }
  return matches
}

function candidateOf(
  { orgCode, name, uscc, region, status }: CheckedEnterprise,
  written: string,
): FirmMatch['candidates'][number] {
  const differs = differencesOf(written, name)
  return {
    ...{ key: orgCode, name, uscc, status },
    ...(region !== undefined && { region }),
    ...(differs !== '' && { differs }),
  }
}
