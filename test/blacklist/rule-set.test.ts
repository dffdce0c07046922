import t from 'tap'
import { z } from 'zod'
import { ruleSetSchema } from '../../src/blacklist/rule-set.ts'
import { boundsOf, sameAsIn } from '../bounds.ts'

t.test('what a set of listing rules may say, and how much of it', async (t) => {
  const schema = z.toJSONSchema(ruleSetSchema, { io: 'input', unrepresentable: 'any' })
  sameAsIn(t, new URL('rule-set.txt', import.meta.url), boundsOf('rules', schema))
})
