import { z } from 'zod'

/** A file that a name may mean. */
const candidate = z.object({
  key: z.string(),
  name: z.string(),
  uscc: z.string().nullable(),
  region: z.string().optional(),
  status: z.string(),
})

/** What the batch check says of a name. */
export const firmMatch = z.object({
  certainty: z.enum(['certain', 'likely', 'unsure', 'none']),
  why: z.string(),
  candidates: z.array(candidate),
})
export type FirmMatch = z.output<typeof firmMatch>

/** A name of an upload's rows, with what it may mean, decided on once for all of them. */
export const askedFirm = firmMatch.extend({
  name: z.string().meta({ description: '表中的写法' }),
  count: z.int().meta({ description: '有此名称的行数' }),
})
export type AskedFirm = z.output<typeof askedFirm>

/** Judges names as the batch check does, in their order. */
export type Matcher = (names: readonly string[]) => Promise<FirmMatch[]>

/** The files of names that are certain. */
export function certainFirms(firms: readonly AskedFirm[]): Record<string, string> {
  return Object.fromEntries(
    firms.flatMap(({ name, certainty, candidates: [first] }) =>
      certainty === 'certain' && first ? [[name, first.key]] : [],
    ),
  )
}
