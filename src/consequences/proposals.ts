import { z } from 'zod'
import { SYSTEM } from '../authority/authority.ts'
import type { Proposal } from '../authority/proposal.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { sameRecord } from '../dossier/commands.ts'
import { type Dossier, versionOf } from '../dossier/dossier.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { validate } from '../records/validate.ts'
import type { Draft } from '../register/entry.ts'

const AUTHOR = { authority: SYSTEM, officer: '即时处理' }

/**
 * Proposals whose thing has been touched since they saw it, and those to enter a record that the file has by now: they lapse in
 * the same append.
 */
export function lapsingProposals(after: Dossier, on: CalendarDate, catalogue: Catalogue): Draft[] {
  return (after.proposals ?? []).flatMap((own): Draft[] => {
    const reason = own.status === 'open' ? whyOvertaken(own, after, on, catalogue) : undefined
    if (reason === undefined) return []
    const payload = { id: own.id, reason }
    return [{ subject: after.key, kind: 'act.lapsed', payload, visibility: 'internal', author: AUTHOR }]
  })
}

function whyOvertaken(
  { act, on: { id }, saw, fields, input }: Proposal,
  after: Dossier,
  day: CalendarDate,
  catalogue: Catalogue,
): string | undefined {
  if (versionOf(after, id, fields) !== saw) return '所涉及的内容已有变动，请按现状重新提请'
  const entering = act === 'add-record' ? entered.safeParse(input).data : undefined
  const kind = entering && catalogue.kind(entering.type)
  if (!kind) return undefined
  const parsed = validate(kind, entering.data, day)
  return parsed.ok && sameRecord(after, kind, parsed.data) ? `同一${kind.label}记录已经登记` : undefined
}

const entered = z.object({ type: z.string(), data: z.unknown() })
