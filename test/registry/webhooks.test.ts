import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { Following } from '../../src/authority/following.ts'
import { type Webhook as Hook, RETRY_DELAYS_MS } from '../../src/authority/webhooks.ts'
import type { Posted } from '../../src/registry/webhooks.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { signedIn } from '../desk/visitor.ts'
import { Follower } from '../follower.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

const ME = '/api/v1/consumers/me/webhook'
const URL = 'https://credit.example.com/hooks'
const USCC = unifiedCode('DEM00001')

interface Message {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

/** A server with a consumer, and a receiver that answers as it is told to. */
async function pushing(t: Test) {
  const server = await testServer(t)
  const { app, authorization, registry } = server
  const admin = await authorization(['officers:write'])
  const writer = await authorization(['records:write'])
  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    headers: object,
    payload?: object,
  ) => {
    const answer = await app.inject({ method, url, headers: { ...headers }, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
  }
  const consumer: string = (await call('POST', '/api/v1/consumers', admin, { name: '省信用平台' })).body.id
  const keyOf = async () => {
    const asked = { name: '推送', authority: '测试局', scopes: ['platform:read'], consumer }
    const { body } = await call('POST', '/api/v1/keys', admin, asked)
    return { id: body.id as string, headers: { authorization: `Bearer ${body.text}` } }
  }
  const key = await keyOf()
  const messages: Message[] = []
  let answer: Posted = { status: 204 }
  registry.webhooks.post = async (url, message) => {
    messages.push({ url, ...message })
    return answer
  }
  const faults: unknown[] = []
  /** Lets whatever is due be sent, and gives what was. */
  const deliver = async () => {
    const before = messages.length
    registry.webhooks.deliver((fault) => faults.push(fault))
    await registry.webhooks.settled()
    t.same(faults, [])
    return messages.slice(before)
  }
  const file = `/api/v1/enterprises/${USCC.slice(8, 17)}`
  await call('POST', '/api/v1/enterprises', writer, { uscc: USCC, enterprise: { name: '示例公司' } })
  const punish = (no: string) => call('POST', `${file}/records`, writer, penaltyOf(no))
  return {
    ...{ server, call, admin, key, keyOf, consumer, messages, deliver, punish },
    answers(posted: Posted) {
      answer = posted
    },
    wait(ms: number) {
      server.clock.set(new Date(server.clock.now().getTime() + ms).toISOString())
    },
  }
}

/** What messages are, and after which position. */
const typesOf = (messages: readonly Message[]): [string, number][] =>
  messages.map(({ body }) => {
    const { type, data } = JSON.parse(body)
    return [type, data.after]
  })

t.test('what moves is sent, signed, in order, and what is taken is acknowledged', async (t) => {
  const { server, call, key, deliver, punish } = await pushing(t)
  t.equal((await call('GET', ME, key.headers)).status, 404)
  const set = await call('PUT', ME, key.headers, { url: URL })
  t.match(set, { status: 200, body: { url: URL, position: 0, secret: /^whsec_/, stopped: '' } })
  t.notOk('secret' in (await call('GET', ME, key.headers)).body, 'shown once')
  t.match(await server.registry.accesses.find({ act: 'told' }, 1e9, 10), [{ by: `key/${key.id}` }])
  const reader = new Webhook(set.body.secret)
  const held = new Follower()
  const take = async () => {
    for (const { url, headers, body } of await deliver()) {
      t.equal(url, URL)
      // The library looks at the time of the machine; the message bears that of the registry.
      const seconds = Number(headers['webhook-timestamp'])
      t.equal(seconds, Math.floor(server.clock.now().getTime() / 1000))
      t.equal(
        reader.sign(headers['webhook-id'] ?? '', new Date(seconds * 1000), body),
        headers['webhook-signature'],
      )
      const { type, data } = JSON.parse(body)
      t.equal(type, data.after === 0 ? 'registry.restarted' : 'registry.events')
      held.apply(data.items)
    }
  }
  await take()
  t.equal((await punish('1号')).status, 201)
  await take()
  t.same(await deliver(), [], 'nothing more to tell')
  const all = new Follower()
  all.apply((await call('GET', '/api/v1/events?limit=1000', key.headers)).body.items)
  t.same(held.held, all.held)
  t.equal(held.held.size, 2)
  const { body: own } = await call('GET', '/api/v1/consumers/me', key.headers)
  t.equal(own.acknowledged, (await call('GET', ME, key.headers)).body.position)
  const looked = await server.registry.accesses.find({ act: 'read' }, 1e9, 100)
  t.equal(looked.filter(({ detail }) => detail.startsWith('推送 credit.example.com')).length, 2)
})

t.test(
  'what is not taken is tried again with growing delay for three days, and is then a dead letter',
  async (t) => {
    const { server, call, key, deliver, answers, wait, punish, consumer, messages } = await pushing(t)
    const whole = RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)
    t.ok(whole > 2.9 * 24 * 3_600_000 && whole <= 3 * 24 * 3_600_000)
    await call('PUT', ME, key.headers, { url: URL })
    t.match(typesOf(await deliver()), [['registry.restarted', 0]])
    const begun = server.registry.webhooks.one(consumer)?.position ?? 0
    await punish('其前1号')
    answers({ status: 500 })
    const [first] = await deliver()
    for (const [i, delay] of RETRY_DELAYS_MS.entries()) {
      wait(delay - 1000)
      t.same(await deliver(), [], `not before the ${i + 1}th delay is over`)
      if (i === 0) t.equal((await punish('其间1号')).status, 201, 'nothing waits for the receiver')
      wait(1000)
      const [again] = await deliver()
      t.equal(again?.headers['webhook-id'], first?.headers['webhook-id'])
      t.equal(JSON.parse(again?.body ?? '').data.next, JSON.parse(first?.body ?? '').data.next)
    }
    const dead = async () => (await call('GET', `${ME}/dead-letters`, key.headers)).body.items
    const [letter] = await dead()
    t.match(letter, { after: begun, why: '接收方答复 500', takenAt: '' })
    t.match((await call('GET', ME, key.headers)).body, { position: letter.upTo, attempts: 0, undelivered: 1 })
    answers({ status: 200 })
    t.equal((await deliver()).length, 1, 'what came meanwhile goes on')
    const acknowledged = async () =>
      (await call('GET', '/api/v1/consumers/me', key.headers)).body.acknowledged
    t.equal(await acknowledged(), begun, 'what nobody took is not acknowledged')
    const { webhooks } = server.registry
    answers({ fault: '不能送达：ECONNREFUSED' })
    t.equal(await webhooks.sendAgain(consumer, letter.n), '不能送达：ECONNREFUSED')
    answers({ status: 200 })
    const before = messages.length
    t.equal(await webhooks.sendAgain(consumer, letter.n), undefined)
    t.match(typesOf(messages.slice(before)), [['registry.events', begun]])
    t.match(await dead(), [{ takenAt: /Z$/ }])
    await t.rejects(webhooks.sendAgain(consumer, letter.n), /已经送达/)
    t.equal(
      await acknowledged(),
      (await call('GET', ME, key.headers)).body.position,
      'nothing is open any more',
    )
  },
)

t.test('the beginning is tried until it is taken: what follows means nothing before it', async (t) => {
  const { call, key, deliver, answers, wait, punish } = await pushing(t)
  await call('PUT', ME, key.headers, { url: URL })
  await punish('一号')
  answers({ status: 302 })
  const [first] = await deliver()
  const last = RETRY_DELAYS_MS.at(-1) ?? 0
  for (const delay of [...RETRY_DELAYS_MS, last, last]) {
    wait(delay - 1000)
    t.same(await deliver(), [])
    wait(1000)
    const [again, ...others] = await deliver()
    t.equal(again?.headers['webhook-id'], first?.headers['webhook-id'])
    t.same(others, [])
  }
  t.same((await call('GET', `${ME}/dead-letters`, key.headers)).body.items, [])
  answers({ status: 204 })
  wait(last)
  await punish('二号')
  const taken = typesOf(await deliver())
  t.match(taken[0], ['registry.restarted', 0])
  t.match(
    taken.slice(1).map(([type]) => type),
    taken.slice(1).map(() => 'registry.events'),
  )
})

t.test('each message takes up where the one before ended, also over entries that tell nothing', async (t) => {
  const { call, key, admin, deliver, punish, server } = await pushing(t)
  await call('PUT', ME, key.headers, { url: URL })
  const told = await deliver()
  for (const no of ['一号', '二号', '三号']) {
    // A key is no thing of the platform: the register goes on, and nothing is told.
    await call('POST', '/api/v1/consumers', admin, { name: `旁观${no}` })
    t.same(await deliver(), [])
    await punish(no)
    told.push(...(await deliver()))
  }
  t.ok(told.length >= 4)
  let next = 0
  for (const { body } of told) {
    const { type, data } = JSON.parse(body)
    t.equal(data.after, next)
    t.equal(type, next === 0 ? 'registry.restarted' : 'registry.events')
    next = data.next
  }
  t.ok(next <= server.registry.position())
})

t.test('what nobody took is no dead letter any more once it is told again', async (t) => {
  const { server, call, key, deliver, answers, wait, punish, consumer } = await pushing(t)
  const { webhooks } = server.registry
  const buried = async (no: string) => {
    await punish(no)
    answers({ status: 500 })
    await deliver()
    for (const delay of RETRY_DELAYS_MS) {
      wait(delay)
      await deliver()
    }
    answers({ status: 204 })
    return webhooks.dead(consumer).filter(({ takenAt }) => takenAt === '').length
  }
  const acknowledged = async () => (await server.registry.consumers.one(consumer)).acknowledged
  await call('PUT', ME, key.headers, { url: URL })
  await deliver()
  t.equal(await buried('一号'), 1)
  const before = await acknowledged()
  await call('PUT', ME, key.headers, { url: URL })
  t.equal(webhooks.dead(consumer).length, 0, 'set again, it tells from what was acknowledged on')
  const [again] = await deliver()
  t.match(JSON.parse(again?.body ?? ''), { type: 'registry.events', data: { after: before } })
  t.equal(await acknowledged(), webhooks.one(consumer)?.position)
  t.equal(await buried('二号'), 1)
  Object.defineProperty(server.registry.feed, 'schema', { value: 'of-another-version' })
  t.match(typesOf(await deliver())[0], ['registry.restarted', 0])
  t.equal(webhooks.dead(consumer).length, 0, 'by other rules all is told from the beginning')
})

t.test('program upgraded and rolled back: each time all is told anew, under names of its own', async (t) => {
  const { server, call, key, deliver, messages, punish } = await pushing(t)
  await call('PUT', ME, key.headers, { url: URL })
  await punish('一号')
  const { schema } = server.registry.feed
  for (const made of [schema, 'of-another-version', schema]) {
    Object.defineProperty(server.registry.feed, 'schema', { value: made, configurable: true })
    t.match(typesOf(await deliver())[0], ['registry.restarted', 0])
  }
  const ids = messages.map(({ headers }) => headers['webhook-id'])
  t.equal(new Set(ids).size, ids.length)
})

t.test(
  'set again after a change of rules it begins anew, whatever was acknowledged by those before',
  async (t) => {
    const { server, call, key, deliver, punish, consumer } = await pushing(t)
    await call('PUT', ME, key.headers, { url: URL })
    await punish('一号')
    await deliver()
    const { acknowledged } = await server.registry.consumers.one(consumer)
    t.ok(acknowledged > 0)
    const following = new Following(pathsIn(server.folder).following)
    t.teardown(() => following.close())
    const { epoch } = await server.registry.feed.standing()
    await following.sent(consumer, {
      position: acknowledged,
      epoch,
      schema: 'of-before',
      at: '2026-01-01T00:00:00.000Z',
    })
    t.match(await server.registry.consumers.one(consumer), { acknowledged: 0, sent: 0 })
    t.match(await call('PUT', ME, key.headers, { url: URL }), { body: { position: 0 } })
    t.match(typesOf(await deliver())[0], ['registry.restarted', 0])
  },
)

t.test('rights are asked anew for each message, and 410 ends it', async (t) => {
  const { server, call, admin, key, keyOf, deliver, answers, punish } = await pushing(t)
  await call('PUT', ME, key.headers, { url: URL })
  t.equal((await deliver()).length, 1)
  t.equal((await call('POST', `/api/v1/keys/${key.id}/revocation`, admin, {})).status, 200)
  await punish('停用后1号')
  t.same(await deliver(), [], 'its key was revoked')
  const other = await keyOf()
  t.match((await call('GET', ME, other.headers)).body, { stopped: /密钥已停用/ })
  const { body } = await call('PUT', ME, other.headers, { url: `${URL}/2` })
  t.match(body, { stopped: '', url: `${URL}/2` })
  answers({ status: 410 })
  t.equal((await deliver()).length, 1)
  t.match((await call('GET', ME, other.headers)).body, { stopped: /410/ })
  t.same(await deliver(), [])
  t.equal((await call('DELETE', ME, other.headers)).status, 204)
  t.equal((await call('GET', ME, other.headers)).status, 404)
  const nobodys = await server.authorization(['platform:read'])
  t.equal((await call('PUT', ME, nobodys, { url: URL })).status, 403)
})

t.test('addresses that can’t be sent to are refused with why', async (t) => {
  const { call, key } = await pushing(t)
  for (const [url, why] of [
    ['credit.example.com', /不是网址/],
    ['http://credit.example.com/', /应为 https/],
    ['ftp://credit.example.com/', /应为 https/],
    ['https://user:secret@credit.example.com/', /用户名/],
    ['https://credit.example.com/#a', /# 之后/],
  ] as const)
    t.match(await call('PUT', ME, key.headers, { url }), {
      status: 422,
      body: { errors: [{ pointer: '/url', detail: why }] },
    })
})

t.test('another epoch begins anew, and says so', async (t) => {
  const { server, call, key, deliver, consumer } = await pushing(t)
  await call('PUT', ME, key.headers, { url: URL })
  await deliver()
  const { webhooks } = server.registry
  const own = webhooks.one(consumer)
  if (!own) return t.fail('no webhook')
  const following = new Following(pathsIn(server.folder).following)
  await following.webhooks.move(own, { epoch: 'another', upTo: 99, attempts: 3 })
  await following.close()
  const [message] = await deliver()
  t.match(JSON.parse(message?.body ?? ''), { type: 'registry.restarted', data: { after: 0 } })
})

t.test(
  'told anew, in another epoch or by other rules, nothing bears the name of what was told before',
  async (t) => {
    const { server, call, key, messages, punish } = await pushing(t)
    await call('PUT', ME, key.headers, { url: URL })
    await punish('一号')
    const { feed, webhooks } = server.registry
    const { epoch, ...standing } = await feed.standing()
    const reached: number[] = []
    const round = async () => {
      // That another epoch's can't be acknowledged here is no matter.
      webhooks.deliver(() => undefined)
      await webhooks.settled()
      reached.push(messages.length)
    }
    await round()
    feed.standing = async () => ({ ...standing, epoch: 'fedcba9876543210' })
    await round()
    Object.defineProperty(feed, 'schema', { value: 'of-another-version' })
    await round()
    const [first = 0, second = 0, third = 0] = reached
    t.ok(first > 0 && second > first && third > second, reached.join())
    const ids = messages.map(({ headers }) => headers['webhook-id'] ?? '')
    t.equal(new Set(ids).size, ids.length, ids.join())
    t.ok(ids.every((id) => id !== '' && !id.includes(epoch)))
  },
)

t.test('what another process has taken over meanwhile is left to it', async (t) => {
  const { server, call, key, deliver, messages, consumer, punish } = await pushing(t)
  const { webhooks } = server.registry
  const following = new Following(pathsIn(server.folder).following)
  t.teardown(() => following.close())
  await call('PUT', ME, key.headers, { url: URL })
  /** Sends; while that is under way the other has come on, or has been told to stop. */
  const overtaken = async (by: Partial<Hook>, posted: Posted) => {
    const post = webhooks.post
    webhooks.post = async (...sent) => {
      await post(...sent)
      const found = webhooks.one(consumer)
      if (found) t.ok(await following.webhooks.move(found, by))
      return posted
    }
    await deliver()
    webhooks.post = post
    return webhooks.one(consumer)
  }
  t.match(await overtaken({ position: 99, upTo: null }, { status: 204 }), { position: 99, outcome: '' })
  t.equal(messages.length, 1, 'and no other follows')
  await call('PUT', ME, key.headers, { url: URL })
  await punish('一号')
  t.match(await overtaken({ position: 98, upTo: null }, { status: 503 }), { position: 98, attempts: 0 })
  t.match((await server.registry.consumers.one(consumer)).acknowledged, 0)
  await call('PUT', ME, key.headers, { url: URL })
  await punish('二号')
  webhooks.deliver(
    (fault) => t.fail(String(fault)),
    () => false,
  )
  await webhooks.settled()
  t.equal(messages.length, 2, 'nothing is sent by who may not')
  t.equal((await deliver()).length, 1)
})

t.test('administrators see what was not delivered and send it again', async (t) => {
  const { server, call, key, deliver, answers, wait, consumer, punish } = await pushing(t)
  await call('PUT', ME, key.headers, { url: URL })
  await deliver()
  await punish('一号')
  answers({ status: 503 })
  await deliver()
  for (const delay of RETRY_DELAYS_MS) {
    wait(delay)
    await deliver()
  }
  const admin = await signedIn(server, {
    login: 'guanli',
    roles: ['administrator'],
    authority: '河北省市场监督管理局',
  })
  const page = (await admin.get('/desk/system')).body
  t.match(page, /未送达的消息[\s\S]*省信用平台[\s\S]*接收方答复 503[\s\S]*重发/)
  const [letter] = server.registry.webhooks.dead(consumer)
  const form = { consumer, n: `${letter?.n}` }
  t.match(
    (await admin.fill('/desk/system', form, '/desk/system/dead-letters')).body,
    /仍未送达省信用平台：接收方答复 503/,
  )
  answers({ status: 200 })
  t.match((await admin.fill('/desk/system', form, '/desk/system/dead-letters')).body, /已送达省信用平台/)
  t.match(await admin.fill('/desk/system', form, '/desk/system/dead-letters'), {
    statusCode: 409,
    body: /已经送达/,
  })
  t.equal(
    (await admin.fill('/desk/system', { ...form, consumer: 'other' }, '/desk/system/dead-letters'))
      .statusCode,
    404,
  )
  const clerk = await signedIn(server, {
    login: 'jilu',
    roles: ['recorder'],
    authority: '河北省市场监督管理局',
  })
  t.equal((await clerk.fill('/desk', form, '/desk/system/dead-letters')).statusCode, 403)
})
