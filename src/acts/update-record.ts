import { z } from 'zod'
import { updateRecord } from '../dossier/commands.ts'
import { act } from './act.ts'
import { changes, line, notPersonal } from './input.ts'

/** Records that the world changed: a licence was suspended, a fine paid (更新). */
export const updateRecordAct = act({
  name: 'update-record',
  label: '更新记录',
  on: 'record',
  input: z.strictObject({
    data: changes(),
    reason: line('理由', { max: 500 }).optional(),
    notPersonal: notPersonal().optional(),
  }),
  right: 'records:write',
  whose: 'ownerOrAbove',
  route: { method: 'PATCH', path: '/enterprises/:code/records/:id', seen: true, answer: 'record' },
  second: 'byEntries',
  decide: ({ dossier, record }, { data, reason, notPersonal }, at) =>
    updateRecord(dossier, record.id, data, { ...at, notPersonal }, { reason }),
})
