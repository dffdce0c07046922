import { type ConfigData, HtmlValidate, StaticConfigLoader } from 'html-validate'
import type { Test } from 'tap'

/** Text that would be markup, were it not escaped everywhere. */
export const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;</title>`
const MOST_BYTES = 100_000

const config: ConfigData = {
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
}

/** The rules are the same for all pages: they are read once. */
class OnceRead extends StaticConfigLoader {
  #rules: ReturnType<StaticConfigLoader['getConfigFor']> | undefined

  override getConfigFor(page: string): ReturnType<StaticConfigLoader['getConfigFor']> {
    this.#rules ??= super.getConfigFor(page)
    return this.#rules
  }
}

const validator = new HtmlValidate(new OnceRead(config))

/**
 * Holds a page to what every page promises: valid, small, nothing of others' runs in it, its own anchors are there. Of the
 * hundreds that differ by whose they are alone, a dozen of each kind are read by the validator, which takes longest.
 */
export async function checkPage(t: Test, path: string, body: string): Promise<void> {
  t.ok(Buffer.byteLength(body) < MOST_BYTES, `${path} is small: ${Buffer.byteLength(body)}`)
  if (isOneOfFew(t, kindOf(path))) {
    const report = await validator.validateString(body)
    for (const { messages } of report.results)
      for (const { ruleId, message, line, column } of messages)
        t.fail(`${path} ${ruleId}: ${message} at ${line}:${column} ${body.slice(column - 80, column + 80)}`)
  }
  t.notMatch(body, /<script(?! type="(module|application\/ld\+json)")|<img src=x|<[^>]*\son\w+=/, path)
  for (const [, id = ''] of body.matchAll(/href="#([^"]+)"/g))
    t.ok(body.includes(` id="${id}"`), `${path}#${id}`)
}

const MOST_ALIKE = 12
const met = new WeakMap<Test, Map<string, number>>()

/** Whether no more than a dozen pages of the kind were met in this test. */
function isOneOfFew(t: Test, kind: string): boolean {
  const counts = met.get(t) ?? new Map<string, number>()
  met.set(t, counts)
  const count = (counts.get(kind) ?? 0) + 1
  counts.set(kind, count)
  return count <= MOST_ALIKE
}

/** An address without whose it is: what bears a figure in its path, and the values of its query. */
function kindOf(path: string): string {
  const [place = '', query = ''] = path.split('?')
  return [
    ...place.split('/').map((part) => (/\d/.test(part) ? '*' : part)),
    ...new URLSearchParams(query).keys(),
  ].join('/')
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
