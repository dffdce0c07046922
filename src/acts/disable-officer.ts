import { z } from 'zod'
import { act } from './act.ts'
import { one } from './appended.ts'

/** Closes an account for good (停用); what its owner did keeps their name. */
export const disableOfficerAct = act({
  name: 'disable-officer',
  label: '停用账号',
  on: 'officer',
  input: z.strictObject({}),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/officers/:id/disabling', answer: 'officer' },
  effect: '随即不能再登录，不能恢复；办过的事仍记在其名下。',
  isGrave: true,
  closed: ({ own }) => (own.disabledAt === undefined ? undefined : '已停用。办过的事仍记在其名下。'),
  decide: (on, _, at) => one(on, at, 'officer.disabled', {}),
})
