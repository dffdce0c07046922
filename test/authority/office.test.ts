import t from 'tap'
import { Refusal } from '../../src/dossier/refusal.ts'
import { testRegistry } from '../support.ts'

/** Authorities as they are opened: what they are responsible for is never taken to be more than is known. */

const author = { authority: '系统管理', officer: '命令行' }

/** What a promise comes to: the words of its refusal, or none. */
const refusalOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => '',
    (error: unknown) => {
      if (error instanceof Refusal) return error.title
      throw error
    },
  )

const account = (authority: string, region?: string) => ({
  name: authority,
  authority,
  region,
  scopes: ['records:write' as const],
})

t.test('whoever names a new authority opens it for the place that its name says', async (t) => {
  for (const [name, region, level, place] of [
    ['石家庄市局', undefined, 'city', '130100'],
    ['石家庄市局', '130100', 'city', '130100'],
    ['石家庄市局', '130102', 'city', '130100'],
    ['长安区局', undefined, 'county', '130102'],
    ['河北省局', undefined, 'province', undefined],
    ['河北省局', '130100', 'province', undefined],
    ['质检所', '130100', 'city', '130100'],
    ['信用平台', '130000', 'province', undefined],
  ] as const) {
    const { registry } = await testRegistry(t)
    const { key } = await registry.keys.create(account(name, region), author)
    const [own] = registry.authorities.all()
    t.same([own?.level, own?.region], [level, place], `${name} ${region}`)
    const bound = region === '130000' ? undefined : (region ?? place)
    t.equal(registry.keys.bounded(key.id)?.region, bound, `the key of ${name} ${region}`)
  }
})

t.test('an authority of no known place, and one outside its own, are not opened', async (t) => {
  const { registry } = await testRegistry(t)
  const { keys, authorities, officers } = registry
  for (const name of ['质检所', '市局', '石家装市局'])
    t.match(await refusalOf(keys.create(account(name), author)), /看不出是哪一级、哪个地方/, name)
  t.match(
    await refusalOf(keys.create(account('石家庄市局', '130200'), author)),
    /“石家庄市局”是河北省石家庄市的机关，管不到河北省唐山市/,
  )
  t.match(await refusalOf(authorities.open({ name: '长安区局', region: '130100' }, author)), /管不到/)
  t.match(await refusalOf(authorities.open({ name: '质检所', level: 'city' }, author)), /看不出/)
  t.match(
    await refusalOf(authorities.open({ name: '质检所', level: 'city', region: '130000' }, author)),
    /市级、县级机关必须写明行政区划/,
  )
  t.match(await refusalOf(authorities.open({ name: '质检所', region: '990000' }, author)), /没有行政区划/)
  const asked = {
    login: 'zhangsan',
    name: '张三',
    roles: ['recorder' as const],
    password: 'correct horse battery',
  }
  t.match(await refusalOf(officers.create({ ...asked, authority: '质检所' }, author)), /看不出/)
  t.equal(officers.one('zhangsan'), undefined)
  t.same(authorities.all(), [])
  const branch = await authorities.open(
    { name: '河北省药监局石家庄分局', region: '130100', level: 'province' },
    author,
  )
  t.match(branch, { level: 'province', region: '130100' }, 'what was said outright counts')
})

t.test('a name beside the authority of the same place is taken for mistyped', async (t) => {
  const { registry } = await testRegistry(t)
  const { keys, authorities, acts } = registry
  await keys.create(account('石家庄市局'), author)
  const why = await refusalOf(keys.create(account('石家庄市句'), author))
  t.match(why, /没有机关“石家庄市句”；市级（河北省石家庄市）已有“石家庄市局”/)
  await keys.create(account('长安区局'), author)
  await keys.create(account('河北省局'), author)
  await authorities.open({ name: '石家庄市药监局' }, author)
  await keys.create(account('石家庄市药监局'), author)
  t.equal(authorities.all().length, 4, 'another level, another place, or one that was opened as such')
  const merge = (name: string, heir: string) =>
    acts.carryOut(
      'merge-authority',
      { id: authorities.find(name).id },
      { into: authorities.find(heir).id },
      author,
    )
  await merge('石家庄市局', '石家庄市药监局')
  await merge('石家庄市药监局', '河北省局')
  await keys.create(account('石家庄市句'), author)
  t.equal(authorities.all().length, 5, 'one that was merged stands in nobody’s way')
})

t.test('what was opened wrongly is put right, and acts go by it at once', async (t) => {
  const { registry } = await testRegistry(t)
  const { authorities, keys, acts } = registry
  const change = async (id: string, changes: Record<string, string>) => {
    await acts.carryOut('change-authority', { id }, changes, author)
    return authorities.find(id)
  }
  const { id } = await authorities.open({ name: '甲所', level: 'province' }, author)
  const { key } = await keys.create(account('甲所'), author)
  t.match(await change(id, { region: '130100' }), { level: 'city', region: '130100' })
  t.equal(keys.bounded(key.id)?.region, '130100')
  t.match(await change(id, { region: '130102' }), { level: 'county', region: '130102' })
  t.match(await change(id, { contacts: '0311' }), { level: 'county', region: '130102' })
  const back = await change(id, { level: 'province', region: '130000' })
  t.match(back, { level: 'province', contacts: '0311' })
  t.equal(back.region, undefined)
  t.match(await refusalOf(change(id, { level: 'city' })), /看不出/)
})

t.test('nobody looks after their own account, under whichever account or key', async (t) => {
  const { registry } = await testRegistry(t)
  const { authorities, keys, officers, acts } = registry
  await authorities.open({ name: '省局' }, author)
  const password = 'correct horse battery'
  const open = (login: string, staffNo: string) =>
    officers.create(
      { login, name: login, authority: '省局', roles: ['administrator'], staffNo, password },
      author,
    )
  for (const [login, staffNo] of [
    ['own', '1001'],
    ['second', '1001'],
    ['other', '1002'],
  ] as const)
    await open(login, staffNo)
  const { key } = await keys.create(
    { name: '接口', authority: '省局', scopes: ['officers:write'], actsFor: 'own' },
    author,
  )
  const by = (id: string) => ({ authority: '省局', officer: '管', id })
  const disable = (id: string, login: string) =>
    refusalOf(acts.carryOut('disable-officer', { id: login }, {}, by(id)))
  for (const id of ['officer/own', 'officer/second', `key/${key.id}`])
    for (const login of ['own', 'second'])
      t.match(await disable(id, login), /不能调整自己的账号/, `${id} on ${login}`)
  t.equal(await disable('officer/other', 'second'), '')
  t.equal(await disable(`key/${key.id}`, 'other'), '')
})

t.test('nobody makes an authority that may do more than their own', async (t) => {
  const { registry } = await testRegistry(t)
  const { authorities, keys, acts } = registry
  const at = new Map<string, string>()
  for (const name of ['省局', '石家庄市局', '长安区局']) {
    at.set(name, (await authorities.open({ name }, author)).id)
    const { key } = await keys.create({ name, authority: name, scopes: ['officers:write'] }, author)
    at.set(`admin of ${name}`, `key/${key.id}`)
  }
  const by = (authority: string) => ({ authority, officer: '管', id: at.get(`admin of ${authority}`) ?? '' })
  const open = (actor: string, asked: Record<string, string>) =>
    refusalOf(acts.carryOut('open-authority', {}, asked, by(actor)))
  const change = (actor: string, name: string, changes: Record<string, string>) =>
    refusalOf(acts.carryOut('change-authority', { id: authorities.find(name).id }, changes, by(actor)))
  const own = at.get('石家庄市局') ?? ''
  for (const [actor, asked] of [
    ['石家庄市局', { name: '省二局' }],
    ['石家庄市局', { name: '省三局', above: own }],
    ['石家庄市局', { name: '甲所', level: 'province', above: own }],
    ['石家庄市局', { name: '石家庄市二局' }],
    ['石家庄市局', { name: '唐山市局' }],
    ['长安区局', { name: '桥西区二局', region: '130104' }],
  ] as const)
    t.match(await open(actor, asked), /不是.*的上级/, `${actor} opens ${asked.name}`)
  t.equal(await open('石家庄市局', { name: '乙所', region: '130102' }), '')
  t.equal(await open('省局', { name: '唐山市局' }), '')
  t.match(await change('石家庄市局', '乙所', { level: 'province' }), /不是.*的上级/)
  t.match(await change('石家庄市局', '乙所', { level: 'city', region: '130100' }), /不是.*的上级/)
  t.match(await change('石家庄市局', '石家庄市局', { level: 'province' }), /不能由本机关写明/)
  t.match(await change('长安区局', '石家庄市局', { level: 'county' }), /只能由/)
  t.equal(await change('石家庄市局', '乙所', { region: '130104' }), '')
  t.equal(authorities.find('乙所').region, '130102', 'put forward: a second administrator confirms it')
  t.equal(authorities.find('乙所').proposals?.length, 1)
})
