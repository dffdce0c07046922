import { placeInWords } from '../authority/authorities.ts'
import { scopes } from '../authority/keys.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { COMMAND_LINE } from './authorities.ts'
import { confirmWaiting } from './confirm.ts'
import { openRegistry } from './open.ts'
import { failed, regionNamed, said } from './words.ts'

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
  authority: said,
  for: actsFor,
}: NewKeyOptions): Promise<number> {
  const wanted = scopes.filter((known) => scope.includes(known))
  const unknown = scope.filter((given) => !scopes.some((known) => known === given))
  if (unknown.length > 0) return failed(`没有这些权限：${unknown.join('、')}；可用：${scopes.join('、')}。`)
  const region = regionNamed(typed)
  if (name.length > 100 || (said ?? '').length > 100) return failed('名称最多 100 个字符。')
  const opened = await openRegistry()
  try {
    await opened.registry.authorities.carryOver()
    const officer = actsFor === undefined ? undefined : opened.registry.officers.one(actsFor)
    if (actsFor !== undefined && !officer) return failed(`没有账号 ${actsFor}。`)
    const authority = said ?? officer?.authority ?? name
    const { key, text } = await opened.registry.keys.create(
      { name, authority, scopes: wanted, region, actsFor },
      COMMAND_LINE,
    )
    process.stdout.write(
      `密钥编号：${key.id}\n权限：${key.scopes.join('、')}\n范围：${placeInWords(opened.registry.keys.bounded(key.id)?.region)}\n密钥（只显示这一次，请立即保存）：\n${text}\n`,
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
    for (const { id, name, authority, scopes: granted, createdAt, revokedAt } of keys)
      process.stdout.write(
        `${[id, name, authority, granted.join(','), placeInWords(opened.registry.keys.bounded(id)?.region), shanghaiTime(new Date(createdAt)), revokedAt === undefined ? '有效' : `${shanghaiTime(new Date(revokedAt))} 停用`].join('\t')}\n`,
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
    await opened.registry.acts.carryOut('revoke-key', { id }, {}, COMMAND_LINE)
    return said(`已停用 ${id}。`)
  } finally {
    await opened.close()
  }
}

/** Confirms, as the second administrator, the rights that a key waits for. */
export async function confirmKey(id: string): Promise<number> {
  const opened = await openRegistry()
  try {
    await confirmWaiting(opened.registry, opened.registry.keys.one(id), `密钥 ${id}`)
    return said(`已确认 ${id} 的权限。`)
  } finally {
    await opened.close()
  }
}
