import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a browser and a device make of WebAuthn, as much as the tests need: ES256, no certificates. */

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  if (value < 256) return Buffer.from([(major << 5) | 24, value])
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255])
}

/** CBOR of a few kinds of values. */
export function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([
    head(5, value.size),
    ...Array.from(value, ([key, one]) => Buffer.concat([cbor(key), cbor(one)])),
  ])
}

const digest = (data: string | Buffer) => createHash('sha256').update(data).digest()

export interface Ceremony {
  origin?: string
  party?: string
  challenge?: string
  type?: string
  crossOrigin?: boolean
  /** Bits: 1 somebody is there, 4 who it is was made sure of. */
  flags?: number
  counter?: number
  /** The statement about the device's maker, and its format. */
  fmt?: string
  statement?: Map<string, Cbor>
  /** Signs with this key instead. */
  key?: KeyObject
}

/** A device (安全密钥) with one passkey of one site. */
export class Authenticator {
  readonly id: string
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #origin: string
  counter = 0

  constructor(origin: string, id = randomBytes(32).toString('base64url')) {
    this.#origin = origin
    this.id = id
  }

  get privateKey(): KeyObject {
    return this.#pair.privateKey
  }

  /** What a browser answers that was asked to make a passkey. */
  make(options: { challenge: string; rp: { id: string } }, more: Ceremony = {}): string {
    const { x = '', y = '' } = this.#pair.publicKey.export({ format: 'jwk' })
    const key = new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ])
    const id = Buffer.from(this.id, 'base64url')
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cbor(key)])
    const authData = Buffer.concat([
      this.#data(more.party ?? options.rp.id, 0x40 | (more.flags ?? 5), more.counter ?? 0),
      credential,
    ])
    const attestation = new Map<string, Cbor>([
      ['fmt', more.fmt ?? 'none'],
      ['attStmt', more.statement ?? new Map()],
      ['authData', authData],
    ])
    return this.#answer({
      clientDataJSON: this.#client('webauthn.create', options.challenge, more).toString('base64url'),
      attestationObject: cbor(attestation).toString('base64url'),
      transports: ['usb'],
    })
  }

  /** What a browser answers that was asked to show the passkey. */
  show(options: { challenge: string; rpId?: string | undefined }, more: Ceremony = {}): string {
    const client = this.#client('webauthn.get', options.challenge, more)
    const data = this.#data(more.party ?? options.rpId ?? '', more.flags ?? 5, more.counter ?? this.counter)
    const signature = sign('sha256', Buffer.concat([data, digest(client)]), more.key ?? this.privateKey)
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
    })
  }

  #answer(response: Readonly<Record<string, unknown>>): string {
    const head = { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {} }
    return JSON.stringify({ ...head, response })
  }

  #client(type: string, challenge: string, more: Ceremony): Buffer {
    const { origin = this.#origin, crossOrigin = false } = more
    const said = { type: more.type ?? type, challenge: more.challenge ?? challenge, origin, crossOrigin }
    return Buffer.from(JSON.stringify(said))
  }

  #data(party: string, flags: number, counter: number): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    return Buffer.concat([digest(party), Buffer.from([flags]), count])
  }
}
