import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/**
 * A worked case (案例): a firm's story in dates and facts, with what must be so on which day, written in words that an
 * official reads. README.md beside this file says how; any implementation of the registry can run them.
 */

const day = z.iso.date()
const label = z.string().min(1)

/** What somebody does, and the fields that it takes beyond its text. */
export const deeds = [
  '登记处罚',
  '登记许可',
  '登记检查',
  '登记奖励',
  '变更记录',
  '更正记录',
  '撤回记录',
  '变更企业',
  '立案',
  '送达告知',
  '登记陈述',
  '上一级同意',
  '上一级不同意',
  '决定列入',
  '决定不列入',
  '公示',
  '申请修复',
  '受理修复',
  '不受理修复',
  '核查整改',
  '准予修复',
  '不予修复',
  '撤销修复',
  '撤销列入',
  '终止案件',
  '变更依据',
  '改写事实',
  '认定不影响告知',
  '提出异议',
  '异议成立',
  '异议不成立',
  '申请提前停止公示',
  '核查提前停止公示',
  '同意提前停止公示',
  '不同意提前停止公示',
  '撤销提前停止公示',
  '采用规则',
  '机关合并',
  '评价',
] as const

/** People at their bureaus: two of the county, one of the city above it, two of the province, one of another city. */
export const people = {
  县局甲: { authority: '石家庄市长安区局', region: '130102' },
  县局乙: { authority: '石家庄市长安区局', region: '130102' },
  市局甲: { authority: '石家庄市局', region: '130100' },
  市局乙: { authority: '石家庄市局', region: '130100' },
  省局甲: { authority: '河北省局', region: undefined },
  省局乙: { authority: '河北省局', region: undefined },
  外市局: { authority: '唐山市局', region: '130200' },
} as const

export const statuses = [
  '已提出',
  '已告知',
  '已陈述',
  '上级已同意',
  '上级不同意',
  '已决定待公示',
  '不列入',
  '在名单上',
  '待重新认定',
  '已移出',
  '已终止',
] as const

const expected = z.strictObject({
  /** Which cases the public list shows; all others don't show. */
  名单: z.array(label).optional(),
  案件: z.record(label, z.enum(statuses)).optional(),
  /** Document numbers of the penalties that the public sees, in any order. */
  公示处罚: z.array(z.string()).optional(),
  /** Of a case on the list: from, until, from when repair may be asked for, which penalties it names. */
  列入: z
    .record(
      label,
      z.strictObject({
        自: day.optional(),
        至: day.optional(),
        可申请修复: day.optional(),
        处罚: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  /** Clocks of the file that run, by what they are about; all that are named must run, each to its day. */
  期限: z.record(z.string(), day).optional(),
  /** Clocks that must not run. */
  无期限: z.array(z.string()).optional(),
  移出原因: z.record(label, z.enum(['期满', '修复', '撤销', '依据撤销', '企业注销'])).optional(),
  /** Objections that the public sees as open. */
  异议处理中: z.int().optional(),
  荣誉名单: z.boolean().optional(),
  /** Grade or class in force that the public sees, by the standard. */
  等级: z.partialRecord(z.enum(['four-grades', 'enterprise-classes']), z.string()).optional(),
  /** Those of ratings that are in force no more, all that the public sees, the latest first. */
  往次等级: z.partialRecord(z.enum(['four-grades', 'enterprise-classes']), z.array(z.string())).optional(),
})

const person = z.enum(['县局甲', '县局乙', '市局甲', '市局乙', '省局甲', '省局乙', '外市局'])

const line = z.strictObject({
  日期: day,
  经办: person.default('县局甲'),
  /** Who confirms what takes two persons, where that is not the colleague. */
  复核: person.optional(),
  事项: z.enum(deeds).optional(),
  /** The case, record or objection that the deed makes or is about. */
  名: label.optional(),
  /** Penalties that a case rests on, what an objection is about. */
  依据: z.array(label).optional(),
  /** When it happened, where that is another day than it is entered. */
  发生: day.optional(),
  填: z.record(z.string(), z.json()).optional(),
  /** Refused, in words that hold this. */
  不予办理: z.string().optional(),
  应有: expected.optional(),
})

export const storySchema = z.strictObject({
  题目: z.string(),
  依据: z.string(),
  规则: z.enum(['order-44', 'aqsiq']).default('order-44'),
  情形: z.string().default('unsafe-product'),
  经过: z.array(line).min(1),
})

export type Story = z.output<typeof storySchema>
export type Line = Story['经过'][number]
export type Expected = z.output<typeof expected>

/** Every worked case beside this file, by its file's name. */
export function stories(): { file: string; story: Story }[] {
  const folder = new URL('./', import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      file,
      story: storySchema.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
    }))
}
