import t from 'tap'
import { authorityAndDay, conductIn, punishmentIn, sumsContradicted } from '../../src/exchange/punishment.ts'
import { numberOf } from '../../src/exchange/sums.ts'
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
    ['罚款20000元整（叁万元整）', undefined],
    ['罚款20000元（大写：叁万元）', undefined],
    ['罚款20000元整（贰万元整）', { types: ['罚款'], fine: 20_000 }],
    ['罚款1000元/天', undefined],
    ['按日连续处罚，罚款1000元', undefined],
    ['罚款1200元的2倍，即2400元', { types: ['罚款'], fine: 2400 }],
    ['罚款1.5倍货值计4,500元', { types: ['罚款'], fine: 4500 }],
    ['罚款50万', { types: ['罚款'], fine: 500_000 }],
    ['罚款：3000', { types: ['罚款'], fine: 3000 }],
    ['罚款3,000，警告', { types: ['警告', '罚款'], fine: 3000 }],
    ['罚款99', { types: ['罚款'] }],
    ['罚款100', { types: ['罚款'], fine: 100 }],
    ['罚款3000件', { types: ['罚款'] }],
    ['1.没收不合格产品；2.罚款人民币 12,000 元', { types: ['罚款', '没收非法财物'], fine: 12_000 }],
    ['罚款1万元，罚款2万元', { types: ['罚款'] }],
    ['罚款、没收违法所得，罚没款合计2.5万元', { types: ['罚款', '没收违法所得'], total: 25_000 }],
    ['罚没款3万元', undefined],
    ['没收不合格电缆12盘（BV-2.5），罚款2万元', { types: ['罚款', '没收非法财物'], fine: 20_000 }],
    ['没收违法生产的白酒，罚款1万元', { types: ['罚款', '没收非法财物'], fine: 10_000 }],
    ['没收当事人的违法所得100元', { types: ['没收违法所得'], confiscatedIncome: 100 }],
    ['没收违法所得100元及不合格产品', { types: ['没收违法所得', '没收非法财物'], confiscatedIncome: 100 }],
    ['没收违法所得100元，没收电缆2盘', { types: ['没收违法所得', '没收非法财物'], confiscatedIncome: 100 }],
    ['没收，罚款1万元', undefined],
    ['没收款100元，罚款1万元', undefined],
    ['没收销售所得100元，罚款1万元', undefined],
    ['处以2万元的罚款', { types: ['罚款'], fine: 20_000 }],
    ['没收违法所得100元罚款2万元', { types: ['罚款', '没收违法所得'], fine: 20_000, confiscatedIncome: 100 }],
    ['吊销全国工业产品生产许可证', { types: ['吊销许可证件'] }],
    ['暂扣或者吊销许可证', undefined],
    ['不予行政处罚', undefined],
    ['批评教育', undefined],
    ['吊销营业执照', { types: ['吊销营业执照'] }],
    ['吊销食品生产许可证、营业执照', { types: ['吊销许可证件', '吊销营业执照'] }],
    ['没收违法产品及违法所得', { types: ['没收违法所得', '没收非法财物'] }],
    ['不予罚款，给予警告', undefined],
    ['警告，免于罚款', undefined],
    ['警告；逾期不改正的，处1万元罚款', undefined],
    ['警告；逾期不缴纳的，每日加处罚款', { types: ['警告', '罚款'] }],
    ['建议吊销许可证', undefined],
    ['撤销罚款决定', undefined],
    ['罚款3000元，未没收违法所得', undefined],
    ['罚款5万元，减轻处罚为2万元', undefined],
    ['罚款50000元（免缴2万元）', undefined],
    ['罚款5万元，减免2万元', undefined],
    ['罚款5万元，复议变更为1万元', undefined],
    ['依法减轻处罚，罚款2万元', { types: ['罚款'], fine: 20_000 }],
    ['罚款5万元，责令改正违法行为', { types: ['罚款'], fine: 50_000 }],
    ['罚款5万元，没款1200元', undefined],
    ['罚款：5万元；没收：1200', undefined],
    ['罚款5万元，没收1200元', undefined],
    ['没收12盘电缆，罚款1万元', { types: ['罚款', '没收非法财物'], fine: 10_000 }],
    ['处货值金额3倍罚款，计人民币31500元', { types: ['罚款'], fine: 31_500 }],
    ['罚款1.5倍，即1800元', { types: ['罚款'], fine: 1_800 }],
    ['处货值金额3倍罚款', { types: ['罚款'] }],
    ['罚款０．５万元', { types: ['罚款'], fine: 5_000 }],
    ['三倍罚款计人民币玖仟元', { types: ['罚款'], fine: 9_000 }],
    ...['，共计', '，合计', '；总计', '，以上合计', '，两项合计', '，罚没款总计', '，罚没合计'].map(
      (words) =>
        [
          `没收违法所得6.8万元，罚款13.6万元${words}20.5万元`,
          { types: ['罚款', '没收违法所得'], fine: 136_000, confiscatedIncome: 68_000, total: 205_000 },
        ] as const,
    ),
    [
      '没收违法所得100元，处三倍的罚款，共计300元',
      { types: ['罚款', '没收违法所得'], fine: 300, confiscatedIncome: 100 },
    ],
  ] as const)
    t.same(punishmentIn(text), read, text)
  t.end()
})

t.test('a sum against what the decision’s own words say', async (t) => {
  const parts = await testRegistry(t)
  const code = unifiedCode('PUN00011')
  await openFirms(parts, [[code, '示例己制品有限公司']])
  let number = 0
  for (const [heads, cells, expected] of [
    ['罚款金额（万元）,处罚内容', '400,罚款400元', /罚款金额一栏为 4000000 元，“罚款400元”写明的却是 400 元/],
    ['罚款金额（元）,处罚内容', '3,罚款3万元', /罚款金额一栏为 3 元，“罚款3万元”写明的却是 30000 元/],
    ['处罚内容,罚款金额（元）', '处3万元的罚款,3', /一栏为 3 元/],
    ['罚款金额（元）,行政处罚的种类和依据', '3,罚款3万元', /一栏为 3 元/],
    ['行政处罚的种类和依据,罚款金额（元）', '罚款3万元,3', /一栏为 3 元/],
    ['罚没金额（元）,处罚内容', '3,罚款3万元', /一栏为 3 元/],
    ['罚款金额（万元）,处罚内容', '2.7,罚款27000元', 27_000],
    ['罚款金额,处罚内容', '30000,罚款1万元；罚款2万元', 30_000],
    ['罚款金额,处罚内容', '40000,罚款1万元；罚款2万元', /10000 元、20000 元/],
    ['罚款金额,处罚内容', '30000,责令改正', 30_000],
  ] as const) {
    number += 1
    const rows = [
      `统一社会信用代码,行政处罚决定书文号,违法行为类型,处罚种类,处罚决定日期,处罚机关,${heads}`,
      `${code},冀罚${number}号,无证生产,罚款,2026-03-10,省局,${cells}`,
    ]
    const { counts, bad } = await importing(parts, rows.join('\n'), 'penalty')
    const { fine } = parts.registry.files.byCode(code).records.at(-1)?.data ?? {}
    if (typeof expected === 'number') t.equal(fine, expected, cells)
    else t.match(bad, [{ faults: [{ detail: expected }] }], cells)
    t.equal(counts.added, typeof expected === 'number' ? 1 : 0, cells)
  }
})

t.test('a sum and another in its place is asked, unless a column says which', async (t) => {
  const parts = await testRegistry(t)
  const code = unifiedCode('PUN00021')
  await openFirms(parts, [[code, '示例庚制品有限公司']])
  let number = 0
  const fineOf = async (type: string, content: string, sum: string, note = '') => {
    number += 1
    const rows = [
      '统一社会信用代码,行政处罚决定书文号,违法行为类型,处罚种类,处罚内容,罚款金额,处罚决定日期,处罚机关',
      `${code},冀罚移${number}号,无证生产,${type},${content},${sum},2026-03-10,省局`,
      ...(note === '' ? [] : [note]),
    ]
    const { counts, bad } = await importing(parts, rows.join('\n'), 'penalty')
    const data = counts.added === 1 ? parts.registry.files.byCode(code).records.at(-1)?.data : undefined
    return data ? [data.types, data.fine] : bad[0]?.faults.map(({ code: why }) => why)
  }
  t.same(await fineOf('罚款', '罚款5万元，减轻处罚为2万元', ''), ['punishment'])
  t.same(await fineOf('罚款', '罚款5万元，减轻处罚为2万元', '20000'), [['罚款'], 20_000])
  t.same(await fineOf('罚款', '依法减轻处罚，罚款2万元', ''), [['罚款'], 20_000])
  t.same(await fineOf('1、罚款；2、没收违法所得', '略', '100'), [['罚款', '没收违法所得'], 100])
  t.same(await fineOf('1', '', '100'), ['word'], 'a number alone is asked as before')
  for (const [note, fine] of [
    ['注：金额单位为万元', 25_000],
    ['注：单位：万元', 25_000],
    ['注：单位：元', 2.5],
  ] as const)
    t.same(await fineOf('罚款', '略', '2.5', note), [['罚款'], fine], note)
  t.same(await fineOf('罚款', '略', '2.5', '注：金额以决定书为准'), ['sum-unit'])
})

t.test('a firm’s short name is no violation', async (t) => {
  for (const [name, firm, conduct] of [
    ['示例青山乳业案', '示例青山乳业有限公司', undefined],
    ['示例青山乳业案', undefined, undefined],
    ['示例青山乳业有限公司生产不合格乳粉案', '示例青山乳业有限公司', '生产不合格乳粉'],
    ['销售假冒伪劣案', '示例青山乳业有限公司', '销售假冒伪劣'],
    ['生产不合格食品案', undefined, '生产不合格食品'],
  ] as const)
    t.equal(conductIn(name, firm), conduct, name)
})

t.test('who decided and when, in one cell', (t) => {
  for (const [text, read] of [
    ['2013年5月10日河北省质量技术监督局', { authority: '河北省质量技术监督局', day: '2013年5月10日' }],
    ['2013年5月10日，河北省质量技术监督局', { authority: '河北省质量技术监督局', day: '2013年5月10日' }],
    ['某局（石家庄） 2013-5-10', { authority: '某局（石家庄）', day: '2013-5-10' }],
    ['某局 2013-5-10 某局', undefined],
    ['某局 2013-5-10、2013-6-10', undefined],
    ['2013年5月10日', undefined],
    ['某市质量技术监督局 2015年3月2日', { authority: '某市质量技术监督局', day: '2015年3月2日' }],
    ['某市质监局2015.3.2', { authority: '某市质监局', day: '2015.3.2' }],
    ['某县局\n2015-03-02', { authority: '某县局', day: '2015-03-02' }],
    ['某县局\n二〇一五年三月二日', { authority: '某县局', day: '二〇一五年三月二日' }],
    ['某县局2015年三月2日', { authority: '某县局', day: '2015年三月2日' }],
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

t.test('fine, confiscation and both together are told apart by their columns', async (t) => {
  const parts = await testRegistry(t)
  const code = unifiedCode('PUN00009')
  await openFirms(parts, [[code, '示例戊制品有限公司']])
  let number = 0
  const taken = async (heads: string, types: string, cells: string) => {
    number += 1
    const rows = [
      `统一社会信用代码,行政处罚决定书文号,违法行为类型,处罚种类,处罚决定日期,处罚机关,程序,${heads}`,
      `${code},冀罚${number}号,无证生产,${types},2026-03-10,省局,普通程序,${cells}`,
    ]
    const { counts, bad } = await importing(parts, rows.join('\n'), 'penalty')
    const { data } = parts.registry.files.byCode(code).records.at(-1) ?? {}
    if (counts.added === 0) return bad.flatMap(({ faults }) => faults.map(({ detail }) => detail)).join()
    const { fine, confiscatedIncome, confiscatedGoods, confiscatedTotal, total } = data ?? {}
    return { fine, confiscatedIncome, confiscatedGoods, confiscatedTotal, total }
  }
  const none = {
    fine: undefined,
    confiscatedIncome: undefined,
    confiscatedGoods: undefined,
    confiscatedTotal: undefined,
    total: undefined,
  }
  const both = '没收违法所得、没收非法财物的金额（万元）'
  for (const [heads, types, cells, expected] of [
    ['罚没金额', '罚款', '10万元', { fine: 100_000, total: 100_000 }],
    ['罚没金额', '罚款;没收违法所得', '10万元', { total: 100_000 }],
    ['罚没金额（万元）', '罚款;没收违法所得', '5.83', { total: 58_300 }],
    ['处罚金额', '罚款', '3000', { fine: 3000, total: 3000 }],
    ['罚款金额,罚没金额', '罚款', '20000,20000', { fine: 20_000, total: 20_000 }],
    ['罚款金额,罚没金额', '罚款;没收违法所得', '20000,28300', { fine: 20_000, total: 28_300 }],
    [
      '罚款金额,没收违法所得金额,罚没金额',
      '罚款;没收违法所得',
      '20000,8300.1,28300.10',
      { fine: 20_000, confiscatedIncome: 8300.1, total: 28_300.1 },
    ],
    [both, '没收违法所得', '0.35', { confiscatedIncome: 3500 }],
    [both, '没收非法财物', '0.35', { confiscatedGoods: 3500 }],
    [both, '罚款;没收违法所得、没收非法财物', '0.35', { confiscatedTotal: 3500 }],
    [both, '罚款', '0', {}],
  ] as const)
    t.same(await taken(heads, types, cells), { ...none, ...expected }, `${heads} ${types} ${cells}`)
  for (const [heads, types, cells, why] of [
    ['罚款金额,罚没金额', '罚款', '20000,20001', /罚没金额（20001 元）与罚款、没收各项之和（20000 元）不符/],
    ['罚款金额,罚没金额', '罚款;没收违法所得', '20000,19999.99', /不符/],
    [
      '罚款金额,没收违法所得金额,罚没金额',
      '罚款;没收违法所得',
      '20000,8300,28000',
      /各项之和（28300 元）不符/,
    ],
    ['罚没金额', '警告', '100', /应包括罚款或者没收/],
    [both, '罚款', '0.35', /应包括“没收违法所得”或者“没收非法财物”/],
  ] as const)
    t.match(await taken(heads, types, cells), why, `${heads} ${types} ${cells}`)
})

t.test('sums in numerals are read, or asked where they are not written out', (t) => {
  for (const [text, zeros, sum] of [
    ['贰万元整', 0, 20_000],
    ['人民币贰万伍仟元整', 0, 25_000],
    ['二万五千元', 4, 25_000],
    ['2万5千元', 0, 25_000],
    ['2万5000元', 0, 25_000],
    ['12万3千4百元', 0, 123_400],
    ['一亿二千万元', 0, 120_000_000],
    ['三千万元', 0, 30_000_000],
    ['二〇〇〇〇元', 0, 20_000],
    ['两万元', 0, 20_000],
    ['叁万圆整', 0, 30_000],
    ['十元', 0, 10],
    ['二万零三元', 0, 20_003],
    ['壹万零伍佰元整', 0, 10_500],
    ['叁拾元伍角', 0, 30.5],
    ['壹仟贰佰叁拾肆元伍角陆分', 0, 1_234.56],
    ['贰', 4, 20_000],
    ['二十', 4, 200_000],
    ['贰万', 4, 20_000],
    ['贰万元整（￥20,000.00）', 0, 20_000],
    ['20000元（贰万元整）', 0, 20_000],
    ['二万三', 0, undefined],
    ['二百五元', 0, undefined],
    ['壹万贰元', 0, undefined],
    ['1万2元', 0, undefined],
    ['二三元', 0, undefined],
    ['千二元', 0, undefined],
    ['百千元', 0, undefined],
    ['万元', 0, undefined],
    ['3万余元', 0, undefined],
    ['若干元', 0, undefined],
    ['20000元（贰万伍仟元整）', 0, undefined],
  ] as const) {
    const read = numberOf(text, true, zeros)
    t.equal('value' in read ? read.value : undefined, sum, text)
  }
  t.match(numberOf('20000元（贰万伍仟元整）', true, 0), { fault: /两个不同的金额（20000 元、25000 元）/ })
  t.match(numberOf('贰', false, 0), { code: 'type' }, 'no sum')
  for (const [text, read] of [
    ['罚款贰万元整', { types: ['罚款'], fine: 20_000 }],
    ['处2万5千元罚款', { types: ['罚款'], fine: 25_000 }],
    [
      '没收违法所得壹仟元，罚款二万五千元',
      { types: ['罚款', '没收违法所得'], fine: 25_000, confiscatedIncome: 1_000 },
    ],
    ['罚款1万元，罚款贰万元', { types: ['罚款'] }],
  ] as const)
    t.same(punishmentIn(text), read, text)
  t.same(sumsContradicted({ fine: 2 }, '罚款贰万元整'), [
    { field: 'fine', label: '罚款金额', sum: 2, said: [20_000] },
  ])
  t.end()
})

t.test('the violation that a case is named after', (t) => {
  for (const [name, conduct] of [
    ['示例公司生产不合格电缆案', '生产不合格电缆'],
    ['关于示例公司涉嫌无证生产危险化学品一案', '无证生产危险化学品'],
    ['示例公司涉嫌伪造检验报告的案件', '伪造检验报告'],
    ['另一制品有限公司生产不合格电缆案', '生产不合格电缆'],
    ['销售另一制品有限公司假冒电缆案', '销售另一制品有限公司假冒电缆'],
    ['甲厂生产不合格电缆案', '甲厂生产不合格电缆'],
    ['示例公司案', undefined],
    ['行政处罚决定书', undefined],
    ['示例公司行政处罚案', undefined],
  ] as const)
    t.equal(conductIn(name, '示例公司'), conduct, name)
  t.end()
})

t.test('the form of 2012, which has no column for the kind of violation', async (t) => {
  const parts = await testRegistry(t)
  const code = unifiedCode('PUN00012')
  await openFirms(parts, [[code, '示例庚制品有限公司']])
  const heads =
    '序号,案件名称,行政处罚决定书文号,违法企业名称或违法自然人姓名,违法企业组织机构代码,法定代表人姓名,主要违法事实,行政处罚的种类和依据,行政处罚的履行方式和期限,作出处罚的机关名称和日期,罚没金额,备注'
  const row = (number: number, name: string, penalty: string, total: string) =>
    `${number},${name},（冀）质监罚字〔2015〕第${number}号,示例庚制品有限公司,${code.slice(8, 17)},张三,生产的电缆不合格,${penalty},15日内缴至指定银行,示例市质量技术监督局 2015年3月2日,${total},`
  const done = await importing(
    parts,
    [
      heads,
      row(1, '示例庚制品有限公司生产不合格电缆案', '罚款贰万元，依据《产品质量法》第四十九条', '贰万元整'),
      row(2, '行政处罚决定书', '罚款2万元', '2万元'),
    ].join('\n'),
    'penalty',
  )
  t.match(done.counts, { added: 1, failed: 1 })
  t.match(done.bad, [{ line: 3, faults: [{ detail: /违法行为类型：必填/ }] }])
  const [stood] = parts.registry.files.byCode(code).records
  t.match(stood?.data, {
    documentNo: '(冀)质监罚字〔2015〕第1号',
    documentName: '示例庚制品有限公司生产不合格电缆案',
    conduct: '生产不合格电缆',
    facts: '生产的电缆不合格',
    types: ['罚款'],
    fine: 20_000,
    total: 20_000,
    authority: '示例市质量技术监督局',
    decidedOn: '2015-03-02',
  })
})
