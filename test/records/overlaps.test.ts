import t from 'tap'
import { shippedActs } from '../../src/acts/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { findPersonalData } from '../../src/records/personal-data.ts'
import { finderOfUnreadable } from '../../src/records/stored.ts'

t.test('findings stand in order, each stretch once, what is proved before what is likely', async (t) => {
  const at = (text: string) => findPersonalData(text).map(({ kind, from, to }) => [kind, from, to])
  t.same(at('电话13812345678，身份证11010519491231002X'), [
    ['mobile-number', 2, 13],
    ['identity-number', 17, 35],
  ])
  t.same(at('身份证11010519491231002X，电话13812345678'), [
    ['identity-number', 3, 21],
    ['mobile-number', 24, 35],
  ])
  t.same(at('家庭住址：赵县某村5号，身份证11010519491231002X'), [
    ['home-address', 4, 11],
    ['identity-number', 15, 33],
  ])
  t.same(
    at('住址：11010519491231002X号院3号楼2单元501室').map(([kind]) => kind),
    ['identity-number'],
    'an identity number within an address',
  )
  t.same(at('11010519491231002X、130102198503070005').length, 2, 'two of one kind')
})

t.test('which stored values a field can be read from, by its type', async (t) => {
  const columns = shippedActs.flatMap((act) => act.columns)
  const ofType = (type: string) => {
    const found =
      columns.find((column) => column.type === type) ??
      catalogue.kinds.flatMap((kind) => kind.columns).find((column) => column.type === type)
    if (!found) throw new Error(`no column of type ${type}`)
    return found
  }
  const values: readonly [string, unknown][] = [
    ['words', '甲'],
    ['a day', '2026-03-02'],
    ['a day that is none', '2026-02-30'],
    ['a number', 1],
    ['yes', true],
    ['words in a list', ['甲']],
    ['numbers in a list', [1]],
    ['a list of both', ['甲', 1]],
    ['members', { a: 1 }],
    ['null', null],
  ]
  for (const [type, readable] of [
    ['text', ['words', 'a day', 'a day that is none']],
    ['choice', ['words', 'a day', 'a day that is none']],
    ['date', ['a day']],
    ['number', ['a number']],
    ['boolean', ['yes']],
    ['list', ['words in a list']],
    ['patch', ['words in a list', 'numbers in a list', 'a list of both', 'members']],
    ['document', ['words in a list', 'numbers in a list', 'a list of both', 'members']],
  ] as const) {
    const column = { ...ofType(type), required: false }
    const finder = finderOfUnreadable([column])
    t.same(
      values.filter(([, value]) => finder({ [column.field]: value }).length === 0).map(([said]) => said),
      readable,
      type,
    )
    t.same(finder({}), [], `${type}, not there`)
    t.same(finder({ [column.field]: undefined }), [], `${type}, undefined`)
    t.equal(finderOfUnreadable([{ ...column, required: true }])({}).length, 1, `${type}, required`)
  }
})
