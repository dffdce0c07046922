import { z } from 'zod'
import { readers } from '../authority/readers.ts'
import type { App } from '../http/app.ts'
import { problemOfRequest } from '../http/errors.ts'
import { reference, remark, textFault } from '../records/fields.ts'
import type { FollowingConsumer } from '../registry/consumers.ts'
import type { Registry } from '../registry/registry.ts'
import type { Answer } from './answer.ts'
import { idIn } from './answer.ts'
import { actorOf, requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import { epochFor } from './feeds.ts'
import * as schemas from './schemas.ts'

const tag = '信用平台'
const { keyed } = chapter(tag)
const RECEIPTS_A_REQUEST = 1000

const consumer = z
  .object({
    id: z.string(),
    name: z.string(),
    contacts: z.string().optional(),
    openedAt: schemas.time,
    closedAt: schemas.time.optional(),
    sent: z.int().meta({ description: '已发送到的登记序号' }),
    acknowledged: z.int().meta({ description: '其确认已取得的登记序号' }),
    schema: z.string().meta({ description: '这两个序号所依的口径版本；口径换新的，自 0 起' }),
    epoch: z.string(),
    lag: z.int().meta({ description: '确认的序号与登记簿末尾相差的条数' }),
    seenAt: z.string().meta({ description: '最近一次取用；空为没有取用过' }),
    acknowledgedAt: z.string(),
    silentDays: z.int().meta({ description: '没有取用的天数' }),
    isSilent: z.boolean(),
    taken: z.int().meta({ description: '回执为已收的项数' }),
    refused: z.int().meta({ description: '回执为未收的项数' }),
    error: z.string().meta({ description: '最近一次被拒的请求' }),
    errorAt: z.string(),
    findings: z.array(z.object({ at: schemas.time, what: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Consumer', description: '取用方及其进度' })

const received = z.strictObject({
  orgCode: reference(18),
  id: reference(100),
  position: z.int().min(1, '最小为 1').meta({ description: '所收到的变动的 position' }),
  outcome: z.literal('taken').meta({ description: '已收' }),
  code: reference(50).default('').meta({ description: '未收的，平台的错误代码' }),
  reason: remark(500).default('').meta({ description: '未收的原因' }),
})
const NO_REASON = '未收的须写明原因。'
const receipt = z.discriminatedUnion(
  'outcome',
  [
    received,
    received.extend({
      outcome: z.literal('refused').meta({ description: '未收' }),
      reason: remark(500, NO_REASON).meta({ description: '未收的原因', minLength: 1, pattern: '\\S' }),
    }),
  ],
  '应为 taken 或 refused',
)

/** How a consumer is answered with right after an act upon it. */
export const consumerAnswer: Answer = {
  tag,
  schema: consumer.partial().required({ id: true, name: true }),
  shown(registry, done) {
    const { revision: _, author: __, ...own } = registry.consumers.standing(idIn(done))
    return { body: own }
  },
}

/** The platforms and systems that pull: how far they are, and what they answer. */
export function consumerRoutes(app: App, registry: Registry): void {
  const { consumers } = registry
  app.addHook('onError', async (request, _, error) => {
    const found = problemOfRequest(error, request)
    if (!request.apiKey || !found) return
    // What is wrong may be told in words of whoever asked, which are kept only where they keep the rule for text.
    const why = textFault(found.title) ? found.type : found.title
    await consumers.failed(request.apiKey, `${found.status} ${why}`)
  })

  app.get(
    `${API}/consumers`,
    keyed(
      'listConsumers',
      '取用方及各自的进度、回执、不符之处：本机关和下级机关登记的',
      { 200: schemas.listOf(consumer) },
      { description: '需要 officers:write 或 audit:read 权限；省级和监察可见全部。' },
    ),
    async (request) => {
      const key = requireScope(request, ...readers.account)
      return { items: (await consumers.seenBy(actorOf(key))).map(shown) }
    },
  )

  app.get(
    `${API}/consumers/me`,
    keyed(
      'getOwnConsumer',
      '本密钥所属的取用方及其进度：已确认的位置、落后多少、最近一次的错误',
      { 200: consumer },
      {},
    ),
    async (request) => {
      const key = requireScope(request, 'platform:read')
      return shown(await consumers.one(consumers.of(key).id))
    },
  )

  app.put(
    `${API}/consumers/me/position`,
    keyed(
      'acknowledge',
      '确认已取得的序号',
      { 200: consumer },
      {
        description: '确认只能前进，也不能超过已经发送的；否则不予接受，并留下记录。可以重复确认同一序号。',
        body: z.strictObject({
          position: z.int('应为整数').min(0, '不能为负数').meta({ description: '处理完的 next' }),
          epoch: z.string().max(64).meta({ description: '该页的 epoch' }),
        }),
      },
    ),
    async (request) => {
      const key = requireScope(request, 'platform:read')
      const { position, epoch } = request.body
      consumers.of(key)
      await epochFor(registry, { after: 0 }, epoch)
      return shown(await consumers.acknowledge(key, position))
    },
  )

  app.post(
    `${API}/consumers/me/receipts`,
    keyed(
      'postReceipts',
      '回执：各项已收，或未收及其原因',
      { 200: consumer },
      {
        description: `一次至多 ${RECEIPTS_A_REQUEST} 条，全部记下或全部不记；可以重复提交。未收的列入作出机关的待办（疑义），其后再收的随即了结。`,
        body: z.strictObject({
          items: z
            .array(receipt)
            .min(1, '至少一条。')
            .max(RECEIPTS_A_REQUEST, `至多 ${RECEIPTS_A_REQUEST} 条。`),
        }),
      },
    ),
    async (request) => {
      const key = requireScope(request, 'platform:read')
      const { items } = request.body
      return shown(await consumers.answer(key, items))
    },
  )
}

function shown({ revision: _, author: __, ...own }: FollowingConsumer): z.output<typeof consumer> {
  return { ...own, findings: [...own.findings] }
}
