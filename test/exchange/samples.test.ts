import t, { type Test } from 'tap'
import { inspection } from '../../src/records/inspection.ts'
import { shownBy, testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms, previewing } from './importing.ts'

const [maker = '', seller = '', other = ''] = ['TGH00001', 'TGH00002', 'TGH00003'].map((body) =>
  unifiedCode(body),
)
const keyOf = (code: string) => code.slice(8, 17)
const MAKER = '示例甲样品制造有限公司'
const SELLER = '示例乙商贸有限公司'

async function registry(t: Test) {
  const parts = await testRegistry(t)
  await openFirms(parts, [
    [maker, MAKER],
    [seller, SELLER],
    [other, '示例丙有限公司'],
  ])
  const records = (code: string) => parts.registry.files.byCode(code).records.map(({ data }) => data)
  return { parts, records }
}

const HEADER =
  '抽样编号,标称生产企业名称,标称生产企业地址,被抽样单位名称,被抽样单位地址,食品名称,商标,规格型号,生产日期/批号,抽样日期,任务来源,检验结论,不合格项目,实测值,标准值,公告号,公告日期,备注'
const row = (cells: Record<string, string>) => {
  const all = {
    抽样编号: 'S1',
    标称生产企业名称: MAKER,
    标称生产企业地址: '石家庄市示例路 1 号',
    被抽样单位名称: SELLER,
    被抽样单位地址: '石家庄市示例街 2 号',
    食品名称: '示例糕',
    商标: '示例牌',
    规格型号: '500g',
    '生产日期/批号': '2026-01-10',
    抽样日期: '2026-03-10',
    任务来源: '省抽',
    检验结论: '不合格',
    不合格项目: '霉菌',
    实测值: '220CFU/g',
    标准值: '≤25CFU/g',
    公告号: '2026年第4号',
    公告日期: '2026-04-01',
    备注: '',
    ...cells,
  }
  return HEADER.split(',')
    .map((header) => Object.entries(all).find(([name]) => name === header)?.[1])
    .join(',')
}
const table = (...rows: Record<string, string>[]) => [HEADER, ...rows.map(row)].join('\n')
const constants = { 检查机关: '省局' }
const firms = { [MAKER]: keyOf(maker), [SELLER]: keyOf(seller) }

t.test(
  'a sample stands in the files of its parties, each in its role, and counts for the producer',
  async (t) => {
    const { parts, records } = await registry(t)
    const rows = table(
      {},
      { 不合格项目: '酸价', 实测值: '3.9mg/g', 标准值: '≤3mg/g' },
      { 抽样编号: 'S2', 检验结论: '合格', 不合格项目: '/', 实测值: '', 标准值: '—' },
    )
    const done = await importing(parts, rows, 'inspection', { constants, firms })
    t.match(done.counts, { rows: 3, added: 3, failed: 0 })
    const [made = {}, passed = {}] = records(maker)
    t.match(made, {
      sampleNo: 'S1',
      role: '标称生产者',
      area: '食品',
      brand: '示例牌',
      batch: '2026-01-10',
      madeOn: '2026-01-10',
      outcome: '不合格',
      failedItems: '霉菌；酸价',
      items: [
        { name: '霉菌', measured: '220CFU/g', standard: '≤25CFU/g', verdict: '不合格' },
        { name: '酸价', measured: '3.9mg/g', standard: '≤3mg/g', verdict: '不合格' },
      ],
      producer: MAKER,
      producerAddress: '石家庄市示例路 1 号',
      sampledUnit: SELLER,
      sampledUnitAddress: '石家庄市示例街 2 号',
      noticeNo: '2026年第4号',
    })
    t.match(passed, { sampleNo: 'S2', outcome: '合格', items: undefined, failedItems: undefined })
    t.match(records(seller), [
      { sampleNo: 'S1', role: '被抽样单位' },
      { sampleNo: 'S2', role: '被抽样单位' },
    ])
    t.same(
      [...records(maker), ...records(seller)].map((data) => inspection.isCounted(data)),
      [true, true, false, false],
    )
    t.match((await importing(parts, rows, 'inspection', { constants, firms })).counts, { unchanged: 3 })
  },
)

t.test('the public sees items and role, and no other party', async (t) => {
  const { parts } = await registry(t)
  await importing(parts, table({}), 'inspection', { constants, firms })
  const file = shownBy(parts.registry, seller)
  t.match(file.sections.inspections, [
    { data: { role: '被抽样单位', items: [{ name: '霉菌' }], producer: undefined } },
  ])
  t.notMatch(JSON.stringify(file), new RegExp(MAKER))
})

t.test('a sample in two files is one in the pass rate and in the bulletin', async (t) => {
  const { parts } = await registry(t)
  const rows = table({}, { 抽样编号: 'S2', 检验结论: '合格', 不合格项目: '', 实测值: '', 标准值: '' })
  await importing(parts, rows, 'inspection', { constants, firms })
  const period = { from: '2026-01-01', to: '2026-12-31' }
  const rates = await parts.registry.reports.passRates(period, undefined, 'region')
  t.match(rates.rows, [{ inspected: 2, passed: 1, rate: 50 }])
  t.match((await parts.registry.reports.bulletin(period, undefined)).rows, [
    { name: MAKER, failedItems: '霉菌' },
  ])
})

t.test('a party beside is asked and never waited for; one that is not on file is nobody’s', async (t) => {
  const { parts, records } = await registry(t)
  const asked = await previewing(parts, table({}), 'inspection', {
    constants,
    firms: { [MAKER]: keyOf(maker) },
  })
  t.match(asked.counts, { added: 1, failed: 0 })
  t.match(asked.firms, [{ name: SELLER, role: '被抽样单位', count: 1 }])
  const none = await importing(parts, table({}), 'inspection', {
    constants,
    firms: { [MAKER]: keyOf(maker), [SELLER]: '' },
  })
  t.match(none.counts, { added: 1 })
  t.same(records(seller), [])
  // Decided later, the same table brings it into the seller's file too.
  t.match((await importing(parts, table({}), 'inspection', { constants, firms })).counts, { added: 1 })
  t.equal(records(maker).length, 1)
  t.equal(records(seller).length, 1)
})

t.test('a producer that is not on file leaves the seller’s part', async (t) => {
  const { parts, records } = await registry(t)
  const made = { constants, firms: { ...firms, 外省某厂: '' } }
  t.match((await importing(parts, table({ 标称生产企业名称: '外省某厂' }), 'inspection', made)).counts, {
    added: 1,
  })
  t.match(records(seller), [{ role: '被抽样单位', producer: '外省某厂' }])
  const alone = { ...made, firms: { ...made.firms, [SELLER]: '' } }
  const failed = await importing(
    parts,
    table({ 抽样编号: 'S9', 标称生产企业名称: '外省某厂' }),
    'inspection',
    alone,
  )
  t.match(failed.bad, [{ faults: [{ code: 'not-on-file' }] }])
})

t.test('what has no nominal producer is the sampled unit’s own', async (t) => {
  const { parts, records } = await registry(t)
  await importing(parts, table({ 标称生产企业名称: '/', 标称生产企业地址: '/' }), 'inspection', {
    constants,
    firms,
  })
  t.match(records(seller), [{ role: '被抽样单位（无标称生产者）' }])
  t.ok(records(seller).every((data) => inspection.isCounted(data)))
})

t.test('by code: in the role that the row names it in, or asked back', async (t) => {
  const { parts, records } = await registry(t)
  const byCode = (code: string, cells: Record<string, string>, firms = {}) =>
    importing(
      parts,
      table(cells)
        .split('\n')
        .map((line, i) => `${i === 0 ? '统一社会信用代码' : code},${line}`)
        .join('\n'),
      'inspection',
      { constants, firms },
    )
  t.match(
    (await byCode(seller, {})).bad,
    [{ faults: [{ code: 'by-name', firm: { name: MAKER, role: '标称生产企业' } }] }],
    'a failing does not go in with nobody to answer for it',
  )
  t.same(records(seller), [])
  t.match((await byCode(seller, {}, { [MAKER]: '' })).counts, { added: 1 }, 'of a producer that has no file')
  t.match(records(seller), [{ role: '被抽样单位', producer: MAKER }])
  t.match((await byCode(maker, { 抽样编号: 'S2' })).counts, { added: 1 })
  t.match(records(maker), [{ role: '标称生产者' }])
  t.match((await byCode(other, { 抽样编号: 'S3' })).bad, [{ faults: [{ code: 'name-differs' }] }])
  t.same(records(other), [])
})

t.test(
  '企业名称 is told by its neighbours: beside 被抽样单位 the producer, beside 标称生产企业 the seller',
  async (t) => {
    const { parts, records } = await registry(t)
    const lines = (heads: string, cells: string) =>
      `统一社会信用代码,企业名称,${heads},产品名称,抽样日期,任务来源,检验结论,检查机关\n${cells},示例膜,2026-03-10,省抽,合格,省局`
    await importing(parts, lines('被抽样单位名称', `${maker},${MAKER},某商店`), 'inspection')
    await importing(parts, lines('标称生产企业', `${seller},${SELLER},某厂家`), 'inspection')
    t.match(records(maker), [{ role: '标称生产者' }])
    t.match(records(seller), [{ role: '被抽样单位' }])
  },
)

t.test(
  'rows of one sample with a verdict each: one that fails makes it fail, and the others keep theirs',
  async (t) => {
    const { parts, records } = await registry(t)
    const heads =
      '统一社会信用代码,样品编号,样品名称,检测项目,检测结果,限量值,判定,抽样日期,任务来源,检查机关'
    const line = (item: string, measured: string, verdict: string) =>
      `${maker},Y1,示例饼干,${item},${measured},≤10,${verdict},2026-03-10,市抽,市局`
    const done = await importing(
      parts,
      [heads, line('铅', '3', '合格'), line('镉', '12', '不合格'), line('汞', '<10', '合格')].join('\n'),
      'inspection',
    )
    t.match(done.counts, { rows: 3, added: 3, failed: 0 })
    t.match(records(maker), [
      {
        outcome: '不合格',
        failedItems: '镉',
        items: [
          { name: '铅', measured: '3', standard: '≤10', verdict: '合格' },
          { name: '镉', measured: '12', verdict: '不合格' },
          { name: '汞', measured: '<10', verdict: '合格' },
        ],
      },
    ])
  },
)

t.test('a measured value without a verdict is asked, and taken for no failing', async (t) => {
  const { parts } = await registry(t)
  const heads =
    '统一社会信用代码,样品编号,样品名称,检测项目,实测值,标准值,检验结果,抽样日期,任务来源,检查机关'
  const { bad } = await importing(
    parts,
    `${heads}\n${maker},Y1,饼干,铅,3,≤10,,2026-03-10,市抽,市局`,
    'inspection',
  )
  t.match(bad, [{ faults: [{ code: 'required', header: '检验结果' }] }])
})

t.test('a remark beside a failing is understood, and said', async (t) => {
  const { parts, records } = await registry(t)
  const asked = await previewing(parts, table({ 备注: '企业否认生产' }), 'inspection', { constants, firms })
  t.match(asked.good, [{ notes: [/“企业否认生产”理解为：标称异议：处理中/] }])
  await importing(parts, table({ 备注: '企业否认生产' }), 'inspection', { constants, firms })
  t.match(records(maker), [{ dispute: '处理中', findings: '企业否认生产' }])
  const passed = await importing(
    parts,
    table({ 抽样编号: 'S2', 检验结论: '合格', 不合格项目: '', 备注: '企业否认生产' }),
    'inspection',
    { constants, firms },
  )
  t.match(passed.counts, { added: 1 })
  t.equal(records(maker)[1]?.dispute, undefined, 'what passed harms nobody')
})

t.test('what waits for a notice or a delivery is said', async (t) => {
  const { parts } = await registry(t)
  const waiting = { 公告号: '', 公告日期: '' }
  for (const [cells, words] of [
    [waiting, /没有结果送达日期/],
    [{ ...waiting, 检验结论: '合格', 不合格项目: '' }, /暂不公示/],
  ] as const)
    t.match(
      (await previewing(parts, table(cells), 'inspection', { constants, firms })).good[0]?.notes.join('\n'),
      words,
    )
})

t.test('a day of make beside a batch, a day that is none, and why no sample was drawn', async (t) => {
  const { parts, records } = await registry(t)
  const heads =
    '统一社会信用代码,抽样编号,样品名称,生产日期,批号,抽样日期,检验日期,任务来源,检验结论,不合格项及未抽样原因,检查机关'
  const line = (number: string, made: string, batch: string, outcome: string, why: string) =>
    `${maker},${number},示例饼干,${made},${batch},2026-03-10,2026-03-15,市抽,${outcome},${why},市局`
  const rows = [
    line('D1', '2026-01-10', 'B1', '合格', ''),
    line('D2', '2026-01-10', '/', '合格', ''),
    line('D3', '2021-04-15(购进日期)', '/', '合格', ''),
    line('D4', '2026-01', 'B4', '合格', ''),
    line('D5', '2026-03-12', '/', '合格', ''),
    line('D6', '', '', '未抽到', '企业停产'),
    line('D7', '', '', '不合格', '水分'),
  ]
  t.match((await importing(parts, [heads, ...rows].join('\n'), 'inspection')).counts, { added: 7, failed: 0 })
  t.match(records(maker), [
    { madeOn: '2026-01-10', batch: 'B1', inspectedOn: '2026-03-10' },
    { madeOn: '2026-01-10', batch: '2026-01-10' },
    { madeOn: undefined, batch: '2021-04-15(购进日期)' },
    { madeOn: '2026-01', batch: 'B4' },
    { madeOn: undefined, batch: '2026-03-12' },
    { outcome: '未抽到样品', findings: '企业停产', failedItems: undefined, items: undefined },
    { outcome: '不合格', failedItems: '水分' },
  ])
})

t.test('samples without a number are told apart by all that both say of them', async (t) => {
  const head = '标称生产企业名称,被抽样单位名称,食品名称,商标,规格型号,产品等级,生产日期,检验结论,不合格项目'
  const cells = [MAKER, SELLER, '示例膜', '甲牌', '1kg', '一等品', '2026-01-02']
  for (const [at, other] of [
    [1, '示例别的超市'],
    [2, '示例膜二'],
    [3, '乙牌'],
    [4, '2kg'],
    [5, '合格品'],
    [6, '2026-01-03'],
  ] as const) {
    const { parts, records } = await registry(t)
    const failing = [...cells, '不合格', '厚度'].join(',')
    const passing = [...cells.with(at, other), '合格', ''].join(',')
    const made = { constants: { ...constants, 检查类别: '省级监督抽查', 检查日期: '2026-03-10' }, firms }
    const { counts } = await importing(parts, [head, failing, passing].join('\n'), 'inspection', made)
    t.match(counts, { added: 2, failed: 0 }, other)
    t.same(
      records(maker).map(({ outcome }) => outcome),
      ['不合格', '合格'],
    )
  }
})
