import t from 'tap'
import { mappingOf, meaningOf, targetsOf } from '../../src/exchange/columns.ts'
import { effectOf, isWanted, reasonKey } from '../../src/exchange/effects.ts'
import { itemsOf } from '../../src/exchange/items.ts'
import { readRow } from '../../src/exchange/row-reading.ts'
import { fieldValue } from '../../src/exchange/values.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import type { Cell } from '../../src/sheets/cell.ts'
import { fileWith, penalty } from '../rating/files.ts'

/** What a row's cells come to, by what each cell is and under which heading it stands. */

function kindNamed(type: string) {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(`no kind ${type}`)
  return kind
}

function columnOf(type: string, field: string) {
  const column = kindNamed(type).columns.find((known) => known.field === field)
  if (!column) throw new Error(`no field ${field}`)
  return column
}

/** A row of these columns, or the codes of what is wrong with it. */
function row(type: string, columns: Readonly<Record<string, Cell>>) {
  const read = readRow(Object.values(columns), mappingOf(Object.keys(columns), kindNamed(type)))
  return 'faults' in read
    ? { faults: read.faults.map(({ code, header }) => `${header ?? ''} ${code}`) }
    : read
}

const number = (digits: string, places?: number): Cell => ({
  is: 'number',
  digits,
  ...(places !== undefined && { places }),
})
const day: Cell = { is: 'date', serial: 46_083, epoch: 1900 }
const yes: Cell = { is: 'boolean', value: true }
const error: Cell = { is: 'error', text: '#N/A!' }
const formula: Cell = { is: 'formula', text: 'A1&B1' }
const USCC = '91130102M000100Y43'

t.test('a code has all its digits, or its row is refused', (t) => {
  for (const [header, cell, came] of [
    ['统一社会信用代码', USCC, { uscc: USCC }],
    ['组织机构代码', 'M000100Y4', { orgCode: 'M000100Y4' }],
    ['组织机构代码', number('123456789'), { orgCode: '123456789' }],
    ['组织机构代码', number('1234567', 9), { orgCode: '001234567' }],
    ['组织机构代码', number('123456789.0'), { orgCode: '123456789' }],
    ['统一社会信用代码', number('9.1130102000012301E+17'), 'digits-lost'],
    ['统一社会信用代码', day, 'not-text'],
    ['统一社会信用代码', error, 'not-text'],
    ['统一社会信用代码', yes, 'not-text'],
    ['统一社会信用代码', formula, 'not-text'],
    ['企业代码', 'M000100Y4', { orgCode: 'M000100Y4' }],
    ['企业代码', USCC, { uscc: USCC }],
    ['企业代码', '不是代码', { uscc: '不是代码' }],
  ] as const) {
    const read = row('enterprise', { [header]: cell, 企业名称: '示例公司' })
    if (typeof came === 'string') t.same(read, { faults: [`${header} ${came}`] }, JSON.stringify(cell))
    else t.same('codes' in read ? read.codes : read, came, JSON.stringify(cell))
  }
  const words = (cell: Cell) => {
    const read = readRow([cell, '甲'], mappingOf(['统一社会信用代码', '企业名称'], kindNamed('enterprise')))
    return 'faults' in read ? read.faults[0]?.detail : ''
  }
  t.match(words(day), /单元格是日期（2026-03-02）/)
  t.match(words(error), /单元格是错误值（#N\/A!）/)
  t.match(words(yes), /单元格是公式或逻辑值（TRUE）/)
  t.end()
})

const told = { 统一社会信用代码: USCC, 处罚决定书文号: '冀罚1号' }

t.test('each kind of cell under each kind of column', (t) => {
  for (const [header, cell, field, came] of [
    ['罚款金额', '20000', 'fine', 20_000],
    ['罚款金额', number('20000'), 'fine', 20_000],
    ['罚款金额', number('20000.000000000004'), 'fine', 20_000],
    ['罚款金额', number('0.0000001'), 'fine', 0.0000001],
    ['罚款金额', number('1e21'), '', '罚款金额 type'],
    ['罚款金额', day, '', '罚款金额 type'],
    ['罚款金额', yes, '', '罚款金额 type'],
    ['罚款金额', error, '', '罚款金额 error-cell'],
    ['罚款金额', { is: 'error', text: '#N/A' }, '', '罚款金额 error-cell'],
    ['罚款金额', '#N/A', '', '罚款金额 error-cell'],
    ['罚款金额', '#VALUE!', '', '罚款金额 error-cell'],
    ['违法行为类型', '#NAME?', '', '违法行为类型 error-cell'],
    ['违法行为类型', '#1 机组无证生产', 'conduct', '#1 机组无证生产'],
    ['罚款金额', '20000.000000000004', 'fine', 20_000],
    ['违法行为类型', "'无证生产", 'conduct', '无证生产'],
    ['违法行为类型', "'三无'产品", 'conduct', "'三无'产品"],
    ['罚款金额', formula, '', '罚款金额 formula'],
    ['处罚决定日期', '2026年3月2日', 'decidedOn', '2026-03-02'],
    ['处罚决定日期', day, 'decidedOn', '2026-03-02'],
    ['处罚决定日期', number('46083'), 'decidedOn', '2026-03-02'],
    ['处罚决定日期', yes, '', '处罚决定日期 date'],
    ['违法行为类型', number('12'), 'conduct', '12'],
    ['违法行为类型', number('12.5'), 'conduct', '12.5'],
    ['违法行为类型', day, 'conduct', '2026-03-02'],
    ['违法行为类型', yes, 'conduct', 'TRUE'],
    ['处罚种类', '罚款', 'types', ['罚款']],
    ['处罚种类', '罚款、警告', 'types', ['罚款', '警告']],
    ['处罚种类', '罚款；警告；罚款', 'types', ['罚款', '警告']],
    ['处罚种类', '罚一点', '', '处罚种类 word'],
    ['处罚种类', '罚款 警告', 'types', ['罚款', '警告']],
    ['处罚种类', '罚 款、警 告', 'types', ['罚款', '警告']],
    ['处罚种类', '罰款；警告。', 'types', ['罚款', '警告']],
  ] as const) {
    const read = row('penalty', { ...told, [header]: cell })
    const said = `${header}: ${JSON.stringify(cell)}`
    if (field === '') t.same(read, { faults: [came] }, said)
    else t.same('record' in read ? read.record[field] : read, came, said)
  }
  const plain = kindNamed('penalty')
  const read = (cell: Cell) => {
    const one = readRow([USCC, cell], mappingOf(['统一社会信用代码', '处罚决定书文号'], plain))
    return 'faults' in one ? one.faults.map(({ code }) => code) : one.record.documentNo
  }
  t.equal(read(number('20260012')), '20260012')
  t.equal(read(number('12', 5)), '00012')
  t.same(read(number('9.1130102000012301E+17')), ['digits-lost'])
  t.equal(read('冀罚1号'), '冀罚1号')
  t.same(read('详见附件'), ['no-number'])
  t.match(readRow([USCC, day], mappingOf(['统一社会信用代码', '罚款金额'], plain)), {
    faults: [{ detail: '罚款金额：单元格是日期（2026-03-02），不是数字。' }],
  })
  t.match(readRow([USCC, yes], mappingOf(['统一社会信用代码', '罚款金额'], plain)), {
    faults: [{ detail: '罚款金额：单元格是逻辑值（TRUE），不是数字。' }],
  })
  t.end()
})

t.test('a list that stands in several columns is put together, each term once', (t) => {
  for (const [first, second, types] of [
    ['罚款', '警告', ['罚款', '警告']],
    ['罚款', '罚款', ['罚款']],
    ['罚款、警告', '警告、没收违法所得', ['罚款', '警告', '没收违法所得']],
    ['罚款', '', ['罚款']],
    ['', '警告', ['警告']],
  ] as const) {
    const read = row('penalty', { ...told, 处罚种类: first, 处罚类别: second })
    t.same('record' in read ? read.record.types : read, types, `${first} ${second}`)
  }
  t.end()
})

t.test('a word that part of a list leaves open is asked', (t) => {
  const asked = (cell: string) => {
    const read = readRow([USCC, cell], mappingOf(['统一社会信用代码', '处罚种类'], kindNamed('penalty')))
    return 'faults' in read ? read.faults.map(({ word }) => word?.word) : 'taken'
  }
  t.same(asked('警告；暂扣或者吊销'), ['暂扣或者吊销'])
  t.same(asked('警告；暂扣或者吊销、罚款'), ['暂扣或者吊销'])
  t.same(asked('警告；没有的种类'), ['没有的种类'])
  t.same(asked('警告、其他（并处、没收）'), ['其他（并处、没收）'], 'a bracket is not cut')
  t.same(asked('警告 没有'), ['警告 没有'])
  t.equal(asked('警告；罚款'), 'taken')
  t.end()
})

t.test('the place beside the county is what the county lies in', (t) => {
  const meant = (...headers: string[]) => targetsOf(headers, kindNamed('enterprise')).map(({ to }) => to)
  t.same(meant('企业名称', '所属地区'), ['record', 'record'])
  t.same(meant('所在市', '所在县区'), ['within', 'record'])
  t.same(meant('所在县区', '所在市'), ['record', 'within'])
  t.same(meant('所在地区', '区县'), ['within', 'record'])
  t.same(meant('行政区划', '辖区'), ['record', 'record'])
  t.same(meant('区县'), ['record'])
  t.same(meant('所在市'), ['record'])
  t.same(meant('区县', '所在县区'), ['record', 'record'], 'of two nobody knows which')
  t.same(meant('所在地市', '城市', '所在县区'), ['within', 'within', 'record'])
  const read = row('enterprise', {
    统一社会信用代码: USCC,
    企业名称: '甲公司',
    所在市: '石家庄市',
    所在县区: '长安区',
  })
  t.match(read, { within: '石家庄市', enterprise: {} })
  t.end()
})

t.test('a column says in words what it is taken for', (t) => {
  for (const [type, header, meaning] of [
    ['penalty', '罚款金额（万元）', '罚款金额（万元，折算为元）'],
    ['penalty', '罚款金额（亿元）', '罚款金额（亿元，折算为元）'],
    ['penalty', '罚款金额（千元）', '罚款金额（10 的 3 次方元，折算为元）'],
    ['penalty', '罚款金额（元）', '罚款金额'],
    ['penalty', '罚款金额', '罚款金额'],
    ['penalty', '罚款金额 单位：万元', '罚款金额（万元，折算为元）'],
    ['penalty', '罚款金额【万元】', '罚款金额（万元，折算为元）'],
    ['penalty', '罰款金額（萬元）', '罚款金额（万元，折算为元）'],
    ['penalty', '统一社会信用代码〔18位〕', '统一社会信用代码'],
    ['penalty', '罚款金额（美元）', null],
    ['penalty', '没有的栏', null],
  ] as const)
    t.equal(meaningOf(targetsOf([header], kindNamed(type))[0]), meaning, header)
  t.end()
})

t.test('items of a sample as one cell writes them', (t) => {
  for (const [together, came] of [
    ['霉菌║220CFU/g║≤25CFU/g', [{ name: '霉菌', measured: '220CFU/g', standard: '≤25CFU/g' }]],
    ['霉菌：220/≤25', [{ name: '霉菌', measured: '220', standard: '≤25' }]],
    ['铅：1mg/kg/2mg/kg', [{ name: '铅', measured: '1mg/kg', standard: '2mg/kg' }]],
    ['霉菌：220', [{ name: '霉菌', measured: '220' }]],
    ['霉菌（220）', [{ name: '霉菌', measured: '220' }]],
    ['霉菌', [{ name: '霉菌' }]],
  ] as const)
    t.same(itemsOf({ together }), came, together)
  for (const [name, measured, came] of [
    ['霉菌', '1、2', [{ name: '霉菌', measured: '1、2' }]],
    [
      '霉菌、酸价',
      '1、2',
      [
        { name: '霉菌', measured: '1' },
        { name: '酸价', measured: '2' },
      ],
    ],
  ] as const)
    t.same(itemsOf({ name, measured }), came, `${name} ${measured}`)
  t.end()
})

t.test('what somebody types into one field is read as an import reads it', (t) => {
  for (const [type, field, text, value] of [
    ['penalty', 'types', '罚款、警告', ['罚款', '警告']],
    ['penalty', 'types', '没有的', ['没有的']],
    ['penalty', 'fine', '20,000', 20_000],
    ['penalty', 'fine', '两万', 20000],
    ['penalty', 'decidedOn', '2026年3月2日', '2026-03-02'],
    ['penalty', 'conduct', '伪造', '伪造'],
    ['enterprise', 'status', '在业', '存续'],
  ] as const)
    t.same(fieldValue(text, columnOf(type, field)), value, `${field} ${text}`)
  t.end()
})

t.test('which rows are shown, by what they do', (t) => {
  const told = { line: 1, changes: [], faults: [], cells: [], key: 'K' }
  const rows = [
    { ...told, outcome: 'added' as const, notes: [], reasons: [] },
    { ...told, outcome: 'updated' as const, notes: ['请核对'], reasons: [] },
    { ...told, outcome: 'failed' as const, notes: [], reasons: ['date:日期'] },
    { ...told, outcome: 'failed' as const, notes: [], reasons: ['date:日期', 'type:金额'] },
    { ...told, outcome: 'unchanged' as const, notes: ['甲', '乙'], reasons: [] },
  ]
  const wanted = (...asked: Parameters<typeof isWanted>) =>
    rows.flatMap((one, i) => (isWanted(...asked)(one) ? [i] : []))
  t.same(wanted(undefined), [0, 1, 2, 3, 4])
  t.same(wanted('added'), [0])
  t.same(wanted('failed'), [2, 3])
  t.same(wanted('noted'), [1, 4])
  t.same(wanted(undefined, 'date:日期'), [2, 3])
  t.same(wanted('failed', 'type:金额'), [3])
  t.equal(reasonKey({ code: 'date', header: '日期' }), 'date:日期')
  t.equal(reasonKey({}), 'invalid:')
  t.end()
})

t.test('what a row changes, before and after', (t) => {
  const dossier = fileWith([penalty('p', '2026-02-02', { fine: 80_000, hearing: true })])
  const draft = (kind: string, payload: unknown) => ({
    ...{ subject: dossier.key, kind, payload, visibility: 'public' as const },
    author: { authority: '省局', officer: '甲' },
  })
  const effect = (kind: string, payload: unknown, file = true) =>
    effectOf(
      { line: 2, cells: ['甲'] },
      {
        outcome: 'updated',
        decisions: [{ key: dossier.key, drafts: [draft(kind, payload)], expect: new Map() }],
        notes: [],
      },
      () => (file ? dossier : undefined),
      kindNamed('penalty'),
    )
  const sum = { label: '罚款金额', before: '80000元', after: '1元' }
  t.match(effect('record.updated', { id: 'p', changes: { fine: 1 } }).changes, [sum])
  t.match(effect('record.updated', { id: 'p', changes: { fine: null } }).changes, [{ ...sum, after: '' }])
  t.match(effect('record.added', { id: 'q', type: 'penalty', data: { fine: 1 } }).changes, [
    { ...sum, before: '' },
  ])
  t.match(effect('record.updated', { id: 'p', changes: { types: ['罚款', '警告'] } }).changes, [
    { label: '处罚种类', before: '罚款', after: '罚款、警告' },
  ])
  t.match(effect('enterprise.changed', { changes: { status: '停业' } }), {
    name: '示例公司',
    changes: [{ label: '经营状态', before: '存续', after: '停业' }],
  })
  t.match(effect('enterprise.changed', { uscc: USCC, changes: {} }).changes, [
    { label: '统一社会信用代码', before: '', after: USCC },
  ])
  t.same(effect('enterprise.opened', { uscc: USCC, data: {} }, false).changes, [])
  t.end()
})

t.test('a date of make or grant is known to the day, the month or the year, as its cell says', (t) => {
  const shown = (serial: number, shows: 'year' | 'month'): Cell => ({
    is: 'date',
    serial,
    epoch: 1900,
    shows,
  })
  const granted = (cell: Cell) =>
    row('award', {
      统一社会信用代码: USCC,
      奖项: '政府质量奖',
      级别: '省级',
      授予机关: '省政府',
      授奖时间: cell,
    })
  for (const [cell, came] of [
    ['2017', '2017'],
    ['2017年', '2017'],
    ['2017年度', '2017'],
    [number('2017'), '2017'],
    ['2021年9月', '2021-09'],
    ['2021年09月份', '2021-09'],
    ['2021.09', '2021-09'],
    ['2021/9', '2021-09'],
    ['202109', '2021-09'],
    [number('202109'), '2021-09'],
    ['二〇一七年', '2017'],
    ['二○二一年九月', '2021-09'],
    ['二〇二一年十二月', '2021-12'],
    ['2021年9月3日', '2021-09-03'],
    [{ is: 'date', serial: 42_979, epoch: 1900 }, '2017-09-01'],
    [shown(42_979, 'month'), '2017-09'],
    // Somebody typed this day, and shows its month.
    [shown(42_990, 'month'), '2017-09-12'],
    [shown(42_736, 'year'), '2017'],
  ] as const)
    t.match(granted(cell), { record: { grantedOn: came } }, JSON.stringify(cell))
  for (const cell of ['2017-13', '2016-2017', '2017—2018年度', '第六届', '2017年上半年', number('2021.1')])
    t.match(granted(cell), { faults: [/^授奖时间 (date|partial-date)$/u] }, JSON.stringify(cell))
  t.match(
    row('inspection', {
      统一社会信用代码: USCC,
      检查类别: '省级监督抽查',
      检查日期: shown(42_979, 'month'),
      检查机关: '省局',
      检查结果: '合格',
    }),
    { faults: ['检查日期 partial-date'] },
    'where a day is needed, none is invented',
  )
  const batch = (header: string, cell: Cell) =>
    row('inspection', {
      统一社会信用代码: USCC,
      检查类别: '省级监督抽查',
      检查日期: '2026-03-01',
      检查机关: '省局',
      检查结果: '合格',
      [header]: cell,
    })
  t.match(batch('生产日期/批号', '2025年9月'), { record: { madeOn: '2025-09', batch: '2025年9月' } })
  t.match(batch('生产日期/批号', '202509'), { record: { madeOn: undefined, batch: '202509' } })
  t.match(batch('生产日期', '202509'), { record: { madeOn: '2025-09' } })
  t.match(
    batch('生产日期', '2026-04'),
    { record: { madeOn: undefined, batch: '2026-04' } },
    'after the sampling',
  )
  t.match(batch('生产日期', '2026-03'), { record: { madeOn: '2026-03' } }, 'in its month')
  t.end()
})

t.test('the year beside a day of grant is passed over', (t) => {
  const headers = ['获奖单位', '年度', '奖项', '级别', '授予机关', '授奖时间']
  t.match(
    targetsOf(headers, kindNamed('award')).map((target) => meaningOf(target)),
    [/.+/, /略过/, '奖励类别', '级别', '授予机关', '授予日期'],
  )
  t.end()
})
