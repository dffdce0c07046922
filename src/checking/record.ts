import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import canonicalize from 'canonicalize'
import { errors, FlattenedSign, flattenedVerify, type JWSHeaderParameters } from 'jose'
import { z } from 'zod'
import { BadJson, readJson } from '../sheets/json.ts'
import { type CheckedRow, certainties } from './check.ts'
import { isInPeriod, publicKeyOf, type StampKeys } from './keys.ts'
import { ALGORITHM, type PublicKey } from './published-keys.ts'
import { MOST_ROWS } from './request.ts'
import type { ComparedRow } from './verdict.ts'

/** When and at which positions of the register a check was made; a long one sees the register move on. */
export interface Span {
  from: { time: string; position: number }
  to: { time: string; position: number }
}

const KIND = '质量信用批量核验记录'
/** Type of the signature: one of another kind of thing, by the same key, is no record. */
const TYPE = 'hqc-check+json'
/** Values of a row that tells all of three enterprises. */
const VALUES_A_ROW = 50
const moment = z.strictObject({ time: z.string(), position: z.int() })
const listed = z.object({
  id: z.string(),
  from: z.string(),
  until: z.string().nullable(),
  ground: z.string(),
})
const enterprise = z.object({
  orgCode: z.string(),
  uscc: z.string().nullable(),
  name: z.string(),
  region: z.string().exactOptional(),
  status: z.string(),
  grade: z.string().exactOptional(),
  class: z.string().exactOptional(),
  listed: listed.exactOptional(),
})
const given = z.object({
  code: z.string().exactOptional(),
  name: z.string().exactOptional(),
  place: z.string().exactOptional(),
})
const row = z.object({
  line: z.int(),
  asked: z.string(),
  given: given.exactOptional(),
  certainty: z.enum(certainties),
  why: z.string(),
  enterprise: enterprise.exactOptional(),
  other: enterprise.exactOptional(),
  parent: enterprise.exactOptional(),
})

/** What a record of a batch check (核验记录) says: what was asked, what came of it, when, and by whom it was answered. */
const content = z.object({
  kind: z.literal(KIND),
  registry: z.string(),
  from: moment,
  to: moment,
  rows: z.array(row),
})

export type RecordContent = z.output<typeof content>

/** A record as it is handed out: a JSON Web Signature (RFC 7515, flattened) over the exact bytes of its content. */
const signed = z.strictObject({ payload: z.string(), protected: z.string(), signature: z.string() })

/** SHA-256 of a record's content, by which record and paper are known to be of one check; base64url. */
export function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url')
}

/** The bytes of a record that are signed; the same check has the same. */
export function payloadOf(registry: string, { from, to }: Span, rows: readonly ComparedRow[]): Uint8Array {
  const said = rows.map(
    ({ line, asked, given, certainty, why, enterprise, other, parent }): CheckedRow => ({
      line,
      asked,
      given,
      certainty,
      why,
      ...(enterprise && { enterprise }),
      ...(other && { other }),
      ...(parent && { parent }),
    }),
  )
  return Buffer.from(JSON.stringify({ kind: KIND, registry, from, to, rows: said }))
}

/** A check's record, signed. */
export async function recordOf(
  registry: string,
  span: Span,
  rows: readonly ComparedRow[],
  { kid, sign }: StampKeys,
): Promise<string> {
  const jws = await new FlattenedSign(payloadOf(registry, span, rows))
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
    .sign(sign)
  return JSON.stringify(jws)
}

/** What a record that somebody shows is worth; what is shown of it is what was signed, and nothing that lay beside. */
export type Verification = { ok: true; content: RecordContent; sha256?: string } | { ok: false; why: string }

/** Whether a record was signed here and has not been changed since. A byte order mark and gaps around it do no harm. */
export async function verified(text: string, keys: StampKeys): Promise<Verification> {
  const bare = text.replace(/^\ufeff/, '').trim()
  const given = parsedJson(bare)
  const record = signed.safeParse(given)
  if (!record.success) return formerlyVerified(bare, given, keys)
  // A member that stands twice is read one way here and perhaps another way elsewhere.
  if (JSON.stringify(given) !== bare.replace(/\s/g, '')) return NO_RECORD
  // One signature has one spelling: no bits that nobody reads.
  if (!Object.values(record.data).every((part) => isSpelt(part, 'base64url'))) return NO_RECORD
  try {
    let period: PublicKey | undefined
    const { payload, protectedHeader } = await flattenedVerify(
      record.data,
      async (header?: JWSHeaderParameters) => {
        const known = await publicKeyOf(keys, header?.kid)
        if (!known) throw new errors.JWSSignatureVerificationFailed('unknown key')
        period = known.period
        return known.key
      },
      { algorithms: [ALGORITHM] },
    )
    if (protectedHeader?.typ !== TYPE) return NO_RECORD
    const said = content.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)))
    return period && isInPeriod(period, said.to.time)
      ? { ok: true, content: said, sha256: digestOf(payload) }
      : { ok: false, why: '出具时间不在签章密钥的使用期间之内。' }
  } catch (error) {
    if (error instanceof errors.JOSEAlgNotAllowed)
      return { ok: false, why: '不认识的签名算法：本系统出具的记录都以 EdDSA 签章，这份不是，不可信。' }
    if (error instanceof errors.JOSEError)
      return { ok: false, why: '签章不符：内容在出具之后被改动过，或者不是本系统出具的。' }
    throw error
  }
}

const NO_RECORD: Verification = { ok: false, why: '这不是本系统的核验记录：文件不完整，或格式不符。' }

/** A record as it was handed out before: SHA-256 over the canonical JSON of its content, signed by itself. */
const former = content.strict().extend({
  rows: z.array(row.loose()),
  digest: z.string(),
  stamp: z.string(),
})

function formerlyVerified(text: string, given: unknown, { all }: StampKeys): Verification {
  const record = former.safeParse(given)
  // The text itself must be what was understood: no member twice, none that nobody reads.
  if (!record.success || !isObject(given) || JSON.stringify(given) !== text) return NO_RECORD
  const { digest, stamp } = record.data
  if (!isSpelt(stamp, 'base64')) return NO_RECORD
  // All that stands in the text is held against the digest, not what a reader made of it: `__proto__` is a member there too.
  const { digest: _, stamp: __, ...said } = given
  if (
    createHash('sha256')
      .update(canonicalize(said) ?? '')
      .digest('hex') !== digest
  )
    return { ok: false, why: '内容与摘要不符：记录在出具之后被改动过。' }
  const bytes = [Buffer.from(digest, 'hex'), Buffer.from(stamp, 'base64')] as const
  const isOurs = all.some((key) => verify(null, bytes[0], publicKeyObject(key), bytes[1]))
  return isOurs
    ? { ok: true, content: content.parse(said) }
    : { ok: false, why: '签章不符：这份记录不是本系统出具的。' }
}

function publicKeyObject({ kty, crv, x }: StampKeys['all'][number]): KeyObject {
  return createPublicKey({ key: { kty, crv, x }, format: 'jwk' })
}

/** Whether a text is the one spelling of its bytes. */
export function isSpelt(text: string, encoding: 'base64' | 'base64url'): boolean {
  return Buffer.from(text, encoding).toString(encoding) === text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** What a text says, within the bounds of the longest record. */
function parsedJson(text: string): unknown {
  try {
    return readJson(text, MOST_ROWS * VALUES_A_ROW)
  } catch (error) {
    if (error instanceof BadJson) return undefined
    throw error
  }
}
