import t from 'tap'
import { type Draw, type DrawMade, draw, drawnAbove, drawnBefore } from '../../src/supervision/draw.ts'

const drawn = (orgCode: string) => ({ orgCode, class: 'C', hash: '', inspectors: [] })
const made = (more: Partial<Draw> = {}): Draw => ({
  ...{
    id: 'd',
    madeAt: '',
    position: 1,
    revision: 1,
    status: 'made',
    commitments: [],
    author: { authority: '省局', officer: '甲' },
    name: '抽查',
    seed: '1',
  },
  ...{ group: 'cable', level: '省', period: { from: '2026-04-01', to: '2026-06-30' }, rates: {} },
  ...{ inspectors: [], inspectorsEach: 1, candidates: [], leftOut: [], drawn: [drawn('A')] },
  ...more,
})
const above = (
  draws: readonly Draw[],
  level: DrawMade['level'] = '市',
  period = { from: '2026-04-01', to: '2026-06-30' },
) => Array.from(drawnAbove(draws, 'cable', level, period).keys())

t.test('what a higher level has drawn in a period that overlaps, to the day', async (t) => {
  for (const [from, to, counts] of [
    ['2026-01-01', '2026-03-31', false],
    ['2026-01-01', '2026-04-01', true],
    ['2026-01-01', '2026-12-31', true],
    ['2026-05-01', '2026-05-31', true],
    ['2026-06-30', '2026-09-30', true],
    ['2026-07-01', '2026-09-30', false],
  ] as const) {
    t.same(above([made()], '市', { from, to }), counts ? ['A'] : [], `${from} to ${to}`)
    const again = drawnBefore([made()], { ...made(), period: { from, to } })
    t.equal(again.length, counts ? 1 : 0, `${from} to ${to}: the same was drawn before`)
  }
})

t.test('the same was drawn before: product, level and place alike, of two draws only that one', async (t) => {
  for (const [more, counts] of [
    [{}, true],
    [{ group: 'cement' }, false],
    [{ level: '市' }, false],
    [{ region: '130100' }, false],
    [{ inspectorsEach: 2 }, true],
  ] as const)
    t.equal(drawnBefore([made()], { ...made(), ...more }).length, counts ? 1 : 0, JSON.stringify(more))
  const [here, there] = ['130100', '130200'].map((region) => made({ id: region, region }))
  if (!here || !there) throw new Error('two draws')
  t.same(
    drawnBefore([here, there], there).map(({ id }) => id),
    ['130200'],
  )
})

t.test('each level leaves out what those above it have drawn', async (t) => {
  const levels = ['国家', '省', '市', '县'] as const
  const draws = levels.map((level) => made({ level, drawn: [drawn(level)] }))
  for (const [i, level] of levels.entries()) t.same(above(draws, level), levels.slice(0, i), level)
})

t.test('of that product alone; of all that were drawn, and of several draws', async (t) => {
  t.same(above([made({ group: 'cement' })]), [])
  t.same(above([made({ group: 'cement' }), made({ drawn: [drawn('B')] })]), ['B'])
  t.same(above([made({ drawn: [drawn('A'), drawn('B')] }), made({ drawn: [drawn('C')] })]), ['A', 'B', 'C'])
  t.same(above([]), [])
  t.equal(
    drawnAbove([made()], 'cable', '市', { from: '2026-04-01', to: '2026-06-30' }).get('A'),
    '已由省级抽取（抽查）',
  )
})

t.test('of a class without a rate nobody is drawn', async (t) => {
  const candidates = ['A', 'B'].flatMap((name) =>
    [1, 2].map((n) => ({ orgCode: `${name}${n}`, class: name })),
  )
  const draws = (rates: Record<string, number>) =>
    draw(candidates, { seed: '1', rates, inspectors: ['甲'], inspectorsEach: 1 }).map(
      ({ orgCode }) => orgCode,
    )
  t.same(draws({ A: 1 }), ['A1', 'A2'])
  t.same(draws({}), [])
  t.same(draws({ A: 0, B: 1 }), ['B1', 'B2'])
})
