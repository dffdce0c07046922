import { type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Deadline } from '../dossier/deadline.ts'
import {
  type Dossier,
  type FileRecord,
  isDissolved,
  isInBusiness,
  type RecordAs,
} from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { enterprise } from '../records/enterprise.ts'
import { type LicenceData, licence, standingStatuses } from '../records/licence.ts'
import { type PenaltyData, penalty } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'
import { namedIn, revocationIn } from './bars.ts'

/** Penalties that take a licence away, be it the business's own. */
const revokingIn = perBlock((records) =>
  penalty
    .in({ records })
    .filter(({ data }) => data.types.includes('吊销营业执照') || data.types.includes('吊销许可证件')),
)

/**
 * Where a file does not say of the firm or of its licences what a penalty made of them (吊销), or says so still though that
 * penalty stands no more: plans, draws, grades and bars go by what the file says, so a person brings the two together.
 */
export function revocationClocks(dossier: Dossier): Deadline[] {
  const revoking = revokingIn(dossier.records).flat()
  if (revoking.length === 0) return []
  return [...ofBusiness(dossier, revoking), ...ofLicences(dossier.records, revoking)]
}

function ofBusiness(dossier: Dossier, revoking: readonly RecordAs<PenaltyData>[]): Deadline[] {
  const own = revoking.filter(({ data }) => data.types.includes('吊销营业执照'))
  const standing = own.findLast(({ data }) => !isFallen(data))
  const last = standing ?? own.at(-1)
  if (!last) return []
  if (isDissolved(dossier) || isInBusiness(dossier) === (standing === undefined)) return []
  const { status = '存续' } = enterprise.partsOf(dossier.enterprise)
  const consequence = standing
    ? `处罚 ${last.data.documentNo} 吊销营业执照，企业状态仍为“${status}”：请核对后更新企业状态；计划、抽取以企业状态为准。`
    : `吊销营业执照的处罚 ${last.data.documentNo} 已不再有效，企业状态仍为“吊销”：请核对后更正企业状态。`
  // What a firm is belongs to no authority: whoever is where it is says it.
  return [{ ...clock(last, consequence), what: 'enterpriseStatus', authority: '' }]
}

function ofLicences(records: readonly FileRecord[], revoking: readonly RecordAs<PenaltyData>[]): Deadline[] {
  const all = licence.in({ records })
  const own = revoking.filter(({ data }) => data.types.includes('吊销许可证件'))
  return own.flatMap((record): Deadline[] => {
    const { data } = record
    // One that was given after the decision is not the one that it took.
    const licences = all.filter((own) => own.data.issuedOn <= data.decidedOn)
    const named = namedIn(licences, data)
    const isSince = (revoked: RecordAs<LicenceData>) => {
      const revocation = revocationIn(revoked)
      return revocation !== undefined && (revocation.on ?? data.decidedOn) >= data.decidedOn
    }
    const held = (named.length > 0 ? named : licences).filter(({ data: { status } }) =>
      isOneOf(status, standingStatuses),
    )
    if (!isFallen(data)) {
      if (held.length === 0 || (named.length === 0 && licences.some(isSince))) return []
      const numbers = held.map(inWords).join('、')
      return [
        {
          ...clock(
            record,
            `处罚 ${data.documentNo} 吊销许可证件，许可（${numbers}）仍登记为有效：请按决定书更新许可状态为“吊销”和日期。`,
          ),
          what: 'licenceStatus',
        },
      ]
    }
    const others = own.some((other) => !isFallen(other.data) && other.data.decidedOn <= data.decidedOn)
    const lost = (named.length > 0 ? named : others ? [] : licences.filter(isSince)).filter(
      (one) =>
        one.data.status === '吊销' &&
        !own.some((other) => !isFallen(other.data) && namedIn([one], other.data).length > 0),
    )
    const [first] = lost
    return first
      ? [
          {
            ...clock(
              record,
              `吊销许可证件的处罚 ${data.documentNo} 已不再有效，许可（${inWords(first)}）仍登记为“吊销”：请核对后更正许可状态。`,
            ),
            what: 'licenceStatus',
          },
        ]
      : []
  })
}

function inWords({ data: { number, unit } }: RecordAs<LicenceData>): string {
  return unit === undefined ? `${number}` : `${number} ${unit}`
}

function isFallen({ reviewOutcome }: PenaltyData): boolean {
  return isOneOf(reviewOutcome, publicationRules.penaltyRescinded.value)
}

/** As soon as whatever is lacking is to be supplied: no text sets a day. */
function clock({ id, data, addedAt, made }: RecordAs<PenaltyData>, consequence: string) {
  const since: CalendarDate = data.reviewedOn ?? shanghaiDate(new Date(addedAt))
  return {
    about: id,
    authority: data.authority || made.authority,
    dueOn: workingDaysAfter(since, publicationRules.completionDays.value).date,
    certain: false,
    consequence,
  }
}
