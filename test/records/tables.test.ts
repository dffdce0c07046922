import t from 'tap'
import { award } from '../../src/records/award.ts'
import { enterprise } from '../../src/records/catalogue.ts'
import { type FieldCondition, fieldCondition, meetsField } from '../../src/records/condition.ts'
import { withoutForbidden } from '../../src/records/fields.ts'
import { inspection, inspectionKinds } from '../../src/records/inspection.ts'
import type { RecordData, RecordKind } from '../../src/records/kind.ts'
import { licence, licenceKinds, licenceStatuses } from '../../src/records/licence.ts'
import { penalty, penaltyTypes } from '../../src/records/penalty.ts'
import { patchBetween, patched, validate } from '../../src/records/validate.ts'

const TODAY = '2026-11-24'
const fined = {
  documentNo: '1号',
  procedure: '普通程序',
  conduct: '生产不合格产品',
  types: ['罚款'],
  fine: 80_000,
  decidedOn: '2026-03-02',
  authority: '市局',
}
const sampled = {
  kind: '省级监督抽查',
  inspectedOn: '2026-10-01',
  authority: '省局',
  product: '电缆',
  outcome: '不合格',
  deliveredOn: '2026-10-10',
}
const granted = { kind: '河北名牌产品', level: '省', grantedBy: '省政府', grantedOn: '2026-03-02' }
const licensed = { kind: '其他许可', number: '1', authority: '省局', issuedOn: '2026-03-02', status: '有效' }

/** From when until when something is public: `never`, `2026-03-02 …`, `2026-03-02 2029-03-02`. */
function shown(kind: RecordKind, data: RecordData): string {
  const publication = kind.publication(data)
  return publication.public ? `${publication.from} ${publication.until ?? '…'}` : 'never'
}

t.test('penalties: type by type, three months or three years from the twentieth working day', async (t) => {
  // 20 working days after Monday 2026-03-02: Monday 2026-03-30.
  for (const type of penaltyTypes) {
    const expected =
      type === '警告' ? 'never' : type === '通报批评' ? '2026-03-30 2026-06-30' : '2026-03-30 2029-03-30'
    t.equal(shown(penalty, { ...fined, types: [type] }), expected, type)
    if (type !== '警告')
      t.equal(shown(penalty, { ...fined, types: ['警告', type] }), expected, `警告 beside ${type}`)
  }
  t.equal(shown(penalty, { ...fined, types: ['通报批评', '罚款'], fine: 1000 }), '2026-03-30 2026-06-30')
  t.equal(
    shown(penalty, { ...fined, types: ['通报批评', '没收违法所得'], fine: 1000 }),
    '2026-03-30 2029-03-30',
  )
  t.equal(
    shown(penalty, { ...fined, fine: undefined }),
    '2026-03-30 2029-03-30',
    'a sum that is not known is no small one',
  )
  for (const [fine, until] of [
    [4999.99, '2026-06-30'],
    [5000, '2029-03-30'],
    [5000.01, '2029-03-30'],
  ] as const)
    t.equal(
      shown(penalty, { ...fined, fine }),
      `2026-03-30 ${until}`,
      `a fine of ${fine}, the sum itself is not below it`,
    )
  t.equal(
    shown(penalty, { ...fined, fine: undefined, total: 3000 }),
    '2026-03-30 2029-03-30',
    'a sum of fine and confiscation is no fine',
  )
  for (const [types, fine, total, isAsked] of [
    [['罚款'], undefined, 3000, true],
    [['警告', '通报批评', '罚款'], undefined, 3000, true],
    [['罚款'], 3000, 3000, false],
    [['罚款'], undefined, undefined, true],
    [['罚款'], 0, undefined, false],
    [['通报批评'], undefined, undefined, false],
    [['罚款', '没收违法所得'], undefined, 3000, false],
  ] as const)
    for (const procedure of ['普通程序', '简易程序', undefined])
      t.equal(
        penalty.missing({ ...fined, procedure, types, fine, total }).some(({ field }) => field === 'fine'),
        isAsked && procedure !== '简易程序',
        `${procedure} ${types.join('、')} ${fine} ${total}`,
      )
  t.equal(shown(penalty, { ...fined, procedure: '简易程序' }), 'never')
  t.equal(shown(penalty, { ...fined, procedure: undefined }), 'never', 'of a procedure that is not known')
})

t.test('penalties: what changes their publication', async (t) => {
  for (const [reviewOutcome, expected] of [
    ['维持', '2026-03-30 2029-03-30'],
    ['变更', 'never'],
    ['撤销', 'never'],
    ['确认违法', 'never'],
    ['确认无效', 'never'],
  ] as const)
    t.equal(shown(penalty, { ...fined, reviewOutcome }), expected, reviewOutcome)
  t.equal(shown(penalty, { ...fined, publishedOn: '2026-03-09' }), '2026-03-09 2029-03-09')
  t.equal(shown(penalty, { ...fined, publicationEndsOn: '2026-10-10' }), '2026-03-30 2026-10-10')
  const restricted = { ...fined, types: ['限制从业'] }
  for (const [restrictionEndsOn, until] of [
    ['2029-03-28', '2029-03-30'],
    ['2029-03-29', '2029-03-30'],
    ['2029-03-30', '2029-03-31'],
    ['2033-01-01', '2033-01-02'],
  ] as const)
    t.equal(
      shown(penalty, { ...restricted, restrictionEndsOn }),
      `2026-03-30 ${until}`,
      `${restrictionEndsOn}, the last day of the restriction too`,
    )
  for (const type of penaltyTypes) {
    const data = { ...fined, types: ['警告', type], restrictionEndsOn: '2033-01-01' }
    const isRestricted = type === '限制开展生产经营活动' || type === '限制从业'
    t.equal(shown(penalty, data).endsWith(' 2033-01-02'), isRestricted, `${type}: public for as long`)
    t.same(
      penalty.check(data).filter(({ field }) => field === 'restrictionEndsOn').length,
      isRestricted ? 0 : 1,
      `${type}: has an end of its restriction`,
    )
    for (const procedure of ['普通程序', '简易程序', undefined])
      t.equal(
        penalty
          .missing({ ...data, procedure, restrictionEndsOn: undefined })
          .some(({ field }) => field === 'restrictionEndsOn'),
        isRestricted && procedure !== '简易程序',
        `${procedure} ${type}: is asked for it`,
      )
  }
  t.equal(
    shown(penalty, { ...fined, types: ['通报批评'], restrictionEndsOn: '2033-01-01' }),
    '2026-03-30 2026-06-30',
  )
})

t.test('inspections: what is tested waits for the re-test, what failed is shown five years', async (t) => {
  for (const kind of inspectionKinds) {
    const tested = kind.endsWith('监督抽查')
    t.equal(
      shown(inspection, { ...sampled, kind }),
      tested ? '2026-10-27 2031-10-01' : '2026-10-01 2031-10-01',
      kind,
    )
  }
  for (const [outcome, expected] of [
    ['合格', '2026-10-27 …'],
    ['不合格', '2026-10-27 2031-10-01'],
    ['未抽到样品', '2026-10-01 …'],
    ['拒检', '2026-10-01 2031-10-01'],
  ] as const)
    t.equal(shown(inspection, { ...sampled, outcome }), expected, outcome)
  for (const [retest, expected] of [
    ['申请中', 'never'],
    ['维持原结论', '2026-10-27 2031-10-01'],
    ['改变原结论', 'never'],
  ] as const)
    t.equal(shown(inspection, { ...sampled, retest }), expected, retest)
})

t.test('licences and awards', async (t) => {
  t.equal(shown(licence, licensed), '2026-03-02 …')
  t.equal(shown(award, granted), '2026-03-02 …')
  t.equal(shown(award, { ...granted, revokedOn: '2026-06-01' }), '2026-03-02 2026-06-01')
  for (const status of licenceStatuses) {
    const ending = { ...licensed, status, validTo: '2026-11-24' }
    const expires = status === '有效' || status === '变更'
    t.same(
      licence.readOn(ending, '2026-11-24'),
      expires ? { nextOn: '2026-11-25' } : {},
      `${status}, on its last day`,
    )
    t.same(
      licence.readOn(ending, '2026-11-25'),
      expires ? { changes: { status: '过期' } } : {},
      `${status}, the day after`,
    )
  }
  t.same(licence.readOn(licensed, TODAY), {}, 'without an end')
  t.same(enterprise.readOn({}, TODAY), {})
})

t.test('an industrial production licence that holds says until when', async (t) => {
  for (const kind of licenceKinds)
    for (const status of licenceStatuses) {
      const asked = (validTo?: string) =>
        licence.missing({
          ...{ ...licensed, kind, status, statusChangedOn: '2026-03-02', validTo },
          ...(status === '撤销' && { withdrawalCause: '其他原因' }),
        }).length > 0
      const isIndustrial = kind === '全国工业产品生产许可证' || kind === '食品相关产品生产许可证'
      t.equal(asked(), isIndustrial && ['有效', '变更'].includes(status), `${kind} ${status}`)
      t.equal(asked('2029-01-01'), false, `${kind} ${status} to a day`)
    }
})

t.test('a production licence that was taken back says why', async (t) => {
  for (const [kind, status, cause, isLacking] of [
    ['全国工业产品生产许可证', '撤销', undefined, true],
    ['食品生产许可证', '撤销', undefined, true],
    ['全国工业产品生产许可证', '撤销', '机关的原因', false],
    ['全国工业产品生产许可证', '吊销', undefined, false],
    ['强制性产品认证', '撤销', undefined, false],
  ] as const) {
    const data = { ...licensed, kind, status, statusChangedOn: '2026-03-02', validTo: '2029-01-01' }
    const lacking = licence.missing({ ...data, ...(cause && { withdrawalCause: cause }) })
    t.equal(
      lacking.some(({ field }) => field === 'withdrawalCause'),
      isLacking,
      `${kind} ${status} ${cause}`,
    )
  }
  for (const [status, isFaulty] of [
    ['撤销', false],
    ['注销', false],
    ['有效', true],
    ['吊销', true],
  ] as const) {
    const faults = licence.check({ ...licensed, status, withdrawalCause: '其他原因' })
    t.equal(
      faults.some(({ field }) => field === 'withdrawalCause'),
      isFaulty,
      status,
    )
  }
})

t.test('days that fit together: the day before is refused, the day itself is not', async (t) => {
  const faults = (kind: RecordKind, data: RecordData) =>
    kind.check(data).map(({ field, code }) => `${field} ${code}`)
  for (const [kind, base, day, fields] of [
    [
      penalty,
      { ...fined, types: ['罚款', '限制从业'] },
      ['2026-03-01', '2026-03-02'],
      [
        ...['receivedOn', 'forwardedOn', 'publishedOn', 'publicationEndsOn'],
        ...['restrictionEndsOn', 'fulfilledOn', 'reviewedOn'],
      ],
    ],
    [
      inspection,
      { ...sampled, deliveredOn: undefined },
      ['2026-09-30', '2026-10-01'],
      ['deliveredOn', 'noticedOn', 'rectificationDueOn', 'rectifiedOn', 'reinspectedOn'],
    ],
    [award, granted, ['2026-03-01', '2026-03-02'], ['validTo', 'revokedOn']],
    [licence, licensed, ['2026-03-01', '2026-03-02'], ['validTo']],
  ] as const)
    for (const field of fields) {
      t.same(faults(kind, { ...base, [field]: day[0] }), [`${field} before-start`], `${field} before`)
      t.same(faults(kind, { ...base, [field]: day[1] }), [], `${field} on`)
    }
  const published = { ...fined, publishedOn: '2026-03-09' }
  t.same(faults(penalty, { ...published, publicationEndsOn: '2026-03-08' }), [
    'publicationEndsOn before-start',
  ])
  t.same(faults(penalty, { ...published, publicationEndsOn: '2026-03-09' }), [])
  t.same(faults(licence, { ...licensed, validFrom: '2026-04-01', validTo: '2026-03-31' }), [
    'validTo before-start',
  ])
  t.same(faults(licence, { ...licensed, validFrom: '2026-04-01', validTo: '2026-04-01' }), [])
  t.same(faults(penalty, { ...fined, types: ['警告'] }), ['types contradiction'], 'a fine without the type')
  t.same(faults(penalty, { ...fined, types: ['警告'], fine: 0 }), [])
  t.same(faults(penalty, { ...fined, types: ['警告'], fine: 1 }), ['types contradiction'])
  const counted = { ...sampled, itemsInspected: 3 }
  t.same(faults(inspection, { ...counted, itemsFailed: 3 }), [])
  t.same(faults(inspection, { ...counted, itemsFailed: 4 }), ['itemsFailed more-than-inspected'])
  t.same(faults(inspection, { ...counted, outcome: '合格', itemsFailed: 0 }), [])
  t.same(faults(inspection, { ...counted, outcome: '合格', itemsFailed: 1 }), ['outcome contradiction'])
  t.same(faults(inspection, { ...sampled, itemsFailed: 1 }), [])
  t.same(faults(enterprise, {}), [])
})

t.test('what makes two records of a file the same', async (t) => {
  t.equal(penalty.identity(fined), '1')
  t.equal(licence.identity(licensed), '其他许可|1')
  t.not(licence.identity(licensed), licence.identity({ ...licensed, kind: '食品生产许可证' }))
  t.equal(enterprise.identity({ name: '甲公司' }), '')
  for (const field of ['kind', 'level', 'title', 'documentNo', 'grantedOn'])
    t.not(award.identity(granted), award.identity({ ...granted, [field]: '2026-05-01' }), field)
  t.equal(award.identity(granted), award.identity({ ...granted, grantedBy: '省人民政府' }))
  for (const field of ['kind', 'inspectedOn', 'authority', 'product', 'batch'])
    t.not(inspection.identity(sampled), inspection.identity({ ...sampled, [field]: 'x' }), field)
  const reported = { ...sampled, reportNo: 'R-1' }
  for (const field of ['kind', 'reportNo', 'product', 'batch'])
    t.not(inspection.identity(reported), inspection.identity({ ...reported, [field]: 'x' }), field)
  t.equal(
    inspection.identity(reported),
    inspection.identity({ ...reported, authority: 'x' }),
    'a report has one number',
  )
})

t.test('conditions on a field', async (t) => {
  const meets = (value: unknown, condition: Omit<FieldCondition, 'field'>) =>
    meetsField(value, { field: 'x', ...condition }, TODAY)
  for (const [value, condition, expected] of [
    ['甲', { is: ['甲', '乙'] }, true],
    ['乙', { is: ['甲', '乙'] }, true],
    ['丙', { is: ['甲', '乙'] }, false],
    [undefined, { is: ['甲'] }, false],
    [['丙', '甲'], { is: ['甲'] }, true],
    [['丙'], { is: ['甲'] }, false],
    [[], { is: ['甲'] }, false],
    ['甲', { not: ['甲', '乙'] }, false],
    ['乙', { not: ['甲', '乙'] }, false],
    ['丙', { not: ['甲'] }, true],
    [undefined, { not: ['甲'] }, true],
    [['丙', '甲'], { not: ['甲'] }, false],
    ['无证生产', { contains: ['伪造', '无证'] }, true],
    ['生产', { contains: ['伪造', '无证'] }, false],
    [undefined, { contains: ['无证'] }, false],
    [['无证'], { contains: ['无证'] }, false],
    [3, { atLeast: 3 }, true],
    [2, { atLeast: 3 }, false],
    ['3', { atLeast: 3 }, false],
    [3, { atMost: 3 }, true],
    [4, { atMost: 3 }, false],
    ['3', { atMost: 3 }, false],
    [0, { atLeast: 0, atMost: 0 }, true],
    ['甲', { present: true }, true],
    ['甲', { present: false }, false],
    [undefined, { present: true }, false],
    [undefined, { present: false }, true],
    [null, { present: false }, true],
    ['2026-11-23', { past: true }, true],
    [TODAY, { past: true }, false],
    ['2026-11-25', { past: true }, false],
    [undefined, { past: true }, false],
    ['甲', { is: ['甲'], not: ['甲'] }, false],
    ['甲乙', { is: ['甲乙'], contains: ['丙'] }, false],
  ] as const)
    t.equal(
      meets(value, structuredClone(condition) as Omit<FieldCondition, 'field'>),
      expected,
      `${JSON.stringify(value)} ${JSON.stringify(condition)}`,
    )
  const accepts = (condition: object) => fieldCondition.safeParse({ field: 'x', ...condition }).success
  t.notOk(accepts({}), 'a condition that says nothing')
  for (const [key, most] of [
    ['is', 50],
    ['not', 50],
    ['contains', 50],
  ] as const) {
    const words = (count: number) => Array.from({ length: count }, (_, i) => `词${i}`)
    t.ok(accepts({ [key]: words(1) }))
    t.ok(accepts({ [key]: words(most) }), `${most} of ${key}`)
    t.notOk(accepts({ [key]: words(most + 1) }))
    t.notOk(accepts({ [key]: [] }))
    t.ok(accepts({ [key]: ['字'.repeat(100)] }))
    t.notOk(accepts({ [key]: ['字'.repeat(101)] }))
    t.notOk(accepts({ [key]: [''] }))
  }
  t.notOk(accepts({ past: false }))
  t.ok(fieldCondition.safeParse({ field: 'x'.repeat(60), past: true }).success)
  t.notOk(fieldCondition.safeParse({ field: 'x'.repeat(61), past: true }).success)
  t.notOk(fieldCondition.safeParse({ field: '', past: true }).success)
})

t.test('merge patches', async (t) => {
  t.same(patched({ a: 1, b: 2 }, { b: 3, c: 4 }), { a: 1, b: 3, c: 4 })
  t.same(patched({ a: 1, b: 2 }, { b: null }), { a: 1 })
  t.same(patched({ a: 1, b: 2 }, { b: undefined }), { a: 1 })
  t.same(patched({}, { a: 0 }), { a: 0 })
  t.same(patchBetween({ a: 1, b: [1], c: 3 }, { a: 1, b: [2], d: 4 }), { b: [2], c: null, d: 4 })
  t.equal(patchBetween({ a: [1], b: 2 }, { b: 2, a: [1] }), undefined)
  const before = { a: 1 }
  patched(before, { a: 2 })
  t.same(before, { a: 1 }, 'what was there stays as it was')
})

t.test('what is wrong with a field, by its kind of fault', async (t) => {
  const faults = (kind: RecordKind, data: unknown) => {
    const result = validate(kind, data, TODAY)
    return result.ok ? [] : result.faults.map(({ field, code }) => `${field} ${code}`)
  }
  const without = (field: string) =>
    Object.fromEntries(Object.entries(fined).filter(([name]) => name !== field))
  for (const field of ['documentNo', 'conduct', 'types', 'decidedOn', 'authority'])
    t.same(faults(penalty, without(field)), [`${field} required`], field)
  for (const [change, fault] of [
    [{ documentNo: 7 }, 'documentNo type'],
    [{ types: '罚款' }, 'types type'],
    [{ types: ['罚'] }, 'types choice'],
    [{ types: [] }, 'types too-small'],
    [{ types: ['罚款', '罚款'] }, 'types repeated'],
    [{ procedure: '一般' }, 'procedure choice'],
    [{ fine: '3' }, 'fine type'],
    [{ fine: 0.001 }, 'fine money'],
    [{ fine: -0.01 }, 'fine too-small'],
    [{ fine: 1e13 + 1 }, 'fine too-big'],
    [{ conduct: '字'.repeat(301) }, 'conduct too-big'],
    [{ decidedOn: '2026-02-30' }, 'decidedOn date'],
    [{ decidedOn: '1899-12-31' }, 'decidedOn date'],
    // What programs write where they have no date.
    [{ decidedOn: '1900-01-01' }, 'decidedOn no-date'],
    [{ decidedOn: '1949-09-30' }, 'decidedOn no-date'],
    [{ decidedOn: '1970-01-01' }, 'decidedOn no-date'],
    [{ types: ['限制从业'], restrictionEndsOn: '2200-01-01', fine: 0 }, 'restrictionEndsOn date'],
    [{ decidedOn: '2026-11-25' }, 'decidedOn future-date'],
    [{ colour: 'red' }, 'colour unknown-field'],
  ] as const)
    t.same(faults(penalty, { ...fined, ...change }), [fault], fault)
  for (const change of [
    { fine: 0 },
    { fine: 0.01 },
    { fine: 80_000.5 },
    { fine: 1e13 },
    { conduct: '字'.repeat(300) },
    { decidedOn: TODAY },
    { decidedOn: '1949-10-01' },
    { decidedOn: '1969-12-31' },
    { decidedOn: '1970-01-02' },
    { types: ['罚款', '限制从业'], restrictionEndsOn: '2199-12-31' },
  ])
    t.same(faults(penalty, { ...fined, ...change }), [], JSON.stringify(change).slice(0, 60))
  t.same(faults(inspection, { ...sampled, itemsInspected: 1_000_000 }), [])
  for (const itemsInspected of [-1, 1_000_001, 1.5])
    t.match(faults(inspection, { ...sampled, itemsInspected }), [/^itemsInspected/], `${itemsInspected}`)
})

t.test('a day before the decision is told by its name and both days', async (t) => {
  for (const [field, label] of [
    ['receivedOn', '收到外省推送日期'],
    ['forwardedOn', '推送外省日期'],
    ['publishedOn', '公示日期'],
    ['publicationEndsOn', '公示截止日期'],
    ['restrictionEndsOn', '限制期限至'],
    ['fulfilledOn', '履行完毕日期'],
    ['reviewedOn', '复议或诉讼结果日期'],
  ] as const) {
    const told = (day: string) =>
      penalty
        .check({ ...fined, [field]: day })
        .filter(({ code }) => code === 'before-start')
        .map(({ field: at, detail }) => [at, detail])
    t.same(told('2026-03-01'), [[field, `${label}（2026-03-01）早于处罚决定日期（2026-03-02），请核对。`]])
    t.same(told('2026-03-02'), [], `${field} on the day`)
  }
})

t.test('what is no record at all, and a field that has to be there', async (t) => {
  for (const [input, faults] of [
    [undefined, [' type']],
    [null, [' type']],
    ['文字', [' type']],
    [{ ...fined, conduct: undefined }, ['conduct required']],
    [{ ...fined, conduct: 5 }, ['conduct type']],
    [{ ...fined, decidedOn: undefined }, ['decidedOn required']],
  ] as const) {
    const checked = validate(penalty, input, TODAY)
    t.same(
      checked.ok || checked.faults.map(({ field, code }) => `${field} ${code}`),
      faults,
      JSON.stringify(input),
    )
  }
})

t.test('a fault in a table is told by its line, one in a list is not', async (t) => {
  const told = (kind: RecordKind, data: RecordData) => {
    const checked = validate(kind, data, TODAY)
    return checked.ok ? [] : checked.faults.map(({ detail }) => detail.split('：')[0])
  }
  t.same(told(penalty, { ...fined, types: ['没有的种类'] }), ['处罚种类'])
  t.same(told(penalty, { ...fined, types: ['罚款', '没有的种类'] }), ['处罚种类'])
  const items = (...names: unknown[]) => ({ ...sampled, items: names.map((name) => ({ name })) })
  t.match(told(inspection, items('厚度', 5)), [/第 2 /])
  t.match(told(inspection, items(5, '厚度')), [/第 1 /])
})

t.test('what no text may hold is shown by a mark in its place', async (t) => {
  for (const [text, shown] of [
    ['石家庄', '石家庄'],
    ['甲\n乙\t丙\r', '甲\n乙\t丙\r'],
    ['甲\u0000乙', '甲\ufffd乙'],
    ['\u0008\u000b\u000c\u000e\u001f', '\ufffd'.repeat(5)],
    ['\u007f\u009f\u00a0', '\ufffd\ufffd\u00a0'],
    ['\u2027\u2028\u2029\u202a\u202e\u202f', '\u2027\ufffd\ufffd\ufffd\ufffd\u202f'],
    ['\u2065\u2066\u2069\u206a', '\u2065\ufffd\ufffd\u206a'],
    ['\ufffe\uffff', '\ufffd\ufffd'],
    ['\ud800甲', '\ufffd甲'],
    ['𠂉甲', '𠂉甲'],
  ] as const)
    t.equal(
      withoutForbidden(text),
      shown,
      Array.from(text, (one) => one.codePointAt(0)?.toString(16)).join(' '),
    )
})
