import type { RecordData, RecordKind } from '../records/kind.ts'

/**
 * Remarks by which a failing sample is not, or not yet, the failing of the firm that is named as its producer: what
 * it denies to have made is none of its own while that is open, and never once confirmed as counterfeit.
 */
const NOT_ITS_OWN: readonly (readonly [remark: RegExp, why: string])[] = [
  [/假冒|冒用|冒牌|仿冒/u, '经核实为假冒产品的，不是该企业的不合格'],
  [
    /非(本|该|我|标称)?(企业|公司|厂家?|单位|其)所?生产|不是(本|该|我|其).{0,6}生产|未生产过?(该|此|本|这)/u,
    '所检产品不是该企业生产的，不是它的不合格',
  ],
  [/否认|(提出|存在|有)异议|异议(处理|期|中)/u, '企业否认生产或提出异议，尚未处理完毕的，还不是它的不合格'],
]
/** Remarks that settle a dispute in favour of the first result. */
const SETTLED = /异议(不成立|未(被)?采纳|被驳回)|维持原结论|撤回异议|无异议|未提出异议|没有异议/u

/** Why a failing sample can't be recorded against the firm that it names; undefined where nothing stands against it. */
export function whyNotItsOwn(kind: RecordKind, { outcome, findings }: RecordData): string | undefined {
  if (kind.type !== 'inspection' || outcome !== '不合格' || typeof findings !== 'string') return undefined
  if (SETTLED.test(findings)) return undefined
  const [, why] = NOT_ITS_OWN.find(([remark]) => remark.test(findings)) ?? []
  return why === undefined
    ? undefined
    : `备注写明“${findings.slice(0, 60)}”：${why}，本行未导入；请核实后另行登记，或删去不应有的备注。`
}
