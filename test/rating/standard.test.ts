import { createHash } from 'node:crypto'
import t from 'tap'
import { z } from 'zod'
import { shippedVersions } from '../../src/rating/shipped.ts'
import { standardSchema } from '../../src/rating/standard.ts'
import { boundsOf, sameAsIn } from '../bounds.ts'

t.test('what a standard may say, and how much of it', async (t) => {
  const schema = z.toJSONSchema(standardSchema, { io: 'input', unrepresentable: 'any' })
  sameAsIn(t, new URL('standard.txt', import.meta.url), boundsOf('standard', schema))
})

/** `shipped.txt`: ratings name the version that they were made by, so a version, once shipped, stays to the letter. */
t.test('no version that was shipped is changed: what is to be otherwise is a new one', async (t) => {
  const lines = shippedVersions.map((standard) => {
    const digest = createHash('sha256').update(JSON.stringify(standard)).digest('hex')
    return `${standard.id} ${standard.version} ${digest}`
  })
  sameAsIn(t, new URL('shipped.txt', import.meta.url), lines)
})
