import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Session } from '@fastify/secure-session'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Officer } from '../authority/officers.ts'
import { IDLE_MS, LONGEST_MS, type Sessions } from '../authority/sessions.ts'
import { addressOf } from '../http/visitor.ts'
import type { Claim } from '../registry/officers.ts'
import type { Registry } from '../registry/registry.ts'

/** What the cookie of a session holds, encrypted and signed. */
export interface DeskSession {
  login: string
  epoch: number
  begunAt: number
  seenAt: number
  /** Signed in through the bureau's directory, which looks after the password. */
  byDirectory?: true
  /** What the session stands or falls by on the server. */
  secret: string
  /** Token that every form of the session carries, so that no other site can send one. */
  token: string
}

/** What a browser is remembered by in which officers have signed in (登录过的设备), encrypted and signed. */
export interface KnownDevice {
  id: string
  /** Who signed in here, the latest last. */
  logins: string[]
}

/** Whose password was right, and whose passkey is still to be shown. */
export interface HalfSignedIn {
  /** Names their ceremony. */
  ceremony: string
  login: string
  epoch: number
}

/** An account that somebody whom the directory vouches for says is theirs, until its password is shown. */
export interface Claiming extends Claim {
  /** What the form bears that was shown to them, and no other. */
  token: string
  at: number
}

/** What is remembered of somebody who went to the directory to sign in. */
export interface DirectoryVisit {
  state: string
  nonce: string
  verifier: string
  /** Where they wanted to go. */
  next: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** A session that was found to be over. */
    endedDesk: DeskSession | null
    directorySession: Session
    deviceSession: Session
  }
}

declare module '@fastify/secure-session' {
  interface SessionData {
    desk: DeskSession
    half: HalfSignedIn
    claiming: Claiming
    directory: DirectoryVisit
    device: KnownDevice
  }
}

/** The cookie is written again no more often than this. */
const TOUCHED_MS = 60_000

/** Begins a session; where it takes the place of somebody else's, the browser forgets what it keeps of theirs. */
export async function beginSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { login, epoch }: Officer,
  now: number,
  sessions: Sessions,
  how: { byDirectory?: true } = {},
): Promise<void> {
  const before = request.session.get('desk')
  if (before) await sessions.end(before.secret)
  if (before && before.login !== login) reply.headers(FORGET_ALL)
  request.session.regenerate()
  const token = randomBytes(18).toString('base64url')
  const from = { at: now, from: addressOf(request), agent: request.headers['user-agent'] ?? '' }
  const secret = await sessions.begin(login, from)
  request.session.set('desk', { login, epoch, begunAt: now, seenAt: now, secret, token, ...how })
}

/** So many officers who share a machine are remembered there. */
const MOST_LOGINS = 10

/** The device of a request, where an account has signed in on it before. */
export function deviceOf({ deviceSession }: FastifyRequest, login: string): KnownDevice | undefined {
  const device = deviceSession.get('device')
  return device?.logins.includes(login) ? device : undefined
}

/** Remembers on a device that an account has signed in. */
export function rememberDevice({ deviceSession }: FastifyRequest, login: string): void {
  const { id = randomBytes(18).toString('base64url'), logins = [] } = deviceSession.get('device') ?? {}
  const others = logins.filter((other) => other !== login)
  deviceSession.set('device', { id, logins: [...others, login].slice(-MOST_LOGINS) })
}

/** So long a claim waits for the password. */
const CLAIM_MS = 10 * 60_000

/** Remembers a claim; gives what the form that is shown for it bears. */
export function rememberClaim(request: FastifyRequest, claim: Claim, now: number): string {
  const token = randomBytes(18).toString('base64url')
  request.session.set('claiming', { ...claim, token, at: now })
  return token
}

/** The claim that a form was shown for; undefined for any other form, another account's, and one that waited too long. */
export function claimOf(
  { session }: FastifyRequest,
  { claim: token, login }: { claim: string; login: string },
  now: number,
): Claim | undefined {
  const claiming = session.get('claiming')
  if (!claiming || claiming.login !== login || now - claiming.at > CLAIM_MS) return undefined
  return isToken(token, claiming.token) ? claiming : undefined
}

/** Ends the session of a request, for whoever else may hold its cookie too. */
export async function endSession(request: FastifyRequest, sessions: Sessions): Promise<void> {
  const { secret } = request.session.get('desk') ?? {}
  request.session.delete()
  if (secret !== undefined) await sessions.end(secret)
}

/** Tells the browser to forget what it keeps of the desk: pages, and drafts of forms. */
export const FORGET_ALL = { 'clear-site-data': '"cache", "storage"' }

/** The officer of a request's session; undefined when there is none, or it has ended in any way. */
export function officerOf(
  request: FastifyRequest,
  registry: Registry,
  sessions: Sessions,
): { officer: Officer; token: string; secret: string; byDirectory: boolean } | undefined {
  // A request that is refused at the door has no session yet.
  const session = request.session ? request.session.get('desk') : undefined
  if (!session) return undefined
  const now = registry.now().getTime()
  const officer = registry.officers.bounded(session.login)
  const isOver =
    now - session.begunAt > LONGEST_MS ||
    now - session.seenAt > IDLE_MS ||
    officer?.epoch !== session.epoch ||
    !sessions.stands(session.secret ?? '')
  if (!officer || officer.disabledAt !== undefined || isOver) {
    request.endedDesk = session
    // It is over whatever becomes of this.
    endSession(request, sessions).catch(unless(request))
    return undefined
  }
  if (now - session.seenAt > TOUCHED_MS) {
    request.session.set('desk', { ...session, seenAt: now })
    sessions.seen(session.secret, now).catch(unless(request))
  }
  return { officer, token: session.token, secret: session.secret, byDirectory: session.byDirectory === true }
}

function unless({ log }: FastifyRequest): (error: unknown) => void {
  return (error) => log.warn({ err: error }, 'a session was not noted')
}

/** The session that a request still carries although it is over. */
export function endedSession(request: FastifyRequest): DeskSession | undefined {
  return request.endedDesk ?? undefined
}

/** Whether a form carries its session's token. */
export function isToken(given: unknown, token: string): boolean {
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(token)]
  return one.length === other.length && timingSafeEqual(one, other)
}
