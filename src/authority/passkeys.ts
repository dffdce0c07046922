import { createHash, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { z } from 'zod'
import { ASKED_MS, type Sessions } from './sessions.ts'

/** A passkey (通行密钥) of an account, as it is kept: what its device signs with can't be told from it. */
export const passkey = z.object({
  /** By which its device knows it, base64url. */
  id: z.string(),
  /** What its owner calls it. */
  name: z.string(),
  /** COSE key, base64url. */
  publicKey: z.string(),
  /** How often it had been used when it was registered, where its device counts. */
  counter: z.number(),
  /** How a browser reaches its device. */
  transports: z.array(z.string()),
})
export type Passkey = z.output<typeof passkey>

/** So many of one account; who has more has lost sight of them. */
export const MOST_PASSKEYS = 10

/** Whom a passkey is bound to (信赖方): the host of the site, and the origin of its pages. */
export interface RelyingParty {
  id: string
  origin: string
}

/**
 * The party that the passkeys of a site are bound to, by the site's address; undefined where browsers make none for it: it
 * is reached by a number, or in the clear from elsewhere than the machine itself.
 */
export function relyingPartyOf(base: string): RelyingParty | undefined {
  const { protocol, hostname, origin } = new URL(base)
  const isNumber = hostname.startsWith('[') || isIP(hostname) !== 0
  const isSafe = protocol === 'https:' || hostname === 'localhost'
  return isSafe && !isNumber ? { id: hostname, origin } : undefined
}

const SITE = '质量信用档案'
/** EdDSA, ES256 and RS256: what devices make, and every version of Node checks. */
const ALGORITHMS = [-8, -7, -257]
/** What a browser sends of a ceremony is a few kilobytes at most. */
const LONGEST_ANSWER = 16_000

const base64url = z.string().regex(/^[A-Za-z0-9_-]{1,12000}$/)
const named = { id: base64url.max(1400), rawId: base64url.max(1400), type: z.literal('public-key') }
const made = z.object({
  ...named,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .catch([]),
  }),
})
const signed = z.object({
  ...named,
  response: z.object({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
})

interface Parts {
  party: RelyingParty
  /** Where challenges are kept, and how far a passkey has counted. */
  sessions: Pick<Sessions, 'advance' | 'ask' | 'takeAsked'>
  now(): Date
}

/**
 * Ceremonies with passkeys (WebAuthn): each begins with a challenge that one session is given and that counts once. The
 * device has to make sure of its user (PIN, fingerprint), so that a key that was found opens nothing.
 */
export class Passkeys {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What a browser makes a new passkey of an account by; `session` names whose ceremony it is. */
  async begin(session: string, of: { login: string; name: string; passkeys?: readonly Passkey[] }) {
    const { generateRegistrationOptions } = await webAuthn()
    return generateRegistrationOptions({
      rpName: SITE,
      rpID: this.#parts.party.id,
      userName: of.login,
      userDisplayName: of.name,
      // By it a device tells accounts of one site apart; it is to say nothing by itself.
      userID: new Uint8Array(createHash('sha256').update(`passkeys of ${of.login}`).digest()),
      challenge: await this.#challenge(`make ${session}`),
      timeout: ASKED_MS,
      attestationType: 'none',
      excludeCredentials: (of.passkeys ?? []).map(described),
      // It stands beside an account and a password, so the device needs no place for the account's name.
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    })
  }

  /** The passkey that a browser made in the ceremony of a session, still without a name; undefined where it did not. */
  async made(session: string, answer: string): Promise<Omit<Passkey, 'name'> | undefined> {
    const expectedChallenge = await this.#taken(`make ${session}`)
    const response = parsed(made, answer)
    if (expectedChallenge === undefined || !response) return undefined
    if (!(await isPlain(response)) || !(await isOnOwnPage(response))) return undefined
    const { verifyRegistrationResponse } = await webAuthn()
    const found = await verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge,
      ...this.#expected(),
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => undefined)
    if (!found?.verified) return undefined
    const { id, publicKey, counter } = found.registrationInfo.credential
    const { transports } = response.response
    return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports }
  }

  /** What a browser shows one of some passkeys by. */
  async ask(session: string, passkeys: readonly Passkey[]) {
    const { generateAuthenticationOptions } = await webAuthn()
    return generateAuthenticationOptions({
      rpID: this.#parts.party.id,
      challenge: await this.#challenge(`show ${session}`),
      timeout: ASKED_MS,
      allowCredentials: passkeys.map(described),
      userVerification: 'required',
    })
  }

  /** Which of some passkeys a browser has shown in the ceremony of a session; undefined where it has shown none. */
  async shown(session: string, passkeys: readonly Passkey[], answer: string): Promise<Passkey | undefined> {
    const expectedChallenge = await this.#taken(`show ${session}`)
    const response = parsed(signed, answer)
    const own = passkeys.find(({ id }) => id === response?.id)
    if (expectedChallenge === undefined || !response || !own) return undefined
    if (!(await isOnOwnPage(response))) return undefined
    const { verifyAuthenticationResponse } = await webAuthn()
    const found = await verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge,
      ...this.#expected(),
      credential: {
        id: own.id,
        publicKey: new Uint8Array(Buffer.from(own.publicKey, 'base64url')),
        counter: own.counter,
      },
    }).catch(() => undefined)
    if (!found?.verified) return undefined
    const { newCounter } = found.authenticationInfo
    // A device that counts has counted on: a copy of it has not.
    return (await this.#parts.sessions.advance(`passkey ${own.id}`, newCounter)) ? own : undefined
  }

  #expected() {
    const { id, origin } = this.#parts.party
    return { expectedOrigin: origin, expectedRPID: id, requireUserVerification: true }
  }

  async #challenge(session: string) {
    const bytes = new Uint8Array(randomBytes(32))
    const challenge = Buffer.from(bytes).toString('base64url')
    await this.#parts.sessions.ask(session, challenge, this.#parts.now().getTime())
    return bytes
  }

  /** The challenge of a session, which has none from then on. */
  #taken(session: string): Promise<string | undefined> {
    return this.#parts.sessions.takeAsked(session, this.#parts.now().getTime())
  }
}

function described({ id, transports }: Passkey) {
  return { id, transports }
}

function parsed<T>(schema: z.ZodType<T>, answer: string): T | undefined {
  if (answer.length > LONGEST_ANSWER) return undefined
  try {
    return schema.safeParse(JSON.parse(answer)).data
  } catch {
    return undefined
  }
}

/** Whether a browser says that the ceremony was held in a page of the site, and not within another site's. */
async function isOnOwnPage({ response }: z.output<typeof made> | z.output<typeof signed>): Promise<boolean> {
  const { decodeClientDataJSON } = await import('@simplewebauthn/server/helpers')
  try {
    const { crossOrigin = false, topOrigin } = decodeClientDataJSON(response.clientDataJSON)
    return !crossOrigin && topOrigin === undefined
  } catch {
    return false
  }
}

/**
 * Whether a new passkey comes without certificates of its maker: none are asked for, and checking them would have this
 * server ask addresses that they name.
 */
async function isPlain({ response }: z.output<typeof made>): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  try {
    const attestation = decodeAttestationObject(
      new Uint8Array(Buffer.from(response.attestationObject, 'base64url')),
    )
    const isSelfSigned = attestation.get('fmt') === 'packed' && !attestation.get('attStmt').get('x5c')
    return attestation.get('fmt') === 'none' || isSelfSigned
  } catch {
    return false
  }
}

/** Loaded when it is first needed: few nodes of few authorities ever do. */
function webAuthn() {
  return import('@simplewebauthn/server')
}
