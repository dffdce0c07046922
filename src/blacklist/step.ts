import type { CalendarDate } from '../calendar/dates.ts'

/** What an officer proposes a listing with. */
export interface Proposal {
  ruleSet: string
  ground: string
  penalties: readonly string[]
  facts: string
  reasons: string
  measures?: readonly string[] | undefined
}

/** One step of a case, as an officer asks for it. */
export type Step =
  | { step: 'notice'; servedOn: string; way: string; noticeNo?: string | undefined }
  | { step: 'statement'; on: string; statement: string; answer: string }
  /** On paper a consent and an acceptance may have come on an earlier day than that of their entry. */
  | { step: 'consent'; granted: boolean; on?: string | undefined; reasons: string }
  | {
      step: 'decision'
      listed: boolean
      decisionNo: string
      decidedOn: string
      reasons: string
      measures?: string[] | undefined
      /** What looks like personal data in the measures and is none, by `measures`. */
      notPersonal?: Readonly<Record<string, string>> | undefined
    }
  | { step: 'publication' }
  | { step: 'repairApplication'; on: string; grounds: string }
  | { step: 'repairAcceptance'; accepted: boolean; on?: string | undefined; reasons: string }
  | { step: 'repairInspection'; on: string; findings: string }
  | { step: 'repairDecision'; granted: boolean; reasons: string }
  | { step: 'repairRevocation'; reason: string }
  | { step: 'revocation'; reason: string }
  | { step: 'dropping'; reason: string }
  | { step: 'restating'; facts: string; reasons: string }
  | { step: 'affirming'; reasons: string }
  | {
      step: 'rebasing'
      penalties: readonly string[]
      facts: string
      reasons: string
      decisionNo?: string | undefined
    }
export type StepName = Step['step']

/** Steps that decide; who proposes and prepares does not decide. */
const DECIDING: readonly StepName[] = [
  'consent',
  'decision',
  'publication',
  'repairDecision',
  'repairRevocation',
  'revocation',
]

/** The right that a step takes. */
export function rightOf(step: StepName): 'listings:write' | 'listings:decide' {
  return DECIDING.includes(step) ? 'listings:decide' : 'listings:write'
}

/** A step that a case is open to. */
export interface OpenStep {
  step: StepName
  /** Day from which it may be taken. */
  from: CalendarDate
}
