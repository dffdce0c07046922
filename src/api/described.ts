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

/**
 * How the routes of one chapter of the reference are described: by their name, what they are for (its beginning is the heading),
 * their answers by status.
 */
export function chapter(tag: string) {
  const described =
    (who: keyof typeof SECURITY) =>
    <R extends Readonly<Record<number, z.ZodType>>, O extends Asked>(
      operationId: string,
      words: string,
      answers: R,
      asked: O,
    ) => {
      const { refused = [], description = words, ...own } = asked
      // What is described at length has its words whole as the heading.
      const summary = asked.description === undefined ? headingOf(words) : words
      const security = SECURITY[who]
      const response = { ...answers, ...refusals(refused) }
      return {
        schema: {
          ...{ operationId, tags: [tag], summary, description },
          ...(security && { security }),
          ...own,
          response,
        },
      }
    }
  return { keyed: described('keyed'), open: described('open'), either: described('either') }
}

/** What words begin with, up to what they say more. */
function headingOf(words: string): string {
  return words.split(/[：，；]/u)[0] ?? words
}

function refusals(statuses: readonly number[]): object {
  return Object.fromEntries(statuses.map((status) => [status, problem]))
}
