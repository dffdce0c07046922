import t from 'tap'
import { openStampKeys } from '../../src/checking/keys.ts'
import { stampOf } from '../../src/checking/paper.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { testServer, unifiedCode } from '../support.ts'

const one = unifiedCode('APCK0001')
const request = { actor: { authority: '省局', officer: '张三' }, command: 'open' }

async function server(t: Parameters<typeof testServer>[0]) {
  const parts = await testServer(t)
  await parts.registry.acts.open(
    { codes: { uscc: one }, data: { name: '石家庄示例钢铁有限公司', region: '130102' } },
    request,
  )
  const { app } = parts
  const begin = (type: string, payload: string) =>
    app.inject({ method: 'POST', url: '/api/v1/checks', headers: { 'content-type': type }, payload })
  const settled = async (location: string) => {
    for (;;) {
      const state = (await app.inject(location)).json()
      if (state.done) return state
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return { ...parts, begin, settled }
}

t.test(
  'a program checks a list as JSON, NDJSON or CSV, and takes results, table and record away',
  async (t) => {
    const { app, begin, settled } = await server(t)
    const name = '石家庄示例钢铁有限公司'
    for (const [type, payload] of [
      ['application/json', JSON.stringify({ rows: [{ code: one, name }, { name: '没有这家' }] })],
      ['application/x-ndjson', `{"code":"${one}","name":"${name}"}\n\n{"name":"没有这家"}\n`],
      ['text/csv', `代码,名称\n${one},${name}\n,没有这家\n`],
    ] as const) {
      const begun = await begin(type, payload)
      t.equal(begun.statusCode, 202, type)
      const location = String(begun.headers.location)
      t.match(await settled(location), { total: 2, checked: 2, counts: { certain: 1, none: 1 } }, type)
      const results = (await app.inject(`${location}/results?limit=1`)).json()
      t.match(results, {
        items: [{ certainty: 'certain', verdict: '未被列入质量失信黑名单', enterprise: { name } }],
        next: /./,
      })
      t.match((await app.inject(`${location}/results?limit=1&cursor=${results.next}`)).json(), {
        items: [{ given: { name: '没有这家' } }],
        next: null,
      })
      t.match((await app.inject(`${location}/results?order=grave&of=none`)).json(), {
        items: [{ given: { name: '没有这家' } }],
        next: null,
      })
      t.match((await app.inject(`${location}/results.csv`)).body, /没有这家/)
      const record = await app.inject(`${location}/record`)
      t.match(record.headers, { 'content-type': /jose\+json/ })
      const paper = await app.inject(`${location}/record.pdf`)
      t.match(paper.headers, { 'content-type': 'application/pdf' })
      t.match(paper.body, /^%PDF-/)
      const again = await begin('application/jose+json', record.body)
      t.match(await settled(String(again.headers.location)), { counts: { changed: 0 }, since: /^2026/ })
      t.equal((await app.inject({ method: 'DELETE', url: location })).statusCode, 204)
      t.equal((await app.inject(location)).statusCode, 410)
    }
    t.match((await app.inject('/check/keys.json')).json(), { keys: [{ kty: 'OKP', until: null }] })
  },
)

t.test('the page of a stamp names whom the paper is of, or says that it names nobody', async (t) => {
  const { app, begin, settled, folder, clock } = await server(t)
  const name = '石家庄示例钢铁有限公司'
  const keys = await openStampKeys(pathsIn(folder), clock.now)
  const stamped = async (asked: object[]) => {
    const begun = await begin('application/json', JSON.stringify({ rows: asked }))
    const location = String(begun.headers.location)
    const { span } = await settled(location)
    t.equal((await app.inject(`${location}/record.pdf`)).statusCode, 200)
    const rows = (await app.inject(`${location}/results?limit=1000`)).json().items
    const stamp = await stampOf({ registry: '测试', span, rows }, keys)
    const page = async () => (await app.inject(`/check/record?stamp=${stamp}`)).body
    return { page, stamp, forget: () => app.inject({ method: 'DELETE', url: location }) }
  }
  const short = await stamped([{ code: one }, { name: '没有“这家”公司' }])
  await short.forget()
  const page = await short.page()
  t.match(page, /码是真的/)
  t.ok(page.includes(name) && page.includes(one.slice(8, 17)), 'whom the paper is of')
  t.match(page, /未被列入质量失信黑名单/)
  t.match(page, /所填（未经核实）：“没有’这家’公司”/)
  t.notMatch(page, /没有验证/)
  const long = await stamped(Array.from({ length: 40 }, () => ({ code: one })))
  const held = await long.page()
  t.match(held, /<h2>纸面上的企业名称和结论没有验证<\/h2>/)
  t.match(held, /还保留着这次核验/)
  t.ok(held.includes(name), 'its rows while they are held')
  await long.forget()
  const gone = await long.page()
  t.match(gone, /<h2>纸面上的企业名称和结论没有验证<\/h2>/)
  t.match(gone, /向出示的人索取/)
  t.notOk(gone.includes(name))
  t.match((await app.inject(`/check/record?stamp=${short.stamp.slice(0, -9)}`)).body, /不可信/)
})

t.test('a list that cannot be read is refused with its rows', async (t) => {
  const { app, begin } = await server(t)
  for (const [type, payload, pointer, detail] of [
    ['application/json', '{"rows":[]}', '/rows', /至少一行/],
    ['application/json', '{"rows":[{"name":"甲","nmae":"乙"}]}', '/rows/0', /nmae/],
    ['application/json', `{"rows":[{"name":"${'长'.repeat(201)}"}]}`, '/rows/0/name', /最多 200/],
    ['application/x-ndjson', '{"name":"甲"}\n{"name"\n', '/rows/1', /第 2 行不是 JSON/],
  ] as const) {
    const refused = await begin(type, payload)
    t.equal(refused.statusCode, 422)
    t.match(refused.json().errors, [{ pointer, detail }], payload.slice(0, 30))
  }
  t.equal((await begin('application/xml', '<x/>')).statusCode, 415)
  t.equal((await app.inject('/api/v1/checks/unknown/results')).statusCode, 410)
  t.equal((await app.inject('/api/v1/checks/x/results?of=nothing')).statusCode, 400)
})

t.test('what is held is told as it stands: taken back, renamed, withdrawn, ended by the day', async (t) => {
  const { app, begin, settled, writer, clock } = await server(t)
  const author = { authority: '省局', officer: '张三' }
  const CHANGES = ['removed', 'renamed', 'withdrawn', 'ended', 'stays'] as const
  const firms = CHANGES.flatMap((change, i) =>
    ['甲', '乙'].map((which, j) => ({
      change,
      name: `示例${which}${change}公司`,
      uscc: unifiedCode(`HELD${i}${j}00`),
    })),
  )
  const keyOf = (uscc: string) => uscc.slice(8, 17)
  const append = (uscc: string, kind: string, payload: object) =>
    writer.append({
      command: `${kind}/${uscc}`,
      drafts: [{ subject: keyOf(uscc), kind, payload, visibility: 'public', author }],
    })
  for (const { uscc, name, change } of firms) {
    await append(uscc, 'enterprise.opened', { uscc, data: { name, region: '130102' } })
    const own = { case: `case-${uscc}` }
    const until = change === 'ended' ? '2026-11-25' : '2028-11-24'
    const repair = { from: '2027-11-24', how: '申请', conditions: [] }
    const listing = {
      ground: `情形${change}`,
      basis: '依据',
      until,
      publishBy: '2026-12-24',
      certain: true,
      repair,
    }
    const ruleSet = { id: 'order-44', version: 1 }
    await append(uscc, 'listing.proposed', {
      ...{ ...own, ruleSet, ground: 'x', penalties: [], facts: '', reasons: '', by: 'a' },
    })
    await append(uscc, 'listing.decided', {
      ...{ ...own, listed: true, decisionNo: '1号', decidedOn: '2026-11-24', reasons: '', measures: [] },
      ...{ listing, by: 'b' },
    })
    await append(uscc, 'listing.published', { ...own, from: '2026-11-24', until })
  }
  const body = { rows: [...firms.map(({ uscc }) => ({ code: uscc })), { name: '没有这家' }] }
  const location = String((await begin('application/json', JSON.stringify(body))).headers.location)
  const { span, counts } = await settled(location)
  t.equal(counts.listed, 10)
  const page = location.replace('/api/v1/checks', '/check')
  const paths = [location, `${location}/results`, `${location}/results.csv`, page, `${page}/result.csv`]
  const told = async () => {
    for (const path of [...paths, `${location}/record`, `${page}/record.json`])
      t.equal((await app.inject(path)).headers['register-position'], String(span.from.position), path)
    const { items } = (await app.inject(`${location}/results`)).json()
    return firms.map(({ change, name }, i) => {
      const { enterprise, why, verdict } = items[i]
      return {
        change,
        name: enterprise?.name === name,
        listed: verdict.startsWith('自'),
        isAgain: /^此后有变化/.test(why),
      }
    })
  }
  const expected = (turned: readonly string[]) =>
    firms.map(({ change }) => ({
      change,
      name: !turned.includes(change) || !['renamed', 'withdrawn'].includes(change),
      listed: !turned.includes(change) || change === 'renamed',
      isAgain: turned.includes(change),
    }))
  t.same(await told(), expected([]))
  for (const { change, uscc, name } of firms) {
    if (change === 'removed')
      await append(uscc, 'listing.removed', {
        case: `case-${uscc}`,
        on: '2026-11-24',
        cause: 'revoked',
        reason: 'x',
        by: 'b',
      })
    if (change === 'renamed')
      await append(uscc, 'enterprise.changed', { changes: { name: `新${name}` }, from: '2026-11-24' })
    if (change === 'withdrawn') await append(uscc, 'enterprise.withdrawn', { reason: '重复' })
  }
  t.same(await told(), expected(['removed', 'renamed', 'withdrawn']))
  for (const path of paths.slice(1)) {
    const { body } = await app.inject(path)
    t.notMatch(body, /(?<!新)示例[甲乙](renamed|withdrawn)公司|情形(removed|withdrawn)/, path)
    t.match(body, /示例甲stays公司/, path)
  }
  t.equal((await app.inject(location)).json().counts.listed, 6)
  clock.set('2026-11-24T15:59:59.000Z')
  t.same(await told(), expected(['removed', 'renamed', 'withdrawn']))
  clock.set('2026-11-24T16:00:00.000Z')
  t.same(await told(), expected(['removed', 'renamed', 'withdrawn', 'ended']))
  clock.set('2026-11-25T16:00:00.000Z')
  t.same(await told(), expected(['removed', 'renamed', 'withdrawn', 'ended']))
  t.equal((await app.inject(location)).json().counts.listed, 4)
})
