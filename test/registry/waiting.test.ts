import t from 'tap'
import { MOST_WAITING } from '../../src/registry/feed.ts'
import { testRegistry, unifiedCode } from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'open' }

t.test('however many wait for what comes, there is one list of them, with one bound', async (t) => {
  const { registry } = await testRegistry(t)
  const { feed } = registry
  const warnings: Error[] = []
  const warned = (warning: Error) => warnings.push(warning)
  process.on('warning', warned)
  t.teardown(() => process.off('warning', warned))
  const gone = new AbortController()
  const waiting = Array.from({ length: MOST_WAITING }, (_, i) =>
    feed.changes(0, 10, 60_000, i === 0 ? gone.signal : undefined),
  )
  while (feed.waiting < MOST_WAITING) await new Promise(setImmediate)
  const from = performance.now()
  t.same(await feed.changes(0, 10, 60_000), [], 'one more is answered after a moment')
  const took = performance.now() - from
  t.ok(took > 900 && took < 20_000, `${took.toFixed(0)} ms`)
  t.equal(feed.waiting, MOST_WAITING)
  gone.abort()
  t.same(await waiting[0], [])
  t.equal(feed.waiting, MOST_WAITING - 1, 'who has gone makes room')
  await registry.acts.open({ codes: { uscc: unifiedCode('WAT00001') }, data: { name: '示例' } }, request)
  for (const found of await Promise.all(waiting.slice(1))) if (found.length !== 1) t.fail('it was not told')
  t.equal(feed.waiting, 0)
  const last = feed.changes(1, 10, 60_000)
  while (feed.waiting === 0) await new Promise(setImmediate)
  feed.close()
  t.same(await last, [], 'a node that closes keeps nobody waiting')
  t.same(warnings, [])
})

t.test(
  'who waits while the views are spoilt meets that in what they asked for, and it ends nothing else',
  async (t) => {
    const { registry, views } = await testRegistry(t)
    const { feed } = registry
    const waiting = [feed.changes(0, 10, 60_000), feed.changes(0, 10, 60_000)]
    while (feed.waiting < waiting.length) await new Promise(setImmediate)
    const unreadable = () => {
      throw new Error('SQLITE_CORRUPT')
    }
    const { applied, changes } = views
    Object.assign(views, { applied: unreadable, changes: unreadable })
    for (const outcome of await Promise.allSettled(waiting)) t.match(outcome, { status: 'rejected' })
    t.equal(feed.waiting, 0)
    Object.assign(views, { applied, changes })
    await registry.acts.open({ codes: { uscc: unifiedCode('WAT00002') }, data: { name: '示例' } }, request)
    t.equal((await feed.changes(0, 10, 60_000)).length, 1)
  },
)
