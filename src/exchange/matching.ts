import { z } from 'zod'

/** A file that a name may mean. */
const candidate = z.object({
  key: z.string(),
  name: z.string(),
  uscc: z.string().nullable(),
  region: z.string().optional(),
  status: z.string(),
  differs: z.string().optional().meta({ description: '与表中写法不同的字' }),
})

/** What the batch check says of a name. */
export const firmMatch = z.object({
  certainty: z.enum(['certain', 'likely', 'unsure', 'none']),
  why: z.string(),
  candidates: z.array(candidate),
})
export type FirmMatch = z.output<typeof firmMatch>

/** A firm as rows name it where no code does: by its name, and the place that stands beside. */
export interface NamedFirm {
  name: string
  /** Its code, where rows have one that no file stood under. */
  code?: string | undefined
  place?: string | undefined
  /** In what role beside the firm that the row is about: 被抽样单位. The row doesn't wait for it. */
  role?: string | undefined
}

/** Characters of an id under which a decision can be kept. */
export const LONGEST_FIRM_ID = 600

/** Under which a decision on a named firm is kept: `某公司`, `某公司@石家庄市`. */
export function firmId({ name, place }: NamedFirm): string {
  return place === undefined ? name : `${name}@${place}`
}

/** A name of an upload's rows, with what it may mean, decided on once for all of them. */
export const askedFirm = firmMatch.extend({
  id: z.string().meta({ description: '在 firms 中回答时所用的名称（有地名的为 名称@地名）' }),
  place: z.string().optional(),
  name: z.string().meta({ description: '表中的写法' }),
  role: z
    .string()
    .optional()
    .meta({ description: '样品的另一方（如被抽样单位）；确认后同时记入其档案，不确认也不影响本行' }),
  count: z.int().meta({ description: '有此名称的行数' }),
  offered: z.string().optional().meta({ description: '上次为此名称选定的档案；空为没有建档' }),
})
export type AskedFirm = z.output<typeof askedFirm>

/** Judges names as the batch check does, in their order. */
export type Matcher = (firms: readonly NamedFirm[]) => Promise<FirmMatch[]>

/** The files of names that are certain, and can be kept. */
export function certainFirms(firms: readonly AskedFirm[]): Record<string, string> {
  return Object.fromEntries(
    firms.flatMap(({ id, certainty, candidates: [first] }) =>
      certainty === 'certain' && first && id.length <= LONGEST_FIRM_ID ? [[id, first.key]] : [],
    ),
  )
}
