import { industrySection } from '../codes/industries.ts'

/** What the search knows of an enterprise: only what its public face shows. */
export interface SearchDocument {
  key: string
  uscc: string | null
  /** The present name first, then former ones. */
  names: string[]
  region?: string | undefined
  legalForm?: string | undefined
  status: string
  /** Section letter of its industry. */
  industry?: string | undefined
  establishedOn?: string | undefined
  /** Types of the records that the file shows. */
  kinds: string[]
  /** Kinds of the licences that it holds. */
  licences?: string[] | undefined
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
  licences?: { data: { kind: string; status?: string } }[]
  ratings?: { inForce: boolean; grade: string | null; standard: { shownAs: 'grade' | 'class' } }[]
  enterprise: {
    name: string
    formerNames: string[]
    region?: string
    legalForm?: string
    industry?: string
    establishedOn?: string
    status: string
  }
}

/** Kinds of the licences that are held now, each once. */
function licencesOf({ licences = [] }: Face): string[] {
  const held = licences.filter(({ data }) => data.status === '有效' || data.status === '变更')
  return Array.from(new Set(held.map(({ data }) => data.kind))).sort()
}

function gradesOf({ ratings = [] }: Face): { grade?: string; class?: string } {
  const inForce = ratings.filter((rating) => rating.inForce && rating.grade !== null)
  return Object.fromEntries(inForce.map(({ standard, grade }) => [standard.shownAs, grade]))
}

/** Document of a public face as it is stored; `sections` maps each section of a file to its record type. */
export function documentOf(json: string, sections: ReadonlyMap<string, string>): SearchDocument {
  const face: Face = JSON.parse(json)
  const { orgCode, uscc, enterprise } = face
  const { name, formerNames, region, legalForm, status, establishedOn } = enterprise
  const industry = industrySection(enterprise.industry ?? '')
  const licences = licencesOf(face)
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
    ...(industry !== undefined && { industry }),
    ...(establishedOn !== undefined && { establishedOn }),
    kinds,
    ...(licences.length > 0 && { licences }),
    ...gradesOf(face),
    ...(face.listings !== undefined && face.listings.length > 0 && { listed: true }),
  }
}
