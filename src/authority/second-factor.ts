import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import type { PersonHash } from './persons.ts'

/** A code of the step before or after counts too: clocks differ, and people type. */
const TOLERANCE_SECONDS = 30
const ISSUER = '质量信用档案'
const CIPHER = 'aes-128-gcm'
const [IV_BYTES, TAG_BYTES] = [12, 16]

/**
 * One-time codes (动态码, RFC 6238) as a second factor: an app and the registry share a secret, which is kept sealed to its
 * account under a key of the registry's own, so that who reads the register can't make codes.
 */
export class SecondFactor {
  readonly #key: Buffer

  constructor(person: PersonHash) {
    // No staff number has a space in it, so nobody's hash is the key.
    this.#key = Buffer.from(person('second factor'), 'hex')
  }

  /** A new secret for an account: sealed, as it is typed into an app, and as an app scans it. */
  begin(login: string): { sealed: string; secret: string; address: string } {
    const secret = generateSecret()
    return {
      sealed: this.#seal(login, secret),
      secret,
      address: generateURI({ issuer: ISSUER, label: login, secret }),
    }
  }

  /** The step of time whose code this is; undefined where it is none, or the secret is another account's. */
  stepOf(login: string, sealed: string, code: string, now: Date): number | undefined {
    const secret = this.#open(login, sealed)
    const token = code.normalize('NFKC').replace(/\s/g, '')
    if (secret === undefined || !/^\d{6}$/.test(token)) return undefined
    const epoch = Math.floor(now.getTime() / 1000)
    const found = verifySync({ secret, token, epoch, epochTolerance: TOLERANCE_SECONDS })
    return found.valid && 'timeStep' in found ? found.timeStep : undefined
  }

  #seal(login: string, secret: string): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(CIPHER, this.#key, iv).setAAD(Buffer.from(login))
    const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
  }

  #open(login: string, sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined
    const [iv, tag, body] = [
      bytes.subarray(0, IV_BYTES),
      bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES),
      bytes.subarray(IV_BYTES + TAG_BYTES),
    ]
    const cipher = createDecipheriv(CIPHER, this.#key, iv).setAAD(Buffer.from(login)).setAuthTag(tag)
    try {
      return Buffer.concat([cipher.update(body), cipher.final()]).toString('utf8')
    } catch {
      return undefined
    }
  }
}
