import t from 'tap'
import { inspection } from '../../src/records/inspection.ts'
import { licence } from '../../src/records/licence.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms, previewing } from './importing.ts'

/** Columns headed by a term, in which the rows that have it are ticked. */

const CODES = Array.from({ length: 12 }, (_, i) => unifiedCode(`TCK${String(i + 1).padStart(5, '0')}`))

/** Writes rows of ticks under two headings, and says what each firm has, or why its row was not taken. */
async function ticking(
  t: Parameters<typeof testRegistry>[0],
  headings: readonly string[],
  ticks: readonly (readonly string[])[],
) {
  const parts = await testRegistry(t)
  await openFirms(
    parts,
    CODES.map((code, i) => [code, `示例${i}打勾厂`]),
  )
  const lines = ticks.map((own, i) => `${CODES[i]},肥,省抽,2026-03-0${1 + (i % 9)},省局,${own.join(',')}`)
  const table = [...headings, ...lines].join('\n')
  const { columns } = await previewing(parts, table, 'inspection')
  const { bad } = await importing(parts, table, 'inspection')
  return {
    meanings: columns.map(({ meaning }) => meaning),
    outcomes: ticks.map((_, i) => {
      const [one] = inspection.in(parts.registry.files.byCode(CODES[i] ?? ''))
      const failed = bad.find(({ line }) => line === i + headings.length + 1)
      return one?.data.outcome ?? failed?.faults.map(({ code }) => code).join()
    }),
  }
}

async function twoFirms(t: Parameters<typeof testRegistry>[0]) {
  const parts = await testRegistry(t)
  const [A = '', B = ''] = CODES
  await openFirms(parts, [
    [A, '示例甲打勾厂'],
    [B, '示例乙打勾厂'],
  ])
  return { parts, A, B }
}

const HEAD = '统一社会信用代码,产品名称,检查类别,检查日期,检查机关'

t.test(
  '合格 and 不合格 as columns: what is ticked is the outcome, whatever the tick looks like',
  async (t) => {
    const ticks = ['√', '✓', '✔', '☑', '■', '●', 'V', '是', '1', '合格']
    const { meanings, outcomes } = await ticking(
      t,
      [`${HEAD},合格,不合格,不合格项目`],
      ticks.map((tick) => [tick, '', '']),
    )
    t.same(meanings.slice(5, 7), ['检查结果：打“√”的为合格', '检查结果：打“√”的为不合格'])
    t.same(
      outcomes,
      ticks.map(() => '合格'),
    )
    const failed = await ticking(
      t,
      [`${HEAD},合格,不合格,不合格项目`],
      [
        ['', '√', '铅'],
        ['×', '√', '铅'],
        ['□', '☑', '铅'],
        ['/', '√', '铅'],
      ],
    )
    t.same(failed.outcomes, ['不合格', '不合格', '不合格', '不合格'])
  },
)

t.test('under a heading of both, in another order, by other words', async (t) => {
  const grouped = [`${HEAD},检验结论,,不合格项目`, ',,,,,合格,不合格,']
  t.same(
    (
      await ticking(t, grouped, [
        ['√', '', ''],
        ['', '√', '铅'],
      ])
    ).outcomes,
    ['合格', '不合格'],
  )
  t.same(
    (
      await ticking(
        t,
        [`${HEAD},不符合,符合,不合格项目`],
        [
          ['√', '', '铅'],
          ['', '√', ''],
        ],
      )
    ).outcomes,
    ['不合格', '合格'],
  )
})

t.test('two fields of the same terms, each under its own heading', async (t) => {
  const { parts, A, B } = await twoFirms(t)
  const table = [
    `${HEAD},检验结论,,复查结果,,不合格项目`,
    ',,,,,合格,不合格,合格,不合格,',
    `${A},肥,省抽,2026-03-01,省局,,√,√,,铅`,
    `${B},肥,省抽,2026-03-01,省局,,√,,√,铅`,
  ].join('\n')
  const { bad } = await importing(parts, table, 'inspection')
  t.same(bad, [])
  const kept = [A, B].map((code) =>
    inspection
      .in(parts.registry.files.byCode(code))
      .map(({ data: { outcome, reinspectionOutcome } }) => [outcome, reinspectionOutcome]),
  )
  t.same(kept, [[['不合格', '合格']], [['不合格', '不合格']]])
})

t.test('both ticked, none ticked, and what is no tick are refused', async (t) => {
  const { outcomes } = await ticking(
    t,
    [`${HEAD},合格,不合格`],
    [
      ['√', '√'],
      ['', ''],
      ['3批', ''],
      ['', '铅超标'],
    ],
  )
  t.match(outcomes, ['tick', String, 'tick', 'tick'])
  t.notMatch(outcomes[1], /合格/)
})

t.test('a term alone, or beside a column of the outcome, is no column of ticks', async (t) => {
  const parts = await testRegistry(t)
  const { columns, missing } = await previewing(
    parts,
    `${HEAD},不合格\n${CODES[0]},肥,省抽,2026-03-01,省局,√`,
    'inspection',
  )
  t.notMatch(columns[5]?.meaning ?? '', /打“√”/)
  t.same(missing, ['检查结果'])
  const beside = await ticking(t, [`${HEAD},检验结论,合格,不合格`], [['合格', '', '√']])
  t.notMatch(beside.meanings.slice(6).join(), /打“√”/)
  t.same(beside.outcomes, ['合格'])
})

t.test('any choice of a record is ticked so, and what differs in its ticks alone differs', async (t) => {
  const { parts, A, B } = await twoFirms(t)
  const table = [
    '统一社会信用代码,证书编号,许可证类别,发证日期,有效期至,发证机关,有效,注销',
    `${A},冀XK01-001-00001,工业产品生产许可证,2025-01-02,2030-01-01,省局,√,`,
    `${B},冀XK01-001-00002,工业产品生产许可证,2025-01-02,2030-01-01,省局,,√`,
  ].join('\n')
  const { bad } = await importing(parts, table, 'licence')
  t.same(bad, [])
  const status = (code: string) =>
    licence.in(parts.registry.files.byCode(code)).map(({ data }) => data.status)
  t.same([status(A), status(B)], [['有效'], ['注销']])
})
