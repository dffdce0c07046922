import type { Actor } from '../authority/acting.ts'
import {
  type Consumer,
  consumerAuthor,
  consumerSubject,
  type findingKinds,
  receiptCommand,
} from '../authority/consumers.ts'
import { type Followed, type Following, follows, type Reached, type Receipt } from '../authority/following.ts'
import type { ApiKey } from '../authority/keys.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { platformSchema } from '../dossier/platform-face.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type Draft, newId } from '../register/entry.ts'
import { type Append, Conflict, type Register, RegisterUnavailable } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { keyInWords } from './person-words.ts'
import { accountSight } from './sight.ts'

interface Parts {
  register: Register
  views: Views
  writer: Writer
  following: Following
  catalogue: Catalogue
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
/** What a consumer says that can't be so is kept so often a day: more of it tells nobody anything. */
const MOST_FINDINGS_A_DAY = 10
/** Doubts that a consumer raises about one thing: more is for people to talk about. */
const MOST_DOUBTS = 20
const CONFLICTS_ENDURED = 20
const DAY_MS = 24 * 3_600_000

/** The platforms and systems that pull: how far they are, what they answered, what can't be so. */
export class Consumers {
  readonly #parts: Parts
  readonly #schema: string

  constructor(parts: Parts) {
    this.#parts = parts
    this.#schema = platformSchema(parts.catalogue)
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
    await following
      .sent(consumer, { position, epoch, schema: this.#schema, at: now().toISOString() })
      .catch(unlessAway)
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
      throw await this.#finding(key, {
        what: 'position-backwards',
        detail: `确认的序号 ${position} 早于此前确认的 ${own.acknowledged}`,
        remedy: '确认只能前进；内容有失的，请从所缺之处重新取用，不必改动确认的序号。',
        pointer: '/position',
      })
    if (position > own.sent)
      throw await this.#finding(key, {
        what: 'never-sent',
        detail: `确认的序号 ${position} 从未发送，只发送到 ${own.sent}`,
        remedy: '请确认实际取得的 next。',
        pointer: '/position',
      })
    await following.acknowledged(own.id, position, now().toISOString())
    return this.one(own.id)
  }

  /**
   * Takes in what a consumer answers about things that it was sent: what it refused lands in its owner's queue as a doubt,
   * which a later answer that it was taken settles. All or none, and the same again changes nothing; one about what was
   * never sent is kept as a finding.
   */
  async answer(key: ApiKey, receipts: readonly Receipt[]): Promise<FollowingConsumer> {
    const { views, following, now } = this.#parts
    const own = await this.one(this.of(key).id)
    for (const [i, { orgCode, id, position }] of receipts.entries())
      if (position > own.sent || !views.hasEvent(position, orgCode, id))
        throw await this.#finding(key, {
          what: 'never-sent',
          detail: `第 ${i + 1} 条回执所指的变动（序号 ${position}）从未发送`,
          remedy: '请以收到的 position、orgCode、id 填写回执；本次各条均未记下。',
          pointer: `/items/${i}/position`,
        })
    await this.#append(receiptCommand(own.id, newId()), () => this.#told(key, own, receipts))
    await following.answered(own.id, receipts, now().toISOString())
    return this.one(own.id)
  }

  /** What the owners are told by answers, of which the last about each thing counts, and the revisions that this rests on. */
  #told(key: ApiKey, own: Consumer, receipts: readonly Receipt[]): Pick<Append, 'drafts' | 'expect'> {
    const lastOf = new Map(receipts.map((receipt) => [`${receipt.orgCode} ${receipt.id}`, receipt]))
    const dossiers = new Map(receipts.map(({ orgCode }) => [orgCode, this.#parts.views.dossier(orgCode)]))
    const drafts = [...lastOf.values()].flatMap(({ orgCode, id, outcome, code, reason }) => {
      const doubts = (dossiers.get(orgCode)?.queries ?? []).filter(
        ({ record, consumer }) => record === id && consumer === own.id,
      )
      const open = doubts.filter(({ answered }) => !answered)
      const draft = (kind: string, payload: object): Draft => ({
        ...{ subject: orgCode, kind, payload, visibility: 'internal' },
        author: { authority: consumerAuthor(own.name), officer: keyInWords(key.name) },
      })
      if (outcome === 'taken')
        return open.map((query) =>
          draft('query.answered', { id: query.id, record: id, answer: '取用方已收。' }),
        )
      const said = `未收${code === '' ? '' : `（${code}）`}：${reason}`
      const isSaid = open.some(({ text }) => text === said) || doubts.length >= MOST_DOUBTS
      // Of a file that was restated since it is known no more what was told of it: a doubt is about something that it has.
      const isThere = id === orgCode || dossiers.get(orgCode)?.events.some((event) => event.id === id)
      return isSaid || !isThere ? [] : [draft('query.raised', { id: newId(), record: id, text: said })]
    })
    const expect = new Map(drafts.map(({ subject }) => [subject, dossiers.get(subject)?.revision ?? 0]))
    return { drafts, expect }
  }

  /** Appends what is decided, if that is anything; decides again where somebody was quicker. */
  async #append(command: string, decide: () => Pick<Append, 'drafts' | 'expect'>): Promise<void> {
    const { writer } = this.#parts
    for (let attempt = 0; ; attempt += 1) {
      const decided = decide()
      if (decided.drafts.length === 0) return
      try {
        await writer.append({ ...decided, command })
        return
      } catch (error) {
        if (!(error instanceof Conflict) || attempt >= CONFLICTS_ENDURED) throw error
        await writer.catchUp()
      }
    }
  }

  /**
   * Keeps what can't be so, each once and no more than so many a day, without a word of whoever said it; gives its refusal.
   */
  async #finding(
    key: ApiKey,
    {
      what,
      detail,
      remedy,
      pointer,
    }: { what: (typeof findingKinds)[number]; detail: string; remedy: string; pointer: string },
  ): Promise<Refusal> {
    const { id } = this.of(key)
    const subject = consumerSubject(id)
    const author = { authority: key.authority, officer: key.name }
    const today = shanghaiDate(this.#parts.now())
    await this.#append(`${subject}/finding/${newId()}`, () => {
      const { findings, revision } = this.standing(id)
      const ofToday = findings.filter(({ at }) => shanghaiDate(new Date(at)) === today)
      const isKept = findings.some((one) => one.what === what && one.detail === detail)
      if (isKept || ofToday.length >= MOST_FINDINGS_A_DAY) return { drafts: [] }
      const draft: Draft = {
        ...{ subject, kind: 'consumer.finding', payload: { what, detail }, visibility: 'internal', author },
      }
      return { drafts: [draft], expect: new Map([[subject, revision]]) }
    })
    return new Refusal(what, `${detail}，未予接受。${remedy}`, [{ pointer, code: what, detail }])
  }

  #followed(own: Consumer, epoch: string): FollowingConsumer {
    const { following, views, now } = this.#parts
    const known = following.one(own.id)
    const here = { epoch, schema: this.#schema }
    // What was followed of another epoch, or by other rules, says nothing of this one.
    const followed = follows(known, here) ? known : { ...known, ...here, sent: 0, acknowledged: 0 }
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
