import t from 'tap'
import { rankOfGrade, rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import type { Standard } from '../../src/rating/standard.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { fc } from '../properties.ts'
import { award, fileWith, licence, penalty, sampling, type TestRecord } from './files.ts'

const ON = '2026-11-24'
const standard = (id: string): Standard => {
  const found = shippedStandards.find((known) => known.id === id)
  if (!found) throw new Error(id)
  return found
}
const four = standard('four-grades')
const classes = standard('enterprise-classes')
const rated = (by: Standard, ...records: TestRecord[]) => rate(fileWith(records), by, ON, catalogue)
const points = (by: Standard, ...records: TestRecord[]) =>
  Object.fromEntries(rated(by, ...records).items.map((item) => [item.id, item.points]))

t.test('four grades, computed by hand', async (t) => {
  t.match(rated(four, licence('l')), { grade: 'B', points: 80, items: [], limits: [] })
  // 80 + 10 for passing everything + 4 for a provincial award.
  t.match(rated(four, licence('l'), sampling('i', '2026-03-01', '合格'), award('a', '省', '2025-06-01')), {
    grade: 'A',
    points: 94,
    items: [
      { id: 'pass-rate', points: 10, records: ['i'] },
      { id: 'award', points: 4, records: ['a'] },
    ],
  })
  // One of two fails: a share of 0.5 takes 5, the grave failure 20; 80 − 5 − 20 = 55.
  const failed = [
    sampling('i', '2026-03-01', '合格'),
    sampling('j', '2026-04-01', '不合格', { severity: '严重' }),
  ]
  t.match(rated(four, licence('l'), ...failed), {
    grade: 'C',
    points: 55,
    next: { grade: 'B', missing: 10, limits: [], items: ['failed-inspection', 'pass-rate'] },
  })
  // A penalty of 2026-08-24 is 3 whole months old: 20 × 33/36 = 18.33.
  t.match(points(four, licence('l'), penalty('p', '2026-08-24', { severity: '较重' })), { penalty: -18.33 })
  t.match(points(four, licence('l'), penalty('p', '2026-08-25', { severity: '较重' })), { penalty: -18.89 })
  t.same(points(four, licence('l'), penalty('p', '2023-11-24')), {}, '36 months later it counts no more')
  // Rectification overdue: 80 − 15 (nothing passed) − 6 − 10.
  const overdue = sampling('i', '2026-03-01', '不合格', { rectificationDueOn: '2026-05-01' })
  t.match(rated(four, licence('l'), overdue), { grade: 'C', points: 49 })
  const mended = sampling('i', '2026-03-01', '不合格', {
    rectificationDueOn: '2026-05-01',
    rectifiedOn: '2026-04-20',
  })
  t.match(rated(four, licence('l'), mended), { grade: 'C', points: 59 })
  // The cap: five grave failures take 40 and not 100.
  const many = Array.from({ length: 5 }, (_, i) =>
    sampling(`i${i}`, `2026-0${i + 1}-01`, '不合格', { severity: '严重' }),
  )
  t.match(points(four, ...many), { 'failed-inspection': -40, 'pass-rate': -15 })
})

t.test('limits of the four grades', async (t) => {
  const good = [licence('l'), sampling('i', '2026-03-01', '合格'), award('a', '国家', '2025-06-01')]
  t.equal(rated(four, ...good).grade, 'A')
  t.match(rate(fileWith(good, { from: '2026-05-01', until: '2029-05-01' }), four, ON, catalogue), {
    grade: 'D',
    limits: [{ id: 'listed', grade: 'D' }],
    next: { grade: 'C', missing: 0, limits: ['listed'] },
  })
  t.equal(rate(fileWith(good, { from: '2023-11-24', until: '2026-11-24' }), four, ON, catalogue).grade, 'A')
  t.match(rated(four, ...good, penalty('p', '2026-01-01', { conduct: '无证生产电缆', severity: '较轻' })), {
    grade: 'D',
    limits: [{ id: 'unlicensed', records: ['p'] }],
  })
  t.equal(rated(four, ...good, sampling('r', '2026-06-01', '拒检')).grade, 'C')
  t.equal(rated(four, ...good, sampling('r', '2025-06-01', '拒检')).limits.length, 0, 'after 12 months')
  t.equal(rated(four, ...good, licence('m', { status: '吊销' })).grade, 'C')
})

t.test('enterprise classes, computed by hand', async (t) => {
  t.match(rated(classes, licence('l')), { grade: 'B', points: 75 })
  t.match(rated(classes, licence('l'), sampling('i', '2026-03-01', '合格')), { grade: 'A', points: 85 })
  t.match(rated(classes, licence('l'), sampling('i', '2026-03-01', '合格'), award('a', '省', '2025-01-01')), {
    grade: 'AA',
    points: 95,
  })
  // 75 − 10 − 8 = 57.
  t.match(rated(classes, licence('l'), sampling('i', '2026-03-01', '不合格')), { grade: 'C', points: 57 })
  t.match(rated(classes, licence('l'), penalty('p', '2026-03-01')), { grade: 'B', points: 60 })
  t.match(
    rated(classes, licence('l'), penalty('p', '2024-11-24')),
    { grade: 'B', points: 75 },
    'out of the period',
  )
  t.match(rated(classes, licence('l', { status: '暂停' })), { grade: 'B', points: 65 })
  t.match(rated(classes, licence('l', { status: '吊销' })), {
    grade: 'C',
    limits: [{ id: 'licence-revoked' }],
  })
})

t.test('what never counts', async (t) => {
  t.match(rated(four), { grade: null, reason: /未评定/ })
  t.match(rated(four, licence('l', { validTo: '2026-11-23' })), { grade: null }, 'an expired licence is none')
  t.match(rated(four, sampling('i', '2024-11-24', '合格')), { grade: null }, 'outside the period')
  t.same(points(four, licence('l'), penalty('p', '2026-03-01', { procedure: '简易程序' })), {})
  t.same(points(four, licence('l'), penalty('p', '2026-03-01', { reviewOutcome: '撤销' })), {})
  t.same(points(four, licence('l'), sampling('i', '2026-03-01', '不合格', { retest: '改变原结论' })), {})
  t.same(
    points(four, licence('l'), sampling('i', '2026-11-15', '不合格')),
    {},
    'a result that may still be contested (产品质量法 art. 15)',
  )
  t.same(points(four, licence('l'), award('a', '省', '2025-01-01', { revokedOn: '2026-01-01' })), {})
  const file = fileWith([licence('l'), penalty('p', '2026-03-01')])
  const withdrawn = file.records.map((record) =>
    record.id === 'p' ? { ...record, withdrawn: { at: '2026-05-01T00:00:00Z', reason: '错' } } : record,
  )
  t.same(rate({ ...file, records: withdrawn }, four, ON, catalogue).items, [])
})

const day = fc
  .date({ min: new Date('2022-01-01T00:00:00Z'), max: new Date('2026-11-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const good = fc.oneof(
  fc.tuple(day, fc.uuid()).map(([on, id]) => sampling(id, on, '合格')),
  fc
    .tuple(day, fc.uuid(), fc.constantFrom('国家', '省', '市', '县'))
    .map(([on, id, level]) => award(id, level, on)),
  fc.tuple(day, fc.uuid()).map(([on, id]) => licence(id, { issuedOn: on })),
)
const bad = fc.oneof(
  fc
    .tuple(day, fc.uuid(), fc.constantFrom('轻微', '一般', '较重', '严重', undefined), fc.boolean())
    .map(([on, id, severity, again]) =>
      sampling(id, on, '不合格', {
        ...(severity && { severity }),
        ...(again && { reinspectionOutcome: '不合格' }),
      }),
    ),
  fc.tuple(day, fc.uuid()).map(([on, id]) => sampling(id, on, '拒检')),
  fc
    .tuple(day, fc.uuid(), fc.constantFrom('较轻', '一般', '较重', '严重', undefined), fc.boolean())
    .map(([on, id, severity, unlicensed]) =>
      penalty(id, on, { ...(severity && { severity }), ...(unlicensed && { conduct: '无证生产' }) }),
    ),
  fc.tuple(day, fc.uuid()).map(([on, id]) => licence(id, { issuedOn: on, status: '吊销' })),
)

t.test('a worse record never raises a grade', async (t) => {
  for (const by of [four, classes])
    fc.assert(
      fc.property(fc.array(fc.oneof(good, bad), { maxLength: 8 }), bad, (records, worse) => {
        const before = rated(by, ...records)
        const after = rated(by, ...records, worse)
        if (before.grade === null) return true
        return after.grade !== null && rankOfGrade(by, after.grade) >= rankOfGrade(by, before.grade)
      }),
      { numRuns: 400 },
    )
  t.pass()
})

t.test('the order in which records came never matters', async (t) => {
  const shuffled = fc
    .array(fc.oneof(good, bad), { maxLength: 8 })
    .chain((records) =>
      fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
    )
  for (const by of [four, classes])
    fc.assert(
      fc.property(shuffled, ([a, b]) => JSON.stringify(rated(by, ...a)) === JSON.stringify(rated(by, ...b))),
    )
  t.pass()
})

t.test(
  'an award known to its year or month counts where all of that is within, and else asks for its day',
  async (t) => {
    // 36 months before 2026-11-24: what was granted after 2023-11-24.
    for (const [grantedOn, came] of [
      ['2023', 'asked'],
      ['2023-11', 'asked'],
      ['2023-11-24', 'no'],
      ['2023-11-25', 'counted'],
      ['2023-12', 'counted'],
      ['2024', 'counted'],
      ['2022', 'no'],
      ['2023-10', 'no'],
      ['2026-10', 'counted'],
      ['2026-11', 'asked'],
      ['2026', 'asked'],
    ] as const) {
      const { items, unclear } = rated(four, licence('l'), award('a', '省', grantedOn))
      t.same(
        items.filter(({ id }) => id === 'award').map(({ points }) => points),
        came === 'counted' ? [4] : [],
        grantedOn,
      )
      t.same(unclear, came === 'asked' ? ['a'] : undefined, grantedOn)
    }
  },
)
