import type { Address } from '../src/authority/proposal.ts'
import type { RecordData } from '../src/records/kind.ts'
import { type Outcome, ofFile, type Request, type Seen } from '../src/registry/acts.ts'
import type { Registry } from '../src/registry/registry.ts'

/** Acts upon files as two persons do them: whoever asks, and a colleague who confirms where that is needed. */
export function acting(registry: Registry) {
  const { acts } = registry
  async function done(name: string, on: Address, input: unknown, request: Request, seen: Seen = 'any') {
    const outcome = await acts.perform(acts.named(name), on, input, request, seen)
    return ofFile(outcome.proposal ? await confirmed(outcome, request) : outcome)
  }
  const confirmed = ({ proposal }: Outcome, { actor: { authority }, command }: Request) =>
    acts.confirm(proposal?.id ?? '', {
      actor: { authority, officer: '第二人' },
      command: `${command}/confirmation`,
    })
  const withReason = (reason: string | undefined) => (reason === undefined ? {} : { reason })
  return {
    done,
    change: (code: string, enterprise: RecordData, seen: Seen, request: Request, reason?: string) =>
      done('change-file', { code }, { enterprise, ...withReason(reason) }, request, seen),
    correct: (code: string, enterprise: RecordData, reason: string, seen: Seen, request: Request) =>
      done('correct-file', { code }, { enterprise, reason }, request, seen),
    withdraw: (code: string, reason: string, seen: Seen, request: Request) =>
      done('withdraw-file', { code }, { reason }, request, seen),
    updateRecord: (
      code: string,
      id: string,
      data: RecordData,
      seen: Seen,
      request: Request,
      reason?: string,
    ) => done('update-record', { code, id }, { data, ...withReason(reason) }, request, seen),
    correctRecord: (
      code: string,
      id: string,
      data: RecordData,
      reason: string,
      seen: Seen,
      request: Request,
    ) => done('correct-record', { code, id }, { data, reason }, request, seen),
    withdrawRecord: (code: string, id: string, reason: string, seen: Seen, request: Request) =>
      done('withdraw-record', { code, id }, { reason }, request, seen),
    /** Proposes a listing; gives the case's id. */
    async propose(code: string, proposal: Record<string, unknown>, request: Request) {
      const { dossier } = await done('propose-listing', { code }, proposal, request)
      return { caseId: dossier.cases.at(-1)?.id ?? '' }
    },
    /** Takes a step of a case. */
    async step(id: string, { step, ...input }: { step: string } & Record<string, unknown>, request: Request) {
      const act = acts.all.find(({ on, route }) => on === 'case' && route.step === step)
      if (!act) throw new Error(`no step ${step}`)
      const { dossier } = await done(act.name, acts.addressIn(act, { id }), input, request)
      return dossier.cases.find((own) => own.id === id)
    },
    /** Files an objection; gives its id. */
    async object(code: string, objection: Record<string, unknown>, request: Request) {
      const { dossier } = await done('file-objection', { code }, objection, request)
      return { key: dossier.key, id: dossier.objections.at(-1)?.id ?? '' }
    },
    note: (code: string, text: string, request: Request) => done('add-note', { code }, { text }, request),
  }
}
