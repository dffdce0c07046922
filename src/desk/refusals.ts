import { Refusal } from '../dossier/refusal.ts'
import { CommandReused } from '../register/register.ts'
import type { Refused } from './contract.ts'

const STATUS = {
  invalid: 422,
  stale: 409,
  exists: 409,
  'never-sent': 409,
  'feed-ahead': 409,
  'position-backwards': 409,
  forbidden: 403,
  busy: 503,
  unreadable: 409,
} as const

/** What a form was refused for, where its page can say so; other errors have pages of their own. */
export function refusedOf(error: unknown): (Omit<Refused, 'form'> & { status: number }) | undefined {
  if (error instanceof CommandReused)
    return { title: '这张表单已经保存过一次。如果确要再办理一次，请核对后再保存。', faults: [], status: 409 }
  if (!(error instanceof Refusal) || error.reason === 'unknown' || error.reason === 'gone') return undefined
  const title =
    error.reason === 'stale'
      ? `${error.title}您填的内容还在下面；请对照现状，确认后再保存一次。`
      : error.title
  return { title, faults: error.faults, status: STATUS[error.reason] }
}
