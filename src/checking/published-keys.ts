import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** The one way in which things are signed here; a signature that claims another is not looked into. */
export const ALGORITHM = 'EdDSA'

/** A public key that records are recognised by, as it is published: a JWK (RFC 8037) and its period. */
export const publicKey = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  /** Thumbprint of the key (RFC 7638). */
  kid: z.string(),
  /** When it was first used, and when another took its place. */
  from: z.string(),
  until: z.string().nullable(),
  /** What the key before it says of it (`voucherOf`); none where that key was gone when this one was made. */
  voucher: z.string().exactOptional(),
})

export type PublicKey = z.output<typeof publicKey>

/** All public keys that a file holds; `broken` where it can't be read as such, undefined where there is none. */
export function publicKeysIn(path: string): PublicKey[] | 'broken' | undefined {
  if (!existsSync(path)) return undefined
  const text = readFileSync(path, 'utf8')
  try {
    return z.array(publicKey).parse(JSON.parse(text))
  } catch {
    return 'broken'
  }
}
