import type { z } from 'zod'
import { problem } from '../http/problem.ts'

/** What a route asks for, and refuses with beside what every route may be refused with (see description.ts). */
interface Asked {
  description?: string
  params?: z.ZodType
  querystring?: z.ZodType
  body?: z.ZodType
  consumes?: string[]
  refused?: readonly number[]
}

/** Who may ask: nobody without a key, everybody, or everybody and more with one. */
const SECURITY = { keyed: [{ key: [] }], open: undefined, either: [{}, { key: [] }] }

/** How the routes of one chapter of the reference are described: by their name, what they are for, their answers by status. */
export function chapter(tag: string) {
  const described =
    (who: keyof typeof SECURITY) =>
    <R extends Readonly<Record<number, z.ZodType>>, O extends Asked>(
      operationId: string,
      summary: string,
      answers: R,
      asked: O,
    ) => {
      const { refused = [], ...own } = asked
      const security = SECURITY[who]
      const response = { ...answers, ...refusals(refused) }
      return {
        schema: { operationId, tags: [tag], summary, ...(security && { security }), ...own, response },
      }
    }
  return { keyed: described('keyed'), open: described('open'), either: described('either') }
}

function refusals(statuses: readonly number[]): object {
  return Object.fromEntries(statuses.map((status) => [status, problem]))
}
