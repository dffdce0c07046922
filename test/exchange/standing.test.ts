import t from 'tap'
import { mappingOf } from '../../src/exchange/columns.ts'
import { checksOf, effectOf, isWanted } from '../../src/exchange/effects.ts'
import { remarkDoubts, remarkIn } from '../../src/exchange/remarks.ts'
import { readRow } from '../../src/exchange/row-reading.ts'
import { awardDoubt, standingDoubt, stateDoubt, tellsStanding } from '../../src/exchange/standing.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'

/** What remarks beside records say of whether these still stand: each word, and its denial. */

t.test('what a remark on a penalty leaves open', async (t) => {
  for (const [remark, ...candidates] of [
    ['该处罚决定已被法院判决撤销', '撤销', '变更'],
    ['本案已撤销', '撤销', '变更'],
    ['处罚决定已作废', '撤销', '变更'],
    ['已撤案', '撤销', '变更'],
    ['行政复议决定变更罚款为1万元', '变更', '撤销'],
    ['撤销原决定，重新作出', '变更', '撤销'],
    ['减为2万元', '变更', '撤销'],
    ['法院判决确认违法', '确认违法'],
    ['法院确认处罚决定无效', '确认无效', '撤销'],
    ['当事人已申请行政复议', '维持', '变更', '撤销'],
    ['正在诉讼中', '维持', '变更', '撤销'],
    ['复议维持；二审判决撤销', '撤销', '变更'],
    ['已信用修复，停止公示'],
    ['不予公示'],
    ['公示已撤下'],
    ['终结执行', '撤销'],
  ] as const)
    t.same(standingDoubt('penalty', remark), { field: 'reviewOutcome', candidates }, remark)
  for (const remark of [
    '已履行完毕',
    '未撤销',
    '处罚决定未被撤销',
    '没有变更',
    '无变更',
    '未申请行政复议',
    '未申请行政复议，也未提起行政诉讼',
    '未申请复议和诉讼',
    '逾期未提起诉讼，已申请法院强制执行',
    '经复议维持原决定',
    '法院判决维持',
    '法院判决驳回诉讼请求',
    '未停止公示',
    '未信用修复',
    '已在系统公示',
    '企业名称变更，原名示例厂',
    '',
  ])
    t.equal(standingDoubt('penalty', remark), undefined, remark)
})

t.test('what a remark on a licence or a firm leaves open', async (t) => {
  for (const [remark, ...candidates] of [
    ['2026年5月已注销', '注销'],
    ['申请注销中', '注销'],
    ['该证已被吊销', '吊销'],
    ['许可已撤回', '注销', '撤销'],
    ['已暂停', '暂停'],
    ['证书作废', '过期', '注销', '撤销'],
    ['已到期', '过期', '注销', '撤销'],
  ] as const)
    t.same(standingDoubt('licence', remark), { field: 'status', candidates }, remark)
  for (const remark of [
    '未注销',
    '未被吊销',
    '没有撤销',
    '未暂停',
    '未过期',
    '2030年到期',
    '变更',
    '延续换证',
    '分公司',
  ])
    t.equal(standingDoubt('licence', remark), undefined, remark)
  t.same(standingDoubt('enterprise', '2025年已注销'), { field: 'status', candidates: ['注销'] })
  t.same(standingDoubt('enterprise', '长期停业'), { field: 'status', candidates: ['停业', '注销'] })
  t.equal(standingDoubt('enterprise', '未注销'), undefined)
  t.equal(standingDoubt('enterprise', '规上企业'), undefined)
  t.equal(standingDoubt('interview', '已注销'), undefined)
})

t.test('columns that tell it', async (t) => {
  for (const heading of ['备注', '备 注', '说明', '备注（处罚）', 'BZ', '履行情况', 'CF_ZT', '是否公示'])
    t.ok(tellsStanding('penalty', heading), heading)
  for (const heading of ['产品说明书', '处罚内容', '状态'])
    t.notOk(tellsStanding('penalty', heading), heading)
  t.notOk(tellsStanding('licence', '是否公示'))
  for (const cell of ['0', '正常']) t.equal(stateDoubt('penalty', 'CF_ZT', cell), undefined, cell)
  for (const cell of ['1', '撤销', '2', '3']) t.ok(stateDoubt('penalty', 'CF_ZT', cell), cell)
  t.equal(stateDoubt('penalty', '是否公示', '是'), undefined)
  t.ok(stateDoubt('penalty', '是否公示', '否'))
  t.equal(stateDoubt('penalty', '备注', '否'), undefined)
})

t.test('a column that only what ended fills', async (t) => {
  for (const [type, heading, ...candidates] of [
    ['licence', '注销日期', '注销'],
    ['licence', '注销时间', '注销'],
    ['licence', '注销原因', '注销'],
    ['licence', '证书注销日期', '注销'],
    ['licence', '撤销日期', '撤销'],
    ['licence', '撤回决定文号', '注销', '撤销'],
    ['licence', '吊销时间', '吊销'],
    ['licence', '暂停日期', '暂停'],
    ['licence', '暂扣机关', '暂停'],
    ['licence', '不予延续日期', '注销', '过期'],
    ['licence', '恢复日期'],
    ['licence', '解除暂停日期'],
    ['licence', '拟注销日期'],
    ['licence', '有效期至'],
    ['licence', '注销'],
    ['penalty', '撤销日期', '撤销', '变更'],
    ['penalty', '撤销处罚决定日期', '撤销', '变更'],
    ['penalty', '撤销机关', '撤销', '变更'],
    ['penalty', '撤回原因', '撤销', '变更'],
    ['penalty', '注销日期'],
    ['enterprise', '注销日期', '注销'],
    ['enterprise', '吊销日期', '吊销'],
    ['enterprise', '撤销日期'],
    ['inspection', '撤销日期'],
  ] as const) {
    t.equal(tellsStanding(type, heading), candidates.length > 0, `${type} ${heading}`)
    t.same(stateDoubt(type, heading, '2024-05-06')?.candidates ?? [], candidates, `${type} ${heading}`)
  }
  const asked = (heading: string) => stateDoubt('licence', heading, '2024-05-06')?.word
  t.equal(asked('注销日期'), asked('注销原因'), 'asked once for both')
  t.not(asked('注销日期'), asked('撤销日期'))
})

t.test('what leaves an award no honour', async (t) => {
  for (const words of ['已撤销', '已取消', '被撤销', '2018年因质量问题撤销称号', '已摘牌', '称号已收回'])
    t.equal(awardDoubt(words), 'taken-away', words)
  for (const words of ['初选', '拟授奖', '公示', '候选', '推荐', '申报'])
    t.equal(awardDoubt(words), 'not-given', words)
  for (const words of ['复评', '提名奖', '未撤销', '未被取消', '司法认定', '到期', '第六届'])
    t.equal(awardDoubt(words), undefined, words)
})

t.test('what a remark on a failing sample speaks of and does not tell', async (t) => {
  for (const [remark, ...fields] of [
    ['撤销该不合格结论', 'retest'],
    ['企业对检验结果有异议', 'retest'],
    ['对抽样过程有异议', 'retest'],
    ['企业对检验结果有异议，经复检维持'],
    ['对检验结果无异议'],
    ['企业否认使用过添加剂', 'dispute'],
    ['商标系冒用，产品系本企业生产', 'dispute'],
    ['假冒伪劣产品已销毁', 'dispute'],
    ['企业未否认生产'],
    ['取消不合格判定', 'retest'],
    ['结果作废', 'retest'],
    ['改判合格', 'retest'],
    ['复检镉合格', 'retest'],
    ['经复检，镉项目合格', 'retest'],
    ['复检合格'],
    ['复检不合格'],
    ['整改后复检镉合格'],
    ['未发现假冒行为', 'dispute'],
    ['无假冒情形', 'dispute'],
    ['真实性存疑', 'dispute'],
    ['不合格原因为经营环节储存不当', 'faultStage'],
    ['不合格原因：原料不合格', 'faultStage'],
    ['检验报告已作废', 'retest'],
    ['经核实为假冒产品'],
    ['经核实非假冒产品'],
    ['产品真实性异议已受理，正在核查'],
    ['未提出异议'],
    ['不合格原因为储存不当'],
    ['可能为储存不当'],
    ['排除储存运输原因'],
    ['已下架'],
  ] as const)
    t.same(
      remarkDoubts(remark).map(({ field }) => field),
      fields,
      remark,
    )
  for (const [remark, dispute] of [
    ['经核实非假冒产品', '不成立'],
    ['经查，不属于假冒', '不成立'],
    ['非假冒产品', undefined],
    ['经核查，未发现假冒', undefined],
    ['经核实疑似假冒', '处理中'],
    ['经核查，无法认定为假冒', '处理中'],
    ['经核实为假冒产品', '经核实为假冒'],
    ['产品真实性异议已受理，正在核查', '处理中'],
  ] as const)
    t.equal(remarkIn(remark).dispute, dispute, remark)
})

t.test('a row whose remark may unsay it waits for an answer', async (t) => {
  const read = (
    type: string,
    row: Record<string, string>,
    answers: Record<string, Record<string, string[]>> = {},
  ) => {
    const kind = kindOf(catalogue, type)
    if (!kind) throw new Error(type)
    return readRow(Object.values(row), mappingOf(Object.keys(row), kind, answers))
  }
  const penalty = {
    统一社会信用代码: '91350100M000100Y43',
    处罚决定书文号: '示罚〔2026〕1号',
    违法行为类型: '无证生产',
    处罚种类: '罚款',
    罚款金额: '50000',
    处罚机关: '示例局',
    处罚决定日期: '2026-03-02',
    处罚程序: '普通程序',
    备注: '本案已撤销',
  }
  t.match(read('penalty', penalty), {
    faults: [{ code: 'standing', header: '备注', word: { field: 'reviewOutcome', word: '本案已撤销' } }],
  })
  t.match(read('penalty', penalty, { reviewOutcome: { 本案已撤销: ['撤销'] } }), {
    record: { reviewOutcome: '撤销' },
  })
  const left = read('penalty', penalty, { reviewOutcome: { 本案已撤销: [] } })
  t.ok('record' in left && left.record.reviewOutcome === undefined)
  t.ok('record' in read('penalty', { ...penalty, 备注: '未撤销' }))
  t.ok('record' in read('penalty', { ...penalty, 复议或诉讼结果: '撤销' }))
  const licence = {
    统一社会信用代码: '91350100M000100Y43',
    许可证编号: 'SC51-1',
    许可类别: '食品生产许可证',
    发证机关: '示例局',
    发证日期: '2025-03-10',
    许可状态: '',
    备注: '2026年5月已注销',
  }
  t.match(read('licence', licence), {
    faults: [{ code: 'standing', word: { field: 'status', candidates: ['注销'] } }],
  })
  t.match(read('licence', { ...licence, 许可状态: '有效' }), { faults: [{ code: 'standing' }] })
  t.match(read('licence', licence, { status: { '2026年5月已注销': ['注销'] } }), {
    record: { status: '注销' },
  })
  t.ok('record' in read('licence', { ...licence, 许可状态: '注销' }))
  t.ok('record' in read('licence', { ...licence, 备注: '未注销' }))
  const sample = {
    统一社会信用代码: '91350100M000100Y43',
    产品名称: '示例糕',
    检查结果: '不合格',
    备注: '未发现假冒行为',
  }
  t.match(read('inspection', sample), { faults: [{ word: { field: 'dispute' } }] })
  t.match(read('inspection', sample, { dispute: { 未发现假冒行为: ['不成立'] } }), {
    record: { dispute: '不成立' },
  })
  t.ok('record' in read('inspection', { ...sample, 检查结果: '合格' }))
  t.ok('record' in read('inspection', { ...sample, 备注: '已下架' }))
})

t.test('what is only told of a row is not to be checked, and stands behind what is', async (t) => {
  const kind = kindOf(catalogue, 'inspection')
  if (!kind) throw new Error('inspection')
  const row = (...codes: string[]) =>
    effectOf(
      { line: 2, cells: [], merged: {} },
      { outcome: 'unchanged', key: 'x', notes: codes.map((code) => ({ code, detail: code })) },
      () => undefined,
      kind,
    )
  for (const [codes, notes, count] of [
    [[], [], 0],
    [['not-public-yet'], ['not-public-yet'], 0],
    [['understood'], ['understood'], 1],
    [['not-public-yet', 'understood'], ['understood', 'not-public-yet'], 1],
  ] as const) {
    const made = row(...codes)
    t.same(made.notes, notes)
    t.equal(checksOf(made), count, codes.join())
    t.equal(isWanted('noted')(made), count > 0)
  }
})
