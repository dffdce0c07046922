import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, importJWK } from 'jose'
import { ALGORITHM, type PublicKey, publicKey, publicKeysIn } from './published-keys.ts'
import { voucherOf } from './voucher.ts'

/** The keys that records are signed with: the present one, and the public ones of all that ever were. */
export interface StampKeys {
  kid: string
  sign: KeyObject
  all: readonly PublicKey[]
}

interface Paths {
  /** The present key, made at the first use; where it is taken away, the next start makes another, and where it is renamed to `….former` too,
   * which then vouches for the new one. */
  stampKey: string
  /** All public keys. They are to be kept as long as records are to be recognised. */
  stampKeys: string
}

/** Opens the keys. Throws where the published ones can't be read, or are gone while there is a key that signed. */
export async function openStampKeys({ stampKey, stampKeys }: Paths, now: () => Date): Promise<StampKeys> {
  const known = publicKeysIn(stampKeys)
  const isNew = !existsSync(stampKey)
  if (known === 'broken' || (known === undefined && !isNew))
    throw new Error(`the published keys are missing or broken: ${stampKeys}`)
  const sign = isNew ? generateKeyPairSync('ed25519').privateKey : createPrivateKey(readFileSync(stampKey))
  const jwk = await exportJWK(createPublicKey(sign))
  const kid = await calculateJwkThumbprint(jwk)
  if (known?.some((key) => key.kid === kid && key.until === null)) return { kid, sign, all: known }
  const from = now().toISOString()
  const bare = publicKey.parse({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, kid, from, until: null })
  const voucher = await voucherBy(`${stampKey}.former`, bare, known ?? [])
  const own = { ...bare, ...(voucher !== undefined && { voucher }) }
  const all = [
    ...(known ?? []).filter((key) => key.kid !== kid).map((key) => ({ ...key, until: key.until ?? from })),
    own,
  ]
  // Published first: a key that signs is never without its public half.
  writeFileSync(`${stampKeys}.new`, `${JSON.stringify(all, null, 1)}\n`, { mode: 0o600, flush: true })
  renameSync(`${stampKeys}.new`, stampKeys)
  if (isNew) {
    const pem = sign.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(stampKey, pem, { mode: 0o600, flag: 'wx', flush: true })
  }
  if (voucher !== undefined) rmSync(`${stampKey}.former`)
  return { kid, sign, all }
}

/** What a former key that lies there says of its successor; undefined where there is none, or it was not the last one. */
async function voucherBy(
  path: string,
  next: PublicKey,
  known: readonly PublicKey[],
): Promise<string | undefined> {
  if (!existsSync(path)) return undefined
  const sign = createPrivateKey(readFileSync(path))
  const kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(sign)))
  const isLast = known.some((key) => key.kid === kid && key.until === null)
  return isLast ? voucherOf(next, { kid, sign }) : undefined
}

/** The published key with that thumbprint, to verify by; undefined when there never was one. */
export async function publicKeyOf(
  keys: StampKeys,
  kid: string | undefined,
): Promise<{ key: CryptoKey; period: PublicKey } | undefined> {
  const known = keys.all.find((key) => key.kid === kid)
  if (!known) return undefined
  const { kty, crv, x } = known
  const key = await importJWK({ kty, crv, x }, ALGORITHM)
  return key instanceof Uint8Array ? undefined : { key, period: known }
}

/** Whether what is dated so was signed while the key was in use. */
export function isInPeriod({ from, until }: PublicKey, time: string): boolean {
  return time >= from && (until === null || time <= until)
}
