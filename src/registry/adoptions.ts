import type { Adoption, Versioned } from '../adoption/adoption.ts'
import { versionOf } from '../adoption/adoption.ts'
import { type Actor, rightHindrance, secondHindrance, whoseHindrance } from '../authority/acting.ts'
import { idOf } from '../dossier/commands.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Request } from './acts.ts'
import { type WhoActs, whoActs } from './who-acts.ts'

interface Options<D extends Versioned> {
  views: Views
  writer: Writer
  /** Names the entries: `standard.adopted`. */
  kind: string
  /** What such a document is called: 标准. */
  word: string
  subject(id: string): string
  one(id: string): Adoption<D> | undefined
  all(): Adoption<D>[]
  /** Version that comes with the registry and is in force without having been adopted; 0 where there is none. */
  shipped(id: string): number
}

/** Documents that are put forward by one officer and adopted by another, in versions that stay for ever. */
export class Adoptions<D extends Versioned> {
  readonly #options: Options<D>

  constructor(options: Options<D>) {
    this.#options = options
  }

  /** Those that were ever adopted. */
  adopted(): Adoption<D>[] {
    return this.#options.all().filter(({ versions }) => versions.length > 0)
  }

  /** Those that an officer has put forward and that wait for another. */
  proposed(): Adoption<D>[] {
    return this.#options.all().filter(({ proposed }) => proposed !== undefined)
  }

  /** Whether a document was adopted in this very version, word for word. */
  stands(document: D): boolean {
    const history = this.#options.one(document.id)
    const known = history && versionOf(history, document.version)
    return known !== undefined && JSON.stringify(known.document) === JSON.stringify(document)
  }

  /** Puts a document forward; it takes effect once somebody else approves it. */
  async propose(document: D, request: Request): Promise<void> {
    const { one, word, kind } = this.#options
    const history = one(document.id)
    this.#who(request)
    if (history?.proposed) throw new Refusal('exists', `${word} ${document.id} 的新一版已经提请，等待批准。`)
    this.#mustBeNext(document, history)
    const payload = { document, by: idOf(request.actor) }
    await this.#append(document.id, `${kind}.proposed`, payload, history, request)
  }

  /** Adopts what somebody else put forward, or refuses it. */
  async settle(id: string, adopt: boolean, reason: string, request: Request): Promise<void> {
    const { one, word, kind } = this.#options
    const history = one(id)
    const proposed = history?.proposed
    if (!proposed) throw new Refusal('exists', `${word} ${id.slice(0, 60)} 没有等待批准的提请。`)
    const { by, author, document } = proposed
    const who = this.#who(request)
    const why = adopt ? secondHindrance(who.doer({ ...author, account: by }), who.actor) : undefined
    if (why !== undefined) throw new Refusal('forbidden', `提请与批准${why}`)
    if (adopt) await this.#append(id, `${kind}.adopted`, document, history, request)
    else await this.#append(id, `${kind}.refused`, { reason }, history, request)
  }

  /** Adopts a document at once; does nothing where it stands in this very version. */
  async adopt(document: D, request: Request): Promise<void> {
    const { one, kind } = this.#options
    if (this.stands(document)) return
    const history = one(document.id)
    this.#who(request)
    this.#mustBeNext(document, history)
    await this.#append(document.id, `${kind}.adopted`, document, history, request)
  }

  /** Proposals that wait for somebody else than whoever put them forward. */
  waitingFor(actor: Actor): D[] {
    return this.proposed().flatMap(({ proposed }) =>
      proposed && proposed.by !== actor.id ? [proposed.document] : [],
    )
  }

  /** Why somebody may not adopt what was put forward, in words; undefined when they may. */
  hindranceTo(id: string, actor: Actor): string | undefined {
    const proposed = this.#options.one(id)?.proposed
    const { views, word } = this.#options
    const who = whoActs(views, actor)
    return (
      rightHindrance(who.actor, 'standards:write') ??
      whoseHindrance('province', {}, who.actor, who.authorities) ??
      (proposed && secondHindrance(who.doer({ ...proposed.author, account: proposed.by }), who.actor)
        ? `自己提请的${word}由另一人批准。`
        : undefined)
    )
  }

  /** Whoever asks; refuses who is not of the province, for whose whole they are. */
  #who({ actor }: Request): WhoActs {
    const who = whoActs(this.#options.views, actor)
    const why = whoseHindrance('province', {}, who.actor, who.authorities)
    if (why !== undefined) throw new Refusal('forbidden', why)
    return who
  }

  #mustBeNext({ id, version }: Versioned, history: Adoption<D> | undefined): void {
    const { word, shipped } = this.#options
    const next = Math.max(shipped(id), history?.versions.at(-1)?.document.version ?? 0) + 1
    if (version !== next)
      throw new Refusal('exists', `${word} ${id} 的下一版应为第 ${next} 版，不能是第 ${version} 版。`, [
        { pointer: '/version', code: 'version', detail: `应为 ${next}。` },
      ])
  }

  async #append(
    id: string,
    kind: string,
    payload: unknown,
    history: Adoption<D> | undefined,
    { actor: { authority, officer }, command, fingerprint }: Request,
  ): Promise<void> {
    const subject = this.#options.subject(id)
    const visibility = kind.endsWith('.adopted') ? 'public' : 'internal'
    await this.#options.writer.append({
      drafts: [{ subject, kind, payload, visibility, author: { authority, officer } }],
      expect: new Map([[subject, history?.revision ?? 0]]),
      command,
      ...(fingerprint !== undefined && { fingerprint }),
    })
  }
}
