import { z } from 'zod'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import { filtersOf, searchParameters } from '../http/search-parameters.ts'
import type { Registry } from '../registry/registry.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

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
    matchedBy: z.enum(['code', 'name', 'formerName', 'pinyin', 'similar', 'all']),
    matchedName: z.string(),
    highlights: z
      .array(z.tuple([z.int(), z.int()]))
      .meta({ description: 'matchedName 中命中的区间（UTF-16 单位，含头不含尾）' }),
  })
  app.get(
    `${API}/enterprises`,
    {
      schema: {
        operationId: 'searchEnterprises',
        tags: ['检索'],
        summary: '按名称、代码、拼音检索企业',
        description:
          '完全相同的在前，其次是以之开头的，再次按名称长短。结果过多时 total.exact 为 false，分面按最相关的部分计数。',
        querystring: searchParameters.extend({ limit: schemas.limit(20, 100) }).strict(),
        response: {
          200: z.object({
            items: z.array(hit),
            next: z.string().nullable(),
            total: z.object({ count: z.int(), exact: z.boolean() }).optional(),
            facets: z
              .object({
                region: facet,
                grade: facet,
                listed: facet,
                industry: facet,
                licences: facet,
                class: facet,
                kinds: facet,
                legalForm: facet,
                status: facet,
              })
              .optional()
              .meta({ description: '随第一页返回' }),
          }),
          400: problem,
        },
      },
    },
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
      if (result.next !== undefined) {
        const url = new URL(request.url, 'http://registry')
        url.searchParams.set('cursor', result.next)
        reply.header('link', `<${url.pathname}${url.search}>; rel="next"`)
      }
      return {
        items: result.hits.map(({ document, matchedBy, name: matchedName, highlights }) => {
          const { key: orgCode, uscc, names, ...rest } = document
          const [name = '', ...formerNames] = names
          return {
            orgCode,
            uscc,
            name,
            formerNames,
            ...rest,
            matchedBy,
            matchedName,
            highlights,
          }
        }),
        next: result.next ?? null,
        ...(result.total && { total: result.total }),
        ...(result.facets && { facets: result.facets }),
      }
    },
  )
}
