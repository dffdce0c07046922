import type { Acting } from '../../src/authority/acting.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { mappingOf } from '../../src/exchange/columns.ts'
import { takeRows } from '../../src/exchange/rows.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import type { Cell } from '../../src/sheets/cell.ts'
import { Firm, people } from '../blacklist/firm.ts'

/** The unified code of the firm that rows are taken over. */
export const USCC = '91350100M000100Y43'
/** What is known beside the firm. */
export interface Beside {
  /** Other files. */
  others?: readonly Dossier[]
  renames?: string[]
  firms?: Record<string, string>
  seen?: Set<string>
  own?: string[]
  actor?: Acting
}
/** Rows as `{ heading: cell }`, over a file; `opened` and the like with the entries, notes and faults by their codes. */
export function take(
  firm: Firm | undefined,
  type: string,
  rows: Record<string, Cell>[],
  beside: Beside = {},
) {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(type)
  const headers = Object.keys(rows[0] ?? {})
  const { outside: _, revisionOf: __, rules: ___, ...at } = sparse(firm ?? new Firm([]), beside.actor)
  const outcome = takeRows(
    rows.map((row) => headers.map((header) => row[header] ?? '')),
    mappingOf(headers, kind),
    kind,
    {
      ...at,
      file: (key) =>
        [...(firm ? [firm.dossier] : []), ...(beside.others ?? [])].find((own) => own.key === key),
      renames: new Set(beside.renames ?? []),
      firms: new Map(Object.entries(beside.firms ?? {})),
      rowsSeen: beside.seen ?? new Set(),
      isOwn: (id) => beside.own?.includes(id) === true,
    },
  )
  return {
    outcome: outcome.outcome,
    entries:
      'decisions' in outcome
        ? outcome.decisions.flatMap(({ drafts }) => drafts.map(({ kind: own }) => own))
        : [],
    payloads:
      'decisions' in outcome
        ? outcome.decisions.flatMap(({ drafts }) => drafts.map(({ payload }) => payload))
        : [],
    drafts: 'decisions' in outcome ? outcome.decisions.flatMap(({ drafts }) => drafts) : [],
    notes: 'notes' in outcome ? outcome.notes.map(({ code }) => code) : [],
    said: 'notes' in outcome ? outcome.notes.map(({ detail }) => detail).join() : '',
    faults: 'faults' in outcome ? outcome.faults.map(({ code }) => code) : [],
    details: 'faults' in outcome ? outcome.faults.map(({ detail }) => detail).join() : '',
    asks: 'asks' in outcome ? (outcome.asks ?? []).map(({ firm: asked }) => asked?.name) : undefined,
    rows: outcome,
  }
}
function sparse(firm: Firm, actor: Acting = people.province) {
  const { today, catalogue: kinds, authorities, doer, newId } = firm.at(actor)
  return { today, catalogue: kinds, authorities, doer, newId, actor, outside: 0, revisionOf: 0, rules: 0 }
}
