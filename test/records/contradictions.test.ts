import t from 'tap'
import { inspection } from '../../src/records/inspection.ts'
import type { RecordData, RecordKind } from '../../src/records/kind.ts'
import { licence } from '../../src/records/licence.ts'
import { penalty } from '../../src/records/penalty.ts'
import { validate } from '../../src/records/validate.ts'
import * as files from '../rating/files.ts'

/** What contradicts within a record: fault by fault, the day before, on and after. */

const TODAY = '2026-11-24'

const faultsOf = (kind: RecordKind, data: unknown): string[] => {
  const result = validate(kind, data, TODAY)
  return result.ok ? [] : result.faults.map(({ field, code }) => `${field} ${code}`)
}

t.test('the sums of a penalty and their total, to the cent', async (t) => {
  const income = '没收违法所得'
  const goods = '没收非法财物'
  for (const [types, sums, faults] of [
    [['罚款'], { fine: 100, total: 100 }, []],
    [['罚款'], { fine: 100.01, total: 100.01 }, []],
    [['罚款'], { fine: 100, total: 99.99 }, ['total']],
    [['罚款'], { fine: 100, total: 100.01 }, ['total']],
    [['罚款'], { fine: undefined, total: 100 }, []],
    [['罚款', income], { fine: 100, confiscatedIncome: 50, total: 150 }, []],
    [['罚款', income], { fine: 100, confiscatedIncome: 50, total: 150.01 }, ['total']],
    [['罚款', income], { fine: 100, confiscatedIncome: 50, total: 149.99 }, ['total']],
    [['罚款', income], { fine: 100, total: 150 }, []],
    [['罚款', income], { fine: 100, total: 99 }, ['total']],
    [['罚款', goods], { fine: 100, confiscatedGoods: 50, total: 150 }, []],
    [['罚款', goods], { fine: 100, confiscatedGoods: 50, total: 200 }, []],
    [['罚款', goods], { fine: 100, confiscatedGoods: 50, total: 149 }, ['total']],
    [['罚款', income, goods], { fine: 100, confiscatedTotal: 50, total: 150 }, []],
    [['罚款', income, goods], { fine: 100, confiscatedTotal: 50, total: 151 }, ['total']],
    [[income], { fine: undefined, confiscatedIncome: 50, total: 50 }, []],
    [[income], { fine: undefined, confiscatedIncome: 50, total: 51 }, ['total']],
    [[income], { fine: undefined, confiscatedIncome: 50, confiscatedTotal: 50 }, ['confiscatedTotal']],
    [[goods], { fine: undefined, confiscatedGoods: 50, confiscatedTotal: 50 }, ['confiscatedTotal']],
    [['罚款'], { fine: 100, confiscatedTotal: 50 }, ['types']],
    [['罚款'], { fine: 100, confiscatedTotal: 0 }, []],
    [['责令停产停业'], { fine: undefined, total: 100 }, ['types', 'total']],
    [['责令停产停业'], { fine: undefined, total: 0 }, []],
    [['责令停产停业'], { fine: undefined }, []],
  ] as const) {
    const data = { ...files.penalty('p', '2026-03-02').data, types, ...sums }
    t.same(
      faultsOf(penalty, data),
      faults.map((field) => `${field} contradiction`),
      `${types.join('、')} ${JSON.stringify(sums)}`,
    )
  }
  const data = { ...files.penalty('p', '2026-03-02').data, fine: 100.5, total: 99.25 }
  t.match(validate(penalty, data, TODAY), {
    faults: [{ detail: '罚没金额（99.25 元）与罚款、没收各项之和（100.5 元）不符，请核对。' }],
  })
})

t.test('the steps of 产品质量法 art. 17 in their order, to the day', async (t) => {
  const whole: RecordData = {
    ...files.sampling('i', '2026-03-01', '不合格').data,
    rectificationDueOn: '2026-04-01',
    overdueNoticedOn: '2026-04-02',
    reinspectedOn: '2026-04-10',
    reinspectionOutcome: '不合格',
    suspendedOn: '2026-04-10',
    suspensionEndsOn: '2026-05-10',
    finalReinspectedOn: '2026-05-10',
    finalReinspectionOutcome: '不合格',
  }
  for (const [more, faults] of [
    [{}, []],
    [{ overdueNoticedOn: '2026-04-01' }, ['overdueNoticedOn before-start']],
    [{ rectificationDueOn: undefined }, ['overdueNoticedOn step-missing']],
    [{ kind: '日常巡查' }, ['overdueNoticedOn contradiction']],
    [{ kind: '国家监督抽查' }, []],
    [{ kind: '县级监督抽查' }, []],
    [{ reinspectedOn: '2026-04-02' }, []],
    [{ reinspectedOn: '2026-04-01' }, ['reinspectedOn before-start']],
    [{ reinspectedOn: '2026-04-11' }, ['suspendedOn before-start']],
    [{ overdueNoticedOn: undefined }, ['suspendedOn step-missing']],
    [
      { reinspectedOn: undefined, reinspectionOutcome: undefined },
      ['suspendedOn step-missing', 'suspendedOn contradiction'],
    ],
    [{ reinspectionOutcome: '合格' }, ['suspendedOn contradiction']],
    [{ suspensionEndsOn: undefined }, ['suspensionEndsOn required', 'finalReinspectedOn step-missing']],
    [{ suspensionEndsOn: '2026-04-10' }, []],
    [{ suspensionEndsOn: '2026-04-09' }, ['suspensionEndsOn before-start']],
    [{ finalReinspectedOn: '2026-05-09' }, ['finalReinspectedOn before-start']],
    [{ finalReinspectedOn: undefined }, ['finalReinspectedOn required']],
    [{ finalReinspectionOutcome: undefined }, ['finalReinspectionOutcome required']],
  ] as const)
    t.same(faultsOf(inspection, { ...whole, ...more }), faults, JSON.stringify(more))
})

t.test('who inspects, what was made when', async (t) => {
  const base = files.sampling('i', '2026-03-01', '合格').data
  for (const [more, faults] of [
    [{ inspectors: '张三' }, ['inspectors too-few']],
    [{ inspectors: '张三、李四' }, []],
    [{ inspectors: '张三、李四、王五' }, []],
    [{ madeOn: '2026-02-28' }, []],
    [{ madeOn: '2026-03-01' }, []],
    [{ madeOn: '2026-03-02' }, ['madeOn after-sampling']],
    [{ itemsInspected: 3, itemsFailed: 0 }, []],
    [{ itemsInspected: 3, itemsFailed: 3, outcome: '不合格' }, []],
    [{ itemsInspected: 3, itemsFailed: 4, outcome: '不合格' }, ['itemsFailed more-than-inspected']],
  ] as const)
    t.same(faultsOf(inspection, { ...base, ...more }), faults, JSON.stringify(more))
})

t.test('a production licence holds for five years, from when it is valid', async (t) => {
  const base = files.licence('l', { validTo: undefined }).data
  for (const [more, faults] of [
    [{ validTo: '2028-01-09' }, []],
    [{ validTo: '2028-01-10' }, []],
    [{ validTo: '2028-01-11' }, ['validTo too-long']],
    [{ validFrom: '2023-01-20', validTo: '2028-01-20' }, []],
    [{ validFrom: '2023-01-20', validTo: '2028-01-21' }, ['validTo too-long']],
    [{ kind: '强制性产品认证', validTo: '2038-01-11' }, []],
    [{ kind: '其他许可', validTo: '2038-01-11' }, []],
  ] as const)
    t.same(faultsOf(licence, { ...base, ...more }), faults, JSON.stringify(more))
})
