import { z } from 'zod'
import type { App } from '../http/app.ts'
import { askedAddress } from '../http/asked-address.ts'
import { filtersOf, searchParameters } from '../http/search-parameters.ts'
import type { Registry } from '../registry/registry.ts'
import { eachDimension } from '../search/dimensions.ts'
import { matchedBy } from '../search/engine.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { open } = chapter('检索')

/** Searching enterprises. */
export function searchRoutes(app: App, registry: Registry): void {
  const facet = z.array(z.object({ value: z.string(), count: z.int() }))
  const hit = z.object({
    orgCode: z.string(),
    uscc: z.string().nullable(),
    name: z.string(),
    formerNames: z.array(z.string()),
    region: z.string().optional(),
    legalForm: z.string().optional(),
    status: z.string(),
    industry: z.string().optional().meta({ description: '行业门类字母' }),
    establishedOn: z.string().optional().meta({ description: '成立日期' }),
    kinds: z.array(z.string()).meta({ description: '有哪些公开记录' }),
    licences: z.array(z.string()).optional().meta({ description: '现持有的许可类别' }),
    grade: z.string().optional().meta({ description: '现行质量信用等级' }),
    class: z.string().optional().meta({ description: '现行分类监管类别' }),
    listed: z.literal(true).optional().meta({ description: '在质量失信“黑名单”上' }),
    matchedBy: z.enum(matchedBy).meta({
      description:
        '为何列出：code 代码，name 名称，variant 名称（字形不同，如繁体、异体），formerName 曾用名，pinyin 拼音，similar 名称相近（不含所查文字，请核对），all 未输入文字',
    }),
    matchedName: z.string(),
    highlights: z
      .array(z.array(z.int()).length(2))
      .meta({ description: 'matchedName 中命中的区间（UTF-16 单位，含头不含尾）' }),
  })
  app.get(
    `${API}/enterprises`,
    open(
      'searchEnterprises',
      '按名称、代码、拼音检索企业',
      {
        200: z.object({
          items: z.array(hit),
          next: z.string().nullable(),
          total: z
            .object({
              count: z.int(),
              exact: z.boolean().meta({ description: '为 false 时，count 和分面是上限' }),
              of: z.enum(['asked', 'similar']).meta({
                description:
                  'asked：名称、曾用名、代码含所查文字，或读音与所查字母相符的；similar：没有这样的企业，所计为名称相近的',
              }),
              similar: z.int().meta({ description: '另有多少家名称相近的列在其后，不计入 count 和分面' }),
            })
            .optional()
            .meta({ description: '随第一页返回' }),
          meant: z
            .array(z.object({ orgCode: z.string(), uscc: z.string().nullable(), name: z.string() }))
            .optional()
            .meta({ description: '没有结果而所查像是代码时：与之一字之差、符合校验码且已建档的代码' }),
          formerPlaces: z
            .array(
              z.object({ typed: z.string(), now: z.array(z.object({ code: z.string(), name: z.string() })) }),
            )
            .optional()
            .meta({
              description:
                '所查文字中已不再使用的地名和现在的行政区划：名称中写新地名的也一并列出（matchedBy 为 place）并计入',
            }),
          position: z.int().meta({ description: '答复所反映的登记序号：到此为止的登记都已计入' }),
          facets: z
            .object(eachDimension(() => facet))
            .optional()
            .meta({ description: '对 total 所计的全部企业计数，随第一页返回' }),
        }),
      },
      {
        description:
          '名称完全相同的在前，其次是以之开头的，再次是含有的，各按名称长短。含所查文字的企业不多时，其后列出名称相近的。未知的参数得到 400。',
        querystring: searchParameters.extend({ limit: schemas.limit(20, 100) }).strict(),
      },
    ),
    async (request, reply) => {
      const { q, limit, cursor, order } = request.query
      const filters = filtersOf(request.query, registry)
      const result = await registry.search({
        text: q,
        filters,
        limit,
        ...(order && { order }),
        ...(cursor && { cursor }),
      })
      reply.header('register-position', result.position)
      if (result.next !== undefined) {
        const { path, parameters } = askedAddress(request.url)
        parameters.set('cursor', result.next)
        reply.header('link', `<${path}?${parameters}>; rel="next"`)
      }
      return {
        items: result.hits.map(({ document, matchedBy: why, name: matchedName, highlights }) => {
          const { key: orgCode, uscc, names, ...rest } = document
          const [name = '', ...formerNames] = names
          return {
            orgCode,
            uscc,
            name,
            formerNames,
            ...rest,
            matchedBy: why,
            matchedName,
            highlights,
          }
        }),
        next: result.next ?? null,
        ...(result.total && { total: result.total }),
        ...(result.meant && {
          meant: result.meant.map(({ key: orgCode, uscc, names: [name = ''] }) => ({ orgCode, uscc, name })),
        }),
        ...(result.former && {
          formerPlaces: result.former.map(({ typed, now }) => ({
            typed,
            now: now.map(({ code, path }) => ({ code, name: path })),
          })),
        }),
        position: result.position,
        ...(result.facets && { facets: result.facets }),
      }
    },
  )
}
