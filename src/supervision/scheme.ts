import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Risks of products, the least first. */
export const RISKS = ['Ⅰ', 'Ⅱ', 'Ⅲ'] as const
export type Risk = (typeof RISKS)[number]

/**
 * The scheme of classified supervision (分类监管) as data: product groups with their risk, and for each class of
 * enterprise the mode of supervision and the months between two inspections.
 */
const schemeSchema = z.strictObject({
  name: z.string(),
  source: z.string(),
  status: z.enum(['verified', 'to be confirmed']),
  /** Standard whose grade in force is the enterprise's class, and the class of those not rated. */
  standard: z.string(),
  defaultClass: z.string(),
  /** What a credit grade asks for at least: the standard that gives it, and the class that each grade is supervised by. */
  grades: z.strictObject({
    standard: z.string(),
    classes: z.record(z.string(), z.string()),
    source: z.string(),
    status: z.enum(['verified', 'to be confirmed']),
  }),
  /** Months for which a class that was given holds. */
  classMonths: z.strictObject({
    value: z.int().min(1),
    source: z.string(),
    status: z.enum(['verified', 'to be confirmed']),
  }),
  /** Region in which the scheme's authorities supervise. */
  province: z.string(),
  /** In order: the first whose words stand in a product's name; the last one takes the rest. */
  groups: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        risk: z.enum(RISKS),
        /** One of the five pilot groups of the plan, (四)1. */
        pilot: z.boolean(),
        words: z.array(z.string()),
      }),
    )
    .min(1),
  /** From the mildest to the strictest. */
  modes: z
    .array(
      z.strictObject({
        class: z.string(),
        mode: z.string(),
        everyMonths: z.record(z.enum(RISKS), z.int().min(1)),
      }),
    )
    .min(1),
  /** Months before a production licence ends by which its renewal is asked for (工业产品生产许可证管理条例 art. 25). */
  renewalMonths: z.int().min(1),
  /** Days after rectification in which to inspect again. */
  reinspectionDays: z.strictObject({
    value: z.int().min(1),
    source: z.string(),
    status: z.enum(['verified', 'to be confirmed']),
  }),
})

export type Scheme = z.output<typeof schemeSchema>
export type ProductGroup = Scheme['groups'][number]

export const scheme: Scheme = schemeSchema.parse(
  JSON.parse(readFileSync(new URL('./scheme.json', import.meta.url), 'utf8')),
)

/** The group that a product belongs to by its name. */
export function groupOf(product: string | undefined, { groups }: Scheme): ProductGroup {
  const name = product ?? ''
  const last = groups.at(-1)
  const found = groups.find(({ words }) => words.some((word) => name.includes(word))) ?? last
  if (!found) throw new Error('the scheme has no product group')
  return found
}

/** Mode and interval for a class and a risk; those of the default class for one that the scheme does not know. */
export function modeFor(name: string | null, risk: Risk, { modes, defaultClass }: Scheme) {
  const mode =
    modes.find((known) => known.class === name) ?? modes.find((known) => known.class === defaultClass)
  if (!mode) throw new Error(`the scheme has no mode for ${defaultClass}`)
  return { class: mode.class, mode: mode.mode, everyMonths: mode.everyMonths[risk] }
}
