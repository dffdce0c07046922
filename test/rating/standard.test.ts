import t from 'tap'
import { z } from 'zod'
import { standardSchema } from '../../src/rating/standard.ts'
import { boundsOf, sameAsIn } from '../bounds.ts'

t.test('what a standard may say, and how much of it', async (t) => {
  const schema = z.toJSONSchema(standardSchema, { io: 'input', unrepresentable: 'any' })
  sameAsIn(t, new URL('standard.txt', import.meta.url), boundsOf('standard', schema))
})
