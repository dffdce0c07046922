import t from 'tap'
import {
  dayIn,
  dayOfCell,
  dayOfDate,
  dayOfNumber,
  isOpenEnd,
  partialDateIn,
  periodIn,
} from '../../src/exchange/dates.ts'
import { effectOf, inWords, isWanted, reasonKey } from '../../src/exchange/effects.ts'
import { certainFirms, firmId } from '../../src/exchange/matching.ts'
import { haveInCommon } from '../../src/exchange/rows.ts'
import { numberOf, shifted, unitOfHeading } from '../../src/exchange/sums.ts'
import { toldAbove } from '../../src/exchange/titles.ts'
import { fieldValue, isBlank, NUMBERS, understand } from '../../src/exchange/values.ts'
import { licenceByNumber, termsIn, termsOf, termWithin } from '../../src/exchange/words.ts'
import { catalogue, enterprise, kindOf } from '../../src/records/catalogue.ts'
import type { Cell } from '../../src/sheets/cell.ts'
import { Firm, penalty } from '../blacklist/firm.ts'

/** What a cell means, member by member of each list and on either side of each boundary. */

const columnOf = (type: string, field: string) => {
  const column = kindOf(catalogue, type)?.columns.find((known) => known.field === field)
  if (!column) throw new Error(`${type}.${field}`)
  return column
}
const meant = (cell: Cell, type: string, field: string, zeros = 0) => {
  const column = columnOf(type, field)
  return understand(cell, { column, zeros, terms: termsOf(type, column) })
}
const number = (digits: string, places?: number): Cell => ({
  is: 'number',
  digits,
  ...(places !== undefined && { places }),
})

t.test('what says nothing in a cell, and what does', async (t) => {
  for (const blank of [
    ...['', 'N/A', 'NA', 'NULL', 'null', '\\N', '-', '--', '—', '——', '/', '\\', '无', '／', '－', '空'],
    '暂无',
  ])
    t.ok(isBlank(blank), blank)
  for (const text of ['0', ' ', '---', '#N/A', 'n/a', '没有', '无锡']) t.notOk(isBlank(text), text)
})

t.test('a title tells that samples are food', async (t) => {
  const kind = catalogue.kind('inspection')
  if (!kind) throw new Error('no samples')
  for (const [title, area] of [
    ['石家庄市食品安全监督抽检合格信息', '食品'],
    ['2026年第3号食品抽检公告', '食品'],
    ['食品监督抽查结果', '食品'],
    ['2026年食品相关产品质量监督抽查结果', undefined],
    ['石家庄市食品药品监督管理局监督抽查结果', undefined],
    ['电线电缆监督抽查结果', undefined],
  ] as const) {
    const told = (lacks: string[]) =>
      toldAbove(kind, { titles: ['标题', title], sheet: '' }, (label) => lacks.includes(label))
    t.same(told(['产品领域']), area === undefined ? {} : { '产品领域（取自标题：食品）': area }, title)
    t.same(told([]), {}, 'a column of its own goes first')
  }
})

t.test('a title tells what all its rows came to only where it says just that', async (t) => {
  const OUTCOME = '检查结果'
  const STATE = '许可状态'
  const REVIEW = '复议或诉讼结果'
  for (const [type, label, title, value, told = value] of [
    ['inspection', OUTCOME, '2026年电线电缆监督抽查不合格产品名单', '不合格'],
    ['inspection', OUTCOME, '一、抽检不符合规定的产品', '不合格'],
    ['inspection', OUTCOME, '监督抽查合格产品名单', '合格'],
    ['inspection', OUTCOME, '合格、不合格产品名单', undefined],
    ['inspection', OUTCOME, '监督抽查合格率情况', undefined],
    ...[
      '2024年水泥产品监督抽查未发现不合格产品名单',
      '2024年第2期食品监督抽检未检出不合格样品信息',
      '监督抽查无不合格产品企业名单',
      '监督抽查结果（不含不合格产品）',
      '监督抽查结果（不包括不合格产品）',
      '非不合格产品名单',
      '除不合格产品外的名单',
      '没有不合格产品的企业',
      '监督抽查不合格产品整改完成企业名单',
      '监督抽查不合格企业整改验收名单',
      '2023年不合格企业2024年跟踪抽查名单',
      '不合格产品复查合格名单',
      '不合格企业“回头看”检查名单',
      '一、未发现不合格的产品',
    ].map((title) => ['inspection', OUTCOME, title, undefined] as const),
    ['licence', STATE, '关于注销食品生产许可证的公告', '注销'],
    ['licence', STATE, '被撤销生产许可证企业名单', '撤销'],
    ['licence', STATE, '吊销生产许可证企业名单', '吊销'],
    ['licence', STATE, '暂停强制性产品认证证书名单', '暂停'],
    ['licence', STATE, '获证企业名单', undefined],
    ...[
      '获证、注销企业名单',
      '恢复暂停的认证证书',
      '撤销、注销企业名单',
      '拟注销企业名单',
      '未注销的证书',
    ].map((title) => ['licence', STATE, title, title] as const),
    ...['关于撤销行政处罚决定的公告', '撤销行政处罚公示信息', '行政处罚决定撤销名单'].map(
      (title) => ['penalty', REVIEW, title, '撤销', title] as const,
    ),
    ['penalty', REVIEW, '行政处罚信息公示表', undefined],
  ] as const) {
    const kind = catalogue.kind(type)
    if (!kind) throw new Error(`no ${type}`)
    const above = { titles: [title], sheet: '' }
    t.same(
      toldAbove(kind, above, (lacking) => lacking === label),
      value === undefined ? {} : { [`${label}（取自标题：${value}）`]: told },
      title,
    )
    t.same(
      toldAbove(kind, above, () => false),
      {},
      `${title}: a column of its own goes first`,
    )
  }
})

t.test('a cell holds one number, or is asked about', async (t) => {
  for (const [text, count] of [
    ['藁市监罚〔2026〕701号\n藁市监罚〔2026〕702号', 2],
    ['藁市监罚〔2026〕701号、藁市监罚〔2026〕1702号', 2],
    ['藁市监罚〔2026〕703号、704号', 2],
    ['藁市监罚〔2026〕703、704号', 2],
    ['藁市监罚〔2026〕705-706号', 2],
    ['藁市监罚〔2026〕第705号至706号', 2],
    ['N1、N2', 2],
    ['N3\nN4', 2],
    ['N3；N4；N55', 3],
    ['冀XK99-2\n冀XK99-13', 2],
    ['藁市监罚〔2026〕701号', 1],
    ['藁市监罚\n〔2026〕701号', 1],
    ['藁市监罚〔2026〕\n701号', 1],
    ['藁市监罚〔2026〕1-701号', 1],
    ['藁市监罚〔2026〕12-32号', 2],
    ['藁市监罚〔2026〕12-33号', 1],
    ['藁市监罚〔2026〕13-12号', 1],
    ['藁市监罚〔2026〕7 01号', 1],
    ['藁市监〔2026〕罚701-1号', 1],
    ['冀XK13-204-00012', 1],
    ['XK13-204-00012\n（副本1）', 1],
    ['SC10113010200001', 1],
    ['2026-01、A', 1],
  ] as const) {
    const made = meant(text, 'penalty', 'documentNo')
    if (count === 1) t.match(made, { value: text }, text)
    else t.match(made, { code: 'several', fault: new RegExp(`^一格写有 ${count} 个编号（`) }, text)
  }
  for (const [type, field, isAsked] of [
    ['penalty', 'documentNo', true],
    ['licence', 'number', true],
    ['inspection', 'sampleNo', true],
    ['inspection', 'reportNo', false],
    ['inspection', 'noticeNo', false],
    ['inspection', 'planNo', false],
    ['inspection', 'batch', false],
  ] as const)
    t.equal('fault' in meant('B1、B2', type, field), isAsked, field)
})

t.test('what is no number of a document, and what is', async (t) => {
  const numbers = ['documentNo', 'number', 'reportNo', 'sampleNo', 'noticeNo', 'caseNo', 'planNo']
  t.same([...NUMBERS].sort(), [...numbers].sort())
  for (const field of numbers) {
    const type = ['penalty', 'licence', 'inspection', 'interview', 'award'].find((known) =>
      kindOf(catalogue, known)?.columns.some((column) => column.field === field),
    )
    if (type === undefined) t.fail(field)
    else t.match(meant('无', type, field), { code: 'no-number' }, field)
  }
  for (const text of [
    ...[
      '见附件',
      '详见决定书',
      '附件1',
      '附表',
      '略',
      '另行通知',
      '不公开',
      '保密',
      '0',
      '000',
      '空',
      '空白',
    ],
    ...[
      '当场',
      '当场处罚',
      '当场作出',
      '简易程序',
      '口头',
      '口头警告',
      '另附',
      '附后',
      '同上',
      '不详',
      '不明',
    ],
    ...[
      '未知',
      '未填',
      '未编',
      '未编号',
      '无文号',
      '无文书号',
      '无号',
      '无编号',
      '无',
      '没有',
      '暂无文号',
      '暂缺',
    ],
    ...[
      '待补',
      '待补充',
      '后补',
      '待定',
      '待编号',
      '待查',
      '待核实',
      '?',
      '？？',
      'x',
      'XX号',
      '**',
      '＊',
      '×',
    ],
    ...['示罚〔2026〕号', '2026年', '（2026）', '【2026】', '市监罚', '（略）', '无。'],
  ])
    t.match(meant(text, 'penalty', 'documentNo'), { code: 'no-number' }, text)
  for (const text of [
    '1',
    '01',
    '示罚〔2026〕1号',
    '〔1826〕',
    '〔2126〕',
    '示罚〔2026〕十号',
    'A',
    '无1号',
    '见1号',
  ].filter((one) => one !== '见1号'))
    t.same(meant(text, 'penalty', 'documentNo'), { value: text }, text)
  t.same(meant('无', 'penalty', 'conduct'), { value: '无' }, 'of another field')
})

t.test('a cell that is a number, a date, a formula or a fault', async (t) => {
  for (const [cell, field, expected] of [
    [number('123'), 'documentNo', { value: '123' }],
    [number('12', 5), 'documentNo', { value: '00012' }],
    [number('1.5'), 'documentNo', { value: '1.5' }],
    [number('9.1130102E+17'), 'documentNo', { code: 'digits-lost' }],
    [{ is: 'boolean', value: true }, 'conduct', { value: 'TRUE' }],
    [{ is: 'error', text: '#REF!' }, 'conduct', { code: 'error-cell', fault: /#REF!/ }],
    [{ is: 'formula', text: 'A1' }, 'fine', { code: 'formula', fault: /=A1/ }],
    [{ is: 'formula', text: 'A'.repeat(41) }, 'fine', { fault: /=A{40}）/ }],
    [number('20000'), 'fine', { value: 20_000 }],
    [number('0.0000001'), 'fine', { value: 0.000_000_1 }],
    [{ is: 'date', serial: 40_995, epoch: 1900 }, 'fine', { code: 'type', fault: /单元格是日期/ }],
    [{ is: 'boolean', value: true }, 'fine', { code: 'type', fault: /单元格是逻辑值/ }],
    [{ is: 'boolean', value: true }, 'decidedOn', { code: 'date', fault: /不是日期/ }],
    [{ is: 'date', serial: 40_995, epoch: 1900 }, 'decidedOn', { value: '2012-03-27' }],
    ['2012-03-27', 'decidedOn', { value: '2012-03-27' }],
    ['2012-03', 'decidedOn', { code: 'partial-date' }],
  ] as [Cell, string, object][])
    t.match(meant(cell, 'penalty', field), expected, `${field} ${JSON.stringify(cell)}`)
  t.same(meant('2.5', 'penalty', 'fine', 4), { value: 25_000 }, 'in the unit of its heading')
})

t.test('an end that never comes takes the field away, where there may be such', async (t) => {
  for (const [type, field, isEnd] of [
    ['licence', 'validTo', true],
    ['penalty', 'restrictionEndsOn', true],
    ['penalty', 'publicationEndsOn', true],
    ['licence', 'validFrom', false],
    ['licence', 'issuedOn', false],
  ] as const) {
    if (isEnd) t.same(meant('长期', type, field), { value: null }, field)
    else t.match(meant('长期', type, field), { code: 'date' }, field)
  }
  for (const text of [
    ...['长期', '永久', '长期有效', '永久有效', '无固定期限', '无期限', '不限', '无限期', '至今', ' 长 期 '],
    ...['2099-12-31', '2100-01-01', '9999-12-31'],
  ])
    t.ok(isOpenEnd(text), text)
  for (const text of ['2099-12-30', '长期限', '', '有效']) t.notOk(isOpenEnd(text), text)
  t.same(meant('2030-01-01', 'licence', 'validTo'), { value: '2030-01-01' })
})

t.test('industries with their names beside them, fields that somebody types', async (t) => {
  const industry = enterprise.columns.find(({ field }) => field === 'industry')
  for (const [text, code] of [
    ['C 制造业', 'C'],
    ['C3311 金属', 'C3311'],
    ['C:制造业', 'C'],
    ['C、制造业', 'C'],
    ['C制造业', 'C制造业'],
    ['3311 金属', '3311'],
    ['33112 金属', '33112 金属'],
  ] as const)
    t.equal(industry && fieldValue(text, industry), code, text)
  t.equal(fieldValue('2026-3-2', columnOf('penalty', 'decidedOn')), '2026-03-02')
  t.equal(fieldValue('没有这天', columnOf('penalty', 'decidedOn')), '没有这天', 'for its check to name')
  t.equal(fieldValue('长期', columnOf('licence', 'validTo')), '长期', 'a form says nothing of an end by null')
  t.same(fieldValue('罚款、没收', columnOf('penalty', 'types')), ['罚款、没收'])
  t.same(fieldValue('罚款', columnOf('penalty', 'types')), ['罚款'])
})

t.test('each unit of money, with 整 or without, in a cell and in a heading', async (t) => {
  for (const [unit, yuan] of [
    ['百万元', 1_000_000],
    ['亿元', 100_000_000],
    ['万元', 10_000],
    ['千元', 1000],
    ['百元', 100],
    ['元整', 1],
    ['元', 1],
    ['圆', 1],
    ['亿', 100_000_000],
    ['万', 10_000],
  ] as const) {
    t.same(numberOf(`3${unit}`, true, 0), { value: 3 * yuan }, unit)
    t.same(numberOf(`3${unit}`, true, 2), { value: 3 * yuan }, `${unit} goes before the heading's`)
    t.equal(unitOfHeading(unit), String(yuan).length - 1, unit)
    t.equal(unitOfHeading(`单位：${unit}`), String(yuan).length - 1, unit)
    t.match(numberOf(`3${unit}`, false, 0), { code: 'type' }, `${unit}: no sum is asked for`)
  }
  for (const [text, value] of [
    ['人民币贰万元整', 20_000],
    ['贰万元整（￥20,000.00）', 20_000],
    ['20000（大写：贰万元整）', 20_000],
    ['RMB 5', 5],
    ['rmb5', 5],
    ['¥5', 5],
    ['5整', 5],
    ['-5', -5],
    ['1,234', 1234],
    ['1,234,567,890,123', 1_234_567_890_123],
    ['123456789012345', 123_456_789_012_345],
    [`0.5${'0'.repeat(19)}`, 0.5],
  ] as const)
    t.same(numberOf(text, true, 0), { value }, text)
  for (const [text, code] of [
    ['贰万元整（￥30,000.00）', 'contradiction'],
    ['贰万元整（甲）', 'type'],
    ['1234567890123456', 'type'],
    ['1,234,567,890,123,456', 'type'],
    ['0.123456789012345678901', 'type'],
    ['1.', 'type'],
    ['.5', 'type'],
    ['1234,567', 'type'],
    ['--5', 'type'],
  ] as const)
    t.match(numberOf(text, true, 0), { code }, text)
  t.match(numberOf('甲', false, 0), { fault: '“甲”不是数字。' })
  t.match(numberOf('甲', true, 0), { fault: /请只填一个金额/ })
  for (const [digits, zeros, expected] of [
    ['12', 0, '12.0'],
    ['12.3', 0, '12.30'],
    ['12.345', 2, '1234.50'],
    ['0', 3, '0000.0'],
  ] as const)
    t.equal(shifted(digits, zeros), expected)
})

t.test('days of spreadsheets, from the first to the last that can be meant', async (t) => {
  for (const [digits, expected] of [
    ['0', { code: 'date' }],
    ['1', { day: '1900-01-01' }],
    ['1899', { day: '1905-03-13' }],
    ['1900', { code: 'partial-date' }],
    ['2021.09', { code: 'partial-date' }],
    ['2199', { code: 'partial-date' }],
    ['2200', { day: '1906-01-08' }],
    ['109574', { day: '2199-12-31' }],
    ['109575', { code: 'date' }],
    ['20120327', { day: '2012-03-27' }],
    ['201203270', { code: 'date' }],
  ] as const)
    t.match(dayOfNumber({ is: 'number', digits }), expected, digits)
  t.match(dayOfDate({ is: 'date', serial: 40_994 + 2 / 3, epoch: 1900 }), { note: /协调时写出的 2012-03-27/ })
  t.notOk('note' in dayOfDate({ is: 'date', serial: 40_994.5, epoch: 1900 }))
  t.match(dayOfCell('40995'), { code: 'date', fault: /日期序列号（2012-03-27）/ })
  t.match(dayOfCell('4099'), { code: 'partial-date' })
  t.match(dayOfCell('409950'), { fault: /^“409950”不是写明年、月、日的日期/ })
  for (const [text, day] of [
    ['2026-03-01T15:59:59Z', '2026-03-01'],
    ['2026-03-01T16:00:00Z', '2026-03-02'],
    ['2026-03-02T00:00:00+0800', '2026-03-02'],
    ['2026-03-02 00:00:00 +08:00', '2026-03-02'],
    ['Mar 2, 2026', '2026-03-02'],
    ['2-March-2026', '2026-03-02'],
    ['2 dec 2026', '2026-12-02'],
    ['Thu Dec 31 2026', '2026-12-31'],
    ['Thu Jan 01 2026 00:00:00 GMT+0800', '2026-01-01'],
    ['二〇二六年十一月二十日', '2026-11-20'],
  ] as const)
    t.same(dayIn(text), { day }, text)
  t.match(dayIn('2026-13-45T00:00:00Z'), { code: 'date' })
})

t.test('a date of which only the year or the month may be known', async (t) => {
  for (const [cell, expected] of [
    ['2017', { date: '2017' }],
    ['2017年', { date: '2017' }],
    ['2017年度', { date: '2017' }],
    ['2021年9月', { date: '2021-09' }],
    ['2021年9月份', { date: '2021-09' }],
    ['2021.09', { date: '2021-09' }],
    ['202109', { date: '2021-09' }],
    ['2021-12', { date: '2021-12' }],
    ['2021-13', { code: 'date' }],
    ['二〇二一年九月', { date: '2021-09' }],
    ['二〇二一年', { date: '2021' }],
    ['二〇二一', { code: 'date' }],
    ['2026-03-02', { date: '2026-03-02' }],
    [number('2017'), { date: '2017' }],
    [number('2021.09'), { date: '2021-09' }],
    [number('2021.2'), { date: '2021-02' }],
    [number('2021.1'), { code: 'date', fault: /可能是 1 月，也可能是 10 月/ }],
    [number('2021.123'), { code: 'date' }],
    ['2021.1', { date: '2021-01' }],
    [
      { is: 'date', serial: 40_994 + 2 / 3, epoch: 1900 },
      { date: '2012-03-26', note: /协调时/ },
    ],
    ['甲', { code: 'date', fault: /“甲”不是一个日期、年月或者年份/ }],
    ['甲'.repeat(41), { fault: /“甲{40}”/ }],
  ] as [Cell, object][])
    t.match(partialDateIn(cell), expected, JSON.stringify(cell))
  t.notOk('note' in partialDateIn('2026-03-02'))
})

t.test('both ends of a period in one cell', async (t) => {
  for (const [text, period] of [
    ['2024/5/1至2029/4/30', { from: '2024-05-01', to: '2029/4/30' }],
    ['2024年5月1日-2029年4月30日', { from: '2024-05-01', to: '2029年4月30日' }],
    ['自2024-05-01至长期', { from: '2024-05-01', to: '长期' }],
    ['自2024-05-01起至2029-04-30止', { from: '2024-05-01', to: '2029-04-30' }],
    ['2024-05-01到2029-04-30', { from: '2024-05-01', to: '2029-04-30' }],
    ['2024-05-01~2029-04-30', { from: '2024-05-01', to: '2029-04-30' }],
    ['2024-05-01——2029-04-30', { from: '2024-05-01', to: '2029-04-30' }],
    ['2024-05-01--2029-04-30', { from: '2024-05-01', to: '2029-04-30' }],
    ['2024-05-01', undefined],
    ['2024-05-01至甲乙', undefined],
    ['2024-05至2029-04', undefined],
    ['', undefined],
  ] as const)
    t.same(periodIn(text), period, text)
})

t.test('licences told by how their numbers are formed', async (t) => {
  for (const [text, kind] of [
    ['XK13-001-00001', '全国工业产品生产许可证'],
    ['XK13-00100001', '全国工业产品生产许可证'],
    ['（冀）XK13-001-00001', '全国工业产品生产许可证'],
    ['xk 13-001-00001', '全国工业产品生产许可证'],
    ['XK16-001-00001', undefined],
    ['SC10113010200001', '食品生产许可证'],
    ['QS130102000011', '食品生产许可证'],
    ['QS1301020000111', undefined],
    ['SC101130102000011', undefined],
    ['TS2713001-2026', '特种设备生产许可证'],
    ['TS2713001-1926', undefined],
    ['', undefined],
  ] as const)
    t.equal(licenceByNumber(text), kind, text)
})

t.test('words of a list, apart by any mark; the longest word that a text holds', async (t) => {
  const column = columnOf('penalty', 'types')
  const terms = termsOf('penalty', column)
  for (const text of [
    ...[
      '罚款;警告',
      '罚款；警告',
      '罚款|警告',
      '罚款｜警告',
      '罚款\n警告',
      '罚款、警告',
      '罚款,警告',
      '罚款，警告',
    ],
    ...[
      '罚款/警告',
      '罚款+警告',
      '罚款＋警告',
      '罚款 、 警告',
      '罚款、、警告',
      '罚款；警告、罚款',
      '罚款和警告',
    ],
  ])
    t.same(termsIn(text, column, terms), { value: ['罚款', '警告'] }, text)
  t.match(termsIn('罚款、甲乙', column, terms), { word: '甲乙', candidates: [] })
  const kinds = columnOf('licence', 'kind')
  const known = termsOf('licence', kinds)
  for (const [text, term] of [
    ['中华人民共和国全国工业产品生产许可证书', '全国工业产品生产许可证'],
    ['食品生产许可证（副本）', '食品生产许可证'],
    ['甲乙', undefined],
  ] as const)
    t.equal(termWithin(text, known), term, text)
})

t.test('two names have two characters in a row in common, wherever they stand', async (t) => {
  for (const [one, other, isAlike] of [
    ['石家庄甲乙电缆有限公司', '石家庄甲乙丙丁有限公司', true],
    ['石家庄丙甲乙有限公司', '石家庄甲乙丁有限公司', true],
    ['石家庄甲有限公司', '唐山甲有限公司', true],
    ['石家庄甲丙有限公司', '石家庄甲丁有限公司', false],
  ] as const) {
    t.equal(haveInCommon(one, other), isAlike, `${one} ${other}`)
    t.equal(haveInCommon(other, one), isAlike, `${other} ${one}`)
  }
})

t.test('names that are certain, by what they are decided under', async (t) => {
  const firm = (name: string, certainty: 'certain' | 'likely', keys: string[], place?: string) => ({
    ...{ id: firmId({ name, ...(place !== undefined && { place }) }), name, count: 1, certainty, why: '' },
    candidates: keys.map((key) => ({ key, name, uscc: null, status: '存续' })),
  })
  t.same(
    certainFirms([
      firm('甲', 'certain', ['A', 'B']),
      firm('乙', 'likely', ['C']),
      firm('丙', 'certain', []),
      firm('丁', 'certain', ['D'], '石家庄市'),
    ]),
    { 甲: 'A', '丁@石家庄市': 'D' },
  )
})

t.test('which rows are wanted, by what they do and why they fail', async (t) => {
  const row = (outcome: 'added' | 'failed', notes: string[], reasons: string[]) => ({
    ...{ line: 1, outcome, changes: [], notes, faults: [], reasons, cells: [] },
  })
  const rows = [
    row('added', [], []),
    row('added', ['注'], []),
    row('failed', [], ['a:甲']),
    row('failed', [], ['b:乙']),
  ]
  const wanted = (...asked: Parameters<typeof isWanted>) => rows.map(isWanted(...asked))
  t.same(wanted(undefined), [true, true, true, true])
  t.same(wanted('added'), [true, true, false, false])
  t.same(wanted('failed'), [false, false, true, true])
  t.same(wanted('noted'), [false, true, false, false])
  t.same(wanted('failed', 'a:甲'), [false, false, true, false])
  t.same(
    [
      reasonKey({ code: 'a', header: '甲' }),
      reasonKey({ code: 'a' }),
      reasonKey({ header: '甲' }),
      reasonKey({}),
    ],
    ['a:甲', 'a:', 'invalid:甲', 'invalid:'],
  )
})

t.test('what a row does, told field by field', async (t) => {
  const kind = kindOf(catalogue, 'penalty')
  if (!kind) throw new Error('no kind')
  const firm = new Firm([penalty('p', '2026-02-02')])
  const file = (key: string) => (key === firm.dossier.key ? firm.dossier : undefined)
  const row = { line: 3, cells: ['甲', number('5')] }
  const note = { code: 'x', detail: '注' }
  const told = (outcome: Parameters<typeof effectOf>[1], at?: string) =>
    effectOf({ ...row, ...(at !== undefined && { at }) }, outcome, file, kind)
  const decided = (key: string, entry: string, payload: unknown) => ({
    ...{ key, expect: new Map<string, number>() },
    drafts: [
      {
        ...{ subject: key, kind: entry, payload, visibility: 'internal' as const },
        author: { authority: '', officer: '' },
      },
    ],
  })
  const { key } = firm.dossier
  const does = (
    outcome: 'added' | 'updated' | 'opened' | 'proposed',
    entry: string,
    payload: unknown,
    of = key,
  ) =>
    told({ outcome, decisions: [decided(of, entry, payload)], notes: [note] }).changes.map(
      ({ label, before, after }) => `${label}：${before}→${after}`,
    )
  t.match(told({ outcome: 'failed', faults: [{ code: 'a', header: '罚款', detail: '不对' }] }, '表一'), {
    ...{
      line: 3,
      at: '表一',
      outcome: 'failed',
      faults: ['罚款：不对'],
      reasons: ['a:罚款'],
      cells: ['甲', '5'],
    },
    changes: [],
  })
  t.match(told({ outcome: 'failed', faults: [{ header: '罚款', detail: '罚款不对' }] }), {
    faults: ['罚款不对'],
  })
  t.match(told({ outcome: 'unchanged', key, notes: [note] }), { key, name: '示例公司', notes: ['注'] })
  const unknown = told({ outcome: 'unchanged', key: 'X', notes: [] })
  t.same([unknown.key, unknown.name, 'at' in unknown], ['X', undefined, false])
  t.same(does('updated', 'record.updated', { id: 'p', changes: { fine: 7 } }), ['罚款金额：80000元→7元'])
  t.same(does('updated', 'record.updated', { id: 'q', changes: { fine: 7 } }), ['罚款金额：→7元'])
  t.same(does('added', 'record.added', { id: 'n', type: 'penalty', data: { fine: 7 } }), ['罚款金额：→7元'])
  t.same(does('updated', 'enterprise.changed', { changes: { name: '乙' } }), ['企业名称：示例公司→乙'])
  t.same(does('updated', 'enterprise.changed', { uscc: 'U', changes: {} }), ['统一社会信用代码：→U'])
  t.same(does('opened', 'enterprise.opened', { uscc: 'U', data: { name: '乙' } }, 'N'), ['企业名称：→乙'])
  const put = (on: object, input: object) => does('proposed', 'act.proposed', { on, input })
  t.same(put({ id: 'p' }, { data: { fine: 7 } }), ['罚款金额：80000元→7元'])
  t.same(put({}, { enterprise: { name: '乙' } }), ['企业名称：示例公司→乙'])
  t.same(put({}, { uscc: 'U' }), ['统一社会信用代码：→U'])
  t.match(told({ outcome: 'added', decisions: [], notes: [] }), { outcome: 'added', changes: [] })
  const column = columnOf('penalty', 'fine')
  for (const [value, words] of [
    [undefined, ''],
    [null, ''],
    [['罚款', '警告'], '罚款、警告'],
    [true, '是'],
    [false, '否'],
    [0, '0元'],
  ] as const)
    t.equal(inWords(value, column), words)
})
