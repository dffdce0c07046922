import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import canonicalize from 'canonicalize'
import t from 'tap'
import { ruleSet } from '../../src/blacklist/rule-set.ts'
import { shippedVersions } from '../../src/rating/shipped.ts'

/**
 * Rules and standards that came with the registry, by the digest of what they say: cases and ratings name them by their
 * version alone, so a version that somebody may already go by never changes. What is to be otherwise is a new version beside it.
 */
const shipped = {
  'blacklist/rules/aqsiq-2.json': 'a2842981efe6268f',
  'blacklist/rules/aqsiq.json': '5b5ab3002f54937c',
  'blacklist/rules/order-44-2.json': '56d63413f03e9b2a',
  'blacklist/rules/order-44-3.json': '6cc5f89cfa9d31c7',
  'blacklist/rules/order-44.json': '9416ef799a4f10e9',
  'rating/standards/enterprise-classes-2.json': '0aba6b7d4571a510',
  'rating/standards/enterprise-classes-3.json': '34727f0aad710e3c',
  'rating/standards/enterprise-classes.json': 'fc476f208bb03a00',
  'rating/standards/four-grades-2.json': '23a97e554a58a3d2',
  'rating/standards/four-grades-3.json': 'd67bd5db65ff4910',
  'rating/standards/four-grades-4.json': 'b6a164c43f204f65',
  'rating/standards/four-grades.json': '3dabf619de77f06f',
}

t.test('a version that was shipped says what it said', async (t) => {
  const src = new URL('../../src/', import.meta.url)
  const found = ['blacklist/rules', 'rating/standards'].flatMap((folder) =>
    readdirSync(new URL(folder, src)).map((name) => {
      const path = `${folder}/${name}`
      const said = JSON.parse(readFileSync(new URL(path, src), 'utf8'))
      const isKnown = (one: { id: string; version: number }) =>
        one.id === said.id && one.version === said.version
      t.ok(ruleSet(said.id, said.version) ?? shippedVersions.find(isKnown), `${path} is read`)
      const text = canonicalize(said) ?? ''
      return [path, createHash('sha256').update(text).digest('hex').slice(0, 16)]
    }),
  )
  t.same(Object.fromEntries(found), shipped)
})
