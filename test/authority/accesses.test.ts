import t, { type Test } from 'tap'
import { type AccessAct, AccessLog } from '../../src/authority/access-log.ts'
import { SharedAccesses } from '../../src/authority/shared-accesses.ts'
import { preparedIn, startCluster, withoutPostgres } from '../cluster.ts'

async function holds(t: Test, log: AccessLog | SharedAccesses): Promise<void> {
  const access = (at: string, more: object = {}) => ({
    at: `2026-03-${at}T02:00:00.000Z`,
    act: 'read' as AccessAct,
    by: 'officer/zhang',
    officer: '张三',
    authority: '省局',
    about: 'M000100Y4',
    detail: '',
    ...more,
  })
  await log.write([
    access('01'),
    access('02', { by: 'officer/li', officer: '李四' }),
    access('03', { authority: '唐山市局' }),
    access('04', { about: '' }),
    access('05', { act: 'refused' as const }),
    access('06', { by: 'key/abc', officer: '接口', detail: '长'.repeat(501) }),
  ])
  const day = (n: string) => `2026-03-${n}T02:00:00.000Z`
  for (const [filters, expected] of [
    [{}, [6, 5, 4, 3, 2, 1]],
    [{ act: 'refused' as const }, [5]],
    [{ officer: '张' }, [5, 4, 3, 1]],
    [{ officer: 'officer/li' }, [2]],
    [{ officer: 'li' }, [2]],
    [{ officer: 'l' }, []],
    [{ officer: 'abc' }, [6]],
    [{ authority: '唐山' }, [3]],
    [{ about: 'M000100Y4' }, [6, 5, 3, 2, 1]],
    [{ about: 'M000' }, []],
    [{ from: day('03') }, [6, 5, 4, 3]],
    [{ to: day('03') }, [3, 2, 1]],
    [{ from: day('02'), to: day('05'), authority: '省局', officer: '张', about: 'M000100Y4' }, [5]],
  ] as const) {
    const found = await log.find(filters, 100, 10)
    t.same(
      found.map(({ id }) => id),
      expected,
      JSON.stringify(filters),
    )
  }
  t.same(
    (await log.find({}, 4, 2)).map(({ id }) => id),
    [3, 2],
    'before an id, so many',
  )
  t.equal((await log.find({}, 7, 1))[0]?.detail.length, 500)
  await log.probe()
  await log.prune(new Date('2026-03-05T02:00:00.000Z'), 2)
  t.same(
    (await log.find({}, 100, 10)).map(({ id }) => id),
    [6, 5, 4, 3],
    'older than two days, not of that very time',
  )
  await log.add(access('07', { about: 'D2143569X' }))
  t.match(await log.find({ about: 'D2143569X' }, 100, 10), [{ id: 7, by: 'officer/zhang' }], 'one alone')
  for (const count of [2_000, 2_001, 4_001]) {
    await log.write(Array.from({ length: count }, () => access('08')))
    await log.prune(new Date('2026-04-02T02:00:00.000Z'), 2)
    t.same(await log.find({}, 1e9, 10), [], `${count} at once`)
  }
}

t.test('accesses are found by each filter alone and all together, the latest first', async (t) => {
  const log = new AccessLog(':memory:')
  t.teardown(() => log.close())
  await holds(t, log)
})

if (withoutPostgres !== undefined) t.test('shared', { skip: withoutPostgres }, async () => undefined)
else
  t.test('so are those of all nodes; what one had alone is handed over, once', async (t) => {
    const cluster = await startCluster()
    t.teardown(() => cluster.remove())
    const url = await preparedIn(cluster)
    const log = new SharedAccesses(url)
    t.teardown(() => log.close())
    await holds(t, log)
    const own = new AccessLog(':memory:')
    t.teardown(() => own.close())
    const of = (n: number) => ({
      at: new Date(Date.UTC(2026, 3, 1) + n * 1000).toISOString(),
      act: 'told' as AccessAct,
      by: `officer/${n}`,
      officer: '“引号”',
      authority: '',
      about: '',
      detail: '',
    })
    const count = 4_500
    own.write(Array.from({ length: count }, (_, n) => of(n)))
    for (let times = 0; times < 2; times += 1) await own.handOver((some) => log.write(some))
    t.same(await own.find({}, 1e9, 10), [])
    const found = await log.find({ act: 'told' }, 1e9, 10_000)
    t.same(
      found.map(({ by }) => by),
      Array.from({ length: count }, (_, n) => `officer/${count - 1 - n}`),
    )
    const back = new AccessLog(':memory:')
    t.teardown(() => back.close())
    await log.handOver(async (some) => back.write(some))
    t.same(await log.find({}, 1e9, 10), [], 'and back')
    t.equal((await back.find({ act: 'told' }, 1e9, 10_000)).length, count)
    await log.write([of(count)])
    await log.handOver(async (some) => back.write(some))
    t.same(await log.find({}, 1e9, 10), [], 'one alone')
    t.equal((await back.find({ act: 'told' }, 1e9, 1))[0]?.by, `officer/${count}`)
    await cluster.end('SIGINT')
    await t.rejects(log.write([of(0)]), { name: 'AccessUnwritable' })
  })
