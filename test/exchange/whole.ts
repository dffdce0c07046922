import type { RecordData } from '../../src/records/kind.ts'
import { licenceKinds, licenceStatuses } from '../../src/records/licence.ts'
import { fc } from '../properties.ts'
import { unifiedCode } from '../support.ts'

/** Records that use every field, as the exchange tables meet them. */

const AUTHORITY = '石家庄市市场监督管理局'
const text = fc.constantFrom('电线电缆', '生产的=电线“不合格”，\n见附件。', '第一项 & <第二项>', '甲；乙')
const line = fc.constantFrom('电线电缆', '甲、乙', '“一”号 & <二>')
const day = (year: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map(([month, date]) => `${year}-${`${month}`.padStart(2, '0')}-${`${date}`.padStart(2, '0')}`)
const sum = fc.integer({ min: 0, max: 1_000_000_000 }).map((fen) => fen / 100)

/** What was confiscated, with the kinds of penalty that say so. */
const confiscations = fc.oneof(
  fc.constant({ kinds: [] as string[], sums: {} as RecordData }),
  fc.record({ confiscatedIncome: sum }).map((sums) => ({ kinds: ['没收违法所得'], sums })),
  fc.record({ confiscatedGoods: sum }).map((sums) => ({ kinds: ['没收非法财物'], sums })),
  fc
    .record({ confiscatedIncome: sum, confiscatedGoods: sum }, { requiredKeys: [] })
    .map((sums) => ({ kinds: ['没收违法所得', '没收非法财物'], sums })),
  fc
    .tuple(sum, fc.subarray(['没收违法所得', '没收非法财物'], { minLength: 1 }))
    .map(([confiscatedTotal, kinds]) => ({ kinds, sums: { confiscatedTotal } })),
)

/** Penalties of which each field that may be left out is, or is not. */
export const penalties: fc.Arbitrary<RecordData> = fc
  .tuple(
    confiscations,
    fc.record(
      {
        documentName: line,
        caseNo: fc.constant('案1号'),
        category: fc.constant('其他违法行为'),
        facts: text,
        violatedProvision: text,
        penaltyBasis: text,
        content: text,
        fine: sum,
        refusedLicence: fc.constant('食品生产许可证'),
        revokedLicence: line,
        authorityCode: fc.constant(unifiedCode('DEM00002')),
        publishedOn: fc.constant('2026-11-20'),
        publicationEndsOn: day(2029),
        restrictionEndsOn: day(2031),
        fulfilledOn: fc.constant('2026-11-10'),
        receivedOn: fc.constant('2026-11-10'),
        hearingToldOn: fc.constant('2025-12-01'),
        hearingOn: fc.constant('2025-12-20'),
        replacesNo: fc.constant('别的号'),
        area: fc.constant('食品'),
        severity: fc.constant('较重'),
        remark: fc.constant('内部'),
      },
      { requiredKeys: [] },
    ),
    fc.record({ conduct: line, decidedOn: day(2026) }),
  )
  .map(([{ kinds, sums }, more, said]) => ({
    procedure: '普通程序',
    authority: AUTHORITY,
    ...said,
    decidedOn: said.decidedOn > '2026-11-09' ? '2026-11-09' : said.decidedOn,
    ...more,
    ...sums,
    ...(more.hearingOn !== undefined && { hearing: '已举行' }),
    types: [
      '警告',
      '责令停产停业',
      ...(more.fine === undefined ? [] : ['罚款']),
      ...kinds,
      ...(more.restrictionEndsOn === undefined ? [] : ['限制从业', '法律、行政法规规定的其他行政处罚']),
    ],
  }))

/** Licences of which each field that may be left out is, or is not; each is of a decision of its own. */
export const licences: fc.Arbitrary<RecordData> = fc
  .tuple(
    fc.record(
      {
        documentName: line,
        certificateName: fc.oneof(line, fc.constantFrom(...licenceKinds)),
        product: line,
        productGroup: line,
        unit: line,
        specification: text,
        scope: text,
        placeOfProduction: fc.constant('石家庄市长安区示例路 1 号'),
        authorityCode: fc.constant(unifiedCode('DEM00002')),
        validFrom: fc.constant('2024-03-01'),
        validTo: day(2026),
        statusChangedOn: fc.constant('2025-06-01'),
        applicationBasis: text,
        remark: fc.constant('内部'),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      kind: fc.constantFrom(...licenceKinds),
      status: fc.constantFrom(...licenceStatuses),
      issuedOn: fc.constant('2024-03-01'),
    }),
  )
  .map(([more, said]) => ({
    authority: AUTHORITY,
    ...said,
    ...more,
    ...(said.status === '撤销' && { withdrawalCause: '机关的原因' }),
  }))
