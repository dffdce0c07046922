import { z } from 'zod'

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
}

const face = z.object({
  orgCode: z.string(),
  uscc: z.string().nullable(),
  enterprise: z.object({
    name: z.string(),
    formerNames: z.array(z.string()),
    region: z.string().optional(),
    legalForm: z.string().optional(),
    status: z.string(),
  }),
})

/** Document of a public face as it is stored; `sections` maps each section of a file to its record type. */
export function documentOf(json: string, sections: ReadonlyMap<string, string>): SearchDocument {
  const parsed: unknown = JSON.parse(json)
  const { orgCode, uscc, enterprise } = face.parse(parsed)
  const { name, formerNames, ...rest } = enterprise
  const lists = z.record(z.string(), z.unknown()).parse(parsed)
  const kinds = Array.from(sections)
    .filter(([section]) => {
      const list = lists[section]
      return Array.isArray(list) && list.length > 0
    })
    .map(([, type]) => type)
  return { key: orgCode, uscc, names: [name, ...formerNames.toReversed()], ...rest, kinds }
}
