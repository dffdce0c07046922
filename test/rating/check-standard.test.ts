import t from 'tap'
import { z } from 'zod'
import { checkStandard } from '../../src/rating/check-standard.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { type Standard, standardSchema } from '../../src/rating/standard.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { fileWith, sampling } from './files.ts'

const [whole] = shippedStandards
if (!whole) throw new Error('no standard')

/** Faults of the first shipped standard with something changed, as `pointer code`. */
function faults(change: (standard: Standard) => void): string[] {
  const copy = structuredClone(whole) as Standard
  change(copy)
  const checked = checkStandard(copy, catalogue)
  return checked.ok ? [] : checked.faults.map(({ pointer, code }) => `${pointer} ${code}`)
}

t.test('a sound standard passes', async (t) => {
  t.same(
    faults(() => undefined),
    [],
  )
})

t.test('whatever is left out is asked for, a term as much as a text', async (t) => {
  const { required = [] } = z.toJSONSchema(standardSchema, { io: 'input', unrepresentable: 'any' })
  t.ok(required.includes('status') && required.includes('name'))
  for (const field of required)
    t.same(
      faults((s) => Reflect.deleteProperty(s, field)),
      [`/${field} required`],
      field,
    )
})

t.test('every fault is named with its place', async (t) => {
  const [first, second] = whole.grades
  t.same(
    faults((s) => Object.assign(s.grades[1] ?? {}, { atLeast: 90 })),
    ['/grades/1/atLeast overlap'],
    `${first?.grade} ${second?.grade}`,
  )
  t.same(
    faults((s) => Object.assign(s.grades[3] ?? {}, { atLeast: 0 })),
    ['/grades/3/atLeast not-needed'],
  )
  t.same(
    faults((s) => delete s.grades[0]?.atLeast),
    ['/grades/0/atLeast required'],
  )
  t.same(
    faults((s) => Object.assign(s.grades[1] ?? {}, { grade: 'A' })),
    ['/grades/1/grade repeated'],
  )
  t.same(
    faults((s) => Object.assign(s.limits[0] ?? {}, { grade: 'E' })),
    ['/limits/0/grade unknown-grade'],
  )
  t.same(
    faults((s) => Object.assign(s, { colour: 'red' })),
    ['/colour unknown-field'],
  )
  t.same(
    faults((s) => Object.assign(s.items[1]?.select ?? {}, { records: 'opinion' })),
    ['/items/1/select/records unknown-records'],
  )
  t.same(
    faults((s) => s.items[1]?.select.where.push({ field: 'mood', present: true })),
    ['/items/1/select/where/1/field unknown-field'],
  )
  t.same(
    faults((s) => s.items[1]?.select.where.push({ field: 'outcome', is: ['还行'] })),
    ['/items/1/select/where/1/is unknown-term'],
  )
  t.same(
    faults((s) => s.items[1]?.select.where.push({ field: 'outcome', atLeast: 3 })),
    ['/items/1/select/where/1/atLeast field-type'],
  )
  t.same(
    faults((s) => s.items[1]?.select.where.push({ condition: '没有' })),
    ['/items/1/select/where/1/condition unknown-condition'],
  )
  t.same(
    faults((s) => Object.assign(s.items[1] ?? {}, { id: 'pass-rate' })),
    ['/items/1/id repeated'],
  )
  t.same(
    faults((s) => s.conditions.检验不合格?.where.push({ condition: '检验不合格' })),
    ['/conditions/检验不合格 circular'],
  )
  t.same(
    faults((s) => s.conditions.终局的检查?.where.push({ condition: '检验不合格' })).sort(),
    ['/conditions/检验不合格 circular', '/conditions/终局的检查 circular'],
    'in a circle of two',
  )
  t.match(
    faults((s) => s.items[1]?.select.where.push({ field: 'outcome' })),
    [/^\/items\/1\/select\/where\/1/],
    'an empty rule',
  )
  t.match(
    faults((s) => Object.assign(s.items[1] ?? {}, { points: undefined })),
    ['/items/1 custom'],
  )
  const steps = (s: Standard) => s.items[0]?.ratio?.steps ?? []
  t.same(
    faults((s) => Object.assign(steps(s)[1] ?? {}, { atLeast: 1 })),
    ['/items/0/ratio/steps/1/atLeast overlap'],
  )
  t.match(
    faults((s) => Object.assign(s, { items: [] })),
    ['/items too_small'],
  )
})

t.test('every bound of a standard, at it and beyond it', async (t) => {
  const words = (count: number) => '字'.repeat(count)
  const item = (s: Standard) => s.items[1] ?? s.items[0]
  const condition = { field: 'outcome', is: ['合格'] }
  const long = 'a'.repeat(40)
  for (const [name, put, good, bad] of [
    [
      'id',
      (s: Standard, v: unknown) => Object.assign(s, { id: v }),
      ['a', long],
      ['', 'A', '1a', `${long}a`],
    ],
    ['version', (s: Standard, v: unknown) => Object.assign(s, { version: v }), [1], [0, 1.5]],
    [
      'name',
      (s: Standard, v: unknown) => Object.assign(s, { name: v }),
      [words(1), words(100)],
      ['', words(101)],
    ],
    ['source', (s: Standard, v: unknown) => Object.assign(s, { source: v }), [words(500)], ['', words(501)]],
    [
      'status',
      (s: Standard, v: unknown) => Object.assign(s, { status: v }),
      ['verified', 'to be confirmed'],
      ['sure'],
    ],
    ['shownAs', (s: Standard, v: unknown) => Object.assign(s, { shownAs: v }), ['grade', 'class'], ['mark']],
    ['period', (s: Standard, v: unknown) => Object.assign(s.period, { months: v }), [1, 120], [0, 121, 1.5]],
    ['start', (s: Standard, v: unknown) => Object.assign(s, { start: v }), [-1000, 1000], [-1001, 1001]],
    [
      'rule',
      (s: Standard, v: unknown) => Object.assign(item(s) ?? {}, { rule: v }),
      [words(300)],
      ['', words(301)],
    ],
    [
      'source of an item',
      (s: Standard, v: unknown) => Object.assign(item(s) ?? {}, { source: v }),
      [words(300)],
      ['', words(301)],
    ],
    [
      'each',
      (s: Standard, v: unknown) => Object.assign(item(s)?.points ?? {}, { each: v }),
      [-1000, 1000],
      [-1001, 1001],
    ],
    [
      'atMost',
      (s: Standard, v: unknown) => Object.assign(item(s)?.points ?? {}, { atMost: v }),
      [0.5, 1000],
      [0, 1001],
    ],
    [
      'fade',
      (s: Standard, v: unknown) => Object.assign(item(s)?.points ?? {}, { fade: v }),
      [1, 120],
      [0, 121],
    ],
    [
      'within',
      (s: Standard, v: unknown) => Object.assign(item(s)?.select ?? {}, { within: v }),
      [1, 120, 'ever'],
      [0, 121, 'never'],
    ],
    [
      'conditions',
      (s: Standard, v: unknown) => Object.assign(item(s)?.select ?? {}, { where: v }),
      [[], Array(20).fill(condition)],
      [Array(21).fill(condition)],
    ],
    [
      'steps',
      (s: Standard, v: unknown) => Object.assign(s.items[0]?.ratio ?? {}, { steps: v }),
      [[{ atLeast: 0, points: 1 }], [{ atLeast: 1, points: 1 }]],
      [[], [{ atLeast: 1.1, points: 1 }], [{ atLeast: -0.1, points: 1 }], [{ atLeast: 0, points: 1001 }]],
    ],
    [
      'part',
      (s: Standard, v: unknown) => Object.assign(s.items[0]?.ratio ?? {}, { part: v }),
      [[condition]],
      [[]],
    ],
    [
      'fewest',
      (s: Standard, v: unknown) => Object.assign(s.items[0]?.ratio ?? {}, { fewest: v }),
      [1, 1000],
      [0, 1001, 1.5],
    ],
    [
      'grade',
      (s: Standard, v: unknown) => {
        s.limits = []
        Object.assign(s.grades[3] ?? {}, { grade: v })
      },
      ['E', 'E'.repeat(10)],
      ['', 'E'.repeat(11)],
    ],
    [
      'name of a grade',
      (s: Standard, v: unknown) => Object.assign(s.grades[0] ?? {}, { name: v }),
      [words(50)],
      ['', words(51)],
    ],
    [
      'meaning',
      (s: Standard, v: unknown) => Object.assign(s.grades[0] ?? {}, { meaning: v }),
      [words(300)],
      ['', words(301)],
    ],
    [
      'measures',
      (s: Standard, v: unknown) => Object.assign(s.grades[0] ?? {}, { measures: v }),
      [[], Array(20).fill('措施'), [words(200)]],
      [Array(21).fill('措施'), [''], [words(201)]],
    ],
    [
      'points of a grade',
      (s: Standard, v: unknown) => Object.assign(s.grades[0] ?? {}, { atLeast: v }),
      [1000],
      [1001],
    ],
    [
      'rated',
      (s: Standard, v: unknown) => Object.assign(s.rated, { any: v }),
      [[{ records: 'licence', where: [] }], Array(10).fill({ records: 'licence', where: [] })],
      [[], Array(11).fill({ records: 'licence', where: [] })],
    ],
    [
      'limits',
      (s: Standard, v: unknown) => Object.assign(s, { limits: v }),
      [[], many(30, 'x')],
      [many(31, 'x')],
    ],
    [
      'a limit that says both',
      (s: Standard, v: unknown) => Object.assign(s, { limits: v }),
      [many(1, 'x')],
      [
        [{ id: 'x', rule: '规', grade: 'C' }],
        [{ id: 'x', rule: '规', grade: 'C', listed: true, select: { records: 'licence' } }],
      ],
    ],
    [
      'grades',
      (s: Standard, v: unknown) => Object.assign(s, { grades: v, limits: [] }),
      [grades(2), grades(12)],
      [grades(1), grades(13)],
    ],
    [
      'items',
      (s: Standard, v: unknown) => Object.assign(s, { items: v }),
      [itemsOf(1), itemsOf(60)],
      [[], itemsOf(61)],
    ],
  ] as const) {
    for (const value of good)
      t.same(
        faults((s) => void put(s, structuredClone(value))),
        [],
        `${name}: ${shown(value)}`,
      )
    for (const value of bad)
      t.not(faults((s) => void put(s, structuredClone(value))).length, 0, `${name}: ${shown(value)}`)
  }
  function many(count: number, id: string) {
    return Array.from({ length: count }, (_, i) => ({
      id: `${id}${i}`,
      rule: '规',
      grade: 'C',
      listed: true,
    }))
  }
  function grades(count: number) {
    return Array.from({ length: count }, (_, i) => ({
      grade: `G${i}`,
      name: '级',
      meaning: '义',
      ...(i < count - 1 && { atLeast: 100 - i }),
    }))
  }
  function itemsOf(count: number) {
    return Array.from({ length: count }, (_, i) => ({
      id: `i${i}`,
      rule: '规',
      select: { records: 'licence' },
      points: { each: 1 },
    }))
  }
  function shown(value: unknown): string {
    return JSON.stringify(value).slice(0, 30)
  }
})

t.test('fields and terms that do not fit together', async (t) => {
  const where = (condition: object) =>
    faults((s) =>
      s.items[1]?.select.where.push(condition as Standard['items'][number]['select']['where'][number]),
    ).map((fault) => fault.replace('/items/1/select/where/1', ''))
  for (const [condition, expected] of [
    [{ field: 'itemsFailed', atLeast: 1 }, []],
    [{ field: 'itemsFailed', atMost: 1 }, []],
    [{ field: 'itemsFailed', atLeast: 1, atMost: 1 }, []],
    [{ field: 'itemsFailed', atLeast: 2, atMost: 1 }, ['/atMost empty']],
    [{ field: 'outcome', atMost: 1 }, ['/atMost field-type']],
    [{ field: 'outcome', past: true }, ['/past field-type']],
    [{ field: 'rectifiedOn', past: true }, []],
    [{ field: 'outcome', contains: ['合'] }, ['/contains field-type']],
    [{ field: 'product', contains: ['缆'] }, []],
    [{ field: 'outcome', not: ['还行'] }, ['/not unknown-term']],
    [{ field: 'outcome', not: ['合格'] }, []],
    [{ field: 'product', is: ['任何'] }, []],
    [{ condition: '有效的普通程序处罚' }, ['/condition other-records']],
    [{ condition: '检验不合格' }, []],
    [{ published: true }, []],
  ] as const)
    t.same(where(condition), expected, JSON.stringify(condition))
  t.same(
    faults((s) => Object.assign(s.items[1]?.points?.by ?? {}, { field: 'mood' })),
    ['/items/1/points/by/field unknown-field'],
  )
  t.same(
    faults((s) => Object.assign(s.items[1]?.points?.by?.points ?? {}, { 极重: -3 })),
    ['/items/1/points/by/points unknown-term'],
  )
  t.same(
    faults((s) => s.rated.any.push({ records: 'opinion', where: [] })),
    ['/rated/any/2/records unknown-records'],
  )
  t.same(
    faults((s) => s.items[0]?.ratio?.part.push({ field: 'mood', present: true })),
    ['/items/0/ratio/part/1/field unknown-field'],
  )
  t.same(
    faults((s) => s.limits[1]?.select?.where.push({ field: 'mood', present: true })),
    ['/limits/1/select/where/2/field unknown-field'],
  )
  t.same(
    faults((s) => s.conditions.检验不合格?.where.push({ field: 'mood', present: true })),
    ['/conditions/检验不合格/where/2/field unknown-field'],
  )
  t.same(
    faults((s) => Object.assign(s.limits[1] ?? {}, { id: 'listed' })),
    ['/limits/1/id repeated'],
  )
  t.same(
    faults((s) =>
      Object.assign(s.items[0]?.ratio ?? {}, {
        steps: [
          { atLeast: 0.5, points: 1 },
          { atLeast: 0.9, points: 2 },
        ],
      }),
    ),
    ['/items/0/ratio/steps/1/atLeast overlap'],
  )
  t.same(
    faults((s) => Object.assign(s.items[0] ?? {}, { points: { each: 1 } })),
    ['/items/0 custom'],
    'points and a ratio',
  )
})

/** Layers of two conditions each, that both look at both of the next layer: 2 ** n ways through n layers. */
function layered(layers: number): Standard['conditions'] {
  const names = (layer: number) => [`甲${layer}`, `乙${layer}`]
  const last = [{ field: 'outcome', is: ['不合格'] }]
  return Object.fromEntries(
    Array.from({ length: layers }, (_, layer) => {
      const where =
        layer + 1 < layers
          ? names(layer + 1).flatMap((condition) => [{ condition }, { condition }, { condition }])
          : last
      return names(layer).map((name) => [name, { records: 'inspection', where }])
    }).flat(),
  )
}

t.test('conditions that many share are looked at once', async (t) => {
  const deep = 100
  t.same(
    faults((s) => Object.assign(s.conditions, layered(deep - 10))),
    [],
  )
  t.same(
    faults((s) => {
      const conditions = layered(deep - 10)
      Object.assign(s.conditions, conditions)
      s.conditions[`甲${deep - 11}`]?.where.push({ condition: '乙0' })
    }).length,
    2 * (deep - 10) - 1,
    'all but the one that leads nowhere are in the circle',
  )
  t.match(
    faults((s) => Object.assign(s.conditions, layered(deep + 1))),
    ['/conditions too_big'],
  )
})

t.test('and are rated by as quickly', async (t) => {
  const standard = structuredClone(whole) as Standard
  Object.assign(standard.conditions, layered(60))
  standard.items[1]?.select.where.push({ condition: '甲0' })
  const found = rate(
    fileWith([sampling('i', '2026-03-01', '不合格'), sampling('j', '2026-03-01', '合格')]),
    standard,
    '2026-11-24',
    catalogue,
  )
  t.ok(found.grade)
})
