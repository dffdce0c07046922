import { z } from 'zod'
import { correctEnterprise } from '../dossier/commands.ts'
import { act } from './act.ts'
import { changes, line, notPersonal } from './input.ts'
import { ownersOfEnded } from './two-persons.ts'

/** Records that what stood about the enterprise was wrong, and why (更正). */
export const correctFileAct = act({
  name: 'correct-file',
  label: '更正基本信息',
  on: 'file',
  input: z.strictObject({
    enterprise: changes(),
    reason: line('理由', { max: 500 }),
    notPersonal: notPersonal().optional(),
  }),
  right: 'records:write',
  whose: 'place',
  route: {
    method: 'POST',
    path: '/enterprises/:code/correction',
    seen: true,
    answer: 'file',
    operation: 'correctEnterprise',
  },
  effect: '有列入案件而登记注销的，案件随之终结，由列入机关或者其上级确认。',
  second: 'byEntries',
  secondOf: (on, { enterprise }, at) => ownersOfEnded(on.dossier, enterprise, at).map((owner) => [owner]),
  decide: ({ dossier }, { enterprise, reason, notPersonal }, at) =>
    correctEnterprise(dossier, enterprise, reason, { ...at, notPersonal }),
})
