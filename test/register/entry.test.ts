import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import t from 'tap'
import { entryDigest } from '../../src/register/entry.ts'
import { fc } from '../properties.ts'

const text = fc.string({ unit: 'grapheme' })

t.test("an entry's digest is over its canonical JSON", async (t) => {
  const entries = fc.record({
    seq: fc.nat(),
    id: fc.uuid(),
    subject: text,
    revision: fc.nat(),
    kind: text,
    payloadDigest: text,
    visibility: fc.constantFrom('public' as const, 'platform' as const, 'internal' as const),
    author: fc.record({ authority: text, officer: text }),
    command: text,
    recordedAt: fc.date({ noInvalidDate: true }).map(String),
  })
  fc.assert(
    fc.property(entries, (entry) => {
      const canonical = canonicalize(entry) ?? ''
      t.equal(entryDigest(entry), createHash('sha256').update(canonical).digest('hex'))
    }),
  )
})
