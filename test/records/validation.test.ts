import t from 'tap'
import { enterprise } from '../../src/records/catalogue.ts'
import { inspection } from '../../src/records/inspection.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { licence } from '../../src/records/licence.ts'
import { penalty } from '../../src/records/penalty.ts'
import { validate } from '../../src/records/validate.ts'
import { licenceOf, penaltyOf } from '../support.ts'

const TODAY = '2026-11-24'

function faultsOf(kind: RecordKind, data: unknown): string[] {
  const result = validate(kind, data, TODAY)
  return result.ok ? [] : result.faults.map(({ field, code }) => `${field} ${code}`)
}

t.test('faults name the field, in Chinese, all at once', async (t) => {
  const result = validate(licence, { kind: '没有这种', issuedOn: '2026-02-30', extra: 1 }, TODAY)
  t.notOk(result.ok)
  if (result.ok) return
  t.same(
    new Set(result.faults.map(({ field }) => field)),
    new Set(['kind', 'number', 'authority', 'issuedOn', 'extra']),
  )
  for (const { detail } of result.faults) t.match(detail, /[\u4e00-\u9fff]/)
})

t.test('dates', async (t) => {
  const base = licenceOf('1').data
  t.same(faultsOf(licence, base), [])
  t.same(faultsOf(licence, { ...base, issuedOn: '2026-11-25' }), ['issuedOn future-date'])
  t.same(faultsOf(enterprise, { name: '示例公司', establishedOn: '1903-01-01' }), [])
  t.same(faultsOf(licence, { ...base, validTo: '2023-01-01' }), ['validTo before-start'])
  t.same(faultsOf(licence, { ...base, issuedOn: '2023-02-29' }), ['issuedOn date'])
  const words = (issuedOn: string) => {
    const result = validate(licence, { ...base, issuedOn }, TODAY)
    return result.ok ? [] : result.faults.map(({ detail }) => detail)
  }
  t.match(words('2023-02-29'), [/不是存在的日期/])
  t.match(words('2023/2/3'), [/日期请写成“2026-03-02”的格式/])
  t.same(faultsOf(enterprise, { name: '示例公司', establishedOn: '2030-01-01' }), [
    'establishedOn future-date',
  ])
})

t.test('text', async (t) => {
  const named = (name: unknown) => faultsOf(enterprise, { name })
  t.same(named('示例公司'), [])
  t.same(named('字'.repeat(201)), ['name too-big'])
  t.same(named('示例\u0007公司'), ['name control-character'])
  t.same(named('示例\ud800公司'), ['name malformed'])
  for (const mark of [
    '\ufff9',
    '\ufffb',
    '\ufffe',
    '\ufdd0',
    '\u{1ffff}',
    '\u{e0000}',
    '\u{e0041}',
    '\u{e007f}',
  ])
    t.same(faultsOf(penalty, { ...penaltyOf('1号').data, conduct: `生产${mark}不合格产品` }), [
      'conduct control-character',
    ])
  for (const spelt of ['_x0039_', '_x202E_', '_x0000_', '_xd800_', '_x005F_', '_X0039_'])
    t.same(named(`示例${spelt}公司`), ['name cell-escape'], spelt)
  for (const ordinary of ['_x039_', 'x0039_', '_x0039', '_x00G9_', '_x00391_'])
    t.same(named(`示例${ordinary}公司`), [], ordinary)
  const numbered = (number: string) => faultsOf(licence, { ...licenceOf('1号').data, number })
  t.same(numbered('许＿ｘ００３９＿'), ['number cell-escape'], 'a number is judged as it is stored')
  t.same(numbered('许_x0039_'), ['number cell-escape'], 'and once')
  t.same(named('   '), ['name too-small'])
  t.same(named(7), ['name type'])
  t.same(named('负责人 11010519491231002X'), ['name identity-number'])
  t.same(
    named('编号 110105194912310021'),
    [],
    'eighteen digits whose check digit is wrong are no ID-card number',
  )
})

t.test('how fields fit together', async (t) => {
  const base = { kind: '省级监督抽查', inspectedOn: '2026-10-01', authority: '省局', outcome: '合格' }
  t.same(faultsOf(inspection, { ...base, itemsInspected: 3, itemsFailed: 4, outcome: '不合格' }), [
    'itemsFailed more-than-inspected',
  ])
  t.same(faultsOf(inspection, { ...base, itemsInspected: 3, itemsFailed: 1 }), ['outcome contradiction'])
  t.same(faultsOf(inspection, { ...base, deliveredOn: '2026-09-30' }), ['deliveredOn before-start'])
  t.same(faultsOf(penalty, { ...penaltyOf('1号').data, fine: -1 }), ['fine too-small'])
  t.same(faultsOf(penalty, { ...penaltyOf('1号').data, fine: 1.234 }), ['fine money'])
  t.same(faultsOf(penalty, { ...penaltyOf('1号').data, types: ['罚款', '罚款'] }), ['types repeated'])
})

t.test('what is stored is tidy', async (t) => {
  const result = validate(enterprise, { name: ' 示例公司 ', region: '石家庄市', industry: 'c3011' }, TODAY)
  t.match(result, {
    ok: true,
    data: { name: '示例公司', region: '130100', industry: 'C3011', status: '存续' },
  })
})
