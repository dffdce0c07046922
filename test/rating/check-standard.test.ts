import t from 'tap'
import { checkStandard } from '../../src/rating/check-standard.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import type { Standard } from '../../src/rating/standard.ts'
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
