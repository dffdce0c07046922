import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { mock } from 'node:test'
import t from 'tap'
import { boundedConnections } from '../../src/running/connections.ts'

t.test('connections beyond the limit are counted, and told of once a minute', async (t) => {
  const told: object[] = []
  const connections = boundedConnections({ warn: (what: object) => told.push(what) }, 1)
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  connections.bound(server)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  mock.timers.enable({ apis: ['setTimeout'] })
  const come = async () => {
    const dropped = once(server, 'drop')
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    t.teardown(() => socket.destroy())
    await dropped
  }
  const first = connect(port, '127.0.0.1')
  await once(server, 'connection')
  t.equal(connections.dropped(), 0)
  for (let n = 0; n < 3; n += 1) await come()
  t.equal(connections.dropped(), 3)
  t.match(told, [{ dropped: 1, most: 1 }])
  mock.timers.tick(60_000)
  t.match(told, [{ dropped: 1 }, { dropped: 2 }])
  mock.timers.tick(60_000)
  t.equal(told.length, 2, 'nothing is told where nobody was turned away')
  await come()
  t.match(told[2], { dropped: 1 })
  mock.timers.reset()
  first.destroy()
  server.close()
})
