import t from 'tap'
import { candidatesOf } from '../../src/blacklist/candidates.ts'
import { isHeavier, meetsGround, ruleSet, ruleSets } from '../../src/blacklist/rule-set.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { penaltyTypes } from '../../src/records/penalty.ts'
import { fileWith, penalty } from '../rating/files.ts'

const TODAY = '2026-11-24'
const order44 = ruleSet('order-44')
if (!order44) throw new Error('no rules')
const HEAVIER: ReadonlySet<string> = new Set([
  '降低资质等级',
  '吊销许可证件',
  '吊销营业执照',
  '限制开展生产经营活动',
  '责令停产停业',
  '责令关闭',
  '限制从业',
])
const UNSAFE = '生产、销售不符合健康安全标准的产品'

/** The grounds of Order 44 that a penalty meets. */
const met = (more: RecordData, decidedOn = '2026-03-01', rules = order44) => {
  const [record] = fileWith([penalty('p', decidedOn, more)]).records
  return rules.grounds.filter((ground) => record && meetsGround(record, ground, TODAY)).map(({ id }) => id)
}
const isMet = (more: RecordData, decidedOn?: string) =>
  met({ category: UNSAFE, ...more }, decidedOn).includes('unsafe-product')

t.test('which types of penalty are heavier, member by member', async (t) => {
  for (const type of penaltyTypes) {
    t.equal(isMet({ types: [type], severity: undefined }), HEAVIER.has(type), type)
    t.equal(isMet({ types: ['警告', type], severity: undefined }), HEAVIER.has(type), `警告、${type}`)
    t.equal(isHeavier({ types: [type] }, order44), HEAVIER.has(type), type)
    t.equal(isHeavier({ types: [type], severity: '严重' }, order44), type !== '警告', `${type}, grave`)
    t.equal(
      isHeavier({ types: ['警告', type], severity: '一般' }, order44),
      HEAVIER.has(type),
      `警告、${type}`,
    )
  }
})

t.test('a fine only where it was marked, a mere warning never, nothing from before the order', async (t) => {
  for (const [severity, is] of [
    [undefined, false],
    ['较轻', false],
    ['一般', false],
    ['较重', true],
    ['严重', true],
  ] as const) {
    t.equal(isMet({ types: ['罚款'], severity }), is, `罚款 ${severity}`)
    t.equal(isMet({ types: ['警告'], severity }), false, `警告 ${severity}`)
  }
  const closed = { types: ['责令关闭'] }
  t.equal(isMet(closed, '2021-08-31'), false, 'the day before')
  t.equal(isMet(closed, '2021-09-01'), true, 'the day on which it came into force')
  t.equal(isMet({ ...closed, procedure: '简易程序' }), false)
  t.equal(isMet({ ...closed, procedure: undefined }), false, 'not known is not ordinary')
  t.equal(isMet({ ...closed, reviewOutcome: '撤销' }), false)
  t.equal(isMet({ ...closed, reviewOutcome: '维持' }), true)
})

t.test('the term that the officer chose says which ground, never words', async (t) => {
  const closed = { types: ['责令关闭'] }
  t.same(met({ ...closed, category: UNSAFE, conduct: '未伪造标志' }), ['unsafe-product'])
  t.same(met({ ...closed, category: '公告后复查仍不合格' }), ['failed-again'])
  t.same(met({ ...closed, category: '其他违法行为', conduct: '伪造认证标志' }), [])
  t.same(met(closed), [], 'where none was chosen there is none to choose from')
  const older = ruleSet('order-44', 2)
  t.equal(older && met(closed, undefined, older).length, 5, 'cases under the version before keep theirs')
})

t.test('every ground, type of penalty by type and degree by degree', async (t) => {
  const categories: readonly [category: string | undefined, ground: string | undefined][] = [
    [UNSAFE, 'unsafe-product'],
    ['无证生产经营', 'unlicensed'],
    ['伪造、冒用标志或者证号', 'forged-marks'],
    ['拒绝、逃避检查或者销售被责令停售的产品', 'evasion'],
    ['公告后复查仍不合格', 'failed-again'],
    ['其他违法行为', undefined],
    [undefined, undefined],
  ]
  for (const [category, ground] of categories)
    for (const type of penaltyTypes)
      for (const severity of [undefined, '较轻', '一般', '较重', '严重'])
        for (const decidedOn of ['2021-08-31', '2021-09-01']) {
          const counts =
            decidedOn === '2021-09-01' &&
            type !== '警告' &&
            (HEAVIER.has(type) || severity === '较重' || severity === '严重')
          const all = [ground]
          t.same(
            met({ category, types: [type], severity }, decidedOn),
            counts ? all.filter((id) => id !== undefined) : [],
            `${category} ${type} ${severity} ${decidedOn}`,
          )
        }
})

t.test('cases keep the version that they began under; new ones begin under the last', async (t) => {
  t.equal(ruleSet('order-44', 1)?.version, 1)
  t.same(
    ruleSets.map(({ id, version }) => [id, version]),
    [
      ['order-44', 3],
      ['aqsiq', 2],
    ],
  )
})

t.test('a second offence on the same ground is a candidate beside the first listing', async (t) => {
  const file = fileWith([penalty('p', '2026-03-01', { category: UNSAFE, types: ['责令关闭'] })], {
    from: '2026-05-01',
  })
  t.match(candidatesOf(file, TODAY, ruleSets), [{ penalty: 'p' }])
})
