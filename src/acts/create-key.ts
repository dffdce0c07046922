import { z } from 'zod'
import { isTrusted, whoseHindrance } from '../authority/acting.ts'
import { readRanges } from '../authority/address-range.ts'
import { keySubject, newKey, scopes } from '../authority/keys.ts'
import { RIGHT_WORDS } from '../authority/rights.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { date } from '../records/fields.ts'
import { boundTo, mustActFor, mustAdminister, openedFor } from './accounts.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { scopesWaiting, waitingOf } from './grant-scopes.ts'
import { line, nameLine, oneOf, place, severalOf } from './input.ts'
import type { ActSituation } from './situation.ts'
import { targets } from './targets.ts'

/** Creates an API key (接口密钥); deciding rights, and all of one that acts for somebody, wait for a second administrator. */
export const createKeyAct = act({
  name: 'create-key',
  label: '新建密钥',
  on: 'register',
  input: z.strictObject({
    name: nameLine('使用者', '系统的名称'),
    authority: line('机关'),
    region: place(
      '范围',
      '写入的企业限于此市或县（名称或 6 位代码），含下级；不填为不限；取用和查阅不受其限',
    ).optional(),
    actsFor: line('以谁的名义', {
      max: 40,
      hint: '工作人员的账号；不填为机器所用，不能作为第二个人',
    }).optional(),
    consumer: oneOf('取用方').optional(),
    expiresOn: date().optional().meta({ label: '有效期至', hint: '当日仍可使用；不填为没有期限' }),
    addresses: line('地址范围', {
      max: 500,
      hint: '可以使用它的地址，如 203.0.113.0/24，几个之间用空格隔开；不填为不限',
    }).optional(),
    scopes: severalOf('权限', scopes, '只给办事所需的权限；作决定的权限、以他人名义的，须第二名管理员确认'),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/keys', status: 201, answer: 'key' },
  effect: '密钥只显示一次。',
  begins: (_, { actor }) => ({ authority: actor.authority }),
  choices: (_, at) => ({
    consumer: at.outside.standing
      .consumers()
      .filter(({ id, closedAt }) => closedAt === undefined && consumerHindrance(id, at) === undefined)
      .map(({ id, name }) => ({ value: id, label: name })),
    scopes: scopes.map((value) => ({ value, label: `${RIGHT_WORDS[value]}（${value}）` })),
  }),
  decide(_, { scopes: wanted, addresses: typed, ...asked }, at) {
    const { id, text, hash } = newKey()
    const subject = keySubject(id)
    mustAdminister({ account: subject, ...asked }, at)
    const { actsFor } = asked
    if (actsFor !== undefined) mustActFor(actsFor, { account: subject, ...asked, scopes: wanted }, at)
    const addresses = rangesOf(typed)
    if (asked.consumer !== undefined) mustPullFor(asked.consumer, at)
    if (asked.expiresOn !== undefined && asked.expiresOn < at.today)
      throw invalid('/expiresOn', 'past', `有效期至（${asked.expiresOn}）已经过去；请填写今天或以后的日期。`)
    const opened = openedFor({ account: subject, ...asked }, at)
    const waiting = isTrusted(at.actor) ? [] : waitingOf(wanted, actsFor)
    const held = wanted.filter((scope) => !waiting.includes(scope))
    const payload = { ...boundTo(asked), ...(addresses && { addresses }), scopes: held, hash }
    const created = together(one({ subject, revision: 0 }, at, 'key.created', payload), {
      drafts: [...scopesWaiting(id, waiting, actsFor, at), ...opened.drafts],
      expect: opened.expect,
    })
    return { ...created, secret: { label: `密钥 ${id}`, text } }
  },
})

/** The address ranges that a text names; refuses one that can't be read. */
function rangesOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const { ranges, unreadable } = readRanges(text)
  const [wrong] = unreadable
  if (wrong !== undefined)
    throw invalid(
      '/addresses',
      'address',
      `“${wrong.slice(0, 60)}”不是地址或地址范围；请写作 203.0.113.8、203.0.113.0/24 或 2001:db8::/32。`,
    )
  return ranges
}

/** Refuses a consumer that is none, that the actor may not look after, or that was closed: whoever holds its key answers for it. */
function mustPullFor(id: string, at: ActSituation): void {
  const own = at.outside.standing.consumer(id)
  if (!own) throw invalid('/consumer', 'unknown', '没有这个取用方；请先登记。')
  const why = consumerHindrance(id, at)
  if (why !== undefined) throw new Refusal('forbidden', why)
  if (own.closedAt !== undefined) throw invalid('/consumer', 'unknown', `取用方“${own.name}”已停用。`)
}

function consumerHindrance(id: string, at: ActSituation): string | undefined {
  return whoseHindrance('administered', targets.consumer({ id }, at), at.actor, at.authorities)
}
