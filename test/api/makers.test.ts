import t from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { signedIn } from '../desk/visitor.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

/** Whoever did something is named in one way by every answer and page: namesakes are told apart by the account. */

const uscc = unifiedCode('MAKE0001')
const key = uscc.slice(8, 17)

t.test('wherever an answer names a person by authority and name, it can say the account', async (t) => {
  const { app } = await testServer(t)
  const description = (await app.inject('/openapi.json')).json()
  let found = 0
  const walk = (node: unknown, where: string) => {
    if (typeof node !== 'object' || node === null) return
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
      const names = Object.keys(node.properties)
      // An entry stands as it was hashed; its command says the account.
      if (
        names.includes('officer') &&
        names.includes('authority') &&
        !where.endsWith('/Entry/properties/author')
      ) {
        found += 1
        t.ok(names.includes('account'), where)
      }
    }
    for (const [name, inner] of Object.entries(node)) walk(inner, `${where}/${name}`)
  }
  walk(description, '')
  t.ok(found > 5, `${found} of them`)
  t.end()
})

t.test('two of one name are told apart over the API and at the desk', async (t) => {
  const server = await testServer(t)
  const { app, registry, authorization } = server
  const authority = '河北省市场监督管理局'
  const one = await signedIn(server, {
    login: 'wang1',
    name: '王芳',
    authority,
    roles: ['recorder', 'reviewer'],
  })
  const other = await signedIn(server, {
    login: 'wang2',
    name: '王芳',
    authority,
    roles: ['recorder', 'reviewer'],
  })
  const actor = { authority, officer: '王芳' }
  await registry.acts.open(
    { codes: { uscc }, data: { name: '示例公司', region: '130102' } },
    { actor, command: 'open' },
  )
  const headers = await authorization([
    'records:write',
    'records:read',
    'listings:write',
    'listings:decide',
    'ratings:write',
  ])
  const file = async () => (await app.inject({ url: `/api/v1/enterprises/${key}`, headers })).json()
  const page = `/desk/enterprises/${key}`

  await one.fill(page, { text: '甲的备注' }, `/desk/acts/add-note?code=${key}`)
  await other.fill(page, { text: '乙的备注' }, `/desk/acts/add-note?code=${key}`)
  const noted = await app.inject({
    method: 'POST',
    url: `/api/v1/enterprises/${key}/notes`,
    headers,
    payload: { text: '机器的备注' },
  })
  t.equal(noted.statusCode, 201, noted.body)
  const { notes } = await file()
  t.match(
    notes.map(({ author }: { author: object }) => author),
    [
      { authority, officer: '王芳', account: 'officer/wang1' },
      { authority, officer: '王芳', account: 'officer/wang2' },
      { account: /^key\/[0-9a-f]{12}$/ },
    ],
  )
  const shown = (await one.get(page)).body
  for (const login of ['wang1', 'wang2']) t.match(shown, new RegExp(`${authority} 王芳（${login}）`), login)

  const { data } = penaltyOf('省罚1号', {
    authority,
    severity: '严重',
    publishedOn: '2026-11-10',
    decidedOn: '2026-11-02',
  })
  await registry.acts.addRecord(key, 'penalty', data, undefined, { actor, command: 'penalty' })
  const id = registry.files.byCode(key).records[0]?.id ?? ''
  const put = await one.fill(`/desk/acts/withdraw-record?code=${key}&id=${id}`, { reason: '误录' })
  const proposal = String(put.headers.location).split('?')[0]?.split('/').at(-1)
  const asked = async () => (await app.inject({ url: `/api/v1/proposals/${proposal}`, headers })).json()
  t.match(await asked(), { authority, officer: '王芳', account: 'officer/wang1' })
  t.match((await other.get('/desk/proposals')).body, '王芳（wang1）')
  await other.fill(`/desk/proposals/${proposal}`, { reason: '不妥' }, `/desk/proposals/${proposal}/refuse`)
  t.match((await asked()).settled, {
    author: { officer: '王芳', account: 'officer/wang2' },
    by: 'officer/wang2',
  })
  const late = await app.inject({
    method: 'POST',
    url: `/api/v1/proposals/${proposal}/refusal`,
    headers,
    payload: { reason: '不妥' },
  })
  t.match(late.json(), { proposedBy: { account: 'officer/wang1' }, settledBy: { account: 'officer/wang2' } })

  const upload = await one.upload(
    '/desk/imports',
    '/desk/imports',
    { type: 'enterprise' },
    'x.csv',
    `组织机构代码,企业名称\n${key},示例公司\n`,
  )
  const job = String(upload.headers.location).split('?')[0]?.split('/').at(-1) ?? ''
  const sent = (await app.inject({ url: `/api/v1/imports/${job}`, headers })).json()
  t.match(sent.sentBy, { authority, officer: '王芳', account: 'officer/wang1' })
  await other.fill(`/desk/imports/${job}`, {}, `/desk/imports/${job}/start`)
  const { hands } = (await app.inject({ url: `/api/v1/imports/${job}`, headers })).json()
  t.match(hands, [{ officer: '王芳', account: 'officer/wang2', did: 'started' }])

  const { key: own, text } = await registry.keys.create(
    { name: '王芳的导入程序', authority, scopes: ['records:write'], actsFor: 'wang1' },
    actor,
  )
  const byKey = await app.inject({
    method: 'POST',
    url: '/api/v1/imports?type=enterprise',
    headers: { authorization: `Bearer ${text}`, 'content-type': 'multipart/form-data; boundary=b' },
    payload: `--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n组织机构代码,企业名称\n${key},示例公司\n\r\n--b--\r\n`,
  })
  t.equal(byKey.statusCode, 202, byKey.body)
  const byItsKey = (await app.inject({ url: String(byKey.headers.location), headers })).json().sentBy
  t.match(byItsKey, { authority, officer: '王芳', account: `key/${own.id}` }, 'not the name of the key')
  t.match((await one.get('/desk/imports')).body, '王芳（wang1）')
})

t.test('campaigns and draws name their makers', async (t) => {
  const server = await testServer(t)
  const { app, registry, register, writer, clock, authorization } = server
  await loadDemo(register, writer, registry.catalogue, clock.now())
  const headers = await authorization(['ratings:write', 'supervision:write', 'records:read'])
  const began = await app.inject({
    ...{ method: 'POST', url: '/api/v1/campaigns', headers },
    payload: { standard: { id: 'four-grades' }, on: '2026-11-20', scope: {} },
  })
  t.match(began.json(), {
    startedBy: /./,
    author: { authority: /./, officer: /./, account: /^key\/[0-9a-f]{12}$/ },
  })
  const drawn = await app.inject({
    ...{ method: 'POST', url: '/api/v1/supervision/draws', headers },
    payload: {
      ...{ name: '抽查', commitment: 'a'.repeat(64), group: 'wire-cable', level: '省' },
      ...{ period: { from: '2026-01-01', to: '2026-12-31' }, rates: { B: 1 } },
      ...{ inspectors: ['张三', '王五'], inspectorsEach: 2 },
    },
  })
  t.equal(drawn.statusCode, 201, drawn.body)
  const account = /^key\/[0-9a-f]{12}$/
  const { id } = drawn.json()
  const answers = [drawn, await app.inject({ url: `/api/v1/supervision/draws/${id}`, headers })]
  for (const answer of answers)
    t.match(answer.json(), { author: { account }, commitments: [{ authority: /./, officer: /./, account }] })
  for (const url of [`/api/v1/supervision/draws/${id}`, '/api/v1/supervision/draws']) {
    const { body, statusCode } = await app.inject(url)
    t.equal(statusCode, 200)
    t.match(body, '"author":{"authority":"')
    t.notMatch(body, 'account', 'who has which account is nobody’s outside')
    t.notMatch(body, 'officer', 'nor who drew')
  }
})
