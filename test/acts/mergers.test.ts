import t from 'tap'
import type { Actor } from '../../src/authority/acting.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { penaltyOf, testRegistry, unifiedCode } from '../support.ts'

/** Which authority may be merged into which, and what becomes of its place, its people and what waits about it. */

const author = { authority: '系统管理', officer: '命令行' }
const AUTHORITIES = {
  省局: {},
  省药监局: {},
  石家庄市局: {},
  石家庄市药监局: {},
  唐山市局: {},
  长安区局: { above: '石家庄市局' },
  桥西区局: { region: '130104', above: '石家庄市局' },
} as const
type Name = keyof typeof AUTHORITIES
const names = Object.keys(AUTHORITIES) as Name[]

async function office(t: Parameters<typeof testRegistry>[0]) {
  const made = await testRegistry(t)
  const { registry } = made
  const ids = new Map<string, string>()
  for (const name of names) {
    const { above, ...more }: { region?: string; above?: string } = AUTHORITIES[name]
    const asked = { name, ...more, above: ids.get(above ?? '') }
    const { id } = await registry.authorities.open(asked, author)
    ids.set(name, id)
  }
  for (const name of names)
    for (const n of [1, 2]) {
      const login = `admin-${names.indexOf(name)}-${n}`
      const authority = registry.authorities.find(ids.get(name) ?? '').name
      const account = { login, name: login, authority, roles: ['administrator' as const], staffNo: login }
      await registry.officers.create({ ...account, password: 'correct horse battery' }, author)
    }
  const admin = (name: Name, n = 1): Actor => {
    const login = `admin-${names.indexOf(name)}-${n}`
    return { authority: name, officer: login, id: `officer/${login}` }
  }
  let n = 0
  const request = (actor: Actor) => {
    n += 1
    return { actor, command: `${actor.id}/${n}` }
  }
  const merge = async (name: Name, into: Name, actor: Actor, more: object = {}) => {
    const input = { into: ids.get(into), ...more }
    const act = registry.acts.named('merge-authority')
    return registry.acts.perform(act, { id: ids.get(name) ?? '' }, input, request(actor))
  }
  /** What something comes to: nothing, or the words of its refusal and of what is wrong with it. */
  const came = (work: Promise<unknown>) =>
    work.then(
      () => '',
      (error: unknown) => {
        if (!(error instanceof Refusal)) throw error
        return `${error.title} ${error.faults.map(({ detail }) => detail).join()}`
      },
    )
  const confirm = (id: string | undefined, actor: Actor) =>
    came(registry.acts.confirm(id ?? '', request(actor)))
  return { ...made, ids, admin, merge, came, confirm, request }
}

t.test('into one of no lower level whose place holds its own, or that takes it over outright', async (t) => {
  const { ids, registry, came } = await office(t)
  const merge = (name: Name, into: Name, more: object) =>
    came(
      registry.acts.carryOut(
        'merge-authority',
        { id: ids.get(name) ?? '' },
        { into: ids.get(into), ...more },
        author,
      ),
    )
  const level = /层级不能更低，区划不能更小/
  for (const takesOver of [true, false])
    for (const [name, into] of [
      ['省局', '石家庄市局'],
      ['省局', '长安区局'],
      ['石家庄市局', '长安区局'],
      ['石家庄市局', '桥西区局'],
      ['唐山市局', '长安区局'],
    ] as const)
      t.match(await merge(name, into, { takesOver }), level, `${name} into ${into}`)
  for (const [name, into, why] of [
    ['长安区局', '桥西区局', /桥西区局的区划不包含河北省石家庄市长安区；请写明由其接管/],
    ['长安区局', '唐山市局', /区划不包含/],
    ['石家庄市局', '唐山市局', /区划不包含河北省石家庄市/],
  ] as const)
    for (const more of [{}, { takesOver: false }])
      t.match(await merge(name, into, more), why, `${name} into ${into}`)
  t.same(
    registry.authorities.all().filter(({ successor }) => successor !== undefined),
    [],
  )
  for (const [name, into, more, isTaken] of [
    ['长安区局', '桥西区局', { takesOver: true }, true],
    ['桥西区局', '石家庄市局', {}, undefined],
    ['石家庄市药监局', '石家庄市局', { takesOver: true }, undefined],
    ['唐山市局', '石家庄市局', { takesOver: true }, true],
    ['石家庄市局', '省局', {}, undefined],
    ['省药监局', '省局', {}, undefined],
  ] as const) {
    t.equal(await merge(name, into, more), '', `${name} into ${into}`)
    t.match(registry.authorities.find(ids.get(name) ?? ''), { successor: ids.get(into) })
    t.equal(
      registry.authorities.find(ids.get(name) ?? '').takesOver,
      isTaken,
      `${name} into ${into}: its place`,
    )
  }
})

t.test('two administrators above both merge, and one of the two alone confirms nothing', async (t) => {
  const { admin, merge, confirm, came, registry, ids } = await office(t)
  for (const name of ['唐山市局', '长安区局', '桥西区局'] as const)
    t.match(
      await came(merge('长安区局', '桥西区局', admin(name), { takesOver: true })),
      /只能由|机关的管理员/,
      name,
    )
  const { proposal } = await merge('长安区局', '桥西区局', admin('石家庄市局'), { takesOver: true })
  for (const name of ['长安区局', '桥西区局', '唐山市局', '石家庄市药监局'] as const)
    t.not(await confirm(proposal?.id, admin(name)), '', `not by ${name}`)
  t.not(await confirm(proposal?.id, admin('石家庄市局')), '', 'not by whoever proposed')
  t.equal(await confirm(proposal?.id, admin('石家庄市局', 2)), '')
  t.equal(registry.authorities.find(ids.get('长安区局') ?? '').successor, ids.get('桥西区局'))
  const up = await merge('桥西区局', '石家庄市局', admin('石家庄市局'))
  t.not(await confirm(up.proposal?.id, admin('桥西区局')), '', 'not by the one that goes')
  t.equal(await confirm(up.proposal?.id, admin('省局')), '')
})

t.test(
  'nobody’s bounds are made others by it, and a place that was taken over is in both hands',
  async (t) => {
    const { registry, ids, came, request } = await office(t)
    const { acts, officers, keys } = registry
    const people = new Map<string, Actor>()
    for (const [login, authority, region] of [
      ['of-county', '长安区局', undefined],
      ['of-neighbour', '桥西区局', undefined],
      ['of-city', '石家庄市局', undefined],
      ['bound', '石家庄市局', '130104'],
    ] as const) {
      const account = {
        login,
        name: login,
        authority,
        region,
        roles: ['recorder' as const, 'reviewer' as const],
        staffNo: login,
      }
      await officers.create({ ...account, password: 'correct horse battery' }, author)
      people.set(login, { authority, officer: login, id: `officer/${login}` })
    }
    const { key } = await keys.create(
      { name: '接口', authority: '长安区局', scopes: ['records:write'] },
      author,
    )
    const by = (login: string) => request(people.get(login) ?? author)
    const [here, there] = [unifiedCode('MERG0001'), unifiedCode('MERG0002')]
    await acts.open({ codes: { uscc: here }, data: { name: '长安公司', region: '130102' } }, by('of-county'))
    await acts.open(
      { codes: { uscc: there }, data: { name: '桥西公司', region: '130104' } },
      by('of-neighbour'),
    )
    const entering = (login: string, code: string, n: number) => {
      const { data } = penaltyOf(`合罚${login}${n}号`, { authority: '桥西区局' })
      return came(acts.addRecord(code, 'penalty', data, undefined, by(login)))
    }
    const bounds = () =>
      ['of-county', 'of-neighbour', 'of-city', 'bound'].map((login) => officers.bounded(login)?.region)
    const before = bounds()
    t.same(before, ['130102', '130104', '130100', '130104'])
    t.match(await entering('of-neighbour', here, 1), /请由所在地机关或者其上级机关办理/)
    await acts.carryOut(
      'merge-authority',
      { id: ids.get('长安区局') ?? '' },
      { into: ids.get('桥西区局'), takesOver: true },
      author,
    )
    t.same(bounds(), before, 'bounds are what they were')
    t.equal(keys.bounded(key.id)?.region, '130102')
    t.equal(await entering('of-county', here, 2), '', 'those of the merged one go on where they were')
    t.match(await entering('of-county', there, 2), /请由所在地机关或者其上级机关办理/, 'and nowhere else')
    t.equal(await entering('of-neighbour', here, 2), '', 'the successor answers for the place it took over')
    t.equal(await entering('of-neighbour', there, 2), '')
    t.match(
      await entering('bound', here, 2),
      /请由所在地机关或者其上级机关办理/,
      'an account with narrower bounds keeps these',
    )

    const again = { id: ids.get('桥西区局') ?? '' }
    await acts.carryOut('merge-authority', again, { into: ids.get('石家庄市局') }, author)
    t.same(bounds(), before, 'nor by a second merger')
    t.match(
      await entering('of-neighbour', here, 3),
      /请由所在地机关或者其上级机关办理/,
      'who had it through the authority has it no more',
    )
    t.equal(await entering('of-city', here, 3), '')
  },
)

t.test('one that was merged takes no new people, keys or changes, by desk or by command', async (t) => {
  const { registry, ids, came, admin } = await office(t)
  const { acts } = registry
  const old = { name: '旧人', authority: '长安区局', roles: ['recorder'] }
  await acts.carryOut('create-officer', {}, { ...old, login: 'before' }, author)
  const gone = ids.get('长安区局') ?? ''
  await acts.carryOut('merge-authority', { id: gone }, { into: ids.get('石家庄市局') }, author)
  for (const actor of [author, admin('石家庄市局'), admin('省局')]) {
    const tried = (name: string, on: object, input: object) => came(acts.carryOut(name, on, input, actor))
    t.match(await tried('create-officer', {}, { ...old, login: 'after' }), /已并入石家庄市局，请对其办理/)
    t.match(
      await tried('create-key', {}, { name: '接口', authority: '长安区局', scopes: ['records:read'] }),
      /已并入石家庄市局/,
    )
    t.match(await tried('change-authority', { id: gone }, { contacts: '0311' }), /已并入石家庄市局/)
    t.match(
      await tried('change-officer', { id: 'admin-4-1' }, { ...old, authority: '长安区局' }),
      actor === author || actor.authority === '省局' ? /已并入石家庄市局/ : /只能由/,
    )
    t.equal(await tried('change-officer', { id: 'before' }, { ...old, name: '新名' }), '', 'its own go on')
  }
})

t.test('what waits about an authority that is gone lapses with it', async (t) => {
  const { registry, ids, merge, admin, confirm } = await office(t)
  const { acts } = registry
  const into = await merge('桥西区局', '长安区局', admin('石家庄市局'), { takesOver: true })
  const beside = await merge('石家庄市药监局', '石家庄市局', admin('省局'))
  const own = await merge('长安区局', '石家庄市局', admin('石家庄市局'))
  t.equal(await confirm(own.proposal?.id, admin('石家庄市局', 2)), '')
  const waiting = (name: Name) => registry.authorities.find(ids.get(name) ?? '').proposals
  t.match(waiting('桥西区局'), [
    { id: into.proposal?.id, status: 'lapsed', settled: { reason: '所写的长安区局已经合并' } },
  ])
  t.match(waiting('石家庄市药监局'), [{ id: beside.proposal?.id, status: 'open' }], 'others stand')
  t.match(await confirm(into.proposal?.id, admin('石家庄市局', 2)), /已经失效：所写的长安区局已经合并/)
  t.equal(acts.proposals(admin('省局'), { status: 'open', after: '', limit: 10 }).items.length, 1)
})
