import t from 'tap'
import { WatchedClock } from '../../src/calendar/clock.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** A machine whose clock can be set while time passes. */
function machine() {
  const at = { wall: Date.parse('2026-11-24T02:00:00Z'), monotonic: 0 }
  return {
    sources: { wall: () => at.wall, monotonic: () => at.monotonic },
    pass(ms: number) {
      at.wall += ms
      at.monotonic += ms
    },
    set(by: number) {
      at.wall += by
    },
  }
}

t.test('a small step is followed, a jump is not until somebody accepts it', async (t) => {
  const { sources, pass, set } = machine()
  const clock = new WatchedClock(sources)
  const said = () => clock.now().toISOString()
  pass(DAY)
  t.equal(said(), '2026-11-25T02:00:00.000Z')
  set(5 * MINUTE)
  t.equal(said(), '2026-11-25T02:05:00.000Z', 'five minutes')
  t.equal(clock.jump, undefined)
  set(5 * MINUTE + 1)
  t.equal(said(), '2026-11-25T02:05:00.000Z', 'and a millisecond more')
  t.equal(clock.jump, 5 * MINUTE + 1)
  pass(MINUTE)
  t.equal(said(), '2026-11-25T02:06:00.000Z', 'what is believed goes on')
  set(365 * DAY)
  pass(MINUTE)
  t.equal(said(), '2026-11-25T02:07:00.000Z')
  clock.accept()
  t.equal(clock.jump, undefined)
  t.equal(said().slice(0, 4), '2027')
  set(-DAY)
  t.equal(clock.jump, -DAY, 'set back it is doubtful too')
  t.equal(said().slice(0, 10), '2027-11-24', 'and nothing is said to be later than the machine says')
  set(DAY)
  t.equal(clock.jump, undefined, 'set right it is right again')
})

t.test('small steps of one day count together, those of another do not', async (t) => {
  for (const sign of [1, -1]) {
    const { sources, pass, set } = machine()
    const clock = new WatchedClock(sources)
    const words = sign > 0 ? 'forwards' : 'backwards'
    set(sign * 2 * MINUTE)
    t.equal(clock.jump, undefined, words)
    pass(DAY - 1)
    set(sign * 3 * MINUTE)
    t.equal(clock.jump, undefined, `five minutes in all, ${words}`)
    set(sign)
    t.equal(clock.jump, sign * (5 * MINUTE + 1), `a millisecond more in all, ${words}`)
    set(-sign)
    t.equal(clock.jump, undefined, 'set right it is right again')
    pass(1)
    t.equal(clock.jump, undefined)
    set(sign * 5 * MINUTE)
    t.equal(clock.jump, undefined, `a day later others may be made, ${words}`)
    set(sign)
    t.equal(clock.jump, sign * (5 * MINUTE + 1))
    clock.accept()
    set(sign * 5 * MINUTE)
    t.equal(clock.jump, undefined, 'what was accepted counts no more')
  }
})

t.test('a clock that is pushed on step by step is believed no further than the bound', async (t) => {
  const { sources, pass, set } = machine()
  const clock = new WatchedClock(sources)
  const times: string[] = []
  for (let step = 0; step < 4; step += 1) {
    set(4 * MINUTE)
    pass(3_000)
    times.push(clock.now().toISOString().slice(11, 19))
  }
  t.same(times, ['02:04:03', '02:04:06', '02:04:09', '02:04:12'])
})
