import { z } from 'zod'
import { addDays, addMonths } from '../calendar/dates.ts'
import { comparedNumber } from './document-number.ts'
import { choice, date, lines, number, text } from './fields.ts'
import { type FieldFault, recordKind } from './kind.ts'
import { publicationRules } from './rules.ts'
import { isOneOf, type StoredData } from './stored.ts'

/** Kinds of licence and certificate (许可认证类别) that bring an enterprise into the registry. */
export const licenceKinds = [
  '全国工业产品生产许可证',
  '强制性产品认证',
  '食品生产许可证',
  '食品相关产品生产许可证',
  '特种设备生产许可证',
  '计量器具型式批准',
  '检验检测机构资质认定',
  '其他许可',
] as const

/** Licences to produce (生产许可证), whose renewal is asked for before they end. */
export const productionLicences = [
  '全国工业产品生产许可证',
  '食品生产许可证',
  '食品相关产品生产许可证',
  '特种设备生产许可证',
] as const satisfies readonly (typeof licenceKinds)[number][]

/** Production licences under 工业产品生产许可证管理条例. */
export const industrialLicences = [
  '全国工业产品生产许可证',
  '食品相关产品生产许可证',
] as const satisfies readonly (typeof productionLicences)[number][]

/** States of a licence (许可状态); one whose validity has passed reads as 过期 whatever is stored. */
export const licenceStatuses = ['有效', '变更', '暂停', '撤销', '注销', '吊销', '过期'] as const

/** Why a licence was taken back (撤销): 行政许可法 art. 69 tells what its holder did from what the authority did. */
export const withdrawalCauses = ['以欺骗、贿赂等不正当手段取得', '机关的原因', '其他原因'] as const

/** States in which a licence may be used (有效、变更). */
export const validStatuses = ['有效', '变更'] as const

/** States in which a licence stands, be it that it may not be used for a while. */
export const standingStatuses = [...validStatuses, '暂停'] as const

const fields = z.strictObject({
  kind: choice(licenceKinds).meta({
    label: '许可类别',
    elements: ['XK_XKLB', 'XK_SPLB'],
    headers: ['证书类别', '许可证类别'],
    synonyms: {
      生产许可证: '全国工业产品生产许可证',
      工业产品生产许可证: '全国工业产品生产许可证',
      CCC: '强制性产品认证',
      '3C': '强制性产品认证',
      强制性产品认证证书: '强制性产品认证',
      食品生产许可: '食品生产许可证',
    },
  }),
  number: number().meta({
    label: '许可证编号',
    elements: ['XK_XKBH'],
    headers: ['证书编号', '编号', '许可编号'],
  }),
  documentName: text(200)
    .optional()
    .meta({ label: '决定文书名称', elements: ['XK_XKWS', 'XK_XMMC'] }),
  documentNo: number()
    .optional()
    .meta({ label: '决定文书号', elements: ['XK_WSH'] }),
  certificateName: text(200)
    .optional()
    .meta({ label: '证书名称', elements: ['XK_XKZS'] }),
  product: text(200)
    .optional()
    .meta({ label: '产品名称', headers: ['产品', '获证产品'] }),
  productGroup: text(100).optional().meta({ label: '产品类别' }),
  unit: text(500)
    .optional()
    .meta({
      label: '产品单元',
      headers: ['单元', '许可单元', '产品单元名称'],
      hint: '几个单元之间写顿号；一证的几个单元状态或者有效期不同的，分别登记',
    }),
  specification: lines(2000)
    .optional()
    .meta({ label: '规格型号', headers: ['规格', '产品规格'] }),
  scope: lines(2000)
    .optional()
    .meta({ label: '许可内容', elements: ['XK_NR'], headers: ['许可范围'] }),
  placeOfProduction: text(300).optional().meta({ use: 'address', label: '生产地址' }),
  authority: text(100).meta({
    label: '许可机关',
    elements: ['XK_XKJG', 'XK_XZJG'],
    headers: ['发证机关', '发证机构'],
  }),
  authorityCode: number(18)
    .optional()
    .meta({ label: '许可机关代码', elements: ['XK_XKJGDM'] }),
  issuedOn: date().meta({
    label: '发证日期',
    elements: ['XK_JDRQ'],
    headers: ['许可决定日期', '决定日期'],
    past: true,
  }),
  validFrom: date()
    .optional()
    .meta({ label: '有效期自', elements: ['XK_YXQZ'] }),
  validTo: date()
    .optional()
    .meta({
      label: '有效期至',
      elements: ['XK_YXQZI', 'XK_JZQ'],
      headers: ['有效期止', '截止日期'],
    }),
  status: choice(licenceStatuses)
    .default('有效')
    .meta({
      label: '许可状态',
      elements: ['XK_ZT'],
      headers: ['证书状态'],
      synonyms: { 正常: '有效', '1': '有效' },
    }),
  statusChangedOn: date().optional().meta({ later: true, label: '状态变更日期', past: true }),
  withdrawalCause: choice(withdrawalCauses).optional().meta({
    label: '撤销原因',
    hint: '撤销的，按决定书选择：以不正当手段取得的，三年内不得再次申请；机关的原因不是企业的过错',
  }),
  applicationBasis: lines(1000).optional().meta({ label: '申请材料依据', sight: 'officers' }),
  remark: lines(1000)
    .optional()
    .meta({ label: '备注', elements: ['BZ'], sight: 'officers' }),
})

/** A licence's data as files hold it. */
export type LicenceData = StoredData<typeof fields>

/**
 * The units (产品单元) that a licence names, as they are compared. Under one number one may lapse or be revoked while others
 * go on, so that licences of one number are one only where they share a unit, or one of them names none.
 */
export function unitsOf({ unit = '' }: Pick<LicenceData, 'unit'>): string[] {
  return productsIn(unit).map((name) => name.normalize('NFKC').replace(/\s/gu, ''))
}

/** What the units of one licence may have each for itself. */
export const statesOfUnits = [
  'issuedOn',
  'validFrom',
  'validTo',
  'status',
  'statusChangedOn',
  'withdrawalCause',
] as const satisfies readonly (keyof LicenceData)[]

/** The names in a list of products or units, as they are written. */
export function productsIn(products: string | undefined): string[] {
  return (products ?? '')
    .split(/[、，,；;\n]/u)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** A licence or certificate (行政许可、强制性认证). */
export const licence = recordKind({
  type: 'licence',
  section: 'licences',
  label: '许可认证',
  datedBy: 'issuedOn',
  titledBy: 'number',
  madeBy: 'authority',
  summary: ['kind', 'number', 'product', 'unit', 'authority', 'validTo', 'status'],
  fields,
  identity: (data) => `${data.kind}|${comparedNumber(data.number)}`,
  toldApartBy: 'unit',
  isApart(data, other) {
    const own = unitsOf(data)
    const its = unitsOf(other)
    return own.length > 0 && its.length > 0 && !own.some((unit) => its.includes(unit))
  },
  publication: (data) => ({ public: true, from: data.issuedOn, rule: publicationRules.licence.source }),
  isAdverse: ({ status }) => isOneOf(status, ['吊销', '撤销']),
  missing: ({ kind, status, statusChangedOn, validTo, withdrawalCause }) => [
    ...(status === '撤销' &&
    withdrawalCause === undefined &&
    isOneOf(kind, publicationRules.deceit.value.kinds)
      ? [
          {
            field: 'withdrawalCause',
            code: 'incomplete',
            detail:
              '没有写明撤销的原因：是否以不正当手段取得、三年内不得再次申请（行政许可法第七十九条）无法判断；请按决定书补填。',
          },
        ]
      : []),
    ...(isOneOf(status, ['吊销', '撤销']) && statusChangedOn === undefined
      ? [
          {
            field: 'statusChangedOn',
            code: 'incomplete',
            detail: '没有写明吊销或者撤销的日期：不得再次申请和限制等级的期限无法计算；请按决定书补填。',
          },
        ]
      : []),
    ...(isOneOf(kind, industrialLicences) && isOneOf(status, validStatuses) && validTo === undefined
      ? [
          {
            field: 'validTo',
            code: 'incomplete',
            detail:
              '没有写明有效期：证书应当载明有效期（工业产品生产许可证管理条例第二十八条），是否仍然有效、何时换证无法判断；请按证书补填。',
          },
        ]
      : []),
  ],
  check(data) {
    const faults: FieldFault[] = []
    if (data.withdrawalCause !== undefined && !isOneOf(data.status, ['撤销', '注销']))
      faults.push({
        field: 'withdrawalCause',
        code: 'contradiction',
        detail: `填有撤销原因，许可状态应为“撤销”，现为“${data.status}”；请核对。`,
      })
    const from = data.validFrom ?? data.issuedOn
    const { kinds, months } = publicationRules.licenceValidity.value
    if (data.validTo !== undefined && isOneOf(data.kind, kinds) && data.validTo > addMonths(from, months))
      faults.push({
        field: 'validTo',
        code: 'too-long',
        detail: `生产许可证有效期为五年（工业产品生产许可证管理条例第二十五条），${from} 起的不晚于 ${addMonths(from, months)}，现为 ${data.validTo}；换证的请填写新证的发证日期或有效期自。`,
      })
    if (data.validTo !== undefined && data.validTo < from)
      faults.push({
        field: 'validTo',
        code: 'before-start',
        detail: `有效期至（${data.validTo}）早于有效期起始（${from}），请核对两个日期。`,
      })
    return faults
  },
  readOn(data, on) {
    if (data.validTo === undefined || !isOneOf(data.status, validStatuses)) return {}
    return on > data.validTo ? { changes: { status: '过期' } } : { nextOn: addDays(data.validTo, 1) }
  },
})
