import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { z } from 'zod'
import { catalogue, catalogueOf } from '../../src/records/catalogue.ts'
import { choice, date, text } from '../../src/records/fields.ts'
import { recordKind } from '../../src/records/kind.ts'
import { licenceOf, testServer, unifiedCode } from '../support.ts'

const commitment = recordKind({
  type: 'commitment',
  section: 'commitments',
  label: '质量承诺',
  datedBy: 'madeOn',
  titledBy: 'subject',
  summary: ['subject', 'level'],
  fields: z.strictObject({
    subject: text(100).meta({ label: '承诺事项', elements: ['CN_SX'] }),
    level: choice(['企业', '行业']).meta({ label: '承诺层级' }),
    madeOn: date().meta({ label: '承诺日期', past: true }),
    note: text(100).optional().meta({ label: '内部备注', sight: 'officers' }),
  }),
  identity: (data) => `${data.subject}|${data.madeOn}`,
  publication: (data) => ({ public: true, from: data.madeOn, rule: '测试规则' }),
})

t.test(
  'a kind of record is one file: it shows in validation, reference, files, import, search and pages',
  async (t) => {
    const server = await testServer(t, { catalogue: catalogueOf([...catalogue.kinds, commitment]) })
    const { app } = server
    const headers = await server.authorization(['records:write'])
    const uscc = unifiedCode('DEM00001')
    await app.inject({
      method: 'POST',
      url: '/api/v1/enterprises',
      headers,
      payload: { uscc, enterprise: { name: '示例公司' } },
    })
    const url = `/api/v1/enterprises/${uscc}/records`
    const post = (data: object) =>
      app.inject({ method: 'POST', url, headers, payload: { type: 'commitment', data } })
    const bad = await post({ subject: '出厂检验', level: '国家', madeOn: '2027-01-01' })
    t.equal(bad.statusCode, 422)
    t.match(bad.json().errors, [{ pointer: '/data/level', detail: /承诺层级/ }])
    t.equal(
      (await post({ subject: '出厂检验', level: '企业', madeOn: '2026-01-01', note: 'CANARY' })).statusCode,
      201,
    )
    const file = (await app.inject(`/api/v1/enterprises/${uscc.slice(8, 17)}`)).json()
    t.match(file.commitments, [{ data: { subject: '出厂检验' } }])
    t.notMatch(JSON.stringify(file), 'CANARY')
    const types = (await app.inject('/api/v1/record-types')).json().items
    t.match(types.at(-1), {
      type: 'commitment',
      label: '质量承诺',
      schema: {
        properties: { subject: { title: '承诺事项', 'x-elements': ['CN_SX'] }, note: { 'x-internal': true } },
        required: ['subject', 'level', 'madeOn'],
      },
    })
    const template = (await app.inject('/api/v1/record-types/commitment/template.csv')).body
    t.match(template, '承诺事项,承诺层级,承诺日期')
    t.match(JSON.stringify((await app.inject('/openapi.json')).json()), '承诺事项')
    const page = (await app.inject(`/enterprises/${uscc.slice(8, 17)}`)).body
    t.match(page, '质量承诺')
    t.match(page, '出厂检验')
    t.notMatch(page, 'CANARY')
    t.match((await app.inject('/api/v1/enterprises?kind=commitment')).json().items, [{ name: '示例公司' }])
    const { runImport } = await import('../../src/exchange/import.ts')
    const { newId } = await import('../../src/register/entry.ts')
    const { writeFileSync } = await import('node:fs')
    const path = `${server.folder}/commitments.csv`
    writeFileSync(path, `统一社会信用代码,CN_SX,承诺层级,承诺日期\n${uscc},到货验收,行业,2026/5/1\n`)
    await runImport({
      ...server,
      path,
      kind: commitment,
      catalogue: server.registry.catalogue,
      actor: { authority: '省局', officer: '甲' },
      command: 'import/x',
      since: newId(),
      now: server.clock.now,
      newId,
      consequences: () => [],
      onProgress: async ({ counts }) => {
        t.match(counts, { added: 1, failed: 0 })
      },
    })
  },
)

interface Operation {
  security?: Record<string, string[]>[]
  parameters?: { in: string; name: string }[]
  responses: object
}

t.test(
  'each writing route says which headers it heeds, and asks for a key before it looks at a body',
  async (t) => {
    const { app } = await testServer(t)
    const { paths } = (await app.inject('/openapi.json')).json()
    let asked = 0
    for (const [path, methods] of Object.entries<Record<string, Operation>>(paths))
      for (const [method, { security = [], parameters = [], responses }] of Object.entries(methods)) {
        const where = `${method} ${path}`
        const headers = parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase())
        t.equal(
          headers.includes('if-match'),
          '428' in responses || '206' in responses,
          `${where} and If-Match`,
        )
        if (security.length === 0 || security.some((way) => !('key' in way))) continue
        asked += 1
        const url = path.replaceAll(/\{\w+\}/g, 'x')
        const isWriting = method !== 'get'
        const answer = await app.inject({
          method: method.toUpperCase() as 'POST',
          url,
          ...(isWriting && { payload: { wrong: 1 } }),
        })
        t.equal(answer.statusCode, 401, `${where} without a key`)
        if (!isWriting) t.notOk(headers.includes('idempotency-key'), where)
      }
    t.ok(asked > 40)
    const post = paths['/api/v1/enterprises'].post
    t.match(post.parameters, [{ in: 'header', name: 'idempotency-key' }])
    t.match(JSON.stringify(paths['/api/v1/imports'].post.parameters), /idempotency-key/)
  },
)

t.test('the reference is OpenAPI 3.1 and names every route with an operation', async (t) => {
  const { app } = await testServer(t)
  const document = (await app.inject('/openapi.json')).json()
  t.match(document.openapi, /^3\.1/)
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(path as Record<string, { operationId?: string; summary?: string; responses: object }>),
  )
  const ids = operations.map(({ operationId }) => operationId)
  t.equal(new Set(ids).size, ids.length)
  for (const operation of operations) {
    t.ok(operation.operationId)
    t.match(operation.summary, /[\u4e00-\u9fff]/)
    t.ok(Object.keys(operation.responses).some((status) => status.startsWith('2')))
  }
  for (const path of [
    '/api/v1/changes',
    '/api/v1/enterprises',
    '/api/v1/enterprises/{code}',
    '/api/v1/enterprises/{code}/correction',
    '/api/v1/enterprises/{code}/entries',
    '/api/v1/enterprises/{code}/records',
    '/api/v1/enterprises/{code}/records/{id}',
    '/api/v1/enterprises/{code}/records/{id}/correction',
    '/api/v1/enterprises/{code}/records/{id}/withdrawal',
    '/api/v1/enterprises/{code}/withdrawal',
    '/api/v1/entries',
    '/api/v1/imports',
    '/api/v1/imports/{id}',
    '/api/v1/imports/{id}/errors.csv',
    '/api/v1/record-types',
    '/api/v1/record-types/{type}/template.csv',
    '/api/v1/regions',
    '/healthz',
    '/readyz',
    '/readyz/desk',
    '/api/v1/standards',
    '/api/v1/standards/simulations',
    '/api/v1/campaigns/{id}/approval',
    '/api/v1/ratings/{id}/recomputation',
    '/api/v1/supervision/plan',
    '/api/v1/supervision/draws',
    '/api/v1/reports/coverage',
  ])
    t.ok(path in document.paths, path)
})

t.test(
  'types made from the reference have names of their own, and each part of it says what it is for',
  async (t) => {
    const { app } = await testServer(t)
    const { paths, components, tags } = named.parse((await app.inject('/openapi.json')).json())
    for (const kind of catalogue.kinds) {
      const name = kind.type.charAt(0).toUpperCase() + kind.type.slice(1)
      t.match(components.schemas[`${name}Data`], { title: `${name}Data`, description: kind.label })
      t.match(components.schemas[`${name}DataPart`], { title: `${name}DataPart`, required: undefined })
    }
    const used = Object.values(paths).flatMap((own) =>
      Object.values(own).flatMap((operation) => operation.tags),
    )
    t.same(new Set(tags.map(({ name }) => name)), new Set(used))
  },
)

const named = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ tags: z.array(z.string()) }))),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  tags: z.array(z.object({ name: z.string(), description: z.string().min(1) })),
})

t.test('answers are what the reference says', async (t) => {
  const server = await testServer(t)
  const { app } = server
  const headers = await server.authorization(['records:write', 'platform:read', 'audit:read'])
  const uscc = unifiedCode('DEM00001')
  const opened = await app.inject({
    method: 'POST',
    url: '/api/v1/enterprises',
    headers,
    payload: { uscc, enterprise: { name: '示例公司' } },
  })
  await app.inject({
    method: 'POST',
    url: `/api/v1/enterprises/${uscc}/records`,
    headers,
    payload: licenceOf('1'),
  })
  const { changeAnswer, entryAnswer, fileAnswer } = await import('../../src/api/schemas.ts')
  const { problem } = await import('../../src/http/problem.ts')
  const get = async (url: string) => (await app.inject({ url, headers })).json()
  const org = uscc.slice(8, 17)
  for (const [what, schema, answer] of [
    ['opened', fileAnswer(catalogue), opened.json()],
    ['officers', fileAnswer(catalogue), await get(`/api/v1/enterprises/${org}`)],
    ['public', fileAnswer(catalogue), (await app.inject(`/api/v1/enterprises/${org}`)).json()],
    [
      'changes',
      z.object({ items: z.array(changeAnswer(catalogue)), next: z.int() }),
      await get('/api/v1/changes'),
    ],
    ['entries', z.object({ items: z.array(entryAnswer), next: z.int() }), await get('/api/v1/entries')],
    ['problem', problem, await get('/api/v1/enterprises/12')],
  ] as const)
    t.same(schema.safeParse(answer).error?.issues ?? [], [], what)
})

t.test('regions', async (t) => {
  const { app } = await testServer(t)
  const { items } = (await app.inject('/api/v1/regions')).json()
  t.ok(items.some(({ name }: { name: string }) => name === '石家庄市'))
  t.match((await app.inject('/api/v1/regions?within=130100')).json().items, [{ path: /河北省石家庄市/ }])
  t.equal((await app.inject('/api/v1/regions?within=999999')).statusCode, 404)
  t.equal((await app.inject('/api/v1/regions?within=x')).statusCode, 400)
})

t.test('every example in the description is one of what it stands beside', async (t) => {
  const { app } = await testServer(t)
  await app.ready()
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  const document = z.record(z.string(), z.unknown()).parse(app.swagger())
  ajv.addSchema({ $id: 'document', ...document })
  const node = z.record(z.string(), z.unknown())
  let examples = 0
  const look = (value: unknown, at: string): void => {
    if (Array.isArray(value)) for (const [i, one] of value.entries()) look(one, `${at}/${i}`)
    const own = node.safeParse(value)
    if (Array.isArray(value) || !own.success) return
    // Of a parameter it stands beside its schema, of a schema within it.
    const { example, schema = own.data } = own.data
    if (example !== undefined && !at.endsWith('/properties')) {
      examples += 1
      const place = `document#${at}${schema === own.data ? '' : '/schema'}`
      t.ok(ajv.validate({ $ref: place }, example), `${at}: ${JSON.stringify(example)} ${ajv.errorsText()}`)
    }
    for (const [key, one] of Object.entries(own.data))
      look(one, `${at}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
  }
  look(document, '')
  t.ok(examples > 3, `${examples} examples`)
})
