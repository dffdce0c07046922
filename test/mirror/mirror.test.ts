import t from 'tap'
import { checkMirror } from '../../src/mirror/mirror.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { licenceOf, penaltyOf } from '../support.ts'
import { following, held, KEYS } from './following.ts'

const [ONE = '', TWO = '', THREE = ''] = KEYS

t.test('a mirror begins with a copy, goes on by events, and holds what stands', async (t) => {
  const { server, fact, copy, path, source, run, told, tell, stands, consumer } = await following(t)
  for (const key of [ONE, TWO]) await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司` } })
  await fact(ONE, 'record.added', { id: 'l1', ...licenceOf('1') })
  await fact(ONE, 'record.added', { id: 'p1', ...penaltyOf('1号', { facts: '事实' }) })
  const [, made] = await copy()
  await fact(TWO, 'record.added', { id: 'l2', ...licenceOf('2') })
  const first = await run()
  t.match(told, [{ trusted: { how: 'first' } }, { copied: { things: 4 } }, { applied: { steps: 1 } }])
  t.same(held(path), stands())
  t.equal(first.position, server.registry.position())
  t.match(await server.registry.consumers.one(consumer), { acknowledged: first.position, taken: 1, lag: 0 })
  t.same(await checkMirror(source, path, tell), [], 'what has moved since the copy is no fault')
  told.length = 0
  await run()
  t.same(told, [], 'with nothing new, nothing is done again')
  await fact(ONE, 'record.updated', { id: 'l1', changes: { status: '注销' } })
  await fact(ONE, 'record.withdrawn', { id: 'p1', reason: 'x' })
  await fact(THREE, 'enterprise.opened', { data: { name: '示例丙公司' } })
  await fact(TWO, 'enterprise.withdrawn', { reason: 'x' })
  await run()
  t.same(held(path), stands())
  t.equal(made?.audience, 'platform')
})

t.test('what was erased, a gap and another epoch: a mirror comes to what stands all the same', async (t) => {
  const { server, fact, copy, path, source, run, told, tell, stands } = await following(t)
  for (const key of KEYS) await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司` } })
  const added = await fact(ONE, 'record.added', { id: 'p1', ...penaltyOf('1号', { facts: '事实' }) })
  await fact(ONE, 'record.added', { id: 'l1', ...licenceOf('1') })
  await run()
  t.match(
    told,
    [{ trusted: { how: 'first' } }, { copied: { things: 0 } }, { applied: { steps: 5 } }],
    'without a copy, from the beginning',
  )
  await fact(ONE, 'payload.erased', { positions: [added], reason: 'x' }, [added])
  await fact(ONE, 'record.updated', { id: 'l1', changes: { status: '注销' } })
  await fact(ONE, 'record.updated', { id: 'l1', changes: { status: '有效' } })
  await run()
  t.same(held(path), stands())
  await copy()
  t.same(await checkMirror(source, path, tell), [])
  const connection = new Sqlite(path)
  connection.exec(`DELETE FROM thing WHERE id = '${TWO}'`)
  t.same(await checkMirror(source, path, tell), [`${TWO} 的 ${TWO} 与副本不符。`])
  connection.exec(`INSERT INTO thing VALUES ('${TWO}', 'x', 'licence', 1, NULL, '{}')`)
  connection.exec(`UPDATE thing SET digest = 'other' WHERE id = '${THREE}'`)
  await fact(THREE, 'enterprise.changed', { changes: { name: '示例新名公司' } })
  told.length = 0
  await run()
  t.match(told, [{ copied: { why: /不相衔接/ } }, {}], 'what does not follow begins anew')
  t.same(held(path), stands())
  connection.exec(`UPDATE place SET epoch = 'other'`)
  connection.close()
  told.length = 0
  await run()
  t.match(told, [{ copied: { why: /纪元/ } }, {}])
  t.same(held(path), stands())
  t.equal(server.failures.length, 0)
})
