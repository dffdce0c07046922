import type { Draft, Entry } from '../register/entry.ts'
import { type Dossier, faultOfLast, fold } from './dossier.ts'

/**
 * The file as it will stand once drafts about it have been appended. Times are not yet known; positions go on from the
 * file's last, so that what comes after what can be told.
 */
export function anticipated(
  before: Dossier | undefined,
  drafts: readonly Draft[],
  at = new Date(0).toISOString(),
): Dossier | undefined {
  const after = fold(before, anticipatedEntries(drafts, before ?? { position: 0, revision: 0 }, at))
  if (after && after.position !== before?.position && faultOfLast(after) !== undefined)
    throw new Error('a draft that the fold can not read')
  return after
}

/** The entries that drafts about one subject would become after the last of it. */
export function anticipatedEntries(
  drafts: readonly Draft[],
  { position, revision }: { position: number; revision: number },
  at = new Date(0).toISOString(),
): Entry[] {
  return drafts.map((draft, i) => ({
    ...draft,
    seq: position + 1 + i,
    id: '',
    revision: revision + 1 + i,
    salt: null,
    payloadDigest: '',
    command: '',
    recordedAt: at,
    digest: '',
    chain: '',
  }))
}
