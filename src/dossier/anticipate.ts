import type { Draft, Entry } from '../register/entry.ts'
import { type Dossier, fold } from './dossier.ts'

/**
 * The file as it will stand once drafts about it have been appended. Times are not yet known; positions go on from the
 * file's last, so that what comes after what can be told.
 */
export function anticipated(
  before: Dossier | undefined,
  drafts: readonly Draft[],
  at = new Date(0).toISOString(),
): Dossier | undefined {
  const revision = before?.revision ?? 0
  const entries = drafts.map(
    (draft, i): Entry => ({
      ...draft,
      seq: (before?.position ?? 0) + 1 + i,
      id: '',
      revision: revision + 1 + i,
      salt: null,
      payloadDigest: '',
      command: '',
      recordedAt: at,
      digest: '',
      chain: '',
    }),
  )
  return fold(before, entries)
}
