import type { FirmMatch } from '../exchange/matching.ts'
import { type CheckedEnterprise, check, type Finder } from './check.ts'

const NAMES_A_TURN = 20

/** What names of an upload mean, by the judgement of the batch check. */
export async function matchFirms(names: readonly string[], finder: Finder): Promise<FirmMatch[]> {
  const matches: FirmMatch[] = []
  for (const [i, name] of names.entries()) {
    const { certainty, why, enterprise } = await check({ line: 0, name }, finder)
    matches.push({
      certainty: certainty === 'fault' ? 'none' : certainty,
      why,
      candidates: enterprise ? [candidateOf(enterprise)] : [],
    })
    // Whoever checks a list meanwhile is answered in between.
    if (i % NAMES_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
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
