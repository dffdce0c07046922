import type { Actor } from '../authority/acting.ts'
import { type ApiKey, closedKey, keySubject, opens, parseKey, type Scope } from '../authority/keys.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Views } from '../views/views.ts'
import type { Acts } from './acts.ts'
import { accountSight } from './sight.ts'
import { bounded, presentKey } from './who-acts.ts'

export interface NewKey {
  name: string
  authority: string
  scopes: Scope[]
  region?: string | undefined
  /** Account of the officer whom it acts for; without one it is a machine's. */
  actsFor?: string | undefined
  /** The consumer that pulls with it. */
  consumer?: string | undefined
  /** The last day on which it opens. */
  expiresOn?: string | undefined
  /** Addresses and ranges from which alone it opens, apart by spaces. */
  addresses?: string | undefined
}

/** API keys as they stand, and whom one lets in. */
export class Keys {
  readonly #views: Views
  readonly #acts: Acts

  readonly #now: () => Date

  constructor(views: Views, acts: Acts, now: () => Date) {
    this.#views = views
    this.#acts = acts
    this.#now = now
  }

  /** Creates a key and returns the text that is shown this once; its deciding rights wait for a second administrator. */
  async create(asked: NewKey, actor: Actor): Promise<{ key: ApiKey; text: string }> {
    const { subject, secret } = await this.#acts.carryOut('create-key', {}, asked, actor)
    const key = this.#views.apiKey(subject.slice(keySubject('').length))
    if (!key || !secret) throw new Error('a key was not created')
    return { key, text: secret.text }
  }

  all(): ApiKey[] {
    return this.#views.apiKeys()
  }

  /** The keys that somebody may see, with the bounds that they really have. */
  seenBy(actor: Actor): ApiKey[] {
    const why = accountSight(this.#views, actor)
    return this.all()
      .filter((key) => why(keySubject(key.id), key) === undefined)
      .map((key) => bounded(this.#views, keySubject(key.id), key))
  }

  /** A key with the bounds that it really has. */
  bounded(id: string): ApiKey | undefined {
    const key = this.one(id)
    return key && bounded(this.#views, keySubject(id), key)
  }

  /** A key as it acts now; undefined for one that is unknown or has ended. */
  present(id: string): ApiKey | undefined {
    const key = this.one(id)
    return key && presentKey(this.#views, key)
  }

  one(id: string): ApiKey | undefined {
    return this.#views.apiKey(id)
  }

  /**
   * The key that a text opens from an address, as it acts now; undefined for one that is unknown, wrong or has ended. Refuses
   * one that has expired, or that is kept to other addresses.
   */
  authenticate(text: string, address?: string): ApiKey | undefined {
    const parsed = parseKey(text)
    const key = parsed && this.#views.apiKey(parsed.id)
    if (!key || !opens(key, parsed.secret)) return undefined
    const why = this.#closed(key, address)
    if (why !== undefined) throw new Refusal('forbidden', why)
    return presentKey(this.#views, key)
  }

  /** Whether a key that was opened still would be. */
  stands(id: string): boolean {
    const key = this.#views.apiKey(id)
    return (
      key !== undefined &&
      presentKey(this.#views, key) !== undefined &&
      this.#closed(key, undefined) === undefined
    )
  }

  #closed(key: ApiKey, address: string | undefined): string | undefined {
    const { consumer } = key
    const isClosed = consumer !== undefined && this.#views.consumer(consumer)?.closedAt !== undefined
    return isClosed ? '此密钥的取用方已停用。' : closedKey(key, shanghaiDate(this.#now()), address)
  }
}
