import type { KeyObject } from 'node:crypto'
import { CompactSign, calculateJwkThumbprint, compactVerify, errors, importJWK } from 'jose'
import { ALGORITHM, type PublicKey } from './published-keys.ts'

/** Type of the signature: one of another kind of thing, by the same key, vouches for nothing. */
const TYPE = 'hqc-key+jws'

/** A key by which the next one is vouched for, with its thumbprint. */
interface Signing {
  kid: string
  sign: KeyObject
}

/** What a key says of the one that takes its place (担保): a JWS (RFC 7515) over that key and when it begins. */
export function voucherOf(next: PublicKey, { kid, sign }: Signing): Promise<string> {
  return new CompactSign(Buffer.from(claimOf(next)))
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
    .sign(sign)
}

/** The keys that are trusted once each key that a trusted one vouches for is too; what one vouched for ends its own time. */
export async function withVouched(
  trusted: readonly PublicKey[],
  published: readonly PublicKey[],
): Promise<PublicKey[]> {
  for (const next of published) {
    if (trusted.some(({ kid }) => kid === next.kid)) continue
    const by = await voucherFor(next, trusted)
    if (!by) continue
    const ended = trusted.map((key) => (key.kid === by.kid ? { ...key, until: key.until ?? next.from } : key))
    return withVouched([...ended, next], published)
  }
  return [...trusted]
}

/** The trusted key that vouches for another, within its own time. */
async function voucherFor(next: PublicKey, trusted: readonly PublicKey[]): Promise<PublicKey | undefined> {
  if (next.voucher === undefined || next.kid !== (await calculateJwkThumbprint(bare(next)))) return undefined
  for (const key of trusted) {
    const said = await signedBy(key, next.voucher, TYPE)
    const isInTime = next.from >= key.from && (key.until === null || next.from <= key.until)
    if (said !== undefined && said === claimOf(next) && isInTime) return key
  }
  return undefined
}

/** The text that a key has signed as a thing of that type; undefined where it has not. */
export async function signedBy(key: PublicKey, jws: string, type: string): Promise<string | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(bare(key), ALGORITHM), {
      algorithms: [ALGORITHM],
    })
    const isSo = protectedHeader.typ === type && protectedHeader.kid === key.kid
    return isSo ? new TextDecoder('utf-8', { fatal: true }).decode(payload) : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

function bare({ kty, crv, x }: PublicKey) {
  return { kty, crv, x }
}

function claimOf({ kty, crv, x, kid, from }: PublicKey): string {
  return JSON.stringify({ kty, crv, x, kid, from })
}
