import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import type { ActAnswer } from '../acts/act.ts'
import type { TargetName } from '../acts/targets.ts'
import type { AccessAct } from '../authority/access-log.ts'
import type { Actor } from '../authority/acting.ts'
import type { Scope } from '../authority/keys.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import type { Passkeys } from '../authority/passkeys.ts'
import type { Address } from '../authority/proposal.ts'
import type { Sessions } from '../authority/sessions.ts'
import type { Throttle } from '../authority/throttle.ts'
import type { BulletinEvery } from '../blacklist/bulletin-schedule.ts'
import type { Draw } from '../charts/chart.ts'
import type { Fault } from '../dossier/refusal.ts'
import type { ImportService } from '../exchange/import-service.ts'
import type { App } from '../http/app.ts'
import type { Request } from '../registry/acts.ts'
import type { MakerWords } from '../registry/person-words.ts'
import type { Registry } from '../registry/registry.ts'
import type { Offer } from './components/act-offer.tsx'
import type { Asking } from './components/asking.ts'

/** Who asks, and with what forms of theirs must carry. */
export interface Asker {
  officer: Officer
  token: string
  /** What their session stands by. */
  secret: string
  /** Whether the bureau's directory says who they are. */
  byDirectory: boolean
  /** How whoever did something is named to them. */
  maker: MakerWords
  /** The places that they answer for; none for the whole province. */
  places(): readonly string[]
}

/** A form that came in: its fields as text. */
export type Form = Readonly<Record<string, string>>

/** What was wrong with a form, and what was typed in it. */
export interface Refused {
  title: string
  faults: readonly Fault[]
  form: Form
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks at the desk, once that is known. */
    deskOfficer: Officer | null
    /** The same as pages show them; undefined until that is known. */
    deskAsking: Asking | undefined
    /** Whether it is answered with nothing but what is wrong with it. */
    toldOff: boolean
  }
}

/** What the desk's routes are made with. */
export interface Desk {
  /** How often authorities publish their bulletins. */
  bulletinEvery: BulletinEvery
  app: App
  registry: Registry
  imports: ImportService
  draw: Draw
  /** Guessing: by account and address together, so that nobody locks out an owner elsewhere, and by address. */
  throttle: { pair: Throttle; address: Throttle; account: Throttle }
  /** The sessions that stand. */
  sessions: Sessions
  /** Ceremonies with passkeys; undefined where the site's address is none that a browser binds them to. */
  passkeys: Passkeys | undefined
  /** Who asks; sends whoever has not signed in to do so first. Refuses without one of the scopes. */
  asker(request: FastifyRequest, ...scopes: Scope[]): Asker
  /** The same of a form, which must carry its session's token. */
  formOf(request: FastifyRequest, ...scopes: Scope[]): { asker: Asker; form: Form }
  /** Whether somebody has to set up a second factor before anything else. */
  lacksFactor(asker: Asker): boolean
  /** The act that a form asks for: sent twice, it is done once. */
  requestOf(asker: Asker, form: Form): Request
  /** What somebody had typed in a form when their session ended; nothing where that was not so. */
  typed(request: FastifyRequest): Form
  /** Does what a form asks for and goes on to where that leads, or shows what it leads to; or shows what was wrong, with all that was typed. */
  attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    form: Form,
    carryOut: () => Promise<string | VNode>,
    again: (refused: Refused) => VNode | Promise<VNode>,
  ): Promise<FastifyReply>
  /** Writes down what was refused, where the answer as a whole was not. */
  logRefusal(request: FastifyRequest, why: string): Promise<void>
  page(request: FastifyRequest, reply: FastifyReply, make: () => VNode): Promise<FastifyReply>
  /** The acts upon a thing, as its page offers them to whoever asks. */
  offers(asker: Asker, on: TargetName, address: Address): Offer[]
  /** The acts that make another thing of a kind, as the page of all such things offers them. */
  making(asker: Asker, made: ActAnswer): Offer[]
  /** The same for a page that rests on the register alone: it is made once until anything changes. */
  keptPage(
    asker: Asker,
    request: FastifyRequest,
    reply: FastifyReply,
    make: () => VNode | Promise<VNode>,
  ): Promise<FastifyReply>
  /** Whether officers may sign in through their bureau's directory. */
  hasDirectory: boolean
  /** Address of the site, without a slash at its end. */
  base: string
  /** Logs a sign-in, one that failed, or a sign-out, before it is answered; throws where that can't be done. */
  logSignIn(
    act: AccessAct,
    by: { login: string; officer?: Officer | undefined },
    detail: string,
  ): Promise<void>
}

/** Who acts for an officer, in their entries. */
export function actorOf({ login, name, authority, region }: Officer): Actor {
  return { id: officerSubject(login), authority, officer: name, ...(region !== undefined && { region }) }
}

/** Thrown for whoever has to sign in first; where they wanted to go is kept. */
export class SignInFirst extends Error {
  override readonly name = 'SignInFirst'
}
