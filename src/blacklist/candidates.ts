import { basisOf } from '../dossier/case.ts'
import { type Dossier, isDissolved, nameOf, regionOf } from '../dossier/dossier.ts'
import { penalty } from '../records/penalty.ts'
import { caseAwaiting } from './basis.ts'
import { meetsGround, type RuleSet } from './rule-set.ts'

/** A penalty that meets a ground and carries no case. */
export interface CandidateForListing {
  orgCode: string
  name: string
  region: string
  penalty: string
  documentNo: string
  decidedOn: string
  grounds: { ruleSet: string; ground: string; name: string }[]
}

/**
 * Penalties of a file that meet a ground and that no case, past or present, was about; dropped cases don't count. None of a
 * firm that exists no more: a case about it would end as it began.
 */
export function candidatesOf(
  dossier: Dossier,
  today: string,
  ruleSets: readonly RuleSet[],
): CandidateForListing[] {
  if (isDissolved(dossier)) return []
  const taken = new Set(
    dossier.cases
      .filter((own) => own.status !== 'dropped')
      .flatMap((own) => [...own.proposed.penalties, ...basisOf(own)]),
  )
  return penalty.in(dossier).flatMap((record): CandidateForListing[] => {
    if (taken.has(record.id) || caseAwaiting(dossier, record)) return []
    const grounds = ruleSets.flatMap(({ id, grounds: all }) =>
      all
        .filter((ground) => meetsGround(record, ground, today))
        .map((ground) => ({ ruleSet: id, ground: ground.id, name: ground.name })),
    )
    if (grounds.length === 0) return []
    return [
      {
        orgCode: dossier.key,
        name: nameOf(dossier),
        region: regionOf(dossier),
        penalty: record.id,
        documentNo: record.data.documentNo,
        decidedOn: record.data.decidedOn,
        grounds,
      },
    ]
  })
}
