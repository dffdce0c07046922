import t from 'tap'
import type { FileRecord } from '../../src/dossier/dossier.ts'
import { perBlock } from '../../src/dossier/per-record.ts'

const record = (n: number): FileRecord => ({
  id: `r${n}`,
  type: 'inspection',
  data: { n },
  addedAt: '2026-01-01T00:00:00.000Z',
  corrections: [],
  made: { authority: '甲局', officer: '张' },
})

/** Ids with what is given, and how many records were looked at for them. */
function counted() {
  let looked = 0
  const ids = perBlock((records, given: string) => {
    looked += records.length
    return records.map(({ id, data }) => `${given}${id}/${data.n}`)
  })
  return (records: readonly FileRecord[], given = '') => {
    looked = 0
    return { ids: ids(records, given).flat(), looked }
  }
}

const whole = (records: readonly FileRecord[], given = '') =>
  records.map(({ id, data }) => `${given}${id}/${data.n}`)

t.test('what follows from records is computed anew where a record is another', async (t) => {
  const of = counted()
  for (const size of [0, 1, 63, 64, 65, 128, 200]) {
    const records = Array.from({ length: size }, (_, n) => record(n))
    t.same(of(records), { ids: whole(records), looked: size }, `${size} records`)
    t.same(of(records.slice()), { ids: whole(records), looked: 0 }, `${size} records again`)
    const more = [...records, record(size)]
    t.same(of(more), { ids: whole(more), looked: (size % 64) + 1 }, `one after ${size}`)
    for (const at of new Set([0, 63, 64, size - 1].filter((at) => at >= 0 && at < size))) {
      of(records.slice())
      const changed = records.with(at, { ...record(at), data: { n: -1 } })
      const block = Math.min(64, size - (at - (at % 64)))
      t.same(of(changed), { ids: whole(changed), looked: block }, `number ${at} of ${size} changed`)
      const fewer = records.toSpliced(at, 1)
      t.same(of(fewer).ids, whole(fewer), `number ${at} of ${size} gone`)
    }
  }
})

t.test('it is computed anew for another that is given beside', async (t) => {
  const of = counted()
  const records = Array.from({ length: 70 }, (_, n) => record(n))
  t.equal(of(records, 'a').looked, 70)
  t.same(of(records, 'b'), { ids: whole(records, 'b'), looked: 70 })
  t.equal(of(records, 'b').looked, 0)
})

t.test('two that compute over the same records do not take each other’s', async (t) => {
  const [one, other] = [counted(), counted()]
  const records = [record(1), record(2)]
  t.same(one(records, '1').ids, whole(records, '1'))
  t.same(other(records, '2').ids, whole(records, '2'))
})
