import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { isPublicAddress } from '../../src/authority/address-range.ts'
import { poster } from '../../src/running/outgoing.ts'

const message = { headers: { 'webhook-id': 'msg_1' }, body: '{"type":"x"}' }

async function receiving(t: Test, status: number, headers: Record<string, string> = {}) {
  const got: { url: string; id: unknown; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    got.push({ url: request.url ?? '', id: request.headers['webhook-id'], body })
    response.writeHead(status, headers).end('x'.repeat(1e6))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

t.test('an address is of the public network, or it is not: both sides of every edge', (t) => {
  for (const [address, isPublic] of [
    ['9.255.255.255', true],
    ['10.0.0.0', false],
    ['10.255.255.255', false],
    ['11.0.0.0', true],
    ['100.63.255.255', true],
    ['100.64.0.0', false],
    ['100.127.255.255', false],
    ['100.128.0.0', true],
    ['126.255.255.255', true],
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['172.15.255.255', true],
    ['172.16.0.0', false],
    ['172.31.255.255', false],
    ['172.32.0.0', true],
    ['192.167.255.255', true],
    ['192.168.0.1', false],
    ['198.17.255.255', true],
    ['198.18.0.0', false],
    ['0.0.0.0', false],
    ['223.255.255.255', true],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::a00:1', false],
    ['fc00::1', false],
    ['fe80::1', false],
    ['2001:db8::1', false],
    ['2002:a00:1::', false],
    ['2400:3200::1', true],
    ['ff02::1', false],
    ['credit.example.com', false],
  ] as const)
    t.equal(isPublicAddress(address), isPublic, address)
  t.end()
})

t.test('a message is posted as it is, and only its status is looked at', async (t) => {
  const post = poster({ allowPrivate: true })
  const taken = await receiving(t, 204)
  t.same(await post(taken.url, message), { status: 204 })
  t.same(taken.got, [{ url: '/hook', id: 'msg_1', body: message.body }])
  const broken = await receiving(t, 500)
  t.same(await post(broken.url, message), { status: 500 })
  const sent = await receiving(t, 307, { location: taken.url })
  t.same(await post(sent.url, message), { status: 307 })
  t.equal(taken.got.length, 1, 'no redirection is followed')
  t.match(await post('http://127.0.0.1:1/', message), { fault: /不能送达：ECONNREFUSED/ })
})

t.test('private networks are refused by address, by name, and however an address is written', async (t) => {
  const post = poster({ allowPrivate: false })
  const { got, url } = await receiving(t, 204)
  const { port } = new URL(url)
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '10.0.0.1',
    'localhost',
  ])
    t.match(await post(`https://${host}:${port}/`, message), { fault: /内部网络/ }, host)
  t.match(await post('http://8.8.8.8/', message), { fault: /不是 https/ })
  t.same(got, [])
})

t.test('where no receiver stands nothing is sent, inside a private network either', async (t) => {
  const post = poster({ allowPrivate: true })
  for (const host of ['169.254.169.254', '[::ffff:a9fe:a9fe]', '0.0.0.0', '[fe80::1]'])
    for (const scheme of ['http', 'https'])
      t.match(await post(`${scheme}://${host}/latest`, message), { fault: /不是接收方的/ }, host)
})
