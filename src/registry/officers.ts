import { createHash } from 'node:crypto'
import type { Actor } from '../authority/acting.ts'
import { isBreached } from '../authority/breached.ts'
import type { DirectoryIdentity } from '../authority/directory.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import { MOST_PASSKEYS, type Passkey } from '../authority/passkeys.ts'
import { hashOf, isPassword, passwordFault } from '../authority/passwords.ts'
import type { PersonHash } from '../authority/persons.ts'
import type { Role } from '../authority/roles.ts'
import { SecondFactor } from '../authority/second-factor.ts'
import type { Sessions } from '../authority/sessions.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { text } from '../records/fields.ts'
import { newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { sameOwner } from './account-lines.ts'
import type { Acts } from './acts.ts'
import { type PersonWords, personWords } from './person-words.ts'
import { accountSight } from './sight.ts'
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
  /** Stands for a person from what names them. */
  person: PersonHash
  /** Where the operator's list of stolen passwords lies. */
  breached: string
  now(): Date
}

/** An account that somebody of the directory says is theirs. */
export interface Claim {
  login: string
  /** Who they are in the directory, by a keyed hash. */
  directory: string
  issuer: string
}

/** The account of somebody whom the directory vouches for, or the one that they have yet to show to be theirs. */
type Vouched = { officer: Officer; claim?: undefined } | { officer?: undefined; claim: Claim }

const passkeyName = text(40)

/** Where it is noted that a code was used. */
type Used = Pick<Sessions, 'advance'>

/** What is said of a one-time code that is none. */
export const WRONG_CODE = '动态码不对或已经用过；请核对手机时间，用下一个。'

/** Officers' accounts as they stand, whom one lets in, and what its owner does with it. */
export class Officers {
  readonly #parts: Parts
  readonly #factor: SecondFactor

  constructor(parts: Parts) {
    this.#parts = parts
    this.#factor = new SecondFactor(parts.person)
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
    if (isBreached(this.#parts.breached, password))
      throw invalid(
        '/password',
        'breached',
        '这个密码在别处泄露过，别人会拿它来试；请换一个，可以用几个词连成一句。',
      )
    await this.#own(login, 'officer.password-set', { hash: await hashOf(password), first: false }, by.author)
  }

  /**
   * The account of somebody whom the directory vouches for: the one that is bound to them, else the one of just that name
   * where nobody has made it theirs yet, which is bound to them from then on. One of that name that somebody has made theirs,
   * or that was reset or unbound, is only claimed: it is bound once all is shown that a sign-in takes. Undefined where there is
   * none, or where it is bound to somebody else.
   */
  async ofDirectory({ subject, issuer, login }: DirectoryIdentity): Promise<Vouched | undefined> {
    // The hash of staff numbers folds what it is given; a subject is kept exactly.
    const directory = this.#parts.person(createHash('sha256').update(subject).digest('hex'))
    const bound = this.all().find((own) => own.directory === directory)
    if (bound) return bound.disabledAt === undefined ? { officer: bound } : undefined
    const named = this.one(login)
    if (!named || named.disabledAt !== undefined || named.directory !== undefined) return undefined
    const claim = { login, directory, issuer }
    return named.isUnclaimed ? { officer: await this.bind(claim) } : { claim }
  }

  /** Binds an account to whoever of the directory has shown that it is theirs; refuses where either is bound already. */
  async bind({ login, directory, issuer }: Claim): Promise<Officer> {
    const { name: officer, authority, directory: before } = this.#known(login)
    if (before !== undefined || this.all().some((own) => own.directory === directory))
      throw new Refusal('exists', '该账号或者单位目录中的这个人刚刚另有对应；请重新登录。')
    const actor = { id: officerSubject(login), authority, officer }
    await this.#own(login, 'officer.bound', { directory, issuer }, actor)
    return this.#known(login)
  }

  /** Begins a second factor for an account: nothing is kept until its owner has shown that their app makes its codes. */
  beginFactor(login: string): ReturnType<SecondFactor['begin']> {
    return this.#factor.begin(login)
  }

  /** Keeps a second factor that was begun, once a code of it is shown; refuses a wrong one. All other sessions go on. */
  async setFactor(
    login: string,
    { sealed, code }: { sealed: string; code: string },
    { used, by }: { used: Used; by: Actor },
  ): Promise<void> {
    if (!(await this.#isCodeOf(login, sealed, code, used))) throw invalid('/code', 'code', WRONG_CODE)
    await this.#own(login, 'officer.factor-set', { factor: sealed }, by)
  }

  /** Whether a code is the present one of an account's second factor, and was not used before; where it has none, none is. */
  async isCode({ login, factor }: Officer, code: string, used: Used): Promise<boolean> {
    return factor !== undefined && this.#isCodeOf(login, factor, code, used)
  }

  async #isCodeOf(login: string, sealed: string, code: string, used: Used): Promise<boolean> {
    const step = this.#factor.stepOf(login, sealed, code, this.#parts.now())
    return step !== undefined && used.advance(`code ${sealed}`, step)
  }

  /** Keeps a passkey that its owner's browser made, under a name that tells it from their others. */
  async addPasskey(login: string, made: Passkey, by: Actor): Promise<void> {
    const { passkeys = [] } = this.#known(login)
    const { data: name, error } = passkeyName.safeParse(made.name)
    if (error) throw invalid('/name', 'name', `通行密钥的名称：${error.issues[0]?.message ?? '不能用'}`)
    if (passkeys.length >= MOST_PASSKEYS)
      throw invalid('/name', 'many', `一个账号最多登记 ${MOST_PASSKEYS} 把通行密钥，请先取消不用的。`)
    if (passkeys.some((other) => other.name === name))
      throw invalid('/name', 'taken', `已有名为“${name}”的通行密钥，请另取一个名称。`)
    if (this.all().some((other) => other.passkeys?.some(({ id }) => id === made.id)))
      throw invalid('/name', 'known', '这把通行密钥已经登记过，请换一把。')
    await this.#own(login, 'officer.passkey-added', { ...made, name }, by)
  }

  /** Takes a passkey from an account; it opens nothing from then on. */
  async removePasskey(login: string, id: string, by: Actor): Promise<void> {
    const { passkeys = [] } = this.#known(login)
    if (!passkeys.some((own) => own.id === id))
      throw new Refusal('unknown', '没有这把通行密钥，可能已经取消。')
    await this.#own(login, 'officer.passkey-removed', { id }, by)
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

  /** The accounts that somebody may see, with the bounds that they really have. */
  seenBy(actor: Actor): Officer[] {
    const { views } = this.#parts
    const why = accountSight(views, actor)
    return this.all()
      .filter((own) => why(officerSubject(own.login), own) === undefined)
      .map((own) => bounded(views, officerSubject(own.login), own))
  }

  /** An account as somebody who looks at it sees it; refuses whoever may not, and one that there is not. */
  seen(login: string, actor: Actor): Officer {
    const own = this.#known(login)
    const why = accountSight(this.#parts.views, actor)(officerSubject(login), own)
    if (why !== undefined) throw new Refusal('forbidden', why)
    return bounded(this.#parts.views, officerSubject(login), own)
  }

  /** Other accounts in use of the person whose account it is. */
  sameOwner(login: string): Officer[] {
    const own = this.one(login)
    return own ? sameOwner(this.#parts.views, own) : []
  }

  /** How people are named so that two are told apart. */
  inWords(): PersonWords {
    return personWords(this.#parts.views)
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
