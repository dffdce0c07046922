import t from 'tap'
import { z } from 'zod'
import { shippedActs } from '../../src/acts/shipped.ts'
import { boundsOf, sameAsIn } from '../bounds.ts'

/**
 * `inputs.txt` is what each act asks for and how much of it, as an official checks it: a line for each field.
 */

t.test('what each act asks for, and how much of it', async (t) => {
  const lines = shippedActs.flatMap((act) => {
    // Documents have schemas of their own.
    const { document: _, ...fields } = act.input.shape
    const schema = z.toJSONSchema(z.strictObject(fields), { io: 'input', unrepresentable: 'any' })
    const { method, path, status = 200, step } = act.route
    const [, ...rest] = boundsOf(act.name, schema)
    const second = act.secondRight === undefined ? [] : [`另一人 ${act.secondRight}`]
    return [
      [act.name, method, path, ...(step === undefined ? [] : [step]), status, ...act.rights, ...second].join(
        ' ',
      ),
      ...rest,
    ]
  })
  sameAsIn(t, new URL('inputs.txt', import.meta.url), lines)
})
