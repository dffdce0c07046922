import type { Actor } from '../authority/acting.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import { hashOf, isPassword, passwordFault } from '../authority/passwords.ts'
import type { Role } from '../authority/roles.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { sameOwner } from './account-lines.ts'
import type { Acts } from './acts.ts'
import { bounded, whoActs } from './who-acts.ts'

export interface NewOfficer {
  login: string
  name: string
  authority: string
  region?: string | undefined
  roles: Role[]
  /** The person by their staff number (工号); kept as a keyed hash. */
  staffNo?: string | undefined
  /** A first password, which its owner must change. */
  password: string
}

interface Parts {
  views: Views
  writer: Writer
  acts: Acts
}

/** Officers' accounts as they stand, whom one lets in, and what its owner does with it. */
export class Officers {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Creates an account with a given first password; its deciding duties wait for a second administrator. */
  async create(asked: NewOfficer, actor: Actor): Promise<Officer> {
    await this.#parts.acts.carryOut('create-officer', {}, asked, actor)
    return this.#known(asked.login)
  }

  /** Sets a password: its owner's own choice, or a first one that an administrator gives. All sessions end. */
  async setPassword(login: string, password: string, by: { author: Actor; first: boolean }): Promise<void> {
    if (by.first) {
      await this.#parts.acts.carryOut('reset-password', { id: login }, { password }, by.author)
      return
    }
    const fault = passwordFault(password, this.#known(login))
    if (fault !== undefined) throw invalid('/password', 'weak', fault)
    await this.#own(login, 'officer.password-set', { hash: await hashOf(password), first: false }, by.author)
  }

  /** Ends all one's own sessions, wherever they are. */
  signOutEverywhere(login: string, actor: Actor): Promise<void> {
    return this.#own(login, 'officer.signed-out', {}, actor)
  }

  /** Somebody as they act: the account with the bounds that it really has. */
  bounded(login: string): Officer | undefined {
    const own = this.one(login)
    return own && bounded(this.#parts.views, officerSubject(login), own)
  }

  one(login: string): Officer | undefined {
    return this.#parts.views.officer(login)
  }

  /** Other accounts in use of the person whose account it is. */
  sameOwner(login: string): Officer[] {
    const own = this.one(login)
    return own ? sameOwner(this.#parts.views, own) : []
  }

  all(): Officer[] {
    return this.#parts.views.officers()
  }

  /** The officer whose name and password these are; undefined where they don't fit or the account is closed. */
  async authenticate(login: string, password: string): Promise<Officer | undefined> {
    const officer = this.one(login)
    const isRight = await isPassword(password, officer?.hash)
    return isRight && officer?.disabledAt === undefined ? officer : undefined
  }

  #known(login: string): Officer {
    const officer = this.one(login)
    if (!officer) throw new Refusal('unknown', `没有账号 ${login.slice(0, 40)}。`)
    return officer
  }

  /** What an owner does with their own account; who holds the data directory may too. */
  async #own(login: string, kind: string, payload: unknown, by: Actor): Promise<void> {
    const subject = officerSubject(login)
    this.#known(login)
    const { actor, saw } = whoActs(this.#parts.views, by)
    if (actor.id !== undefined && actor.id !== subject)
      throw new Refusal('forbidden', '只能由本人办理；管理员可以重设首次密码。')
    const { authority, officer } = actor
    const draft = { subject, kind, payload, visibility: 'internal' as const, author: { authority, officer } }
    await this.#parts.writer.append({ drafts: [draft], expect: saw, command: `${subject}/${newId()}` })
  }
}
