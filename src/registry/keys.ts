import { type ApiKey, foldKey, keySubject, newKey, opens, parseKey, type Scope } from '../authority/keys.ts'
import type { Author } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { AuthorityOffice } from './authorities.ts'

export interface NewKey {
  name: string
  authority: string
  scopes: Scope[]
  region?: string | undefined
  /** Account of the officer whom it acts for; without one it is a machine's. */
  actsFor?: string | undefined
}

/** API keys: created and revoked through entries like everything else. */
export class Keys {
  readonly #views: Views
  readonly #writer: Writer
  readonly #authorities: AuthorityOffice

  constructor(views: Views, writer: Writer, authorities: AuthorityOffice) {
    this.#views = views
    this.#writer = writer
    this.#authorities = authorities
  }

  /** Creates a key and returns the text that is shown this once. */
  async create(
    { name, authority, scopes, region, actsFor }: NewKey,
    author: Author,
  ): Promise<{ key: ApiKey; text: string }> {
    const { id, text, hash } = newKey()
    const payload = {
      name,
      authority,
      scopes,
      ...(region !== undefined && { region }),
      ...(actsFor !== undefined && { actsFor }),
      hash,
    }
    const subject = keySubject(id)
    const opened = this.#authorities.openingFor({ name: authority, region }, author)
    const { entries } = await this.#writer.append({
      drafts: [{ subject, kind: 'key.created', payload, visibility: 'internal', author }, ...opened.drafts],
      expect: new Map([[subject, 0], ...opened.expect]),
      command: `key/${id}/create`,
    })
    const key = entries[0] && foldKey(undefined, entries[0])
    if (!key) throw new Error('a key was not created')
    return { key, text }
  }

  /** Revokes a key for good; false when there is no such key. */
  async revoke(id: string, author: Author): Promise<boolean> {
    const key = this.#views.apiKey(id)
    if (!key) return false
    if (key.revokedAt === undefined)
      await this.#writer.append({
        drafts: [
          { subject: keySubject(id), kind: 'key.revoked', payload: {}, visibility: 'internal', author },
        ],
        command: `key/${id}/revoke`,
      })
    return true
  }

  all(): ApiKey[] {
    return this.#views.apiKeys()
  }

  /** The key that a text opens; undefined for one that is unknown, wrong or revoked. */
  authenticate(text: string): ApiKey | undefined {
    const parsed = parseKey(text)
    const key = parsed && this.#views.apiKey(parsed.id)
    return key && opens(key, parsed.secret) ? key : undefined
  }
}
