import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { type CheckedRow, certainties } from './check.ts'

/** When and at which positions of the register a check was made; a long one sees the register move on. */
export interface Span {
  from: { time: string; position: number }
  to: { time: string; position: number }
}

const moment = z.strictObject({ time: z.string(), position: z.int() })

/** A record of a batch check that its asker can show (核验记录): what was asked, what came of it, stamped. */
const record = z.strictObject({
  kind: z.literal('质量信用批量核验记录'),
  registry: z.string(),
  from: moment,
  to: moment,
  rows: z.array(z.looseObject({ line: z.int(), asked: z.string(), certainty: z.enum(certainties) })),
  /** SHA-256 in hex over the canonical JSON (RFC 8785) of everything but `digest` and `stamp`. */
  digest: z.string(),
  /** Ed25519 signature of the digest's bytes, base64. */
  stamp: z.string(),
})
export type CheckRecord = z.output<typeof record>

/** The key that stamps records; made at the first use, and to be kept as long as records are to be recognised. */
export function stampKey(path: string): KeyObject {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  }
  return createPrivateKey(readFileSync(path))
}

/** A check's record, stamped. */
export function stamped(
  registry: string,
  { from, to }: Span,
  rows: readonly CheckedRow[],
  key: KeyObject,
): string {
  const content = { kind: '质量信用批量核验记录', registry, from, to, rows }
  const digest = digestOf(content)
  const stamp = sign(null, Buffer.from(digest, 'hex'), key).toString('base64')
  return JSON.stringify({ ...content, digest, stamp })
}

/** What a record that somebody shows is worth. */
export type Verification =
  | { ok: true; registry: string; from: CheckRecord['from']; to: CheckRecord['to']; rows: number }
  | { ok: false; why: string }

/** Whether a record was stamped here and has not been changed since. */
export function verified(text: string, key: KeyObject): Verification {
  const parsed = record.safeParse(parsedJson(text))
  if (!parsed.success) return { ok: false, why: '这不是本系统的核验记录：文件不完整，或格式不符。' }
  const { digest, stamp, ...content } = parsed.data
  if (digestOf(content) !== digest) return { ok: false, why: '内容与摘要不符：记录在出具之后被改动过。' }
  if (!verify(null, Buffer.from(digest, 'hex'), createPublicKey(key), Buffer.from(stamp, 'base64')))
    return { ok: false, why: '签章不符：这份记录不是本系统出具的，或签章所用的密钥已经更换。' }
  const { registry, from, to, rows } = content
  return { ok: true, registry, from, to, rows: rows.length }
}

function digestOf(content: unknown): string {
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex')
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
