import t from 'tap'
import type { RecordData } from '../../src/records/kind.ts'
import { cancellationClocks } from '../../src/supervision/cancellations.ts'
import { about, Story, updated } from '../consequences/files.ts'
import { licence, type TestRecord } from '../rating/files.ts'

/** Which licences are to be cancelled (注销), by whom and since when: 行政许可法 art. 70. */

const ON = '2026-06-01'
/** The clocks of a file whose last entry is of a day. */
function clocks(records: readonly TestRecord[], on = ON, status = '存续') {
  const story = new Story(records)
  if (status !== '存续') story.happens(on, about('enterprise.changed', { changes: { status } }))
  const events = story.dossier.events.map((event) => ({ ...event, at: `${on}T02:00:00.000Z` }))
  const own = story.dossier.records.map((record) => ({ ...record, addedAt: '2024-01-10T02:00:00.000Z' }))
  return cancellationClocks({ ...story.dossier, events, records: own })
}
const told = (records: readonly TestRecord[], on?: string, status?: string) =>
  clocks(records, on, status).map(({ about: id, dueOn, consequence }) => [
    id,
    dueOn,
    consequence.split('，')[0],
  ])

t.test('of a firm that exists no more, revoked or lapsed: the day before, on, after', async (t) => {
  const lost = { status: '吊销', statusChangedOn: '2026-03-02' }
  const revoked = [['l', '2026-03-09', '许可已被吊销']]
  const gone = [['l', '2026-06-08', '企业已注销']]
  const lapsed = [['l', '2026-06-08', '许可有效期届满未延续']]
  for (const [said, more, status, expected] of [
    ['holds', {}, '存续', []],
    ['the firm is at rest', {}, '停业', []],
    ['the firm lost its business licence', {}, '吊销', []],
    ['the firm is gone', {}, '注销', gone],
    ['a changed one', { status: '变更' }, '注销', gone],
    ['a revoked one', lost, '注销', gone],
    ['one that is cancelled', { status: '注销' }, '注销', []],
    ['a certificate', { kind: '强制性产品认证' }, '注销', []],
    ['revoked', lost, '存续', revoked],
    ['taken back', { ...lost, status: '撤销' }, '存续', [['l', '2026-03-09', '许可已被撤销']]],
    ['revoked on no day: from its entry', { status: '吊销' }, '存续', [['l', '2024-01-17', '许可已被吊销']]],
    ['its last day', { validTo: ON }, '存续', []],
    ['the day after', { validTo: '2026-05-31' }, '存续', [['l', '2026-06-05', '许可有效期届满未延续']]],
    [
      'lapsed while suspended',
      { status: '暂停', validTo: '2026-05-31' },
      '存续',
      [['l', '2026-06-05', '许可有效期届满未延续']],
    ],
    ['said to have lapsed', { status: '过期', validTo: ON }, '存续', lapsed],
    ['lapsed the day before it was entered', { validTo: '2024-01-09' }, '存续', []],
    [
      'lapsed on the day of its entry',
      { validTo: '2024-01-10' },
      '存续',
      [['l', '2024-01-17', '许可有效期届满未延续']],
    ],
    ['revoked before it was entered', { status: '吊销', statusChangedOn: '2024-01-09' }, '存续', []],
    ['of no end', { validTo: undefined }, '存续', []],
  ] as [string, RecordData, string, string[][]][])
    t.same(told([licence('l', more)], ON, status), expected, said)
  const [clock] = clocks([licence('l', lost)])
  t.match(clock, { what: 'licenceCancellation', authority: '省局', certain: false, subject: '电线电缆' })
  t.match(clock?.consequence, /第七十条.*更新许可状态为“注销”/)
})

t.test('one that was renewed goes on under its number', async (t) => {
  const old = licence('a', { number: 'XK-1', validTo: '2026-05-31' })
  const next = (more: RecordData = {}) => licence('b', { number: 'xk－1', validTo: '2031-05-31', ...more })
  t.same(told([old, next()]), [])
  t.same(told([old, next({ validTo: undefined })]), [])
  t.same(told([old, next({ number: 'XK-2' })]).length, 1, 'another number')
  t.same(told([old, next({ validTo: '2026-05-31' })]).length, 2, 'that ends no later')
  t.same(told([old, next({ status: '吊销', statusChangedOn: ON })]).length, 2, 'that was lost')
})

t.test('once it is cancelled it is asked for no more, and is remembered as revoked', async (t) => {
  const story = new Story([licence('l', { status: '吊销', statusChangedOn: '2026-03-02' })])
  t.equal(cancellationClocks(story.dossier).length, 1)
  story.happens('2026-06-02', updated('l', { status: '注销', statusChangedOn: '2026-06-02' }))
  t.same(cancellationClocks(story.dossier), [])
  t.match(story.dossier.records[0]?.revoked, { status: '吊销', on: '2026-03-02' })
})
