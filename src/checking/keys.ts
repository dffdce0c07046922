import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, importJWK } from 'jose'
import { z } from 'zod'

/** A public key that records are recognised by, as it is published: a JWK (RFC 8037) and its period. */
const publicKey = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  /** Thumbprint of the key (RFC 7638). */
  kid: z.string(),
  /** When it was first used, and when another took its place. */
  from: z.string(),
  until: z.string().nullable(),
})

export type PublicKey = z.output<typeof publicKey>

/** The keys that records are signed with: the present one, and the public ones of all that ever were. */
export interface StampKeys {
  kid: string
  sign: KeyObject
  all: readonly PublicKey[]
}

interface Paths {
  /** The present key, made at the first use; where it is taken away, the next start makes another. */
  stampKey: string
  /** All public keys. They are to be kept as long as records are to be recognised. */
  stampKeys: string
}

export async function openStampKeys({ stampKey, stampKeys }: Paths, now: () => Date): Promise<StampKeys> {
  if (!existsSync(stampKey)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(stampKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  }
  const sign = createPrivateKey(readFileSync(stampKey))
  const jwk = await exportJWK(createPublicKey(sign))
  const kid = await calculateJwkThumbprint(jwk)
  const known = existsSync(stampKeys)
    ? z.array(publicKey).parse(JSON.parse(readFileSync(stampKeys, 'utf8')))
    : []
  if (known.some((key) => key.kid === kid && key.until === null)) return { kid, sign, all: known }
  const from = now().toISOString()
  const own = publicKey.parse({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, kid, from, until: null })
  const all = [
    ...known.filter((key) => key.kid !== kid).map((key) => ({ ...key, until: key.until ?? from })),
    own,
  ]
  writeFileSync(`${stampKeys}.new`, `${JSON.stringify(all, null, 1)}\n`)
  renameSync(`${stampKeys}.new`, stampKeys)
  return { kid, sign, all }
}

/** The published key with that thumbprint, to verify by; undefined when there never was one. */
export async function publicKeyOf(
  keys: StampKeys,
  kid: string | undefined,
): Promise<{ key: CryptoKey; period: PublicKey } | undefined> {
  const known = keys.all.find((key) => key.kid === kid)
  if (!known) return undefined
  const { kty, crv, x } = known
  const key = await importJWK({ kty, crv, x }, 'EdDSA')
  return key instanceof Uint8Array ? undefined : { key, period: known }
}

/** Whether what is dated so was signed while the key was in use. */
export function isInPeriod({ from, until }: PublicKey, time: string): boolean {
  return time >= from && (until === null || time <= until)
}
