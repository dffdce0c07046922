import { loginName, type Officer, officerSubject } from '../authority/officers.ts'
import { hashOf, isPassword, passwordFault } from '../authority/passwords.ts'
import type { Role } from '../authority/roles.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { type Author, type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { AuthorityOffice } from './authorities.ts'

export interface NewOfficer {
  login: string
  name: string
  authority: string
  region?: string | undefined
  roles: Role[]
  /** A first password, which its owner must change. */
  password: string
}

interface Parts {
  views: Views
  writer: Writer
  authorities: AuthorityOffice
}

/** Officers' accounts: every change of one is an entry, as everything else. */
export class Officers {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Creates an account; refuses a name that is taken or no name, and a weak password. */
  async create({ login, password, ...rest }: NewOfficer, author: Author): Promise<Officer> {
    const parsed = loginName.safeParse(login)
    if (!parsed.success) throw invalid('/login', 'login', parsed.error.issues[0]?.message ?? '账号有误')
    if (this.one(login)) throw new Refusal('exists', `账号 ${login} 已经有了，请换一个。`)
    if (rest.roles.length === 0) throw invalid('/roles', 'required', '请至少选一个岗位。')
    this.#checkPassword(password, { login, name: rest.name })
    const { region, ...given } = rest
    const payload = { ...given, ...(region !== undefined && { region }), hash: await hashOf(password) }
    const opened = this.#parts.authorities.openingFor({ name: rest.authority, region }, author)
    await this.#append(login, 'officer.created', payload, author, { revision: 0, ...opened })
    return this.#known(login)
  }

  /** Sets a password; one that an administrator sets must be changed by its owner. All sessions end. */
  async setPassword(login: string, password: string, by: { author: Author; first: boolean }): Promise<void> {
    this.#checkPassword(password, this.#known(login))
    const payload = { hash: await hashOf(password), first: by.first }
    await this.#append(login, 'officer.password-set', payload, by.author)
  }

  /** Gives an account another name, authority, region or other duties; all its sessions end. */
  async change(
    login: string,
    changed: Omit<NewOfficer, 'login' | 'password'>,
    author: Author,
  ): Promise<void> {
    if (this.#known(login).disabledAt !== undefined)
      throw new Refusal('gone', `账号 ${login} 已停用，不能再调整。`)
    const { region, roles, ...rest } = changed
    if (roles.length === 0) throw invalid('/roles', 'required', '请至少选一个岗位。')
    const payload = { ...rest, roles, ...(region !== undefined && { region }) }
    await this.#append(login, 'officer.changed', payload, author)
  }

  /** Closes an account for good; what its owner did keeps their name. */
  async disable(login: string, author: Author): Promise<void> {
    if (this.#known(login).disabledAt === undefined) await this.#append(login, 'officer.disabled', {}, author)
  }

  /** Ends all sessions of an officer, wherever they are. */
  async signOutEverywhere(login: string, author: Author): Promise<void> {
    this.#known(login)
    await this.#append(login, 'officer.signed-out', {}, author)
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

  #known(login: string): Officer {
    const officer = this.one(login)
    if (!officer) throw new Refusal('unknown', `没有账号 ${login.slice(0, 40)}。`)
    return officer
  }

  #checkPassword(password: string, known: { login: string; name: string }): void {
    const fault = passwordFault(password, known)
    if (fault !== undefined) throw invalid('/password', 'weak', fault)
  }

  async #append(
    login: string,
    kind: string,
    payload: unknown,
    author: Author,
    {
      revision,
      drafts = [],
      expect = new Map(),
    }: { revision?: number; drafts?: Draft[]; expect?: Map<string, number> } = {},
  ): Promise<void> {
    const subject = officerSubject(login)
    await this.#parts.writer.append({
      drafts: [{ subject, kind, payload, visibility: 'internal', author }, ...drafts],
      expect: new Map([...(revision === undefined ? [] : [[subject, revision] as const]), ...expect]),
      command: `officer/${login}/${newId()}`,
    })
  }
}
