import t from 'tap'
import { licence } from '../../src/records/licence.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing } from './importing.ts'

const USCC = unifiedCode('DEM00001')
const HEAD =
  '企业名称,统一社会信用代码,许可类别,许可证编号,产品名称,产品单元,规格型号,发证机关,发证日期,有效期至,许可状态'
const row = (unit: string, specification: string, status: string, validTo = '2029-02-28') =>
  `示例甲电缆,${USCC},全国工业产品生产许可证,XK06-001-00001,电线电缆,${unit},${specification},省局,2024-03-01,${validTo},${status}`

t.test('units under one number of a licence fare each by itself', async (t) => {
  const parts = await testRegistry(t)
  const units = () =>
    licence
      .in(parts.registry.files.byCode(USCC))
      .map(({ data: { unit, specification, status, validTo } }) => [unit, specification, status, validTo])
      .sort()
  const [strand, cable] = [row('架空绞线', 'JL', '有效'), row('控制电缆', 'KVV', '有效', '2027-02-28')]
  const came = await importing(
    parts,
    [HEAD, strand, cable, row('电力电缆', 'VV', '吊销')].join('\n'),
    'licence',
  )
  t.match(came.counts, { rows: 3, failed: 0 })
  const three = [
    ['控制电缆', 'KVV', '有效', '2027-02-28'],
    ['架空绞线', 'JL', '有效', '2029-02-28'],
    ['电力电缆', 'VV', '吊销', '2029-02-28'],
  ].sort()
  t.same(units(), three)
  t.match((await importing(parts, [HEAD, cable, strand].join('\n'), 'licence')).counts, { unchanged: 2 })
  for (const [said, own, field, words] of [
    ['no unit', row('', '', '注销'), '产品单元', /“架空绞线”.*“控制电缆”/],
    ['two of them', row('架空绞线、控制电缆', '', '注销'), '产品单元', /一次只写其中一条/],
    [
      'one of them twice',
      `${row('通信电缆', 'H', '有效')}\n${row('通信电缆', 'H', '暂停')}`,
      '许可状态',
      /产品单元/,
    ],
  ] as const) {
    const { bad } = await importing(parts, `${HEAD}\n${own}`, 'licence')
    t.match(bad[0]?.faults[0], { header: field, detail: words }, said)
  }
  t.same(units(), three, 'and nothing is taken for another')
  const { counts } = await importing(
    parts,
    `${HEAD}\n${row('控制 电缆、塑料控制电缆', 'KVV', '有效')}`,
    'licence',
  )
  t.match(counts, { proposed: 1, failed: 0 }, 'what shares a unit is that one, and changes by two persons')
})

t.test('what is so of one unit is not taken for the whole licence', async (t) => {
  const parts = await testRegistry(t)
  const whole = row('', '', '有效')
  await importing(parts, `${HEAD}\n${whole}`, 'licence')
  for (const [said, own, header] of [
    ['one unit given up', row('控制电缆', '', '注销'), '产品单元'],
    ['one that ends sooner', row('控制电缆', '', '有效', '2027-02-28'), '产品单元'],
    ['one that fares as the whole does', row('控制电缆', '', '有效'), undefined],
  ] as const) {
    const { bad, counts } = await importing(parts, `${HEAD}\n${own}`, 'licence')
    t.equal(bad[0]?.faults[0]?.header, header, said)
    t.equal(counts.failed, header === undefined ? 0 : 1, said)
  }
})

t.test('what is so of a part of what a licence lists is not taken for the whole of it', async (t) => {
  const parts = await testRegistry(t)
  const of = (number: string, product: string, unit: string, status: string, validTo = '2029-02-28') =>
    `示例甲电缆,${USCC},全国工业产品生产许可证,${number},${product},${unit},,省局,2024-03-01,${validTo},${status}`
  const [units, products] = [of('一', '管', '无缝、焊接', '有效'), of('二', '线材；盘条', '', '有效')]
  await importing(parts, [HEAD, units, products].join('\n'), 'licence')
  for (const [said, row, counts, header] of [
    ['one unit given up', of('一', '管', '无缝', '注销'), { failed: 1 }, '产品单元'],
    ['the other one', of('一', '管', '焊接', '注销'), { failed: 1 }, '产品单元'],
    ['one that ends sooner', of('一', '管', '焊 接', '有效', '2027-02-28'), { failed: 1 }, '产品单元'],
    ['one that fares as the whole does', of('一', '管', '焊接', '有效'), { unchanged: 1 }, undefined],
    ['one product', of('二', '盘条', '', '有效'), { unchanged: 1 }, undefined],
    ['the other one', of('二', '线材', '', '有效'), { unchanged: 1 }, undefined],
    ['one product given up', of('二', '盘条', '', '注销'), { failed: 1 }, '产品名称'],
    ['all units, in another order', of('一', '管', '焊接、无缝', '注销'), { proposed: 1 }, undefined],
    ['all products', of('二', '盘条、线材', '', '注销'), { proposed: 1 }, undefined],
  ] as const) {
    const done = await importing(parts, `${HEAD}\n${row}`, 'licence')
    t.match(done.counts, { rows: 1, ...counts }, said)
    t.equal(done.bad[0]?.faults[0]?.header, header, said)
  }
  t.same(
    licence
      .in(parts.registry.files.byCode(USCC))
      .map(({ data: { product, unit, status } }) => [product, unit, status]),
    [
      ['管', '无缝、焊接', '有效'],
      ['线材；盘条', undefined, '有效'],
    ],
  )
})
