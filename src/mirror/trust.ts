import { z } from 'zod'
import { type Manifest, manifestSignedBy } from '../bulk/manifest.ts'
import { type PublicKey, publicKey } from '../checking/published-keys.ts'
import { withVouched } from '../checking/voucher.ts'
import type { Held } from './held.ts'
import type { Source } from './source.ts'

/** What was given is not shown to be the registry's own: no key that is known has signed it, or it is older than what was given before. */
export class Unproven extends Error {
  override readonly name = 'Unproven'
}

/** Public keys as a registry publishes them (`/check/keys.json`); what later versions add is passed over. */
export const keySet = z.object({ keys: z.array(z.object(publicKey.shape)).min(1) })

/** Takes the keys that a mirror goes by: those that its operator gives, else those that it knows, else what the registry publishes, which is told. */
export async function settleKeys(
  source: Source,
  held: Held,
  given: readonly PublicKey[] | undefined,
  tell: (firstSeen: readonly PublicKey[]) => void,
): Promise<void> {
  if (given) held.trust(given)
  if (held.trusted().length > 0) return
  const published = await source.publishedKeys()
  if (published.length === 0)
    throw new Unproven('对方没有公布签章公钥，所给的副本无从核对；请向对方索取，以 --keys 写明。')
  held.trust(published)
  tell(published)
}

/**
 * The latest copy with the manifest that was signed; undefined where none was made yet. Throws `Unproven` for one that no known key, nor one that a
 * known key vouches for, has signed, and for one that is older than a copy that was proven before.
 */
export async function provenCopy(
  source: Source,
  held: Held,
  tell: (renewed: readonly PublicKey[]) => void,
): Promise<{ own: Manifest; folder: string } | undefined> {
  const copy = await source.copy()
  if (!copy) return undefined
  const known = held.trusted()
  let own = await manifestSignedBy(known, copy.jws)
  if (!own) {
    const vouched = await withVouched(known, await source.publishedKeys())
    own = await manifestSignedBy(vouched, copy.jws)
    if (!own)
      throw new Unproven(
        '副本的清单没有以所知的签章公钥签名：被改动过，是别的登记系统的，或者对方换了密钥而没有由以前的担保。请与对方核对公钥（不经此网络），无误的存为文件，以 --keys 写明，再执行一次。',
      )
    held.trust(vouched)
    tell(vouched.filter(({ kid }) => known.every((key) => key.kid !== kid)))
  }
  if (own.audience !== source.audience)
    throw new Unproven(`所给的是另一种副本（${own.audience}），不是 ${source.audience}。`)
  const newest = held.newestCopy()
  if (newest !== undefined && own.madeAt < newest)
    throw new Unproven(
      `所给的副本制作于 ${own.madeAt}，早于此前取得的（${newest}）：是旧的副本，不取。对方确因时钟有误而重做的，请换一个文件从头取用。`,
    )
  held.keepNewest(own.madeAt)
  return { own, folder: copy.folder }
}
