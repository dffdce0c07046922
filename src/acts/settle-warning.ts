import { z } from 'zod'
import { settleWarning } from '../dossier/commands.ts'
import { warningsOf } from '../dossier/face.ts'
import { act } from './act.ts'
import { line, oneOf } from './input.ts'

/** Records that a warning of a file was looked into, and what came of it (核实提示). */
export const settleWarningAct = act({
  name: 'settle-warning',
  label: '核实提示',
  on: 'file',
  input: z.strictObject({ code: oneOf('提示'), reason: line('核实的情况', { max: 500 }) }),
  right: 'records:write',
  whose: 'place',
  isAtHand: true,
  route: { method: 'POST', path: '/enterprises/:code/warning-settlements', status: 201, answer: 'file' },
  choices: ({ dossier }) => ({
    code: warningsOf(dossier)
      .filter(({ code }) => dossier.settledWarnings?.[code] === undefined)
      .map(({ code, detail }) => ({ value: code, label: detail, part: code })),
  }),
  decide: ({ dossier }, { code, reason }, at) => settleWarning(dossier, code, reason, at),
})
