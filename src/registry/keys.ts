import { type Actor, secondHindrance } from '../authority/acting.ts'
import {
  actsForHindrance,
  administrationHindrance,
  decidingOf,
  isTrusted,
} from '../authority/administration.ts'
import { jurisdictionIn } from '../authority/authority.ts'
import {
  type ApiKey,
  keySubject,
  scopes as known,
  newKey,
  opens,
  parseKey,
  type Scope,
} from '../authority/keys.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { AuthorityOffice } from './authorities.ts'
import { bounded, type WhoActs, whoActs } from './who-acts.ts'

export interface NewKey {
  name: string
  authority: string
  scopes: Scope[]
  region?: string | undefined
  /** Account of the officer whom it acts for; without one it is a machine's. */
  actsFor?: string | undefined
}

interface Parts {
  views: Views
  writer: Writer
  authorities: AuthorityOffice
}

/** API keys: created and revoked through entries like everything else, and by whoever may. */
export class Keys {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Creates a key and returns the text that is shown this once; its deciding rights wait for a second administrator. */
  async create(asked: NewKey, actor: Actor): Promise<{ key: ApiKey; text: string }> {
    const { name, authority, scopes, actsFor } = asked
    const { region } = jurisdictionIn(asked.region)
    const { views, authorities, writer } = this.#parts
    const who = whoActs(views, actor)
    const { id, text, hash } = newKey()
    this.#mayAdminister({ id, authority, region }, who)
    if (actsFor !== undefined && !isTrusted(who.actor)) {
      const officer = views.officer(actsFor)
      if (!officer) throw invalid('/actsFor', 'unknown', `没有账号 ${actsFor.slice(0, 40)}。`)
      const why = actsForHindrance(scopes, officer.roles)
      if (why !== undefined) throw invalid('/scopes', 'beyond', why)
    }
    if (!isTrusted(who.actor) && !views.authorities().named(authority))
      throw invalid('/authority', 'unknown', `没有机关“${authority.slice(0, 60)}”；请先由管理员开立。`)
    const waiting = isTrusted(who.actor) ? [] : decidingOf(scopes)
    const payload = {
      name,
      authority,
      scopes: scopes.filter((scope) => !waiting.includes(scope)),
      ...(region !== undefined && { region }),
      ...(actsFor !== undefined && { actsFor }),
      hash,
    }
    const opened = authorities.openingFor({ name: authority, region: asked.region }, who.actor)
    const proposal = {
      id: newId(),
      act: 'grant-scopes',
      on: { id },
      input: { scopes: waiting },
      saw: 0,
      why: `${waiting.join('、')} 须由第二名管理员确认`,
      by: actor.id ?? who.actor.person,
    }
    await writer.append({
      drafts: [
        draft(id, 'key.created', payload, who),
        ...(waiting.length > 0 ? [draft(id, 'act.proposed', proposal, who)] : []),
        ...opened.drafts,
      ],
      expect: new Map([[keySubject(id), 0], ...opened.expect, ...who.saw]),
      command: `key/${id}/create`,
    })
    const key = views.apiKey(id)
    if (!key) throw new Error('a key was not created')
    return { key, text }
  }

  /** A key with the bounds that it really has. */
  bounded(id: string): ApiKey | undefined {
    const key = this.#parts.views.apiKey(id)
    return key && bounded(this.#parts.views, keySubject(id), key)
  }

  /** Confirms or refuses, as a second administrator, the deciding rights that another has put forward. */
  async settle(id: string, confirm: boolean, reason: string, actor: Actor): Promise<void> {
    const key = this.#known(id)
    const { waiting } = key
    if (!waiting) throw new Refusal('exists', '该密钥没有待确认的权限。')
    const who = whoActs(this.#parts.views, actor)
    this.#mayAdminister(key, who)
    const proposer = who.doer({ ...waiting.author, account: waiting.by })
    const why = confirm && !isTrusted(who.actor) ? secondHindrance(proposer, who.actor) : undefined
    if (why !== undefined) throw new Refusal('forbidden', why)
    if (!confirm && reason.trim() === '') throw invalid('/reason', 'required', '请写明理由。')
    const by = actor.id ?? who.actor.person
    const added = known.filter((scope) => waiting.given.includes(scope))
    const drafts = confirm
      ? [
          draft(id, 'act.confirmed', { id: waiting.id, by }, who),
          draft(id, 'key.changed', { scopes: [...key.scopes, ...added] }, who),
        ]
      : [draft(id, 'act.refused', { id: waiting.id, reason: reason.trim().slice(0, 500), by }, who)]
    await this.#parts.writer.append({
      drafts,
      expect: new Map([[keySubject(id), key.revision], ...who.saw]),
      command: `key/${id}/${newId()}`,
    })
  }

  /** Revokes a key for good; false when there is no such key. */
  async revoke(id: string, actor: Actor): Promise<boolean> {
    const key = this.#parts.views.apiKey(id)
    if (!key) return false
    const who = whoActs(this.#parts.views, actor)
    this.#mayAdminister(key, who)
    if (key.revokedAt === undefined)
      await this.#parts.writer.append({
        drafts: [draft(id, 'key.revoked', {}, who)],
        command: `key/${id}/revoke`,
      })
    return true
  }

  all(): ApiKey[] {
    return this.#parts.views.apiKeys()
  }

  /** The key that a text opens, with its bounds; undefined for one that is unknown, wrong or revoked. */
  authenticate(text: string): ApiKey | undefined {
    const parsed = parseKey(text)
    const key = parsed && this.#parts.views.apiKey(parsed.id)
    return key && opens(key, parsed.secret) ? bounded(this.#parts.views, keySubject(key.id), key) : undefined
  }

  #known(id: string): ApiKey {
    const key = this.#parts.views.apiKey(id)
    if (!key) throw new Refusal('unknown', '没有这个密钥；请核对编号。')
    return key
  }

  #mayAdminister(
    { id, authority, region }: Pick<ApiKey, 'id' | 'authority' | 'region'>,
    { actor, authorities }: WhoActs,
  ): void {
    const account = keySubject(id)
    const body = authorities.bodyOf({ authority, account, region })
    const why = administrationHindrance(actor, { id: account, body, region }, authorities)
    if (why !== undefined) throw new Refusal('forbidden', why)
  }
}

function draft(
  id: string,
  kind: string,
  payload: unknown,
  { actor: { authority, officer } }: WhoActs,
): Draft {
  return { subject: keySubject(id), kind, payload, visibility: 'internal', author: { authority, officer } }
}
