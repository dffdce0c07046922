import { z } from 'zod'
import { reference } from '../records/fields.ts'
import type { Entry } from '../register/entry.ts'
import { knownTerms } from '../register/tolerant.ts'
import { type Passkey, passkey } from './passkeys.ts'
import { lapsed, type Proposal, proposalsAfter } from './proposal.ts'
import { roles } from './roles.ts'

/** Name that somebody signs in under: letters, digits, dots and hyphens. */
export const loginName = reference(40).refine((login) => /^[a-z][a-z0-9.-]{2,39}$/.test(login), {
  message: '账号应为 3-40 个小写字母、数字、点或连字符，以字母开头',
  params: { key: 'login' },
})

const officerCreated = z.object({
  name: z.string(),
  authority: z.string(),
  region: z.string().optional(),
  roles: z.array(z.enum(roles)),
  hash: z.string(),
  /** The person by a keyed hash of the staff number (工号), or of the directory's subject. */
  person: z.string().optional(),
})
/** As they are read: a duty of another version of the program is none in this one. */
const createdRead = officerCreated.extend({ roles: z.array(z.string()) })
const changedRead = createdRead.omit({ hash: true })
const passwordSet = z.object({
  hash: z.string(),
  first: z.boolean(),
  /** That a reset leaves the directory's person as it was; one of an older version ended that too. */
  keepsDirectory: z.literal(true).optional(),
})
const factorSet = z.object({ factor: z.string() })
const passkeyRemoved = z.object({ id: z.string() })
const bound = z.object({ directory: z.string(), issuer: z.string().optional() })
const resetAllowed = z.object({
  /** Account or key that may reset the password once. */
  to: z.string(),
  /** Last day on which it may. */
  until: z.string(),
})

/** An officer's account (工作人员账号): never the password itself. */
export interface Officer extends z.output<typeof officerCreated> {
  login: string
  createdAt: string
  revision: number
  /** Duties that this program does not know; they allow nothing. */
  unknownRoles?: string[]
  /** What was put forward for a second administrator: deciding duties. */
  proposals?: Proposal[]
  /** Whether the password was given by somebody else and is to be changed before anything else. */
  mustChange: boolean
  /** The person in the bureau's directory whom it is bound to, by a keyed hash; nobody else of the directory may use it. */
  directory?: string
  /** By which directory, where that was noted, and since when it is bound. */
  boundBy?: { issuer?: string; since: string }
  /** That nobody has made it theirs yet: no password of their own, no second factor, no reset, no binding to the directory. */
  isUnclaimed?: true
  /** The secret of its owner's one-time codes (动态码), sealed. */
  factor?: string
  /** Its owner's passkeys (通行密钥); without these and codes the password is enough. */
  passkeys?: Passkey[]
  /** When the present password was set, ISO 8601. */
  passwordAt: string
  /** That a second administrator has confirmed a reset of the password, and who may make use of it. */
  resetAllowed?: z.output<typeof resetAllowed>
  /** Sessions begun under an earlier epoch have ended. */
  epoch: number
  disabledAt?: string
}

export function officerSubject(login: string): string {
  return `officer/${login}`
}

/** Whether an account's owner shows something beside the password: a one-time code or a passkey. */
export function hasSecondFactor({ factor, passkeys = [] }: Officer): boolean {
  return factor !== undefined || passkeys.length > 0
}

/** Days for which a first password opens an account that its owner has not made theirs. */
export const FIRST_PASSWORD_DAYS = 7

/** Whether a first password has waited too long for its owner. */
export function isExpired({ mustChange, passwordAt }: Officer, now: Date): boolean {
  return mustChange && now.getTime() - Date.parse(passwordAt) > FIRST_PASSWORD_DAYS * 24 * 3_600_000
}

/** The person behind an account: by what it was given for them, else the account itself. */
export function personOf(login: string, officer: Pick<Officer, 'person'> | undefined): string {
  return officer?.person ?? officerSubject(login)
}

/** What makes an account somebody's, or says whose it is anew. */
const CLAIMING: ReadonlySet<string> = new Set([
  'officer.password-set',
  'officer.factor-set',
  'officer.passkey-added',
  'officer.bound',
  'officer.unbound',
])

/** The account after one more entry about it. */
export function foldOfficer(before: Officer | undefined, entry: Entry): Officer | undefined {
  const after = folded(before, entry)
  if (!after?.isUnclaimed || !CLAIMING.has(entry.kind)) return after
  const { isUnclaimed: _, ...claimed } = after
  return claimed
}

function folded(before: Officer | undefined, entry: Entry): Officer | undefined {
  const { kind, payload, recordedAt, revision, subject } = entry
  if (kind === 'officer.created' && payload !== null)
    return {
      login: subject.slice('officer/'.length),
      createdAt: recordedAt,
      revision,
      mustChange: true,
      isUnclaimed: true,
      passwordAt: recordedAt,
      epoch: 1,
      ...dutiesOf(createdRead.parse(payload)),
    }
  if (!before) return undefined
  const proposals = proposalsAfter(before.proposals, entry)
  if (proposals) return { ...before, revision, proposals }
  if (kind === 'officer.reset-allowed' && payload !== null)
    return { ...before, revision, resetAllowed: resetAllowed.parse(payload) }
  if (kind === 'officer.bound' && payload !== null) {
    const { directory, issuer } = bound.parse(payload)
    const boundBy = { since: recordedAt, ...(issuer !== undefined && { issuer }) }
    return { ...before, revision, directory, boundBy }
  }
  if (kind === 'officer.factor-set' && payload !== null)
    return { ...before, revision, factor: factorSet.parse(payload).factor }
  if (kind === 'officer.passkey-added' && payload !== null)
    return { ...before, revision, passkeys: [...(before.passkeys ?? []), passkey.parse(payload)] }
  if (kind === 'officer.passkey-removed' && payload !== null) {
    const { id } = passkeyRemoved.parse(payload)
    return { ...before, revision, passkeys: before.passkeys?.filter((other) => other.id !== id) ?? [] }
  }
  const { resetAllowed: _, ...kept } = before
  const next = { ...kept, revision, epoch: before.epoch + 1 }
  const overtaken = (reason: string, act?: string) => lapsed(before.proposals, entry, reason, act)
  if (kind === 'officer.password-set' && payload !== null) {
    const { hash, first, keepsDirectory } = passwordSet.parse(payload)
    const proposals = overtaken('密码已经更改', 'reset-password')
    const { factor: _, passkeys: __, ...rest } = keepsDirectory ? next : unbound(next)
    // A first password is for whoever has lost what they show: what they showed before is forgotten.
    return { ...(first ? rest : next), hash, mustChange: first, passwordAt: recordedAt, proposals }
  }
  if (kind === 'officer.changed' && payload !== null) {
    const { region: _, person, unknownRoles: __, ...rest } = next
    return {
      ...rest,
      // Who somebody is stays with the account unless it is said anew.
      ...(person !== undefined && { person }),
      ...dutiesOf(changedRead.parse(payload)),
      proposals: overtaken('账号已经调整'),
    }
  }
  if (kind === 'officer.unbound') return unbound(next)
  if (kind === 'officer.disabled')
    return { ...next, disabledAt: recordedAt, proposals: overtaken('账号已停用') }
  return kind === 'officer.signed-out'
    ? { ...before, revision, epoch: before.epoch + 1 }
    : { ...before, revision }
}

function unbound({ directory: _, boundBy: __, ...rest }: Officer): Officer {
  return rest
}

function dutiesOf<P extends { roles: string[] }>(payload: P) {
  const { known, unknown } = knownTerms(payload.roles, roles)
  return { ...payload, roles: known, ...(unknown.length > 0 && { unknownRoles: unknown }) }
}
