import { z } from 'zod'
import { changeEnterprise } from '../dossier/commands.ts'
import { act } from './act.ts'
import { changes, line, notPersonal } from './input.ts'
import { ownersOfEnded } from './two-persons.ts'

/** Records that the enterprise changed: a new name, another address (变更). */
export const changeFileAct = act({
  name: 'change-file',
  label: '变更基本信息',
  on: 'file',
  input: z.strictObject({
    uscc: line('统一社会信用代码').optional(),
    enterprise: changes().optional(),
    reason: line('理由', { max: 500 }).optional(),
    notPersonal: notPersonal().optional(),
  }),
  right: 'records:write',
  whose: 'place',
  route: {
    method: 'PATCH',
    path: '/enterprises/:code',
    seen: true,
    answer: 'file',
    operation: 'changeEnterprise',
  },
  effect: '有列入案件而登记注销的，案件随之终结，由列入机关或者其上级确认。',
  second: 'byEntries',
  secondOf: (on, { enterprise = {} }, at) =>
    ownersOfEnded(on.dossier, enterprise, at).map((owner) => [owner]),
  decide({ dossier }, { uscc, enterprise = {}, reason, notPersonal }, at) {
    const changed = { ...enterprise, ...(uscc !== undefined && { uscc }) }
    return changeEnterprise(dossier, changed, { ...at, notPersonal }, reason)
  },
})
