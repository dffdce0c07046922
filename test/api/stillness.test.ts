import t from 'tap'
import { stillness } from '../../src/api/stillness.ts'

t.test('what lags and does not move for half a minute stands still', async (t) => {
  let now = 0
  const isStill = stillness(() => now)
  const at = (time: number, reached: number, lag: number) => {
    now = time
    return isStill(reached, lag)
  }
  t.equal(at(0, 10, 3), false)
  t.equal(at(29_999, 10, 5), false, 'a millisecond before')
  t.equal(at(30_000, 10, 5), true)
  t.equal(at(30_001, 11, 5), false, 'it moved')
  t.equal(at(60_000, 11, 5), false)
  t.equal(at(60_001, 11, 5), true)
  t.equal(at(60_002, 16, 0), false, 'it has come to the end')
  t.equal(at(200_000, 16, 0), false, 'and there it may stay')
  t.equal(at(200_001, 16, 1), false, 'something came only now')
  t.equal(at(230_001, 16, 1), true)
})
