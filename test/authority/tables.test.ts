import t from 'tap'
import {
  type Acting,
  isUnboundFor,
  mayDoubt,
  placesOf,
  rightHindrance,
  secondHindrance,
  seesAll,
  sightHindrance,
  type Touched,
  type Whose,
  whoseHindrance,
} from '../../src/authority/acting.ts'
import {
  isPublicAddress,
  isReceiverAddress,
  isWithinRanges,
  readRanges,
} from '../../src/authority/address-range.ts'
import { Authorities, answersFor, highestOf, isLower } from '../../src/authority/authorities.ts'
import { type Authority, levelOf } from '../../src/authority/authority.ts'
import { consumerAuthor, consumerOf, foldConsumer, isConsumerAuthor } from '../../src/authority/consumers.ts'
import { Following } from '../../src/authority/following.ts'
import { closedKey, scopes } from '../../src/authority/keys.ts'
import { accountOf, makerActing, makerOf, toAnyone } from '../../src/authority/maker.ts'
import { FIRST_PASSWORD_DAYS, foldOfficer, hasSecondFactor, isExpired } from '../../src/authority/officers.ts'
import { hashOf, isPassword } from '../../src/authority/passwords.ts'
import { readers } from '../../src/authority/readers.ts'
import { duties, roles, scopesOf } from '../../src/authority/roles.ts'
import { ASKED_MS, Sessions } from '../../src/authority/sessions.ts'
import { RETRY_DELAYS_MS, type Webhook } from '../../src/authority/webhooks.ts'
import type { Entry } from '../../src/register/entry.ts'
import { authorities, officer, people } from '../blacklist/firm.ts'

/** Who may, who sees, who is told apart from whom: member by member. */

const entry = (kind: string, payload: unknown, more: Partial<Entry> = {}): Entry => ({
  ...{ seq: 1, id: 'e', subject: 'officer/zhang', revision: 1, kind, payload, salt: null },
  ...{ payloadDigest: '', visibility: 'internal', author: { authority: '省局', officer: '甲' } },
  ...{ command: '', recordedAt: '2026-03-02T02:00:00.000Z', digest: '', chain: '' },
  ...more,
})
const made = (owner: string) => authorities.bodyOf({ owner, authority: '' })

t.test('what each duty lets one do', async (t) => {
  t.same(Object.fromEntries(roles.map((role) => [role, duties[role].scopes])), {
    recorder: ['records:read', 'records:write', 'listings:write'],
    reviewer: ['records:read', 'listings:decide', 'ratings:write', 'supervision:write'],
    publisher: ['records:read', 'listings:decide', 'ratings:approve', 'standards:write'],
    auditor: ['records:read', 'platform:read', 'audit:read'],
    administrator: ['officers:write'],
  })
  t.same(scopesOf(['recorder', 'auditor']), [
    ...['records:read', 'records:write', 'listings:write', 'platform:read', 'audit:read'],
  ])
  t.same(scopesOf([]), [])
})

t.test('which right shows what: any one of them', async (t) => {
  const all = ['records:read', 'records:write', 'listings:write', 'listings:decide'] as const
  t.same(readers, {
    proposal: [...all, 'ratings:approve', 'ratings:write', 'standards:write', 'officers:write', 'audit:read'],
    case: ['records:read', 'listings:write', 'listings:decide', 'audit:read'],
    deadline: [...all, 'audit:read'],
    bulletin: ['records:read', 'listings:write', 'listings:decide', 'audit:read'],
    campaign: ['records:read', 'ratings:write', 'ratings:approve', 'audit:read'],
    import: ['records:read', 'records:write', 'listings:decide', 'audit:read'],
    supervision: ['records:read', 'records:write', 'supervision:write', 'audit:read'],
    report: ['records:read', 'records:write', 'supervision:write', 'audit:read'],
    account: ['officers:write', 'audit:read'],
    standard: ['records:read', 'standards:write', 'officers:write', 'audit:read'],
  })
})

t.test('the first and last address of each range of no public address, and those beside it', async (t) => {
  for (const [before, first, last, after] of [
    [undefined, '0.0.0.0', '0.255.255.255', '1.0.0.0'],
    ['9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
    ['192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
    ['192.88.98.255', '192.88.99.0', '192.88.99.255', '192.88.100.0'],
    ['192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
    ['198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
    ['203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
    ['223.255.255.255', '224.0.0.0', '239.255.255.255', undefined],
    [undefined, '240.0.0.0', '255.255.255.255', undefined],
    [undefined, '::', '1fff:ffff::1', '2000::'],
    ['2000:ffff::1', '2001::', '2001:1ff:ffff::1', '2001:200::'],
    ['2001:db7:ffff::1', '2001:db8::', '2001:db8:ffff::1', '2001:db9::'],
    ['2001:ffff::1', '2002::', '2002:ffff::1', '2003::'],
    ['3ffe:ffff::1', '3fff::', '3fff:fff:ffff::1', '3fff:1000::'],
    [undefined, '4000::', 'ffff::', undefined],
  ] as const) {
    for (const address of [first, last]) t.notOk(isPublicAddress(address), address)
    for (const address of [before, after]) if (address) t.ok(isPublicAddress(address), address)
  }
  t.notOk(isPublicAddress('::ffff:10.0.0.1'), 'of IPv4 within IPv6')
  t.ok(isPublicAddress('::ffff:1.1.1.1'))
  for (const none of ['', 'localhost', '1.1.1', '1.1.1.1.1', ':::']) t.notOk(isPublicAddress(none), none)
})

t.test('ranges as they are typed, and what lies in them', async (t) => {
  t.same(readRanges(' 10.0.0.1,10.0.0.0/8，::1、2001:db8::/32;1.1.1.1；  '), {
    ranges: ['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32', '1.1.1.1'],
    unreadable: [],
  })
  t.same(readRanges(''), { ranges: [], unreadable: [] })
  for (const [range, isRange] of [
    ['10.0.0.0/0', true],
    ['10.0.0.0/32', true],
    ['10.0.0.0/33', false],
    ['::/0', true],
    ['::/128', true],
    ['::/129', false],
    ['10.0.0.0/', false],
    ['10.0.0.0/x', false],
    ['10.0.0.0/-1', false],
    ['10.0.0.0/8/8', false],
    ['10.0.0.0/0008', false],
    ['10.0.0', false],
    ['局', false],
  ] as const)
    t.same(
      readRanges(range),
      isRange ? { ranges: [range], unreadable: [] } : { ranges: [], unreadable: [range] },
    )
  for (const [address, isWithin] of [
    ['10.0.0.0', true],
    ['10.0.0.255', true],
    ['10.0.1.0', false],
    ['9.255.255.255', false],
    ['::ffff:10.0.0.7', true],
    ['2001:db8::1', true],
    ['2001:db9::1', false],
    ['7.7.7.7', true],
    ['7.7.7.8', false],
    ['', false],
    ['局', false],
  ] as const)
    t.equal(isWithinRanges(['10.0.0.0/24', '2001:db8::/32', '7.7.7.7'], address), isWithin, address)
  t.notOk(isWithinRanges([], '10.0.0.1'))
})

t.test('a key opens up to its last day, from its addresses alone', async (t) => {
  const key = { expiresOn: '2026-03-10', addresses: ['10.0.0.0/8'] }
  for (const [today, address, why] of [
    ['2026-03-09', '10.0.0.1', undefined],
    ['2026-03-10', '10.0.0.1', undefined],
    ['2026-03-11', '10.0.0.1', /届满/],
    ['2026-03-10', '11.0.0.1', /不得从 11.0.0.1 使用/],
    ['2026-03-10', undefined, undefined],
  ] as const) {
    const found = closedKey(key, today, address)
    if (why) t.match(found, why, `${today} ${address}`)
    else t.equal(found, undefined, `${today} ${address}`)
  }
  t.equal(closedKey({}, '2099-01-01', '11.0.0.1'), undefined)
})

t.test('who did something: by the command’s account, else the one that it names', async (t) => {
  const author = { authority: '省局', officer: '甲' }
  for (const [command, by, account] of [
    ['officer/zhang/1', undefined, 'officer/zhang'],
    ['officer/zhang/1', 'officer/lisi', 'officer/zhang'],
    ['key/0123456789ab/1', undefined, 'key/0123456789ab'],
    ['import/x', 'officer/lisi', 'officer/lisi'],
    ['import/x', 'officer/lisi/x', 'officer/lisi'],
    ['import/x', undefined, undefined],
    ['import/x', '省局 甲', undefined],
    ['', undefined, undefined],
    ['officer/zh/1', undefined, undefined],
    ['officer/zha/1', undefined, 'officer/zha'],
    ['officer/zhang', undefined, undefined],
    ['officer/1zhang/1', undefined, undefined],
    ['key/0123456789a/1', undefined, undefined],
    ['x/officer/zhang/1', undefined, undefined],
  ] as const) {
    const expected = account === undefined ? author : { ...author, account }
    t.same(makerOf({ author, command }, by), expected, `${command} ${by}`)
    if (account === undefined) t.notOk('account' in makerOf({ author, command }, by))
  }
  t.same(makerActing({ ...author, id: 'officer/zhang' }), { ...author, account: 'officer/zhang' })
  t.notOk('account' in makerActing(author))
  t.same(toAnyone({ ...author, account: 'officer/zhang' }), { authority: '省局' }, 'no person to the public')
  t.equal(accountOf(`officer/${'a'.repeat(40)}/`), `officer/${'a'.repeat(40)}`)
  t.equal(accountOf(`officer/${'a'.repeat(41)}/`), undefined)
})

t.test('a consumer, entry by entry; its name as an author, its command', async (t) => {
  const of = (kind: string, payload: unknown, revision = 1) =>
    entry(kind, payload, { subject: 'consumer/c1', revision })
  t.equal(foldConsumer(undefined, of('consumer.opened', null)), undefined, 'erased')
  t.equal(foldConsumer(undefined, of('consumer.closed', {})), undefined)
  const opened = foldConsumer(undefined, of('consumer.opened', { name: '信用平台', contacts: '电话' }))
  t.match(opened, { id: 'c1', name: '信用平台', contacts: '电话', findings: [], revision: 1 })
  const finding = (n: number) => of('consumer.finding', { what: 'never-sent', detail: `${n}` }, n)
  let found = opened
  for (let n = 2; n <= 51; n += 1) found = foldConsumer(found, finding(n))
  t.equal(found?.findings.length, 50)
  t.equal(found?.findings[0]?.detail, '2')
  found = foldConsumer(found, finding(52))
  t.same(
    [found?.findings.length, found?.findings[0]?.detail, found?.revision],
    [50, '3', 52],
    'the last fifty',
  )
  t.same(foldConsumer(opened, of('consumer.finding', null, 2)), { ...opened, revision: 2 })
  t.same(foldConsumer(opened, of('consumer.painted', {}, 2)), { ...opened, revision: 2 })
  t.match(foldConsumer(opened, of('consumer.closed', null, 2)), { closedAt: /^2026-03-02/, revision: 2 })
  t.equal(consumerAuthor('信用平台'), '取用方“信用平台”')
  t.equal(consumerAuthor('取用方“信用平台”'), '取用方“信用平台”')
  t.same(['取用方甲', '甲取用方', '省局'].map(isConsumerAuthor), [true, false, false])
  for (const [command, id] of [
    ['consumer/c1/receipts/1', 'c1'],
    ['consumer/c1/receipt/1', 'c1'],
    ['consumer/c1/receipts', undefined],
    ['x/consumer/c1/receipts/1', undefined],
    ['officer/zhang/1', undefined],
  ] as const)
    t.equal(consumerOf(command), id, command)
})

t.test('an account and what makes it somebody’s; a first password opens it for seven days', async (t) => {
  const created = foldOfficer(
    undefined,
    entry('officer.created', { name: '张三', authority: '省局', roles: ['recorder', 'painter'], hash: 'h' }),
  )
  t.match(created, {
    ...{ login: 'zhang', roles: ['recorder'], unknownRoles: ['painter'], isUnclaimed: true, epoch: 1 },
    ...{ mustChange: true, passwordAt: '2026-03-02T02:00:00.000Z' },
  })
  t.equal(foldOfficer(undefined, entry('officer.created', null)), undefined)
  t.equal(foldOfficer(undefined, entry('officer.disabled', {})), undefined)
  const key = { id: 'k', publicKey: 'p', counter: 0, name: '钥匙', transports: [] }
  const step = (kind: string, payload: unknown, before = created) =>
    foldOfficer(before, entry(kind, payload, { revision: 2 }))
  for (const [kind, payload, claims, ends] of [
    ['officer.password-set', { hash: 'n', first: false }, true, true],
    ['officer.password-set', { hash: 'n', first: true }, true, true],
    ['officer.factor-set', { factor: 'f' }, true, false],
    ['officer.bound', { directory: 'd' }, true, false],
    ['officer.unbound', {}, true, true],
    ['officer.changed', { name: '李四', authority: '省局', roles: [] }, false, true],
    ['officer.reset-allowed', { to: 'officer/x', until: '2026-03-09' }, false, false],
    ['officer.disabled', {}, false, true],
    ['officer.signed-out', {}, false, true],
    ['officer.painted', {}, false, false],
  ] as const) {
    const after = step(kind, payload)
    t.equal(after?.isUnclaimed, claims ? undefined : true, `${kind}: whose`)
    t.same([after?.revision, after?.epoch], [2, ends ? 2 : 1], `${kind}: sessions`)
  }
  for (const kind of [
    ...['officer.created', 'officer.reset-allowed', 'officer.bound', 'officer.factor-set'],
    ...['officer.passkey-added', 'officer.passkey-removed', 'officer.password-set', 'officer.changed'],
  ]) {
    const { isUnclaimed: _, ...claimed } = step(kind, null) ?? { isUnclaimed: true }
    const { isUnclaimed: __, ...before } = created ?? { isUnclaimed: true }
    t.same(claimed, { ...before, revision: 2 }, `${kind}, erased: moves the revision alone`)
  }
  const keyed = step('officer.passkey-added', key)
  if (keyed?.passkeys) {
    const both = step('officer.passkey-added', { ...key, id: 'l' }, keyed)
    t.same(
      both?.passkeys?.map(({ id }) => id),
      ['k', 'l'],
    )
    t.same(
      step('officer.passkey-removed', { id: 'k' }, both)?.passkeys?.map(({ id }) => id),
      ['l'],
      'one of two',
    )
    t.same(hasSecondFactor(both ?? keyed), true)
  }
  t.same(step('officer.passkey-removed', { id: 'k' })?.passkeys, [], 'of none')
  const strong = step('officer.factor-set', { factor: 'f' })
  if (!strong || !created) throw new Error('no account')
  t.same([hasSecondFactor(created), hasSecondFactor(strong)], [false, true])
  const bound = step('officer.bound', { directory: 'd', issuer: 'i' }, strong)
  t.match(bound, { directory: 'd', boundBy: { issuer: 'i', since: /^2026/ } })
  t.same(step('officer.bound', { directory: 'd' })?.boundBy, { since: '2026-03-02T02:00:00.000Z' })
  const allowed = step('officer.reset-allowed', { to: 'officer/x', until: '2026-03-09' }, bound)
  for (const [said, payload, factor, directory] of [
    ['their own', { hash: 'n', first: false, keepsDirectory: true }, 'f', 'd'],
    ['a first one', { hash: 'n', first: true, keepsDirectory: true }, undefined, 'd'],
    ['a first one of an older version', { hash: 'n', first: true }, undefined, undefined],
  ] as const) {
    const after = step('officer.password-set', payload, allowed)
    t.same(
      [after?.hash, after?.mustChange, after?.factor, after?.directory],
      ['n', payload.first, factor, directory],
      said,
    )
    t.equal(after?.resetAllowed, undefined, `${said}: a reset is used once`)
  }
  t.match(allowed?.resetAllowed, { to: 'officer/x' })
  t.match(step('officer.signed-out', {}, allowed)?.resetAllowed, { to: 'officer/x' }, 'signing out uses none')
  t.equal(step('officer.unbound', {}, bound)?.directory, undefined)
  const person = step('officer.changed', { name: '张三', authority: '省局', roles: [], person: 'p1' })
  t.equal(
    step('officer.changed', { name: '张三', authority: '省局', roles: [] }, person)?.person,
    'p1',
    'stays',
  )
  const day = 24 * 3_600_000
  const set = Date.parse('2026-03-02T02:00:00.000Z')
  t.equal(FIRST_PASSWORD_DAYS, 7)
  for (const [after, expired] of [
    [7 * day - 1, false],
    [7 * day, false],
    [7 * day + 1, true],
  ] as const)
    t.equal(isExpired(created, new Date(set + after)), expired, `${after}`)
  t.notOk(isExpired({ ...created, mustChange: false }, new Date(set + 99 * day)))
})

t.test('a password is its own, as long as twice the longest and no longer', async (t) => {
  const [own, long, longer] = ['正确的密码一句', 'x'.repeat(400), 'x'.repeat(401)]
  const hash = await hashOf(own)
  t.same(
    [await isPassword(own, hash), await isPassword(`${own}.`, hash), await isPassword(own, undefined)],
    [...[true, false, false]],
  )
  t.notOk(await isPassword('nobody has this password', undefined), 'that of nobody opens nothing')
  t.same(
    [await isPassword(long, await hashOf(long)), await isPassword(longer, await hashOf(longer))],
    [true, false],
  )
  t.notOk(await isPassword(longer, await hashOf('')), 'what is too long is not the empty one')
})

t.test('what opens a session once, used as far as it was, and what is asked to be signed', async (t) => {
  const sessions = new Sessions(':memory:')
  t.teardown(() => sessions.close())
  for (const [what, to, is] of [
    ['a', 0, true],
    ['a', 1, true],
    ['a', 1, false],
    ['a', 0, false],
    ['a', 3, true],
    ['a', 2, false],
    ['b', 2, true],
    ['c', 0, true],
    ['c', 0, true],
  ] as const)
    t.equal(await sessions.advance(what, to), is, `${what} to ${to}`)
  t.equal(ASKED_MS, 5 * 60_000)
  for (const [after, is] of [
    [ASKED_MS - 1, true],
    [ASKED_MS, true],
    [ASKED_MS + 1, false],
  ] as const) {
    await sessions.ask('a', 'sign this', 1000)
    t.equal(await sessions.takeAsked('b', 1000 + after), undefined, 'of another')
    t.equal(await sessions.takeAsked('a', 1000 + after), is ? 'sign this' : undefined, `${after}`)
    t.equal(await sessions.takeAsked('a', 1000 + after), undefined, 'once')
  }
})

t.test('the rights that there are', async (t) => {
  t.same(scopes, [
    ...['records:read', 'records:write', 'ratings:write', 'ratings:approve', 'standards:write'],
    ...['supervision:write', 'listings:write', 'listings:decide', 'platform:read', 'audit:read'],
    ...['officers:write', 'admin'],
  ])
})

t.test('a message is tried again after waits that grow, three days in all', async (t) => {
  const [minute, hour] = [60_000, 3_600_000]
  t.same(RETRY_DELAYS_MS, [
    ...[5000, minute, 5 * minute, 30 * minute, 2 * hour, 5 * hour],
    ...[10 * hour, 14 * hour, 20 * hour, 20 * hour],
  ])
})

t.test('how far a consumer follows: what it was sent, and took in, by epoch and by day', async (t) => {
  const following = new Following(':memory:')
  t.teardown(() => following.close())
  const nothing = {
    sent: 0,
    acknowledged: 0,
    epoch: '',
    schema: '',
    seenAt: '',
    acknowledgedAt: '',
    error: '',
    errorAt: '',
  }
  t.same(following.one('a'), nothing)
  const [first, second] = ['2026-03-02T15:59:59.000Z', '2026-03-02T16:00:00.000Z']
  await following.sent('a', { position: 5, epoch: 'e', schema: 'x', at: first })
  await following.sent('a', { position: 3, epoch: 'e', schema: 'x', at: first })
  t.match(following.one('a'), { sent: 5, epoch: 'e', seenAt: first }, 'never less')
  await following.acknowledged('a', 4, first)
  await following.sent('a', { position: 7, epoch: 'e', schema: 'x', at: second })
  t.match(following.one('a'), { sent: 7, acknowledged: 4, acknowledgedAt: first, seenAt: second })
  const days = () =>
    following
      .reached()
      .map(({ consumer, what, day, position }) => `${consumer} ${what} ${day} ${position}`)
      .sort()
  t.same(
    days(),
    ['a acknowledged 2026-03-02 4', 'a sent 2026-03-02 5', 'a sent 2026-03-03 7'],
    'days of Shanghai',
  )
  await following.failed('a', '断网', second)
  t.match(following.one('a'), { sent: 7, error: '断网', errorAt: second })
  t.same(following.one('b'), nothing, 'of two the other')
  await following.sent('a', { position: 2, epoch: 'f', schema: 'x', at: second })
  t.match(following.one('a'), { sent: 2, acknowledged: 0, epoch: 'f' }, 'another epoch begins anew')
  await following.acknowledged('a', 2, second)
  await following.sent('a', { position: 1, epoch: 'f', schema: 'y', at: second })
  t.match(following.one('a'), { sent: 1, acknowledged: 0, schema: 'y' }, 'other rules too')
  const receipt = (id: string, outcome: 'taken' | 'refused') => ({
    ...{ orgCode: 'x', id, position: 1, outcome, code: '', reason: '' },
  })
  t.same(following.outcomes('a'), { taken: 0, refused: 0 })
  await following.answered(
    'a',
    [receipt('p', 'taken'), receipt('q', 'refused'), receipt('r', 'taken')],
    first,
  )
  t.same(following.outcomes('a'), { taken: 2, refused: 1 })
  await following.answered('a', [receipt('q', 'taken')], second)
  t.same(following.outcomes('a'), { taken: 3, refused: 0 }, 'the last answer about each')
  t.same(following.outcomes('b'), { taken: 0, refused: 0 })
})

t.test('a webhook moves from where it was found, and nowhere else', async (t) => {
  const following = new Following(':memory:')
  t.teardown(() => following.close())
  const { webhooks } = following
  const webhook = (consumer: string): Webhook => ({
    ...{ consumer, id: `w${consumer}`, url: 'https://a', key: 'k', secret: 's', position: 5, epoch: 'e' },
    ...{
      told: 5,
      round: 0,
      schema: 'x',
      upTo: null,
      attempts: 0,
      dueAt: '',
      stopped: '',
      outcome: '',
      outcomeAt: '',
    },
  })
  await webhooks.put(webhook('b'))
  await webhooks.put(webhook('a'))
  t.same(
    webhooks.all().map(({ consumer }) => consumer),
    ['a', 'b'],
  )
  const letter = { consumer: 'a', after: 5, upTo: 9, epoch: 'e', why: '断网', at: '' }
  for (const change of [
    ...[{ id: 'other' }, { position: 4 }, { epoch: 'f' }, { schema: 'y' }, { upTo: 9 }, { attempts: 1 }],
    { stopped: '停' },
  ]) {
    t.notOk(
      await webhooks.move({ ...webhook('a'), ...change }, { position: 9 }, letter),
      JSON.stringify(change),
    )
    t.equal(webhooks.one('a')?.position, 5)
  }
  t.notOk(await webhooks.move(webhook('c'), { position: 9 }), 'none')
  t.same(webhooks.dead('a'), [])
  t.ok(await webhooks.move({ ...webhook('a'), url: 'https://b', outcome: '另' }, { position: 9 }, letter))
  t.same([webhooks.one('a')?.position, webhooks.one('b')?.position], [9, 5], 'of two the one')
  await webhooks.move({ ...webhook('a'), position: 9 }, { position: 10 }, { ...letter, after: 9 })
  t.same(
    webhooks.dead('a').map(({ after, takenAt }) => [after, takenAt]),
    [
      [9, ''],
      [5, ''],
    ],
  )
  t.same(webhooks.dead('b'), [])
  const [last] = webhooks.dead('a')
  await webhooks.sentAgain(last?.n ?? 0, { takenAt: '2026-03-02', why: '' })
  t.same(
    webhooks.dead('a').map(({ takenAt }) => takenAt),
    ['2026-03-02', ''],
    'of two the one',
  )
  await webhooks.remove('a')
  t.same(
    webhooks.all().map(({ consumer }) => consumer),
    ['b'],
  )
})

t.test('the last thousand messages that nobody took are kept, of each consumer', async (t) => {
  const following = new Following(':memory:')
  t.teardown(() => following.close())
  const { webhooks } = following
  const own: Webhook = {
    ...{ consumer: 'a', id: 'w', url: '', key: '', secret: '', position: 0, epoch: '', schema: '' },
    ...{ told: 0, round: 0 },
    ...{ upTo: null, attempts: 0, dueAt: '', stopped: '', outcome: '', outcomeAt: '' },
  }
  await webhooks.put(own)
  const bury = (after: number) =>
    webhooks.move(own, { outcome: '' }, { consumer: 'a', after, upTo: after, epoch: '', why: '', at: '' })
  for (let n = 1; n <= 1000; n += 1) await bury(n)
  t.equal(webhooks.dead('a').length, 1000)
  await bury(1001)
  t.same([webhooks.dead('a').length, webhooks.dead('a').at(-1)?.after], [1000, 2])
})

t.test('whose words: where a firm has moved, who is asked instead, what can still be done', async (t) => {
  const touched = (owner: string | undefined, place: string | undefined, more: Partial<Touched> = {}) => ({
    ...(owner !== undefined && { owner: made(owner) }),
    place,
    ...more,
  })
  const unplaced = officer('free', 'county', { region: '130102' })
  const writer = (name: string, of: string) => officer(name, of)
  for (const [said, whose, thing, actor, words] of [
    ['its place', 'place', touched('county', '130102'), people.clerk, undefined],
    ['elsewhere', 'place', touched('county', '130202'), people.clerk, /在.*路南区，不属.*长安区管辖/],
    ['no place', 'place', touched(undefined, undefined), unplaced, /没有写明该企业的行政区划/],
    ['no place, the province', 'place', touched(undefined, undefined), people.province, undefined],
    [
      'its own case after a move',
      'placeOrMaker',
      touched(undefined, '130202', { makers: () => [made('county')] }),
      people.clerk,
      undefined,
    ],
    [
      'that of one below after a move',
      'placeOrMaker',
      touched(undefined, '130202', { makers: () => [made('county')] }),
      people.city,
      undefined,
    ],
    [
      'of two cases one',
      'placeOrMaker',
      touched(undefined, '130202', { makers: () => [made('province'), made('county')] }),
      people.clerk,
      undefined,
    ],
    [
      "another's case after a move",
      'placeOrMaker',
      touched(undefined, '130202', { makers: () => [made('city')] }),
      people.clerk,
      /不属/,
    ],
    [
      'no case after a move',
      'placeOrMaker',
      touched(undefined, '130202', { makers: () => [] }),
      people.clerk,
      /不属/,
    ],
    ['no makers at all', 'placeOrMaker', touched(undefined, '130202'), people.clerk, /不属/],
    ['what it made, elsewhere', 'owner', touched('county', '130202'), people.clerk, undefined],
    [
      'what another made, elsewhere',
      'owner',
      touched('city', '130202'),
      people.clerk,
      /该事项属石家庄市局，由石家庄市局办理。$/,
    ],
    [
      'what another made here',
      'owner',
      touched('city', '130102', { isDoubtable: true }),
      people.clerk,
      /由石家庄市局办理；您可以向其提出疑义/,
    ],
    [
      'what another made elsewhere',
      'owner',
      touched('city', '130202', { isDoubtable: true }),
      people.clerk,
      /由石家庄市局办理。$/,
    ],
    [
      'or above',
      'ownerOrAbove',
      touched('county', '130102'),
      people.elsewhere,
      /由长安区局或者其上级机关办理/,
    ],
    [
      'or above, of its neighbour',
      'ownerOrAbove',
      touched('tangshan', '130102'),
      people.city,
      /由唐山市局或者其上级机关办理/,
    ],
    ['the next above', 'nextAbove', touched('county', '130102'), people.city, undefined],
    [
      'one too high',
      'nextAbove',
      touched('county', '130102'),
      people.province,
      /须经上一级.*不是其上一级，请由石家庄市局办理/,
    ],
    ['not above', 'nextAbove', touched('city', '130100'), people.city, /不是其上级，请由省局办理/],
    ['above the province', 'nextAbove', touched('province', '130102'), people.province, /不是其上级。$/],
    ['nobody made it', 'owner', touched(undefined, '130102'), people.clerk, undefined],
    ['the province', 'province', touched(undefined, '130102'), people.province, undefined],
    ['not the province', 'province', touched(undefined, '130102'), people.clerk, /长安区局不是省级机关/],
    [
      'a bound officer of it',
      'province',
      touched(undefined, '130102'),
      officer('b', 'province', { region: '130100' }),
      /不是省级机关/,
    ],
    ['within the scope', 'scope', touched(undefined, '130102'), people.city, undefined],
    [
      'beyond the scope',
      'scope',
      touched(undefined, '130200'),
      people.city,
      /范围是.*唐山市，超出了石家庄市局的范围/,
    ],
    ['the whole province', 'scope', touched(undefined, undefined), people.city, /范围是全省/],
    ['the whole province, the province', 'scope', touched(undefined, undefined), people.province, undefined],
    [
      'outside files, its own',
      'owner',
      touched('county', undefined, { title: '提请' }),
      people.clerk,
      undefined,
    ],
    [
      'outside files, elsewhere',
      'owner',
      touched('county', '130202', { title: '提请' }),
      people.clerk,
      undefined,
    ],
    [
      'outside files, of one below',
      'ownerOrAbove',
      touched('county', undefined, { title: '提请' }),
      people.city,
      undefined,
    ],
    [
      'outside files, with narrower bounds',
      'ownerOrAbove',
      touched('county', undefined, { title: '提请' }),
      officer('n', 'city', { region: '130104' }),
      /^提请属长安区局/,
    ],
    [
      'administered',
      'administered',
      touched('county', undefined, { account: 'officer/x' }),
      people.city,
      undefined,
    ],
    [
      'their own',
      'administered',
      touched('county', undefined, { account: 'officer/clerk' }),
      people.clerk,
      /自己的账号/,
    ],
    [
      'their own by another account',
      'administered',
      touched('county', undefined, { account: 'officer/x', person: 'clerk' }),
      people.clerk,
      /自己的账号/,
    ],
    [
      "another's",
      'administered',
      touched('county', undefined, { account: 'officer/x', person: 'other' }),
      people.clerk,
      undefined,
    ],
    [
      "a key of another's",
      'administered',
      touched('city', undefined, { account: 'key/x' }),
      people.clerk,
      /^该密钥属石家庄市局，只能由石家庄市局或者其上级/,
    ],
    [
      "a consumer of another's",
      'administered',
      touched('city', undefined, { account: 'consumer/x' }),
      people.clerk,
      /^该取用方属/,
    ],
    [
      'an authority above',
      'administered',
      touched('province', undefined, { title: '省局' }),
      people.clerk,
      /^省局只能由省局的管理员办理/,
    ],
    [
      'its own, as if from above',
      'administeredAbove',
      touched('county', undefined),
      people.clerk,
      /由长安区局的上级机关的管理员办理/,
    ],
    ['from above', 'administeredAbove', touched('county', undefined), people.city, undefined],
    [
      'the province of its own',
      'administeredAbove',
      touched('province', undefined),
      people.province,
      undefined,
    ],
    ['of nobody', 'administeredAbove', touched(undefined, undefined), people.clerk, undefined],
    [
      'by whoever holds the data directory',
      'administeredAbove',
      touched('county', undefined),
      officer('root', 'county', { id: undefined }),
      undefined,
    ],
    ['not below', 'administeredAbove', touched('city', undefined), people.clerk, /只能由石家庄市局/],
  ] as [string, Whose, Touched, Acting, RegExp | undefined][]) {
    const found = whoseHindrance(whose, thing, actor, authorities)
    if (words) t.match(found, words, said)
    else t.equal(found, undefined, said)
  }
  t.same(
    [
      mayDoubt({ isDoubtable: true, place: '130102' }, writer('w', 'county')),
      mayDoubt({ isDoubtable: true, place: '130202' }, writer('w', 'county')),
      mayDoubt({ isDoubtable: true, place: '130102' }, { rights: ['records:read'], region: '130102' }),
      mayDoubt({ place: '130102' }, writer('w', 'county')),
    ],
    [true, false, false, false],
  )
})

t.test('who sees what is not everybody’s', async (t) => {
  for (const [said, thing, actor, words] of [
    ['its own', { owner: made('county') }, people.clerk, undefined],
    [
      'its own, of a firm that has moved',
      { owner: made('county'), place: '130202' },
      people.clerk,
      undefined,
    ],
    ['of one below', { owner: made('county') }, people.city, undefined],
    [
      'of one below, of a firm that has moved',
      { owner: made('county'), place: '130202' },
      people.city,
      undefined,
    ],
    [
      'of one above',
      { owner: made('city') },
      people.clerk,
      /^该事项属石家庄市局，由石家庄市局或者其上级机关查看；您所在的机关是长安区局。$/,
    ],
    ['of the province', { owner: made('province'), title: '案件' }, people.clerk, /^案件属省局，由省局查看/],
    [
      'with narrower bounds',
      { owner: made('county') },
      officer('n', 'city', { region: '130104' }),
      /范围限于.*桥西区/,
    ],
    [
      'within narrower bounds',
      { owner: made('city'), place: '130104' },
      officer('n', 'city', { region: '130104' }),
      undefined,
    ],
    ["nobody's, here", { place: '130102' }, people.clerk, undefined],
    ["nobody's, elsewhere", { place: '130202' }, people.clerk, /在.*路南区，由当地机关/],
    ['the province', { owner: made('tangshan') }, people.province, undefined],
    [
      'an auditor',
      { owner: made('tangshan') },
      officer('a', 'county', { rights: ['audit:read'] }),
      undefined,
    ],
    [
      'with narrower bounds that are its owner’s',
      { owner: made('county') },
      officer('n', 'city', { region: '130102' }),
      undefined,
    ],
  ] as [string, Touched, Acting, RegExp | undefined][]) {
    const found = sightHindrance(thing, actor, authorities)
    if (words) t.match(found, words, said)
    else t.equal(found, undefined, said)
  }
  t.same(
    [
      people.province,
      people.city,
      officer('b', 'province', { region: '130100' }),
      officer('a', 'county', { rights: ['audit:read'] }),
      officer('root', 'county', { id: undefined }),
    ].map(seesAll),
    [true, false, false, true, true],
  )
})

t.test('the places that somebody is bound to, with what their authority took over', async (t) => {
  const body = { ...made('city'), also: ['130200'] }
  for (const [region, places] of [
    [undefined, []],
    ['130100', ['130100', '130200']],
    ['130102', ['130102']],
  ] as const)
    t.same(placesOf({ region, body }), places, `${region}`)
  t.same(placesOf({ region: '130100', body: made('city') }), ['130100'])
  t.same(
    ['130100', '130102', '130202', '130300', undefined].map((place) => answersFor(body, place)),
    [true, true, true, false, false],
  )
  const merged = { ...made('city'), from: 'old' }
  for (const [said, actor, owner, isUnbound] of [
    ['their whole authority', people.city, made('city'), true],
    ['a part', officer('n', 'city', { region: '130102' }), made('city'), false],
    [
      'what was theirs',
      officer('n', 'city', { region: '130102', home: '130102', body: merged }),
      merged,
      true,
    ],
    [
      'what is its successor’s',
      officer('n', 'city', { region: '130102', home: '130102', body: merged }),
      made('city'),
      false,
    ],
    ['another home', officer('n', 'city', { region: '130102', home: '130104', body: merged }), merged, false],
  ] as const)
    t.equal(isUnboundFor(actor, owner), isUnbound, said)
})

t.test('two persons: nobody twice, no machine second, nobody whose number is not known', async (t) => {
  const nobody = officer('x', 'county', { unidentified: 'officer/x' })
  const machine = officer('m', 'county', { isMachine: true })
  for (const [first, second, words] of [
    [people.clerk, people.head, undefined],
    [people.clerk, people.clerk, /不能是同一个人/],
    [nobody, people.head, /officer\/x 没有登记工号/],
    [people.head, nobody, /officer\/x 没有登记工号/],
    [people.head, machine, /接口密钥不能作第二个人/],
    [machine, people.head, /长安区局的接口密钥办理/],
    [machine, people.city, undefined],
  ] as const) {
    const found = secondHindrance(first, second)
    if (words) t.match(found, words)
    else t.equal(found, undefined)
  }
  t.equal(rightHindrance(people.clerk, 'ratings:approve', 'records:write'), undefined, 'any one of them')
  t.match(rightHindrance(people.clerk, 'ratings:approve'), /没有此项操作所需的权限/)
})

t.test('which of several is the highest, who took over whom, what one is called today', async (t) => {
  const bodies = [made('county'), made('city'), made('tangshan')]
  t.same(
    highestOf(bodies).map(({ id }) => id),
    ['city', 'tangshan'],
  )
  t.same(
    highestOf([made('county')]).map(({ id }) => id),
    ['county'],
  )
  t.same(
    [isLower('county', 'city'), isLower('city', 'city'), isLower('province', 'city')],
    [true, false, false],
  )
  const one = (id: string, name: string, more: Partial<Authority> = {}): Authority => ({
    ...{ id, name, level: levelOf(more.region), revision: 1, openedAt: '', formerNames: [], accounts: [] },
    ...more,
  })
  const known = new Authorities([
    one('a', '甲市场监管局', { region: '130102', formerNames: ['甲工商局'], above: 'c' }),
    one('b', '乙局', { region: '130104', successor: 'a', takesOver: true }),
    one('d', '丁局', { region: '130105', successor: 'b', takesOver: true }),
    one('e', '戊局', { region: '130107', successor: 'a' }),
    one('c', '丙局', { region: '130100' }),
  ])
  t.same(known.bodyOf({ owner: 'b', authority: '' }), {
    ...{ id: 'a', name: '甲市场监管局', level: 'county', region: '130102', above: 'c' },
    ...{ also: ['130104', '130105'], from: 'b' },
  })
  const whole = known.bodyOf({ owner: 'c', authority: '' })
  t.same(Object.keys(whole).sort(), ['id', 'level', 'name', 'region'], 'nothing that it has not')
  t.equal(known.calledToday({ authority: '甲市场监管局' }), '甲市场监管局')
  t.equal(known.calledToday({ authority: '甲工商局' }), '甲市场监管局（原甲工商局）')
  t.equal(known.calledToday({ authority: '不详' }), '不详')
  t.same(known.today({ authority: '甲市场监管局' }), { name: '甲市场监管局' })
  t.same(
    [known.placeOf({ owner: 'b', authority: '' }), known.placeOf({ authority: '不详', region: '130102' })],
    ['130104', '130102'],
  )
})

t.test('where no receiver of messages may stand, inside a private network either', async (t) => {
  for (const [address, isReceiver] of [
    ['0.255.255.255', false],
    ['1.0.0.0', true],
    ['10.0.0.1', true],
    ['127.0.0.1', true],
    ['169.253.255.255', true],
    ['169.254.0.0', false],
    ['169.254.255.255', false],
    ['169.255.0.0', true],
    ['192.168.0.1', true],
    ['223.255.255.255', true],
    ['224.0.0.0', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', true],
    ['::ffff:169.254.169.254', false],
    ['::ffff:a9fe:a9fe', false],
    ['fc00::1', true],
    ['fe7f::1', true],
    ['fe80::1', false],
    ['febf::1', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['2400:3200::1', true],
    ['credit.example.com', false],
  ] as const)
    t.equal(isReceiverAddress(address), isReceiver, address)
})
