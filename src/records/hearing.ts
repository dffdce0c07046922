import { workingDaysAfter } from '../calendar/workdays.ts'
import type { PenaltyData } from './penalty.ts'
import { publicationRules } from './rules.ts'
import { isOneOf } from './stored.ts'

/**
 * Whether the party to a penalty may have the right to a hearing (听证) before it is decided: 行政处罚法 art. 63. A sum that
 * is not told apart into fine and confiscation may be either.
 */
export function mayBeHeard({
  types,
  fine,
  confiscatedIncome,
  confiscatedGoods,
  confiscatedTotal,
  total = 0,
}: PenaltyData): boolean {
  const { hearing, hearingYuan } = publicationRules
  const named = confiscatedTotal ?? (confiscatedIncome ?? 0) + (confiscatedGoods ?? 0)
  const confiscated = confiscatedTotal ?? Math.max(named, total - (fine ?? 0))
  return (
    types.some((type) => isOneOf(type, hearing.value.types)) ||
    (fine ?? total - named) >= hearingYuan.value ||
    confiscated >= hearingYuan.value
  )
}

/** Whether a sum that a penalty's types speak of is not told, nor one that holds it: it may be a large one. */
function isSumUnknown({
  types,
  fine,
  confiscatedIncome,
  confiscatedGoods,
  confiscatedTotal,
  total,
}: PenaltyData): boolean {
  const confiscated = confiscatedTotal ?? confiscatedIncome ?? confiscatedGoods
  const isConfiscation = types.some((type) => isOneOf(type, ['没收违法所得', '没收非法财物']))
  return (
    total === undefined &&
    ((types.includes('罚款') && fine === undefined) || (isConfiscation && confiscated === undefined))
  )
}

/**
 * What of a penalty's hearing is not as 行政处罚法 art. 63 and 64 ask, in words, for whoever lets a listing rest on it:
 * nothing said of it or of the sums that it hangs on, decided while it could still be asked for, held sooner than seven days after the party was told.
 */
export function hearingDoubt(data: PenaltyData): string | undefined {
  const { requestDays, noticeDays } = publicationRules.hearing.value
  const { hearing, hearingToldOn, hearingOn, decidedOn } = data
  if (hearing === undefined || hearingToldOn === undefined) {
    if (mayBeHeard(data))
      return '属于应当告知听证权利的处罚（行政处罚法第六十三条），没有登记告知日期和听证情况；请按案卷补填。'
    return isSumUnknown(data)
      ? '没有登记罚款或者没收的金额，是否应当告知听证权利无法判断（行政处罚法第六十三条）；请按决定书补填金额。'
      : undefined
  }
  if (hearing === '当事人未要求') {
    const last = workingDaysAfter(hearingToldOn, requestDays).date
    if (decidedOn <= last)
      return `当事人至 ${last} 可以要求听证（告知后五日内），处罚决定（${decidedOn}）早于期满；请核对日期。`
  }
  if (hearingOn !== undefined) {
    const first = workingDaysAfter(hearingToldOn, noticeDays).date
    if (hearingOn < first)
      return `听证应在七日前通知，告知（${hearingToldOn}）后最早为 ${first}，登记的听证日期为 ${hearingOn}；请核对。`
  }
  return undefined
}
