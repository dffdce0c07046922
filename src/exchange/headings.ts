import { z } from 'zod'
import { simplifiedText } from '../codes/simplified.ts'
import tables from './headings.json' with { type: 'json' }

const words = z.array(z.string())

/** Headings as tables in use have them, by what they mean. */
const headingTables = z.strictObject({
  source: z.string(),
  status: z.enum(['verified', 'to be confirmed']),
  /** The two codes, and columns that hold either. */
  codes: z.strictObject({ uscc: words, orgCode: words, code: words }),
  /** 行政相对人代码_2（组织机构代码）: the words in the brackets decide, as the numbers differ between editions. */
  numberedCode: z.record(z.string(), z.enum(['uscc', 'orgCode'])),
  /** Headings of a record's fields, beside their labels, by kind and field. */
  fields: z.record(z.string(), z.record(z.string(), words)),
  /** Sums that belong to one of two fields, by what else the row says. */
  sums: z.strictObject({ confiscated: words }),
  /** Who is named by name in a sampling result, each in a role. */
  parties: z.strictObject({
    producer: z.strictObject({ name: words, code: words, address: words }),
    sampled: z.strictObject({ name: words, code: words, address: words }),
    other: z.strictObject({ name: words, nature: words, address: words }),
  }),
  /** What a table of sampling results says of a sample and its items, apart or in one cell. */
  samples: z.strictObject({
    number: words,
    /** A day of make, or what else tells a batch, as written. */
    madeOn: words,
    item: words,
    measured: words,
    standard: words,
    unit: words,
    /** The least and the most that is allowed, and their unit (国家食品安全抽样检验信息系统). */
    least: words,
    most: words,
    limitUnit: words,
    /** The outcome or the measured value, told by the cell. */
    result: words,
    /** Item, measured value, standard in one cell. */
    together: words,
    /** Item, standard, measured value in one cell. */
    standardFirst: words,
  }),
  /** Two things of a penalty in one cell: its kinds with sum and basis, who decided it and when. */
  penalties: z.strictObject({ punishment: words, authorityAndDay: words }),
  /** Columns that are known and hold nothing for a file. */
  passedOver: z.record(z.string(), words),
})

export const headings = headingTables.parse(tables)

/** A heading as it is compared: half width, simplified, with round brackets, without gaps and the marks that templates add. */
export function tidyHeading(heading: string): string {
  return simplifiedText(heading.normalize('NFKC'))
    .replace(/[\s*★☆"'“”]/gu, '')
    .replace(/[【〔〖]/gu, '(')
    .replace(/[】〕〗]/gu, ')')
    .replace(/\|\||[｜‖|丨]/gu, '║')
    .replace(/[:;,。]$/u, '')
    .toLowerCase()
}

/** The heading of a row's number in its list. */
export const SERIAL = /^序\s*号$/u

/** A heading without the brackets at its end, and the words in them: 罚款金额（万元） → 罚款金额, 万元. */
export function bracketed(tidy: string): { base: string; words: string } | undefined {
  const match = /^([^([]+)[([]([^()[\]]*)[)\]]$/u.exec(tidy)
  const [, base = '', inside = ''] = match ?? []
  return match ? { base, words: inside } : undefined
}
