import { z } from 'zod'
import { addNote } from '../dossier/commands.ts'
import { act } from './act.ts'
import { paragraphs } from './input.ts'

/** Leaves an internal note on a file (内部备注). */
export const addNoteAct = act({
  name: 'add-note',
  label: '内部备注',
  on: 'file',
  input: z.strictObject({ text: paragraphs('备注', 4000, '只有工作人员看得到，不能修改或者删除') }),
  right: ['records:write', 'listings:decide'],
  whose: 'place',
  isAtHand: true,
  route: { method: 'POST', path: '/enterprises/:code/notes', status: 201, answer: 'made' },
  decide: ({ dossier }, { text }, at) => addNote(dossier, text, at),
})
