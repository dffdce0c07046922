import { z } from 'zod'
import { consumerSubject } from '../authority/consumers.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { freeConsumerName } from './authority-name.ts'
import { line } from './input.ts'

/** Opens a consumer (登记取用方): a platform or system that pulls, whose keys, positions and receipts are kept under its name. */
export const openConsumerAct = act({
  name: 'open-consumer',
  label: '登记取用方',
  on: 'register',
  input: z.strictObject({
    name: line('名称', { hint: '平台或系统的名称，不能是机关的' }),
    contacts: line('联系方式', { max: 200 }).optional(),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/consumers', status: 201, answer: 'consumer' },
  effect: '其密钥另行新建，在“取用方”中选择它。',
  decide(_, { name: typed, ...more }, at) {
    const subject = { subject: consumerSubject(at.newId()), revision: 0 }
    return one(subject, at, 'consumer.opened', { name: freeConsumerName(typed, at), ...more })
  },
})
