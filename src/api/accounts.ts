import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import { type ApiKey, keySubject, scopes } from '../authority/keys.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import { waitingIn } from '../authority/proposal.ts'
import { readers } from '../authority/readers.ts'
import { roles } from '../authority/roles.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { type Answer, idIn } from './answer.ts'
import { actorOf, requireScope } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const tag = '机关、账号和密钥'
const waiting = z.string().optional().meta({ description: '待第二名管理员确认的提请的编号' })

const authority = z
  .object({ id: z.string(), name: z.string(), level: z.string(), region: z.string().optional(), waiting })
  .catchall(z.unknown().meta({ description: '曾用名、上级、承接和联系方式，见 listAuthorities' }))
  .meta({ id: 'Authority', description: '机关' })
const named = {
  authority: z.string().meta({ description: '所属机关今天的名称' }),
  formerAuthority: z
    .string()
    .optional()
    .meta({ description: '开立时所属机关的名称；此后没有更名、合并的没有' }),
}
const key = z
  .object({
    id: z.string(),
    name: z.string(),
    ...named,
    scopes: z.array(z.enum(scopes)),
    region: z.string().optional().meta({ description: '实际的范围；没有的为全省' }),
    actsFor: z.string().optional().meta({ description: '以哪个账号的名义；没有的为机器所用' }),
    consumer: z.string().optional().meta({ description: '所属的取用方' }),
    expiresOn: z.string().optional().meta({ description: '有效期至，当日仍可使用' }),
    addresses: z.array(z.string()).optional().meta({ description: '可以使用它的地址范围' }),
    createdAt: schemas.time,
    revokedAt: schemas.time.optional(),
    waiting,
    text: z.string().optional().meta({ description: '密钥；只在新建时答复这一次' }),
  })
  .meta({ id: 'Key', description: '接口密钥' })
const officer = z
  .object({
    login: z.string(),
    name: z.string(),
    ...named,
    roles: z.array(z.enum(roles)),
    region: z.string().optional().meta({ description: '实际的范围；没有的为全省' }),
    samePerson: z
      .array(z.string())
      .optional()
      .meta({ description: '登记同一工号的其他账号；按同一个人对待' }),
    directory: z
      .object({ issuer: z.string().optional(), since: schemas.time })
      .optional()
      .meta({ description: '与单位目录中的人的对应：签发者、自何时起；没有的为没有对应' }),
    createdAt: schemas.time,
    disabledAt: schemas.time.optional(),
    waiting,
    password: z.string().optional().meta({ description: '首次密码；只答复这一次' }),
  })
  .meta({ id: 'Officer', description: '工作人员账号' })

/** How authorities, keys and accounts are answered with; secrets this once. */
export const accountAnswers = {
  authority: {
    tag,
    schema: authority,
    shown(registry, done) {
      const own = registry.authorities.find(idIn(done))
      return { body: shownAuthority(own), location: '/authorities' }
    },
  },
  key: {
    tag,
    schema: key,
    shown(registry, done) {
      const own = registry.keys.bounded(idIn(done))
      if (!own) throw new Refusal('unknown', '没有这个密钥；请核对编号。')
      return { body: { ...shownKey(registry, own), text: done.outcome.secret?.text } }
    },
  },
  officer: {
    tag,
    schema: officer,
    shown(registry, done) {
      const own = registry.officers.bounded(idIn(done))
      if (!own) throw new Refusal('unknown', '没有这个账号；请核对。')
      return { body: { ...shownOfficer(registry, own), password: done.outcome.secret?.text } }
    },
  },
} satisfies Record<string, Answer>

/** Accounts and keys as lists: those of one's own authority and of those below, as the desk and the command line have them. */
export function accountRoutes(app: App, registry: Registry): void {
  const { officers, keys } = registry
  list('officers', 'listOfficers', '账号', officer, {
    seenBy: (actor) => officers.seenBy(actor),
    nameOf: ({ login }) => login,
    shown: (own) => shownOfficer(registry, own),
  })
  list('keys', 'listKeys', '接口密钥，不含密钥本身', key, {
    seenBy: (actor) => keys.seenBy(actor),
    nameOf: ({ id }) => id,
    shown: (own) => shownKey(registry, own),
  })

  function list<T, S extends z.ZodType>(
    name: string,
    operationId: string,
    summary: string,
    item: S,
    { seenBy, nameOf, shown }: AccountList<T, z.output<S>>,
  ): void {
    app.get(
      `${API}/${name}`,
      {
        schema: {
          operationId,
          tags: [tag],
          summary: `${summary}：本机关和下级机关的，停用的也在内`,
          description: '需要 officers:write 或 audit:read 权限；省级和监察可见全部。',
          security: [{ key: [] }],
          querystring: z.strictObject({
            limit: schemas.limit(100, 1000),
            cursor: z.string().max(100).default('').meta({ description: '上一页返回的 next' }),
          }),
          response: {
            200: schemas.pageOf(item),
            401: problem,
            403: problem,
            422: problem,
          },
        },
      },
      async (request, reply) => {
        const who = actorOf(requireScope(request, ...readers.account))
        const { limit, cursor } = request.query
        const rest = seenBy(who).filter((own) => nameOf(own) > cursor)
        const page = rest.slice(0, limit)
        const last = page.at(-1)
        const next = rest.length > limit && last !== undefined ? nameOf(last) : null
        return reply.send({ items: page.map(shown), next })
      },
    )
  }
}

/** What a list of accounts is made from: what somebody sees, in the order of its names. */
interface AccountList<T, S> {
  seenBy(actor: Actor): T[]
  nameOf(own: T): string
  shown(own: T): S
}

/** What the authority of an account or a key is called. */
function authorityOf({ authorities }: Registry, account: string, { authority }: { authority: string }) {
  const { name, formerly } = authorities.today({ authority, account })
  return { authority: name, formerAuthority: formerly }
}

function shownKey(registry: Registry, own: ApiKey): z.output<typeof key> {
  const { id, name, scopes: held, region, actsFor, createdAt, revokedAt } = own
  const { consumer, expiresOn, addresses } = own
  const bounds = { region, actsFor, consumer, expiresOn, addresses }
  return {
    id,
    name,
    ...authorityOf(registry, keySubject(id), own),
    scopes: held,
    ...bounds,
    createdAt,
    revokedAt,
    waiting: waitingIn(own)?.id,
  }
}

function shownOfficer(registry: Registry, own: Officer): z.output<typeof officer> {
  const { login, name, roles: held, region, createdAt, disabledAt } = own
  const others = registry.officers.sameOwner(login).map((other) => other.login)
  const samePerson = others.length === 0 ? undefined : others
  const rest = {
    region,
    samePerson,
    directory: own.boundBy,
    createdAt,
    disabledAt,
    waiting: waitingIn(own)?.id,
  }
  return { login, name, ...authorityOf(registry, officerSubject(login), own), roles: held, ...rest }
}

/** An authority without what is only for the program. */
function shownAuthority({
  revision: _,
  accounts: __,
  proposals = [],
  ...own
}: ReturnType<Registry['authorities']['find']>) {
  return { ...own, waiting: waitingIn({ proposals })?.id }
}
