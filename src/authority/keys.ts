import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { CalendarDate } from '../calendar/dates.ts'
import type { Entry } from '../register/entry.ts'
import { knownTerms } from '../register/tolerant.ts'
import { isWithinRanges } from './address-range.ts'
import { lapsed, type Proposal, proposalsAfter } from './proposal.ts'

/** What a key may do. `admin` may do everything. */
export const scopes = [
  'records:read',
  'records:write',
  'ratings:write',
  'ratings:approve',
  'standards:write',
  'supervision:write',
  'listings:write',
  'listings:decide',
  'platform:read',
  'audit:read',
  'officers:write',
  'admin',
] as const
export type Scope = (typeof scopes)[number]

/** Payload of `key.created`: the key's owner and powers, with the hash of its secret. */
export const keyCreated = z.object({
  name: z.string(),
  authority: z.string(),
  scopes: z.array(z.enum(scopes)),
  /** Region code the key is bound to; without one it acts everywhere. */
  region: z.string().optional(),
  hash: z.string(),
  /** Account of the officer whom it acts for (以其名义); without one it is a machine's. */
  actsFor: z.string().optional(),
  /** The consumer (取用方) that pulls with it. */
  consumer: z.string().optional(),
  /** The last day on which it opens. */
  expiresOn: z.string().optional(),
  /** Ranges of addresses from which alone it opens. */
  addresses: z.array(z.string()).optional(),
})

/** Payload of `key.changed`: the rights that it has from now on. */
const keyChanged = z.object({ scopes: z.array(z.string()) })

/** The same as it is read: a right of another version of the program is none in this one. */
const keyRead = keyCreated.extend({ scopes: z.array(z.string()) })

/** An API key (接口密钥) as the registry knows it: never the secret itself. */
export interface ApiKey extends z.output<typeof keyCreated> {
  id: string
  /** Rights that this program does not know; they open nothing. */
  unknownScopes?: string[]
  /** What was put forward for a second administrator: deciding rights. */
  proposals?: Proposal[]
  createdAt: string
  revision: number
  revokedAt?: string
}

/** Subject of the entries about a key. */
export function keySubject(id: string): string {
  return `key/${id}`
}

/** The key after one more entry about it. */
export function foldKey(before: ApiKey | undefined, entry: Entry): ApiKey | undefined {
  if (entry.kind === 'key.created' && entry.payload !== null) {
    const payload = keyRead.parse(entry.payload)
    const { known, unknown } = knownTerms(payload.scopes, scopes)
    return {
      id: entry.subject.slice('key/'.length),
      createdAt: entry.recordedAt,
      revision: entry.revision,
      ...payload,
      scopes: known,
      ...(unknown.length > 0 && { unknownScopes: unknown }),
    }
  }
  if (!before) return undefined
  const proposals = proposalsAfter(before.proposals, entry)
  if (proposals) return { ...before, revision: entry.revision, proposals }
  if (entry.kind === 'key.changed' && entry.payload !== null) {
    const { known } = knownTerms(keyChanged.parse(entry.payload).scopes, scopes)
    const overtaken = lapsed(before.proposals, entry, '密钥的权限已经调整')
    return { ...before, revision: entry.revision, scopes: known, proposals: overtaken }
  }
  if (entry.kind === 'key.revoked') {
    const { revision, recordedAt: revokedAt } = entry
    return { ...before, revision, revokedAt, proposals: lapsed(before.proposals, entry, '密钥已停用') }
  }
  return before
}

/** A fresh key: its id, the text that is shown once, and the hash that is kept. */
export function newKey(): { id: string; text: string; hash: string } {
  const id = randomBytes(6).toString('hex')
  // 32 random bytes can't be guessed, so a plain hash keeps them safe and costs a request nothing.
  const secret = randomBytes(32).toString('base64url')
  return { id, text: `hqc_${id}_${secret}`, hash: hashOf(secret) }
}

/** Id and secret of a key as it came in a request; undefined when it isn't one. */
export function parseKey(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = /^hqc_([0-9a-f]{12})_([\w-]{43})$/.exec(text) ?? []
  return id && secret ? { id, secret } : undefined
}

/** Why a key opens nothing on a day, from an address, in words; undefined where it does. */
export function closedKey(
  { expiresOn, addresses }: Pick<ApiKey, 'expiresOn' | 'addresses'>,
  today: CalendarDate,
  address: string | undefined,
): string | undefined {
  if (expiresOn !== undefined && today > expiresOn)
    return `此密钥的有效期已于 ${expiresOn} 届满；请向系统管理员申请新的密钥。`
  if (addresses && address !== undefined && !isWithinRanges(addresses, address))
    return `此密钥不得从 ${address} 使用；请从登记的地址访问，或请系统管理员调整。`
  return undefined
}

/** Whether a secret is the key's own and the key still stands. */
export function opens(key: ApiKey, secret: string): boolean {
  return key.revokedAt === undefined && timingSafeEqual(Buffer.from(key.hash), Buffer.from(hashOf(secret)))
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
