import { addMonths, type CalendarDate } from '../calendar/dates.ts'
import { regionContains } from '../codes/regions.ts'
import { isInForce } from '../dossier/case.ts'
import {
  type Dossier,
  type FileRating,
  isDissolved,
  isInBusiness,
  ratingInForce,
} from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { punishments } from '../dossier/punishments.ts'
import { enterprise } from '../records/enterprise.ts'
import { inspection } from '../records/inspection.ts'
import { isOver, type Publication } from '../records/kind.ts'
import { licence, standingStatuses } from '../records/licence.ts'
import { penalty } from '../records/penalty.ts'
import { isOneOf } from '../records/stored.ts'
import type { Scheme } from './scheme.ts'

/** The class that a firm is supervised by, and why. */
export interface Standing {
  class: string
  /** Whether a rating gave it; the default class stands in for enterprises that nothing else speaks of. */
  rated: boolean
  /** What makes it stricter than its class, or whether the class is older than its period, in words. */
  because?: string
}

/**
 * The strictest of what is known of a firm on a day: its class in force, what the scheme makes of its grade, the list. A
 * class that is older than its period is treated as due for rating: it may make nothing milder than the default. A food firm
 * with a bad record that its class does not count yet is supervised a class stricter (食品安全法 art. 113); which records
 * are over is asked as of `asOf`.
 */
export function standingOf(
  dossier: Dossier,
  today: CalendarDate,
  scheme: Scheme,
  asOf: CalendarDate = today,
): Standing {
  const classed = ratingInForce(dossier, scheme.standard)
  const graded = ratingInForce(dossier, scheme.grades.standard)
  const found: Standing[] = [{ class: scheme.defaultClass, rated: false }]
  if (classed?.grade && isKnown(classed.grade, scheme)) {
    const isOld = addMonths(classed.on, scheme.classMonths.value) <= today
    const because = isOld ? `类别评定于 ${classed.on}，已过有效期，应重新评定` : undefined
    const isMilder = rank(classed.grade, scheme) < rank(scheme.defaultClass, scheme)
    // Within its period a class replaces the default, be it milder; past it the default is the mildest.
    if (!isOld) found.pop()
    const name = isOld && isMilder ? scheme.defaultClass : classed.grade
    found.push({ class: name, rated: true, ...(because !== undefined && { because }) })
  }
  const asGraded = graded?.grade ? scheme.grades.classes[graded.grade] : undefined
  if (asGraded !== undefined)
    found.push({ class: asGraded, rated: true, because: `质量信用等级为 ${graded?.grade}` })
  if (dossier.cases.some((own) => isInForce(own, today)))
    found.push({ class: strictestClass(scheme), rated: false, because: '在质量失信“黑名单”上' })
  const strictest = found.reduce((one, own) =>
    rank(own.class, scheme) > rank(one.class, scheme) ? own : one,
  )
  const stricter = scheme.modes[rank(strictest.class, scheme) + 1]
  return stricter && hasUncountedFoodRecord(dossier, classed, asOf)
    ? { ...strictest, class: stricter.class, because: BAD_RECORD }
    : strictest
}

const BAD_RECORD = '食品生产者有不良信用记录，增加监督检查频次（食品安全法第一百一十三条）'

const holdsFood = perBlock((records) =>
  licence
    .in({ records })
    .some(({ data }) => isOneOf(data.kind, ['食品生产许可证']) && isOneOf(data.status, standingStatuses)),
)

/** Whether a firm that makes food has a bad record, as long as that is public or will be, which its class does not rest on. */
function hasUncountedFoodRecord(
  dossier: Dossier,
  classed: FileRating | undefined,
  on: CalendarDate,
): boolean {
  if (!holdsFood(dossier.records).includes(true)) return false
  const counted = new Set(
    [...(classed?.items ?? []), ...(classed?.limits ?? [])].flatMap((part) => part.records),
  )
  const isStanding = (publication: Publication) => publication.public && !isOver(publication, on)
  return (
    punishments(dossier).some(({ id, data }) => !counted.has(id) && isStanding(penalty.publication(data))) ||
    inspection
      .in(dossier)
      .some(
        ({ id, data }) =>
          !counted.has(id) && inspection.isAdverse(data) && isStanding(inspection.publication(data)),
      )
  )
}

/**
 * Why a firm is neither planned nor drawn for inspection: it is gone (注销), lost its business licence (吊销), or has
 * moved out of the province, whose authorities then supervise it; undefined for every other.
 */
export function notSupervised(dossier: Dossier, { province }: Scheme): string | undefined {
  const { region } = enterprise.partsOf(dossier.enterprise)
  if (isDissolved(dossier)) return '企业已注销'
  if (!isInBusiness(dossier)) return '企业已被吊销营业执照'
  if (region !== undefined && !regionContains(province, region)) return '企业已迁出本省'
  return undefined
}

function isKnown(name: string, { modes }: Scheme): boolean {
  return modes.some((known) => known.class === name)
}

/** Place of a class among the scheme's modes, which go from the mildest to the strictest. */
function rank(name: string, { modes }: Scheme): number {
  return modes.findIndex((known) => known.class === name)
}

function strictestClass({ modes, defaultClass }: Scheme): string {
  return modes.at(-1)?.class ?? defaultClass
}
