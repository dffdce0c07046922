import t from 'tap'
import { enterprise } from '../../src/records/enterprise.ts'
import { inspection } from '../../src/records/inspection.ts'
import { penalty } from '../../src/records/penalty.ts'
import {
  findPersonalData,
  holdsIdentityNumber,
  isBankCard,
  judgePersonalData,
  type PersonalDataKind,
} from '../../src/records/personal-data.ts'
import { publicTextsOf } from '../../src/records/public-texts.ts'
import { fc } from '../properties.ts'

/** Kinds found in a text, in its order. */
function kinds(text: string, use?: 'text' | 'number' | 'address'): PersonalDataKind[] {
  return findPersonalData(text, use).map(({ kind }) => kind)
}

t.test('what no published text may hold is found, however it is written', async (t) => {
  const cases: [string, PersonalDataKind][] = [
    ['负责人张某 11010519491231002X', 'identity-number'],
    ['身份证１１０１０５１９４９１２３１００２Ｘ。', 'identity-number'],
    ['110105 19491231 002x', 'identity-number'],
    ['110105-19491231-002X', 'identity-number'],
    ['110105194912\u200b31002X', 'identity-number'],
    ['编号2026110105194912310\u200b02X', 'identity-number'],
    ['130102198503070005', 'identity-number'],
    ['身份证号码：110105194912310021', 'identity-number'],
    ['身份证：110105491231003', 'old-identity-number'],
    ['经营者李某，110105491231003', 'old-identity-number'],
    ['联系电话13812345678', 'mobile-number'],
    ['电话 138 1234 5678', 'mobile-number'],
    ['电话：138-1234-5678。', 'mobile-number'],
    ['+86 13812345678', 'mobile-number'],
    ['+8619912345678', 'mobile-number'],
    ['１３８１２３４５６７８', 'mobile-number'],
    ['（13812345678）', 'mobile-number'],
    ['2026-03-02 13812345678', 'mobile-number'],
    ['手机编号13812345678'.replace('编号', '号码：'), 'mobile-number'],
    ['卡号6222021234567890128', 'bank-card'],
    ['6222 0212 3456 7890 128', 'bank-card'],
    ['付至4111111111111111', 'bank-card'],
    ['开户行：工商银行石家庄支行，账号：0402020109300012345', 'bank-account'],
    ['银行账户 1234 5678 9012', 'bank-account'],
    ['家庭住址：石家庄市长安区某某路12号', 'home-address'],
    ['经营者张某，男，1985年3月7日出生，住河北省赵县某某村三组', 'home-address'],
    ['张某，男，汉族，住石家庄市某某小区3号楼2单元501室', 'home-address'],
    ['户籍所在地河北省赵县某某镇5号', 'home-address'],
    ['张某（女，身份证略）在3号楼2单元501室内生产', 'home-address'],
    ['其家在桥西区裕华西路10号', 'home-address'],
    ['张某租住于长安区跃进路9号', 'home-address'],
    ['张某暂住裕华区槐安路12号', 'home-address'],
    ['其住处位于某某小区9号楼1门302', 'home-address'],
  ]
  for (const [text, kind] of cases) t.same(kinds(text), [kind], text)
})

const IDENTITY = '130105199003071232'
const MOBILE = '13812345678'
const CARD = '6222021234567890128'

/** A number in other digits. */
function inDigits(number: string, digits: string): string {
  return Array.from(number, (digit) => Array.from(digits)[Number(digit)]).join('')
}
const inScript = (number: string, zero: number) =>
  inDigits(number, Array.from({ length: 10 }, (_, i) => String.fromCodePoint(zero + i)).join(''))

t.test('a number is the same in whatever digits, with whatever between them', async (t) => {
  const marks = [...".·/、，,_|:'*#+=~\\；;()（）-– \n", '. ', ' - ']
  const nothing = [...'\ufe0f\u034f\u3164\u2800\u0301\u200b\u2060\u115f\u1160\uffa0\u20e3']
  const digits = [
    '零一二三四五六七八九',
    '〇一二三四五六七八九',
    '零壹贰叁肆伍陆柒捌玖',
    '零幺二三四五六七八九',
    '〇〡〢〣〤〥〦〧〨〩',
    '０１２３４５６７８９',
    'O1234567890'.slice(0, 10),
    '0l23456789',
    '0I23456789',
  ]
  const scripts = [0x660, 0x966, 0xe50, 0x1d7ce, 0x1d7f6]
  const written = (number: string) => [
    ...[...marks, ...nothing].map((mark) => Array.from(number).join(mark)),
    ...digits.map((own) => inDigits(number, own)),
    ...scripts.map((zero) => inScript(number, zero)),
  ]
  const parted = ['·', '/', '.', '、'].map((mark) => `130105${mark}19900307${mark}1232`)
  for (const number of [...written(IDENTITY), ...parted, '130105(19900307)1232', '13〇1〇5一九九〇0307壹232'])
    for (const text of [
      number,
      `张三（身份证号码${number}）生产`,
      `张三${number}生产`,
      `李四，${number}。`,
    ]) {
      const found = findPersonalData(text)
      t.match(found, [{ kind: 'identity-number', isCertain: true }], JSON.stringify(text))
      t.ok(holdsIdentityNumber(text), text)
    }
  for (const number of [...written(MOBILE), '138.1234.5678', '138/12345678', '1381234·5678'])
    for (const text of [number, `张三${number}。`])
      t.same(kinds(text), ['mobile-number'], JSON.stringify(text))
  for (const number of [...written(CARD), '6222-0212-3456-7890-128', '6222·0212·3456·7890·128'])
    t.same(kinds(`付至${number}`), ['bank-card'], JSON.stringify(number))
  for (const [text, found] of [
    // A wrong check digit, a day more; a number of fifteen digits where a word says so.
    [Array.from('130105199003071233').join('.'), []],
    ['13·0105·19900307·1232', ['identity-number']],
    ['身份证：1.1.0.1.0.5.4.9.1.2.3.1.0.0.3', ['old-identity-number']],
    ['1.1.0.1.0.5.4.9.1.2.3.1.0.0.3', []],
    ['1.3.8.1.2.3.4.5.6.7.8.9', []],
    ['1.3.8.1.2.3.4.5.6.7', []],
    ['1.3、8.1.2.3.4.5.6.7.8', []],
  ] as const)
    t.same(kinds(text), found, text)
})

t.test('figures in a row are no number of anybody', async (t) => {
  for (const text of [
    '2013-07-22、2014-08-09、2015-1-05',
    '尺寸150×200×3.55×12毫米',
    '13.5 18.2 19.7 12.1',
    '批号20190307、20190308、20190309、130105',
    '检验结果：0.12、0.13、0.14、0.15、0.16、0.17、0.18',
    '第一、二、三、四、五、六、七、八、九条',
    '依据国家在2026年发布的第49号令',
    '商家在裕华西路10号经营',
    '专家在现场抽取12号样品',
    'GB/T 5023.3-2008/IEC 60227-3:1997',
    '一千三百八十一万二千三百四十五元六角七分',
    '二〇二六年三月五日至二〇二六年三月十五日',
    '13、14、15、16、17、18、19、20',
    'Oil lOO% OIL 1l0O',
  ])
    t.same(kinds(text), [], text)
  // Where something holds that may be chance, an officer may say so.
  t.match(findPersonalData('05、130105 19900307 123 2、20190307'), [{ kind: 'identity-number' }])
})

t.test('ordinary long numbers and addresses pass', async (t) => {
  for (const text of [
    '冀市监处罚〔2026〕0102001号',
    '文书号 13812345678901234',
    '批号：13812345678',
    '批次15012345678',
    '产品条码6901234567892，生产日期20260302',
    '条形码 16901234567899',
    '执行标准 GB/T 19001-2016、GB 12345.1-2012',
    '电话0311-86211234、(0312)5021234、12315、4008001234、400-800-1234',
    '统一社会信用代码91130102MN0000303M、91350100M000100Y43',
    '统一社会信用代码911305007006302305',
    '组织机构代码 70063023-0',
    '注册号130100000012345',
    '注册号：130104600123456',
    '货值金额13812345678元',
    '共13812345678.50',
    '产量13812345678千克',
    '许可证 SC12413060000006、XK13-001-00001',
    'CCC证书2026010101123456',
    '追溯码 81234567890123456789',
    '时间20260302123456789',
    '2026年3月2日至2026年12月31日',
    '编号 110105194912310021',
    '第 12345678901 号样品',
    '单价12,345,678,901.00',
    '住所：石家庄市长安区示例大厦A座501室',
    '生产地址：石家庄市某某路12号3号楼2单元501室',
    '车间住宿区3号楼',
    '当事人住所地在石家庄市某某路12号',
    '检测值 0.79g/kg，限值 ≤0.2g/kg',
    '',
  ])
    t.same(kinds(text), [], text)
})

t.test('words about a number, near and far, and units behind it', async (t) => {
  const [mobile, card, account] = ['13812345678', '4111111111111111', '1234567890']
  const fill = (count: number) => '某'.repeat(count)
  for (const [said, text, found] of [
    ['nothing', `用${mobile}`, ['mobile-number']],
    ['an ordinary word', `报告${mobile}`, []],
    ['at the beginning of the text', `批号${mobile}`, []],
    ['six characters away', `批号${fill(6)}${mobile}`, []],
    ['seven', `批号${fill(7)}${mobile}`, ['mobile-number']],
    ['in the sentence before', `批号。${mobile}`, ['mobile-number']],
    ['a personal word behind an ordinary one', `合同联系电话：${mobile}`, ['mobile-number']],
    ['an ordinary one behind a personal', `联系电话（合同）：${mobile}`, ['mobile-number']],
    ['a unit', `用${mobile}元`, []],
    ['a unit behind a gap', `用${mobile} 吨`, []],
    ['the longest unit behind a gap', `用${mobile} 人民币`, []],
    ['a unit further on', `用${mobile}共计元`, ['mobile-number']],
    ['a personal word and a unit', `电话${mobile}号`, ['mobile-number']],
    ['eight characters away, and a unit', `电话${fill(8)}${mobile}号`, ['mobile-number']],
    ['nine', `电话${fill(9)}${mobile}号`, []],
    ['a card', `用${card}`, ['bank-card']],
    ['a card that is an order’s number', `订单${card}`, []],
    ['digits that nothing says', `用${account}`, []],
    ['an account', `账号${account}`, ['bank-account']],
    ['eight characters away', `账号${fill(8)}${account}`, ['bank-account']],
    ['nine', `账号${fill(9)}${account}`, []],
    ['an identity number that fails its check digit', `编号110105194912310021`, []],
    ['and is called one', `身份证${fill(8)}110105194912310021`, ['identity-number']],
    ['from too far', `身份证${fill(9)}110105194912310021`, []],
    ['of fifteen digits', '甲110105491231003', ['old-identity-number']],
    ['an ordinary word', '批号110105491231003', []],
    ['an ordinary word, and called one', '身份证编号110105491231003', ['old-identity-number']],
  ] as const)
    t.same(kinds(text), found, `${said}: ${text}`)
  for (const [text, stretch] of [
    ['身份证110105 19491231 0021号', '110105 19491231 0021'],
    ['身份证110105-491231-003号', '110105-491231-003'],
    ['身份证110105 19491231 002X号', '110105 19491231 002X'],
  ] as const)
    t.same(
      findPersonalData(text).map(({ from, to }) => text.slice(from, to)),
      [stretch],
      text,
    )
})

t.test('a person’s dwelling, sentence by sentence', async (t) => {
  const home = '3号楼2单元501室'
  for (const [text, found] of [
    [`张某，男，在${home}`, [home]],
    [`在${home}，张某，男，`, [home]],
    [`张某，男，生产。在${home}`, []],
    [`张某，男，生产；在${home}`, []],
    [`张某，男，生产;在${home}`, []],
    [`张某，男，生产\n在${home}`, []],
    [`甲。张某，男，在${home}。乙`, [home]],
    [`张某，男，在${home}。李某，女，在1号楼2室`, [home, '1号楼2室']],
    [`张某，男，${'经'.repeat(1200)}${home}`, [home]],
    [home, []],
    // A word for a home reaches eighty characters.
    [`住址${'某'.repeat(77)}5号`, [`${'某'.repeat(77)}5号`]],
    [`住址${'某'.repeat(78)}5号`, [`${'某'.repeat(78)}5号`]],
    [`住址${'某'.repeat(79)}5号`, []],
    [`住址某村。5号`, []],
    [`住址某村；5号`, []],
    [`住址某村\n5号`, []],
    [`家住某村五组`, ['某村五组']],
    [`，住某村五组`, ['某村五组']],
    [`，住所某村五组`, []],
    [`，住院五组`, []],
    [`。；\n`, []],
  ] as const)
    t.same(
      findPersonalData(text).map(({ from, to }) => text.slice(from, to)),
      found,
      text.slice(0, 60),
    )
})

t.test('a document number or a domicile is read for what it is', async (t) => {
  t.same(kinds('13812345678', 'number'), [])
  t.same(kinds('6222021234567890128', 'number'), [])
  t.same(kinds('11010519491231002X', 'number'), ['identity-number'])
  t.same(kinds('石家庄市某某小区3号楼2单元501室，联系人男，汉族', 'address'), [])
  t.same(kinds('石家庄市某某路12号 13812345678', 'address'), ['mobile-number'])
})

t.test('bank cards: issuer, length and check digit', async (t) => {
  t.ok(isBankCard('6222021234567890128'))
  for (let digit = 0; digit <= 9; digit += 1)
    t.equal(isBankCard(`622202123456789012${digit}`), digit === 8, `check digit ${digit}`)
  t.notOk(isBankCard('62220212345678'), 'too short')
  t.notOk(isBankCard('911305007006302305'))
})

t.test('each finding has its place; several are all found', async (t) => {
  const text = '甲13812345678，乙13912345678，丙11010519491231002X'
  const found = findPersonalData(text)
  t.same(
    found.map(({ from, to }) => text.slice(from, to)),
    ['13812345678', '13912345678', '11010519491231002X'],
  )
  for (const { shown } of found) t.ok(shown.length <= 6, 'a finding is not repeated whole')
})

t.test(
  'a finding is as long as what was written, and no longer; of two next to each other each is found',
  async (t) => {
    const account = (length: number) => '0402020109300012345678901234567890'.slice(0, length)
    for (const [text, stretches] of [
      ['电话+86 13812345678。', ['86 13812345678']],
      ['电话86 12812345678。', []],
      ['电话138 1234 5678 139 8765 4321', ['138 1234 5678', '139 8765 4321']],
      ['电话13812345678 13987654321', ['13812345678', '13987654321']],
      ['电话138 1234 5678 13987654321 86 13712345678', ['138 1234 5678', '13987654321', '86 13712345678']],
      ['卡4111 1111 1111 1111 13812345678', ['4111 1111 1111 1111', '13812345678']],
      ['卡6222 0212 3456 7890 128 4111111111111111', ['6222 0212 3456 7890 128', '4111111111111111']],
      ['张某11010519491231002X 130102198503070005', ['11010519491231002X', '130102198503070005']],
      [`账号：${account(7)}`, []],
      [`账号：${account(8)}`, [account(8)]],
      [`账号：${account(30)}`, [account(30)]],
      [`账号：${account(31)}`, []],
      ['账号：0402 0201 0930', ['0402 0201 0930']],
    ] as const)
      t.same(
        findPersonalData(text).map(({ from, to }) => text.slice(from, to)),
        stretches,
        text,
      )
  },
)

t.test('an officer may say that it is something else, but not of an identity number', async (t) => {
  const texts = [
    { field: 'facts', label: '违法事实', text: '当事人𠀀使用13812345678' },
    { field: 'remark', label: '备注', text: '11010519491231002X' },
    { field: 'documentNo', label: '文号', text: '13812345678', use: 'number' as const },
  ]
  const judged = judgePersonalData(texts)
  t.match(judged, {
    ok: false,
    found: [
      { field: 'facts', kind: 'mobile-number', detail: /^违法事实第 7 个字符起（138…78）像是手机号码/ },
      { field: 'remark', kind: 'identity-number', detail: /请删去后重填。$/ },
    ],
  })
  const word = { field: 'facts', from: 7, to: 18, reason: '这是设备编号' }
  const remark = { field: 'remark', from: 0, to: 18, reason: '不是' }
  t.match(judgePersonalData(texts, [word, remark]), { found: [{ field: 'remark' }] })
  for (const other of [
    { ...word, reason: ' ' },
    { ...word, field: 'remark' },
    { ...word, from: 6 },
    { ...word, to: 17 },
  ])
    t.match(judgePersonalData(texts.slice(0, 1), [other]), { ok: false })
  t.same(judgePersonalData(texts.slice(0, 1), [word]), { ok: true })
})

t.test('the texts of a record that may become public, each for what it is', async (t) => {
  const penaltyTexts = publicTextsOf(penalty, {
    documentNo: '13812345678',
    content: '联系13812345678',
    caseNo: '13812345678',
    fine: 13812345678,
    types: ['罚款'],
  })
  t.match(judgePersonalData(penaltyTexts), { found: [{ field: 'content', kind: 'mobile-number' }] })
  t.same(
    penaltyTexts.map(({ field, use }) => `${field} ${use}`),
    ['documentNo number', 'content text'],
    'what only officers see is left out, and so is what is no text',
  )
  const firm = {
    name: '示例公司',
    address: '石家庄市示例小区3号楼2单元501室（男，李某）',
    legalRepresentative: '李某',
  }
  t.same(judgePersonalData(publicTextsOf(enterprise, firm)), { ok: true })
  const [mobile] = ['13812345678']
  for (const [items, isFound] of [
    [[{ name: '厚度' }, { name: '长度', measured: mobile }], true],
    [[{ name: mobile }], true],
    [[{ name: '厚度', measured: '1.2' }], false],
    [undefined, false],
  ] as const) {
    const texts = publicTextsOf(inspection, { kind: '日常巡查', findings: mobile, ...(items && { items }) })
    t.equal(
      texts.some(({ field }) => field === 'items'),
      items !== undefined,
    )
    t.equal(!judgePersonalData(texts).ok, isFound, JSON.stringify(items))
  }
  t.match(judgePersonalData(publicTextsOf(enterprise, { ...firm, products: '联系13812345678' })), {
    found: [{ field: 'products' }],
  })
})

t.test('no text makes it slow or makes it fail', async (t) => {
  // Long enough that whatever looks at each place again from each other never ends.
  for (const part of [
    '1',
    '1 ',
    '138-',
    '住',
    '，住1',
    '3号楼',
    '13812345678 ',
    '一',
    '\u200b1',
    '6222 ',
    '男，',
  ])
    t.doesNotThrow(() => findPersonalData(part.repeat(20_000)))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      for (const { from, to } of findPersonalData(text)) if (!(from < to && to <= text.length)) return false
      return true
    }),
  )
})

t.test(
  'those that their check digit or their own word proves stop a text from being stored, no others',
  async (t) => {
    t.ok(holdsIdentityNumber('x 11010519491231002X y'))
    for (const word of ['身份证', '居民身份证号码：', '公民身份号码 '])
      for (const number of ['130102199003077713', '110105491231003'])
        t.ok(holdsIdentityNumber(`当事人${word}${number}。`), `${word}${number}`)
    for (const word of ['', '证件', '编号', '身份证已核对，编号'])
      for (const number of ['130102199003077713', '110105491231003'])
        t.notOk(holdsIdentityNumber(`${word}${number}`), `${word}${number}`)
    t.notOk(holdsIdentityNumber('身份证130102199013077713'), 'no birth date')
    t.notOk(holdsIdentityNumber('统一社会信用代码911305007006302305'))
  },
)

t.test('digits with gaps between them, up to three at a time', async (t) => {
  for (const [text, found] of [
    ['13812345678', ['mobile-number']],
    ['138 12345678', ['mobile-number']],
    ['138  12345678', ['mobile-number']],
    ['138   12345678', ['mobile-number']],
    ['138    12345678', []],
    ['1381234-5678', ['mobile-number']],
    ['1381234    5678', []],
    ['138-1234-5678', ['mobile-number']],
    ['+86 138-12345678', ['mobile-number']],
    ['0138-12345678', []],
    ['138-123456789', []],
    ['1381-2345678', []],
    ['238-12345678', []],
    ['138-20260301', []],
    ['138-20261231', []],
    ['138-20261301', ['mobile-number']],
    ['138-20260332', ['mobile-number']],
    ['138-21260301', ['mobile-number']],
    ['批号138-12345678', []],
    ['138 - 12345678', ['mobile-number']],
    ['138 -- 12345678', []],
    ['110105   19491231   002X', ['identity-number']],
    ['110105    19491231   002X', []],
    ['110105   19491231    002X', []],
    ['11010519491231002X   13812345678', ['identity-number', 'mobile-number']],
    ['138甲12345678', []],
  ] as const)
    t.same(kinds(text), [...found], text)
})
