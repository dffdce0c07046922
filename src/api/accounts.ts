import { z } from 'zod'
import { scopes } from '../authority/keys.ts'
import { waitingIn } from '../authority/proposal.ts'
import { roles } from '../authority/roles.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Registry } from '../registry/registry.ts'
import { type Answer, idIn } from './answer.ts'
import * as schemas from './schemas.ts'

const tag = '机关、账号和密钥'
const waiting = z.string().optional().meta({ description: '待第二名管理员确认的提请的编号' })

const authority = z
  .object({ id: z.string(), name: z.string(), level: z.string(), region: z.string().optional() })
  .catchall(z.unknown().meta({ description: '曾用名、上级、承接和联系方式，见 listAuthorities' }))
  .meta({ id: 'Authority', description: '机关' })
const key = z
  .object({
    id: z.string(),
    name: z.string(),
    authority: z.string(),
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
    authority: z.string(),
    roles: z.array(z.enum(roles)),
    region: z.string().optional().meta({ description: '实际的范围；没有的为全省' }),
    samePerson: z
      .array(z.string())
      .optional()
      .meta({ description: '登记同一工号的其他账号；按同一个人对待' }),
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
      const { id, name, authority: of, scopes: held, region, actsFor, createdAt, revokedAt } = own
      const { consumer, expiresOn, addresses } = own
      const bounds = { consumer, expiresOn, addresses }
      const rest = { region, actsFor, ...bounds, createdAt, revokedAt, waiting: waitingIn(own)?.id }
      return { body: { id, name, authority: of, scopes: held, ...rest, text: done.outcome.secret?.text } }
    },
  },
  officer: {
    tag,
    schema: officer,
    shown(registry, done) {
      const own = registry.officers.bounded(idIn(done))
      if (!own) throw new Refusal('unknown', '没有这个账号；请核对。')
      const { login, name, authority: of, roles: held, region, createdAt, disabledAt } = own
      const others = registry.officers.sameOwner(login).map((other) => other.login)
      const samePerson = others.length === 0 ? undefined : others
      const rest = { region, samePerson, createdAt, disabledAt, waiting: waitingIn(own)?.id }
      return {
        body: { login, name, authority: of, roles: held, ...rest, password: done.outcome.secret?.text },
      }
    },
  },
} satisfies Record<string, Answer>

/** An authority without what is only for the program. */
function shownAuthority({
  revision: _,
  accounts: __,
  proposals: ___,
  ...own
}: ReturnType<Registry['authorities']['find']>) {
  return own
}
