import t from 'tap'
import { parseEnterpriseCode } from '../../src/codes/enterprise-code.ts'
import { dayIn, partialDateIn, periodIn } from '../../src/exchange/dates.ts'
import { authorityAndDay, conductIn } from '../../src/exchange/punishment.ts'
import { remarkIn } from '../../src/exchange/remarks.ts'
import { licenceByNumber } from '../../src/exchange/words.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms, previewing } from './importing.ts'

/** Tables of the kinds of test/exchange/cases with other headings, shapes and words. */

const first = unifiedCode('DER00001')
const second = unifiedCode('DER00002')
const third = unifiedCode('DER00003')
const names = { [first]: '示例甲制品有限公司', [second]: '示例乙商贸有限公司', [third]: '示例丙食品有限公司' }

async function registryWithFirms(t: Parameters<typeof testRegistry>[0]) {
  const parts = await testRegistry(t)
  await openFirms(parts, Object.entries(names))
  const records = (code: string) =>
    (parts.views.dossier(code.slice(8, 17))?.records ?? []).map(({ data }) => data)
  return { parts, records }
}

const firms = Object.fromEntries(Object.entries(names).map(([code, name]) => [name, code.slice(8, 17)]))
const sampled = { 检查类别: '省级监督抽查', 检查日期: '2026-03-01', 检查机关: '河北省市场监督管理局' }

t.test(
  'a row of units under the headings is part of them, and one of hints is none of the data',
  async (t) => {
    const { parts, records } = await registryWithFirms(t)
    const head =
      '统一社会信用代码,企业名称,处罚决定书文号,案由,处罚种类,罚款金额,没收违法所得,处罚日期,作出处罚决定的部门'
    const row = (no: string) =>
      `${first},${names[first]},${no},生产不合格产品,罚款;没收违法所得,2.7,3500,2026-03-02,石家庄市市场监督管理局`
    for (const [no, asides] of [
      ['1号', ',,,,,（万元）,（元）,,'],
      ['2号', '单位,,,,,万元,元,,'],
      ['3号', '（必填）,（必填）,（必填）,（必填）,（选填）,（万元）,（元）,（yyyy-mm-dd）,（必填）'],
    ] as const) {
      const { counts } = await importing(parts, [head, asides, row(no)].join('\n'), 'penalty')
      t.match(counts, { rows: 1, added: 1, failed: 0 }, asides)
      t.match(records(first).at(-1), { documentNo: no, fine: 27_000, confiscatedIncome: 3500 })
    }
    const unstated = [head, row('4号')].join('\n')
    const { bad } = await importing(parts, unstated, 'penalty')
    const word = '罚款金额（没有写明单位）'
    t.match(bad, [
      { faults: [{ code: 'sum-unit', word: { field: 'fine', word, candidates: ['万元', '元'] } }] },
    ])
    t.equal(records(first).length, 3)
    for (const [unit, fine] of [
      ['万元', 27_000],
      ['元', 2.7],
    ] as const) {
      const rows = [head, row(`${unit}1号`)].join('\n')
      t.match((await importing(parts, rows, 'penalty', { words: { fine: { [word]: [unit] } } })).counts, {
        added: 1,
      })
      t.match(records(first).at(-1), { fine }, unit)
    }
  },
)

t.test('who filled a form in is no data, in however many cells', async (t) => {
  const { parts } = await registryWithFirms(t)
  const table = [
    '统一社会信用代码,企业名称,经营状态',
    `${first},${names[first]},存续`,
    '填报人：张三,,联系电话：0311-00000000',
    '审核人（签字）：,李四,',
  ].join('\n')
  const { counts, passed } = await previewing(parts, table)
  t.match(counts, { rows: 1, failed: 0 })
  t.match(passed, {
    count: 2,
    first: [
      { line: 3, why: 'note' },
      { line: 4, why: 'note' },
    ],
  })
})

t.test('groups over headings go before their bare parts', async (t) => {
  const { parts } = await registryWithFirms(t)
  const page = `<table><tr><td colspan=6>附件</td></tr>
    <tr><td rowspan=2>序号</td><td colspan=2>标称生产企业</td><td rowspan=2>食品名称</td><td colspan=3>不合格项目</td></tr>
    <tr><td>名称</td><td>地址</td><td>项目</td><td>检验结果</td><td>标准值</td></tr>
    <tr><td>1</td><td>${names[first]}</td><td>石家庄</td><td>糕</td><td>霉菌</td><td>300CFU/g</td><td>≤150CFU/g</td></tr></table>`
  const { columns, counts, good } = await previewing(parts, page, 'inspection', { constants: sampled, firms })
  t.same(
    columns.slice(0, 7).map(({ meaning }) => meaning),
    [
      '档案不记录此栏（略过）',
      '标称生产企业',
      '标称生产企业地址',
      '产品名称',
      '不合格项目',
      '检验结果或实测值（按单元格判断）',
      '标准值',
    ],
  )
  t.match(counts, { rows: 1, added: 1 })
  t.match(
    good[0]?.changes.find(({ label }) => label === '检验项目与结果')?.after,
    /霉菌.*300CFU\/g.*≤150CFU\/g/,
  )
})

t.test(
  'a title says the number of the notice, and whether its samples passed, where no column does',
  async (t) => {
    const { parts, records } = await registryWithFirms(t)
    const head = '序号,标称生产企业名称,被抽样单位名称,食品名称,规格型号,生产日期/批号'
    const row = (batch: string) => `1,${names[first]},${names[second]},示例糕,500g,${batch}`
    const take = async (title: string, batch: string, heading = head, more = '') => {
      const table = [title, heading, `${row(batch)}${more}`].join('\n')
      return importing(parts, table, 'inspection', { constants: sampled, firms })
    }
    t.match((await take('2026年食品监督抽检产品合格信息（第4号）', '2026-01-02')).counts, { added: 1 })
    t.match(records(first).at(-1), { outcome: '合格', noticeNo: '2026年第4号', role: '标称生产者' })
    t.match(records(second).at(-1), { outcome: '合格', noticeNo: '2026年第4号', role: '被抽样单位' })
    const failing = await take('不合格产品信息', '2026-01-03', `${head},不合格项目`, ',霉菌')
    t.match(failing.counts, { added: 1 })
    t.match(records(first).at(-1), { outcome: '不合格', failedItems: '霉菌' })
    t.notOk('noticeNo' in (records(first).at(-1) ?? {}))
    const own = await take(
      '2026年第4号合格信息',
      '2026-01-04',
      `${head},公告号,检验结论`,
      ',2026年第9号,不合格',
    )
    t.match(own.counts, { added: 1 })
    t.match(records(first).at(-1), { outcome: '不合格', noticeNo: '2026年第9号' }, 'a column goes before it')
    for (const title of ['合格与不合格产品信息', '合格率统计', '抽检信息'])
      await t.rejects(take(title, '2026-01-05'), /检查结果/, title)
  },
)

t.test('a level within the words of a task is one, where it is the only one', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const { 检查类别: _, ...others } = sampled
  const words = [
    ['河北/省抽', '省级监督抽查'],
    ['2026年河北省级监督抽检', '省级监督抽查'],
    ['总局本级/国抽', '国家监督抽查'],
    ['石家庄市本级', '市级监督抽查'],
    ['省抽/市级', undefined],
    ['2026年食品安全风险监测（省级）', undefined],
    ['抽检', undefined],
  ] as const
  for (const [i, [task, kind]] of words.entries()) {
    const table = `标称生产企业名称,食品名称,批号,任务来源/项目名称,检验结论\n${names[first]},糕,B${i}0,${task},合格`
    const { counts } = await importing(parts, table, 'inspection', { constants: others, firms })
    t.match(counts, kind === undefined ? { failed: 1 } : { added: 1 }, task)
    if (kind !== undefined) t.equal(records(first).at(-1)?.kind, kind, task)
  }
})

t.test('who answers for a cosmetic is its producer, who makes it for them stands beside', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const table = [
    '标示产品名称,标示生产企业/被委托生产企业,注册人/备案人,被采样单位名称,包装规格,批号,检验结论,不符合规定项目',
    `示例霜,${names[first]},${names[third]},${names[second]},50g,20260101,不符合规定,菌落总数`,
  ].join('\n')
  t.match((await importing(parts, table, 'inspection', { constants: sampled, firms })).counts, { added: 1 })
  t.match(records(third), [{ role: '标称生产者', outcome: '不合格', thirdParty: names[first] }])
  t.match(records(second), [{ role: '被抽样单位' }])
  t.same(records(first), [])
})

t.test('parts of a text that stand in columns of their own are put together', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const table = [
    '标称生产企业名称,产品名称,规格,型号,食品大类,食品细类,检验结论,备注,说明',
    `${names[first]},电缆,2.5mm²,BV,电线,BV 电线,合格,抽于仓库,抽于仓库`,
  ].join('\n')
  t.match((await importing(parts, table, 'inspection', { constants: sampled, firms })).counts, { added: 1 })
  t.match(records(first), [
    { specification: '2.5mm²；BV', productKind: '电线；BV 电线', findings: '抽于仓库' },
  ])
})

t.test('a list of licensees: the kind by its number, the period in one cell', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const table = [
    '获证单位,统一社会信用代码/注册号,产品名称,证书编号,发证日期,有效期限,发证单位,证书状态',
    `${names[first]},${first},直角扣件,冀XK08-001-00001,2024-05-01,2024/5/1至2029/4/30,河北省市场监督管理局,有效`,
    `${names[second]},${second},糕点,SC10113010200001,2024-05-01,自2024年5月1日起至长期,河北省市场监督管理局,有效`,
    `${names[third]},${third},洗涤剂,冀XK16-114-00001,2024-05-01,2029-04-30,河北省市场监督管理局,有效`,
  ].join('\n')
  const { counts, incomplete } = await previewing(parts, table, 'licence')
  t.match(counts, { rows: 3, added: 2, failed: 1 })
  t.match(incomplete, [{ label: '许可类别', count: 1 }], 'what the number does not tell can be said at once')
  await importing(parts, table, 'licence')
  t.match(records(first), [
    { kind: '全国工业产品生产许可证', validFrom: '2024-05-01', validTo: '2029-04-30' },
  ])
  const [food = {}] = records(second)
  t.match(food, { kind: '食品生产许可证', validFrom: '2024-05-01' })
  t.notOk('validTo' in food)
  t.match(
    (await importing(parts, table, 'licence', { constants: { 许可类别: '食品相关产品生产许可证' } })).counts,
    { added: 1 },
  )
  t.match(records(third), [{ kind: '食品相关产品生产许可证' }])
})

t.test('the day of issue and the end in one cell, as its heading says', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const cells = [
    ['发证日期及有效期', '2024年5月1日至2029年4月30日'],
    ['发证日期/有效期', '2024-05-01～2029-04-30'],
    ['批准日期及有效期', '2024.5.1-2029.4.30'],
  ] as const
  for (const [i, [heading, cell]] of cells.entries()) {
    const number = `冀XK08-001-0010${i}`
    const table = `获证单位,社会信用代码,产品名称,证书编号,${heading},发证单位\n${names[first]},${first},直角扣件,${number},${cell},河北省市场监督管理局`
    await importing(parts, table, 'licence')
    t.match(
      records(first).filter((record) => Object(record).number === number),
      [{ issuedOn: '2024-05-01', validFrom: '2024-05-01', validTo: '2029-04-30' }],
      heading,
    )
  }
  // A period under its own heading says nothing of the day of issue.
  const table = `获证单位,社会信用代码,产品名称,证书编号,有效期,发证单位\n${names[first]},${first},直角扣件,冀XK08-001-00200,2024-05-01至2029-04-30,河北省市场监督管理局`
  await t.rejects(importing(parts, table, 'licence'), /缺少必填栏：发证日期/)
})

t.test('what numbers of certificates tell', (t) => {
  for (const [number, kind] of [
    ['冀XK08-001-00001', '全国工业产品生产许可证'],
    ['（冀）XK08-001-00001', '全国工业产品生产许可证'],
    ['XK13-217-00012', '全国工业产品生产许可证'],
    ['XK16-204-00012', undefined],
    ['SC10113010200001', '食品生产许可证'],
    ['SC1011301020000', undefined],
    ['QS1301 0101 0001', '食品生产许可证'],
    ['TS2713001-2028', '特种设备生产许可证'],
    ['JY11301020000001', undefined],
  ] as const)
    t.equal(licenceByNumber(number), kind, number)
  t.end()
})

t.test('days, months and periods as other programs and people write them', (t) => {
  for (const text of ['Mar 2, 2026', 'March 2, 2026', '2-Mar-2026', '02 Mar 2026'])
    t.same(dayIn(text), { day: '2026-03-02' }, text)
  for (const text of ['02/03/2026', '26.3.2', 'Mrz 2, 2026', 'Mar 2, 26'])
    t.match(dayIn(text), { code: 'date' }, text)
  for (const text of [
    '2026.03.02.',
    '2026年三月二日',
    '二〇二六年3月2日',
    '贰零贰陆年叁月贰日',
    '2026年三月二号',
  ])
    t.same(dayIn(text), { day: '2026-03-02' }, text)
  for (const [text, why] of [
    ['3/5/2026', /哪个是月、哪个是日不能确定/],
    ['5-Mar-26', /年份只写了两位/],
    ['三月五日', /不是写明年、月、日的日期/],
  ] as const)
    t.match(dayIn(text), { code: 'date', fault: why }, text)
  for (const [digits, date] of [
    ['2017.09', '2017-09'],
    ['2017.9', '2017-09'],
    ['2017.12', '2017-12'],
    ['2017', '2017'],
  ] as const)
    t.same(partialDateIn({ is: 'number', digits }), { date }, digits)
  for (const digits of ['2017.1', '2017.13', '2017.123'])
    t.match(partialDateIn({ is: 'number', digits }), { fault: /./ }, digits)
  for (const text of [
    '2024/5/1至2029/4/30',
    '2024年5月1日-2029年4月30日',
    '2024-05-01 — 2029-04-30',
    '自2024.5.1起至2029.4.30止',
  ])
    t.match(periodIn(text), { from: '2024-05-01' }, text)
  t.match(periodIn('2024-05-01至长期'), { to: '长期' })
  t.match(periodIn('2024-05-01\n2029-04-30'), { from: '2024-05-01', to: '2029-04-30' })
  t.match(periodIn('2024年5月1日\n长期'), { from: '2024-05-01', to: '长期' })
  t.equal(periodIn('2024-05-\n01'), undefined, 'a day in two lines')
  for (const text of ['2024-05-01', '2024至2029', '2024-05-01至五年', '长期'])
    t.equal(periodIn(text), undefined, text)
  t.end()
})

t.test('what an authority has found out, and what a firm says', (t) => {
  for (const [text, dispute] of [
    ['经生产企业所在地市场监管部门核实，该产品系假冒', '经核实为假冒'],
    ['经示例县局调查确认，该批次为假冒产品', '经核实为假冒'],
    ['经标称企业核实，非本企业生产', '处理中'],
    ['企业称该产品系假冒', '处理中'],
    ['标称企业否认生产该批次产品，正在核查', '处理中'],
  ] as const)
    t.equal(remarkIn(text).dispute, dispute, text)
  t.same(authorityAndDay('某市质监局（2015-03-02）'), { authority: '某市质监局', day: '2015-03-02' })
  t.equal(conductIn('示例公司生产不合格电缆案', '示例公司'), '生产不合格电缆')
  t.end()
})

t.test('a code with the number of its copy behind it', (t) => {
  for (const typed of [`${first}(1-1)`, `${first}（1/1）`, `${first}（副本）1-1`, `${first}(副本 2-1)`])
    t.match(parseEnterpriseCode(typed), { ok: true, value: { code: first } }, typed)
  t.end()
})

t.test('several items with units of their own, and plans of several figures as one standard', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const take = async (no: string, head: string, cells: string) => {
    const table = `抽样编号,标称生产企业名称,食品名称,${head}\n${no},${names[first]},糕,${cells}`
    const { counts } = await importing(parts, table, 'inspection', { constants: sampled, firms })
    t.match(counts, { added: 1 }, cells)
    return records(first).at(-1)?.items
  }
  const apart = '不合格项目,检出值,限量值,单位'
  t.match(await take('U1', apart, '霉菌、酸价,300、3.9,≤150、≤3,CFU/g、mg/g'), [
    { name: '霉菌', measured: '300CFU/g', standard: '≤150CFU/g' },
    { name: '酸价', measured: '3.9mg/g', standard: '≤3mg/g' },
  ])
  t.match(await take('U2', apart, '霉菌、酵母,300、20,≤150、≤10,CFU/g'), [
    { name: '霉菌', measured: '300CFU/g', standard: '≤150CFU/g' },
    { name: '酵母', measured: '20CFU/g', standard: '≤10CFU/g' },
  ])
  const [plan, ...others] =
    ((await take(
      'U3',
      '不合格项目（标准值/实测值）',
      '"菌落总数：n=5,c=2,m=10⁴,M=10⁵/2.2×10⁵"',
    )) as object[]) ?? []
  t.match(plan, { name: '菌落总数', standard: 'n=5,c=2,m=10⁴,M=10⁵', measured: '2.2×10⁵' })
  t.same(others, [])
})

t.test('sums that only the decision’s own words name', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const head = '统一社会信用代码,企业名称,处罚决定书文号,违法行为类型,处罚种类,处罚内容,处罚决定日期,处罚机关'
  const take = async (no: string, types: string, content: string) => {
    const row = `${first},${names[first]},${no},生产不合格产品,${types},${content},2026-03-02,石家庄市市场监督管理局`
    t.match((await importing(parts, `${head}\n${row}`, 'penalty')).counts, { added: 1 }, content)
    const { fine, confiscatedIncome } = records(first).at(-1) ?? {}
    return [fine, confiscatedIncome]
  }
  t.same(await take('1号', '罚款', '处罚款人民币贰万元整'), [20_000, undefined])
  t.same(await take('2号', '罚款、没收违法所得', '1、没收违法所得3500元；2、罚款1.5万元'), [15_000, 3500])
  t.same(
    await take('3号', '罚款', '对两人各处罚款1000元、罚款2000元'),
    [undefined, undefined],
    'two sums are none',
  )
  t.same(await take('4号', '警告', '警告，可以并处罚款1000元'), [undefined, undefined], 'no fine was imposed')
})

t.test('words that stand for no number, and two rows alike in all', async (t) => {
  const { parts, records } = await registryWithFirms(t)
  const head = '统一社会信用代码,企业名称,处罚决定书文号,违法行为类型,处罚种类,处罚决定日期,处罚机关'
  for (const no of ['详见附件', '见决定书', '0', '000', '（空）', '当场处罚', '/']) {
    const row = `${first},${names[first]},${no},生产不合格产品,警告,2026-03-02,石家庄市市场监督管理局`
    t.match((await importing(parts, `${head}\n${row}`, 'penalty')).counts, { failed: 1 }, no)
  }
  const row = `${names[first]},糕,500g,合格`
  const samples = ['标称生产企业名称,食品名称,规格型号,检验结论', row, row].join('\n')
  const made = { constants: sampled, firms }
  const twice = await importing(parts, samples, 'inspection', made)
  t.match(twice.counts, { added: 1, failed: 1 })
  t.match(twice.bad, [{ line: 3, faults: [{ code: 'same-row', detail: /同一样品写了两遍，还是两个样品/ }] }])
  t.match((await importing(parts, samples, 'inspection', made)).counts, { unchanged: 1, failed: 1 })
  t.equal(records(first).length, 1)
})
