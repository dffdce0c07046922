import { generateSecret, generateURI, verifySync } from 'otplib'
import type { PersonHash } from './persons.ts'
import { seal, unseal } from './sealed.ts'

/** A code of the step before or after counts too: clocks differ, and people type. */
const TOLERANCE_SECONDS = 30
const ISSUER = '质量信用档案'

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
      sealed: seal(this.#key, login, secret),
      secret,
      address: generateURI({ issuer: ISSUER, label: login, secret }),
    }
  }

  /** The step of time whose code this is; undefined where it is none, or the secret is another account's. */
  stepOf(login: string, sealed: string, code: string, now: Date): number | undefined {
    const secret = unseal(this.#key, login, sealed)
    const token = code.normalize('NFKC').replace(/\s/g, '')
    if (secret === undefined || !/^\d{6}$/.test(token)) return undefined
    const epoch = Math.floor(now.getTime() / 1000)
    const found = verifySync({ secret, token, epoch, epochTolerance: TOLERANCE_SECONDS })
    return found.valid && 'timeStep' in found ? found.timeStep : undefined
  }
}
