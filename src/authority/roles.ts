import type { Scope } from './keys.ts'

/** What an officer's duties are (岗位); several may fall to one person, but nobody approves what is their own. */
export const roles = ['recorder', 'reviewer', 'publisher', 'auditor', 'administrator'] as const
export type Role = (typeof roles)[number]

interface Duty {
  label: string
  /** What the duty lets one do, in the same terms as a key's. */
  scopes: readonly Scope[]
}

export const duties: Readonly<Record<Role, Duty>> = {
  recorder: { label: '录入', scopes: ['records:read', 'records:write', 'listings:write'] },
  reviewer: {
    label: '审核',
    scopes: ['records:read', 'listings:decide', 'ratings:write', 'supervision:write'],
  },
  publisher: {
    label: '发布',
    scopes: ['records:read', 'listings:decide', 'ratings:approve', 'standards:write'],
  },
  auditor: { label: '监察', scopes: ['records:read', 'platform:read', 'audit:read'] },
  administrator: { label: '管理', scopes: ['officers:write'] },
}

/** Everything that several duties together let one do. */
export function scopesOf(held: readonly Role[]): Scope[] {
  return Array.from(new Set(held.flatMap((role) => duties[role].scopes)))
}
