import { z } from 'zod'
import { act } from './act.ts'
import { one } from './appended.ts'

/** Revokes a key for good (停用). */
export const revokeKeyAct = act({
  name: 'revoke-key',
  label: '停用密钥',
  on: 'key',
  input: z.strictObject({}),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/keys/:id/revocation', answer: 'key' },
  effect: '随即不能再用，不能恢复；以它办过的事仍在记录中。',
  isGrave: true,
  closed: ({ own }) => (own.revokedAt === undefined ? undefined : '该密钥已停用。'),
  decide: (on, _, at) => one(on, at, 'key.revoked', {}),
})
