import t from 'tap'
import { personWords } from '../../src/registry/person-words.ts'
import { officer, signedIn } from '../desk/visitor.ts'
import { openAuthority, penaltyOf, testServer, unifiedCode } from '../support.ts'

t.test('a machine’s key is named as a key, whatever it is called; two are told apart', async (t) => {
  const server = await testServer(t)
  const { registry, views } = server
  const author = { authority: '系统管理', officer: '命令行' }
  const authority = '石家庄市局'
  await openAuthority(server, authority)
  await officer(server, { login: 'zhangsan', name: '张三', authority, roles: ['recorder'] })
  await officer(server, { login: 'lisi', name: '李四', authority, roles: ['recorder'] })
  await officer(server, { login: 'lisi2', name: '李四', authority, roles: ['recorder'] })
  const keyed = async (name: string, actsFor?: string) => {
    const asked = { name, authority, scopes: ['records:write' as const], actsFor }
    return `key/${(await registry.keys.create(asked, author)).key.id}`
  }
  const [machine, both, own, ahead] = [
    await keyed('张三'),
    await keyed('张三、李四'),
    await keyed('张三', 'zhangsan'),
    await keyed('王五', 'wangwu'),
  ]
  const person = personWords(views)
  for (const [name, account, words] of [
    ['张三', 'officer/zhangsan', '张三'],
    ['张三', machine, '接口密钥“张三”'],
    ['张三、李四', both, '接口密钥“张三、李四”'],
    ['旧名', machine, '接口密钥“旧名”'],
    ['张三', 'key/000000000000', '接口密钥“张三”'],
    ['张三', own, '张三（张三 zhangsan 的密钥）'],
    ['王五', ahead, '王五（账号 wangwu 的密钥）'],
    ['李四', 'officer/lisi', '李四（lisi）'],
    ['李四', 'officer/lisi2', '李四（lisi2）'],
    ['从前', 'officer/zhangsan', '从前（zhangsan）'],
    ['接口密钥“张三”、李四', 'officer/lisi', '接口密钥“张三”、李四（lisi）'],
    ['甲、张三', 'officer/zhangsan', '甲、张三'],
    ['命令行', undefined, '命令行'],
  ] as const)
    t.equal(person(name, account), words, `${name} ${account}`)
})

t.test(
  'what a key of an officer’s name did is shown as a key’s, on the desk and in what two did',
  async (t) => {
    const server = await testServer(t)
    const { registry, app } = server
    const authority = '石家庄市局'
    const visitor = await signedIn(server, {
      ...{ login: 'zhangsan', name: '张三', authority },
      roles: ['recorder', 'auditor'],
    })
    const author = { authority: '系统管理', officer: '命令行' }
    const { key, text } = await registry.keys.create(
      { name: '张三', authority, scopes: ['records:write', 'listings:write'] },
      author,
    )
    const headers = { authorization: `Bearer ${text}` }
    const uscc = unifiedCode('NAME0009')
    const file = `/api/v1/enterprises/${uscc.slice(8, 17)}`
    const post = async (url: string, payload: object, more = {}) => {
      const answer = await app.inject({ method: 'POST', url, headers: { ...headers, ...more }, payload })
      return { ...answer.json(), status: answer.statusCode }
    }
    const opened = await post('/api/v1/enterprises', {
      uscc,
      enterprise: { name: '示例公司', region: '130102' },
    })
    t.equal(opened.status, 201, JSON.stringify(opened))
    const facts = { authority, decidedOn: '2026-11-02', publishedOn: '2026-11-10' }
    const { id } = await post(`${file}/records`, penaltyOf('石罚1号', facts))
    await post(`${file}/notes`, { text: '一条备注' })
    const page = (await visitor.get(`/desk/enterprises/${uscc.slice(8, 17)}`)).body
    t.notMatch(page, /石家庄市局 张三(?!（)/, 'nowhere as the officer of that name')
    t.match(page, /接口密钥“张三”/)
    const audit = (await visitor.get('/desk/audit')).body
    t.match(audit, /接口密钥“张三”/)
    const asked = await post(`${file}/records/${id}/withdrawal`, { reason: '误录' }, { 'if-match': '*' })
    t.equal(asked.status, 202)
    const head = '河北省市场监督管理局'
    await signedIn(server, { login: 'wangwu', name: '王五', authority: head, roles: ['reviewer'] })
    const second = { id: 'officer/wangwu', authority: head, officer: '王五' }
    await registry.acts.confirm(asked.id, { actor: second, command: 'officer/wangwu/confirm' })
    const [withdrawn] = await registry.searchEntries({ kind: 'record.withdrawn' }, 1e9, 1)
    t.equal(withdrawn?.author.officer, '接口密钥“张三”、王五')
    const accesses = (await visitor.get('/desk/audit/accesses')).body
    t.match([key.id, accesses], [/^[0-9a-f]{12}$/, /张三/])
  },
)
