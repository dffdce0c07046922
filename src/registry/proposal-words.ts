import { z } from 'zod'
import type { ProposalHead } from '../authority/proposal.ts'
import { titleOf } from '../dossier/differences.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { partNamed } from '../dossier/part.ts'
import { type Catalogue, enterprise } from '../records/catalogue.ts'

const adding = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })

/**
 * What a proposal in a file is about, so that two are told apart: the record, case or objection by name, the record that it
 * would add, and the fields that it would change. Empty for the file as a whole.
 */
export function aboutProposal(
  { id, on, fields = [] }: ProposalHead,
  dossier: Dossier,
  catalogue: Catalogue,
): string {
  const record = dossier.records.find((known) => known.id === on.id)
  const kind = record ? catalogue.kind(record.type) : enterprise
  const labels = fields.flatMap((field) => {
    const label = kind?.columns.find((column) => column.field === field)?.label
    return label === undefined ? [] : [label]
  })
  const known = on.id === undefined ? undefined : partNamed(dossier, on.id, catalogue)
  // A record that would be added goes by what makes it itself, which the file does not hold yet.
  const part = known ?? added(dossier, id, catalogue)
  return [part ?? '', labels.join('、')].filter((words) => words !== '').join('：')
}

/** The record that a proposal would add. */
function added({ proposals = [] }: Dossier, id: string, catalogue: Catalogue): string | undefined {
  const made = adding.safeParse(proposals.find((known) => known.id === id)?.input).data
  const kind = made && catalogue.kind(made.type)
  return kind && `${kind.label} ${titleOf(kind, made.data)}`.trim()
}
