import { addMonths, type CalendarDate } from '../calendar/dates.ts'
import type { Dossier, RecordAs } from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { type Punished, punishments } from '../dossier/punishments.ts'
import { comparedNumber } from '../records/document-number.ts'
import {
  industrialLicences,
  type LicenceData,
  licence,
  productionLicences,
  unitsOf,
} from '../records/licence.ts'
import { isInArea, type PenaltyData, penalty } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'

/** That a licence was revoked, also where it was 注销 since. */
export function revocationIn({ data, revoked }: RecordAs<LicenceData>): { on?: CalendarDate } | undefined {
  if (data.status !== '吊销') return revoked?.status === '吊销' ? revoked : undefined
  return data.statusChangedOn === undefined ? {} : { on: data.statusChangedOn }
}

/** That a firm may not apply again for a licence: from which day, until which, which is free again, and why. */
export interface Bar {
  from: CalendarDate
  until: CalendarDate
  /** What brought it, in words that end before “后”. */
  because: string
  source: string
}

/**
 * The bar on applying again that the loss of a licence brings: its revocation as a penalty (吊销), counted from the day of the
 * decision that took it where that is on file, or its being taken back as it was obtained by deceit
 * (以欺骗、贿赂等不正当手段取得而被撤销). Undefined where there is none, or its day is not known.
 */
export function barOf(record: RecordAs<LicenceData>, taking?: Punished): Bar | undefined {
  const { kind, number, withdrawalCause, statusChangedOn } = record.data
  const { deceit } = publicationRules
  const revocation = revocationIn(record)
  if (taking || revocation) {
    const from = taking?.punishedOn ?? revocation?.on
    return from === undefined ? undefined : barFrom(from, `${kind}`, `同类许可（${number}）被吊销`)
  }
  const { months, cause, kinds } = deceit.value
  const from = withdrawnOn(record, statusChangedOn)
  if (from === undefined || !isOneOf(withdrawalCause, cause) || !isOneOf(kind, kinds)) return undefined
  const until = addMonths(from, months)
  return { from, until, because: `同类许可（${number}）被撤销`, source: deceit.source }
}

/**
 * The bar that an application brought which hid facts or gave false material (隐瞒有关情况或者提供虚假材料): from the day of the
 * decision on it. Undefined where the licence asked for is not one of public safety.
 */
export function barOfApplication({ data, punishedOn: from }: Punished): Bar | undefined {
  const { falseApplication, deceit } = publicationRules
  const { documentNo, refusedLicence } = data
  if (!isOneOf(refusedLicence, deceit.value.kinds)) return undefined
  const until = addMonths(from, falseApplication.value.months)
  const because = `以虚假材料申请同类许可受到处罚（${documentNo}）`
  return { from, until, because, source: falseApplication.source }
}

/** The day on which a licence was taken back (撤销), also where it was 注销 since. */
function withdrawnOn({ data, revoked }: RecordAs<LicenceData>, changedOn: CalendarDate | undefined) {
  if (data.status === '撤销') return changedOn
  return revoked?.status === '撤销' ? revoked.on : undefined
}

/** The bar of a revocation: from the day of the decision, five years for food (食品安全法 art. 135), else three (许可证条例 art. 55). */
function barFrom(from: CalendarDate, kind: string, because: string): Bar {
  const { value, source } = publicationRules.reapplication
  const { months, longer } = value
  const until = addMonths(from, isOneOf(kind, longer.kinds) ? longer.months : months)
  return { from, until, because, source }
}

/** The bar that a revocation brings of which the file holds the penalty alone, by the kind of licence. */
export function barOfPenalty({ data, punishedOn }: Punished, kind: string): Bar {
  return barFrom(punishedOn, kind, `受到吊销许可证件的处罚（${data.documentNo}）`)
}

/** Penalties that took a licence away, be it that they fell since. */
const takingIn = perBlock((records) =>
  penalty.in({ records }).filter(({ data }) => data.types.includes('吊销许可证件')),
)

/** Which penalties that stand took which licences of a file, by their ids, and those that took none of them, with the kinds that it may have been. */
export interface Takings {
  of: ReadonlyMap<string, Punished>
  others: readonly { by: Punished; kinds: readonly string[] }[]
}

/**
 * Which penalty took which licence: the ones that it names, else the one that it can have been: held on the day of the decision,
 * and not revoked before.
 */
export function takingsIn(dossier: Pick<Dossier, 'records'>): Takings {
  const of = new Map<string, Punished>()
  const others: { by: Punished; kinds: readonly string[] }[] = []
  // Which penalties stand for others is asked of the whole file, so only where one takes a licence.
  if (takingIn(dossier.records).flat().length === 0) return { of, others }
  const licences = licence.in(dossier)
  for (const by of punishments(dossier)) {
    if (!by.data.types.includes('吊销许可证件')) continue
    const then = licences.filter((own) => isHeldOn(own, by.punishedOn))
    const named = namedIn(then, by.data)
    const [only, ...more] = then
    const taken = named.length > 0 ? named : only && more.length === 0 && !isNumbered(by.data) ? [only] : []
    // The first decision that took it is the one that counts.
    for (const { id } of taken) {
      const known = of.get(id)
      if (!known || by.punishedOn < known.punishedOn) of.set(id, by)
    }
    if (taken.length === 0) others.push({ by, kinds: kindsTaken(by.data, then) })
  }
  return { of, others }
}

/** Whether a licence was there on a day and had not been revoked before. */
function isHeldOn(record: RecordAs<LicenceData>, day: CalendarDate): boolean {
  const revocation = revocationIn(record)
  return record.data.issuedOn <= day && (revocation === undefined || (revocation.on ?? day) >= day)
}

/** The licences that a penalty names by their numbers, or of these the units that it names. */
export function namedIn(
  licences: readonly RecordAs<LicenceData>[],
  data: PenaltyData,
): RecordAs<LicenceData>[] {
  const numbered = licences.filter(({ data: { number } }) => isNamed(number, data))
  const ofUnits = numbered.filter((one) => unitsOf(one.data).some((unit) => isNamed(unit, data)))
  return ofUnits.length > 0 ? ofUnits : numbered
}

function isNamed(number: string | undefined, { revokedLicence = '' }: PenaltyData): boolean {
  return number !== undefined && comparedNumber(revokedLicence).includes(comparedNumber(number))
}

/** Marks of numbers of licences: of food (SC), and of industrial products (XK). */
const [FOOD_MARK, INDUSTRIAL_MARK] = [comparedNumber('SC'), comparedNumber('XK')]

function isNumbered({ revokedLicence = '' }: PenaltyData): boolean {
  const number = comparedNumber(revokedLicence)
  return number.includes(FOOD_MARK) || number.includes(INDUSTRIAL_MARK)
}

/** The kinds of licence that a penalty may have taken of which the file does not hold the licence, or not one alone. */
function kindsTaken(data: PenaltyData, held: readonly RecordAs<LicenceData>[]): readonly string[] {
  const number = comparedNumber(data.revokedLicence ?? '')
  if (number.includes(INDUSTRIAL_MARK)) return industrialLicences
  if (number.includes(FOOD_MARK) || isInArea(data, ['食品'])) return ['食品生产许可证']
  return held.length > 0 ? [...new Set(held.map(({ data: { kind } }) => `${kind}`))] : productionLicences
}
