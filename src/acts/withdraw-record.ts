import { withdrawRecord } from '../dossier/commands.ts'
import { act } from './act.ts'
import { reasonAlone } from './input.ts'

/** Takes back a record that should never have been there (撤回). */
export const withdrawRecordAct = act({
  name: 'withdraw-record',
  label: '撤回记录',
  on: 'record',
  input: reasonAlone('理由', '为什么这条记录不应存在'),
  right: 'records:write',
  whose: 'ownerOrAbove',
  route: { method: 'POST', path: '/enterprises/:code/records/:id/withdrawal', seen: true, answer: 'record' },
  effect: '撤回后记录的内容不再显示；以它为依据的案件、等级随之变动。',
  isGrave: true,
  second: 'byEntries',
  decide: ({ dossier, record }, { reason }, at) => withdrawRecord(dossier, record.id, reason, at),
})
