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

  /** A key as it acts now; undefined for one that is unknown or has ended, by whatever way: revoked, expired, its consumer closed. */
  present(id: string): ApiKey | undefined {
    const key = this.one(id)
    return key && this.#closed(key, undefined) === undefined ? presentKey(this.#views, key) : undefined
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
    const key = parsed && this.one(parsed.id)
    return key && opens(key, parsed.secret) ? this.#opened(key, address) : undefined
  }

  /** The same of a key that was opened from there before: what opening it again would give, or refuse. */
  again(id: string, address: string): ApiKey | undefined {
    const key = this.one(id)
    return key && key.revokedAt === undefined ? this.#opened(key, address) : undefined
  }

  #opened(key: ApiKey, address: string | undefined): ApiKey | undefined {
    const why = this.#closed(key, address)
    if (why !== undefined) throw new Refusal('forbidden', why)
    return presentKey(this.#views, key)
  }

  #closed(key: ApiKey, address: string | undefined): string | undefined {
    const { consumer } = key
    const isClosed = consumer !== undefined && this.#views.consumer(consumer)?.closedAt !== undefined
    return isClosed ? '此密钥的取用方已停用。' : closedKey(key, shanghaiDate(this.#now()), address)
  }
}
