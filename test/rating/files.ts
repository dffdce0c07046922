import { anticipated } from '../../src/dossier/anticipate.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import type { RecordData } from '../../src/records/kind.ts'
import type { Draft } from '../../src/register/entry.ts'

export interface TestRecord {
  id: string
  type: string
  data: RecordData
}

/** A file with records as they are stored, and a stay on the blacklist if given; `owner` made the records. */
export function fileWith(
  records: readonly TestRecord[],
  listing?: { from: string; until?: string },
  owner?: string,
): Dossier {
  const about = (kind: string, payload: unknown): Draft => ({
    subject: 'M000100Y4',
    kind,
    payload,
    visibility: 'public',
    author: { authority: '省局', officer: '张三' },
  })
  const dossier = anticipated(undefined, [
    about('enterprise.opened', { data: { name: '示例公司', region: '130102', status: '存续' } }),
    ...records.map(({ id, type, data }) =>
      about('record.added', { id, type, data, ...(owner && { owner }) }),
    ),
    ...(listing
      ? [
          about('listing.proposed', {
            case: 'c',
            ruleSet: { id: 'order-44', version: 1 },
            ground: 'unsafe-product',
            penalties: [],
            facts: '',
            reasons: '',
            by: 'x',
          }),
          about('listing.published', { case: 'c', ...listing }),
        ]
      : []),
  ])
  if (!dossier) throw new Error('no file')
  return dossier
}

export const licence = (id: string, more: RecordData = {}): TestRecord => ({
  id,
  type: 'licence',
  data: {
    kind: '全国工业产品生产许可证',
    number: id,
    product: '电线电缆',
    authority: '省局',
    issuedOn: '2023-01-10',
    validTo: '2028-01-09',
    status: '有效',
    ...more,
  },
})

export const sampling = (
  id: string,
  inspectedOn: string,
  outcome: string,
  more: RecordData = {},
): TestRecord => ({
  id,
  type: 'inspection',
  data: {
    kind: '省级监督抽查',
    inspectedOn,
    authority: '省局',
    product: '电缆',
    outcome,
    deliveredOn: inspectedOn,
    ...(outcome === '不合格' && { severity: '一般' }),
    ...more,
  },
})

export const penalty = (id: string, decidedOn: string, more: RecordData = {}): TestRecord => ({
  id,
  type: 'penalty',
  data: {
    documentNo: id,
    procedure: '普通程序',
    conduct: '生产不合格产品',
    types: ['罚款'],
    fine: 80_000,
    severity: '一般',
    decidedOn,
    authority: '市局',
    ...more,
  },
})

export const award = (id: string, level: string, grantedOn: string, more: RecordData = {}): TestRecord => ({
  id,
  type: 'award',
  data: { kind: '河北名牌产品', level, grantedBy: '省政府', grantedOn, ...more },
})
