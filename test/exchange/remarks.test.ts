import t from 'tap'
import { whyNotItsOwn } from '../../src/exchange/remarks.ts'
import { catalogue } from '../../src/records/catalogue.ts'

t.test('remarks that keep a failing from the firm that is named, and such that do not', (t) => {
  const inspection = catalogue.kind('inspection')
  if (!inspection) return t.fail('no inspections')
  const why = (findings: string, outcome = '不合格') => whyNotItsOwn(inspection, { outcome, findings })
  for (const remark of [
    '经核实为假冒产品',
    '标称生产企业否认生产',
    '企业对标称有异议',
    '提出异议，处理中',
    '该批次产品非本企业生产',
    '标称企业称该产品并非其生产',
    '冒用厂名厂址',
  ])
    t.ok(why(remark), remark)
  for (const remark of ['已复检，维持原结论', '企业提出异议，异议不成立', '无异议', '国家总局转办', ''])
    t.equal(why(remark), undefined, remark)
  t.equal(why('经核实为假冒产品', '合格'), undefined, 'what passed harms nobody')
  t.end()
})
