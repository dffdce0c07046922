import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { region as regionOf, regionPrefix } from '../codes/regions.ts'
import { invalid } from '../dossier/refusal.ts'
import type { Table } from '../exchange/export.ts'
import type { ShownBulletin } from '../registry/bulletins.ts'
import type { ListedEnterprise, ListPage } from '../registry/listings.ts'
import type { Registry } from '../registry/registry.ts'
import type { ListingPlace } from '../views/views.ts'
import type { App } from './app.ts'
import { isOfficer, writingRequest } from './authentication.ts'
import { API } from './enterprises.ts'
import { KeptAnswers } from './kept-answers.ts'
import { Problem, problem } from './problem.ts'
import * as schemas from './schemas.ts'
import { regionCode } from './supervision.ts'
import { sendTable } from './tables.ts'

/** What can be asked of the blacklist, by the API and by its page alike. */
export const blacklistParameters = z.object({
  q: z.string().max(100).optional().meta({ description: '企业名称中的文字，或档案编号' }),
  region: z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' }),
  ground: z.string().max(200).optional().meta({ description: '列入情形' }),
  product: z.string().max(100).optional().meta({ description: '产品名称中的文字' }),
  authority: z.string().max(100).optional().meta({ description: '列入机关' }),
  from: z.string().max(10).optional().meta({ description: '列入日期自' }),
  to: z.string().max(10).optional().meta({ description: '列入日期至' }),
  asOf: z.string().max(10).optional().meta({ description: '某日的名单：当日在列而今仍在列的' }),
  cursor: z.string().max(100).optional().meta({ description: '上一页返回的 next' }),
})

const COLUMNS = [
  { field: 'name', label: '企业名称' },
  { field: 'orgCode', label: '档案编号' },
  { field: 'uscc', label: '统一社会信用代码' },
  { field: 'regionName', label: '行政区划' },
  { field: 'ground', label: '列入情形' },
  { field: 'basis', label: '列入依据' },
  { field: 'documents', label: '处罚决定书文号' },
  { field: 'decisionNo', label: '列入决定书文号' },
  { field: 'decidedOn', label: '列入决定日期' },
  { field: 'authority', label: '列入机关' },
  { field: 'until', label: '期限至' },
]
const MOST_EXPORTED = 100_000

/** The public blacklist, the honour list and bulletins. */
export function blacklistRoutes(app: App, registry: Registry): void {
  const { listings } = registry
  const kept = new KeptAnswers(() => registry.moment())
  const tags = ['黑名单']
  const security = [{ key: [] }]
  const listing = z
    .looseObject({
      id: z.string(),
      orgCode: z.string(),
      uscc: z.string().nullable(),
      name: z.string(),
      region: z.string(),
      ground: z.string(),
      basis: z.string(),
      penalties: z.array(z.looseObject({ documentNo: z.string() })),
      decisionNo: z.string(),
      decidedOn: schemas.day,
      authority: z.string(),
      from: schemas.day,
      until: z.string().nullable(),
      measures: z.array(z.string()),
      repair: z.object({ from: schemas.day, how: z.string(), conditions: z.array(z.string()) }),
      objectionOpen: z.boolean(),
    })
    .meta({ id: 'Listing', description: '质量失信“黑名单”上的一项' })

  app.get(
    `${API}/blacklist`,
    {
      schema: {
        operationId: 'getBlacklist',
        tags,
        summary: '质量失信“黑名单”，最近列入的在前；可筛选，可看某日的名单',
        querystring: blacklistParameters
          .extend({ limit: schemas.limit(20, 500), format: schemas.format })
          .strict(),
        response: {
          200: z.object({ items: z.array(listing), next: z.string().nullable() }),
          400: problem,
          422: problem,
        },
      },
    },
    async (request, reply) => {
      const { limit, format } = request.query
      if (format !== 'json') return sendTable(reply, blacklistTable(everything(request.query)), format)
      return sendBytes(
        reply,
        kept.get(request.url, () => {
          const filters = listFilters(request.query, registry)
          return bytesOf(listings.list(filters, placeOf(request.query.cursor), limit))
        }),
      )
    },
  )

  app.get(
    `${API}/blacklist/:id`,
    {
      schema: {
        operationId: 'getListing',
        tags,
        summary: '名单上的一项：案件的公开部分',
        params: z.object({ id: z.string().max(100) }),
        response: { 200: listing, 404: problem, 410: problem },
      },
    },
    async (request) => ({ ...listings.listing(request.params.id) }),
  )

  app.get(
    `${API}/honours`,
    {
      schema: {
        operationId: 'getHonours',
        tags,
        summary: '守信激励名单：获得质量奖励、等级为 A、24 个月内没有不良记录的企业',
        querystring: z.strictObject({
          region: z.string().max(60).optional(),
          asOf: z.string().max(10).optional().meta({ description: '某日的名单' }),
          limit: schemas.limit(50, 500),
          cursor: z.string().max(18).default(''),
        }),
        response: {
          200: z.object({
            items: z.array(z.looseObject({ orgCode: z.string(), name: z.string(), grade: z.string() })),
            next: z.string().nullable(),
            measures: z.array(z.string()),
          }),
          422: problem,
        },
      },
    },
    async (request) => {
      const { region, limit, cursor, asOf } = request.query
      const day = dayAsked(asOf, registry)
      const { items, next } = await listings.honours(regionCode(region), cursor, limit, day)
      return { items: items.map((item) => ({ ...item })), next, measures: honourMeasures(registry) }
    },
  )

  const bulletin = z
    .looseObject({
      id: z.string(),
      authority: z.string(),
      status: z.enum(['draft', 'issued', 'discarded']),
      year: z.int().optional(),
      no: z.int().optional(),
      from: schemas.day,
      to: schemas.day,
      listed: z.array(listing),
      ended: z.int().meta({ description: '本期列入、现已移出而不再显示的项数' }),
      removed: z.record(z.string(), z.int()).meta({ description: '本期内移出的项数，按原因' }),
      corrections: z.array(z.object({ bulletin: z.string(), text: z.string() })),
      correctedBy: z.array(z.string()),
    })
    .meta({ id: 'Bulletin', description: '名单公告' })
  const byId = z.object({ id: z.string().max(40) })
  const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 422: problem }
  const plain = (own: ShownBulletin) => ({
    ...own,
    listed: own.listed.map((listed) => ({ ...listed })),
  })

  app.get(
    `${API}/bulletins`,
    {
      schema: {
        operationId: 'listBulletins',
        tags,
        summary: '已发布的公告，最近的在前',
        querystring: z.strictObject({ limit: schemas.limit(20, 100) }),
        response: { 200: z.object({ items: z.array(bulletin) }) },
      },
    },
    async (request) => ({ items: registry.bulletins.issued().slice(0, request.query.limit).map(plain) }),
  )

  app.get(
    `${API}/bulletins/:id`,
    {
      schema: {
        operationId: 'getBulletin',
        tags,
        summary: '一期公告',
        params: byId,
        querystring: z.strictObject({ format: schemas.format }),
        response: { 200: bulletin, 400: problem, 404: problem },
      },
    },
    async (request, reply) => {
      const own = registry.bulletins.one(request.params.id, isOfficer(request))
      const { format } = request.query
      if (format === 'json') return plain(own)
      return sendTable(reply, { ...blacklistTable(own.listed), title: bulletinTitle(own) }, format)
    },
  )

  app.post(
    `${API}/bulletins`,
    {
      schema: {
        operationId: 'draftBulletin',
        tags,
        summary: '起草一期公告：某期间内本机关列入和移出的；可附对以往公告的更正',
        security,
        body: z.strictObject({
          from: z.string().max(10),
          to: z.string().max(10),
          corrections: z
            .array(
              z.strictObject({ bulletin: z.string().max(40), text: z.string().min(1, '必填').max(4000) }),
            )
            .max(50)
            .default([]),
        }),
        response: { 201: bulletin, ...refusals },
      },
    },
    async (request, reply) => {
      const own = await registry.bulletins.draft(request.body, writingRequest(request, 'listings:write'))
      return reply.code(201).header('location', `${API}/bulletins/${own.id}`).send(plain(own))
    },
  )

  app.post(
    `${API}/bulletins/:id/approval`,
    {
      schema: {
        operationId: 'issueBulletin',
        tags,
        summary: '由另一人批准并发布公告，编定期号',
        security,
        params: byId,
        body: z.strictObject({}),
        response: { 200: bulletin, ...refusals },
      },
    },
    async (request) =>
      plain(await registry.bulletins.issue(request.params.id, writingRequest(request, 'listings:decide'))),
  )

  function everything(parameters: z.output<typeof blacklistParameters>): ListedEnterprise[] {
    const filters = listFilters(parameters, registry)
    const rows: ListedEnterprise[] = []
    for (let after: ListingPlace | undefined; ; ) {
      const { items, next } = listings.list(filters, after, 1000)
      for (const { json } of items) rows.push(JSON.parse(json))
      if (!next) return rows
      if (rows.length >= MOST_EXPORTED)
        throw invalid('/region', 'too-big', `超过 ${MOST_EXPORTED} 行，请按地区或日期分次导出。`)
      after = next
    }
  }
}

/** A past day that was asked for; undefined where none was. Refuses what is no date or lies in the future. */
export function dayAsked(asOf: string | undefined, registry: Registry): string | undefined {
  if (asOf === undefined || asOf === '') return undefined
  const today = shanghaiDate(registry.now())
  if (!isCalendarDate(asOf)) throw invalid('/asOf', 'date', `“${asOf}”不是日期；请写成 2026-03-02。`)
  if (asOf > today) throw invalid('/asOf', 'future-date', `${asOf} 晚于今天（${today}）。`)
  return asOf
}

/** Filters of the list from its parameters; refuses dates and regions that don't exist. */
export function listFilters(parameters: z.output<typeof blacklistParameters>, registry: Registry) {
  const today = shanghaiDate(registry.now())
  const { q, region, ground, product, authority, from, to, asOf } = parameters
  const on = dayAsked(asOf, registry)
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && day !== '' && !isCalendarDate(day))
      throw invalid(`/${name}`, 'date', `“${day}”不是日期；请写成 2026-03-02。`)
  const code = regionCode(region)
  const given = (text: string | undefined) =>
    text === undefined || text.trim() === '' ? undefined : text.trim()
  return {
    on: on ?? today,
    region: code === undefined ? undefined : regionPrefix(code),
    ground: given(ground),
    product: given(product),
    authority: given(authority),
    text: given(q),
    from: given(from),
    to: given(to),
  }
}

const place = z.tuple([z.string().max(10), z.string().max(60)])

export function cursorOf({ fromDay, id }: ListingPlace): string {
  return Buffer.from(JSON.stringify([fromDay, id])).toString('base64url')
}

export function placeOf(cursor: string | undefined): ListingPlace | undefined {
  if (cursor === undefined || cursor === '') return undefined
  try {
    const [fromDay, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { fromDay, id }
  } catch {
    throw new Problem(400, 'cursor', '翻页标记 cursor 无效；请从第一页重新查询，并原样使用返回的 next。')
  }
}

/** The list as a table to take away. */
export function blacklistTable(rows: readonly ListedEnterprise[]): Table {
  return {
    title: '质量失信黑名单',
    columns: COLUMNS,
    rows: rows.map((row) => ({
      ...row,
      regionName: regionOf(row.region)?.path ?? row.region,
      documents: row.penalties.map(({ documentNo }) => documentNo),
    })),
  }
}

export function bulletinTitle({
  authority,
  year,
  no,
}: {
  authority: string
  year?: number
  no?: number
}): string {
  return year === undefined
    ? `${authority}质量失信黑名单公告（草稿）`
    : `${authority}质量失信黑名单公告（${year}年第${no}期）`
}

/** Measures of encouragement that go with the best grade. */
export function honourMeasures(registry: Registry): string[] {
  const standard = registry.standards
    .adopted()
    .find(({ id }) => id === 'four-grades')
    ?.versions.at(-1)?.document
  return standard?.grades[0]?.measures ?? []
}

function bytesOf({ items, next }: ListPage): Buffer {
  const cursor = next ? JSON.stringify(cursorOf(next)) : 'null'
  return Buffer.from(`{"items":[${items.map(({ json }) => json).join(',')}],"next":${cursor}}`)
}

function sendBytes(reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(bytes)
}
