import { type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Deadline } from '../dossier/deadline.ts'
import { type Dossier, type FileRecord, isDissolved, type RecordAs } from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { comparedNumber } from '../records/document-number.ts'
import { type LicenceData, licence, standingStatuses } from '../records/licence.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'

/** Licences that are not 注销 yet; a certificate (强制性产品认证) is none. */
const leftIn = perBlock((records) =>
  licence.in({ records }).filter(({ data }) => {
    const { cancellation } = publicationRules
    return data.status !== '注销' && !isOneOf(data.kind, cancellation.value.notOf)
  }),
)

/**
 * Licences whose cancellation (注销) is to be carried out: 行政许可法 art. 70. Of a firm that exists no more, revoked or taken back,
 * or lapsed and not renewed, by the last day that the file knows of: the daily job makes an entry of the day on which one lapses.
 */
export function cancellationClocks(dossier: Dossier): Deadline[] {
  const left = leftIn(dossier.records).flat()
  const last = dossier.events.at(-1)
  if (left.length === 0 || !last) return []
  const today = shanghaiDate(new Date(last.at))
  return left.flatMap((own): Deadline[] => {
    const found = causeOf(dossier, own, today)
    if (!found) return []
    const { id, data, made } = own
    const { date } = workingDaysAfter(found.since, publicationRules.completionDays.value)
    return [
      {
        what: 'licenceCancellation',
        about: id,
        authority: data.authority || made.authority,
        dueOn: date,
        certain: false,
        consequence: `${found.why}，应当依法办理注销手续（${publicationRules.cancellation.source}）；办结后请更新许可状态为“注销”和日期。`,
        ...(data.product !== undefined && { subject: data.product }),
      },
    ]
  })
}

function causeOf(
  dossier: Dossier,
  { data, addedAt }: RecordAs<LicenceData>,
  today: CalendarDate,
): { why: string; since: CalendarDate } | undefined {
  const { status, statusChangedOn, validTo } = data
  const entered = shanghaiDate(new Date(addedAt))
  if (isDissolved(dossier)) {
    const gone = dossier.events.findLast(
      ({ kind, fields }) => kind.startsWith('enterprise.') && fields?.includes('status'),
    )
    return { why: '企业已注销', since: gone ? shanghaiDate(new Date(gone.at)) : entered }
  }
  if (isOneOf(status, publicationRules.cancellation.value.lost))
    return sinceEntered(`许可已被${status}`, statusChangedOn ?? entered, entered)
  const isStanding = isOneOf(status, standingStatuses)
  if (status !== '过期' && !(isStanding && validTo !== undefined && validTo < today)) return undefined
  if (isRenewed(dossier.records, data)) return undefined
  return sinceEntered('许可有效期届满未延续', validTo ?? statusChangedOn ?? entered, entered)
}

/** What was over before it was entered is history: tables of many years bring thousands, which those who granted them have seen to. */
function sinceEntered(why: string, since: CalendarDate, entered: CalendarDate) {
  return since < entered ? undefined : { why, since }
}

/** Whether a licence goes on under its number: another that stands ends later, or has no end. */
function isRenewed(records: readonly FileRecord[], { number, validTo = '' }: LicenceData): boolean {
  const own = comparedNumber(number)
  return endsIn(records).some((block) => (block.get(own) ?? '') > validTo)
}

/** The last day of the licences that stand, by their numbers. */
const endsIn = perBlock((records) => {
  const ends = new Map<string, CalendarDate>()
  for (const { data } of licence.in({ records })) {
    if (!isOneOf(data.status, standingStatuses)) continue
    const [number, end] = [comparedNumber(data.number), data.validTo ?? NEVER]
    if (end > (ends.get(number) ?? '')) ends.set(number, end)
  }
  return ends
})

const NEVER = '9999-12-31'
