import t, { type Test } from 'tap'
import { testServer, unifiedCode } from '../support.ts'

const R = '/api/v1/reconcile'
const CODES = [unifiedCode('DEM00001'), unifiedCode('DEM00002'), unifiedCode('DEM00003')] as const
const NAMES = ['石家庄示例电缆有限公司', '石家庄示例电线有限公司', '唐山<b>示例</b>水泥有限公司']

async function reconciling(t: Test) {
  const server = await testServer(t)
  const headers = await server.authorization(['records:write'])
  for (const [i, uscc] of CODES.entries())
    await server.app.inject({
      method: 'POST',
      url: '/api/v1/enterprises',
      headers,
      payload: { uscc, enterprise: { name: NAMES[i], region: i < 2 ? '130102' : '130202' } },
    })
  const ask = async (queries: unknown, method: 'GET' | 'POST' = 'POST') => {
    const form = new URLSearchParams({
      queries: typeof queries === 'string' ? queries : JSON.stringify(queries),
    })
    const answer = await server.app.inject(
      method === 'GET'
        ? { url: `${R}?${form}`, headers: { origin: 'https://openrefine.example' } }
        : {
            method,
            url: R,
            headers: {
              'content-type': 'application/x-www-form-urlencoded',
              origin: 'https://openrefine.example',
            },
            payload: form.toString(),
          },
    )
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
  }
  return { server, ask, key: (i: 0 | 1 | 2) => CODES[i].slice(8, 17) }
}

t.test('the service says what it is, and where each of its parts is found', async (t) => {
  const { server } = await reconciling(t)
  const answer = await server.app.inject({ url: R, headers: { origin: 'https://openrefine.example' } })
  const manifest = answer.json()
  t.same(manifest.versions, ['0.2'])
  t.equal(answer.headers['access-control-allow-origin'], '*')
  t.notOk('access-control-allow-credentials' in answer.headers)
  for (const part of ['name', 'identifierSpace', 'schemaSpace']) t.type(manifest[part], 'string')
  for (const template of [manifest.view.url, manifest.preview.url]) t.match(template, /\{\{id\}\}/)
  for (const what of ['entity', 'property', 'type']) {
    const { service_url: url, service_path: path } = manifest.suggest[what]
    const { pathname } = new URL(`${url}${path}`)
    t.equal((await server.app.inject(`${pathname}?prefix=`)).statusCode, 200, what)
  }
})

t.test('names are judged as the batch check judges them; what is only found is never a match', async (t) => {
  const { ask, key } = await reconciling(t)
  const queries = {
    exact: { query: '石家庄示例电缆有限公司' },
    wide: { query: '石家庄示例电缆有限公司', type: 'enterprise', limit: 1, type_strict: 'any' },
    part: { query: '石家庄示例' },
    code: { query: CODES[1] },
    property: { query: '示例', properties: [{ pid: 'code', v: CODES[2] }] },
    conflict: { query: '石家庄示例电缆有限公司', properties: [{ pid: 'code', v: [{ id: CODES[1] }] }] },
    elsewhere: { query: '石家庄示例电缆有限公司', properties: [{ pid: 'place', v: '唐山市' }] },
    nothing: { query: '没有这样一家' },
    empty: { properties: [{ pid: 'code', v: CODES[0] }] },
  }
  for (const method of ['POST', 'GET'] as const) {
    const { status, body, headers } = await ask(queries, method)
    t.equal(status, 200)
    t.equal(headers['access-control-allow-origin'], '*')
    t.same(Object.keys(body).sort(), Object.keys(queries).sort())
    const first = (name: keyof typeof queries) => body[name].result[0]
    t.match(first('exact'), { id: key(0), match: true, score: 100, type: [{ id: 'enterprise' }] })
    t.match(first('exact').description, CODES[0])
    t.same(
      body.part.result.map(({ id, match }: { id: string; match: boolean }) => [id, match]).sort(),
      [
        [key(0), false],
        [key(1), false],
      ],
      'to choose from',
    )
    const scores = body.part.result.map(({ score }: { score: number }) => score)
    t.same(
      scores,
      scores.toSorted((one: number, two: number) => two - one),
      'the best first',
    )
    t.equal(body.wide.result.length, 1)
    t.match(first('code'), { id: key(1), match: true })
    t.match(first('property'), { id: key(2) })
    t.match(
      body.conflict.result.slice(0, 2).map(({ match }: { match: boolean }) => match),
      [false, false],
    )
    t.match(first('elsewhere'), { id: key(0), match: false })
    t.same(body.nothing.result, [])
    t.match(first('empty'), { id: key(0), match: true })
  }
})

t.test('a batch that can’t be read is refused with how to write it', async (t) => {
  const { ask } = await reconciling(t)
  const deep = `{"q":{"query":"甲","x":${'['.repeat(5000)}${']'.repeat(5000)}}}`
  const twice = '{"q":{"query":"甲","query":"乙"}}'
  const half = '{"q":{"query":"\\ud800"}}'
  for (const wrong of [deep, twice, half, 'not json', '[]', '{"q":{"query":5}}', '{"q":{"limit":0}}', '"x"'])
    t.match(await ask(wrong), { status: 422, body: { errors: [{ pointer: /^\/queries/ }] } }, wrong)
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`q${i}`, { query: '甲' }]))
  t.equal((await ask(many(50))).status, 200)
  t.match(await ask(many(51)), { status: 422, body: { errors: [{ code: 'too-big' }] } })
  t.equal((await ask({})).status, 200)
})

t.test('firms are suggested while typing, and shown in a frame as text', async (t) => {
  const { server, key } = await reconciling(t)
  const suggested = async (what: string, prefix: string, more = '') =>
    (await server.app.inject(`${R}/suggest/${what}?prefix=${encodeURIComponent(prefix)}${more}`)).json()
      .result
  t.match(await suggested('entity', '示例电缆'), [{ id: key(0), name: NAMES[0], description: CODES[0] }])
  t.equal((await suggested('entity', '石家庄示例')).length, 2)
  t.equal((await suggested('entity', '石家庄示例', '&cursor=1')).length, 1)
  t.match(await suggested('property', '地区'), [{ id: 'place' }])
  t.match(await suggested('type', ''), [{ id: 'enterprise' }])
  const preview = await server.app.inject(`${R}/preview?id=${key(2)}`)
  t.match(preview.headers['content-security-policy'], /frame-ancestors \*/)
  t.match(preview.body, /唐山&lt;b&gt;示例&lt;\/b&gt;水泥有限公司/)
  t.notMatch(preview.body, /<b>/)
  t.equal((await server.app.inject(`${R}/preview?id=M000100Y4`)).statusCode, 404)
})
