import { addMonths } from '../calendar/dates.ts'
import { isInForce } from '../dossier/case.ts'
import {
  type Dossier,
  type FileRecord,
  isInBusiness,
  nameOf,
  ratingInForce,
  regionOf,
} from '../dossier/dossier.ts'
import { isPublicOn } from '../dossier/face.ts'
import { awaitedDecisions } from '../dossier/punishments.ts'
import { award } from '../records/award.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { inspection } from '../records/inspection.ts'
import { penalty } from '../records/penalty.ts'
import { isElsewhere } from './deadlines.ts'

/** An enterprise on the honour list (守信激励名单). */
export interface Honoured {
  orgCode: string
  name: string
  region: string
  grade: string
  awards: { kind: string; level: string; title?: string; grantedOn: string }[]
}

const HONOUR_MONTHS = 24

/**
 * Whether a file is honoured on a day: a firm of this province in business, awards that hold, grade A, not listed, nothing adverse in 24 months, and no record
 * that lacks what a rule needs, since what is not known is not good. A penalty that review annulled is not adverse. All by
 * what the public sees on that day: a list that followed anything else would tell of it.
 */
export function honouredOn(dossier: Dossier, today: string, catalogue: Catalogue): Honoured[] {
  const grade = ratingInForce(dossier, 'four-grades')?.grade
  if (grade !== 'A' || !isInBusiness(dossier) || isElsewhere(regionOf(dossier))) return []
  if (dossier.cases.some((own) => isInForce(own, today))) return []
  const since = addMonths(today, -HONOUR_MONTHS)
  const records = dossier.records.filter((record) => isPublicOn(record, today, catalogue))
  if (records.some((record) => isIncomplete(record, catalogue))) return []
  const isAdverse =
    penalty.in({ records }).some(({ data }) => data.decidedOn > since && penalty.isAdverse(data)) ||
    awaitedDecisions(dossier).some(({ data }) => data.decidedOn > since) ||
    inspection.in({ records }).some(({ data }) => data.inspectedOn > since && inspection.isAdverse(data))
  const awards = award
    .in({ records })
    .filter(({ data }) => data.revokedOn === undefined && (data.validTo ?? '9999') >= today)
    .map(({ data: { kind, level, title, grantedOn } }) => ({
      kind: `${kind}`,
      level: `${level}`,
      ...(title !== undefined && { title }),
      grantedOn,
    }))
  if (isAdverse || awards.length === 0) return []
  return [
    {
      orgCode: dossier.key,
      name: nameOf(dossier),
      region: regionOf(dossier),
      grade,
      awards,
    },
  ]
}

function isIncomplete({ type, data, withdrawn }: FileRecord, catalogue: Catalogue): boolean {
  const kind = withdrawn ? undefined : catalogue.kind(type)
  return kind?.isCounted(data) === true && kind.missing(data).length > 0
}
