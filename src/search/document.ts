/** What the search knows of an enterprise: only what its public face shows. */
export interface SearchDocument {
  key: string
  uscc: string | null
  /** The present name first, then former ones. */
  names: string[]
  region?: string | undefined
  legalForm?: string | undefined
  status: string
  /** Types of the records that the file shows. */
  kinds: string[]
  /** Credit grade and class of supervision in force. */
  grade?: string | undefined
  class?: string | undefined
  /** Stands on the blacklist. */
  listed?: true
}

/** What a stored face holds of it; the views wrote the face, so it is not checked again. */
type Face = Record<string, unknown> & {
  orgCode: string
  uscc: string | null
  listings?: unknown[]
  ratings?: { inForce: boolean; grade: string | null; standard: { shownAs: 'grade' | 'class' } }[]
  enterprise: { name: string; formerNames: string[]; region?: string; legalForm?: string; status: string }
}

function gradesOf({ ratings = [] }: Face): { grade?: string; class?: string } {
  const inForce = ratings.filter((rating) => rating.inForce && rating.grade !== null)
  return Object.fromEntries(inForce.map(({ standard, grade }) => [standard.shownAs, grade]))
}

/** Document of a public face as it is stored; `sections` maps each section of a file to its record type. */
export function documentOf(json: string, sections: ReadonlyMap<string, string>): SearchDocument {
  const face: Face = JSON.parse(json)
  const { orgCode, uscc, enterprise } = face
  const { name, formerNames, region, legalForm, status } = enterprise
  const kinds: string[] = []
  for (const [section, type] of sections) {
    const records = face[section]
    if (Array.isArray(records) && records.length > 0) kinds.push(type)
  }
  return {
    key: orgCode,
    uscc,
    names: [name, ...formerNames.toReversed()],
    ...(region !== undefined && { region }),
    ...(legalForm !== undefined && { legalForm }),
    status,
    kinds,
    ...gradesOf(face),
    ...(face.listings !== undefined && face.listings.length > 0 && { listed: true }),
  }
}
