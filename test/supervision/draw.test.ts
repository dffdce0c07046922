import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { licenceOf, testServer, unifiedCode } from '../support.ts'

/** A draw by two persons: what is settled on before who may be drawn is known, what is refused at each step. */

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const FIRST = '甲在纸上写的一句话，共十六字以上'
const SECOND = '乙在纸上写的另一句话，共十六字以上'
const plan = {
  name: '电线电缆抽查',
  commitment: sha(FIRST),
  group: 'wire-cable',
  level: '省',
  period: { from: '2026-10-01', to: '2026-12-31' },
  rates: { B: 0.5 },
  inspectors: ['甲', '乙'],
}

async function bureau(t: Test) {
  const server = await testServer(t)
  const people = new Map<string, { authorization: string }>()
  for (const [name, region] of [
    ['first', undefined],
    ['second', undefined],
    ['third', undefined],
    ['city', '130100'],
    ['county', '130102'],
    ['county2', '130102'],
  ] as const)
    people.set(name, await server.authorization(['records:write', 'supervision:write'], region))
  const post = async (who: string, url: string, payload: object) => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: people.get(who) ?? {},
      payload,
    })
    return { status: answer.statusCode, body: answer.body, json: answer.json() }
  }
  const open = async (i: number) => {
    const uscc = unifiedCode(`DRW000${String(i).padStart(2, '0')}`)
    const enterprise = { name: `示例电缆${i}公司`, region: '130102' }
    await post('first', '/enterprises', { uscc, enterprise })
    await post('first', `/enterprises/${uscc.slice(8, 17)}/records`, licenceOf(`XK-${i}`))
    return uscc.slice(8, 17)
  }
  for (let i = 0; i < 6; i += 1) await open(i)
  const draw = (who: string, id: string, step: 'commitment' | 'opening', payload: object) =>
    post(who, `/supervision/draws/${id}/${step}`, payload)
  const get = async (url: string) => (await server.app.inject(`/api/v1${url}`)).json()
  const made = async (more: object = {}, [a, b] = ['first', 'second']) => {
    const { id } = (await post(a ?? '', '/supervision/draws', { ...plan, ...more })).json
    await draw(b ?? '', id, 'commitment', { commitment: sha(SECOND) })
    await draw(a ?? '', id, 'opening', { part: FIRST })
    return { id, last: await draw(b ?? '', id, 'opening', { part: SECOND }) }
  }
  return { server, post, draw, get, open, made }
}

t.test('step by step: hashes, then the candidates, then the outcome', async (t) => {
  const { post, draw, get, open } = await bureau(t)
  const { id } = (await post('first', '/supervision/draws', plan)).json
  const shown = () => get(`/supervision/draws/${id}`)
  t.match(await shown(), {
    status: 'begun',
    candidates: [],
    seed: '',
    commitments: [{ hash: sha(FIRST), part: undefined }],
  })
  t.notMatch(JSON.stringify(await shown()), FIRST)
  t.equal((await draw('first', id, 'opening', { part: FIRST })).status, 409, 'not before the other hash')
  t.match(
    await draw('first', id, 'commitment', { commitment: sha(SECOND) }),
    { status: 403 },
    'both by one person',
  )
  t.match(
    await draw('city', id, 'commitment', { commitment: sha(SECOND) }),
    { status: 403 },
    'of another authority',
  )
  t.match((await draw('second', id, 'commitment', { commitment: sha(FIRST) })).json.errors, [
    { pointer: '/commitment', code: 'repeated' },
  ])
  t.match(
    (await draw('second', id, 'commitment', { commitment: SECOND })).json.errors,
    [{ pointer: '/commitment' }],
    'no hash',
  )
  t.equal((await draw('second', id, 'commitment', { commitment: sha(SECOND) })).status, 200)
  t.equal((await draw('third', id, 'commitment', { commitment: sha('第三人') })).status, 409)
  await open(6)
  t.match(await shown(), { status: 'joined', candidates: [] })
  t.equal((await draw('third', id, 'opening', { part: FIRST })).status, 403, 'nobody opens for another')
  t.match((await draw('first', id, 'opening', { part: `${FIRST}。` })).json.errors, [{ code: 'other-seed' }])
  t.match((await draw('first', id, 'opening', { part: SECOND })).json.errors, [{ code: 'other-seed' }])
  t.match((await draw('first', id, 'opening', { part: FIRST })).json, { status: 'opened', drawn: [] })
  t.equal((await shown()).candidates.length, 7, 'fixed as the files stand then')
  await open(7)
  t.equal((await draw('first', id, 'opening', { part: FIRST })).status, 409, 'once')
  t.match((await draw('second', id, 'opening', { part: SECOND })).json, {
    status: 'made',
    seed: `${FIRST}/${SECOND}`,
  })
  const { candidates, drawn, commitments } = await shown()
  t.equal(candidates.length, 7, 'whoever came later was no candidate')
  t.equal(drawn.length, 4)
  t.match(commitments, [{ part: FIRST }, { part: SECOND }])
  t.ok(commitments[0].position < commitments[1].position)
  t.notMatch(JSON.stringify(commitments), /key\//, 'no account is told')
  t.match(await get(`/supervision/draws/${id}/recomputation`), { agrees: true })
  t.equal((await draw('second', id, 'opening', { part: SECOND })).status, 409)
})

t.test('either opens first; the seed has its parts in the order of the hashes', async (t) => {
  const { post, draw, get } = await bureau(t)
  const { id } = (await post('first', '/supervision/draws', plan)).json
  await draw('second', id, 'commitment', { commitment: sha(SECOND) })
  t.match((await draw('second', id, 'opening', { part: SECOND })).json, { status: 'opened' })
  t.match((await draw('first', id, 'opening', { part: FIRST })).json, { seed: `${FIRST}/${SECOND}` })
  t.match(await get(`/supervision/draws/${id}/recomputation`), { agrees: true })
})

t.test('another draw of the same says why, and each shows the others', async (t) => {
  const { post, get, made } = await bureau(t)
  const { id } = await made()
  const again = (more: object) => post('second', '/supervision/draws', { ...plan, ...more })
  for (const [what, more, isSame] of [
    ['the same', {}, true],
    ['under another name', { name: '再抽一次' }, true],
    ['with other rates', { rates: { B: 1 } }, true],
    ['a period that touches it', { period: { from: '2026-12-31', to: '2027-03-31' } }, true],
    ['the day after', { period: { from: '2027-01-01', to: '2027-03-31' } }, false],
    ['the day before', { period: { from: '2026-01-01', to: '2026-09-30' } }, false],
    ['up to its first day', { period: { from: '2026-01-01', to: '2026-10-01' } }, true],
    ['of another level', { level: '国家' }, false],
    ['of a part of it', { region: '130100' }, false],
  ] as const) {
    const { status, json } = await again(more)
    t.equal(status, isSame ? 422 : 201, `${what}: ${JSON.stringify(json.errors)}`)
    if (isSame) t.match(json.errors, [{ pointer: '/reason', detail: /电线电缆抽查/ }])
  }
  const second = await again({ reason: '第一次的检查人员名单有误' })
  t.equal(second.status, 201)
  t.match(await get(`/supervision/draws/${second.json.id}`), {
    again: { of: [id], reason: '第一次的检查人员名单有误' },
    sameAs: [{ id, status: 'made' }],
  })
  t.match((await get(`/supervision/draws/${id}`)).sameAs, [{ id: second.json.id, status: 'begun' }])
  t.match(
    (await again({ name: '第三次' })).json.errors,
    [{ pointer: '/reason' }],
    'one that was only begun counts',
  )
})

t.test('an authority draws at its own level and below, and leaves out what was drawn above', async (t) => {
  const { post, made } = await bureau(t)
  for (const [who, level, may] of [
    ['first', '国家', true],
    ['first', '县', true],
    ['city', '省', false],
    ['city', '市', true],
    ['city', '县', true],
    ['county', '市', false],
    ['county', '县', true],
  ] as const) {
    const { status, json } = await post(who, '/supervision/draws', {
      ...plan,
      level,
      period: { from: '2028-01-01', to: '2028-01-02' },
    })
    t.equal(status, may ? 201 : 422, `${who} ${level}`)
    if (!may) t.match(json.errors, [{ pointer: '/level' }])
  }
  const { last } = await made({ rates: { B: 0.5 } })
  const drawn: string[] = last.json.drawn.map(({ orgCode }: { orgCode: string }) => orgCode)
  const below = (await made({ level: '县', rates: { B: 1 } }, ['county', 'county2'])).last.json
  t.same(below.leftOut.map(({ orgCode }: { orgCode: string }) => orgCode).sort(), drawn.sort())
  t.match(below.leftOut[0].reason, /已由省级抽取/)
  t.equal(below.drawn.length, 3)
})
