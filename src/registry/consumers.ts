import type { Actor } from '../authority/acting.ts'
import { type Consumer, consumerSubject, type findingKinds } from '../authority/consumers.ts'
import type { Followed, Following, Reached, Receipt } from '../authority/following.ts'
import type { ApiKey } from '../authority/keys.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Draft, fingerprintOf, newId } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import { RegisterUnavailable } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { accountSight } from './sight.ts'

interface Parts {
  register: Register
  views: Views
  writer: Writer
  following: Following
  now(): Date
}

/** A consumer with how far it follows. */
export interface FollowingConsumer extends Consumer, Followed {
  /** Entries between what it has acknowledged and the head. */
  lag: number
  taken: number
  refused: number
  /** Whole days since it last pulled, or since it was opened where it never did. */
  silentDays: number
  /** Whether it has been silent for so long that somebody should ask. */
  isSilent: boolean
}

/** Days after which silence is warned of: platforms pull daily. */
const SILENT_DAYS = 3
const DAY_MS = 24 * 3_600_000

/** The platforms and systems that pull: how far they are, what they answered, what can't be so. */
export class Consumers {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** All that were ever opened, with how far they follow. */
  async all(): Promise<FollowingConsumer[]> {
    const { epoch } = await this.#parts.register.standing()
    return this.#parts.views.consumers().map((own) => this.#followed(own, epoch))
  }

  /** Those that somebody may see: opened by their own authority or by one below. */
  async seenBy(actor: Actor): Promise<FollowingConsumer[]> {
    const why = accountSight(this.#parts.views, actor)
    const all = await this.all()
    return all.filter(
      ({ id, author: { authority } }) => why(consumerSubject(id), { authority }) === undefined,
    )
  }

  /** One of them as the register knows it; refuses an id that is none's. */
  standing(id: string): Consumer {
    const own = this.#parts.views.consumer(id)
    if (!own) throw new Refusal('unknown', '没有这个取用方；请核对编号。')
    return own
  }

  /** The same with how far it follows; refuses an id that is none's. */
  async one(id: string): Promise<FollowingConsumer> {
    const own = this.standing(id)
    const { epoch } = await this.#parts.register.standing()
    return this.#followed(own, epoch)
  }

  /** The consumer that a key belongs to; refuses a key of none. */
  of({ consumer }: Pick<ApiKey, 'consumer'>): Consumer {
    const own = consumer === undefined ? undefined : this.#parts.views.consumer(consumer)
    if (!own)
      throw new Refusal('forbidden', '此密钥不属于任何取用方；请管理员登记取用方，并以其名义新建密钥。')
    return own
  }

  /** How far each had come on each day. */
  reached(): Reached[] {
    return this.#parts.following.reached()
  }

  /** Notes that whoever bears a key was sent everything up to a position. */
  async sent({ consumer }: Pick<ApiKey, 'consumer'>, position: number, epoch: string): Promise<void> {
    const { following, now } = this.#parts
    if (consumer === undefined) return
    await following.sent(consumer, { position, epoch, at: now().toISOString() }).catch(unlessAway)
  }

  /** Notes that something was refused to whoever bears a key. */
  async failed({ consumer }: Pick<ApiKey, 'consumer'>, error: string): Promise<void> {
    const { following, now } = this.#parts
    if (consumer === undefined) return
    await following.failed(consumer, error.slice(0, 300), now().toISOString()).catch(unlessAway)
  }

  /**
   * Takes note that a consumer has taken in everything up to a position. Refuses one that goes backwards, and one that it
   * was never sent; either is kept as a finding.
   */
  async acknowledge(key: ApiKey, position: number): Promise<FollowingConsumer> {
    const { following, now } = this.#parts
    const own = await this.one(this.of(key).id)
    if (position < own.acknowledged)
      throw await this.#finding(
        key,
        'position-backwards',
        `确认的序号 ${position} 早于此前确认的 ${own.acknowledged}`,
        '确认只能前进；内容有失的，请从所缺之处重新取用，不必改动确认的序号。',
      )
    if (position > own.sent)
      throw await this.#finding(
        key,
        'never-sent',
        `确认的序号 ${position} 从未发送，只发送到 ${own.sent}`,
        '请确认实际取得的 next。',
      )
    await following.acknowledged(own.id, position, now().toISOString())
    return this.one(own.id)
  }

  /**
   * Takes in what a consumer answers about things that it was sent: what it refused lands in its owner's queue as a doubt,
   * which a later answer that it was taken settles. All or none; one about what was never sent is kept as a finding.
   */
  async answer(key: ApiKey, receipts: readonly Receipt[]): Promise<FollowingConsumer> {
    const { views, following, now } = this.#parts
    const own = await this.one(this.of(key).id)
    for (const [i, { orgCode, id, position }] of receipts.entries())
      if (position > own.sent || !views.hasEvent(position, orgCode, id))
        throw await this.#finding(
          key,
          'never-sent',
          `回执 ${orgCode} ${id}（序号 ${position}）所指的变动从未发送`,
          '请以收到的 position、orgCode、id 填写回执；本次各条均未记下。',
          `/items/${i}/position`,
        )
    for (const receipt of receipts) await this.#tellOwner(key, own, receipt)
    await following.answered(own.id, receipts, now().toISOString())
    return this.one(own.id)
  }

  async #tellOwner(key: ApiKey, own: Consumer, receipt: Receipt): Promise<void> {
    const { views, writer } = this.#parts
    const { orgCode, id, position, outcome, code, reason } = receipt
    const open = (views.dossier(orgCode)?.queries ?? []).filter(
      ({ record, author, answered }) => record === id && author.authority === own.name && !answered,
    )
    const text = `未收${code === '' ? '' : `（${code}）`}：${reason}`
    const draft = (kind: string, payload: object): Draft => ({
      subject: orgCode,
      kind,
      payload,
      visibility: 'internal',
      author: { authority: own.name, officer: key.name },
    })
    const drafts =
      outcome === 'taken'
        ? open.map((query) => draft('query.answered', { id: query.id, record: id, answer: '取用方已收。' }))
        : open.some((query) => query.text === text)
          ? []
          : [draft('query.raised', { id: newId(), record: id, text })]
    if (drafts.length === 0) return
    const command = `consumer/${own.id}/receipt/${position}/${id}/${outcome}/${code}`
    await writer.append({ drafts, command, fingerprint: fingerprintOf(`${orgCode} ${text}`) })
  }

  /** Keeps what can't be so, each once, and gives its refusal. */
  async #finding(
    key: ApiKey,
    what: (typeof findingKinds)[number],
    detail: string,
    remedy: string,
    pointer = '/position',
  ): Promise<Refusal> {
    const { writer } = this.#parts
    const own = this.of(key)
    const subject = consumerSubject(own.id)
    const author = { authority: key.authority, officer: key.name }
    const fingerprint = fingerprintOf(`${what} ${detail}`)
    await writer.append({
      drafts: [
        { subject, kind: 'consumer.finding', payload: { what, detail }, visibility: 'internal', author },
      ],
      command: `${subject}/finding/${fingerprint}`,
      fingerprint,
    })
    return new Refusal(what, `${detail}，未予接受。${remedy}`, [{ pointer, code: what, detail }])
  }

  #followed(own: Consumer, epoch: string): FollowingConsumer {
    const { following, views, now } = this.#parts
    const known = following.one(own.id)
    // What was followed of another epoch says nothing of this one.
    const followed = known.epoch === epoch ? known : { ...known, sent: 0, acknowledged: 0, epoch }
    const since = Date.parse(followed.seenAt === '' ? own.openedAt : followed.seenAt)
    const silentDays = Math.max(0, Math.floor((now().getTime() - since) / DAY_MS))
    return {
      ...own,
      ...followed,
      ...following.outcomes(own.id),
      lag: views.applied() - followed.acknowledged,
      silentDays,
      isSilent: own.closedAt === undefined && silentDays >= SILENT_DAYS,
    }
  }
}

/** What can't be noted while the nodes' database is away comes back with the consumer's next request. */
function unlessAway(error: unknown): void {
  if (!(error instanceof RegisterUnavailable)) throw error
}
