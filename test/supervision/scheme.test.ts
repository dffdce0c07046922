import t from 'tap'
import { z } from 'zod'
import { schemeSchema } from '../../src/supervision/scheme.ts'
import { boundsOf, sameAsIn } from '../bounds.ts'

t.test('what a scheme of supervision may say, and how much of it', async (t) => {
  const schema = z.toJSONSchema(schemeSchema, { io: 'input', unrepresentable: 'any' })
  sameAsIn(t, new URL('scheme.txt', import.meta.url), boundsOf('scheme', schema))
})
