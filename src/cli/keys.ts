import { placeInWords } from '../authority/authorities.ts'
import { keySubject, scopes } from '../authority/keys.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { called } from '../command-line.ts'
import { COMMAND_LINE } from './authorities.ts'
import { confirmWaiting } from './confirm.ts'
import { onRegistry } from './open.ts'
import { failed, handedOver, listed, said } from './output.ts'
import { regionNamed } from './words.ts'

export interface NewKeyOptions {
  name: string
  scope: string[]
  region?: string
  authority?: string
  /** Account of the officer whom it acts for. */
  for?: string
  /** Name or id of the platform or system that pulls with it. */
  consumer?: string
  /** Last day on which it opens anything, YYYY-MM-DD. */
  expires?: string
  /** Addresses and ranges that it is kept to. */
  addresses?: string[]
}

/** Creates an API key and prints it this once; one that can't be printed is revoked again. */
export async function createKey({
  name,
  scope,
  region: typed,
  authority: said,
  for: actsFor,
  consumer: pulling,
  expires: expiresOn,
  addresses,
}: NewKeyOptions): Promise<number> {
  const wanted = scopes.filter((known) => scope.includes(known))
  const unknown = scope.filter((given) => !scopes.some((known) => known === given))
  if (unknown.length > 0) return failed(`没有这些权限：${unknown.join('、')}；可用：${scopes.join('、')}。`)
  const region = regionNamed(typed)
  if (name.length > 100 || (said ?? '').length > 100) return failed('名称最多 100 个字符。')
  return onRegistry(async ({ registry: { authorities, officers, keys, acts, consumers } }) => {
    await authorities.carryOver()
    const officer = actsFor === undefined ? undefined : officers.one(actsFor)
    if (actsFor !== undefined && !officer) return failed(`没有账号 ${actsFor}。`)
    const open = (await consumers.all()).filter(({ closedAt }) => closedAt === undefined)
    const named = open.filter((own) => own.id === pulling || own.name === pulling)
    if (named.length > 1)
      return failed(
        `有 ${named.length} 个名为“${pulling}”的取用方，请写编号：${named.map(({ id }) => id).join('、')}。`,
      )
    const consumer = named[0]?.id
    if (pulling !== undefined && consumer === undefined)
      return failed(
        `没有取用方“${pulling}”；可用：${open.map((own) => own.name).join('、') || '还没有登记取用方，请先在工作台“系统”页登记'}。`,
      )
    const authority = said ?? officer?.authority ?? name
    const { key, text } = await keys.create(
      {
        ...{ name, authority, scopes: wanted, region, actsFor, consumer, expiresOn },
        ...(addresses && { addresses: addresses.join(' ') }),
      },
      COMMAND_LINE,
    )
    const { id } = key
    return handedOver(
      `密钥编号：${id}\n权限：${key.scopes.join('、')}\n范围：${placeInWords(keys.bounded(id)?.region)}\n密钥（只显示这一次，请立即保存）：\n${text}`,
      () =>
        acts.carryOut('revoke-key', { id }, {}, COMMAND_LINE).then(
          () => `密钥 ${id} 已随即停用；排除原因后请重新新建。`,
          () => `密钥 ${id} 未能停用，请执行 ${called(`key revoke ${id}`)}，再重新新建。`,
        ),
    )
  })
}

/** Lists the keys, without their secrets. */
export function listKeys({ json }: { json?: boolean }): Promise<number> {
  return onRegistry(async ({ registry: { keys, authorities } }) => {
    const seen = keys.seenBy(COMMAND_LINE)
    const all = seen.map(({ id, name, authority: named, scopes, region, createdAt, revokedAt }) => {
      const authority = authorities.calledToday({ authority: named, account: keySubject(id) })
      return { id, name, authority, scopes, region, createdAt, revokedAt }
    })
    return listed(all, {
      json,
      none: '还没有密钥。',
      line: ({ id, name, authority, scopes: granted, region, createdAt, revokedAt }) =>
        [
          id,
          name,
          authority,
          granted.join(','),
          placeInWords(region),
          shanghaiTime(new Date(createdAt)),
          revokedAt === undefined ? '有效' : `${shanghaiTime(new Date(revokedAt))} 停用`,
        ].join('\t'),
    })
  })
}

/** Revokes a key for good. */
export function revokeKey(id: string): Promise<number> {
  return onRegistry(async ({ registry: { acts } }) => {
    await acts.carryOut('revoke-key', { id }, {}, COMMAND_LINE)
    return said(`已停用 ${id}。`)
  })
}

/** Confirms, as the second administrator, the rights that a key waits for. */
export function confirmKey(id: string): Promise<number> {
  return onRegistry(async ({ registry }) => {
    await confirmWaiting(registry, registry.keys.one(id), `密钥 ${id}`)
    return said(`已确认 ${id} 的权限。`)
  })
}
