import type { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import type { Step, StepName } from '../blacklist/step.ts'
import type { Fields } from '../records/kind.ts'
import { type Act, act, type Definition } from './act.ts'

interface CaseStep<S extends StepName, I extends Fields>
  extends Omit<Definition<'case', I>, 'on' | 'route' | 'closed' | 'decide'> {
  /** The step of the procedure that an input asks for. */
  step(input: z.output<I>): Extract<Step, { step: S }>
}

/** A step of a listing case (案件步骤): the procedure says when it is open, and what it comes to. */
export function caseStep<const S extends StepName, I extends Fields>(
  name: S,
  { step, ...definition }: CaseStep<S, I>,
): Act {
  return act({
    ...definition,
    on: 'case',
    route: { method: 'POST', path: '/cases/:id/steps', step: name, answer: 'case', operation: 'takeStep' },
    closed: ({ dossier, own }, { today }) => stepClosed(dossier, own, name, today),
    decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, step(input), at),
  })
}
