import t, { type Test } from 'tap'
import { overSample } from '../../src/exchange/standing-items.ts'
import { inspection } from '../../src/records/inspection.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms } from './importing.ts'

/** Tables that bring other items of a sample that a file has, and what becomes of those that failed. */

const USCC = unifiedCode('DEM00001')
const NAME = '示例甲食品有限公司'
const HEAD =
  '序号,抽样编号,统一社会信用代码,标称生产企业,食品名称,生产日期,检验项目,检验结果,标准值,检验结论,检验机构,检查类别,检查日期,检查机关,公告号,公告日期'
const NOTICE = ['2026年第9号', '2026-10-01']
const row = (
  [serial, number]: readonly [string, string],
  [item, measured, limit]: readonly [string, string, string],
  outcome: string,
  { laboratory = '某院', notice = [] as readonly string[] } = {},
) =>
  [serial, number, USCC, NAME, '糕', '2026-08-01', item, measured, limit, outcome, laboratory].join() +
  `,省抽,2026-09-01,河北省市场监督管理局,${notice[0] ?? ''},${notice[1] ?? ''}`

const lead = ['铅', '0.8', '≤0.5'] as const
const cadmium = ['镉', '0.9', '≤0.5'] as const
const none = ['', '', ''] as const

async function taking(t: Test) {
  const parts = await testRegistry(t)
  await openFirms(parts, [[USCC, NAME]])
  const samples = () =>
    inspection
      .in(parts.registry.files.byCode(USCC))
      .map(({ data: { outcome, failedItems, items = [] } }) => [
        outcome,
        failedItems,
        ...items.map(({ name, verdict }) => `${name}${verdict ?? ''}`),
      ])
  const take = (...rows: string[]) => importing(parts, [HEAD, ...rows].join('\n'), 'inspection')
  const proposals = () => parts.registry.files.byCode(USCC)?.proposals ?? []
  return { take, samples, proposals }
}

t.test('a blank is no difference between rows under one serial number', async (t) => {
  const blank = { laboratory: '' }
  for (const [what, rows, added, failed] of [
    [
      'the second leaves it open',
      [row(['2', ''], lead, '不合格'), row(['2', ''], cadmium, '不合格', blank)],
      2,
      0,
    ],
    ['the first does', [row(['2', ''], lead, '不合格', blank), row(['2', ''], cadmium, '不合格')], 2, 0],
    [
      'they say different things',
      [row(['2', ''], lead, '不合格'), row(['2', ''], cadmium, '不合格', { laboratory: '另一院' })],
      1,
      1,
    ],
    [
      'and what the first leaves open, two say differently',
      [
        row(['2', ''], lead, '不合格'),
        row(['2', ''], cadmium, '不合格', blank),
        row(['2', ''], ['砷', '1', '≤0.5'], '不合格', { laboratory: '另一院' }),
      ],
      0,
      3,
    ],
    ['no serial number', [row(['', ''], lead, '不合格'), row(['', ''], cadmium, '不合格', blank)], 1, 1],
    ['two serial numbers', [row(['1', ''], lead, '不合格'), row(['2', ''], cadmium, '不合格', blank)], 1, 1],
  ] as const) {
    const { take, samples } = await taking(t)
    t.match((await take(...rows)).counts, { added, failed }, what)
    const first = samples()
    const again = await take(...rows)
    t.match(again.counts, { updated: 0, proposed: 0, failed }, `${what}: the same table once more`)
    t.same(samples(), first, what)
  }
})

t.test('other items of a sample join those that are known', async (t) => {
  const numbered = ['', 'S31-1'] as const
  for (const [what, later, outcome, after] of [
    [
      'another failing one',
      row(numbered, cadmium, '不合格'),
      'updated',
      ['不合格', '铅；镉', '铅不合格', '镉不合格'],
    ],
    [
      'the same with another value',
      row(numbered, ['铅', '0.9', '≤0.5'], '不合格'),
      'updated',
      ['不合格', '铅', '铅不合格'],
    ],
    ['the same again', row(numbered, lead, '不合格'), 'unchanged', ['不合格', '铅', '铅不合格']],
    ['no item at all', row(numbered, none, '不合格'), 'unchanged', ['不合格', '铅', '铅不合格']],
    ['none, and passed', row(numbered, none, '合格'), 'proposed', ['不合格', '铅', '铅不合格']],
    [
      'the failing one passed',
      row(numbered, ['铅', '0.4', '≤0.5'], '合格'),
      'proposed',
      ['不合格', '铅', '铅不合格'],
    ],
    [
      'another of one without a number',
      row(['', ''], cadmium, '不合格'),
      'added',
      ['不合格', '铅', '铅不合格'],
    ],
  ] as const) {
    const { take, samples } = await taking(t)
    await take(row(numbered, lead, '不合格'))
    t.match((await take(later)).counts, { [outcome]: 1, failed: 0 }, what)
    t.same(samples()[0], after, what)
  }
})

t.test('a sample without a number is asked for one before it gets other items', async (t) => {
  const unnumbered = ['', ''] as const
  const { take, samples } = await taking(t)
  await take(row(unnumbered, lead, '不合格'))
  const { counts, bad } = await take(row(unnumbered, cadmium, '不合格'))
  t.match(counts, { updated: 0, failed: 1 })
  t.match(bad[0]?.faults[0], { code: 'same-record', detail: /“铅”.*抽样编号/ })
  t.same(samples(), [['不合格', '铅', '铅不合格']])
})

t.test('no failing item goes without a second person, public or not', async (t) => {
  for (const notice of [[], NOTICE]) {
    const { take, samples, proposals } = await taking(t)
    const numbered = ['', 'S22-1'] as const
    await take(row(numbered, lead, '不合格', { notice }), row(numbered, cadmium, '不合格', { notice }))
    const corrected = row(numbered, none, '合格', { notice })
    t.match((await take(corrected)).counts, { proposed: 1, updated: 0, failed: 0 })
    t.match(proposals(), [
      { act: 'update-record', input: { data: { outcome: '合格', failedItems: null, items: null } } },
    ])
    t.match((await take(corrected)).counts, { unchanged: 1 }, 'once')
    t.same(samples(), [['不合格', '铅；镉', '铅不合格', '镉不合格']])
  }
})

t.test('what a row leaves open of an item stays as it was', (t) => {
  const failing = { name: '铅', measured: '0.8', verdict: '不合格' }
  const other = { name: '镉', measured: '0.9', verdict: '不合格' }
  for (const [what, stood, said, items, failedItems, gone] of [
    ['no verdict', [failing, other], [{ name: '铅' }, other], [failing, other], '铅；镉', []],
    [
      'another verdict',
      [failing, other],
      [{ name: '铅', verdict: '合格' }],
      [other, { name: '铅', verdict: '合格' }],
      '镉',
      ['铅'],
    ],
    ['names alone in the file', undefined, [other], [other], '铅；镉', []],
    ['the same of another', undefined, [{ name: '铅' }], [{ name: '铅', verdict: '不合格' }], '铅', []],
  ] as const) {
    const names = stood ? '铅；镉' : '铅'
    const over = overSample(
      { outcome: '不合格', items: said },
      { outcome: '不合格', failedItems: names, ...(stood && { items: stood }) },
      inspection,
    )
    t.same([over.changes.items, over.changes.failedItems, over.gone], [items, failedItems, gone], what)
  }
  t.same(
    overSample(
      { outcome: '合格' },
      {
        outcome: '不合格',
        failedItems: '铅',
        itemsFailed: 1,
        items: [failing, { name: '砷', verdict: '合格' }],
      },
      inspection,
    ).changes,
    { outcome: '合格', failedItems: null, itemsFailed: 0, items: [{ name: '砷', verdict: '合格' }] },
  )
  t.end()
})

t.test('one number of a sample under two firms is asked, save one that is counted within each', async (t) => {
  const other = unifiedCode('DEM00002')
  const head = '抽样编号,统一社会信用代码,企业名称,产品名称,检查结果,检查类别,检查日期,检查机关'
  const of = (number: string, code: string, name: string) =>
    `${number},${code},${name},糕,合格,省抽,2026-09-01,省局`
  for (const [what, rows, added, failed] of [
    ['two firms', [of('S21-1', USCC, NAME), of('S21-1', other, '示例乙公司')], 0, 2],
    [
      'two firms apart from each other',
      [of('S21-1', USCC, NAME), of('S21-2', USCC, NAME), of('Ｓ21-1', other, '示例乙公司')],
      1,
      2,
    ],
    ['one firm by either code', [of('S21-1', USCC, NAME), of('S21-1', USCC.slice(8, 17), NAME)], 2, 0],
    ['numbers that begin anew for each', [of('1', USCC, NAME), of('1', other, '示例乙公司')], 2, 0],
  ] as const) {
    const parts = await testRegistry(t)
    await openFirms(parts, [
      [USCC, NAME],
      [other, '示例乙公司'],
    ])
    const { counts, bad } = await importing(parts, [head, ...rows].join('\n'), 'inspection')
    t.match(counts, { added, failed }, what)
    t.ok(
      bad.every(({ faults }) => faults[0]?.header === '抽样编号'),
      what,
    )
  }
})
