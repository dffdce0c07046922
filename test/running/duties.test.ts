import t from 'tap'
import { LEASE_MS, startDuties } from '../../src/running/duties.ts'
import { testRegistry } from '../support.ts'

t.test('a process that stood still for a lease holds nothing any more, before it has asked', async (t) => {
  const { register } = await testRegistry(t)
  let now = 0
  let answersAfter = 0
  const done: boolean[] = []
  const duties = startDuties({
    holder: 'one',
    register: {
      ...register,
      async lease(...asked) {
        const held = await register.lease(...asked)
        now += answersAfter
        return held
      },
    },
    works: { daily: (isNew) => done.push(isNew) },
    mayHold: () => true,
    onFault: (error) => {
      throw error
    },
    elapsed: () => now,
  })
  t.teardown(() => duties.stop())
  t.notOk(duties.holds('daily'), 'nothing before it has asked')
  await duties.look()
  t.ok(duties.holds('daily'))
  t.notOk(duties.holds('copies'))
  now = LEASE_MS - 1
  t.ok(duties.holds('daily'), 'the moment before it ends')
  now = LEASE_MS
  t.notOk(duties.holds('daily'), 'and when it ends')
  now = LEASE_MS + 1
  t.notOk(duties.holds('daily'))
  await duties.look()
  t.same(done, [true, true], 'taken over anew from itself')
  now += LEASE_MS - 1
  await duties.look()
  t.same(done, [true, true, false], 'kept')
  answersAfter = LEASE_MS
  await duties.look()
  t.notOk(duties.holds('daily'), 'it is reckoned from when it was asked for, not from the answer')
  t.same(done, [true, true, false], 'and nothing is done on it')
})
