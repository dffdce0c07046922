import t from 'tap'
import { inspection, retestEndsOn } from '../../src/records/inspection.ts'
import { interview } from '../../src/records/interview.ts'
import { isOver, type RecordData } from '../../src/records/kind.ts'
import { licence, licenceStatuses } from '../../src/records/licence.ts'
import { isInPlaceOf, penalty, penaltyTypes, publishBy } from '../../src/records/penalty.ts'
import { validate } from '../../src/records/validate.ts'
import { licence as licenceOf, penalty as penaltyOf, sampling } from '../rating/files.ts'

/** What a record lacks, what of it can't be so together, what of two can't: rule by rule, the day before, on and after. */

const penaltyData = (more: RecordData = {}) => ({ ...penaltyOf('一', '2026-03-10').data, ...more })
const tested = (more: RecordData = {}) => ({ ...sampling('一', '2026-03-10', '不合格').data, ...more })
const missing = (data: RecordData) => penalty.missing(data).map(({ field }) => field)
const lacks = (data: RecordData) => inspection.missing(data).map(({ field }) => field)
const faults = (kind: Parameters<typeof validate>[0], data: RecordData) => {
  const result = validate(kind, data, '2030-01-01')
  return result.ok ? [] : result.faults.map(({ field, code }) => `${field} ${code}`)
}

t.test('a decision in the place of another: by number, by name, by the day of the outcome', async (t) => {
  const former = {
    documentNo: '旧',
    reviewOutcome: '变更',
    reviewedOn: '2026-03-10',
    decidedOn: '2026-02-02',
  }
  for (const [said, later, more, isInPlace, clash] of [
    ['its number, the day before', { documentNo: '旧', decidedOn: '2026-03-09' }, {}, false, undefined],
    ['its number, on the day', { documentNo: '旧', decidedOn: '2026-03-10' }, {}, true, undefined],
    ['its number, the day after', { documentNo: '旧', decidedOn: '2026-03-11' }, {}, true, undefined],
    ['another number', { documentNo: '新', decidedOn: '2026-03-10' }, {}, false, undefined],
    [
      'another that names it',
      { documentNo: '新', replacesNo: ' 旧 ', decidedOn: '2026-03-10' },
      {},
      true,
      undefined,
    ],
    [
      'another that names it, too early',
      { documentNo: '新', replacesNo: '旧', decidedOn: '2026-03-09' },
      {},
      false,
      'replacesNo',
    ],
    [
      'its number, naming another',
      { documentNo: '旧', replacesNo: '别', decidedOn: '2026-03-10' },
      {},
      false,
      undefined,
    ],
    [
      'upheld',
      { documentNo: '新', replacesNo: '旧', decidedOn: '2026-03-10' },
      { reviewOutcome: '维持' },
      false,
      'replacesNo',
    ],
    ['annulled', { documentNo: '旧', decidedOn: '2026-03-10' }, { reviewOutcome: '撤销' }, false, undefined],
    [
      'no day',
      { documentNo: '新', replacesNo: '旧', decidedOn: '2026-03-10' },
      { reviewedOn: undefined },
      false,
      'replacesNo',
    ],
  ] as [string, RecordData, RecordData, boolean, string | undefined][]) {
    const sound = (data: RecordData) =>
      Object.fromEntries(Object.entries(penaltyData(data)).filter(([, value]) => value !== undefined))
    const [one, other] = [sound(later), sound({ ...former, ...more })]
    const [read, was] = [one, other].map((data) => penalty.of({ type: 'penalty', data })?.data)
    t.equal(read && was && isInPlaceOf(read, was), isInPlace, said)
    t.equal(penalty.replaces(one, other), isInPlace, said)
    t.equal(penalty.clash?.(one, other)?.field, clash, said)
    t.equal(
      penalty.clash?.(other, one)?.field,
      clash && 'reviewOutcome',
      `${said}: entered the other way round`,
    )
  }
})

t.test('what a penalty lacks for its rules to be applied', async (t) => {
  const { procedure: _, ...unsaid } = penaltyData()
  const { fine: __, ...fineless } = penaltyData()
  for (const [said, data, fields] of [
    ['nothing', penaltyData(), []],
    ['its procedure', unsaid, ['procedure']],
    ['its fine', fineless, ['fine']],
    ['its fine, of a simple procedure', { ...fineless, procedure: '简易程序' }, []],
    ['its fine, beside what makes it grave', { ...fineless, types: ['罚款', '没收违法所得'] }, []],
    ...['警告', '通报批评'].map((type) => [
      `its fine, beside ${type}`,
      { ...fineless, types: ['罚款', type] },
      ['fine'],
    ]),
    ['no fine was given', { ...fineless, types: ['通报批评'] }, []],
    ...['限制开展生产经营活动', '限制从业'].flatMap((type) => [
      [`until when: ${type}`, penaltyData({ types: [type], fine: undefined }), ['restrictionEndsOn']],
      [`${type} until a day`, penaltyData({ types: [type], restrictionEndsOn: '2030-01-01' }), []],
      [`${type}, simple`, penaltyData({ types: [type], procedure: '简易程序' }), ['procedure']],
    ]),
    ['a closure has no end', penaltyData({ types: ['责令停产停业'] }), []],
    ['how grave it was', penaltyData({ severity: undefined }), ['severity']],
    ['how grave a warning was', penaltyData({ severity: undefined, types: ['警告'], fine: undefined }), []],
    [
      'how grave a warning with a fine was',
      penaltyData({ severity: undefined, types: ['警告', '罚款'] }),
      ['severity'],
    ],
    ['of the simple procedure', penaltyData({ severity: undefined, fine: 3000, procedure: '简易程序' }), []],
    ['beyond it', penaltyData({ severity: undefined, procedure: '简易程序' }), ['procedure']],
    ...['撤销', '确认违法', '确认无效', '变更'].map((reviewOutcome) => [
      `how grave what review took away was: ${reviewOutcome}`,
      penaltyData({ severity: undefined, reviewOutcome }),
      [],
    ]),
    ['upheld', penaltyData({ severity: undefined, reviewOutcome: '维持' }), ['severity']],
  ] as [string, RecordData, string[]][])
    t.same(
      missing(Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))),
      fields,
      said,
    )
  t.match(penalty.missing({ ...fineless, total: 5 })[0]?.detail, /^只写明罚没金额（5 元），没有/)
  t.match(penalty.missing(fineless)[0]?.detail, /^没有罚款金额/)
})

t.test('what of a penalty cannot be so together', async (t) => {
  for (const [said, more, expected] of [
    ['a hearing told the day before', { hearingToldOn: '2026-03-09' }, []],
    ['on its day', { hearingToldOn: '2026-03-10' }, []],
    ['after it', { hearingToldOn: '2026-03-11' }, ['hearingToldOn after-end']],
    ['held the day before', { hearing: '已举行', hearingOn: '2026-03-09' }, []],
    ['held on its day', { hearing: '已举行', hearingOn: '2026-03-10' }, []],
    ['held after it', { hearing: '已举行', hearingOn: '2026-03-11' }, ['hearingOn after-end']],
    [
      'told on the day it was held',
      { hearing: '已举行', hearingOn: '2026-03-05', hearingToldOn: '2026-03-05' },
      [],
    ],
    [
      'told after it was held',
      { hearing: '已举行', hearingOn: '2026-03-05', hearingToldOn: '2026-03-06' },
      ['hearingToldOn after-end'],
    ],
    ['held on no day', { hearing: '已举行' }, ['hearingOn required']],
    ['a day and not held', { hearingOn: '2026-03-05' }, ['hearing contradiction']],
    [
      'from and to another province',
      { receivedOn: '2026-03-12', forwardedOn: '2026-03-12' },
      ['forwardedOn contradiction'],
    ],
    ['in its own place', { replacesNo: ' 一 ' }, ['replacesNo contradiction']],
    ['in another’s', { replacesNo: '二' }, []],
    ['a restriction of nothing', { restrictionEndsOn: '2027-03-10' }, ['restrictionEndsOn contradiction']],
    ['a false application', { refusedLicence: '食品生产许可证' }, ['types contradiction']],
    ...(
      [
        [2999.99, ['罚款'], []],
        [3000, ['罚款'], []],
        [3000.01, ['罚款'], ['procedure contradiction']],
        [500_000, ['罚款'], ['procedure contradiction']],
        [undefined, ['警告'], []],
        [3000, ['警告', '罚款'], []],
        ...penaltyTypes
          .filter((type) => type !== '警告' && type !== '罚款')
          .map((type) => [undefined, [type], ['procedure contradiction']] as const),
        [3000.01, ['罚款', '吊销许可证件'], ['procedure contradiction', 'procedure contradiction']],
      ] as const
    ).map(([fine, types, expected]) => [
      `on the spot: ${types.join('、')} ${fine}`,
      { procedure: '简易程序', types, fine },
      expected,
    ]),
    [
      'on the spot, a sum that is not told apart',
      { procedure: '简易程序', fine: undefined, total: 3000.01 },
      ['procedure contradiction'],
    ],
    ['a false application, warned', { refusedLicence: '食品生产许可证', types: ['罚款', '警告'] }, []],
  ] as [string, RecordData, string[]][])
    t.same(faults(penalty, penaltyData(more)), expected, said)
  t.equal(publishBy({ decidedOn: '2026-03-02' }).date, '2026-03-30', 'twenty working days')
  t.equal(publishBy({ decidedOn: '2026-03-02', receivedOn: '2026-03-02' }).date, '2026-03-16', 'ten')
})

t.test(
  'a failed test lacks the day on which its result was delivered, where that tells anything',
  async (t) => {
    const { deliveredOn: _, ...undelivered } = tested()
    for (const [said, data, is] of [
      ['delivered', tested(), false],
      ['not delivered', undelivered, true],
      ['passed', { ...undelivered, outcome: '合格' }, false],
      ['refused', { ...undelivered, outcome: '拒检' }, false],
      ['no sampling', { ...undelivered, kind: '日常巡查' }, false],
      ['reversed', { ...undelivered, retest: '改变原结论' }, false],
      ['upheld', { ...undelivered, retest: '维持原结论' }, true],
      ['told by a notice', { ...undelivered, noticeNo: '1号', noticedOn: '2026-03-20' }, false],
      ['by a notice without its number', { ...undelivered, noticedOn: '2026-03-20' }, true],
      ['of its seller', { ...undelivered, role: '被抽样单位', severity: undefined }, true],
      ['of its seller, whose own it is', { ...undelivered, role: '被抽样单位（无标称生产者）' }, true],
    ] as [string, RecordData, boolean][])
      t.same(lacks(data), is ? ['deliveredOn'] : [], said)
    for (const [said, more, fields] of [
      ['how grave', { severity: undefined }, ['severity']],
      ['passed', { severity: undefined, outcome: '合格' }, []],
      ['no sampling', { severity: undefined, kind: '日常巡查' }, []],
      ['reversed', { severity: undefined, retest: '改变原结论' }, []],
      ['a re-test is asked for', { severity: undefined, retest: '申请中' }, ['severity']],
      ['another’s', { severity: undefined, role: '标称生产者', dispute: '成立' }, []],
      ['re-inspected', { reinspectedOn: '2026-03-20' }, ['reinspectionOutcome']],
      ['and passed', { reinspectedOn: '2026-03-20', reinspectionOutcome: '合格' }, []],
    ] as [string, RecordData, string[]][])
      t.same(lacks(tested(more)), fields, said)
    t.equal(retestEndsOn({}, '2026-03-02'), '2026-03-17', 'fifteen days')
    t.equal(retestEndsOn({}, '2026-03-06'), '2026-03-23', 'the fifteenth is a Saturday, so Monday')
    t.equal(retestEndsOn({ area: '食品' }, '2026-03-02'), '2026-03-11', 'seven working days')
  },
)

t.test('what of an inspection cannot be so together', async (t) => {
  const step = {
    ...{ rectificationDueOn: '2026-04-10', overdueNoticedOn: '2026-04-11', reinspectedOn: '2026-04-20' },
    ...{ reinspectionOutcome: '不合格', suspendedOn: '2026-04-20', suspensionEndsOn: '2026-05-20' },
    ...{ finalReinspectedOn: '2026-05-20', finalReinspectionOutcome: '不合格' },
  }
  for (const [said, more, expected] of [
    ['all steps in order', step, []],
    [
      'a notice on the last day',
      { ...step, overdueNoticedOn: '2026-04-10' },
      ['overdueNoticedOn before-start'],
    ],
    ['a notice where nothing was due', { overdueNoticedOn: '2026-04-11' }, ['overdueNoticedOn step-missing']],
    ['a notice of no sampling', { ...step, kind: '日常巡查' }, ['overdueNoticedOn contradiction']],
    ['re-inspected on the day of the notice', { ...step, reinspectedOn: '2026-04-11' }, []],
    [
      're-inspected before the notice',
      { ...step, reinspectedOn: '2026-04-10' },
      ['reinspectedOn before-start'],
    ],
    [
      'suspended before the re-inspection',
      { ...step, suspendedOn: '2026-04-19' },
      ['suspendedOn before-start'],
    ],
    ['suspended though it passed', { ...step, reinspectionOutcome: '合格' }, ['suspendedOn contradiction']],
    ['suspended for no time', { ...step, suspensionEndsOn: '2026-04-20' }, []],
    [
      'suspended until before',
      { ...step, suspensionEndsOn: '2026-04-19' },
      ['suspensionEndsOn before-start'],
    ],
    [
      'looked at before the end',
      { ...step, finalReinspectedOn: '2026-05-19' },
      ['finalReinspectedOn before-start'],
    ],
    [
      'items more than there were',
      { itemsInspected: 3, itemsFailed: 4 },
      ['itemsFailed more-than-inspected'],
    ],
    ['all of them', { itemsInspected: 3, itemsFailed: 3 }, []],
    ['passed, one failed', { outcome: '合格', itemsFailed: 1 }, ['outcome contradiction']],
    ['passed, none failed', { outcome: '合格', itemsFailed: 0 }, []],
    ['passed, a failing is named', { outcome: '合格', failedItems: '强度' }, ['outcome contradiction']],
    ['failed, a failing is named', { failedItems: '强度', itemsFailed: 1 }, []],
    ['refused, and still one is named', { outcome: '拒检', failedItems: '强度' }, []],
    ['made on the day', { madeOn: '2026-03-10' }, []],
    ['made after it', { madeOn: '2026-03-11' }, ['madeOn after-sampling']],
    ['one inspector', { inspectors: '甲' }, ['inspectors too-few']],
    ['one twice', { inspectors: '甲、甲' }, ['inspectors too-few']],
    ['two', { inspectors: '甲、乙' }, []],
  ] as [string, RecordData, string[]][])
    t.same(faults(inspection, tested(more)), expected, said)
})

t.test('what an interview demanded is to be done by a day', async (t) => {
  const data = { interviewedOn: '2026-03-02', authority: '省局', area: '食品', hazard: '过期原料' }
  for (const [said, more, isSound] of [
    ['nothing', {}, true],
    ['something by a day', { rectification: '改', rectificationDueOn: '2026-04-02' }, true],
    ['something that was done', { rectification: '改', rectifiedOn: '2026-04-02' }, true],
    ['something by no day', { rectification: '改' }, false],
  ] as [string, RecordData, boolean][])
    t.equal(interview.check({ ...data, ...more }).length === 0, isSound, said)
  for (const field of ['rectificationDueOn', 'rectifiedOn'] as const)
    for (const [day, faults] of [
      ['2026-03-01', [`${field} before-start`]],
      ['2026-03-02', []],
      ['2026-03-03', []],
    ] as const)
      t.same(
        interview
          .check({ ...data, rectification: '改', rectificationDueOn: '2026-03-03', [field]: day })
          .map((fault) => `${fault.field} ${fault.code}`),
        faults,
        `${field} ${day}`,
      )
  t.same(
    interview
      .check({ ...data, rectification: '改', rectificationDueOn: '2026-03-01', rectifiedOn: '2026-03-01' })
      .map(({ field }) => field),
    ['rectificationDueOn', 'rectifiedOn'],
    'both',
  )
})

t.test('whether a publication is over: on the day that it ends, not the day before', async (t) => {
  const shown = { public: true, from: '2026-03-10', rule: '' } as const
  for (const [said, publication, on, over] of [
    ['the day before it ends', { ...shown, until: '2026-06-10' }, '2026-06-09', false],
    ['on the day that it ends', { ...shown, until: '2026-06-10' }, '2026-06-10', true],
    ['after it', { ...shown, until: '2026-06-10' }, '2026-06-11', true],
    ['before it has begun', { ...shown, until: '2026-06-10' }, '2026-03-09', false],
    ['without an end', shown, '2099-01-01', false],
    ['never public', { public: false, rule: '' }, '2099-01-01', false],
    ['public no more', { public: false, rule: '', over: true }, '2026-01-01', true],
  ] as const)
    t.equal(isOver(publication, on), over, said)
})

t.test('samples without a number are two where both say something that differs', async (t) => {
  const { sampleNo: _, ...plain } = tested()
  for (const field of ['brand', 'madeOn', 'producer', 'sampledUnit', 'specification', 'batch'])
    for (const [said, one, other, isApart] of [
      ['both say the same', { [field]: '2026-01-01' }, { [field]: '2026-01-01' }, false],
      ['they differ', { [field]: '2026-01-01' }, { [field]: '2026-01-02' }, true],
      ['one says nothing', { [field]: '2026-01-01' }, { [field]: undefined }, false],
      ['the other', { [field]: undefined }, { [field]: '2026-01-01' }, false],
      ['one has a number', { [field]: '2026-01-01', sampleNo: '1' }, { [field]: '2026-01-02' }, false],
      ['the other has', { [field]: '2026-01-01' }, { [field]: '2026-01-02', sampleNo: '1' }, false],
    ] as const)
      t.equal(inspection.isApart({ ...plain, ...one }, { ...plain, ...other }), isApart, `${field}: ${said}`)
  for (const field of ['findings', 'laboratory', 'producerAddress'])
    t.equal(inspection.isApart({ ...plain, [field]: '一' }, { ...plain, [field]: '二' }), false, field)
})

t.test('a licence that was taken away says on which day', async (t) => {
  for (const status of licenceStatuses)
    for (const statusChangedOn of [undefined, '2026-03-02']) {
      const { validTo = '2028-01-09', ...data } = licenceOf('一', {
        status,
        withdrawalCause: '其他原因',
      }).data
      const lacking = licence.missing({ ...data, validTo, ...(statusChangedOn && { statusChangedOn }) })
      t.equal(
        lacking.some(({ field }) => field === 'statusChangedOn'),
        statusChangedOn === undefined && (status === '吊销' || status === '撤销'),
        `${status} ${statusChangedOn}`,
      )
    }
})
