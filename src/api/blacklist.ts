import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { bulletinTitle } from '../blacklist/bulletin.ts'
import { invalid } from '../dossier/refusal.ts'
import { blacklistTable } from '../exchange/blacklist-table.ts'
import type { App } from '../http/app.ts'
import { KeptAnswers } from '../http/kept-answers.ts'
import { blacklistParameters, cursorOf, dayAsked, listFilters, placeOf } from '../http/list-parameters.ts'
import { regionCode } from '../http/parameters.ts'
import { sendTable } from '../http/tables.ts'
import type { ShownBulletin } from '../registry/bulletins.ts'
import type { ListedEnterprise, ListPage } from '../registry/listings.ts'
import type { Registry } from '../registry/registry.ts'
import { type Answer, idIn } from './answer.ts'
import { officerAsking } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { open } = chapter('黑名单')

const MOST_EXPORTED = 100_000

const listing = schemas.listingAnswer

const bulletin = z
  .object({
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
    corrections: z.array(z.object({ bulletin: z.string(), title: z.string(), text: z.string() })),
    correctedBy: z.array(z.string()),
    previous: z.string().nullable().optional().meta({ description: '上一期的编号' }),
    next: z.string().nullable().optional().meta({ description: '下一期的编号' }),
    issuedAt: schemas.time.optional(),
  })
  .meta({ id: 'Bulletin', description: '名单公告' })
const plain = (own: ShownBulletin) => ({
  ...own,
  listed: own.listed.map((listed) => ({ ...listed })),
})

/** How a bulletin is answered with after an act upon it. */
export const bulletinAnswer: Answer = {
  tag: '黑名单',
  schema: bulletin,
  shown({ bulletins }, done) {
    const id = idIn(done)
    return { body: plain(bulletins.one(id, true)), location: `/bulletins/${id}` }
  },
}

/** The public blacklist, the honour list and bulletins. */
export function blacklistRoutes(app: App, registry: Registry): void {
  const { listings } = registry
  const kept = new KeptAnswers(() => registry.moment())
  app.get(
    `${API}/blacklist`,
    open(
      'getBlacklist',
      '质量失信“黑名单”，最近列入的在前；可筛选，可看某日的名单',
      { 200: schemas.pageOf(listing) },
      {
        querystring: blacklistParameters
          .extend({ limit: schemas.limit(20, 500), format: schemas.format })
          .strict(),
        refused: [422],
      },
    ),
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
    open(
      'getListing',
      '名单上的一项：案件的公开部分',
      { 200: listing },
      { params: z.object({ id: z.string().max(100) }), refused: [404, 410] },
    ),
    async (request) => ({ ...listings.listing(request.params.id) }),
  )

  app.get(
    `${API}/honours`,
    open(
      'getHonours',
      '守信激励名单：获得质量奖励、等级为 A、24 个月内没有不良记录的企业',
      {
        200: z.object({
          items: z.array(
            z.object({
              orgCode: z.string(),
              name: z.string(),
              grade: z.string(),
              region: z.string(),
              awards: z.array(schemas.open({}, '所获奖励')),
            }),
          ),
          next: z.string().nullable(),
          measures: z.array(z.string()),
        }),
      },
      {
        querystring: z.strictObject({
          region: z.string().max(60).optional(),
          asOf: schemas.dayAsked('某日的名单').optional(),
          limit: schemas.limit(50, 500),
          cursor: z.string().max(18).default(''),
        }),
        refused: [422],
      },
    ),
    async (request) => {
      const { region, limit, cursor, asOf } = request.query
      const day = dayAsked(asOf, registry)
      const { items, next } = await listings.honours(regionCode(region), cursor, limit, day)
      return {
        items: items.map((item) => ({ ...item })),
        next,
        measures: registry.standards.honourMeasures(),
      }
    },
  )

  const byId = z.object({ id: z.string().max(40) })
  app.get(
    `${API}/bulletins`,
    open(
      'listBulletins',
      '已发布的公告，最近的在前',
      { 200: schemas.listOf(bulletin) },
      { querystring: z.strictObject({ limit: schemas.limit(20, 100) }) },
    ),
    async (request) => ({ items: registry.bulletins.issued().slice(0, request.query.limit).map(plain) }),
  )

  app.get(
    `${API}/bulletins/:id`,
    open(
      'getBulletin',
      '一期公告：全部内容',
      { 200: bulletin },
      { params: byId, querystring: z.strictObject({ format: schemas.format }), refused: [404] },
    ),
    async (request, reply) => {
      const own = registry.bulletins.one(request.params.id, officerAsking(request) !== undefined)
      const { format } = request.query
      if (format === 'json') return plain(own)
      return sendTable(reply, { ...blacklistTable(own.listed), title: bulletinTitle(own) }, format)
    },
  )

  function everything(parameters: z.output<typeof blacklistParameters>): ListedEnterprise[] {
    const filters = listFilters(parameters, registry)
    const rows: ListedEnterprise[] = []
    for (let before: number | undefined; ; ) {
      const { items, next } = listings.list(filters, before, 1000)
      for (const { json } of items) rows.push(JSON.parse(json))
      if (next === undefined) return rows
      if (rows.length >= MOST_EXPORTED)
        throw invalid('/region', 'too-big', `超过 ${MOST_EXPORTED} 行，请按地区或日期分次导出。`)
      before = next
    }
  }
}

function bytesOf({ items, next }: ListPage): Buffer {
  const cursor = next === undefined ? 'null' : JSON.stringify(cursorOf(next))
  return Buffer.from(`{"items":[${items.map(({ json }) => json).join(',')}],"next":${cursor}}`)
}

function sendBytes(reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(bytes)
}
