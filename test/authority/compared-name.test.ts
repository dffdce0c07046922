import t from 'tap'
import { comparedName } from '../../src/authority/compared-name.ts'
import { testRegistry } from '../support.ts'

t.test('names that a reader takes for one are compared as one, others are not', async (t) => {
  const own = comparedName('石家庄市市场监督管理局')
  for (const written of [
    '石家庄市市场监督管理局',
    '石家庄市市场监管局',
    '石家庄市 市场监督管理局',
    '石家庄市市场监督管理局\u200b',
    '\u200b石家庄市市场监督管理局',
    '石家莊市市場監督管理局',
    '石家庄巿市场监督管理局',
    '石家庄市市场监督管理局（本级）',
    '石家庄市市场监督管理局(本级)',
  ])
    t.equal(comparedName(written), own, JSON.stringify(written))
  for (const other of [
    '石家庄市长安区市场监督管理局',
    '石家庄市市场监督管理局执法稽查局',
    '石家庄市药品监督管理局',
    '唐山市市场监督管理局',
    '石家庄市质监局',
  ])
    t.not(comparedName(other), own, other)
  t.equal(comparedName('石家庄市质监局'), comparedName('石家庄市质量技术监督局'))
  t.equal(comparedName('石家庄市食药监局'), comparedName('石家庄市食品药品监督管理局'))
})

t.test('an authority is found by any way of writing its name, by its own writing first', async (t) => {
  const { registry, views } = await testRegistry(t)
  const author = { authority: '系统管理', officer: '命令行' }
  await registry.authorities.open({ name: '石家庄市市场监督管理局' }, author)
  const found = views.authorities().named('石家庄市市场监管局\u200b')
  t.equal(found?.name, '石家庄市市场监督管理局')
  t.equal(views.authorities().named('唐山市市场监管局'), undefined)
  const refused = await registry.authorities
    .open({ name: '石家庄市市场监管局' }, author)
    .catch((error: unknown) => error)
  t.match(refused, { reason: 'exists' })
})

t.test('a spelling that can mean one known authority alone is that one', async (t) => {
  const { registry, views } = await testRegistry(t)
  const author = { authority: '系统管理', officer: '命令行' }
  for (const [name, region] of [
    ['河北省市场监督管理局'],
    ['唐山市市场监督管理局'],
    ['石家庄市市场监督管理局'],
    ['石家庄市长安区市场监督管理局'],
    ['石家庄市桥西区市场监督管理局', '130104'],
    ['石家庄市药品监督管理局'],
  ] as const)
    await registry.authorities.open({ name, region }, author)
  const named = (name: string) => views.authorities().named(name)?.name
  for (const [written, meant] of [
    ['唐山市场监督管理局', '唐山市市场监督管理局'],
    ['河北省唐山市市场监督管理局', '唐山市市场监督管理局'],
    ['唐山市监局', '唐山市市场监督管理局'],
    ['省市场监督管理局', '河北省市场监督管理局'],
    ['河北市场监督管理局', '河北省市场监督管理局'],
    ['河北省市场监管局', '河北省市场监督管理局'],
    ['省市场监管局', '河北省市场监督管理局'],
    ['长安区市场监督管理局', '石家庄市长安区市场监督管理局'],
    ['石家庄药品监督管理局', '石家庄市药品监督管理局'],
  ] as const)
    t.equal(named(written), meant, written)
  // Another office, another place, a place that several bear, none at all.
  for (const written of [
    '唐山市药品监督管理局',
    '唐山税务局',
    '省药品监督管理局',
    '保定市场监督管理局',
    '桥西区市场监督管理局',
    '市场监督管理局',
    '山东省市场监督管理局',
    '国家市场监督管理总局',
    '唐山市',
    '省',
  ])
    t.equal(named(written), undefined, written)
  const taken = await registry.authorities
    .open({ name: '唐山市场监督管理局' }, author)
    .catch((error: unknown) => error)
  t.match(taken, { reason: 'exists' }, 'nobody else is given it')
})

t.test('an office within a known authority speaks for it, several together for the highest', async (t) => {
  const { registry, views } = await testRegistry(t)
  const author = { authority: '系统管理', officer: '命令行' }
  for (const name of ['河北省市场监督管理局', '石家庄市市场监督管理局', '石家庄市长安区市场监督管理局'])
    await registry.authorities.open({ name }, author)
  const together = (between: string) =>
    [`石家庄市市场监督管理局${between}河北省市场监督管理局`, '河北省市场监督管理局'] as const
  const speaking = (name: string) => views.authorities().speakingAs(name)?.name
  for (const [written, whose] of [
    ['河北省市场监督管理局', '河北省市场监督管理局'],
    ['河北省市场监督管理局稽查局', '河北省市场监督管理局'],
    ['省市场监管局执法稽查局', '河北省市场监督管理局'],
    ['河北省市场监督管理局（省局）', '河北省市场监督管理局'],
    ['石家庄市市场监督管理局综合执法支队', '石家庄市市场监督管理局'],
    ['长安区市场监督管理局建北所', '石家庄市长安区市场监督管理局'],
    ['河北省市场监督管理局、石家庄市市场监督管理局', '河北省市场监督管理局'],
    ['石家庄市市场监督管理局、河北省市场监督管理局', '河北省市场监督管理局'],
    ['石家庄市税务局、石家庄市市场监督管理局', '石家庄市市场监督管理局'],
    ['石家庄市市场监督管理局稽查局和省市场监管局执法稽查局', '河北省市场监督管理局'],
    ['石家庄市和平医院、石家庄市市场监督管理局', '石家庄市市场监督管理局'],
    ['河北省市场监督管理局（石家庄市市场监督管理局协办）', '河北省市场监督管理局'],
    ...[
      '、',
      '，',
      ',',
      '；',
      ';',
      '和',
      '与',
      '及',
      '同',
      '并',
      '暨',
      '会同',
      '联合',
      '以及',
      '及其',
      '并会同',
    ].map(together),
    ...[' ', '　', '\n', '/', '／', '+', '＋', '&', '·', '|', '（', '(', '\\', '。', '—', ''].map(together),
  ] as const) {
    t.equal(speaking(written), whose, written)
    t.equal(speaking(written), whose, `${written}, once more`)
  }
  for (const written of ['石家庄市税务局', '唐山市市场监督管理局稽查局', '稽查局', '、', ''])
    t.equal(speaking(written), undefined, written)
  await registry.authorities.open({ name: '石家庄市市场监督管理局稽查局' }, author)
  t.equal(
    speaking('石家庄市市场监督管理局稽查局'),
    '石家庄市市场监督管理局稽查局',
    'once it is opened itself',
  )
})
