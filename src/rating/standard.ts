import { z } from 'zod'
import { quotation } from '../law/texts.ts'
import { fieldCondition } from '../records/condition.ts'

/**
 * The language of rating standards (评价标准): documents that say in data which records count and how much. One page in
 * docs/standards.md explains it to officials.
 */

const words = (max: number) => z.string().min(1, '不能为空').max(max, `最多 ${max} 个字`)
const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, '应为小写英文字母、数字和连字符，以字母开头，最多 40 个字符')
const months = z.int('应为整数').min(1, '至少 1 个月').max(120, '最多 120 个月')
const points = z.number('应为数字').min(-1000, '不得小于 -1000').max(1000, '不得大于 1000')
/** Another condition by its name. */
const namedCondition = z.strictObject({ condition: z.string().min(1).max(60) })

/** The record is, or has been, published by the day of rating: a sampling result is final then. */
const publishedCondition = z.strictObject({ published: z.literal(true) })

const where = z.array(z.union([fieldCondition, namedCondition, publishedCondition])).max(20, '最多 20 个条件')

/** Which records count: of one type, within a time before the day of rating, that meet all conditions. */
const selection = z.strictObject({
  records: z.string().min(1).max(50),
  where: where.default([]),
  /** Months before the day of rating; `ever` for any time; the standard's own period where it is left out. */
  within: z.union([months, z.literal('ever')]).optional(),
  /**
   * The date that `within` counts from, where it is not the one that dates such records: the day of a revocation. A
   * record without it counts until somebody has said the day.
   */
  countedFrom: z.string().min(1).max(60).optional(),
})

/** Points for each record that counts. */
const perRecord = z.strictObject({
  each: points,
  /** Other points by the value of a field, such as the severity. */
  by: z
    .strictObject({ field: z.string().min(1).max(60), points: z.record(z.string().max(100), points) })
    .optional(),
  /** Months in which a record's points fade away, a step each whole month. */
  fade: months.optional(),
  /** The item's points never exceed this, whichever their sign. */
  atMost: z.number().positive('应大于 0').max(1000).optional(),
})

/** Points by the share of records that meet further conditions among all that count. */
const byRatio = z.strictObject({
  part: where.min(1, '比率的分子没有条件'),
  /** From the highest share down; the first that is reached gives its points. */
  steps: z
    .array(z.strictObject({ atLeast: z.number().min(0, '不得小于 0').max(1, '不得大于 1'), points }))
    .min(1, '至少一档')
    .max(20),
  /** Fewer records than this give no points. */
  fewest: z.int().min(1).max(1000).default(1),
})

const item = z
  .strictObject({
    id: identifier,
    /** The rule as officials and enterprises read it. */
    rule: words(300),
    source: words(300).optional(),
    /** Words of the law that it rests on; each must stand in its text. */
    quotes: z.array(quotation).max(10).optional(),
    select: selection,
    points: perRecord.optional(),
    ratio: byRatio.optional(),
  })
  .refine(
    ({ points: each, ratio }) => (each === undefined) !== (ratio === undefined),
    '每项须有 points 或 ratio 之一',
  )

const limit = z
  .strictObject({
    id: identifier,
    rule: words(300),
    source: words(300).optional(),
    /** Words of the law that it rests on; each must stand in its text. */
    quotes: z.array(quotation).max(10).optional(),
    /** The enterprise stands on the blacklist. */
    listed: z.literal(true).optional(),
    select: selection.optional(),
    /** The best grade that is left. */
    grade: z.string().min(1).max(10),
    /** A grade in force falls at once when the limit comes to hold, and is rated anew when it ceases to. */
    atOnce: z.boolean().default(false),
  })
  .refine(
    ({ listed, select }) => (listed === undefined) !== (select === undefined),
    '每条限制须有 select 或 listed 之一',
  )

const grade = z.strictObject({
  grade: z.string().min(1).max(10),
  name: words(50),
  meaning: words(300),
  /** Points from which the grade is given; the last grade has none. */
  atLeast: points.optional(),
  /** Measures of encouragement or restraint that go with the grade. */
  measures: z.array(words(200)).max(20).default([]),
})

export const standardSchema = z.strictObject({
  id: identifier,
  version: z.int('应为整数').min(1, '从 1 开始'),
  name: words(100),
  /** Document and article that the standard follows. */
  source: words(500),
  status: z.enum(['verified', 'to be confirmed'], '应为 verified 或 to be confirmed'),
  /** What its grade is shown as: the credit grade, or the class of supervision. */
  shownAs: z.enum(['grade', 'class'], '应为 grade 或 class'),
  /** Months before the day of rating that are looked at. */
  period: z.strictObject({ months }),
  /** Points that everyone begins with. */
  start: points,
  /** Conditions with names, to write once what several rules mean. */
  conditions: z
    .record(
      words(60),
      z.strictObject({ records: z.string().min(1).max(50), where: where.min(1, '条件是空的') }),
    )
    .default({}),
  /** What a file must hold at least one of, to be rated at all. */
  rated: z.strictObject({ rule: words(300), any: z.array(selection).min(1, '至少一种').max(10) }),
  items: z.array(item).min(1, '至少一项').max(60),
  limits: z.array(limit).max(30).default([]),
  grades: z.array(grade).min(2, '至少两个等级').max(12),
})

/** A rating standard as it was adopted. */
export type Standard = z.output<typeof standardSchema>
export type StandardItem = Standard['items'][number]
export type Selection = z.output<typeof selection>
export type Where = z.output<typeof where>
