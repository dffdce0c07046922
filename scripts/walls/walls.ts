import { readFileSync } from 'node:fs'
import { z } from 'zod'

const test = z.strictObject({ file: z.string(), title: z.string() })
/** Identifiers of requirements: chapter, section, number. */
const ids = z.array(z.string().regex(/^\d{1,2}\.\d{1,2}\.\d{1,2}$/)).min(1)
const how = z.string().min(1)

/** What comes of some requirements of ASVS 5.0, levels 1 and 2: where they are met and what shows it, or why not. */
const answer = z.discriminatedUnion('state', [
  z.strictObject({
    of: ids,
    state: z.literal('met'),
    how,
    where: z.array(z.string()).min(1),
    tests: z.array(test).min(1),
  }),
  z.strictObject({ of: ids, state: z.literal('document'), how, where: z.array(z.string()).min(1) }),
  z.strictObject({ of: ids, state: z.enum(['operator', 'not applicable', 'open']), how }),
])

const attack = z.strictObject({ attack: z.string(), tests: z.array(test).min(1) })

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}

/** The table of ASVS 5.0, levels 1 and 2. */
export const requirements = z.array(answer).parse(read('asvs.json'))

/** Every attack that was once reproduced, with the tests that repeat it. */
export const attacks = z.array(attack).parse(read('attacks.json'))
