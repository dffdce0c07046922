import t, { type Test } from 'tap'
import type { Scope } from '../../src/authority/keys.ts'
import type { Role } from '../../src/authority/roles.ts'
import { addDays, shanghaiDate } from '../../src/calendar/dates.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { type TestRegistry, testRegistry } from '../support.ts'

/** Accounts and keys as administrators look after them: what one may do alone, and what takes a second. */

const author = { authority: '系统管理', officer: '命令行' }
const PASSWORD = 'correct horse battery'

const admins = {
  province: '省局',
  city: '石家庄市局',
  city2: '石家庄市局',
  county: '长安区局',
  county2: '长安区局',
  neighbour: '井陉县局',
  elsewhere: '唐山市局',
} as const

interface Account {
  authority?: string
  roles: Role[]
  staffNo?: string
  region?: string
}

async function office(t: Test) {
  const server = await testRegistry(t)
  const { registry } = server
  for (const name of ['省局', '石家庄市局', '唐山市局', '长安区局', '井陉县局'])
    await registry.authorities.open({ name, ...(name === '省局' && { level: 'province' }) }, author)
  const account = (login: string, { authority = '长安区局', roles, ...more }: Account) =>
    registry.officers.create(
      { login, name: `姓名${login}`, authority, roles, password: PASSWORD, ...more },
      author,
    )
  for (const [login, authority] of Object.entries(admins))
    await account(login, { authority, roles: ['administrator'], staffNo: `A-${login}` })
  return { ...server, account, ...asOfficers(server) }
}

/** What officers come to with what they do: done, put forward, or refused and why. */
function asOfficers({ registry }: TestRegistry) {
  let n = 0
  const by = (id: string) => {
    n += 1
    return { actor: { id, authority: '', officer: '' }, command: `${id}/${n}` }
  }
  const idOf = (who: string) => (who.includes('/') ? who : `officer/${who}`)
  async function tried<T extends object>(work: Promise<T>) {
    try {
      return { was: 'done', why: '', ...(await work) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { was: error.reason, why: error.title }
    }
  }
  return {
    async attempt(who: string, act: string, id: string | undefined, input: unknown) {
      const on = id === undefined ? {} : { id }
      const done = await tried(registry.acts.perform(registry.acts.named(act), on, input, by(idOf(who))))
      const { proposal, secret } = { proposal: undefined, secret: undefined, ...done }
      return { was: proposal ? 'proposed' : done.was, why: done.why, proposal: proposal?.id ?? '', secret }
    },
    confirm: (who: string, id: string) => tried(registry.acts.confirm(id, by(idOf(who)))),
    seen: (who: string, id: string) =>
      tried(Promise.resolve().then(() => registry.acts.proposal(id, by(idOf(who)).actor))),
    listed: (who: string) =>
      registry.acts
        .proposals(by(idOf(who)).actor, { status: 'open', after: '', limit: 100 })
        .items.map(({ own }) => own.id),
    foreseen: async (who: string, id: string) =>
      (await registry.acts.foreseen(id, by(idOf(who)).actor)).lines,
  }
}

const changed = (more: object = {}) => ({
  name: '姓名x',
  authority: '长安区局',
  roles: ['reviewer'],
  ...more,
})

t.test(
  'the first password of who decides is told to the proposer alone, once a second has confirmed',
  async (t) => {
    const { registry, clock, account, attempt, confirm } = await office(t)
    await account('decider', { roles: ['reviewer'], staffNo: '1' })
    await account('plain', { roles: ['recorder'], staffNo: '2' })
    t.match(await attempt('county', 'reset-password', 'plain', {}), { was: 'done', secret: { text: /./ } })
    const epoch = () => registry.officers.one('decider')?.epoch
    const before = epoch()
    const asked = await attempt('county', 'reset-password', 'decider', { password: 'a password of mine' })
    t.match(asked, { was: 'proposed', secret: undefined })
    t.equal(epoch(), before, 'nothing has changed')
    t.notMatch(
      JSON.stringify(registry.officers.one('decider')),
      /password of mine/,
      'and nothing secret waits',
    )
    t.equal((await attempt('county', 'reset-password', 'decider', {})).was, 'exists', 'one at a time')
    t.match(await confirm('county', asked.proposal), { was: 'forbidden', why: /同一个人/ })
    t.match(await confirm('neighbour', asked.proposal), { was: 'forbidden' })
    const confirmed = await confirm('county2', asked.proposal)
    t.equal(confirmed.was, 'done')
    t.notOk('secret' in confirmed && confirmed.secret, 'who confirms is told nothing')
    t.equal(epoch(), before, 'the old password goes on until the new one is made')
    t.match(
      await attempt('county2', 'reset-password', 'decider', {}),
      { was: 'proposed' },
      'it is allowed to nobody else',
    )
    const told = await attempt('county', 'reset-password', 'decider', {})
    t.match(told, { was: 'done', secret: { label: /账号 decider 的首次密码/ } })
    t.equal((await registry.officers.authenticate('decider', told.secret?.text ?? ''))?.mustChange, true)
    t.match(await attempt('county', 'reset-password', 'decider', {}), { was: 'proposed' }, 'and it was once')
    const [, second] = registry.officers.one('decider')?.proposals ?? []
    t.match(second, { status: 'lapsed', settled: { reason: '密码已经更改' } }, 'what waited beside it')

    for (const [days, was] of [
      [2, 'done'],
      [3, 'done'],
      [4, 'proposed'],
    ] as const) {
      const today = shanghaiDate(clock.now())
      await account(`other${days}`, { roles: ['publisher'], staffNo: `3${days}` })
      const { proposal } = await attempt('county', 'reset-password', `other${days}`, {})
      await confirm('county2', proposal)
      clock.set(`${addDays(today, days)}T02:00:00.000Z`)
      t.equal((await attempt('county', 'reset-password', `other${days}`, {})).was, was, `${days} days after`)
    }
    await registry.officers.setPassword('decider', 'another first one', { author, first: true })
    t.equal(registry.officers.one('decider')?.mustChange, true, 'who holds the data directory needs nobody')
  },
)

t.test(
  'what lets an account decide, further, or as somebody else, waits for a second administrator',
  async (t) => {
    const { registry, account, attempt, confirm, foreseen } = await office(t)
    let n = 0
    for (const [had, to, who, was, why] of [
      [{ roles: ['reviewer'] }, {}, 'county', 'done', ''],
      [{ roles: ['reviewer'] }, { staffNo: 'same' }, 'county', 'done', ''],
      [{ roles: ['reviewer'] }, { staffNo: 'other' }, 'county', 'proposed', /工号/],
      [{ roles: ['recorder'] }, { roles: ['recorder'], staffNo: 'other' }, 'county', 'proposed', /工号/],
      [
        { roles: ['reviewer'], authority: '长安区局' },
        { authority: '井陉县局' },
        'city',
        'proposed',
        /由长安区局改属井陉县局/,
      ],
      [
        { roles: ['reviewer'], authority: '长安区局' },
        { authority: '石家庄市局' },
        'city',
        'proposed',
        /改属石家庄市局/,
      ],
      [
        { roles: ['recorder'], authority: '长安区局' },
        { roles: ['recorder'], authority: '石家庄市局' },
        'city',
        'done',
        '',
      ],
      [
        { roles: ['reviewer'], authority: '石家庄市局', region: '130102' },
        { authority: '石家庄市局' },
        'city',
        'proposed',
        /范围/,
      ],
      [
        { roles: ['reviewer'], authority: '石家庄市局', region: '130102' },
        { authority: '石家庄市局', region: '130102' },
        'city',
        'done',
        '',
      ],
      [
        { roles: ['reviewer'], authority: '石家庄市局' },
        { authority: '石家庄市局', region: '130102' },
        'city',
        'done',
        '',
      ],
      [
        { roles: ['recorder'], authority: '石家庄市局', region: '130102' },
        { roles: ['recorder'], authority: '石家庄市局' },
        'city',
        'done',
        '',
      ],
      [{ roles: ['recorder'] }, {}, 'county', 'proposed', /给予“审核”岗位/],
      [{ roles: ['reviewer', 'recorder'] }, { roles: ['recorder'] }, 'county', 'done', ''],
      [{ roles: ['auditor'] }, { roles: ['recorder', 'auditor'] }, 'county', 'done', ''],
    ] as const) {
      n += 1
      const login = `who${n}`
      const staffNo = `S-${n}`
      await account(login, { ...had, roles: [...had.roles], staffNo })
      const before = registry.officers.one(login)
      const said = 'staffNo' in to && to.staffNo === 'same' ? { ...to, staffNo } : to
      const asked = await attempt(who, 'change-officer', login, changed(said))
      const words = JSON.stringify([had, to])
      t.equal(asked.was, was, words)
      if (was !== 'proposed') continue
      t.equal(registry.officers.one(login)?.epoch, before?.epoch, `${words}: nothing yet`)
      const [waiting] = registry.officers.one(login)?.proposals ?? []
      t.match(waiting?.why, why, words)
      t.notMatch(JSON.stringify(waiting), /other/, 'a staff number is kept as a hash only')
      const lines = await foreseen('city2', asked.proposal)
      t.ok(
        lines.some((line) => line.before !== line.after),
        `${words}: before and after`,
      )
      t.match(lines.find(({ label }) => label === '范围')?.before, /河北省石家庄市/, 'and its bounds')
      t.equal((await confirm(who, asked.proposal)).was, 'forbidden', `${words}: not by the same`)
      t.equal((await confirm('city2', asked.proposal)).was, 'done', `${words}: by a second`)
      t.match(registry.officers.one(login), { name: '姓名x', roles: to.roles ?? ['reviewer'] }, words)
      if ('staffNo' in to) t.not(registry.officers.one(login)?.person, before?.person)
      else t.equal(registry.officers.one(login)?.person, before?.person, `${words}: the same person`)
    }
  },
)

t.test('a change of an account overtakes what waited on it', async (t) => {
  const { registry, account, attempt, confirm } = await office(t)
  await account('wang', { roles: ['recorder'], staffNo: '1' })
  const { proposal } = await attempt('county', 'grant-duties', 'wang', { roles: ['reviewer'] })
  t.equal((await attempt('county', 'change-officer', 'wang', changed({ roles: ['recorder'] }))).was, 'done')
  t.match(await confirm('county2', proposal), { was: 'exists', why: /已经失效：账号已经调整/ })
  t.same(registry.officers.one('wang')?.roles, ['recorder'])
  const key = await attempt('county', 'create-key', undefined, {
    ...{ name: '系统', authority: '长安区局', scopes: ['listings:decide'] },
  })
  t.equal(key.was, 'done')
  const id = registry.keys.all().at(-1)?.id ?? ''
  const [waiting] = registry.keys.one(id)?.proposals ?? []
  await attempt('county', 'grant-scopes', id, { scopes: ['records:read'] })
  t.match(await confirm('county2', waiting?.id ?? ''), { was: 'exists', why: /已经失效/ })
})

t.test('a person known already under another account is remarked', async (t) => {
  const { registry, account, attempt, foreseen } = await office(t)
  await account('first', { roles: ['recorder'], staffNo: 'S-7' })
  await account('second', { roles: ['recorder'], staffNo: 's-7 ' })
  await account('third', { roles: ['recorder'], staffNo: 'S-8' })
  const others = (login: string) => registry.officers.sameOwner(login).map((one) => one.login)
  t.same([others('first'), others('second'), others('third')], [['second'], ['first'], []])
  const { proposal } = await attempt('county', 'grant-duties', 'first', { roles: ['reviewer'] })
  t.match(
    (await foreseen('county2', proposal)).find(({ label }) => label === '工号')?.before,
    /与账号 second 相同/,
  )
  await registry.acts.carryOut('disable-officer', { id: 'second' }, {}, author)
  t.same(others('first'), [], 'one that is closed is no account any more')
})

t.test('a key that acts for somebody has what they have, as long as they have it', async (t) => {
  const { registry, account, attempt, confirm } = await office(t)
  await account('wang', { roles: ['recorder', 'reviewer'], staffNo: '1', authority: '石家庄市局' })
  const scopes: Scope[] = ['records:write', 'listings:write', 'listings:decide']
  const ask = (who: string, more: object = {}) =>
    attempt(who, 'create-key', undefined, {
      ...{ name: '甲的密钥', authority: '石家庄市局', actsFor: 'wang', scopes, ...more },
    })
  t.match(await ask('county', { authority: '长安区局' }), {
    was: 'forbidden',
    why: /该账号属石家庄市局/,
  })
  t.match(await ask('elsewhere', { authority: '唐山市局' }), { was: 'forbidden' })
  t.match(await ask('province', { authority: '省局' }), { was: 'invalid' }, "another authority's key")
  t.match(await ask('city', { actsFor: 'city' }), { was: 'forbidden', why: /自己的账号/ })
  t.match(await ask('city', { actsFor: 'nobody' }), { was: 'invalid' })
  t.match(await ask('city', { scopes: ['ratings:approve'] }), { was: 'invalid' })
  const made = await ask('city')
  t.equal(made.was, 'done')
  const text = made.secret?.text ?? ''
  const key = () => registry.keys.authenticate(text)
  const id = key()?.id ?? ''
  t.same(key()?.scopes, [], 'even what decides nothing waits: who holds the key acts under another name')
  const [waiting] = registry.keys.one(id)?.proposals ?? []
  t.match(waiting?.why, /以账号 wang 的名义办理的 records:write/)
  t.equal((await confirm('city', waiting?.id ?? '')).was, 'forbidden')
  t.equal((await confirm('city2', waiting?.id ?? '')).was, 'done')
  t.same(key()?.scopes.toSorted(), [...scopes].sort())
  const change = async (changes: object) =>
    registry.acts.carryOut(
      'change-officer',
      { id: 'wang' },
      changed({ name: '王五', authority: '石家庄市局', roles: ['recorder', 'reviewer'], ...changes }),
      author,
    )
  await change({ roles: ['recorder'] })
  t.same(key()?.scopes.toSorted(), ['listings:write', 'records:write'], 'fewer duties')
  await change({ region: '130102' })
  t.equal(key()?.region, '130102', 'narrower bounds')
  await registry.acts.open(
    {
      codes: { orgCode: 'D2143569X' },
      data: { name: '示例公司', region: '130102' },
    },
    { actor: { id: `key/${id}`, authority: '', officer: '' }, command: 'x/1' },
  )
  const [opened] = await registry.files.history(registry.files.byCode('D2143569X'))
  t.equal(opened?.author.officer, '王五', 'entries name the person')
  await change({ authority: '长安区局' })
  t.equal(key(), undefined, 'who has gone to another authority left their keys behind')
  await change({})
  t.not(key(), undefined)
  await registry.acts.carryOut('disable-officer', { id: 'wang' }, {}, author)
  t.equal(key(), undefined, 'and with the account ends the key')
  t.match(await attempt(`key/${id}`, 'raise-query', undefined, {}), { was: 'forbidden', why: /密钥已停用/ })
})

t.test(
  'an account that nobody has said whose it is, is no pair of eyes, neither the first nor the second',
  async (t) => {
    const { registry, account, attempt, confirm } = await office(t)
    await account('nameless', { roles: ['administrator'] })
    await account('wang', { roles: ['auditor'], staffNo: '1' })
    const duties = (who: string) => attempt(who, 'grant-duties', 'wang', { roles: ['reviewer'] })
    t.match(await duties('nameless'), { was: 'forbidden', why: /账号 nameless 没有登记工号.*调整账号/ })
    t.equal((await attempt('nameless', 'grant-duties', 'wang', { roles: ['recorder'] })).was, 'done', 'alone')
    const { proposal } = await duties('county')
    t.match(await confirm('nameless', proposal), { was: 'forbidden', why: /账号 nameless 没有登记工号/ })
    await registry.acts.carryOut(
      'change-officer',
      { id: 'nameless' },
      { name: '名', authority: '长安区局', roles: ['administrator'], staffNo: '9' },
      author,
    )
    t.equal((await confirm('nameless', proposal)).was, 'done')
  },
)
