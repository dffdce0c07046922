import type { Acting, Actor } from '../authority/acting.ts'
import { secondHindrance } from '../authority/acting.ts'
import {
  administrationHindrance,
  decidingDuties,
  dutiesFault,
  isTrusted,
} from '../authority/administration.ts'
import { jurisdictionIn } from '../authority/authority.ts'
import { loginName, type Officer, officerSubject } from '../authority/officers.ts'
import { hashOf, isPassword, passwordFault } from '../authority/passwords.ts'
import { type PersonHash, staffNumberFault } from '../authority/persons.ts'
import { duties, roles as known, type Role } from '../authority/roles.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { AuthorityOffice } from './authorities.ts'
import { bounded, type WhoActs, whoActs } from './who-acts.ts'

interface Account {
  name: string
  authority: string
  region?: string | undefined
  roles: Role[]
  /** The person by their staff number (工号); kept as a keyed hash. */
  staffNo?: string | undefined
}

export interface NewOfficer extends Account {
  login: string
  /** A first password, which its owner must change. */
  password: string
}

interface Parts {
  views: Views
  writer: Writer
  authorities: AuthorityOffice
  person: PersonHash
}

/** Officers' accounts: every change of one is an entry, and who may make it is judged as of any act. */
export class Officers {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Creates an account; its deciding duties wait for a second administrator. Refuses a name that is taken or no name, a
   * weak password, another authority's account, and duties that do not fit together.
   */
  async create({ login, password, ...account }: NewOfficer, actor: Actor): Promise<Officer> {
    const parsed = loginName.safeParse(login)
    if (!parsed.success) throw invalid('/login', 'login', parsed.error.issues[0]?.message ?? '账号有误')
    if (this.one(login)) throw new Refusal('exists', `账号 ${login} 已经有了，请换一个。`)
    this.#checkPassword(password, { login, name: account.name })
    const who = whoActs(this.#parts.views, actor)
    const { payload, grant, opened } = this.#account(login, account, who)
    const drafts = [
      this.#draft(login, 'officer.created', { ...payload, hash: await hashOf(password) }, who.actor),
      ...this.#granting(login, grant, who.actor),
      ...opened.drafts,
    ]
    await this.#append(login, drafts, new Map([[officerSubject(login), 0], ...opened.expect, ...who.saw]))
    return this.#known(login)
  }

  /** Sets a password; one that an administrator sets must be changed by its owner. All sessions end. */
  async setPassword(login: string, password: string, by: { author: Actor; first: boolean }): Promise<void> {
    const own = this.#known(login)
    this.#checkPassword(password, own)
    const who = whoActs(this.#parts.views, by.author)
    if (by.author.id !== officerSubject(login)) this.#mayAdminister(own, who)
    const payload = { hash: await hashOf(password), first: by.first }
    await this.#append(login, [this.#draft(login, 'officer.password-set', payload, who.actor)], who.saw)
  }

  /** Gives an account another name, authority, region or other duties; all its sessions end. */
  async change(login: string, changed: Account, actor: Actor): Promise<void> {
    const own = this.#known(login)
    if (own.disabledAt !== undefined) throw new Refusal('gone', `账号 ${login} 已停用，不能再调整。`)
    const who = whoActs(this.#parts.views, actor)
    this.#mayAdminister(own, who)
    const { payload, grant, opened } = this.#account(login, changed, who, own)
    const drafts = [
      this.#draft(login, 'officer.changed', payload, who.actor),
      ...this.#granting(login, grant, who.actor),
      ...opened.drafts,
    ]
    await this.#append(
      login,
      drafts,
      new Map([[officerSubject(login), own.revision], ...opened.expect, ...who.saw]),
    )
  }

  /** Confirms or refuses, as a second administrator, the deciding duties that another has put forward. */
  async settle(login: string, confirm: boolean, reason: string, actor: Actor): Promise<void> {
    const own = this.#known(login)
    const { waiting } = own
    if (!waiting) throw new Refusal('exists', `账号 ${login} 没有待确认的岗位。`)
    const who = whoActs(this.#parts.views, actor)
    this.#mayAdminister(own, who)
    const proposer = who.doer({ ...waiting.author, account: waiting.by })
    const why = confirm && !isTrusted(who.actor) ? secondHindrance(proposer, who.actor) : undefined
    if (why !== undefined) throw new Refusal('forbidden', why)
    if (!confirm && reason.trim() === '') throw invalid('/reason', 'required', '请写明理由。')
    const { id, given } = waiting
    const by = actor.id ?? who.actor.person
    const { name, authority, region, roles } = own
    const added = known.filter((role) => given.includes(role))
    const drafts = confirm
      ? [
          this.#draft(login, 'act.confirmed', { id, by }, who.actor),
          this.#draft(
            login,
            'officer.changed',
            { name, authority, ...(region !== undefined && { region }), roles: [...roles, ...added] },
            who.actor,
          ),
        ]
      : [this.#draft(login, 'act.refused', { id, reason: reason.trim().slice(0, 500), by }, who.actor)]
    await this.#append(login, drafts, new Map([[officerSubject(login), own.revision], ...who.saw]))
  }

  /** Closes an account for good; what its owner did keeps their name. */
  async disable(login: string, actor: Actor): Promise<void> {
    const own = this.#known(login)
    const who = whoActs(this.#parts.views, actor)
    this.#mayAdminister(own, who)
    if (own.disabledAt !== undefined) return
    await this.#append(login, [this.#draft(login, 'officer.disabled', {}, who.actor)], who.saw)
  }

  /** Ends all sessions of an officer, wherever they are: their own, or those of an account that one looks after. */
  async signOutEverywhere(login: string, actor: Actor): Promise<void> {
    const own = this.#known(login)
    const who = whoActs(this.#parts.views, actor)
    if (actor.id !== officerSubject(login)) this.#mayAdminister(own, who)
    await this.#append(login, [this.#draft(login, 'officer.signed-out', {}, who.actor)], who.saw)
  }

  /** Why somebody may not look after an account, in words; undefined when they may. */
  hindranceTo(login: string, actor: Actor): string | undefined {
    const { authorities, actor: acting } = whoActs(this.#parts.views, actor)
    return administrationHindrance(acting, this.#administered(this.#known(login)), authorities)
  }

  /** Somebody as they act: the account with the bounds that it really has. */
  bounded(login: string): Officer | undefined {
    const own = this.one(login)
    return own && bounded(this.#parts.views, officerSubject(login), own)
  }

  one(login: string): Officer | undefined {
    return this.#parts.views.officer(login)
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

  /** What an account is to be: its entry without the duties that wait, and those. */
  #account(login: string, { staffNo, roles, ...account }: Account, who: WhoActs, before?: Officer) {
    const { person: hashed } = this.#parts
    const { name, authority } = account
    // An account that is bound to the province is bound to nothing.
    const { region } = jurisdictionIn(account.region)
    if (roles.length === 0) throw invalid('/roles', 'required', '请至少选一个岗位。')
    const fault = staffNo === undefined || staffNo === '' ? undefined : staffNumberFault(staffNo)
    if (fault !== undefined) throw invalid('/staffNo', 'staff-number', fault)
    const person = staffNo === undefined || staffNo === '' ? before?.person : hashed(staffNo)
    const gained = roles.filter((role) => !before?.roles.includes(role))
    const wrong = dutiesFault(who.actor, { roles: gained.length > 0 ? roles : [], person })
    if (wrong) throw invalid(`/${wrong.field}`, 'duties', wrong.detail)
    const body = who.authorities.bodyOf({ authority, region })
    const why = administrationHindrance(
      who.actor,
      { id: officerSubject(login), body, region },
      who.authorities,
    )
    if (why !== undefined) throw new Refusal('forbidden', why)
    const waiting = isTrusted(who.actor) ? [] : decidingDuties(gained)
    return {
      payload: {
        name,
        authority,
        ...(region !== undefined && { region }),
        roles: roles.filter((role) => !waiting.includes(role)),
        ...(person !== undefined && { person }),
      },
      grant: waiting,
      opened: this.#opening(authority, account.region, who.actor),
    }
  }

  /** Only who holds the data directory opens an authority by naming it. */
  #opening(name: string, region: string | undefined, actor: Acting) {
    const { authorities, views } = this.#parts
    if (!isTrusted(actor) && !views.authorities().named(name))
      throw invalid('/authority', 'unknown', `没有机关“${name.slice(0, 60)}”；请先由管理员开立。`)
    return authorities.openingFor({ name, region }, actor)
  }

  #granting(login: string, roles: readonly Role[], { id, ...actor }: Acting): Draft[] {
    if (roles.length === 0) return []
    const words = roles.map((role) => duties[role].label).join('、')
    const payload = {
      id: newId(),
      act: 'grant-duties',
      on: { id: login },
      input: { roles },
      saw: 0,
      why: `“${words}”岗位须由第二名管理员确认`,
      by: id ?? actor.person,
    }
    return [this.#draft(login, 'act.proposed', payload, actor)]
  }

  #mayAdminister(own: Officer, { actor, authorities }: WhoActs): void {
    const why = administrationHindrance(actor, this.#administered(own), authorities)
    if (why !== undefined) throw new Refusal('forbidden', why)
  }

  #administered({ login, authority, region }: Officer) {
    const id = officerSubject(login)
    const body = this.#parts.views.authorities().bodyOf({ authority, account: id, region })
    return { id, body, region }
  }

  #known(login: string): Officer {
    const officer = this.one(login)
    if (!officer) throw new Refusal('unknown', `没有账号 ${login.slice(0, 40)}。`)
    return officer
  }

  #checkPassword(password: string, known: { login: string; name: string }): void {
    const fault = passwordFault(password, known)
    if (fault !== undefined) throw invalid('/password', 'weak', fault)
  }

  #draft(login: string, kind: string, payload: unknown, { authority, officer }: Omit<Actor, 'id'>): Draft {
    return {
      subject: officerSubject(login),
      kind,
      payload,
      visibility: 'internal',
      author: { authority, officer },
    }
  }

  async #append(login: string, drafts: Draft[], expect: ReadonlyMap<string, number>): Promise<void> {
    await this.#parts.writer.append({ drafts, expect, command: `officer/${login}/${newId()}` })
  }
}
