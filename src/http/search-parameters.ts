import { z } from 'zod'
import { parseRegion } from '../codes/places.ts'
import { operatingStatuses } from '../records/enterprise.ts'
import type { Registry } from '../registry/registry.ts'
import { type DimensionName, dimensions, type SearchFilters } from '../search/dimensions.ts'
import { searchOrders } from '../search/order.ts'
import { Problem } from './problem.ts'

/** What can be asked of the list of enterprises, by the API and by the results page alike. */
export const searchParameters = z.object({
  q: z
    .string()
    .max(200, '最多 200 个字符')
    .default('')
    .meta({ description: '名称、曾用名、代码、拼音或拼音首字母' }),
  region: z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' }),
  legalForm: z.string().max(100).optional().meta({ description: '企业类型' }),
  status: z
    .enum(operatingStatuses, `应为 ${operatingStatuses.join('、')} 之一`)
    .optional()
    .meta({ description: '经营状态' }),
  kind: z
    .union([z.string().max(50), z.array(z.string().max(50)).max(10)])
    .optional()
    .meta({ description: '有某类公开记录的企业；可重复' }),
  listed: z.enum(['true'], '应为 true').optional().meta({ description: '只看在质量失信“黑名单”上的' }),
  industry: z
    .string()
    .regex(/^[A-T]?$/, '应为 A 到 T 的门类字母')
    .optional()
    .meta({ description: '行业门类字母（GB/T 4754），如 C 为制造业' }),
  licence: z.string().max(50).optional().meta({ description: '持有某类有效许可' }),
  grade: z.string().max(10).optional().meta({ description: '质量信用等级' }),
  class: z.string().max(10).optional().meta({ description: '分类监管类别' }),
  order: z
    .enum(['', ...searchOrders], `应为 ${searchOrders.join('、')} 之一`)
    .optional()
    .meta({ description: '排序：grade 等级，region 行政区划，oldest、newest 成立先后；不写为相关度' }),
  cursor: z.string().max(200).optional().meta({ description: '上一页返回的 next' }),
})

/** Filters from the parameters; 400 for a region or a record type that does not exist. */
export function filtersOf(parameters: z.output<typeof searchParameters>, registry: Registry): SearchFilters {
  const given = Object.values(dimensions).map(({ name, parameter }) => ({
    name,
    values: [parameters[parameter] ?? []].flat().filter((value) => value !== ''),
  }))
  return Object.fromEntries(
    given
      .filter(({ values }) => values.length > 0)
      .map(({ name, values }) => [name, values.map((value) => meant(name, value, registry))]),
  )
}

/** A value as it is kept: a region's code for its name. */
function meant(name: DimensionName, value: string, { catalogue }: Registry): string {
  if (name === 'kinds' && !catalogue.kind(value))
    throw fault('/kind', 'choice', '没有这类记录，见 /api/v1/record-types。')
  if (name !== 'region') return value
  const region = parseRegion(value)
  if (!region) throw fault('/region', 'region', '没有这个行政区划；请用 6 位代码或全称，见 /api/v1/regions。')
  return region.code
}

function fault(pointer: string, code: string, detail: string): Problem {
  return new Problem(400, 'invalid', detail, { errors: [{ pointer, code, detail }] })
}
