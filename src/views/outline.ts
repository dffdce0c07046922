import type { PublicFile, PublicRecord } from '../dossier/face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { enterprise } from '../records/enterprise.ts'
import { licence } from '../records/licence.ts'
import { once } from '../records/once.ts'

/** What lists and the search need of a public face: little, however much the file holds. */
export interface Outline {
  orgCode: string
  uscc: string | null
  enterprise: {
    name: string
    formerNames: readonly string[]
    region?: string
    address?: string
    legalForm?: string
    industry?: string
    establishedOn?: string
    status: string
  }
  /** Types of the records that it shows, in the order of their sections. */
  kinds: string[]
  /** Kinds and states of the licences that it shows, each pair once. */
  licences: { kind: string; status?: string }[]
  /** Grades in force and how they are shown. */
  grades: { shownAs: 'grade' | 'class'; grade: string }[]
  /** Whether it is on the blacklist. */
  listed: boolean
}

export function outlineOf(shown: PublicFile, { kinds }: Catalogue): Outline {
  const { orgCode, uscc, sections, ratings, listings } = shown
  return {
    orgCode,
    uscc,
    enterprise: basicsOf(shown),
    kinds: kinds.filter(({ section }) => (sections[section] ?? []).length > 0).map(({ type }) => type),
    licences: licencesIn(sections[licence.section] ?? []),
    grades: ratings.flatMap(({ inForce, grade, standard }) =>
      inForce && grade !== null ? [{ shownAs: standard.shownAs, grade }] : [],
    ),
    listed: listings.length > 0,
  }
}

/** Kinds and states of licences, each pair once; most writes into a file leave its licences as they are. */
const licencesIn = once((records: readonly PublicRecord[]): Outline['licences'] => {
  const states = new Map<string, Set<string>>()
  for (const { data } of records) {
    // As its kind reads them, which here costs more than they do: thousands are looked at for one that is new.
    const { kind, status = '' } = data
    if (typeof kind !== 'string') continue
    const known = states.get(kind) ?? new Set()
    states.set(kind, known.add(typeof status === 'string' ? status : ''))
  }
  return Array.from(states, ([kind, known]) =>
    Array.from(known, (status) => ({ kind, ...(status !== '' && { status }) })),
  ).flat()
})

function basicsOf({ enterprise: lines }: PublicFile): Outline['enterprise'] {
  const {
    name = '',
    region,
    address,
    legalForm,
    industry,
    establishedOn,
    status = '',
  } = enterprise.partsOf(lines)
  return {
    name,
    formerNames: lines.formerNames,
    ...(region !== undefined && { region }),
    ...(address !== undefined && { address }),
    ...(legalForm !== undefined && { legalForm }),
    ...(industry !== undefined && { industry }),
    ...(establishedOn !== undefined && { establishedOn }),
    status: `${status}`,
  }
}

/** An outline that this room wrote. */
export function parseOutline(json: string): Outline {
  return JSON.parse(json)
}
