import t from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { acting } from '../acting.ts'
import { licenceOf, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'
import { browserTest, fits, follow, launch, look, openPage, withoutScripts } from './browser.ts'

const uscc = unifiedCode('DEM00001')
const request = { actor: { authority: '省局', officer: '张三' }, command: 'test' }

async function filled(server: TestServer): Promise<string> {
  const { acts } = server.registry
  await acts.open({ codes: { uscc }, data: { name: '示例钢铁有限公司', address: '示例路 1 号' } }, request)
  await acting(server.registry).change(uscc, { name: '示例特种钢有限公司' }, 'any', request)
  await acts.addRecord(uscc, 'licence', licenceOf('XK-1').data, undefined, request)
  await acts.addRecord(
    uscc,
    'penalty',
    penaltyOf('1号', { publishedOn: '2026-10-20' }).data,
    undefined,
    request,
  )
  for (let i = 2; i < 40; i += 1)
    await acts.open(
      { codes: { uscc: unifiedCode(`DEM${String(i).padStart(5, '0')}`) }, data: { name: `示例${i}号公司` } },
      request,
    )
  return server.app.listen({ port: 0, host: '127.0.0.1' })
}

t.test('somebody looks a company up', browserTest, async (t) => {
  const server = await testServer(t)
  const url = await filled(server)
  const page = await openPage(t, await launch(t), url, withoutScripts)
  await look(page, '示例钢铁')
  t.match(await page.locator('h1').innerText(), /共 1 家/)
  t.match(await page.locator('.hits').innerText(), /曾用名：示例钢铁有限公司/)
  t.equal(await page.locator('mark').first().innerText(), '示例钢铁')
  await follow(page, '示例特种钢有限公司')
  t.equal(await page.locator('h1').innerText(), '示例特种钢有限公司')
  t.match(await page.locator('#licences').innerText(), /XK-1/)
  t.match(await page.locator('#penalties').innerText(), /50,000 元/)
  t.match(await page.locator('#awards').innerText(), /无记录/)
  t.match(await page.locator('#history').innerText(), /变更基本信息\s*：企业名称/)
  await page.locator('#penalties details summary').click()
  t.match(await page.locator('#penalties').innerText(), /停止公示/)
  t.ok(await fits(page), 'no sideways scroll at 320 px')

  await look(page, uscc.toLowerCase())
  t.equal(
    new URL(page.url()).pathname,
    `/enterprises/${uscc.slice(8, 17)}`,
    'a code leads straight to its file',
  )

  await look(page, '示例')
  t.ok(await fits(page))
  const first = await page.locator('.hit-name').allInnerTexts()
  await follow(page, '下一页')
  const second = await page.locator('.hit-name').allInnerTexts()
  t.equal(new Set([...first, ...second]).size, 39, 'the next page goes on')

  await look(page, '没有这家')
  t.match(await page.locator('main').innerText(), /没有找到/)
  await page.goto(`${url}/enterprises/${uscc.slice(0, 17)}${uscc.endsWith('A') ? 'B' : 'A'}`)
  t.match(await page.locator('main').innerText(), /校验码应为/)
  t.equal((await page.goto(`${url}/enterprises/M000100Y4`))?.status(), 404)
})

t.test('somebody reads the blacklist', browserTest, async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const page = await openPage(t, await launch(t), url, withoutScripts)
  await page.goto(url)
  await follow(page, '示例建筑扣件铸造厂')
  t.match(await page.locator('.verdict').innerText(), /自 2026年10月25日起被列入.*期限至 2029年10月25日/s)
  t.match(await page.locator('main').innerText(), /怎样移出/)
  t.ok(await fits(page))
  await follow(page, '该企业的质量信用档案')
  t.match(await page.locator('.verdict').innerText(), /被列入/)
  t.match(await page.locator('#ratings').innerText(), /D 严重失信/)
  await page.locator('#ratings details summary').first().click()
  t.match(await page.locator('#ratings').innerText(), /起始分/)
  t.ok(await fits(page), 'the explanation too')
  await page.goto(`${url}/blacklist`)
  await page.getByLabel('企业名称').fill('没有这家')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '筛选' }).click()])
  t.match(await page.locator('main').innerText(), /没有符合条件的企业/)
  await page.goto(`${url}/blacklist?product=扣件`)
  t.match(await page.locator('table').innerText(), /示例建筑扣件铸造厂/)
  t.ok(await fits(page))
  await follow(page, '历期公告')
  await follow(page, '第1期')
  t.match(await page.locator('main').innerText(), /本期列入/)
  await page.goto(`${url}/honours`)
  t.match(await page.locator('main').innerText(), /示例电线电缆有限公司/)
  t.ok(await fits(page))
  await look(page, '人造板')
  await follow(page, '示例人造板制造有限公司')
  t.match(await page.locator('.verdict').innerText(), /未被列入/)
})

t.test('somebody with scripts types, copies, sorts, and goes back in time', browserTest, async (t) => {
  const server = await testServer(t)
  const url = await filled(server)
  const page = await openPage(t, await launch(t), url, {
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const box = page.getByRole('combobox')
  await box.pressSequentially('shili tezhonggang')
  await page.getByRole('option', { name: /^示例特种钢有限公司/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('option').first().waitFor({ state: 'detached' })
  await box.fill('示例特种')
  await page.getByRole('option', { name: /^示例特种钢有限公司/ }).waitFor()
  // An answer to what is typed on comes late, when somebody has begun to choose.
  let letGo = () => {}
  const late = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/suggest?*', async (route) => {
    await late
    await route.continue().catch(() => undefined)
  })
  const asked = page.waitForRequest('**/suggest?*')
  await box.pressSequentially('钢')
  await asked
  await page.keyboard.press('ArrowDown')
  t.match(await box.getAttribute('aria-activedescendant'), /-0$/)
  letGo()
  await page.waitForTimeout(300)
  t.match(await box.getAttribute('aria-activedescendant'), /-0$/, 'what was chosen stays chosen')
  await page.unroute('**/suggest?*')
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
  t.equal(await page.locator('h1').innerText(), '示例特种钢有限公司')
  await page.getByRole('button', { name: /复制/ }).first().click()
  t.equal(await page.evaluate('navigator.clipboard.readText()'), uscc, 'without the gaps')

  server.clock.set('2026-11-26T02:00:00.000Z')
  await acting(server.registry).change(uscc, { address: '示例路 2 号' }, 'any', {
    ...request,
    command: 'moved',
  })
  await page.reload()
  t.match(await page.locator('main').innerText(), /示例路 2 号/)
  await page.getByLabel('看过去某一天的档案').fill('2026-11-24')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '查看' }).click()])
  t.match(new URL(page.url()).search, /asOf=2026-11-24/)
  t.match(await page.locator('main').innerText(), /这是 2026年11月24日 的档案/)
  t.match(await page.locator('main').innerText(), /示例路 1 号/)
  await follow(page, '打印版（带二维码）')
  await page.emulateMedia({ media: 'print' })
  t.ok(await page.getByRole('img', { name: '本档案网址的二维码' }).isVisible())
  t.notOk(await page.getByRole('navigation', { name: '栏目' }).isVisible())
  t.match(await page.locator('#penalties').innerText(), /停止公示/, 'on paper everything stands open')
})

t.test('a buyer checks a list of suppliers', browserTest, async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launch(t)
  for (const options of [withoutScripts, { viewport: { width: 1280, height: 800 } }]) {
    const page = await openPage(t, browser, url, { ...options, acceptDownloads: true })
    await follow(page, '批量核验')
    await page.getByRole('button', { name: '开始核验' }).click()
    await page.getByText('请粘贴名单，或选一个文件').waitFor()
    await page
      .getByLabel('粘贴名单')
      .fill('示例建筑扣件铸造厂\n91130283DEM0000301\n没有这家企业\n示例人造板厂')
    await page.getByRole('button', { name: '开始核验' }).click()
    await page.getByRole('heading', { name: '核验结果' }).waitFor()
    const text = await page.locator('main').innerText()
    t.match(text, /在质量失信黑名单上的 1 家/)
    t.match(text, /自 2026-10-25 起被列入质量失信黑名单/)
    t.match(text, /第 18 位校验码应为“X”，现为“1”/)
    t.match(text, /如为该企业：未被列入/)
    t.ok(await fits(page))
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '核验记录（JSON' }).click(),
    ])
    const path = await download.path()
    const address = page.url()
    await page.goto(`${url}/check/record`)
    await page.getByLabel(/^核验记录/).setInputFiles(path)
    await page.getByRole('button', { name: '验证' }).click()
    await page.getByText(/可信：测试的系统于/).waitFor()
    await page.goto(address)
    await page.getByRole('button', { name: '立即删除' }).click()
    await page.getByRole('heading', { name: '批量核验' }).waitFor()
    t.equal((await page.goto(address))?.status(), 410, 'deleted is deleted')
    await page.context().close()
  }
})

t.test('somebody reads in English, and follows the figures', browserTest, async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const page = await openPage(t, await launch(t), url, { viewport: { width: 1280, height: 800 } })
  await follow(page, 'English')
  await follow(page, 'Blacklist')
  t.equal(await page.locator('h1').innerText(), 'Blacklist')
  await follow(page, '示例建筑扣件铸造厂')
  t.match(
    await page.locator('.verdict').innerText(),
    /on the blacklist since 25 October 2026, until 25 October 2029/,
  )
  await follow(page, '中文')
  t.match(await page.locator('.verdict').innerText(), /自 2026年10月25日起被列入/)
  await follow(page, '质量状况')
  await follow(page, '监督抽查合格率')
  t.ok(await page.evaluate('document.querySelector("img.chart").naturalWidth > 100'), 'the chart is drawn')
  const column = page.locator('tbody td:nth-child(1)')
  const given = await column.allInnerTexts()
  await page.getByRole('button', { name: '产品类别' }).click()
  t.same(
    await column.allInnerTexts(),
    given.toSorted((a, b) => a.localeCompare(b, 'zh-CN')),
  )
})

t.test('pages escape what was entered and stay small', async (t) => {
  const server = await testServer(t)
  const evil = '示例<script>alert(1)</script>&"公司'
  await server.registry.acts.open({ codes: { uscc }, data: { name: evil } }, request)
  for (const url of [
    `/enterprises/${uscc.slice(8, 17)}`,
    `/search?q=${encodeURIComponent('<script>')}`,
    `/search?q=${encodeURIComponent('示例')}`,
    `/blacklist?q=${encodeURIComponent('"><script>')}&product=%3Cscript`,
    '/honours',
    '/bulletins',
    '/',
  ]) {
    const { body, headers, statusCode } = await server.app.inject(url)
    t.equal(statusCode, 200, url)
    t.notMatch(body, /<script(?! type="(module|application\/ld\+json)")/)
    t.match(headers['content-security-policy'], /default-src 'none'/)
    t.ok(body.length < 100_000)
  }
  t.equal((await server.app.inject(`/enterprises/${uscc.slice(8, 17)}?asOf=2026-02-30`)).statusCode, 422)
  t.equal((await server.app.inject('/search?cursor=x')).statusCode, 400)
  t.equal((await server.app.inject('/search?status=x')).statusCode, 400)
  const hostile = [
    '%00',
    '%ff',
    "'",
    '9'.repeat(300),
    '2026-02-30',
    '-1',
    '%7B%7D',
    '..%2f..%2fetc',
    '%F0%9F%92%A9',
  ]
  for (const path of [
    '/search?q=',
    '/search?region=',
    '/blacklist?asOf=',
    '/blacklist?region=',
    '/blacklist?cursor=',
    '/blacklist?from=',
    '/blacklist/',
    '/bulletins/',
    '/honours?cursor=',
    '/enterprises/',
  ])
    for (const text of hostile) {
      const { statusCode } = await server.app.inject(`${path}${text}`)
      t.ok(statusCode < 500, `${path}${text} ${statusCode}`)
    }
})
