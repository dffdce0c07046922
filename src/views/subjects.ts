import { foldAuthority } from '../authority/authority.ts'
import { foldKey } from '../authority/keys.ts'
import { foldOfficer } from '../authority/officers.ts'
import { foldRuleSet } from '../blacklist/adopted.ts'
import { foldBulletins } from '../blacklist/bulletin.ts'
import { foldStandard } from '../rating/adopted.ts'
import { foldCampaign } from '../rating/campaign.ts'
import type { Entry } from '../register/entry.ts'
import { foldDraw } from '../supervision/draw.ts'

type StoredFold = (before: string | undefined, entry: Entry) => string | undefined

/** A fold over its state as JSON: it reads back only what it has written itself under its own prefix. */
function stored<T>(fold: (before: T | undefined, entry: Entry) => T | undefined): StoredFold {
  return (before, entry) => {
    const state = fold(before === undefined ? undefined : JSON.parse(before), entry)
    return state === undefined ? undefined : JSON.stringify(state)
  }
}

const folds: Readonly<Record<string, StoredFold>> = {
  authority: stored(foldAuthority),
  key: stored(foldKey),
  officer: stored(foldOfficer),
  standard: stored(foldStandard),
  rules: stored(foldRuleSet),
  campaign: stored(foldCampaign),
  draw: stored(foldDraw),
  bulletins: stored(foldBulletins),
}

/** State, as JSON, of a subject that is no file after one more entry; undefined when there is nothing to keep. */
export function foldSubject(before: string | undefined, entry: Entry): string | undefined {
  return folds[entry.subject.split('/')[0] ?? '']?.(before, entry)
}
