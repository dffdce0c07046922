import { publicationRules } from './rules.ts'
import { isOneOf } from './stored.ts'

/** In what role a sample names the firm whose file it stands in (本企业的角色); a sampled unit may have made it itself. */
export const sampleRoles = ['标称生产者', '被抽样单位', '被抽样单位（无标称生产者）', '第三方'] as const

/** How far a producer's denial of having made a sample has come (标称异议). */
export const disputes = ['处理中', '不成立', '成立', '经核实为假冒'] as const

/** Where a failing arose (不合格原因环节). */
export const faultStages = ['生产环节', '储存运输环节', '销售环节'] as const

/** What tells whose a sample is. */
interface Sampled {
  readonly role?: unknown
  readonly dispute?: unknown
  readonly faultStage?: unknown
}

/**
 * Whether a sample counts for the firm whose file it stands in (结果的承担者): `own`, `others`, or `open` while its
 * producer denies having made it. A record that names no role is the file's own.
 */
export function bearingOf({ role, dispute, faultStage }: Sampled): 'own' | 'others' | 'open' {
  const { disputedSample, sellersFault, noProducer, bystander } = publicationRules
  const isSellers = isOneOf(faultStage, sellersFault.value)
  if (role === '被抽样单位') return isSellers ? 'own' : 'others'
  if (role === '被抽样单位（无标称生产者）') return noProducer.value ? 'own' : 'others'
  if (bystander.value.roles.some((one) => one === role)) return 'others'
  if (isOneOf(dispute, disputedSample.value.over)) return 'others'
  if (isOneOf(dispute, disputedSample.value.open)) return 'open'
  return isSellers ? 'others' : 'own'
}
