import t, { type Test } from 'tap'
import { meaningOf, targetsOf } from '../../src/exchange/columns.ts'
import { itemsOf } from '../../src/exchange/items.ts'
import { producersIn } from '../../src/exchange/producers.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { text, workbookOf } from '../sheets/workbooks.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms, previewing } from './importing.ts'

/** What tables of bureaus say in ways of their own: units above the table, lists in one cell, notes under it, lists of words. */

const code = unifiedCode('WRT00001')
const NAME = '示例甲食品有限公司'
const OTHER = '示例丙机械制造有限公司'
const key = code.slice(8, 17)
const constants = { 检查机关: '省局', 检查类别: '省级监督抽查', 检查日期: '2026-03-10' }
const made = { constants, firms: { [NAME]: key } }

async function registry(t: Test) {
  const parts = await testRegistry(t)
  await openFirms(parts, [[code, NAME]])
  const records = () => (parts.views.dossier(key)?.records ?? []).map(({ data }) => data)
  return { parts, records }
}

const workbook = (sheets: Readonly<Record<string, readonly (readonly string[])[]>>) =>
  workbookOf({
    sheets: Object.entries(sheets).map(([name, rows]) => ({
      name,
      xml: rows.map((cells) => `<row>${cells.map((cell) => text(cell)).join('')}</row>`).join(''),
    })),
  })

const PENALTY = '统一社会信用代码,企业名称,处罚决定书文号,案由,处罚种类,处罚日期,处罚机关,程序,罚款金额'
const penalty = (no: string, fine: string) =>
  `${code},${NAME},${no},无证生产,罚款,2026-03-10,省局,普通程序,${fine}`

t.test('the unit of money that stands above a table is that of sums without their own', async (t) => {
  for (const [above, sums] of [
    ['单位：万元', [27_000, 3000]],
    [',,,,,,,,（单位:人民币万元）', [27_000, 3000]],
    ['金额单位：亿元', [270_000_000, 3000]],
    ['单位：元', [2.7, 3000]],
    ['某局行政处罚情况表', [3000]],
  ] as const) {
    const { parts, records } = await registry(t)
    const table = [above, PENALTY, penalty('1号', '2.7'), penalty('2号', '3000元')].join('\n')
    const { good } = await previewing(parts, table, 'penalty')
    const isDoubted = sums[0] === 2.7
    t.equal(
      (good[0]?.notes ?? []).some((note) => note.includes('不足 50 元')),
      isDoubted,
      'a sum that is none which is imposed is told',
    )
    await importing(parts, table, 'penalty')
    t.same(
      records().map(({ fine }) => fine),
      sums,
      above,
    )
  }
  const { parts, records } = await registry(t)
  const own = [PENALTY.replace('罚款金额', '罚款金额（元）'), penalty('1号', '2.7')].join('\n')
  await importing(parts, `单位：万元\n${own}`, 'penalty')
  t.match(records(), [{ fine: 2.7 }], 'a heading’s own unit goes before it')
})

t.test('what holds nothing of a number but its year is none', async (t) => {
  const { parts } = await registry(t)
  for (const [no, isNumber] of [
    ['附件', false],
    ['附件2', false],
    ['略', false],
    ['另行通知', false],
    ['不公开', false],
    ['示罚〔2026〕号', false],
    ['（2026）', false],
    ['2026年', false],
    ['示罚〔2026〕1号', true],
    ['第十二号', true],
    ['2026', true],
  ] as const)
    t.match(
      (await previewing(parts, [PENALTY, penalty(no, '20000')].join('\n'), 'penalty')).counts,
      isNumber ? { added: 1 } : { failed: 1 },
      no,
    )
})

t.test('items in one cell: measured at several places, called by their labels, numbered', (t) => {
  const item = (name: string, measured?: string, standard?: string) => ({
    name,
    ...(measured !== undefined && { measured }),
    ...(standard !== undefined && { standard }),
  })
  for (const [cells, items] of [
    [
      { together: '菌落总数║①2.2×10⁵；②3.1×10⁵CFU/g║n=5，c=2，m=10⁴，M=10⁵CFU/g' },
      [item('菌落总数', '①2.2×10⁵；②3.1×10⁵CFU/g', 'n=5，c=2，m=10⁴，M=10⁵CFU/g')],
    ],
    [
      { together: '1、霉菌║220CFU/g║≤25CFU/g；2、酸价║3.9mg/g║≤3mg/g' },
      [item('霉菌', '220CFU/g', '≤25CFU/g'), item('酸价', '3.9mg/g', '≤3mg/g')],
    ],
    [{ together: '霉菌 检验结果：220CFU/g 标准值：≤25CFU/g' }, [item('霉菌', '220CFU/g', '≤25CFU/g')]],
    [{ standardFirst: '厚度（标准值≥0.7mm，实测值0.5mm）' }, [item('厚度', '0.5mm', '≥0.7mm')]],
    [
      { name: '厚度，标准值：≥0.7mm，实测值：0.5mm；电阻，标准值：≤7.41，实测值：8.1' },
      [item('厚度', '0.5mm', '≥0.7mm'), item('电阻', '8.1', '≤7.41')],
    ],
    [{ name: '铅（以Pb计）（实测值0.6，限值0.5）' }, [item('铅（以Pb计）', '0.6', '0.5')]],
    [{ name: '1.厚度 2.电阻' }, [item('厚度'), item('电阻')]],
    [{ name: '①厚度②电阻' }, [item('厚度'), item('电阻')]],
    [{ name: '2,4-滴' }, [item('2,4-滴')]],
    [{ name: '1.5mm 厚度' }, [item('1.5mm 厚度')]],
  ] as const)
    t.same(itemsOf(cells), items, JSON.stringify(cells))
  t.end()
})

t.test('the form of the national system of samples, with limits in columns of their own', async (t) => {
  const { parts, records } = await registry(t)
  const table = [
    '抽样编号,标称生产企业名称,样品名称,检验项目,检验结果,结果单位,结果判定,最小允许限,最大允许限,允许限单位',
    `S1,${NAME},糕,酸价,3.9,mg/g,不合格项,/,0.003,g/g`,
    `S1,${NAME},糕,水分,10,%,合格项,5,15,%`,
  ].join('\n')
  t.match((await importing(parts, table, 'inspection', made)).counts, { added: 2 })
  t.match(records(), [
    {
      outcome: '不合格',
      items: [
        { name: '酸价', measured: '3.9mg/g', standard: '≤0.003g/g', verdict: '不合格' },
        { name: '水分', measured: '10%', standard: '≥5%，≤15%', verdict: '合格' },
      ],
    },
  ])
})

t.test('who had it made and who made it for them, in one cell', (t) => {
  for (const [text, own, other] of [
    [NAME, NAME, undefined],
    [`标称：${NAME}`, NAME, undefined],
    [`委托方：${NAME}；受委托方：${OTHER}`, NAME, OTHER],
    [`受委托生产企业:${OTHER}\n委托方:${NAME}`, NAME, OTHER],
    [`${NAME}（委托方：${OTHER}）`, NAME, OTHER],
    [`${NAME}(受委托生产企业：${OTHER})`, NAME, OTHER],
    ['示例甲（河北）食品有限公司', '示例甲（河北）食品有限公司', undefined],
    ['委托方：', '委托方：', undefined],
  ] as const)
    t.same(producersIn(text), { own, ...(other !== undefined && { other }) }, text)
  t.end()
})

t.test('headings by how they are formed', (t) => {
  for (const [type, heading, meaning] of [
    ['inspection', '标注生产企业名称', '标称生产企业'],
    ['inspection', '标明的生产厂家', '标称生产企业'],
    ['inspection', '标称生产企业(单位)名称', '标称生产企业'],
    ['inspection', '标称（生产）企业名称', '标称生产企业'],
    ['inspection', '标称生产企业信用代码', '标称生产企业代码'],
    ['inspection', '生产厂商地址', '标称生产企业地址'],
    ['inspection', '被抽样销售者名称', '被抽样单位'],
    ['inspection', '被抽样经营者地址', '被抽样单位地址'],
    ['inspection', '餐饮服务单位', '被抽样单位'],
    ['inspection', '标称生产企业省份', '档案不记录此栏（略过）'],
    ['inspection', '商标/标称商标', '商标'],
    ['inspection', '产品等级', '规格型号'],
    ['inspection', '生产企业许可证', null],
    ['inspection', '標稱生產企業名稱', '标称生产企业'],
    ['penalty', '统一社会信用代码/身份证号', '企业代码'],
    ['penalty', '身份证号', '证件号码（不得导入）'],
    ['penalty', '行政相对人代码_3（工商登记码）', '档案不记录此栏（略过）'],
    ['penalty', '行政相对人代码_5（居民身份证号）', '档案不记录此栏（略过）'],
    ['licence', '社会信用代码（身份证号码）', '企业代码'],
  ] as const) {
    const kind = catalogue.kind(type)
    if (!kind) throw new Error(type)
    t.equal(meaningOf(targetsOf([heading], kind)[0]), meaning, heading)
  }
  t.end()
})

t.test(
  'notes, signatures and counts under a table are passed over, a row of a name alone is not',
  async (t) => {
    const { parts } = await registry(t)
    const head = '标称生产企业名称,产品名称,规格,检验结论'
    const under = [
      '注：,本表所列仅对所检样品负责,,',
      '（此表由省局提供）',
      '特此公告',
      '某省市场监督管理局',
      '2026年5月20日',
      '二〇二六年五月二十日',
      '联系电话,0311-00000000,,',
      '第1页 共1页',
      '本页共1条',
      ',,合计,1',
      '平均合格率,,,98%',
      '制表日期,2026-05-20,,',
    ]
    const table = [head, `${NAME},砖,1,合格`, ...under].join('\n')
    const { counts, passed } = await previewing(parts, table, 'inspection', made)
    t.match({ counts, passed: passed.count }, { counts: { rows: 1, added: 1 }, passed: under.length })
    const lost = await previewing(parts, [head, `${NAME},砖,1,合格`, OTHER].join('\n'), 'inspection', made)
    t.match(lost.counts, { rows: 2, added: 1, failed: 1 })
  },
)

t.test('remarks behind the name of who got an award, and what is less than the award', async (t) => {
  const { parts, records } = await registry(t)
  const head = '获奖单位,奖项,级别,授予机关,授奖时间'
  for (const [row, award] of [
    [`${NAME}（复评）,河北省名牌产品,省,省局,2012`, { kind: '河北名牌产品' }],
    [`${NAME},河北省政府质量奖组织奖,省,省局,2018`, { title: '河北省政府质量奖组织奖' }],
  ] as const) {
    t.match((await importing(parts, `${head}\n${row}`, 'award', { firms: made.firms })).counts, { added: 1 })
    t.match(records().at(-1), award)
  }
  const { bad } = await importing(parts, `${head}\n${NAME},河北省名牌产品,省,省局,2019-2020`, 'award', {
    firms: made.firms,
  })
  t.match(bad, [{ faults: [{ detail: /“2019-2020”不是一个日期、年月或者年份/ }] }])
})

t.test('the day of a notice that stands above its table', async (t) => {
  const { parts, records } = await registry(t)
  const head = '标称生产企业名称,食品名称,规格,不合格项目'
  for (const [title, day] of [
    ['发布日期：2026-05-20', '2026-05-20'],
    ['2026年5月20日', '2026-05-20'],
    ['抽样日期：2026-05-20', undefined],
  ] as const) {
    const table = [title, head, `${NAME},糕,${title},霉菌`].join('\n')
    t.match((await importing(parts, table, 'inspection', made)).counts, { added: 1 }, title)
    t.equal(records().at(-1)?.noticedOn, day, title)
  }
})

t.test('a list of the words of a field beside the data is no data', async (t) => {
  const { parts } = await registry(t)
  const data = [PENALTY.split(','), penalty('1号', '20000').split(',')]
  for (const list of [
    [
      ['处罚种类', '程序'],
      ['警告', '简易程序'],
      ['罚款', '普通程序'],
    ],
    [
      ['处罚种类', '代码'],
      ['警告', '1'],
      ['罚款', '2'],
    ],
    [
      ['处罚机关', '统一社会信用代码'],
      ['省局', '11130000MB00000000'],
    ],
  ]) {
    const file = await workbook({ 数据: data, 字典: list })
    const { chosen, counts } = await previewing(parts, file, 'penalty')
    t.match({ chosen, counts }, { chosen: ['数据'], counts: { rows: 1, added: 1 } })
  }
  const both = await workbook({ 一: data, 二: data })
  t.match((await previewing(parts, both, 'penalty')).problem, /2 个工作表含有数据/)
})

t.test('an award’s trade mark beside its product, and its level by who grants it', async (t) => {
  const { parts, records } = await registry(t)
  const head = '获奖单位,奖项,产品名称,商标,授予机关,年度'
  for (const [row, award] of [
    ['河北省名牌产品（复评）,电缆,甲牌,河北省质量技术监督局,2012', { title: '电缆；甲牌', level: '省' }],
    ['市长质量奖,,,邢台市人民政府,2013', { kind: '政府质量奖', level: '市' }],
    ['县长质量奖,,,赵县人民政府,2014', { kind: '政府质量奖', level: '县' }],
    ['中国驰名商标,,甲牌,国家工商总局,2015', { title: '甲牌', level: '国家' }],
  ] as const) {
    const table = `${head}\n${NAME},${row}`
    t.match((await importing(parts, table, 'award', { firms: made.firms })).counts, { added: 1 }, row)
    t.match(records().at(-1), award)
  }
  for (const [row, fault] of [
    ['市长质量奖,,,某协会,2016', { code: 'required', detail: /级别/ }],
    ['石家庄市市长质量奖提名奖,,,石家庄市人民政府,2016', { code: 'word' }],
  ] as const)
    t.match(
      (await importing(parts, `${head}\n${NAME},${row}`, 'award', { firms: made.firms })).bad,
      [{ faults: [fault] }],
      row,
    )
})

t.test('what a sample’s cells leave open is asked, both laboratories are told apart', async (t) => {
  const { parts, records } = await registry(t)
  const head = '标称生产企业名称,产品名称,检验结果,不合格项目,标准值,承检机构,备注'
  for (const [row, fault] of [
    ['酒,0.79g/kg,,,,', { code: 'measured', detail: /“0.79g\/kg”是实测值，看不出合格与否/ }],
    ['糕,220CFU/g,霉菌；酸价,≤25CFU/g；≤3mg/g,,', { code: 'items', detail: /项目和数值的个数不同/ }],
  ] as const)
    t.match(
      (await importing(parts, `${head}\n${NAME},${row}`, 'inspection', made)).bad,
      [{ faults: [fault] }],
      row,
    )
  const both = `${NAME},糖,不合格。,霉菌,,初检机构：甲院；复检机构：乙院,`
  t.match((await importing(parts, `${head}\n${both}`, 'inspection', made)).counts, { added: 1 })
  t.match(records(), [{ outcome: '不合格', laboratory: '甲院', retestLaboratory: '乙院' }])
  // That a failing is not the producer's is confirmed by a second person.
  const stored = `${NAME},盐,不合格,霉菌,,,流通环节储存不当所致`
  t.match((await importing(parts, `${head}\n${stored}`, 'inspection', made)).counts, { proposed: 1 })
})

t.test('a footnote’s mark behind a firm’s name makes it no person', async (t) => {
  const { parts } = await registry(t)
  const head = '标称生产企业名称,产品名称,检验结论'
  for (const [name, code] of [
    [`${NAME}*`, 'by-name'],
    ['李*', 'person'],
    ['张**', 'person'],
    ['示例*司', 'person'],
  ] as const) {
    const { reasons } = await previewing(parts, `${head}\n${name},酒,合格`, 'inspection', { constants })
    t.match(reasons, [{ code }], name)
  }
})

t.test('an end as licences word it, a sum that is likelier in another unit', async (t) => {
  const { parts, records } = await registry(t)
  const head = '统一社会信用代码,许可类别,许可证编号,产品名称,许可机关,发证日期,有效期至'
  for (const [i, [end, validTo]] of (
    [
      ['至2030年3月9日', '2030-03-09'],
      ['2030-03-09止', '2030-03-09'],
      ['截止2030.3.9', '2030-03-09'],
      ['长期', undefined],
    ] as const
  ).entries()) {
    const row = `${code},全国工业产品生产许可证,冀XK08-001-0000${i},扣件,省局,2025-03-10,${end}`
    t.match((await importing(parts, `${head}\n${row}`, 'licence')).counts, { added: 1 }, end)
    t.equal(records().at(-1)?.validTo, validTo, end)
  }
  for (const [fine, notes] of [
    ['9999万元', 0],
    ['10000万元', 1],
  ] as const) {
    const table = `${PENALTY}（万元）\n${penalty('示罚〔2026〕9号', fine)}`
    const { good } = await previewing(parts, table, 'penalty')
    t.equal(good[0]?.notes.filter((note) => note.includes('超过一亿元')).length, notes, fine)
  }
})

t.test('headings of which none is known are told what they may be', async (t) => {
  const { parts } = await registry(t)
  for (const [table, why] of [
    [`${code},${NAME},省级监督抽查\n${code},${NAME},省级监督抽查`, /没有表头的，指明为 0/],
    ['????,??\n1,2', /文字在另存时丢失了/],
    ['没有的,栏\n1,2', /表头在其他行的/],
  ] as const)
    t.match((await previewing(parts, table, 'inspection')).problem, why)
})

t.test('a title within a sheet says the outcome of the samples under it, and no others', async (t) => {
  const { parts, records } = await registry(t)
  const head = '标称生产企业名称,产品名称,批号'
  const table = [head, '一、合格产品', `${NAME},砖,1`, '二、不合格产品', `${NAME},瓦,2`].join('\n')
  t.match((await previewing(parts, table, 'inspection', made)).counts, { added: 2 })
  t.match((await importing(parts, table, 'inspection', made)).counts, { added: 2 })
  t.match(records(), [
    { product: '砖', outcome: '合格' },
    { product: '瓦', outcome: '不合格' },
  ])
})

t.test('kinds of penalty that only the words of the decision tell', async (t) => {
  const { parts, records } = await registry(t)
  const head = '统一社会信用代码,当事人名称,案由,处罚决定书文号,处罚结果,处罚机关,处罚日期'
  for (const [i, [words, penalty]] of (
    [
      [
        '罚款2万元，没收违法所得3000元',
        { types: ['罚款', '没收违法所得'], fine: 20_000, confiscatedIncome: 3000 },
      ],
      ['警告', { types: ['警告'] }],
      ['责令停产停业', { types: ['责令停产停业'] }],
    ] as const
  ).entries()) {
    const table = `${head}\n${code},${NAME},无证生产,示罚〔2026〕${i + 1}号,"${words}",省局,2026-03-10`
    const { good } = await previewing(parts, table, 'penalty')
    t.ok(
      good[0]?.notes.some((note) => note.includes('理解为')),
      words,
    )
    t.match((await importing(parts, table, 'penalty')).counts, { added: 1 }, words)
    t.match(records().at(-1), penalty)
  }
  for (const [words, fault] of [
    ['依法处理', { code: 'punishment', header: '处罚内容', detail: /不能确定“依法处理”是哪几种处罚/ }],
    ['', { code: 'required', detail: /处罚种类/ }],
  ] as const) {
    const table = `${head}\n${code},${NAME},无证生产,示罚〔2026〕9号,${words},省局,2026-03-10`
    t.match((await importing(parts, table, 'penalty')).bad, [{ faults: [fault] }], words)
  }
})

t.test('a row that may go on the merged cells above it is not taken for the seller’s own', async (t) => {
  const { parts } = await registry(t)
  for (const [head, row, came] of [
    ['序号,标称生产企业名称,被抽样单位名称', `,,${NAME}`, { failed: 1 }],
    ['序号,标称生产企业名称,被抽样单位名称', `2,,${NAME}`, { added: 1 }],
    ['序号,标称生产企业名称,被抽样单位名称', `,/,${NAME}`, { added: 1 }],
    ['标称生产企业名称,被抽样单位名称', `,${NAME}`, { added: 1 }],
    ['序号,被抽样单位名称', `,${NAME}`, { added: 1 }],
    ['序号,标称生产企业名称,被抽样单位名称', `,${NAME},某店`, { added: 1 }],
  ] as const) {
    const table = `${head},产品名称,检验结论\n${row},粉,合格`
    const { counts, reasons } = await previewing(parts, table, 'inspection', made)
    t.match(counts, came, `${head} ${row}`)
    if ('failed' in came) t.match(reasons, [{ code: 'continued', header: '标称生产企业名称' }])
  }
})
