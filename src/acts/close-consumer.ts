import { z } from 'zod'
import { act } from './act.ts'
import { one } from './appended.ts'

/** Closes a consumer (停用取用方): its keys open nothing any more. */
export const closeConsumerAct = act({
  name: 'close-consumer',
  label: '停用取用方',
  on: 'consumer',
  input: z.strictObject({}),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/consumers/:id/closing', answer: 'consumer' },
  effect: '其各个密钥随即不能再用，不能恢复。',
  isGrave: true,
  closed: ({ own }) => (own.closedAt === undefined ? undefined : '该取用方已停用。'),
  decide: (on, _, at) => one(on, at, 'consumer.closed', {}),
})
