import t from 'tap'
import { type Acting, secondHindrance, type Whose, whoseHindrance } from '../../src/authority/acting.ts'
import { Authorities, covers, isSame, isWider, placeInWords } from '../../src/authority/authorities.ts'
import {
  type Authority,
  foldAuthority,
  jurisdictionNamed,
  levelOf,
  openingOf,
} from '../../src/authority/authority.ts'
import { officer, people } from '../blacklist/firm.ts'

/** Whose a thing is, who is above whom, who may be the second pair of eyes: as pure tables. */

const one = (id: string, name: string, more: Partial<Authority> = {}): Authority => ({
  id,
  name,
  level: levelOf(more.region),
  revision: 1,
  openedAt: '2026-01-01T00:00:00.000Z',
  formerNames: [],
  accounts: [],
  ...more,
})

t.test('a region holds another: itself, its counties, never its neighbour', async (t) => {
  for (const [outer, inner, holds] of [
    [undefined, '130102', true],
    [undefined, undefined, true],
    ['130000', '130102', true],
    ['130000', undefined, true],
    ['130100', '130102', true],
    ['130100', '130100', true],
    ['130100', '130200', false],
    ['130102', '130102', true],
    ['130102', '130104', false],
    ['130102', '130100', false],
    ['130102', undefined, false],
  ] as const)
    t.equal(covers(outer, inner), holds, `${outer} ${inner}`)
  t.equal(placeInWords(undefined), '全省')
  t.equal(placeInWords('130102'), '河北省石家庄市长安区')
  t.equal(placeInWords('999999'), '999999')
})

t.test('levels by region: 定州 and 辛集 stand directly under the province', async (t) => {
  for (const [region, level] of [
    [undefined, 'province'],
    ['130000', 'province'],
    ['130100', 'city'],
    ['139001', 'city'],
    ['139002', 'city'],
    ['130102', 'county'],
    ['999999', 'county'],
  ] as const)
    t.equal(levelOf(region), level, `${region}`)
})

t.test('an authority’s name says its level and place', async (t) => {
  for (const [name, level, region] of [
    ['河北省市场监督管理局', 'province', undefined],
    ['河北省药品监督管理局石家庄检查分局', 'province', undefined],
    ['省局', 'province', undefined],
    ['省市场监管局', 'province', undefined],
    ['石家庄市市场监督管理局', 'city', '130100'],
    ['石家庄市局', 'city', '130100'],
    ['河北省石家庄市市场监督管理局', 'city', '130100'],
    ['石家庄市长安区市场监督管理局', 'county', '130102'],
    ['长安区市场监管局', 'county', '130102'],
    ['正定县市场监督管理局', 'county', '130123'],
    ['定州市市场监督管理局', 'city', '139001'],
    ['辛集市局', 'city', '139002'],
    ['雄安新区综合执法局', 'city', '133100'],
    ['唐山市丰润区质量技术监督局', 'county', '130208'],
    ['承德市局', 'city', '130800'],
    ['承德县局', 'county', '130821'],
  ] as const)
    t.same(jurisdictionNamed(name), region === undefined ? { level } : { level, region }, name)
  for (const name of [
    '',
    '局',
    '测试局',
    '市局',
    '社会信用平台',
    '石家装市局',
    '西安市市场监督管理局',
    '桥西区局',
  ])
    t.equal(jurisdictionNamed(name), undefined, `${name} says no one place`)
})

const province = one('p', '省局')
const city = one('c', '石家庄市局', { region: '130100' })
const other = one('o', '唐山市局', { region: '130200' })
const county = one('k', '长安区局', { region: '130102' })
const all = new Authorities([province, city, other, county])
const body = (id: string, from = all) => from.bodyOf({ owner: id, authority: '' })

t.test('who is above whom, by level and region where nothing was said', async (t) => {
  const above = (lower: string, from = all) =>
    ['p', 'c', 'o', 'k'].filter((id) => from.isAbove(body(id, from), body(lower, from)))
  t.same(above('k'), ['p', 'c'])
  t.same(above('c'), ['p'])
  t.same(above('p'), [])
  t.same(above('o'), ['p'])
  const said = new Authorities([province, city, { ...other }, { ...county, above: 'o' }])
  t.same(above('k', said), ['p', 'o'], 'as was said, and the province')
  const chain = new Authorities([province, { ...city, above: 'p' }, other, { ...county, above: 'c' }])
  t.same(above('k', chain), ['p', 'c'], 'up the chain')
  const circle = new Authorities([province, { ...city, above: 'k' }, other, { ...county, above: 'c' }])
  t.ok(circle.isAbove(body('c', circle), body('k', circle)), 'a circle ends')
  t.notOk(circle.isAbove(body('o', circle), body('k', circle)), 'nor does it lead anywhere else')
  const gone = new Authorities([province, other, { ...county, above: 'nowhere' }])
  t.same(
    ['p', 'o'].map((id) => gone.isAbove(body(id, gone), body('k', gone))),
    [true, false],
    'what is not there is above nobody',
  )
  const merged = new Authorities([province, { ...city, successor: 'o' }, other, { ...county, above: 'c' }])
  t.ok(merged.isAbove(body('o', merged), body('k', merged)), 'who took over is above too')
})

t.test('the next above: the nearest that there is', async (t) => {
  const next = (lower: string, from: Authorities) =>
    from.nextAbove(body(lower, from)).map(({ id = '' }) => id)
  t.same(next('k', all), ['c'], 'the city, not the province past it')
  t.same(next('c', all), ['p'])
  t.same(next('p', all), [])
  t.same(next('k', new Authorities([province, other, county])), ['p'], 'where there is no city')
  t.same(next('k', new Authorities([province, city, other, { ...county, above: 'p' }])), ['p'], 'as was said')
  t.same(next('k', new Authorities([province, city, other, { ...county, above: 'c' }])), ['c'])
  const second = one('d', '石家庄市药监局', { region: '130100' })
  t.same(next('k', new Authorities([province, city, second, county])).sort(), ['c', 'd'], 'two of a level')
  const merged = new Authorities([province, { ...city, successor: 'd' }, second, county])
  t.same(next('k', merged), ['d'], 'one that was merged stands between nobody')
})

t.test('who may stand above whom, by level and place', async (t) => {
  for (const [upper, lower, may] of [
    ['p', 'c', true],
    ['p', 'k', true],
    ['c', 'k', true],
    ['o', 'k', false],
    ['c', 'o', false],
    ['c', 'c', false],
    ['k', 'c', false],
    ['c', 'p', false],
    ['p', 'p', false],
  ] as const)
    t.equal(isWider(body(upper), body(lower)), may, `${upper} above ${lower}`)
  t.ok(isWider({ level: 'province' }, { level: 'province', region: '130100' }), 'a branch of the province’s')
  t.notOk(isWider({ level: 'province', region: '130100' }, { level: 'province' }))
})

t.test('whose a thing is: by id, account, name, former name, successor', async (t) => {
  const known = new Authorities([
    one('a', '新局', { formerNames: ['旧局'], accounts: ['officer/zhang'], region: '130100' }),
    one('b', '并入局', { successor: 'a' }),
    one('x', '绕圈甲', { successor: 'y' }),
    one('y', '绕圈乙', { successor: 'x' }),
    one('z', '断头局', { successor: 'nowhere' }),
  ])
  for (const [made, id] of [
    [{ owner: 'a', authority: '并入局' }, 'a'],
    [{ authority: '新局' }, 'a'],
    [{ authority: '旧局' }, 'a'],
    [{ authority: '并入局' }, 'a'],
    [{ authority: '不详', account: 'officer/zhang' }, 'a'],
    [{ authority: '断头局', account: 'officer/zhang' }, 'a'],
    [{ authority: '断头局' }, 'z'],
    [{ owner: 'gone', authority: '旧局' }, 'a'],
    [{ authority: '不详' }, undefined],
  ] as const)
    t.equal(known.bodyOf(made).id, id, JSON.stringify(made))
  t.same(known.bodyOf({ authority: '不详', region: '130102' }), {
    name: '不详',
    level: 'county',
    region: '130102',
  })
  t.ok(known.bodyOf({ authority: '绕圈甲' }), 'a circle ends')
  for (const [name, ...others] of [
    ['新局', '旧局', '并入局'],
    ['旧局', '新局', '并入局'],
    ['并入局', '新局', '旧局'],
    ['断头局'],
    ['不详'],
  ] as const)
    t.same(known.namesOf(name), [name, ...others], `what ${name} may have kept`)
  t.same(
    known.standing().map(({ name }) => name),
    ['新局'],
  )
  t.equal(known.one('b')?.name, '并入局')
  t.equal(known.named('没有'), undefined)
  t.ok(isSame({ name: '甲', level: 'city' }, { name: '甲', level: 'city' }))
  t.notOk(isSame({ name: '甲', level: 'city' }, { name: '乙', level: 'city' }))
  t.notOk(isSame({ id: 'a', name: '甲', level: 'city' }, { name: '甲', level: 'city' }))
  t.ok(isSame({ id: 'a', name: '甲', level: 'city' }, { id: 'a', name: '乙', level: 'city' }))
})

t.test('a name in short is whose it is only where one authority can be meant', async (t) => {
  const known = new Authorities([
    one('a', '石家庄市市场监管局'),
    one('b', '石家庄市市场监督管理局'),
    one('c', '唐山市质量技术监督局', { successor: 'd' }),
    one('d', '唐山市质监局'),
  ])
  t.equal(known.named('石家庄市市场监管局')?.id, 'a', 'as it is written')
  t.equal(known.named('石家庄市市场监督管理局')?.id, 'b')
  t.equal(known.named('石家庄市市监局'), undefined, 'two could be meant')
  t.equal(known.likeNamed('石家庄市市监局')?.id, 'a', 'nobody else is given it all the same')
  const merged = known.named('唐山市质監局')
  t.equal(merged && known.current(merged).id, 'd', 'one took the other over')
})

t.test('who may touch what', async (t) => {
  const { clerk, city: cityOfficer, province: provinceOfficer, elsewhere } = people
  const who = { clerk, city: cityOfficer, province: provinceOfficer, elsewhere }
  const authorities = new Authorities([
    one('county', '长安区局', { region: '130102' }),
    one('city', '石家庄市局', { region: '130100' }),
    one('province', '省局'),
    one('tangshan', '唐山市局', { region: '130200' }),
  ])
  const may = (whose: Whose, owner: string | undefined, place: string | undefined = '130102') =>
    Object.entries(who).flatMap(([name, actor]) => {
      const touched = { ...(owner && { owner: authorities.bodyOf({ owner, authority: '' }) }), place }
      return whoseHindrance(whose, touched, actor, authorities) === undefined ? [name] : []
    })
  for (const [whose, owner, allowed] of [
    ['place', 'county', ['clerk', 'city', 'province']],
    ['place', undefined, ['clerk', 'city', 'province']],
    ['owner', 'county', ['clerk']],
    ['owner', 'city', ['city']],
    ['owner', 'province', ['province']],
    ['ownerOrAbove', 'county', ['clerk', 'city', 'province']],
    ['ownerOrAbove', 'city', ['city', 'province']],
    ['ownerOrAbove', 'province', ['province']],
    ['nextAbove', 'county', ['city']],
    ['nextAbove', 'city', ['province']],
    ['nextAbove', 'province', []],
    ['province', 'county', ['province']],
  ] as const)
    t.same(may(whose, owner), allowed, `${whose} ${owner}`)
  t.same(may('place', 'county', '130200'), ['province', 'elsewhere'], 'a firm that has moved')
  t.same(may('owner', 'county', '130200'), ['clerk'], 'what an authority made stays in its hands')
  const bound: Acting = officer('li', 'city', { region: '130104' })
  t.match(
    whoseHindrance(
      'owner',
      { owner: authorities.bodyOf({ owner: 'city', authority: '' }), place: '130102' },
      bound,
      authorities,
    ),
    /长安区，不属.*桥西区/,
    'an account whose bounds are narrower than its authority',
  )
})

t.test('the second pair of eyes', async (t) => {
  const machine = (of: string) => officer('key', of, { person: `key of ${of}`, isMachine: true })
  for (const [first, second, allowed] of [
    [people.clerk, people.head, true],
    [people.clerk, people.clerk, false],
    [people.clerk, officer('again', 'county', { person: 'clerk' }), false],
    [people.clerk, machine('county'), false],
    [people.clerk, machine('city'), false],
    [people.clerk, machine('province'), false],
    [people.clerk, officer('zhang by key', 'county'), true],
    [machine('county'), people.clerk, false],
    [machine('county'), people.head, false],
    [machine('county'), people.city, true],
    [machine('city'), people.clerk, true],
    [machine('county'), machine('city'), false],
    [machine('county'), machine('county'), false],
  ] as const)
    t.equal(secondHindrance(first, second) === undefined, allowed, `${first.person} then ${second.person}`)
})

t.test('an authority, entry by entry', async (t) => {
  const author = { authority: '省局', officer: '丁' }
  const drafts = openingOf(
    { name: '甲局', level: 'city', region: '130100', above: 'p', accounts: [] },
    { id: 'a', author },
  )
  t.same(
    drafts.map(({ subject, kind }) => [subject, kind]),
    [
      ['authority/a', 'authority.opened'],
      ['authority-name/甲局', 'authority.name-taken'],
    ],
  )
  t.same(drafts[0]?.payload, { name: '甲局', level: 'city', region: '130100', above: 'p' })
  let revision = 0
  const fold = (before: Authority | undefined, kind: string, payload: unknown) => {
    revision += 1
    return foldAuthority(before, {
      seq: revision,
      id: '',
      subject: 'authority/a',
      revision,
      kind,
      payload,
      visibility: 'internal',
      author,
      salt: null,
      payloadDigest: '',
      command: '',
      recordedAt: '2026-03-02T02:00:00.000Z',
      digest: '',
      chain: '',
    })
  }
  t.equal(fold(undefined, 'authority.renamed', { name: '乙局' }), undefined)
  t.equal(fold(undefined, 'authority.opened', null), undefined)
  const opened = fold(undefined, 'authority.opened', drafts[0]?.payload)
  t.match(opened, {
    id: 'a',
    name: '甲局',
    level: 'city',
    region: '130100',
    above: 'p',
    formerNames: [],
    accounts: [],
  })
  const renamed = fold(fold(opened, 'authority.renamed', { name: '乙局' }), 'authority.renamed', {
    name: '丙局',
  })
  t.match(renamed, { name: '丙局', formerNames: ['甲局', '乙局'] })
  t.match(
    fold(renamed, 'authority.renamed', { name: '甲局' }),
    { name: '甲局', formerNames: ['乙局', '丙局'] },
    'back to a former name',
  )
  const changed = fold(opened, 'authority.changed', { contacts: '电话' })
  t.match(changed, { above: 'p', contacts: '电话' }, 'what is not said stays')
  t.notOk('above' in (fold(changed, 'authority.changed', { above: null }) ?? {}), 'what is taken away goes')
  t.equal(fold(changed, 'authority.changed', { above: null })?.contacts, '电话')
  t.notOk('contacts' in (fold(changed, 'authority.changed', { contacts: null }) ?? {}))
  t.equal(fold(opened, 'authority.merged', { into: 'b' })?.successor, 'b')
  t.same(fold(opened, 'authority.renamed', null), { ...opened, revision })
  t.same(fold(opened, 'authority.painted', {}), { ...opened, revision })
})
