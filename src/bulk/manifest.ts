import { CompactSign } from 'jose'
import { z } from 'zod'
import { isInPeriod, type StampKeys } from '../checking/keys.ts'
import { ALGORITHM, type PublicKey } from '../checking/published-keys.ts'
import { signedBy } from '../checking/voucher.ts'
import { writtenFile } from './written.ts'

/** Type of the signature: one of another kind of thing, by the same key, is no manifest. */
const TYPE = 'copy-manifest+jws'

/** What a copy is (清单): of what, up to which position, which files, with their sizes and digests. */
export const manifest = z.object({
  audience: z.enum(['public', 'platform']),
  epoch: z.string(),
  /** It holds what stood at this position of the register, on that day. */
  position: z.int(),
  on: z.string(),
  schema: z.string(),
  madeAt: z.string(),
  files: z.array(writtenFile),
  /** What leads from earlier copies to this one, the latest first. */
  deltas: z.array(writtenFile.extend({ since: z.int(), on: z.string() })),
})
export type Manifest = z.output<typeof manifest>

/** A manifest signed (JWS, RFC 7515), its bytes within. */
export function signedManifest(bytes: Uint8Array, { kid, sign }: StampKeys): Promise<string> {
  return new CompactSign(bytes).setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE }).sign(sign)
}

/** The manifest that one of the keys has signed within its time; undefined where none has. It is what was signed, not what lies beside it. */
export async function manifestSignedBy(
  keys: readonly PublicKey[],
  jws: string,
): Promise<Manifest | undefined> {
  for (const key of keys) {
    const said = await signedBy(key, jws, TYPE)
    if (said === undefined) continue
    const own = manifest.parse(JSON.parse(said))
    return isInPeriod(key, own.madeAt) ? own : undefined
  }
  return undefined
}
