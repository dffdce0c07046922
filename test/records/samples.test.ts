import t from 'tap'
import { enterprise } from '../../src/records/catalogue.ts'
import { inspection } from '../../src/records/inspection.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { rowsAsTyped, rowsInWords, rowsTyped } from '../../src/records/rows.ts'
import { bearingOf, disputes, faultStages, sampleRoles } from '../../src/records/sample.ts'
import { validate } from '../../src/records/validate.ts'

const TODAY = '2026-11-24'
const sample = {
  kind: '省级监督抽查',
  inspectedOn: '2026-03-10',
  authority: '省局',
  product: '电缆',
  outcome: '不合格',
  deliveredOn: '2026-03-20',
  severity: '一般',
}

const shown = (data: RecordData) => {
  const publication = inspection.publication(data)
  return publication.public ? publication.from : publication.over ? 'over' : 'waits'
}

t.test('whose failing a sample is: role by role, dispute by dispute, stage by stage', async (t) => {
  const nobody: Record<string, string> = {
    '标称生产者 生产环节': 'own',
    '标称生产者 储存运输环节': 'others',
    '标称生产者 销售环节': 'others',
    '被抽样单位 生产环节': 'others',
    '被抽样单位 储存运输环节': 'own',
    '被抽样单位 销售环节': 'own',
    '被抽样单位（无标称生产者） 生产环节': 'own',
    '被抽样单位（无标称生产者） 储存运输环节': 'own',
    '被抽样单位（无标称生产者） 销售环节': 'own',
    '第三方 生产环节': 'others',
    '第三方 储存运输环节': 'others',
    '第三方 销售环节': 'others',
  }
  for (const role of sampleRoles)
    for (const faultStage of faultStages)
      t.equal(bearingOf({ role, faultStage }), nobody[`${role} ${faultStage}`], `${role} ${faultStage}`)
  for (const [dispute, producer] of [
    ['处理中', 'open'],
    ['不成立', 'own'],
    ['成立', 'others'],
    ['经核实为假冒', 'others'],
  ] as const) {
    t.equal(bearingOf({ role: '标称生产者', dispute }), producer, `标称生产者 ${dispute}`)
    t.equal(bearingOf({ dispute }), producer, `a record of before ${dispute}`)
    t.equal(bearingOf({ role: '被抽样单位', dispute }), 'others', `被抽样单位 ${dispute}`)
  }
  t.equal(disputes.length, 4)
  t.equal(bearingOf({}), 'own', 'a record of before')
  t.equal(bearingOf({ role: '标称生产者' }), 'own')
  t.equal(bearingOf({ role: '被抽样单位' }), 'others')
})

t.test('on whose page a result stands: role by role, outcome by outcome', async (t) => {
  const day = '2026-04-08'
  for (const role of [undefined, ...sampleRoles])
    for (const outcome of ['合格', '不合格'] as const) {
      const isBystanders = role === '第三方' && outcome === '不合格'
      t.equal(shown({ ...sample, role, outcome }), isBystanders ? 'over' : day, `${role} ${outcome}`)
      const noticed = { ...sample, role, outcome, noticeNo: '2026年第4号', noticedOn: '2026-03-25' }
      t.equal(shown(noticed), isBystanders ? 'over' : '2026-03-25', `${role} ${outcome}, noticed`)
    }
})

t.test(
  'a product’s result after fifteen days, a food’s after seven working days, a notice’s from its day',
  async (t) => {
    // Delivered on Friday 2026-03-20: the seventh working day is Tuesday 2026-03-31.
    t.equal(shown(sample), '2026-04-08')
    t.equal(shown({ ...sample, area: '其他产品' }), '2026-04-08')
    t.equal(shown({ ...sample, area: '食品' }), '2026-04-01')
    t.equal(shown({ ...sample, area: '食品', outcome: '合格' }), '2026-04-01')
    const noticed = { ...sample, noticeNo: '2026年第4号', noticedOn: '2026-03-25' }
    t.equal(shown(noticed), '2026-03-25', 'before the period for a re-test has passed')
    t.equal(shown({ ...noticed, deliveredOn: undefined }), '2026-03-25')
    t.equal(shown({ ...noticed, noticeNo: undefined }), '2026-04-08', 'a notice that can’t be named is none')
    t.equal(shown({ ...noticed, noticedOn: undefined, deliveredOn: undefined }), 'waits')
    t.equal(shown({ ...noticed, retest: '申请中' }), 'waits')
    t.equal(shown({ ...noticed, retest: '改变原结论' }), 'over')
    for (const [data, code] of [
      [{ ...sample, deliveredOn: undefined }, 'incomplete'],
      [{ ...noticed, deliveredOn: undefined }, undefined],
      [{ ...sample, deliveredOn: undefined, dispute: '处理中' }, undefined],
      [{ ...sample, deliveredOn: undefined, role: '被抽样单位' }, 'incomplete'],
      [{ ...noticed, deliveredOn: undefined, role: '被抽样单位' }, undefined],
      [{ ...sample, deliveredOn: undefined, role: '第三方' }, undefined],
    ] as const)
      t.equal(inspection.missing(data)[0]?.code, code)
  },
)

t.test('what is not the producer’s failing is not on its page; a seller’s page says its role', async (t) => {
  for (const [said, expected] of [
    [{ role: '标称生产者' }, '2026-04-08'],
    [{ role: '标称生产者', dispute: '处理中' }, 'waits'],
    [{ role: '标称生产者', dispute: '不成立' }, '2026-04-08'],
    [{ role: '标称生产者', dispute: '成立' }, 'over'],
    [{ role: '标称生产者', dispute: '经核实为假冒' }, 'over'],
    [{ role: '标称生产者', faultStage: '销售环节' }, 'over'],
    [{ role: '被抽样单位' }, '2026-04-08'],
    [{ role: '被抽样单位', faultStage: '销售环节' }, '2026-04-08'],
    [{ role: '被抽样单位', dispute: '处理中' }, '2026-04-08'],
    [{ dispute: '经核实为假冒' }, 'over'],
  ] as const)
    t.equal(shown({ ...sample, ...said }), expected, JSON.stringify(said))
  t.equal(shown({ ...sample, outcome: '合格', role: '标称生产者', faultStage: '销售环节' }), '2026-04-08')
})

t.test('a sample is told by its number; one of before by what told it then', async (t) => {
  const numbered = { ...sample, sampleNo: 'S1' }
  t.not(inspection.identity(numbered), inspection.identity({ ...sample, sampleNo: 'S2' }))
  t.equal(inspection.identity(numbered), inspection.identity({ ...numbered, product: '电线', batch: '1' }))
  t.equal(inspection.unnumbered(numbered), inspection.identity(sample))
  t.equal(inspection.unnumbered(sample), undefined)
})

t.test('items: what is wrong is told with its line and part', async (t) => {
  const faults = (items: unknown, others: RecordData = {}) => {
    const checked = validate(inspection, { ...sample, ...others, items }, TODAY)
    return checked.ok ? [] : checked.faults.map(({ detail }) => detail)
  }
  t.same(
    faults([{ name: '厚度', measured: '0.8mm', standard: '≥1.0mm', verdict: '不合格' }, { name: '宽度' }]),
    [],
  )
  t.match(faults([{ name: '厚度' }, { measured: '0.8mm' }]), [/^检验项目与结果第 2 行的项目：必填/])
  t.match(faults([{ name: '厚度', verdict: '还行' }]), [/^检验项目与结果第 1 行的判定：应为合格、不合格之一/])
  t.match(faults([{ name: '厚度', limit: '1' }]), [/没有名为“limit”的栏目/])
  t.match(faults([{ name: '厚｜度' }]), [/第 1 行的项目：不能含有分隔各部分的“｜”/])
  t.match(faults([]), [/没有内容时请不要填写/])
  t.match(faults(Array.from({ length: 201 }, () => ({ name: '厚度' }))), [/最多 200 行/])
  t.match(faults([{ name: '厚度', verdict: '不合格' }], { outcome: '合格' }), [/“厚度”的判定为不合格/])
  t.match(faults(undefined, { role: '被抽样单位（无标称生产者）', producer: '某厂' }), [/请核对/])
  t.match(faults(undefined, { madeOn: '2026-03-11' }), [/生产日期（2026-03-11）晚于检查日期/])
  t.same(faults(undefined, { madeOn: '2026-03-10' }), [])
  t.match(faults(undefined, { noticedOn: '2026-03-09' }), [/公告日期（2026-03-09）早于检查日期/])
})

t.test('rows as they are typed and as they are told', async (t) => {
  const column = inspection.columns.find(({ field }) => field === 'items') ?? {}
  const items = [
    { name: '霉菌', measured: '220CFU/g', standard: '≤25CFU/g', verdict: '不合格' },
    { name: '酸价', standard: '≤3mg/g' },
    { name: '水分' },
  ]
  const typed = '霉菌｜220CFU/g｜≤25CFU/g｜不合格\n酸价｜｜≤3mg/g\n水分'
  t.equal(rowsAsTyped(items, column), typed)
  t.same(rowsTyped(typed, column), items)
  t.same(rowsTyped('霉菌 | 220CFU/g ║ ≤25CFU/g\t不合格\r\n\n酸价||≤3mg/g', column), [
    items[0],
    { name: '酸价', measured: '≤3mg/g' },
  ])
  t.equal(
    rowsInWords(items, column),
    '霉菌（实测值 220CFU/g，标准值 ≤25CFU/g，判定 不合格）；酸价（标准值 ≤3mg/g）；水分',
  )
  t.same(rowsTyped('甲｜1｜2｜合格｜多余', column), [
    { name: '甲', measured: '1', standard: '2', verdict: '合格｜多余' },
  ])
  t.notOk(enterprise.columns.some(({ type }) => type === 'rows'))
})
