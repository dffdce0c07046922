import t from 'tap'
import { remarkIn } from '../../src/exchange/remarks.ts'

t.test('what remarks beside a failing sample mean', (t) => {
  for (const [remark, dispute] of [
    ['经核实为假冒产品', '经核实为假冒'],
    ['经查实，系假冒该企业名称', '经核实为假冒'],
    ['企业称经核实为假冒产品', '处理中'],
    ['冒用厂名厂址', '处理中'],
    ['标称生产企业否认生产', '处理中'],
    ['企业对标称有异议', '处理中'],
    ['提出异议，处理中', '处理中'],
    ['该批次产品非本企业生产', '处理中'],
    ['标称企业称该产品并非其生产', '处理中'],
    ['经核实，该批次产品非该企业生产', '成立'],
    ['企业提出异议，异议不成立', '不成立'],
    ['企业提出异议，未被采纳', '不成立'],
    ['无异议', undefined],
    ['未提出异议', undefined],
    ['经标称企业所在地监管部门核查，非该企业产品', '成立'],
    ['产品真实性异议成立', '成立'],
    ['生产企业提出异议，经核查属实', '成立'],
    ['企业称异议属实', '处理中'],
    ['经查，该企业不存在', '处理中'],
    ['查无此企业', '处理中'],
    ['无此批次', '处理中'],
    ['国家总局转办', undefined],
    ['企业已停产', undefined],
    ['', undefined],
  ] as const)
    t.equal(remarkIn(remark).dispute, dispute, remark)
  for (const [remark, stage] of [
    ['流通环节储存不当所致', '储存运输环节'],
    ['经核查，系运输过程中冷链中断造成', '储存运输环节'],
    ['不合格由销售环节分装引起', '销售环节'],
    ['经营者存放问题', '销售环节'],
    ['生产过程控制不严导致', '生产环节'],
    ['可能为储存不当', undefined],
    ['企业称系储存不当所致', undefined],
    ['储存不当或生产过程控制不严导致', undefined],
    ['排除储存运输原因', undefined],
    ['销售企业已下架', undefined],
    ['储存条件：常温', undefined],
  ] as const)
    t.equal(remarkIn(remark).faultStage, stage, remark)
  t.end()
})

t.test('what a remark says of a re-test, and of the denial beside it', async (t) => {
  for (const [remark, read] of [
    ['已复检，维持原结论', { retest: '维持原结论' }],
    ['维持初检结论', { retest: '维持原结论' }],
    ['复检结论为不合格', { retest: '维持原结论' }],
    ['经复检，复检不合格', { retest: '维持原结论' }],
    ['复检仍不符合', { retest: '维持原结论' }],
    ['复检结果不符合标准', { retest: '维持原结论' }],
    ['复检未改变原结论', { retest: '维持原结论' }],
    ['不改变初检结论', { retest: '维持原结论' }],
    ['没有推翻原结论', { retest: '维持原结论' }],
    ['企业认为合格，经复检维持原结论', { retest: '维持原结论' }],
    ['复检合格', { retest: '改变原结论' }],
    ['复检结果为合格', { retest: '改变原结论' }],
    ['复检改变原结论', { retest: '改变原结论' }],
    ['推翻初检结论', { retest: '改变原结论' }],
    ['已整改，复检改变原结论', { retest: '改变原结论' }],
    // What only a firm says, and what it passes once it has put things right.
    ['企业称复检合格', {}],
    ['企业反映已改变原结论', {}],
    ['已整改，复检合格', {}],
    ['责令改正后复检合格', {}],
    ['停业整顿后复检合格', {}],
    ['不维持原结论', {}],
    ['已复检', {}],
    ['提出异议，复检维持原结论', { retest: '维持原结论', dispute: '处理中' }],
    ['异议不成立，维持原结论', { retest: '维持原结论', dispute: '不成立' }],
    ['经核实为假冒，维持原结论', { retest: '维持原结论', dispute: '经核实为假冒' }],
    ['非本企业生产，维持原结论', { retest: '维持原结论', dispute: '处理中' }],
    ['异议成立，复检合格', { retest: '改变原结论', dispute: '成立' }],
    ['查无此企业，维持原结论', { retest: '维持原结论', dispute: '处理中' }],
    ['无异议，维持原结论', { retest: '维持原结论' }],
    ['储存不当所致，复检不合格', { retest: '维持原结论', faultStage: '储存运输环节' }],
  ] as const)
    t.same(remarkIn(remark), read, remark)
})
