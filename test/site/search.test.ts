import t from 'tap'
import { testServer, unifiedCode } from '../support.ts'

const one = unifiedCode('ERCH0001')
const firms = [
  [one, '石家庄示例钢铁有限公司', '130102', '2001-05-06'],
  [unifiedCode('ERCH0002', '130203'), '唐山示例钢铁有限公司', '130203', '1999-01-02'],
  [unifiedCode('ERCH0003', '130203'), '唐山演示三友化工股份有限公司', '130203', '2010-10-10'],
] as const

async function server(t: Parameters<typeof testServer>[0]) {
  const parts = await testServer(t)
  for (const [uscc, name, region, establishedOn] of firms)
    await parts.registry.acts.open(
      { codes: { uscc }, data: { name, region, establishedOn } },
      { actor: { authority: '省局', officer: '张三' }, command: uscc },
    )
  const get = (url: string) => parts.app.inject({ url, headers: { accept: 'text/html' } })
  return { ...parts, get }
}

t.test('the page of results says what it counted and what is only similar', async (t) => {
  const { get } = await server(t)
  t.match((await get('/search?q=示例钢铁')).body, /查询“示例钢铁”，共 2 家/)
  t.match((await get('/search?q=示例钢铁&region=130200')).body, /查询“示例钢铁”，唐山市，共 1 家/)
  const turned = (await get('/search?q=三友化工唐山')).body
  t.match(turned, /没有这样的企业，名称相近的 1 家/)
  t.match(turned, /三友化工/)
  t.match((await get('/search?q=示例鋼鐵')).body, /字形不同/)
  const more = (await get('/search?q=石家庄示例钢铁')).body
  t.match(more, /共 1 家/)
  t.match(more, /另有名称相近的 1 家，不一定是您要查的/)
})

t.test('a filter that was mistyped is said, not passed over', async (t) => {
  const { get } = await server(t)
  const page = await get('/search?q=示例&regoin=130100')
  t.match(page, { statusCode: 200, body: /网址中的“regoin”不是查询条件，没有起作用；可用的有 q、region/ })
  t.notMatch((await get('/search?q=示例&region=130100')).body, /不是查询条件/)
  for (const url of ['/search.csv?q=示例&regoin=130100', '/api/v1/enterprises?q=示例&regoin=130100'])
    t.match(await get(url), { statusCode: 400, body: /regoin/ }, url)
})

t.test('a code with one mistake is offered, and never opened by itself', async (t) => {
  const { get } = await server(t)
  for (const typed of [
    one.replace('ERCH0001', 'ERCH0O01'),
    one.replace('ERCH0001', 'ERCH0011'),
    one.replace('ERCH0001', 'ERHC0001'),
    one.slice(0, 9) + one.slice(10),
    `${one.slice(0, 9)}7${one.slice(9)}`,
    `${one.slice(8, 15)}9${one.slice(16, 17)}`,
  ]) {
    const page = await get(`/search?q=${typed}`)
    t.equal(page.statusCode, 200, typed)
    t.match(page.body, /您是否要查：/, typed)
    t.match(page.body, /石家庄示例钢铁有限公司/, typed)
  }
  t.equal((await get(`/search?q=${one}`)).statusCode, 303, 'one without a mistake is opened')
  t.notMatch((await get('/search?q=91130102MA0000000X')).body, /您是否要查/)
})

t.test('a download has all results in the order that was asked for', async (t) => {
  const { get } = await server(t)
  const names = async (order: string) =>
    (await get(`/search.csv?q=&order=${order}`)).body
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0])
      .filter((name) => name !== '')
  t.same(await names('oldest'), [
    '唐山示例钢铁有限公司',
    '石家庄示例钢铁有限公司',
    '唐山演示三友化工股份有限公司',
  ])
  t.same(await names('newest'), [
    '唐山演示三友化工股份有限公司',
    '石家庄示例钢铁有限公司',
    '唐山示例钢铁有限公司',
  ])
})

t.test('a page made from an index that is behind is kept by nobody', async (t) => {
  const { get, registry } = await server(t)
  const { search } = registry
  const shown = registry.position() - 1
  registry.search = async (query) => ({ ...(await search.call(registry, query)), position: shown })
  const behind = await get('/search?q=示例')
  t.match(behind, { statusCode: 200, headers: { 'cache-control': 'no-store', 'register-position': shown } })
  t.match(behind.body, `<span class="number">${shown}</span>`, 'it says what it shows')
  t.match(behind.body, `检索所反映的登记截至序号 ${shown}，其后的登记正在编入`, 'and that there is more')
  t.equal(behind.headers.etag, undefined)
  registry.search = search
  const current = await get('/search?q=示例')
  t.match(current.headers, { etag: /./, 'cache-control': /must-revalidate/ }, 'and made anew for the next')
  t.notMatch(current.body, '正在编入')
  const answer = (await get('/api/v1/enterprises?q=示例')).json()
  t.equal(answer.position, registry.position())
})
