import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { v4 as uuidv4 } from 'uuid'
import { minuteOf, shanghaiTime } from '../calendar/dates.ts'
import { baseOf, type Reached, rooted, rootOf } from '../http/address.ts'
import { addressRead } from '../http/address-read.ts'
import { isHeldBy } from '../http/fresh.ts'
import type { Registry } from '../registry/registry.ts'
import { ByteCache } from '../views/byte-cache.ts'
import { type Frame, FrameContext, type Language } from './frame.tsx'
import { keptParts } from './kept.tsx'

/** A file that pages refer to under a name that changes with its content. */
export interface Asset {
  path: string
  type: string
  bytes: Buffer
}

export interface Assets {
  stylesheet: Asset
  script: Asset
  /** What passkeys need beside it. */
  passkeys: Asset
  /** Changes with any of them. */
  version: string
}

/** Who runs the site and where it is reached. */
export interface SiteSettings extends Reached {
  OPERATOR: string
  CONTACT: string
}

interface Parts {
  registry: Registry
  assets: Assets
  settings: SiteSettings
  isDemo(): boolean
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}
// Whoever keeps a page asks again whether it still holds; a shared cache may spare us that for half a minute.
export const FRESH = 'public, max-age=0, s-maxage=30, must-revalidate'
/** Stands in a page for a number that is to be another each time the page is sent. */
export const ONCE = '\u{f8ff}once\u{f8ff}'
const KEPT_BYTES = 32 * 1024 * 1024
/** What a buffer takes beside its bytes. */
const PART_BYTES = 100

/** A page that holds for this answer alone, and the position of the register that it shows. */
export interface Passing {
  passing: VNode
  position: number
}

export function passing(page: VNode, position: number): Passing {
  return { passing: page, position }
}

/** Makes pages into answers; a page is made once and kept as long as it says the same. */
export class Answers {
  readonly #parts: Parts
  readonly #kept = new ByteCache<Buffer>('public pages', KEPT_BYTES, ({ length }) => length)
  readonly #personal = new ByteCache<readonly Buffer[]>('desk pages', KEPT_BYTES, (parts) =>
    parts.reduce((sum, { length }) => sum + length + PART_BYTES, 0),
  )
  readonly #pageParts = keptParts()
  #moment = ''
  #officersMoment = ''

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Answers with a page that is the same for everyone who asks for the address in this minute, kept by what of the address it
   * reads; one that was made from something older than what it is kept by (`passing`) is sent once and kept by nobody.
   */
  async page(
    request: FastifyRequest,
    reply: FastifyReply,
    language: Language,
    make: (frame: Frame) => VNode | Passing | Promise<VNode | Passing>,
  ): Promise<FastifyReply> {
    const etag = this.#etag()
    reply.headers({ etag, 'cache-control': FRESH })
    if (isHeldBy(request, etag)) return reply.code(304).send()
    const moment = this.#moment
    const { url: key, isWhole } = addressRead(request)
    let bytes = isWhole ? this.#kept.get(key) : undefined
    if (!bytes) {
      const frame = this.frame({ url: key }, language)
      const made = await make(frame)
      if ('passing' in made) {
        const { position } = made
        bytes = this.#rendered({ ...frame, position }, made.passing)
        reply.removeHeader('etag').headers({ 'cache-control': 'no-store', 'register-position': position })
      } else {
        bytes = this.#rendered(frame, made)
        // It may have been made while what it rests on moved on.
        if (isWhole && this.#etag() === etag && moment === this.#moment) this.#kept.set(key, bytes)
      }
    }
    return reply.headers(HEADERS).send(bytes)
  }

  /**
   * Answers one asker with a page of their own that is kept here until anything changes that officers see, a minute at
   * most. `whose` must be theirs alone; every `ONCE` in the page becomes a number of its own each time.
   */
  async personal(
    request: FastifyRequest,
    reply: FastifyReply,
    whose: string,
    make: () => VNode | Promise<VNode>,
  ): Promise<FastifyReply> {
    const moment = this.#personalMoment()
    const key = `${whose} ${request.url}`
    let parts = this.#personal.get(key)
    if (!parts) {
      const frame = this.frame(request, 'zh')
      parts = this.#rendered(frame, await make())
        .toString()
        .split(ONCE)
        .map((part) => Buffer.from(part))
      if (moment === this.#personalMoment()) this.#personal.set(key, parts)
    }
    const bytes = parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(uuidv4()), part]))
    return reply.headers({ ...HEADERS, 'cache-control': 'no-store' }).send(Buffer.concat(bytes))
  }

  /** Answers one asker with a page that nobody keeps. */
  async passing(
    request: FastifyRequest,
    reply: FastifyReply,
    language: Language,
    make: (frame: Frame) => VNode,
  ): Promise<FastifyReply> {
    const frame = this.frame(request, language)
    const html = this.#rendered(frame, make(frame))
      .toString()
      .replaceAll(ONCE, () => uuidv4())
    return reply.headers({ ...HEADERS, 'cache-control': 'no-store' }).send(html)
  }

  frame({ url }: Pick<FastifyRequest, 'url'>, language: Language): Frame {
    const { registry, settings, assets, isDemo } = this.#parts
    return {
      language,
      position: registry.position(),
      time: shanghaiTime(registry.now()),
      demo: isDemo(),
      clockDoubt: registry.clockDoubt(),
      operator: settings.OPERATOR,
      contact: settings.CONTACT,
      stylesheet: assets.stylesheet.path,
      script: assets.script.path,
      passkeys: assets.passkeys.path,
      base: baseOf(settings),
      path: language === 'en' ? url.replace(/^\/en(?=[/?]|$)\/?/, '/') : url,
      kept: this.#pageParts,
    }
  }

  /** Every page says at which position and minute it was made, so it holds until either moves on. */
  #etag(): string {
    const { registry, assets } = this.#parts
    const minute = minuteOf(registry.now())
    const moment = `${registry.moment()} ${minute}`
    if (moment !== this.#moment) {
      this.#kept.clear()
      this.#moment = moment
    }
    return `W/"${registry.position()}-${minute.toString(36)}-${assets.version}"`
  }

  #personalMoment(): string {
    const { registry } = this.#parts
    const moment = `${registry.officersMoment()} ${minuteOf(registry.now())}`
    if (moment !== this.#officersMoment) {
      this.#personal.clear()
      this.#officersMoment = moment
    }
    return moment
  }

  #rendered(frame: Frame, page: VNode): Buffer {
    const html = renderToString(<FrameContext.Provider value={frame}>{page}</FrameContext.Provider>)
    return Buffer.from(`<!DOCTYPE html>${rooted(html, rootOf(this.#parts.settings))}`)
  }
}
