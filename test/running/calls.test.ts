import t from 'tap'
import { WorkUnavailable } from '../../src/computing/unavailable.ts'
import { lastingThread, startThread } from '../../src/running/calls.ts'
import type { BusyThread } from './busy-thread.ts'

const NAME = '../../test/running/busy'
const FOREVER_MS = 3_600_000

t.test('a thread that makes no pause for too long is ended, and the next call has a fresh one', async (t) => {
  const deaths: string[] = []
  const onDeath = ({ message }: Error) => deaths.push(message)
  const watching = { revive: () => undefined, onDeath, patienceMs: 2_000 }
  const thread = lastingThread<BusyThread>(NAME, () => ({ data: undefined }), watching)
  t.teardown(() => thread.stop())
  t.equal(await thread.call('echo', 'a'), 'a')
  await thread.call('spin', 1_000)
  t.equal(await thread.call('echo', 'b'), 'b', 'a stretch within its patience')
  const from = performance.now()
  const stuck = t.rejects(thread.call('spin', FOREVER_MS), WorkUnavailable)
  await t.rejects(thread.call('echo', 'c'), WorkUnavailable, 'what waited behind it')
  await stuck
  t.ok(performance.now() - from >= 1_000, 'not at once')
  t.match(deaths, [/busy for longer than 2000 ms/])
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  t.equal(await thread.call('echo', 'd'), 'd')
  t.equal(deaths.length, 1)
})

t.test('one that nobody watches may take as long as it likes', async (t) => {
  const onDeath = ({ message }: Error) => t.fail(message)
  const thread = startThread<BusyThread>(NAME, { data: undefined }, { revive: () => undefined, onDeath })
  await thread.call('spin', 3_000)
  t.equal(await thread.call('echo', 'a'), 'a')
  await thread.stop()
})
