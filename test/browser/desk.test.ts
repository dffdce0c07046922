import t from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { testServer } from '../support.ts'
import { browserTest, launch, openPage, withoutScripts } from './browser.ts'

const PASSWORD = 'seven quiet elephants'

t.test('an officer signs in and records inspections by keyboard alone', browserTest, async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const author = { authority: '系统', officer: '测试' }
  const account = { login: 'zhangsan', name: '张三', authority: '河北省市场监督管理局' }
  const { officers } = server.registry
  await officers.create({ ...account, roles: ['recorder'], password: 'first quiet elephants' }, author)
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launch(t)
  for (const options of [{}, withoutScripts]) {
    await officers.setPassword('zhangsan', `first ${PASSWORD}`, { author, first: true })
    const page = await openPage(t, browser, `${url}/desk`, {
      viewport: { width: 1280, height: 900 },
      ...options,
    })
    const { keyboard } = page
    const enter = () => Promise.all([page.waitForEvent('load'), keyboard.press('Enter')])
    await page.getByLabel('账号').focus()
    await keyboard.type('zhangsan')
    await keyboard.press('Tab')
    await keyboard.type(`first ${PASSWORD}`)
    await enter()
    t.match(await page.locator('main').innerText(), /请先更改/)
    await page.getByLabel('现在的密码').focus()
    for (const text of [`first ${PASSWORD}`, PASSWORD]) {
      await keyboard.type(text)
      await keyboard.press('Tab')
    }
    await keyboard.type(PASSWORD)
    await enter()
    t.equal(await page.locator('h1').innerText(), '待办')

    const hasScripts = options !== withoutScripts
    const product = hasScripts ? '建筑扣件' : '直角扣件'
    if (hasScripts) await Promise.all([page.waitForEvent('load'), keyboard.press('n')])
    else await page.goto(`${url}/desk/new/inspection`)
    await page.getByLabel('哪一家企业').focus()
    await keyboard.type('jianzhukoujian')
    await enter()
    t.equal(await page.locator('h1').innerText(), '登记监管动态')
    await page.getByLabel('检查类别').selectOption('日常巡查')
    await page.getByLabel('产品名称').fill(product)
    if (hasScripts) {
      await page.reload()
      t.equal(await page.getByLabel('产品名称').inputValue(), product, 'what was typed outlives the page')
    }
    const save = async () => {
      const load = page.waitForEvent('load')
      if (hasScripts) await keyboard.press('Control+Enter')
      else await page.getByRole('button', { name: '保存' }).press('Enter')
      await load
    }
    await page.getByLabel('产品名称').focus()
    await save()
    t.match(await page.locator('#outcome-fault').innerText(), /检查结果/, 'the fault stands beside the field')
    t.equal(await page.getByLabel('产品名称').inputValue(), product)
    await page.getByLabel('检查结果').selectOption('合格')
    await save()
    t.match(await page.locator('main').innerText(), /已登记/)
    await page.goto(`${url}/desk/new/inspection?code=DEM000030`)
    t.equal(await page.getByLabel('产品名称').inputValue(), '', 'the next form is a fresh one')
    t.equal(
      await page.getByLabel('检查类别').inputValue(),
      '日常巡查',
      'with what inspections have in common',
    )
    await page.goto(`${url}/desk/enterprises/DEM000030`)
    t.ok((await page.locator('#inspections').innerText()).includes(product))
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '退出' }).click()])
    await page.goto(`${url}/desk`)
    t.equal(await page.locator('h1').innerText(), '登录')
    await page.context().close()
  }
})
