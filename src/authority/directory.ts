import type { Configuration } from 'openid-client'

/** What is remembered between going to a directory and coming back. */
export interface Visit {
  state: string
  nonce: string
  verifier: string
}

/** Who somebody is to a directory. */
export interface DirectoryIdentity {
  /** The directory and its own, lasting name for the person, together: accounts are bound to it. */
  subject: string
  /** The directory itself (签发者). */
  issuer: string
  /** What the person signs in under there, which may be given to somebody else one day. */
  login: string
}

/** A bureau's own directory (单位目录) that its officers sign in with. */
export interface Directory {
  /** Where to send somebody to sign in, and what to remember of them. */
  begin(comeBackTo: string): Promise<{ address: string; visit: Visit }>
  /** Whoever came back; rejects when the directory does not vouch for them. */
  finish(address: URL, visit: Visit): Promise<DirectoryIdentity>
}

export interface DirectorySettings {
  issuer: string
  clientId: string
  clientSecret: string
  /** Claim that holds the account's name. */
  claim: string
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/
const TIMEOUT_SECONDS = 10

/** A directory that speaks OpenID Connect: authorisation code with PKCE, state and nonce. */
export function openIdDirectory({ issuer, clientId, clientSecret, claim }: DirectorySettings): Directory {
  let discovered: Promise<Configuration> | undefined
  const configuration = async () => {
    // Most bureaus have no directory: what speaks to one is loaded with the first visit.
    const client = await import('openid-client')
    const server = new URL(issuer)
    // Plain HTTP is for a directory on this very machine only.
    const execute = LOOPBACK.test(server.hostname) ? [client.allowInsecureRequests] : []
    discovered ??= client
      .discovery(server, clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_SECONDS })
      .catch((error: unknown) => {
        // A directory that was down is asked again by the next who comes.
        discovered = undefined
        throw error
      })
    return { client, config: await discovered }
  }
  return {
    async begin(comeBackTo) {
      const { client, config } = await configuration()
      const visit = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: comeBackTo,
        scope: 'openid profile',
        state: visit.state,
        nonce: visit.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(visit.verifier),
        code_challenge_method: 'S256',
      })
      return { address: address.href, visit }
    },
    async finish(address, { state, nonce, verifier }) {
      const { client, config } = await configuration()
      const tokens = await client.authorizationCodeGrant(config, address, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('the directory sent no identity')
      const named =
        claims[claim] ?? (await client.fetchUserInfo(config, tokens.access_token, claims.sub))[claim]
      if (typeof named !== 'string') throw new Error(`the directory sent no claim ${claim}`)
      const { iss: issuer, sub } = claims
      return { subject: JSON.stringify([issuer, sub]), issuer, login: named }
    },
  }
}
