import { z } from 'zod'
import type { Entry } from '../register/entry.ts'
import { roles } from './roles.ts'

/** Name that somebody signs in under: letters, digits, dots and hyphens. */
export const loginName = z
  .string()
  .regex(/^[a-z][a-z0-9.-]{2,39}$/, '账号应为 3-40 个小写字母、数字、点或连字符，以字母开头')

const officerCreated = z.object({
  name: z.string(),
  authority: z.string(),
  region: z.string().optional(),
  roles: z.array(z.enum(roles)),
  hash: z.string(),
})
const officerChanged = officerCreated.omit({ hash: true })
const passwordSet = z.object({ hash: z.string(), first: z.boolean() })

/** An officer's account (工作人员账号): never the password itself. */
export interface Officer extends z.output<typeof officerCreated> {
  login: string
  createdAt: string
  /** Whether the password was given by somebody else and is to be changed before anything else. */
  mustChange: boolean
  /** Sessions begun under an earlier epoch have ended. */
  epoch: number
  disabledAt?: string
}

export function officerSubject(login: string): string {
  return `officer/${login}`
}

/** The account after one more entry about it. */
export function foldOfficer(before: Officer | undefined, entry: Entry): Officer | undefined {
  const { kind, payload, recordedAt, subject } = entry
  if (kind === 'officer.created' && payload !== null)
    return {
      login: subject.slice('officer/'.length),
      createdAt: recordedAt,
      mustChange: true,
      epoch: 1,
      ...officerCreated.parse(payload),
    }
  if (!before) return undefined
  const next = { ...before, epoch: before.epoch + 1 }
  if (kind === 'officer.password-set' && payload !== null) {
    const { hash, first } = passwordSet.parse(payload)
    return { ...next, hash, mustChange: first }
  }
  if (kind === 'officer.changed' && payload !== null) {
    const { region: _, ...rest } = next
    return { ...rest, ...officerChanged.parse(payload) }
  }
  if (kind === 'officer.disabled') return { ...next, disabledAt: recordedAt }
  return kind === 'officer.signed-out' ? next : before
}
