import { z } from 'zod'
import type { Webhook } from '../authority/webhooks.ts'
import { invalid } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { reference } from '../records/fields.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const tag = '信用平台'
const { keyed } = chapter(tag)

const webhook = z
  .object({
    url: z.string(),
    position: z.int().meta({ description: '此前的各项已收，或者三天未能送达' }),
    attempts: z.int().meta({ description: '正在发送的一件已失败的次数' }),
    dueAt: schemas.time.meta({ description: '下次发送不早于此时' }),
    stopped: z.string().meta({ description: '不再发送的原因；空为照常' }),
    outcome: z.string().meta({ description: '最近一件的结果' }),
    outcomeAt: z.string(),
    undelivered: z.int().meta({ description: '三天未能送达、尚未重发成功的件数' }),
  })
  .meta({ id: 'Webhook', description: '推送（Standard Webhooks）及其进度' })

const deadLetter = z.object({
  n: z.int().meta({ description: '编号，重发时用' }),
  after: z.int().meta({ description: '含有此序号之后的各项' }),
  upTo: z.int().meta({ description: '直到此序号' }),
  epoch: schemas.epoch,
  why: z.string(),
  at: schemas.time,
  takenAt: z.string().meta({ description: '重发成功的时间；空为没有' }),
})

/** Where a consumer wants to be told of what moves: set and looked at by the consumer's own key. */
export function webhookRoutes(app: App, registry: Registry, allowPrivate: boolean): void {
  const { webhooks } = registry
  const address = `${API}/consumers/me/webhook`

  const shown = ({ consumer, url, position, attempts, dueAt, stopped, outcome, outcomeAt }: Webhook) => {
    const undelivered = webhooks.dead(consumer).filter(({ takenAt }) => takenAt === '').length
    return { url, position, attempts, dueAt, stopped, outcome, outcomeAt, undelivered }
  }

  app.get(
    address,
    keyed('getWebhook', '本密钥所属取用方的推送：地址和进度', { 200: webhook }, { refused: [404] }),
    async (request) => {
      const key = requireScope(request, 'platform:read')
      return shown(webhooks.of(key))
    },
  )

  app.put(
    address,
    keyed(
      'setWebhook',
      '设定推送的地址：平台所见内容的变动自确认的序号起逐件送往此处',
      { 200: webhook.extend({ secret: z.string().meta({ description: '签名的密钥，whsec_ 开头' }) }) },
      {
        description:
          '按 Standard Webhooks 签名（webhook-id、webhook-timestamp、webhook-signature）；答复 2xx 即为已收并确认。没有收到的以渐长的间隔重发，三天后列为未送达，由管理员重发；答复 410 即停止。密钥 secret 只显示这一次；再次设定即换新。只送往公共网络的 https 地址，除非服务器的设置放行。',
        body: z.strictObject({
          url: reference(2000).meta({
            description: '接收的地址',
            format: 'uri',
            example: 'https://credit.example.gov.cn/hooks/quality',
          }),
        }),
      },
    ),
    async (request) => {
      const key = requireScope(request, 'platform:read')
      const { url } = request.body
      const why = unfit(url, allowPrivate)
      if (why !== undefined) throw invalid('/url', 'url', why)
      const set = await webhooks.set(key, url)
      request.isTold = true
      return { ...shown(set.webhook), secret: set.secret }
    },
  )

  app.delete(
    address,
    keyed(
      'removeWebhook',
      '不再推送：删去地址和签名密钥，未送达的不再送',
      { 204: z.undefined().meta({ description: '已停止' }) },
      { refused: [404] },
    ),
    async (request, reply) => {
      await webhooks.remove(requireScope(request, 'platform:read'))
      return reply.code(204).send()
    },
  )

  app.get(
    `${address}/dead-letters`,
    keyed(
      'listDeadLetters',
      '三天未能送达的各件，最近的在前；由管理员在工作台重发',
      { 200: schemas.listOf(deadLetter) },
      { refused: [404] },
    ),
    async (request) => {
      const key = requireScope(request, 'platform:read')
      const letters = webhooks.dead(webhooks.of(key).consumer)
      return { items: letters.map(({ consumer: _, ...letter }) => letter) }
    },
  )
}

/** Why an address can't be sent to; whether its name leads to a private network is looked at whenever something is sent. */
function unfit(text: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(text)) return '不是网址；应如 https://credit.example.gov.cn/hooks/quality。'
  const { protocol, username, password, hash } = new URL(text)
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:'))
    return allowPrivate ? '应为 https 或 http 地址。' : '应为 https 地址。'
  if (username !== '' || password !== '') return '地址中不能带用户名或密码；来源请以签名核对。'
  if (hash !== '') return '地址中不能带 # 之后的部分。'
  return undefined
}
