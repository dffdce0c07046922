import t from 'tap'
import { reportText } from '../../src/exchange/report.ts'
import { textRow, workbookOf } from '../sheets/workbooks.ts'
import { shownBy, type TestRegistry, testRegistry, unifiedCode } from '../support.ts'
import { importing } from './importing.ts'

/** What unsays a record, or says whose it is, where no column of its own says it: in titles, sheets, other columns, other words. */

const [first, second, third] = ['DEM00000', 'DEM00001', 'DEM00002'].map((body) => unifiedCode(body)) as [
  string,
  string,
  string,
]
const names: Readonly<Record<string, string>> = {
  [first]: '示例甲食品有限公司',
  [second]: '示例乙食品有限公司',
  [third]: '示例丙食品有限公司',
}
const firms = Object.fromEntries(Object.entries(names).map(([code, name]) => [name, code.slice(8, 17)]))
const constants = { 检查机关: '省局', 检查类别: '省级监督抽查' }

async function registry(t: Parameters<typeof testRegistry>[0]) {
  const parts = await testRegistry(t)
  const rows = Object.entries(names).map(([code, name]) => `${name},${code}`)
  await importing(parts, `企业名称,统一社会信用代码\n${rows.join('\n')}`)
  return parts
}
const records = (parts: TestRegistry, code: string) =>
  (parts.views.dossier(code.slice(8, 17))?.records ?? []).map(({ data }) => data)

const LICENCES = '企业名称,许可证编号,食品类别,发证日期,发证机关'
const licence = (code: string, n: number) => `${names[code]},SC1011301020${n},糕点,2022-01-02,省局`

t.test('licences that ended, by the title of their part of the sheet', async (t) => {
  const parts = await registry(t)
  const table = [
    '关于食品生产许可证注销、撤销的公告（2024年第6号）',
    '一、注销食品生产许可证名单',
    LICENCES,
    licence(first, 1001),
    '二、撤销食品生产许可证名单',
    licence(second, 1002),
    '三、恢复食品生产许可证名单',
    licence(third, 1003),
  ].join('\n')
  t.match((await importing(parts, table, 'licence', { firms })).counts, { added: 3 })
  for (const [code, status] of [
    [first, '注销'],
    [second, '撤销'],
    [third, '有效'],
  ] as const)
    t.match(records(parts, code), [{ status }])
})

t.test('a title of two ends is asked, brackets in it or not', async (t) => {
  for (const title of ['关于注销、撤销食品生产许可证的公告（2024年第6号）', '注销吊销名单']) {
    const parts = await registry(t)
    const { counts } = await importing(parts, `${title}\n${LICENCES}\n${licence(first, 1001)}`, 'licence', {
      firms,
    })
    t.match(counts, { failed: 1 }, title)
  }
})

t.test('licences that ended, by the name of their sheet', async (t) => {
  const parts = await registry(t)
  const head = '企业名称,证书编号,产品名称,发证日期,有效期至,发证机构'
  const sheet = (name: string, code: string, n: number) => ({
    name,
    xml: textRow(head) + textRow(`${names[code]},20220${n},电线,2022-01-02,2027-01-01,认证中心`),
  })
  const upload = await workbookOf({
    sheets: [sheet('有效证书', first, 1), sheet('暂停', second, 2), sheet('撤销', third, 3)],
  })
  const made = { sheets: ['有效证书', '暂停', '撤销'], constants: { 许可类别: '强制性产品认证' }, firms }
  t.match((await importing(parts, upload, 'licence', made)).counts, { added: 3 })
  for (const [code, status] of [
    [first, '有效'],
    [second, '暂停'],
    [third, '撤销'],
  ] as const)
    t.match(records(parts, code), [{ status }])
})

t.test('a licence that another column unsays is asked; one that was never granted is none', async (t) => {
  const parts = await registry(t)
  const taken = async (heading: string, cell: string) => {
    const table = `${LICENCES},${heading}\n${licence(first, 2001)},${cell}`
    const { bad } = await importing(parts, table, 'licence', { firms })
    return bad.flatMap(({ faults }) => faults.map(({ code, word }) => [code, ...(word?.candidates ?? [])]))
  }
  for (const [heading, cell, ...fault] of [
    ['审批类别', '注销', 'standing', '注销'],
    ['许可事项', '注销', 'standing', '注销'],
    ['证书名称', '食品生产许可证（已注销）', 'standing', '注销'],
    ['注销类型', '依申请注销', 'standing', '注销'],
    ['证书情况', '已吊销', 'standing', '吊销'],
    ['是否有效', '否', 'standing', '过期', '注销', '撤销'],
    ['是否注销', '是', 'standing', '注销'],
    ['是否已撤销', '√', 'standing', '撤销'],
    ['行政许可决定文书名称', '准予注销食品生产许可决定书', 'standing', '注销'],
    ['行政许可决定文书名称', '不予食品生产许可决定书', 'not-granted'],
    ['审批结果', '不予许可', 'not-granted'],
    ['审批结果', '未通过审查', 'not-granted'],
  ] as const)
    t.same(await taken(heading, cell), [fault], `${heading}：${cell}`)
  t.same(records(parts, first), [])
  for (const [heading, cell] of [
    ['是否有效', '是'],
    ['是否注销', '否'],
    ['审批类别', '新办'],
    ['行政许可决定文书名称', '准予食品生产许可决定书'],
    ['证书情况', '未注销'],
    ['不导入', '注销'],
  ] as const)
    t.same(await taken(heading, cell), [], `${heading}：${cell}`)
})

t.test('a penalty that another column unsays is asked; a notice is none', async (t) => {
  const parts = await registry(t)
  const taken = async (heading: string, cell: string, number = '罚〔2024〕5号') => {
    const head = '企业名称,处罚决定书文号,案由,处罚种类,罚款金额（元）,处罚日期,处罚机关'
    const table = `${head},${heading}\n${names[first]},${number},虚假宣传,罚款,80000,2024-03-01,省局,${cell}`
    const { bad } = await importing(parts, table, 'penalty', { firms })
    return bad.flatMap(({ faults }) => faults.map(({ code }) => code))
  }
  for (const [heading, cell] of [
    ['复议诉讼情况', '经行政复议决定撤销'],
    ['处罚状态', '已撤销'],
    ['是否撤销', '是'],
  ] as const)
    t.same(await taken(heading, cell), ['standing'], heading)
  for (const number of [
    '石市监罚告〔2024〕1号',
    '石市监听告〔2024〕2号',
    '石市监罚催〔2024〕18号',
    '责改〔2024〕3号',
  ])
    t.same(await taken('备注', '', number), ['no-decision'], number)
  t.same(records(parts, first), [])
  t.same(await taken('是否撤销', '否'), [])
})

const SAMPLES = '抽样编号,标称生产企业名称,被抽样单位名称,食品名称,抽样日期,检验结论,不合格项目'
const sample = (n: number, producer: string, seller = names[second]) =>
  `KX24000${n},${producer},${seller},果汁,2024-06-01,不合格,菌落总数`

t.test('what a column that no field takes says of a failing goes with its remark', async (t) => {
  const parts = await registry(t)
  for (const [n, [heading, cell, part]] of [
    ['核查情况', '经核实为假冒产品', { dispute: '经核实为假冒', findings: '核查情况：经核实为假冒产品' }],
    ['核实结果', '标称企业否认生产', { dispute: '处理中', findings: '核实结果：标称企业否认生产' }],
    ['处理进展', '复检中', { retest: '申请中' }],
    ['其他情况', '门店已关闭', { dispute: undefined, findings: undefined }],
  ].entries() as IterableIterator<[number, [string, string, object]]>) {
    const table = `${SAMPLES},${heading}\n${sample(n, names[first] ?? '')},${cell}`
    const { bad } = await importing(parts, table, 'inspection', { constants, firms })
    t.same(bad, [], heading)
    const all = [
      ...records(parts, first),
      ...(parts.views.dossier(first.slice(8, 17))?.proposals ?? []).map(({ input }) => Object(input).data),
    ]
    t.match(
      all.find((data) => Object(data).sampleNo === `KX24000${n}`),
      part,
      heading,
    )
  }
})

t.test('what is watched for risks is no supervision, wherever that is said', async (t) => {
  const parts = await registry(t)
  const of = async (table: string, made: object = { constants, firms }) =>
    (await importing(parts, table, 'inspection', made)).bad.flatMap(({ faults }) =>
      faults.map(({ detail }) => detail),
    )
  for (const heading of ['备注', '采样性质', '抽样依据']) {
    const [fault] = await of(`${SAMPLES},${heading}\n${sample(1, '/')},2024年食品安全风险监测`)
    t.match(fault, /风险监测不是监督抽查/, heading)
  }
  const title = '2024年食品安全风险监测不合格样品信息'
  const [untold] = await of(`${title}\n${SAMPLES}\n${sample(1, '/')}`, {
    constants: { 检查机关: '省局' },
    firms,
  })
  t.match(untold, /风险监测不是监督抽查/)
  t.same(await of(`${SAMPLES},备注\n${sample(2, '/')},非风险监测`), [])
})

t.test('in place of a maker: that there is none, or that it is to be looked up', async (t) => {
  const parts = await registry(t)
  const own = [
    '自制',
    '自加工',
    '本店',
    '本单位自制',
    '自产自销',
    '散装',
    '不详',
    '未标示',
    '无标识',
    '三无产品',
    '/',
  ]
  const rows = own.map((producer, i) => sample(i, producer))
  const table = [SAMPLES, ...rows].join('\n')
  t.match((await importing(parts, table, 'inspection', { constants, firms })).counts, { added: own.length })
  for (const data of records(parts, second))
    t.match(data, { role: '被抽样单位（无标称生产者）', producer: undefined })
  for (const producer of ['见标签', '详见包装', '同左', '见附件']) {
    const { bad } = await importing(parts, `${SAMPLES}\n${sample(99, producer)}`, 'inspection', {
      constants,
      firms,
    })
    t.match(bad, [{ faults: [{ code: 'no-name' }] }], producer)
  }
})

t.test('makers by headings that no table of ours names, and one that makes for nobody named', async (t) => {
  for (const heading of [
    '标签标示注册人/备案人',
    '标签标示注册人、备案人',
    '标签标示生产企业名称',
    '产品标称生产企业',
    '标称生产（进口）企业',
    '标称生产企业(或进口商)名称',
    '化妆品注册人',
  ]) {
    const parts = await registry(t)
    const table = `${SAMPLES.replace('标称生产企业名称', heading)}\n${sample(1, names[first] ?? '')}`
    await importing(parts, table, 'inspection', { constants, firms })
    t.match(records(parts, first), [{ role: '标称生产者' }], heading)
    t.match(records(parts, second), [{ role: '被抽样单位', producer: names[first] }], heading)
  }
  const parts = await registry(t)
  const head = SAMPLES.replace('标称生产企业名称', '注册人/备案人,受托生产企业')
  await importing(parts, `${head}\n${sample(1, `/,${names[first]}`)}`, 'inspection', { constants, firms })
  t.match(records(parts, first), [{ role: '标称生产者', thirdParty: undefined }])
})

t.test('another thing under a number on file takes nobody’s place', async (t) => {
  const parts = await registry(t)
  const penalties = (number: string, day: string, authority: string, conduct: string) =>
    importing(
      parts,
      `企业名称,处罚决定书文号,案由,处罚种类,罚款金额（元）,处罚日期,处罚机关\n${names[first]},${number},${conduct},罚款,1000,${day},${authority}`,
      'penalty',
      { firms },
    )
  await penalties('5号', '2024-03-01', '石家庄市市场监督管理局', '虚假宣传')
  for (const [day, authority, conduct, counts] of [
    ['2024-06-01', '正定县市场监督管理局', '虚假宣传', { failed: 1 }],
    ['2024-06-01', '石家庄市市场监督管理局', '无证生产', { failed: 1 }],
    ['2024-03-01', '正定县市场监督管理局', '无证生产', { failed: 0 }],
  ] as const)
    t.match((await penalties('5', day, authority, conduct)).counts, counts, `${day} ${authority} ${conduct}`)
  t.equal(records(parts, first).length, 1)
  const samples = (day: string, product: string) =>
    importing(
      parts,
      `抽样编号,企业名称,食品名称,抽样日期,检验结论\nXBJ2413001234,${names[second]},${product},${day},合格`,
      'inspection',
      { constants, firms },
    )
  await samples('2024-03-01', '红糖')
  t.match((await samples('2025-06-01', '白酒')).bad, [{ faults: [{ code: 'same-number' }] }])
  t.match((await samples('2024-03-02', '红糖')).counts, { failed: 0 }, 'a day that was mistyped')
  t.match(records(parts, second), [{ product: '红糖' }])
})

t.test('rows of one upload that contradict each other do so the second time too', async (t) => {
  const parts = await registry(t)
  const head = '检查日期,企业名称,检查类别,检查结果,检查机关,存在问题'
  const table = `${head}\n2024-03-01,${names[first]},日常巡查,合格,省局,\n2024-03-01,${names[first]},日常巡查,不合格,省局,消防通道堵塞`
  for (const counts of [
    { added: 1, failed: 1 },
    { unchanged: 1, failed: 1, proposed: 0 },
  ])
    t.match((await importing(parts, table, 'inspection', { firms })).counts, counts)
  t.match(records(parts, first), [{ outcome: '合格' }])
  t.ok(shownBy(parts.registry, first))
})

t.test('the level of an award that its name tells, and awards of persons', async (t) => {
  const parts = await registry(t)
  const made = { constants: { 级别: '省', 授予机关: '河北省人民政府' }, firms }
  const of = (name: string) =>
    importing(parts, `企业名称,奖项,年度\n${names[first]},${name},2017`, 'award', made)
  t.match((await of('河北省政府质量奖')).counts, { added: 1 })
  for (const [name, code] of [
    ['石家庄市市长质量奖', 'contradiction'],
    ['正定县政府质量奖', 'contradiction'],
    ['中国驰名商标', 'contradiction'],
    ['河北省政府质量奖个人奖', 'person'],
  ] as const)
    t.match((await of(name)).bad, [{ faults: [{ code }] }], name)
  t.equal(records(parts, first).length, 1)
})

t.test('measured values alone under a title that says what they came to', async (t) => {
  for (const [title, outcome] of [
    ['2024年第3期不合格产品信息', '不合格'],
    ['2024年第3期合格产品信息', '合格'],
    ['2024年第3期抽查结果', undefined],
    ['合格和不合格产品信息', undefined],
  ] as const) {
    const parts = await registry(t)
    const head = '抽样编号,标称生产企业,产品名称,抽样日期,不合格项目,,\n,,,,项目名称,检验结果,标准值'
    const measured = outcome === '合格' ? '0.35' : '0.45'
    const table = `${title}\n${head}\nKX240001,${names[first]},电线,2024-06-01,导体电阻,${measured},≤0.39`
    const { counts } = await importing(parts, table, 'inspection', { constants, firms })
    t.match(counts, outcome === undefined ? { failed: 1 } : { added: 1 }, title)
    t.match(
      records(parts, first),
      outcome === undefined
        ? []
        : [{ outcome, items: [{ name: '导体电阻', measured, standard: '≤0.39', verdict: outcome }] }],
      title,
    )
  }
})

t.test('the two tests of a sample in a row each are one sample', async (t) => {
  const head = '抽样编号,标称生产企业,产品名称,抽样日期,检验类型,检验机构,检验结论,不合格项目'
  const row = (test: string, laboratory: string, outcome: string, items = '') =>
    `RT000001,${names[first]},电线,2024-06-01,${test},${laboratory},${outcome},${items}`
  const of = async (...rows: string[]) => {
    const parts = await registry(t)
    const { counts } = await importing(parts, [head, ...rows].join('\n'), 'inspection', { constants, firms })
    const [put] = parts.views.dossier(first.slice(8, 17))?.proposals ?? []
    return { counts, data: records(parts, first)[0] ?? Object(put?.input).data }
  }
  const failed = row('初检', '甲院', '不合格', '导体电阻')
  for (const [second, retest] of [
    [row('复检', '乙院', '不合格', '导体电阻'), '维持原结论'],
    [row('复检', '乙院', '合格'), '改变原结论'],
  ] as const)
    for (const rows of [
      [failed, second],
      [second, failed],
    ])
      t.match(
        (await of(...rows)).data,
        { outcome: '不合格', failedItems: '导体电阻', laboratory: '甲院', retest, retestLaboratory: '乙院' },
        rows.join(' '),
      )
  for (const rows of [
    [row('初检', '甲院', '合格'), row('复检', '乙院', '不合格', '导体电阻')],
    [failed, row('初检', '乙院', '合格')],
    [failed, row('复检', '乙院', '合格'), row('复检', '丙院', '合格')],
    [failed, row('复检', '乙院', '未检')],
  ])
    t.match((await of(...rows)).counts, { added: 0, proposed: 0 }, rows.join(' '))
})

t.test('several items and their values in one cell each', async (t) => {
  const parts = await registry(t)
  const head = '抽样编号,标称生产企业,食品名称,抽样日期,检验结论,不合格项目,实测值,标准值'
  const table = `${head}\nKX240001,${names[first]},茶叶,2024-06-01,不合格,铅、镉,0.8/0.3,≤0.5/≤0.2`
  await importing(parts, table, 'inspection', { constants, firms })
  t.match(records(parts, first), [
    {
      items: [
        { name: '铅', measured: '0.8', standard: '≤0.5' },
        { name: '镉', measured: '0.3', standard: '≤0.2' },
      ],
    },
  ])
  const other = table.replace('铅、镉', '铅、镉、砷').replace('KX240001', 'KX240002')
  t.match((await importing(parts, other, 'inspection', { constants, firms })).bad, [
    { faults: [{ code: 'items' }] },
  ])
})

t.test('the day of a notice among the other words of its title', async (t) => {
  for (const [title, noticedOn] of [
    ['关于2批次食品不合格情况的通告（2024年第12号，2024年7月1日发布）', '2024-07-01'],
    ['2024年第12号 公布时间：2024-07-01 通告编号：12', '2024-07-01'],
    ['2024年7月1日', '2024-07-01'],
    ['2024年第12号，2024年7月1日发布，2024年7月2日公布', undefined],
    ['2024年7月1日抽检的样品', undefined],
  ] as const) {
    const parts = await registry(t)
    await importing(parts, `${title}\n${SAMPLES}\n${sample(1, '/')}`, 'inspection', { constants, firms })
    t.match(records(parts, second), [{ noticedOn }], title)
  }
})

t.test('a report of bad rows is fed again, whatever its reasons say', async (t) => {
  const parts = await registry(t)
  const table = `${LICENCES},证书情况\n${licence(first, 3001)},已注销`
  const { bad, headers } = await importing(parts, table, 'licence', { firms })
  t.equal(bad.length, 1)
  const mended = reportText(headers, bad, true).replace('已注销,', '在用,')
  t.match(mended, /注销/, 'the reason speaks of it')
  t.match((await importing(parts, mended, 'licence', { firms })).counts, { rows: 1, added: 1 })
  const watched = `${SAMPLES},采样性质\n${sample(1, '/')},风险监测`
  const failed = await importing(parts, watched, 'inspection', { constants, firms })
  const again = reportText(failed.headers, failed.bad, true).replace('菌落总数,风险监测', '菌落总数,监督抽查')
  t.match(again, /风险监测/)
  t.match((await importing(parts, again, 'inspection', { constants, firms })).counts, { rows: 1, added: 1 })
})
