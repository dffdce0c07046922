import t, { type Test } from 'tap'
import { inspection } from '../../src/records/inspection.ts'
import { penalty } from '../../src/records/penalty.ts'
import { text, workbookOf } from '../sheets/workbooks.ts'
import { type TestRegistry, testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms, previewing } from './importing.ts'

/** What is known of a whole upload before its first row is decided on: rows of one number that stand apart, units below. */

const [A, B, C] = [unifiedCode('DEM00001'), unifiedCode('DEM00002'), unifiedCode('DEM00003')]
const HEAD = '抽样编号,统一社会信用代码,产品名称,检查类别,检查日期,检查机关,检验结论,检验项目,实测值,标准值'
const row = (number: string, code: string, outcome: string, items = ',,') =>
  `${number},${code},肥,省抽,2026-09-01,省局,${outcome},${items}`
const PASSED = (number = 'PT260001', code = A) => row(number, code, '合格')
const FAILED = (number = 'PT260001', code = A) => row(number, code, '不合格', '铅,2,≤1')

const sheetOf = (lines: readonly string[]) =>
  lines
    .map(
      (line) =>
        `<row>${line
          .split(',')
          .map((cell) => text(cell))
          .join('')}</row>`,
    )
    .join('')

/** Rows on two sheets of a workbook. */
const onSheets = (first: readonly string[], second: readonly string[], head = HEAD) =>
  workbookOf({
    sheets: [
      { name: '甲', xml: sheetOf([head, ...first]) },
      { name: '乙', xml: sheetOf([head, ...second]) },
    ],
  })

/** Rows of other samples, more than are looked at together, of a firm that has no file: one that had would be folded for each. */
const between = Array.from({ length: 3_100 }, (_, i) => PASSED(`PT27${String(i).padStart(5, '0')}`, C))

const sheets = ['甲', '乙']
const kept = (parts: TestRegistry) =>
  inspection
    .in(parts.registry.files.byCode(A))
    .map(({ data: { outcome, failedItems, items = [] } }) => [
      outcome,
      failedItems,
      items.map(({ name, verdict }) => `${name}${verdict ?? ''}`).join(),
    ])

async function opened(t: Test) {
  const parts = await testRegistry(t)
  await openFirms(parts, [
    [A, '示例甲复合肥厂'],
    [B, '示例乙复合肥厂'],
  ])
  return parts
}

for (const [name, rows] of [
  ['passed first', [PASSED(), FAILED()]],
  ['failed first', [FAILED(), PASSED()]],
] as const)
  t.test(`a sample of both verdicts is asked and decided once: ${name}`, async (t) => {
    const [first, second] = rows
    for (const [where, content] of [
      ['on two sheets', await onSheets([first], [second])],
      ['beside each other', [HEAD, first, second].join('\n')],
    ] as const) {
      const made = where === 'on two sheets' ? { sheets } : {}
      const parts = await opened(t)
      const { words } = await previewing(parts, content, 'inspection', made)
      const word = '编号 PT260001：合格、不合格两种'
      t.match(words, [{ field: 'outcome', word, count: 2, candidates: ['合格', '不合格'] }], where)
      const { bad } = await importing(parts, content, 'inspection', made)
      t.same(
        bad.map(({ faults }) => faults.map(({ code }) => code)),
        [['contradiction'], ['contradiction']],
        where,
      )
      t.same(kept(parts), [], `${where}: neither is taken`)
      for (const answer of ['合格', '不合格']) {
        const own = await opened(t)
        const done = await importing(own, content, 'inspection', {
          ...made,
          words: { outcome: { [word]: [answer] } },
        })
        t.match(
          done.bad,
          [{ faults: [{ code: 'overruled', value: answer === '合格' ? '不合格' : '合格' }] }],
          where,
        )
        t.equal(done.bad.length, 1)
        t.same(
          kept(own),
          answer === '合格' ? [['合格', undefined, '']] : [['不合格', '铅', '铅不合格']],
          where,
        )
      }
      for (const answer of [[], ['拒检']])
        t.match(
          (await importing(parts, content, 'inspection', { ...made, words: { outcome: { [word]: answer } } }))
            .bad.length,
          2,
          `${where}: no verdict is no answer`,
        )
    }
  })

t.test('rows of one sample that stand far apart in a sheet', async (t) => {
  const parts = await opened(t)
  const far = [HEAD, PASSED(), ...between, FAILED()].join('\n')
  const { words, reasons } = await previewing(parts, far, 'inspection')
  t.match(words, [{ field: 'outcome', count: 2 }])
  t.match(
    reasons.find(({ code }) => code === 'contradiction'),
    { lines: [2, between.length + 3] },
  )
})

t.test('items of one sample on two sheets are put together', async (t) => {
  const parts = await opened(t)
  const book = await onSheets([row('PT260001', A, '合格', '镉,0.1,≤1')], [FAILED()])
  const { counts, bad } = await importing(parts, book, 'inspection', { sheets })
  t.match(counts, { rows: 2, added: 1, unchanged: 1, failed: 0 }, JSON.stringify(bad))
  t.same(kept(parts), [['不合格', '铅', '镉合格,铅不合格']])
  t.match(
    (await importing(parts, book, 'inspection', { sheets })).counts,
    { unchanged: 2 },
    'the same once more',
  )
})

t.test('one number under two firms on two sheets is asked of both', async (t) => {
  const parts = await opened(t)
  const { bad } = await importing(parts, await onSheets([PASSED()], [PASSED('PT260001', B)]), 'inspection', {
    sheets,
  })
  t.match(bad, [{ faults: [{ header: '抽样编号' }] }, { faults: [{ header: '抽样编号' }] }])
})

t.test(
  'a verdict opposite to the one on file waits for a second person, whichever stood first',
  async (t) => {
    for (const [stood, said, outcome] of [
      [PASSED(), FAILED(), '合格'],
      [FAILED(), PASSED(), '不合格'],
      [row('PT260001', A, '不合格'), PASSED(), '不合格'],
    ] as const) {
      const parts = await opened(t)
      await importing(parts, `${HEAD}\n${stood}`, 'inspection')
      const { good } = await previewing(parts, `${HEAD}\n${said}`, 'inspection')
      t.match(good[0]?.notes.join(), /与档案中同一样品的检查结果相反（档案为“(不?合格)”，本行为“(不?合格)”）/)
      t.match((await importing(parts, `${HEAD}\n${said}`, 'inspection')).counts, { proposed: 1, updated: 0 })
      t.equal(kept(parts)[0]?.[0], outcome)
    }
  },
)

t.test('a unit below a long table is that of its sums', async (t) => {
  const head =
    '统一社会信用代码,行政处罚决定书文号,违法行为类型,处罚类别,罚款金额,处罚决定日期,处罚机关,处罚程序'
  const own = (n: number, code: string) =>
    `${code},示罚〔2026〕${n}号,示例,罚款,${n / 10_000},2026-09-01,省局,普通程序`
  for (const others of [3, 3_100]) {
    const parts = await opened(t)
    const rows = Array.from({ length: others }, (_, i) => own(30_000 + i, C))
    const content = [head, own(20_000, A), ...rows, '注：金额单位：万元,,,,,,,'].join('\n')
    const { columns } = await previewing(parts, content, 'penalty')
    t.match(columns[4], { header: '罚款金额（万元）', written: '罚款金额' }, `${others} others`)
    if (others > 3) continue
    t.match((await importing(parts, content, 'penalty')).counts, { added: 1, failed: others })
    t.equal(penalty.in(parts.registry.files.byCode(A))[0]?.data.fine, 20_000)
  }
})

t.test('an authority that nobody has opened is said once, with its rows', async (t) => {
  const parts = await opened(t)
  const rows = ['一', '二', '三'].map((n) => row(`PT26000${n}`, A, '合格'))
  const other = row('PT260009', A, '合格').replace('省局', '某市局')
  const { notes, good, noted } = await previewing(parts, [HEAD, ...rows, other].join('\n'), 'inspection')
  t.match(
    notes.map(({ code, count }) => [code, count]),
    [['unknown-authority', 1]],
  )
  t.notMatch(good.flatMap((one) => one.notes).join(), /没有已开立的机关/)
  t.equal(noted, 0)
})
