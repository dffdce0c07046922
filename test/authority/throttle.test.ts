import t from 'tap'
import { relyingPartyOf } from '../../src/authority/passkeys.ts'
import { Throttle } from '../../src/authority/throttle.ts'

/** What slows down who guesses, try by try; for which sites browsers make passkeys. */

const MINUTE = 60_000

function throttleOf(freeTries: number, forgetsMs = MINUTE) {
  let now = 0
  const throttle = new Throttle(() => now, { freeTries, forgetsMs })
  return { throttle, later: (ms: number) => (now += ms) }
}

t.test(
  'tries that fail cost nothing at first, then twice as much each time, a quarter of an hour at most',
  async (t) => {
    for (const [freeTries, waits] of [
      [1, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]],
      [3, [0, 0, 1, 2, 4]],
    ] as const) {
      const { throttle } = throttleOf(freeTries)
      t.equal(throttle.wait('zhang'), 0, 'who has not tried')
      for (const wait of waits) {
        throttle.tried('zhang')
        t.equal(throttle.wait('zhang'), wait, `${freeTries} free`)
      }
      t.equal(throttle.wait('li'), 0, 'another')
    }
  },
)

t.test('a wait is over to the millisecond, and told in whole seconds', async (t) => {
  const { throttle, later } = throttleOf(1)
  for (let times = 0; times < 3; times += 1) throttle.tried('zhang')
  for (const [after, wait] of [
    [0, 4],
    [1, 4],
    [999, 3],
    [2000, 1],
    [999, 1],
    [1, 0],
    [1, 0],
  ] as const) {
    later(after)
    t.equal(throttle.wait('zhang'), wait)
  }
})

t.test('of those that failed one is forgotten after a while without a try', async (t) => {
  for (const [after, wait] of [
    [0, 4],
    [MINUTE - 1, 2],
    [MINUTE, 2],
    [2 * MINUTE - 1, 1],
    [2 * MINUTE, 1],
    [2 * MINUTE + 1, 0],
    [9 * MINUTE, 0],
  ] as const) {
    const { throttle, later } = throttleOf(2)
    for (let times = 0; times < 3; times += 1) throttle.tried('zhang')
    later(after)
    throttle.tried('zhang')
    t.equal(throttle.wait('zhang'), wait, `after ${after} ms`)
  }
})

t.test('a try that succeeded is taken back, with those before it or alone', async (t) => {
  for (const [failed, all, wait] of [
    [0, false, 0],
    [0, true, 0],
    [1, false, 1],
    [1, true, 0],
    [2, false, 2],
    [3, false, 4],
    [3, true, 0],
  ] as const) {
    const { throttle } = throttleOf(2)
    for (let times = 0; times < failed; times += 1) throttle.tried('zhang')
    throttle.tried('zhang')
    throttle.succeeded('zhang', all)
    t.equal(throttle.wait('zhang'), 0, `${failed} before: nobody waits who has succeeded`)
    throttle.tried('zhang')
    t.equal(
      throttle.wait('zhang'),
      wait,
      `${failed} before, ${all ? 'all' : 'it alone'}: the next that fails`,
    )
  }
})

t.test('site by site, what passkeys are bound to', async (t) => {
  for (const [site, id] of [
    ['https://credit.example.cn', 'credit.example.cn'],
    ['https://credit.example.cn:8443/desk', 'credit.example.cn'],
    ['http://credit.example.cn', undefined],
    ['http://localhost:8080', 'localhost'],
    ['https://localhost', 'localhost'],
    ['https://10.1.2.3', undefined],
    ['http://127.0.0.1:8080', undefined],
    ['https://[::1]', undefined],
  ] as const)
    t.same(relyingPartyOf(site), id && { id, origin: new URL(site).origin }, site)
})
