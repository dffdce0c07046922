import t from 'tap'
import { newestFirst, type Order, pageWith, placesCompared, stretchOf } from '../../src/registry/places.ts'

interface Row {
  day: string
  id: string
}

const order: Order<Row> = { placeOf: ({ day, id }) => [day, id], compare: newestFirst }
const row = (text: string): Row => ({ day: text.slice(0, 1), id: text.slice(1) })
const rows = (text: string) => text.split(' ').filter(Boolean).map(row)
const words = (list: readonly Row[]) => list.map(({ day, id }) => day + id).join(' ')
const place = (text: string) => order.placeOf(row(text))

t.test('a stretch stands beside a place, whether or not its row is there still', async (t) => {
  const list = 'e2 e1 d1 c1 b2 b1 a1'
  for (const [after, before, shown, previous, next] of [
    ['', '', 'e2 e1 d1', '', 'd1'],
    ['d1', '', 'c1 b2 b1', 'c1', 'b1'],
    ['b1', '', 'a1', 'a1', ''],
    // What has gone is passed over where it stood.
    ['d0', '', 'c1 b2 b1', 'c1', 'b1'],
    ['c5', '', 'c1 b2 b1', 'c1', 'b1'],
    ['z9', '', 'e2 e1 d1', '', 'd1'],
    // Nothing follows any more.
    ['a1', '', 'b2 b1 a1', 'b2', ''],
    ['a0', '', 'b2 b1 a1', 'b2', ''],
    ['', 'b1', 'd1 c1 b2', 'd1', 'b2'],
    ['', 'b1x', 'd1 c1 b2', 'd1', 'b2'],
    ['', 'd1', 'e2 e1 d1', '', 'd1'],
    ['', 'e2', 'e2 e1 d1', '', 'd1'],
    ['', 'a0', 'b2 b1 a1', 'b2', ''],
  ] as const) {
    const beside = { ...(after && { after: place(after) }), ...(before && { before: place(before) }) }
    const found = stretchOf(rows(list), order, beside, 3)
    const name = `after ${after}, before ${before}`
    t.equal(words(found.rows), shown, name)
    t.same(found.previous, previous === '' ? undefined : place(previous), `${name}: others before`)
    t.same(found.next, next === '' ? undefined : place(next), `${name}: others after`)
    t.equal(found.total, 7)
    t.equal(words(rows(list).slice(0, found.skipped)), list.slice(0, list.indexOf(shown)).trim())
  }
  const none = stretchOf(rows(''), order, { after: place('a1') }, 3)
  t.same(none, { rows: [], total: 0, skipped: 0 })
  const strictly = (after: string) =>
    words(stretchOf(rows(list), order, { after: place(after), strictly: true }, 3).rows)
  t.same(['b2', 'b1', 'a1'].map(strictly), ['b1 a1', 'a1', ''], 'a program takes none twice')
})

t.test(
  'whoever goes on from page to page sees each row that stays once, whatever comes or goes',
  async (t) => {
    const start = rows('f1 e1 d1 c1 b1 a1')
    for (const [what, change] of [
      ['one comes at the top', (list: Row[]) => [row('g1'), ...list]],
      ['one comes between', (list: Row[]) => [...list, row('e5')]],
      ['one comes further down', (list: Row[]) => [...list, row('b5')]],
      ['the one that the page ended with goes', (list: Row[]) => list.filter(({ day }) => day !== 'e')],
      ['one before it goes', (list: Row[]) => list.filter(({ day }) => day !== 'f')],
      ['the next one goes', (list: Row[]) => list.filter(({ day }) => day !== 'd')],
      ['one moves up', (list: Row[]) => list.map((own) => (own.day === 'a' ? row('g1') : own))],
    ] as const) {
      const first = stretchOf(start, order, {}, 2)
      const changed = change(start).sort((a, b) => order.compare(order.placeOf(a), order.placeOf(b)))
      const seen = [...first.rows]
      for (let { next } = first; next; ) {
        const page = stretchOf(changed, order, { after: next }, 2)
        seen.push(...page.rows)
        next = page.next
      }
      const ids = seen.map(({ day, id }) => day + id)
      t.equal(new Set(ids).size, ids.length, `${what}: none twice`)
      const stayed = start.filter((own) => changed.some(({ day, id }) => day === own.day && id === own.id))
      t.same(
        stayed.filter(({ day, id }) => !ids.includes(day + id)),
        [],
        `${what}: none is missed`,
      )
      // And back again, as far as there is anything before.
      const back: Row[] = []
      let page = stretchOf(changed, order, { after: place('c1') }, 2)
      for (let { previous } = page; previous; { previous } = page) {
        page = stretchOf(changed, order, { before: previous }, 2)
        back.unshift(...page.rows)
      }
      const above = words(changed.filter(({ day }) => day >= 'c'))
      t.ok(words(back).startsWith(above.slice(0, 5)), `${what}: back to the first`)
      for (const own of changed.filter(({ day }) => day >= 'c'))
        t.ok(
          back.some(({ day }) => day === own.day),
          `${what}: ${own.day}`,
        )
    }
  },
)

t.test('the page of a row is the one that leafing from the beginning comes to', async (t) => {
  const list = rows('f1 e1 d1 c1 b1')
  for (const [at, begins] of [
    [0, 'f1 e1'],
    [1, 'f1 e1'],
    [2, 'd1 c1'],
    [3, 'd1 c1'],
    [4, 'b1'],
    [99, 'b1'],
  ] as const)
    t.equal(words(stretchOf(list, order, pageWith(list, order, at, 2), 2).rows), begins, `${at}`)
  t.same(pageWith([], order, 3, 2), {})
})

t.test('places are told apart part by part', async (t) => {
  for (const [one, other, way] of [
    [[1], [1], 0],
    [[2], [10], -1],
    [['2'], ['10'], 1],
    [[2], ['1'], -1],
    [['a', 'b'], ['a', 'c'], -1],
    [['a'], ['a', 'b'], -1],
    [['b'], ['a', 'c'], 1],
  ] as const) {
    t.equal(Math.sign(placesCompared(one, other)), way, `${one} ${other}`)
    t.equal(Math.sign(placesCompared(other, one)), way === 0 ? 0 : -way)
  }
})
