import type { Scope } from './keys.ts'

/**
 * Who may look at things of a kind, by API and desk alike: whoever holds any one of these rights. Which of the things they
 * see is judged by whose those are (`sightHindrance`).
 */
export const readers = {
  proposal: [
    'records:read',
    'records:write',
    'listings:write',
    'listings:decide',
    'ratings:approve',
    'ratings:write',
    'standards:write',
    'officers:write',
    'audit:read',
  ],
  case: ['records:read', 'listings:write', 'listings:decide', 'audit:read'],
  deadline: ['records:read', 'records:write', 'listings:write', 'listings:decide', 'audit:read'],
  bulletin: ['records:read', 'listings:write', 'listings:decide', 'audit:read'],
  campaign: ['records:read', 'ratings:write', 'ratings:approve', 'audit:read'],
  import: ['records:read', 'records:write', 'listings:decide', 'audit:read'],
  supervision: ['records:read', 'records:write', 'supervision:write', 'audit:read'],
  report: ['records:read', 'records:write', 'supervision:write', 'audit:read'],
  account: ['officers:write', 'audit:read'],
  standard: ['records:read', 'standards:write', 'officers:write', 'audit:read'],
} as const satisfies Record<string, readonly Scope[]>
