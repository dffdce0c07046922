import { join } from 'node:path'
import t, { type Test } from 'tap'
import { JobStore } from '../../src/exchange/job-store.ts'
import { fitting, type TemplateKeeper, withTemplate } from '../../src/exchange/templates.ts'
import { mending } from '../../src/exchange/upload.ts'
import { signedIn } from '../desk/visitor.ts'
import { temporaryFolder, testServer, unifiedCode } from '../support.ts'

const at = new Date('2026-03-02T02:00:00Z')
const keeper = (id: string, more: Partial<TemplateKeeper> = {}): TemplateKeeper => ({
  authority: '省局',
  id,
  officer: id,
  isAdministrator: false,
  ...more,
})
const made = mending.parse({
  columns: { 承办: '检查机关' },
  words: { kind: { 评价性抽检: ['省级监督抽查'] } },
  constants: { 检查机关: '省局' },
  hiddenRows: 'leave',
  firms: { 某厂: 'M000100Y4' },
  rows: { 2: ['x'] },
})
const asked = { type: 'inspection', headings: ['名称', '承办', ''], made }

/** Why something is refused. */
function refusalOf(act: () => unknown): Promise<unknown> {
  return Promise.resolve()
    .then(act)
    .catch((error: unknown) => error)
}

function templates(t: Test) {
  const folder = temporaryFolder(t)
  const jobs = new JobStore({ jobs: join(folder, 'jobs.db'), imports: join(folder, 'imports') })
  t.teardown(() => jobs.close())
  return jobs.templates
}

t.test('what was said of a table is kept under a name, its own rows and firms are not', async (t) => {
  const own = templates(t)
  const saved = await own.save({ ...asked, name: ' 抽检公告 ' }, keeper('a'), at)
  t.match(saved, {
    name: '抽检公告',
    type: 'inspection',
    headings: ['名称', '承办'],
    savedBy: 'a',
    author: { officer: 'a' },
  })
  const { firms: _, rows: __, headers: ___, ...said } = made
  t.same(saved.said, said)
  t.same(own.of('省局', 'penalty'), [])
  t.same(own.of('市局'), [], 'of another authority')
  t.equal(own.named('省局', 'inspection', '抽检公告').id, saved.id)
  for (const [name, type, why] of [
    ['没有', 'inspection', /没有名为“没有”的模板/],
    ['抽检公告', 'penalty', /模板“抽检公告”是导入另一类内容用的/],
  ] as const)
    t.match(await refusalOf(() => own.named('省局', type, name)), { title: why })
})

t.test('what a key saved is its own, however it was written down', async (t) => {
  const own = templates(t)
  const key = 'key/0123456789ab'
  const old = await own.save({ ...asked, name: '丁' }, keeper('0123456789ab'), at)
  t.equal(old.author.account, undefined, 'once a key’s number alone was written down')
  t.equal((await own.rename(old.id, '戊', keeper(key))).name, '戊', 'and it is still the key’s')
  t.equal((await own.save({ ...asked, name: '己' }, keeper(key), at)).author.account, key)
})

t.test('who saved a template or an administrator changes it; names are unique in an authority', async (t) => {
  const own = templates(t)
  const { id } = await own.save({ ...asked, name: '甲' }, keeper('a'), at)
  await own.save({ ...asked, name: '乙' }, keeper('b'), at)
  await own.save({ ...asked, name: '甲' }, keeper('c', { authority: '市局' }), at)
  t.equal((await own.save({ ...asked, name: '甲' }, keeper('a'), at)).id, id, 'one’s own is replaced')
  t.match(await refusalOf(() => own.save({ ...asked, name: '甲' }, keeper('b'), at)), {
    title: /已有名为“甲”的模板（a 保存）/,
  })
  t.match(await refusalOf(() => own.save({ ...asked, type: 'penalty', name: '甲' }, keeper('a'), at)), {
    reason: 'exists',
  })
  t.match(await refusalOf(() => own.rename(id, '丙', keeper('b'))), { reason: 'forbidden' })
  t.match(await refusalOf(() => own.rename(id, '乙', keeper('a'))), { reason: 'exists' })
  t.match(await refusalOf(() => own.rename(id, '', keeper('a'))), { reason: 'invalid' })
  t.match(await refusalOf(() => own.rename(id, '丙', keeper('a', { authority: '市局' }))), {
    reason: 'unknown',
  })
  t.equal((await own.rename(id, '丙', keeper('a'))).name, '丙')
  t.equal((await own.rename(id, '丁', keeper('z', { isAdministrator: true }))).name, '丁')
  t.match(await refusalOf(() => own.remove(id, keeper('b'))), { reason: 'forbidden' })
  await own.remove(id, keeper('a'))
  t.same(
    own.of('省局').map(({ name }) => name),
    ['乙'],
  )
  const numbered = { ...made, constants: { 检查机关: '11010519491231002X' } }
  t.match(await refusalOf(() => own.save({ ...asked, made: numbered, name: '号' }, keeper('a'), at)), {
    title: /居民身份证号码/,
  })
})

t.test('a template fits a table that has all its headings; what was said already stands', async (t) => {
  const own = templates(t)
  const saved = await own.save({ ...asked, name: '甲' }, keeper('a'), at)
  for (const [headings, fits] of [
    [['名称', '承办'], true],
    [['序号', ' 名 称', '承办：', '备注'], true],
    [['名称'], false],
    [['名称', '承办人'], false],
    [[], false],
  ] as const)
    t.equal(fitting([saved], headings).length === 1, fits, headings.join())
  const merged = withTemplate(
    mending.parse({ constants: { 检查机关: '市局', 检查日期: '2026-03-02' } }),
    saved,
  )
  t.match(merged, {
    columns: { 承办: '检查机关' },
    constants: { 检查机关: '市局', 检查日期: '2026-03-02' },
    words: { kind: { 评价性抽检: ['省级监督抽查'] } },
    hiddenRows: 'leave',
    firms: undefined,
  })
})

const code = unifiedCode('TGT00001')
const table = (product: string) =>
  `统一社会信用代码,样品,承办,抽样日期,任务来源,检验结论\n${code},${product},河北省市场监督管理局,2026-03-10,评价性抽检,合格\n`

t.test(
  'at the desk: saved from what was said, offered for the same headings, renamed and removed',
  async (t) => {
    const server = await testServer(t)
    await server.registry.acts.open(
      { codes: { uscc: code }, data: { name: '示例甲公司', region: '130102' } },
      { actor: { authority: '河北省市场监督管理局', officer: '李四' }, command: 'open' },
    )
    const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
    const upload = async (product: string) =>
      String(
        (
          await visitor.upload(
            '/desk/imports',
            '/desk/imports',
            { type: 'inspection' },
            '表.csv',
            table(product),
          )
        ).headers.location,
      )
    const first = await upload('电缆')
    t.notMatch((await visitor.get(first)).body, /本机关保存过/)
    const said = { 'header.1': '产品名称', 'header.2': '检查机关' }
    await visitor.fill(first, said, `${first}/mending`)
    const word = { 'word.0': JSON.stringify(['kind', '评价性抽检']), 'term.0.0': '省级监督抽查' }
    await visitor.fill(first, word, `${first}/mending`)
    t.match((await visitor.get(first)).body, /新增记录<\/dt><dd>1 行/)
    t.equal((await visitor.fill(first, { name: '' }, `${first}/template`)).statusCode, 422)
    await visitor.fill(first, { name: '抽检公告' }, `${first}/template`)
    const second = await upload('电线')
    const looked = (await visitor.get(second)).body
    t.match(looked, /照“抽检公告”理解/)
    const [, id = ''] = /name="template" value="([^"]*)"/.exec(looked) ?? []
    await visitor.fill(second, { template: id }, `${second}/mending`)
    t.match((await visitor.get(second)).body, /新增记录<\/dt><dd>1 行/)
    const colleague = await signedIn(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
    t.match((await colleague.get('/desk/imports')).body, /本机关的模板[\s\S]*抽检公告/)
    t.equal(
      (await colleague.fill('/desk/imports', { name: '别的' }, `/desk/imports/templates/${id}`)).statusCode,
      403,
    )
    await visitor.fill('/desk/imports', { name: '省抽公告' }, `/desk/imports/templates/${id}`)
    t.match((await visitor.get('/desk/imports')).body, /省抽公告/)
    await visitor.fill('/desk/imports', { name: '省抽公告', remove: 'yes' }, `/desk/imports/templates/${id}`)
    t.notMatch((await visitor.get('/desk/imports')).body, /本机关的模板/)
  },
)

t.test('a template keeps no heading and no word that breaks the rule for text', async (t) => {
  const own = templates(t)
  const identity = '11010519491231002X'
  for (const text of [`身份证 ${identity}`, '备\u0001注', '备\ud800注', '甲\uffff', '长'.repeat(1001)]) {
    const headed = { ...asked, headings: ['名称', text], name: '甲' }
    t.match(await refusalOf(() => own.save(headed, keeper('a'), at)), {
      reason: 'invalid',
      title: /表头不能存为模板/,
      faults: [{ pointer: '/headings' }],
    })
    if (text.length > 100) continue
    for (const more of [
      { columns: { [text]: '检查机关' } },
      { constants: { 检查机关: text } },
      { words: { kind: { [text]: ['省级监督抽查'] } } },
    ]) {
      const said = { ...asked, made: { ...made, ...more }, name: '甲' }
      t.match(await refusalOf(() => own.save(said, keeper('a'), at)), { reason: 'invalid' })
    }
  }
  t.same(own.of('省局'), [])
})
