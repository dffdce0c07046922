import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { quotation } from '../law/texts.ts'
import { licenceKinds, productsIn } from '../records/licence.ts'

/** Risks of products, the least first. */
export const RISKS = ['Ⅰ', 'Ⅱ', 'Ⅲ'] as const
export type Risk = (typeof RISKS)[number]

/**
 * The scheme of classified supervision (分类监管) as data: product groups with their risk, and for each class of
 * enterprise the mode of supervision and the months between two inspections.
 */
export const schemeSchema = z.strictObject({
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
  /**
   * The reviewed table of products, in order: the first whose words stand in a product's name. The last one takes the rest,
   * which is asked back unless one of its own words says that it was looked at.
   */
  groups: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        risk: z.enum(RISKS),
        /** One of the five pilot groups of the plan, (四)1. */
        pilot: z.boolean(),
        words: z.array(z.string()),
        /** Words that make a product another one, though its name has one of the group's: 电缆桥架 is no cable. */
        not: z.array(z.string()).default([]),
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
  /** How long before it ends the renewal of a licence is asked for (延续、换证), by its kind; none of what is not named. */
  renewals: z.array(
    z.strictObject({
      kinds: z.array(z.enum(licenceKinds)).min(1),
      before: z.union([
        z.strictObject({ months: z.int().min(1) }),
        z.strictObject({ days: z.int().min(1) }),
        z.strictObject({ workingDays: z.int().min(1) }),
      ]),
      source: z.string(),
      status: z.enum(['verified', 'to be confirmed']),
      quotes: z.array(quotation).optional(),
    }),
  ),
  /** Days before the last on which to ask from which a renewal is reminded of. */
  renewalNoticeDays: z.strictObject({
    value: z.int().min(1),
    source: z.string(),
    status: z.enum(['verified', 'to be confirmed']),
  }),
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
  const found = groupNamed(product ?? '', groups) ?? groups.at(-1)
  if (!found) throw new Error('the scheme has no product group')
  return found
}

function groupNamed(name: string, groups: readonly ProductGroup[]): ProductGroup | undefined {
  return groups.find(
    ({ words, not }) => words.some((word) => name.includes(word)) && !not.some((word) => name.includes(word)),
  )
}

/**
 * The groups that a licence belongs to: by the group that it names (产品类别) where the table knows it, else by its products, or
 * its units where it names no product that the table knows.
 */
export function groupsOfLicence(products: Products, scheme: Scheme): ProductGroup[] {
  return groupsOf(toldBy(products, scheme) ?? products.product ?? products.unit, scheme)
}

/** Products of a licence that the table does not know: of which group they are is for a person to say. */
export function ungroupedOf(products: Products, scheme: Scheme): string[] {
  return toldBy(products, scheme) === undefined ? unknownIn(products.product ?? products.unit, scheme) : []
}

/** What of a licence the table knows whole. */
function toldBy({ product, productGroup, unit }: Products, scheme: Scheme): string | undefined {
  return [productGroup, product, unit].find((named) => isNamed(named, scheme))
}

interface Products {
  product?: string | undefined
  productGroup?: string | undefined
  unit?: string | undefined
}

function isNamed(named: string | undefined, scheme: Scheme): boolean {
  return productsIn(named).length > 0 && unknownIn(named, scheme).length === 0
}

function unknownIn(products: string | undefined, { groups }: Scheme): string[] {
  return productsIn(products).filter((name) => groupNamed(name, groups) === undefined)
}

/** The groups that the products of a licence belong to, each once: one number may name several (电线电缆、桥架). */
export function groupsOf(products: string | undefined, scheme: Scheme): ProductGroup[] {
  const named = productsIn(products)
  return Array.from(new Set((named.length === 0 ? [''] : named).map((name) => groupOf(name, scheme))))
}

/** Mode and interval for a class and a risk; those of the default class for one that the scheme does not know. */
export function modeFor(name: string | null, risk: Risk, { modes, defaultClass }: Scheme) {
  const mode =
    modes.find((known) => known.class === name) ?? modes.find((known) => known.class === defaultClass)
  if (!mode) throw new Error(`the scheme has no mode for ${defaultClass}`)
  return { class: mode.class, mode: mode.mode, everyMonths: mode.everyMonths[risk] }
}
