import type { CDPSession, Page } from 'playwright-core'
import t from 'tap'
import { freePort } from '../../scripts/faults/processes.ts'
import { officer, PASSWORD } from '../desk/visitor.ts'
import { testServer } from '../support.ts'
import { browserTest, launch, openPage } from './browser.ts'

async function press(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).first().click()])
}

/** Plugs a device of the browser's own in: it makes sure of its user, or can't. */
async function plugIn(session: CDPSession, isUserVerified = true): Promise<string> {
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  })
  return authenticatorId
}

t.test('an officer sets up passkeys, signs in with one and takes one away', browserTest, async (t) => {
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const server = await testServer(t, { publicUrl })
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  await server.app.listen({ port, host: 'localhost' })
  const browser = await launch(t)
  const page = await openPage(t, browser, `${publicUrl}/desk`, { viewport: { width: 1280, height: 900 } })
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const words = () => page.locator('main').innerText()
  const signIn = async () => {
    await page.getByLabel('账号').fill('zhangsan')
    await page.getByLabel('密码').fill(PASSWORD)
    await press(page, '登录')
  }
  const add = async (name: string) => {
    await page.goto(`${publicUrl}/desk/account`)
    await press(page, '登记通行密钥')
    await page.getByLabel('名称').fill(name)
    await page.getByLabel('现在的密码').fill(PASSWORD)
  }
  const unplug = (authenticatorId: string) =>
    session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })

  await signIn()
  const careless = await plugIn(session, false)
  await add('不核实的')
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByRole('alert').waitFor()
  t.match(await words(), /没有完成|不能核实/, 'a device that does not make sure of its user')
  await unplug(careless)

  const first = await plugIn(session)
  await add('办公室的密钥')
  await press(page, '登记')
  t.match(await words(), /办公室的密钥/)
  await press(page, '退出')

  await signIn()
  t.match(await words(), /密码正确/)
  t.match(await words(), /出示/)
  await press(page, '出示通行密钥')
  t.equal(await page.locator('h1').innerText(), '待办')

  await add('手机')
  // One has to show the first to have another: they change places in between.
  await page.exposeFunction('changePlaces', async () => {
    await unplug(first)
    await plugIn(session)
  })
  await page.evaluate(`
    const make = navigator.credentials.create.bind(navigator.credentials)
    navigator.credentials.create = (asked) => changePlaces().then(() => make(asked))`)
  await press(page, '登记')
  t.match(await words(), /办公室的密钥[\s\S]*手机/)
  await press(page, '退出')
  await signIn()
  await press(page, '出示通行密钥')
  t.equal(await page.locator('h1').innerText(), '待办', 'either will do')

  await page.goto(`${publicUrl}/desk/account`)
  await press(page, '取消通行密钥“办公室的密钥”')
  t.match(await page.locator('h1').innerText(), /办公室的密钥/)
  await page.getByLabel('现在的密码').fill(PASSWORD)
  await press(page, '取消这把通行密钥')
  t.notMatch(await words(), /办公室的密钥/)
  t.match(await words(), /手机/)
})
