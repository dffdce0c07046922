import { HtmlValidate } from 'html-validate'
import type { Test } from 'tap'

/** Text that would be markup, were it not escaped everywhere. */
export const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;</title>`
const MOST_BYTES = 100_000

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Whitespace and quotes are the renderer's; long titles are names that were registered.
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'long-title': 'off',
    // Boxes of one question share its name.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit', 'reset'] }],
    'no-implicit-button-type': 'error',
    'prefer-native-element': 'off',
    // A meter of subresources that are our own.
    'require-sri': 'off',
    'wcag/h37': 'error',
  },
})

/** Holds a page to what every page promises: valid, small, nothing of others' runs in it, its own anchors are there. */
export async function checkPage(t: Test, path: string, body: string): Promise<void> {
  t.ok(Buffer.byteLength(body) < MOST_BYTES, `${path} is small: ${Buffer.byteLength(body)}`)
  const report = await validator.validateString(body)
  for (const { messages } of report.results)
    for (const { ruleId, message, line, column } of messages)
      t.fail(`${path} ${ruleId}: ${message} at ${line}:${column} ${body.slice(column - 80, column + 80)}`)
  t.notMatch(body, /<script(?! type="(module|application\/ld\+json)")|<img src=x|<[^>]*\son\w+=/, path)
  for (const [, id = ''] of body.matchAll(/href="#([^"]+)"/g))
    t.ok(body.includes(` id="${id}"`), `${path}#${id}`)
}

/** Addresses within the site that a page leads to, each with what else its tag says. */
export function addressesIn(body: string): { address: string; after: string }[] {
  return Array.from(
    body.matchAll(/(?:href|src|srcset)="(\/[^"]*)"([^>]*)/g),
    ([, address = '', after = '']) => ({
      address: address.replaceAll('&amp;', '&').split('#')[0] ?? '',
      after,
    }),
  )
}
