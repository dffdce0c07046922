import { createHash } from 'node:crypto'
import t from 'tap'
import { z } from 'zod'
import { ruleSet, ruleSetSchema, ruleSets } from '../../src/blacklist/rule-set.ts'
import { boundsOf, sameAsIn } from '../bounds.ts'

t.test('what a set of listing rules may say, and how much of it', async (t) => {
  const schema = z.toJSONSchema(ruleSetSchema, { io: 'input', unrepresentable: 'any' })
  sameAsIn(t, new URL('rule-set.txt', import.meta.url), boundsOf('rules', schema))
})

/** `shipped.txt`: cases go by the version that they began under, so a version, once shipped, stays to the letter. */
t.test('no version that was shipped is changed: what is to be otherwise is a new one', async (t) => {
  const lines = ruleSets.flatMap(({ id, version: last }) =>
    Array.from({ length: last }, (_, i) => {
      const digest = createHash('sha256')
        .update(JSON.stringify(ruleSet(id, i + 1)))
        .digest('hex')
      return `${id} ${i + 1} ${digest}`
    }),
  )
  sameAsIn(t, new URL('shipped.txt', import.meta.url), lines)
})
