import t from 'tap'
import { mappingOf } from '../../src/exchange/columns.ts'
import { dayIn } from '../../src/exchange/dates.ts'
import { isBranch, nameIn, severalCodes, severalFirms } from '../../src/exchange/names.ts'
import { readRow } from '../../src/exchange/row-reading.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import { Firm } from '../blacklist/firm.ts'
import { take, USCC } from './taking.ts'

/** What a cell that names a firm holds: one name, several, or a name with words about it. */

const read = (type: string, row: Record<string, string>) => {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(type)
  return readRow(Object.values(row), mappingOf(Object.keys(row), kind))
}

t.test('several firms or codes in one cell are told from one', async (t) => {
  const [one, two] = ['示例甲有限公司', '示例乙食品厂']
  for (const mark of ['、', '\n', '；', ';', '/', ' 和 '])
    t.same(severalFirms(`${one}${mark}${two}`), [one, two], JSON.stringify(mark))
  for (const name of [
    one,
    '示例甲\n有限公司',
    '示例甲、有限公司',
    '示例甲有限公司\n石家庄分公司',
    '示例甲有限公司（示例一厂、示例二厂）',
    '示例、乙食品厂',
    '张某、李某',
    '',
  ])
    t.equal(severalFirms(name), undefined, JSON.stringify(name))
  t.same(severalCodes(`${USCC}、${USCC}`), [USCC, USCC])
  t.same(severalCodes(`${USCC}\n${USCC.toLowerCase()}`), [USCC, USCC.toLowerCase()])
  for (const code of [USCC, `130632600012345/${USCC}`, `${USCC}(1-1)`, ''])
    t.equal(severalCodes(code), undefined, code)
  const row = {
    统一社会信用代码: USCC,
    当事人: one,
    处罚决定书文号: '示1号',
    案由: '无证',
    处罚种类: '警告',
    处罚决定日期: '2026-03-02',
    处罚机关: '示例局',
  }
  t.ok('record' in read('penalty', row))
  t.match(read('penalty', { ...row, 当事人: `${one}、${two}` }), {
    faults: [{ code: 'several', header: '当事人', detail: /2 家企业（示例甲有限公司；示例乙食品厂）/ }],
  })
  t.match(read('penalty', { ...row, 统一社会信用代码: `${USCC}、${USCC}` }), {
    faults: [{ code: 'several', header: '统一社会信用代码', detail: /2 个代码/ }],
  })
  t.match(read('penalty', { ...row, 当事人: `${one}（已注销）` }), { enterprise: { name: one } })
  t.match(read('penalty', { ...row, 当事人: `${one}（原示例旧名有限公司）` }), { enterprise: { name: one } })
})

t.test('a name, and what its bracket says of it', async (t) => {
  for (const [text, expected] of [
    ['示例新名有限公司（原示例旧名有限公司）', { name: '示例新名有限公司', former: '示例旧名有限公司' }],
    ['示例新名有限公司(原名：示例旧名有限公司)', { name: '示例新名有限公司', former: '示例旧名有限公司' }],
    ['示例新名有限公司（曾用名：示例旧厂）', { name: '示例新名有限公司', former: '示例旧厂' }],
    ['示例有限公司（已注销）', { name: '示例有限公司', state: '已注销' }],
    ['示例有限公司(吊销)', { name: '示例有限公司', state: '吊销' }],
    ...['更名为', '已更名为', '现更名为', '现已更名为', '后改名为', '变更为：'].map(
      (words) =>
        [
          `示例旧名有限公司（${words}示例新名有限公司）`,
          { name: '示例新名有限公司', former: '示例旧名有限公司' },
        ] as const,
    ),
    ['示例旧名有限公司（拟更名为示例新名有限公司）', { name: '示例旧名有限公司' }],
    ['示例有限公司*', { name: '示例有限公司' }],
    ['★示例有限公司', { name: '示例有限公司' }],
    ['示例有限公司（已注销）△', { name: '示例有限公司', state: '已注销' }],
    ['张*', { name: '张*' }],
    ['示例*公司', { name: '示例*公司' }],
    ['示例企业（有限合伙）', { name: '示例企业（有限合伙）' }],
    ['示例商行（个体工商户）', { name: '示例商行（个体工商户）' }],
    ['示例（河北）建材有限公司', { name: '示例（河北）建材有限公司' }],
    ['示例有限公司（未注销）', { name: '示例有限公司（未注销）' }],
  ] as const)
    t.same(nameIn(text), expected, text)
  for (const name of ['示例有限公司邢台分公司', '示例厂营业部']) t.ok(isBranch(name), name)
  for (const name of ['示例有限公司', '示例分析仪器厂']) t.notOk(isBranch(name), name)
})

t.test('a name of a branch, or of a firm that is no more, is no plain renaming', async (t) => {
  const firm = new Firm([])
  const name = `${firm.dossier.enterprise.name}`
  const row = (named: string) => take(firm, 'enterprise', [{ 统一社会信用代码: USCC, 企业名称: named }])
  t.match(row(`${name}石家庄分公司`), { outcome: 'failed', faults: ['other-name'] })
  t.match(row(`${name}（已注销）`), { outcome: 'failed', faults: ['standing'] })
  t.match(row(name).outcome, /unchanged|updated/)
})

t.test('an industry that is not known keeps no firm out', async (t) => {
  const row = (industry: string) =>
    read('enterprise', { 统一社会信用代码: USCC, 企业名称: '示例有限公司', 行业门类: industry })
  for (const [industry, code] of [
    ['制造业', 'C'],
    ['批发和零售业', 'F'],
    ['批发、零售业', 'F'],
    ['C13 农副食品加工业', 'C13'],
    ['C1411', 'C1411'],
  ] as const)
    t.match(row(industry), { record: { industry: code } }, industry)
  for (const industry of ['农副食品加工业', '其他', 'Z99']) {
    const made = row(industry)
    t.ok('record' in made && made.record.industry === undefined, industry)
    t.match('notes' in made ? made.notes.map(({ detail }) => detail).join() : '', /没有记入/, industry)
  }
})

t.test('what stands in place of a day is said as what it is', async (t) => {
  for (const [text, why] of [
    ['26.5.9', '年份只写了两位'],
    ['26-05-09', '年份只写了两位'],
    ['5年', '一段期限'],
    ['三年', '一段期限'],
    ['15日内', '一段期限'],
    ['2026.5.9-5.12', '一段时间'],
    ['2026-05-09至2026-05-12', '一段时间'],
    ['5月9日', '没有写明年份'],
    ['5.9', '没有写明年份'],
    ['待定', '不是写明年、月、日的日期'],
    ['20265009', '不是存在的日期'],
  ] as const) {
    const made = dayIn(text)
    if ('fault' in made) t.match(made.fault, new RegExp(`^“${text}”.*${why}.*2026-03-02`, 'u'), text)
    else t.equal(text, '20265009', 'eight digits are a day, whose field checks it')
  }
  t.match(dayIn('2026.5.9'), { day: '2026-05-09' })
})
