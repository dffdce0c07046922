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
