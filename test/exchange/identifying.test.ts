import t from 'tap'
import { mappingOf } from '../../src/exchange/columns.ts'
import { readRow } from '../../src/exchange/row-reading.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import type { Cell } from '../../src/sheets/cell.ts'

/** What tells a thing apart, and what it is called: nothing is guessed from what is left of either. */

const read = (
  type: string,
  row: Record<string, Cell>,
  answers: Record<string, Record<string, string[]>> = {},
) => {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(type)
  return readRow(Object.values(row), mappingOf(Object.keys(row), kind, answers))
}
const uscc = { 统一社会信用代码: '91350100M000100Y43' }
const sample = { ...uscc, 产品名称: '示例糕', 检查结果: '合格' }
const licence = { ...uscc, 许可类别: 'CCC', 发证机关: '示例局', 发证日期: '2025-03-10' }

t.test('a number that a spreadsheet has shortened or made a day is refused, in every column', async (t) => {
  for (const cell of ['2.01601E+15', '1.2E+12', '1.2e+12', '２.０１６E+15', '9E+12'])
    for (const [type, row] of [
      ['licence', { ...licence, 许可证编号: cell }],
      ['inspection', { ...sample, 抽样编号: cell }],
      ['inspection', { ...sample, 检验报告编号: cell }],
      ['inspection', { ...sample, 批号: cell }],
    ] as const)
      t.match(
        read(type, row),
        { faults: [{ code: 'digits-lost', value: cell }] },
        `${cell} ${Object.keys(row)}`,
      )
  for (const cell of [
    '5月3日',
    '12月31日',
    '3-May',
    'May-03',
    { is: 'date', serial: 46145, epoch: 1900 },
  ] as const)
    t.match(
      read('inspection', { ...sample, 抽样编号: cell }),
      { faults: [{ code: 'digits-lost' }] },
      JSON.stringify(cell),
    )
  for (const cell of ['GC2605E12', '2026E15', '1E12', 'XK06-001', '5-3', '2026-05-03', 'May-3-1', '2.5'])
    t.ok('record' in read('inspection', { ...sample, 抽样编号: cell }), cell)
  t.ok('record' in read('inspection', { ...sample, 批号: '5月3日' }), 'a batch may be a day')
})

t.test('what says nothing by itself is answered for with what it is said of', async (t) => {
  const row = (name: string) => ({ ...licence, 许可证编号: 'N1', 许可类别: '普通', 许可证书名称: name })
  const answered = { kind: { 普通: ['食品生产许可证'], '普通（药品生产许可证）': ['其他许可'] } }
  t.match(read('licence', row('药品生产许可证')), {
    faults: [{ word: { field: 'kind', word: '普通（药品生产许可证）' } }],
  })
  t.match(read('licence', row('药品生产许可证'), answered), { record: { kind: '其他许可' } })
  t.match(read('licence', row('食品生产许可证'), answered), { record: { kind: '食品生产许可证' } })
  t.match(read('licence', row('食品经营许可证'), answered), {
    faults: [{ word: { word: '普通（食品经营许可证）' } }],
  })
  t.match(read('licence', row('特种设备生产许可证（压力容器）'), answered), {
    record: { kind: '特种设备生产许可证' },
  })
  t.match(read('licence', row(''), answered), { record: { kind: '食品生产许可证' } })
  t.match(read('licence', row('')), { faults: [{ word: { word: '普通' } }] })
})

t.test('an award that was taken away or not given yet is no honour', async (t) => {
  const row = (kind: string, more: Record<string, string> = {}) => ({
    ...uscc,
    奖项: kind,
    级别: '省',
    授予机关: '河北省人民政府',
    年度: '2015',
    ...more,
  })
  for (const kind of ['河北省名牌产品（已撤销）', '河北省优质产品（已取消）', '河北省著名商标（被撤销）'])
    t.match(read('award', row(kind)), { faults: [{ code: 'taken-away', header: '奖项', value: kind }] }, kind)
  for (const kind of ['省政府质量奖（初选）', '河北省政府质量奖(拟授奖)', '河北省名牌产品（公示）'])
    t.match(read('award', row(kind)), { faults: [{ code: 'not-given', header: '奖项' }] }, kind)
  t.match(read('award', row('河北省名牌产品', { 备注: '2018年因质量问题撤销称号' })), {
    faults: [{ code: 'taken-away', header: '备注' }],
  })
  t.match(read('award', row('河北省名牌产品（已撤销）', { 撤销日期: '2018-03-02' })), {
    record: { kind: '河北名牌产品', revokedOn: '2018-03-02' },
  })
  for (const more of [{}, { 备注: '未撤销' }, { 备注: '三年有效' }])
    t.match(read('award', row('河北省名牌产品', more)), { record: { kind: '河北名牌产品' } })
  const again = read('award', row('河北省名牌产品（复评）'))
  t.match(again, { record: { kind: '河北名牌产品' } })
  t.match('notes' in again ? again.notes.map(({ detail }) => detail).join() : '', /括号中的“复评”/)
})
