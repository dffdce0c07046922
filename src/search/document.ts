import { industrySection } from '../codes/industries.ts'
import type { Outline } from '../views/outline.ts'

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

/** Kinds of the licences that are held now, each once. */
function licencesOf({ licences }: Outline): string[] {
  const held = licences.filter(({ status }) => status === '有效' || status === '变更')
  return Array.from(new Set(held.map(({ kind }) => kind))).sort()
}

/** The document of a file's outline: what of it is searched and counted. */
export function documentOf(outline: Outline): SearchDocument {
  const { orgCode, uscc, enterprise, kinds, grades, listed } = outline
  const { name, formerNames, region, legalForm, status, establishedOn } = enterprise
  const industry = industrySection(enterprise.industry ?? '')
  const licences = licencesOf(outline)
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
    ...Object.fromEntries(grades.map(({ shownAs, grade }) => [shownAs, grade])),
    ...(listed && { listed: true }),
  }
}
