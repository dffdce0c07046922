import t from 'tap'
import { authorityAndDay, punishmentIn } from '../../src/exchange/punishment.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms } from './importing.ts'

t.test('kinds and sums of a penalty as sentences have them', (t) => {
  for (const [text, read] of [
    [
      '处罚款2万元并没收违法所得8300元',
      { types: ['罚款', '没收违法所得'], fine: 20_000, confiscatedIncome: 8_300 },
    ],
    ['罚款5.83万元，依据《产品质量法》第四十九条', { types: ['罚款'], fine: 58_300 }],
    ['警告、罚款', { types: ['警告', '罚款'] }],
    ['1.没收不合格产品；2.罚款人民币 12,000 元', { types: ['罚款', '没收非法财物'], fine: 12_000 }],
    ['罚款1万元，罚款2万元', { types: ['罚款'] }],
    ['吊销全国工业产品生产许可证', { types: ['吊销许可证件'] }],
    ['暂扣或者吊销许可证', undefined],
    ['不予行政处罚', undefined],
    ['批评教育', undefined],
  ] as const)
    t.same(punishmentIn(text), read, text)
  t.end()
})

t.test('who decided and when, in one cell', (t) => {
  for (const [text, read] of [
    ['某市质量技术监督局 2015年3月2日', { authority: '某市质量技术监督局', day: '2015年3月2日' }],
    ['某市质监局2015.3.2', { authority: '某市质监局', day: '2015.3.2' }],
    ['某县局\n2015-03-02', { authority: '某县局', day: '2015-03-02' }],
    ['某市质监局', undefined],
    ['2015年3月2日', undefined],
  ] as const)
    t.same(authorityAndDay(text), read, text)
  t.end()
})

t.test('the form of 2012 goes in as it is', async (t) => {
  const parts = await testRegistry(t)
  const code = unifiedCode('PUN00001')
  await openFirms(parts, [[code, '示例甲制品有限公司']])
  const table = [
    '案件名称,行政处罚决定书文号,违法企业名称或违法自然人姓名,违法企业组织机构代码,法定代表人姓名,主要违法事实,行政处罚的种类和依据,行政处罚的履行方式和期限,作出处罚的机关名称和日期,备注,违法行为类型',
    `某案,冀质监罚〔2015〕1号,示例甲制品有限公司,PUN00001${code.slice(16, 17)},示例人,生产不合格产品,"罚款2.7万元，《产品质量法》第四十九条",15日内,某市质量技术监督局 2015年3月2日,,生产不合格产品`,
  ].join('\n')
  t.match((await importing(parts, table, 'penalty')).counts, { added: 1, failed: 0 })
  t.match(parts.registry.files.byCode(code).records, [
    {
      data: {
        types: ['罚款'],
        fine: 27_000,
        authority: '某市质量技术监督局',
        decidedOn: '2015-03-02',
        content: '罚款2.7万元，《产品质量法》第四十九条',
      },
    },
  ])
})

t.test('a cell of kinds may be a sentence with sums; in a list an unknown kind is asked', async (t) => {
  const parts = await testRegistry(t)
  const code = unifiedCode('PUN00002')
  await openFirms(parts, [[code, '示例乙制品有限公司']])
  const head = '统一社会信用代码,处罚决定书文号,违法行为类型,处罚种类,处罚决定日期,处罚机关'
  const row = (number: string, types: string) => `${code},${number},无证生产,${types},2026-03-01,某局`
  const table = [head, row('罚1号', '处罚款2万元并没收违法所得8300元'), row('罚2号', '警告、批评教育')].join(
    '\n',
  )
  const { counts, bad } = await importing(parts, table, 'penalty')
  t.match(counts, { added: 1, failed: 1 })
  t.match(bad, [{ line: 3, faults: [{ word: { word: '批评教育' } }] }])
  t.match(parts.registry.files.byCode(code).records, [{ data: { fine: 20_000, confiscatedIncome: 8_300 } }])
})
