import t from 'tap'
import { WorkUnavailable } from '../../src/computing/unavailable.ts'
import { loadDemo } from '../../src/demo/demo.ts'
import { cacheFigures } from '../../src/views/byte-cache.ts'
import { acting } from '../acting.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'answers' }
const html = { accept: 'text/html' }

t.test('a page holds for its position and its minute, and not longer', async (t) => {
  const { app, registry, clock } = await testServer(t)
  const uscc = unifiedCode('ANAW0001')
  await registry.acts.open({ codes: { uscc }, data: { name: '示例公司' } }, request)
  const url = `/enterprises/${uscc.slice(8, 17)}`
  const first = await app.inject(url)
  t.match(first.headers['cache-control'], /^public, max-age=0, s-maxage=30/)
  const etag = String(first.headers.etag)
  const again = (tag: string) => app.inject({ url, headers: { 'if-none-match': tag } })
  t.match(await again(etag), { statusCode: 304, body: '' })
  t.match(await app.inject(`/en${url}`), { statusCode: 200, body: /not on<\/strong> the blacklist/ })

  await acting(registry).change(uscc, { name: '示例新名公司' }, 'any', { ...request, command: 'change' })
  const changed = await again(etag)
  t.equal(changed.statusCode, 200, 'a change shows at once')
  t.match(changed.body, /示例新名公司/)
  clock.set('2026-11-24T02:01:00.000Z')
  const later = await again(String(changed.headers.etag))
  t.equal(later.statusCode, 200, 'so does the minute of asking')
  t.match(later.body, /截至 2026年11月24日 10:01/)
})

t.test(
  'what anyone may be shown holds nothing that an asker claims: addresses are those that are set',
  async (t) => {
    for (const publicUrl of ['', 'https://one.example', 'https://one.example/credit']) {
      const { app, registry } = await testServer(t, { publicUrl })
      const uscc = unifiedCode('ANAW0001')
      await registry.acts.open({ codes: { uscc }, data: { name: '示例公司' } }, request)
      const page = `/enterprises/${uscc.slice(8, 17)}`
      const claims = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'evil',
        'x-forwarded-prefix': '/evil',
        forwarded: 'host=evil.example',
      }
      const readable = [
        '/',
        page,
        `${page}/print`,
        '/robots.txt',
        '/sitemap.xml',
        '/sitemaps/1.xml',
        '/opensearch.xml',
      ]
      const feeds = [
        '/blacklist/feed.atom',
        `${page}/feed.json`,
        '/open-data/catalog.jsonld',
        '/suggest?q=示例',
      ]
      const more = [
        '/open-data',
        '/sitemaps/pages.xml',
        '/.well-known/api-catalog',
        '/openapi.json',
        '/api/v1/enterprises',
      ]
      for (const url of [...readable, ...feeds, ...more]) {
        const claimed = await app.inject({ url, headers: claims })
        t.equal(claimed.statusCode, 200, url)
        t.notMatch(`${claimed.body}${JSON.stringify(claimed.headers)}`, /evil/, url)
        // An empty feed says when it was asked for.
        const told = (body: string) => body.replace(/<updated>[^<]*/g, '')
        t.equal(told((await app.inject({ url })).body), told(claimed.body), url)
      }
      const base = publicUrl === '' ? 'http://localhost:8080' : publicUrl
      t.match((await app.inject(page)).body, `<link rel="canonical" href="${base}${page}"`)
    }
  },
)

t.test(
  'under a sub-path every address of the site lies there, whether the proxy hands it on or not',
  async (t) => {
    const { app, registry } = await testServer(t, { publicUrl: 'https://one.example/credit' })
    const uscc = unifiedCode('ANAW0001')
    for (const body of ['ANAW0001', 'ANAW0002'])
      await registry.acts.open({ codes: { uscc: unifiedCode(body) }, data: { name: '示例公司' } }, request)
    const page = `/enterprises/${uscc.slice(8, 17)}`
    for (const url of [
      '/',
      page,
      '/en',
      '/search?q=示例',
      '/check',
      '/statistics',
      '/desk/sign-in',
      '/open-data',
      '/no',
    ]) {
      const { body } = await app.inject({ url: `/credit${url}`, headers: html })
      const addresses = Array.from(
        body.matchAll(/ (?:href|src|action|data-suggest)="(\/[^"]*)"/g),
        ([, to = '']) => to,
      )
      t.ok(addresses.length > 3, url)
      t.same(
        addresses.filter((to) => !/^\/credit(\/|$)/.test(to)),
        [],
        url,
      )
      t.equal((await app.inject({ url, headers: html })).body, body, url)
    }
    const [, script = ''] = /src="([^"]+\.js)"/.exec((await app.inject('/credit/')).body) ?? []
    t.equal((await app.inject(script)).statusCode, 200)
    t.equal((await app.inject('/credit')).statusCode, 200)
    t.equal((await app.inject('/credits')).statusCode, 404)
    t.equal((await app.inject(`/credit/search?q=${uscc}`)).headers.location, `/credit${page}`)
    t.equal((await app.inject(`/credit/enterprises/${uscc}`)).headers.location, `/credit${page}`)
    t.equal((await app.inject('/credit/desk')).headers.location, '/credit/desk/sign-in?next=%2Fdesk')
    t.match(
      (await app.inject('/credit/api/v1/enterprises?q=示例&limit=1')).headers.link,
      /^<\/credit\/api\/v1\//,
    )
    t.match((await app.inject('/credit/openapi.json')).json(), {
      servers: [{ url: 'https://one.example/credit' }],
    })
    t.match((await app.inject('/credit/docs')).body, /href="\/credit\/docs\/static\//)
    t.match((await app.inject(`/credit${page}/feed.atom`)).body, `https://one.example/credit${page}`)
  },
)

t.test('what is wrong is said on a page, with what to do, and nothing is kept of it', async (t) => {
  const { app, registry } = await testServer(t, { rateLimit: 8 })
  const uscc = unifiedCode('ANAW0001')
  await registry.acts.open({ codes: { uscc }, data: { name: '示例钢铁公司' } }, request)
  const get = (url: string, address = '10.0.0.1') =>
    app.inject({ url, headers: { ...html, 'x-forwarded-for': address } })
  t.match(await get('/no/示例钢铁'), { statusCode: 404, body: /也许要找的是.*示例钢铁/s })
  t.match(await get('/en/nothing'), { statusCode: 404, body: /<html lang="en">/ })
  t.match(await get('/api/v1/nothing'), { statusCode: 404, headers: { 'content-type': /problem\+json/ } })
  t.match(await app.inject('/nothing'), { statusCode: 404, headers: { 'content-type': /problem\+json/ } })
  const wrong = `${uscc.slice(0, 17)}${uscc.endsWith('A') ? 'B' : 'A'}`
  t.match(await get(`/search?q=${wrong}`), { statusCode: 200, body: /第 18 位校验码应为/ })
  const long = await get(`/search?q=${'长'.repeat(300)}`, '10.0.0.2')
  t.match(long, { statusCode: 400, body: /最多 200 个字符/, headers: { 'cache-control': 'no-store' } })
  t.match(long.body, new RegExp(`value="${'长'.repeat(200)}"`), 'what was typed is still there')
  const { next = '' } = await registry.search({ text: '示例', filters: {}, limit: 1 })
  t.equal(next, '')
  t.match(await get('/search?q=x&cursor=WzEsMl0', '10.0.0.2'), { statusCode: 400, body: /翻页标记/ })
  t.match(await get(`/enterprises/${uscc}?asOf=2020-01-01`, '10.0.0.2'), { statusCode: 308 })
  t.match(await get(`/enterprises/${uscc.slice(8, 17)}?asOf=2020-01-01`, '10.0.0.2'), {
    statusCode: 404,
    body: /2026-11-24 建立，此前没有记录/,
  })
  await acting(registry).withdraw(uscc, '误建', 'any', { ...request, command: 'withdraw' })
  const gone = await get(`/enterprises/${uscc.slice(8, 17)}`, '10.0.0.2')
  t.equal(gone.statusCode, 410)
  t.notMatch(gone.body, /示例钢铁公司/, 'without saying what it was')
  for (let i = 0; i < 9; i += 1) await get('/', '10.0.0.3')
  const tooMany = await get('/', '10.0.0.3')
  t.match(tooMany, { statusCode: 429, headers: { 'retry-after': /^\d+$/, 'content-type': /text\/html/ } })
  t.match(tooMany.body, /请在 \d+ 秒后重新打开/)
})

t.test('results are taken away whole, as one table', async (t) => {
  const { app, registry } = await testServer(t)
  for (let i = 0; i < 1203; i += 1)
    await registry.acts.open(
      {
        codes: { uscc: unifiedCode(`EXP${String(i).padStart(5, '0')}`) },
        data: { name: `示例=${i}号公司`, industry: 'C3011', establishedOn: '2001-02-03' },
      },
      { ...request, command: `export ${i}` },
    )
  const csv = await app.inject('/search.csv?q=%E7%A4%BA%E4%BE%8B&order=newest')
  t.match(csv.headers['content-disposition'], /attachment/)
  const lines = csv.body.trim().split('\n')
  t.equal(lines.length, 1204, 'a heading and every enterprise')
  t.equal(new Set(lines).size, 1204)
  t.match(lines[1], /C 制造业,,2001-02-03,存续/)
  const xlsx = await app.inject('/search.xlsx?q=%E7%A4%BA%E4%BE%8B')
  t.equal(xlsx.rawPayload.subarray(0, 2).toString(), 'PK')
  t.equal((await app.inject('/search.csv?region=nowhere')).statusCode, 400)
})

t.test('what machines look for is there', async (t) => {
  const { app, registry } = await testServer(t, { publicUrl: 'http://registry.example' })
  const uscc = unifiedCode('ANAW0001')
  const name = '示例<机器>公司'
  await registry.acts.open({ codes: { uscc }, data: { name } }, request)
  await registry.acts.addRecord(
    uscc,
    'penalty',
    penaltyOf('1号', { publishedOn: '2026-10-20' }).data,
    undefined,
    {
      ...request,
      command: 'penalty',
    },
  )
  const key = uscc.slice(8, 17)
  const get = (url: string) => app.inject(url)
  t.match((await get('/robots.txt')).body, /Sitemap: http:\/\/registry\.example\/sitemap\.xml/)
  t.match((await get('/sitemap.xml')).body, /sitemaps\/1\.xml/)
  t.match((await get('/sitemaps/1.xml')).body, `<loc>http://registry.example/enterprises/${key}</loc>`)
  t.match(
    (await get('/sitemaps/1.xml')).body,
    `<lastmod>${registry.now().toISOString()}</lastmod>`,
    'when its face last changed',
  )
  for (const url of [
    '/sitemap.xml',
    '/sitemaps/1.xml',
    '/sitemaps/pages.xml',
    '/blacklist/feed.atom',
    '/bulletins/feed.json',
    `/enterprises/${key}/feed.atom`,
    '/robots.txt',
    '/suggest?q=%E6%9C%BA%E5%99%A8',
  ]) {
    const { headers } = await get(url)
    const again = await app.inject({ url, headers: { 'if-none-match': `${headers.etag}` } })
    t.match(again, { statusCode: 304, body: '' }, url)
    t.equal((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200)
  }
  t.equal((await get('/sitemaps/2.xml')).statusCode, 404)
  t.match(
    (await get('/opensearch.xml')).body,
    /template="http:\/\/registry\.example\/search\?q=\{searchTerms\}"/,
  )
  const suggested: unknown = (await get('/suggest?q=%E6%9C%BA%E5%99%A8')).json()
  t.match(suggested, ['机器', [name], ['石家庄市长安区'], [`http://registry.example/enterprises/${key}`]])
  t.match((await get('/.well-known/api-catalog')).headers['content-type'], /application\/linkset\+json/)
  t.match((await get('/open-data/catalog.jsonld')).json(), { '@type': 'dcat:Catalog' })
  const { body } = await get(`/enterprises/${key}`)
  const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body) ?? []
  t.match(JSON.parse(data), { '@type': 'Organization', name })
  const atom = await get(`/enterprises/${key}/feed.atom`)
  t.match(atom.body, /<entry>/)
  t.notMatch(atom.body, /<机器>/)
  t.match((await get(`/enterprises/${key}/feed.json`)).json(), { version: /jsonfeed/, items: [{}, {}] })
  t.match((await get(`/enterprises/${uscc}/feed.json`)).headers.location, `/enterprises/${key}/feed.json`)
})

t.test('lists as of a past day', async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const get = (url: string) => server.app.inject(url)
  t.match((await get('/honours')).body, /示例电线电缆有限公司/)
  t.notMatch((await get('/honours?asOf=2026-11-23')).body, /示例电线电缆有限公司/, 'it was not rated yet')
  t.match((await get('/bulletins')).body, /第1期/)
  t.match((await get('/bulletins?asOf=2026-11-23')).body, /尚未发布公告/)
  t.match((await get('/blacklist?asOf=2026-11-24')).body, /示例建筑扣件铸造厂/)
  t.notMatch((await get('/blacklist?asOf=2026-11-23')).body, /示例建筑扣件铸造厂/)
  for (const list of ['honours', 'bulletins', 'blacklist']) {
    t.equal((await get(`/${list}?asOf=2026-02-30`)).statusCode, 422)
    t.match((await get(`/${list}?asOf=2027-01-01`)).body, /不晚于今天的日期/)
  }
})

t.test('a firm that left the blacklist is on no page, in no feed and no file', async (t) => {
  const server = await testServer(t)
  const { app, registry, clock } = server
  await loadDemo(server.register, server.writer, registry.catalogue, clock.now())
  const [listing] = registry.listings.list({ on: '2026-11-24' }, undefined, 1).items
  const id = listing?.id ?? ''
  const before = ['/', '/blacklist', '/blacklist/feed.atom', '/blacklist/feed.json']
  for (const url of before) t.match((await app.inject(url)).body, /示例建筑扣件铸造厂/, url)
  clock.set('2029-10-26T02:00:00.000Z')
  await registry.runDaily()
  for (const url of before) t.notMatch((await app.inject(url)).body, /示例建筑扣件铸造厂/, url)
  const page = await app.inject({ url: `/blacklist/${id}`, headers: html })
  t.equal(page.statusCode, 410)
  t.notMatch(page.body, /扣件/)
  t.match((await app.inject('/enterprises/DEM000030')).body, /未被列入/)
})

t.test('what can not be counted now is left out of a page, which is kept for nobody', async (t) => {
  const { app, registry, writer, register, clock } = await testServer(t)
  await loadDemo(register, writer, registry.catalogue, clock.now())
  const unavailable = () => Promise.reject(new WorkUnavailable('the computing thread has just ended'))
  const { holdings, listings } = registry.reports
  Object.assign(registry.reports, { holdings: unavailable, listings: unavailable })
  for (const [url, rest] of [
    ['/', /最近列入质量失信黑名单/],
    ['/en', /Lately put on the blacklist/],
    ['/blacklist', /<input[^>]*name="ground"/],
    ['/blacklist?ground=%E4%BC%AA%E9%80%A0', /没有符合条件的企业/],
  ] as const) {
    const without = await app.inject({ url, headers: html })
    t.equal(without.statusCode, 200, url)
    t.match(without.body, rest)
    t.equal(without.headers['cache-control'], 'no-store')
  }
  t.match((await app.inject({ url: '/', headers: html })).body, /数字暂时不能计算/)
  Object.assign(registry.reports, { holdings, listings })
  const whole = await app.inject({ url: '/blacklist', headers: html })
  t.match(whole.body, /<select[^>]*name="ground"/)
  t.match(whole.headers['cache-control'], /^public/)
})

t.test('a page is kept by what it reads of its address, and by nothing else of it', async (t) => {
  const { app, register, writer, registry, clock } = await testServer(t)
  await loadDemo(register, writer, registry.catalogue, clock.now())
  const kept = () => cacheFigures()['public pages']?.entries ?? 0
  const file = '/enterprises/DEM000030'
  const plain = [
    ...['/', '/en', '/blacklist', '/statistics', '/honours', '/bulletins', '/rules', '/rights', '/privacy'],
    ...['/accessibility', '/changes', '/open-data', '/check', '/check/record', '/search', file],
    ...[`${file}/print`, `/en${file}`, `/statistics/grades`],
  ]
  for (const url of plain) {
    const first = await app.inject({ url, headers: html })
    t.equal(first.statusCode, 200, url)
    const before = kept()
    t.ok(before > 0, url)
    for (const nonsense of ['x=1', 'utm_source=a', 'x=1&x=2', '', '%E4%BD%A0=1']) {
      const { statusCode, body } = await app.inject({ url: `${url}?${nonsense}`, headers: html })
      t.equal(statusCode, 200, `${url}?${nonsense}`)
      if (url !== '/search') t.equal(body, first.body, `${url}?${nonsense}`)
    }
    t.equal(kept(), before, url)
  }
  for (const [url, same] of [
    ['/blacklist?q=%E6%89%A3%E4%BB%B6&from=2026-01-01', '/blacklist?x=1&from=2026-01-01&q=扣件'],
    [file, '/enterprises/DEM%3000030'],
    [`${file}?asOf=2026-11-24`, `${file}?y=&asOf=2026-11-24`],
  ] as const) {
    const { body } = await app.inject({ url, headers: html })
    const before = kept()
    t.equal((await app.inject({ url: same, headers: html })).body, body, same)
    t.equal(kept(), before, same)
  }
  const before = kept()
  t.notSame(
    (await app.inject({ url: '/blacklist?q=扣件', headers: html })).body,
    (await app.inject({ url: '/blacklist?q=没有', headers: html })).body,
  )
  t.equal(kept(), before + 2, 'what it reads makes another page')
  const odd = await app.inject({ url: '/search?q=%E7%A4%BA%E4%BE%8B&colour=red', headers: html })
  t.match(odd.body, /网址中的“colour”不是查询条件.*<a href="\/search\?q=%E7%A4%BA%E4%BE%8B">去掉/s)
  t.notMatch(odd.body, /colour=red/, 'no link takes it further')
  t.notMatch((await app.inject({ url: '/search?q=示例', headers: html })).body, /不是查询条件/)
  t.equal(kept(), before + 3, 'one that was named on it is kept for nobody')
})
