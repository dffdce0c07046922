import { z } from 'zod'
import { isOpen } from '../dossier/case.ts'
import { changeEnterprise } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { enterprise } from '../records/enterprise.ts'
import type { RecordData } from '../records/kind.ts'
import { act } from './act.ts'
import { changes, line, notPersonal } from './input.ts'

/** Records that the enterprise changed: a new name, another address (变更). */
export const changeFileAct = act({
  name: 'change-file',
  label: '变更基本信息',
  on: 'file',
  input: z.strictObject({
    uscc: line('统一社会信用代码').optional(),
    enterprise: changes().optional(),
    reason: line('理由', { max: 500 }).optional(),
    notPersonal: notPersonal().optional(),
  }),
  right: 'records:write',
  whose: 'place',
  route: {
    method: 'PATCH',
    path: '/enterprises/:code',
    seen: true,
    answer: 'file',
    operation: 'changeEnterprise',
  },
  second: ({ dossier }, { enterprise = {} }) => endsListing(dossier, enterprise),
  decide({ dossier }, { uscc, enterprise = {}, reason, notPersonal }, at) {
    const changed = { ...enterprise, ...(uscc !== undefined && { uscc }) }
    return changeEnterprise(dossier, changed, { ...at, notPersonal }, reason)
  },
})

/** Why a change of the operating status takes a second person: it takes the firm off the list, or ends a case. */
export function endsListing({ cases, enterprise: now }: Dossier, changes: RecordData): string | undefined {
  const { status } = enterprise.partsOf(changes)
  if (status !== '注销' || status === enterprise.partsOf(now).status) return undefined
  const isAtStake = cases.some(isOpen)
  return isAtStake ? '企业有列入案件，登记注销后案件随之终结' : undefined
}
