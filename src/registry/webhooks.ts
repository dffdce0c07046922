import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Accesses } from '../authority/access-log.ts'
import type { ApiKey } from '../authority/keys.ts'
import type { PersonHash } from '../authority/persons.ts'
import { holds } from '../authority/rights.ts'
import { seal, unseal } from '../authority/sealed.ts'
import { type DeadLetter, RETRY_DELAYS_MS, type Webhook, type WebhookStore } from '../authority/webhooks.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Consumers } from './consumers.ts'
import type { Feed } from './feed.ts'
import type { Keys } from './keys.ts'

/** What came of posting a message: the status that was answered, or why there was none. */
export type Posted = { status: number } | { fault: string }

/** Posts a message to an address that a consumer named; never throws, and never waits long. */
export type Post = (
  url: string,
  message: { headers: Readonly<Record<string, string>>; body: string },
) => Promise<Posted>

interface Parts {
  store: WebhookStore
  feed: Feed
  keys: Keys
  consumers: Consumers
  accesses: Accesses
  person: PersonHash
  now(): Date
}

/** Events that a message holds. */
const EVENTS_A_MESSAGE = 100
const SECRET_BYTES = 32
const GONE = 410

/**
 * Telling consumers of what moves, by the convention of Standard Webhooks: each message bears an id, a time and a signature,
 * is tried again with growing delay for three days, and is then kept as a dead letter. Each consumer's messages go in
 * their order, one after another; nobody waits for whoever receives them, and none for another.
 */
export class Webhooks {
  /** Posts messages, in the process that sends them. */
  post: Post = async () => ({ fault: '此进程不发送' })
  readonly #parts: Parts
  readonly #key: Buffer
  /** Consumers to whom something is under way. */
  readonly #underWay = new Map<string, Promise<void>>()
  #isClosing = false

  constructor(parts: Parts) {
    this.#parts = parts
    // No staff number has a space in it, so nobody's hash is the key.
    this.#key = Buffer.from(parts.person('webhook secrets'), 'hex')
  }

  /**
   * Sets where a consumer is told, from what it has acknowledged on; gives the secret, which is shown this once. What was
   * set before is replaced, its secret with it.
   */
  async set(key: ApiKey, url: string): Promise<{ webhook: Webhook; secret: string }> {
    const { consumers, feed, store, now } = this.#parts
    const { id: consumer, acknowledged } = await consumers.one(consumers.of(key).id)
    const { epoch } = await feed.standing()
    const id = randomUUID()
    const secret = randomBytes(SECRET_BYTES).toString('base64')
    const webhook: Webhook = {
      ...{ consumer, id, url, key: key.id, secret: seal(this.#key, id, secret) },
      ...{ position: acknowledged, told: acknowledged, round: 0, epoch, schema: feed.schema },
      ...{ upTo: null, attempts: 0 },
      ...{ dueAt: now().toISOString(), stopped: '', outcome: '', outcomeAt: '' },
    }
    await store.put(webhook)
    return { webhook, secret: `whsec_${secret}` }
  }

  /** Where a key's consumer is told; refuses where that was never said. */
  of(key: ApiKey): Webhook {
    const found = this.#parts.store.one(this.#parts.consumers.of(key).id)
    if (!found) throw new Refusal('unknown', '没有设定推送；以 PUT 设定地址。')
    return found
  }

  /** Where a consumer is told; undefined where it never said. */
  one(consumer: string): Webhook | undefined {
    return this.#parts.store.one(consumer)
  }

  /** Tells a key's consumer no more. */
  async remove(key: ApiKey): Promise<void> {
    await this.#parts.store.remove(this.of(key).consumer)
  }

  /** Messages of a consumer that nobody took, the last first. */
  dead(consumer: string): DeadLetter[] {
    return this.#parts.store.dead(consumer)
  }

  /**
   * Begins to send whatever is due, to each consumer by itself, for as long as it may; waits for nobody, and tells of what went
   * wrong here.
   */
  deliver(onFailure: (error: unknown) => void, may: () => boolean = () => true): void {
    const now = this.#parts.now().toISOString()
    for (const webhook of this.#parts.store.all()) {
      if (webhook.stopped !== '' || webhook.dueAt > now || this.#underWay.has(webhook.consumer)) continue
      const sent = this.#allDue(webhook, may)
        .catch(onFailure)
        .finally(() => this.#underWay.delete(webhook.consumer))
      this.#underWay.set(webhook.consumer, sent)
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }

  /** Begins nothing more; resolves when nothing is under way. */
  close(): Promise<void> {
    this.#isClosing = true
    return this.settled()
  }

  /** Sends a dead letter again; gives why it was not taken, or undefined where it was. */
  async sendAgain(consumer: string, n: number): Promise<string | undefined> {
    const { store, now, feed } = this.#parts
    const webhook = store.one(consumer)
    const letter = store.dead(consumer).find((one) => one.n === n)
    if (letter?.takenAt !== '') throw new Refusal('unknown', '没有这件未送达的消息，或者已经送达。')
    if (!webhook) throw new Refusal('exists', '取用方已不设推送；请其以 events 取用。')
    const { epoch } = await feed.standing()
    if (letter.epoch !== epoch)
      throw new Refusal('gone', '这件消息属于登记簿以前的纪元，不再发送；取用方已从头取用。')
    const key = this.#keyOf(webhook)
    if (typeof key === 'string') throw new Refusal('forbidden', key)
    const { after, upTo } = letter
    // Whoever took what followed has it: one that comes late begins nothing anew.
    const posted = await this.#send(webhook, key, {
      type: 'registry.events',
      after,
      from: after,
      upTo,
      epoch,
    })
    const why = whyNotTaken(posted)
    await store.sentAgain(n, { takenAt: why === undefined ? now().toISOString() : '', why: why ?? '' })
    if (why === undefined) await this.#taken(consumer, key, Math.max(upTo, webhook.position), epoch)
    return why
  }

  /** Sends one message after another for as long as they are taken, and as it may. */
  async #allDue({ consumer }: Webhook, may: () => boolean): Promise<void> {
    for (let more = true; more && !this.#isClosing && may(); ) {
      const webhook = this.#parts.store.one(consumer)
      more = webhook?.stopped === '' && (await this.#next(webhook))
    }
  }

  /** Sends what comes next to a consumer, if anything does; whether it was taken, so that more may follow. */
  async #next(found: Webhook): Promise<boolean> {
    const { store, feed, now } = this.#parts
    let webhook = found
    /** Whether it still stood where this left it: what another has taken over is left to it. */
    const move: Move = async (changes, buried) => {
      const isOwn = await store.move(webhook, changes, buried)
      webhook = { ...webhook, ...changes }
      return isOwn
    }
    const key = this.#keyOf(webhook)
    if (typeof key === 'string') {
      await move({ stopped: key })
      return false
    }
    const { epoch } = await feed.standing()
    // What was told of another register, or by other rules, is to be put away first.
    const isAnew = webhook.epoch !== epoch || webhook.schema !== feed.schema
    const anew = { position: 0, told: 0, upTo: null, attempts: 0, epoch, schema: feed.schema }
    if (isAnew && !(await move({ ...anew, round: webhook.round + 1 }))) return false
    const { position: from, attempts, told } = webhook
    const upTo = webhook.upTo ?? (await this.#reachFrom(from, move))
    if (upTo === undefined || !(await move({ upTo }))) return false
    const after = told ?? from
    const isRestart = after === 0
    const type = isRestart ? 'registry.restarted' : 'registry.events'
    const posted = await this.#send(webhook, key, { type, after, from, upTo, epoch })
    const why = whyNotTaken(posted)
    const at = now()
    const outcome = { outcome: why ?? '已收', outcomeAt: at.toISOString() }
    const on = { position: upTo, told: upTo, upTo: null, attempts: 0, dueAt: at.toISOString() }
    if (why === undefined) {
      if (!(await move({ ...outcome, ...on }))) return false
      await this.#taken(webhook.consumer, key, upTo, epoch)
      return true
    }
    // What follows upon the beginning means nothing to whoever has not put away what was before: it is tried for good.
    const delay = RETRY_DELAYS_MS[attempts] ?? (isRestart ? RETRY_DELAYS_MS.at(-1) : undefined)
    if ('status' in posted && posted.status === GONE)
      await move({ ...outcome, stopped: '接收方答复 410：不再接收。' })
    else if (delay !== undefined) {
      const dueAt = new Date(at.getTime() + delay).toISOString()
      await move({ ...outcome, attempts: attempts + 1, dueAt })
    } else {
      const { consumer } = webhook
      await move({ ...outcome, ...on }, { consumer, after, upTo, epoch, why, at: at.toISOString() })
    }
    return false
  }

  /** Up to where the next message reaches; undefined where there is nothing to tell, which needs no message. */
  async #reachFrom(after: number, move: Move): Promise<number | undefined> {
    const { events, next } = await this.#parts.feed.events(after, EVENTS_A_MESSAGE, 0)
    if (events.length > 0) return next
    if (next > after) await move({ position: next })
    return undefined
  }

  /** What was taken counts as acknowledged, up to the first message that nobody took. */
  async #taken(consumer: string, key: ApiKey, upTo: number, epoch: string): Promise<void> {
    const { store, consumers } = this.#parts
    await consumers.sent(key, upTo, epoch)
    const open = store.dead(consumer).filter((letter) => letter.takenAt === '' && letter.epoch === epoch)
    const position = Math.min(upTo, ...open.map(({ after }) => after))
    const { acknowledged } = await consumers.one(consumer)
    if (position > acknowledged) await consumers.acknowledge(key, position)
  }

  /** Posts what was told after a position up to another, as it stands now, signed. */
  async #send(
    webhook: Webhook,
    key: ApiKey,
    { type, after, from: begin, upTo, epoch }: Sent,
  ): Promise<Posted> {
    const { feed, accesses, now } = this.#parts
    const secret = unseal(this.#key, webhook.id, webhook.secret)
    if (secret === undefined) return { fault: '签名的密钥不能读取；请取用方重新设定推送。' }
    const items: string[] = []
    for (let from = begin; from < upTo; ) {
      const { events, next } = await feed.events(from, EVENTS_A_MESSAGE, 0)
      items.push(...events.flatMap(({ position, json }) => (position <= upTo ? [json] : [])))
      if (next === from) break
      from = next
    }
    const at = now()
    const id = `msg_${webhook.id}_${webhook.round}_${after}`
    const timestamp = `${Math.floor(at.getTime() / 1000)}`
    const head = { type, timestamp: at.toISOString() }
    const place = { after, next: upTo, epoch, schema: feed.schema }
    const body = `${JSON.stringify(head).slice(0, -1)},"data":${JSON.stringify(place).slice(0, -1)},"items":[${items.join()}]}}`
    // Written down before it is shown.
    await accesses.add({
      ...{
        at: at.toISOString(),
        act: 'read',
        by: `key/${key.id}`,
        officer: key.name,
        authority: key.authority,
      },
      ...{
        about: '',
        detail: `推送 ${new URL(webhook.url).host}：序号 ${after} 之后到 ${upTo}，${items.length} 项`,
      },
    })
    // Reading and writing took their time; what was asked before it says nothing of now.
    const why = this.#whyNotNow(webhook)
    if (why !== undefined) return { fault: why }
    return this.post(webhook.url, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
      },
      body,
    })
  }

  /** Why a message that lies ready may not go out any more; undefined where it may. */
  #whyNotNow(webhook: Webhook): string | undefined {
    const key = this.#keyOf(webhook)
    if (typeof key === 'string') return key
    return this.one(webhook.consumer)?.id === webhook.id ? undefined : '取用方已改设或者停止推送。'
  }

  /** The key that a webhook stands by, as it is now; why nothing may be sent where it doesn't hold any more. */
  #keyOf({ key: id, consumer }: Webhook): ApiKey | string {
    const { keys } = this.#parts
    const key = keys.present(id)
    if (!key) return '设定推送的密钥已停用、过期，或者取用方已停用；请取用方以有效的密钥重新设定。'
    if (!holds(key.scopes, 'platform:read') || key.consumer !== consumer)
      return '设定推送的密钥已没有取用的权限（platform:read）；请管理员处理后由取用方重新设定。'
    return key
  }
}

/** A message: what is told after a position, which begins with what lies after another, up to a third. */
interface Sent {
  type: 'registry.restarted' | 'registry.events'
  /** Up to where the message before told. */
  after: number
  /** Between the two there is nothing to tell. */
  from: number
  upTo: number
  epoch: string
}

/** Notes how a webhook has come on, from where it was found. */
type Move = (changes: Partial<Webhook>, buried?: Omit<DeadLetter, 'n' | 'takenAt'>) => Promise<boolean>

function whyNotTaken(posted: Posted): string | undefined {
  if ('fault' in posted) return posted.fault
  return posted.status >= 200 && posted.status < 300 ? undefined : `接收方答复 ${posted.status}`
}
