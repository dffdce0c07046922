import t from 'tap'
import { lineOf, risen } from '../../scripts/soak/samples.ts'

const samplesOf = (values: readonly number[]) =>
  values.map((value, i) => ({ at: i * 60, values: { bytes: value } }))

t.test('a line is fitted through what was measured', async (t) => {
  const line = lineOf(samplesOf([10, 12, 14, 16]), 'bytes')
  t.same(line, { from: 10, to: 16, perHour: 120, mean: 13 })
  t.equal(lineOf(samplesOf([10, 12]), 'bytes'), undefined, 'two points say nothing')
  t.equal(lineOf(samplesOf([1, 2, 3]), 'other'), undefined)
})

t.test('what rises by no more than it may has not grown', async (t) => {
  const rising = lineOf(samplesOf([100, 110, 120]), 'bytes')
  if (!rising) throw new Error('no line')
  t.equal(risen(rising, { by: 20, share: 0 }), undefined, 'exactly as much')
  t.equal(risen(rising, { by: 19, share: 0 }), 'rose by 20.0, where 19.0 is allowed')
  t.equal(risen(rising, { by: 0, share: 0.2 }), undefined, 'or as large a share')
  const falling = lineOf(samplesOf([120, 110, 100]), 'bytes')
  t.equal(falling && risen(falling, { by: 0, share: 0 }), undefined)
})
