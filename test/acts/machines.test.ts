import t from 'tap'
import type { Scope } from '../../src/authority/keys.ts'
import type { Outcome } from '../../src/registry/acts.ts'
import { bureau, key, type people } from './bureau.ts'

/** What machines may begin and persons end, and what was put forward once it is settled. */

const RIGHTS: Scope[] = ['records:write', 'listings:write', 'listings:decide', 'records:read']
const ground = { ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由' }

async function withMachine(t: Parameters<typeof bureau>[0]) {
  const server = await bureau(t)
  const { registry, author, ids } = server
  const { key: made } = await registry.keys.create(
    { name: '接口', authority: '长安区局', scopes: RIGHTS },
    author,
  )
  // Whoever is called by this name acts by the machine's key.
  const asMachine = async <T>(work: () => Promise<T>): Promise<T> => {
    const own = ids.get('county2')
    ids.set('county2', `key/${made.id}`)
    try {
      return await work()
    } finally {
      if (own !== undefined) ids.set('county2', own)
    }
  }
  return { ...server, asMachine }
}

t.test(
  'a machine and one officer of its authority never list a firm, whoever above has consented',
  async (t) => {
    const { clock, penalty, attempt, file, asMachine } = await withMachine(t)
    const id = await penalty('county1', '县罚1号')
    const on = () => ({ code: key, id: file().cases.at(-1)?.id ?? '' })
    await asMachine(async () => {
      t.equal(
        (await attempt('county2', 'propose-listing', { code: key }, { ...ground, penalties: [id] })).was,
        'done',
      )
      t.equal(
        (await attempt('county2', 'serve-notice', on(), { servedOn: '2026-11-24', way: '直接送达' })).was,
        'done',
      )
    })
    clock.set('2026-12-02T02:00:00.000Z')
    const consent = await attempt('city1', 'consent-to-listing', on(), { granted: true, reasons: '同意' })
    t.equal(consent.was, 'done', consent.why)
    const decision = { listed: false, decisionNo: '1', decidedOn: '2026-12-02', reasons: '理由' }
    for (const person of ['county1', 'county2'] as const)
      t.match(
        await attempt(person, 'decide-listing', on(), decision),
        { was: 'forbidden', why: /接口密钥办理的/ },
        person,
      )
  },
)

t.test('what its own authority has to decide next no machine checks', async (t) => {
  const { penalty, attempt, asMachine, file } = await withMachine(t)
  const id = await penalty('county1', '县罚2号', {
    severity: '一般',
    decidedOn: '2026-02-02',
    publishedOn: '2026-02-10',
    fulfilledOn: '2026-03-01',
  })
  const on = { code: key, id }
  const applied = await asMachine(() =>
    attempt('county2', 'apply-early-end', on, { on: '2026-11-20', grounds: '已整改' }),
  )
  t.equal(applied.was, 'done', applied.why)
  const findings = { findings: '属实' }
  const refused = await asMachine(() => attempt('county2', 'check-early-end', on, findings))
  t.match(refused, { was: 'forbidden', why: /须由工作人员/ })
  t.equal(file().earlyEnds.at(-1)?.status, 'applied')
  t.equal((await attempt('county1', 'check-early-end', on, findings)).was, 'done')
  const decided = await attempt('county2', 'decide-early-end', on, { granted: false, reasons: '理由' })
  t.equal(decided.was, 'done', decided.why)
})

t.test('of what a machine entered, whoever took an objection in does not judge it alone', async (t) => {
  const { registry, penalty, attempt, asMachine, file } = await withMachine(t)
  const byMachine = await asMachine(() => penalty('county2', '县罚3号'))
  const byPerson = await penalty('county1', '县罚4号')
  const settled = { upheld: false, outcome: '核实无误' }
  const tried = async (id: string, taker: 'county1' | 'county2', judge: 'county1' | 'county2') => {
    const about = { kind: 'record', id }
    const filed = await attempt(
      taker,
      'file-objection',
      { code: key },
      { about, on: '2026-11-24', grounds: '有误' },
    )
    t.equal(filed.was, 'done', filed.why)
    const on = { code: key, id: file().objections.at(-1)?.id ?? '' }
    const { was } = await attempt(judge, 'settle-objection', on, settled)
    if (was !== 'done') await attempt('city1', 'settle-objection', on, settled)
    return was
  }
  t.equal(await tried(byMachine, 'county1', 'county1'), 'forbidden')
  t.equal(await tried(byMachine, 'county1', 'county2'), 'done')
  t.equal(
    await asMachine(() => tried(byMachine, 'county2', 'county1')),
    'done',
    'a machine that took it in is nobody',
  )
  t.equal(await tried(byPerson, 'county2', 'county1'), 'forbidden', 'who made it')
  t.equal(await tried(byPerson, 'county2', 'county2'), 'done', 'who took in what another made')
  t.ok(registry.acts)
})

t.test('what was put forward stays seen by whose it was, settled or moved', async (t) => {
  const { registry, penalty, attempt, settle, by, moveAway } = await bureau(t)
  const sees = (person: keyof typeof people, id: string) => registry.acts.sees(id, by(person).actor)
  const put = async (maker: 'county1' | 'province1', documentNo: string) => {
    const id = await penalty(maker, documentNo)
    const { outcome = {} } = await attempt(
      maker,
      'withdraw-record',
      { code: key, id },
      { reason: '登记有误' },
    )
    return outcome
  }
  const ours: Pick<Outcome, 'proposal'> = await put('county1', '县罚5号')
  const provinces: Pick<Outcome, 'proposal'> = await put('province1', '省罚5号')
  const seenBy = (id: string) =>
    (['county1', 'county2', 'city1', 'province2', 'neighbour', 'elsewhere'] as const).filter((one) =>
      sees(one, id),
    )
  const [own, above] = [ours.proposal?.id ?? '', provinces.proposal?.id ?? '']
  const [countys, thems] = [seenBy(own), seenBy(above)]
  t.same(countys, ['county1', 'county2', 'city1', 'province2'])
  t.same(thems, ['province2'])
  t.equal((await settle('county2', ours)).was, 'done')
  t.equal((await settle('province2', provinces)).was, 'done')
  t.same([seenBy(own), seenBy(above)], [countys, thems], 'once confirmed')
  await moveAway()
  t.same([seenBy(own), seenBy(above)], [countys, thems], 'once the firm has moved')
})

t.test('one’s own proposal is taken back by whichever account or key of the same person', async (t) => {
  const { registry, author, ids, penalty, attempt, settle } = await bureau(t)
  const id = await penalty('county1', '县罚6号')
  const { outcome = {} } = await attempt(
    'county1',
    'withdraw-record',
    { code: key, id },
    { reason: '登记有误' },
  )
  const second = await registry.keys.create(
    { name: '县甲二', authority: '长安区局', scopes: ['records:write'], actsFor: 'county1' },
    author,
  )
  ids.set('county1', `key/${second.key.id}`)
  t.equal((await settle('neighbour', outcome, '不是他的')).was, 'forbidden')
  t.same(
    await settle('county1', outcome, '收回'),
    { was: 'done', why: '' },
    'though it can’t confirm anything',
  )
})
