import { z } from 'zod'
import type { Author, Entry } from '../register/entry.ts'

const proposed = z.looseObject({ id: z.string(), input: z.record(z.string(), z.unknown()), by: z.string() })
const settled = z.looseObject({ id: z.string() })

/** Duties or rights that wait for a second administrator (待第二名管理员确认). */
export interface Grant {
  id: string
  /** What is to be given: `roles` of an account, `scopes` of a key. */
  given: string[]
  by: string
  at: string
  author: Author
}

/** What waits on an account or key after one more entry about it; undefined where the entry is about no grant. */
export function foldGrant(
  field: 'roles' | 'scopes',
  entry: Entry,
): { waiting: Grant | undefined } | undefined {
  const { kind, payload, recordedAt: at, author } = entry
  if (kind === 'act.proposed' && payload !== null) {
    const { id, input, by } = proposed.parse(payload)
    const given = z.array(z.string()).catch([]).parse(input[field])
    return { waiting: { id, given, by, at, author } }
  }
  const isOver = kind === 'act.confirmed' || kind === 'act.refused' || kind === 'act.lapsed'
  return isOver && (payload === null || settled.safeParse(payload).success)
    ? { waiting: undefined }
    : undefined
}
