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

t.test('a name says the level and place of who bears it, whoever opens it', async (t) => {
  const { registry } = await testRegistry(t)
  const { authorities } = registry
  const open = (name: string, more: object = {}) => refusalOf(authorities.open({ name, ...more }, author))
  const county = { level: 'county', region: '130104' } as const
  for (const [name, asked, why] of [
    ['国家市场监督管理总局', county, /国家机关/],
    ['国家市场监督管理总局', {}, /国家机关/],
    ['中华人民共和国海关总署', county, /国家机关/],
    ['北京市市场监督管理局', county, /北京市的机关/],
    ['山东省济南市市场监督管理局', county, /山东省的机关/],
    ['河北省', county, /行政区划/],
    ['石家庄市', {}, /行政区划/],
    ['质量信用档案系统', county, /系统自身/],
    ['系统管理', county, /系统自身/],
    ['系统管理员', county, /系统自身/],
    ['命令行', county, /系统自身/],
    ['命 令行', county, /不规范|系统自身/],
    ['河北省质量技术监督局', county, /省级机关的名称/],
    ['河北省药品监督管理局', { level: 'city', region: '130100' }, /省级机关的名称/],
    ['省药监局', { level: 'province', region: '130100' }, /省级机关的名称/],
    ['石家庄市市场监督管理局', county, /市级，河北省石家庄市机关的名称/],
    ['石家庄市市场监督管理局', { level: 'county' }, /市级，河北省石家庄市机关的名称/],
    ['长安区市场监督管理局', { level: 'province' }, /县级，河北省石家庄市长安区机关的名称/],
    ['长安区市场监督管理局', { level: 'city', region: '130102' }, /县级/],
    ['桥西区市场监督管理局', { region: '130102' }, /桥西区机关的名称，该机关是县级，河北省石家庄市长安区/],
    ['长安区市场监督管理局桥西分局', county, /管不到/],
    ['长安区市场监督管理局分局', { level: 'city', region: '130102' }, /县级/],
  ] as const)
    t.match(await open(name, asked), why, `${name} ${JSON.stringify(asked)}`)
  t.same(authorities.all(), [])
  for (const [name, asked, own] of [
    ['河北省市场监督管理局', {}, { level: 'province' }],
    ['河北省药品监督管理局', { region: '130000' }, { level: 'province' }],
    ['国家税务总局河北省税务局', {}, { level: 'province' }],
    ['国家税务总局石家庄市税务局', {}, { level: 'city', region: '130100' }],
    ['桥西区市场监督管理局', { region: '130104' }, { level: 'county', region: '130104' }],
    ['张家口桥西区市场监督管理局', {}, { level: 'county', region: '130703' }],
    ['河北省药品监督管理局石家庄检查分局', { region: '130100' }, { level: 'city', region: '130100' }],
    ['石家庄市市场监督管理局长安分局', { region: '130102' }, { level: 'county', region: '130102' }],
    ['石家庄高新区市场监督管理局', {}, { level: 'county', region: '130171' }],
    ['纤维检验所', { region: '130100', level: 'county' }, { level: 'county', region: '130100' }],
  ] as const) {
    t.equal(await open(name, asked), '', name)
    t.match(authorities.find(name), own, name)
  }
})

t.test(
  'a name is given by whoever may speak for it, and the command line gives none that does not fit',
  async (t) => {
    const { registry } = await testRegistry(t)
    const { authorities, keys, acts } = registry
    const at = new Map<string, string>()
    for (const name of ['省局', '石家庄市局', '长安区局']) {
      at.set(name, (await authorities.open({ name }, author)).id)
      const { key } = await keys.create({ name, authority: name, scopes: ['officers:write'] }, author)
      at.set(`admin of ${name}`, `key/${key.id}`)
    }
    const by = (authority: string) => ({
      authority,
      officer: '管',
      id: at.get(`admin of ${authority}`) ?? '',
    })
    const rename = (actor: ReturnType<typeof by> | typeof author, name: string) =>
      refusalOf(acts.carryOut('rename-authority', { id: at.get('长安区局') ?? '' }, { name }, actor))
    const open = (actor: string, asked: object) =>
      refusalOf(acts.carryOut('open-authority', {}, asked, by(actor)))
    for (const name of [
      '河北省质量局',
      '石家庄市质量局',
      '质量信用档案系统',
      '国家质量监督检验检疫总局',
      '河北省',
      '桥西区局',
    ])
      for (const actor of [author, by('石家庄市局'), by('省局')]) t.not(await rename(actor, name), '', name)
    t.equal(
      authorities.all().some(({ name }) => name === '长安区局'),
      true,
      'nothing was renamed',
    )
    const branch = { region: '130102', level: 'county' }
    t.match(await open('石家庄市局', { name: '河北省药监局长安分局', ...branch }), /省级机关名义的名称/)
    t.match(await rename(by('石家庄市局'), '河北省药监局长安分局'), /省级机关名义的名称/)
    t.equal(await open('省局', { name: '河北省药监局长安分局', ...branch }), '')
    t.equal(await open('石家庄市局', { name: '石家庄市局长安分局', ...branch }), '')
    t.equal(await rename(by('石家庄市局'), '长安区质量局'), '')
  },
)

t.test('a name that reads like another is nobody’s else, and whose it is is told as it is', async (t) => {
  const { registry, views } = await testRegistry(t)
  const { authorities, acts } = registry
  const { id } = await authorities.open({ name: '石家庄市质量技术监督局' }, author)
  t.match(
    await refusalOf(authorities.open({ name: '石家庄市质监局' }, author)),
    /与石家庄市质量技术监督局只是写法不同/,
  )
  await acts.carryOut('rename-authority', { id }, { name: '石家庄市市场监督管理局' }, author)
  t.match(
    await refusalOf(authorities.open({ name: '石家庄市质监局' }, author)),
    /与石家庄市市场监督管理局用过的名称“石家庄市质量技术监督局”只是写法不同/,
  )
  t.match(
    await refusalOf(authorities.open({ name: '石家庄市质量技术监督局' }, author)),
    /是石家庄市市场监督管理局用过的名称/,
  )
  t.equal(views.authorities().named('石家庄市质监局')?.id, id)
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
    ['second', '工号01001'],
    ['other', '1002'],
  ] as const)
    await open(login, staffNo)
  t.same(
    officers.sameOwner('own').map(({ login }) => login),
    ['second'],
    'the same person, however the number is written',
  )
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

t.test('a superior that is named at opening is asked, unless the opener acts for it', async (t) => {
  const { registry } = await testRegistry(t)
  const { authorities, officers, acts } = registry
  const at = new Map<string, string>()
  for (const [n, name] of ['省局', '省药监局', '石家庄市局', '石家庄市药监局', '长安区局'].entries()) {
    at.set(name, (await authorities.open({ name }, author)).id)
    for (const login of [`admin-${n}`, `other-${n}`]) {
      const account = {
        login,
        name: login,
        authority: name,
        roles: ['administrator' as const],
        staffNo: login,
      }
      await officers.create({ ...account, password: 'correct horse battery' }, author)
      at.set(`${login.slice(0, 5)} of ${name}`, `officer/${login}`)
    }
  }
  const by = (authority: string, who = 'admin') => {
    const id = at.get(`${who} of ${authority}`) ?? ''
    return { authority, officer: id, id }
  }
  let n = 0
  const request = (actor: ReturnType<typeof by>) => {
    n += 1
    return { actor, command: `asked/${n}` }
  }
  const open = (actor: ReturnType<typeof by> | typeof author, name: string, above: string, region: string) =>
    refusalOf(acts.carryOut('open-authority', {}, { name, region, above: at.get(above) ?? above }, actor))
  const waitingOf = (name: string) =>
    (authorities.find(name).proposals ?? []).filter((own) => own.status === 'open')

  // Whoever acts for it, or for one above it, asks nobody; so does whoever holds the data directory.
  for (const [actor, name, above] of [
    [by('石家庄市局'), '甲所', '石家庄市局'],
    [by('省局'), '乙所', '石家庄市局'],
    [by('省局'), '丙所', '省局'],
    [author, '丁所', '省局'],
  ] as const) {
    t.equal(await open(actor, name, above, '130108'), '', name)
    t.match(authorities.find(name), { above: at.get(above) }, name)
    t.same(waitingOf(name), [], name)
  }

  // One above the opener, and one beside it, are asked.
  t.equal(await open(by('石家庄市局'), '裕华区局', '省局', '130108'), '')
  const [asked, ...others] = waitingOf('裕华区局')
  t.same(others, [])
  t.match(asked, { act: 'change-authority', input: { above: at.get('省局') }, why: /由该机关或者其上级确认/ })
  t.equal(authorities.find('裕华区局').above, undefined, 'until then by its level and place')
  const confirm = (actor: ReturnType<typeof by>) => refusalOf(acts.confirm(asked?.id ?? '', request(actor)))
  for (const actor of [
    by('石家庄市局'),
    by('石家庄市局', 'other'),
    by('石家庄市药监局'),
    by('长安区局'),
    by('省药监局'),
  ])
    t.not(await confirm(actor), '', actor.authority)
  t.equal(await confirm(by('省局')), '')
  t.match(authorities.find('裕华区局'), { above: at.get('省局') })
  t.match(await open(by('石家庄市局'), '戊所', 'nobody', '130108'), /没有编号为 nobody 的机关/)
  t.throws(() => authorities.find('戊所'))

  // It may be refused as well: the authority stays where its level and place put it.
  t.equal(await open(by('石家庄市局'), '己所', '省局', '130108'), '')
  const [second] = waitingOf('己所')
  await acts.refuse(second?.id ?? '', '不是下级', request(by('省局', 'other')))
  t.equal(authorities.find('己所').above, undefined)
  t.same(waitingOf('己所'), [])
})
