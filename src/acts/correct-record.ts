import { z } from 'zod'
import { correctRecord } from '../dossier/commands.ts'
import { act } from './act.ts'
import { changes, line, notPersonal } from './input.ts'
import { withPublication } from './publication-day.ts'
import { isOfProvince, newOwners } from './two-persons.ts'

/** Records that what stood in a record was wrong, and why (更正). */
export const correctRecordAct = act({
  name: 'correct-record',
  label: '更正记录',
  on: 'record',
  input: z.strictObject({
    data: changes(),
    reason: line('理由', { max: 500 }),
    notPersonal: notPersonal().optional(),
  }),
  right: 'records:write',
  whose: 'ownerOrAbove',
  route: { method: 'POST', path: '/enterprises/:code/records/:id/correction', seen: true, answer: 'record' },
  effect: '改以其他机关名义的，由该机关或者其上级确认后才生效，记录随即属该机关。',
  second: 'byEntries',
  secondOfProvince: (_, { data }) => isOfProvince(data),
  secondOf: ({ record }, { data }, at) => newOwners(record, data, at),
  decide: ({ dossier, record }, { data, reason, notPersonal }, at) =>
    correctRecord(dossier, record.id, withPublication(record, data, at.today), reason, {
      ...at,
      notPersonal,
    }),
})
