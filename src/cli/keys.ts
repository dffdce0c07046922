import { scopes } from '../authority/keys.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { parseRegion } from '../codes/places.ts'
import { region } from '../codes/regions.ts'
import { Refusal } from '../dossier/refusal.ts'
import { COMMAND_LINE } from './authorities.ts'
import { openRegistry } from './open.ts'
import { failed, said } from './words.ts'

interface NewKeyOptions {
  name: string
  scope: string[]
  region?: string
  authority?: string
  /** Account of the officer whom it acts for. */
  for?: string
}

/** Creates an API key and prints it this once. */
export async function createKey({
  name,
  scope,
  region: typed,
  authority = name,
  for: actsFor,
}: NewKeyOptions): Promise<number> {
  const wanted = scopes.filter((known) => scope.includes(known))
  const unknown = scope.filter((given) => !scopes.some((known) => known === given))
  if (unknown.length > 0) return failed(`没有这些权限：${unknown.join('、')}；可用：${scopes.join('、')}。`)
  const place = typed === undefined ? undefined : parseRegion(typed)
  if (typed !== undefined && !place) return failed(`没有这个行政区划：${typed}；请用 6 位代码或全称。`)
  if (name.length > 100 || authority.length > 100) return failed('名称最多 100 个字符。')
  const opened = await openRegistry()
  try {
    await opened.registry.authorities.carryOver()
    if (actsFor !== undefined && !opened.registry.officers.one(actsFor))
      return failed(`没有账号 ${actsFor}。`)
    const { key, text } = await opened.registry.keys.create(
      { name, authority, scopes: wanted, region: place?.code, actsFor },
      COMMAND_LINE,
    )
    process.stdout.write(
      `密钥编号：${key.id}\n权限：${key.scopes.join('、')}\n范围：${place?.path ?? '不限'}\n密钥（只显示这一次，请立即保存）：\n${text}\n`,
    )
    return 0
  } finally {
    await opened.close()
  }
}

/** Lists the keys, without their secrets. */
export async function listKeys({ json = false }: { json?: boolean }): Promise<number> {
  const opened = await openRegistry()
  try {
    const keys = opened.registry.keys
      .all()
      .map(({ id, name, authority, scopes, region, createdAt, revokedAt }) => ({
        ...{ id, name, authority, scopes, region, createdAt, revokedAt },
      }))
    if (json) return said(JSON.stringify(keys))
    for (const { id, name, authority, scopes: granted, region: code, createdAt, revokedAt } of keys)
      process.stdout.write(
        `${[id, name, authority, granted.join(','), code === undefined ? '不限' : (region(code)?.path ?? code), shanghaiTime(new Date(createdAt)), revokedAt === undefined ? '有效' : `${shanghaiTime(new Date(revokedAt))} 停用`].join('\t')}\n`,
      )
    return 0
  } finally {
    await opened.close()
  }
}

/** Revokes a key for good. */
export async function revokeKey(id: string): Promise<number> {
  const opened = await openRegistry()
  try {
    if (!(await opened.registry.keys.revoke(id, COMMAND_LINE))) return failed(`没有编号为 ${id} 的密钥。`)
    process.stdout.write(`已停用 ${id}。\n`)
    return 0
  } finally {
    await opened.close()
  }
}

/** Confirms, as the second administrator, the rights that a key waits for. */
export async function confirmKey(id: string): Promise<number> {
  const opened = await openRegistry()
  try {
    await opened.registry.keys.settle(id, true, '', COMMAND_LINE)
    process.stdout.write(`已确认 ${id} 的权限。\n`)
    return 0
  } catch (error) {
    if (error instanceof Refusal) return failed(error.title)
    throw error
  } finally {
    await opened.close()
  }
}
