import type { PublicFile } from '../dossier/face.ts'
import { once } from '../dossier/per-record.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { enterprise } from '../records/enterprise.ts'
import type { RecordData } from '../records/kind.ts'
import { licence } from '../records/licence.ts'

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

/** What of a licence can be read; most licences of a file stay as they are. */
const held = once((data: RecordData) => licence.partsOf(data))

export function outlineOf(shown: PublicFile, { kinds }: Catalogue): Outline {
  const { orgCode, uscc, sections, ratings, listings } = shown
  const licences = new Map<string, Outline['licences'][number]>()
  for (const { data } of kinds.flatMap(({ type, section }) =>
    type === licence.type ? (sections[section] ?? []) : [],
  )) {
    const { kind, status } = held(data)
    if (kind !== undefined)
      licences.set(`${kind} ${status}`, {
        kind: `${kind}`,
        ...(status !== undefined && { status: `${status}` }),
      })
  }
  return {
    orgCode,
    uscc,
    enterprise: basicsOf(shown),
    kinds: kinds.filter(({ section }) => (sections[section] ?? []).length > 0).map(({ type }) => type),
    licences: Array.from(licences.values()),
    grades: ratings.flatMap(({ inForce, grade, standard }) =>
      inForce && grade !== null ? [{ shownAs: standard.shownAs, grade }] : [],
    ),
    listed: listings.length > 0,
  }
}

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
