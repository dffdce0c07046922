import { z } from 'zod'
import { updateRecord } from '../dossier/commands.ts'
import { act } from './act.ts'
import { changes, line, notPersonal } from './input.ts'
import { withPublication } from './publication-day.ts'
import { isOfProvince, newOwners } from './two-persons.ts'

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
  effect: '改以其他机关名义的，由该机关或者其上级确认后才生效，记录随即属该机关。',
  second: 'byEntries',
  secondOfProvince: (_, { data }) => isOfProvince(data),
  secondOf: ({ record }, { data }, at) => newOwners(record, data, at),
  decide: ({ dossier, record }, { data, reason, notPersonal }, at) =>
    updateRecord(
      dossier,
      record.id,
      withPublication(record, data, at.today),
      { ...at, notPersonal },
      { reason },
    ),
})
