import t from 'tap'
import type { Entry } from '../../src/register/entry.ts'
import {
  commitmentOf,
  type Draw,
  draw,
  drawnAbove,
  drawnBefore,
  drawSubject,
  foldDraw,
  levelsOf,
  publicLeftOut,
  redrawn,
  SHORTEST_PART,
  seedOf,
} from '../../src/supervision/draw.ts'

/** A draw, entry by entry; what makes it come out the same, and what does not, each changed by itself. */

const entry = (revision: number, kind: string, payload: unknown): Entry => ({
  ...{ seq: 100 + revision, id: 'e', subject: drawSubject('d'), revision, kind, payload, salt: null },
  ...{ payloadDigest: '', visibility: 'internal', author: { authority: '省局', officer: `员${revision}` } },
  ...{ command: '', recordedAt: `2026-03-0${revision}T02:00:00.000Z`, digest: '', chain: '' },
})
const plan = {
  ...{ name: '抽查', region: '130100', group: 'wire-cable', level: '省' },
  ...{ period: { from: '2026-10-01', to: '2026-12-31' }, rates: { A: 0.5, B: 1 } },
  ...{ inspectors: ['甲', '乙', '丙'], inspectorsEach: 2 },
}
const [first, second] = ['第一部分的一句话', '第二部分的一句话']
const candidates = ['C1', 'C2', 'C3', 'C4'].map((orgCode, i) => ({ orgCode, class: i < 3 ? 'A' : 'B' }))
const leftOut = [
  { orgCode: 'X', reason: '2026-10-05 已由省级监督抽查抽查' },
  { orgCode: 'Y', reason: '已由省级抽取（抽查）' },
]
const seed = seedOf([first, second])
const drawn = draw(candidates, { ...plan, seed })
const begun = entry(1, 'draw.begun', { ...plan, commitment: commitmentOf(first), by: 'officer/a' })
const joined = entry(2, 'draw.joined', { commitment: commitmentOf(second), by: 'officer/b' })
const shown = entry(3, 'draw.opened', { part: first, candidates, leftOut, by: 'officer/a' })
const made = entry(4, 'draw.made', { ...plan, seed, parts: [first, second], candidates, leftOut, drawn })

function folded(...entries: Entry[]): Draw | undefined {
  return entries.reduce<Draw | undefined>(foldDraw, undefined)
}

t.test('how far a draw is after each step', async (t) => {
  for (const [entries, status, parts, by] of [
    [[begun], 'begun', [undefined], ['officer/a']],
    [[begun, joined], 'joined', [undefined, undefined], ['officer/a', 'officer/b']],
    [[begun, joined, shown], 'opened', [first, undefined], ['officer/a', 'officer/b']],
    [[begun, joined, shown, made], 'made', [first, second], ['officer/a', 'officer/b']],
    [[made], 'made', [], []],
  ] as const) {
    const own = folded(...entries)
    t.equal(own?.status, status)
    t.same(
      own?.commitments.map(({ part }) => part),
      parts,
      status,
    )
    t.same(
      own?.commitments.map((one) => one.by),
      by,
      status,
    )
    t.match(own, { id: 'd', name: '抽查', region: '130100', level: '省', revision: entries.at(-1)?.revision })
    t.equal(own?.drawn.length, status === 'made' ? 3 : 0, status)
    t.equal(own?.candidates.length, status === 'made' || status === 'opened' ? 4 : 0, status)
    t.equal(own?.seed, status === 'made' ? seed : '', status)
  }
  const whole = folded(begun, joined, shown, made)
  t.match(whole?.commitments, [
    { hash: commitmentOf(first), at: /^2026-03-01/, position: 101, author: { officer: '员1' } },
    { hash: commitmentOf(second), at: /^2026-03-02/, position: 102, author: { officer: '员2' } },
  ])
  t.match(
    whole,
    { author: { officer: '员1' }, madeAt: /^2026-03-04/, position: 104 },
    'begun by one, made later',
  )
  for (const step of [joined, shown, entry(2, 'draw.painted', {}), entry(2, 'draw.made', null)])
    t.equal(folded(step), undefined, `${step.kind} of nothing`)
  t.same(folded(begun, entry(2, 'draw.painted', {})), { ...folded(begun), revision: 2 })
  t.same(folded(begun, entry(2, 'draw.joined', null)), { ...folded(begun), revision: 2 }, 'erased')
  const again = { of: ['e'], reason: '重抽' }
  const other = folded(entry(1, 'draw.begun', { ...plan, commitment: '', by: 'x', again }))
  t.same([other?.again, folded(begun)?.again], [again, undefined])
})

t.test('a draw comes out the same from what it published; with any of it changed it does not', async (t) => {
  const whole = folded(begun, joined, shown, made)
  if (!whole) throw new Error('no draw')
  t.same(redrawn(whole), { agrees: true, drawn })
  const [one, other] = whole.commitments
  if (!one || !other) throw new Error('no commitments')
  const { part: _, ...unopened } = other
  for (const [said, changes] of [
    ['another seed', { seed: `${seed}.` }],
    ['parts the other way round', { commitments: [other, one] }],
    ['a part that nobody showed', { commitments: [one, unopened] }],
    ['one part alone', { commitments: [one] }],
    ['a candidate less', { candidates: candidates.slice(1) }],
    ['another class', { candidates: candidates.map((own) => ({ ...own, class: 'B' })) }],
    ['another rate', { rates: { A: 0, B: 1 } }],
    ['another inspector', { inspectors: ['甲', '乙', '丁'] }],
    ['one inspector each', { inspectorsEach: 1 }],
    ['one drawn less', { drawn: drawn.slice(1) }],
    ['an inspector exchanged', { drawn: drawn.map((own) => ({ ...own, inspectors: ['丙'] })) }],
    ['not made yet', { status: 'opened' }],
  ] as [string, Partial<Draw>][])
    t.equal(redrawn({ ...whole, ...changes }).agrees, false, said)
  t.same(redrawn({ ...whole, status: 'joined' }).drawn, [])
  t.ok(redrawn({ ...whole, commitments: [] }).agrees, 'by a seed that somebody gave')
  t.equal(SHORTEST_PART, 16)
  t.equal(commitmentOf('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  t.equal(seedOf(['甲', '乙', '丙']), '甲/乙/丙')
})

t.test('at which levels who may draw, and whom a level above leaves to none below', async (t) => {
  t.same(levelsOf('province'), ['国家', '省', '市', '县'])
  t.same(levelsOf('city'), ['市', '县'])
  t.same(levelsOf('county'), ['县'])
  const above = folded(begun, joined, shown, made)
  if (!above) throw new Error('no draw')
  const codes = drawn.map(({ orgCode }) => orgCode)
  const found = (changes: object, level: '国家' | '省' | '市' | '县' = '市', period = plan.period) => [
    ...drawnAbove([{ ...above, ...changes }], 'wire-cable', level, period).keys(),
  ]
  for (const [level, isAbove] of [
    ['国家', false],
    ['省', false],
    ['市', true],
    ['县', true],
  ] as const)
    t.same(found({}, level), isAbove ? codes : [], level)
  t.same(found({ group: 'wood-panel' }), [], 'another product')
  for (const [from, to, overlaps] of [
    ['2026-07-01', '2026-09-30', false],
    ['2026-07-01', '2026-10-01', true],
    ['2026-12-31', '2027-03-31', true],
    ['2027-01-01', '2027-03-31', false],
  ] as const)
    t.same(found({}, '市', { from, to }), overlaps ? codes : [], `${from} ${to}`)
  t.equal(drawnAbove([above], 'wire-cable', '市', plan.period).get(codes[0] ?? ''), '已由省级抽取（抽查）')
})

t.test('of whom a draw left out the public sees those that nothing was found of', async (t) => {
  t.same(
    publicLeftOut({ leftOut }).map(({ orgCode }) => orgCode),
    ['Y'],
  )
  t.same(publicLeftOut({ leftOut: [] }), [])
})

t.test('earlier draws of the same: one group, one level, one region, periods that overlap', async (t) => {
  const before = folded(begun)
  if (!before) throw new Error('no draw')
  const asked = { ...plan, level: before.level }
  const found = (changes: Partial<Draw>) => drawnBefore([{ ...before, ...changes }], asked).length
  for (const [said, changes, is] of [
    ['the same', {}, true],
    ['another group', { group: 'wood-panel' }, false],
    ['another level', { level: '市' }, false],
    ['another region', { region: '130200' }, false],
    ['up to its first day', { period: { from: '2026-07-01', to: '2026-10-01' } }, true],
    ['up to the day before', { period: { from: '2026-07-01', to: '2026-09-30' } }, false],
    ['from its last day on', { period: { from: '2026-12-31', to: '2027-03-31' } }, true],
    ['from the day after', { period: { from: '2027-01-01', to: '2027-03-31' } }, false],
  ] as [string, Partial<Draw>, boolean][])
    t.equal(found(changes), is ? 1 : 0, said)
  t.equal(drawnBefore([before, { ...before, id: 'e' }], asked).length, 2, 'all of them')
})
