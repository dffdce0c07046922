import { z } from 'zod'
import { isSame } from '../authority/authorities.ts'
import { recordOf } from '../dossier/commands.ts'
import { act } from './act.ts'
import { appended } from './appended.ts'
import { paragraphs } from './input.ts'

/** Doubts another authority's record (疑义): it lands in the owner's queue, and changes nothing by itself. */
export const raiseQueryAct = act({
  name: 'raise-query',
  label: '提出疑义',
  on: 'record',
  input: z.strictObject({ text: paragraphs('疑义', 2000, '哪里可能有误，依据是什么') }),
  right: 'records:write',
  whose: 'place',
  route: { method: 'POST', path: '/enterprises/:code/records/:id/queries', status: 201, answer: 'made' },
  needless: ({ owner }, { actor }) => owner !== undefined && isSame(owner, actor.body),
  effect: '由登记该记录的机关核实答复；记录在此之前不变。',
  decide: ({ dossier, record }, { text }, at) =>
    appended(dossier, at, 'query.raised', { id: at.newId(), record: recordOf(dossier, record.id).id, text }),
})
