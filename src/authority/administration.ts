import { type Acting, isTrusted } from './acting.ts'
import type { Scope } from './keys.ts'
import { holds } from './rights.ts'
import { duties, type Role, scopesOf } from './roles.ts'

/** Rights that decide on firms, or on who may: nobody gives them alone. */
export const decidingScopes: readonly Scope[] = [
  'listings:decide',
  'ratings:approve',
  'standards:write',
  'officers:write',
  'admin',
]

/** The rights that take a second administrator, of those that are to be given. */
export function decidingOf(scopes: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => decidingScopes.includes(scope))
}

/** The duties that take a second administrator, of those that are to be given. */
export function decidingDuties(roles: readonly Role[]): Role[] {
  return roles.filter((role) => decidingOf(duties[role].scopes).length > 0)
}

/** The right to see whatever there is, wherever: the province says who has it. */
const AUDIT: Scope = 'audit:read'

/** Whether rights let one see what others do in the whole province (监察). */
export function seesWhole(scopes: readonly Scope[]): boolean {
  return holds(scopes, AUDIT)
}

/** The rights that nobody gives alone: those that decide, and the sight of everything. */
export function byTwoOf(scopes: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => decidingScopes.includes(scope) || scope === AUDIT)
}

/** The duties that nobody gives alone. */
export function dutiesByTwo(roles: readonly Role[]): Role[] {
  return roles.filter((role) => byTwoOf(duties[role].scopes).length > 0)
}

/** What is wrong with the duties that an account is to have, and in which field; undefined when they fit together. */
export function dutiesFault(
  actor: Acting,
  { roles, person }: { roles: readonly Role[]; person: string | undefined },
): { field: 'roles' | 'staffNo'; detail: string } | undefined {
  const deciding = decidingDuties(roles).filter((role) => role !== 'administrator')
  if (roles.includes('administrator') && deciding.length > 0)
    return {
      field: 'roles',
      detail: `“管理”与“${deciding.map((role) => duties[role].label).join('、')}”不能由一个账号兼任：开账号的人不能又是作决定的人。`,
    }
  if (deciding.length > 0 && person === undefined && !isTrusted(actor))
    return {
      field: 'staffNo',
      detail: `“${deciding.map((role) => duties[role].label).join('、')}”岗位须登记工号，以便核对两步是否由两人办理。`,
    }
  return undefined
}

/** Why a key may not act for an officer with some rights; undefined when it may. */
export function actsForHindrance(scopes: readonly Scope[], roles: readonly Role[]): string | undefined {
  const own = scopesOf(roles)
  const beyond = scopes.filter((scope) => !holds(own, scope))
  return beyond.length === 0
    ? undefined
    : `以工作人员名义的密钥不能有其本人没有的权限：${beyond.join('、')}。`
}
