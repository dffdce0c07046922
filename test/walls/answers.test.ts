import t from 'tap'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { type Route, routesOf } from '../routes.ts'
import { testServer, unifiedCode } from '../support.ts'

t.test('a standard that is only put forward answers as one that nobody has', async (t) => {
  const [standard] = shippedStandards
  if (!standard) throw new Error('no standard')
  const [without, withOne] = [await testServer(t), await testServer(t)]
  const actor = { authority: '省局', officer: '张三', id: 'officer/zhangsan' }
  await withOne.registry.acts.carryOut('propose-standard', {}, { document: standard }, actor)
  const answers = async ({ app }: typeof without) =>
    Promise.all(
      [
        '/api/v1/standards',
        `/api/v1/standards/${standard.id}`,
        `/api/v1/standards/${standard.id}?version=${standard.version}`,
        '/api/v1/standards/none',
      ].map(async (url) => {
        const { statusCode, body } = await app.inject({ url, headers: { 'x-request-id': '1' } })
        const { instance: _, ...said } = JSON.parse(body)
        return [statusCode, said]
      }),
    )
  t.same(await answers(withOne), await answers(without))
})

t.test('who finds a hole is told whom to tell', async (t) => {
  const { app, clock } = await testServer(t)
  const { statusCode, body } = await app.inject('/.well-known/security.txt')
  t.equal(statusCode, 200)
  const [, contact = ''] = /^Contact: https?:\/\/[^/]+(\/\S+)$/m.exec(body) ?? []
  t.equal((await app.inject(contact)).statusCode, 200)
  const [, expires = ''] = /^Expires: (\S+)$/m.exec(body) ?? []
  t.ok(Date.parse(expires) > clock.now().getTime())
})

t.test('every answer tells browsers to guess no types and to share nothing', async (t) => {
  const [plain, secure] = [
    await testServer(t),
    await testServer(t, { publicUrl: 'https://zlxy.example.gov.cn' }),
  ]
  for (const url of [
    '/',
    '/api/v1/regions',
    '/desk/sign-in',
    '/nowhere',
    '/docs/static/index.html',
    '/statistics/grades.csv',
  ]) {
    const { headers } = await plain.app.inject(url)
    t.equal(headers['x-content-type-options'], 'nosniff', url)
    t.equal(headers['cross-origin-resource-policy'], 'same-origin', url)
    t.notOk(headers['strict-transport-security'], 'nothing is promised of TLS where there is none')
    t.match((await secure.app.inject(url)).headers['strict-transport-security'], /^max-age=\d{8}/, url)
  }
  for (const url of ['/docs/', '/docs/static/index.html', '/docs/static/swagger-ui.css']) {
    const policy = String((await plain.app.inject(url)).headers['content-security-policy'])
    const directives = policy.split(';').map((directive) => directive.trim().split(' ')[0])
    t.same(directives, [...new Set(directives)], 'the second of one name would count for nothing')
    for (const said of [
      "default-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
      t.ok(policy.includes(said), `${url} ${said}`)
    t.notMatch(policy, /https:|unsafe|\*/, url)
  }
  t.equal((await plain.app.inject('/statistics/grades.csv')).headers['cache-control'], 'no-store')
})

t.test('what a key is answered with is kept by no cache, on every route', async (t) => {
  const { app, authorization } = await testServer(t)
  const headers = await authorization(['admin'])
  const uscc = unifiedCode('CACHE001')
  const code = uscc.slice(8, 17)
  const opened = { uscc, enterprise: { name: '示例公司', region: '130102' } }
  const made = await app.inject({ method: 'POST', url: '/api/v1/enterprises', headers, payload: opened })
  t.equal(made.statusCode, 201)
  t.match(made.headers, { 'cache-control': /private|no-store/ }, 'what is written is answered with too')
  const isOfApi = ({ path, methods }: Route) => methods.includes('GET') && /^\/(?:api\/v1|bulk)\//.test(path)
  const routes = routesOf(app).filter(isOfApi)
  const shown: string[] = []
  for (const { path } of routes) {
    const url = path.replace(':code', code).replace(/:\w+(\(\S*?\))?/g, 'none')
    const answer = await app.inject({ url, headers })
    if (answer.statusCode === 200) shown.push(path)
    // The public's copies are the same for everybody, and say so.
    if (url.startsWith('/bulk/public')) continue
    t.match(answer.headers['cache-control'], /private|no-store/, `${path} ${answer.statusCode}`)
    if (answer.statusCode === 200) t.match(answer.headers.vary, /authorization/i, path)
  }
  for (const path of [
    ...['cases', 'proposals', 'imports', 'imports/templates', 'deadlines', 'campaigns', 'officers', 'keys'],
    ...['supervision/follow-ups', 'supervision/renewals', 'reports/timeliness', 'reports/late-transfers'],
    ...['enterprises/:code', 'enterprises/:code/entries', 'entries', 'events'],
  ])
    t.ok(shown.includes(`/api/v1/${path}`), `${path} was shown`)
})
