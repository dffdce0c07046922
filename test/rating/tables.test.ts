import t from 'tap'
import { anticipated } from '../../src/dossier/anticipate.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { violationCategories } from '../../src/records/penalty.ts'
import { award, fileWith, licence, penalty, sampling, type TestRecord } from './files.ts'

/** Both standards, rule by rule and day by day. All points are counted by hand from the rules' words. */

const ON = '2026-11-24'
const [four, classes] = shippedStandards
if (!four || !classes) throw new Error('no standards')
const rated = (by: typeof four, ...records: TestRecord[]) => rate(fileWith(records), by, ON, catalogue)
const held = licence('l', { issuedOn: '2020-01-10', validTo: '2028-01-09' })
/** Points of one item, 0 where it counts nothing. */
const points = (by: typeof four, item: string, ...records: TestRecord[]) =>
  rated(by, held, ...records).items.find(({ id }) => id === item)?.points ?? 0
const limits = (by: typeof four, ...records: TestRecord[]) =>
  rated(by, held, ...records).limits.map(({ id, grade }) => `${id} ${grade}`)
const many = (count: number, make: (i: number) => TestRecord) =>
  Array.from({ length: count }, (_, i) => make(i))
/** So many tests passed and failed. */
const tests = (passed: number, failed: number, more: RecordData = {}) => [
  ...many(passed, (i) => sampling(`p${i}`, '2026-05-01', '合格', more)),
  ...many(failed, (i) => sampling(`f${i}`, '2026-05-02', '不合格', { severity: '轻微', ...more })),
]

t.test('pass rate, step by step', async (t) => {
  for (const [passed, failed, expected] of [
    [0, 0, 0],
    [1, 0, 10],
    [10, 0, 10],
    [99, 1, 5],
    [9, 1, 5],
    [89, 11, 0],
    [8, 2, 0],
    [79, 21, -5],
    [5, 5, -5],
    [49, 51, -15],
    [0, 1, -15],
  ] as const)
    t.equal(
      points(four, 'pass-rate', ...tests(passed, failed)),
      expected,
      `four grades: ${passed} of ${passed + failed}`,
    )
  for (const [passed, failed, expected] of [
    [1, 0, 10],
    [99, 1, 5],
    [9, 1, 5],
    [89, 11, -10],
    [0, 1, -10],
  ] as const)
    t.equal(
      points(classes, 'passed-sampling', ...tests(passed, failed)),
      expected,
      `classes: ${passed} of ${passed + failed}`,
    )
  for (const [kind, four_, sampled] of [
    ['国家监督抽查', 10, 10],
    ['省级监督抽查', 10, 10],
    ['市级监督抽查', 10, 10],
    ['县级监督抽查', 10, 10],
    ['日常巡查', 10, 0],
    ['专项检查', 10, 0],
    ['证后监管', 10, 0],
    ['复查', 10, 0],
  ] as const) {
    t.equal(points(four, 'pass-rate', ...tests(1, 0, { kind })), four_, kind)
    t.equal(points(classes, 'passed-sampling', ...tests(1, 0, { kind })), sampled, kind)
  }
  for (const outcome of ['未抽到样品', '拒检'])
    t.equal(points(four, 'pass-rate', ...tests(1, 0), sampling('x', '2026-05-01', outcome)), 10, outcome)
})

t.test('each failed test, by how grave it is', async (t) => {
  for (const [severity, one, two] of [
    ['轻微', -3, -8],
    ['一般', -6, -8],
    ['较重', -10, -8],
    ['严重', -20, -20],
    [undefined, -6, -8],
  ] as const) {
    const failed = (i: number) => sampling(`f${i}`, '2026-05-02', '不合格', { severity })
    t.equal(points(four, 'failed-inspection', failed(1)), one, `${severity}`)
    t.equal(points(four, 'failed-inspection', failed(1), failed(2)), 2 * one, `${severity}, twice`)
    t.equal(points(four, 'failed-inspection', ...many(20, failed)), -40, `${severity}, at most`)
    t.equal(points(classes, 'failed-inspection', failed(1)), two, `${severity}`)
    t.equal(points(classes, 'failed-inspection', ...many(20, failed)), -40)
  }
  const retested = (retest: string) => sampling('f', '2026-05-02', '不合格', { retest })
  t.equal(points(four, 'failed-inspection', retested('维持原结论')), -6)
  t.equal(points(four, 'failed-inspection', retested('改变原结论')), 0)
  t.equal(points(four, 'failed-inspection', retested('申请中')), 0)
})

t.test('re-inspection, rectification, refusal', async (t) => {
  const failed = (i: number, more: RecordData) => sampling(`f${i}`, '2026-05-02', '不合格', more)
  const again = (i: number) => failed(i, { reinspectionOutcome: '不合格' })
  t.equal(points(four, 'failed-reinspection', again(1)), -15)
  t.equal(points(four, 'failed-reinspection', again(1), again(2)), -30)
  t.equal(points(four, 'failed-reinspection', again(1), again(2), again(3)), -30, 'at most')
  t.equal(points(four, 'failed-reinspection', failed(1, { reinspectionOutcome: '合格' })), 0)
  const late = (i: number, more: RecordData = {}) => failed(i, { rectificationDueOn: '2026-11-23', ...more })
  t.equal(points(four, 'rectification-overdue', late(1)), -10, 'the day after it was due')
  t.equal(points(four, 'rectification-overdue', late(1, { rectificationDueOn: ON })), 0, 'on its day')
  t.equal(points(four, 'rectification-overdue', late(1), late(2)), -20)
  t.equal(points(four, 'rectification-overdue', late(1), late(2), late(3)), -20, 'at most')
  t.equal(points(four, 'rectification-overdue', late(1, { rectifiedOn: '2026-11-24' })), 0)
  const refused = (i: number) => sampling(`r${i}`, '2026-05-02', '拒检')
  t.equal(points(four, 'refusal', refused(1)), -20)
  t.equal(points(four, 'refusal', refused(1), refused(2)), -40)
  t.equal(points(four, 'refusal', refused(1), refused(2), refused(3)), -40, 'at most')
})

t.test('each penalty, by how grave it is, fading month by month', async (t) => {
  for (const [severity, one, two] of [
    ['较轻', -5, -15],
    ['一般', -10, -15],
    ['较重', -20, -15],
    ['严重', -30, -30],
    [undefined, -10, -15],
  ] as const) {
    const fined = (i: number) => penalty(`p${i}`, ON, { severity })
    t.equal(points(four, 'penalty', fined(1)), one, `${severity}`)
    t.equal(points(four, 'penalty', ...many(20, fined)), -60, `${severity}, at most`)
    t.equal(points(classes, 'penalty', fined(1)), two, `${severity}`)
    t.equal(points(classes, 'penalty', ...many(20, fined)), -60)
  }
  for (const [decidedOn, left] of [
    [ON, -36],
    ['2026-10-25', -36],
    ['2026-10-24', -35],
    ['2026-09-25', -35],
    ['2026-09-24', -34],
    ['2025-11-24', -24],
    ['2023-12-24', -1],
    ['2023-11-25', -1],
    ['2023-11-24', 0],
  ] as const)
    t.equal(
      points(four, 'penalty', penalty('p', decidedOn, { severity: '较重' })),
      Math.round((left * 20 * 100) / 36) / 100,
      decidedOn,
    )
  for (const [decidedOn, counts] of [
    ['2024-11-25', -15],
    ['2024-11-24', 0],
  ] as const)
    t.equal(points(classes, 'penalty', penalty('p', decidedOn)), counts, decidedOn)
  for (const [reviewOutcome, counts] of [
    ['维持', true],
    ['撤销', false],
    ['确认违法', false],
    ['确认无效', false],
  ] as const) {
    t.equal(points(four, 'penalty', penalty('p', ON, { reviewOutcome })) !== 0, counts, reviewOutcome)
    t.equal(points(classes, 'penalty', penalty('p', ON, { reviewOutcome })) !== 0, counts, reviewOutcome)
  }
  for (const by of [four, classes])
    t.equal(points(by, 'penalty', penalty('p', ON, { procedure: '简易程序' })), 0)
})

t.test('each award, by its level', async (t) => {
  for (const [level, one, two] of [
    ['国家', 6, 10],
    ['省', 4, 10],
    ['市', 2, 3],
    ['县', 1, 3],
  ] as const) {
    t.equal(points(four, 'award', award('a', level, '2026-05-01')), one, level)
    t.equal(
      points(four, 'award', ...many(20, (i) => award(`a${i}`, level, '2026-05-01'))),
      10,
      `${level}, at most`,
    )
    t.equal(points(classes, 'award', award('a', level, '2026-05-01')), two, level)
    t.equal(points(classes, 'award', ...many(20, (i) => award(`a${i}`, level, '2026-05-01'))), 15)
  }
  for (const by of [four, classes]) {
    t.ok(points(by, 'award', award('a', '省', '2023-11-25')) > 0)
    t.equal(points(by, 'award', award('a', '省', '2023-11-24')), 0, '36 months later')
    t.equal(points(by, 'award', award('a', '省', '2026-11-25')), 0, 'tomorrow')
    t.equal(points(by, 'award', award('a', '省', '2026-05-01', { revokedOn: '2026-06-01' })), 0)
  }
})

t.test('licences on hold', async (t) => {
  t.equal(points(classes, 'suspended-licence', licence('m', { status: '暂停' })), -10)
  t.equal(
    points(classes, 'suspended-licence', licence('m', { status: '暂停' }), licence('n', { status: '暂停' })),
    -10,
  )
  t.equal(
    points(classes, 'suspended-licence', licence('m', { status: '暂停', issuedOn: '1999-01-01' })),
    -10,
    'ever',
  )
})

t.test('limits, to the day', async (t) => {
  for (const conduct of ['无证生产电缆', '未取得生产许可', '未依照本条例规定申请取得生产许可证而擅自生产'])
    t.same(limits(four, penalty('p', ON, { conduct })), ['unlicensed D'], conduct)
  const unlicensed = (decidedOn: string) => limits(four, penalty('p', decidedOn, { conduct: '无证生产' }))
  t.same(unlicensed('2023-11-25'), ['unlicensed D'])
  t.same(unlicensed('2023-11-24'), [], '36 months later')
  for (const category of violationCategories) {
    const termed = (decidedOn: string, conduct: string) =>
      limits(four, penalty('p', decidedOn, { conduct, category }))
    const isUnlicensed = category === '无证生产经营'
    t.same(termed('2023-11-25', '擅自生产电缆'), isUnlicensed ? ['unlicensed-term D'] : [], category)
    t.same(termed('2023-11-25', '不属于无证生产'), isUnlicensed ? ['unlicensed-term D'] : [], category)
    t.same(termed('2023-11-24', '无证生产'), [], `${category}: 36 months later`)
  }
  for (const [status, limited] of [
    ['吊销', true],
    ['撤销', true],
    ['有效', false],
    ['变更', false],
    ['暂停', false],
    ['注销', false],
    ['过期', false],
  ] as const)
    for (const by of [four, classes])
      t.same(
        limits(
          by,
          licence('m', {
            ...{ status, statusChangedOn: '2026-05-06', issuedOn: '1999-01-01' },
            ...(status === '撤销' && { withdrawalCause: '其他原因' }),
          }),
        ),
        limited ? ['licence-revoked C'] : [],
        `${by.id}: ${status}`,
      )
  for (const [withdrawalCause, limited] of [
    ['以欺骗、贿赂等不正当手段取得', true],
    ['其他原因', true],
    ['机关的原因', false],
  ] as const)
    for (const by of [four, classes])
      t.same(
        limits(by, licence('m', { status: '撤销', statusChangedOn: '2026-05-06', withdrawalCause })),
        limited ? ['licence-revoked C'] : [],
        `${by.id}: ${withdrawalCause}`,
      )
  const kinds = ['全国工业产品生产许可证', '食品生产许可证', '强制性产品认证'] as const
  for (const [kind, status, statusChangedOn, id] of [
    [0, '吊销', '2023-11-25', 'licence-revoked'],
    [0, '吊销', '2023-11-24', undefined],
    [0, '吊销', '2023-11-23', undefined],
    [0, '撤销', '2023-11-25', 'licence-revoked'],
    [0, '撤销', '2023-11-24', undefined],
    [1, '吊销', '2021-11-25', 'food-licence-revoked'],
    [1, '吊销', '2021-11-24', undefined],
    [1, '吊销', '2021-11-23', undefined],
    [2, '撤销', '2023-11-25', 'licence-revoked'],
    [2, '撤销', '2023-11-24', undefined],
  ] as const)
    for (const by of [four, classes]) {
      const rating = rated(
        by,
        held,
        licence('m', {
          ...{ kind: kinds[kind], status, statusChangedOn, issuedOn: '1999-01-01' },
          ...(status === '撤销' && { withdrawalCause: '其他原因' }),
        }),
      )
      const place = `${by.id} ${kind} ${status} ${statusChangedOn}`
      t.same(
        rating.limits.map((limit) => limit.id),
        id ? [id] : [],
        place,
      )
      t.equal(rating.limitedUntil, id && '2026-11-25', place)
    }
  const twice = (...days: string[]) =>
    rated(four, held, ...days.map((on, i) => licence(`m${i}`, { status: '吊销', statusChangedOn: on })))
      .limitedUntil
  t.equal(twice('2024-01-10', '2026-05-06'), '2029-05-06', 'the last of two')
  for (const [plain, food, until] of [
    ['2026-05-06', '2022-05-06', '2027-05-06'],
    ['2024-05-06', '2026-05-06', '2027-05-06'],
  ] as const) {
    const lost = (id: string, kind: string, statusChangedOn: string) =>
      licence(id, { kind, status: '吊销', statusChangedOn, issuedOn: '1999-01-01' })
    const both = rated(four, held, lost('m', kinds[0], plain), lost('n', kinds[1], food))
    t.equal(
      both.limitedUntil,
      until,
      `${plain} and ${food}: looked at again when the first of two limits ends`,
    )
  }
  t.same(
    limits(four, licence('m', { status: '吊销' })),
    ['licence-revoked C', 'incomplete B'],
    'no day: until it is said',
  )
  const refused = (by: typeof four, on: string) => limits(by, sampling('r', on, '拒检'))
  t.same(refused(four, '2025-11-25'), ['refused-sampling C'])
  t.same(refused(four, '2025-11-24'), [], '12 months later')
  t.same(refused(classes, '2024-11-25'), ['refused C'])
  t.same(refused(classes, '2024-11-24'), [], '24 months later')
  const grave = (decidedOn: string, severity = '严重') => limits(four, penalty('p', decidedOn, { severity }))
  t.same(grave('2024-11-25'), ['grave-penalty C'])
  t.same(grave('2024-11-24'), [], '24 months later')
  for (const severity of ['较轻', '一般', '较重']) t.same(grave(ON, severity), [], severity)
  const failed = (on: string, more: RecordData = {}) => limits(classes, sampling('f', on, '不合格', more))
  t.same(failed('2025-11-25'), ['failed B'])
  t.same(failed('2025-11-24'), [], '12 months later')
  t.same(failed('2026-05-02', { retest: '改变原结论' }), [])
  for (const [by, grade] of [
    [four, 'D'],
    [classes, 'C'],
  ] as const) {
    const listed = (from: string, until: string) =>
      rate(fileWith([held], { from, until }), by, ON, catalogue).limits.map(
        ({ id, grade }) => `${id} ${grade}`,
      )
    t.same(listed(ON, '2029-11-24'), [`listed ${grade}`], 'from its first day')
    t.same(listed('2026-11-25', '2029-11-25'), [], 'not before')
    t.same(listed('2023-11-25', '2026-11-25'), [`listed ${grade}`], 'on its last day')
    t.same(listed('2023-11-24', ON), [], 'not after')
  }
  t.same(
    [four, classes].map(({ limits: all }) => all.filter(({ atOnce }) => atOnce).map(({ id }) => id)),
    [
      ['listed', 'licence-revoked', 'food-licence-revoked'],
      ['listed', 'licence-revoked', 'food-licence-revoked'],
    ],
    'which act at once',
  )
})

t.test('grades begin with their points', async (t) => {
  const level = (name: string) => award(`a-${name}`, name, '2026-05-01')
  const fined = (severity: string, i = 0) => penalty(`p${severity}${i}`, ON, { severity })
  for (const [records, total, grade] of [
    [[level('省'), level('县')], 85, 'A'],
    [[level('省')], 84, 'B'],
    [[fined('较重'), level('省'), level('县')], 65, 'B'],
    [[fined('较重'), level('省')], 64, 'C'],
    [many(4, (i) => fined('一般', i)), 40, 'C'],
    [[...many(4, (i) => fined('一般', i)), fined('较轻'), level('省')], 39, 'D'],
  ] as const) {
    const rating = rated(four, held, ...records)
    t.same([rating.points, rating.grade], [total, grade], `${total}`)
  }
  for (const [records, total, grade] of [
    [[level('省'), ...tests(1, 0)], 95, 'AA'],
    [[level('省')], 85, 'A'],
    [[level('市')], 78, 'B'],
    [[fined('一般')], 60, 'B'],
    [[fined('一般', 1), fined('一般', 2), level('省'), level('国家')], 60, 'B'],
    [[fined('一般', 1), fined('一般', 2), level('省'), level('市')], 58, 'C'],
    [[level('国家'), fined('一般'), ...tests(1, 0)], 80, 'A'],
    [[level('省'), level('国家'), ...tests(9, 1)], 87, 'B'],
  ] as const) {
    const rating = rated(classes, held, ...records)
    t.same([rating.points, rating.grade], [total, grade], `${total}`)
  }
})

t.test('what a file must hold to be rated', async (t) => {
  for (const by of [four, classes]) {
    for (const [status, isRated] of [
      ['有效', true],
      ['变更', true],
      ['暂停', true],
      ['注销', false],
      ['过期', false],
    ] as const)
      t.equal(rated(by, licence('m', { status })).grade !== null, isRated, `${by.id}: ${status}`)
    t.equal(rated(by, licence('m', { validTo: ON })).grade !== null, true, 'on its last day')
    t.equal(rated(by, licence('m', { validTo: '2026-11-23' })).grade, null, 'the day after')
    t.equal(rated(by, sampling('i', '2024-11-25', '未抽到样品')).grade !== null, true)
    t.equal(rated(by, sampling('i', '2024-11-24', '未抽到样品')).grade, null, '24 months later')
    t.equal(rated(by, award('a', '省', '2026-05-01')).grade, null, 'an award alone')
    t.match(rated(by), { grade: null, points: by.start, items: [], limits: [] })
  }
  t.match(
    rated(four, penalty('p', ON, { conduct: '无证生产' })),
    { grade: 'D' },
    'a limit rates a file with nothing else',
  )
})

t.test('a sampling result counts once it is final', async (t) => {
  const delivered = (deliveredOn: string | undefined, retest?: string) =>
    points(four, 'failed-inspection', sampling('f', '2026-10-01', '不合格', { deliveredOn, retest }))
  t.equal(delivered('2026-11-08'), -6, 'the day after the fifteenth')
  t.equal(delivered('2026-11-09'), 0, 'on the fifteenth day')
  t.equal(points(four, 'pass-rate', sampling('p', '2026-10-01', '合格', { deliveredOn: '2026-11-08' })), 10)
  t.equal(points(four, 'failed-inspection', sampling('f', ON, '不合格', { kind: '日常巡查' })), -6, 'at once')
  t.equal(
    points(four, 'failed-inspection', sampling('f', '2026-11-25', '不合格', { kind: '日常巡查' })),
    0,
    'not before its day',
  )
})

t.test('the next better grade, and what stands in the way', async (t) => {
  const overdue = sampling('f', '2026-05-02', '不合格', { rectificationDueOn: '2026-06-01' })
  t.match(rated(four, held, overdue), {
    points: 49,
    grade: 'C',
    next: {
      grade: 'B',
      missing: 16,
      limits: [],
      items: ['pass-rate', 'rectification-overdue', 'failed-inspection'],
    },
  })
  t.match(rated(four, held, ...tests(1, 0), penalty('p', '2024-12-24', { severity: '严重' })), {
    grade: 'C',
    next: { grade: 'B', missing: 0, limits: ['grave-penalty'] },
  })
  t.match(
    rated(
      four,
      held,
      ...tests(1, 0),
      sampling('r', '2026-05-01', '拒检'),
      penalty('p', ON, { conduct: '无证生产' }),
    ),
    {
      grade: 'D',
      next: { grade: 'C', limits: ['unlicensed'] },
    },
  )
  t.equal(rated(four, held, award('a', '国家', '2026-05-01')).next, undefined, 'the best has none')
  t.match(rated(classes, held, sampling('f', '2026-05-02', '不合格'), award('a', '国家', '2026-05-01')), {
    points: 67,
    grade: 'B',
    next: { grade: 'A', missing: 13, limits: ['failed'] },
  })
})

t.test('of two records one withdrawn, the other counts', async (t) => {
  const author = { authority: '省局', officer: '丁' }
  const two = fileWith([held, penalty('p', ON), penalty('q', ON)])
  const after = anticipated(two, [
    {
      subject: two.key,
      kind: 'record.withdrawn',
      payload: { id: 'p', reason: '错' },
      visibility: 'public',
      author,
    },
  ])
  t.match(after && rate(after, four, ON, catalogue).items, [{ id: 'penalty', points: -10, records: ['q'] }])
  t.same(rate(two, four, ON, catalogue).items[0]?.records, ['p', 'q'])
})
