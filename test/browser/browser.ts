import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

const CHROMIUM = '/usr/bin/chromium'

/** Options of a test that needs a browser. */
export const browserTest = { skip: !existsSync(CHROMIUM) && 'no chromium here' }

/** A browser of the test's own. */
export async function launch(t: Test): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
  t.teardown(() => browser.close())
  return browser
}

/** A page that fails the test for what the content policy forbids and for anything asked of another host. */
export async function openPage(
  t: Test,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 320, height: 700 }, ...options })
  const page = await context.newPage()
  page.on('request', (asked) => {
    if (!asked.url().startsWith(new URL(url).origin) && !asked.url().startsWith('data:'))
      t.fail(`asked for ${asked.url()}`)
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4|ERR_FAILED/.test(message.text())) t.fail(message.text())
  })
  page.on('pageerror', (error) => t.fail(String(error)))
  await page.goto(url)
  return page
}

export const withoutScripts: BrowserContextOptions = { javaScriptEnabled: false }

/** Whether the page fits its window without scrolling sideways. */
export function fits(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')
}

/** Searches for a text from wherever one is. */
export async function look(page: Page, text: string): Promise<void> {
  await page
    .getByRole('searchbox')
    .or(page.getByRole('combobox', { name: '查企业' }))
    .first()
    .fill(text)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

/** Follows a link by its words. */
export async function follow(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name }).first().click()])
}
