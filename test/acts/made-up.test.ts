import { readFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { act } from '../../src/acts/act.ts'
import { appended } from '../../src/acts/appended.ts'
import { line, pastDay, yesOrNo } from '../../src/acts/input.ts'
import { rightsTable } from '../../src/acts/rights.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import type { Role } from '../../src/authority/roles.ts'
import { signedIn } from '../desk/visitor.ts'
import { testServer, unifiedCode } from '../support.ts'

const uscc = unifiedCode('MADE0001')
const key = uscc.slice(8, 17)

/** An act that the registry does not have: whoever adds one writes this, and nothing else. */
const visit = act({
  name: 'record-visit',
  label: '登记走访',
  on: 'file',
  input: z.strictObject({
    on: pastDay('走访日期'),
    purpose: line('走访事由', { hint: '一句话' }),
    welcomed: yesOrNo('是否配合', '配合', '不配合'),
  }),
  right: 'records:write',
  whose: 'place',
  route: { method: 'POST', path: '/enterprises/:code/visits', status: 201, answer: 'made' },
  effect: '走访只作内部备注。',
  second: {
    when: '不配合的',
    why: (_, { welcomed }) => (welcomed ? undefined : '不配合的走访影响检查频次'),
  },
  decide: ({ dossier }, { on, purpose }, at) =>
    appended(dossier, at, 'note.added', { id: at.newId(), text: `${on} 走访：${purpose}` }),
})

t.test('a new act is one definition: API, form, errors, rights and the second person follow', async (t) => {
  const server = await testServer(t, { acts: [...shippedActs, visit] })
  const { app, registry, authorization, confirmed } = server
  const headers = await authorization(['records:write'])
  await registry.acts.open(
    { codes: { uscc }, data: { name: '示例公司', region: '130102' } },
    { actor: { authority: '省局', officer: '张三' }, command: 'open' },
  )
  const post = (payload: object, more = headers) =>
    app.inject({ method: 'POST', url: `/api/v1/enterprises/${key}/visits`, headers: more, payload })
  const visited = { on: '2026-11-20', purpose: '回访', welcomed: true }
  t.equal((await post(visited)).statusCode, 201)
  t.match(registry.files.byCode(key).notes, [{ text: '2026-11-20 走访：回访' }])
  t.match((await post({ ...visited, purpose: '' })).json(), {
    status: 422,
    title: '登记走访有 1 处需要修改。',
    errors: [{ pointer: '/purpose' }],
  })
  t.match((await post({ ...visited, purpose: '证件 11010519491231002X' })).json(), {
    errors: [{ code: 'identity-number' }],
  })
  t.match((await post({ ...visited, on: '2026-11-25' })).json(), { errors: [{ code: 'future-date' }] })
  t.equal((await post(visited, await authorization(['records:read']))).statusCode, 403)
  t.equal((await post(visited, await authorization(['records:write'], '130200'))).statusCode, 403)

  const asked = await post({ ...visited, welcomed: false })
  t.match(asked.json(), { status: 'open', act: 'record-visit', label: '登记走访', why: /检查频次/ })
  t.equal(registry.files.byCode(key).notes?.length, 1, 'nothing yet')
  t.equal((await confirmed(asked, headers)).statusCode, 403)
  t.equal((await confirmed(asked, await authorization(['listings:decide']))).statusCode, 200)
  t.equal(registry.files.byCode(key).notes?.length, 2)

  const description = (await app.inject('/openapi.json')).json()
  const operation = description.paths['/api/v1/enterprises/{code}/visits'].post
  t.match(operation, { operationId: 'recordVisit', summary: '登记走访' })
  t.ok(operation.requestBody.content['application/json'].schema)

  const clerk = await signedIn(server, { login: 'zhangsan', authority: '测试局', roles: ['recorder'] })
  const page = `/desk/acts/record-visit?code=${key}`
  const entrance = `<a href="${page}">登记走访</a>`
  t.ok((await clerk.get(`/desk/enterprises/${key}`)).body.includes(entrance), 'the file offers it by itself')
  const elsewhere = { login: 'wangwu', authority: '外局', roles: ['recorder'] as Role[], region: '130200' }
  const stranger = (await (await signedIn(server, elsewhere)).get(`/desk/enterprises/${key}`)).body
  t.notOk(stranger.includes(entrance))
  t.match(stranger, /登记走访：该企业在.*请由所在地机关或者其上级机关办理/)
  const form = (await clerk.get(page)).body
  for (const said of [
    '登记走访',
    '走访日期',
    '走访事由',
    '一句话',
    '是否配合',
    '不配合的，提交后须由另一人确认',
    '走访只作内部备注',
  ])
    t.ok(form.includes(said), said)
  const refused = await clerk.fill(page, { on: '2026-11-20', purpose: '', welcomed: 'yes' })
  t.match(refused, { statusCode: 422, body: /id="record-visit-purpose-fault"/ })
  t.equal((await clerk.fill(page, { ...visited, welcomed: 'yes' })).statusCode, 303)
  const put = await clerk.fill(page, { ...visited, welcomed: 'no' })
  const proposal = String(put.headers.location).split('?')[0] ?? ''
  const reviewer = await signedIn(server, { login: 'lisi', authority: '测试局', roles: ['reviewer'] })
  t.match((await reviewer.get('/desk')).body, /确认：登记走访/)
  t.match((await reviewer.get(proposal)).body, /走访事由[\s\S]*回访[\s\S]*不配合/)
  t.equal((await reviewer.fill(proposal, {}, `${proposal}/confirm`)).statusCode, 303)
  t.equal(registry.files.byCode(key).notes?.length, 4)

  t.match(rightsTable([visit]), /登记走访 \| `record-visit` \| `records:write` \| 企业所在地机关及其上级/)
})

t.test('docs/rights.md is what the acts say', async (t) => {
  const page = readFileSync(new URL('../../docs/rights.md', import.meta.url), 'utf8')
  t.ok(page.endsWith(`\n${rightsTable(shippedActs)}`), 'npm run rights writes its tables anew')
})
