import { setImmediate as othersTurn } from 'node:timers/promises'
import type { FirmMatch, NamedFirm } from '../exchange/matching.ts'
import { type CheckedEnterprise, check, type Finder } from './check.ts'

const NAMES_A_TURN = 20

/** What names of an upload mean, by the judgement of the batch check. */
export async function matchFirms(firms: readonly NamedFirm[], finder: Finder): Promise<FirmMatch[]> {
  const matches: FirmMatch[] = []
  for (const [i, { name, code, place }] of firms.entries()) {
    const asked = {
      ...{ line: 0, cells: [], name },
      ...(code !== undefined && { code }),
      ...(place !== undefined && { place }),
    }
    const { certainty, why, enterprise, other } = await check(asked, finder)
    matches.push({
      certainty: certainty === 'fault' ? 'none' : certainty === 'conflict' ? 'unsure' : certainty,
      why,
      candidates: [enterprise, other].flatMap((found) => (found ? [candidateOf(found)] : [])),
    })
    // Whoever checks a list meanwhile is answered in between.
    if (i % NAMES_A_TURN === 0) await othersTurn()
  }
  return matches
}

function candidateOf({
  orgCode,
  name,
  uscc,
  region,
  status,
}: CheckedEnterprise): FirmMatch['candidates'][number] {
  return { key: orgCode, name, uscc, status, ...(region !== undefined && { region }) }
}
