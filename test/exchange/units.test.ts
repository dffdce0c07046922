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
