import t from 'tap'
import { type Role, roles } from '../../src/authority/roles.ts'
import { loadDemo } from '../../src/demo/demo.ts'
import { addressesIn } from '../html/validator.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { signedIn } from './visitor.ts'

const MOST_WALKED = 150

t.test('no page leads anybody where they are refused or nothing is', async (t) => {
  const server = await testServer(t)
  const { registry, register, writer, clock } = server
  await loadDemo(register, writer, registry.catalogue, clock.now())
  const held: readonly (readonly Role[])[] = [
    ...roles.map((role) => [role]),
    ['recorder', 'reviewer', 'publisher'],
  ]
  const authorities = [
    { authority: '河北省市场监督管理局' },
    { authority: '长安区局', region: '130102' },
    { authority: '桥西区局', region: '130104' },
  ]
  const recorder = await signedIn(server, { login: 'zhangsan', roles: ['recorder'], ...authorities[1] })
  const key = await server.authorization(['records:write', 'listings:write', 'officers:write'])
  const uscc = unifiedCode('HQAT0001')
  const code = uscc.slice(8, 17)
  const send = (url: string, payload: object) =>
    server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: { ...key, 'if-match': '*' }, payload })
  await send('/enterprises', { uscc, enterprise: { name: '示例线缆公司', region: '130102' } })
  await send(`/enterprises/${code}/records`, licenceOf('XK-1'))
  const { id } = (await send(`/enterprises/${code}/records`, penaltyOf('1号', { severity: '严重' }))).json()
  await send(`/enterprises/${code}/cases`, {
    ...{ ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由', penalties: [id] },
  })
  await send(`/enterprises/${code}/records/${id}/withdrawal`, { reason: '误录' })
  const table = `企业名称,统一社会信用代码\n示例乙公司,${unifiedCode('HQAT0002')}\n`
  await recorder.upload('/desk/imports', '/desk/imports', { type: 'enterprise' }, 'a.csv', table)
  for (const [a, asked] of authorities.entries())
    for (const [r, own] of held.entries()) {
      const who = `${asked.authority} ${own.join(' ')}`
      const visitor = await signedIn(server, { login: `walker-${a}-${r}`, roles: [...own], ...asked })
      const from = new Map([['/desk', '']])
      const open = ['/desk', '/desk/account']
      const refused: string[] = []
      while (open.length > 0) {
        const path = open.shift() ?? ''
        const { statusCode, headers, body } = await visitor.get(path)
        if (statusCode >= 400) refused.push(`${statusCode} ${path} from ${from.get(path)}`)
        if (!String(headers['content-type']).startsWith('text/html')) continue
        for (const { address } of addressesIn(body)) {
          const isOurs = /^\/desk/.test(address) && !/[?&](sort|page|format)=/.test(address)
          if (!isOurs || from.has(address) || from.size > MOST_WALKED) continue
          from.set(address, path)
          open.push(address)
        }
      }
      t.same(refused, [], who)
      t.ok(from.size > 3, `${who}: ${from.size} addresses`)
    }
})
